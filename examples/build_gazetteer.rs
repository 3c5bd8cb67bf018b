//! Derives `data/gazetteer.zst` from the public lists and the hand-made tables of `data/hand`.
//!
//! `cargo run --release --example build_gazetteer -- ../shared/corpora` rebuilds the file, always to the same bytes.
//! `data/README.md` names the sources, their licences and the format.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use dateline::text::{fold_word, tokens};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Cities of at least so many people bring their other names in Latin script.
const LATIN_ALTERNATES_MIN: u32 = 200_000;
/// Cities of at least so many people bring their names in other scripts.
const OTHER_ALTERNATES_MIN: u32 = 500_000;
/// A word seen lower-case at least so often may be a common word.
const COMMON_MIN: u32 = 25;
/// Words kept as common, most frequent first.
const COMMON_MAX: usize = 9_000;

/// Countries whose first-level regions usually bear the name of their seat.
const SEAT_NAMED: [&str; 24] = [
    "TR", "SY", "IQ", "AF", "IR", "YE", "TH", "VN", "MA", "DZ", "TN", "UA", "BY", "KZ", "JP", "AO", "MZ",
    "TJ", "UZ", "SA", "JO", "LB", "EG", "LY",
];

fn main() -> Outcome<()> {
    let corpora = std::env::args().nth(1).unwrap_or_else(|| "../shared/corpora".into());
    let corpora = Path::new(&corpora);
    let words = WordCounts::read(corpora)?;
    let mut table = Table::default();
    add_countries(&mut table, &corpora.join("gazetteer/country-codes.csv"))?;
    add_demonyms(&mut table, &corpora.join("gazetteer/factbook_leaders_capitals.tsv"))?;
    let regions = add_hand_places(&mut table, &corpora.join("gazetteer/cities15000.txt.zst"))?;
    let names = Names::read(corpora, &words)?;
    add_cities(&mut table, &corpora.join("gazetteer/cities15000.txt.zst"), &regions, &words, &names)?;
    table.join_hand_cities();
    add_orgs(&mut table, corpora, &words)?;
    table.add_flags(&names.first, 'n');
    table.add_flags(&names.last, 's');
    table.add_flags(&words.common(), 'w');
    let text = table.print(&fs::read_to_string("data/hand/agencies.tsv")?);
    let packed = zstd::encode_all(text.as_bytes(), 19)?;
    fs::write("data/gazetteer.zst", &packed)?;
    println!("{} names, {} bytes, {} packed", table.keys.len(), text.len(), packed.len());
    Ok(())
}

/// Returns a name as the gazetteer looks it up: its terms, one space between.
fn key_of(name: &str) -> String {
    let terms: Vec<_> = tokens(name).map(|token| fold_word(token.span.of(name))).collect();
    terms.join(" ")
}

fn unpacked(path: &Path) -> Outcome<String> {
    let mut text = String::new();
    zstd::Decoder::new(fs::File::open(path)?)?.read_to_string(&mut text)?;
    Ok(text)
}

/// What is known of one key.
#[derive(Default)]
struct Known {
    flags: BTreeSet<char>,
    country: String,
    /// `country,region,thousands,class` of each place so named.
    places: BTreeMap<(String, String, char), u32>,
}

#[derive(Default)]
struct Table {
    keys: BTreeMap<String, Known>,
    country_names: BTreeMap<String, String>,
}

impl Table {
    fn entry(&mut self, name: &str) -> Option<&mut Known> {
        let key = key_of(name);
        (!key.is_empty()).then(|| self.keys.entry(key).or_default())
    }

    fn add_country(&mut self, name: &str, code: &str, flag: char) {
        if let Some(known) = self.entry(name) {
            known.flags.insert(flag);
            code.clone_into(&mut known.country);
        }
    }

    fn add_place(&mut self, name: &str, country: &str, region: &str, people: u32, class: char) {
        if let Some(known) = self.entry(name) {
            let place = (country.to_owned(), region.to_owned(), class);
            let most = known.places.entry(place).or_default();
            *most = (people / 1000).max(*most);
        }
    }

    fn add_flags(&mut self, keys: &BTreeSet<String>, flag: char) {
        for key in keys {
            self.keys.entry(key.clone()).or_default().flags.insert(flag);
        }
    }

    /// Joins cities named by hand with those of the list, and makes them win over their namesakes.
    fn join_hand_cities(&mut self) {
        const WEIGHT: u32 = 3_000;
        for known in self.keys.values_mut() {
            let hand: Vec<_> =
                known.places.iter().filter(|(place, people)| place.2 == 'p' && **people == 0).collect();
            let hand: Vec<_> = hand.into_iter().map(|(place, _)| place.clone()).collect();
            for place in hand {
                known.places.remove(&place);
                let twin = known.places.iter_mut().filter(|(other, _)| other.0 == place.0 && other.2 != 'r');
                match twin.max_by_key(|(_, people)| **people) {
                    Some((_, people)) => *people = WEIGHT.max(*people),
                    None => drop(known.places.insert(place, WEIGHT)),
                }
            }
        }
    }

    /// Prints the format that `src/extract/gazetteer` reads.
    fn print(&self, agencies: &str) -> String {
        let mut text = String::from("dateline-gazetteer 1\n");
        for (code, name) in &self.country_names {
            text += &format!("C\t{code}\t{name}\n");
        }
        for line in agencies.lines().filter(|line| !line.starts_with('#')) {
            let (abbreviation, others) = line.split_once('\t').unwrap_or((line, ""));
            let forms: BTreeSet<String> = others.split('|').chain([abbreviation]).map(key_of).collect();
            text += &format!("A\t{abbreviation}\t{}\n", forms.into_iter().collect::<Vec<_>>().join("|"));
        }
        for (key, known) in &self.keys {
            let flags: String = known.flags.iter().collect();
            let places: Vec<String> = known
                .places
                .iter()
                .map(|((country, region, class), thousands)| {
                    format!("{country},{region},{thousands},{class}")
                })
                .collect();
            text += &format!("K\t{key}\t{flags}\t{}\t{}\n", known.country, places.join(";"));
        }
        text
    }
}

fn add_countries(table: &mut Table, path: &Path) -> Outcome<()> {
    let mut rows = csv::Reader::from_path(path)?;
    let headers = rows.headers()?.clone();
    for row in rows.records() {
        let row = row?;
        let cell = |name: &str| headers.iter().position(|h| h == name).and_then(|i| row.get(i)).unwrap_or("");
        let code = cell("ISO3166-1-Alpha-2");
        if code.len() != 2 {
            continue;
        }
        let usual = cell("CLDR display name");
        table.country_names.insert(code.to_owned(), usual.to_owned());
        let languages = ["Spanish", "French", "Russian", "Arabic", "Chinese"];
        let short = languages.map(|language| cell(&format!("UNTERM {language} Short")));
        for name in [usual, cell("official_name_en"), cell("UNTERM English Short")].into_iter().chain(short) {
            // "Niger (the)" is the name and its article.
            let name = name.split('(').next().unwrap_or("").trim_end_matches([' ', '*']);
            table.add_country(name, code, 'c');
        }
    }
    Ok(())
}

fn add_demonyms(table: &mut Table, path: &Path) -> Outcome<()> {
    let text = fs::read_to_string(path)?;
    for line in text.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let [country, _, _, _, _, adjective] = cells.as_slice() else { continue };
        let key = key_of(&country.replace("&ocirc;", "o"));
        let Some(code) =
            table.keys.get(&key).map(|known| known.country.clone()).filter(|code| !code.is_empty())
        else {
            continue;
        };
        for word in adjective.split([',', '/', ';']).map(|part| part.split('(').next().unwrap_or("").trim()) {
            let plain = word.split_whitespace().count() <= 2 && word.starts_with(char::is_uppercase);
            if plain && !table.keys.get(&key_of(word)).is_some_and(|known| known.flags.contains(&'c')) {
                table.add_country(word, &code, 'd');
                if word.ends_with("an") {
                    table.add_country(&format!("{word}s"), &code, 'd');
                }
            }
        }
    }
    Ok(())
}

/// Region names by country and GeoNames code of the region.
type Regions = HashMap<(String, String), String>;

fn add_hand_places(table: &mut Table, cities: &Path) -> Outcome<Regions> {
    let seats = read_seats(cities)?;
    let mut regions = Regions::new();
    for ((country, code), seat) in &seats.default_names {
        if SEAT_NAMED.contains(&country.as_str()) {
            regions.insert((country.clone(), code.clone()), key_of(seat));
        }
    }
    let hand = fs::read_to_string("data/hand/places.tsv")?;
    for line in hand.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let (kind, country) = (cells.first().copied().unwrap_or(""), cells.get(1).copied().unwrap_or(""));
        let names: Vec<&str> = cells.get(2).copied().unwrap_or("").split('|').collect();
        add_hand_line(table, kind, country, &names);
        if let (Some(seat), Some(first)) = (cells.get(3), names.first()) {
            let code = seats.codes.get(&(country.to_owned(), key_of(seat)));
            let code = code.ok_or_else(|| format!("no city {seat} in {country}"))?;
            regions.insert((country.to_owned(), code.clone()), key_of(first));
        }
    }
    for ((country, _), region) in &regions {
        table.add_place(region, country, region, 0, 'r');
    }
    Ok(regions)
}

fn add_hand_line(table: &mut Table, kind: &str, country: &str, names: &[&str]) {
    let first = names.first().map(|name| key_of(name)).unwrap_or_default();
    for name in names {
        match kind {
            "C" => {
                table.add_country(name, country, 'c');
                table.country_names.entry(country.to_owned()).or_insert_with(|| (*name).to_owned());
            }
            "D" => match name.strip_prefix('-') {
                Some(off) => drop(table.keys.remove(&key_of(off))),
                None => table.add_country(name, country, 'd'),
            },
            "R" => table.add_place(name, country, &first, 0, 'r'),
            "P" => table.add_place(name, country, "", 0, 'p'),
            _ => table.add_place(name, country.trim_matches('-'), "", 0, if kind == "S" { 's' } else { 'a' }),
        }
    }
}

/// A row of GeoNames.
struct City<'a> {
    names: [&'a str; 2],
    alternates: &'a str,
    class: &'a str,
    country: &'a str,
    region: &'a str,
    people: u32,
}

fn city(line: &str) -> Option<City<'_>> {
    let cells: Vec<&str> = line.split('\t').collect();
    let cell = |index: usize| cells.get(index).copied();
    let names = [cell(1)?, cell(2)?];
    let (class, country, region) = (cell(7)?, cell(8)?, cell(10)?);
    Some(City { names, alternates: cell(3)?, class, country, region, people: cell(14)?.parse().ok()? })
}

#[derive(Default)]
struct Seats {
    /// Region code by country and key of a city; the largest city of that name decides.
    codes: HashMap<(String, String), String>,
    /// Name of the seat by country and region code.
    default_names: HashMap<(String, String), String>,
}

fn read_seats(path: &Path) -> Outcome<Seats> {
    let text = unpacked(path)?;
    let mut seats = Seats::default();
    let mut largest: HashMap<(String, String), u32> = HashMap::new();
    for city in text.lines().filter_map(city) {
        let seat = matches!(city.class, "PPLA" | "PPLC");
        for name in city.names {
            let key = (city.country.to_owned(), key_of(name));
            let weight = city.people + if seat { 100_000_000 } else { 0 };
            let most = largest.entry(key.clone()).or_default();
            if weight >= *most {
                *most = weight;
                seats.codes.insert(key, city.region.to_owned());
            }
        }
        if seat {
            let key = (city.country.to_owned(), city.region.to_owned());
            seats.default_names.insert(key, city.names[1].to_owned());
        }
    }
    Ok(seats)
}

fn add_cities(
    table: &mut Table,
    path: &Path,
    regions: &Regions,
    words: &WordCounts,
    names: &Names,
) -> Outcome<()> {
    let text = unpacked(path)?;
    let taken: BTreeSet<String> = table.keys.keys().cloned().collect();
    let main: BTreeSet<String> = text.lines().filter_map(city).map(|city| key_of(city.names[1])).collect();
    for city in text.lines().filter_map(city) {
        let region =
            regions.get(&(city.country.to_owned(), city.region.to_owned())).map_or("", String::as_str);
        let class = if city.class == "PPLC" { 'k' } else { 'p' };
        for name in city.names {
            table.add_place(name, city.country, region, city.people, class);
            let key = key_of(name);
            let weak = words.is_common(&key) || names.first.contains(&key) || names.last.contains(&key);
            if weak && city.people < 1_000_000 && class != 'k' && !taken.contains(&key) {
                table.keys.entry(key).or_default().flags.insert('~');
            }
        }
        for name in city.alternates.split(',').filter(|name| is_wanted(name, city.people, class)) {
            let key = key_of(name);
            let clashes = taken.contains(&key) || main.contains(&key) || words.is_word(&key);
            if !clashes && !names.first.contains(&key) && !names.last.contains(&key) {
                table.add_place(name, city.country, region, city.people, class);
            }
        }
    }
    Ok(())
}

fn is_wanted(name: &str, people: u32, class: char) -> bool {
    let latin = name.chars().all(|c| c.is_ascii() || ('\u{C0}'..'\u{250}').contains(&c) || c == '’');
    let enough = |least: u32| people >= least || class == 'k';
    if latin {
        let plain = name.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’'));
        let capital = name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase);
        return enough(LATIN_ALTERNATES_MIN) && plain && capital && name.len() >= 4;
    }
    enough(OTHER_ALTERNATES_MIN)
        && name.chars().count() >= 2
        && !name.chars().any(|c| c.is_ascii_alphabetic())
}

fn add_orgs(table: &mut Table, corpora: &Path, words: &WordCounts) -> Outcome<()> {
    let hand = fs::read_to_string("data/hand/orgs.txt")?;
    for name in hand.lines().filter(|line| !line.starts_with('#')).flat_map(|line| line.split('|')) {
        table.entry(name).map(|known| known.flags.insert('o'));
    }
    for form in fs::read_to_string("data/hand/agencies.tsv")?.lines().filter(|line| !line.starts_with('#')) {
        for name in form.split(['\t', '|']) {
            table.entry(name).map(|known| known.flags.insert('m'));
        }
    }
    for line in fs::read_to_string(corpora.join("gazetteer/news_sources_observed.tsv"))?.lines() {
        let Some((name, count)) = line.split_once('\t') else { continue };
        let name = name.strip_prefix("The ").unwrap_or(name);
        let key = key_of(name);
        let acronym = name.len() >= 3 && name.chars().all(char::is_uppercase);
        let distinct = key.contains(' ') || acronym || !words.is_word(&key);
        let known_otherwise = table.keys.get(&key).is_some_and(|known| !known.places.is_empty());
        if count.trim().parse::<u32>()? >= 2 && distinct && !known_otherwise && key.len() > 2 {
            table.keys.entry(key).or_default().flags.insert('m');
        }
    }
    Ok(())
}

/// How often each folded word stands in lower case, and capitalised inside a sentence.
struct WordCounts {
    counts: HashMap<String, (u32, u32)>,
    /// Words after a title or "By", and the words after those: names of people.
    titled: HashMap<(String, bool), u32>,
}

impl WordCounts {
    fn read(corpora: &Path) -> Outcome<WordCounts> {
        let mut all = WordCounts { counts: HashMap::new(), titled: HashMap::new() };
        let file = fs::File::open(corpora.join("news-open.jsonl.zst"))?;
        for line in BufReader::new(zstd::Decoder::new(file)?).lines() {
            let article: serde_json::Value = serde_json::from_str(&line?)?;
            if article.get("lang").and_then(|lang| lang.as_str()).is_none_or(|lang| lang == "en") {
                all.add(article.get("body").and_then(|body| body.as_str()).unwrap_or(""));
            }
        }
        Ok(all)
    }

    fn add(&mut self, text: &str) {
        const TITLES: [&str; 16] = [
            "Sen",
            "Senator",
            "Rep",
            "Mr",
            "Mrs",
            "Ms",
            "Dr",
            "President",
            "Minister",
            "Gen",
            "Gov",
            "Governor",
            "Judge",
            "Secretary",
            "Congressman",
            "Justice",
        ];
        let mut previous = ["", "", ""];
        let mut end = 0;
        for token in tokens(text) {
            let word = token.span.of(text);
            let gap = text.get(end..token.span.start as usize).unwrap_or("");
            end = token.span.end as usize;
            let capital = word.starts_with(char::is_uppercase) && word.len() > 1;
            let count = self.counts.entry(fold_word(word).into_owned()).or_default();
            if word.chars().all(|c| c.is_lowercase()) {
                count.0 += 1;
            } else if capital && gap == " " {
                count.1 += 1;
            }
            let spaced = matches!(gap, " " | ". ");
            let titled = |at: usize| previous.get(at).is_some_and(|word| TITLES.contains(word));
            let is_name = capital && word.contains(char::is_lowercase) && spaced && !TITLES.contains(&word);
            if is_name && titled(2) {
                *self.titled.entry((fold_word(word).into_owned(), true)).or_default() += 1;
            } else if is_name && gap == " " && titled(1) && previous[2].starts_with(char::is_uppercase) {
                *self.titled.entry((fold_word(word).into_owned(), false)).or_default() += 1;
            }
            previous = if spaced { [previous[1], previous[2], word] } else { ["", "", word] };
        }
    }

    /// Tells whether the word stands in lower case more often than not.
    fn is_common(&self, key: &str) -> bool {
        self.counts.get(key).is_some_and(|&(lower, capital)| lower >= COMMON_MIN && lower > capital)
    }

    /// Tells whether the word stands in lower case at all often.
    fn is_word(&self, key: &str) -> bool {
        self.counts.get(key).is_some_and(|&(lower, _)| lower >= 5)
    }

    fn common(&self) -> BTreeSet<String> {
        let mut common: Vec<(&String, u32)> = self
            .counts
            .iter()
            .filter(|(word, _)| word.len() > 1 && self.is_common(word))
            .map(|(word, counts)| (word, counts.0))
            .collect();
        common.sort_by_key(|&(word, count)| (std::cmp::Reverse(count), word));
        common.into_iter().take(COMMON_MAX).map(|(word, _)| word.clone()).collect()
    }
}

/// Given names and surnames of people.
#[derive(Default)]
struct Names {
    first: BTreeSet<String>,
    last: BTreeSet<String>,
}

impl Names {
    /// Reads the hand-made list, the people of the training corpora, and people after titles in the open news.
    fn read(corpora: &Path, words: &WordCounts) -> Outcome<Names> {
        let mut names = Names::default();
        let hand = fs::read_to_string("data/hand/first_names.txt")?;
        let hand: BTreeSet<String> = hand
            .lines()
            .filter(|line| !line.starts_with('#'))
            .flat_map(str::split_whitespace)
            .map(key_of)
            .collect();
        let mut counts: BTreeMap<(String, bool), u32> = BTreeMap::new();
        for file in ["train/gmb.train.conll.zst", "train/wikigold.conll.zst"] {
            count_people(&unpacked(&corpora.join(file))?, &mut counts);
        }
        for ((word, first), count) in &words.titled {
            *counts.entry((word.clone(), *first)).or_default() += count / 2;
        }
        for ((word, first), count) in counts {
            let plain = word.len() > 2 && !word.contains(' ') && !words.is_word(&word);
            if plain && count >= 2 {
                if first {
                    names.first.insert(word)
                } else {
                    names.last.insert(word)
                };
            }
        }
        names.first.extend(hand.into_iter().filter(|name| !name.contains(' ')));
        Ok(names)
    }
}

/// Counts first and last words of people with two names or more.
fn count_people(conll: &str, counts: &mut BTreeMap<(String, bool), u32>) {
    let mut person: Vec<&str> = Vec::new();
    for line in conll.lines().chain([""]) {
        let (word, tag) = line.rsplit_once(' ').unwrap_or(("", "O"));
        let continues = tag == "I-PER";
        if !continues {
            if let ([first, .., last], true) = (person.as_slice(), person.len() >= 2) {
                for (name, is_first) in [(first, true), (last, false)] {
                    let capital = name.starts_with(char::is_uppercase) && !name.contains('.');
                    if capital {
                        *counts.entry((key_of(name), is_first)).or_default() += 1;
                    }
                }
            }
            person.clear();
        }
        if tag.ends_with("-PER") {
            person.push(word);
        }
    }
}
