//! What was put right by hand wins over whatever was extracted.

use crate::article::{Certainty, Entity, EntityKind, Extraction, Given};
use crate::schema::Builtin;

/// Takes out of an extraction what the article's curators took away.
pub fn apply(given: &Given, found: &mut Extraction) {
    if !given.is_curated() {
        return;
    }
    found.byline.retain(|author| !given.excludes(Builtin::Author, author));
    found.agencies.retain(|agency| !given.excludes(Builtin::Agency, agency));
    let keeps: Vec<bool> = found.entities.iter().map(|entity| !is_excluded(given, entity)).collect();
    if keeps.contains(&false) {
        keep_entities(found, &keeps);
    }
}

/// An entity goes with any of its names: a later extractor may call it by a longer one.
fn is_excluded(given: &Given, entity: &Entity) -> bool {
    let field = match entity.kind {
        EntityKind::Person => Builtin::Person,
        EntityKind::Place => Builtin::Place,
        EntityKind::Org => Builtin::Org,
    };
    if given.fixed.contains(&field) {
        return entity.certainty != Certainty::Given;
    }
    let mut names = entity.variants.iter().chain([&entity.name]);
    names.any(|name| given.excludes(field, name)) && entity.certainty != Certainty::Given
}

/// Keeps some entities, and lets speakers and the focus name what is left.
fn keep_entities(found: &mut Extraction, keeps: &[bool]) {
    let mut next = 0;
    let places: Vec<Option<u32>> = keeps
        .iter()
        .map(|&keep| {
            let place = next;
            next += u32::from(keep);
            keep.then_some(place)
        })
        .collect();
    let moved = |index: u32| places.get(index as usize).copied().flatten();
    for speaker in found.quotes.iter_mut().filter_map(|quote| quote.speaker.as_mut()) {
        speaker.entity = speaker.entity.and_then(moved);
    }
    let mut keep = keeps.iter().copied();
    found.entities.retain(|_| keep.next().unwrap_or(true));
    found.focus = super::entities::focus(&found.entities);
}

#[cfg(test)]
mod tests {
    use crate::article::{Article, Record};
    use crate::extract::Extractor;
    use crate::schema::{Builtin, FieldName};
    use crate::value::Value;

    const BODY: &str = "PARIS (AFP) - Jean Dupont met Maria Lopez in London on Monday. \"We are not there yet,\" \
        Maria Lopez said.";

    fn record(curate: impl FnOnce(&mut Article)) -> Record {
        let mut article = Article { body: BODY.to_owned(), ..Article::default() };
        curate(&mut article);
        let extraction = Extractor::new().extract(&article);
        Record { id: crate::article::ArticleId(1), seq: 1, article, extraction, story: None }
    }

    fn texts(record: &Record, field: Builtin) -> Vec<String> {
        let text = |value: Value| value.to_string();
        record.values(&FieldName::Builtin(field)).into_iter().map(text).collect()
    }

    #[test]
    fn what_was_taken_away_is_not_found_again() {
        let found = record(|_| {});
        assert_eq!(texts(&found, Builtin::Person), ["Jean Dupont", "Maria Lopez"]);
        let found = record(|article| {
            article.given.remove(Builtin::Person, "jean dupont");
            article.given.remove(Builtin::Agency, "AFP");
            article.given.remove(Builtin::Place, "Paris");
            article.given.remove(Builtin::Country, "FR");
        });
        assert_eq!(texts(&found, Builtin::Person), ["Maria Lopez"]);
        assert_eq!(texts(&found, Builtin::Agency), [] as [&str; 0]);
        assert_eq!(texts(&found, Builtin::Place), ["London"]);
        assert_eq!(texts(&found, Builtin::Country), ["GB"]);
        let speaker = found.extraction.quotes[0].speaker.as_ref().unwrap();
        let entity = speaker.entity.expect("her name is still there");
        assert_eq!(found.extraction.entities[entity as usize].name, speaker.name);
        assert_eq!(texts(&found, Builtin::Focus), ["London"]);
    }

    #[test]
    fn what_was_set_is_all_there_is() {
        let found = record(|article| {
            article.given.set(Builtin::Person, vec!["Maria Lopez".into(), "Third Person".into()]);
            article.given.set(Builtin::Author, vec!["A. Writer".into()]);
        });
        assert_eq!(texts(&found, Builtin::Person), ["Maria Lopez", "Third Person"]);
        assert_eq!(texts(&found, Builtin::Author), ["A. Writer"]);
        assert_eq!(texts(&found, Builtin::Place), ["Paris", "London"]);
    }
}
