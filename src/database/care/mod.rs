//! Long work on a whole database: each part shows how far it is, may be stopped, and is safe to repeat.
//!
//! | work | file |
//! |---|---|
//! | segments made anew from the records | `reindex` `compact` over `rewrite` |
//! | every entry derived again and compared | `deep` |
//! | what is damaged restored from the other copy | `repair` over `evidence` |
//! | the files, copied while they are written | `backup` `restore` |
//! | the articles, as lines of JSON | `dump` `load` over `line` |

mod backup;
mod compact;
mod deep;
mod dump;
mod evidence;
mod line;
mod load;
mod reindex;
mod repair;
mod restore;
mod rewrite;
mod work;

pub use backup::{BackupOptions, BackupSummary, backup};
pub use compact::CompactOptions;
pub use load::Loaded;
pub use repair::RepairReport;
pub use restore::restore;
