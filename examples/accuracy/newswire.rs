//! Datelines, titles, credits, bylines and countries against Reuters-21578 (1987).
//!
//! The corpus keeps the parts of a story apart; they are put together as the wire sent them: title, byline, an indented
//! dateline before the hard-wrapped body, and `Reuter` as the last line. Stories without a dateline or body (bulletins
//! of one line) are left out of the dateline rows. Titles and credits are put where the harness knows them to be read, so
//! their rows show only that nothing undoes them.

use std::collections::BTreeSet;
use std::error::Error;

use dateline::article::{Article, Country, Extraction, Original};
use dateline::extract::Extractor;
use dateline::extract::gazetteer::country_by_name;
use dateline::extract::layout::lay_out;
use serde_json::Value;

use super::corpus::{list, read, text};
use super::errors::Errors;

/// Right answers of those asked for.
#[derive(Default)]
struct Part {
    right: usize,
    all: usize,
}

impl Part {
    fn add(&mut self, is_right: bool) {
        self.right += usize::from(is_right);
        self.all += 1;
    }

    fn print(&self, name: &str) {
        let share = 100.0 * self.right as f64 / self.all.max(1) as f64;
        println!("{name:<32} {share:>6.1} %  of {}", self.all);
    }
}

#[derive(Default)]
struct Wire {
    place: Part,
    day: Part,
    country: Part,
    /// Stories whose own dateline is none or breaks the form, and so is not asked for.
    unasked: usize,
    title: Part,
    agency: Part,
    byline: Part,
    /// Countries right, found and wanted.
    countries: [usize; 3],
    errors: Errors,
}

/// Measures with the newswire stories.
pub fn newswire(extractor: &Extractor, shared: &str, is_verbose: bool) -> Result<(), Box<dyn Error>> {
    let Some(stories) = read(shared, "reuters21578.jsonl.zst")? else { return Ok(()) };
    let mut wire = Wire::default();
    for story in stories.iter().filter(|story| story["body"].is_string()) {
        wire.compare(extractor, story);
    }
    println!("\nReuters-21578 (1987), {} stories with a body", wire.place.all + wire.unasked);
    println!("{:<32} {}", "no dateline of the wire's form", wire.unasked);
    wire.place.print("dateline: place exact");
    wire.day.print("dateline: day exact");
    wire.country.print("dateline: country in PLACES");
    wire.title.print("title, put on the first line");
    wire.agency.print("agency, put on the last line");
    wire.byline.print("byline");
    let [right, found, wanted] = wire.countries.map(|count| count as f64);
    let (precision, recall) = (right / found.max(1.0), right / wanted.max(1.0));
    let f1 = 2.0 * precision * recall / (precision + recall).max(f64::MIN_POSITIVE);
    println!("countries against PLACES: P {precision:.3} R {recall:.3} micro-F1 {f1:.3}");
    if is_verbose {
        wire.errors.print("newswire");
    }
    Ok(())
}

impl Wire {
    fn compare(&mut self, extractor: &Extractor, story: &Value) {
        let raw = raw_text(story);
        let mut original = Original::of_text(&raw);
        original.article.date = text(story, "date").get(..10).and_then(|date| date.parse().ok());
        let article = &original.article;
        let found = extractor.extract(article);
        let title = text(story, "title").trim();
        if !title.is_empty() {
            self.title.add(article.title.as_deref().is_some_and(|found| squeezed(found) == squeezed(title)));
        }
        let has_reuters = found.agencies == ["Reuters"];
        self.agency.add(has_reuters);
        if !has_reuters {
            let end = raw.get(raw.len().saturating_sub(60)..).unwrap_or("");
            self.errors.add("agency", || format!("{:?} {end:?}", found.agencies));
        }
        self.compare_byline(story, &found);
        let wanted = places(story);
        self.compare_dateline(story, article, &found, &wanted);
        if story["places"].is_array() {
            self.compare_countries(story, &found, &wanted);
        }
    }

    fn compare_byline(&mut self, story: &Value, found: &Extraction) {
        let Some(author) = story["author"].as_str() else { return };
        let names = author.trim();
        let names = names.get(3..).unwrap_or("").split(',').next().unwrap_or("").trim();
        let wanted: Vec<String> = names.split(" and ").map(|name| name.trim().to_owned()).collect();
        let is_right = found.byline == wanted;
        self.byline.add(is_right);
        if !is_right {
            self.errors.add("byline", || format!("{author:?}: {:?}", found.byline));
        }
    }

    fn compare_dateline(
        &mut self,
        story: &Value,
        article: &Article,
        found: &Extraction,
        wanted: &BTreeSet<Country>,
    ) {
        let Some((place, month, day)) = printed_dateline(text(story, "dateline")) else {
            self.unasked += 1;
            return;
        };
        let dateline = found.dateline.as_ref();
        let is_right = dateline.is_some_and(|line| squeezed(&line.place) == squeezed(&place));
        self.place.add(is_right);
        if !is_right {
            let shown = || format!("{:?}: {:?}", story["dateline"], dateline.map(|line| &line.place));
            self.errors.add("dateline place", shown);
        }
        let layout = lay_out(article, &article.text());
        self.day.add(layout.dateline_day == Some((month, day)));
        if layout.dateline_day != Some((month, day)) {
            self.errors.add("dateline day", || format!("{:?}: {:?}", story["dateline"], layout.dateline_day));
        }
        // A story that names no places says nothing of the dateline's country; a country not found is a wrong one.
        if wanted.is_empty() {
            return;
        }
        let country = dateline.and_then(|line| line.country);
        let is_right = country.is_some_and(|country| wanted.contains(&country));
        self.country.add(is_right);
        if !is_right {
            self.errors
                .add("dateline country", || format!("{:?}: {country:?} {wanted:?}", story["dateline"]));
        }
    }

    fn compare_countries(&mut self, story: &Value, found: &Extraction, wanted: &BTreeSet<Country>) {
        let mine: BTreeSet<Country> = found.countries().into_iter().collect();
        let right = mine.intersection(wanted).count();
        self.countries =
            [self.countries[0] + right, self.countries[1] + mine.len(), self.countries[2] + wanted.len()];
        let id = text(story, "id");
        for country in mine.difference(wanted) {
            self.errors.add(&format!("country too many: {country}"), || id.to_owned());
        }
        for country in wanted.difference(&mine) {
            self.errors.add(&format!("country missed: {country}"), || id.to_owned());
        }
    }
}

/// Puts a story together as the wire sent it.
fn raw_text(story: &Value) -> String {
    let mut raw = format!("{}\n\n", text(story, "title"));
    if let Some(author) = story["author"].as_str() {
        raw.push_str(&format!("    {author}\n"));
    }
    let dateline = text(story, "dateline");
    if !dateline.is_empty() {
        raw.push_str(&format!("    {dateline} "));
    }
    raw.push_str(text(story, "body"));
    raw.push_str("\n Reuter\n");
    raw
}

/// Reads `ROCHESTER, N.Y., Feb 26 -`: place, month, day; stories whose own dateline breaks that form are left out.
fn printed_dateline(line: &str) -> Option<(String, i8, i8)> {
    let line = line.trim().strip_suffix('-')?;
    let pieces: Vec<&str> =
        line.split(|c: char| c == ',' || c.is_whitespace()).filter(|p| !p.is_empty()).collect();
    let [.., month, day] = pieces.as_slice() else { return None };
    let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let month = month.to_lowercase();
    let month = months.iter().position(|name| month.starts_with(name))?;
    let place = line.split(',').next()?.split('/').next()?.trim();
    Some((place.to_owned(), i8::try_from(month).ok()? + 1, day.parse().ok()?))
}

/// The countries of PLACES, under the names that they bore in 1987.
fn places(story: &Value) -> BTreeSet<Country> {
    list(&story["places"]).filter_map(Value::as_str).filter_map(country_of).collect()
}

fn country_of(name: &str) -> Option<Country> {
    let code = match name {
        "ussr" => "RU",
        "west-germany" | "east-germany" => "DE",
        "czechoslovakia" => "CZ",
        "yugoslavia" => "RS",
        "zaire" => "CD",
        "burma" => "MM",
        "kampuchea" => "KH",
        "yemen-arab-republic" | "yemen-demo-republic" => "YE",
        "trinidad-tobago" => "TT",
        "antigua" => "AG",
        "swaziland" => "SZ",
        "us-virgin-islands" => "VI",
        _ => return country_by_name(&name.replace('-', " ")),
    };
    Country::new(code)
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
