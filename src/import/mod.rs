//! Bytes to drafts: files of articles in every known format, one row at a time, in constant memory.
//!
//! [`open`] takes paths, [`from_reader`] any bytes; both yield [`Row`]s: a [`Draft`](crate::article::Draft), or a
//! [`Rejection`] that names file, line and reason. A bad row never stops the rest.
//!
//! | stage | file | what it makes |
//! |---|---|---|
//! | paths → files | `source` | files in a fixed order, unpacked |
//! | files → raw rows | `split` | the bytes of one row, with its line |
//! | raw rows → members | `text` `json` `csv` `html` `feed` `mail` `warc` | names with values |
//! | members → drafts | `members` `fields` `dates` | an article and its loose fields |
//! | rejections → files | `reject` | `FILE.rejected.ndjson` |

#[cfg(feature = "html")]
mod bounded;
mod csv;
mod dates;
mod error;
#[cfg(feature = "feeds")]
mod feed;
mod fields;
#[cfg(feature = "html")]
mod html;
mod json;
#[cfg(feature = "mail")]
mod mail;
mod members;
mod options;
mod originals;
mod reject;
mod rows;
mod single;
mod source;
mod split;
mod text;
#[cfg(feature = "html")]
mod tree;
#[cfg(feature = "html")]
mod warc;

/// Longest row, in bytes after unpacking (64 MiB): an article of [`ARTICLE_BYTES_MAX`](crate::article::ARTICLE_BYTES_MAX)
/// with every character escaped still fits.
pub const ROW_BYTES_MAX: usize = 64 << 20;

pub use error::{Fault, ImportError};
pub use options::{Format, Mapping, Options};
pub use originals::{Originals, Unread};
pub use reject::{RejectFile, Rejection};
pub use rows::{Row, Rows, from_reader, open};
pub use single::from_json;
pub use source::{Found, files};
