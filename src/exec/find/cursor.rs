//! Cursors: where a page ended, in a text that only the same query takes back.
//!
//! A cursor is `c1:` and the hexadecimal digits of a bincode-encoded [`Cursor`]. It holds the sort keys, the date and
//! the number of the last article of a page, so it stays valid while articles are added, and even when that article is
//! deleted.

use serde::{Deserialize, Serialize};

use super::hits::Hit;
use crate::article::ArticleId;
use crate::exec::order::SortKey;
use crate::exec::{Context, ExecError, Place};
use crate::query::{Find, Order};

/// What every cursor begins with: the version of its form.
const PREFIX: &str = "c1:";

/// Longest cursor that is looked at, in bytes of its text.
const CURSOR_BYTES_MAX: usize = 64 << 10;

/// Where a page ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Cursor {
    fingerprint: u64,
    keys: Vec<SortKey>,
    span: Option<(i64, i64)>,
    id: u32,
}

impl Cursor {
    /// Returns the cursor behind a hit of a query.
    pub(crate) fn behind(hit: &Hit, context: &Context<'_>, find: &Find) -> Cursor {
        let place = context.segments.get(hit.segment).map(|open| open.place(hit.ordinal));
        let place = place.unwrap_or(Place { span: None, id: ArticleId(0) });
        // An order by the date alone may be walked without keys, and the next page may have to sort by them.
        let keys = match &find.order {
            Order::Keys(_) if hit.keys.is_empty() => {
                vec![SortKey::of_span(place.span).unwrap_or(SortKey::Missing)]
            }
            _ => hit.keys.clone(),
        };
        Cursor { fingerprint: find.identity, keys, span: place.span, id: place.id.0 }
    }

    /// Returns the text that users pass back.
    pub(crate) fn write(&self) -> String {
        let bytes = bincode::serde::encode_to_vec(self, bincode::config::standard()).unwrap_or_default();
        let mut text = String::with_capacity(PREFIX.len() + bytes.len() * 2);
        text.push_str(PREFIX);
        for byte in bytes {
            text.push_str(&format!("{byte:02x}"));
        }
        text
    }

    /// Reads a cursor that a page of the same query ended with.
    ///
    /// # Errors
    ///
    /// [`ExecError::ForeignCursor`] for any other text.
    pub(crate) fn read(text: &str, find: &Find) -> Result<Cursor, ExecError> {
        let decoded =
            text.strip_prefix(PREFIX).filter(|digits| digits.len() <= CURSOR_BYTES_MAX).and_then(decode);
        decoded.filter(|cursor| cursor.fingerprint == find.identity).ok_or(ExecError::ForeignCursor)
    }

    /// Returns the sort keys of the last article.
    pub(crate) fn keys(&self) -> &[SortKey] {
        &self.keys
    }

    /// Returns date and number of the last article.
    pub(crate) fn place(&self) -> Place {
        Place { span: self.span, id: ArticleId(self.id) }
    }
}

fn decode(digits: &str) -> Option<Cursor> {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Vec<u8> = digits.as_bytes().chunks(2).map(byte).collect::<Option<_>>()?;
    let config = bincode::config::standard().with_limit::<CURSOR_BYTES_MAX>();
    let (cursor, read) = bincode::serde::decode_from_slice(&bytes, config).ok()?;
    (read == bytes.len()).then_some(cursor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::Offset;
    use crate::query::{Predicate, Projection, With};
    use crate::value::Number;

    fn find(identity: u64) -> Find {
        Find {
            identity,
            projection: Projection::Default,
            predicate: Predicate::Everything,
            order: Order::Newest,
            limit: None,
            offset: 0,
            after: None,
            with: With::default(),
            zone: Offset::UTC,
        }
    }

    #[test]
    fn a_cursor_comes_back_to_its_own_query_only() {
        let all = find(1);
        let keys = vec![SortKey::Text("straße".into()), SortKey::Number(Number::Whole(-3)), SortKey::Missing];
        let cursor = Cursor { fingerprint: all.identity, keys, span: Some((-5, 7)), id: 9 };
        let text = cursor.write();
        assert_eq!(Cursor::read(&text, &all).unwrap(), cursor);
        let none = find(2);
        assert!(matches!(Cursor::read(&text, &none), Err(ExecError::ForeignCursor)));
        let page_two = Find { limit: Some(3), after: Some(text.clone()), ..all.clone() };
        assert!(Cursor::read(&text, &page_two).is_ok());
        for wrong in ["", "c1:", "c1:zz", "c2:AAAB9x", "c1:é1", &text[..text.len() - 2], &format!("{text}00")]
        {
            assert!(matches!(Cursor::read(wrong, &all), Err(ExecError::ForeignCursor)), "{wrong}");
        }
    }
}
