//! Campaigns of faults against a database: whatever happens, nothing acknowledged is lost and no answer is wrong.
//!
//! ```text
//! cargo run --release -p faults -- --campaign kill|power|flip|disk --runs N --seed S
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
mod power;
mod tally;

use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use archive::Dice;
use tally::Tally;

/// Runs unless `--runs` says otherwise.
const RUNS: u64 = 100;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [task, seed, folder] = args.as_slice()
        && task == kill::CHILD
    {
        kill::child(folder.as_ref(), seed.parse().unwrap());
        return ExitCode::SUCCESS;
    }
    let Some((campaign, runs, seed)) = read(&args) else {
        eprintln!("faults --campaign kill|power|flip|disk [--runs N] [--seed S]");
        return ExitCode::from(2);
    };
    // sled panics over damaged files, and the library turns that into errors; only what escapes is counted.
    std::panic::set_hook(Box::new(|_| {}));
    let mut tally = Tally::default();
    let mut seeds = Dice(seed);
    for run in 0..runs {
        // The first run has the seed itself, so that any run is repeated alone by its seed.
        let seed = if run == 0 { seed } else { seeds.roll(1 << 31) };
        let outcome = tally::guarded(|| match campaign.as_str() {
            "flip" => flip::run(seed),
            "kill" => kill::run(seed),
            "disk" => disk::run(seed),
            _ => power::run(seed),
        });
        tally.count(run, seed, outcome);
    }
    println!("{tally}");
    if tally.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Returns campaign, runs and seed.
fn read(args: &[String]) -> Option<(String, u64, u64)> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    let (mut campaign, mut runs, mut seed) = (None, RUNS, u64::from(now.subsec_nanos()));
    for pair in args.chunks(2) {
        match pair {
            [name, value] if name == "--campaign" => campaign = Some(value.clone()),
            [name, value] if name == "--runs" => runs = value.parse().ok()?,
            [name, value] if name == "--seed" => seed = value.parse().ok()?,
            _ => return None,
        }
    }
    let campaign = campaign.filter(|name| ["flip", "kill", "disk", "power"].contains(&name.as_str()))?;
    Some((campaign, runs, seed))
}
