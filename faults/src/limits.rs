//! Limits of the system: descriptors that run out, files that may not grow, and a small disk that is full.
//!
//! The first two are limits of a process, so a child has them; its limit is drawn anew for each change. The disk is a tmpfs
//! of its own, filled up to a few pages. Mounting it takes rights that not everybody has: a run without them says so.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use rlimit::Resource;

use crate::archive::{Dice, restless};
use crate::disk::{Trouble, attempt};
use crate::tally::{Outcome, guarded};

/// The task of a child process.
pub const CHILD: &str = "--limited";

/// Changes tried under limits.
const CHANGES: usize = 12;

/// Descriptors that may be left, at most.
const DESCRIPTORS_MAX: u64 = 4;

/// The smallest and the largest limit of a file, as powers of two bytes (256 bytes to 2 MiB).
const FILE_BITS: std::ops::Range<u64> = 8..22;

/// Size of the small disk (32 MiB).
const DISK_BYTES: u64 = 32 << 20;

/// Room that may be left on it, in bytes (512 KiB).
const ROOM_BYTES_MAX: u64 = 512 << 10;

/// What the shell runs: a write past the limit of a file is an error then, and does not end the process.
const WITHOUT_SIGNAL: &str = "trap '' XFSZ; exec \"$0\" \"$@\"";

/// Makes changes under the limit that the seed draws.
pub fn run(seed: u64) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let (name, outcome) = match seed % 3 {
        0 => ("descriptors", in_child("descriptors", seed, folder.path())),
        1 => ("file size", in_child("size", seed, folder.path())),
        _ => ("small disk", on_small_disk(seed, folder.path())),
    };
    match outcome {
        Outcome::Survived(text) => Outcome::Survived(format!("{name}: {text}")),
        Outcome::Lost(text) => Outcome::Lost(format!("{name}: {text}")),
        Outcome::Wrong(text) => Outcome::Wrong(format!("{name}: {text}")),
        Outcome::Panicked(text) => Outcome::Panicked(format!("{name}: {text}")),
    }
}

fn in_child(kind: &str, seed: u64, folder: &Path) -> Outcome {
    let exe = std::env::current_exe().unwrap();
    let mut command = Command::new("sh");
    command.args(["-c", WITHOUT_SIGNAL]).arg(exe).args([CHILD, kind, &seed.to_string()]).arg(folder);
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    match text.lines().last().and_then(|line| line.split_once(": ")) {
        Some(("survived", text)) => Outcome::Survived(text.to_owned()),
        Some(("lost", text)) => Outcome::Lost(text.to_owned()),
        Some(("wrong", text)) => Outcome::Wrong(text.to_owned()),
        Some(("panic", text)) => Outcome::Panicked(text.to_owned()),
        _ => Outcome::Panicked(format!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr))),
    }
}

/// Makes changes under a limit of this process, and prints what became of it.
pub fn child(kind: &str, seed: u64, folder: &Path) {
    let trouble = Limited(if kind == "size" { Resource::FSIZE } else { Resource::NOFILE });
    let outcome = guarded(|| attempt(folder, &mut Dice(seed), CHANGES, &restless, &trouble));
    let (word, text) = match outcome {
        Outcome::Survived(text) => ("survived", text),
        Outcome::Lost(text) => ("lost", text),
        Outcome::Wrong(text) => ("wrong", text),
        Outcome::Panicked(text) => ("panic", text),
    };
    println!("{word}: {}", text.replace('\n', " "));
}

/// A limit of this process.
struct Limited(Resource);

impl Trouble for Limited {
    fn begin(&self, dice: &mut Dice) {
        let limit = match self.0 {
            Resource::NOFILE => open_descriptors() + dice.roll(DESCRIPTORS_MAX),
            _ => 1 << (FILE_BITS.start + dice.roll(FILE_BITS.end - FILE_BITS.start)),
        };
        let (_, most) = self.0.get().unwrap();
        self.0.set(limit.min(most), most).unwrap();
    }

    fn end(&self) {
        let (_, most) = self.0.get().unwrap();
        self.0.set(most, most).unwrap();
    }
}

/// Returns how many descriptors are open, besides the one that counts them.
fn open_descriptors() -> u64 {
    fs::read_dir("/proc/self/fd").map_or(0, |names| names.count() as u64 - 1)
}

fn on_small_disk(seed: u64, folder: &Path) -> Outcome {
    let size = format!("size={DISK_BYTES}");
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder).output();
    match mounted {
        Ok(output) if output.status.success() => {}
        other => return Outcome::Survived(format!("not tried, no tmpfs can be mounted here: {other:?}")),
    }
    let ballast = Ballast(folder.join("ballast"));
    let outcome = guarded(|| attempt(folder, &mut Dice(seed), CHANGES, &restless, &ballast));
    // Threads of the record store may hold its files for a moment: it is taken away once nobody does.
    let unmounted = Command::new("umount").arg("--lazy").arg(folder).status();
    assert!(unmounted.is_ok_and(|status| status.success()), "{} stays mounted", folder.display());
    outcome
}

/// A file that takes the room of a disk.
struct Ballast(PathBuf);

impl Trouble for Ballast {
    fn begin(&self, dice: &mut Dice) {
        let mut file = fs::File::create(&self.0).unwrap();
        let page = [1; 4_096];
        let mut bytes = 0;
        while file.write_all(&page).is_ok() {
            bytes += page.len() as u64;
        }
        file.set_len(bytes.saturating_sub(dice.roll(ROOM_BYTES_MAX))).unwrap();
    }

    fn end(&self) {
        fs::remove_file(&self.0).unwrap();
    }
}
