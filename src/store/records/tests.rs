//! The store as its callers see it.

use super::guard::LOCK_PAUSE;
use super::{Meta, Records};
use crate::article::{ArticleId, Seq};
use crate::store::StoreError;
use crate::store::entry::{Change, NewVersion, Version};
use crate::store::key::{CHUNK_BYTES_MAX, Copied, Key};
use crate::text::{BANDS, Bands};

fn version(seq: Seq, key_hash: u64, content_hash: u64) -> Version {
    let bands = (content_hash > 0).then_some(Bands([content_hash as u32; BANDS]));
    Version { seq, key_hash, content_hash, bands }
}

fn change(id: u32, old: Option<Version>, new: Option<(Version, &[u8])>) -> Change {
    let new = new.map(|(version, frame)| NewVersion { version, frame: Some(frame.to_vec()) });
    Change { id: ArticleId(id), old, new }
}

fn apply(records: &Records, seq: Seq, changes: &[Change]) {
    let meta = Meta { applied_seq: seq, articles: 0, bands: 1 };
    let none = &mut |_: &Change| Err(StoreError::Poisoned);
    records.apply(meta, changes, none).unwrap();
}

#[test]
fn changes_move_every_row() {
    let folder = tempfile::tempdir().unwrap();
    let records = Records::open(folder.path()).unwrap();
    let (first, second) = (version(1, 10, 20), version(2, 10, 21));
    apply(&records, 1, &[change(7, None, Some((first, b"first")))]);
    assert_eq!(records.head(ArticleId(7)).unwrap(), Some(1));
    assert_eq!(records.frame(ArticleId(7), 1).unwrap().unwrap(), b"first");
    let replace = [change(7, Some(first), Some((second, b"second")))];
    for _ in 0..2 {
        apply(&records, 2, &replace);
        assert_eq!(records.head(ArticleId(7)).unwrap(), Some(2));
        assert_eq!(records.frame(ArticleId(7), 1).unwrap(), None);
        assert_eq!(records.ids_of_key(10).unwrap(), [ArticleId(7)]);
        assert_eq!(records.ids_of_content(20).unwrap(), []);
        assert_eq!(records.ids_of_band(3, 20, 9).unwrap(), []);
        assert_eq!(records.ids_of_band(3, 21, 9).unwrap(), [ArticleId(7)]);
        assert_eq!(records.ids_of_content(21).unwrap(), [ArticleId(7)]);
    }
    let records = records.reopen().unwrap();
    assert_eq!(records.meta().unwrap().applied_seq, 2);
    apply(&records, 3, &[change(7, Some(second), None)]);
    let keys: Vec<Key> = records.rows().map(|row| row.unwrap().0).collect();
    assert_eq!(keys, [Key::Meta], "a deleted article leaves nothing behind");
}

#[test]
fn one_commit_may_move_a_key_and_two_keys_may_collide() {
    let folder = tempfile::tempdir().unwrap();
    let records = Records::open(folder.path()).unwrap();
    let (one, two) = (version(1, 10, 20), version(1, 10, 20));
    apply(&records, 1, &[change(1, None, Some((one, b"1"))), change(2, None, Some((two, b"2")))]);
    assert_eq!(records.ids_of_key(10).unwrap(), [ArticleId(1), ArticleId(2)]);
    assert_eq!(records.ids_of_content(20).unwrap(), [ArticleId(1), ArticleId(2)]);
    let three = version(2, 10, 20);
    apply(&records, 2, &[change(1, Some(one), None), change(3, None, Some((three, b"3")))]);
    assert_eq!(records.ids_of_key(10).unwrap(), [ArticleId(2), ArticleId(3)]);
    assert_eq!(
        records.heads().map(Result::unwrap).collect::<Vec<_>>(),
        [(ArticleId(2), 1), (ArticleId(3), 2)]
    );
}

#[test]
fn long_records_are_cut_into_rows_and_joined() {
    let folder = tempfile::tempdir().unwrap();
    let records = Records::open(folder.path()).unwrap();
    for (id, length) in
        [0, 1, CHUNK_BYTES_MAX - 1, CHUNK_BYTES_MAX, CHUNK_BYTES_MAX * 3 + 5].iter().enumerate()
    {
        let frame: Vec<u8> = (0..*length).map(|i| (i % 251) as u8).collect();
        let id = id as u32;
        apply(&records, 1, &[change(id, None, Some((version(1, 0, 0), &frame)))]);
        assert_eq!(records.frame(ArticleId(id), 1).unwrap().unwrap(), frame);
    }
    assert!(records.rows().all(|row| row.unwrap().1.len() <= CHUNK_BYTES_MAX));
}

#[test]
fn the_copy_of_a_file_is_the_last_one() {
    let folder = tempfile::tempdir().unwrap();
    let records = Records::open(folder.path()).unwrap();
    assert_eq!(records.copy(Copied::Manifest).unwrap(), None);
    for length in [CHUNK_BYTES_MAX * 2 + 1, 10, CHUNK_BYTES_MAX] {
        let bytes = vec![length as u8; length];
        records.put_copy(Copied::Manifest, &bytes).unwrap();
        assert_eq!(records.copy(Copied::Manifest).unwrap().unwrap(), bytes);
    }
    assert_eq!(records.copy(Copied::Catalog).unwrap(), None);
    assert_eq!(records.rows().count(), 2);
}

#[test]
fn a_commit_of_many_batches_is_applied_whole() {
    let folder = tempfile::tempdir().unwrap();
    let records = Records::open(folder.path()).unwrap();
    let new = |id: u32| change(id, None, Some((version(1, u64::from(id) * 7, 1), &[1; 5000][..])));
    let changes: Vec<Change> = (0..1000).map(new).collect();
    apply(&records, 1, &changes);
    assert_eq!(records.heads().count(), 1000);
    assert_eq!(records.ids_of_content(1).unwrap().len(), 1000);
    assert_eq!(records.ids_of_band(0, 1, 2).unwrap(), [ArticleId(0), ArticleId(1)]);
    assert_eq!(records.ids_of_key(7 * 999).unwrap(), [ArticleId(999)]);
}

#[test]
fn a_leftover_snapshot_does_not_stand_in_the_way() {
    let folder = tempfile::tempdir().unwrap();
    drop(Records::open(folder.path()).unwrap());
    std::fs::write(folder.path().join("snap.0000000000000000.generating"), b"half").unwrap();
    Records::open(folder.path()).unwrap();
    assert!(!folder.path().join("snap.0000000000000000.generating").exists());
}

#[test]
fn a_store_that_is_still_closing_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let closing = Records::open(folder.path()).unwrap();
    let (sender, receiver) = std::sync::mpsc::channel();
    let path = folder.path().to_owned();
    let opener = std::thread::spawn(move || {
        sender.send(()).unwrap();
        Records::open(&path).map(|_| ())
    });
    receiver.recv().unwrap();
    std::thread::sleep(LOCK_PAUSE * 4);
    assert!(!opener.is_finished(), "the lock is still held");
    drop(closing);
    opener.join().unwrap().unwrap();
}

#[test]
fn what_is_no_store_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("conf"), b"nonsense that is no configuration").unwrap();
    assert!(matches!(Records::open(folder.path()), Err(StoreError::Records { .. })));
}
