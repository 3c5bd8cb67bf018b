//! The corpora that are only measured with: one JSON object a line, compressed.

use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use dateline::text::Span;
use serde_json::Value;

/// Reads the objects of a corpus; none where it is absent.
pub fn read(shared: &str, name: &str) -> Result<Option<Vec<Value>>, Box<dyn Error>> {
    let path = Path::new(shared).join("corpora/measure-only").join(name);
    if !path.exists() {
        println!("\n{} is absent; nothing was measured with it", path.display());
        return Ok(None);
    }
    let lines = BufReader::new(zstd::Decoder::new(File::open(path)?)?).lines();
    let objects = lines.map(|line| Ok(serde_json::from_str(&line?)?));
    objects.collect::<Result<Vec<Value>, Box<dyn Error>>>().map(Some)
}

/// Returns the elements of a list; none of anything else.
pub fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Reads a pair of offsets.
pub fn span(pair: &Value) -> Span {
    let at = |index: usize| pair[index].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    Span::new(at(0), at(1))
}

/// Returns the text of a member, or nothing.
pub fn text<'v>(object: &'v Value, member: &str) -> &'v str {
    object[member].as_str().unwrap_or("")
}
