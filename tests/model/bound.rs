//! The same statement twice more: with parameters where its values stood, and saved with parameters and run with those
//! values. Neither may mean anything but the statement itself.

use dateline::catalog::{Catalog, Saved};
use dateline::date::{Date, Unit};
use dateline::query::ast::{At, Binding as RunBinding, BoundValue, LANGUAGE_VERSION, Run, Statement, Value};
use dateline::query::{Binding, Bindings, Period, RegexPattern, Request, Session, resolve};
use dateline::value::{Number, Value as FieldValue};
use serde_json::{Value as Json, json};

use super::dice::Dice;

/// Takes some of the values out of a tree, which its JSON form makes easy: a value is told by the name of its variant.
struct Lift {
    dice: Dice,
    is_numbered: bool,
    taken: Vec<Binding>,
}

impl Lift {
    fn new(text: &str, is_numbered: bool) -> Lift {
        let seed =
            text.bytes().fold(7, |seed: u64, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte)));
        Lift { dice: Dice::new(seed), is_numbered, taken: Vec::new() }
    }

    fn walk(&mut self, json: &mut Json, takes: fn(&Binding) -> bool) {
        match json {
            Json::Array(parts) => parts.iter_mut().for_each(|part| self.walk(part, takes)),
            Json::Object(members) => {
                let binding = members.iter().next().filter(|_| members.len() == 1);
                let binding = binding.and_then(|(tag, content)| binding_of(tag, content));
                match binding.filter(takes).filter(|_| self.dice.chance(60)) {
                    Some(binding) => *json = self.parameter(binding),
                    None => members.values_mut().for_each(|part| self.walk(part, takes)),
                }
            }
            _ => {}
        }
    }

    fn parameter(&mut self, binding: Binding) -> Json {
        self.taken.push(binding);
        let number = self.taken.len();
        match self.is_numbered {
            true => json!({"Parameter": {"Numbered": number}}),
            false => json!({"Parameter": {"Named": format!("p{number}")}}),
        }
    }

    fn bindings(&self) -> Bindings {
        let taken = self.taken.iter().zip(1u32..);
        taken.fold(Bindings::default(), |bindings, (binding, number)| match self.is_numbered {
            true => bindings.with(number, binding.clone()),
            false => bindings.with(format!("p{number}").as_str(), binding.clone()),
        })
    }
}

/// What a parameter would be bound to that stands for a value.
fn binding_of(tag: &str, content: &Json) -> Option<Binding> {
    match tag {
        "String" | "Number" | "Boolean" | "Moment" => scalar(tag, content).map(Binding::Value),
        "Period" => period(content),
        "Regex" => Some(Binding::Regex(serde_json::from_value::<RegexPattern>(content.clone()).ok()?)),
        "List" => list(content.as_array()?, |item| {
            let (tag, content) = item.as_object()?.iter().next()?;
            scalar(tag, content)
        }),
        "Terms" => list(content.as_array()?, |item| match item["modifier"].as_str() {
            Some("Plain") => scalar("String", &item["text"]["String"]),
            _ => None,
        }),
        _ => None,
    }
}

fn list(items: &[Json], each: impl Fn(&Json) -> Option<FieldValue>) -> Option<Binding> {
    items.iter().map(each).collect::<Option<Vec<_>>>().map(Binding::List)
}

fn scalar(tag: &str, content: &Json) -> Option<FieldValue> {
    match tag {
        "String" => Some(FieldValue::from(content.as_str()?)),
        "Boolean" => Some(FieldValue::from(content.as_bool()?)),
        "Moment" => Some(FieldValue::Date(content["Date"].as_str()?.parse::<Date>().ok()?)),
        "Number" => {
            let whole = content.as_i64().or_else(|| content["Whole"].as_i64());
            let number =
                whole.map(Number::Whole).or_else(|| content["Decimal"].as_f64().map(Number::Decimal))?;
            // Four digits beside a date are a year, which is no number and is bound as a date.
            let may_be_year = whole.is_some_and(|number| (1000..=9999).contains(&number));
            (!may_be_year).then_some(FieldValue::Number(number))
        }
        _ => None,
    }
}

fn period(content: &Json) -> Option<Binding> {
    let content = content.get("Relative").unwrap_or(content);
    let unit = |json: &Json| serde_json::from_value::<Unit>(json.clone()).ok();
    let (tag, content) = content.as_object()?.iter().next()?;
    let period = match tag.as_str() {
        "Date" => Period::from(content.as_str()?.parse::<Date>().ok()?),
        "This" => Period::This(unit(content)?),
        "Last" => Period::Last(unit(content)?),
        "LastSeveral" => {
            Period::LastSeveral(u32::try_from(content[0]["Number"].as_u64()?).ok()?, unit(&content[1])?)
        }
        _ => return None,
    };
    Some(Binding::Period(period))
}

/// Says where a statement with parameters, or one that is saved and run, means something else than the statement.
pub fn means_the_same(
    statement: &Statement,
    meant: &Request,
    catalog: &Catalog,
    session: &Session,
) -> Result<(), String> {
    let (text, tree) = (statement.to_string(), serde_json::to_value(statement).unwrap());
    let mut lift = Lift::new(&text, text.len().is_multiple_of(2));
    let mut lifted = tree.clone();
    lift.walk(&mut lifted, |_| true);
    let lifted: Statement = serde_json::from_value(lifted).map_err(|error| format!("lifted: {error}"))?;
    is_meant(&lifted, meant, catalog, session, &lift.bindings())?;
    if let Statement::Query(_) = statement {
        let mut lift = Lift::new(&text, false);
        let mut lifted = tree;
        lift.walk(&mut lifted, |binding| matches!(binding, Binding::Value(_) | Binding::List(_)));
        let lifted: Statement = serde_json::from_value(lifted).map_err(|error| format!("lifted: {error}"))?;
        let mut catalog = catalog.clone();
        let saved =
            Saved { text: lifted.to_string(), is_condition: false, language_version: LANGUAGE_VERSION };
        catalog.saved.insert("thrown".to_owned(), saved);
        is_meant(&run(&lift), meant, &catalog, session, &Bindings::default())?;
    }
    Ok(())
}

fn is_meant(
    statement: &Statement,
    meant: &Request,
    catalog: &Catalog,
    session: &Session,
    bindings: &Bindings,
) -> Result<(), String> {
    let text = statement.to_string();
    let parsed = Statement::parse(&text).map_err(|error| error.render(&text))?;
    if parsed != *statement {
        return Err(format!("with parameters it reads back as {parsed}, not {text}"));
    }
    match resolve(&At::from(parsed), catalog, session, bindings) {
        Ok(resolved) if unwritten(resolved.request.clone()) == unwritten(meant.clone()) => Ok(()),
        Ok(resolved) => Err(format!("{text}\n  means {:?}\n  not {meant:?}", resolved.request)),
        Err(errors) => Err(format!("with {bindings:?} {}", errors[0].render(&text))),
    }
}

/// `run @thrown with :p1 = ...`
fn run(lift: &Lift) -> Statement {
    let one = |value: &FieldValue| match value {
        FieldValue::Text(text) => Value::String(text.clone()),
        FieldValue::Number(number) => Value::Number(*number),
        FieldValue::Boolean(value) => Value::Boolean(*value),
        FieldValue::Date(date) => Value::Moment((*date).into()),
    };
    let bound = |binding: &Binding| match binding {
        Binding::Value(value) => BoundValue::One(one(value).into()),
        Binding::List(values) => BoundValue::List(values.iter().map(|value| one(value).into()).collect()),
        other => panic!("`run` cannot bind {other:?}"),
    };
    let bindings = lift.taken.iter().zip(1..).map(|(binding, number)| {
        RunBinding { name: format!("p{number}").into(), value: bound(binding) }.into()
    });
    Statement::Run(Run { name: "thrown".to_owned().into(), bindings: bindings.collect() })
}

/// What stands in trees that are thrown and bound: the tree with parameters, and the one that runs it.
pub fn lifted(statement: &Statement) -> Vec<Json> {
    let text = statement.to_string();
    let both = [true, false].into_iter().flat_map(|is_numbered| {
        let mut lift = Lift::new(&text, is_numbered);
        let mut tree = serde_json::to_value(statement).unwrap();
        lift.walk(&mut tree, |binding| matches!(binding, Binding::Value(_) | Binding::List(_)));
        [tree, serde_json::to_value(run(&lift)).unwrap()]
    });
    let mut lift = Lift::new(&text, false);
    let mut tree = serde_json::to_value(statement).unwrap();
    lift.walk(&mut tree, |_| true);
    both.chain([tree]).collect()
}

/// Leaves out how an explained statement was written.
fn unwritten(request: Request) -> Request {
    match request {
        Request::Explain { analyze, request, .. } => {
            Request::Explain { analyze, statement: String::new(), request }
        }
        request => request,
    }
}
