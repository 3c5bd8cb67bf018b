//! Cursors move as a plain list of numbers would.

use proptest::prelude::*;

use super::build;
use super::sample::{Dice, date, records};
use crate::article::{Article, ArticleId, Extraction, Record};
use crate::date::{InstantSpan, Offset};
use crate::query::{DateRelation, DateTest};
use crate::segment::{Postings, Segment, TERMINATED, TermPostings};

/// Returns a segment of so many articles in which `word` stands in those that `has` says, several times in some.
fn with_word(articles: u32, has: impl Fn(u32) -> bool) -> Segment {
    let record = |id: u32| {
        let word = if has(id) { "word ".repeat(1 + id as usize % 7) } else { String::new() };
        let title = id.is_multiple_of(3).then(|| format!("{word}x"));
        let body = format!("{word}{}", "y ".repeat(id as usize % 50));
        let article = Article { key: id.to_string(), title, body, ..Article::default() };
        Record { id: ArticleId(id), seq: 1, article, extraction: Extraction::default(), story: None }
    };
    build(&(0..articles).map(record).collect::<Vec<_>>())
}

fn postings(segment: &Segment) -> TermPostings<'_> {
    let terms = segment.terms().unwrap();
    let word = terms.get("word").unwrap().unwrap();
    terms.postings(word).unwrap()
}

fn plain_list(segment: &Segment) -> Postings<'_> {
    let terms = segment.terms().unwrap();
    terms.articles(terms.get("word").unwrap().unwrap()).unwrap()
}

fn check_list(list: &Postings<'_>, expected: &[u32], articles: u32, targets: &[u32]) {
    assert_eq!(list.len() as usize, expected.len());
    assert_eq!(list.clone().collect::<Vec<_>>(), expected);
    for target in 0..=articles {
        let below = expected.iter().filter(|&&ordinal| ordinal < target).count();
        assert_eq!(list.rank(target) as usize, below);
    }
    let mut cursor = list.clone();
    for &target in targets {
        let from = cursor.doc();
        let next =
            expected.iter().copied().find(|&ordinal| ordinal >= target.max(from)).unwrap_or(TERMINATED);
        let next = if from == TERMINATED { TERMINATED } else { next };
        if target >= from {
            let last = cursor.block_last(target);
            assert!(last == TERMINATED || last >= target);
        }
        assert_eq!(cursor.seek(target), next);
        let passed = expected.iter().filter(|&&ordinal| ordinal < cursor.doc()).count();
        assert_eq!(cursor.passed() as usize, passed);
        assert_eq!(
            cursor.rank(target) as usize,
            expected.iter().filter(|&&ordinal| ordinal < target).count()
        );
        if target % 3 == 0 && cursor.doc() != TERMINATED {
            let next = expected.iter().copied().find(|&ordinal| ordinal > cursor.doc()).unwrap_or(TERMINATED);
            assert_eq!(cursor.advance(), next);
        }
    }
    let (mut blocks, mut room, mut cursor) = (Vec::new(), [0; 128], list.clone());
    loop {
        match cursor.next_block_before(TERMINATED, &mut room) {
            0 => break,
            len => blocks.extend_from_slice(&room[..len]),
        }
    }
    assert_eq!(blocks, expected);
    let (mut blocks, mut cursor) = (Vec::new(), list.clone());
    for &end in targets.iter().chain([&TERMINATED]) {
        while let len @ 1.. = cursor.next_block_before(end, &mut room) {
            blocks.extend_from_slice(&room[..len]);
        }
        assert!(blocks.last().is_none_or(|&last| last < cursor.doc()));
        assert!(cursor.doc() >= end || cursor.doc() == TERMINATED);
    }
    assert_eq!(blocks, expected);
    assert_eq!(cursor.advance(), TERMINATED);
    assert_eq!(cursor.seek(0), TERMINATED);
}

fn check_frontiers(segment: &Segment) {
    let lengths = segment.lengths().unwrap();
    let (mut list, mut room, mut frequencies) = (postings(segment), [0; 128], [0; 128]);
    let mut cursor = postings(segment);
    while list.doc() != TERMINATED {
        let (ordinal, frequency) = (list.doc(), list.frequency());
        let pair = (frequency, lengths.byte(ordinal));
        let covers = |frontier: &[(u32, u8)]| frontier.iter().any(|f| f.0 >= pair.0 && f.1 <= pair.1);
        assert!(covers(list.frontier()));
        assert!(covers(list.block_frontier(ordinal)));
        assert!(covers(cursor.block_frontier(ordinal)));
        list.advance();
    }
    assert!(list.block_frontier(TERMINATED - 1).is_empty());
    let mut counted = postings(segment);
    let mut blocks = postings(segment);
    loop {
        let len = blocks.next_block(&mut room, &mut frequencies);
        for (&ordinal, &frequency) in room.iter().zip(&frequencies).take(len) {
            assert_eq!((counted.doc(), counted.frequency()), (ordinal, frequency));
            counted.advance();
        }
        if len == 0 {
            break;
        }
    }
    assert_eq!(counted.doc(), TERMINATED);
}

#[test]
fn lists_of_every_length_move_alike() {
    for (articles, every) in
        [(1, 1), (127, 1), (128, 1), (129, 1), (400, 2), (1_000, 3), (1_000, 50), (2_000, 1)]
    {
        let segment = with_word(articles, |id| id % every == 0);
        let expected: Vec<u32> = (0..articles).filter(|id| id % every == 0).collect();
        let targets: Vec<u32> = (0..articles + 10).step_by(37).collect();
        check_list(&plain_list(&segment), &expected, articles, &targets);
        check_frontiers(&segment);
    }
}

#[test]
fn positions_are_read_after_any_jump() {
    let segment = with_word(1_500, |id| id % 2 == 0);
    let mut list = postings(&segment);
    for target in (0..1_500).step_by(91) {
        let ordinal = list.seek(target);
        let (mut positions, times) = (Vec::new(), 1 + ordinal % 7);
        list.positions_into(&mut positions).unwrap();
        let in_title = if ordinal.is_multiple_of(3) { times } else { 0 };
        assert_eq!(positions.len() as u32, times + in_title);
        assert_eq!(list.counts().title, in_title);
        assert!(positions.windows(2).all(|two| two[0] < two[1]));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    #[test]
    fn lists_move_as_plain_numbers(
        seed: u64, articles in 1..700_u32, density in 1..100_usize,
        mut targets in proptest::collection::vec(0..800_u32, 0..20),
    ) {
        let mut dice = Dice::new(seed);
        let has: Vec<bool> = (0..articles).map(|id| id == 0 || dice.below(100) < density).collect();
        let segment = with_word(articles, |id| has[id as usize]);
        let expected: Vec<u32> = (0..articles).filter(|&id| has[id as usize]).collect();
        targets.sort_unstable();
        check_list(&plain_list(&segment), &expected, articles, &targets);
        check_list(&Postings::range(3..articles.max(3)), &(3..articles).collect::<Vec<_>>(), articles, &targets);
    }

    #[test]
    fn date_tests_are_ranges_of_ordinals(seed: u64, count in 0..60_usize, zone in -720..720_i16) {
        let segment = build(&records(seed, count));
        let mut dice = Dice::new(seed);
        let zone = Offset::from_minutes(if zone % 3 == 0 { 0 } else { zone }).unwrap();
        let dates = segment.dates().unwrap();
        for relation in [
            DateRelation::Within, DateRelation::Before, DateRelation::Until,
            DateRelation::After, DateRelation::Since, DateRelation::Overlaps,
        ] {
            for _ in 0..8 {
                let (from, to) = (date(&mut dice).instants(zone), date(&mut dice).instants(zone));
                let span = InstantSpan { start: from.start, end: if dice.below(2) == 0 { from.end } else { to.end } };
                let test = DateTest { relation, span, zone };
                let expected: Vec<u32> = (0..segment.articles())
                    .filter(|&ordinal| dates.date(ordinal).is_some_and(|date| test.passes(date)))
                    .collect();
                let ranges = segment.date_ordinals(&test).unwrap();
                prop_assert!(ranges.windows(2).all(|two| two[0].end < two[1].start));
                let found: Vec<u32> = ranges.into_iter().flatten().collect();
                prop_assert_eq!(found, expected, "{:?}", test);
            }
        }
        let starts: Vec<i64> = (0..dates.dated()).filter_map(|ordinal| dates.sort_start(ordinal)).collect();
        for &bound in &starts {
            let boundary = starts.iter().filter(|&&start| start >= bound).count();
            prop_assert_eq!(dates.boundary(bound) as usize, boundary);
        }
        for ordinal in 0..segment.articles() {
            prop_assert_eq!(dates.sort_end(ordinal), dates.date(ordinal).map(|date| date.sort_end()));
        }
    }
}
