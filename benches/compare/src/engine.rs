//! What is asked, and of whom.

use anyhow::Result;
use serde::{Deserialize, Serialize};

/// Articles on a page of results.
pub const PAGE: usize = 10;

/// Which articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    All,
    /// All of the words.
    And(Vec<String>),
    /// Any of the words.
    Or(Vec<String>),
    /// The words one after the other.
    Phrase(Vec<String>),
    Prefix(String),
    /// A word with `*` for any run of letters.
    Like(String),
    /// A word within one edit, the first letter fixed.
    Fuzzy(String),
    /// A folded name.
    Person(String),
}

/// What about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    Count,
    /// The first page by relevance.
    Best,
    /// The first page by date.
    Newest,
    /// The most frequent people.
    TopPeople,
    /// Articles by month.
    Timeline,
}

/// A question, and the class it is an example of.
#[derive(Debug, Clone)]
pub struct Question {
    pub class: &'static str,
    pub ask: Ask,
    pub condition: Condition,
    /// First and last day, both included.
    pub days: Option<(i64, i64)>,
}

/// An answer, in the form in which engines can be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    Count(u64),
    /// Articles in their order.
    Page(Vec<u32>),
    /// Counts by value, in any order.
    Table(Vec<(String, u64)>),
}

/// A question made ready to be asked again and again.
pub trait Prepared {
    fn ask(&mut self) -> Result<Reply>;
}

/// What building an engine's database took.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Build {
    pub engine: String,
    pub what: String,
    pub wall_seconds: f64,
    /// Of all threads together.
    pub cpu_seconds: f64,
    pub disk_bytes: u64,
    /// The most memory that the process had held by then, mapped files included, where nothing else was in it.
    pub peak_bytes: Option<u64>,
}

/// A database that answers questions.
pub trait Engine {
    fn name(&self) -> &'static str;

    /// Returns nothing where the engine has no such question.
    fn prepare<'e>(&'e self, question: &Question) -> Result<Option<Box<dyn Prepared + 'e>>>;

    /// Returns the first page of the complete ordering by relevance, where the engine can be asked for that.
    fn page_of_all(&self, _question: &Question) -> Result<Option<Vec<u32>>> {
        Ok(None)
    }
}

/// Bytes of all files in a folder.
pub fn disk_bytes(path: &std::path::Path) -> Result<u64> {
    if path.is_file() {
        return Ok(path.metadata()?.len());
    }
    std::fs::read_dir(path)?.map(|entry| disk_bytes(&entry?.path())).sum()
}

/// Takes the time of a build.
pub struct Watch {
    wall: std::time::Instant,
    cpu: cpu_time::ProcessTime,
}

impl Watch {
    pub fn start() -> Watch {
        Watch { wall: std::time::Instant::now(), cpu: cpu_time::ProcessTime::now() }
    }

    pub fn stop(&self, engine: &str, what: &str, disk_bytes: u64) -> Build {
        Build {
            engine: engine.to_owned(),
            what: what.to_owned(),
            wall_seconds: self.wall.elapsed().as_secs_f64(),
            cpu_seconds: self.cpu.elapsed().as_secs_f64(),
            disk_bytes,
            peak_bytes: None,
        }
    }
}
