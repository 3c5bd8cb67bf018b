//! Names inside one article: from tagged names to people, places and organisations.
//!
//! One surface string is one kind per article, decided by weighted vote; the title votes only on what the body does not
//! name. Names found once are then found wherever they stand, surnames and acronyms included, and mentions of one
//! thing are joined under its longest form.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::gazetteer::{self, Flag};
use super::lexicon::Class;
use super::page::{Gap, Page, PageWord, Shape};
use super::tagger::Name;
use super::tagger::hash::Seeded;
use crate::article::EntityKind::{self, Org, Person, Place};

/// Longest name, in words; what a tagger joins beyond that is a list or noise, and no name.
pub const NAME_WORDS_MAX: usize = 14;

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

/// Joins the names of a page into groups, in order of first mention; names past [`NAME_WORDS_MAX`] are left out.
pub fn resolve(page: &Page<'_>, names: Vec<Name>) -> Vec<Group> {
    let names: Vec<Name> = names.into_iter().filter(|name| name.words.len() <= NAME_WORDS_MAX).collect();
    let keys: Vec<Cow<'_, str>> = names.iter().map(|name| key_of(page, &name.words)).collect();
    let names: Vec<Keyed<'_>> =
        names.into_iter().zip(&keys).map(|(name, key)| Keyed { name, key: key.as_ref() }).collect();
    let mut kinds = decide_kinds(page, &names);
    let people = Surnames::of(page, &names, &kinds);
    people.claim(&mut kinds);
    claim_org_heads(page, &names, &people, &mut kinds);
    add_heads(&names, &mut kinds);
    let names = find_again(page, names, &kinds, &people);
    group(page, &names)
}

/// A name with the key of its words.
struct Keyed<'k> {
    name: Name,
    key: &'k str,
}

fn key_of<'p>(page: &'p Page<'_>, words: &Range<usize>) -> Cow<'p, str> {
    match page.slice(words.clone()) {
        [word] => Cow::Borrowed(page.term(word)),
        _ => Cow::Owned(page.key(words.clone())),
    }
}

/// Kinds of surface strings, by key.
type Kinds<'k> = HashMap<&'k str, (EntityKind, u8), Seeded>;

/// The votes for what a surface string is.
#[derive(Default)]
struct Votes {
    by_kind: [u32; 3],
    strongest: u8,
    /// The body names it, so that the title has no vote.
    is_in_body: bool,
}

/// Decides what each surface string is, by weighted vote of the body, then of the title.
fn decide_kinds<'k>(page: &Page<'_>, names: &[Keyed<'k>]) -> Kinds<'k> {
    let mut all: HashMap<&str, Votes, Seeded> = HashMap::default();
    for in_title in [false, true] {
        let part = names.iter().filter(|name| (name.name.words.start < page.title_words) == in_title);
        for Keyed { name, key } in part {
            let votes = all.entry(key).or_default();
            if in_title && votes.is_in_body {
                continue;
            }
            votes.is_in_body = !in_title;
            votes.strongest = name.weight.max(votes.strongest);
            if let Some(vote) = votes.by_kind.get_mut(name.kind as usize) {
                *vote += u32::from(name.weight);
            }
        }
    }
    all.into_iter()
        .filter_map(|(key, votes)| {
            let count = |kind: &EntityKind| votes.by_kind.get(*kind as usize).copied();
            let kind = EntityKind::ALL.into_iter().rev().max_by_key(count)?;
            Some((key, (kind, votes.strongest)))
        })
        .collect()
}

/// Last and first names of people with several names.
#[derive(Default)]
struct Surnames<'k> {
    last: HashSet<&'k str, Seeded>,
    first: HashSet<&'k str, Seeded>,
}

/// Makes "Ford" what "Ford Motor Company" is, where nobody in the article is called Ford.
fn claim_org_heads(page: &Page<'_>, names: &[Keyed<'_>], people: &Surnames<'_>, kinds: &mut Kinds<'_>) {
    for Keyed { name, key } in names.iter().filter(|name| name.name.words.len() > 1) {
        let is_org = kinds.get(key).is_some_and(|(kind, _)| *kind == Org);
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
fn add_heads<'k>(names: &[Keyed<'k>], kinds: &mut Kinds<'k>) {
    for Keyed { key, .. } in names.iter().filter(|name| name.name.kind == Org && name.name.words.len() > 2) {
        if let Some((head, _)) = key.split_once(" of ") {
            kinds.entry(head).or_insert((Org, 1));
        }
    }
}

impl<'k> Surnames<'k> {
    /// Makes single words that were weakly taken for something else the names of the people they belong to.
    fn claim(&self, kinds: &mut Kinds<'_>) {
        for (key, (kind, weight)) in kinds.iter_mut().filter(|(key, _)| !key.contains(' ')) {
            let small = || gazetteer::lookup(key).is_some_and(gazetteer::Known::is_small_place);
            if self.last.contains(key) && (*weight < 4 || small()) {
                *kind = Person;
            }
        }
    }

    fn of(page: &'k Page<'_>, names: &[Keyed<'_>], kinds: &Kinds<'_>) -> Surnames<'k> {
        let mut all = Surnames::default();
        for Keyed { name, key } in names.iter().filter(|name| name.name.words.len() > 1) {
            let is_person = kinds.get(key).is_some_and(|(kind, _)| *kind == Person);
            let words = page.slice(name.words.clone());
            if let (true, Some(first), Some(last)) = (is_person, words.first(), words.last()) {
                all.last.insert(page.term(last));
                all.first.insert(page.term(first));
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

/// What is looked for again: the decided names, by their first words, and people by parts of their names.
struct Search<'s, 'k, 'a> {
    page: &'k Page<'a>,
    kinds: &'s Kinds<'k>,
    people: &'s Surnames<'k>,
    /// Most words of a name that begins with the word.
    firsts: HashMap<&'k str, usize, Seeded>,
}

/// Gives every mention its decided kind, and finds the mentions that the tagger left out.
fn find_again<'k>(
    page: &'k Page<'_>,
    names: Vec<Keyed<'k>>,
    kinds: &Kinds<'k>,
    people: &Surnames<'k>,
) -> Vec<Keyed<'k>> {
    let mut firsts: HashMap<&str, usize, Seeded> = HashMap::default();
    for key in kinds.keys() {
        let most = firsts.entry(key.split(' ').next().unwrap_or("")).or_default();
        *most = key.split(' ').count().min(NAME_WORDS_MAX).max(*most);
    }
    let search = Search { page, kinds, people, firsts };
    let mut all = Vec::with_capacity(names.len());
    let mut tagged = names.into_iter().peekable();
    let mut at = 0;
    let mut key = String::new();
    while at < page.words.len() {
        while tagged.next_if(|name| name.name.words.start < at).is_some() {}
        if let Some(name) = tagged.next_if(|name| name.name.words.start == at) {
            at = name.name.words.end;
            all.push(search.with_kind(name));
            continue;
        }
        let room = tagged.peek().map_or(page.words.len(), |name| name.name.words.start) - at;
        match search.name_at(at, room, &mut key) {
            Some(name) => {
                at = name.name.words.end;
                all.push(name);
            }
            None => at += 1,
        }
    }
    all
}

impl<'k> Search<'_, 'k, '_> {
    /// Corrects the kind of a tagged name to the one decided for its words.
    fn with_kind(&self, Keyed { name, key }: Keyed<'k>) -> Keyed<'k> {
        let (kind, weight) = self.kinds.get(key).copied().unwrap_or((name.kind, name.weight));
        let surname = match self.page.slice(name.words.clone()) {
            [word] => weight < 4 && self.people.is_person(self.page, word),
            _ => false,
        };
        Keyed { name: Name { kind: if surname { Person } else { kind }, weight, ..name }, key }
    }

    /// Returns the name that stands at a word, where the article names it elsewhere; it has room for so many words.
    fn name_at(&self, at: usize, room: usize, key: &mut String) -> Option<Keyed<'k>> {
        let page = self.page;
        let word = page.words.get(at)?;
        let starts = word.is_capital() || word.class.is(Class::PARTICLE) || word.shape == Shape::Uncased;
        if !starts || continues_name(page, at) {
            return None;
        }
        let term = page.term(word);
        let longest = self.firsts.get(term).copied().unwrap_or(0);
        for len in (1..=longest.min(room)).rev() {
            key.clear();
            page.key_into(at..at + len, key);
            let found = self.kinds.get_key_value(key.as_str());
            if let Some((&key, &(kind, weight))) = found.filter(|_| stands_alone(page, at..at + len)) {
                return Some(Keyed { name: Name { words: at..at + len, kind, weight }, key });
            }
        }
        let surname =
            word.is_capital() && self.people.is_person(page, word) && stands_alone(page, at..at + 1);
        surname.then(|| Keyed { name: Name { words: at..at + 1, kind: Person, weight: 2 }, key: term })
    }
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
fn group(page: &Page<'_>, names: &[Keyed<'_>]) -> Vec<Group> {
    let forms = Forms::of(page, names);
    let mut groups: Vec<Group> = Vec::new();
    let mut of_root: HashMap<(EntityKind, Cow<'_, str>), usize, Seeded> = HashMap::default();
    let mut nearest = Nearest::default();
    for name in names {
        let root = forms.root(name, &mut nearest);
        let name = &name.name;
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
type Nearest<'k> = HashMap<&'k str, &'k str, Seeded>;

/// Every form of the article's names, ready to be asked what longer form a shorter one means.
#[derive(Default)]
struct Forms<'k> {
    /// Full names of people by last word, then by first word; the earliest in the article.
    people: HashMap<&'k str, &'k str, Seeded>,
    given: HashMap<&'k str, &'k str, Seeded>,
    /// Full name of a person by the whole tail of the name.
    tails: HashMap<Cow<'k, str>, &'k str, Seeded>,
    /// Organisation by its initials, its explained acronym, its tail or its head.
    orgs: HashMap<Cow<'k, str>, &'k str, Seeded>,
}

impl<'k> Forms<'k> {
    fn of(page: &'k Page<'_>, names: &[Keyed<'k>]) -> Forms<'k> {
        let mut forms = Forms::default();
        let mut long: Vec<&Keyed<'k>> = names.iter().filter(|name| name.name.words.len() > 1).collect();
        // Longest first, so that a short form finds the longest name it fits; the sort keeps the order of the article.
        long.sort_by_key(|name| std::cmp::Reverse(name.name.words.len()));
        for name in long {
            match name.name.kind {
                Person => forms.add_person(name.key),
                Org => forms.add_org(page, &name.name, name.key),
                Place => {}
            }
        }
        forms
    }

    fn add_person(&mut self, key: &'k str) {
        let ends = first_and_last(key);
        let same = || self.tails.get(ends.as_deref()?).copied();
        let root = self.tails.get(key).copied().or_else(same).unwrap_or(key);
        let mut tail = key;
        while let Some((first, rest)) = tail.split_once(' ') {
            self.tails.entry(Cow::Borrowed(tail)).or_insert(root);
            // A first name, or the former of two last names.
            self.given.entry(first).or_insert(root);
            tail = rest;
        }
        self.people.entry(tail).or_insert(root);
        if let Some(ends) = ends {
            self.tails.entry(Cow::Owned(ends)).or_insert(root);
        }
    }

    fn add_org(&mut self, page: &'k Page<'_>, name: &Name, key: &'k str) {
        let root = self.orgs.get(key).copied().unwrap_or(key);
        for initials in initials(page, name) {
            self.orgs.entry(Cow::Owned(initials)).or_insert(root);
        }
        let next = page.words.get(name.words.end);
        let acronym = next.filter(|next| next.gap == Gap::Bracket && next.shape == Shape::Upper);
        let head = key.split_once(" of ").map(|(head, _)| head);
        let words = page.slice(name.words.clone());
        let headed = words
            .last()
            .is_some_and(|last| last.class.is(Class::ORG_LAST) && !last.class.is(Class::STATE_BODY));
        let first = words.first().filter(|first| headed && is_distinct(first));
        let tail = key.split_once(' ').filter(|_| words.first().is_some_and(PageWord::is_known_name));
        let short = [
            acronym.map(|word| page.term(word)),
            head,
            first.map(|word| page.term(word)),
            tail.map(|tail| tail.1),
        ];
        for form in short.into_iter().flatten().chain([key]) {
            self.orgs.entry(Cow::Borrowed(form)).or_insert(root);
        }
    }

    /// Returns the key of the thing that a name means.
    fn root(&self, Keyed { name, key }: &Keyed<'k>, nearest: &mut Nearest<'k>) -> Cow<'k, str> {
        match name.kind {
            Place => place_root(key),
            Org => {
                let dotless = || self.orgs.get(key.replace('.', "").as_str());
                let found = if key.contains('.') { dotless() } else { None };
                Cow::Borrowed(found.or_else(|| self.orgs.get(*key)).copied().unwrap_or(key))
            }
            Person => Cow::Borrowed(self.person_root(key, nearest)),
        }
    }

    fn person_root(&self, key: &'k str, nearest: &mut Nearest<'k>) -> &'k str {
        let last = key.rsplit(' ').next().unwrap_or("");
        if key.contains(' ') && !is_particle_name(key) {
            let root = self.tails.get(key).copied().unwrap_or(key);
            nearest.insert(last, root);
            return root;
        }
        let known = nearest.get(last).or_else(|| self.people.get(last)).or_else(|| self.given.get(last));
        known.copied().unwrap_or(key)
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
fn place_root(key: &str) -> Cow<'_, str> {
    let country =
        gazetteer::lookup(key).filter(|known| known.is(Flag::Country)).and_then(|known| known.country);
    country.map_or(Cow::Borrowed(key), |country| Cow::Owned(format!("country {country}")))
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
