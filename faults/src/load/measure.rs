//! How long answers took, and how much memory they did.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// Bounds within each doubling of time: a figure is at most an eighth too high.
const STEPS: u64 = 8;

/// How often answers took how long.
#[derive(Debug, Clone, Default)]
pub struct Times {
    /// Answers by the number of their bound.
    counts: BTreeMap<u64, u64>,
    total: u64,
}

impl Times {
    /// Counts an answer.
    pub fn add(&mut self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX).max(STEPS);
        let doublings = u64::from(micros.ilog2());
        let within = (micros >> (doublings - u64::from(STEPS.ilog2()))) - STEPS;
        *self.counts.entry(doublings * STEPS + within).or_default() += 1;
        self.total += 1;
    }

    /// Adds what others counted.
    pub fn merge(&mut self, other: &Times) {
        for (bound, count) in &other.counts {
            *self.counts.entry(*bound).or_default() += count;
        }
        self.total += other.total;
    }

    /// Returns how many answers were counted.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Returns a time that so many hundredths of the answers took at most.
    pub fn percentile(&self, hundredths: u64) -> Duration {
        let mut left = (self.total * hundredths).div_ceil(100);
        for (bound, count) in &self.counts {
            left = left.saturating_sub(*count);
            if left == 0 {
                let doublings = bound / STEPS;
                let micros = ((STEPS + bound % STEPS + 1) << doublings) >> STEPS.ilog2();
                return Duration::from_micros(micros);
            }
        }
        Duration::ZERO
    }
}

/// Times by class of question.
#[derive(Debug, Clone, Default)]
pub struct Classes(pub BTreeMap<&'static str, Times>);

impl Classes {
    /// Counts an answer of a class.
    pub fn add(&mut self, class: &'static str, time: Duration) {
        self.0.entry(class).or_default().add(time);
    }

    /// Adds what others counted.
    pub fn merge(&mut self, other: &Classes) {
        for (class, times) in &other.0 {
            self.0.entry(class).or_default().merge(times);
        }
    }
}

impl fmt::Display for Classes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (class, times) in &self.0 {
            let ms = |hundredths| times.percentile(hundredths).as_secs_f64() * 1_000.0;
            let (median, p99) = (ms(50), ms(99));
            writeln!(
                f,
                "  {class:<22} {:>9} answers, p50 {median:>8.2} ms, p99 {p99:>8.2} ms",
                times.total()
            )?;
        }
        Ok(())
    }
}

/// Returns the memory that the process holds and no file backs, in bytes; `None` where the system does not tell.
pub fn anonymous_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kib| kib << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_at_most_an_eighth_too_high() {
        let mut times = Times::default();
        (1..=10_000).for_each(|micros| times.add(Duration::from_micros(micros)));
        for hundredths in [1, 10, 50, 99, 100] {
            let (true_micros, said) = (hundredths * 100, times.percentile(hundredths).as_micros() as u64);
            assert!((true_micros..=true_micros * 9 / 8 + 1).contains(&said), "{hundredths}: {said}");
        }
        let mut twice = times.clone();
        twice.merge(&times);
        assert_eq!((twice.total(), twice.percentile(99)), (20_000, times.percentile(99)));
        assert_eq!(Times::default().percentile(99), Duration::ZERO);
    }
}
