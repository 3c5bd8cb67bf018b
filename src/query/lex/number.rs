//! Numbers, dates, and what only starts like one.

use nom::bytes::complete::take_while;
use nom::combinator::opt;
use nom::{IResult, Parser};

use super::{Lexed, TokenKind, Wrong, continues_name, fail};

/// `Integer`, `Number`, `DateLiteral` or `Malformed`, whichever the whole run is.
pub(super) fn number(text: &str) -> Lexed<'_> {
    let (after, run) = number_run(text)?;
    let kind = if run.bytes().all(|byte| byte.is_ascii_digit()) {
        TokenKind::Integer
    } else if is_number(run) {
        TokenKind::Number
    } else if is_date(run) {
        TokenKind::Date
    } else {
        TokenKind::Wrong(Wrong::Number)
    };
    Ok((after, kind))
}

/// `'-'? [0-9] ( IdentPart | [-+:/] IdentPart | '.' [0-9] )*`
fn number_run(text: &str) -> IResult<&str, &str> {
    let (digits, _) = opt(nom::bytes::complete::tag("-")).parse(text)?;
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return fail(text);
    }
    let mut after = digits;
    loop {
        (after, _) = take_while(continues_name).parse(after)?;
        match after.strip_prefix(['-', '+', ':', '/', '.']) {
            Some(more) if joins(after, more) => after = more,
            _ => break,
        }
    }
    Ok((after, text.get(..text.len() - after.len()).unwrap_or_default()))
}

/// Tells whether the joining character that `after` begins with belongs to the run that continues with `more`.
fn joins(after: &str, more: &str) -> bool {
    if after.starts_with('.') {
        more.starts_with(|c: char| c.is_ascii_digit())
    } else {
        more.starts_with(continues_name)
    }
}

/// `Number ::= '-'? [0-9]+ ( '.' [0-9]+ )?`
fn is_number(run: &str) -> bool {
    let run = run.strip_prefix('-').unwrap_or(run);
    let (whole, fraction) = run.split_once('.').unwrap_or((run, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(fraction)
}

/// `DateLiteral`: the form only; that there is such a day is for `resolve` to say.
fn is_date(run: &str) -> bool {
    let (date, time) = run.split_once('T').map_or((run, None), |(date, time)| (date, Some(time)));
    match time {
        None => fits(date, "dddd-Qq") || fits(date, "dddd-Wdd") || fits(date, "dddd-dd") || is_day(date),
        Some(time) => {
            let zone_at = time.find(['Z', '+', '-']).unwrap_or(time.len());
            let (clock, zone) = time.split_at_checked(zone_at).unwrap_or_default();
            let clock_fits = fits(clock, "dd:dd") || fits(clock, "dd:dd:dd");
            let zone_fits = matches!(zone, "" | "Z") || zone.get(1..).is_some_and(|zone| fits(zone, "dd:dd"));
            is_day(date) && clock_fits && zone_fits
        }
    }
}

fn is_day(date: &str) -> bool {
    fits(date, "dddd-dd-dd")
}

/// Tells whether `text` has this shape: `d` is a digit, `q` one of 1 to 4, anything else itself.
fn fits(text: &str, shape: &str) -> bool {
    let fits_one = |(byte, shape): (u8, u8)| match shape {
        b'd' => byte.is_ascii_digit(),
        b'q' => (b'1'..=b'4').contains(&byte),
        shape => byte == shape,
    };
    text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(fits_one)
}
