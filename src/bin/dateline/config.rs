//! The configuration file: what holds where the command line says nothing.
//!
//! | key | what it sets | where it holds |
//! |---|---|---|
//! | `format` `width` `limit` `header` `plot` `timer` | as the options of these names | results on a terminal: no script changes its output |
//! | `color` `pager` | as the options | results on a terminal |
//! | `timezone` | as `--timezone` | everywhere |
//! | `database` | the database that is opened where none is named | everywhere |
//! | `[params]` | parameters by name; quoted text, numbers, `true`, dates, lists | everywhere |

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use dateline::query::{Binding, Bindings, Parameter, nearest};
use dateline::value::{Number, Value};
use toml::{Table, Value as Toml};

use crate::args::{Cli, Command, PagerArg, When, WidthArg, offset};
use crate::failure::{Exit, Failure, Note, Severity};
use crate::folders::config_folder;

/// The largest configuration file, in bytes (1 MiB).
const CONFIG_BYTES_MAX: u64 = 1 << 20;

/// Every key, as messages name them.
const KEYS: [&str; 11] = [
    "format", "width", "limit", "header", "plot", "timer", "color", "pager", "timezone", "database", "params",
];

/// What only the configuration file can say.
#[derive(Debug, Clone, Default)]
pub struct Defaults {
    /// Values of parameters that the command line does not bind.
    pub params: Bindings,
    /// Whether tables draw bars.
    pub plot: Option<bool>,
    /// Whether each result says how long it took.
    pub timer: bool,
}

/// Puts the configuration under the options of the command line, and returns what is to be said about it.
///
/// # Errors
///
/// A usage error that names file and key where a value cannot be read.
pub fn apply(cli: &mut Cli, results_on_screen: bool) -> Result<Vec<Note>, Failure> {
    // What is generated from the command line is the same for everyone.
    let is_generated = matches!(cli.subcommand, Some(Command::Completions(_) | Command::Man(_)));
    if cli.common.no_config || is_generated {
        return Ok(Vec::new());
    }
    let Some((path, text)) = read()? else { return Ok(Vec::new()) };
    let table: Table = text.parse().map_err(|error: toml::de::Error| wrong(&path, error.message()))?;
    let mut unknown = Vec::new();
    for (key, value) in &table {
        if !KEYS.contains(&key.as_str()) {
            unknown.push(unknown_key(&path, key));
            continue;
        }
        set(cli, key, value, results_on_screen)
            .map_err(|reason| wrong(&path, &format!("{key}: {reason}")))?;
    }
    Ok(unknown)
}

/// Returns the configuration file with its text; `None` where there is none and none was asked for.
fn read() -> Result<Option<(PathBuf, String)>, Failure> {
    let asked = std::env::var_os("DATELINE_CONFIG").filter(|value| !value.is_empty()).map(PathBuf::from);
    let is_asked = asked.is_some();
    let standard = || config_folder().map(|folder| folder.join("dateline").join("config.toml"));
    let Some(path) = asked.or_else(standard) else { return Ok(None) };
    if !is_asked && !path.exists() {
        return Ok(None);
    }
    let length = std::fs::metadata(&path).map(|metadata| metadata.len());
    if length.is_ok_and(|length| length > CONFIG_BYTES_MAX) {
        return Err(wrong(&path, "it is larger than 1 MiB"));
    }
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(Some((path, text))),
        Err(error) => {
            let note = Note::error(format!("cannot read the configuration {}: {error}", path.display()));
            Err(Failure::new(Exit::Io, note.help("--no-config goes on without it")))
        }
    }
}

fn wrong(path: &Path, reason: &str) -> Failure {
    let note = Note::error(format!("{}: {}", path.display(), reason.trim_end()));
    Failure::usage(note.help("mend the file, or go on without it: --no-config"))
}

fn unknown_key(path: &Path, key: &str) -> Note {
    let note = Note::error(format!("{}: there is no setting `{key}`", path.display()));
    let note = Note { severity: Severity::Warning, ..note };
    match nearest(key, KEYS) {
        Some(meant) => note.help(format!("did you mean `{meant}`?")),
        None => note.help(format!("write one of {}", KEYS.join(", "))),
    }
}

/// Puts one setting where the command line left a gap.
fn set(cli: &mut Cli, key: &str, value: &Toml, results_on_screen: bool) -> Result<(), String> {
    let Cli { common, run, defaults, .. } = cli;
    match key {
        "timezone" => default(&mut common.timezone, offset(text(value)?)?),
        // A subcommand names its own.
        "database" if cli.subcommand.is_some() => {}
        "database" => default(&mut cli.database, PathBuf::from(text(value)?)),
        "params" => defaults.params = params(value)?,
        // The rest would change what scripts read, but no colours never do.
        "color" => {
            let color = when(text(value)?)?;
            on_screen(&mut common.color, color, results_on_screen || matches!(color, When::Never));
        }
        "pager" => on_screen(&mut common.pager, parsed::<PagerArg>(text(value)?)?, results_on_screen),
        "format" => on_screen(&mut common.format, parsed(text(value)?)?, results_on_screen),
        "width" => on_screen(&mut common.width, width(value)?, results_on_screen),
        "limit" => on_screen(&mut run.limit, rows(value)?, results_on_screen),
        "header" => common.no_header |= !flag(value)? && results_on_screen,
        "plot" => on_screen(&mut defaults.plot, flag(value)?, results_on_screen),
        _ => defaults.timer = flag(value)? && results_on_screen,
    }
    Ok(())
}

fn default<T>(option: &mut Option<T>, value: T) {
    option.get_or_insert(value);
}

fn on_screen<T>(option: &mut Option<T>, value: T, results_on_screen: bool) {
    if results_on_screen {
        option.get_or_insert(value);
    }
}

fn parsed<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

fn text(value: &Toml) -> Result<&str, String> {
    value.as_str().ok_or_else(|| "write text in quotes".to_owned())
}

fn flag(value: &Toml) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| "write true or false".to_owned())
}

fn when(text: &str) -> Result<When, String> {
    match text {
        "auto" => Ok(When::Auto),
        "always" => Ok(When::Always),
        "never" => Ok(When::Never),
        _ => Err("write auto, always or never".to_owned()),
    }
}

fn width(value: &Toml) -> Result<WidthArg, String> {
    match value {
        Toml::Integer(columns) => parsed(&columns.to_string()),
        other => parsed(text(other)?),
    }
}

fn rows(value: &Toml) -> Result<u64, String> {
    let rows = value.as_integer().and_then(|rows| u64::try_from(rows).ok()).filter(|rows| *rows > 0);
    rows.ok_or_else(|| "write a number of rows, 1 or more".to_owned())
}

fn params(value: &Toml) -> Result<Bindings, String> {
    let table = value.as_table().ok_or_else(|| "write a table: [params]".to_owned())?;
    let mut bindings = Bindings::default();
    for (name, value) in table {
        let value = binding(value).map_err(|reason| format!("{name}: {reason}"))?;
        bindings.set(Parameter::from(name.as_str()), value);
    }
    Ok(bindings)
}

fn binding(value: &Toml) -> Result<Binding, String> {
    match value {
        Toml::Array(items) => Ok(items.iter().map(single).collect::<Result<Vec<Value>, String>>()?.into()),
        other => single(other).map(Binding::from),
    }
}

fn single(value: &Toml) -> Result<Value, String> {
    match value {
        Toml::String(text) => Ok(Value::Text(text.clone())),
        Toml::Integer(number) => Ok(Value::Number(Number::Whole(*number))),
        Toml::Float(number) => {
            Number::from_f64(*number).map(Value::Number).ok_or_else(|| "write a finite number".to_owned())
        }
        Toml::Boolean(value) => Ok(Value::Boolean(*value)),
        Toml::Datetime(date) => date
            .to_string()
            .parse()
            .map(Value::Date)
            .map_err(|error: dateline::date::DateError| error.to_string()),
        Toml::Array(_) | Toml::Table(_) => {
            Err("write text, a number, a date, true, or a list of these".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn configured(options: &[&str], config: &str, screen: bool) -> Result<Cli, String> {
        let args = std::iter::once("dateline").chain(options.iter().copied()).map(Into::into);
        let mut cli = crate::args::parse(args).unwrap();
        let table: Table = config.parse().unwrap();
        for (key, value) in &table {
            set(&mut cli, key, value, screen)?;
        }
        Ok(cli)
    }

    #[test]
    fn options_come_before_the_file() {
        let config = "format = \"csv\"\ntimezone = \"+03:00\"\nlimit = 50\ndatabase = \"a.db\"";
        let cli = configured(&["news.db", "--format", "json"], config, true).unwrap();
        assert_eq!(cli.common.format.unwrap().name(), "json");
        assert_eq!(cli.common.timezone.unwrap().to_string(), "+03:00");
        assert_eq!((cli.run.limit, cli.database), (Some(50), Some("news.db".into())));
    }

    #[test]
    fn scripts_keep_their_output() {
        let config =
            "format = \"csv\"\nlimit = 5\nheader = false\nplot = false\ncolor = \"always\"\npager = \"less\"";
        let cli = configured(&["news.db"], config, false).unwrap();
        assert_eq!((cli.common.format, cli.run.limit, cli.common.no_header), (None, None, false));
        assert!(cli.defaults.plot.is_none() && cli.common.color.is_none() && cli.common.pager.is_none());
        let cli = configured(&["news.db"], config, true).unwrap();
        assert_eq!((cli.defaults.plot, cli.common.color), (Some(false), Some(When::Always)));
    }

    #[test]
    fn parameters_have_the_types_of_the_file() {
        let config = "[params]\nn = 5\nsince = 2018-09-01\nwire = [\"AFP\", \"Reuters\"]";
        let cli = configured(&["news.db"], config, false).unwrap();
        let kind = |name: &str| cli.defaults.params.get(&Parameter::from(name)).unwrap().kind();
        assert_eq!([kind("n"), kind("since"), kind("wire")], ["a number", "a date", "a list"]);
    }

    #[test]
    fn wrong_values_say_what_to_write() {
        assert_eq!(configured(&["x"], "limit = 0", true).unwrap_err(), "write a number of rows, 1 or more");
        assert_eq!(configured(&["x"], "color = \"red\"", true).unwrap_err(), "write auto, always or never");
        assert!(configured(&["x"], "[params]\na = { b = 1 }", true).unwrap_err().starts_with("a: "));
    }

    #[test]
    fn unknown_keys_get_a_suggestion() {
        let note = unknown_key(Path::new("config.toml"), "colour");
        assert_eq!(note.help, ["did you mean `color`?"]);
    }
}
