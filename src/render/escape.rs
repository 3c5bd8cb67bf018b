//! Text of articles inside HTML and SVG.

use super::safe::safe_chars;

/// Returns `text` so that no markup reader finds anything in it but text.
///
/// Control characters and turns of direction are dealt with as on a terminal; line breaks become spaces.
pub(super) fn markup(text: &str) -> String {
    escaped(&safe_chars(text))
}

/// Returns one line of text escaped, its characters otherwise as they are.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // No XML document may hold these two.
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// Returns the address of a link, escaped; `None` for anything but a page of the web.
///
/// A `javascript:` address would run in the reader's browser.
pub(super) fn link(address: &str) -> Option<String> {
    let is_web = ["http://", "https://"]
        .iter()
        .any(|scheme| address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    let is_plain = !address.chars().any(|c| c.is_whitespace() || c.is_control());
    (is_web && is_plain).then(|| markup(address))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn markup_and_controls_become_text() {
        assert_eq!(markup("<b>\"A\" & 'B'</b>"), "&lt;b&gt;&quot;A&quot; &amp; &#39;B&#39;&lt;/b&gt;");
        assert_eq!(markup("a\u{1b}[2J\nb\u{ffff}"), "a␛[2J b\u{fffd}");
    }

    #[test]
    fn only_pages_of_the_web_are_linked() {
        assert_eq!(
            link("https://x.example/?a=1&b=\"").as_deref(),
            Some("https://x.example/?a=1&amp;b=&quot;")
        );
        assert_eq!(link("javascript:alert(1)"), None);
        assert_eq!(link("https://x.example/ onclick=x"), None);
        assert_eq!(link("news/a.txt"), None);
    }

    proptest! {
        #[test]
        fn nothing_opens_a_tag_or_ends_an_attribute(text in any::<String>()) {
            let text = markup(&text);
            prop_assert!(!text.contains(['<', '>', '"', '\'']));
            prop_assert!(!text.chars().any(char::is_control));
        }
    }
}
