//! A process of its own for what must not share one: opening cold, and the memory of a reader.

use std::io::{BufRead, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use dateline::database::Reader;
use serde::{Deserialize, Serialize};

/// What a process that only reads needed.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Reading {
    /// From the start of opening to an open reader, in microseconds.
    pub open_us: f64,
    /// Memory of its own after all questions, in bytes.
    pub own_bytes: u64,
    /// Pages of files that it had mapped then, which the system may take back, in bytes.
    pub mapped_bytes: u64,
}

/// Asks statements in another process, which opens the database first.
pub fn read_apart(database: &Path, statements: &[String]) -> Result<Reading> {
    let mut child = Command::new(std::env::current_exe()?)
        .arg("--reader")
        .arg(database)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut asked = child.stdin.take().context("the process is written to")?;
    asked.write_all(statements.join("\n").as_bytes())?;
    drop(asked);
    let output = child.wait_with_output()?;
    if !output.status.success() {
        bail!("the reader ended with {}", output.status);
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Opens a database, asks the statements of the standard input and prints what that needed.
pub fn reader(database: &Path) -> Result<()> {
    let begin = Instant::now();
    let reader = Reader::open(database)?;
    let open_us = begin.elapsed().as_secs_f64() * 1e6;
    for statement in std::io::stdin().lock().lines() {
        reader.prepare(&statement?)?.run()?;
    }
    let reading = Reading { open_us, own_bytes: status("RssAnon")?, mapped_bytes: status("RssFile")? };
    Ok(serde_json::to_writer(std::io::stdout(), &reading)?)
}

/// Returns the most memory that this process has held, mapped files included, in bytes.
pub fn peak_bytes() -> Result<u64> {
    status("VmHWM")
}

/// Reads a line of `/proc/self/status` (proc_pid_status(5)), in bytes.
fn status(name: &str) -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    let kibibytes: u64 = kibibytes.with_context(|| format!("the system does not tell {name}"))?.parse()?;
    Ok(kibibytes << 10)
}
