//! Asks every engine every question, and compares what they say.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::articles::Story;
use crate::engine::{Ask, Condition, Engine, Question, Reply};

/// Askings before the first that counts.
const WARM_UP: usize = 2;

/// Most askings of one question.
const ASKINGS_MAX: usize = 50;

/// Time after which a question is not asked again, if it was asked three times.
const PATIENCE: Duration = Duration::from_millis(100);

/// What one class came to, engine by engine.
pub struct Class {
    pub name: &'static str,
    pub questions: usize,
    /// One an engine; nothing where it has no such question.
    pub times: Vec<Option<Times>>,
    /// Questions whose answers differ, in words.
    pub differences: Vec<String>,
}

/// Microseconds of a class.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// The median of the medians of the questions.
    pub median: f64,
    /// Of all askings.
    pub p99: f64,
}

/// Asks all questions, class by class; engines take turns question by question.
pub fn ask_all(
    engines: &mut [Box<dyn Engine>],
    questions: &[Question],
    stories: &[Story],
) -> Result<Vec<Class>> {
    let mut classes = Vec::new();
    for group in questions.chunk_by(|one, two| one.class == two.class) {
        let class = ask_class(engines, group, stories)?;
        eprintln!("{}: {:?}", class.name, class.times.iter().flatten().map(|t| t.median).collect::<Vec<_>>());
        classes.push(class);
    }
    Ok(classes)
}

fn ask_class(engines: &[Box<dyn Engine>], questions: &[Question], stories: &[Story]) -> Result<Class> {
    let mut samples: Vec<Vec<Vec<f64>>> = vec![Vec::new(); engines.len()];
    let mut differences = Vec::new();
    for question in questions {
        let mut replies = Vec::new();
        for (engine, samples) in engines.iter().zip(&mut samples) {
            let Some(mut prepared) = engine.prepare(question)? else { continue };
            let mut reply = prepared.ask()?;
            for _ in 1..WARM_UP {
                reply = prepared.ask()?;
            }
            let begin = Instant::now();
            let mut times = Vec::new();
            while times.len() < 3 || (times.len() < ASKINGS_MAX && begin.elapsed() < PATIENCE) {
                let begin = Instant::now();
                std::hint::black_box(prepared.ask()?);
                times.push(begin.elapsed().as_secs_f64() * 1e6);
            }
            samples.push(times);
            replies.push((engine.name(), comparable(question, reply, stories)));
        }
        differences.extend(difference(question, &replies));
        differences.extend(misordered(&*engines[0], question)?);
    }
    let name = questions[0].class;
    Ok(Class {
        name,
        questions: questions.len(),
        times: samples.into_iter().map(times).collect(),
        differences,
    })
}

fn times(mut questions: Vec<Vec<f64>>) -> Option<Times> {
    let mut all: Vec<f64> = questions.iter().flatten().copied().collect();
    let mut medians: Vec<f64> = questions.iter_mut().map(|times| at(times, 0.5)).collect();
    (!all.is_empty()).then(|| Times { median: at(&mut medians, 0.5), p99: at(&mut all, 0.99) })
}

/// Returns the value below which a share of the values lies.
pub fn at(values: &mut [f64], share: f64) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * share).round() as usize]
}

/// Leaves of a reply what must be the same everywhere: articles of one day may stand in any order, values that are
/// equally frequent may be cut anywhere, and each engine has a formula of relevance of its own.
fn comparable(question: &Question, reply: Reply, stories: &[Story]) -> Option<Reply> {
    if matches!(question.condition, Condition::Fuzzy(_)) {
        return None; // tantivy lets the first letter differ.
    }
    match reply {
        Reply::Page(ids) if question.ask == Ask::Newest => {
            let day = |id: u32| {
                let at = stories.binary_search_by_key(&id, |story| story.id);
                at.ok().and_then(|at| stories[at].day).map_or(String::new(), |day| day.to_string())
            };
            Some(Reply::Table(ids.into_iter().map(|id| (day(id), 1)).collect()))
        }
        Reply::Page(_) => None,
        Reply::Table(rows) if question.ask == Ask::TopPeople => {
            let mut counts: Vec<_> = rows.into_iter().map(|(_, count)| (String::new(), count)).collect();
            counts.sort_unstable();
            Some(Reply::Table(counts))
        }
        Reply::Table(mut rows) => {
            rows.sort_unstable();
            Some(Reply::Table(rows))
        }
        count => Some(count),
    }
}

fn difference(question: &Question, replies: &[(&str, Option<Reply>)]) -> Option<String> {
    let (_, first) = replies.first()?;
    let (other, reply) = replies.iter().find(|(_, reply)| reply != first)?;
    Some(format!("{question:?}: {first:?}, but {other} says {reply:?}"))
}

/// Checks that a page by relevance is the start of the complete ordering.
fn misordered(engine: &dyn Engine, question: &Question) -> Result<Option<String>> {
    if question.ask != Ask::Best {
        return Ok(None);
    }
    let (Some(mut prepared), Some(page)) = (engine.prepare(question)?, engine.page_of_all(question)?) else {
        return Ok(None);
    };
    let reply = prepared.ask()?;
    Ok((reply != Reply::Page(page.clone())).then(|| format!("{question:?}: {reply:?} instead of {page:?}")))
}
