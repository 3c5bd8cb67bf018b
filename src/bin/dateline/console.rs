//! The terminal: what it can show, and where messages go.

use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use dateline::render::Paint;
use serde_json::json;

use crate::args::{CommonArgs, ErrorFormat, When, WidthArg};
use crate::failure::{Note, Severity};

/// What the terminal can show and how messages are written.
#[derive(Debug, Clone)]
pub struct Console {
    /// Whether results go to a person's screen.
    pub results_on_screen: bool,
    /// Whether messages go to a person's screen.
    pub messages_on_screen: bool,
    /// Whether statements are typed.
    pub typed: bool,
    /// How results are coloured.
    pub paint: Paint,
    /// How messages are coloured.
    pub message_paint: Paint,
    /// Columns of tables.
    pub width: Width,
    /// Whether characters beyond ASCII can be drawn.
    pub unicode: bool,
    /// Whether progress is shown.
    pub progress: When,
    /// Form of messages.
    pub error_format: ErrorFormat,
    /// Whether notes are left out.
    pub quiet: bool,
}

impl Console {
    /// Looks at the terminal and the options.
    pub fn new(options: &CommonArgs) -> Console {
        let results_on_screen = shows_results(options);
        let color = options.color.unwrap_or(When::Auto);
        let colours_results = match color {
            When::Always => true,
            When::Never => false,
            When::Auto => options.output.is_none() && coloured(AutoStream::choice(&io::stdout())),
        };
        let colours_messages = match color {
            When::Always => true,
            When::Never => false,
            When::Auto => coloured(AutoStream::choice(&io::stderr())),
        };
        Console {
            results_on_screen,
            messages_on_screen: io::stderr().is_terminal(),
            typed: io::stdin().is_terminal(),
            paint: paint(colours_results),
            message_paint: paint(colours_messages),
            width: match options.width {
                Some(asked) => asked.into(),
                None if results_on_screen => Width::Screen,
                None => Width::Full,
            },
            unicode: locale_is_utf8(|name| std::env::var(name).ok()),
            progress: options.progress,
            error_format: options.error_format,
            quiet: options.quiet,
        }
    }

    /// Returns the same console for results that go to a file: they are neither cut nor coloured.
    #[must_use]
    pub fn without_screen(&self) -> Console {
        Console { results_on_screen: false, paint: Paint::Plain, width: Width::Full, ..self.clone() }
    }

    /// Says a note on standard error; that it may be closed is nobody's fault.
    pub fn say(&self, note: &Note) {
        let text = match self.error_format {
            ErrorFormat::Human => self.human(note),
            ErrorFormat::Json => machine(note),
        };
        let _ = writeln!(io::stderr(), "{text}");
    }

    /// Says a line that is neither error nor warning, unless told to be quiet.
    pub fn remark(&self, line: &str) {
        if !self.quiet {
            let _ = writeln!(io::stderr(), "{line}");
        }
    }

    fn human(&self, note: &Note) -> String {
        let lines: Vec<String> = note.plain().lines().map(|line| self.painted(line, note.severity)).collect();
        lines.join("\n")
    }

    /// Colours the label of a message and the marks of its frame.
    fn painted(&self, line: &str, severity: Severity) -> String {
        if self.message_paint == Paint::Plain {
            return line.to_owned();
        }
        let colour = match severity {
            Severity::Error => "1;31",
            Severity::Warning => "1;33",
        };
        let escape = |codes: &str, text: &str| format!("\u{1b}[{codes}m{text}\u{1b}[0m");
        if let Some((label, rest)) = line.split_once(": ").filter(|_| line.starts_with(severity.name())) {
            return format!("{}: {}", escape(colour, label), escape("1", rest));
        }
        if let Some(rest) = line.strip_prefix("  = help: ") {
            return format!("  {} {rest}", escape("1;36", "= help:"));
        }
        match line.strip_prefix("  | ").filter(|rest| rest.trim_start().starts_with('^')) {
            Some(marks) => format!("  | {}", escape(colour, marks)),
            None => line.to_owned(),
        }
    }
}

/// Tells whether results go to a person's screen.
pub fn shows_results(options: &CommonArgs) -> bool {
    io::stdout().is_terminal() && options.output.is_none()
}

fn machine(note: &Note) -> String {
    if let Some((error, _)) = note.query.as_deref() {
        return error.to_json(note.statement.map(|number| number as usize)).to_string();
    }
    json!({
        "severity": note.severity.name(),
        "code": note.code,
        "message": note.message,
        "span": null,
        "help": note.help,
        "expected": [],
        "suggestions": [],
        "statement": note.statement,
    })
    .to_string()
}

fn coloured(choice: ColorChoice) -> bool {
    !matches!(choice, ColorChoice::Never)
}

fn paint(coloured: bool) -> Paint {
    if coloured { Paint::Colour } else { Paint::Plain }
}

/// The width of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// That of the terminal, whatever it is when a table is drawn.
    Screen,
    /// So many columns.
    Columns(usize),
    /// As wide as the values are.
    Full,
}

impl Width {
    /// Returns the columns that a table must fit; `None` for no bound.
    pub fn columns(self) -> Option<usize> {
        /// What a terminal that does not tell its size is taken for.
        const COLUMNS_DEFAULT: usize = 80;
        match self {
            Width::Full => None,
            Width::Columns(columns) => Some(columns),
            Width::Screen => {
                let size = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
                Some(size.filter(|columns| *columns > 0).unwrap_or(COLUMNS_DEFAULT))
            }
        }
    }
}

impl From<WidthArg> for Width {
    fn from(asked: WidthArg) -> Width {
        match asked {
            WidthArg::Columns(columns) => Width::Columns(columns),
            WidthArg::Full => Width::Full,
        }
    }
}

/// Tells whether the locale can show characters beyond ASCII; Windows terminals can.
fn locale_is_utf8(variable: impl Fn(&str) -> Option<String>) -> bool {
    let set = |name| variable(name).filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
    let utf8 = |name: String| {
        let name = name.to_ascii_lowercase();
        name.contains("utf-8") || name.contains("utf8")
    };
    locale.map_or(cfg!(windows), utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_set_variable_names_the_locale() {
        let with = |pairs: &'static [(&str, &str)]| {
            locale_is_utf8(|name| {
                pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_string())
            })
        };
        assert!(with(&[("LANG", "de_DE.UTF-8")]));
        assert!(with(&[("LC_ALL", ""), ("LANG", "C.utf8")]));
        assert!(!with(&[("LC_ALL", "C"), ("LANG", "de_DE.UTF-8")]));
        assert_eq!(with(&[]), cfg!(windows));
    }

    #[test]
    fn machines_get_one_object_a_line() {
        let note = Note::error("no such field\n").code("E101").statement(Some(2));
        let line = machine(&note);
        assert_eq!(line.lines().count(), 1);
        let parsed: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(parsed["statement"], 2);
        assert_eq!(parsed["code"], "E101");
        assert!(parsed["span"].is_null());
    }
}
