//! Version 3 of a stored record: version 2 and the story that the article belongs to.
//!
//! Frozen like [version 1](super::record_v1). A record that belongs to no story is written in a lower version. Most
//! articles begin a story of their own, which is then not written out.

use serde::{Deserialize, Serialize};

use super::record_v2::RecordV2;
use crate::article::{ArticleId, Record};

#[derive(Serialize, Deserialize)]
pub(super) struct RecordV3<'a> {
    #[serde(borrow)]
    record: RecordV2<'a>,
    #[serde(borrow)]
    story: StoryV3<'a>,
}

#[derive(Serialize, Deserialize)]
enum StoryV3<'a> {
    /// The one named by the article's own number.
    Own,
    /// The one of this name.
    Named(&'a str),
}

impl<'a> From<&'a Record> for RecordV3<'a> {
    fn from(record: &'a Record) -> RecordV3<'a> {
        let named = record.story.as_deref().filter(|story| *story != own(record.id));
        RecordV3 { record: RecordV2::from(record), story: named.map_or(StoryV3::Own, StoryV3::Named) }
    }
}

impl TryFrom<RecordV3<'_>> for Record {
    type Error = &'static str;

    fn try_from(stored: RecordV3<'_>) -> Result<Record, &'static str> {
        let record = Record::try_from(stored.record)?;
        let story = match stored.story {
            StoryV3::Own => own(record.id),
            StoryV3::Named(name) => name.to_owned(),
        };
        Ok(Record { story: Some(story), ..record })
    }
}

fn own(id: ArticleId) -> String {
    id.to_string()
}
