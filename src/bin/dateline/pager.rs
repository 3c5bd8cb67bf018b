//! Results longer than the screen, shown by a pager.

use std::io::{self, BufWriter, Stdout, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use crate::args::PagerArg;
use crate::console::Console;
use crate::interrupt;

/// Lines of the screen that are not for results: the prompt and the line that counts.
const LINES_RESERVED: usize = 2;

/// The standard output of a screen; results that fit it are written as they are.
pub struct Screen {
    stdout: BufWriter<Stdout>,
    pager: Option<String>,
    /// What was written before it was known whether it fits.
    held: Vec<u8>,
    child: Option<(Child, ChildStdin)>,
    size: Size,
}

/// The size of the screen, in characters.
#[derive(Debug, Clone, Copy)]
struct Size {
    columns: usize,
    lines: usize,
}

impl Screen {
    /// Returns the standard output, paged by a command line where there is one.
    pub fn new(pager: Option<String>) -> Screen {
        let size = Size { columns: 80, lines: 24 };
        Screen { stdout: BufWriter::new(io::stdout()), pager, held: Vec::new(), child: None, size }
    }

    /// Says which command line pages results from now on.
    pub fn set_pager(&mut self, pager: Option<String>) {
        self.pager = pager;
    }

    /// Ends a result: shows what is held, or waits until the reader leaves the pager.
    ///
    /// # Errors
    ///
    /// Where the screen cannot be written.
    pub fn end_result(&mut self) -> io::Result<()> {
        if let Some((mut child, stdin)) = self.child.take() {
            drop(stdin);
            interrupt::ignored(|| child.wait())?;
        }
        let held = std::mem::take(&mut self.held);
        self.stdout.write_all(&held)?;
        self.stdout.flush()
    }

    /// Holds bytes back until they are more than a screen.
    fn hold(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.held.is_empty() {
            self.size = size();
        }
        self.held.extend_from_slice(bytes);
        if lines(&self.held, self.size.columns) + LINES_RESERVED <= self.size.lines {
            return Ok(());
        }
        match self.pager.as_deref().map(spawn) {
            Some(Ok((child, mut stdin))) => {
                let held = std::mem::take(&mut self.held);
                let written = stdin.write_all(&held);
                self.child = Some((child, stdin));
                written
            }
            // Without a pager the result is still worth showing.
            _ => {
                self.pager = None;
                let held = std::mem::take(&mut self.held);
                self.stdout.write_all(&held)
            }
        }
    }
}

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match (&mut self.child, &self.pager) {
            (Some((_, stdin)), _) => stdin.write(bytes),
            (None, None) => self.stdout.write(bytes),
            (None, Some(_)) => self.hold(bytes).map(|()| bytes.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match (&mut self.child, &self.pager) {
            (Some((_, stdin)), _) => stdin.flush(),
            (None, None) => self.stdout.flush(),
            // What is held is shown when the result ends.
            (None, Some(_)) => Ok(()),
        }
    }
}

/// Returns the lines that text takes on a screen, long ones broken at its edge.
fn lines(text: &[u8], columns: usize) -> usize {
    let wrapped = |line: &[u8]| (String::from_utf8_lossy(line).chars().count() / columns.max(1)) + 1;
    text.split(|byte| *byte == b'\n').map(wrapped).sum::<usize>().saturating_sub(1)
}

fn size() -> Size {
    match terminal_size::terminal_size() {
        Some((columns, lines)) if columns.0 > 0 && lines.0 > 0 => {
            Size { columns: columns.0.into(), lines: lines.0.into() }
        }
        _ => Size { columns: 80, lines: 24 },
    }
}

fn spawn(command: &str) -> io::Result<(Child, ChildStdin)> {
    let mut shell = if cfg!(windows) { Command::new("cmd") } else { Command::new("sh") };
    shell.arg(if cfg!(windows) { "/C" } else { "-c" }).arg(command).stdin(Stdio::piped());
    if std::env::var_os("LESS").is_none() {
        // Colours pass, a short text stays on the screen, and so does what was read.
        shell.env("LESS", "FRX");
    }
    let mut child = shell.spawn()?;
    let stdin = child.stdin.take().ok_or_else(|| io::Error::other("the pager has no standard input"))?;
    Ok((child, stdin))
}

/// Returns the command line that pages results; `None` where they are not paged.
pub fn command(asked: Option<&PagerArg>, console: &Console, files: bool) -> Option<String> {
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    // A session that may start no programs starts no pager.
    if !console.results_on_screen || is_dumb || !files {
        return None;
    }
    match asked {
        Some(PagerArg::Never) => None,
        Some(PagerArg::Command(command)) => Some(command.clone()),
        Some(PagerArg::Auto) | None => usual(),
    }
}

/// Returns the pager of the environment, else `less` where it is installed.
fn usual() -> Option<String> {
    match std::env::var("PAGER") {
        Ok(pager) if pager.trim() == "cat" => None,
        Ok(pager) if !pager.trim().is_empty() => Some(pager),
        _ => is_installed("less").then(|| "less".to_owned()),
    }
}

fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| Path::new(&folder).join(program).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_take_several() {
        assert_eq!(lines(b"", 80), 0);
        assert_eq!(lines(b"a\nb\n", 80), 2);
        assert_eq!(lines("é".repeat(81).as_bytes(), 80), 1);
        assert_eq!(lines(format!("{}\n", "x".repeat(200)).as_bytes(), 80), 3);
    }
}
