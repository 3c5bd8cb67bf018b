//! Cells under one column, as arrays.

use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, StringBuilder, TimestampMillisecondBuilder,
};
use arrow_array::{Array, ArrayRef, ListArray, StructArray};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{DataType, Field, FieldRef, Fields, TimeUnit};
use dateline::date::{Date, Offset, Precision};
use dateline::exec::{Cell, Snippet};
use dateline::value::{Number, Value};

use crate::kind::Kind;

/// Seconds of a day.
const DAY_SECONDS: i64 = 86_400;

/// Whole numbers up to here are the same as doubles.
const EXACT_MAX: u64 = 1 << 53;

/// Collects the cells of one column of an answer, which are one array of the file, or three for dates.
pub(crate) struct Cells {
    values: Values,
    /// How many values each cell has, where it may have several.
    lengths: Option<Vec<usize>>,
    zone: Offset,
    /// Bytes of text since the last batch.
    bytes: usize,
    /// Whole numbers that a double only comes near to.
    rounded: u64,
}

impl Cells {
    pub(crate) fn new(kind: Kind, many: bool, zone: Offset) -> Cells {
        let lengths = (many && kind != Kind::Extracts).then(Vec::new);
        Cells { values: Values::new(kind), lengths, zone, bytes: 0, rounded: 0 }
    }

    /// Lists the columns of the file, with names that begin with `name`.
    pub(crate) fn fields(&self, name: &str) -> Vec<(String, DataType)> {
        let types = self.values.types().into_iter();
        let listed = types.map(|(ending, data_type)| match &self.lengths {
            Some(_) => (format!("{name}{ending}"), DataType::List(item(data_type))),
            None => (format!("{name}{ending}"), data_type),
        });
        listed.collect()
    }

    /// Takes a cell that is within the kind of the column.
    pub(crate) fn push(&mut self, cell: &Cell) {
        let before = self.values.len();
        match cell {
            Cell::One(value) => self.push_value(value),
            Cell::Many(values) if self.lengths.is_some() => {
                values.iter().for_each(|value| self.push_value(value))
            }
            // Only a list can hold several, and only the text of them all stands in one place.
            Cell::Many(values) => self.push_joined(values),
            Cell::Snippets(snippets) => self.push_snippets(snippets),
            Cell::Json(json) => self.push_text(&json.to_string()),
            Cell::Missing if self.lengths.is_some() => {}
            Cell::Missing => self.values.push_missing(),
        }
        let after = self.values.len();
        if let Some(lengths) = &mut self.lengths {
            lengths.push(after.saturating_sub(before));
        }
    }

    /// Returns the bytes of text that wait for the next batch.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Returns how many whole numbers were rounded so far.
    pub(crate) fn rounded(&self) -> u64 {
        self.rounded
    }

    /// Returns the arrays of all cells since the last call.
    pub(crate) fn finish(&mut self) -> Vec<ArrayRef> {
        self.bytes = 0;
        let arrays = self.values.finish();
        match self.lengths.as_mut().map(std::mem::take) {
            Some(lengths) => arrays.into_iter().map(|array| list(&lengths, array)).collect(),
            None => arrays,
        }
    }

    fn push_value(&mut self, value: &Value) {
        match (&mut self.values, value) {
            (Values::Whole(values), Value::Number(Number::Whole(number))) => values.append_value(*number),
            (Values::Decimal(values), Value::Number(number)) => {
                self.rounded += u64::from(matches!(number, Number::Whole(n) if n.unsigned_abs() > EXACT_MAX));
                values.append_value(number.as_f64());
            }
            (Values::Truth(values), Value::Boolean(truth)) => values.append_value(*truth),
            (Values::Dates(values), Value::Date(date)) => values.push(*date, self.zone),
            (Values::Text(_), Value::Text(text)) => self.push_text(text),
            (Values::Text(_), Value::Date(date)) => self.push_text(&date.in_zone(self.zone).to_string()),
            (Values::Text(_), other) => self.push_text(&other.to_string()),
            // `Kind::widened` chose a kind that holds every value.
            _ => self.values.push_missing(),
        }
    }

    fn push_joined(&mut self, values: &[Value]) {
        match values {
            [] => self.values.push_missing(),
            [value] => self.push_value(value),
            several => {
                let texts: Vec<String> = several.iter().map(ToString::to_string).collect();
                self.push_text(&texts.join("; "));
            }
        }
    }

    fn push_text(&mut self, text: &str) {
        self.bytes += text.len();
        match &mut self.values {
            Values::Text(values) => values.append_value(text),
            other => other.push_missing(),
        }
    }

    fn push_snippets(&mut self, snippets: &[Snippet]) {
        self.bytes += snippets.iter().map(|snippet| snippet.text.len()).sum::<usize>();
        match &mut self.values {
            Values::Extracts(values) => values.push(snippets),
            _ => {
                let texts: Vec<&str> = snippets.iter().map(|snippet| snippet.text.as_str()).collect();
                self.push_text(&texts.join("; "));
            }
        }
    }
}

/// The values of a column, cell after cell.
enum Values {
    Whole(Int64Builder),
    Decimal(Float64Builder),
    Truth(BooleanBuilder),
    Text(StringBuilder),
    Dates(Dates),
    Extracts(Extracts),
}

impl Values {
    fn new(kind: Kind) -> Values {
        match kind {
            Kind::Whole => Values::Whole(Int64Builder::new()),
            Kind::Decimal => Values::Decimal(Float64Builder::new()),
            Kind::Truth => Values::Truth(BooleanBuilder::new()),
            Kind::Date => Values::Dates(Dates::default()),
            Kind::Extracts => Values::Extracts(Extracts::default()),
            Kind::Text => Values::Text(StringBuilder::new()),
        }
    }

    /// Lists the arrays, each as what its name ends with and its type.
    fn types(&self) -> Vec<(&'static str, DataType)> {
        match self {
            Values::Whole(_) => vec![("", DataType::Int64)],
            Values::Decimal(_) => vec![("", DataType::Float64)],
            Values::Truth(_) => vec![("", DataType::Boolean)],
            Values::Text(_) => vec![("", DataType::Utf8)],
            Values::Dates(_) => {
                vec![("", DataType::Date32), ("_time", instant_type()), ("_precision", DataType::Utf8)]
            }
            Values::Extracts(_) => vec![("", DataType::List(item(DataType::Struct(extract_fields()))))],
        }
    }

    fn len(&self) -> usize {
        use arrow_array::builder::ArrayBuilder;
        match self {
            Values::Whole(values) => values.len(),
            Values::Decimal(values) => values.len(),
            Values::Truth(values) => values.len(),
            Values::Text(values) => values.len(),
            Values::Dates(values) => values.days.len(),
            Values::Extracts(values) => values.lengths.len(),
        }
    }

    fn push_missing(&mut self) {
        match self {
            Values::Whole(values) => values.append_null(),
            Values::Decimal(values) => values.append_null(),
            Values::Truth(values) => values.append_null(),
            Values::Text(values) => values.append_null(),
            Values::Dates(values) => values.push_missing(),
            Values::Extracts(values) => values.push(&[]),
        }
    }

    fn finish(&mut self) -> Vec<ArrayRef> {
        match self {
            Values::Whole(values) => vec![Arc::new(values.finish())],
            Values::Decimal(values) => vec![Arc::new(values.finish())],
            Values::Truth(values) => vec![Arc::new(values.finish())],
            Values::Text(values) => vec![Arc::new(values.finish())],
            Values::Dates(values) => values.finish(),
            Values::Extracts(values) => vec![values.finish()],
        }
    }
}

/// Dates as their first day, their instant and how exactly they are known.
#[derive(Default)]
struct Dates {
    days: Date32Builder,
    instants: TimestampMillisecondBuilder,
    precisions: StringBuilder,
}

impl Dates {
    fn push(&mut self, date: Date, zone: Offset) {
        let day = date.in_zone(zone).wall().div_euclid(DAY_SECONDS);
        // Years have four digits, so that days fit by far.
        self.days.append_option(i32::try_from(day).ok());
        let instant = (!date.precision().is_civil()).then(|| date.instants(zone).start * 1_000);
        self.instants.append_option(instant);
        self.precisions.append_value(precision_name(date.precision()));
    }

    fn push_missing(&mut self) {
        self.days.append_null();
        self.instants.append_null();
        self.precisions.append_null();
    }

    fn finish(&mut self) -> Vec<ArrayRef> {
        let instants = self.instants.finish().with_timezone("UTC");
        vec![Arc::new(self.days.finish()), Arc::new(instants), Arc::new(self.precisions.finish())]
    }
}

fn instant_type() -> DataType {
    DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into()))
}

fn precision_name(precision: Precision) -> &'static str {
    match precision {
        Precision::Year => "year",
        Precision::Quarter => "quarter",
        Precision::Month => "month",
        Precision::Week => "week",
        Precision::Day => "day",
        Precision::Minute => "minute",
        Precision::Second => "second",
    }
}

/// Extracts with the places of their matches.
#[derive(Default)]
struct Extracts {
    /// Extracts of each cell.
    lengths: Vec<usize>,
    fields: StringBuilder,
    texts: StringBuilder,
    /// Matches of each extract.
    match_lengths: Vec<usize>,
    starts: Int64Builder,
    ends: Int64Builder,
}

impl Extracts {
    fn push(&mut self, snippets: &[Snippet]) {
        self.lengths.push(snippets.len());
        for snippet in snippets {
            self.fields.append_value(&snippet.field);
            self.texts.append_value(&snippet.text);
            self.match_lengths.push(snippet.matches.len());
            for (start, end) in &snippet.matches {
                self.starts.append_value(i64::from(*start));
                self.ends.append_value(i64::from(*end));
            }
        }
    }

    fn finish(&mut self) -> ArrayRef {
        let places: Vec<ArrayRef> = vec![Arc::new(self.starts.finish()), Arc::new(self.ends.finish())];
        let matches = list(
            &std::mem::take(&mut self.match_lengths),
            Arc::new(StructArray::new(match_fields(), places, None)),
        );
        let members: Vec<ArrayRef> =
            vec![Arc::new(self.fields.finish()), Arc::new(self.texts.finish()), matches];
        let extracts = StructArray::new(extract_fields(), members, None);
        list(&std::mem::take(&mut self.lengths), Arc::new(extracts))
    }
}

fn match_fields() -> Fields {
    ["start", "end"].map(|name| Field::new(name, DataType::Int64, true)).to_vec().into()
}

fn extract_fields() -> Fields {
    let text = |name| Field::new(name, DataType::Utf8, true);
    let matches = DataType::List(item(DataType::Struct(match_fields())));
    vec![text("field"), text("text"), Field::new("matches", matches, true)].into()
}

/// Returns the field of a list's items, under the name that Parquet asks for.
fn item(data_type: DataType) -> FieldRef {
    Arc::new(Field::new("element", data_type, true))
}

fn list(lengths: &[usize], values: ArrayRef) -> ArrayRef {
    let offsets = OffsetBuffer::from_lengths(lengths.iter().copied());
    Arc::new(ListArray::new(item(values.data_type().clone()), offsets, values, None))
}
