//! Articles, folders and the dumb twin that databases are compared with.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use dateline::article::Article;
use dateline::database::{Database, Options, Reader, Snapshot};
use dateline::exec::CancelToken;
use dateline::store::files::{Files, StoredFile, SystemFiles};

/// What a database should hold: number and body by key.
pub type Contents = BTreeMap<String, (u32, String)>;

/// A token that nobody cancels.
pub fn never() -> CancelToken {
    CancelToken::default()
}

/// An article of a key.
pub fn article(key: &str, body: &str) -> Article {
    Article { key: key.into(), title: Some(format!("About {key}")), body: body.into(), ..Article::default() }
}

/// Options that seal and merge all the time, so that small tests meet every path; nothing goes on while a test copies a
/// folder.
pub fn restless() -> Options {
    Options { create: true, seal_changes: 7, merge_beside: false, ..Options::default() }
}

/// Returns what a snapshot holds; fails where a key occurs twice.
pub fn contents(snapshot: &Snapshot) -> Contents {
    let mut contents = Contents::new();
    for live in &snapshot.view().segments {
        for ordinal in (0..live.segment.articles()).filter(|&ordinal| !live.is_dead(ordinal)) {
            let record = live.segment.record(ordinal).unwrap();
            let earlier = contents.insert(record.article.key, (record.id.0, record.article.body));
            assert_eq!(earlier, None, "an article is alive twice");
        }
    }
    assert_eq!(contents.len() as u64, snapshot.articles());
    contents
}

/// Copies a folder with everything in it, as a crash would leave it.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Copies a database into a fresh folder.
pub fn crash_image(database: &Path) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("image");
    copy(database, &path);
    (folder, path)
}

/// Opens an image first to read, then to write, and checks that both find exactly `expected`.
pub fn assert_recovers(image: &Path, expected: &Contents) {
    let reader = Reader::open(image).unwrap();
    assert_eq!(&contents(&reader.snapshot()), expected, "as a reader sees it");
    let database = Database::open(image).unwrap();
    assert_eq!(&contents(&database.snapshot()), expected, "as the writer sees it");
    let report = database.check().unwrap();
    assert!(report.is_sound(), "{:?}", report.problems);
    for (key, (id, body)) in expected {
        let stored = database.get_by_key(key).unwrap().unwrap();
        assert_eq!((stored.id.0, &stored.article.body), (*id, body));
    }
}

/// Writes articles as JSON Lines and returns the path.
pub fn json_lines(folder: &Path, name: &str, rows: &[(&str, &str)]) -> PathBuf {
    let path = folder.join(name);
    let line = |(key, body): &(&str, &str)| {
        let title = format!("About {key}");
        format!("{}\n", serde_json::json!({ "id": key, "title": title, "body": body }))
    };
    fs::write(&path, rows.iter().map(line).collect::<String>()).unwrap();
    path
}

/// A disk that says how much is free, and on which files cannot be created while it is full.
#[derive(Debug, Default)]
pub struct FullDisk {
    pub is_full: AtomicBool,
    /// What the disk says is free, in bytes; 0 for the truth.
    pub free_bytes: AtomicU64,
}

impl Files for FullDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn StoredFile>> {
        match self.is_full.load(Ordering::SeqCst) {
            true => Err(io::ErrorKind::StorageFull.into()),
            false => SystemFiles.create(path),
        }
    }

    fn free_bytes(&self, path: &Path) -> Option<u64> {
        match self.free_bytes.load(Ordering::SeqCst) {
            0 => SystemFiles.free_bytes(path),
            free => Some(free),
        }
    }
}

/// Returns a disk and the options of a restless database on it.
pub fn on_disk() -> (Arc<FullDisk>, Options) {
    let disk = Arc::new(FullDisk::default());
    (disk.clone(), Options { files: disk, ..restless() })
}
