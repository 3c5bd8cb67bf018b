//! Date expressions against AQUAINT's TIMEX3 (newswire of 1998 to 2000) and the annotated articles.

use std::error::Error;

use dateline::article::{DateExpression, DayRange, Original};
use dateline::extract::Extractor;
use dateline::text::Span;
use jiff::civil;
use serde_json::Value;

use super::corpus::{list, read, span, text};
use super::errors::Errors;

/// An expression with the days it means; none where the days are vague.
struct Wanted {
    span: Span,
    days: Option<DayRange>,
    shown: String,
}

#[derive(Default)]
struct Dates {
    wanted: usize,
    found: usize,
    overlapping: usize,
    valued: usize,
    errors: Errors,
}

/// Measures date expressions in both corpora.
pub fn dates(
    extractor: &Extractor,
    shared: &str,
    gold: &[Value],
    is_verbose: bool,
) -> Result<(), Box<dyn Error>> {
    println!("\ndate expressions (overlapping F1, value right among those, value F1)");
    let mut own = Dates::default();
    for article in gold {
        let wanted = list(&article["dates"]).map(|date| Wanted {
            span: span(&date["span"]),
            days: day(&date["from"]).zip(day(&date["to"])).map(|(from, to)| DayRange { from, to }),
            shown: format!("{}..{}", text(date, "from"), text(date, "to")),
        });
        own.compare(extractor, article, wanted.collect());
    }
    own.print("gold/dev.jsonl", is_verbose);
    let Some(articles) = read(shared, "aquaint-dates.jsonl.zst")? else { return Ok(()) };
    let mut aquaint = Dates::default();
    for article in &articles {
        let is_date = |timex: &&Value| matches!(timex["type"].as_str(), Some("DATE" | "TIME"));
        let wanted = list(&article["timex"]).filter(is_date).map(|timex| Wanted {
            span: span(&timex["span"]),
            days: days_of_timex(text(timex, "value")),
            shown: text(timex, "value").to_owned(),
        });
        aquaint.compare(extractor, article, wanted.collect());
    }
    aquaint.print("AQUAINT (DATE and TIME)", is_verbose);
    Ok(())
}

impl Dates {
    fn compare(&mut self, extractor: &Extractor, article: &Value, wanted: Vec<Wanted>) {
        let raw = text(article, "text");
        let mut original = Original::of_text(raw);
        original.article.date = article["date"].as_str().and_then(|date| date.parse().ok());
        let found = extractor.extract(&original.article);
        let mut found: Vec<(Span, &DateExpression)> =
            found.dates.iter().filter(|d| d.days.is_some()).map(|d| (original.span(d.span), d)).collect();
        self.wanted += wanted.len();
        self.found += found.len();
        for wanted in wanted {
            let words = context(raw, wanted.span);
            let overlapping = found
                .iter()
                .position(|(span, _)| span.start < wanted.span.end && wanted.span.start < span.end);
            let Some(index) = overlapping else {
                self.errors.add("missed", || format!("{words} = {}", wanted.shown));
                continue;
            };
            let (span, date) = found.remove(index);
            self.overlapping += 1;
            if date.days == wanted.days || is_part(words_of(raw, span), date.days, wanted.days) {
                self.valued += 1;
                continue;
            }
            let mine = date.days.map_or("-".into(), shown);
            let kind = if wanted.days.is_some() { "other days" } else { "gold value is vague" };
            self.errors.add(kind, || {
                format!("{words} = {} not {mine}, published {}", wanted.shown, article["date"])
            });
        }
        for (span, date) in found {
            let mine = date.days.map_or("-".into(), shown);
            self.errors.add("invented", || format!("{} = {mine}", context(raw, span)));
        }
    }

    fn print(&self, name: &str, is_verbose: bool) {
        let f1 = |right: usize| 2.0 * right as f64 / (self.wanted + self.found).max(1) as f64;
        let among = self.valued as f64 / self.overlapping.max(1) as f64;
        let (found, value) = (f1(self.overlapping), f1(self.valued));
        println!("{name:<32} {found:.3}  {among:.3}  {value:.3}  of {}", self.wanted);
        if is_verbose {
            self.errors.print(name);
        }
    }
}

/// TIMEX3 keeps "early" and "late" out of the value, so a part of its days is right for them.
fn is_part(words: &str, mine: Option<DayRange>, wanted: Option<DayRange>) -> bool {
    let words = words.to_lowercase();
    let has_part = ["early", "mid", "late"].iter().any(|part| words.starts_with(part));
    let inside = |(mine, wanted): (DayRange, DayRange)| wanted.from <= mine.from && mine.to <= wanted.to;
    has_part && mine.zip(wanted).is_some_and(inside)
}

fn words_of(raw: &str, span: Span) -> &str {
    raw.get(span.range()).unwrap_or("")
}

/// Returns the words of a span in brackets, with some around them.
pub fn context(raw: &str, span: Span) -> String {
    const AROUND: usize = 40;
    let floor = |mut at: usize| {
        while !raw.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = floor((span.start as usize).saturating_sub(AROUND));
    let end = floor((span.end as usize + AROUND).min(raw.len()));
    let part = |start: usize, end: usize| raw.get(start..end).unwrap_or("");
    let (from, to) = (span.start as usize, span.end as usize);
    format!("{}[{}]{}", part(start, from), part(from, to), part(to, end))
}

fn day(value: &Value) -> Option<i32> {
    Some(epoch_day(value.as_str()?.parse().ok()?))
}

fn epoch_day(day: civil::Date) -> i32 {
    day.since(civil::Date::constant(1970, 1, 1)).map_or(0, |span| span.get_days())
}

fn shown(days: DayRange) -> String {
    let text =
        |day: i32| civil::Date::constant(1970, 1, 1).saturating_add(jiff::Span::new().days(day)).to_string();
    format!("{}..{}", text(days.from), text(days.to))
}

/// Returns the days of a TIMEX3 value: `1998-08-07`, `1998-10`, `1998`, `199`, `1998-W32`, `1998-Q3`, `1998-FA`,
/// `1998-08-07TMO`; none for vague ones (`PAST_REF`).
fn days_of_timex(value: &str) -> Option<DayRange> {
    let value = value.split('T').next()?;
    // `1949-XX` and `198X`: some month of the year, some year of the decade.
    let value = value.split("-X").next()?.trim_end_matches('X');
    let year = || value.get(..4)?.parse::<i16>().ok();
    let months = |year: i16, first: i8, count: i8| {
        let from = civil::Date::new(year, first, 1).ok()?;
        let to = from.checked_add(jiff::Span::new().months(count)).ok()?.yesterday().ok()?;
        Some(DayRange { from: epoch_day(from), to: epoch_day(to) })
    };
    match (value.len(), value.get(4..6)) {
        (10, _) => {
            let day = epoch_day(value.parse().ok()?);
            Some(DayRange { from: day, to: day })
        }
        (3, _) => {
            let decade = value.parse::<i16>().ok()? * 10;
            Some(DayRange { from: months(decade, 1, 12)?.from, to: months(decade + 9, 1, 12)?.to })
        }
        (4, _) => months(year()?, 1, 12),
        (7 | 8, Some("-W")) => {
            let week = value.get(6..)?.parse().ok()?;
            let from = civil::ISOWeekDate::new(year()?, week, civil::Weekday::Monday).ok()?.date();
            Some(DayRange { from: epoch_day(from), to: epoch_day(from) + 6 })
        }
        (7, Some("-Q")) => months(year()?, value.get(6..7)?.parse::<i8>().ok()? * 3 - 2, 3),
        (7, _) => match value.get(5..7)? {
            "SP" => months(year()?, 3, 3),
            "SU" => months(year()?, 6, 3),
            "FA" => months(year()?, 9, 3),
            "WI" => months(year()?, 12, 3),
            "H1" => months(year()?, 1, 6),
            "H2" => months(year()?, 7, 6),
            month => months(year()?, month.parse().ok()?, 1),
        },
        _ => None,
    }
}
