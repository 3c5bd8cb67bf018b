use super::{Archive, story};
use crate::article::EntityKind;
use crate::exec::context::Context;
use crate::exec::guard::Guard;
use crate::exec::open::count_live;
use crate::exec::planner::Planner;
use crate::exec::run::Plans;
use crate::exec::{CancelToken, ExecError, RunOptions, answer, explain};
use crate::query::Request;

fn archive() -> Archive {
    Archive::of(vec![
        story("Idlib", "Rebels left Idlib.")
            .date("2018-09-01")
            .source("Reuters")
            .names(EntityKind::Place, &["Idlib"]),
        story("Hama", "Rebels stay in Hama.")
            .date("2018-09-02")
            .source("AFP")
            .names(EntityKind::Place, &["Hama"]),
    ])
}

#[test]
fn an_empty_result_names_the_condition_that_emptied_it() {
    let answer = archive().ask("find where mentions \"Idlib\" and source = \"Reuter\" and date > 2017");
    let help = answer.zero_hit.unwrap();
    let told: Vec<(&str, u64)> =
        help.conditions.iter().map(|(text, count)| (text.as_str(), *count)).collect();
    assert_eq!(told, [("mentions \"Idlib\"", 1), ("source = \"Reuter\"", 0), ("date > 2017", 2)]);
    assert_eq!(help.nearest, Some((1, "Reuters".to_owned(), 1)));
    assert_eq!(help.empty_pair, None);
}

#[test]
fn conditions_that_exclude_each_other_are_named() {
    let help = archive().ask("count where source = \"AFP\" and text contains \"left\"").zero_hit.unwrap();
    assert_eq!((help.empty_pair, help.nearest), (Some((0, 1)), None));
    assert!(archive().ask("find where date > 2018-09-01").zero_hit.is_none());
}

#[test]
fn unknown_names_are_answered_with_the_nearest() {
    let answer = archive().ask("find where mentions \"Idlip\"");
    let message = "nothing named \"Idlip\"; did you mean \"Idlib\" (place, 1 article)?";
    assert!(answer.warnings.iter().any(|warning| warning.code == "W03" && warning.message == message));
}

#[test]
fn a_last_name_is_met_with_the_nearest_one() {
    let archive = Archive::of(vec![
        story("a", "Bashar al-Assad spoke.").names(EntityKind::Person, &["Bashar al-Assad"]),
        story("b", "Asma al-Assad spoke.").names(EntityKind::Person, &["Asma al-Assad"]),
    ]);
    let answer = archive.ask("find where mentions \"Asad\"");
    let message = "nothing named \"Asad\"; did you mean \"Assad\" (person, 2 articles)?";
    assert!(answer.warnings.iter().any(|warning| warning.message == message), "{:?}", answer.warnings);
    assert_eq!(answer.zero_hit.unwrap().nearest, Some((0, "Assad".to_owned(), 2)));
}

#[test]
fn an_empty_date_condition_says_how_many_have_none() {
    let archive = Archive::of(vec![story("a", "x").date("2018"), story("b", "x"), story("c", "x")]);
    assert_eq!(archive.ask("find where date > 2019").zero_hit.unwrap().undated, Some((0, 2)));
    assert_eq!(
        archive.ask("find where date > 2019 and source = \"x\"").zero_hit.unwrap().undated,
        Some((0, 2))
    );
}

#[test]
fn a_page_follows_another_though_the_window_moved() {
    let archive = Archive::of(vec![
        story("a", "x").date("2018-09-03T10:00:00Z"),
        story("b", "x").date("2018-09-03T11:00:00Z"),
        story("c", "x").date("2018-09-03T12:00:00Z"),
    ]);
    let at = |moment: &str, text: &str| {
        let now = moment.parse::<crate::date::Date>().unwrap().sort_start();
        let statement = crate::query::Statement::parse(text).unwrap();
        let session = crate::query::Session { now, ..crate::query::Session::default() };
        let bindings = crate::query::Bindings::default();
        let resolved =
            crate::query::resolve(&statement.into(), &archive.catalog, &session, &bindings).unwrap();
        answer(&resolved.request, &archive.view(), &RunOptions::default())
    };
    let first = at("2018-09-03T13:00:00Z", "find where date in last 24 hours limit 1").unwrap();
    let cursor = first.cursor.unwrap();
    let page = |condition: &str| format!("find where {condition} limit 1 after \"{cursor}\"");
    let second = at("2018-09-03T13:05:00Z", &page("date in last 24 hours")).unwrap();
    assert_eq!(second.rows[0].id.unwrap().0, 2);
    let other = at("2018-09-03T13:05:00Z", &page("date in last 25 hours"));
    assert!(matches!(other, Err(ExecError::ForeignCursor)));
}

#[test]
fn plans_are_explained_with_real_counts() {
    let archive = archive();
    let text = "find where text contains \"rebels\" and source = \"AFP\" and date > 2018-09-01 and not title contains \"x\"";
    let explanation = explain(&archive.resolve(text).request, &archive.view()).unwrap();
    assert_eq!(
        explanation.to_string(),
        "where text contains \"rebels\" and source = \"AFP\" and date > 2018-09-01 and not title contains \"x\"\n\
         segment 1: 2 articles, 2018-09-01 to 2018-09-02, at most 1 match\n  \
         bound to ordinals 0..1\n    all of\n      source = \"AFP\" ~1\n      \"rebels\" ~2"
    );
    let analyzed = archive.ask_plan("explain analyze find where text contains \"rebels\"");
    assert!(analyzed.iter().any(|line| line.contains("[2 articles in ")), "{analyzed:?}");
    assert!(analyzed[0].contains("read as find where text contains \\\"rebels\\\""), "{analyzed:?}");
}

#[test]
fn a_count_that_is_stopped_on_its_way_is_no_number() {
    let rebels = |number: i32| story(&format!("{number}"), "Young rebels left.");
    let archive = Archive::of((0..600).map(rebels).collect());
    let cancel = CancelToken::default();
    let guard = Guard::new(&RunOptions { cancel: cancel.clone(), ..RunOptions::default() });
    let view = archive.replaced();
    let context = Context::open(&view, &guard).unwrap();
    let Request::Count(request) = archive.resolve("count where text contains \"young rebels\"").request
    else {
        panic!("a count is asked for")
    };
    let plans = Plans::new(&request.predicate, &Planner::new(&context)).unwrap();
    assert_eq!(plans.count(&context).unwrap(), 600);
    cancel.cancel();
    for (open, plan) in context.segments.iter().zip(&plans.segments) {
        assert!(matches!(count_live(&context, open, plan), Err(ExecError::Cancelled)));
    }
}

#[test]
fn cancelled_runs_and_tight_memory_end_in_errors() {
    let archive = archive();
    let request = archive.resolve("find").request;
    let cancel = CancelToken::default();
    cancel.cancel();
    let options = RunOptions { cancel, ..RunOptions::default() };
    assert!(matches!(answer(&request, &archive.view(), &options), Err(ExecError::Cancelled)));
    let request = archive.resolve("count by source").request;
    let options = RunOptions { memory_bytes: 10, ..RunOptions::default() };
    assert!(matches!(answer(&request, &archive.view(), &options), Err(ExecError::Memory { .. })));
}

impl Archive {
    /// Returns the lines of a plan; times differ from run to run, so only one layout is asked.
    fn ask_plan(&self, text: &str) -> Vec<String> {
        let request = self.resolve(text).request;
        let rows = answer(&request, &self.view(), &RunOptions::default()).unwrap().rows;
        rows.iter().map(|row| format!("{:?}", row.cells)).collect()
    }
}
