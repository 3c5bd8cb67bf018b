//! No value changes the shape of a query, by whichever door it comes in.

use dateline::catalog::Catalog;
use dateline::query::ast::{At, BoundValue, Inserted, Parameter, Statement};
use dateline::query::{self as q, Bindings, Code, Query, QueryError, Session, quote_str, resolve};
use proptest::prelude::*;

/// Pieces that mean something somewhere in the language, or look as if they did.
const PIECES: &[&str] = &[
    "\" or source exists or title = \"",
    "x' or 'x' = 'x",
    "\"",
    "'",
    "“",
    "”",
    "`",
    "\\",
    "\\\"",
    "\\u{22}",
    "/",
    "/i or title matches /",
    "; delete all",
    "\n",
    "\r\n",
    "\t",
    "\u{0}",
    "# ",
    "-- ",
    "/* */",
    ")",
    "(",
    ", ",
    "..",
    "$1",
    ":who",
    "@saved",
    "*",
    "?",
    "%",
    "and",
    "or",
    "not",
    "where",
    "order",
    "limit 1",
    "is missing",
    "within 3 words",
    "2018-09-01",
    "now",
    "true",
    "-4.5",
    "{\"a\": 1}",
    "\u{202e}drow",
    "\u{2066}",
    "مرحبا بالعالم",
    "שלום",
    "e\u{301}",
    "🙂",
    "\u{feff}",
    "ß",
    "Idlib",
    "",
];

fn hostile() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(PIECES), 0..6).prop_map(|pieces| pieces.concat());
    prop_oneof![3 => pieces, 1 => any::<String>(), 1 => "\\PC{0,20}"]
}

/// Ways for a text to come into a statement as a value.
fn statements(value: &str) -> Vec<Statement> {
    let field = || q::field("source");
    let find = |filter| Statement::from(q::find().filter(filter));
    let object = serde_json::Map::from_iter([("title".to_owned(), serde_json::Value::from(value))]);
    vec![
        find(field().is(value)),
        find(field().is_not(value)),
        find(field().is_in([value, "AFP", value])),
        find(field().is_not_in(vec![value.to_owned()])),
        find(field().between(value, value)),
        find(field().starts_with(value).and(field().ends_with(value))),
        find(field().not_like(value).or(field().like(q::escape_like(value)))),
        find(q::field("title").matches(q::regex(value.trim_end_matches('\\')))),
        find(q::text().contains(value)),
        find(q::text().contains(q::exact(value).near(q::prefix(value)).within_words(3))),
        find(q::text().contains(q::any_of([q::stem(value), q::like(value), q::fuzzy(value)]).at_least(2))),
        find(q::mentions(value).into()),
        find(q::mentions(q::none_of([value])).kind("person").into()),
        find(q::mentions_place_within(value)),
        find(q::quotes(value).saying(value).not()),
        q::find().after(value).limit(3).into(),
        q::timeline(q::Unit::Month)
            .compare([q::series(field().is(value)).named(value), q::series(field().exists()).named("x")])
            .into(),
        q::show(value).also(value).into(),
        q::run("weekly").with("a", value).with("b", [value, value]).into(),
        q::export(value, q::find()).into(),
        q::define_alias(value, [value, "x"]).into(),
        q::drop_alias(value),
        q::insert(Inserted::from(object)),
        q::add("topic", [value], field().is(value)),
        q::set([("section", value)], field().is(value)),
        q::delete_where(field().is(value)),
    ]
}

/// Ways for a text to come into a statement as a name; a name is one line and not empty.
fn named(name: &str) -> Vec<Statement> {
    let field = || q::field(name);
    vec![
        q::find().select([name, "title"]).filter(field().is("x")).order([q::by(name).descending()]).into(),
        q::find().filter(q::saved(name).and(field().exists())).into(),
        q::count().by(name).by(q::bucket(q::Unit::Day, name)).into(),
        q::pairs(name, "person").into(),
        q::timeline(q::Unit::Week).of(name).split_by(name).into(),
        q::max(name).into(),
        q::define(name, q::number_of(name).at_least(2)).into(),
        q::define(name, q::top(name, 3)).into(),
        q::run(name).into(),
        q::drop_saved(name),
        q::describe_field(name),
    ]
}

/// What a statement means with these parameters, or the codes of what is wrong with it.
fn meaning(statement: &Statement, bindings: &Bindings) -> Result<q::Request, Vec<Code>> {
    let codes = |errors: Vec<QueryError>| {
        let mut codes: Vec<Code> = errors.into_iter().map(|error| error.code).collect();
        codes.dedup(); // A built statement has no places, so one mistake in two of them is told once.
        codes
    };
    let resolved = resolve(&At::from(statement.clone()), &Catalog::default(), &Session::default(), bindings);
    resolved.map(|resolved| resolved.request).map_err(codes)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_built_statement_reads_back_as_itself(value in hostile()) {
        for statement in statements(&value) {
            let text = statement.to_string();
            let read = Statement::parse(&text).map_err(|error| TestCaseError::fail(error.render(&text)))?;
            prop_assert_eq!(&read, &statement, "{}", text);
        }
    }

    #[test]
    fn hostile_names_survive_or_are_refused(name in hostile()) {
        let is_one_line = !name.is_empty() && !name.contains('\n');
        for statement in named(&name) {
            match statement.check() {
                Ok(read) => prop_assert_eq!(&read.node, &statement),
                Err(error) => prop_assert!(!is_one_line, "{}: {:?}", statement, error),
            }
        }
    }

    #[test]
    fn a_parameter_is_the_value_and_nothing_else(value in hostile()) {
        let bindings = Bindings::default().with("v", value.as_str());
        let texts = [
            "find where source = :v",
            "find where title contains :v",
            "find where title contains exact :v near prefix :v within 3 words",
            "find where mentions :v",
            "find where mentions place within :v",
            "find where quotes :v saying :v",
            "find where url starts with :v and not url like :v",
        ];
        let source = || q::field("source");
        let (title, url) = (|| q::field("title"), || q::field("url"));
        let built = [
            source().is(&value),
            title().contains(&value),
            title().contains(q::exact(&value).near(q::prefix(&value)).within_words(3)),
            q::mentions(&value).into(),
            q::mentions_place_within(&value),
            q::quotes(&value).saying(&value).into(),
            url().starts_with(&value).and(url().like(&value).not()),
        ];
        for (text, built) in texts.iter().zip(built) {
            let bound = meaning(&Statement::parse(text).unwrap(), &bindings);
            let built = meaning(&q::find().filter(built).into(), &Bindings::default());
            prop_assert_eq!(bound, built, "{} with {:?}", text, value);
        }
    }

    /// What is saved with a value, and what is saved with a parameter and run with one, means the value and nothing else.
    #[test]
    fn a_saved_value_is_the_value_and_nothing_else(value in hostile()) {
        let filter = || q::field("source").is(&value).and(q::field("title").exists());
        let asked = q::field("source").is(Parameter::Named("v".to_owned())).and(q::field("title").exists());
        let mut catalog = Catalog::default();
        let session = Session { write: true, ..Session::default() };
        let writer = [q::define("asked", q::find().filter(asked)), q::define("kept", filter())];
        for definition in writer.map(Statement::from) {
            // A blank names no source; whoever defines it is told.
            let Ok(resolved) = resolve(&At::from(definition), &catalog, &session, &Bindings::default()) else {
                return Ok(());
            };
            resolved.request.change_catalog(&mut catalog);
        }
        let meaning = |statement: Statement| {
            let text = statement.to_string();
            let read = Statement::parse(&text).map_err(|error| TestCaseError::fail(error.render(&text)))?;
            let resolved = resolve(&At::from(read), &catalog, &session, &Bindings::default());
            resolved.map(|resolved| resolved.request).map_err(|errors| TestCaseError::fail(errors[0].render(&text)))
        };
        let wanted = meaning(q::find().filter(filter()).into())?;
        prop_assert_eq!(&meaning(q::find().filter(q::saved("kept")).into())?, &wanted);
        prop_assert_eq!(&meaning(q::run("asked").with("v", value.as_str()).into())?, &wanted);
    }

    /// Text put between quotes by `quote_str` stays one value, too.
    #[test]
    fn quoted_text_is_one_value(value in hostile()) {
        let text = format!("find where source = {} and title exists", quote_str(&value));
        let filter = q::field("source").is(&value).and(q::field("title").exists());
        prop_assert_eq!(Query::parse(&text), Ok(Query::from(q::find().filter(filter))));
    }

    /// A parameter's name that is none, and an object that is none, are refused and never read as more than one token.
    #[test]
    fn what_has_no_text_is_refused(name in hostile()) {
        let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        let query = Statement::from(q::find().filter(q::field("source").is(q::ast::Parameter::Named(name.clone()))));
        prop_assert_eq!(query.check().is_ok(), is_name, "{}", query);
        let run = Statement::from(q::run("x").with(&name, BoundValue::from("v")));
        prop_assert_eq!(run.check().is_ok(), is_name, "{}", run);
        if let Ok(object) = Inserted::json(&name) {
            let Inserted::Json(text) = object else { panic!("a text is no parameter") };
            prop_assert!(serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&text).is_ok());
        }
    }
}
