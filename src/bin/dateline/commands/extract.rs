//! `dateline extract`: what extraction finds in articles, one object a line, without a database.

use dateline::article::Original;
use dateline::date::Date;
use dateline::extract::layout::lay_out;
use dateline::extract::{Extractor, json};
use dateline::import::{Options, Originals, Unread};
use dateline::render::Format;

use crate::args::{Cli, ExtractArgs};
use crate::console::Console;
use crate::failure::{Exit, Failure, Note};
use crate::output::Output;

/// Prints one object an article, in input order; a row that cannot be used has an object that says why.
///
/// # Errors
///
/// Where a path is not there, the output cannot be written, or some row could not be used.
pub fn run(args: &ExtractArgs, cli: &Cli, console: &Console) -> Result<Exit, Failure> {
    check_format(cli.common.format)?;
    let options = Options { format: args.input_format, ..Options::default() };
    let originals = Originals::open(&args.paths, &options)
        .map_err(|error| Failure::new(Exit::Io, Note::error(error.to_string())))?;
    let mut output = Output::new(cli.common.output.as_deref(), None)?;
    let extractor = Extractor::new();
    let mut unread: u64 = 0;
    for row in originals {
        let line = match row {
            Ok(original) => annotate(&extractor, *original, args.date),
            Err(row) => {
                unread += 1;
                complaint(&row)
            }
        };
        writeln!(output.writer(Format::Ndjson), "{line}").map_err(|error| Failure::of_output(&error))?;
        if cli.common.line_buffered {
            output.writer(Format::Ndjson).flush().map_err(|error| Failure::of_output(&error))?;
        }
    }
    output.end_result()?;
    if unread == 0 {
        return Ok(Exit::Success);
    }
    console.remark(&format!("rows that could not be used: {unread}"));
    Ok(Exit::Io)
}

fn check_format(format: Option<Format>) -> Result<(), Failure> {
    match format {
        None | Some(Format::Ndjson) => Ok(()),
        Some(other) => {
            let note = Note::error(format!("an extraction has no form as {other}"));
            Err(Failure::usage(note.help("write --format ndjson, or leave --format out")))
        }
    }
}

/// Extracts with the article's own date, else the one its text states, else `date`.
fn annotate(extractor: &Extractor, mut original: Original, date: Option<Date>) -> String {
    let article = &mut original.article;
    if date.is_some() && article.date.is_none() {
        article.date = lay_out(article, &article.text()).date.or(date);
    }
    let found = extractor.extract(&original.article);
    json::object(&original, &found)
}

fn complaint(row: &Unread) -> String {
    let rejection = &row.rejection;
    let error = format!("{}:{}: {}", rejection.file.display(), rejection.line, rejection.reason);
    format!(r#"{{"id":{},"error":{}}}"#, serde_json::json!(row.id), serde_json::json!(error))
}
