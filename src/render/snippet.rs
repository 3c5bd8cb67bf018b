//! Extracts split at their matches.

use crate::exec::Snippet;

/// A part of an extract.
pub(super) enum Piece<'a> {
    /// Text between matches.
    Plain(&'a str),
    /// A matched word.
    Match(&'a str),
}

/// Splits an extract into matched and unmatched parts, in order; nothing is lost.
pub(super) fn pieces(snippet: &Snippet) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for &(start, end) in &snippet.matches {
        let (start, end) = (start as usize, end as usize);
        let (Some(before), Some(matched)) = (snippet.text.get(at..start), snippet.text.get(start..end))
        else {
            continue;
        };
        if !before.is_empty() {
            pieces.push(Piece::Plain(before));
        }
        pieces.push(Piece::Match(matched));
        at = end;
    }
    if let Some(rest) = snippet.text.get(at..).filter(|rest| !rest.is_empty()) {
        pieces.push(Piece::Plain(rest));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, matches: &[(u32, u32)]) -> String {
        let snippet = Snippet { field: "body".into(), text: text.into(), matches: matches.to_vec() };
        let show = |piece| match piece {
            Piece::Plain(text) => text.to_owned(),
            Piece::Match(text) => format!("[{text}]"),
        };
        pieces(&snippet).into_iter().map(show).collect()
    }

    #[test]
    fn matches_are_told_apart() {
        assert_eq!(shown("in Idlib, Idlib", &[(3, 8), (10, 15)]), "in [Idlib], [Idlib]");
        assert_eq!(shown("nothing", &[]), "nothing");
    }

    #[test]
    fn ranges_that_do_not_fit_are_passed_over() {
        assert_eq!(shown("čas", &[(1, 2), (0, 99)]), "čas");
        assert_eq!(shown("abcd", &[(2, 3), (1, 2)]), "ab[c]d");
    }
}
