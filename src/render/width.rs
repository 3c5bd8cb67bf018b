//! Width on the screen: cutting, padding and wrapping by grapheme clusters.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// What stands where text was cut.
pub(super) const ELLIPSIS: &str = "…";

/// Returns the columns that `text` takes on a terminal (UAX 11, by grapheme clusters).
pub fn display_width(text: &str) -> usize {
    text.width()
}

/// Returns `text` cut to at most `width` columns, with `…` where something is missing.
pub fn truncate(text: &str, width: usize) -> String {
    if display_width(text) <= width {
        return text.to_owned();
    }
    let room = width.saturating_sub(display_width(ELLIPSIS));
    let kept = prefix_of_width(text, room);
    let ellipsis = if width == 0 { "" } else { ELLIPSIS };
    format!("{}{ellipsis}", kept.trim_end())
}

/// Returns the end of `text` in at most `width` columns, with `…` where something is missing before it.
///
/// Addresses and paths differ at their ends.
#[cfg(feature = "cli")]
pub(super) fn truncate_start(text: &str, width: usize) -> String {
    if display_width(text) <= width {
        return text.to_owned();
    }
    let room = width.saturating_sub(display_width(ELLIPSIS));
    let starts = text.grapheme_indices(true).map(|(at, _)| text.get(at..).unwrap_or_default());
    let kept = starts.into_iter().find(|rest| display_width(rest) <= room).unwrap_or_default();
    let ellipsis = if width == 0 { "" } else { ELLIPSIS };
    format!("{ellipsis}{}", kept.trim_start())
}

/// Returns the longest run of whole grapheme clusters from the start that takes at most `width` columns.
pub(super) fn prefix_of_width(text: &str, width: usize) -> &str {
    let mut end = 0;
    for (at, cluster) in text.grapheme_indices(true) {
        let next = at + cluster.len();
        // Measured as a whole, because the width of a run may differ from the sum over its clusters.
        if text.get(..next).map_or(0, display_width) > width {
            break;
        }
        end = next;
    }
    text.get(..end).unwrap_or_default()
}

/// Splits `text` into lines of at most `width` columns, at spaces where there are some.
#[cfg(feature = "cli")]
pub(super) fn wrap(text: &str, width: usize) -> Vec<&str> {
    let width = width.max(1);
    let mut lines = Vec::new();
    let mut rest = text;
    while display_width(rest) > width {
        let fitting = prefix_of_width(rest, width);
        let fitting = if fitting.is_empty() { first_cluster(rest) } else { fitting };
        let breaks_at_space = rest.get(fitting.len()..).is_some_and(|after| after.starts_with(' '));
        let end = match fitting.rfind(' ') {
            Some(space) if !breaks_at_space && space > 0 => space,
            _ => fitting.len(),
        };
        lines.push(rest.get(..end).unwrap_or_default());
        rest = rest.get(end..).unwrap_or_default().trim_start_matches(' ');
    }
    if !rest.is_empty() || lines.is_empty() {
        lines.push(rest);
    }
    lines
}

#[cfg(feature = "cli")]
fn first_cluster(text: &str) -> &str {
    text.graphemes(true).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cuts_by_columns_not_by_characters() {
        assert_eq!(truncate("Idlib offensive", 8), "Idlib o…");
        assert_eq!(truncate("Idlib offensive", 7), "Idlib…");
        assert_eq!(truncate("北京北京", 5), "北京…");
        assert_eq!(truncate("e\u{301}e\u{301}e\u{301}", 2), "e\u{301}…");
        assert_eq!(truncate("abc", 3), "abc");
        assert_eq!(truncate("abc", 0), "");
    }

    #[cfg(feature = "cli")]
    #[test]
    fn addresses_keep_their_ends() {
        assert_eq!(truncate_start("https://wire.example/idlib-1", 9), "…/idlib-1");
        assert_eq!(truncate_start("北京北京", 5), "…北京");
        assert_eq!(truncate_start("abc", 3), "abc");
        assert_eq!(truncate_start("abc", 0), "");
    }

    #[cfg(feature = "cli")]
    #[test]
    fn wraps_at_spaces_and_inside_long_words() {
        assert_eq!(wrap("talks ahead of Idlib", 10), ["talks", "ahead of", "Idlib"]);
        assert_eq!(wrap("offensive", 4), ["offe", "nsiv", "e"]);
        assert_eq!(wrap("", 4), [""]);
        assert_eq!(wrap("北京", 1), ["北", "京"]);
    }

    proptest! {
        #[test]
        fn nothing_cut_is_wider_than_asked(text in "\\PC{0,40}", width in 0_usize..20) {
            prop_assert!(display_width(&truncate(&text, width)) <= width);
            #[cfg(feature = "cli")]
            prop_assert!(display_width(&truncate_start(&text, width)) <= width);
        }
    }
}
