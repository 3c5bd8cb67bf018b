//! Entities named so often, or so near to each other.

use std::sync::Arc;

use super::Verify;
use super::text::{PatternFinder, PatternTest, TermPlan, Units};
use crate::article::EntityKind;
use crate::exec::docset::Ordinal;
use crate::exec::proximity::{Occurrence, Side};
use crate::exec::words::TextPart;
use crate::exec::{ExecError, Guard, OpenSegment};
use crate::segment::{Entities, EntityEntry};

/// Names of one kind that a term fits, rising, as numbers of the segment.
#[derive(Debug, Clone)]
pub(crate) struct NameSet {
    pub kind: EntityKind,
    /// The language that an article must be in, as the group of its `lang`; `None` for any.
    pub lang: Option<u32>,
    pub numbers: Arc<[u32]>,
}

impl NameSet {
    /// Tells whether an entity of an article in the language of group `lang` goes by one of the names.
    pub(crate) fn names(&self, entity: &EntityEntry, lang: Option<u32>) -> bool {
        self.kind == entity.kind
            && (self.lang.is_none() || self.lang == lang)
            && entity.names.iter().any(|number| self.numbers.binary_search(number).is_ok())
    }
}

/// One term of `mentions` with all that it comes to in one segment.
#[derive(Debug, Clone)]
pub(crate) struct NameTerm {
    /// Names of entities that it fits.
    pub names: Vec<NameSet>,
    /// The words as phrases of the text; none where a kind is asked for.
    pub phrases: Vec<TermPlan>,
}

impl NameTerm {
    /// Appends where the entities that the term fits are named.
    pub(crate) fn entity_occurrences(
        &self,
        entities: &[EntityEntry],
        lang: Option<u32>,
        out: &mut Vec<Occurrence>,
    ) {
        let fitting = entities.iter().filter(|entity| self.names.iter().any(|set| set.names(entity, lang)));
        out.extend(
            fitting
                .flat_map(|entity| &entity.occurrences)
                .map(|stretch| Occurrence::new(stretch.position, stretch.words)),
        );
    }
}

/// Entities are named as often, or as near to each other, as asked.
#[derive(Debug, Clone)]
pub(crate) struct MentionsCheck {
    pub label: String,
    pub terms: Vec<NameTerm>,
    pub test: PatternTest,
}

impl MentionsCheck {
    pub(super) fn open<'a>(
        &'a self,
        open: &'a OpenSegment<'_>,
        guard: &'a Guard,
    ) -> Result<Box<dyn Verify + 'a>, ExecError> {
        let phrases = self
            .terms
            .iter()
            .map(|term| PatternFinder::open(&term.phrases, &[], open, guard))
            .collect::<Result<Vec<_>, ExecError>>()?;
        Ok(Box::new(MentionsVerify {
            check: self,
            entities: open.segment.entities()?,
            languages: Languages::open(open)?,
            phrases,
            units: Units::open(self.test.scope, open)?,
        }))
    }
}

struct MentionsVerify<'a> {
    check: &'a MentionsCheck,
    entities: Entities<'a>,
    languages: Languages<'a>,
    phrases: Vec<PatternFinder<'a>>,
    units: Units<'a>,
}

impl Verify for MentionsVerify<'_> {
    fn passes(&mut self, ordinal: Ordinal) -> Result<bool, ExecError> {
        let entities = self.entities.read(ordinal)?;
        let lang = self.languages.group(ordinal);
        let mut side: Side = Vec::with_capacity(self.check.terms.len());
        for (term, finder) in self.check.terms.iter().zip(&mut self.phrases) {
            let mut found = Vec::new();
            term.entity_occurrences(&entities, lang, &mut found);
            finder.find(ordinal, TextPart::WHOLE)?;
            found.extend(finder.left.iter().flatten());
            found.sort_unstable();
            found.dedup();
            side.push(found);
        }
        self.units.load(ordinal)?;
        Ok(self.check.test.passes(&side, &Vec::new(), &self.units.starts))
    }
}

/// The language of each article, as the group of its `lang` value.
pub(crate) struct Languages<'a>(Option<crate::segment::KeywordField<'a>>);

impl<'a> Languages<'a> {
    pub(crate) fn open(open: &'a OpenSegment<'_>) -> Result<Languages<'a>, ExecError> {
        Ok(Languages(open.segment.keyword(&crate::schema::FieldName::Builtin(crate::schema::Builtin::Lang))?))
    }

    /// Returns the group of an article's language, where it has one.
    pub(crate) fn group(&self, ordinal: Ordinal) -> Option<u32> {
        let field = self.0.as_ref()?;
        let number = field.values(ordinal).next()?;
        Some(field.group(number))
    }
}
