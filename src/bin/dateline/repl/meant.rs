//! What a user may have meant: the statement with its mistakes mended.

use dateline::exec::ZeroHit;
use dateline::query::lex::{TokenKind, tokens};
use dateline::query::{QueryError, Suggestion, quote_str};
use dateline::text::fold_value;

/// Returns the text with the first suggestion of every error in place; `None` where some error has none.
pub fn mended(text: &str, errors: &[&QueryError]) -> Option<String> {
    let mut changes: Vec<&Suggestion> =
        errors.iter().map(|error| error.suggestions.first()).collect::<Option<_>>()?;
    if changes.is_empty() {
        return None;
    }
    // From the end, so that places before stay true.
    changes.sort_by_key(|change| std::cmp::Reverse(change.span.start));
    let mut mended = text.to_owned();
    let mut before = text.len();
    for change in changes {
        let range = change.span.range();
        if range.end > before || mended.get(range.clone()).is_none() {
            return None;
        }
        mended.replace_range(range.clone(), &change.text);
        before = range.start;
    }
    (mended != text).then_some(mended)
}

/// Returns the statement with the value that nothing has replaced by the nearest one that some articles have.
pub fn nearest(text: &str, help: &ZeroHit) -> Option<String> {
    let (condition, value, _) = help.nearest.as_ref()?;
    let (condition, _) = help.conditions.get(*condition)?;
    let asked: Vec<String> = strings(condition).map(|(_, value)| fold_value(&value)).collect();
    let (range, _) = strings(text).find(|(_, value)| asked.contains(&fold_value(value)))?;
    let mut meant = text.to_owned();
    meant.replace_range(range, &quote_str(value));
    (meant != text).then_some(meant)
}

/// Lists the texts in quotes, each with its place.
fn strings(text: &str) -> impl Iterator<Item = (std::ops::Range<usize>, String)> {
    let quoted = tokens(text).into_iter().filter(|token| matches!(token.kind, TokenKind::String));
    quoted.map(|token| {
        let written = token.span.of(text);
        let inner = written.trim_matches(['"', '\'', '\u{201c}', '\u{201d}']);
        (token.span.range(), inner.replace("\\\"", "\"").replace("\\'", "'"))
    })
}

#[cfg(test)]
mod tests {
    use dateline::query::Statement;

    use super::*;

    #[test]
    fn mistakes_are_mended_in_their_places() {
        let text = "fnd where mentions \"Idlib\"";
        let error = Statement::parse(text).unwrap_err();
        assert_eq!(mended(text, &[&error]).as_deref(), Some("find where mentions \"Idlib\""));
        assert_eq!(mended(text, &[]), None);
    }

    #[test]
    fn the_value_that_nothing_has_is_replaced() {
        let help = ZeroHit {
            conditions: vec![("topic = \"war\"".to_owned(), 2), ("source = \"reuter\"".to_owned(), 0)],
            empty_pair: None,
            nearest: Some((1, "Reuters".to_owned(), 3)),
            undated: None,
        };
        let text = "find where topic = \"war\" and source = 'Reuter'";
        assert_eq!(
            nearest(text, &help).as_deref(),
            Some("find where topic = \"war\" and source = \"Reuters\"")
        );
        assert_eq!(nearest(text, &ZeroHit { nearest: None, ..help }), None);
    }
}
