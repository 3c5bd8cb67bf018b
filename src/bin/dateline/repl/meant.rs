//! What a user may have meant: the statement with its mistakes mended.

use dateline::exec::ZeroHit;
use dateline::query::lex::{Keyword, Sign, TokenKind, tokens, unescape};
use dateline::query::{QueryError, Suggestion, quote_str};
use dateline::text::{Span, fold_value};

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

/// Returns what was typed with a value that nothing has replaced by the nearest one that some articles have.
///
/// `statement` is where the statement stands that found nothing.
pub fn nearest(typed: &str, statement: Span, help: &ZeroHit) -> Option<String> {
    let meant = nearest_in(statement.of(typed), help)?;
    let mut whole = typed.to_owned();
    whole.replace_range(statement.range(), &meant);
    Some(whole)
}

fn nearest_in(text: &str, help: &ZeroHit) -> Option<String> {
    let (condition, value, _) = help.nearest.as_ref()?;
    let (condition, _) = help.conditions.get(*condition)?;
    let asked: Vec<Quoted> = quoted(condition);
    let is_asked = |quoted: &Quoted| asked.iter().any(|asked| asked.value == quoted.value);
    let found: Vec<Quoted> = quoted(text).into_iter().filter(is_asked).collect();
    let same_head = || found.iter().find(|quoted| asked.iter().any(|asked| asked.head == quoted.head));
    let range = match found.as_slice() {
        // A field may have another name in the condition as it was resolved.
        [only] => only.range.clone(),
        _ => same_head()?.range.clone(),
    };
    let mut meant = text.to_owned();
    meant.replace_range(range, &quote_str(value));
    (meant != text).then_some(meant)
}

/// A text in quotes.
struct Quoted {
    range: std::ops::Range<usize>,
    /// What it says, as values are compared.
    value: String,
    /// The word that its condition begins with: a field, or `mentions`.
    head: String,
}

/// Lists the texts in quotes, in order.
fn quoted(text: &str) -> Vec<Quoted> {
    let tokens = tokens(text);
    let mut head = String::new();
    let mut at_start = true;
    let mut found = Vec::new();
    for token in &tokens {
        let written = token.span.of(text);
        let parts =
            matches!(token.keyword(), Some(Keyword::Where | Keyword::And | Keyword::Or | Keyword::Not));
        if token.kind == TokenKind::String {
            let value = fold_value(&unescape(written));
            found.push(Quoted { range: token.span.range(), value, head: head.clone() });
        } else if at_start && !parts && !token.is(Sign::Open) {
            head = written.trim_matches('`').to_lowercase();
            at_start = false;
        }
        at_start |= parts;
    }
    found
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
            nearest_in(text, &help).as_deref(),
            Some("find where topic = \"war\" and source = \"Reuters\"")
        );
        assert_eq!(nearest_in(text, &ZeroHit { nearest: None, ..help }), None);
    }
    fn empty(condition: &str, value: &str) -> ZeroHit {
        ZeroHit {
            conditions: vec![("words > 3".to_owned(), 2), (condition.to_owned(), 0)],
            empty_pair: None,
            nearest: Some((1, value.to_owned(), 3)),
            undated: None,
        }
    }

    #[test]
    fn the_same_text_in_another_condition_stays() {
        let help = empty("source = \"reuter\"", "Reuters");
        let text = "find where text contains \"Reuter\" and not (source in (\"AFP\") or source = \"Reuter\")";
        assert_eq!(
            nearest_in(text, &help).as_deref(),
            Some("find where text contains \"Reuter\" and not (source in (\"AFP\") or source = \"Reuters\")")
        );
        let mentions = empty("mentions place \"idlb\"", "Idlib");
        let text = "count where title contains \"Idlb\" and mentions place \"Idlb\"";
        let meant = "count where title contains \"Idlb\" and mentions place \"Idlib\"";
        assert_eq!(nearest_in(text, &mentions).as_deref(), Some(meant));
        // Which of two is meant is not guessed.
        assert_eq!(nearest_in(text, &empty("saved \"idlb\"", "Idlib")), None);
    }

    #[test]
    fn only_the_statement_that_found_nothing_is_mended() {
        let typed = "count where source = \"Reuter\"; find where source = \"Reuter\"";
        let help = empty("source = \"reuter\"", "Reuters");
        let meant = nearest(typed, Span::new(31, typed.len()), &help);
        assert_eq!(
            meant.as_deref(),
            Some("count where source = \"Reuter\"; find where source = \"Reuters\"")
        );
    }

    #[test]
    fn escapes_are_read_as_the_language_reads_them() {
        let help = empty("source = \"d\\u{e9}p\\u{ea}ch\"", "Dépêche");
        assert_eq!(
            nearest_in("find where source = '\\u{44}\\u{e9}p\\u{ea}ch'", &help).as_deref(),
            Some("find where source = \"Dépêche\"")
        );
        let help = empty("source = \"c:\\\\new\"", "C:\\news");
        assert_eq!(
            nearest_in("find where source = \u{201c}C:\\new\u{201d}", &help).as_deref(),
            Some("find where source = \"C:\\\\news\"")
        );
    }
}
