//! Input that is read whole, up to a bound: no packed file may unfold into more memory than that.

use std::io::{BufRead, Read};

use super::error::Fault;

/// Reads to the end, or past `max` bytes to a fault; returns what was read for the file of rejected rows.
pub(super) fn read_whole(input: impl BufRead, max: usize, format: &'static str) -> (Vec<u8>, Option<Fault>) {
    let mut bytes = Vec::new();
    let fault = match input.take(max as u64 + 1).read_to_end(&mut bytes) {
        Err(error) => Some(Fault::Read { message: error.to_string() }),
        Ok(_) if bytes.len() > max => Some(too_large(format, max)),
        Ok(_) => None,
    };
    (bytes, fault)
}

/// Says that something is larger than what is read of its format.
pub(super) fn too_large(format: &'static str, max: usize) -> Fault {
    Fault::Content {
        format,
        problem: format!(
            "larger than {} MiB, which is more than is read of one; import its text instead",
            max >> 20
        ),
    }
}

/// Returns text in paragraphs: one line each, lines of a hard-wrapped paragraph joined, blank lines between.
pub(super) fn paragraphs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_open = false;
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            is_open = false;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if is_open { "\n" } else { "\n\n" });
        }
        out.push_str(line);
        is_open = true;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_unfolds_past_the_bound() {
        let (bytes, fault) = read_whole(&b"abcd"[..], 3, "HTML");
        assert!(bytes.len() == 4 && fault.is_some());
        assert_eq!(read_whole(&b"abc"[..], 3, "HTML"), (b"abc".to_vec(), None));
    }

    #[test]
    fn paragraphs_are_parted_by_one_blank_line() {
        assert_eq!(paragraphs("\n\n  One\n two \n\n\n\nThree\n"), "One\ntwo\n\nThree");
    }
}
