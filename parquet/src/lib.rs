//! Answers of a dateline database as Parquet files.
//!
//! Any statement that answers with rows becomes a file of typed columns, which DuckDB, Polars, pandas and Spark read
//! without being told anything. Rows are written as they are found, in row groups of at most [`GROUP_ROWS_MAX`] rows
//! and about [`GROUP_BYTES_MAX`] bytes, so that the memory of an export does not grow with it.
//!
//! | in dateline | in the file |
//! |---|---|
//! | text, keyword, quote | string |
//! | number | int64; double where some value is no whole number, and always for shares, lifts, averages and scores |
//! | boolean | boolean |
//! | date | three columns, see below |
//! | snippets | list of struct(field, text, matches: list of struct(start, end)), bytes of that text |
//! | extraction | string of JSON |
//! | a field of many values | list of the above |
//! | missing | null; an empty list where the field has many values |
//!
//! **Dates** are known to the year, the day or the second, and no type of Parquet can say which. A date column `date`
//! therefore has two companions:
//!
//! | column | type | holds |
//! |---|---|---|
//! | `date` | date32 | the first day that the date names, in the session's zone |
//! | `date_time` | timestamp(ms, UTC) | the instant, where the date is known to the minute or second; else null |
//! | `date_precision` | string | `year`, `quarter`, `month`, `week`, `day`, `minute` or `second` |
//!
//! The three together say what ndjson says in one text, and nothing is lost. The metadata of the file name the query
//! (`dateline.query`), the zone (`dateline.timezone`) and the version (`dateline.version`).
//!
//! # Examples
//!
//! ```
//! use dateline::{Database, Draft};
//! use dateline_parquet::Export;
//!
//! # let folder = std::env::temp_dir().join(format!("dateline-parquet-doc-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! let mut database = Database::create(folder.join("news.db"))?;
//! let mut draft = Draft::default();
//! draft.article.key = "talks".to_owned();
//! draft.article.body = "The fate of Idlib is first on their list.".to_owned();
//! database.insert(draft)?;
//!
//! let prepared = database.reader().prepare("find key, place")?;
//! let export = Export::default();
//! let written = export.write(&prepared.resolve()?, database.reader().snapshot().view(), &folder.join("all.parquet"))?;
//! assert_eq!(written.rows, 1);
//! # drop(database);
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod column;
mod error;
mod export;
mod file;
mod kind;
mod rows;

pub use error::ExportError;
pub use export::{Export, Written};
pub use rows::{GROUP_BYTES_MAX, GROUP_ROWS_MAX};
