//! `show`: whole articles by number or key.

use super::docset::Ordinal;
use super::find::Projector;
use super::run::Outcome;
use super::{AnswerKind, Context, ExecError, OpenSegment, RowSink, Summary, Warning};
use crate::article::ArticleId;
use crate::query::{ArticleName, Show};

/// Answers `show`; names that no article has are warned of.
pub(crate) fn show(show: &Show, context: &Context<'_>, sink: &mut dyn RowSink) -> Result<Outcome, ExecError> {
    if show.with.duplicates_folded {
        return Err(ExecError::NotExecuted { what: "`with duplicates folded`".to_owned() });
    }
    let projector = Projector::of_show(show, context);
    sink.start(AnswerKind::Show, projector.columns());
    let mut summary = Summary::default();
    let mut shown = 0;
    for name in &show.articles {
        context.guard.check()?;
        let Some((open, ordinal)) = find_article(name, context)? else {
            summary
                .warnings
                .push(Warning { code: "W03", message: format!("there is no article {}", shown_name(name)) });
            continue;
        };
        shown += 1;
        if sink.row(projector.row_of(ordinal, open, context, None)?).is_break() {
            break;
        }
    }
    summary.total = Some(shown);
    Ok(Outcome { summary, ..Outcome::default() })
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
