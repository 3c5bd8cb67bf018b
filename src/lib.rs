//! dateline is an embedded database for news archives with a query language.
//!
//! Articles go in as text. dateline finds out who is named, where and when, keeps both in one folder, and answers
//! sentences such as `find where mentions "Idlib" and date > 2018-09-01`.
//!
//! ```
//! use dateline::{Database, Draft};
//!
//! # let folder = std::env::temp_dir().join(format!("dateline-doc-{}", std::process::id()));
//! # let path = folder.join("news.dateline");
//! # std::fs::create_dir_all(&folder)?;
//! let mut database = Database::create(&path)?;
//! let mut draft = Draft::default();
//! draft.article.key = "talks".to_owned();
//! draft.article.title = Some("Envoys meet in Damascus".to_owned());
//! draft.article.body = "The fate of Idlib is first on their list.".to_owned();
//! draft.article.date = Some("2018-09-03".parse()?);
//! database.insert(draft)?;
//!
//! let answer = database.reader().query(r#"find where mentions "Idlib" and date > 2018-09-01"#)?;
//! assert_eq!(answer.rows.len(), 1);
//! # drop(database);
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The language has its manual in `grammar/README.md`; `docs/ARCHITECTURE.md` walks through the house.
//!
//! # Life of an article
//!
//! 1. [`import::open`] finds the files and yields one [`Draft`] a row, or a rejection with its line and reason.
//! 2. `Draft::settle` types the members that are no built-in field; the first value in input order fixes a type.
//! 3. [`extract::Extractor::extract`] finds lede, dateline, byline, agencies, names, quotes and figures, with spans.
//! 4. [`Database::import`] or [`Database::insert`] commits the [`Record`](article::Record): journal first, then the
//!    snapshot that readers see, then sled.
//! 5. A seal or a bulk import writes a [`segment::Segment`], the time-ordered image that queries read.
//!
//! # Life of a query
//!
//! 1. [`query::parse`] makes an [`ast`](query::ast) of the text, or all its errors with spans and suggestions.
//! 2. [`query::resolve`] types names and values against the [`Catalog`](catalog::Catalog) and returns a
//!    [`query::Request`].
//! 3. [`exec::run`] plans it segment by segment over one [`exec::View`] and streams rows in the total order.
//! 4. [`render`] prints them.
//!
//! # Limits
//!
//! | what | limit |
//! |---|---|
//! | articles in a database | 2^32 |
//! | one article | [16 MiB of text](article::ARTICLE_BYTES_MAX) |
//! | a key | [4,096 bytes](article::KEY_BYTES_MAX) |
//! | a query | 64 KiB, nesting 64, 10,000 list items |
//! | a word | [255 bytes](text::TERM_BYTES_MAX); longer ones are indexed cut, and found cut |
//! | expansion of a pattern | 10,000 words |
//! | buckets of a timeline | 100,000 |
//! | memory of a result | 256 MiB unless raised |

pub mod article;
pub mod catalog;
pub mod database;
pub mod date;
mod error;
pub mod exec;
pub mod extract;
pub mod import;
pub mod query;
pub mod render;
pub mod schema;
pub mod segment;
pub mod store;
pub mod text;
pub mod value;

pub use article::{Article, ArticleId, Draft};
pub use database::{Database, Reader};
pub use date::Date;
pub use error::{Error, Result};
pub use exec::Answer;
pub use value::Value;
