//! A session as a person types it, in a pseudo-terminal.
#![cfg(unix)]
#![allow(clippy::unwrap_used)] // A test that cannot talk to its terminal has failed.

use std::process::Command;
use std::time::Duration;

use expectrl::session::OsSession;
use expectrl::{ControlCode, Eof, Expect, Regex, Session};
use tempfile::TempDir;

const WIRE: &str = "tests/cli/fixture/wire.jsonl";

/// Slow machines take their time; a session that answers never waits for this.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a line editor sends once as it begins to read a line (xterm, bracketed paste mode).
const BRACKETED_PASTE_ON: &str = "\u{1b}[?2004h";

struct Terminal {
    session: OsSession,
    home: TempDir,
}

impl Terminal {
    /// Starts a session with an empty home.
    fn start(args: &[&str]) -> Terminal {
        Terminal::start_in(tempfile::tempdir().unwrap(), args)
    }

    fn start_in(home: TempDir, args: &[&str]) -> Terminal {
        Terminal::start_with(home, args, &[])
    }

    fn start_with(home: TempDir, args: &[&str], variables: &[(&str, &str)]) -> Terminal {
        let mut terminal = Terminal::spawn(home, args, variables);
        terminal.is_asked();
        terminal
    }

    /// Starts a session whose first lines are still to be read.
    fn start_first(home: TempDir, args: &[&str]) -> Terminal {
        Terminal::spawn(home, args, &[])
    }

    fn spawn(home: TempDir, args: &[&str], variables: &[(&str, &str)]) -> Terminal {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
        command
            .args(args)
            .env("HOME", home.path())
            .env("XDG_STATE_HOME", home.path())
            .env("XDG_CONFIG_HOME", home.path())
            .env("TERM", "xterm")
            .env("LC_ALL", "C.UTF-8")
            .env("NO_COLOR", "1")
            .env_remove("DATELINE_DB")
            .env_remove("PAGER")
            .envs(variables.iter().copied());
        let mut session = Session::spawn(command).unwrap();
        session.get_process_mut().set_window_size(100, 40).unwrap();
        session.set_expect_timeout(Some(PATIENCE));
        Terminal { session, home }
    }

    #[track_caller]
    fn sees(&mut self, text: &str) {
        if let Err(error) = self.session.expect(text) {
            panic!("never saw {text:?}: {error}");
        }
    }

    /// Waits until the next line may be typed: the prompt alone is drawn again at every key, and what is typed
    /// before the line is asked for can be lost with the line before it.
    #[track_caller]
    fn is_asked(&mut self) {
        self.is_asked_by("dateline> ");
    }

    #[track_caller]
    fn is_asked_by(&mut self, prompt: &str) {
        self.sees(BRACKETED_PASTE_ON);
        self.sees(prompt);
    }

    #[track_caller]
    fn sees_pattern(&mut self, pattern: &str) {
        if let Err(error) = self.session.expect(Regex(pattern)) {
            panic!("never saw /{pattern}/: {error}");
        }
    }

    /// Types a line; Enter is a carriage return while a line is edited.
    fn types(&mut self, line: &str) {
        self.session.send(format!("{line}\r")).unwrap();
    }

    fn presses(&mut self, key: ControlCode) {
        self.session.send(key).unwrap();
    }

    #[track_caller]
    fn leaves(mut self) -> TempDir {
        self.presses(ControlCode::EndOfTransmission);
        if let Err(error) = self.session.expect(Eof) {
            panic!("did not leave: {error}");
        }
        self.home
    }
}

#[test]
fn a_typo_is_answered_with_what_to_write() {
    let mut terminal = Terminal::start(&[WIRE]);
    terminal.types("fnd where mentions \"Idlib\"");
    terminal.sees("error[E001]: unknown statement `fnd`");
    terminal.sees("did you mean `find`?");
    terminal.is_asked();
    terminal.types("find where mentions \"Idlib\"");
    terminal.sees("Strikes on Idlib kill five");
    terminal.sees_pattern("2 articles, ");
    terminal.is_asked();
    terminal.leaves();
}

#[test]
fn a_statement_goes_on_until_it_is_whole() {
    let mut terminal = Terminal::start(&[WIRE]);
    terminal.types("count where source = \"AFP\" and");
    terminal.types("date in 2018");
    terminal.sees("count");
    terminal.sees_pattern("1\\s");
    terminal.is_asked();
    terminal.types("find where");
    terminal.types("");
    terminal.sees("error[E007]");
    terminal.is_asked();
    terminal.leaves();
}

#[test]
fn dot_commands_steer_the_session() {
    let mut terminal = Terminal::start(&[WIRE]);
    terminal.types(".mode csv");
    terminal.is_asked();
    terminal.types("find key, source where key = \"idlib-1\"");
    terminal.sees("idlib-1,AFP");
    terminal.is_asked();
    terminal.types(".again ndjson");
    terminal.sees("{\"key\":\"idlib-1\",\"source\":\"AFP\"}");
    terminal.is_asked();
    terminal.types(".open 1");
    terminal.sees("idlib-1");
    terminal.is_asked();
    terminal.types(".moed csv");
    terminal.sees("did you mean `.mode`?");
    terminal.is_asked();
    terminal.types(".limit 1");
    terminal.is_asked();
    terminal.types("find key order by key");
    terminal.sees("evil-1");
    terminal.is_asked();
    terminal.types(".next");
    terminal.sees("idlib-1");
    terminal.is_asked();
    // What is exported is the whole result, not the page on the screen.
    let file = terminal.home.path().join("all.csv");
    terminal.types(&format!(".export {}", file.display()));
    terminal.sees("wrote 6 rows");
    terminal.is_asked();
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("key\nevil-1\nidlib-1\n"));
    terminal.types(".quit 6");
    terminal.session.expect(Eof).unwrap();
}

#[test]
fn a_correction_is_one_key_away() {
    let mut terminal = Terminal::start(&[WIRE]);
    terminal.types("fnd key where source = \"Le Monde; Paris\"");
    terminal.sees("takes: find key where source = \"Le Monde; Paris\"");
    terminal.is_asked();
    terminal.session.send("\u{1b}[C\r").unwrap();
    terminal.sees("evil-1");
    terminal.is_asked();
    // A value that nothing has is met with the nearest one that some articles have.
    terminal.types("find key where source = \"Reuter\" and topic = \"war\"");
    terminal.sees("nearest value \"Reuters\" (3)");
    terminal.sees("takes: find key where source = \"Reuters\" and topic = \"war\"");
    terminal.is_asked();
    terminal.session.send("\u{1b}[C\r").unwrap();
    terminal.sees("idlib-2");
    terminal.sees("1 article, ");
    terminal.is_asked();
    terminal.leaves();
}

#[test]
fn earlier_statements_stand_greyed_behind_the_cursor() {
    let mut terminal = Terminal::start(&[WIRE]);
    terminal.types("count where topic = \"wheat\"");
    terminal.sees_pattern("2\\s");
    terminal.is_asked();
    terminal.session.send("count wh").unwrap();
    terminal.sees("ere topic = \"wheat\"");
    // Alt-F takes a word, Right takes the rest.
    terminal.session.send("\u{1b}f\u{1b}[C\r").unwrap();
    terminal.sees_pattern("2\\s");
    terminal.is_asked();
    terminal.session.send("timeline by ").unwrap();
    terminal.sees("month");
    terminal.presses(ControlCode::EndOfText);
    terminal.is_asked();
    terminal.leaves();
}

#[test]
fn a_result_can_be_asked_about() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let mut terminal = Terminal::start(&[WIRE]);
    terminal.types(".why 1");
    terminal.sees("there is no result yet");
    terminal.is_asked();
    terminal.types("find where text contains \"strikes\" and source = \"Reuters\"");
    terminal.sees("1 article, ");
    terminal.is_asked();
    terminal.types(".why 1");
    terminal.sees("text contains \"strikes\"");
    terminal.sees("[Strikes] on Idlib");
    terminal.sees("source = \"Reuters\"");
    terminal.sees("source  Reuters");
    terminal.is_asked();
    terminal.types(".why 2");
    terminal.sees("the last result has 1 row, and no row 2");
    terminal.is_asked();
    terminal.types(&format!(".export {}", file("found.csv")));
    terminal.sees("wrote 1 rows");
    terminal.is_asked();
    terminal.types("show 2");
    terminal.sees("1 article, ");
    terminal.is_asked();
    terminal.types(".why 1");
    terminal.sees("the last result is not that of a `find`");
    terminal.is_asked();
    terminal.types("top 3 place");
    terminal.sees("Idlib");
    terminal.is_asked();
    terminal.types(&format!(".plot {}", file("places.svg")));
    terminal.sees("drew ");
    terminal.is_asked();
    terminal.types(".explain on");
    terminal.is_asked();
    terminal.types("count where source = \"AFP\"");
    terminal.sees("where source = \"AFP\"");
    terminal.is_asked();
    terminal.types(".close");
    terminal.sees("closed wire.jsonl; `.open PATH` opens another");
    terminal.is_asked();
    terminal.types(&format!(".open {WIRE}"));
    terminal.sees("wire.jsonl, 6 articles");
    terminal.is_asked();
    terminal.leaves();
    let found = std::fs::read_to_string(file("found.csv")).unwrap();
    assert!(found.contains("idlib-2"), "{found}");
    assert!(std::fs::read_to_string(file("places.svg")).unwrap().contains(">Idlib</text>"));
}

#[test]
fn a_statement_may_be_written_in_an_editor() {
    let home = tempfile::tempdir().unwrap();
    let editor = home.path().join("editor");
    std::fs::write(&editor, "printf 'count where source = \"AFP\"' > \"$1\"\n").unwrap();
    let editor = format!("sh {}", editor.display());
    let mut terminal = Terminal::start_with(home, &[WIRE], &[("EDITOR", &editor)]);
    terminal.types(".edit");
    terminal.sees("count where source = \"AFP\"");
    terminal.sees_pattern("2\\s");
    terminal.is_asked();
    // It is in the history, as if it had been typed.
    terminal.session.send("\u{1b}[A").unwrap();
    terminal.sees("count where source = \"AFP\"");
    terminal.presses(ControlCode::EndOfText);
    terminal.is_asked();
    terminal.leaves();
}

#[test]
fn long_results_go_through_the_pager() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start_with(home, &[WIRE, "--pager", "sed s/^/paged:/"], &[]);
    terminal.types("find key limit 2");
    terminal.sees("\nidlib-2");
    terminal.is_asked();
    terminal.types(".mode line");
    terminal.is_asked();
    terminal.types("find *");
    terminal.sees("paged:");
    terminal.sees("6 articles, ");
    terminal.is_asked();
    terminal.types(".pager never");
    terminal.is_asked();
    terminal.types("find *");
    terminal.sees("\n── 1");
    terminal.is_asked();
    terminal.leaves();
}

#[test]
fn a_result_outlives_its_pager() {
    let home = tempfile::tempdir().unwrap();
    let many = home.path().join("many.jsonl");
    let row = |n: u32| format!("{{\"id\":\"row-{n}\",\"text\":\"{}\"}}\n", "Rain. ".repeat(60));
    let long = format!("{{\"id\":\"long\",\"text\":\"{}The end of it.\"}}\n", "Rain. ".repeat(60_000));
    std::fs::write(&many, (0..400).map(row).chain([long]).collect::<String>()).unwrap();
    let archive = many.to_str().unwrap();
    // A pager that cannot be run: the result is on the screen, longer than any pipe.
    let mut terminal = Terminal::start_with(home, &[archive, "--pager", "no-such-pager"], &[]);
    terminal.types("find key order by key");
    terminal.sees("row-0");
    terminal.sees("the first 20 articles, ");
    terminal.is_asked();
    terminal.types("find key, text order by key desc limit 400");
    terminal.sees("row-99");
    terminal.sees("400 articles, ");
    terminal.is_asked();
    // A value that is longer than what is kept of a result.
    terminal.types(".pager no-such-pager");
    terminal.is_asked();
    terminal.types(".mode tsv");
    terminal.is_asked();
    terminal.types("find key, text where key = \"long\" or key starts with \"row-39\" order by key desc");
    terminal.sees("row-399");
    terminal.sees("The end of it.");
    terminal.is_asked();
    terminal.types(".mode table");
    terminal.is_asked();
    // A pager that is left early: the result stays, and the statement was right.
    terminal.types(".pager sed -n 's/^/paged:/p;2q'");
    terminal.is_asked();
    terminal.types("find key, text order by key desc limit 400");
    terminal.sees("paged:");
    terminal.sees("400 articles, ");
    terminal.is_asked();
    terminal.session.send("find key, te").unwrap();
    terminal.sees("xt order by key desc limit 400");
    terminal.session.send("\u{1b}[C\r").unwrap();
    terminal.sees("400 articles, ");
    terminal.is_asked();
    terminal.types(".why 400");
    terminal.sees("the query has no condition");
    terminal.is_asked();
    terminal.leaves();
}

#[test]
fn a_dumb_terminal_gets_plain_lines() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::spawn(home, &[WIRE], &[("TERM", "dumb"), ("LC_ALL", "C")]);
    terminal.sees("dateline> ");
    terminal.session.send("timeline by month where date in 2018-08..2018-09\n").unwrap();
    terminal.sees("----");
    terminal.sees("2018-09      3  false    ##########");
    terminal.sees("peak 3");
    terminal.sees("dateline> ");
    terminal.leaves();
}

#[test]
fn changes_are_confirmed_with_their_number() {
    let mut terminal = Terminal::start(&[WIRE]);
    terminal.types("delete where source = \"AFP\"");
    terminal.sees("error[E401]");
    terminal.is_asked();
    terminal.types(".write on");
    terminal.is_asked_by("*> ");
    terminal.types("delete where source = \"AFP\"");
    terminal.sees("delete 2 articles? [y/N] ");
    terminal.types("");
    terminal.sees("nothing was changed");
    terminal.is_asked_by("*> ");
    terminal.types("add topic \"x\" where source = \"AFP\"");
    terminal.sees("change 2 articles? [y/N] ");
    terminal.types("y");
    terminal.sees("changed");
    terminal.is_asked_by("*> ");
    terminal.types("count where topic = \"x\"");
    terminal.sees_pattern("2\\s");
    terminal.is_asked_by("*> ");
    terminal.leaves();
}

#[test]
fn ctrl_c_clears_the_line_and_keeps_the_session() {
    let mut terminal = Terminal::start(&[WIRE]);
    terminal.session.send("find where nonsense").unwrap();
    // The line is drawn again where a hint gives way to what is typed.
    terminal.sees("onsense");
    terminal.presses(ControlCode::EndOfText);
    terminal.is_asked();
    terminal.types("count");
    terminal.sees_pattern("6\\s");
    terminal.is_asked();
    terminal.leaves();
}

#[test]
fn statements_are_remembered_between_sessions() {
    let mut terminal = Terminal::start(&[WIRE]);
    terminal.types("count where source = \"Reuters\"");
    terminal.sees_pattern("3\\s");
    terminal.is_asked();
    terminal.types(" count where source = \"AFP\"");
    terminal.sees_pattern("2\\s");
    terminal.is_asked();
    let home = terminal.leaves();

    let mut terminal = Terminal::start_in(home, &[WIRE]);
    terminal.types(".history reuters");
    terminal.sees("count where source = \"Reuters\"");
    terminal.is_asked();
    // Up once more: past the dot command, to the statement; the one that began with a space was not kept.
    terminal.session.send("\u{1b}[A\u{1b}[A").unwrap();
    terminal.sees("count where source = \"Reuters\"");
    terminal.types("");
    terminal.sees_pattern("3\\s");
    terminal.is_asked();
    terminal.leaves();
}

#[test]
fn names_are_completed_with_their_articles() {
    let mut terminal = Terminal::start(&[WIRE]);
    terminal.session.send("find where mentions \"Idl\t").unwrap();
    terminal.sees("Idlib\"");
    terminal.types("");
    terminal.sees("Strikes on Idlib");
    terminal.is_asked();
    terminal.session.send("find where mentions place \"\t\t").unwrap();
    terminal.sees("Idlib (place, 2)");
    terminal.sees("dateline> find where mentions place");
    terminal.presses(ControlCode::EndOfText);
    terminal.is_asked();
    terminal.leaves();
}

#[test]
fn hostile_text_never_reaches_the_terminal() {
    let mut terminal = Terminal::start(&[WIRE]);
    terminal.types("find title where date in 2017");
    terminal.sees("Cursor ␛[2J tricks");
    terminal.is_asked();
    terminal.leaves();
}

/// A first day and the next one, as a new user lives them.
#[test]
fn a_user_lives_two_days_with_it() {
    let home = tempfile::tempdir().unwrap();
    let path = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
    let (database, chart) = (path("news.db"), path("months.svg"));
    let wire = std::fs::canonicalize(WIRE).unwrap().display().to_string();

    // The database is new and empty; the session says how articles get in.
    let mut terminal = Terminal::start_first(home, &[&database, "--create", "--write"]);
    terminal.sees("news.db is empty (put articles in with: dateline import");
    terminal.is_asked_by("news.db*> ");
    terminal.types(&format!(".import {wire}"));
    terminal.sees("6 articles added; ");
    terminal.is_asked_by("news.db*> ");

    // A typo is mended with one key.
    terminal.types("fnd where mentions \"Idlib\"");
    terminal.sees("did you mean `find`?");
    terminal.is_asked_by("news.db*> ");
    terminal.session.send("\u{1b}[C\r").unwrap();
    terminal.sees("Strikes on Idlib kill five");
    terminal.sees("2 articles, ");
    terminal.is_asked_by("news.db*> ");

    // A name is completed from the archive.
    terminal.session.send("count where mentions \"Dam\t").unwrap();
    terminal.sees("ascus\"");
    terminal.types("");
    terminal.sees_pattern("1\\s");
    terminal.is_asked_by("news.db*> ");

    terminal.types("timeline by month where date in 2018-08..2018-09");
    terminal.sees("peak 3");
    terminal.is_asked_by("news.db*> ");
    terminal.types(&format!(".plot {chart}"));
    terminal.sees("drew ");
    terminal.is_asked_by("news.db*> ");
    let home = terminal.leaves();
    assert!(std::fs::read_to_string(&chart).unwrap().contains("2018-09: 3"));

    // The next day the archive is there, and so is what was asked.
    let mut terminal = Terminal::start_first(home, &[&database]);
    terminal.sees("news.db, 6 articles");
    terminal.is_asked();
    terminal.session.send("timeline").unwrap();
    terminal.sees(" by month where date in 2018-08..2018-09");
    terminal.session.send("\u{1b}[C\r").unwrap();
    terminal.sees("peak 3");
    terminal.is_asked();
    // Today it only reads, and says how to write.
    terminal.types(&format!(".import {wire}"));
    terminal.sees(".write on");
    terminal.is_asked();
    terminal.leaves();
}
