//! Surface forms: how a word is spelt, and what joins it to the next.
//!
//! ```text
//! form       code 1 byte: bits 0 and 1 the spelling (0 as folded, 1 Capitalised, 2 all CAPITALS, 3 explicit);
//!            bits 2 to 4 the joiner (0 none, 1 to 6 one of `JOINERS`, 7 explicit)
//!            explicit spelling: length varint, bytes; explicit joiner: length varint, bytes
//! ```

use crate::segment::bytes::{Input, put_bytes};

/// Number of codes; a code without explicit parts is a whole form.
pub(in crate::segment) const FORM_CODES: u8 = 32;

/// Joiners that have a code of their own, from 1.
const JOINERS: [&str; 6] = ["-", "'", "\u{2019}", "/", ".", ","];

const CAPITALISED: u8 = 1;
const CAPITALS: u8 = 2;
const EXPLICIT_SPELLING: u8 = 3;
const EXPLICIT_JOINER: u8 = 7;

/// A spelling of a word, with what joins it to the next word.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Form {
    /// The original characters.
    pub spelling: String,
    /// What stands between it and the next word; empty where that holds white space.
    pub joiner: String,
}

/// Returns the code of a form, and whether it has explicit parts.
pub(in crate::segment) fn form_code(term: &str, spelling: &str, joiner: &str) -> (u8, bool) {
    let spelling = spelling_code(term, spelling);
    let joiner = match joiner {
        "" => 0,
        joiner => {
            JOINERS.iter().position(|&known| known == joiner).map_or(EXPLICIT_JOINER, |at| at as u8 + 1)
        }
    };
    (spelling | joiner << 2, spelling == EXPLICIT_SPELLING || joiner == EXPLICIT_JOINER)
}

fn spelling_code(term: &str, spelling: &str) -> u8 {
    if term == spelling {
        0
    } else if is_capitalised(term, spelling) {
        CAPITALISED
    } else if is_capitals(term, spelling) {
        CAPITALS
    } else {
        EXPLICIT_SPELLING
    }
}

fn is_capitalised(term: &str, spelling: &str) -> bool {
    match (term.as_bytes().split_first(), spelling.as_bytes().split_first()) {
        (Some((first, rest)), Some((capital, behind))) if first.is_ascii() && capital.is_ascii() => {
            rest == behind && first.to_ascii_uppercase() == *capital
        }
        _ => capitalised(term) == spelling,
    }
}

fn is_capitals(term: &str, spelling: &str) -> bool {
    if term.is_ascii() && spelling.is_ascii() {
        let capitals = term.bytes().map(|byte| byte.to_ascii_uppercase());
        return term.len() == spelling.len() && capitals.eq(spelling.bytes());
    }
    term.to_uppercase() == spelling
}

fn capitalised(term: &str) -> String {
    let mut chars = term.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
}

/// Appends the bytes of a form.
pub(in crate::segment) fn form_bytes(out: &mut Vec<u8>, term: &str, spelling: &str, joiner: &str) {
    let (code, _) = form_code(term, spelling, joiner);
    out.push(code);
    if code & 3 == EXPLICIT_SPELLING {
        put_bytes(out, spelling.as_bytes());
    }
    if code >> 2 == EXPLICIT_JOINER {
        put_bytes(out, joiner.as_bytes());
    }
}

impl Form {
    /// Reads the form of a word; `None` where the bytes are none.
    pub(in crate::segment) fn read(term: &str, input: &mut Input<'_>) -> Option<Form> {
        let code = input.byte().filter(|&code| code < FORM_CODES)?;
        let spelling = match code & 3 {
            0 => term.to_owned(),
            CAPITALISED => capitalised(term),
            CAPITALS => term.to_uppercase(),
            _ => input.text()?.to_owned(),
        };
        let joiner = match code >> 2 {
            0 => "",
            EXPLICIT_JOINER => input.text()?,
            known => JOINERS.get(usize::from(known) - 1)?,
        };
        Some(Form { spelling, joiner: joiner.to_owned() })
    }

    /// Passes over a form, and returns its bytes.
    pub(in crate::segment) fn skip<'a>(input: &mut Input<'a>) -> Option<&'a [u8]> {
        let all = input.rest();
        let code = input.byte().filter(|&code| code < FORM_CODES)?;
        if code & 3 == EXPLICIT_SPELLING {
            input.bytes()?;
        }
        if code >> 2 == EXPLICIT_JOINER {
            input.bytes()?;
        }
        all.get(..all.len() - input.rest().len())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn round_trip(term: &str, spelling: &str, joiner: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        form_bytes(&mut bytes, term, spelling, joiner);
        let mut input = Input::new(&bytes);
        assert_eq!(Form::skip(&mut input), Some(&bytes[..]));
        let form = Form { spelling: spelling.into(), joiner: joiner.into() };
        assert_eq!(Form::read(term, &mut Input::new(&bytes)), Some(form));
        bytes
    }

    #[test]
    fn common_forms_take_one_byte() {
        for (term, spelling, joiner) in [
            ("idlib", "idlib", ""),
            ("idlib", "Idlib", ""),
            ("idlib", "IDLIB", "-"),
            ("élan", "Élan", "'"),
            ("a", "A", "’"),
        ] {
            assert_eq!(round_trip(term, spelling, joiner).len(), 1, "{spelling}");
        }
        assert!(round_trip("francois", "François", "://").len() > 2);
    }

    proptest! {
        #[test]
        fn any_form_round_trips(term in "\\PC{0,6}", spelling in "\\PC{0,6}", joiner in "\\PC{0,3}") {
            round_trip(&term, &spelling, &joiner);
            round_trip(&term, &term.to_uppercase(), &joiner);
            round_trip(&term, &capitalised(&term), "");
        }
    }
}
