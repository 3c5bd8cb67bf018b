//! Reading the journal, by the writer that opens a database and by readers beside it.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use uuid::Uuid;

use super::error::StoreError;
use super::journal::{
    FILE_MAGIC, FIXED_BYTES, FRAME_END, FRAME_HEADER_BYTES, FRAME_MAGIC, FRAME_TRAILER_BYTES, HEADER_BYTES,
    JOURNAL_VERSION, PAYLOAD_BYTES_MAX, UNSYNCED, boot, file_numbers, file_path,
};
use crate::article::Seq;

/// A place in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The number of the file.
    pub file: u64,
    /// The byte of the file; 0 stands for its first frame.
    pub offset: u64,
}

impl Position {
    /// Returns the place of the first frame of a file.
    pub fn start_of(file: u64) -> Position {
        Position { file, offset: 0 }
    }
}

/// Who reads: the writer, alone with the journal, or a reader beside a writer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Reads to the end, and learns of a torn tail.
    Writer,
    /// Reads up to the published durable length.
    Reader,
}

/// One commit of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The number of the commit.
    pub seq: Seq,
    /// What it did, encoded.
    pub payload: Vec<u8>,
}

/// What was read of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// The commits, without a gap between their numbers.
    pub frames: Vec<Frame>,
    /// Where reading ended; a reader goes on here.
    pub end: Position,
    /// The random number of the last file.
    pub file_id: u64,
    /// What is wrong with the bytes behind `end`, where a crash left some.
    pub torn: Option<&'static str>,
}

/// Reads every frame from `from` on.
///
/// # Errors
///
/// [`StoreError::Io`], also where a file has gone because the journal moved on; [`StoreError::Damaged`] for anything
/// that is neither a whole frame nor a torn tail.
pub fn read(folder: &Path, database: Uuid, from: Position, who: Who) -> Result<Replay, StoreError> {
    read_watched(folder, database, from, who, &mut || {})
}

/// How often the header of a file is read again that changed while the file was read.
const HEADERS_MAX: u32 = 100;

/// Reads as [`read`], and calls `meanwhile` where a writer might go on: behind the header of each file, and behind its end.
///
/// A file grows until the next one is there. So the next one is looked for before a file is read: looked for after it, it
/// would be gone on to past commits that were written in between.
fn read_watched(
    folder: &Path,
    database: Uuid,
    from: Position,
    who: Who,
    meanwhile: &mut dyn FnMut(),
) -> Result<Replay, StoreError> {
    let mut is_followed = file_path(folder, from.file + 1).exists();
    let mut replay = read_file(folder, database, from, who, meanwhile)?;
    meanwhile();
    while is_followed {
        let number = replay.end.file + 1;
        is_followed = file_path(folder, number + 1).exists();
        let next = read_file(folder, database, Position::start_of(number), who, meanwhile)?;
        meanwhile();
        let path = file_path(folder, replay.end.file);
        if who == Who::Writer
            && let Some(what) = replay.torn
        {
            return Err(StoreError::damaged(&path, replay.end.offset, what));
        }
        let frames = std::mem::take(&mut replay.frames);
        replay = Replay { frames: frames.into_iter().chain(next.frames).collect(), ..next };
    }
    check_numbers(folder, &replay)?;
    Ok(replay)
}

/// What can still be read of a damaged journal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Salvaged {
    /// Every whole frame, by number of the commit.
    pub frames: Vec<Frame>,
    /// The number of the database, of the first readable header.
    pub database: Option<Uuid>,
    /// Whether the last file promises more than its whole frames.
    pub is_cut: bool,
}

/// Returns every whole frame that can be found from file `first` on, whatever lies between them; for repair.
///
/// # Errors
///
/// [`StoreError::Io`] where the folder cannot be listed.
pub fn salvage(folder: &Path, first: u64) -> Result<Salvaged, StoreError> {
    let mut salvaged = Salvaged::default();
    for number in file_numbers(folder)?.into_iter().filter(|&number| number >= first) {
        let path = file_path(folder, number);
        let Ok(bytes) = std::fs::read(&path) else { continue };
        let header = bytes.first_chunk::<HEADER_BYTES>();
        salvaged.database = salvaged.database.or(header.and_then(database_of));
        let mut end = HEADER_BYTES as u64;
        for place in memchr::memmem::find_iter(&bytes, FRAME_MAGIC) {
            // A frame names its file; where the header is lost, its own checksums must do.
            let file_id = u64::from_le_bytes(Fields(bytes.get(place + 4..).unwrap_or_default()).take());
            let mut tape = Tape { path: &path, start: 0, bytes: &bytes, file_id };
            if let Ok(Some((frame, next))) = tape.frame(place) {
                salvaged.frames.push(frame);
                end = next as u64;
            }
        }
        salvaged.is_cut = header.and_then(published_of).unwrap_or(bytes.len() as u64) > end;
    }
    salvaged.frames.sort_by_key(|frame| frame.seq);
    salvaged.frames.dedup_by_key(|frame| frame.seq);
    Ok(salvaged)
}

/// Returns the number of the database of a header whose checksum holds.
fn database_of(header: &[u8; HEADER_BYTES]) -> Option<Uuid> {
    let (fixed, _) = header.split_first_chunk::<FIXED_BYTES>()?;
    let (summed, checksum) = fixed.split_last_chunk::<4>()?;
    let database = summed.get(20..)?.first_chunk::<16>()?;
    (crc32fast::hash(summed) == u32::from_le_bytes(*checksum)).then(|| Uuid::from_bytes(*database))
}

/// Returns the durable length that a header publishes; `None` where it does not read.
fn published_of(header: &[u8; HEADER_BYTES]) -> Option<u64> {
    let (summed, checksum) = header.get(FIXED_BYTES..)?.split_last_chunk::<4>()?;
    let length = summed.first_chunk::<8>()?;
    let is_whole = crc32fast::hash(summed) == u32::from_le_bytes(*checksum);
    is_whole.then(|| u64::from_le_bytes(*length) & !UNSYNCED)
}

fn check_numbers(folder: &Path, replay: &Replay) -> Result<(), StoreError> {
    let mut neighbours = replay.frames.iter().zip(replay.frames.iter().skip(1));
    let Some((a, b)) = neighbours.find(|(a, b)| b.seq != a.seq + 1) else { return Ok(()) };
    let what = format!("commit {} is followed by commit {}", a.seq, b.seq);
    Err(StoreError::damaged(&file_path(folder, replay.end.file), None, what))
}

/// Returns a header with the bytes behind it that it lets be read, from `start` on.
///
/// A length that was not published since the machine started, or that does not read, bounds nothing, and a writer that
/// comes meanwhile may have written a frame that it has yet to sync. It publishes before it appends, so the bytes were
/// durable where the header is still the same behind them; otherwise they are read again.
fn read_durable(
    path: &Path,
    start: u64,
    who: Who,
    header: impl Fn(&mut File) -> Result<Header, StoreError>,
    meanwhile: &mut dyn FnMut(),
) -> Result<(Header, Vec<u8>), StoreError> {
    let mut file = File::open(path).map_err(StoreError::io("open", path))?;
    let mut found = header(&mut file)?;
    for _ in 0..HEADERS_MAX {
        meanwhile();
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(start)).map_err(StoreError::io("read", path))?;
        let mut rest = (&file).take(found.limit(who).saturating_sub(start));
        rest.read_to_end(&mut bytes).map_err(StoreError::io("read", path))?;
        if who == Who::Writer || found.limit(who) != u64::MAX {
            return Ok((found, bytes));
        }
        file.rewind().map_err(StoreError::io("read", path))?;
        let again = header(&mut file)?;
        if again == found {
            return Ok((found, bytes));
        }
        found = again;
    }
    Err(StoreError::damaged(path, 0, "its header changes whenever it is read"))
}

fn read_file(
    folder: &Path,
    database: Uuid,
    from: Position,
    who: Who,
    meanwhile: &mut dyn FnMut(),
) -> Result<Replay, StoreError> {
    let path = file_path(folder, from.file);
    let start = from.offset.max(HEADER_BYTES as u64);
    let header = |file: &mut File| Header::read(file, &path, database, from.file);
    let (header, bytes) = read_durable(&path, start, who, header, meanwhile)?;
    let mut tape = Tape { path: &path, start, bytes: &bytes, file_id: header.file_id };
    let mut frames = Vec::new();
    let mut at = 0;
    let torn = loop {
        match tape.frame(at) {
            Ok(Some((frame, next))) => {
                frames.push(frame);
                at = next;
            }
            Ok(None) => break None,
            Err(what) => break Some(what),
        }
    };
    let end = Position { file: from.file, offset: start + at as u64 };
    if let Some(what) = torn {
        tape.must_be_torn(at, what)?;
    }
    if header.promised().is_some_and(|durable| durable > end.offset) {
        let what = torn.unwrap_or("durable commits are missing at its end");
        return Err(StoreError::damaged(&path, end.offset, what));
    }
    Ok(Replay { frames, end, file_id: header.file_id, torn })
}

#[derive(PartialEq, Eq)]
struct Header {
    file_id: u64,
    /// What is published, as it stands there.
    stated: [u8; HEADER_BYTES - FIXED_BYTES],
    /// The published durable length; `None` where it does not read.
    published: Option<u64>,
    /// Whether it was synced before it was published.
    is_synced: bool,
    /// Whether the machine was started anew after the length was published: all that is there is durable then.
    is_older_boot: bool,
}

impl Header {
    fn read(file: &mut File, path: &Path, database: Uuid, number: u64) -> Result<Header, StoreError> {
        let mut bytes = [0; HEADER_BYTES];
        file.read_exact(&mut bytes).map_err(|_| StoreError::damaged(path, 0, "its header is cut off"))?;
        Header::parse(&bytes, path, database, number)
    }

    fn parse(
        bytes: &[u8; HEADER_BYTES],
        path: &Path,
        database: Uuid,
        number: u64,
    ) -> Result<Header, StoreError> {
        let damaged = |what: &str| StoreError::damaged(path, 0, what);
        let mut fields = Fields(bytes);
        let magic = fields.take::<8>();
        let version = u32::from_le_bytes(fields.take());
        let found_number = u64::from_le_bytes(fields.take());
        let found_database = Uuid::from_bytes(fields.take());
        let file_id = u64::from_le_bytes(fields.take());
        let checksum = u32::from_le_bytes(fields.take());
        let summed = bytes.get(..FIXED_BYTES - 4).unwrap_or_default();
        if magic != *FILE_MAGIC || crc32fast::hash(summed) != checksum {
            return Err(damaged("its header is wrong"));
        }
        if version != JOURNAL_VERSION {
            return Err(StoreError::Version {
                path: path.to_owned(),
                found: version,
                known: JOURNAL_VERSION,
            });
        }
        if found_number != number || found_database != database {
            return Err(damaged("it belongs to another database or place"));
        }
        let stated = Fields(fields.0).take();
        let published = u64::from_le_bytes(fields.take());
        let published_boot = u64::from_le_bytes(fields.take());
        let summed = bytes.get(FIXED_BYTES..HEADER_BYTES - 4).unwrap_or_default();
        let is_published = crc32fast::hash(summed) == u32::from_le_bytes(fields.take());
        Ok(Header {
            file_id,
            stated,
            published: is_published.then_some(published & !UNSYNCED),
            is_synced: published & UNSYNCED == 0,
            is_older_boot: published_boot != boot(),
        })
    }

    /// Returns the length that the file must have: what was only written may be gone with a power loss.
    fn promised(&self) -> Option<u64> {
        self.published.filter(|_| self.is_synced || !self.is_older_boot)
    }

    /// Returns how far the file may be read.
    fn limit(&self, who: Who) -> u64 {
        match (who, self.published) {
            (Who::Reader, Some(durable)) if !self.is_older_boot => durable,
            _ => u64::MAX,
        }
    }
}

/// Takes fixed-size fields off the front of bytes; zeros behind their end.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let (field, rest) = self.0.split_first_chunk::<N>().unwrap_or((&[0; N], &[]));
        self.0 = rest;
        *field
    }
}

/// The frames of one file.
struct Tape<'a> {
    path: &'a Path,
    /// Where `bytes` begin in the file.
    start: u64,
    bytes: &'a [u8],
    file_id: u64,
}

impl Tape<'_> {
    /// Returns the frame at `at` with the place behind it, `None` at the end, or what is wrong with the bytes.
    fn frame(&mut self, at: usize) -> Result<Option<(Frame, usize)>, &'static str> {
        let rest = self.bytes.get(at..).unwrap_or_default();
        if rest.is_empty() {
            return Ok(None);
        }
        let (header, body) = rest.split_at_checked(FRAME_HEADER_BYTES).ok_or("a frame is cut off")?;
        let mut fields = Fields(header);
        let magic = fields.take::<4>();
        let file_id = u64::from_le_bytes(fields.take());
        let seq = u64::from_le_bytes(fields.take());
        let payload_bytes = u32::from_le_bytes(fields.take()) as usize;
        let checksum = u32::from_le_bytes(fields.take());
        let summed = header.get(..FRAME_HEADER_BYTES - 4).unwrap_or_default();
        if magic != *FRAME_MAGIC || file_id != self.file_id || crc32fast::hash(summed) != checksum {
            return Err("the header of a frame is wrong");
        }
        if payload_bytes > PAYLOAD_BYTES_MAX {
            return Err("a frame claims too large a size");
        }
        let (payload, trailer) = body.split_at_checked(payload_bytes).ok_or("a frame is cut off")?;
        let trailer = trailer.get(..FRAME_TRAILER_BYTES).ok_or("a frame is cut off")?;
        let mut fields = Fields(trailer);
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(header);
        hasher.update(payload);
        if hasher.finalize() != u32::from_le_bytes(fields.take()) || fields.take::<4>() != *FRAME_END {
            return Err("the checksum of a frame does not match");
        }
        let next = at + FRAME_HEADER_BYTES + payload_bytes + FRAME_TRAILER_BYTES;
        Ok(Some((Frame { seq, payload: payload.to_vec() }, next)))
    }

    /// Fails where a whole frame stands behind `at`: then the bytes at `at` were not torn by a crash.
    fn must_be_torn(&mut self, at: usize, what: &'static str) -> Result<(), StoreError> {
        let bytes = self.bytes;
        let behind = bytes.get(at + 1..).unwrap_or_default();
        for place in memchr::memmem::find_iter(behind, FRAME_MAGIC) {
            if let Ok(Some(_)) = self.frame(at + 1 + place) {
                return Err(StoreError::damaged(self.path, self.start + at as u64, what));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::files::{Files, SystemFiles};
    use crate::store::journal::Journal;
    use std::sync::Arc;

    const DATABASE: Uuid = Uuid::from_u128(7);

    fn begin(folder: &Path) -> Journal {
        Journal::begin(folder, Arc::new(SystemFiles), DATABASE, 1, true).unwrap()
    }

    fn resume(folder: &Path, applied: Seq) -> Result<(Journal, Replay), StoreError> {
        Journal::resume(folder, Arc::new(SystemFiles), DATABASE, 1, 0, applied, true)
    }

    fn reader(folder: &Path) -> Result<Replay, StoreError> {
        read(folder, DATABASE, Position::start_of(1), Who::Reader)
    }

    fn seqs(replay: &Replay) -> Vec<Seq> {
        replay.frames.iter().map(|frame| frame.seq).collect()
    }

    /// A file of three commits, with the places where each ends.
    fn three(folder: &Path) -> (Vec<u8>, Vec<u64>) {
        let mut journal = begin(folder);
        let mut ends = vec![journal.end().offset];
        for seq in 1..=3 {
            journal.append(seq, format!("commit {seq}").as_bytes()).unwrap();
            ends.push(journal.end().offset);
        }
        (std::fs::read(file_path(folder, 1)).unwrap(), ends)
    }

    /// Makes the published length unreadable, as a torn header page would.
    fn unpublish(bytes: &mut [u8]) {
        bytes[FIXED_BYTES..HEADER_BYTES].fill(0);
        bytes[FIXED_BYTES] = 1;
    }

    #[test]
    fn commits_come_back_in_order_and_across_files() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = begin(folder.path());
        journal.append(1, b"one").unwrap();
        assert_eq!(journal.rotate().unwrap(), 2);
        assert_eq!(journal.rotate().unwrap(), 2, "an empty file is not left behind");
        journal.append(2, b"two").unwrap();
        assert_eq!(seqs(&reader(folder.path()).unwrap()), [1, 2]);
        drop(journal);
        let (mut journal, replay) = resume(folder.path(), 2).unwrap();
        assert_eq!(replay.frames[1].payload, b"two");
        journal.append(3, b"three").unwrap();
        assert_eq!(seqs(&reader(folder.path()).unwrap()), [1, 2, 3]);
    }

    #[test]
    fn a_reader_misses_nothing_that_is_written_while_it_reads() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = begin(folder.path());
        journal.append(1, b"one").unwrap();
        let mut seq = 1;
        let mut write = || {
            if seq < 4 {
                seq += 1;
                journal.append(seq, b"meanwhile").unwrap();
                journal.rotate().unwrap();
            }
        };
        let mut seen = Vec::new();
        let mut at = Position::start_of(1);
        for _ in 0..3 {
            let replay = read_watched(folder.path(), DATABASE, at, Who::Reader, &mut write).unwrap();
            seen.extend(seqs(&replay));
            at = replay.end;
        }
        let replay = read(folder.path(), DATABASE, at, Who::Reader).unwrap();
        seen.extend(seqs(&replay));
        assert_eq!(seen, [1, 2, 3, 4]);
        assert_eq!(seqs(&reader(folder.path()).unwrap()), seen);
    }

    #[test]
    fn a_reader_goes_on_where_it_ended() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = begin(folder.path());
        journal.append(1, b"one").unwrap();
        let first = reader(folder.path()).unwrap();
        journal.append(2, b"two").unwrap();
        journal.rotate().unwrap();
        journal.append(3, b"three").unwrap();
        let next = read(folder.path(), DATABASE, first.end, Who::Reader).unwrap();
        assert_eq!(seqs(&next), [2, 3]);
        assert_eq!(next.end, journal.end());
    }

    #[test]
    fn a_reader_stops_at_the_durable_length() {
        let folder = tempfile::tempdir().unwrap();
        let (bytes, ends) = three(folder.path());
        let mut early = bytes.clone();
        let mut durable = ends[2].to_le_bytes().to_vec();
        durable.extend(boot().to_le_bytes());
        durable.extend(crc32fast::hash(&durable).to_le_bytes());
        early[FIXED_BYTES..HEADER_BYTES].copy_from_slice(&durable);
        std::fs::write(file_path(folder.path(), 1), &early).unwrap();
        assert_eq!(seqs(&reader(folder.path()).unwrap()), [1, 2]);
        assert_eq!(seqs(&resume(folder.path(), 0).unwrap().1), [1, 2, 3]);
    }

    /// Says what a header publishes: a length, and when.
    fn publish(path: &Path, durable: u64, boot: u64) {
        let mut bytes = std::fs::read(path).unwrap();
        let mut published = durable.to_le_bytes().to_vec();
        published.extend(boot.to_le_bytes());
        published.extend(crc32fast::hash(&published).to_le_bytes());
        bytes[FIXED_BYTES..HEADER_BYTES].copy_from_slice(&published);
        std::fs::write(path, bytes).unwrap();
    }

    #[test]
    fn a_reader_sees_no_commit_that_a_writer_has_yet_to_sync() {
        let folder = tempfile::tempdir().unwrap();
        let path = file_path(folder.path(), 1);
        let (bytes, ends) = three(folder.path());
        let torn = |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            unpublish(&mut bytes);
            std::fs::write(&path, bytes).unwrap();
        };
        let read = |meanwhile: &mut dyn FnMut()| {
            read_watched(folder.path(), DATABASE, Position::start_of(1), Who::Reader, meanwhile).unwrap()
        };
        for is_torn in [true, false] {
            let before = &bytes[..ends[2] as usize];
            torn(before);
            if !is_torn {
                publish(&path, ends[2], boot() ^ 1);
            }
            assert_eq!(seqs(&read(&mut || {})), [1, 2], "all is durable where nobody writes");
            let mut is_written = false;
            let replay = read(&mut || {
                if !std::mem::replace(&mut is_written, true) {
                    std::fs::write(&path, &bytes).unwrap();
                    publish(&path, ends[2], boot());
                }
            });
            assert_eq!((seqs(&replay), replay.end.offset), (vec![1, 2], ends[2]), "torn: {is_torn}");
            publish(&path, ends[3], boot());
            assert_eq!(seqs(&read(&mut || {})), [1, 2, 3]);
        }
    }

    #[test]
    fn every_cut_is_a_torn_tail_or_damage() {
        let folder = tempfile::tempdir().unwrap();
        let (mut bytes, ends) = three(folder.path());
        for published in [true, false] {
            if !published {
                unpublish(&mut bytes);
            }
            for cut in 0..bytes.len() {
                std::fs::write(file_path(folder.path(), 1), &bytes[..cut]).unwrap();
                let whole = ends.iter().filter(|&&end| end <= cut as u64).count();
                match resume(folder.path(), 0) {
                    Ok((_, replay)) => {
                        assert!(!published, "cut at {cut}: durable commits are missing and nobody noticed");
                        assert_eq!(replay.frames.len() + 1, whole, "cut at {cut}");
                        assert_eq!(resume(folder.path(), 0).unwrap().1.torn, None, "the tail stays cut off");
                    }
                    Err(error) => {
                        assert!(error.is_damage());
                        assert!(published || cut < HEADER_BYTES, "cut at {cut}: {error}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let (bytes, _) = three(folder.path());
        let mut unpublished = bytes.clone();
        unpublish(&mut unpublished);
        for bit in 0..bytes.len() * 8 {
            let is_in_published = (FIXED_BYTES..HEADER_BYTES).contains(&(bit / 8));
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            std::fs::write(file_path(folder.path(), 1), &flipped).unwrap();
            match resume(folder.path(), 0) {
                // The published length only repeats what the frames say.
                Ok((_, replay)) => assert!(is_in_published && seqs(&replay) == [1, 2, 3], "bit {bit}"),
                Err(error) => {
                    assert!(!is_in_published && error.is_damage() || bit / 8 < FIXED_BYTES, "bit {bit}")
                }
            }
            if is_in_published {
                continue;
            }
            unpublished[bit / 8] ^= 1 << (bit % 8);
            std::fs::write(file_path(folder.path(), 1), &unpublished).unwrap();
            if let Ok((_, replay)) = resume(folder.path(), 0) {
                assert_eq!(seqs(&replay), [1, 2], "bit {bit}: only the last frame may look torn");
            }
            unpublished[bit / 8] ^= 1 << (bit % 8);
        }
    }

    #[test]
    fn a_torn_frame_that_was_applied_is_damage() {
        let folder = tempfile::tempdir().unwrap();
        let (mut bytes, ends) = three(folder.path());
        unpublish(&mut bytes);
        std::fs::write(file_path(folder.path(), 1), &bytes[..ends[3] as usize - 1]).unwrap();
        assert!(resume(folder.path(), 3).unwrap_err().is_damage());
        assert_eq!(seqs(&resume(folder.path(), 2).unwrap().1), [1, 2]);
    }

    #[test]
    fn a_torn_first_frame_behind_a_seal_never_happened() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = begin(folder.path());
        journal.append(1, b"one").unwrap();
        assert_eq!(journal.rotate().unwrap(), 2);
        journal.append(2, b"two").unwrap();
        drop(journal);
        let path = file_path(folder.path(), 2);
        let mut bytes = std::fs::read(&path).unwrap();
        unpublish(&mut bytes);
        std::fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
        let resume =
            |applied| Journal::resume(folder.path(), Arc::new(SystemFiles), DATABASE, 2, 1, applied, true);
        assert!(resume(2).unwrap_err().is_damage(), "the record store has it");
        assert_eq!(seqs(&resume(1).unwrap().1), [] as [Seq; 0]);
    }

    #[test]
    fn a_torn_frame_before_the_last_file_is_damage() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = begin(folder.path());
        journal.append(1, b"one").unwrap();
        journal.append(2, b"two").unwrap();
        journal.rotate().unwrap();
        journal.append(3, b"three").unwrap();
        let path = file_path(folder.path(), 1);
        let mut bytes = std::fs::read(&path).unwrap();
        unpublish(&mut bytes);
        bytes.truncate(bytes.len() - 1);
        std::fs::write(&path, &bytes).unwrap();
        assert!(resume(folder.path(), 0).unwrap_err().is_damage());
    }

    #[test]
    fn the_journal_of_another_database_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        three(folder.path());
        let other = Uuid::from_u128(8);
        assert!(read(folder.path(), other, Position::start_of(1), Who::Reader).unwrap_err().is_damage());
    }

    /// Refuses writes, syncs and overwrites while it is told to.
    #[derive(Debug, Default)]
    struct Failing(
        std::sync::atomic::AtomicBool,
        std::sync::atomic::AtomicBool,
        std::sync::atomic::AtomicBool,
    );

    #[derive(Debug)]
    struct FailingFile(Box<dyn crate::store::files::StoredFile>, Arc<Failing>);

    #[derive(Debug)]
    struct Shared(Arc<Failing>);

    use std::io;
    use std::sync::atomic::Ordering::Relaxed;

    impl io::Write for FailingFile {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.1.0.load(Relaxed) {
                self.0.write_all(&bytes[..bytes.len() / 2])?;
                return Err(io::Error::other("no space"));
            }
            self.0.write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            self.0.flush()
        }
    }

    impl crate::store::files::StoredFile for FailingFile {
        fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
            if self.1.2.load(Relaxed) {
                self.0.write_at(offset, &bytes[..bytes.len() / 2])?;
                return Err(io::Error::other("bad block"));
            }
            self.0.write_at(offset, bytes)
        }
        fn sync(&mut self) -> io::Result<()> {
            if self.1.1.load(Relaxed) { Err(io::Error::other("bad disk")) } else { self.0.sync() }
        }
        fn cut(&mut self, bytes: u64) -> io::Result<()> {
            self.0.cut(bytes)
        }
    }

    impl Files for Shared {
        fn create(&self, path: &Path) -> io::Result<Box<dyn crate::store::files::StoredFile>> {
            Ok(Box::new(FailingFile(SystemFiles.create(path)?, self.0.clone())))
        }
    }

    #[test]
    fn a_failed_write_is_undone_and_a_failed_sync_ends_the_journal() {
        let folder = tempfile::tempdir().unwrap();
        let fault = Arc::new(Failing::default());
        let files = Arc::new(Shared(fault.clone()));
        let mut journal = Journal::begin(folder.path(), files, DATABASE, 1, true).unwrap();
        journal.append(1, b"one").unwrap();
        fault.0.store(true, Relaxed);
        assert!(matches!(journal.append(2, b"two").unwrap_err(), StoreError::Io { .. }));
        fault.0.store(false, Relaxed);
        journal.append(2, b"two again").unwrap();
        fault.1.store(true, Relaxed);
        assert!(matches!(journal.append(3, b"three").unwrap_err(), StoreError::Io { .. }));
        fault.1.store(false, Relaxed);
        assert!(matches!(journal.append(3, b"three").unwrap_err(), StoreError::Poisoned));
        assert_eq!(seqs(&resume(folder.path(), 0).unwrap().1), [1, 2]);
    }

    #[test]
    fn nothing_is_appended_behind_a_length_that_could_not_be_published() {
        let folder = tempfile::tempdir().unwrap();
        let fault = Arc::new(Failing::default());
        let files = Arc::new(Shared(fault.clone()));
        let mut journal = Journal::begin(folder.path(), files, DATABASE, 1, true).unwrap();
        fault.2.store(true, Relaxed);
        journal.append(1, b"one").unwrap();
        assert_eq!(seqs(&reader(folder.path()).unwrap()), [1], "it is durable, though its length is torn");
        let length = std::fs::metadata(file_path(folder.path(), 1)).unwrap().len();
        assert!(matches!(journal.append(2, b"two").unwrap_err(), StoreError::Io { .. }));
        assert_eq!(std::fs::metadata(file_path(folder.path(), 1)).unwrap().len(), length);
        fault.2.store(false, Relaxed);
        journal.append(2, b"two").unwrap();
        assert_eq!(seqs(&reader(folder.path()).unwrap()), [1, 2]);
        assert_eq!(seqs(&resume(folder.path(), 0).unwrap().1), [1, 2]);
    }
}
