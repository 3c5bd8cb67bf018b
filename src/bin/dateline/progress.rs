//! Progress of long work, on standard error, for those who watch.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use dateline::database::Steps;

use crate::args::When;
use crate::console::Console;

/// Work that is over sooner shows nothing.
const SHOW_AFTER: Duration = Duration::from_millis(500);

/// How often a line is written where no terminal can redraw one.
const PLAIN_EVERY: Duration = Duration::from_secs(10);

/// Shows how far an import is.
pub struct Progress {
    started: Instant,
    bar: Option<ProgressBar>,
    plain: bool,
    last_plain: Instant,
    label: String,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reached {
    /// Rows read so far.
    pub rows: u64,
    /// Rows rejected among them.
    pub rejected: u64,
    /// Bytes read so far.
    pub read_bytes: u64,
    /// Bytes to read, where that is known.
    pub total_bytes: Option<u64>,
}

impl Progress {
    /// Prepares to show the progress of `label`.
    pub fn new(label: String, console: &Console) -> Progress {
        let (draws, plain) = match console.progress {
            When::Never => (false, false),
            When::Auto => (console.messages_on_screen && !console.quiet, false),
            When::Always => (console.messages_on_screen, !console.messages_on_screen),
        };
        let now = Instant::now();
        Progress { started: now, bar: draws.then(hidden_bar), plain, last_plain: now, label }
    }

    /// Shows how far an import is.
    pub fn show(&mut self, reached: Reached) {
        self.show_line(|label, elapsed| line(label, reached, elapsed));
    }

    /// Shows how far other long work is.
    pub fn show_steps(&mut self, steps: &Steps) {
        self.show_line(|label, elapsed| step_line(label, steps, elapsed));
    }

    fn show_line(&mut self, line: impl Fn(&str, Duration) -> String) {
        let elapsed = self.started.elapsed();
        if let Some(bar) = &self.bar
            && elapsed >= SHOW_AFTER
        {
            if bar.is_hidden() {
                bar.set_draw_target(ProgressDrawTarget::stderr());
            }
            bar.set_message(line(&self.label, elapsed));
            bar.tick();
        }
        if self.plain && self.last_plain.elapsed() >= PLAIN_EVERY {
            self.last_plain = Instant::now();
            eprintln!("{}", line(&self.label, elapsed));
        }
    }

    /// Clears the line.
    pub fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

fn hidden_bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    // The template is a constant of this file, and the default shows the message too.
    bar.set_style(ProgressStyle::with_template("{msg}").unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

/// Returns `importing news.jsonl  184 210 articles  18 %  21 400/s  eta 38 s  3 rejected`.
fn line(label: &str, reached: Reached, elapsed: Duration) -> String {
    use dateline::render::grouped;
    let seconds = elapsed.as_secs_f64().max(0.001);
    let mut parts = vec![format!("importing {label}"), format!("{} articles", grouped(reached.rows))];
    let share = reached
        .total_bytes
        .filter(|total| *total > 0)
        .map(|total| (reached.read_bytes as f64 / total as f64).clamp(0.0, 1.0));
    parts.extend(share.map(|share| format!("{:.0} %", share * 100.0)));
    parts.push(format!("{}/s", grouped((reached.rows as f64 / seconds) as u64)));
    let left = share.filter(|share| *share > 0.0).map(|share| seconds / share - seconds);
    parts.extend(left.map(|left| format!("eta {} s", grouped(left.ceil() as u64))));
    if reached.rejected > 0 {
        parts.push(format!("{} rejected", grouped(reached.rejected)));
    }
    parts.join("  ")
}

/// Returns `extracting news.db  184 210/1 000 000 articles  18 %  eta 38 s`.
fn step_line(label: &str, steps: &Steps, elapsed: Duration) -> String {
    use dateline::render::grouped;
    let Steps { doing, done, total, unit } = *steps;
    let mut parts = vec![format!("{doing} {label}"), format!("{}/{} {unit}", grouped(done), grouped(total))];
    if total > 0 && done > 0 {
        let share = (done as f64 / total as f64).clamp(0.0, 1.0);
        parts.push(format!("{:.0} %", share * 100.0));
        let left = elapsed.as_secs_f64() * (1.0 - share) / share;
        parts.push(format!("eta {} s", grouped(left.ceil() as u64)));
    }
    parts.join("  ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_far_and_how_long() {
        let reached = Reached { rows: 184_210, rejected: 3, read_bytes: 25, total_bytes: Some(100) };
        assert_eq!(
            line("news.jsonl", reached, Duration::from_secs(10)),
            "importing news.jsonl  184 210 articles  25 %  18 421/s  eta 30 s  3 rejected"
        );
        let steps = Steps { doing: "extracting", done: 25, total: 100, unit: "articles" };
        assert_eq!(
            step_line("news.db", &steps, Duration::from_secs(10)),
            "extracting news.db  25/100 articles  25 %  eta 30 s"
        );
        let unknown = Reached { rows: 5, ..Reached::default() };
        assert_eq!(line("-", unknown, Duration::from_secs(1)), "importing -  5 articles  5/s");
    }
}
