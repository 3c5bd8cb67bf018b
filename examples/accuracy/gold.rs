//! Every field against the annotated articles.

use dateline::article::{Article, EntityKind, Extraction};
use dateline::text::Span;
use serde_json::Value;

use super::board::Board;
use super::corpus::{list, span};

/// Splits the annotated text as import would: the first line is the title.
pub fn article_of(gold: &Value) -> Article {
    let text = gold["text"].as_str().unwrap_or("");
    let (title, body) = text.split_once("\n\n").unwrap_or(("", text));
    let date = gold["date"].as_str().and_then(|date| date.parse().ok());
    Article { title: Some(title.to_owned()), body: body.to_owned(), date, ..Article::default() }
}

impl Board {
    /// Counts what was found in an annotated article.
    pub fn compare(&mut self, gold: &Value, article: &Article, found: &Extraction) {
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
            .map(|f| (format!("{:?}", f.category).to_lowercase(), f.bound.sign(), f.value.as_f64()))
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
}

fn epoch_day(date: dateline::date::Date) -> i32 {
    i32::try_from(date.wall().div_euclid(86_400)).unwrap_or(0)
}
