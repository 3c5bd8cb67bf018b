//! CSV and TSV to members: the header names them, every further row is an article.

use std::io::BufRead;

use serde_json::Value as Json;

use super::error::Fault;
use super::members::{Members, carries_text};
use super::options::Mapping;
use super::rows::{Parsed, check_utf8};
use super::split::{RawRow, Shape, Splitter};

/// What may stand between cells, likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The rows of a table.
pub(super) struct CsvRows<R> {
    rows: Splitter<R>,
    delimiter: u8,
    map: Vec<Mapping>,
    /// The names of the columns; `None` until the first row is read, or where it is no header.
    header: Option<Vec<String>>,
    is_first: bool,
}

impl<R: BufRead> CsvRows<R> {
    /// Returns the rows of a table whose cells are parted by `delimiter`.
    pub(super) fn new(input: R, delimiter: u8, map: &[Mapping]) -> CsvRows<R> {
        let rows = Splitter::new(input, Shape::csv(delimiter));
        CsvRows { rows, delimiter, map: map.to_vec(), header: None, is_first: true }
    }

    fn next_row(&mut self) -> Option<RawRow> {
        let is_blank = |row: &RawRow| row.fault.is_none() && row.bytes.iter().all(u8::is_ascii_whitespace);
        self.rows.by_ref().find(|row| !is_blank(row))
    }

    fn read_header(&self, row: &mut RawRow) -> Result<Vec<String>, Fault> {
        if let Some(fault) = row.fault.take() {
            return Err(fault);
        }
        let header = cells_of(row, self.delimiter)?;
        if header.iter().any(|name| carries_text(name, &self.map)) {
            return Ok(header);
        }
        Err(Fault::Header { columns: header.join(", ").chars().take(200).collect() })
    }

    fn members_of(&self, row: &RawRow, header: &[String]) -> Result<Members, Fault> {
        let cells = cells_of(row, self.delimiter)?;
        if cells.len() != header.len() {
            return Err(Fault::Cells { found: cells.len(), expected: header.len() });
        }
        // Columns without a name are the row numbers of whatever wrote the table.
        let named = header.iter().zip(cells).filter(|(name, _)| !name.trim().is_empty());
        let pairs = named.map(|(name, cell)| (name.clone(), Json::String(cell))).collect();
        Ok(Members { pairs, typed: false, alone: false })
    }
}

impl<R: BufRead> Iterator for CsvRows<R> {
    type Item = Parsed;

    fn next(&mut self) -> Option<Parsed> {
        let mut row = self.next_row()?;
        if std::mem::take(&mut self.is_first) {
            match self.read_header(&mut row) {
                Ok(header) => self.header = Some(header),
                Err(fault) => return Some(Parsed { line: row.line, row: row.bytes, members: Err(fault) }),
            }
            row = self.next_row()?;
        }
        // Without a header the cells mean nothing, and the header's own rejection says so.
        let header = self.header.as_ref()?;
        let members = match row.fault.take() {
            Some(fault) => Err(fault),
            None => self.members_of(&row, header),
        };
        Some(Parsed { line: row.line, row: row.bytes, members })
    }
}

fn cells_of(row: &RawRow, delimiter: u8) -> Result<Vec<String>, Fault> {
    let text = check_utf8(&row.bytes, row.offset)?;
    let mut builder = csv::ReaderBuilder::new();
    let mut reader =
        builder.has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let record = reader.records().next().transpose();
    let record = record.map_err(|error| Fault::Read { message: error.to_string() })?;
    Ok(record.map(|cells| cells.iter().map(str::to_owned).collect()).unwrap_or_default())
}

/// Returns what parts the cells of the header that `head` begins with: the commonest of the candidates.
pub(super) fn delimiter_of(head: &[u8]) -> u8 {
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or(head);
    let count = |delimiter: &u8| line.iter().filter(|byte| *byte == delimiter).count();
    // The last of equal maxima wins, and the likeliest stands first.
    DELIMITERS.into_iter().rev().max_by_key(count).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Parsed> {
        CsvRows::new(text.as_bytes(), delimiter_of(text.as_bytes()), &[]).collect()
    }

    #[test]
    fn the_header_names_the_cells() {
        let rows = read("title,body,\nTalks,\"They\nmet.\",1\n\nMore,Text,2\n");
        assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 5]);
        let members = rows[0].members.clone().unwrap();
        assert_eq!(members.pairs, [("title".into(), "Talks".into()), ("body".into(), "They\nmet.".into())]);
        assert!(!members.typed && !members.alone);
    }

    #[test]
    fn delimiters_are_found_in_the_header() {
        assert_eq!(delimiter_of(b"title;body, long;date\n"), b';');
        assert_eq!(delimiter_of(b"title\tbody\n,,,,,"), b'\t');
        assert_eq!(delimiter_of(b"title"), b',');
    }

    #[test]
    fn rows_of_another_width_are_faults() {
        let rows = read("title,body\na,b,c\nd,e\nf,\"g\n");
        assert_eq!(rows[0].members, Err(Fault::Cells { found: 3, expected: 2 }));
        assert!(rows[1].members.is_ok());
        assert_eq!(rows[2].members, Err(Fault::OpenQuote));
    }

    #[test]
    fn a_table_without_text_is_one_fault() {
        let rows = read("name,rank\na,1\nb,2\n");
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].members, Err(Fault::Header { columns: "name, rank".into() }));
        assert!(read("").is_empty());
        assert_eq!(read("title,\"body\na,b\n")[0].members, Err(Fault::OpenQuote));
    }
}
