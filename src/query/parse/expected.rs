//! What could have stood at a place, and how messages say it.

use std::fmt;

/// What may stand at a place of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Expected {
    /// A keyword, or several that belong together (`order by`).
    Word(&'static str),
    /// A sign.
    Sign(&'static str),
    /// The name of a field.
    Field,
    /// The name of a saved filter or query, after its `@`.
    SavedName,
    /// The name of a series.
    Label,
    /// Text in quotes.
    Text,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// A date finer than a year.
    Date,
    /// A year of four digits.
    Year,
    /// A pattern between slashes.
    Pattern,
    /// A parameter.
    Parameter,
    /// A JSON object.
    Json,
    /// The end of the statement.
    End,
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Expected::Word(text) | Expected::Sign(text) => return write!(f, "`{text}`"),
            Expected::Field => "a field",
            Expected::SavedName => "a saved name",
            Expected::Label => "a name",
            Expected::Text => "text",
            Expected::Whole => "a whole number",
            Expected::Number => "a number",
            Expected::Date => "a date",
            Expected::Year => "a year",
            Expected::Pattern => "`/pattern/`",
            Expected::Parameter => "a parameter",
            Expected::Json => "a JSON object",
            Expected::End => "`;`",
        };
        f.write_str(name)
    }
}

/// A family of expectations that messages name by one word.
struct Family {
    name: &'static str,
    /// Expectations that show that the whole family was expected.
    signs: &'static [Expected],
    members: &'static [Expected],
}

use Expected::{Date, Field, Number, Sign, Text, Word};

const FAMILIES: &[Family] = &[
    Family {
        name: "a statement",
        signs: &[Word("find"), Word("show")],
        members: &[
            Word("explain"),
            Word("find"),
            Word("count"),
            Word("average"),
            Word("median"),
            Word("sum"),
            Word("min"),
            Word("max"),
            Word("top"),
            Word("timeline"),
            Word("export"),
            Word("show"),
            Word("describe"),
            Word("list"),
            Word("define"),
            Word("drop"),
            Word("run"),
            Word("insert"),
            Word("delete"),
            Word("add"),
            Word("remove"),
            Word("set"),
        ],
    },
    Family {
        name: "a query",
        signs: &[Word("find"), Word("timeline")],
        members: &[
            Word("find"),
            Word("count"),
            Word("average"),
            Word("median"),
            Word("sum"),
            Word("min"),
            Word("max"),
            Word("top"),
            Word("timeline"),
        ],
    },
    Family {
        name: "a condition",
        signs: &[Word("not"), Word("mentions")],
        members: &[
            Word("not"),
            Sign("("),
            Sign("@"),
            Word("mentions"),
            Word("quotes"),
            Word("number of"),
            Field,
        ],
    },
    Family {
        name: "a clause",
        signs: &[Word("limit"), Word("with")],
        members: &[
            Word("order by"),
            Word("newest first"),
            Word("oldest first"),
            Word("best first"),
            Word("limit"),
            Word("offset"),
            Word("after"),
            Word("with"),
        ],
    },
    Family {
        name: "a value",
        signs: &[Word("true"), Text, Number],
        members: &[
            Text,
            Number,
            Expected::Whole,
            Word("true"),
            Word("false"),
            Date,
            Word("now"),
            Word("today"),
            Word("yesterday"),
            Expected::Parameter,
        ],
    },
    Family {
        name: "year, quarter, month, week, day, hour or minute",
        signs: &[Word("year"), Word("minute")],
        members: &[
            Word("year"),
            Word("quarter"),
            Word("month"),
            Word("week"),
            Word("day"),
            Word("hour"),
            Word("minute"),
        ],
    },
    Family {
        name: "a comparison",
        signs: &[Sign("="), Word("contains")],
        members: &[
            Sign("="),
            Sign("!="),
            Sign("<="),
            Sign(">="),
            Sign("<"),
            Sign(">"),
            Word("contains"),
            Word("in"),
            Word("not"),
            Word("between"),
            Word("like"),
            Word("starts with"),
            Word("ends with"),
            Word("matches"),
            Word("since"),
            Word("until"),
            Word("before"),
            Word("after"),
            Word("on"),
            Word("overlaps"),
            Word("exists"),
            Word("is missing"),
        ],
    },
];

/// Returns the expectations as a message lists them: ``expected `and`, `or`, a clause or `;` ``.
pub(super) fn expected_list(expected: &[Expected]) -> String {
    let mut names: Vec<String> = Vec::new();
    let mut last = Vec::new();
    for &one in expected {
        let family = FAMILIES.iter().find(|family| {
            family.members.contains(&one) && family.signs.iter().all(|sign| expected.contains(sign))
        });
        let name = family.map_or_else(|| one.to_string(), |family| family.name.to_owned());
        let names = if one == Expected::End { &mut last } else { &mut names };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.append(&mut last);
    format!("expected {}", alternatives(&names))
}

/// Joins names with commas and a last "or".
pub(super) fn alternatives(names: &[String]) -> String {
    match names {
        [] => "nothing more".to_owned(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_stand_for_their_members() {
        let clauses = [Word("order by"), Word("limit"), Word("offset"), Word("with")];
        let expected = [&[Expected::End, Word("and"), Word("or")], clauses.as_slice()].concat();
        assert_eq!(expected_list(&expected), "expected `and`, `or`, a clause or `;`");
        assert_eq!(expected_list(&[Word("limit")]), "expected `limit`");
    }
}
