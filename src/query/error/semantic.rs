//! The errors that need the schema, the catalog or the calendar; `resolve` raises them.

use super::{Code, QueryError, nearest};
use crate::date::DateError;
use crate::text::Span;

impl QueryError {
    /// Says that no field has this name; `fields` are the names that exist.
    pub fn unknown_field<'a>(
        name: &str,
        span: Span,
        fields: impl IntoIterator<Item = &'a str>,
    ) -> QueryError {
        let error = QueryError::new(Code::UnknownField, format!("unknown field `{name}`"), span)
            .label("no such field");
        match nearest(name, fields) {
            Some(field) => error
                .help(format!("did you mean `{field}`? (`describe` lists all fields)"))
                .suggest(span, field),
            None => error.help("`describe` lists all fields"),
        }
    }

    /// Says that no saved filter or query has this name, which comes without its `@`; `saved` are those that exist.
    pub fn unknown_saved<'a>(name: &str, span: Span, saved: impl IntoIterator<Item = &'a str>) -> QueryError {
        let message = format!("no saved filter `@{name}`");
        let error = QueryError::new(Code::UnknownSaved, message, span).label("not defined");
        match nearest(name, saved) {
            Some(near) => error
                .help(format!("did you mean `@{near}`? (`list saved` lists all)"))
                .suggest(span, format!("@{near}")),
            None => error.help("`list saved` lists all"),
        }
    }

    /// Says that the name of a saved filter or query, which comes without its `@`, is taken.
    pub fn already_defined(name: &str, span: Span) -> QueryError {
        QueryError::new(Code::AlreadyDefined, format!("`@{name}` is defined already"), span)
            .label("taken")
            .help(format!("to change it write `define or replace @{name} as …`"))
    }

    /// Says why a literal of the right form is no date; `text` is the literal and `span` its place.
    pub fn impossible_date(text: &str, error: &DateError, span: Span) -> QueryError {
        let part = |start: usize, len: usize| {
            let start = span.start as usize + start;
            Span::new(start, start + len)
        };
        let new =
            |span, label: &str| QueryError::new(Code::ImpossibleDate, error.to_string(), span).label(label);
        match error {
            DateError::Month { .. } => swapped(text, span, new(part(5, 2), "month must be 01 to 12")),
            DateError::Day { year, month, .. } => {
                let last = (28..=31).rev().find(|&day| crate::date::Date::ymd(*year, *month, day).is_ok());
                let last = last.unwrap_or(31);
                new(part(8, 2), &format!("day must be 01 to {last}"))
                    .help(format!("the last day of {year:04}-{month:02} is {year:04}-{month:02}-{last}"))
            }
            DateError::Week { .. } => new(part(6, 2), "week must be 01 to 52, or 53 in long years"),
            DateError::Quarter { .. } => new(part(6, 1), "quarter must be 1 to 4"),
            DateError::Year { .. } => new(part(0, 4), "year must be 0001 to 9999"),
            DateError::Time { .. } => new(span, "hours go to 23, minutes and seconds to 59"),
            _ => new(span, "not a date"),
        }
    }

    /// Says that a field of one type meets something of another, as in `` `words` is a number, this is text ``.
    ///
    /// `field_type` and `value_type` carry their article ("a date", "text"); `label` says the value's type again in
    /// one word.
    pub fn type_mismatch(
        field: &str,
        field_type: &str,
        value_type: &str,
        label: &str,
        span: Span,
    ) -> QueryError {
        let message = format!("`{field}` is {field_type}, this is {value_type}");
        QueryError::new(Code::Type, message, span).label(label)
    }

    /// Says that a pattern cannot be compiled; `span` is the part of it that is wrong.
    pub fn bad_pattern(reason: &str, label: &str, span: Span) -> QueryError {
        QueryError::new(Code::BadPattern, format!("bad pattern: {reason}"), span).label(label)
    }

    /// Says that a clause is given twice; `first` is the first one as written, `span` the second.
    pub fn repeated(clause: &str, first: &str, span: Span) -> QueryError {
        QueryError::new(Code::Repeated, format!("`{clause}` is given twice"), span)
            .label(format!("second `{clause}`"))
            .help(format!("the first is `{first}`; keep one"))
            .suggest(span, "")
    }

    /// Says that `fuzzy` allows fewer edits; `span` is the number.
    pub fn too_many_edits(span: Span) -> QueryError {
        QueryError::new(Code::Edits, "at most 2 edits are allowed", span)
            .label("too many")
            .help("use `like` for wider patterns")
            .suggest(span, "2")
    }

    /// Says that numbered and named parameters stand in one statement.
    ///
    /// `first` is the parameter that set the style, as written; `named` tells what the one at `span` is.
    pub fn mixed_parameters(first: &str, named: bool, span: Span) -> QueryError {
        let (label, style) = if named { ("named", "numbered") } else { ("numbered", "named") };
        QueryError::new(Code::MixedParameters, "numbered and named parameters cannot be mixed", span)
            .label(label)
            .help(format!("`{first}` is {style}; use one style"))
    }

    /// Says that a text to look for has no words.
    pub fn no_words(text: &str, span: Span) -> QueryError {
        QueryError::new(Code::NoWords, format!("`{text}` has no words to look for"), span)
            .label("punctuation only")
            .help("to look for signs write a pattern: matches /…/")
    }
}

/// Adds the date that is meant where month and day are the wrong way round.
fn swapped(text: &str, span: Span, error: QueryError) -> QueryError {
    let swap = || {
        let (year, rest) = text.split_once('-')?;
        let (month, day) = rest.split_once('-')?;
        let swapped = format!("{year}-{day}-{month}");
        swapped.parse::<crate::date::Date>().is_ok().then_some(swapped)
    };
    match swap() {
        Some(date) => error.help(format!("did you mean {date}?")).suggest(span, date),
        None => error,
    }
}
