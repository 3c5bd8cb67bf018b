//! The command as scripts see it: rows, messages, exit codes.
//!
//! Each file of `tests/cli` is a list of commands with what they print. `TRYCMD=overwrite cargo test --test cli` writes
//! down what they print today; read the difference before it is committed.

#![allow(clippy::unwrap_used)] // A test whose command cannot even start has failed.

use std::io::{BufRead, Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

const WIRE: &str = "tests/cli/fixture/wire.jsonl";

/// A folder that does not exist.
const NOWHERE: &str = "tests/cli/nowhere";

fn dateline(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
    command.args(args).env_remove("DATELINE_DB").env_remove("CLICOLOR_FORCE").stdin(Stdio::null());
    // The configuration of whoever runs the tests is not theirs.
    command.env_remove("DATELINE_CONFIG").env("XDG_CONFIG_HOME", NOWHERE).env("HOME", NOWHERE);
    command
}

fn run(args: &[&str]) -> Output {
    dateline(args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn commands_print_what_is_written_down() {
    trycmd::TestCases::new()
        .env("LC_ALL", "C.UTF-8")
        .env("XDG_CONFIG_HOME", NOWHERE)
        .env("HOME", NOWHERE)
        .case("tests/cli/*.trycmd")
        .insert_var("[VERSION]", env!("CARGO_PKG_VERSION"))
        .unwrap();
}

#[test]
fn a_script_may_come_through_a_pipe() {
    let mut child = dateline(&["--quiet", WIRE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"count\nwhere source = \"AFP\"").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(text(&output.stdout), "count\n2\n");
    assert_eq!((text(&output.stderr).as_str(), output.status.code()), ("", Some(0)));
}

#[test]
fn a_closed_pipe_ends_the_run_silently() {
    let script = "find *;\n".repeat(2_000);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("many.dql");
    std::fs::write(&file, script).unwrap();
    let mut child = dateline(&["--quiet", WIRE, "-f", file.to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((text(&output.stderr).as_str(), output.status.code()), ("", Some(0)));
}

#[test]
fn colours_follow_option_then_environment() {
    let coloured = |args: &[&str], variables: &[(&str, &str)]| {
        let mut command = dateline(args);
        let output = command.envs(variables.iter().copied()).output().unwrap();
        text(&output.stderr).contains('\u{1b}')
    };
    let wrong = ["--quiet", WIRE, "fnd"];
    assert!(!coloured(&wrong, &[]));
    assert!(coloured(&wrong, &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&wrong, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(coloured(&["--color", "always", "--quiet", WIRE, "fnd"], &[("NO_COLOR", "1")]));
    assert!(!coloured(&["--color", "never", "--quiet", WIRE, "fnd"], &[("CLICOLOR_FORCE", "1")]));
}

#[test]
fn the_environment_may_name_the_database() {
    let output = dateline(&["--quiet", "-c", "count"]).env("DATELINE_DB", WIRE).output().unwrap();
    assert_eq!(text(&output.stdout), "count\n6\n");
    let output = dateline(&["schema", WIRE, "--quiet"]).env("DATELINE_DB", "no-such.db").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

#[test]
fn imported_articles_are_found_in_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("news.db");
    let database = database.to_str().unwrap();
    let first = run(&["import", database, WIRE]);
    assert_eq!(first.status.code(), Some(0), "{}", text(&first.stderr));
    assert!(text(&first.stderr).starts_with("6 articles added; "), "{}", text(&first.stderr));
    assert_eq!(text(&first.stdout), "");
    let again = run(&["import", database, WIRE]);
    assert!(
        text(&again.stderr).starts_with("0 articles added, 6 already there; "),
        "{}",
        text(&again.stderr)
    );
    let found = run(&[database, "find key where mentions \"Idlib\" and date > 2018-09-01 oldest first"]);
    assert_eq!(text(&found.stdout), "key\nidlib-1\nidlib-2\n");
    assert_eq!(text(&found.stderr), "");
    assert_eq!(run(&["check", database]).status.code(), Some(0));
    assert!(text(&run(&["stats", database]).stdout).contains("articles"));
}

#[test]
fn rejected_rows_fail_only_where_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("rows.jsonl");
    std::fs::write(&input, "{\"id\":\"a\",\"text\":\"Good.\"}\n{\"id\":\"b\"}\n").unwrap();
    let input = input.to_str().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let lenient = run(&["import", &path("a.db"), input]);
    assert_eq!(lenient.status.code(), Some(0));
    assert!(text(&lenient.stderr).contains("1 article added, 1 rejected"), "{}", text(&lenient.stderr));
    assert!(Path::new(&path("rows.jsonl.rejected.ndjson")).exists());
    assert_eq!(run(&["import", "--strict", &path("b.db"), input]).status.code(), Some(5));
}

#[test]
fn an_export_appears_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let done =
        run(&["export", "--quiet", WIRE, &path("a.csv"), "find key where source = \"AFP\" order by key"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    assert_eq!(std::fs::read_to_string(path("a.csv")).unwrap(), "key\nidlib-1\nquake-1\n");
    assert_eq!(run(&["export", "--quiet", WIRE, &path("b.csv"), "fnd"]).status.code(), Some(3));
    assert_eq!(run(&["export", "--quiet", WIRE, &path("b"), "find"]).status.code(), Some(2));
    let statement = format!("export to \"{}\" find key where source = \"AFP\" limit 1", path("c.ndjson"));
    assert_eq!(run(&["--quiet", WIRE, &statement]).status.code(), Some(0));
    assert_eq!(std::fs::read_to_string(path("c.ndjson")).unwrap().lines().count(), 1);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn an_export_statement_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.csv");
    std::fs::write(&file, "mine").unwrap();
    let output = run(&["--quiet", WIRE, &format!("export to \"{}\" count", file.display())]);
    assert_eq!(output.status.code(), Some(5));
    assert!(text(&output.stderr).contains("the file exists"), "{}", text(&output.stderr));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
}

#[test]
fn a_script_changes_the_database_statement_by_statement() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("news.db");
    let database = database.to_str().unwrap();
    assert_eq!(run(&["import", database, WIRE]).status.code(), Some(0));
    let script = "define @wheat as topic = \"wheat\"; \
        insert {\"id\": \"new-1\", \"title\": \"Rain\", \"text\": \"It rains.\", \"mood\": \"calm\"}; \
        add topic \"harvest\" where @wheat or mood = \"calm\"; \
        delete where source = \"AFP\"; \
        find key where topic = \"harvest\" order by key; count";
    let refused = run(&[database, "-c", script]);
    assert_eq!(refused.status.code(), Some(6), "{}", text(&refused.stderr));
    assert_eq!(text(&run(&[database, "count"]).stdout), "count\n6\n");
    let done = run(&["--quiet", "--write", database, "-c", script]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let said = text(&done.stdout);
    assert!(said.starts_with("changed\n1\nchanged\n3\nchanged\n2\nkey\n"), "{said}");
    assert!(said.contains("\nnew-1\n") && said.ends_with("\ncount\n5\n"), "{said}");
    let json = run(&["--write", "--format", "json", database, "drop @wheat"]);
    let expected = "{\"statement\":1,\"kind\":\"drop\",\"columns\":[],\"rows\":[],";
    assert!(text(&json.stdout).starts_with(expected), "{}", text(&json.stdout));
    let wrong = run(&["--write", database, "-c", "delete all; drop @wheat"]);
    assert_eq!(wrong.status.code(), Some(3));
    assert_eq!(text(&run(&[database, "count"]).stdout), "count\n5\n");
    let twice = run(&["--write", database, "insert {\"id\": \"new-1\", \"text\": \"Again.\"}"]);
    assert_eq!(twice.status.code(), Some(5), "{}", text(&twice.stderr));
    assert_eq!(run(&["check", database]).status.code(), Some(0));
}

#[test]
fn results_may_go_to_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out.tsv");
    let output = run(&["--quiet", WIRE, "count", "--output", file.to_str().unwrap()]);
    assert_eq!((text(&output.stdout).as_str(), output.status.code()), ("", Some(0)));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "count\n6\n");
    let output = run(&["--quiet", WIRE, "count", "--output", "/no/such/folder/x"]);
    assert_eq!(output.status.code(), Some(5));
}

#[test]
fn a_passed_deadline_has_its_own_exit() {
    let output = run(&["--quiet", WIRE, "--timeout", "0s", "find where text contains \"wheat\""]);
    assert_eq!(output.status.code(), Some(124), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("--timeout"));
}

#[test]
fn an_interrupt_has_its_own_exit() {
    // The script comes from a pipe that stays open, so the command waits once it has said what it loaded.
    let mut child = dateline(&[WIRE]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut loaded = String::new();
    std::io::BufReader::new(child.stderr.take().unwrap()).read_line(&mut loaded).unwrap();
    assert!(loaded.starts_with("loaded 6 articles"), "{loaded}");
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn a_database_is_made_only_where_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("new.db");
    let database = database.to_str().unwrap();
    assert_eq!(run(&[database, "count"]).status.code(), Some(4));
    let made = run(&[database, "--create", "count"]);
    assert_eq!(
        (text(&made.stdout).as_str(), made.status.code()),
        ("count\n0\n", Some(0)),
        "{}",
        text(&made.stderr)
    );
}

#[test]
fn text_may_be_imported_alone_and_extracted_later() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("news.db");
    let database = database.to_str().unwrap();
    assert_eq!(run(&["import", "--no-extract", database, WIRE]).status.code(), Some(0));
    assert!(text(&run(&["stats", database]).stdout).contains("not extracted\t6\n"));
    let done = run(&["reextract", database]);
    assert_eq!((text(&done.stderr).as_str(), done.status.code()), ("6 articles extracted again\n", Some(0)));
    let stats = text(&run(&["stats", database]).stdout);
    assert!(stats.contains("extracted by version") && !stats.contains("not extracted"), "{stats}");
    assert!(text(&run(&["reextract", database]).stderr).starts_with("0 articles"));
}

#[test]
fn a_configuration_stands_under_the_options() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    let with = |text: &str, args: &[&str]| {
        std::fs::write(&config, text).unwrap();
        dateline(args).env("DATELINE_CONFIG", &config).output().unwrap()
    };
    let date = "find date where key = \"wheat-2\"";
    let zone = "timezone = \"+03:00\"";
    let shown = |output: Output| (text(&output.stdout), output.status.code());
    assert_eq!(shown(with(zone, &["--quiet", WIRE, date])).0, "date\n2018-08-28T17:30:00+03:00\n");
    let utc = "date\n2018-08-28T14:30:00Z\n";
    assert_eq!(shown(with(zone, &["--quiet", WIRE, date, "--timezone", "Z"])).0, utc);
    assert_eq!(shown(with(zone, &["--quiet", WIRE, date, "--no-config"])).0, utc);

    let asked = ["--quiet", WIRE, "count where source = :wire"];
    assert_eq!(shown(with("[params]\nwire = \"AFP\"", &asked)), ("count\n2\n".to_owned(), Some(0)));
    let database = format!("database = \"{WIRE}\"");
    assert_eq!(shown(with(&database, &["--quiet", "-c", "count"])), ("count\n6\n".to_owned(), Some(0)));
    // Scripts read what they read yesterday.
    assert_eq!(shown(with("format = \"json\"", &["--quiet", WIRE, "count"])).0, "count\n6\n");
}

#[test]
fn a_wrong_configuration_says_where_and_what_to_write() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    let with = |text: &str| {
        std::fs::write(&config, text).unwrap();
        let output = dateline(&["--quiet", WIRE, "count"]).env("DATELINE_CONFIG", &config).output().unwrap();
        (text_of(&output), output.status.code())
    };
    let (message, code) = with("colour = \"never\"");
    assert!(message.contains("there is no setting `colour`") && message.contains("did you mean `color`?"));
    assert_eq!(code, Some(0));
    let (message, code) = with("timezone = \"Moscow\"");
    assert!(message.contains("timezone: write an offset") && message.contains("--no-config"), "{message}");
    assert_eq!(code, Some(2));
    let (message, code) = with("timezone = ");
    assert!(message.contains("config.toml") && code == Some(2), "{message}");
    let missing = dateline(&[WIRE, "count"]).env("DATELINE_CONFIG", "no/such.toml").output().unwrap();
    assert_eq!(missing.status.code(), Some(5));
}

fn text_of(output: &Output) -> String {
    text(&output.stderr)
}

#[test]
fn a_stream_is_answered_statement_by_statement() {
    let mut child = dateline(&["--quiet", "--stream", WIRE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut answer = || {
        let mut lines = String::new();
        stdout.read_line(&mut lines).unwrap();
        stdout.read_line(&mut lines).unwrap();
        lines
    };
    // The second statement is written only once the first is answered.
    stdin.write_all(b"count; # so far\n").unwrap();
    assert_eq!(answer(), "count\n6\n");
    stdin.write_all(b"count where source = \"A;B\"\n  or source = \"AFP\";\n").unwrap();
    assert_eq!(answer(), "count\n2\n");
    stdin.write_all(b"fnd;\ncount;\n").unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(text(&output.stderr).contains("did you mean `find`?"));
    assert_eq!(output.status.code(), Some(3));
}

#[test]
fn what_a_run_cost_is_written_down() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("stats.json");
    let script = ["-c", "find key where source = \"AFP\" limit 1", "-c", "count"];
    let mut args = vec!["--quiet", WIRE, "--stats-json", file.to_str().unwrap()];
    args.extend(script);
    assert_eq!(run(&args).status.code(), Some(0));
    let stats: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(stats["exit"], 0);
    let first = &stats["statements"][0];
    assert_eq!((first["kind"].as_str(), first["rows"].as_u64()), (Some("find"), Some(1)));
    assert!(first["plan"].as_array().is_some_and(|lines| !lines.is_empty()), "{first}");
    assert!(first["elapsed_ms"].as_f64().is_some() && first["text"].as_str().unwrap().starts_with("find"));
    assert_eq!(stats["statements"][1]["statement"], 2);
}

#[test]
fn statements_that_are_wrong_are_written_down_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("stats.json");
    let path = file.to_str().unwrap();
    let stats = |args: &[&str], code: i32| -> serde_json::Value {
        let output = run(&[&["--quiet", "--stats-json", path], args].concat());
        assert_eq!(output.status.code(), Some(code), "{}", text_of(&output));
        let stats: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        assert_eq!(stats["exit"], code);
        stats
    };
    let wrong = ["-c", "count", "-c", "fnd; find where sorce = \"AFP\""];
    let checked = stats(&[&[WIRE], &wrong[..]].concat(), 3);
    let codes = |stats: &serde_json::Value| {
        let of = |statement: &serde_json::Value| {
            (statement["statement"].as_u64(), statement["errors"][0]["code"].as_str().map(str::to_owned))
        };
        stats["statements"].as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    let errors = [(Some(2), Some("E001".to_owned())), (Some(3), Some("E101".to_owned()))];
    assert_eq!(codes(&checked), errors);
    let kept = stats(&[&["--keep-going", WIRE], &wrong[..]].concat(), 3);
    assert_eq!(codes(&kept)[1..], errors);
    // Neither is a run silent that never began.
    assert!(codes(&stats(&["no-such.db", "count"], 4)).is_empty());
    assert!(codes(&stats(&[WIRE, "-f", "no-such.dql"], 5)).is_empty());
    assert!(codes(&stats(&[WIRE, "--stream", "-f", "no-such.dql"], 5)).is_empty());
}

#[test]
fn what_is_only_checked_is_not_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let chart = folder.path().join("chart.svg");
    let output = run(&["--quiet", WIRE, "--check", "--plot", chart.to_str().unwrap(), "top 3 place"]);
    assert_eq!((text_of(&output).as_str(), output.status.code()), ("", Some(0)));
    assert!(!chart.exists());
}

#[test]
fn a_session_checks_the_archive_that_it_has_open() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (database, script) = (path("news.db"), path("check.dql"));
    assert_eq!(run(&["import", "--quiet", &database, WIRE]).status.code(), Some(0));
    std::fs::write(&script, ".check\n.check deep\n").unwrap();
    // Articles in a temporary database, a database that is read, and one that this process itself writes.
    for args in [vec![WIRE], vec![&database], vec!["--write", &database]] {
        let output = run(&[args.clone(), vec!["-f", &script]].concat());
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", text_of(&output));
        assert_eq!(text_of(&output).matches(" is sound: 6 articles").count(), 2, "{}", text_of(&output));
    }
}

#[test]
fn a_session_looks_after_its_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (database, script) = (path("news.db"), path("care.dql"));
    assert_eq!(run(&["import", "--quiet", &database, WIRE]).status.code(), Some(0));
    let lines = format!(
        ".backup '{}'\n.reindex\n.restore '{}' {}\n.check\ncount\n",
        path("my copy"),
        path("my copy"),
        path("second.db")
    );
    std::fs::write(&script, lines).unwrap();
    let done = run(&["--write", &database, "-f", &script]);
    assert_eq!(
        (text(&done.stdout).as_str(), done.status.code()),
        ("count\n6\n", Some(0)),
        "{}",
        text_of(&done)
    );
    let said = text_of(&done);
    assert!(said.contains("6 articles in ") && said.contains("6 articles indexed again\n"), "{said}");
    assert!(said.contains("second.db is sound: 6 articles"), "{said}");
    // What only reads is not rebuilt, articles in a folder have no files to copy, and some sessions touch none.
    assert_eq!(run(&[&database, "-c", ".reindex"]).status.code(), Some(6));
    let refused = run(&["--safe", &database, "-c", &format!(".backup {}", path("other"))]);
    assert_eq!(refused.status.code(), Some(6), "{}", text_of(&refused));
    let nothing = run(&["--quiet", WIRE, "-c", &format!(".backup {}", path("other"))]);
    assert!(
        nothing.status.code() == Some(2) && text_of(&nothing).contains("is no database"),
        "{}",
        text_of(&nothing)
    );
    assert!(!Path::new(&path("other")).exists());
}

#[test]
fn results_are_drawn_into_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let chart = path("chart.svg");
    let args = ["--quiet", WIRE, "--plot", &chart, "top 3 place; find; timeline by month where date in 2018"];
    let output = run(&args);
    assert_eq!(output.status.code(), Some(0), "{}", text_of(&output));
    let drawn = |name: &str| std::fs::read_to_string(path(name)).unwrap();
    assert!(drawn("chart.svg").contains(">Idlib</text>") && drawn("chart-2.svg").contains("2018-09: 3"));
    let statement = format!("export to \"{}\" timeline by month where date in 2018", path("b.svg"));
    assert_eq!(run(&["--quiet", WIRE, &statement]).status.code(), Some(0));
    assert!(drawn("b.svg").starts_with("<svg"));
}

#[test]
fn results_in_one_place_make_one_page() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let heads = |output: &Output| {
        let page = text(&output.stdout);
        assert!(page.starts_with("<!doctype html>"), "{page}");
        (page.matches("<head>").count(), page.matches("<section>").count())
    };
    let html = |args: &[&str]| run(&[&["--quiet", WIRE, "--format", "html"], args].concat());
    assert_eq!(heads(&html(&["count; top 2 place; find"])), (1, 3));
    // The first statement gives no result: it goes to a file of its own, or is wrong.
    let export = format!("export to \"{}\" count", path("a.csv"));
    assert_eq!(heads(&html(&["-c", &export, "-c", "count", "-c", "find"])), (1, 2));
    assert_eq!(heads(&html(&["--keep-going", "fnd; count; find"])), (1, 2));
    // Dot commands carry no number.
    let file = path("dots.dql");
    std::fs::write(&file, "count\n.fields\n.stats\ncount\n").unwrap();
    assert_eq!(heads(&html(&["-f", &file])), (1, 4));
}

#[test]
fn an_svg_holds_one_chart() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let script = "top 3 place; timeline by month where date in 2018";
    let both = run(&["--quiet", WIRE, "--format", "svg", script]);
    assert_eq!(both.status.code(), Some(3));
    assert!(text_of(&both).contains("an svg holds one chart"), "{}", text_of(&both));
    assert_eq!(text(&both.stdout).matches("<svg").count(), 1);
    // `--plot` numbers its files whatever goes to the output.
    let drawn = run(&["--quiet", WIRE, "--format", "html", "--plot", &path("c.svg"), script]);
    assert_eq!(drawn.status.code(), Some(0), "{}", text_of(&drawn));
    assert!(std::fs::read_to_string(path("c-2.svg")).unwrap().starts_with("<svg"));
}

#[test]
fn the_console_page_of_a_report_is_clean() {
    let Some(browser) = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| {
        Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
    }) else {
        return println!("skipped: no Chromium is installed");
    };
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("report.html");
    let script = "find with total; top 3 place; timeline by month where date in 2018; show \"evil-1\"";
    let script =
        script.replace("find with total", "find where text contains \"text\" or date > 2000 with snippets");
    let output = run(&["--quiet", WIRE, "--format", "html", "--output", page.to_str().unwrap(), &script]);
    assert_eq!(output.status.code(), Some(0), "{}", text_of(&output));
    let profile = format!("--user-data-dir={}", folder.path().join("profile").display());
    let shown = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--enable-logging=stderr",
            "--dump-dom",
            &profile,
        ])
        .arg(format!("file://{}", page.display()))
        .output()
        .unwrap();
    let (dom, log) = (text(&shown.stdout), String::from_utf8_lossy(&shown.stderr).into_owned());
    assert!(!log.contains(":CONSOLE"), "{log}");
    for part in ["<section>", "<mark>", "<svg", "<table>", "<dl>"] {
        assert!(dom.contains(part), "{part} is missing:\n{dom}");
    }
    assert!(!dom.contains("<script") && !dom.contains(" src=") && !dom.contains('\u{1b}'));
}

#[test]
fn help_reads_well_at_each_level() {
    for level in [vec![], vec!["import"], vec!["export"], vec!["check"], vec!["completions"], vec!["man"]] {
        let help = text(&run(&[level.clone(), vec!["--help"]].concat()).stdout);
        assert!(help.contains("Usage: dateline"), "{level:?}:\n{help}");
        assert!(help.lines().all(|line| line.chars().count() <= 120), "{level:?}:\n{help}");
    }
    assert!(text(&run(&["import", "--help"]).stdout).contains("Examples:"));
    assert!(text(&run(&["man", "import"]).stdout).contains(".TH dateline-import"));
}

#[test]
fn a_database_is_looked_after_over_its_life() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let database = path("news.db");
    let does = |args: &[&str], said: &str| {
        let output = run(args);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains(said), "{args:?}: {}", text(&output.stderr));
    };
    does(&["import", &database, WIRE], "6 articles added");
    does(&["check", "--deep", &database], "is sound: 6 articles");
    does(&["reindex", &database], "6 articles indexed again");
    does(&["compact", "--purge", &database], " to ");
    does(&["backup", &database, &path("backup")], "6 articles in ");
    does(&["backup", &database, &path("backup")], "there already");
    does(&["restore", &path("backup"), &path("restored.db")], "6 articles in ");
    does(&["dump", &database, &path("news.jsonl.zst")], "6 articles in ");
    does(&["load", &path("loaded.db"), &path("news.jsonl.zst")], "6 articles added");
    does(&["load", &path("loaded.db"), &path("news.jsonl.zst")], "0 articles added, 6 already there");
    does(&["repair", &database], "needs no repair: 6 articles");
    for copy in [&database, &path("restored.db"), &path("loaded.db"), &path("backup")] {
        let found = run(&["--quiet", copy, "find id, key order by key"]);
        assert_eq!(
            text(&found.stdout),
            text(&run(&["--quiet", &database, "find id, key order by key"]).stdout)
        );
    }
    std::fs::write(Path::new(&database).join("MANIFEST"), "nonsense").unwrap();
    let checked = run(&["check", &database]);
    assert_eq!(checked.status.code(), Some(4));
    assert!(text(&checked.stderr).contains("MANIFEST"), "{}", text(&checked.stderr));
    does(&["repair", &database], "is repaired and sound: 6 articles");
    does(&["check", "--deep", &database], "is sound");
    assert_eq!(run(&["restore", &path("backup"), &database]).status.code(), Some(4));
    assert_eq!(run(&["restore", &path("none"), &path("x.db")]).status.code(), Some(4));
    assert_eq!(run(&["repair", &path("none")]).status.code(), Some(4));
    assert_eq!(run(&["load", &path("y.db"), WIRE]).status.code(), Some(5));
}

#[test]
fn pages_feeds_and_letters_go_in() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("news.db");
    let database = database.to_str().unwrap();
    let imported = run(&["import", database, "tests/cli/fixture/web"]);
    assert_eq!(imported.status.code(), Some(0), "{}", text_of(&imported));
    assert!(text_of(&imported).starts_with("5 articles added; "), "{}", text_of(&imported));
    let found = run(&["--quiet", database, "find key, date, title, source order by key", "--format", "csv"]);
    assert_eq!(
        text(&found.stdout),
        "key,date,title,source\n\
         17@herald.example,2018-09-03T08:00:00Z,Café talks,The Herald Today\n\
         18@herald.example,2018-09-04T08:00:00Z,Round two,The Herald Today\n\
         herald-17,2018-09-03T10:00:00Z,Envoys meet & talk,The Herald\n\
         herald-18,2018-09-05T10:00:00Z,Strikes go on,The Herald\n\
         https://herald.example/envoys,2018-09-03T10:00:00Z,Envoys meet in Damascus,The Herald\n"
    );
}

#[test]
fn an_import_can_be_tried_and_resumed() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("news.db");
    let database = database.to_str().unwrap();
    let tried = run(&["import", database, WIRE, "--dry-run"]);
    assert_eq!(text_of(&tried), "without --dry-run: 6 articles added; nothing was changed\n");
    assert!(!Path::new(database).exists(), "a trial makes no database");
    assert_eq!(run(&["import", database, WIRE, "--resume"]).status.code(), Some(0));
    let again = run(&["import", database, WIRE, "--resume"]);
    assert!(text_of(&again).starts_with("0 articles added, 6 already there"), "{}", text_of(&again));
    let tried = run(&["import", database, WIRE, "--dry-run"]);
    let unchanged = "without --dry-run: 0 articles added, 6 already there; nothing was changed\n";
    assert_eq!(text_of(&tried), unchanged);
    let both = run(&["import", database, WIRE, "--resume", "--on-duplicate", "replace"]);
    assert_eq!(both.status.code(), Some(2));
}

#[test]
fn a_watched_folder_and_its_database_stay_in_step() {
    let folder = tempfile::tempdir().unwrap();
    let news = folder.path().join("news");
    std::fs::create_dir(&news).unwrap();
    std::fs::write(news.join("a.txt"), "Talks begin\n\nThey met.").unwrap();
    let database = folder.path().join("news.db");
    let mut child = dateline(&["import", database.to_str().unwrap(), news.to_str().unwrap(), "--watch"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = std::io::BufReader::new(child.stderr.take().unwrap()).lines();
    let mut next = || said.next().unwrap().unwrap();
    assert!(next().starts_with("1 article added; "));
    assert!(next().starts_with("watching"));
    std::fs::write(news.join("b.txt"), "Talks end\n\nThey parted.").unwrap();
    assert!(next().starts_with("1 article added; "));
    std::fs::write(news.join("a.txt"), "Talks begin again\n\nThey met, as said.").unwrap();
    let replaced = next();
    assert!(replaced.starts_with("0 articles added, 1 replaced"), "{replaced}");
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let found = run(&["--quiet", database.to_str().unwrap(), "find key, title order by key"]);
    assert_eq!(text(&found.stdout), "key\ttitle\nnews/a.txt\tTalks begin again\nnews/b.txt\tTalks end\n");
}

#[test]
fn the_manual_of_the_command_names_everything() {
    let manual = std::fs::read_to_string("docs/COMMAND.md").unwrap();
    let help = run(&["--quiet", "--error-format", "human", WIRE, "-c", ".moed"]);
    assert_eq!(help.status.code(), Some(2));
    let listed = dateline(&[WIRE, "-c", ".help"]).output().unwrap();
    let commands: Vec<String> = text(&listed.stderr)
        .lines()
        .filter_map(|line| line.strip_prefix('.')?.split_whitespace().next().map(str::to_owned))
        .collect();
    assert!(commands.len() > 20, "{commands:?}");
    for command in commands {
        assert!(manual.contains(&format!("`.{command}")), ".{command} is missing in docs/COMMAND.md");
    }
}

#[test]
fn help_names_the_exit_codes_and_every_subcommand() {
    let help = text(&run(&["--help"]).stdout);
    for word in
        ["import", "export", "check", "stats", "schema", "repair", "backup", "Exit codes", "--keep-going"]
    {
        assert!(help.contains(word), "{word} is missing:\n{help}");
    }
    assert!(help.lines().all(|line| line.chars().count() <= 120), "{help}");
}

#[test]
#[cfg(unix)]
fn a_script_may_run_itself() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("weekly");
    let wire = std::fs::canonicalize(WIRE).unwrap();
    let lines =
        format!("#!/usr/bin/env -S dateline {} --quiet -f\ncount where source = \"AFP\"\n", wire.display());
    std::fs::write(&script, lines).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    let own = Path::new(env!("CARGO_BIN_EXE_dateline")).parent().unwrap();
    let path = format!("{}:{}", own.display(), std::env::var("PATH").unwrap());
    let output = Command::new(&script).env("PATH", path).env("XDG_CONFIG_HOME", NOWHERE).output().unwrap();
    assert_eq!(text_of(&output), "");
    assert_eq!((text(&output.stdout).as_str(), output.status.code()), ("count\n2\n", Some(0)));
}
