//! A report page: rows, extracts and chart in one file that any browser opens without asking anyone else for anything.
//!
//! Several results in one place make one page: the first opens it, and every one adds a section. HTML lets the end tags of
//! `body` and `html` be left out, so that no result needs to know whether it is the last.

use std::io::{self, Write};

use super::cell::cell_text;
use super::chart::ChartRows;
use super::escape::{link, markup};
use super::format::Rendering;
use super::snippet::{Piece, pieces};
use super::svg::svg;
use super::trailer::percent;
use super::{Closing, Renderer};
use crate::exec::{AnswerKind, Cell, CellType, Column, Row, Snippet};
use crate::schema::FieldType;
use crate::value::{Number, Value};

/// The browser itself refuses whatever is not in the file.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const STYLE: &str = "\
body{font:16px/1.5 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}\
h1{font-size:1.1rem;font-family:ui-monospace,monospace;font-weight:600;white-space:pre-wrap;border-bottom:1px solid #ddd;padding-bottom:.5rem}\
h2{font-size:1.15rem;margin:1.5rem 0 .2rem}a{color:#0b57a4}.meta,.note{color:#666;font-size:.9rem;margin:.2rem 0}\
blockquote{margin:.4rem 0;padding-left:.8rem;border-left:3px solid #ddd}mark{background:#ffe58a}\
table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid #eee;vertical-align:top}\
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}svg{max-width:100%;height:auto}dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem}\
dt{color:#666}dd{margin:0;overflow-wrap:anywhere}pre{white-space:pre-wrap}\
@media(prefers-color-scheme:dark){body{background:#1b1b1b;color:#ddd}a{color:#8ab4f8}mark{background:#7a6500;color:#fff}.meta,.note,dt{color:#999}\
h1,th,td,blockquote{border-color:#444}}";

/// Writes a page, or a section of one.
pub(super) struct Html {
    rendering: Rendering,
    columns: Vec<Column>,
    layout: Layout,
    /// The numbers of the chart above the table.
    chart: Option<ChartRows>,
    /// Rows of a table that stands under a chart.
    body: Vec<u8>,
    rows: u64,
}

/// How rows look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// A table under an optional chart.
    Table,
    /// Articles one under the other: the column of the title.
    Articles { title: usize },
    /// Whole articles.
    Reading,
    /// Lines of text, as those of a plan.
    Text,
}

impl Html {
    pub(super) fn new(rendering: Rendering) -> Html {
        Html { rendering, columns: Vec::new(), layout: Layout::Table, chart: None, body: Vec::new(), rows: 0 }
    }

    fn page_start(&self, out: &mut dyn Write) -> io::Result<()> {
        let title = self.rendering.query.as_deref().map_or("dateline".to_owned(), markup);
        write!(
            out,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
             <meta name=\"generator\" content=\"dateline\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        )
    }

    fn layout_of(&self, kind: AnswerKind) -> Layout {
        let title = self.columns.iter().position(|column| column.name == "title");
        match (kind, title) {
            (AnswerKind::Show, _) => Layout::Reading,
            (AnswerKind::Explain, _) => Layout::Text,
            (AnswerKind::Find, Some(title)) => Layout::Articles { title },
            _ => Layout::Table,
        }
    }

    fn table_row(&self, row: &Row) -> String {
        let cells = row.cells.iter().zip(&self.columns).map(|(cell, column)| {
            let class = if is_number(column) { " class=\"n\"" } else { "" };
            let text = match cell {
                Cell::One(Value::Number(number)) if column.name == "share" => percent(number.as_f64()),
                cell => self.cell(cell),
            };
            format!("<td{class}>{text}</td>")
        });
        format!("<tr>{}</tr>\n", cells.collect::<String>())
    }

    fn cell(&self, cell: &Cell) -> String {
        match cell {
            Cell::Snippets(snippets) => snippets.iter().map(marked).collect::<Vec<_>>().join(" … "),
            Cell::One(Value::Number(Number::Decimal(number))) => format!("{number:.3}"),
            other => {
                let text = cell_text(other, self.rendering.zone);
                match link(&text) {
                    Some(address) => {
                        format!("<a href=\"{address}\" rel=\"noreferrer\">{}</a>", markup(&text))
                    }
                    None => markup(&text),
                }
            }
        }
    }

    fn text_of(&self, row: &Row, name: &str) -> Option<String> {
        let at = self.columns.iter().position(|column| column.name == name)?;
        let text = cell_text(row.cells.get(at)?, self.rendering.zone);
        (!text.is_empty()).then_some(text)
    }

    /// Returns the title of an article, linked to its page on the web where that is known.
    fn heading(&self, row: &Row, title: &str) -> String {
        let address = ["url", "key"].iter().find_map(|name| link(&self.text_of(row, name)?));
        match address {
            Some(address) => {
                format!("<h2><a href=\"{address}\" rel=\"noreferrer\">{}</a></h2>\n", markup(title))
            }
            None => format!("<h2>{}</h2>\n", markup(title)),
        }
    }

    fn article(&self, row: &Row, title: usize) -> String {
        let text = |cell: &Cell| cell_text(cell, self.rendering.zone);
        let name = row.cells.get(title).map(text).filter(|text| !text.is_empty());
        let mut out = format!("<article>\n{}", self.heading(row, name.as_deref().unwrap_or("(no title)")));
        let mut meta = Vec::new();
        let mut extracts = String::new();
        for (at, (cell, column)) in row.cells.iter().zip(&self.columns).enumerate() {
            match cell {
                Cell::Snippets(snippets) => {
                    extracts.extend(
                        snippets
                            .iter()
                            .map(|snippet| format!("<blockquote>{}</blockquote>\n", marked(snippet))),
                    );
                }
                _ if at == title || matches!(column.name.as_str(), "id" | "url" | "key") => {}
                cell => {
                    meta.extend(Some(text(cell)).filter(|text| !text.is_empty()).map(|text| markup(&text)))
                }
            }
        }
        if !meta.is_empty() {
            out.push_str(&format!("<p class=\"meta\">{}</p>\n", meta.join(" · ")));
        }
        out + &extracts + "</article>\n"
    }

    /// Returns a whole article: title, fields, paragraphs.
    fn reading(&self, row: &Row) -> String {
        let title = self.text_of(row, "title");
        let mut out =
            format!("<article>\n{}<dl>\n", self.heading(row, title.as_deref().unwrap_or("(no title)")));
        for (cell, column) in row.cells.iter().zip(&self.columns) {
            let text = cell_text(cell, self.rendering.zone);
            if !text.is_empty() && !matches!(column.name.as_str(), "title" | "body" | "text") {
                out.push_str(&format!("<dt>{}</dt><dd>{}</dd>\n", markup(&column.name), self.cell(cell)));
            }
        }
        out.push_str("</dl>\n");
        let body = self.text_of(row, "body").unwrap_or_default();
        for paragraph in body.split('\n').filter(|line| !line.trim().is_empty()) {
            out.push_str(&format!("<p dir=\"auto\">{}</p>\n", markup(paragraph)));
        }
        out + "</article>\n"
    }

    fn table_start(&self) -> String {
        let names = self.columns.iter().map(|column| {
            let class = if is_number(column) { " class=\"n\"" } else { "" };
            format!("<th{class} scope=\"col\">{}</th>", markup(&column.name))
        });
        format!("<table>\n<thead><tr>{}</tr></thead>\n<tbody>\n", names.collect::<String>())
    }

    fn foot(&self, closing: &Closing<'_>, out: &mut dyn Write) -> io::Result<()> {
        let total = closing.total.filter(|total| *total > self.rows);
        let of = total.map_or(String::new(), |total| format!(" of {total}"));
        let rows = if self.rows == 1 { "row" } else { "rows" };
        writeln!(out, "<p class=\"note\">{}{of} {rows}</p>", self.rows)?;
        for warning in closing.warnings {
            writeln!(out, "<p class=\"note\">{}: {}</p>", warning.code, markup(&warning.message))?;
        }
        writeln!(out, "</section>")
    }
}

/// Returns an extract with its matches marked.
fn marked(snippet: &Snippet) -> String {
    let mark = |piece| match piece {
        Piece::Plain(text) => markup(text),
        Piece::Match(text) => format!("<mark>{}</mark>", markup(text)),
    };
    pieces(snippet).into_iter().map(mark).collect()
}

fn is_number(column: &Column) -> bool {
    column.cell_type == CellType::Field(FieldType::Number) && !column.many
}

impl Renderer for Html {
    fn start(&mut self, kind: AnswerKind, columns: &[Column], out: &mut dyn Write) -> io::Result<()> {
        self.columns = columns.to_vec();
        self.layout = self.layout_of(kind);
        self.chart = ChartRows::of(kind, columns, self.rendering.zone).filter(|_| self.rendering.plot);
        if !self.rendering.continues {
            self.page_start(out)?;
        }
        let query = self.rendering.query.as_deref().map(markup);
        writeln!(out, "<section>")?;
        query.map_or(Ok(()), |query| writeln!(out, "<h1>{query}</h1>"))?;
        match self.layout {
            Layout::Table if self.chart.is_some() => Ok(()),
            Layout::Table => out.write_all(self.table_start().as_bytes()),
            Layout::Text => out.write_all(b"<pre>\n"),
            Layout::Articles { .. } | Layout::Reading => Ok(()),
        }
    }

    fn row(&mut self, row: &Row, out: &mut dyn Write) -> io::Result<()> {
        self.rows += 1;
        let text = match self.layout {
            Layout::Table => self.table_row(row),
            Layout::Articles { title } => self.article(row, title),
            Layout::Reading => self.reading(row),
            Layout::Text => row.cells.iter().map(|cell| self.cell(cell) + "\n").collect(),
        };
        match &mut self.chart {
            Some(chart) => {
                chart.add(row);
                self.body.extend_from_slice(text.as_bytes());
                Ok(())
            }
            None => out.write_all(text.as_bytes()),
        }
    }

    fn finish(&mut self, closing: &Closing<'_>, out: &mut dyn Write) -> io::Result<()> {
        if let Some(chart) = self.chart.take().map(ChartRows::chart) {
            let title = self.rendering.query.as_deref().unwrap_or_default();
            out.write_all(svg(chart.as_ref(), title).as_bytes())?;
            out.write_all(self.table_start().as_bytes())?;
            out.write_all(&std::mem::take(&mut self.body))?;
        }
        match self.layout {
            Layout::Table => out.write_all(b"</tbody>\n</table>\n")?,
            Layout::Text => out.write_all(b"</pre>\n")?,
            Layout::Articles { .. } | Layout::Reading => {}
        }
        self.foot(closing, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exec::Answer;
    use crate::render::{Format, write_answer};

    fn column(name: &str, field: FieldType) -> Column {
        Column { name: name.to_owned(), cell_type: CellType::Field(field), many: false }
    }

    fn page(answer: &Answer, statement: Option<u32>, continues: bool) -> String {
        let query = Some("find \"<Idlib>\"".to_owned());
        let rendering = Rendering { query, statement, continues, ..Rendering::default() };
        let mut out = Vec::new();
        write_answer(answer, Format::Html, rendering, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn found() -> Answer {
        let snippet =
            Snippet { field: "body".into(), text: "the <Idlib> camp".into(), matches: vec![(5, 10)] };
        let extracts = Column { name: "snippets".into(), cell_type: CellType::Snippets, many: true };
        Answer {
            columns: vec![
                column("key", FieldType::Keyword),
                column("title", FieldType::Text),
                column("source", FieldType::Keyword),
                extracts,
            ],
            rows: vec![Row {
                id: None,
                cells: vec![
                    Cell::One("javascript:alert(1)".into()),
                    Cell::One("<img src=x onerror=alert(1)>".into()),
                    Cell::One("AFP".into()),
                    Cell::Snippets(vec![snippet]),
                ],
            }],
            ..Answer::default()
        }
    }

    #[test]
    fn articles_are_text_with_their_matches_marked() {
        let page = page(&found(), None, false);
        assert!(page.contains("<h2>&lt;img src=x onerror=alert(1)&gt;</h2>"), "{page}");
        assert!(page.contains("the &lt;<mark>Idlib</mark>&gt; camp"), "{page}");
        assert!(
            page.contains("<h1>find &quot;&lt;Idlib&gt;&quot;</h1>") && !page.contains("href="),
            "{page}"
        );
        assert!(page.contains("default-src 'none'"));
    }

    #[test]
    fn a_page_is_opened_by_its_first_result_whatever_its_number() {
        let second = page(&found(), None, true);
        assert!(second.starts_with("<section>") && !second.contains("<head>"), "{second}");
        let first = page(&found(), Some(2), false);
        assert!(first.starts_with("<!doctype html>"), "{first}");
    }

    #[test]
    fn numbers_are_drawn_above_their_table() {
        let answer = Answer {
            kind: AnswerKind::Top,
            columns: vec![column("value", FieldType::Keyword), column("articles", FieldType::Number)],
            rows: vec![Row { id: None, cells: vec![Cell::One("Idlib".into()), Cell::One(2.into())] }],
            ..Answer::default()
        };
        let page = page(&answer, None, false);
        let (chart, table) = (page.find("<svg").unwrap(), page.find("<table>").unwrap());
        assert!(chart < table && page.contains("<td class=\"n\">2</td>"), "{page}");
    }
}
