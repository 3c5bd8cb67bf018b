//! From article to extraction: names, dateline, credits, quotes, dates, figures.
//!
//! 1. [`layout`] takes the story apart: date line, byline, dateline, lede, paragraphs, credit.
//! 2. [`page`] lays out its words with shapes, gaps and classes.
//! 3. A trained [`tagger`] finds names; [`names`] makes them consistent and joins them to entities.
//! 4. [`places`], [`quotes`], [`dates`], [`figures`] and [`keywords`] read the same page.
//!
//! Nothing is invented: a field that the text does not bear out stays empty. Tagger and rules are English; other languages
//! get title, lede, dateline, credits, quotes by marks, and the names that the gazetteer knows ([`known`]).

pub mod dates;
pub mod figures;
pub mod gazetteer;
pub mod json;
pub mod keywords;
pub mod known;
pub mod layout;
pub mod lexicon;
pub mod names;
pub mod page;
pub mod places;
pub mod quotes;
pub mod tagger;

mod calendar;
mod credit;
mod curate;
mod dateline;
mod entities;
mod extractor;
mod language;
mod lexeme;
mod speaker;

pub use extractor::{Extractor, VERSION, given_alone};
