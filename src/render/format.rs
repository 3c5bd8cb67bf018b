//! The formats and what a reader may set about them.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use thiserror::Error;

use crate::date::Offset;
use crate::query::ast::ExportFormat;

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Aligned columns that fit the screen; for people.
    #[cfg(feature = "cli")]
    Table,
    /// One line a value, nothing shortened; for people.
    Line,
    /// Tab-separated values with `\t`, `\n`, `\r` and `\\` escaped.
    Tsv,
    /// Comma-separated values as RFC 4180 has them, lines ended by LF.
    Csv,
    /// One object a statement.
    Json,
    /// One object a row.
    Ndjson,
    /// A table in GitHub's Markdown.
    Markdown,
    /// A page for a browser, with extracts and charts.
    Html,
    /// The chart of a `timeline`, `top`, `pairs` or `count by`.
    Svg,
}

impl Format {
    /// Lists every format, in the order that help texts name them.
    pub const ALL: &'static [Format] = &[
        #[cfg(feature = "cli")]
        Format::Table,
        Format::Line,
        Format::Csv,
        Format::Tsv,
        Format::Json,
        Format::Ndjson,
        Format::Markdown,
        Format::Html,
        Format::Svg,
    ];

    /// Returns the name that options use.
    pub fn name(self) -> &'static str {
        match self {
            #[cfg(feature = "cli")]
            Format::Table => "table",
            Format::Line => "line",
            Format::Tsv => "tsv",
            Format::Csv => "csv",
            Format::Json => "json",
            Format::Ndjson => "ndjson",
            Format::Markdown => "markdown",
            Format::Html => "html",
            Format::Svg => "svg",
        }
    }

    /// Returns the format that a file's ending stands for: those of `export to`, and the formats for people.
    ///
    /// # Examples
    ///
    /// ```
    /// use dateline::render::Format;
    ///
    /// assert_eq!(Format::of_file("report.htm"), Some(Format::Html));
    /// assert_eq!(Format::of_file("notes.txt"), Some(Format::Line));
    /// assert_eq!(Format::of_file("report.pdf"), None);
    /// ```
    pub fn of_file(path: impl AsRef<Path>) -> Option<Format> {
        let path = path.as_ref();
        let ending = || Some(path.extension()?.to_str()?.to_ascii_lowercase());
        match ExportFormat::of_file(path) {
            Some(format) => format.name().parse().ok(),
            None if ending()? == "txt" => Some(Format::Line),
            None => ending()?.parse().ok(),
        }
    }

    /// Tells whether the format is read by people, who want dates in words, hints and shortened values.
    pub fn is_for_people(self) -> bool {
        match self {
            #[cfg(feature = "cli")]
            Format::Table => true,
            Format::Line => true,
            _ => false,
        }
    }

    /// Tells whether the rows carry total, cursor and warnings themselves, so that no trailer is needed.
    pub fn carries_closing(self) -> bool {
        self == Format::Json
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Format, UnknownFormat> {
        let matching = |format: &&Format| format.name().eq_ignore_ascii_case(name);
        Format::ALL.iter().find(matching).copied().ok_or_else(|| UnknownFormat { name: name.to_owned() })
    }
}

/// Says that no format has this name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}", advice(name))]
pub struct UnknownFormat {
    /// The name as given.
    pub name: String,
}

/// Returns what to do about a name; one of them is a format of the language that a package of its own writes.
fn advice(name: &str) -> String {
    if name.eq_ignore_ascii_case(ExportFormat::Parquet.name()) {
        return "`parquet` is written by a package of its own, dateline-parquet (folder parquet/ of the sources): \
            dateline-parquet DB 'QUERY' --output FILE.parquet"
            .to_owned();
    }
    format!("there is no format `{name}`; write one of {}", names())
}

fn names() -> String {
    Format::ALL.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ")
}

/// What may be set about the way rows are written.
#[derive(Debug, Clone)]
pub struct Rendering {
    /// The zone that timestamps are shown in.
    pub zone: Offset,
    /// Whether a header names the columns of tsv, csv, markdown and tables.
    pub header: bool,
    /// The number of the statement, from 1, where a run has several; ndjson and json show it.
    pub statement: Option<u32>,
    /// Whether an earlier result of this format stands in the same place: a page goes on, and a drawing cannot.
    pub continues: bool,
    /// Whether the rows go to a terminal, so that control characters must not reach it in any format.
    pub on_screen: bool,
    /// Columns of the screen that a table must fit; `None` for no bound.
    pub width: Option<usize>,
    /// Whether tables are coloured.
    pub paint: Paint,
    /// Whether tables draw bars and sparklines.
    pub plot: bool,
    /// Whether drawings may use characters beyond ASCII.
    pub unicode: bool,
    /// The statement as it was written, which pages and charts show as their title.
    pub query: Option<String>,
}

impl Default for Rendering {
    fn default() -> Rendering {
        Rendering {
            zone: Offset::UTC,
            header: true,
            statement: None,
            continues: false,
            on_screen: false,
            width: None,
            paint: Paint::Plain,
            plot: true,
            unicode: true,
            query: None,
        }
    }
}

/// Whether text is coloured by ANSI escapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Paint {
    /// No escapes at all.
    #[default]
    Plain,
    /// Bold, dim and colours.
    Colour,
}

impl Paint {
    /// Returns `text` in bold.
    pub fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    /// Returns `text` dimmed.
    pub fn dim(self, text: &str) -> String {
        self.wrap("2", text)
    }

    /// Returns `text` as a marked match.
    pub fn highlight(self, text: &str) -> String {
        self.wrap("1;33", text)
    }

    /// Returns `text` in the colour of drawings.
    pub fn bar(self, text: &str) -> String {
        self.wrap("36", text)
    }

    /// Returns `text` in the colour of people.
    pub fn person(self, text: &str) -> String {
        self.wrap("35", text)
    }

    /// Returns `text` in the colour of places.
    pub fn place(self, text: &str) -> String {
        self.wrap("32", text)
    }

    /// Returns `text` in the colour of organisations.
    pub fn org(self, text: &str) -> String {
        self.wrap("34", text)
    }

    fn wrap(self, codes: &str, text: &str) -> String {
        match self {
            Paint::Plain => text.to_owned(),
            Paint::Colour if text.is_empty() => String::new(),
            Paint::Colour => format!("\u{1b}[{codes}m{text}\u{1b}[0m"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for format in Format::ALL {
            assert_eq!(format.name().parse::<Format>().unwrap(), *format);
        }
        assert_eq!("TSV".parse::<Format>().unwrap(), Format::Tsv);
        let message = "xml".parse::<Format>().unwrap_err().to_string();
        assert!(message.contains("`xml`") && message.contains("ndjson"), "{message}");
    }
}
