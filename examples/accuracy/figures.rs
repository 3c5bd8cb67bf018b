//! Figures against the annotated articles.

use dateline::article::{Figure, Original};
use dateline::extract::Extractor;
use dateline::text::Span;
use serde_json::Value;

use super::corpus::{list, span, text};
use super::errors::Errors;
use super::timex::context;

/// Measures figures: those found by overlapping spans, then number, category and bound among them.
pub fn figures(extractor: &Extractor, gold: &[Value], is_verbose: bool) {
    let mut errors = Errors { examples_max: 40, ..Errors::default() };
    let (mut wanted_count, mut found_count, mut found_right) = (0, 0, 0);
    let [mut numbers, mut categories, mut bounds] = [0_usize; 3];
    for article in gold {
        let raw = text(article, "text");
        let mut original = Original::of_text(raw);
        original.article.date = article["date"].as_str().and_then(|date| date.parse().ok());
        let found = extractor.extract(&original.article).figures;
        let mut found: Vec<(Span, Figure)> =
            found.into_iter().map(|figure| (original.span(figure.span), figure)).collect();
        found_count += found.len();
        for wanted in list(&article["figures"]) {
            wanted_count += 1;
            let theirs = span(&wanted["span"]);
            let overlapping =
                found.iter().position(|(mine, _)| mine.start < theirs.end && theirs.start < mine.end);
            let Some(index) = overlapping else {
                errors.add("missed", || format!("{} {}", context(raw, theirs), wanted["category"]));
                continue;
            };
            found_right += 1;
            let (_, figure) = found.remove(index);
            let is_number = Some(figure.value.as_f64()) == wanted["value"].as_f64();
            let is_category = wanted["category"] == figure.category.name();
            let is_bound = wanted["bound"] == figure.bound.sign();
            numbers += usize::from(is_number);
            categories += usize::from(is_category);
            bounds += usize::from(is_bound);
            let shown =
                || format!("{} {figure:?} {} {}", context(raw, theirs), wanted["category"], wanted["bound"]);
            for (kind, is_right) in [("number", is_number), ("category", is_category), ("bound", is_bound)] {
                if !is_right {
                    errors.add(kind, shown);
                }
            }
        }
        for (span, figure) in found {
            errors.add("invented", || format!("{} {}", context(raw, span), figure.category.name()));
        }
    }
    let part = |right: usize, all: usize| 100.0 * right as f64 / all.max(1) as f64;
    println!(
        "\nfigures (gold/dev.jsonl): found P {:.1} R {:.1}; of those found: number {:.1} %, category {:.1} %, bound {:.1} %; of {wanted_count}",
        part(found_right, found_count),
        part(found_right, wanted_count),
        part(numbers, found_right),
        part(categories, found_right),
        part(bounds, found_right),
    );
    if is_verbose {
        errors.print("figures");
    }
}
