//! Queries built in code, run on a database.

use dateline::database::{Database, Page, Reader};
use dateline::query::ast::Statement;
use dateline::query::{self as q, Code, Order, Unit};
use dateline::value::Value;
use dateline::{Draft, Error};

/// Five articles: number, day of September 2018, source, topics.
const ARTICLES: [(&str, u8, &str, &[&str]); 5] = [
    ("a", 1, "AFP", &["war"]),
    ("b", 2, "AFP", &["war", "talks"]),
    ("c", 3, "Reuters", &["talks"]),
    ("d", 10, "Reuters", &[]),
    ("e", 11, "AFP", &["war"]),
];

fn with_reader(check: impl FnOnce(&Reader)) {
    let home = tempfile::tempdir().unwrap();
    let database = Database::create(home.path().join("news.dateline")).unwrap();
    for (key, day, source, topics) in ARTICLES {
        let mut draft = Draft::default();
        draft.article.key = key.to_owned();
        draft.article.title = Some(format!("Title of {key}"));
        draft.article.body = "Nothing happened.".to_owned();
        draft.article.date = Some(format!("2018-09-{day:02}").parse().unwrap());
        draft.article.source = Some(source.to_owned());
        draft.article.topics = topics.iter().map(|topic| (*topic).to_owned()).collect();
        database.insert(draft).unwrap();
    }
    check(&database.reader());
}

fn keys(page: &Page) -> String {
    let key = |article| match page.cell(article, "key") {
        Some(dateline::exec::Cell::One(Value::Text(key))) => key.clone(),
        other => panic!("{other:?} is no key"),
    };
    page.articles.iter().map(key).collect::<Vec<_>>().join(" ")
}

#[test]
fn pages_follow_each_other() {
    with_reader(|reader| {
        let query = q::find().filter(q::field("source").is("afp")).limit(2);
        let page = reader.run(&query).unwrap();
        assert_eq!(keys(&page), "e b");
        let next = reader.run(&query.clone().after(page.cursor().unwrap())).unwrap();
        assert_eq!((keys(&next), next.cursor()), ("a".to_owned(), None));
        let oldest = reader.run(&q::find().order(Order::oldest()).limit(1)).unwrap();
        assert_eq!(keys(&oldest), "a");
    });
}

#[test]
fn rankings_groups_and_buckets_have_types() {
    with_reader(|reader| {
        let top = reader.run(&q::top("topic", 10)).unwrap();
        let counts: Vec<(Option<Value>, u64)> =
            top.iter().map(|ranked| (ranked.value.clone(), ranked.articles)).collect();
        assert_eq!(counts, [(Some("war".into()), 3), (Some("talks".into()), 2)]);
        assert_eq!(top[0].share, Some(0.6));

        let groups = reader.run(&q::count().by("source").by(q::bucket(Unit::Week, "date"))).unwrap();
        let first = &groups[0];
        assert_eq!((first.keys.len(), first.value.clone()), (2, Some(Value::from(2))));
        let average = reader.run(&q::average("words").by("source")).unwrap();
        assert!(average.iter().all(|group| group.keys.len() == 1 && group.value == Some(Value::from(2))));

        let timeline =
            reader.run(&q::timeline(Unit::Week).filter(q::date().within(q::month(2018, 9)))).unwrap();
        let counts: Vec<u64> = timeline.iter().map(|bucket| bucket.count).collect();
        assert_eq!(counts, [2, 1, 2, 0, 0]);
        assert!(timeline[0].is_partial && !timeline[1].is_partial);
        assert_eq!(timeline[1].bucket.unwrap().to_string(), "2018-W36");

        let pairs = reader.run(&q::pairs("topic", "source")).unwrap();
        assert_eq!((pairs[0].first.clone(), pairs[0].articles), (Some("war".into()), 3));
        assert!(pairs[0].lift.is_some_and(|lift| lift > 1.0));
    });
}

#[test]
fn built_statements_take_parameters_and_answer_like_their_text() {
    with_reader(|reader| {
        let query = q::find().filter(q::field("topic").is_in(q::param("topics"))).limit(q::param("n"));
        let prepared = reader.prepare_built(query.clone()).unwrap();
        let answer = prepared.bind("topics", ["talks"]).bind("n", 1).run().unwrap();
        assert_eq!(answer.rows.len(), 1);
        let described: Statement = q::describe_field("source");
        assert_eq!(reader.run(&described).unwrap().rows, reader.query("describe source").unwrap().rows);
    });
}

#[test]
fn what_has_no_text_does_not_run() {
    with_reader(|reader| {
        let code = |error: Error| match error {
            Error::Query(errors) => errors[0].code,
            other => panic!("{other}"),
        };
        let empty = q::find().filter(q::field("source").is_in(["x"; 0]));
        assert_eq!(code(reader.run(&empty).unwrap_err()), Code::EmptyList);
        let impossible = q::find().filter(q::date().since(q::day(2018, 13, 1)));
        assert_eq!(code(reader.run(&impossible).unwrap_err()), Code::ImpossibleDate);
        let not_a_number = q::find().filter(q::field("words").more_than(f64::NAN));
        assert!(reader.run(&not_a_number).is_err());
        let broken = q::find().filter(q::field("a\nb").exists());
        assert_eq!(code(reader.run(&broken).unwrap_err()), Code::Unexpected);
    });
}
