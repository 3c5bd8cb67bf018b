//! The fuzz targets without a fuzzer: their seeds, and small changes of the seeds.
//!
//! `DATELINE_FUZZ_RUNS=100000` makes a campaign of it; everything follows from `DATELINE_FUZZ_SEED`, which a failure
//! prints. `fuzz/README.md` tells how libFuzzer runs the same targets.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)] // A test that cannot go on has failed.

#[path = "../fuzz/harness.rs"]
mod harness;

use std::fs;
use std::path::Path;

/// Changed inputs a target where `DATELINE_FUZZ_RUNS` says nothing.
const RUNS_DEFAULT: u64 = 300;

fn knob(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("the knob is a number"))
}

/// Repeatable chance, after SplitMix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % end.max(1) as u64) as usize
    }
}

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{target} has no seeds");
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// The words of `grammar/fuzz.dict`, without their quotes.
fn words() -> Vec<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar/fuzz.dict");
    let text = fs::read_to_string(path).unwrap();
    let quoted = text.lines().filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
    quoted.map(|word| word.replace("\\\"", "\"").replace("\\\\", "\\").into_bytes()).collect()
}

/// Changes an input in one place.
fn changed(dice: &mut Dice, mut bytes: Vec<u8>, others: &[Vec<u8>], words: &[Vec<u8>]) -> Vec<u8> {
    let at = dice.below(bytes.len() + 1);
    let until = (at + 1 + dice.below(8)).min(bytes.len());
    match dice.below(6) {
        0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
        1 if at < bytes.len() => bytes[at] = dice.below(256) as u8,
        2 if at < until => drop(bytes.drain(at..until)),
        3 if at < until => {
            let again: Vec<u8> = bytes[at..until].to_vec();
            bytes.splice(at..at, again);
        }
        4 => drop(bytes.splice(at..at, words[dice.below(words.len())].iter().copied())),
        _ => {
            let other = &others[dice.below(others.len())];
            bytes.truncate(at);
            bytes.extend_from_slice(&other[dice.below(other.len() + 1)..]);
        }
    }
    bytes
}

fn run(target: &str) {
    let (_, body) = harness::TARGETS.into_iter().find(|(name, _)| *name == target).unwrap();
    let (seeds, words) = (seeds(target), words());
    seeds.iter().for_each(|seed| body(seed));
    let seed = knob("DATELINE_FUZZ_SEED").unwrap_or(20_180_901);
    let runs = knob("DATELINE_FUZZ_RUNS").unwrap_or(RUNS_DEFAULT);
    println!("{target}: {} seeds, {runs} changes of them from seed {seed}", seeds.len());
    let mut dice = Dice(seed);
    for number in 0..runs {
        let mut bytes = seeds[dice.below(seeds.len())].clone();
        for _ in 0..=dice.below(4) {
            bytes = changed(&mut dice, bytes, &seeds, &words);
        }
        if std::panic::catch_unwind(|| body(&bytes)).is_err() {
            panic!("{target}, change {number} of seed {seed}: {:?}", String::from_utf8_lossy(&bytes));
        }
    }
}

/// Makes a test of each target, and holds the list of targets against the harness.
macro_rules! targets {
    ($($name:ident)+) => {
        $(#[test] fn $name() { run(stringify!($name)); })+

        #[test]
        fn every_target_is_run() {
            let names: Vec<&str> = harness::TARGETS.iter().map(|(name, _)| *name).collect();
            assert_eq!(names, [$(stringify!($name)),+]);
        }
    };
}

targets!(query import extract segment journal manifest record);
