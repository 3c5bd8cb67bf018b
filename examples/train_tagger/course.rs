//! What the tagger learns from: which corpora, how often each, how many rounds.

use std::path::Path;

use dateline::extract::tagger::clusters::Clusters;
use dateline::extract::tagger::model::Model;
use dateline::extract::tagger::train::{Lesson, train};

use super::annotated::{Outcome, Scheme, Story, annotated, gold, mended, tagged};

/// Rounds over all lessons; more fit the noise of the largest corpus.
const ROUNDS: usize = 5;

/// A corpus of the course.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Groningen Meaning Bank, `gmb.train`: much, and noisy.
    Gmb,
    /// wikigold.
    Wikigold,
    /// `data/hand/names.txt` over open news.
    Own,
    /// `gold/dev.jsonl`.
    Gold,
}

impl Source {
    /// Times that a story of the corpus is seen in a round.
    fn times(self) -> usize {
        match self {
            Source::Gmb | Source::Wikigold => 1,
            Source::Own | Source::Gold => 4,
        }
    }
}

/// Every lesson at hand.
pub struct Course {
    /// Stories of each corpus with their lessons, in order.
    pub corpora: Vec<(Source, Vec<(Story, Lesson)>)>,
    clusters: &'static Clusters,
}

impl Course {
    /// Reads the corpora under `shared`; those that are absent are left out.
    pub fn read(shared: &Path, names: &Path) -> Outcome<Course> {
        let train = shared.join("corpora/train");
        let news = shared.join("corpora/news-open.jsonl.zst");
        let mut corpora = Vec::new();
        let path = train.join("gmb.train.conll.zst");
        if path.exists() {
            corpora.push((Source::Gmb, mended(tagged(&path, Scheme::Gmb)?)));
        }
        let path = train.join("wikigold.conll.zst");
        if path.exists() {
            corpora.push((Source::Wikigold, tagged(&path, Scheme::Wikigold)?));
        }
        if news.exists() {
            corpora.push((Source::Own, annotated(names, &news)?));
        }
        let path = shared.join("gold/dev.jsonl");
        if path.exists() {
            corpora.push((Source::Gold, gold(&path)?));
        }
        let clusters = Clusters::shipped()?;
        let with_lessons =
            |stories: Vec<Story>| stories.into_iter().map(|story| with_lesson(story, clusters));
        let corpora =
            corpora.into_iter().map(|(source, stories)| (source, with_lessons(stories).collect())).collect();
        Ok(Course { corpora, clusters })
    }

    /// Learns from the stories that `keep` names by corpus and place in it.
    pub fn model(&self, keep: impl Fn(Source, usize) -> bool) -> Model {
        let mut lessons = Vec::new();
        for (source, stories) in &self.corpora {
            let kept = stories.iter().enumerate().filter(|(index, _)| keep(*source, *index));
            lessons.extend(kept.map(|(_, (_, lesson))| (lesson, source.times())));
        }
        train(&lessons, ROUNDS, self.clusters)
    }
}

fn with_lesson(story: Story, clusters: &Clusters) -> (Story, Lesson) {
    let page = story.page();
    let lesson = Lesson::of(&page, &story.labelled(&page), clusters);
    drop(page);
    (story, lesson)
}
