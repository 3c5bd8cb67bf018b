//! Conditions about one field.

use crate::query::Comparison;
use crate::query::ast::*;

/// Returns a field, by its dotted name.
///
/// # Examples
///
/// ```
/// use dateline::query as q;
///
/// assert_eq!(q::field("words").more_than(300).to_string(), "words > 300");
/// assert_eq!(q::field("metadata.desk").is("Foreign").to_string(), "metadata.desk = \"Foreign\"");
/// assert_eq!(q::field("order").exists().to_string(), "`order` exists");
/// ```
pub fn field(name: impl Into<FieldRef>) -> FieldRef {
    name.into()
}

/// Returns the field `text`: title and body.
pub fn text() -> FieldRef {
    FieldRef::new("text")
}

/// Returns the field `date`: when an article was published.
pub fn date() -> FieldRef {
    FieldRef::new("date")
}

/// Conditions that compare the field's values.
impl FieldRef {
    /// Returns `field = value`.
    pub fn is(self, value: impl Into<Value>) -> Expr {
        self.compares(Comparison::Equal, value)
    }

    /// Returns `field != value`, which holds for articles without the field too.
    pub fn is_not(self, value: impl Into<Value>) -> Expr {
        self.compares(Comparison::NotEqual, value)
    }

    /// Returns `field < value`.
    pub fn less_than(self, value: impl Into<Value>) -> Expr {
        self.compares(Comparison::Less, value)
    }

    /// Returns `field <= value`.
    pub fn at_most(self, value: impl Into<Value>) -> Expr {
        self.compares(Comparison::LessOrEqual, value)
    }

    /// Returns `field > value`.
    pub fn more_than(self, value: impl Into<Value>) -> Expr {
        self.compares(Comparison::Greater, value)
    }

    /// Returns `field >= value`.
    pub fn at_least(self, value: impl Into<Value>) -> Expr {
        self.compares(Comparison::GreaterOrEqual, value)
    }

    fn compares(self, comparison: Comparison, value: impl Into<Value>) -> Expr {
        let (comparison, value) = (At::from(comparison), At::from(value.into()));
        Expr::from(Condition::Compares(Compares { field: At::from(self), comparison, value }))
    }

    /// Returns `field in set`: a list of values, or a parameter bound to one.
    ///
    /// # Examples
    ///
    /// ```
    /// use dateline::query as q;
    ///
    /// assert_eq!(q::field("agency").is_in(["AFP", "Reuters"]).to_string(), "agency in (\"AFP\", \"Reuters\")");
    /// assert_eq!(q::field("agency").is_in(q::param("agencies")).to_string(), "agency in :agencies");
    /// ```
    pub fn is_in(self, set: impl Into<Set>) -> Expr {
        self.member(false, set)
    }

    /// Returns `field not in set`.
    pub fn is_not_in(self, set: impl Into<Set>) -> Expr {
        self.member(true, set)
    }

    /// Returns `field in period`; for dates.
    pub fn within(self, period: impl Into<Set>) -> Expr {
        self.member(false, period)
    }

    /// Returns `field not in period`; for dates.
    pub fn not_within(self, period: impl Into<Set>) -> Expr {
        self.member(true, period)
    }

    fn member(self, negated: bool, set: impl Into<Set>) -> Expr {
        Expr::from(Condition::Member(Member { field: At::from(self), negated, set: At::from(set.into()) }))
    }

    /// Returns `field between low and high`, both ends included.
    pub fn between(self, low: impl Into<Value>, high: impl Into<Value>) -> Expr {
        self.ranges(false, low, high)
    }

    /// Returns `field not between low and high`.
    pub fn not_between(self, low: impl Into<Value>, high: impl Into<Value>) -> Expr {
        self.ranges(true, low, high)
    }

    fn ranges(self, negated: bool, low: impl Into<Value>, high: impl Into<Value>) -> Expr {
        let (low, high) = (At::from(low.into()), At::from(high.into()));
        Expr::from(Condition::Between(Between { field: At::from(self), negated, low, high }))
    }

    /// Returns `field exists`.
    pub fn exists(self) -> Expr {
        Expr::from(Condition::Presence(Presence { field: At::from(self), exists: true }))
    }

    /// Returns `field is missing`.
    pub fn is_missing(self) -> Expr {
        Expr::from(Condition::Presence(Presence { field: At::from(self), exists: false }))
    }
}

/// Conditions on the words of the field.
impl FieldRef {
    /// Returns `field contains pattern`.
    ///
    /// # Examples
    ///
    /// ```
    /// use dateline::query as q;
    ///
    /// let filter = q::text().contains(q::phrase("Turkish").before("troops").within_words(2));
    /// assert_eq!(filter.to_string(), "text contains \"Turkish\" before \"troops\" within 2 words");
    /// ```
    pub fn contains(self, pattern: impl Into<TextPattern>) -> Expr {
        self.searched(false, pattern)
    }

    /// Returns `field not contains pattern`.
    pub fn not_contains(self, pattern: impl Into<TextPattern>) -> Expr {
        self.searched(true, pattern)
    }

    fn searched(self, negated: bool, pattern: impl Into<TextPattern>) -> Expr {
        let pattern = At::from(pattern.into());
        Expr::from(Condition::Contains(Contains { field: At::from(self), negated, pattern }))
    }

    /// Returns `field starts with text`.
    pub fn starts_with(self, text: impl Into<Text>) -> Expr {
        self.affix(false, AffixKind::StartsWith, text)
    }

    /// Returns `field not starts with text`.
    pub fn not_starts_with(self, text: impl Into<Text>) -> Expr {
        self.affix(true, AffixKind::StartsWith, text)
    }

    /// Returns `field ends with text`.
    pub fn ends_with(self, text: impl Into<Text>) -> Expr {
        self.affix(false, AffixKind::EndsWith, text)
    }

    /// Returns `field not ends with text`.
    pub fn not_ends_with(self, text: impl Into<Text>) -> Expr {
        self.affix(true, AffixKind::EndsWith, text)
    }

    /// Returns `field like text`: `*` is any run and `?` one character.
    pub fn like(self, text: impl Into<Text>) -> Expr {
        self.affix(false, AffixKind::Like, text)
    }

    /// Returns `field not like text`.
    pub fn not_like(self, text: impl Into<Text>) -> Expr {
        self.affix(true, AffixKind::Like, text)
    }

    fn affix(self, negated: bool, kind: AffixKind, text: impl Into<Text>) -> Expr {
        let text = At::from(text.into());
        Expr::from(Condition::Affix(Affix { field: At::from(self), negated, kind, text }))
    }

    /// Returns `field matches pattern`.
    pub fn matches(self, pattern: impl Into<Pattern>) -> Expr {
        self.searched_by(false, pattern)
    }

    /// Returns `field not matches pattern`.
    pub fn not_matches(self, pattern: impl Into<Pattern>) -> Expr {
        self.searched_by(true, pattern)
    }

    fn searched_by(self, negated: bool, pattern: impl Into<Pattern>) -> Expr {
        let pattern = At::from(pattern.into());
        Expr::from(Condition::Matches(Matches { field: At::from(self), negated, pattern }))
    }
}

/// Conditions on the dates of the field.
impl FieldRef {
    /// Returns `field since time`: the date starts with it or later.
    pub fn since(self, time: impl Into<Time>) -> Expr {
        self.dated(DateWord::Since, time)
    }

    /// Returns `field until time`: the date ends with it or earlier.
    pub fn until(self, time: impl Into<Time>) -> Expr {
        self.dated(DateWord::Until, time)
    }

    /// Returns `field before time`: the date ends before it starts.
    pub fn before(self, time: impl Into<Time>) -> Expr {
        self.dated(DateWord::Before, time)
    }

    /// Returns `field after time`: the date starts after its end.
    pub fn after(self, time: impl Into<Time>) -> Expr {
        self.dated(DateWord::After, time)
    }

    /// Returns `field on time`: the date lies inside it.
    pub fn on(self, time: impl Into<Time>) -> Expr {
        self.dated(DateWord::On, time)
    }

    /// Returns `field overlaps time`: the date has a moment in common with it.
    pub fn overlaps(self, time: impl Into<Time>) -> Expr {
        self.dated(DateWord::Overlaps, time)
    }

    fn dated(self, relation: DateWord, time: impl Into<Time>) -> Expr {
        let (relation, time) = (At::from(relation), At::from(time.into()));
        Expr::from(Condition::DateTest(DateTest { field: At::from(self), relation, time }))
    }
}

/// How many distinct values a field has, to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberOfField(FieldRef);

/// Returns `number of field`, to be compared.
///
/// # Examples
///
/// ```
/// use dateline::query as q;
///
/// assert_eq!(q::number_of("person").at_least(5).to_string(), "number of person >= 5");
/// ```
pub fn number_of(field: impl Into<FieldRef>) -> NumberOfField {
    NumberOfField(field.into())
}

impl NumberOfField {
    /// Returns `number of field = count`.
    pub fn is(self, count: impl Into<Whole>) -> Expr {
        self.compares(Comparison::Equal, count)
    }

    /// Returns `number of field != count`.
    pub fn is_not(self, count: impl Into<Whole>) -> Expr {
        self.compares(Comparison::NotEqual, count)
    }

    /// Returns `number of field < count`.
    pub fn less_than(self, count: impl Into<Whole>) -> Expr {
        self.compares(Comparison::Less, count)
    }

    /// Returns `number of field <= count`.
    pub fn at_most(self, count: impl Into<Whole>) -> Expr {
        self.compares(Comparison::LessOrEqual, count)
    }

    /// Returns `number of field > count`.
    pub fn more_than(self, count: impl Into<Whole>) -> Expr {
        self.compares(Comparison::Greater, count)
    }

    /// Returns `number of field >= count`.
    pub fn at_least(self, count: impl Into<Whole>) -> Expr {
        self.compares(Comparison::GreaterOrEqual, count)
    }

    fn compares(self, comparison: Comparison, count: impl Into<Whole>) -> Expr {
        let (comparison, count) = (At::from(comparison), At::from(count.into()));
        Expr::from(Condition::NumberOf(NumberOf { field: At::from(self.0), comparison, count }))
    }
}
