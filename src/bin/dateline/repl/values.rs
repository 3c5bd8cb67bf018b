//! Completion inside quotes: values of the archive with the articles that have them.

use std::time::{Duration, Instant};

use dateline::exec::{self, Cell, RunOptions, View};
use dateline::query::lex::{Keyword, Token, TokenKind, tokens};
use dateline::query::{Bindings, Session, Statement, ast, quote_str, resolve};
use dateline::render::{grouped, safe_text};
use dateline::schema::{Field, FieldType};
use dateline::text::fold_value;
use dateline::value::Value;

use super::complete::Candidate;

/// Longer than this no key may wait.
const BUDGET: Duration = Duration::from_millis(50);

/// Values looked at for one field; rarer ones are not offered.
const VALUES_MAX: u32 = 1_000;

/// Values offered for one field.
const OFFERED_MAX: usize = 20;

/// A quote that is open at the cursor.
#[derive(Debug, PartialEq, Eq)]
pub struct OpenQuote<'a> {
    /// Where its text begins, in bytes.
    pub start: usize,
    /// The text so far.
    pub text: &'a str,
    /// The sign that closes it.
    pub closing: char,
    /// The fields whose values fit, by name; none where any text fits.
    pub fields: Vec<String>,
}

/// Returns the quote that is open at the end of what was typed.
pub fn open_quote(typed: &str) -> Option<OpenQuote<'_>> {
    let tokens = tokens(typed);
    let (last, before) = tokens.split_last()?;
    let opened = last.span.of(typed);
    let sign = opened.chars().next().filter(|_| matches!(last.kind, TokenKind::Wrong(_)))?;
    let closing = match sign {
        '"' | '\'' => sign,
        '\u{201c}' => '\u{201d}',
        _ => return None,
    };
    let start = last.span.start as usize + sign.len_utf8();
    Some(OpenQuote { start, text: typed.get(start..)?, closing, fields: fields(before, typed) })
}

/// Returns the fields that the words before a quote speak of.
fn fields(before: &[Token], typed: &str) -> Vec<String> {
    let entities = || ["person", "place", "org"].map(str::to_owned).to_vec();
    for token in before.iter().rev() {
        match token.keyword() {
            Some(Keyword::Mentions) => return entities(),
            Some(Keyword::Quotes) => return vec!["speaker".to_owned()],
            Some(Keyword::Where | Keyword::And | Keyword::Or) => return Vec::new(),
            _ if token.is_name() => return vec![token.span.of(typed).trim_matches('`').to_lowercase()],
            _ => {}
        }
    }
    Vec::new()
}

/// Returns values that begin as the open quote does, most frequent first, within the time that a key may take.
pub fn values(view: &View, quote: &OpenQuote<'_>) -> Vec<Candidate> {
    let known = quote.fields.iter().filter_map(|name| view.catalog.schema.field(name));
    let fields: Vec<Field> = known.filter(|field| field.field_type == FieldType::Keyword).collect();
    let started = Instant::now();
    let share = BUDGET / u32::try_from(fields.len().max(1)).unwrap_or(1);
    let mut found: Vec<(u64, Candidate)> = (1..)
        .zip(&fields)
        // What one field leaves of its share, the next may use.
        .flat_map(|(turn, field)| values_of(view, field, quote, started + share * turn).unwrap_or_default())
        .collect();
    found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.text.cmp(&b.1.text)));
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// Asks the archive itself; `None` where it has no answer in time.
fn values_of(
    view: &View,
    field: &Field,
    quote: &OpenQuote<'_>,
    deadline: Instant,
) -> Option<Vec<(u64, Candidate)>> {
    let name = field.name.as_str();
    let condition = match quote.text {
        "" => String::new(),
        text => format!(" where `{name}` starts with {}", quote_str(text)),
    };
    let statement = Statement::parse(&format!("top {VALUES_MAX} `{name}`{condition}")).ok()?;
    let session = Session { now: 0, zone: Default::default(), write: false, files: false, strict: false };
    let resolved = resolve(&ast::At::from(statement), &view.catalog, &session, &Bindings::default()).ok()?;
    let options = RunOptions { deadline: Some(deadline), ..RunOptions::default() };
    let answer = exec::answer(&resolved.request, view, &options).ok()?;
    let wanted = fold_value(quote.text);
    let rows = answer.rows.iter().filter_map(|row| match row.cells.as_slice() {
        [Cell::One(Value::Text(value)), Cell::One(articles), ..] => {
            Some((value, articles.as_number()?.as_f64() as u64))
        }
        _ => None,
    });
    let matching = rows.filter(|(value, _)| fold_value(value).starts_with(&wanted));
    Some(matching.take(OFFERED_MAX).map(|(value, articles)| offered(name, value, articles, quote)).collect())
}

fn offered(field: &str, value: &str, articles: u64, quote: &OpenQuote<'_>) -> (u64, Candidate) {
    let shown = format!("{} ({field}, {})", safe_text(value), grouped(articles));
    (articles, Candidate { shown, text: inside(value, quote.closing) })
}

/// Returns a value as it stands inside the quote, which it closes.
fn inside(value: &str, closing: char) -> String {
    let quoted = quote_str(value);
    let text = quoted.trim_start_matches('"').strip_suffix('"').unwrap_or(&quoted);
    let text = if closing == '\'' { text.replace('\'', "\\'") } else { text.to_owned() };
    format!("{text}{closing}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields_at(typed: &str) -> Vec<String> {
        open_quote(typed).unwrap().fields
    }

    #[test]
    fn the_words_before_a_quote_name_its_fields() {
        assert_eq!(fields_at("find where mentions \"Id"), ["person", "place", "org"]);
        assert_eq!(fields_at("find where mentions place \"Id"), ["place"]);
        assert_eq!(fields_at("find where mentions any of (\"Idlib\", \"Al"), ["person", "place", "org"]);
        assert_eq!(fields_at("find where Source in (\"AFP\", \"Reu"), ["source"]);
        assert_eq!(fields_at("find where quotes \"Lav"), ["speaker"]);
        assert!(fields_at("find where \"Id").is_empty());
    }

    #[test]
    fn only_open_quotes_are_completed() {
        assert!(open_quote("find where mentions \"Idlib\"").is_none());
        assert!(open_quote("find where ").is_none());
        let quote = open_quote("find where source = 'Reu").unwrap();
        assert_eq!((quote.start, quote.text, quote.closing), (21, "Reu", '\''));
    }

    #[test]
    fn values_stay_inside_their_quotes() {
        assert_eq!(inside("Deir ez-Zor", '"'), "Deir ez-Zor\"");
        assert_eq!(inside("say \"yes\"", '"'), "say \\\"yes\\\"\"");
        assert_eq!(inside("N'Djamena", '\''), "N\\'Djamena'");
    }
}
