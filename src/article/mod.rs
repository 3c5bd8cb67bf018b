//! The article, what is extracted from it, and the record that holds both.
//!
//! - [`Article`]: one news story as received.
//! - [`Original`]: an article beside the text it was read from.
//! - [`Draft`]: an article on its way into an archive, before its declared fields are typed.
//! - [`Extraction`]: every field derived from one article.
//! - [`Record`]: both, with the number and version that the database gave them.

mod draft;
mod extraction;
mod given;
mod original;
mod record;
mod story;

pub use draft::{
    Draft, FIELD_NAME_BYTES_MAX, FIELD_TEXT_BYTES_MAX, FIELD_VALUES_MAX, Loose, Origin, SettleError, Unfit,
};
pub use extraction::{
    Bound, Category, Certainty, Country, DateExpression, Dateline, DayRange, Demonym, Entity, EntityKind,
    Extraction, Figure, Interval, Quote, Speaker,
};
pub use given::Given;
pub use original::Original;
pub use record::{ArticleId, Record, Seq};
pub use story::{ARTICLE_BYTES_MAX, Article, KEY_BYTES_MAX, TITLE_GAP};
