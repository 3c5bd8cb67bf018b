//! Speakers of quotes against PolNeAR (US political news of 2015 and 2016).

use std::error::Error;

use dateline::article::{Original, Speaker};
use dateline::extract::Extractor;
use dateline::text::Span;
use serde_json::Value;

use super::corpus::{list, read, span, text};
use super::errors::Errors;
use super::timex::context;

/// Quotes, those that have an answer, and those whose answer is right.
#[derive(Default, Clone, Copy)]
struct Count {
    quotes: usize,
    answered: usize,
    right: usize,
}

impl Count {
    fn print(self, name: &str) {
        let part = |whole: usize| 100.0 * self.right as f64 / whole.max(1) as f64;
        println!(
            "  {name:<52} right of all {:>5.1} %, of those answered {:>5.1} %  of {}",
            part(self.quotes),
            part(self.answered),
            self.quotes
        );
    }
}

#[derive(Default)]
struct Speakers {
    /// Sources that the text names or describes.
    named: Count,
    /// Sources that are a pronoun. The corpus does not say whom it means: whoever finds the pronoun is right.
    pronouns: Count,
    errors: Errors,
}

/// Measures speakers: one is right where its words overlap a source's, or name the same.
pub fn speakers(
    extractor: &Extractor,
    shared: &str,
    split: &str,
    is_verbose: bool,
) -> Result<(), Box<dyn Error>> {
    let Some(articles) = read(shared, &format!("polnear-{split}.jsonl.zst"))? else { return Ok(()) };
    let examples_max = if split == "train" { 400 } else { 0 };
    let mut all = Speakers { errors: Errors { examples_max, ..Errors::default() }, ..Speakers::default() };
    for article in &articles {
        all.compare(extractor, article);
    }
    let (named, pronouns) = (all.named, all.pronouns);
    let sum = Count {
        quotes: named.quotes + pronouns.quotes,
        answered: named.answered + pronouns.answered,
        right: named.right + pronouns.right,
    };
    println!("\nspeakers of quotes (PolNeAR {split})");
    sum.print("all");
    named.print("the source is named or described");
    pronouns.print("the source is a pronoun: the pronoun is found");
    if is_verbose {
        all.errors.print("speakers");
    }
    Ok(())
}

impl Speakers {
    fn compare(&mut self, extractor: &Extractor, article: &Value) {
        let raw = text(article, "text");
        let original = Original::of_text(raw);
        let found = extractor.extract(&original.article);
        for quote in list(&article["quotes"]) {
            let count = if is_pronoun(quote) { &mut self.pronouns } else { &mut self.named };
            count.quotes += 1;
            let wanted = span(&quote["span"]);
            let overlaps = |mine: Span| mine.start < wanted.end && wanted.start < mine.end;
            let mine: Vec<_> =
                found.quotes.iter().filter(|quote| overlaps(original.span(quote.span))).collect();
            if mine.is_empty() {
                self.errors.add("quote not found", || context(raw, wanted));
                continue;
            }
            let speakers: Vec<&Speaker> = mine.iter().filter_map(|quote| quote.speaker.as_ref()).collect();
            let Some(first) = speakers.first() else {
                self.errors.add("no answer", || around(raw, wanted, quote));
                continue;
            };
            count.answered += 1;
            if speakers.iter().any(|speaker| is_right(speaker, &original, quote)) {
                count.right += 1;
                continue;
            }
            let kind = match (first.entity, first.span) {
                (Some(_), Some(_)) => "other name",
                (Some(_), None) => "other name, from another quote",
                (None, Some(_)) => "other words",
                (None, None) => "other words, from another quote",
            };
            self.errors.add(kind, || format!("{:?} in {}", first.name, around(raw, wanted, quote)));
        }
    }
}

/// Tells whether every source of a quote is a pronoun.
fn is_pronoun(quote: &Value) -> bool {
    let pronouns =
        ["he", "she", "it", "they", "we", "i", "you", "him", "her", "them", "who", "himself", "herself"];
    let mut sources = list(&quote["sources"]).map(|source| text(source, "text").to_lowercase()).peekable();
    sources.peek().is_some() && sources.all(|words| pronouns.contains(&words.trim()))
}

fn is_right(speaker: &Speaker, original: &Original, quote: &Value) -> bool {
    let mut sources =
        list(&quote["sources"]).map(|source| (text(source, "text").to_lowercase(), &source["spans"]));
    sources.any(|(words, spans)| {
        let mine = speaker.span.map(|span| original.span(span));
        let overlaps =
            |theirs: Span| mine.is_some_and(|mine| mine.start < theirs.end && theirs.start < mine.end);
        let beside = list(spans).any(|pair| overlaps(span(pair)));
        let name = speaker.name.to_lowercase();
        let last = name.split_whitespace().last().unwrap_or("");
        beside || (last.len() > 2 && words.split(|c: char| !c.is_alphanumeric()).any(|word| word == last))
    })
}

fn around(raw: &str, wanted: Span, quote: &Value) -> String {
    const AROUND: u32 = 120;
    let start = wanted.start.saturating_sub(AROUND) as usize;
    let before = Span::new(start, wanted.start as usize);
    let inside = raw.get(wanted.range()).unwrap_or("");
    let short: String = inside.chars().take(30).collect();
    let after = Span::new(wanted.end as usize, wanted.end as usize + AROUND as usize);
    let cut = |span: Span| -> String {
        let bytes = raw.as_bytes().get(span.start as usize..(span.end as usize).min(raw.len()));
        String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned()
    };
    format!("{}<<{short}…>>{}  GOLD {}", cut(before), cut(after), quote["sources"][0]["text"])
}
