//! `with duplicates folded`: one article a story.
//!
//! The earliest article of each story among the matches stands for all; the others are taken out of the archive for this
//! one statement, and everything else goes on as if they were not there. Articles that belong to no story stay.

use std::collections::HashMap;
use std::sync::Arc;

use roaring::RoaringBitmap;

use super::docset::{DocSet, Ordinal, TERMINATED};
use super::planner::Planner;
use super::run::Plans;
use super::{Context, ExecError, LiveSegment, OpenSegment, Place, View, help};
use crate::query::{Predicate, Request};
use crate::schema::{Builtin, FieldName};
use crate::segment::KeywordField;

/// Returns the archive as a statement with `duplicates folded` sees it; `None` for all others.
pub(crate) fn view(
    request: &Request,
    planner: &Planner<'_, '_>,
    all: &View,
) -> Result<Option<View>, ExecError> {
    view_by(FieldName::Builtin(Builtin::Story), request, planner, all)
}

fn view_by(
    field: FieldName,
    request: &Request,
    planner: &Planner<'_, '_>,
    all: &View,
) -> Result<Option<View>, ExecError> {
    let context = planner.context;
    let Some((predicate, share_of)) = folded(request) else { return Ok(None) };
    let mut stories = Stories { field, ..Stories::new(context) };
    stories.fold(&Plans::new(predicate, planner)?)?;
    if let Some(wholes) = share_of {
        // What shares are taken of counts stories too; a story with a match is there already.
        stories.fold(&Plans::new(wholes, planner)?)?;
    }
    let live = context.segments.iter().zip(stories.out);
    let segments = live.map(|(open, out)| LiveSegment {
        segment: open.segment.clone(),
        dead: Some(Arc::new(open.dead.as_deref().map_or_else(|| out.clone(), |dead| dead | &out))),
    });
    Ok(Some(View { segments: segments.collect(), catalog: all.catalog.clone() }))
}

/// Returns the condition of a statement that folds, and that of the articles which its shares are taken of.
fn folded(request: &Request) -> Option<(&Predicate, Option<&Predicate>)> {
    if !request.with().is_some_and(|with| with.duplicates_folded) {
        return None;
    }
    match request {
        Request::Count(count) => Some((&count.predicate, count.as_share.then_some(&count.share_of))),
        Request::Timeline(timeline) => {
            Some((&timeline.predicate, timeline.as_share.then_some(&timeline.share_of)))
        }
        // `show` names its articles and has no condition.
        other => help::predicate_of(other).map(|predicate| (predicate, None)),
    }
}

/// The stories met, each with the article that stands for it.
pub(crate) struct Stories<'c, 'v> {
    context: &'c Context<'v>,
    /// The field that the articles of a story share.
    field: FieldName,
    numbers: HashMap<String, usize>,
    /// The earliest article of each story so far, with its pass.
    first: Vec<(Place, usize, Ordinal, u8)>,
    /// What is taken out of each segment.
    out: Vec<RoaringBitmap>,
    pass: u8,
}

impl<'c, 'v> Stories<'c, 'v> {
    /// Returns what is known before any article was met.
    pub(crate) fn new(context: &'c Context<'v>) -> Stories<'c, 'v> {
        let out = context.segments.iter().map(|_| RoaringBitmap::new()).collect();
        let field = FieldName::Builtin(Builtin::Story);
        Stories { context, field, numbers: HashMap::new(), first: Vec::new(), out, pass: 0 }
    }

    /// Takes out all but the earliest of each story; what an earlier pass kept stays before all of this one.
    fn fold(&mut self, plans: &Plans) -> Result<(), ExecError> {
        self.pass += 1;
        let context = self.context;
        plans.each(context, |open, mut set| {
            let Some(field) = open.segment.keyword(&self.field)? else { return Ok(()) };
            let mut known: HashMap<u32, usize> = HashMap::new();
            while set.doc() != TERMINATED {
                context.guard.tick(1)?;
                self.meet(open, &field, &mut known, set.doc())?;
                set.advance();
            }
            Ok(())
        })
    }

    /// Meets one article of the first pass.
    pub(crate) fn take(&mut self, open: &OpenSegment<'_>, ordinal: Ordinal) -> Result<(), ExecError> {
        match open.segment.keyword(&self.field)? {
            Some(field) => self.meet(open, &field, &mut HashMap::new(), ordinal),
            None => Ok(()),
        }
    }

    /// Tells whether another article stands for this one.
    pub(crate) fn is_out(&self, open: &OpenSegment<'_>, ordinal: Ordinal) -> bool {
        self.out.get(open.index).is_some_and(|out| out.contains(ordinal))
    }

    fn meet(
        &mut self,
        open: &OpenSegment<'_>,
        field: &KeywordField<'_>,
        known: &mut HashMap<u32, usize>,
        ordinal: Ordinal,
    ) -> Result<(), ExecError> {
        let Some(story) = self.story(field, known, ordinal)? else { return Ok(()) };
        let own = (open.place(ordinal), open.index, ordinal, self.pass);
        let Some(first) = self.first.get_mut(story) else {
            self.first.push(own);
            return Ok(());
        };
        let (place, segment, at, pass) = *first;
        if (segment, at) == (own.1, own.2) {
            return Ok(());
        }
        let is_earlier = pass == self.pass && own.0.oldest(&place).is_lt();
        let (segment, at) = if is_earlier { (segment, at) } else { (own.1, own.2) };
        if is_earlier {
            *first = own;
        }
        if let Some(out) = self.out.get_mut(segment) {
            out.insert(at);
        }
        Ok(())
    }

    /// Returns the number of an article's story, the same in all segments.
    fn story(
        &mut self,
        field: &KeywordField<'_>,
        known: &mut HashMap<u32, usize>,
        ordinal: Ordinal,
    ) -> Result<Option<usize>, ExecError> {
        let Some(value) = field.values(ordinal).next() else { return Ok(None) };
        let group = field.group(value);
        if let Some(&story) = known.get(&group) {
            return Ok(Some(story));
        }
        let next = self.numbers.len();
        let story = *self.numbers.entry(field.value(value)?.folded).or_insert(next);
        known.insert(group, story);
        Ok(Some(story))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exec::tests::{Archive, story};
    use crate::exec::{Cell, Guard, RunOptions, answer};

    /// Two copies of one wire story, another story, and an article of none; the topic plays the story.
    fn archive() -> Archive {
        Archive::of(vec![
            story("late copy", "Rebels left Idlib.").date("2018-09-03").topics(&["one"]).source("AFP"),
            story("first", "Rebels left.").date("2018-09-01").topics(&["one"]).source("Reuters"),
            story("copy", "Rebels left Idlib.").date("2018-09-02").topics(&["ONE"]).source("AFP"),
            story("other", "Rebels stay.").date("2018-09-04").topics(&["two"]).source("AFP"),
            story("alone", "Rebels rest in Idlib.").source("AFP"),
        ])
    }

    fn rows(text: &str) -> Vec<String> {
        let archive = archive();
        let request = archive.resolve(text).request;
        let shown = |view: &View| {
            let guard = Guard::new(&RunOptions::default());
            let context = Context::open(view, &guard).unwrap();
            let topic = FieldName::Builtin(Builtin::Topic);
            let folded = view_by(topic, &request, &Planner::new(&context), view).unwrap();
            let answer = answer(&request, &folded.unwrap(), &RunOptions::default()).unwrap();
            let cell = |cell: &Cell| match cell {
                Cell::One(value) => value.to_string(),
                other => format!("{other:?}"),
            };
            answer.rows.iter().map(|row| row.cells.iter().map(cell).collect::<Vec<_>>().join(" ")).collect()
        };
        let layouts: Vec<Vec<String>> = archive.layouts().iter().map(shown).collect();
        assert!(layouts.iter().all(|rows| *rows == layouts[0]), "{layouts:?}");
        layouts[0].clone()
    }

    #[test]
    fn the_earliest_match_of_a_story_stands_for_all() {
        assert_eq!(rows("find title with duplicates folded"), ["other", "first", "alone"]);
        let idlib = "find title where text contains \"Idlib\" with duplicates folded";
        assert_eq!(rows(idlib), ["copy", "alone"], "the first of the story is no match");
        assert_eq!(rows("count with duplicates folded"), ["3"]);
        assert_eq!(rows("count by source with duplicates folded"), ["AFP 2", "Reuters 1"]);
    }

    #[test]
    fn shares_are_of_stories_too() {
        let text = "count by source as share where text contains \"Idlib\" with duplicates folded";
        assert_eq!(rows(text), ["AFP 2 0.6666666666666666"]);
    }
}
