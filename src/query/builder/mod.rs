//! Queries built in code instead of written as text.
//!
//! The functions of this module return the very trees that [`parse`](super::parse) makes of text, so whatever can be
//! written can be built, and whatever is built prints as text. Values go in as values: no text from outside can change
//! the shape of a query, whatever quotes, backslashes or keywords it holds.
//!
//! ```
//! use dateline::query::{self as q, Order, Period, Query, Unit};
//!
//! let query = q::find()
//!     .select(["title", "date", "source"])
//!     .filter(
//!         q::mentions(q::any_of(["Idlib", "Aleppo"]))
//!             .and(q::date().after(q::day(2018, 9, 1)))
//!             .and(q::text().contains(q::phrase("ceasefire").near(q::prefix("violat")).within_words(8)))
//!             .and(q::field("source").is_in(["Reuters", "AFP"]).not()),
//!     )
//!     .order(Order::newest())
//!     .limit(20)
//!     .with_snippets(24);
//!
//! let text = "find title, date, source where mentions any of (\"Idlib\", \"Aleppo\") and date after 2018-09-01 \
//!     and text contains \"ceasefire\" near prefix \"violat\" within 8 words and not source in (\"Reuters\", \"AFP\") \
//!     newest first limit 20 with snippets of 24 words";
//! assert_eq!(query.to_string(), text);
//! assert_eq!(Query::from(query), Query::parse(text)?);
//!
//! let timeline = q::timeline(Unit::Month).as_share().filter(q::date().within(Period::year(2018)));
//! assert_eq!(timeline.to_string(), "timeline by month as share where date in 2018");
//! # Ok::<(), q::QueryError>(())
//! ```
//!
//! What has no text, an empty list for instance, is refused when the statement is [checked](super::Statement::check),
//! which running it does first.

mod check;
mod field;
mod filter;
mod query;
mod statement;
mod term;
mod time;
mod value;
mod with;

pub use field::{NumberOfField, date, field, number_of, text};
pub use filter::{all, any, mentions, mentions_place_within, quotes, quotes_anyone, saved};
pub use query::{
    average, bucket, by, count, find, max, median, min, pairs, series, sum, timeline, top, top_values,
    weekday,
};
pub use statement::{
    add, define, define_alias, delete_all, delete_where, describe, describe_field, drop_alias, drop_saved,
    explain, explain_analyze, export, insert, list, remove, run, set, show,
};
pub use term::{
    Near, Region, Terms, all_of, any_of, exact, fuzzy, fuzzy_within, like, none_of, phrase, prefix, stem,
};
pub use time::{ago, day, last, last_several, month, now, quarter, this, today, week, year, yesterday};
pub use value::{param, regex};

/// Implements `From` by the same expression for several types.
macro_rules! from_each {
    ($to:ty: $($from:ty),+ => $convert:expr) => {$(
        impl From<$from> for $to {
            #[allow(clippy::useless_conversion)] // One of the types may be the target of the inner conversion itself.
            fn from(value: $from) -> $to {
                $convert(value)
            }
        }
    )+};
}
use from_each;
