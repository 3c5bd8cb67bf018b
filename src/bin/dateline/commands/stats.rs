//! `dateline stats`: how large an archive is and what it holds.

use dateline::database::Stats;
use dateline::exec::{Answer, AnswerKind, Cell, CellType, Column, Row};
use dateline::render::{grouped, write_answer};
use dateline::schema::FieldType;
use dateline::value::Value;

use crate::args::{Cli, DatabaseArgs};
use crate::console::Console;
use crate::failure::{Exit, Failure};
use crate::shell::Shell;

/// One figure: as programs read it, and as people do.
struct Figure {
    name: String,
    value: Value,
    shown: String,
}

/// Shows the figures of an archive.
///
/// # Errors
///
/// Where the archive cannot be opened or read.
pub fn run(args: &DatabaseArgs, cli: &Cli, console: &Console) -> Result<Exit, Failure> {
    let mut shell = Shell::open(cli, &args.database, console)?;
    write(&mut shell)?;
    Ok(Exit::Success)
}

/// Writes the figures of a session's archive.
///
/// # Errors
///
/// Where they cannot be read or written.
pub fn write(shell: &mut Shell) -> Result<(), Failure> {
    shell.view()?;
    let stats = shell.archive.reader().stats().map_err(|error| Failure::of_library(&error))?;
    let format = shell.settings.format;
    let row = |figure: Figure| {
        let value = if format.is_for_people() { Value::Text(figure.shown) } else { figure.value };
        Row { id: None, cells: vec![Cell::One(Value::Text(figure.name)), Cell::One(value)] }
    };
    let column = |name: &str| Column {
        name: name.to_owned(),
        cell_type: CellType::Field(FieldType::Keyword),
        many: false,
    };
    let answer = Answer {
        kind: AnswerKind::List,
        columns: vec![column("figure"), column("value")],
        rows: figures(&stats).into_iter().map(row).collect(),
        ..Answer::default()
    };
    let rendering = shell.rendering(format, None, "stats");
    write_answer(&answer, format, rendering, shell.output.writer(format))
        .map_err(|error| Failure::of_output(&error))?;
    shell.output.end_result()
}

fn figures(stats: &Stats) -> Vec<Figure> {
    let count = |name: &str, count: u64| Figure {
        name: name.to_owned(),
        value: number(count),
        shown: grouped(count),
    };
    let bytes =
        |name: &str, bytes: u64| Figure { name: name.to_owned(), value: number(bytes), shown: size(bytes) };
    let mut figures = vec![count("articles", stats.articles)];
    if let Some((first, last)) = stats.dates {
        let date = |name: &str, date: dateline::date::Date| Figure {
            name: name.to_owned(),
            value: Value::Date(date),
            shown: date.to_string(),
        };
        figures.extend([date("first date", first), date("last date", last)]);
    }
    figures.extend(stats.extractors.iter().map(|&(version, articles)| match version {
        0 => count("not extracted", articles),
        version => count(&format!("extracted by version {version}"), articles),
    }));
    figures.extend([
        count("declared fields", stats.declared_fields),
        count("segments", stats.segments),
        count("replaced or deleted", stats.dead),
        count("commits", stats.seq),
        bytes("disk", stats.disk.total_bytes),
        bytes("disk: segments", stats.disk.segments_bytes),
        bytes("disk: records", stats.disk.records_bytes),
        bytes("disk: journal", stats.disk.journal_bytes),
    ]);
    figures.extend(stats.sections.iter().map(|(name, size)| bytes(&format!("index: {name}"), *size)));
    figures
}

fn number(count: u64) -> Value {
    Value::from(i64::try_from(count).unwrap_or(i64::MAX))
}

/// Returns a size as people read it: `512 B`, `12.3 MiB`.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if bytes < 1_024 {
        return format!("{bytes} B");
    }
    let mut size = bytes as f64 / 1_024.0;
    let mut unit = UNITS.iter();
    let mut name = unit.next().unwrap_or(&"KiB");
    while size >= 1_024.0
        && let Some(next) = unit.next()
    {
        size /= 1_024.0;
        name = next;
    }
    format!("{size:.1} {name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_in_their_unit() {
        assert_eq!(size(512), "512 B");
        assert_eq!(size(1_536), "1.5 KiB");
        assert_eq!(size(5 << 30), "5.0 GiB");
    }
}
