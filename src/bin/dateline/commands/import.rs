//! `dateline import`: articles into a database.

use std::path::{Path, PathBuf};

use dateline::database::{self, Database, ImportCounts, ImportOptions, ImportSummary, Options};
use dateline::import;
use dateline::render::{article_count, grouped};

use super::watch;
use crate::args::{DateFrom, ImportArgs, OnDuplicate};
use crate::console::Console;
use crate::failure::{Exit, Failure, Note};
use crate::interrupt;
use crate::progress::{Progress, Reached};
use crate::session::{Archive, is_database};

/// Imports paths into a database, which is made where it does not exist.
///
/// # Errors
///
/// Where the database cannot be written, a path not be read, or, with `--strict`, where rows were rejected.
pub fn run(args: &ImportArgs, strict: bool, console: &Console) -> Result<Exit, Failure> {
    let how = options(args)?;
    for path in args.paths.iter().filter(|path| *path != Path::new("-")) {
        if !path.exists() {
            let note = Note::error(format!("there is nothing at {}", path.display()));
            return Err(Failure::new(
                Exit::Io,
                note.help("name folders or files of articles, or - for standard input"),
            ));
        }
    }
    if args.dry_run && !is_database(&args.database) {
        return tried(args, strict, console);
    }
    let options = Options { create: true, ..Options::default() };
    let mut database =
        Database::open_with(&args.database, options).map_err(|error| Failure::of_library(&error))?;
    // What changes while the import runs is seen by the first look after it.
    let before = if args.watch { watch::look(&args.paths) } else { watch::Look::new() };
    let summary = import_into(&mut database, &args.paths, how.clone(), console)?;
    report(args, &summary, &args.database, database.snapshot().articles(), console);
    let mut exit = if summary.cancelled { Exit::Interrupted } else { Exit::Success };
    if args.watch && exit == Exit::Success {
        exit = watch::watch(&mut database, args, &how, before, console)?;
    }
    database.close().map_err(|error| Failure::of_library(&error))?;
    if strict && summary.counts.rejected > 0 {
        return Err(said_rejects(&summary));
    }
    Ok(exit)
}

/// Counts what an import into a database that does not exist would do, and makes none.
fn tried(args: &ImportArgs, strict: bool, console: &Console) -> Result<Exit, Failure> {
    let mut nothing = Archive::nothing()?;
    let summary = import_into(nothing.writer()?, &args.paths, options(args)?, console)?;
    report(args, &summary, &args.database, 0, console);
    match summary.cancelled {
        true => Ok(Exit::Interrupted),
        false if strict && summary.counts.rejected > 0 => Err(said_rejects(&summary)),
        false => Ok(Exit::Success),
    }
}

/// Imports paths into the archive of a session.
///
/// # Errors
///
/// A refusal where the session only reads, and those of [`run`].
pub fn into_archive(archive: &mut Archive, args: &ImportArgs, console: &Console) -> Result<(), Failure> {
    let path = archive.path().to_owned();
    let database = archive.writer()?;
    let summary = import_into(database, &args.paths, options(args)?, console)?;
    let articles = database.snapshot().articles();
    report(args, &summary, &path, articles, console);
    Ok(())
}

/// Imports with progress; Ctrl-C ends it after the batch at hand.
///
/// # Errors
///
/// Where the database cannot be written or a path not be read.
pub fn import_into(
    database: &mut Database,
    paths: &[PathBuf],
    mut how: ImportOptions,
    console: &Console,
) -> Result<ImportSummary, Failure> {
    let mut progress = Progress::new(label(paths), console);
    let summary = interrupt::cancellable(|cancel| {
        how.cancel = cancel.clone();
        let mut show = |reached: &database::Progress| progress.show(reached_of(reached));
        database.import(paths, &how, &mut show)
    });
    progress.finish();
    summary.map_err(|error| Failure::of_library(&error))
}

fn reached_of(progress: &database::Progress) -> Reached {
    Reached {
        rows: progress.rows,
        rejected: progress.counts.rejected,
        read_bytes: progress.read_bytes,
        total_bytes: progress.total_bytes,
    }
}

fn label(paths: &[PathBuf]) -> String {
    match paths {
        [only] => only.file_name().unwrap_or(only.as_os_str()).to_string_lossy().into_owned(),
        several => format!("{} paths", several.len()),
    }
}

fn options(args: &ImportArgs) -> Result<ImportOptions, Failure> {
    let map = args.map.iter().map(|text| text.parse());
    let map = map.collect::<Result<_, import::ImportError>>().map_err(|error| {
        Failure::usage(
            Note::error(error.to_string()).help("write: --map field=member, as --map body=article_text"),
        )
    })?;
    let rows = import::Options {
        format: args.input_format,
        date: args.date,
        date_from_mtime: args.date_from == Some(DateFrom::Mtime),
        source: args.source.clone(),
        map,
        only: None,
    };
    let on_duplicate = match args.on_duplicate {
        OnDuplicate::Skip => database::OnDuplicate::Skip,
        OnDuplicate::Replace => database::OnDuplicate::Replace,
        OnDuplicate::Error => database::OnDuplicate::Error,
    };
    Ok(ImportOptions {
        on_duplicate,
        extract: !args.no_extract,
        dry_run: args.dry_run,
        ..ImportOptions::from(rows)
    })
}

/// Says what became of the rows.
pub fn report(args: &ImportArgs, summary: &ImportSummary, database: &Path, articles: u64, console: &Console) {
    let counted = counted(&summary.counts);
    if args.dry_run {
        console.remark(&format!("without --dry-run: {counted}; nothing was changed"));
    } else {
        console.remark(&format!("{counted}; {} has {}", database.display(), article_count(articles)));
    }
    if counts_nothing(summary) {
        console.remark(&nothing_found(&args.paths));
    }
    for file in &summary.reject_files {
        console.remark(&format!("rejected rows and reasons: {}", file.display()));
    }
    if let Some(reason) = &summary.put_off {
        let warning = Note::warning(format!("everything is stored, but segments were not merged: {reason}"));
        console.say(&warning.help("the next change tries it again; until then queries take a little longer"));
    }
    if summary.cancelled {
        console.remark("stopped; go on with the same command and --resume: what is stored is passed over");
    }
}

/// Tells whether not one row was read.
fn counts_nothing(summary: &ImportSummary) -> bool {
    summary.counts == ImportCounts::default() && !summary.cancelled
}

/// Returns what is read, for whoever named paths where nothing is.
pub fn nothing_found(paths: &[PathBuf]) -> String {
    let named: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    format!(
        "no articles were found at {}\n  \
         folders are searched for .txt .json .jsonl .csv .tsv .html .warc .rss .atom .eml .mbox, packed or not;\n  \
         a file of another ending is read when it is named itself, with --input-format",
        named.join(", ")
    )
}

/// Returns `38 added, 2 already there, 1 rejected`.
fn counted(counts: &ImportCounts) -> String {
    let parts = [
        (counts.replaced, "replaced"),
        (counts.unchanged, "already there"),
        (counts.skipped, "changed but kept as stored (--on-duplicate replace takes the new ones)"),
        (counts.rejected, "rejected"),
    ];
    let mut counted = format!("{} added", article_count(counts.added));
    for (count, what) in parts.into_iter().filter(|(count, _)| *count > 0) {
        counted.push_str(&format!(", {} {what}", grouped(count)));
    }
    counted
}

/// Returns the failure of an import that rejected rows although none were to be.
pub fn said_rejects(summary: &ImportSummary) -> Failure {
    let rejected = summary.counts.rejected;
    let rows =
        if rejected == 1 { "1 row was".to_owned() } else { format!("{} rows were", grouped(rejected)) };
    let note = Note::error(format!("{rows} rejected"));
    Failure::new(Exit::Io, note.help("the others are in; without --strict this is no error"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_happened_is_counted() {
        let counts = ImportCounts { added: 38, unchanged: 2, rejected: 1, ..ImportCounts::default() };
        assert_eq!(counted(&counts), "38 articles added, 2 already there, 1 rejected");
        assert_eq!(counted(&ImportCounts { added: 1, ..ImportCounts::default() }), "1 article added");
    }

    #[test]
    fn labels_are_short() {
        assert_eq!(label(&[PathBuf::from("/a/news.jsonl")]), "news.jsonl");
        assert_eq!(label(&[PathBuf::from("-")]), "-");
        assert_eq!(label(&[PathBuf::from("a"), PathBuf::from("b")]), "2 paths");
    }
}
