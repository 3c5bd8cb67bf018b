//! What is written is read back, with the reader of the parquet crate.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // A test that cannot go on has failed.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int64Type, TimestampMillisecondType};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use dateline::Database;
use dateline::database::ImportOptions;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Value as Json, json};

/// A database in a folder that goes away with it.
struct Archive {
    folder: tempfile::TempDir,
}

impl Archive {
    fn of(articles: impl IntoIterator<Item = Json>) -> Archive {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::create(folder.path().join("news.db")).unwrap();
        let lines: Vec<String> = articles.into_iter().map(|article| article.to_string()).collect();
        let input = folder.path().join("rows.jsonl");
        fs::write(&input, lines.join("\n")).unwrap();
        database.import(&[input], &ImportOptions::default(), &mut |_| {}).unwrap();
        database.close().unwrap();
        Archive { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, query: &str, more: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dateline-parquet"));
        command.arg(self.path("news.db")).arg(query).args(more).output().unwrap()
    }

    /// Exports and reads the one batch of the file.
    fn export(&self, query: &str) -> RecordBatch {
        let path = self.path("out.parquet");
        let output = self.run(query, &["--output", path.to_str().unwrap()]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        read(&path)
    }
}

fn read(path: &Path) -> RecordBatch {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    let schema = reader.schema().clone();
    let batches: Vec<RecordBatch> =
        reader.with_batch_size(1 << 20).build().unwrap().map(Result::unwrap).collect();
    batches.into_iter().next().unwrap_or_else(|| RecordBatch::new_empty(schema))
}

fn articles() -> Vec<Json> {
    vec![
        json!({"id": "a", "title": "Talks", "date": "2018-09", "text": "They met in Idlib.", "topics": ["war", "talks"], "rank": 1, "calm": true}),
        json!({"id": "b", "title": "Rain", "date": "2018-08-28T14:30:00+03:00", "text": "It rains.", "rank": 2.5}),
        json!({"id": "c", "text": "A quake in Chile.", "rank": 9_007_199_254_740_993_i64}),
    ]
}

fn texts(batch: &RecordBatch, name: &str) -> Vec<Option<String>> {
    let column = batch.column_by_name(name).unwrap().as_string::<i32>();
    column.iter().map(|text| text.map(str::to_owned)).collect()
}

#[test]
fn dates_say_how_exactly_they_are_known() {
    let batch = Archive::of(articles()).export("find key, date order by key");
    let days = batch.column_by_name("date").unwrap().as_primitive::<Date32Type>();
    assert_eq!(days.iter().collect::<Vec<_>>(), [Some(17_775), Some(17_771), None]);
    let instants = batch.column_by_name("date_time").unwrap().as_primitive::<TimestampMillisecondType>();
    assert_eq!(instants.iter().collect::<Vec<_>>(), [None, Some(1_535_455_800_000), None]);
    let known = [Some("month".to_owned()), Some("second".to_owned()), None];
    assert_eq!(texts(&batch, "date_precision"), known);
}

#[test]
fn the_zone_decides_the_day() {
    let archive = Archive::of([json!({"id": "a", "text": "Late.", "date": "2018-09-01T22:30:00Z"})]);
    let path = archive.path("out.parquet");
    let named = path.to_str().unwrap();
    assert!(archive.run("find date", &["-o", named, "--timezone", "+03:00"]).status.success());
    let days = |batch: RecordBatch| batch.column(0).as_primitive::<Date32Type>().value(0);
    assert_eq!(days(read(&path)), 17_776);
    assert!(archive.run("find date", &["-o", named]).status.success());
    assert_eq!(days(read(&path)), 17_775);
}

#[test]
fn numbers_are_whole_until_one_is_not() {
    let archive = Archive::of(articles());
    // A field that an article brings may have several values.
    let whole = archive.export("find key, rank where key in (\"a\", \"c\") order by key");
    let ranks = whole.column_by_name("rank").unwrap().as_list::<i32>();
    assert_eq!(ranks.values().as_primitive::<Int64Type>().values(), &[1, 9_007_199_254_740_993]);
    let mixed = archive.export("find key, rank where key in (\"a\", \"b\") order by key");
    let ranks = mixed.column_by_name("rank").unwrap().as_list::<i32>();
    assert_eq!(ranks.values().as_primitive::<Float64Type>().values(), &[1.0, 2.5]);
    let path = archive.path("all.parquet");
    let said = archive.run("find rank", &["--output", path.to_str().unwrap()]);
    assert!(String::from_utf8_lossy(&said.stderr).contains("1 whole number past 2^53"));
}

#[test]
fn many_values_are_lists_and_missing_ones_null() {
    let batch = Archive::of(articles()).export("find key, url, topic, calm order by key");
    let topics = batch.column_by_name("topic").unwrap().as_list::<i32>();
    let of = |row: usize| {
        let values = topics.value(row);
        values.as_string::<i32>().iter().map(|text| text.unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(of(0), ["war", "talks"]);
    assert!(of(1).is_empty() && topics.null_count() == 0);
    let calm = batch.column_by_name("calm").unwrap().as_list::<i32>();
    assert_eq!(calm.values().as_boolean().iter().collect::<Vec<_>>(), [Some(true)]);
    assert_eq!(texts(&batch, "url"), [None, None, None]);
}

#[test]
fn extracts_keep_their_matches() {
    let batch = Archive::of(articles()).export("find key where text contains \"Idlib\" with snippets");
    let lists = batch.column_by_name("snippets").unwrap().as_list::<i32>();
    let extract = lists.value(0);
    let extract = extract.as_struct();
    let text = extract.column_by_name("text").unwrap().as_string::<i32>().value(0).to_owned();
    let matches = extract.column_by_name("matches").unwrap().as_list::<i32>().value(0);
    let place = |name| matches.as_struct().column_by_name(name).unwrap().as_primitive::<Int64Type>().value(0);
    let (start, end) = (usize::try_from(place("start")).unwrap(), usize::try_from(place("end")).unwrap());
    assert_eq!(&text[start..end], "Idlib");
}

#[test]
fn every_statement_that_answers_with_rows_is_written() {
    let archive = Archive::of(articles());
    let columns = |query: &str| {
        let batch = archive.export(query);
        let schema = batch.schema();
        let names: Vec<String> = schema
            .fields()
            .iter()
            .map(|field| match field.data_type() {
                DataType::Utf8 => format!("{} text", field.name()),
                DataType::Int64 => format!("{} whole", field.name()),
                DataType::Float64 => format!("{} double", field.name()),
                DataType::Boolean => format!("{} boolean", field.name()),
                DataType::Date32 => format!("{} date", field.name()),
                DataType::Timestamp(..) => format!("{} time", field.name()),
                other => format!("{} {other}", field.name()),
            })
            .collect();
        (names.join(", "), batch.num_rows())
    };
    let of = |names: &str, rows: usize| (names.to_owned(), rows);
    assert_eq!(columns("count"), of("count whole", 1));
    assert_eq!(columns("top 5 topic"), of("value text, articles whole, share double", 2));
    assert_eq!(
        columns("timeline by month"),
        of("bucket date, bucket_time time, bucket_precision text, count whole, partial boolean", 2)
    );
    assert_eq!(
        columns("count by topic as share order by topic"),
        of("topic text, count whole, share double", 2)
    );
    assert_eq!(
        columns("top 5 pairs of topic and topic").0,
        "first text, second text, articles whole, lift double"
    );
    assert_eq!(columns("average rank").0, "average double");
    assert_eq!(columns("describe").0.split(", ").next(), Some("field text"));
    assert_eq!(columns("find key where key = \"none\""), of("key text", 0));
    assert!(columns("find *").1 == 3 && columns("show 1").1 == 1);
}

#[test]
fn a_column_of_a_companions_name_keeps_it() {
    let archive = Archive::of([json!({"id": "a", "text": "x", "date": "2018", "date_time": "noon"})]);
    let batch = archive.export("find date, date_time");
    let schema = batch.schema();
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    assert_eq!(names, ["date", "date_time_", "date_precision", "date_time"]);
    let own = batch.column_by_name("date_time").unwrap().as_list::<i32>();
    assert_eq!(own.values().as_string::<i32>().value(0), "noon");
}

#[test]
fn the_file_tells_where_it_came_from() {
    let archive = Archive::of(articles());
    archive.export("count where topic = \"war\"");
    let file = File::open(archive.path("out.parquet")).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let about = reader.metadata().file_metadata().key_value_metadata().unwrap().clone();
    let value = |key: &str| about.iter().find(|pair| pair.key == key).and_then(|pair| pair.value.clone());
    assert_eq!(value("dateline.query").unwrap(), "count where topic = \"war\"");
    assert_eq!(value("dateline.timezone").unwrap(), "Z");
}

#[test]
fn exits_and_messages_are_those_of_dateline() {
    let archive = Archive::of(articles());
    let path = archive.path("never.parquet");
    let named = path.to_str().unwrap();
    let said = |output: Output| (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap());
    let (code, text) = said(archive.run("fnd", &["-o", named]));
    assert!(code == 3 && text.contains("error[E001]") && text.contains("did you mean `find`?"), "{text}");
    let (code, text) = said(archive.run("find where titel exists", &["-o", named]));
    assert!(code == 3 && text.contains("did you mean `title`?"), "{text}");
    let (code, text) = said(archive.run("delete all", &["-o", named]));
    assert!(code == 6 && text.contains("dateline --write"), "{text}");
    let (code, text) = said(archive.run("find", &[]));
    assert!(code == 2 && text.contains("--output FILE.parquet"), "{text}");
    let (code, _) = said(archive.run("find", &["-o", named, "--timeout", "0s"]));
    assert_eq!(code, 124);
    let (code, text) = said(archive.run("find", &["-o", "no/such/folder/x.parquet"]));
    assert!(code == 5 && text.contains("cannot write no/such/folder/x.parquet"), "{text}");
    let (code, text) = said(archive.run("find where topic = :t", &["-o", named]));
    assert!(code == 3 && text.contains(":t"), "{text}");
    let (code, text) = said(archive.run("export to \"x.csv\" find", &[]));
    assert!(code == 3 && text.contains("as parquet"), "{text}");
    assert!(!path.exists());
    let (code, text) = said(archive.run("find where topic = :t", &["-o", named, "--param", "t=war"]));
    assert_eq!((code, text), (0, format!("wrote {named}, 1 row\n")));
    let inside = format!("export to \"{}\" as parquet count", archive.path("b.parquet").display());
    assert_eq!(said(archive.run(&inside, &["-q"])), (0, String::new()));
    let files = fs::read_dir(archive.folder.path()).unwrap().count();
    assert_eq!(files, 4, "the database, the rows, and two files");
}

#[test]
fn there_must_be_a_database() {
    let archive = Archive::of(articles());
    let run = |database: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dateline-parquet"));
        let output = command.arg(database).args(["find", "-o", "x.parquet"]).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, text) = run(&archive.path("nothing.db"));
    assert!(code == 4 && text.contains("dateline import"), "{text}");
    let (code, text) = run(&archive.path("rows.jsonl"));
    assert!(code == 4 && text.contains("dateline import news.db"), "{text}");
}
