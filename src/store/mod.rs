//! The files of a database: journal, records, manifest, lock.

pub mod codec;
mod error;
mod record_v1;

pub use codec::{Dictionary, RecordCodec};
pub use error::StoreError;
