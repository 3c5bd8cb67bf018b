//! Parameters from the command line: text that becomes typed values, never part of a query.

use dateline::date::Date;
use dateline::query::{Binding, Bindings, Parameter, Period, RegexPattern, ast};
use dateline::value::{Number, Value};

use crate::args::RunArgs;
use crate::failure::{Failure, Note};

/// The types that `--param:TYPE` and `.param set NAME:TYPE` take.
pub const TYPES: [&str; 7] = ["text", "number", "bool", "date", "period", "list", "regex"];

/// Reads all `--param` options.
///
/// # Errors
///
/// A usage error that names the option.
pub fn bindings(args: &RunArgs) -> Result<Bindings, Failure> {
    let typed = [
        ("text", &args.param_text),
        ("number", &args.param_number),
        ("bool", &args.param_bool),
        ("date", &args.param_date),
        ("period", &args.param_period),
        ("list", &args.param_list),
        ("regex", &args.param_regex),
    ];
    let mut bindings = Bindings::default();
    for (kind, options) in typed {
        for option in options {
            let (name, value) = assignment(option, kind).map_err(Failure::usage)?;
            if bindings.get(&name).is_some() {
                return Err(Failure::usage(Note::error(format!(
                    "the parameter {} is given twice",
                    shown(&name)
                ))));
            }
            bindings.set(name, value);
        }
    }
    Ok(bindings)
}

/// Reads `name=value`.
pub fn assignment(option: &str, kind: &str) -> Result<(Parameter, Binding), Note> {
    let flag = if kind == "text" { "--param".to_owned() } else { format!("--param:{kind}") };
    let Some((name, text)) = option.split_once('=').filter(|(name, _)| !name.trim().is_empty()) else {
        return Err(
            Note::error(format!("`{option}` binds nothing")).help(format!("write: {flag} name=value"))
        );
    };
    let name = Parameter::from(name.trim());
    let value = typed(text, kind).map_err(|wish| {
        Note::error(format!("{flag} {}: `{text}` is not {}", shown(&name), article(kind))).help(wish)
    })?;
    Ok((name, value))
}

/// Returns the bindings without one.
pub fn without(bindings: &Bindings, name: &str) -> Bindings {
    let name = Parameter::from(name);
    let mut kept = Bindings::default();
    for (other, value) in bindings.names().filter_map(|other| Some((other, bindings.get(other)?))) {
        if *other != name {
            kept.set(other.clone(), value.clone());
        }
    }
    kept
}

/// Returns a parameter as options name it.
pub fn shown(name: &Parameter) -> String {
    match name {
        Parameter::Numbered(number) => number.to_string(),
        Parameter::Named(name) => name.clone(),
    }
}

fn article(kind: &str) -> String {
    match kind {
        "bool" => "true or false".to_owned(),
        "regex" => "a pattern".to_owned(),
        kind => format!("a {kind}"),
    }
}

/// Reads text as a value of a type; the error says what to write.
fn typed(text: &str, kind: &str) -> Result<Binding, String> {
    match kind {
        "number" => number(text).map(Binding::from).ok_or_else(|| "write a number, as 20 or 4.5".to_owned()),
        "bool" => text.parse::<bool>().map(Binding::from).map_err(|_| "write true or false".to_owned()),
        "date" => text.parse::<Date>().map(Binding::from).map_err(|error| error.to_string()),
        "period" => period(text).map(Binding::from).ok_or_else(|| {
            "write a period, as 2018-09, 2018-09..2018-10, \"last 7 days\" or \"this month\"".to_owned()
        }),
        "list" => list(text).map(Binding::from),
        "regex" => pattern(text).map(Binding::from),
        _ => Ok(Binding::from(text)),
    }
}

fn number(text: &str) -> Option<Number> {
    match text.parse::<i64>() {
        Ok(whole) => Some(Number::Whole(whole)),
        Err(_) => text.parse::<f64>().ok().and_then(Number::from_f64),
    }
}

/// Reads `AFP,Reuters`; an item with a comma stands in double quotes.
fn list(text: &str) -> Result<Vec<Value>, String> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).trim(csv::Trim::All).from_reader(text.as_bytes());
    let wish = || "write items with commas between them, as AFP,Reuters".to_owned();
    let record = reader.records().next().ok_or_else(wish)?.map_err(|_| wish())?;
    Ok(record.iter().map(Value::from).collect())
}

/// Reads `/cease.?fire/i`, or a bare pattern.
fn pattern(text: &str) -> Result<RegexPattern, String> {
    let mut read = RegexPattern {
        pattern: text.to_owned(),
        ignore_case: false,
        multi_line: false,
        dot_matches_newline: false,
    };
    let Some((pattern, flags)) = text.strip_prefix('/').and_then(|rest| rest.rsplit_once('/')) else {
        return Ok(read);
    };
    read.pattern = pattern.to_owned();
    for flag in flags.chars() {
        match flag {
            'i' => read.ignore_case = true,
            'm' => read.multi_line = true,
            's' => read.dot_matches_newline = true,
            other => return Err(format!("the flag `{other}` does not exist; there are i, m and s")),
        }
    }
    Ok(read)
}

/// Reads a period as the language writes it after `in`.
fn period(text: &str) -> Option<Period> {
    // The text stands alone in a condition of its own, and anything but a period in that place is refused.
    let script = dateline::query::parse(&format!("find where date in {text}")).ok()?;
    let [statement] = script.statements.as_slice() else { return None };
    let ast::Statement::Query(ast::Query::Find(find)) = &statement.node else { return None };
    let ast::Expr::Condition(condition) = &find.filter.as_ref()?.node else { return None };
    let ast::Condition::Member(member) = condition.as_ref() else { return None };
    let ast::Set::Period(period) = &member.set.node else { return None };
    let alone = find.clauses.is_empty() && find.projection.is_none() && !member.negated;
    absolute(period).filter(|_| alone)
}

fn absolute(period: &ast::Period) -> Option<Period> {
    use dateline::date::Unit;
    let date = |literal: &ast::DateLiteral| match literal {
        ast::DateLiteral::Date(date) => Some(*date),
        ast::DateLiteral::Impossible(_) => None,
    };
    Some(match period {
        ast::Period::Date(only) => Period::from(date(only)?),
        ast::Period::Range(first, last) => Period::Dates { first: date(first)?, last: date(last)? },
        ast::Period::Today => Period::This(Unit::Day),
        ast::Period::Yesterday => Period::Last(Unit::Day),
        ast::Period::Relative(ast::RelativePeriod::This(unit)) => Period::This(*unit),
        ast::Period::Relative(ast::RelativePeriod::Last(unit)) => Period::Last(*unit),
        ast::Period::Relative(ast::RelativePeriod::LastSeveral(count, unit)) => match count.node {
            ast::Whole::Number(count) => Period::LastSeveral(u32::try_from(count).ok()?, *unit),
            ast::Whole::Parameter(_) => return None,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(option: &str, kind: &str) -> Result<Binding, String> {
        assignment(option, kind).map(|(_, value)| value).map_err(|note| note.message)
    }

    #[test]
    fn each_type_is_read() {
        assert_eq!(read("n=20", "number"), Ok(Binding::from(20)));
        assert_eq!(read("b=true", "bool"), Ok(Binding::from(true)));
        assert_eq!(read("q=a=b", "text"), Ok(Binding::from("a=b")));
        assert_eq!(read("s=AFP, \"A, B\"", "list").map(|binding| binding.kind()), Ok("a list"));
        assert_eq!(read("d=2018-09", "date"), Ok(Binding::from("2018-09".parse::<Date>().unwrap())));
        assert!(matches!(read("r=/cease/i", "regex"), Ok(Binding::Regex(found)) if found.ignore_case));
    }

    #[test]
    fn a_list_keeps_quoted_commas() {
        assert_eq!(list("AFP,\"A, B\"").unwrap(), [Value::from("AFP"), Value::from("A, B")]);
    }

    #[test]
    fn periods_are_read_as_the_language_reads_them() {
        use dateline::date::Unit;
        assert_eq!(read("p=last 7 days", "period"), Ok(Binding::from(Period::LastSeveral(7, Unit::Day))));
        assert_eq!(read("p=this month", "period"), Ok(Binding::from(Period::This(Unit::Month))));
        assert!(read("p=2018 or title exists", "period").is_err());
        assert!(read("p=2018 limit 3", "period").is_err());
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        assert_eq!(read("n=many", "number").unwrap_err(), "--param:number n: `many` is not a number");
        assert!(read("alone", "text").unwrap_err().contains("binds nothing"));
    }
}
