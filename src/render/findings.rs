//! What extraction found in an article, for a reader who judges it: every mention marked where it stands, then a line for
//! each finding with the words that prove it.

use std::ops::Range;

use super::article::Kind;
use super::format::Paint;
use super::safe::safe_chars;
use crate::article::{DateExpression, DayRange, Entity, Extraction, Figure, Quote, TITLE_GAP};
use crate::date::{Date, Precision};
use crate::exec::{Cell, CellType, Column, Row};
use crate::text::Span;

/// Most characters of a quotation that its line repeats.
const WORDS_CHARS_MAX: usize = 60;

/// The findings of one article, with the text that their spans lie in.
pub(super) struct Findings {
    found: Extraction,
    text: String,
    /// Where the title ends and the body starts.
    title_end: usize,
    body_start: usize,
}

/// Text as a terminal may have it, and where the names stand in it; without colours each is in brackets with its kind.
type Marked = (String, Vec<(Range<usize>, Kind)>);

/// One finding: what it is, what it says, and the kind whose colour it has.
type Finding = (String, String, Option<Kind>);

impl Findings {
    /// Returns the findings of a row; `None` where it was not asked for them.
    pub(super) fn of(columns: &[Column], row: &Row) -> Option<Findings> {
        let at = columns.iter().position(|column| column.cell_type == CellType::Extraction)?;
        let Some(Cell::Json(json)) = row.cells.get(at) else { return None };
        let found = serde_json::from_value(json.clone()).ok()?;
        let text_of = |name: &str| {
            let at = columns.iter().position(|column| column.name == name)?;
            match row.cells.get(at)? {
                Cell::One(value) => value.as_text().map(str::to_owned),
                _ => None,
            }
        };
        let title = text_of("title");
        let title_end = title.as_ref().map_or(0, String::len);
        let mut text = title.map_or(String::new(), |title| title + TITLE_GAP);
        let body_start = text.len();
        text.push_str(&text_of("body").unwrap_or_default());
        Some(Findings { found, text, title_end, body_start })
    }

    /// Returns the title with its names marked.
    pub(super) fn title(&self, paint: Paint) -> Marked {
        self.marked(0..self.title_end, paint)
    }

    /// Returns a stretch of the body with its names marked.
    pub(super) fn body(&self, part: Range<usize>, paint: Paint) -> Marked {
        self.marked(self.body_start + part.start..self.body_start + part.end, paint)
    }

    fn marked(&self, part: Range<usize>, paint: Paint) -> Marked {
        let Range { start: mut at, end } = part;
        let (mut shown, mut marks) = (String::new(), Vec::new());
        for (span, kind) in self.mentions() {
            if span.start < at || span.end > end {
                continue;
            }
            shown.push_str(&safe_chars(self.text.get(at..span.start).unwrap_or_default()));
            let name = safe_chars(self.text.get(span.clone()).unwrap_or_default());
            let start = shown.len();
            match paint {
                Paint::Plain => shown.push_str(&format!("[{name} {}]", kind.name())),
                Paint::Colour => shown.push_str(&name),
            }
            marks.push((start..shown.len(), kind));
            at = span.end;
        }
        shown.push_str(&safe_chars(self.text.get(at..end).unwrap_or_default()));
        (shown, marks)
    }

    /// Lists where names stand in the text, in order.
    fn mentions(&self) -> Vec<(Range<usize>, Kind)> {
        let entities = self.found.entities.iter();
        let mentions = entities.flat_map(|entity| {
            let kind = Kind::from(entity.kind);
            entity.mentions.iter().map(move |span| (span.range(), kind))
        });
        let mut mentions: Vec<(Range<usize>, Kind)> = mentions.collect();
        mentions.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
        mentions
    }

    /// Lists what was found, a line each, in the order of the text within each sort of finding.
    pub(super) fn lines(&self) -> Vec<Finding> {
        let found = &self.found;
        let line = |label: &str, text: String, kind| (label.to_owned(), safe_chars(&text), kind);
        let names = found.entities.iter().map(|entity| {
            let kind = Kind::from(entity.kind);
            line(entity.kind.name(), entity_line(entity), Some(kind))
        });
        let quotes = found.quotes.iter().map(|quote| line("quote", self.quote_line(quote), None));
        let figures = found.figures.iter().map(|figure| line("figure", self.figure_line(figure), None));
        let dates = found.dates.iter().map(|date| line("date", self.date_line(date), None));
        names.chain(quotes).chain(figures).chain(dates).collect()
    }

    fn words(&self, span: Span) -> String {
        let words = self.text.get(span.range()).unwrap_or_default();
        match words.char_indices().nth(WORDS_CHARS_MAX) {
            Some((end, _)) => format!("\"{}…\"", words.get(..end).unwrap_or_default()),
            None => format!("\"{words}\""),
        }
    }

    fn quote_line(&self, quote: &Quote) -> String {
        let speaker = quote.speaker.as_ref().map_or("(nobody named)", |speaker| &speaker.name);
        format!("{speaker}: {}", self.words(quote.span))
    }

    fn figure_line(&self, figure: &Figure) -> String {
        let Figure { category, bound, value, unit, span } = figure;
        format!("{} {} {value} {unit}: {}", category.name(), bound.sign(), self.words(*span))
    }

    fn date_line(&self, date: &DateExpression) -> String {
        let days = match date.days {
            Some(DayRange { from, to }) if from == to => day(from),
            Some(DayRange { from, to }) => format!("{}..{}", day(from), day(to)),
            None => "(no publication date)".to_owned(),
        };
        format!("{days}: {}", self.words(date.span))
    }
}

/// Returns a day that is counted from 1970-01-01.
fn day(number: i32) -> String {
    const DAY_SECONDS: i64 = 86_400;
    let day = Date::from_parts(i64::from(number) * DAY_SECONDS, Precision::Day, None);
    day.map_or_else(String::new, |day| day.to_string())
}

/// Returns a name with what is known of it: how often it stands there, its other forms, its country.
fn entity_line(entity: &Entity) -> String {
    let mut parts = vec![match entity.mentions.len() {
        0 => "given".to_owned(),
        count => format!("{count}x"),
    }];
    parts.extend(entity.country.map(|country| country.to_string()));
    if !entity.variants.is_empty() {
        parts.push(format!("also {}", entity.variants.join(", ")));
    }
    if !entity.titles.is_empty() {
        parts.push(entity.titles.join(", "));
    }
    format!("{} ({})", entity.name, parts.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Bound, Category, Certainty, EntityKind, Speaker};
    use crate::exec::{Answer, AnswerKind};
    use crate::render::{Format, Rendering, write_answer};
    use crate::schema::FieldType;
    use crate::value::Number;

    const TITLE: &str = "Lavrov in Čechy";
    const BODY: &str = "Lavrov\u{1b} said on Monday: \"We want talks\".\n\nAt least 12 were killed in Idlib.";

    fn span(text: &str) -> Span {
        let whole = [TITLE, TITLE_GAP, BODY].concat();
        let start = whole.find(text).unwrap();
        Span::new(start, start + text.len())
    }

    fn entity(name: &str, kind: EntityKind, mentions: Vec<Span>) -> Entity {
        Entity {
            name: name.to_owned(),
            kind,
            variants: Vec::new(),
            titles: Vec::new(),
            country: None,
            within: Vec::new(),
            mentions,
            salience: 1.0,
            certainty: Certainty::High,
        }
    }

    fn extraction() -> Extraction {
        let mut lavrov = entity("Sergei Lavrov", EntityKind::Person, Vec::new());
        let second = span("Lavrov\u{1b}").start as usize;
        lavrov.mentions = vec![Span::new(0, 6), Span::new(second, second + 6)];
        lavrov.variants = vec!["Lavrov".to_owned()];
        let speaker = Speaker {
            name: "Sergei Lavrov".to_owned(),
            entity: Some(0),
            span: None,
            certainty: Certainty::High,
        };
        Extraction {
            entities: vec![
                lavrov,
                entity("Čechy", EntityKind::Place, vec![span("Čechy")]),
                entity("Idlib", EntityKind::Place, vec![span("Idlib")]),
            ],
            quotes: vec![Quote { span: span("We want talks"), speaker: Some(speaker) }],
            dates: vec![DateExpression {
                span: span("Monday"),
                days: Some(DayRange { from: 17_777, to: 17_777 }),
            }],
            figures: vec![Figure {
                span: span("At least 12"),
                category: Category::Deaths,
                bound: Bound::AtLeast,
                value: Number::Whole(12),
                unit: "people".to_owned(),
            }],
            ..Extraction::default()
        }
    }

    fn read(rendering: Rendering) -> String {
        let text = |name: &str| Column {
            name: name.to_owned(),
            cell_type: CellType::Field(FieldType::Text),
            many: false,
        };
        let found = Column { name: "extraction".to_owned(), cell_type: CellType::Extraction, many: false };
        let json = serde_json::to_value(extraction()).unwrap();
        let answer = Answer {
            kind: AnswerKind::Show,
            columns: vec![text("title"), text("body"), found],
            rows: vec![Row {
                id: None,
                cells: vec![Cell::One(TITLE.into()), Cell::One(BODY.into()), Cell::Json(json)],
            }],
            ..Answer::default()
        };
        let mut out = Vec::new();
        write_answer(&answer, Format::Table, rendering, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn names_are_marked_where_they_stand_and_findings_listed() {
        assert_eq!(
            read(Rendering::default()),
            "[Lavrov person] in [Čechy place]\n\n\
             [Lavrov person]␛ said on Monday: \"We want talks\".\n\n\
             At least 12 were killed in [Idlib place].\n\n\
             person  Sergei Lavrov (2x; also Lavrov)\n\
             place   Čechy (1x)\n\
             place   Idlib (1x)\n\
             quote   Sergei Lavrov: \"We want talks\"\n\
             figure  deaths >= 12 people: \"At least 12\"\n\
             date    2018-09-03: \"Monday\"\n"
        );
    }

    #[test]
    fn colours_stand_for_the_brackets() {
        let text = read(Rendering { paint: Paint::Colour, width: Some(24), ..Rendering::default() });
        assert!(text.contains("\u{1b}[35mLavrov\u{1b}[0m in \u{1b}[32mČechy\u{1b}[0m"), "{text}");
        assert!(text.contains("\u{1b}[35mLavrov\u{1b}[0m␛ said"), "{text}");
        assert!(!text.contains("[Idlib"), "{text}");
    }
}
