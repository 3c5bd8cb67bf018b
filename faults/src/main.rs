//! Campaigns of faults against a database: whatever happens, nothing acknowledged is lost and no answer is wrong.
//!
//! ```text
//! cargo run --release -p faults -- --campaign kill|power|flip|disk --runs N --seed S
//! cargo run --release -p faults -- --campaign load --articles N --minutes M --memory-mib B --runs N --seed S
//! cargo run --release -p faults -- --campaign soak --minutes M --runs N --seed S
//! ```
//!
//! Each run prints its seed, by which it is repeated alone: `--runs 1 --seed S`. The last line counts them:
//! `runs N, survived N, lost 0, wrong 0, panics 0`. The exit is 1 unless every run survived.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // A campaign that cannot go on has failed.

mod archive;
mod disk;
mod flip;
mod kill;
mod layer;
mod limits;
mod load;
mod power;
mod soak;
mod tally;

use std::panic::PanicHookInfo;
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use archive::Dice;
use load::Size;
use tally::Tally;

/// The campaigns.
const CAMPAIGNS: [&str; 6] = ["kill", "power", "flip", "disk", "load", "soak"];

/// Runs unless `--runs` says otherwise.
const RUNS: u64 = 100;

/// Articles of a load unless `--articles` says otherwise.
const ARTICLES: u64 = 2_400;

/// Memory that a load may hold beside files unless `--memory-mib` says otherwise, in MiB.
const MEMORY_MIB: u64 = 1_024;

/// What the command line asks for.
struct Asked {
    campaign: String,
    runs: u64,
    seed: u64,
    size: Size,
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [task, seed, folder] = args.as_slice()
        && task == kill::CHILD
    {
        kill::child(folder.as_ref(), seed.parse().unwrap());
        return ExitCode::SUCCESS;
    }
    std::panic::set_hook(Box::new(tell));
    if let [task, kind, seed, folder] = args.as_slice()
        && task == limits::CHILD
    {
        limits::child(kind, seed.parse().unwrap(), folder.as_ref());
        return ExitCode::SUCCESS;
    }
    let Some(asked) = read(&args) else {
        eprintln!("faults --campaign {} [--runs N] [--seed S]", CAMPAIGNS.join("|"));
        eprintln!("load: [--articles N] [--minutes M] [--memory-mib B]; soak: [--minutes M]");
        return ExitCode::from(2);
    };
    let mut tally = Tally::default();
    let mut seeds = Dice(asked.seed);
    for run in 0..asked.runs {
        // The first run has the seed itself, so that any run is repeated alone by its seed.
        let seed = if run == 0 { asked.seed } else { seeds.roll(1 << 31) };
        let outcome = tally::guarded(|| match asked.campaign.as_str() {
            "flip" => flip::run(seed),
            "kill" => kill::run(seed),
            "disk" => disk::run(seed),
            "load" => load::run(seed, asked.size),
            "soak" => soak::run(seed, asked.size.time),
            _ => power::run(seed),
        });
        tally.count(run, seed, outcome);
    }
    println!("{tally}");
    if tally.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Tells where something panicked, unless it is sled: that panics over damaged files, and the library turns it into errors.
fn tell(panic: &PanicHookInfo<'_>) {
    if !panic.location().is_some_and(|location| location.file().contains("/sled-")) {
        eprintln!("{panic}");
    }
}

/// Reads the command line.
fn read(args: &[String]) -> Option<Asked> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    let (mut campaign, mut runs, mut seed) = (None, RUNS, u64::from(now.subsec_nanos()));
    let mut size = Size { articles: ARTICLES, time: Duration::ZERO, memory_bytes: MEMORY_MIB << 20 };
    for pair in args.chunks(2) {
        let [name, value] = pair else { return None };
        match name.as_str() {
            "--campaign" => campaign = Some(value.clone()),
            "--runs" => runs = value.parse().ok()?,
            "--seed" => seed = value.parse().ok()?,
            "--articles" => size.articles = value.parse().ok()?,
            "--minutes" => size.time = Duration::try_from_secs_f64(value.parse::<f64>().ok()? * 60.0).ok()?,
            "--memory-mib" => size.memory_bytes = value.parse::<u64>().ok()?.checked_mul(1 << 20)?,
            _ => return None,
        }
    }
    let campaign = campaign.filter(|name| CAMPAIGNS.contains(&name.as_str()))?;
    Some(Asked { campaign, runs, seed, size })
}
