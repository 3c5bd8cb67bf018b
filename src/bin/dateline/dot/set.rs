//! Dot commands that change what the session was told; without an argument most say what holds.

use std::path::Path;

use dateline::render::{Format, Paint};

use super::{After, usage};
use crate::args::{PagerArg, WidthArg, instant, offset};
use crate::console::Width;
use crate::failure::{Exit, Failure, Note};
use crate::pager;
use crate::params;
use crate::settings::Limit;
use crate::shell::Shell;

type Done = Result<After, Failure>;

fn wrong(message: impl ToString) -> Failure {
    Failure::usage(Note::error(message.to_string()))
}

fn switch(name: &str, argument: &str) -> Result<bool, Failure> {
    match argument {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(usage(name)),
    }
}

pub(super) fn mode(shell: &mut Shell, argument: &str) -> Done {
    if argument.is_empty() {
        shell.console.remark(&format!("mode: {}", shell.settings.format));
        return Ok(After::GoOn);
    }
    shell.settings.format = argument.parse::<Format>().map_err(wrong)?;
    Ok(After::GoOn)
}

pub(super) fn width(shell: &mut Shell, argument: &str) -> Done {
    shell.console.width = match argument {
        "auto" => Width::Screen,
        other => other.parse::<WidthArg>().map_err(wrong)?.into(),
    };
    Ok(After::GoOn)
}

pub(super) fn color(shell: &mut Shell, argument: &str) -> Done {
    let paint = if switch("color", argument)? { Paint::Colour } else { Paint::Plain };
    shell.console.paint = paint;
    shell.console.message_paint = paint;
    Ok(After::GoOn)
}

pub(super) fn plot(shell: &mut Shell, argument: &str) -> Done {
    if Path::new(argument).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("svg")) {
        may_touch_files(shell, "plot")?;
        shell.draw_last(Path::new(argument))?;
        return Ok(After::GoOn);
    }
    shell.settings.plot = switch("plot", argument)?;
    Ok(After::GoOn)
}

pub(super) fn pager(shell: &mut Shell, argument: &str) -> Done {
    let asked: PagerArg = argument.parse().map_err(wrong)?;
    may_touch_files(shell, "pager")?;
    shell.output.set_pager(pager::command(Some(&asked), &shell.console, shell.settings.files));
    Ok(After::GoOn)
}

pub(super) fn explain(shell: &mut Shell, argument: &str) -> Done {
    shell.settings.explain = switch("explain", argument)?;
    Ok(After::GoOn)
}

pub(super) fn timer(shell: &mut Shell, argument: &str) -> Done {
    shell.settings.timer = switch("timer", argument)?;
    Ok(After::GoOn)
}

pub(super) fn limit(shell: &mut Shell, argument: &str) -> Done {
    shell.settings.limit = match argument {
        "off" => None,
        number => match number.parse() {
            Ok(rows) if rows > 0 => Some(Limit::Asked(rows)),
            _ => return Err(usage("limit")),
        },
    };
    Ok(After::GoOn)
}

pub(super) fn param(shell: &mut Shell, argument: &str) -> Done {
    let (verb, rest) = argument.split_once(char::is_whitespace).unwrap_or((argument, ""));
    match verb {
        "set" => set_param(shell, rest.trim()),
        "unset" if !rest.trim().is_empty() => {
            shell.settings.bindings = params::without(&shell.settings.bindings, rest.trim());
            Ok(After::GoOn)
        }
        "list" | "" => {
            for name in shell.settings.bindings.names() {
                let kind = shell.settings.bindings.get(name).map_or("", |value| value.kind());
                shell.console.remark(&format!(":{}  {kind}", params::shown(name)));
            }
            Ok(After::GoOn)
        }
        _ => Err(usage("param")),
    }
}

/// Reads `name value` or `name:type value`.
fn set_param(shell: &mut Shell, text: &str) -> Done {
    let (name, value) = text.split_once(char::is_whitespace).ok_or_else(|| usage("param"))?;
    let (name, kind) = name.split_once(':').filter(|(name, _)| !name.is_empty()).unwrap_or((name, "text"));
    if !params::TYPES.contains(&kind) {
        return Err(wrong(format!("there is no type `{kind}`; write one of {}", params::TYPES.join(", "))));
    }
    let (name, value) =
        params::assignment(&format!("{name}={}", value.trim()), kind).map_err(Failure::usage)?;
    shell.settings.bindings.set(name, value);
    Ok(After::GoOn)
}

pub(super) fn timezone(shell: &mut Shell, argument: &str) -> Done {
    if argument.is_empty() {
        shell.console.remark(&format!("timezone: {}", shell.settings.zone));
        return Ok(After::GoOn);
    }
    shell.settings.zone = offset(argument).map_err(wrong)?;
    Ok(After::GoOn)
}

pub(super) fn now(shell: &mut Shell, argument: &str) -> Done {
    let zone = shell.settings.zone;
    match argument {
        "" => match shell.settings.now {
            Some(_) => shell.console.remark("now: fixed; `.now auto` follows the clock again"),
            None => shell.console.remark("now: the time of each statement"),
        },
        "auto" => shell.settings.now = None,
        text => shell.settings.now = Some(instant(text).map_err(wrong)?.seconds(zone)),
    }
    Ok(After::GoOn)
}

pub(super) fn write(shell: &mut Shell, argument: &str) -> Done {
    let on = switch("write", argument)?;
    shell.archive.set_write(on)?;
    shell.settings.write = on;
    Ok(After::GoOn)
}

/// Refuses where the session may not touch files.
pub(super) fn may_touch_files(shell: &Shell, name: &str) -> Result<(), Failure> {
    if shell.settings.files {
        return Ok(());
    }
    let note = Note::error(format!("`.{name}` touches files, and this session may not"));
    Err(Failure::new(Exit::Refused, note.help("start without --safe to allow it")))
}

pub(super) fn once(shell: &mut Shell, argument: &str) -> Done {
    may_touch_files(shell, "once")?;
    if argument.is_empty() {
        return Err(usage("once"));
    }
    shell.output.redirect_once(Path::new(argument))?;
    Ok(After::GoOn)
}

pub(super) fn output(shell: &mut Shell, argument: &str) -> Done {
    may_touch_files(shell, "output")?;
    let file = Some(Path::new(argument)).filter(|path| !path.as_os_str().is_empty());
    shell.output.redirect(file)?;
    Ok(After::GoOn)
}
