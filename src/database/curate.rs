//! `add`, `remove` and `set`: values changed by hand, which extracting again does not undo.
//!
//! All three stand in [`Given`], with the article. So an extraction stays a pure function of its article, and every later
//! version of the extractor respects them.

use super::batch::{Derived, encode_one};
use super::open::Writer;
use super::stories::Stories;
use crate::article::{Article, ArticleId, Draft, Extraction, Given, Loose, Origin, Record};
use crate::error::{Error, Result};
use crate::exec::{Guard, RunOptions};
use crate::extract::{Extractor, gazetteer, given_alone};
use crate::import::Fault;
use crate::query::{Edit, EditAction};
use crate::schema::{Builtin, FieldName};
use crate::store::entry::{Entry, Version};
use crate::text::fold_value;
use crate::value::Value;

/// Most bytes of changed records in one commit (256 MiB).
pub const EDIT_BYTES_MAX: usize = 256 << 20;

impl Writer {
    /// Edits articles in one commit and returns how many of them it changed.
    pub(super) fn edit(&mut self, edits: &[Edit], ids: &[ArticleId], options: &RunOptions) -> Result<u64> {
        self.check_running()?;
        let guard = Guard::new(options);
        let snapshot = self.current.load_full();
        let (seq, extractor) = (self.next_seq(), Extractor::new());
        let mut stories = Stories::default();
        let mut changes = Vec::new();
        let mut bytes = 0;
        for &id in ids {
            guard.check()?;
            let Some(stored) = snapshot.get(id)? else { continue };
            let Some(record) = edited(&stored, edits, &extractor)? else { continue };
            let derived = rewritten(Record { seq, ..record }, &stored);
            for derived in stories.settle(vec![derived], self.archive()?, None)? {
                let (change, frame_bytes) = encode_one(derived, &self.state.codec)?;
                bytes += frame_bytes;
                if bytes > EDIT_BYTES_MAX {
                    return Err(Error::ChangeTooLarge { limit_bytes: EDIT_BYTES_MAX });
                }
                changes.push(change);
            }
        }
        let count = changes.len() as u64;
        if count > 0 {
            self.commit(Entry::of_changes(changes))?;
            self.seal_if_due();
        }
        Ok(count)
    }
}

/// Returns a record on its way into a commit; only another text may belong to another story.
fn rewritten(record: Record, stored: &Record) -> Derived {
    let old = Version::of(stored);
    let is_same = record.article.body == stored.article.body;
    if is_same && record.story.is_some() {
        let (bands, origin) = (old.bands, Origin::default());
        return Derived { record, bands, is_first: false, old: Some(old), origin };
    }
    let untold = Record { story: None, ..record };
    Derived { is_first: is_same, ..Derived::new(untold, Some(old), Origin::default()) }
}

/// Returns a record with its edits; `None` where they change nothing.
fn edited(stored: &Record, edits: &[Edit], extractor: &Extractor) -> Result<Option<Record>> {
    let mut record = stored.clone();
    for edit in edits {
        apply(edit, &mut record);
    }
    if record.article == stored.article {
        return Ok(None);
    }
    check(&record.article)?;
    if edits.iter().any(|edit| bears_on_extraction(&edit.field.name)) {
        record.extraction = extraction(&record, extractor);
    }
    Ok(Some(record))
}

/// Holds an edited article to the limits that a new one is held to.
fn check(article: &Article) -> Result<()> {
    let mut draft = Draft::from(article.clone());
    let fields = std::mem::take(&mut draft.article.fields).into_iter();
    draft.loose =
        fields.map(|(name, values)| (name, values.into_iter().map(Loose::from).collect())).collect();
    Ok(draft.check().map_err(Fault::from)?)
}

/// Tells whether extraction reads a field, or holds what the field shows.
fn bears_on_extraction(field: &FieldName) -> bool {
    use Builtin::{Body, Date, Dateline, Lang, Org, Person, Place, Title};
    matches!(field, FieldName::Builtin(Title | Body | Date | Dateline | Lang | Person | Place | Org))
}

/// Extracts again; an article that was stored without extraction gets what was given and no more.
fn extraction(record: &Record, extractor: &Extractor) -> Extraction {
    match record.extraction.version {
        0 => given_alone(&record.article),
        _ => extractor.extract(&record.article),
    }
}

fn apply(edit: &Edit, record: &mut Record) {
    let builtin = match &edit.field.name {
        FieldName::Declared(name) => return apply_declared(edit, name, &mut record.article),
        FieldName::Builtin(builtin) => *builtin,
    };
    match edit.values.first() {
        Some(Value::Text(text)) if edit.action == EditAction::Set => {
            if let Some(slot) = one_text(builtin, &mut record.article) {
                *slot = Some(text.clone());
            } else if builtin == Builtin::Body {
                record.article.body.clone_from(text);
            }
        }
        Some(Value::Date(date)) if builtin == Builtin::Date => record.article.date = Some(*date),
        _ => {}
    }
    if builtin == Builtin::Topic {
        apply_to_topics(edit, &mut record.article.topics);
    } else if Given::FIELDS.contains(&builtin) {
        apply_to_given(edit, builtin, record);
    }
}

/// Returns the place of a field with one text.
fn one_text(field: Builtin, article: &mut Article) -> Option<&mut Option<String>> {
    match field {
        Builtin::Title => Some(&mut article.title),
        Builtin::Source => Some(&mut article.source),
        Builtin::Section => Some(&mut article.section),
        Builtin::Lang => Some(&mut article.lang),
        Builtin::Url => Some(&mut article.url),
        Builtin::Dateline => Some(&mut article.given.dateline),
        _ => None,
    }
}

fn apply_to_topics(edit: &Edit, topics: &mut Vec<String>) {
    if edit.action == EditAction::Set {
        topics.clear();
    }
    for text in texts(edit) {
        let is_there = topics.iter().any(|known| is_same(edit, known, text));
        match edit.action {
            EditAction::Remove => topics.retain(|known| !is_same(edit, known, text)),
            EditAction::Add | EditAction::Set if !is_there => topics.push(text.to_owned()),
            EditAction::Add | EditAction::Set => {}
        }
    }
}

/// Changes a field that extraction fills too; only values that the article has are taken away.
fn apply_to_given(edit: &Edit, field: Builtin, record: &mut Record) {
    if edit.action == EditAction::Set {
        record.article.given.set(field, texts(edit).map(str::to_owned).collect());
        return;
    }
    let values = record.values(&edit.field.name);
    let given = &mut record.article.given;
    for text in texts(edit) {
        let same = |known: &&str| is_same(edit, known, text);
        if edit.action == EditAction::Remove {
            for known in values.iter().filter_map(Value::as_text).filter(same) {
                given.remove(field, known);
            }
        } else if !given.values(field).iter().any(|known| same(&known.as_str())) {
            given.add(field, text);
        }
    }
}

fn texts(edit: &Edit) -> impl Iterator<Item = &str> {
    edit.values.iter().filter_map(Value::as_text)
}

/// Tells whether two texts are one value of the field; a country is the same by name and by code.
fn is_same(edit: &Edit, text: &str, other: &str) -> bool {
    let is_country = edit.field.name == FieldName::Builtin(Builtin::Country);
    let code = |name: &str| gazetteer::country_by_name(name).filter(|_| is_country);
    fold_value(text) == fold_value(other) || code(text).is_some_and(|country| code(other) == Some(country))
}

fn apply_declared(edit: &Edit, name: &str, article: &mut Article) {
    let same = |a: &Value, b: &Value| match (a, b) {
        (Value::Text(a), Value::Text(b)) => fold_value(a) == fold_value(b),
        (a, b) => a == b,
    };
    let mut values = article.fields.remove(name).unwrap_or_default();
    match edit.action {
        EditAction::Set => values.clone_from(&edit.values),
        EditAction::Remove => values.retain(|known| !edit.values.iter().any(|value| same(known, value))),
        EditAction::Add => {
            for value in &edit.values {
                if !values.iter().any(|known| same(known, value)) {
                    values.push(value.clone());
                }
            }
        }
    }
    if !values.is_empty() {
        article.fields.insert(name.to_owned(), values);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::EntityKind;
    use crate::schema::Field;

    fn record(body: &str, given: Given) -> Record {
        let article = Article { key: "a".into(), body: body.into(), given, ..Article::default() };
        let extraction = Extractor::new().extract(&article);
        Record { id: ArticleId(1), seq: 1, article, extraction, story: None }
    }

    fn edit(action: EditAction, field: Builtin, values: &[&str]) -> Edit {
        let values = values.iter().map(|text| Value::from(*text)).collect();
        Edit { action, field: Field::from(field), values }
    }

    fn names(record: &Record, field: Builtin) -> Vec<String> {
        record.values(&FieldName::Builtin(field)).iter().map(ToString::to_string).collect()
    }

    fn after(record: &Record, edits: &[Edit]) -> Record {
        edited(record, edits, &Extractor::new()).unwrap().unwrap()
    }

    #[test]
    fn what_was_done_by_hand_survives_another_extraction() {
        let stored = record("Talks went on in Damascus, Sergei Lavrov said on Monday.", Given::default());
        assert_eq!(names(&stored, Builtin::Person), ["Sergei Lavrov"]);
        let edits = [
            edit(EditAction::Remove, Builtin::Person, &["sergei lavrov"]),
            edit(EditAction::Add, Builtin::Person, &["Cid Fox"]),
            edit(EditAction::Remove, Builtin::Country, &["Syria"]),
            edit(EditAction::Set, Builtin::Place, &["Geneva"]),
        ];
        let changed = after(&stored, &edits);
        let again = Record { extraction: Extractor::new().extract(&changed.article), ..changed.clone() };
        for record in [changed, again] {
            assert_eq!(names(&record, Builtin::Person), ["Cid Fox"]);
            assert_eq!(names(&record, Builtin::Place), ["Geneva"]);
            assert!(!names(&record, Builtin::Country).contains(&"SY".to_owned()));
        }
    }

    #[test]
    fn an_article_without_extraction_gets_what_was_given_and_no_more() {
        let stored = record("Sergei Lavrov said so in Damascus.", Given::default());
        let stored = Record { extraction: Extraction::default(), ..stored };
        let changed = after(&stored, &[edit(EditAction::Add, Builtin::Org, &["ISNA"])]);
        let kinds: Vec<EntityKind> = changed.extraction.entities.iter().map(|entity| entity.kind).collect();
        assert_eq!((changed.extraction.version, kinds), (0, vec![EntityKind::Org]));
    }

    #[test]
    fn edits_that_change_nothing_write_no_version() {
        let stored = record("Nothing.", Given { countries: vec!["SY".into()], ..Given::default() });
        let idle = [
            edit(EditAction::Add, Builtin::Country, &["Syria"]),
            edit(EditAction::Remove, Builtin::Topic, &["war"]),
        ];
        assert!(edited(&stored, &idle, &Extractor::new()).unwrap().is_none());
    }

    #[test]
    fn edited_articles_keep_the_limits_of_new_ones() {
        let stored = record("Nothing.", Given::default());
        let long = "x".repeat(crate::article::ARTICLE_BYTES_MAX + 1);
        let error = edited(&stored, &[edit(EditAction::Set, Builtin::Body, &[&long])], &Extractor::new());
        assert!(matches!(error, Err(Error::Unfit(_))));
    }
}
