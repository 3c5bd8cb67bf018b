//! Results longer than the screen, shown by a pager.

use std::io::{self, BufWriter, Stdout, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use crate::args::PagerArg;
use crate::console::Console;
use crate::interrupt;

/// Lines of the screen that are not for results: the prompt and the line that counts.
const LINES_RESERVED: usize = 2;

/// Bytes of a result that are kept until it is known whether its pager runs (256 KiB): no pipe holds more unread.
const KEPT_BYTES_MAX: usize = 256 << 10;

/// The exits by which a shell says that it cannot run a command.
const CANNOT_RUN: [i32; 2] = [126, 127];

/// The standard output of a screen; results that fit it are written as they are.
pub struct Screen {
    stdout: BufWriter<Stdout>,
    pager: Option<String>,
    /// What was written before it was known whether it fits, or whether the pager runs.
    held: Vec<u8>,
    reader: Reader,
    size: Size,
}

/// Who reads the result at hand.
enum Reader {
    /// The screen, or nobody yet.
    Screen,
    /// A pager; what it was sent so far is held as long as it is little.
    Pager(Child, ChildStdin),
    /// Nobody any more: the pager was left before the end.
    Gone,
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
        let stdout = BufWriter::new(io::stdout());
        Screen { stdout, pager, held: Vec::new(), reader: Reader::Screen, size }
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
        if let Reader::Pager(child, stdin) = std::mem::replace(&mut self.reader, Reader::Screen) {
            self.part(child, stdin)?;
        }
        self.reader = Reader::Screen;
        let held = std::mem::take(&mut self.held);
        self.stdout.write_all(&held)?;
        self.stdout.flush()
    }

    /// Waits until a pager ends; what one that never ran was sent stays held for the screen.
    fn part(&mut self, mut child: Child, stdin: ChildStdin) -> io::Result<()> {
        drop(stdin);
        let status = interrupt::ignored(|| child.wait())?;
        if status.code().is_some_and(|code| CANNOT_RUN.contains(&code)) {
            // The shell has said what it could not run.
            self.pager = None;
        } else {
            self.held.clear();
        }
        Ok(())
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
                let sent = stdin.write_all(&self.held);
                self.reader = Reader::Pager(child, stdin);
                sent.or_else(|error| self.lose_reader(error))
            }
            // Without a pager the result is still worth showing.
            _ => self.show_held(),
        }
    }

    /// Sends bytes to the pager.
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Reader::Pager(_, stdin) = &mut self.reader else { return Ok(()) };
        if self.held.len() > KEPT_BYTES_MAX {
            // It read more than a pipe holds, so it runs.
            self.held.clear();
        } else if !self.held.is_empty() {
            self.held.extend_from_slice(bytes);
        }
        stdin.write_all(bytes).or_else(|error| self.lose_reader(error))
    }

    /// Goes on where the pager takes nothing more: to the screen where it never ran, else for nobody.
    fn lose_reader(&mut self, error: io::Error) -> io::Result<()> {
        if error.kind() != io::ErrorKind::BrokenPipe {
            return Err(error);
        }
        if let Reader::Pager(child, stdin) = std::mem::replace(&mut self.reader, Reader::Gone) {
            self.part(child, stdin)?;
        }
        // Whoever leaves a pager has seen enough; the statement still counts, draws and keeps all of its rows.
        if self.pager.is_none() { self.show_held() } else { Ok(()) }
    }

    fn show_held(&mut self) -> io::Result<()> {
        self.pager = None;
        self.reader = Reader::Screen;
        let held = std::mem::take(&mut self.held);
        self.stdout.write_all(&held)
    }
}

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match (&self.reader, &self.pager) {
            (Reader::Gone, _) => Ok(bytes.len()),
            (Reader::Pager(..), _) => self.send(bytes).map(|()| bytes.len()),
            (Reader::Screen, None) => self.stdout.write(bytes),
            (Reader::Screen, Some(_)) => self.hold(bytes).map(|()| bytes.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match (&mut self.reader, &self.pager) {
            (Reader::Pager(_, stdin), _) => stdin.flush(),
            (Reader::Screen, None) => self.stdout.flush(),
            // What is held is shown when the result ends.
            (Reader::Gone, _) | (Reader::Screen, Some(_)) => Ok(()),
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
