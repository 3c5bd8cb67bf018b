//! An article to be read: headline, where it is from, its text with names coloured by kind, and what else is known.

use std::collections::HashMap;
use std::io::{self, Write};
use std::ops::Range;

use super::Closing;
use super::Renderer;
use super::cell::cell_text;
use super::findings::Findings;
use super::format::{Paint, Rendering};
use super::safe::{isolate, safe_chars, safe_text};
use super::snippet::Piece;
use super::width::{display_width, wrap};
use crate::article::EntityKind;
use crate::exec::{AnswerKind, Cell, CellType, Column, Row};

/// The widest line that is pleasant to read, in columns.
const LINE_WIDTH_MAX: usize = 88;

/// The narrowest line, whatever the screen.
const LINE_WIDTH_MIN: usize = 20;

/// Fields that say where an article is from; they stand under the headline.
const ORIGIN: [&str; 5] = ["date", "source", "section", "author", "url"];

/// Fewest letters of a family name that is coloured alone: shorter ones are words too.
const SURNAME_LETTERS_MIN: usize = 4;

/// Writes whole articles.
pub(super) struct Reading {
    rendering: Rendering,
    columns: Vec<Column>,
    rows: u64,
}

/// What a name names; each kind has a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Person,
    Place,
    Org,
}

impl Kind {
    fn of_field(name: &str) -> Option<Kind> {
        match name {
            "person" | "speaker" => Some(Kind::Person),
            "place" | "dateline" | "focus" => Some(Kind::Place),
            "org" | "agency" => Some(Kind::Org),
            _ => None,
        }
    }

    /// Returns the word for it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Person => "person",
            Kind::Place => "place",
            Kind::Org => "org",
        }
    }

    fn paint(self, paint: Paint, text: &str) -> String {
        match self {
            Kind::Person => paint.person(text),
            Kind::Place => paint.place(text),
            Kind::Org => paint.org(text),
        }
    }
}

impl From<EntityKind> for Kind {
    fn from(kind: EntityKind) -> Kind {
        match kind {
            EntityKind::Person => Kind::Person,
            EntityKind::Place => Kind::Place,
            EntityKind::Org => Kind::Org,
        }
    }
}

impl Reading {
    pub(super) fn new(rendering: Rendering) -> Reading {
        Reading { rendering, columns: Vec::new(), rows: 0 }
    }

    fn width(&self) -> usize {
        self.rendering.width.unwrap_or(LINE_WIDTH_MAX).clamp(LINE_WIDTH_MIN, LINE_WIDTH_MAX)
    }

    fn cell<'r>(&self, row: &'r Row, name: &str) -> Option<&'r Cell> {
        let at = self.columns.iter().position(|column| column.name == name)?;
        row.cells.get(at)
    }

    fn text(&self, row: &Row, name: &str) -> Option<String> {
        let text = cell_text(self.cell(row, name)?, self.rendering.zone);
        (!text.is_empty()).then_some(text)
    }

    fn headline(&self, row: &Row, findings: Option<&Findings>, out: &mut dyn Write) -> io::Result<()> {
        let title = self.text(row, "title");
        match (&title, findings) {
            (Some(_), Some(findings)) => {
                let (title, names) = findings.title(self.rendering.paint);
                self.paragraph(&title, &names, out)?;
            }
            _ => {
                let title = title.as_deref().unwrap_or("(no title)");
                for line in wrap(&safe_chars(title), self.width()) {
                    writeln!(out, "{}", self.rendering.paint.bold(&isolate(line.to_owned())))?;
                }
            }
        }
        let origin: Vec<String> =
            ORIGIN.iter().filter_map(|name| self.text(row, name)).map(|text| safe_text(&text)).collect();
        let dot = if self.rendering.unicode { " · " } else { " - " };
        if origin.is_empty() {
            Ok(())
        } else {
            writeln!(out, "{}", self.rendering.paint.dim(&origin.join(dot)))
        }
    }

    fn body(&self, row: &Row, findings: Option<&Findings>, out: &mut dyn Write) -> io::Result<()> {
        let body = self.text(row, "body").unwrap_or_default();
        let names = self.names(row);
        let mut end = 0;
        for paragraph in body.split_inclusive('\n') {
            let start = end;
            end += paragraph.len();
            let paragraph = paragraph.trim_end_matches('\n');
            if paragraph.trim().is_empty() {
                continue;
            }
            let (text, marks) = match findings {
                Some(findings) => findings.body(start..start + paragraph.len(), self.rendering.paint),
                None => self.guessed(paragraph, &names),
            };
            writeln!(out)?;
            self.paragraph(&text, &marks, out)?;
        }
        Ok(())
    }

    /// Finds the names of an article in a text by how they are spelt, to colour them.
    fn guessed(&self, paragraph: &str, names: &Names) -> (String, Vec<(Range<usize>, Kind)>) {
        let text = safe_chars(paragraph);
        let marks = match self.rendering.paint {
            Paint::Plain => Vec::new(),
            Paint::Colour => names.find(&text),
        };
        (text, marks)
    }

    fn paragraph(&self, text: &str, marks: &[(Range<usize>, Kind)], out: &mut dyn Write) -> io::Result<()> {
        let mut at = 0;
        for line in wrap(text, self.width()) {
            // Lines follow one another in the text; between them only spaces are dropped.
            let start = at + text.get(at..).and_then(|rest| rest.find(line)).unwrap_or(0);
            at = start + line.len();
            writeln!(out, "{}", self.painted(text, start..at, marks))?;
        }
        Ok(())
    }

    /// Returns a stretch of text with the names in it coloured, also those that go on in the next line.
    fn painted(&self, text: &str, line: Range<usize>, coloured: &[(Range<usize>, Kind)]) -> String {
        let mut out = String::new();
        let mut at = line.start;
        let part = |range: Range<usize>| text.get(range).unwrap_or_default();
        for (range, kind) in coloured {
            let (start, end) = (range.start.max(at), range.end.min(line.end));
            if start < end {
                out.push_str(part(at..start));
                out.push_str(&kind.paint(self.rendering.paint, part(start..end)));
                at = end;
            }
        }
        out.push_str(part(at..line.end));
        isolate(out)
    }

    /// Writes what else is known, a field a line.
    fn details(&self, row: &Row, out: &mut dyn Write) -> io::Result<()> {
        let is_detail = |column: &&Column| {
            !ORIGIN.contains(&column.name.as_str())
                && !matches!(column.name.as_str(), "title" | "body" | "text" | "lede")
                && column.cell_type != CellType::Extraction
        };
        let detail = |column: &Column| {
            let kind = Kind::of_field(&column.name);
            Some((safe_chars(&column.name), self.shown(row, column)?, kind))
        };
        let details: Vec<_> = self.columns.iter().filter(is_detail).filter_map(detail).collect();
        self.lines(&details, out)
    }

    /// Writes labels with what they say, a block of them.
    fn lines(&self, lines: &[(String, String, Option<Kind>)], out: &mut dyn Write) -> io::Result<()> {
        let names = lines.iter().map(|(label, ..)| display_width(label)).max().unwrap_or(0);
        if !lines.is_empty() {
            writeln!(out)?;
        }
        for (label, text, kind) in lines {
            let room = self.width().saturating_sub(names + 2).max(LINE_WIDTH_MIN);
            let mut label = format!("{label:names$}");
            for line in wrap(text, room) {
                let line = isolate(line.to_owned());
                let line = match kind {
                    Some(kind) => kind.paint(self.rendering.paint, &line),
                    None => line,
                };
                writeln!(out, "{}  {line}", self.rendering.paint.dim(&label))?;
                label = " ".repeat(names);
            }
        }
        Ok(())
    }

    fn shown(&self, row: &Row, column: &Column) -> Option<String> {
        let cell = self.cell(row, &column.name)?;
        let text = match cell {
            Cell::Snippets(snippets) => {
                let parts = snippets.iter().flat_map(super::snippet::pieces).map(|piece| match piece {
                    Piece::Plain(text) | Piece::Match(text) => safe_chars(text),
                });
                parts.collect::<String>()
            }
            other => safe_chars(&cell_text(other, self.rendering.zone)),
        };
        (!text.is_empty()).then_some(text)
    }

    fn names(&self, row: &Row) -> Names {
        let mut names = Names::default();
        for (column, cell) in self.columns.iter().zip(&row.cells) {
            let Some(kind) = Kind::of_field(&column.name) else { continue };
            let values = match cell {
                Cell::One(value) => std::slice::from_ref(value),
                Cell::Many(values) => values,
                _ => &[],
            };
            values.iter().filter_map(|value| value.as_text()).for_each(|name| names.add(name, kind));
        }
        names
    }
}

impl Renderer for Reading {
    fn start(&mut self, _: AnswerKind, columns: &[Column], _: &mut dyn Write) -> io::Result<()> {
        self.columns = columns.to_vec();
        Ok(())
    }

    fn row(&mut self, row: &Row, out: &mut dyn Write) -> io::Result<()> {
        self.rows += 1;
        if self.rows > 1 {
            let dash = if self.rendering.unicode { "─" } else { "-" };
            writeln!(out, "\n{}\n", self.rendering.paint.dim(&dash.repeat(self.width())))?;
        }
        let findings = Findings::of(&self.columns, row);
        self.headline(row, findings.as_ref(), out)?;
        self.body(row, findings.as_ref(), out)?;
        self.details(row, out)?;
        self.lines(&findings.map_or_else(Vec::new, |findings| findings.lines()), out)
    }

    fn finish(&mut self, _: &Closing<'_>, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// The names of an article by their first letter, longest first.
#[derive(Debug, Default)]
struct Names(HashMap<char, Vec<(String, Kind)>>);

impl Names {
    /// Adds a name, and of a person the family name alone.
    fn add(&mut self, name: &str, kind: Kind) {
        let name = safe_chars(name);
        let surname = name.rsplit(' ').next().filter(|_| kind == Kind::Person && name.contains(' '));
        let surname = surname.filter(|surname| surname.chars().count() >= SURNAME_LETTERS_MIN);
        if let Some(surname) = surname {
            self.put(surname, kind);
        }
        self.put(&name, kind);
    }

    fn put(&mut self, name: &str, kind: Kind) {
        let Some(first) = name.chars().next() else { return };
        let known = self.0.entry(first).or_default();
        if known.iter().any(|(other, _)| other == name) {
            return;
        }
        let place = known.iter().position(|(other, _)| other.len() < name.len()).unwrap_or(known.len());
        known.insert(place, (name.to_owned(), kind));
    }

    /// Returns the places of names in a text, in order, none inside another or inside a word.
    fn find(&self, text: &str) -> Vec<(Range<usize>, Kind)> {
        let mut found = Vec::new();
        let mut free_from = 0;
        let mut before = ' ';
        for (at, c) in text.char_indices() {
            let starts_word = !before.is_alphanumeric();
            before = c;
            if at < free_from || !starts_word {
                continue;
            }
            let rest = text.get(at..).unwrap_or_default();
            let fits = |(name, _): &&(String, Kind)| {
                rest.strip_prefix(name.as_str())
                    .is_some_and(|after| !after.starts_with(char::is_alphanumeric))
            };
            if let Some((name, kind)) = self.0.get(&c).and_then(|names| names.iter().find(fits)) {
                free_from = at + name.len();
                found.push((at..free_from, *kind));
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exec::{Answer, CellType};
    use crate::render::{Format, write_answer};
    use crate::schema::FieldType;

    fn read(rendering: Rendering) -> String {
        let column = |name: &str, many: bool| Column {
            name: name.to_owned(),
            cell_type: CellType::Field(FieldType::Keyword),
            many,
        };
        let many = |values: &[&str]| Cell::Many(values.iter().map(|value| (*value).into()).collect());
        let answer = Answer {
            kind: AnswerKind::Show,
            columns: vec![
                column("title", false),
                column("source", false),
                column("person", true),
                column("place", true),
                column("org", true),
                column("body", false),
            ],
            rows: vec![Row {
                id: None,
                cells: vec![
                    Cell::One("Talks in Damascus".into()),
                    Cell::One("AFP".into()),
                    many(&["Javad Zarif"]),
                    many(&["Idlib", "Idlib Province"]),
                    Cell::Many(Vec::new()),
                    Cell::One("Javad Zarif\u{1b}[2J spoke of Idlib Province.\n\nZarif left Idlibis.".into()),
                ],
            }],
            ..Answer::default()
        };
        let mut out = Vec::new();
        write_answer(&answer, Format::Table, rendering, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_article_reads_from_headline_to_details() {
        let plain = read(Rendering { width: Some(30), ..Rendering::default() });
        assert_eq!(
            plain,
            "Talks in Damascus\nAFP\n\nJavad Zarif␛[2J spoke of Idlib\nProvince.\n\nZarif left Idlibis.\n\n\
             person  Javad Zarif\nplace   Idlib; Idlib Province\n"
        );
    }

    #[test]
    fn names_have_the_colour_of_their_kind() {
        let text = read(Rendering { paint: Paint::Colour, ..Rendering::default() });
        assert!(text.contains("\u{1b}[35mJavad Zarif\u{1b}[0m␛"), "{text}");
        assert!(text.contains("\u{1b}[32mIdlib Province\u{1b}[0m."), "{text}");
        assert!(text.contains("\u{1b}[35mZarif\u{1b}[0m left Idlibis."), "{text}");
    }
}
