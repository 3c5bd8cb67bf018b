//! Queries that are cancelled, and queries whose time is over: how soon they end.

use std::time::{Duration, Instant};

use dateline::Error;
use dateline::database::Reader;
use dateline::exec::{CancelToken, ExecError, RunOptions};

use super::measure::Classes;
use crate::archive::Dice;

/// Slow questions, one for each way of going through articles, and the class of their ends where nothing is written.
const SLOW: [(&str, &str); 10] = [
    ("quiet: stored text", "find key where body matches /qu[a-z]+zz/"),
    ("quiet: sorted rows", "find key, body order by words desc"),
    ("quiet: pairs", "top 20 pairs of place and section"),
    ("quiet: pairs near", "top 20 pairs of person and place in same sentence order by lift desc"),
    (
        "quiet: relevance",
        "find key where text contains any of (\"wheat\", \"talks\", \"said\") order by relevance desc limit 10000",
    ),
    ("quiet: near", "count where text contains \"delegates\" near \"officials\" within 40 words"),
    ("quiet: pattern", "count where text contains like \"*e*\" near \"the\" within 3 words"),
    ("quiet: timeline", "timeline by day split by source top 5 where text contains \"talks\""),
    ("quiet: folded", "count by place where text contains \"talks\" with duplicates folded"),
    ("quiet: quotes", "find key where quotes anyone saying \"talks\" order by words desc"),
];

/// Ends of queries that are measured where nothing is written.
const QUIET_STOPS: u64 = 600;

/// Longest time that a query is given, in µs.
const GIVEN_US_MAX: u64 = 20_000;

/// Stops queries where nobody writes and nobody else asks; counts how long each kind went on.
pub fn quiet(reader: &Reader, dice: &mut Dice, times: &mut Classes) -> Result<(), String> {
    for number in 0..QUIET_STOPS {
        let (class, text) = SLOW[number as usize % SLOW.len()];
        let given = Duration::from_micros(dice.roll(GIVEN_US_MAX));
        let (all, elapsed) = match dice.roll(2) {
            0 => ("quiet: cancelled, ended", cancelled(reader, text, given)?),
            _ => ("quiet: time over, ended", expired(reader, text, given)?),
        };
        if let Some(elapsed) = elapsed {
            times.add(class, elapsed);
            times.add(all, elapsed);
        }
    }
    Ok(())
}

/// Cancels a query while it runs; counts how long it went on, where it had not ended before.
pub fn cancel(reader: &Reader, dice: &mut Dice, times: &mut Classes) -> Result<(), String> {
    let (text, given) = draw(dice);
    let elapsed = cancelled(reader, text, given)?;
    elapsed.into_iter().for_each(|elapsed| times.add("cancelled, ended", elapsed));
    Ok(())
}

/// Gives a query little time; counts how long it went on after that, where it had not ended before.
pub fn expire(reader: &Reader, dice: &mut Dice, times: &mut Classes) -> Result<(), String> {
    let (text, given) = draw(dice);
    let elapsed = expired(reader, text, given)?;
    elapsed.into_iter().for_each(|elapsed| times.add("time over, ended", elapsed));
    Ok(())
}

/// Returns how long a query went on after it was cancelled; `None` where it had ended before.
fn cancelled(reader: &Reader, text: &str, given: Duration) -> Result<Option<Duration>, String> {
    let cancel = CancelToken::default();
    let options = RunOptions { cancel: cancel.clone(), ..RunOptions::default() };
    let (asked, (result, ended)) = std::thread::scope(|scope| {
        let running = scope.spawn(|| run(reader, text, options));
        std::thread::sleep(given);
        let asked = Instant::now();
        cancel.cancel();
        (asked, running.join().expect("a query does not panic"))
    });
    match result {
        Err(Error::Exec(ExecError::Cancelled)) => Ok(Some(ended - asked)),
        Err(error) => Err(format!("{text}: {error}")),
        Ok(()) => Ok(None),
    }
}

/// Returns how long a query went on after its time was over; `None` where it had ended before.
fn expired(reader: &Reader, text: &str, given: Duration) -> Result<Option<Duration>, String> {
    let deadline = Instant::now() + given;
    let options = RunOptions { deadline: Some(deadline), ..RunOptions::default() };
    match run(reader, text, options) {
        (Err(Error::Exec(ExecError::Deadline)), ended) => Ok(Some(ended - deadline)),
        (Err(error), _) => Err(format!("{text}: {error}")),
        (Ok(()), _) => Ok(None),
    }
}

fn draw(dice: &mut Dice) -> (&'static str, Duration) {
    let (_, text) = SLOW[dice.roll(SLOW.len() as u64) as usize];
    (text, Duration::from_micros(dice.roll(GIVEN_US_MAX)))
}

fn run(reader: &Reader, text: &str, options: RunOptions) -> (Result<(), Error>, Instant) {
    let result = reader.prepare(text).and_then(|query| query.options(options).run()).map(drop);
    (result, Instant::now())
}
