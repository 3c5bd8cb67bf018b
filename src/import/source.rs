//! Paths to files: folders walked in the order of names, files opened and unpacked.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use walkdir::{DirEntry, WalkDir};

use super::error::{Fault, ImportError};
use super::options::Format;
use super::reject::REJECTED_SUFFIX;

/// Bytes of a file that are looked at to learn its format (64 KiB).
const HEAD_BYTES: u64 = 64 << 10;

/// A file of articles, or the standard input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    /// The file as the user named it or the walk found it; `-` is the standard input.
    pub path: PathBuf,
    /// The path relative to the parent of the named path; `None` where that is not UTF-8.
    pub key: Option<String>,
}

type Walk = Box<dyn Iterator<Item = walkdir::Result<DirEntry>> + Send>;

/// Lists the files of the named paths, one folder in memory at a time.
pub(super) struct Sources {
    named: std::vec::IntoIter<PathBuf>,
    /// The files that walks take; `None` for all.
    only: Option<Arc<BTreeSet<PathBuf>>>,
    /// The folder being walked, with what keys are relative to.
    walk: Option<(Base, Walk)>,
}

impl Sources {
    pub(super) fn new(paths: Vec<PathBuf>, only: Option<Arc<BTreeSet<PathBuf>>>) -> Sources {
        Sources { named: paths.into_iter(), only, walk: None }
    }

    fn next_in_walk(&mut self) -> Option<Result<Source, (PathBuf, Fault)>> {
        let (base, entries) = self.walk.as_mut()?;
        for entry in entries {
            match entry {
                Ok(entry) if self.only.as_ref().is_some_and(|only| !only.contains(entry.path())) => {}
                Ok(entry) if is_article_file(&entry) => {
                    let key = base.key(entry.path());
                    return Some(Ok(Source { path: entry.into_path(), key }));
                }
                Ok(_) => {}
                Err(error) => {
                    let path = error.path().unwrap_or(Path::new("")).to_path_buf();
                    return Some(Err((path, Fault::Read { message: error.to_string() })));
                }
            }
        }
        self.walk = None;
        None
    }
}

impl Iterator for Sources {
    type Item = Result<Source, (PathBuf, Fault)>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(found) = self.next_in_walk() {
                return Some(found);
            }
            let path = self.named.next()?;
            if is_stdin(&path) || !path.is_dir() {
                let key = if is_stdin(&path) { None } else { Base::of(&path).key(&path) };
                return Some(Ok(Source { path, key }));
            }
            self.walk = Some((Base::of(&path), walk(&path)));
        }
    }
}

/// A file of articles as it was when it was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where it is.
    pub path: PathBuf,
    /// Its length, in bytes.
    pub length_bytes: u64,
    /// When it was last changed, where the system tells.
    pub changed: Option<SystemTime>,
}

/// Lists the files that an import of these paths would read, as they are at this moment.
///
/// Those that cannot be looked at are left out; an import would reject them.
///
/// # Examples
///
/// ```
/// let folder = tempfile::tempdir()?;
/// std::fs::write(folder.path().join("a.txt"), "Talks begin")?;
/// std::fs::write(folder.path().join("a.png"), "no article")?;
/// let found: Vec<_> = dateline::import::files(&[folder.path()]).collect();
/// assert_eq!(found.len(), 1);
/// assert_eq!(found[0].length_bytes, 11);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn files<P: AsRef<Path>>(paths: &[P]) -> impl Iterator<Item = Found> {
    let paths = paths.iter().map(|path| path.as_ref().to_path_buf()).collect();
    Sources::new(paths, None).filter_map(|source| {
        let path = source.ok()?.path;
        let metadata = fs::metadata(&path).ok()?;
        Some(Found { path, length_bytes: metadata.len(), changed: metadata.modified().ok() })
    })
}

fn walk(folder: &Path) -> Walk {
    let is_visible = |entry: &DirEntry| entry.depth() == 0 || !starts_with(entry.file_name(), ".");
    Box::new(WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(is_visible))
}

fn starts_with(name: &OsStr, front: &str) -> bool {
    name.as_encoded_bytes().starts_with(front.as_bytes())
}

/// Tells whether a walk takes this file: its extension is known, and its name is none of those that speak about files.
fn is_article_file(entry: &DirEntry) -> bool {
    let name = entry.file_name();
    let upper = name.to_ascii_uppercase();
    let speaks_about_files = starts_with(&upper, "LICENSE") || starts_with(&upper, "README");
    let is_rejected = name.as_encoded_bytes().ends_with(REJECTED_SUFFIX.as_bytes());
    // A link to a file is followed, a link to a folder is not.
    let is_file = || entry.file_type().is_file() || (entry.path_is_symlink() && entry.path().is_file());
    format_by_name(Path::new(name)).is_some() && !speaks_about_files && !is_rejected && is_file()
}

/// Returns the format that the name stands for, under `.gz` or `.zst` too.
pub(super) fn format_by_name(path: &Path) -> Option<Format> {
    let extension = path.extension()?.to_str()?;
    match extension.to_ascii_lowercase().as_str() {
        "gz" | "zst" => Format::from_extension(Path::new(path.file_stem()?).extension()?.to_str()?),
        _ => Format::from_extension(extension),
    }
}

pub(super) fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// What the keys of a named path begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Base {
    /// What paths lose at the front.
    parent: PathBuf,
    /// What keys gain at the front instead: the folder's name where the path does not hold it (`.`, `..`).
    name: Option<PathBuf>,
}

impl Base {
    fn of(path: &Path) -> Base {
        if path.file_name().is_some() {
            return Base { parent: path.parent().unwrap_or(Path::new("")).to_path_buf(), name: None };
        }
        let name = fs::canonicalize(path).ok().and_then(|folder| folder.file_name().map(PathBuf::from));
        Base { parent: path.to_path_buf(), name }
    }

    /// Returns the path relative to the base with `/` between names; `None` where a name is not UTF-8.
    fn key(&self, path: &Path) -> Option<String> {
        let relative = path.strip_prefix(&self.parent).unwrap_or(path);
        let parts = self.name.iter().flat_map(|name| name.components()).chain(relative.components());
        let names = parts.filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_str()),
            _ => None,
        });
        names.collect::<Option<Vec<&str>>>().map(|names| names.join("/"))
    }
}

/// Checks that every named path is there, and returns the bytes of all files; `None` with the standard input among them.
pub(super) fn total_bytes(paths: &[PathBuf]) -> Result<Option<u64>, ImportError> {
    let mut total = Some(0);
    for path in paths {
        let bytes = if is_stdin(path) { None } else { Some(bytes_of(path)?) };
        total = total.zip(bytes).map(|(total, bytes)| total + bytes);
    }
    Ok(total)
}

fn bytes_of(path: &Path) -> Result<u64, ImportError> {
    let metadata = fs::metadata(path).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => ImportError::Missing { path: path.to_path_buf() },
        _ => ImportError::Read { path: path.to_path_buf(), source },
    })?;
    if !metadata.is_dir() {
        return Ok(metadata.len());
    }
    let files = walk(path).filter_map(Result::ok).filter(is_article_file);
    Ok(files.filter_map(|entry| fs::metadata(entry.path()).ok()).map(|metadata| metadata.len()).sum())
}

/// A reader whose origin no longer matters.
pub(super) type Input = Box<dyn BufRead + Send>;

/// A file opened and unpacked, with its beginning.
pub(super) struct Opened {
    pub input: Input,
    /// The first bytes, which `input` still holds.
    pub head: Vec<u8>,
}

/// Opens a file or the standard input; `read_bytes` counts what is read from the disk.
pub(super) fn open(path: &Path, read_bytes: &Arc<AtomicU64>) -> io::Result<Opened> {
    let raw: Box<dyn Read + Send> =
        if is_stdin(path) { Box::new(io::stdin()) } else { Box::new(File::open(path)?) };
    unpack(Counting { raw, count: Arc::clone(read_bytes) })
}

/// Unpacks gzip and zstd, which their first bytes tell, and drops a byte order mark.
pub(super) fn unpack(raw: impl Read + Send + 'static) -> io::Result<Opened> {
    let (head, packed) = peek(Box::new(raw), 4)?;
    let plain: Box<dyn Read + Send> = match head.as_slice() {
        [0x1f, 0x8b, ..] => Box::new(flate2::read::MultiGzDecoder::new(BufReader::new(packed))),
        [0x28, 0xb5, 0x2f, 0xfd] => Box::new(zstd::stream::read::Decoder::new(packed)?),
        _ => packed,
    };
    let (mut head, mut input) = peek(plain, HEAD_BYTES)?;
    if head.starts_with(b"\xef\xbb\xbf") {
        head.drain(..3);
        io::copy(&mut input.by_ref().take(3), &mut io::sink())?;
    }
    Ok(Opened { input: Box::new(BufReader::with_capacity(HEAD_BYTES as usize, input)), head })
}

/// Returns the first bytes of a reader, and a reader that still holds them.
fn peek(mut raw: Box<dyn Read + Send>, bytes: u64) -> io::Result<(Vec<u8>, Box<dyn Read + Send>)> {
    let mut head = Vec::new();
    raw.by_ref().take(bytes).read_to_end(&mut head)?;
    let again = Cursor::new(head.clone()).chain(raw);
    Ok((head, Box::new(again)))
}

/// Counts the bytes that pass.
struct Counting {
    raw: Box<dyn Read + Send>,
    count: Arc<AtomicU64>,
}

impl Read for Counting {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.raw.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn listing(paths: &[PathBuf]) -> Vec<String> {
        Sources::new(paths.to_vec(), None).map(|source| source.unwrap().key.unwrap()).collect()
    }

    #[test]
    fn walks_take_known_files_in_the_order_of_names() {
        let folder = tempfile::tempdir().unwrap();
        let news = folder.path().join("news");
        fs::create_dir_all(news.join("b/.git")).unwrap();
        let files = [
            "z.txt",
            "a.JSON",
            "b/c.csv.gz",
            "b/d.ndjson.zst",
            "b/.git/e.txt",
            ".hidden.txt",
            "LICENSE.txt",
            "readme.txt",
            "a.json.rejected.ndjson",
            "notes.pdf",
            "noext",
        ];
        for name in files {
            fs::write(news.join(name), "x").unwrap();
        }
        let expected = ["news/a.JSON", "news/b/c.csv.gz", "news/b/d.ndjson.zst", "news/z.txt"];
        assert_eq!(listing(std::slice::from_ref(&news)), expected);
        let named = [news.join("LICENSE.txt"), news.join("noext"), news.join(".hidden.txt")];
        assert_eq!(listing(&named), ["LICENSE.txt", "noext", ".hidden.txt"]);
        assert_eq!(total_bytes(&[news.clone(), named[0].clone()]).unwrap(), Some(5));
        assert_eq!(total_bytes(&[PathBuf::from("-"), news]).unwrap(), None);
        assert!(matches!(total_bytes(&[folder.path().join("no")]), Err(ImportError::Missing { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn links_to_folders_are_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let news = folder.path().join("news");
        fs::create_dir(&news).unwrap();
        fs::write(folder.path().join("story.txt"), "x").unwrap();
        std::os::unix::fs::symlink(&news, news.join("loop")).unwrap();
        std::os::unix::fs::symlink(folder.path().join("story.txt"), news.join("link.txt")).unwrap();
        std::os::unix::fs::symlink(folder.path().join("gone.txt"), news.join("dangling.txt")).unwrap();
        assert_eq!(listing(&[news]), ["news/link.txt"]);
    }

    #[test]
    fn the_current_folder_has_its_own_name() {
        let here = std::env::current_dir().unwrap();
        let name = here.file_name().unwrap().to_str().unwrap();
        let key = |named: &str, path: &str| Base::of(Path::new(named)).key(Path::new(path));
        assert_eq!(key(".", "./a/x.txt"), Some(format!("{name}/a/x.txt")));
        assert_eq!(key("./x.txt", "./x.txt"), Some("x.txt".into()));
        assert_eq!(key("news/", "news/x.txt"), Some("news/x.txt".into()));
        assert_eq!(key("old/news", "old/news/x.txt"), Some("news/x.txt".into()));
    }

    #[test]
    fn packed_files_are_unpacked() {
        let text = b"\xef\xbb\xbfTalks\n\nThey met.";
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(text).unwrap();
        for packed in [text.to_vec(), gzip.finish().unwrap(), zstd::encode_all(text.as_slice(), 1).unwrap()] {
            let mut opened = unpack(Cursor::new(packed)).unwrap();
            let mut plain = Vec::new();
            opened.input.read_to_end(&mut plain).unwrap();
            assert_eq!(plain, b"Talks\n\nThey met.");
            assert_eq!(opened.head, plain);
        }
    }
}
