//! Names against corpora of tagged tokens.

use std::error::Error;
use std::fs;
use std::path::Path;

use dateline::article::{Article, Entity};
use dateline::extract::Extractor;
use dateline::text::Span;
use serde_json::Value;

use super::board::Board;

/// Compares names in a corpus of tagged tokens, each document as one article.
pub fn unseen_names(extractor: &Extractor, path: &Path) -> Result<Board, Box<dyn Error>> {
    let text = String::from_utf8(zstd::decode_all(fs::File::open(path)?)?)?;
    let mut board = Board::default();
    for document in text.split("-DOCSTART-").filter(|document| document.contains('\n')) {
        let (body, wanted) = untokenised(document);
        let found = extractor.extract(&Article { body, ..Article::default() });
        let mentions = |entity: &Entity| -> Vec<(Span, &str)> {
            entity.mentions.iter().map(|&span| (span, entity.kind.name())).collect()
        };
        let mine: Vec<(Span, &str)> = found.entities.iter().flat_map(mentions).collect();
        for kind in ["person", "place", "org"] {
            let of_kind = |all: &[(Span, &'static str)]| -> Vec<_> {
                all.iter().filter(|(_, name)| *name == kind).copied().collect()
            };
            board.add(kind, &of_kind(&mine), &of_kind(&wanted), &Value::Null);
        }
        board.add("all entities", &mine, &wanted, &Value::Null);
    }
    Ok(board)
}

/// Joins tokens by spaces and sentences by blank lines, and returns the names with their kinds.
fn untokenised(document: &str) -> (String, Vec<(Span, &'static str)>) {
    let (mut body, mut names) = (String::new(), Vec::<(Span, &'static str)>::new());
    let mut inside = "";
    for line in document.lines().skip(1) {
        let Some((word, tag)) = line.rsplit_once(' ') else {
            body.push_str("\n\n");
            inside = "";
            continue;
        };
        if !body.is_empty() && !body.ends_with('\n') {
            body.push(' ');
        }
        let start = body.len();
        body.push_str(word);
        let kind = match tag.get(2..) {
            Some("PER") => "person",
            Some("LOC") => "place",
            Some("ORG") => "org",
            _ => "",
        };
        let continues = tag.starts_with("I-") && inside == kind;
        match names.last_mut().filter(|_| continues && !kind.is_empty()) {
            Some((span, _)) => *span = Span::new(span.start as usize, body.len()),
            None if !kind.is_empty() => names.push((Span::new(start, body.len()), kind)),
            None => {}
        }
        inside = kind;
    }
    (body, names)
}
