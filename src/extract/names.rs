//! Names inside one article: from tagged names to people, places and organisations.
//!
//! One surface string is one kind per article, decided by weighted vote; the title votes only on what the body does not
//! name. Names found once are then found wherever they stand, surnames and acronyms included, and mentions of one
//! thing are joined under its longest form.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use super::gazetteer::{self, Flag};
use super::lexicon::Class;
use super::page::{Gap, Page, PageWord, Shape};
use super::tagger::Name;
use crate::article::EntityKind::{self, Org, Person, Place};

/// Longest known name looked for again, in words.
const NAME_WORDS_MAX: usize = 14;

/// Somebody or something that the article names.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// What it is.
    pub kind: EntityKind,
    /// The words of each mention, in order.
    pub mentions: Vec<Range<usize>>,
    /// Strongest evidence for the kind.
    pub weight: u8,
}

/// Joins the names of a page into groups, in order of first mention.
pub fn resolve(page: &Page<'_>, names: Vec<Name>) -> Vec<Group> {
    let mut kinds = decide_kinds(page, &names);
    let people = Surnames::of(page, &names, &kinds);
    people.claim(&mut kinds);
    claim_org_heads(page, &names, &people, &mut kinds);
    add_heads(page, &names, &mut kinds);
    let names = find_again(page, names, &kinds, &people);
    group(page, &names)
}

/// Kinds of surface strings, by key.
type Kinds = HashMap<String, (EntityKind, u8)>;

/// Decides what each surface string is, by weighted vote of the body, then of the title.
fn decide_kinds(page: &Page<'_>, names: &[Name]) -> Kinds {
    let mut votes: HashMap<String, [u32; 3]> = HashMap::new();
    let mut strongest: HashMap<String, u8> = HashMap::new();
    for in_title in [false, true] {
        let known_from_body: HashSet<String> =
            if in_title { votes.keys().cloned().collect() } else { HashSet::new() };
        for name in names.iter().filter(|name| (name.words.start < page.title_words) == in_title) {
            let key = page.key(name.words.clone());
            if known_from_body.contains(&key) {
                continue;
            }
            let most = strongest.entry(key.clone()).or_default();
            *most = name.weight.max(*most);
            if let Some(vote) = votes.entry(key).or_default().get_mut(name.kind as usize) {
                *vote += u32::from(name.weight);
            }
        }
    }
    votes
        .into_iter()
        .filter_map(|(key, votes)| {
            let kind = EntityKind::ALL.into_iter().rev().max_by_key(|&kind| votes.get(kind as usize))?;
            let weight = strongest.get(&key).copied().unwrap_or(1);
            Some((key, (kind, weight)))
        })
        .collect()
}

/// Last and first names of people with several names.
#[derive(Default)]
struct Surnames {
    last: HashSet<String>,
    first: HashSet<String>,
}

/// Makes "Ford" what "Ford Motor Company" is, where nobody in the article is called Ford.
fn claim_org_heads(page: &Page<'_>, names: &[Name], people: &Surnames, kinds: &mut Kinds) {
    for name in names.iter().filter(|name| name.words.len() > 1) {
        let is_org = kinds.get(&page.key(name.words.clone())).is_some_and(|(kind, _)| *kind == Org);
        let words = page.slice(name.words.clone());
        let (Some(first), Some(last)) = (words.first(), words.last()) else { continue };
        let headed = last.class.is(Class::ORG_LAST) && !last.class.is(Class::STATE_BODY);
        let term = page.term(first);
        if !is_org || !headed || !is_distinct(first) || people.last.contains(term) {
            continue;
        }
        if let Some((kind, _)) = kinds.get_mut(term).filter(|(kind, _)| *kind == Person) {
            *kind = Org;
        }
    }
}

/// Lets the head of "House of Representatives" stand for it.
fn add_heads(page: &Page<'_>, names: &[Name], kinds: &mut Kinds) {
    for name in names.iter().filter(|name| name.kind == Org && name.words.len() > 2) {
        let key = page.key(name.words.clone());
        if let Some((head, _)) = key.split_once(" of ") {
            kinds.entry(head.to_owned()).or_insert((Org, 1));
        }
    }
}

impl Surnames {
    /// Makes single words that were weakly taken for something else the names of the people they belong to.
    fn claim(&self, kinds: &mut Kinds) {
        for (key, (kind, weight)) in kinds.iter_mut().filter(|(key, _)| !key.contains(' ')) {
            let small = || gazetteer::lookup(key).is_some_and(gazetteer::Known::is_small_place);
            if self.last.contains(key) && (*weight < 4 || small()) {
                *kind = Person;
            }
        }
    }

    fn of(page: &Page<'_>, names: &[Name], kinds: &Kinds) -> Surnames {
        let mut all = Surnames::default();
        for name in names.iter().filter(|name| name.words.len() > 1) {
            let is_person = kinds.get(&page.key(name.words.clone())).is_some_and(|(kind, _)| *kind == Person);
            let words = page.slice(name.words.clone());
            if let (true, Some(first), Some(last)) = (is_person, words.first(), words.last()) {
                all.last.insert(page.term(last).to_owned());
                all.first.insert(page.term(first).to_owned());
            }
        }
        all
    }

    /// Returns what a single word that is part of a person's name is.
    fn is_person(&self, page: &Page<'_>, word: &PageWord) -> bool {
        let term = page.term(word);
        let long = term.len() >= 3 || word.shape == Shape::Uncased;
        long && !word.has(Flag::Country) && (self.last.contains(term) || self.is_given_name(term, word))
    }

    fn is_given_name(&self, term: &str, word: &PageWord) -> bool {
        self.first.contains(term)
            && !word.has(Flag::CommonWord)
            && !word.class.is(Class::TITLE | Class::PARTICLE)
    }
}

/// Gives every mention its decided kind, and finds the mentions that the tagger left out.
fn find_again(page: &Page<'_>, names: Vec<Name>, kinds: &Kinds, people: &Surnames) -> Vec<Name> {
    let longest = kinds.keys().map(|key| key.split(' ').count()).max().unwrap_or(1).min(NAME_WORDS_MAX);
    let firsts: HashSet<&str> = kinds.keys().filter_map(|key| key.split(' ').next()).collect();
    let mut all = Vec::with_capacity(names.len());
    let mut tagged = names.into_iter().peekable();
    let mut at = 0;
    let mut key = String::new();
    while at < page.words.len() {
        while tagged.next_if(|name| name.words.start < at).is_some() {}
        if let Some(name) = tagged.next_if(|name| name.words.start == at) {
            at = name.words.end;
            all.push(with_kind(page, name, kinds, people));
            continue;
        }
        let room = tagged.peek().map_or(page.words.len(), |name| name.words.start) - at;
        match known_name(page, at, longest.min(room), &firsts, kinds, people, &mut key) {
            Some(name) => {
                at = name.words.end;
                all.push(name);
            }
            None => at += 1,
        }
    }
    all
}

/// Corrects the kind of a tagged name to the one decided for its words.
fn with_kind(page: &Page<'_>, name: Name, kinds: &Kinds, people: &Surnames) -> Name {
    let (kind, weight) =
        kinds.get(&page.key(name.words.clone())).copied().unwrap_or((name.kind, name.weight));
    let single = page.slice(name.words.clone());
    let surname = match single {
        [word] => weight < 4 && people.is_person(page, word),
        _ => false,
    };
    Name { kind: if surname { Person } else { kind }, weight, ..name }
}

/// Returns the name that stands at a word, where the article names it elsewhere.
fn known_name(
    page: &Page<'_>,
    at: usize,
    longest: usize,
    firsts: &HashSet<&str>,
    kinds: &Kinds,
    people: &Surnames,
    key: &mut String,
) -> Option<Name> {
    let word = page.words.get(at)?;
    let starts = word.is_capital() || word.class.is(Class::PARTICLE) || word.shape == Shape::Uncased;
    if !starts || continues_name(page, at) {
        return None;
    }
    if firsts.contains(page.term(word)) {
        for len in (1..=longest).rev() {
            key.clear();
            page.key_into(at..at + len, key);
            let found = kinds.get(key.as_str()).filter(|_| stands_alone(page, at..at + len));
            if let Some(&(kind, weight)) = found {
                return Some(Name { words: at..at + len, kind, weight });
            }
        }
    }
    let surname = people.is_person(page, word) && word.is_capital() && stands_alone(page, at..at + 1);
    surname.then_some(Name { words: at..at + 1, kind: Person, weight: 2 })
}

/// Tells whether the word before belongs to the same run of capitals.
fn continues_name(page: &Page<'_>, at: usize) -> bool {
    let Some(before) = at.checked_sub(1).and_then(|index| page.words.get(index)) else { return false };
    let joined = page.words.get(at).is_some_and(|word| matches!(word.gap, Gap::Space | Gap::Ampersand));
    let harmless = before.has(Flag::Demonym)
        || before.class.is(Class::TITLE | Class::FUNCTION | Class::WEEKDAY | Class::NO_NAME)
        || before.has(Flag::CommonWord)
        || before.is_known_name();
    joined && before.is_capital() && !harmless && before.span.len() > 1
}

/// Tells whether a found name has the looks of one and is not the front of a longer one.
fn stands_alone(page: &Page<'_>, words: Range<usize>) -> bool {
    let slice = page.slice(words.clone());
    let (Some(first), Some(last)) = (slice.first(), slice.last()) else { return false };
    let small = |word: &PageWord| word.class.is(Class::PARTICLE | Class::FUNCTION);
    let looks = slice.iter().all(|word| word.is_capital() || word.shape == Shape::Uncased || small(word));
    let inside = slice.iter().skip(1).all(|word| !matches!(word.gap, Gap::Start | Gap::Break | Gap::Comma));
    let next = page.words.get(words.end);
    let longer = next.is_some_and(|next| {
        let heads = Class::ORG_LAST | Class::PLACE_LAST | Class::EVENT_LAST;
        matches!(next.gap, Gap::Space | Gap::Ampersand) && next.is_capital() && next.class.is(heads)
    });
    let opens = matches!(first.gap, Gap::Start | Gap::Break);
    let plain = slice.len() == 1 && opens && first.has(Flag::CommonWord) && first.shape != Shape::Upper;
    looks && inside && !longer && !plain && (last.is_capital() || last.shape == Shape::Uncased)
}

/// Joins names that mean the same, in order of first mention.
fn group(page: &Page<'_>, names: &[Name]) -> Vec<Group> {
    let forms = Forms::of(page, names);
    let mut groups: Vec<Group> = Vec::new();
    let mut of_root: HashMap<(EntityKind, String), usize> = HashMap::new();
    let mut nearest = Nearest::default();
    for name in names {
        let root = forms.root(page, name, &mut nearest);
        let index = *of_root.entry((name.kind, root)).or_insert_with(|| {
            groups.push(Group { kind: name.kind, mentions: Vec::new(), weight: 0 });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(index) {
            group.mentions.push(name.words.clone());
            group.weight = group.weight.max(name.weight);
        }
    }
    groups
}

/// The last full name seen by each word that may stand for it.
#[derive(Default)]
struct Nearest {
    by_word: HashMap<String, String>,
}

/// Every form of the article's names, ready to be asked what longer form a shorter one means.
#[derive(Default)]
struct Forms {
    /// Full names of people by last word, then by first word; the earliest in the article.
    people: HashMap<String, String>,
    given: HashMap<String, String>,
    /// Full name of a person by the whole tail of the name.
    tails: HashMap<String, String>,
    /// Organisation by its initials, its explained acronym, its tail or its head.
    orgs: HashMap<String, String>,
}

impl Forms {
    fn of(page: &Page<'_>, names: &[Name]) -> Forms {
        let mut forms = Forms::default();
        // Longest first, so that a short form finds the longest name it fits.
        let mut order: BTreeMap<(std::cmp::Reverse<usize>, usize), &Name> = BTreeMap::new();
        for (index, name) in names.iter().enumerate().filter(|(_, name)| name.words.len() > 1) {
            order.insert((std::cmp::Reverse(name.words.len()), index), name);
        }
        for name in order.values() {
            match name.kind {
                Person => forms.add_person(page, name),
                Org => forms.add_org(page, name),
                Place => {}
            }
        }
        forms
    }

    fn add_person(&mut self, page: &Page<'_>, name: &Name) {
        let key = page.key(name.words.clone());
        let root = self.tails.get(&key).cloned().unwrap_or_else(|| {
            let same = first_and_last(&key).and_then(|ends| self.tails.get(&ends));
            same.cloned().unwrap_or_else(|| key.clone())
        });
        let mut tail = key.as_str();
        while let Some((first, rest)) = tail.split_once(' ') {
            self.tails.entry(tail.to_owned()).or_insert_with(|| root.clone());
            // A first name, or the former of two last names.
            self.given.entry(first.to_owned()).or_insert_with(|| root.clone());
            tail = rest;
        }
        self.people.entry(tail.to_owned()).or_insert_with(|| root.clone());
        if let Some(ends) = first_and_last(&key) {
            self.tails.entry(ends).or_insert(root);
        }
    }

    fn add_org(&mut self, page: &Page<'_>, name: &Name) {
        let key = page.key(name.words.clone());
        let root = self.orgs.get(&key).cloned().unwrap_or_else(|| key.clone());
        for initials in initials(page, name) {
            self.orgs.entry(initials).or_insert_with(|| root.clone());
        }
        let next = page
            .words
            .get(name.words.end)
            .filter(|next| next.gap == Gap::Bracket && next.shape == Shape::Upper);
        if let Some(acronym) = next {
            self.orgs.entry(page.term(acronym).to_owned()).or_insert_with(|| root.clone());
        }
        if let Some((head, _)) = key.split_once(" of ") {
            self.orgs.entry(head.to_owned()).or_insert_with(|| root.clone());
        }
        let words = page.slice(name.words.clone());
        let headed = words
            .last()
            .is_some_and(|last| last.class.is(Class::ORG_LAST) && !last.class.is(Class::STATE_BODY));
        if let Some(first) = words.first().filter(|first| headed && is_distinct(first)) {
            self.orgs.entry(page.term(first).to_owned()).or_insert_with(|| root.clone());
        }
        if let Some((_, tail)) =
            key.split_once(' ').filter(|_| words.first().is_some_and(PageWord::is_known_name))
        {
            self.orgs.entry(tail.to_owned()).or_insert_with(|| root.clone());
        }
        self.orgs.entry(key).or_insert(root);
    }

    /// Returns the key of the thing that a name means.
    fn root(&self, page: &Page<'_>, name: &Name, nearest: &mut Nearest) -> String {
        let key = page.key(name.words.clone());
        match name.kind {
            Place => place_root(key),
            Org => {
                self.orgs.get(&key.replace('.', "")).or_else(|| self.orgs.get(&key)).cloned().unwrap_or(key)
            }
            Person => self.person_root(key, nearest),
        }
    }

    fn person_root(&self, key: String, nearest: &mut Nearest) -> String {
        let last = key.rsplit(' ').next().unwrap_or("").to_owned();
        if key.contains(' ') && !is_particle_name(&key) {
            let root = self.tails.get(&key).cloned().unwrap_or(key);
            nearest.by_word.insert(last, root.clone());
            return root;
        }
        let known =
            nearest.by_word.get(&last).or_else(|| self.people.get(&last)).or_else(|| self.given.get(&last));
        known.cloned().unwrap_or(key)
    }
}

/// Tells whether the first word of an organisation's name may stand for it: "Ford", not "Canadian".
fn is_distinct(word: &PageWord) -> bool {
    let plain = word.has(Flag::CommonWord) || word.has(Flag::Demonym) || word.has(Flag::Country);
    !plain && !word.class.is(Class::NO_NAME | Class::DIRECTION)
}

/// `al Assad`: a single name with its particle.
fn is_particle_name(key: &str) -> bool {
    key.split_once(' ').is_some_and(|(first, rest)| {
        super::lexicon::class_of(first).is(Class::PARTICLE) && !rest.contains(' ')
    })
}

fn first_and_last(key: &str) -> Option<String> {
    let (first, rest) = key.split_once(' ')?;
    let (_, last) = rest.rsplit_once(' ')?;
    Some(format!("{first} {last}"))
}

/// All names of one country are one place.
fn place_root(key: String) -> String {
    let country =
        gazetteer::lookup(&key).filter(|known| known.is(Flag::Country)).and_then(|known| known.country);
    country.map_or(key, |country| format!("country {country}"))
}

/// Acronyms that an organisation's words spell: with and without the small words.
fn initials(page: &Page<'_>, name: &Name) -> Vec<String> {
    let words = page.slice(name.words.clone());
    let letters = |keep: &dyn Fn(&PageWord) -> bool| -> String {
        words.iter().filter(|word| keep(word)).filter_map(|word| page.term(word).chars().next()).collect()
    };
    let long = [letters(&|word| word.is_capital()), letters(&|_| true)];
    long.into_iter().filter(|initials| initials.chars().count() >= 2).collect()
}
