//! Flipped bits and cut files: the answer is right, or the error names the damage and repair restores everything.

use std::fs;
use std::path::{Path, PathBuf};

use dateline::database::{Database, Options, Reader};
use dateline::exec::CancelToken;

use crate::archive::{Change, Contents, Dice, answers, contents, copy, files, restless};
use crate::tally::Outcome;

/// Changes that an archive is made by.
const CHANGES: usize = 12;

/// Hurts one file of an archive that was closed, and looks at it as a reader, as a writer, and after a repair.
pub fn run(seed: u64) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let mut dice = Dice(seed);
    let expected = make(&path, folder.path(), &mut dice);
    let right = answers(&Reader::open(&path).unwrap()).unwrap();
    let (file, what) = hurt(&path, &mut dice);
    let what = format!("{what} of {}", file.strip_prefix(&path).unwrap().display());
    match look(&path, &file, &expected, &right) {
        Err(outcome) => return prefixed(outcome, &what),
        Ok(Seen::Right) => return Outcome::Survived(format!("{what}: no answer changed")),
        Ok(Seen::Damage) => {}
    }
    match repair(&path, &expected, &right) {
        None => Outcome::Survived(format!("{what}: found and repaired")),
        Some(outcome) => prefixed(outcome, &what),
    }
}

fn prefixed(outcome: Outcome, what: &str) -> Outcome {
    match outcome {
        Outcome::Survived(text) => Outcome::Survived(format!("{what}: {text}")),
        Outcome::Lost(text) => Outcome::Lost(format!("{what}: {text}")),
        Outcome::Wrong(text) => Outcome::Wrong(format!("{what}: {text}")),
        Outcome::Panicked(text) => Outcome::Panicked(format!("{what}: {text}")),
    }
}

/// Makes an archive of random changes, and closes it.
fn make(path: &Path, scratch: &Path, dice: &mut Dice) -> Contents {
    let database = Database::open_with(path, restless()).unwrap();
    let mut expected = Contents::new();
    let first = Change::Import(
        (0..40).map(|n| (format!("key-{n}"), format!("They met in Idlib, {n}."))).collect(),
        true,
    );
    let drawn: Vec<Change> = (0..CHANGES).map(|_| Change::draw(dice)).collect();
    for change in std::iter::once(first).chain(drawn) {
        change.make(&database, scratch).unwrap();
        change.apply(&mut expected);
    }
    database.close().unwrap();
    expected
}

/// Flips a bit of a random file, or cuts it; returns the file and what was done.
fn hurt(path: &Path, dice: &mut Dice) -> (PathBuf, String) {
    let files: Vec<PathBuf> =
        files(path).into_iter().filter(|file| fs::metadata(file).unwrap().len() > 0).collect();
    let file = files[dice.roll(files.len() as u64) as usize].clone();
    let mut bytes = fs::read(&file).unwrap();
    let place = dice.roll(bytes.len() as u64) as usize;
    let what = if dice.roll(4) == 0 {
        bytes.truncate(place);
        format!("cut at byte {place}")
    } else {
        bytes[place] ^= 1 << dice.roll(8);
        format!("a bit of byte {place}")
    };
    fs::write(&file, bytes).unwrap();
    (file, what)
}

enum Seen {
    /// Every answer is right and a check finds nothing.
    Right,
    /// Damage was found, by an error that names it.
    Damage,
}

/// Reads and opens a copy of the archive; a wrong answer or an error that names nothing ends the run.
fn look(path: &Path, hurt: &Path, expected: &Contents, right: &[String]) -> Result<Seen, Outcome> {
    let mut seen = Seen::Right;
    let read = Reader::open(path).and_then(|reader| Ok((contents(&reader.snapshot())?, answers(&reader)?)));
    match read {
        Ok((found, answers)) => judge(&found, &answers, expected, right)?,
        Err(error) => {
            names(&error.to_string(), hurt)?;
            seen = Seen::Damage;
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let copied = folder.path().join("db");
    copy(path, &copied);
    match Database::open(&copied) {
        Err(error) => names(&error.to_string(), hurt).map(|()| Seen::Damage),
        Ok(database) => {
            let report = database.check_deep(&CancelToken::default(), &mut |_| {});
            let report = report.map_err(|error| Outcome::Wrong(format!("check fails: {error}")))?;
            let is_found = !report.is_sound() || report.recovered.is_some();
            if report.is_sound() {
                let found =
                    contents(&database.snapshot()).map_err(|error| Outcome::Wrong(error.to_string()))?;
                let answers =
                    answers(&database.reader()).map_err(|error| Outcome::Wrong(error.to_string()))?;
                judge(&found, &answers, expected, right)?;
            }
            Ok(if is_found { Seen::Damage } else { seen })
        }
    }
}

fn judge(found: &Contents, answers: &[String], expected: &Contents, right: &[String]) -> Result<(), Outcome> {
    if found != expected {
        return Err(Outcome::Wrong("the articles are other ones, and nobody says so".to_owned()));
    }
    match answers.iter().zip(right).find(|(answer, right)| answer != right) {
        Some((answer, right)) => Err(Outcome::Wrong(format!("answered {answer}, right is {right}"))),
        None => Ok(()),
    }
}

/// An error must name the file, or the record store that it is part of.
fn names(error: &str, hurt: &Path) -> Result<(), Outcome> {
    let name = hurt.file_name().unwrap().to_string_lossy().into_owned();
    let is_sled = hurt.components().any(|part| part.as_os_str() == "records");
    if error.contains(&name) || (is_sled && error.contains("record")) {
        return Ok(());
    }
    Err(Outcome::Wrong(format!("the error does not name {name}: {error}")))
}

fn repair(path: &Path, expected: &Contents, right: &[String]) -> Option<Outcome> {
    let never = CancelToken::default();
    let report = match Database::repair(path, Options::default(), &never, &mut |_| {}) {
        Ok(report) => report,
        Err(error) => return Some(Outcome::Lost(format!("repair fails: {error}"))),
    };
    if !report.is_whole() {
        return Some(Outcome::Lost(format!("{:?} {:?}", report.lost, report.check.problems)));
    }
    let database = Database::open(path).unwrap();
    let deep = database.check_deep(&never, &mut |_| {}).unwrap();
    if !deep.is_sound() {
        return Some(Outcome::Wrong(format!("after repair: {:?}", deep.problems)));
    }
    let found = contents(&database.snapshot()).unwrap();
    if found != *expected {
        return Some(Outcome::Lost("the articles are other ones after repair".to_owned()));
    }
    judge(&found, &answers(&database.reader()).unwrap(), expected, right).err()
}
