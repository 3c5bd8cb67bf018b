//! Prints how well extraction does against the annotated articles.
//!
//! `cargo run --release --example accuracy -- ../shared` reads `gold/dev.jsonl` there, on which the rules were
//! mended, and names in `corpora/train/gmb.test.conll.zst`, which they never saw. With `-v` it lists what was missed
//! and what was invented in the former. It says so and stops where the corpora are absent.

#![allow(clippy::indexing_slicing)] // A JSON value indexed by a member it lacks is null, not a panic.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Instant;

use dateline::article::{Article, EntityKind, Extraction};
use dateline::extract::Extractor;
use dateline::text::Span;
use serde_json::Value;

type Outcome = Result<(), Box<dyn Error>>;

fn main() -> Outcome {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_verbose = arguments.iter().any(|argument| argument == "-v");
    arguments.retain(|argument| argument != "-v");
    let shared = arguments.first().cloned().unwrap_or_else(|| "../shared".into());
    let path = Path::new(&shared).join("gold/dev.jsonl");
    let Ok(gold) = fs::read_to_string(&path) else {
        println!("{} is absent; nothing was measured", path.display());
        return Ok(());
    };
    let mut board = Board { is_verbose, ..Board::default() };
    let extractor = Extractor::new();
    for line in gold.lines() {
        let gold: Value = serde_json::from_str(line)?;
        let article = article_of(&gold);
        let found = extractor.extract(&article);
        board.compare(&gold, &article, &found);
    }
    println!("gold/dev.jsonl");
    board.print();
    let unseen = Path::new(&shared).join("corpora/train/gmb.test.conll.zst");
    if unseen.exists() {
        println!("\ngmb.test (tokenised text, silver annotation)");
        unseen_names(&extractor, &unseen)?.print();
    }
    speed(&extractor, &gold)
}

/// Splits the annotated text as import would: the first line is the title.
fn article_of(gold: &Value) -> Article {
    let text = gold["text"].as_str().unwrap_or("");
    let (title, body) = text.split_once("\n\n").unwrap_or(("", text));
    let date = gold["date"].as_str().and_then(|date| date.parse().ok());
    Article { title: Some(title.to_owned()), body: body.to_owned(), date, ..Article::default() }
}

/// Right, found and wanted answers of one field.
#[derive(Default)]
struct Score {
    right: usize,
    found: usize,
    wanted: usize,
}

#[derive(Default)]
struct Board {
    scores: BTreeMap<&'static str, Score>,
    is_verbose: bool,
}

impl Board {
    /// Counts found answers against the wanted ones.
    fn add<T: PartialEq + std::fmt::Debug>(
        &mut self,
        field: &'static str,
        found: &[T],
        wanted: &[T],
        id: &Value,
    ) {
        let score = self.scores.entry(field).or_default();
        score.found += found.len();
        score.wanted += wanted.len();
        score.right += found.iter().filter(|answer| wanted.contains(answer)).count();
        if self.is_verbose {
            for answer in found.iter().filter(|answer| !wanted.contains(answer)) {
                println!("{id} {field} + {answer:?}");
            }
            for answer in wanted.iter().filter(|answer| !found.contains(answer)) {
                println!("{id} {field} - {answer:?}");
            }
        }
    }

    fn compare(&mut self, gold: &Value, article: &Article, found: &Extraction) {
        let text = article.text();
        let id = &gold["id"];
        let words = |span: Span| span.of(&text).to_owned();
        let mut all = [Vec::new(), Vec::new()];
        for (kind, field) in
            [(EntityKind::Person, "person"), (EntityKind::Place, "place"), (EntityKind::Org, "org")]
        {
            let of_kind = found.entities.iter().filter(|entity| entity.kind == kind);
            let mine: Vec<_> =
                of_kind.flat_map(|e| e.mentions.iter().map(|&span| (span, words(span), field))).collect();
            let wanted: Vec<_> = list(&gold["entities"])
                .filter(|entity| entity["kind"] == field)
                .flat_map(|entity| {
                    list(&entity["mentions"]).map(|pair| (span(pair), words(span(pair)), field))
                })
                .collect();
            self.add(field, &mine, &wanted, id);
            all[0].extend(mine);
            all[1].extend(wanted);
        }
        let verbose = std::mem::take(&mut self.is_verbose);
        let [mine, wanted] = &all;
        self.add("all entities", mine, wanted, id);
        self.is_verbose = verbose;
        self.compare_entities(gold, found, id);
        self.compare_fields(gold, found, id);
        self.compare_speech(gold, found, id, &words);
        self.compare_numbers(gold, found, id, &words);
    }

    /// Whole entities: the canonical name with its kind, and the country of places.
    fn compare_entities(&mut self, gold: &Value, found: &Extraction, id: &Value) {
        let mine: Vec<_> =
            found.entities.iter().map(|e| (e.name.clone(), e.kind.name().to_owned())).collect();
        let text_of = |value: &Value| value.as_str().unwrap_or("").to_owned();
        let wanted: Vec<_> =
            list(&gold["entities"]).map(|e| (text_of(&e["name"]), text_of(&e["kind"]))).collect();
        self.add("canonical name", &mine, &wanted, id);
        let country = |name: &str, country: String| (name.to_owned(), country);
        let placed = found.entities.iter().filter(|entity| entity.kind == EntityKind::Place);
        let mine: Vec<_> =
            placed.map(|e| country(&e.name, e.country.map_or(String::new(), |c| c.to_string()))).collect();
        let wanted: Vec<_> = list(&gold["entities"])
            .filter(|entity| entity["kind"] == "place")
            .map(|entity| country(entity["name"].as_str().unwrap_or(""), text_of(&entity["country"])))
            .collect();
        self.add("place with country", &mine, &wanted, id);
        let mine: Vec<_> = found.demonyms.iter().map(|d| (d.span, d.country.to_string())).collect();
        let wanted: Vec<_> = list(&gold["demonyms"]).map(|d| (span(d), text_of(&d[2]))).collect();
        self.add("demonym", &mine, &wanted, id);
    }

    fn compare_fields(&mut self, gold: &Value, found: &Extraction, id: &Value) {
        let mine: Vec<Span> = found.lede.into_iter().collect();
        self.add("lede", &mine, &[span(&gold["lede"])], id);
        let place = gold["dateline"]["place"].as_str().map(str::to_owned);
        let mine: Vec<String> = found.dateline.iter().map(|line| line.place.clone()).collect();
        self.add("dateline", &mine, &Vec::from_iter(place), id);
        let agencies: Vec<String> =
            list(&gold["agency"]).filter_map(|a| a.as_str().map(str::to_owned)).collect();
        self.add("agency", &found.agencies, &agencies, id);
    }

    fn compare_speech(
        &mut self,
        gold: &Value,
        found: &Extraction,
        id: &Value,
        words: &dyn Fn(Span) -> String,
    ) {
        let mine: Vec<_> = found.quotes.iter().map(|quote| (quote.span, words(quote.span))).collect();
        let wanted: Vec<_> =
            list(&gold["quotes"]).map(|q| (span(&q["span"]), words(span(&q["span"])))).collect();
        self.add("quote", &mine, &wanted, id);
        let mine: Vec<_> = found
            .quotes
            .iter()
            .filter_map(|q| Some((q.span, q.speaker.as_ref()?.name.to_lowercase())))
            .collect();
        let wanted: Vec<_> = list(&gold["quotes"])
            .filter_map(|quote| Some((span(&quote["span"]), quote["speaker"].as_str()?.to_lowercase())))
            .collect();
        self.add("quote with speaker", &mine, &wanted, id);
    }

    fn compare_numbers(
        &mut self,
        gold: &Value,
        found: &Extraction,
        id: &Value,
        words: &dyn Fn(Span) -> String,
    ) {
        let day = |text: &Value| text.as_str().and_then(|text| text.parse().ok()).map_or(0, epoch_day);
        let mine: Vec<_> = found
            .dates
            .iter()
            .filter_map(|d| Some((d.span.end, words(d.span), d.days?.from, d.days?.to)))
            .collect();
        let wanted: Vec<_> = list(&gold["dates"])
            .map(|d| (span(&d["span"]).end, words(span(&d["span"])), day(&d["from"]), day(&d["to"])))
            .collect();
        let value = |all: &[(u32, String, i32, i32)]| all.iter().map(|d| (d.0, d.2, d.3)).collect::<Vec<_>>();
        self.add("date value", &value(&mine), &value(&wanted), id);
        let mine: Vec<_> = found
            .figures
            .iter()
            .map(|f| (format!("{:?}", f.category).to_lowercase(), bound(f.bound), f.value.as_f64()))
            .collect();
        let wanted: Vec<_> = list(&gold["figures"])
            .map(|f| {
                (
                    f["category"].as_str().unwrap_or("").to_owned(),
                    f["bound"].as_str().unwrap_or(""),
                    f["value"].as_f64().unwrap_or(0.0),
                )
            })
            .collect();
        self.add("figure", &mine, &wanted, id);
    }

    fn print(&self) {
        println!("{:<20} {:>6} {:>6} {:>6} {:>8}", "field", "P", "R", "F1", "wanted");
        for (field, score) in &self.scores {
            let part = |whole: usize| if whole == 0 { 1.0 } else { score.right as f64 / whole as f64 };
            let (p, r) = (part(score.found), part(score.wanted));
            let f1 = if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) };
            println!(
                "{field:<20} {:>6.1} {:>6.1} {:>6.1} {:>8}",
                p * 100.0,
                r * 100.0,
                f1 * 100.0,
                score.wanted
            );
        }
    }
}

/// Compares names in a corpus of tagged tokens, each document as one article.
fn unseen_names(extractor: &Extractor, path: &Path) -> Result<Board, Box<dyn Error>> {
    let text = String::from_utf8(zstd::decode_all(fs::File::open(path)?)?)?;
    let mut board = Board::default();
    for document in text.split("-DOCSTART-").filter(|document| document.contains('\n')) {
        let (body, wanted) = untokenised(document);
        let found = extractor.extract(&Article { body, ..Article::default() });
        let mentions = |entity: &dateline::article::Entity| -> Vec<(Span, &str)> {
            entity.mentions.iter().map(|&span| (span, entity.kind.name())).collect()
        };
        let mine: Vec<(Span, &str)> = found.entities.iter().flat_map(mentions).collect();
        for kind in ["person", "place", "org"] {
            let of_kind = |all: &[(Span, &'static str)]| -> Vec<_> {
                all.iter().filter(|(_, name)| *name == kind).copied().collect()
            };
            board.add(kind, &of_kind(&mine), &of_kind(&wanted), &Value::Null);
        }
        board.add("all entities", &mine, &wanted, &Value::Null);
    }
    Ok(board)
}

/// Joins tokens by spaces and sentences by blank lines, and returns the names with their kinds.
fn untokenised(document: &str) -> (String, Vec<(Span, &'static str)>) {
    let (mut body, mut names) = (String::new(), Vec::<(Span, &'static str)>::new());
    let mut inside = "";
    for line in document.lines().skip(1) {
        let Some((word, tag)) = line.rsplit_once(' ') else {
            body.push_str("\n\n");
            inside = "";
            continue;
        };
        if !body.is_empty() && !body.ends_with('\n') {
            body.push(' ');
        }
        let start = body.len();
        body.push_str(word);
        let kind = match tag.get(2..) {
            Some("PER") => "person",
            Some("LOC") => "place",
            Some("ORG") => "org",
            _ => "",
        };
        let continues = tag.starts_with("I-") && inside == kind;
        match names.last_mut().filter(|_| continues && !kind.is_empty()) {
            Some((span, _)) => *span = Span::new(span.start as usize, body.len()),
            None if !kind.is_empty() => names.push((Span::new(start, body.len()), kind)),
            None => {}
        }
        inside = kind;
    }
    (body, names)
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn span(pair: &Value) -> Span {
    let at = |index: usize| pair[index].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    Span::new(at(0), at(1))
}

fn bound(bound: dateline::article::Bound) -> &'static str {
    use dateline::article::Bound::{About, Above, AtLeast, Below, Exactly};
    match bound {
        Exactly => "=",
        Above => ">",
        AtLeast => ">=",
        Below => "<",
        About => "~",
    }
}

fn epoch_day(date: dateline::date::Date) -> i32 {
    i32::try_from(date.wall().div_euclid(86_400)).unwrap_or(0)
}

/// Reads the annotated articles again and again, for about a second each way.
fn speed(extractor: &Extractor, gold: &str) -> Outcome {
    let mut articles = Vec::new();
    for line in gold.lines() {
        articles.push(article_of(&serde_json::from_str(line)?));
    }
    let tokens = rate(&articles, |article| dateline::text::tokens(&article.body).count());
    let fields = rate(&articles, |article| extractor.extract(article).entities.len());
    println!("tokens {tokens:.0} MB/s, all fields {fields:.1} MB/s on one core");
    Ok(())
}

fn rate(articles: &[Article], read: impl Fn(&Article) -> usize) -> f64 {
    let (mut bytes, start) = (0, Instant::now());
    while start.elapsed().as_millis() < 1_000 {
        for article in articles {
            std::hint::black_box(read(article));
            bytes += article.body.len();
        }
    }
    bytes as f64 / 1e6 / start.elapsed().as_secs_f64()
}
