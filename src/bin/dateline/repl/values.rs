//! Completion inside quotes: values of the archive with the articles that have them.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use dateline::exec::View;
use dateline::query::lex::{Keyword, Token, TokenKind, tokens};
use dateline::query::quote_str;
use dateline::render::{grouped, safe_text};
use dateline::schema::{FieldName, FieldType};
use dateline::segment::SegmentError;
use dateline::text::fold_value;

use super::complete::Candidate;

/// Longer than this no key may wait.
const BUDGET: Duration = Duration::from_millis(50);

/// Values offered at once.
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
///
/// The dictionaries of the segments tell; articles that were deleted since a segment was written still count.
pub fn values(view: &View, quote: &OpenQuote<'_>) -> Vec<Candidate> {
    let deadline = Instant::now() + BUDGET;
    let wanted = fold_value(quote.text);
    let fields = quote.fields.iter().filter_map(|name| view.catalog.schema.field(name));
    let mut found: Vec<(u64, Candidate)> = fields
        .filter(|field| field.field_type == FieldType::Keyword)
        .flat_map(|field| {
            let mut spellings = Spellings::default();
            // A damaged dictionary is reported by the query itself.
            let _ = spellings.collect(view, &field.name, &wanted, deadline);
            spellings.offered(field.name.as_str(), quote.closing)
        })
        .collect();
    found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.text.cmp(&b.1.text)));
    found.truncate(OFFERED_MAX);
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// Values that fold alike, with their articles; the most frequent spelling stands for all.
#[derive(Default)]
struct Spellings(BTreeMap<String, BTreeMap<String, u64>>);

impl Spellings {
    /// Adds the values of a field that begin with `wanted`, until the time is over.
    fn collect(
        &mut self,
        view: &View,
        field: &FieldName,
        wanted: &str,
        deadline: Instant,
    ) -> Result<(), SegmentError> {
        for live in &view.segments {
            let Some(keywords) = live.segment.keyword(field)? else { continue };
            for number in keywords.starts_with(wanted)? {
                if Instant::now() > deadline {
                    return Ok(());
                }
                let articles = u64::from(keywords.postings(number)?.len());
                let value = keywords.value(number)?;
                *self.0.entry(value.folded).or_default().entry(value.spelling).or_default() += articles;
            }
        }
        Ok(())
    }

    fn offered(self, field: &str, closing: char) -> Vec<(u64, Candidate)> {
        let offer = |spellings: BTreeMap<String, u64>| {
            let articles = spellings.values().sum();
            let (spelling, _) = spellings.into_iter().max_by_key(|(_, articles)| *articles)?;
            let shown = format!("{} ({field}, {})", safe_text(&spelling), grouped(articles));
            Some((articles, Candidate { shown, text: inside(&spelling, closing) }))
        };
        self.0.into_values().filter_map(offer).collect()
    }
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
