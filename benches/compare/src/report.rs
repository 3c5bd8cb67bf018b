//! The report: a table for people, JSON for programs.

use std::fmt;

use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};

use crate::articles::{self, Story};
use crate::engine::{Build, Engine};
use crate::measure::{Class, Times};
use crate::process::Reading;

/// All that was measured.
#[derive(Serialize, Deserialize)]
pub struct Report {
    pub articles: usize,
    text_bytes: u64,
    engines: Vec<String>,
    classes: Vec<Line>,
    build: Vec<Build>,
    disk: Vec<Disk>,
    /// dateline alone in a process, reading.
    reading: Reading,
}

/// A class, in microseconds; nothing where an engine has no such question.
#[derive(Serialize, Deserialize)]
struct Line {
    class: String,
    questions: usize,
    dateline_us: Option<f64>,
    tantivy_us: Option<f64>,
    tantivy_sorted_us: Option<f64>,
    sqlite_us: Option<f64>,
    dateline_p99_us: Option<f64>,
    tantivy_p99_us: Option<f64>,
    tantivy_sorted_p99_us: Option<f64>,
    sqlite_p99_us: Option<f64>,
    differences: Vec<String>,
}

/// Space on disk, in multiples of the text.
#[derive(Serialize, Deserialize)]
struct Disk {
    engine: String,
    what: String,
    of_text: f64,
}

impl Report {
    pub fn new(
        stories: &[Story],
        engines: &[Box<dyn Engine>],
        build: Vec<Build>,
        classes: Vec<Class>,
        reading: Reading,
    ) -> Report {
        let engines: Vec<String> = engines.iter().map(|engine| engine.name().to_owned()).collect();
        let text_bytes = articles::text_bytes(stories) as f64;
        let disk = |build: &Build| Disk {
            engine: build.engine.clone(),
            what: build.what.clone(),
            of_text: build.disk_bytes as f64 / text_bytes,
        };
        Report {
            articles: stories.len(),
            text_bytes: articles::text_bytes(stories),
            classes: classes.into_iter().map(|class| line(class, &engines)).collect(),
            disk: build.iter().map(disk).collect(),
            engines,
            build,
            reading,
        }
    }

    /// The names of the classes.
    pub fn classes(&self) -> impl Iterator<Item = &str> {
        self.classes.iter().map(|line| line.class.as_str())
    }

    /// dateline's median of a class, in microseconds.
    pub fn median(&self, class: &str) -> Option<f64> {
        self.classes.iter().find(|line| line.class == class)?.dateline_us
    }

    /// Fails where engines disagree.
    pub fn verdict(&self) -> Result<()> {
        let differences: Vec<&String> = self.classes.iter().flat_map(|line| &line.differences).collect();
        for difference in differences.iter().take(20) {
            eprintln!("differs: {difference}");
        }
        if !differences.is_empty() {
            bail!("{} answers differ", differences.len());
        }
        Ok(())
    }
}

fn line(class: Class, engines: &[String]) -> Line {
    let of = |name: &str| -> Option<Times> {
        let at = engines.iter().position(|engine| engine == name)?;
        class.times.get(at).copied().flatten()
    };
    let (median, p99) = (|name| of(name).map(|times| times.median), |name| of(name).map(|times| times.p99));
    Line {
        class: class.name.to_owned(),
        questions: class.questions,
        dateline_us: median("dateline"),
        tantivy_us: median("tantivy"),
        tantivy_sorted_us: median("tantivy sorted"),
        sqlite_us: median("sqlite"),
        dateline_p99_us: p99("dateline"),
        tantivy_p99_us: p99("tantivy"),
        tantivy_sorted_p99_us: p99("tantivy sorted"),
        sqlite_p99_us: p99("sqlite"),
        differences: class.differences,
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} articles, {} MB of text; medians in microseconds\n",
            self.articles,
            self.text_bytes / 1_000_000
        )?;
        writeln!(
            f,
            "| question | dateline | tantivy | sorted by date | FTS5 | /tantivy | /sorted | /FTS5 | p99 |"
        )?;
        writeln!(f, "|---|---:|---:|---:|---:|---:|---:|---:|---:|")?;
        for line in &self.classes {
            let rivals = [line.tantivy_us, line.tantivy_sorted_us, line.sqlite_us];
            write!(f, "| {} | {} |", line.class, time(line.dateline_us))?;
            rivals.iter().try_for_each(|rival| write!(f, " {} |", time(*rival)))?;
            rivals.iter().try_for_each(|rival| write!(f, " {} |", ratio(line.dateline_us, *rival)))?;
            writeln!(f, " {} |", time(line.dateline_p99_us))?;
        }
        if !self.build.is_empty() {
            writeln!(
                f,
                "\n| build | of | MB/s | MB per CPU second | disk, of the text | peak MiB, mapped files too |\n|---|---|---:|---:|---:|---:|"
            )?;
        }
        let text_bytes = self.text_bytes as f64;
        let megabytes = text_bytes / 1e6;
        for build in &self.build {
            let (wall, cpu) = (megabytes / build.wall_seconds, megabytes / build.cpu_seconds);
            let disk = build.disk_bytes as f64 / text_bytes;
            write!(f, "| {} | {} | {wall:.1} | {cpu:.1} | {disk:.2} |", build.engine, build.what)?;
            match build.peak_bytes {
                Some(bytes) => writeln!(f, " {} |", bytes >> 20)?,
                None => writeln!(f, " - |")?,
            }
        }
        let Reading { open_us, own_bytes, mapped_bytes } = self.reading;
        writeln!(
            f,
            "\ndateline alone in a process: open in {:.1} ms, {} MiB of its own and {} MiB of mapped files after all questions",
            open_us / 1e3,
            own_bytes >> 20,
            mapped_bytes >> 20
        )
    }
}

pub fn time(microseconds: Option<f64>) -> String {
    match microseconds {
        Some(time) if time < 10.0 => format!("{time:.1}"),
        Some(time) => format!("{time:.0}"),
        None => "-".to_owned(),
    }
}

pub fn ratio(one: Option<f64>, other: Option<f64>) -> String {
    match (one, other) {
        (Some(one), Some(other)) => format!("{:.2}", one / other),
        _ => "-".to_owned(),
    }
}
