//! Real corpora, all of them: what goes in, and what comes out again beside a count that shares no code.
//!
//! The corpora lie outside the repository; where they are absent each test says so and passes.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // A test that cannot go on has failed.

use std::path::{Path, PathBuf};

use dateline::article::Unfit;
use dateline::import::{self, Fault, Options, Row};
use dateline::schema::Schema;

const NEWS: &str = "news-open.jsonl.zst";
const REUTERS: &str = "measure-only/reuters21578.jsonl.zst";

/// Returns the path of a corpus, or says that the test is skipped.
fn corpus(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora").join(name);
    if !path.exists() {
        println!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

/// Reuters-21578 has one row, on line 12,793, that holds neither title nor body.
#[test]
fn every_row_with_text_is_an_article() {
    let mut schema = Schema::default();
    for (name, articles, without_text) in [(NEWS, 52_308, vec![]), (REUTERS, 21_577, vec![12_793])] {
        let Some(path) = corpus(name) else { continue };
        let (mut count, mut rejected) = (0, Vec::new());
        for row in import::open(&[path], &Options::default()).unwrap() {
            match row {
                Row::Draft(draft) => drop(draft.settle(&mut schema).unwrap()),
                Row::Rejected(rejection) => {
                    assert_eq!(rejection.reason, Fault::Unfit(Unfit::NoText), "{rejection:?}");
                    rejected.push(rejection.line);
                    continue;
                }
            }
            count += 1;
        }
        assert_eq!((count, rejected), (articles, without_text), "{name}");
    }
}
