use super::{Archive, story};
use crate::article::EntityKind;
use crate::exec::ExecError;

fn archive() -> Archive {
    let person = EntityKind::Person;
    Archive::of(vec![
        story("One", "Ann met Bob. Cid left.")
            .date("2018-01-15")
            .source("Reuters")
            .topics(&["war", "oil"])
            .names(person, &["Ann"])
            .names(person, &["Bob"])
            .names(person, &["Cid"]),
        story("Two", "Ann met Bob again and again.")
            .date("2018-01-20")
            .source("REUTERS")
            .topics(&["War"])
            .names(person, &["Ann"])
            .names(person, &["Bob"]),
        story("Three", "Bobby went.")
            .date("2018-03-01")
            .source("AFP")
            .topics(&["war"])
            .names(person, &["Bobby"]),
        story("Four", "A month.").date("2018-04").source("Reuters"),
        story("Five", "A year.").date("2018"),
    ])
    .alias("Robert", &["Bob", "Bobby"])
}

#[test]
fn counts_with_and_without_keys() {
    let archive = archive();
    assert_eq!(archive.table("count"), ["5"]);
    assert_eq!(archive.table("count where topic = \"war\""), ["3"]);
    assert_eq!(archive.table("count by source"), ["Reuters 3", "AFP 1"]);
    assert_eq!(archive.table("count by source with missing"), ["Reuters 3", "AFP 1", "- 1"]);
    assert_eq!(archive.table("count by topic order by topic desc"), ["war 3", "oil 1"]);
    assert_eq!(archive.table("count by month"), ["2018-01 2", "2018-03 1", "2018-04 1"]);
    assert_eq!(archive.table("count by weekday of date"), ["Monday 1", "Thursday 1", "Saturday 1"]);
    assert_eq!(archive.table("count by quarter, source limit 2"), ["2018-Q1 Reuters 2", "2018-Q1 AFP 1"]);
}

#[test]
fn shares_are_of_the_articles_that_satisfy_the_rest() {
    let archive = archive();
    let shares = archive.table("count by source as share where text contains \"met\" and date in 2018");
    assert_eq!(shares, ["REUTERS 2 0.6666666666666666"], "of equally common spellings the smallest");
    let series = archive.table("count compare source = \"afp\" as afp, text contains \"Ann\" as ann");
    assert_eq!(series, ["afp 1", "ann 2"]);
}

#[test]
fn rankings_join_aliases_and_fold_spellings() {
    let archive = archive();
    assert_eq!(archive.table("top person"), ["Robert 3 0.6", "Ann 2 0.4", "Cid 1 0.2"]);
    assert_eq!(archive.table("top 1 topic with missing"), ["war 3 0.6", "- 2 0.4"]);
}

#[test]
fn a_value_that_leads_nowhere_may_lead_the_whole() {
    let sources = ["A"; 5].into_iter().chain(["B"; 4]).chain(["C"; 5]).chain(["B"; 4]);
    let stories =
        sources.zip(1..).map(|(source, number)| story(&format!("{number}"), "Talks.").source(source));
    let archive = Archive::of(stories.collect());
    assert_eq!(archive.table("top 1 source"), ["B 8 0.4444444444444444"], "second in both halves");
    assert_eq!(
        archive.table("top 2 source where text contains \"talks\""),
        ["B 8 0.4444444444444444", "A 5 0.2777777777777778"]
    );
}

#[test]
fn pairs_count_articles_and_sentences() {
    let archive = archive();
    let pairs = archive.table("top pairs of person and person");
    assert_eq!(pairs[0], "Ann Robert 2 1.6666666666666667");
    assert_eq!(pairs.len(), 3);
    let close = archive.table("top pairs of person and person in same sentence");
    assert_eq!(close, ["Ann Robert 2 1.6666666666666667"]);
    assert_eq!(archive.table("top 1 pairs of topic and source"), ["war Reuters 2 1.1111111111111112"]);
}

#[test]
fn timelines_are_dense_and_say_what_they_clip() {
    let archive = archive();
    let months = archive.ask("timeline by month where date in 2018-01-10..2018-03");
    assert_eq!(months.undecided, 0);
    assert_eq!(
        archive.table("timeline by month where date in 2018-01-10..2018-03"),
        ["2018-01 2 true", "2018-02 0 false", "2018-03 1 false"]
    );
    assert_eq!(archive.ask("timeline by month").undecided, 1);
    assert_eq!(archive.ask("timeline by week").undecided, 2);
    assert_eq!(archive.table("timeline by year"), ["2018 5 false"]);
    assert_eq!(
        archive.table("timeline by quarter split by source top 1 where date exists"),
        [
            "2018-Q1 Reuters 2 false",
            "2018-Q1 other 1 false",
            "2018-Q2 Reuters 1 false",
            "2018-Q2 other 0 false"
        ]
    );
    assert_eq!(
        archive.table("timeline by quarter as share where text contains \"Ann\" and date in 2018-Q1"),
        ["2018-Q1 2 0.6666666666666666 false"]
    );
}

#[test]
fn timelines_with_too_many_buckets_are_refused() {
    let error = archive().try_ask("timeline by minute where date in 1900..2018").unwrap_err();
    assert!(matches!(error, ExecError::Buckets { count: 62_588_160 }), "{error}");
    assert_eq!(error.code(), "E213");
}

#[test]
fn measures_are_of_all_values() {
    let archive = archive();
    assert_eq!(archive.table("sum words"), ["17"]);
    assert_eq!(archive.table("median words by source"), ["Reuters 5", "AFP 2"]);
    assert_eq!(archive.table("max date"), ["2018-04"]);
    assert_eq!(archive.table("average words where source = \"none\""), ["-"]);
}

#[test]
fn the_archive_describes_itself() {
    let archive = archive();
    assert_eq!(
        archive.table("describe source"),
        ["source keyword false 4 outlet that published the article"]
    );
    assert_eq!(archive.table("list aliases"), ["Robert Bob+Bobby"]);
}
