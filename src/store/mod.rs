//! The files of a database: journal, records, manifest, lock.

pub mod codec;
pub mod entry;
mod error;
pub mod files;
pub mod journal;
pub mod journal_read;
pub mod key;
pub mod lock;
pub mod manifest;
mod record_v1;
mod record_v2;
mod record_v3;
pub mod records;
pub mod sealed;
pub mod tombstones;

pub use codec::{Dictionary, RecordCodec, verify_record};
pub use error::StoreError;
