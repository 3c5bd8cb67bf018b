//! A corpus of another size: its first articles, or all of them again and again.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};

/// An article as JSON.
type Row = Map<String, Value>;

/// Members that name an article, the first that is there.
const KEYS: [&str; 2] = ["key", "id"];

/// Writes `articles` articles as JSON Lines: those of the corpus, and where they are too few all of them again with other
/// keys and as many years earlier as the corpus spans, so that a day has as many articles as before.
pub fn write(corpus: &Path, articles: usize, to: &Path) -> Result<()> {
    let rows = read(corpus)?;
    let years = years(&rows)?;
    let mut file = BufWriter::new(File::create(to)?);
    for number in 0..articles {
        let mut row = rows[number % rows.len()].clone();
        let pass = (number / rows.len()) as i64;
        if pass > 0 {
            repeat(&mut row, pass, pass * years);
        }
        serde_json::to_writer(&mut file, &row)?;
        file.write_all(b"\n")?;
    }
    Ok(file.flush()?)
}

fn read(corpus: &Path) -> Result<Vec<Row>> {
    let file = File::open(corpus).with_context(|| corpus.display().to_string())?;
    let is_packed = corpus.extension().is_some_and(|extension| extension == "zst");
    let file: Box<dyn Read> = if is_packed { Box::new(zstd::Decoder::new(file)?) } else { Box::new(file) };
    let lines = BufReader::new(file).lines();
    let rows: Vec<Row> = lines.map(|line| Ok(serde_json::from_str(&line?)?)).collect::<Result<_>>()?;
    if rows.is_empty() {
        bail!("{} holds no article", corpus.display());
    }
    Ok(rows)
}

/// Returns how many years the dates span, the first and the last one counted.
fn years(rows: &[Row]) -> Result<i64> {
    let years = || rows.iter().filter_map(|row| year_of(row.get("date")?.as_str()?));
    let (first, last) = (years().min(), years().max());
    last.zip(first).map(|(last, first)| last - first + 1).context("no article has a date")
}

fn year_of(date: &str) -> Option<i64> {
    date.get(..4)?.parse().ok()
}

/// Gives a row another key and an earlier date.
fn repeat(row: &mut Row, pass: i64, years: i64) {
    for name in KEYS {
        if let Some(Value::String(key)) = row.get_mut(name) {
            key.push_str(&format!("~{pass}"));
        }
    }
    if let Some(Value::String(date)) = row.get_mut("date")
        && let Some(year) = year_of(date)
    {
        // A year without 29 February takes the day before.
        let rest = date[4..].replace("-02-29", "-02-28");
        *date = format!("{:04}{rest}", year - years);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_has_other_keys_and_earlier_dates() {
        let folder = tempfile::tempdir().unwrap();
        let (corpus, grown) = (folder.path().join("two.jsonl"), folder.path().join("grown.jsonl"));
        let rows = [r#"{"id":"a","date":"2004-02-29","body":"x"}"#, r#"{"id":"b","date":"2006","body":"y"}"#];
        std::fs::write(&corpus, rows.join("\n")).unwrap();
        write(&corpus, 5, &grown).unwrap();
        let text = std::fs::read_to_string(&grown).unwrap();
        let rows: Vec<Row> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let of = |name: &str| rows.iter().map(|row| row[name].as_str().unwrap()).collect::<Vec<_>>();
        assert_eq!(of("id"), ["a", "b", "a~1", "b~1", "a~2"]);
        assert_eq!(of("date"), ["2004-02-29", "2006", "2001-02-28", "2003", "1998-02-28"]);
    }
}
