//! Every accepted example, written by hand with the builder.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use dateline::date::Date;
use dateline::query::ast::{ExportFormat, Inserted, Statement, WithItem};
use dateline::query::{self as q, Catalogued, Order, Period, Scope, Unit, parse};

fn at(text: &str) -> Date {
    text.parse().unwrap()
}

/// Queries of the corpus beside what builds them.
type Table = Vec<(&'static str, Vec<Statement>)>;

fn plain_words() -> Table {
    vec![
        (
            "find where mentions \"Idlib\" and date > 2018-09-01",
            vec![q::find().filter(q::mentions("Idlib").and(q::date().more_than(q::day(2018, 9, 1)))).into()],
        ),
        (
            "find title, date, source where mentions place \"Idlib\" and date in 2018-09 newest first limit 20",
            vec![
                q::find()
                    .select(["title", "date", "source"])
                    .filter(q::mentions("Idlib").kind("place").and(q::date().within(q::month(2018, 9))))
                    .order(Order::newest())
                    .limit(20)
                    .into(),
            ],
        ),
        (
            "find * where text contains \"ceasefire talks\" order by relevance desc limit 10 with snippets, score",
            vec![
                q::find()
                    .select_everything()
                    .filter(q::text().contains("ceasefire talks"))
                    .order(Order::descending("relevance"))
                    .limit(10)
                    .with(WithItem::Snippets(None))
                    .with_score()
                    .into(),
            ],
        ),
        (
            "find where title contains \"ceasefire\" and not source in (\"RT\", \"Sputnik\")",
            vec![
                q::find()
                    .filter(q::field("title").contains("ceasefire"))
                    .filter(q::field("source").is_in(["RT", "Sputnik"]).not())
                    .into(),
            ],
        ),
        (
            "find where text contains \"Assad\" near \"Putin\" within 10 words",
            vec![
                q::find()
                    .filter(q::text().contains(q::phrase("Assad").near("Putin").within_words(10)))
                    .into(),
            ],
        ),
        (
            "find where text contains \"Turkish\" before \"troops\" within 2 words",
            vec![
                q::find()
                    .filter(q::text().contains(q::phrase("Turkish").before("troops").within_words(2)))
                    .into(),
            ],
        ),
    ]
}

fn near_words() -> Table {
    vec![
        (
            "find where text contains any of (\"Assad\", \"Damascus\") near any of (\"Putin\", \"Kremlin\") within 8 words",
            vec![
                q::find()
                    .filter(
                        q::text().contains(
                            q::any_of(["Assad", "Damascus"])
                                .near(q::any_of(["Putin", "Kremlin"]))
                                .within_words(8),
                        ),
                    )
                    .into(),
            ],
        ),
        (
            "find where text contains all of (\"Idlib\", \"buffer zone\", \"Turkey\") in same paragraph",
            vec![
                q::find()
                    .filter(
                        q::text().contains(
                            q::all_of(["Idlib", "buffer zone", "Turkey"]).in_same(Scope::Paragraph),
                        ),
                    )
                    .into(),
            ],
        ),
        (
            "find where text contains \"Idlib\" at least 5 times",
            vec![q::find().filter(q::text().contains(q::phrase("Idlib").at_least(5))).into()],
        ),
        (
            "find where lead contains \"airstrike\" and words > 300",
            vec![
                q::find()
                    .filter(q::field("lead").contains("airstrike").and(q::field("words").more_than(300)))
                    .into(),
            ],
        ),
        (
            "find where text contains prefix \"bombard\"",
            vec![q::find().filter(q::text().contains(q::prefix("bombard"))).into()],
        ),
        (
            "find where text contains like \"wom?n\" or text contains stem \"attack\"",
            vec![
                q::find()
                    .filter(q::text().contains(q::like("wom?n")).or(q::text().contains(q::stem("attack"))))
                    .into(),
            ],
        ),
    ]
}

fn word_tests() -> Table {
    vec![
        (
            "find where mentions person fuzzy \"Erdogan\" within 1 edit",
            vec![q::find().filter(q::mentions(q::fuzzy_within("Erdogan", 1)).kind("person")).into()],
        ),
        (
            "find where text contains exact \"IS\" and date in 2014..2017",
            vec![
                q::find()
                    .filter(q::text().contains(q::exact("IS")))
                    .filter(q::date().within(Period::between(q::year(2014), q::year(2017))))
                    .into(),
            ],
        ),
        (
            "find where quotes \"Lavrov\" saying any of (\"terrorists\", \"militants\")",
            vec![
                q::find()
                    .filter(q::quotes("Lavrov").saying(q::any_of(vec!["terrorists", "militants"])))
                    .into(),
            ],
        ),
        (
            "find where quotes anyone saying \"de-escalation\" and person = \"Staffan de Mistura\"",
            vec![
                q::find()
                    .filter(
                        q::quotes_anyone()
                            .saying("de-escalation")
                            .and(q::field("person").is("Staffan de Mistura")),
                    )
                    .into(),
            ],
        ),
        (
            "find where author exists and section is missing",
            vec![q::find().filter(q::field("author").exists().and(q::field("section").is_missing())).into()],
        ),
        (
            "find where number of person >= 5 and tone < -4.5",
            vec![
                q::find()
                    .filter(q::number_of("person").at_least(5).and(q::field("tone").less_than(-4.5)))
                    .into(),
            ],
        ),
    ]
}

fn logic() -> Table {
    vec![
        (
            "find where (mentions \"Idlib\" or mentions \"Hama\") and not title matches /live (blog|updates)/i",
            vec![
                q::find()
                    .filter(q::mentions("Idlib").or(q::mentions("Hama")))
                    .filter(!q::field("title").matches(q::regex("live (blog|updates)").ignore_case()))
                    .into(),
            ],
        ),
        (
            "find where url starts with \"https://www.reuters.com/\" and lang != \"en\"",
            vec![
                q::find()
                    .filter(
                        q::field("url")
                            .starts_with("https://www.reuters.com/")
                            .and(q::field("lang").is_not("en")),
                    )
                    .into(),
            ],
        ),
        (
            "find where date >= 2018-09-01T06:00+03:00 and date < 2018-09-01T18:00+03:00",
            vec![
                q::find()
                    .filter(q::date().at_least(at("2018-09-01T06:00+03:00")))
                    .filter(q::date().less_than(at("2018-09-01T18:00+03:00")))
                    .into(),
            ],
        ),
        (
            "find where date since 3 days ago and agency in :agencies limit :n",
            vec![
                q::find()
                    .filter(
                        q::date()
                            .since(q::ago(3, Unit::Day))
                            .and(q::field("agency").is_in(q::param("agencies"))),
                    )
                    .limit(q::param("n"))
                    .into(),
            ],
        ),
        (
            "find where mentions $1 and date > $2",
            vec![q::find().filter(q::mentions(q::param(1)).and(q::date().more_than(q::param(2)))).into()],
        ),
    ]
}

fn dates() -> Table {
    vec![
        (
            "find where date overlaps 2018-09-03 and `order` = \"A7\"",
            vec![
                q::find()
                    .filter(q::date().overlaps(q::day(2018, 9, 3)).and(q::field("order").is("A7")))
                    .into(),
            ],
        ),
        (
            "find where date in last 7 days # comment\n  and mentions “Idlib”; -- other comment",
            vec![
                q::find()
                    .filter(q::date().within(q::last_several(7, Unit::Day)).and(q::mentions("Idlib")))
                    .into(),
            ],
        ),
        ("find after \"c2:AAAB9x\" limit 20", vec![q::find().after("c2:AAAB9x").limit(20).into()]),
        (
            "find where words > 3000 and date > 2018",
            vec![
                q::find()
                    .filter(q::field("words").more_than(3000).and(q::date().more_than(q::year(2018))))
                    .into(),
            ],
        ),
        (
            "find where mentions place within \"Syria\" and date > 2018",
            vec![
                q::find()
                    .filter(q::mentions_place_within("Syria").and(q::date().more_than(q::year(2018))))
                    .into(),
            ],
        ),
        (
            "find where date since last month and deaths > 100",
            vec![
                q::find()
                    .filter(q::date().since(q::last(Unit::Month)).and(q::field("deaths").more_than(100)))
                    .into(),
            ],
        ),
        (
            "find where mentions place within any of (\"Syria\", \"Iraq\") with duplicates folded",
            vec![
                q::find()
                    .filter(q::mentions_place_within(q::any_of(["Syria", "Iraq"])))
                    .with_duplicates_folded()
                    .into(),
            ],
        ),
    ]
}

fn counts() -> Table {
    vec![
        (
            "count where source = \"Reuters\" and date in 2018",
            vec![
                q::count()
                    .filter(q::field("source").is("Reuters").and(q::date().within(Period::year(2018))))
                    .into(),
            ],
        ),
        (
            "count by source where mentions \"Idlib\" order by count desc limit 15",
            vec![
                q::count()
                    .by("source")
                    .filter(q::mentions("Idlib"))
                    .order([q::by("count").descending()])
                    .limit(15)
                    .into(),
            ],
        ),
        (
            "count by month of date, source where topic = \"chemical weapons\"",
            vec![
                q::count()
                    .by(q::bucket(Unit::Month, "date"))
                    .by("source")
                    .filter(q::field("topic").is("chemical weapons"))
                    .into(),
            ],
        ),
        (
            "count where date since 2018-Q3 and not (person = \"Assad\" or person = \"Putin\")",
            vec![
                q::count()
                    .filter(q::date().since(q::quarter(2018, 3)))
                    .filter(q::field("person").is("Assad").or(q::field("person").is("Putin")).not())
                    .into(),
            ],
        ),
        (
            "average words by source where date in this year order by average desc",
            vec![
                q::average("words")
                    .by("source")
                    .filter(q::date().within(q::this(Unit::Year)))
                    .order(Order::descending("average"))
                    .into(),
            ],
        ),
        (
            "top 10 person where mentions \"Idlib\" and date in last 30 days",
            vec![
                q::top("person", 10)
                    .filter(q::mentions("Idlib").and(q::date().within(q::last_several(30, Unit::Day))))
                    .into(),
            ],
        ),
    ]
}

fn tops() -> Table {
    vec![
        (
            "top place where quotes \"Lavrov\"",
            vec![q::top_values("place").filter(q::quotes("Lavrov")).into()],
        ),
        (
            "top 10 org where @syria and date in last month",
            vec![
                q::top("org", 10)
                    .filter(q::saved("syria").and(q::date().within(q::last(Unit::Month))))
                    .into(),
            ],
        ),
        (
            "top 20 pairs of person and place in same sentence where date since 2018-09",
            vec![
                q::pairs("person", "place")
                    .limit(20)
                    .in_same(Scope::Sentence)
                    .filter(q::date().since(q::month(2018, 9)))
                    .into(),
            ],
        ),
        (
            "top 20 pairs of person and org where date in 2018 order by lift desc",
            vec![
                q::pairs("person", "org")
                    .limit(20)
                    .filter(q::date().within(Period::year(2018)))
                    .order(Order::descending("lift"))
                    .into(),
            ],
        ),
        (
            "timeline by month where mentions any of (\"Idlib\", \"Aleppo\")",
            vec![q::timeline(Unit::Month).filter(q::mentions(q::any_of(["Idlib", "Aleppo"]))).into()],
        ),
        (
            "timeline by week split by source top 5 where topic = \"Syria\" and date in 2018",
            vec![
                q::timeline(Unit::Week)
                    .split_by_top("source", 5)
                    .filter(q::field("topic").is("Syria").and(q::date().within(Period::year(2018))))
                    .into(),
            ],
        ),
        (
            "timeline by day as share where date between 2018-09 and 2018-10 compare mentions \"Idlib\" as Idlib, mentions \"Yemen\" as Yemen",
            vec![
                q::timeline(Unit::Day)
                    .as_share()
                    .filter(q::date().between(q::month(2018, 9), q::month(2018, 10)))
                    .compare(["Idlib", "Yemen"].map(|name| q::series(q::mentions(name)).named(name)))
                    .into(),
            ],
        ),
    ]
}

fn shown() -> Table {
    let weekly = q::timeline(Unit::Week)
        .filter(q::field("source").is(q::param("source")).and(q::date().within(q::year(2018))));
    vec![
        (
            "show 4021, \"reuters-20180907-0012\" with snippets",
            vec![q::show(4021).also("reuters-20180907-0012").with(WithItem::Snippets(None)).into()],
        ),
        ("show 17 with extraction", vec![q::show(17).with_extraction().into()]),
        (
            "explain analyze find where mentions \"Idlib\" and text contains \"truce\"",
            vec![q::explain_analyze(q::find().filter(q::mentions("Idlib").and(q::text().contains("truce"))))],
        ),
        (
            "define @syria as mentions \"Syria\" or place in (\"Idlib\", \"Aleppo\", \"Damascus\")",
            vec![
                q::define(
                    "syria",
                    q::mentions("Syria").or(q::field("place").is_in(["Idlib", "Aleppo", "Damascus"])),
                )
                .into(),
            ],
        ),
        (
            "define alias \"Islamic State\" = \"ISIS\", \"ISIL\", \"Daesh\"",
            vec![q::define_alias("Islamic State", ["ISIS", "ISIL", "Daesh"]).into()],
        ),
        (
            "define or replace @weekly as timeline by week where source = :source and date in 2018; run @weekly with :source = \"AFP\"",
            vec![
                q::define("weekly", weekly).or_replace().into(),
                q::run("weekly").with("source", "AFP").into(),
            ],
        ),
        (
            "export to \"idlib-2018.csv\" as csv find title, date, url where @syria oldest first",
            vec![
                q::export(
                    "idlib-2018.csv",
                    q::find()
                        .select(["title", "date", "url"])
                        .filter(q::saved("syria"))
                        .order(Order::oldest()),
                )
                .format(ExportFormat::Csv)
                .into(),
            ],
        ),
        (
            "export to \"syria.parquet\" as parquet find where country = \"SY\"",
            vec![
                q::export("syria.parquet", q::find().filter(q::field("country").is("SY")))
                    .format(ExportFormat::Parquet)
                    .into(),
            ],
        ),
    ]
}

fn defined() -> Table {
    let test = r#"{"title": "Test", "date": "2018-09-01", "text": "Idlib."}"#;
    vec![
        (
            "add topic \"ceasefire\" where text contains \"cease-fire\" and not topic = \"ceasefire\"",
            vec![q::add(
                "topic",
                ["ceasefire"],
                q::text().contains("cease-fire").and(!q::field("topic").is("ceasefire")),
            )],
        ),
        (
            "set section = \"World\" where section is missing and place = \"Syria\"",
            vec![q::set(
                [("section", "World")],
                q::field("section").is_missing().and(q::field("place").is("Syria")),
            )],
        ),
        (
            r#"insert {"title": "Test", "date": "2018-09-01", "text": "Idlib."}"#,
            vec![q::insert(Inserted::json(test).unwrap())],
        ),
        ("delete where source = \"test-feed\"", vec![q::delete_where(q::field("source").is("test-feed"))]),
        (
            "describe person; list saved; list aliases",
            vec![q::describe_field("person"), q::list(Catalogued::Saved), q::list(Catalogued::Aliases)],
        ),
    ]
}

/// Reads the queries of the corpus: what stands before the first `---` of a case, without remarks.
fn examples(file: &str) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar/corpus/accept").join(file);
    let text = fs::read_to_string(path).unwrap();
    let query = |case: &str| {
        let head = case.split("\n---").next().unwrap_or_default();
        let lines = head.lines().skip_while(|line| line.starts_with("# "));
        lines.collect::<Vec<_>>().join("\n")
    };
    text.split("\n====\n").map(query).collect()
}

/// The table is complete: an example without its builder fails, and so does a builder without its example.
#[test]
fn every_accepted_example_can_be_built() {
    let table =
        [plain_words(), near_words(), word_tests(), logic(), dates(), counts(), tops(), shown(), defined()]
            .concat();
    let written: BTreeSet<String> = table.iter().map(|(text, _)| (*text).to_owned()).collect();
    assert_eq!(written, examples("study.dql"));
    assert_eq!(written.len(), table.len(), "no example stands twice");
    for (text, built) in &table {
        let parsed = parse(text).unwrap();
        let parsed: Vec<&Statement> = parsed.statements.iter().map(|statement| &statement.node).collect();
        assert_eq!(parsed, built.iter().collect::<Vec<_>>(), "{text}");
        for statement in built {
            assert_eq!(&statement.check().unwrap().node, statement);
        }
    }
}
