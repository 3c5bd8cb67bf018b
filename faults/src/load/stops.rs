//! Queries that are cancelled, and queries whose time is over: how soon they end.

use std::time::{Duration, Instant};

use dateline::Error;
use dateline::database::Reader;
use dateline::exec::{CancelToken, ExecError, RunOptions};

use super::measure::Classes;
use crate::archive::Dice;

/// Slow questions: all text is read, all articles are sorted, all pairs are counted.
const SLOW: [&str; 3] = [
    "find key where body matches /qu[a-z]+zz/",
    "find key, body order by words desc",
    "top 20 pairs of place and section",
];

/// Longest time that a query is given, in µs.
const GIVEN_US_MAX: u64 = 20_000;

/// Cancels a query while it runs; counts how long it went on, where it had not ended before.
pub fn cancel(reader: &Reader, dice: &mut Dice, times: &mut Classes) -> Result<(), String> {
    let cancel = CancelToken::default();
    let options = RunOptions { cancel: cancel.clone(), ..RunOptions::default() };
    let (text, given) = draw(dice);
    let (asked, (result, ended)) = std::thread::scope(|scope| {
        let running = scope.spawn(|| run(reader, text, options));
        std::thread::sleep(given);
        let asked = Instant::now();
        cancel.cancel();
        (asked, running.join().expect("a query does not panic"))
    });
    match result {
        Err(Error::Exec(ExecError::Cancelled)) => times.add("cancelled, ended", ended - asked),
        Err(error) => return Err(format!("{text}: {error}")),
        Ok(()) => {}
    }
    Ok(())
}

/// Gives a query little time; counts how long it went on after that, where it had not ended before.
pub fn expire(reader: &Reader, dice: &mut Dice, times: &mut Classes) -> Result<(), String> {
    let (text, given) = draw(dice);
    let deadline = Instant::now() + given;
    let options = RunOptions { deadline: Some(deadline), ..RunOptions::default() };
    match run(reader, text, options) {
        (Err(Error::Exec(ExecError::Deadline)), ended) => times.add("time over, ended", ended - deadline),
        (Err(error), _) => return Err(format!("{text}: {error}")),
        (Ok(()), _) => {}
    }
    Ok(())
}

fn draw(dice: &mut Dice) -> (&'static str, Duration) {
    let text = SLOW[dice.roll(SLOW.len() as u64) as usize];
    (text, Duration::from_micros(dice.roll(GIVEN_US_MAX)))
}

fn run(reader: &Reader, text: &str, options: RunOptions) -> (Result<(), Error>, Instant) {
    let result = reader.prepare(text).and_then(|query| query.options(options).run()).map(drop);
    (result, Instant::now())
}
