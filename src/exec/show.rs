//! `show`: whole articles by number or key.

use super::docset::Ordinal;
use super::find::Projector;
use super::fold::Stories;
use super::run::Outcome;
use super::{AnswerKind, Context, ExecError, OpenSegment, RowSink, Summary, Warning};
use crate::article::ArticleId;
use crate::query::{ArticleName, Show};

/// Answers `show`; names that no article has are warned of.
pub(crate) fn show(show: &Show, context: &Context<'_>, sink: &mut dyn RowSink) -> Result<Outcome, ExecError> {
    let projector = Projector::of_show(show, context);
    sink.start(AnswerKind::Show, projector.columns());
    let mut summary = Summary::default();
    let mut stories = Stories::new(context);
    let mut found = Vec::new();
    for name in &show.articles {
        context.guard.check()?;
        match find_article(name, context)? {
            Some((open, ordinal)) if show.with.duplicates_folded => {
                stories.take(open, ordinal)?;
                found.push((open, ordinal));
            }
            Some(article) => found.push(article),
            None => summary.warnings.push(unknown(name)),
        }
    }
    found.retain(|(open, ordinal)| !stories.is_out(open, *ordinal));
    summary.total = Some(found.len() as u64);
    for (open, ordinal) in found {
        context.guard.check()?;
        if sink.row(projector.row_of(ordinal, open, context, None)?).is_break() {
            break;
        }
    }
    Ok(Outcome { summary, ..Outcome::default() })
}

fn unknown(name: &ArticleName) -> Warning {
    Warning { code: "W03", message: format!("there is no article {}", shown_name(name)) }
}

fn shown_name(name: &ArticleName) -> String {
    match name {
        ArticleName::Id(id) => id.to_string(),
        ArticleName::Key(key) => format!("\"{key}\""),
    }
}

/// Returns where the live version of an article lies.
fn find_article<'c, 'v>(
    name: &ArticleName,
    context: &'c Context<'v>,
) -> Result<Option<(&'c OpenSegment<'v>, Ordinal)>, ExecError> {
    for open in &context.segments {
        let ordinals = match name {
            ArticleName::Id(id) => match u32::try_from(*id) {
                Ok(id) => open.identities.ordinals(ArticleId(id)),
                Err(_) => Vec::new(),
            },
            ArticleName::Key(key) => open.segment.ordinals_of_key(key)?,
        };
        let is_dead = |ordinal: Ordinal| open.dead.as_ref().is_some_and(|dead| dead.contains(ordinal));
        if let Some(ordinal) = ordinals.into_iter().find(|&ordinal| !is_dead(ordinal)) {
            return Ok(Some((open, ordinal)));
        }
    }
    Ok(None)
}
