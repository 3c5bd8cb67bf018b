//! Text of articles made safe for a terminal.

/// Returns `text` on one line, with nothing in it that could move a cursor or turn the direction of the line.
///
/// Line breaks and tabs become spaces; every other control character becomes its visible picture (`␛` for ESC).
/// Bidirectional embeddings, overrides and isolates have no width and are left out; text that runs from right to
/// left is isolated as a whole, so that the columns after it stay where they are.
pub fn safe_text(text: &str) -> String {
    isolate(safe_chars(text))
}

/// Returns `text` on one line without controls, not isolated: for text that is cut afterwards.
pub(super) fn safe_chars(text: &str) -> String {
    text.chars().filter_map(safe_char).collect()
}

/// Returns `text` as a terminal may have it in a format for programs: only tabs and line breaks control it.
pub(super) fn screen_text(text: &str) -> String {
    let shown = |c: char| if matches!(c, '\n' | '\t') { Some(c) } else { safe_char(c) };
    text.chars().filter_map(shown).collect()
}

/// Wraps text that holds right-to-left letters in FSI and PDI.
pub(super) fn isolate(text: String) -> String {
    if text.chars().any(is_right_to_left) { format!("\u{2068}{text}\u{2069}") } else { text }
}

/// Returns what is shown for a character of an article; `None` for nothing.
fn safe_char(c: char) -> Option<char> {
    match c {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => Some(' '),
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)),
        '\u{7f}' => Some('\u{2421}'),
        // Terminals read a C1 control as ESC and a letter.
        '\u{80}'..='\u{9f}' => Some('\u{241b}'),
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => None,
        _ => Some(c),
    }
}

/// Tells whether a letter belongs to a script that runs from right to left.
fn is_right_to_left(c: char) -> bool {
    matches!(u32::from(c), 0x0590..=0x08ff | 0xfb1d..=0xfdff | 0xfe70..=0xfefc | 0x10800..=0x10fff | 0x1e800..=0x1efff)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn escapes_become_pictures() {
        assert_eq!(safe_text("a\u{1b}[2Jb\u{7}\u{9b}31m"), "a␛[2Jb␇␛31m");
        assert_eq!(safe_text("one\r\ntwo\tthree\u{7f}"), "one  two three␡");
    }

    #[test]
    fn right_to_left_text_is_isolated_and_cannot_leave() {
        assert_eq!(safe_text("إدلب"), "\u{2068}إدلب\u{2069}");
        assert_eq!(safe_text("a\u{202e}b\u{2069}c"), "abc");
        assert_eq!(safe_text("Idlib"), "Idlib");
    }

    proptest! {
        #[test]
        fn nothing_safe_is_a_control(text in any::<String>()) {
            prop_assert!(!safe_text(&text).chars().any(char::is_control));
        }
    }
}
