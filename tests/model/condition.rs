//! Conditions of the tree against one article at a time.

use dateline::article::{Category, Country, Entity, EntityKind};
use dateline::catalog::Catalog;
use dateline::date::Offset;
use dateline::extract::gazetteer;
use dateline::query::ast::{
    Affix, AffixKind, Condition, Contains, DateWord, Expr, FieldRef, Matches, Mentions, Operand, Pattern,
    Quotes, Set, Statement, Term, Text, Value,
};
use dateline::query::{Comparison, Session};
use dateline::schema::{Builtin, Field, FieldName, FieldType};
use dateline::text::{fold, fold_value};

use super::calendar::Stretch;
use super::dates::{whole, within};
use super::matching::{TwinTerm, fits_like};
use super::places::{
    Place, anywhere, distinct, enough, parts_of, pattern_holds, phrase_places, place, quantified,
};
use super::story::{Ends, Part, Story, Word};

/// What the twin knows beside the articles.
pub struct World<'a> {
    pub catalog: &'a Catalog,
    /// Seconds since 1970-01-01T00:00:00Z.
    pub now: i64,
    pub zone: Offset,
}

impl<'a> World<'a> {
    pub fn new(catalog: &'a Catalog, session: &Session) -> World<'a> {
        World { catalog, now: session.now, zone: session.zone }
    }

    pub fn field(&self, name: &FieldRef) -> Field {
        self.catalog.schema.field(&name.name()).expect("the twin is asked about known fields")
    }

    pub fn zone_seconds(&self) -> i64 {
        self.zone.seconds()
    }

    pub fn holds(&self, expr: &Expr, story: &Story) -> bool {
        match expr {
            Expr::Or(alternatives) => alternatives.operands.iter().any(|operand| self.holds(operand, story)),
            Expr::And(operands) => operands.iter().all(|operand| self.holds(operand, story)),
            Expr::Not(inner) => !self.holds(inner, story),
            Expr::Saved(name) => self.holds(&self.saved(name), story),
            Expr::Condition(condition) => self.condition(condition, story),
        }
    }

    /// Reads a saved filter.
    pub fn saved(&self, name: &str) -> Expr {
        let text = format!("find where {}", self.catalog.saved[name].text);
        let Ok(Statement::Query(dateline::query::Query::Find(find))) = Statement::parse(&text) else {
            panic!("saved filters are conditions")
        };
        find.filter.expect("a saved filter is a condition").node
    }

    pub fn condition(&self, condition: &Condition, story: &Story) -> bool {
        match condition {
            Condition::Mentions(mentions) => self.mentions(mentions, story),
            Condition::MentionsWithin(operand) => self.within(operand, story),
            Condition::Quotes(quotes) => self.quotes(quotes, story),
            Condition::Contains(contains) => self.contains(contains, story) != contains.negated,
            Condition::Compares(compares) => {
                let field = self.field(&compares.field);
                let is_not = compares.comparison.node == Comparison::NotEqual;
                let comparison = if is_not { Comparison::Equal } else { compares.comparison.node };
                self.compares(&field, comparison, &compares.value, story) != is_not
            }
            Condition::Member(member) => {
                let field = self.field(&member.field);
                let is_member = match &member.set.node {
                    Set::List(values) => {
                        values.iter().any(|value| self.compares(&field, Comparison::Equal, value, story))
                    }
                    Set::Period(period) => {
                        self.dates(&field, story).any(|date| within(date, self.period(period)))
                    }
                    Set::Parameter(_) => panic!("the twin knows no parameters"),
                };
                is_member != member.negated
            }
            Condition::Between(between) => {
                let field = self.field(&between.field);
                self.between(&field, &between.low, &between.high, story) != between.negated
            }
            Condition::DateTest(test) => {
                let field = self.field(&test.field);
                let span = self.time(&test.time);
                self.dates(&field, story).any(|date| match test.relation.node {
                    DateWord::Since => date.start >= span.start,
                    DateWord::Until => date.end <= span.end,
                    DateWord::Before => date.end <= span.start,
                    DateWord::After => date.start >= span.end,
                    DateWord::On => within(date, span),
                    DateWord::Overlaps => date.start < span.end && span.start < date.end,
                })
            }
            Condition::Affix(affix) => self.affix(affix, story) != affix.negated,
            Condition::Matches(matches) => self.matches_pattern(matches, story) != matches.negated,
            Condition::Presence(presence) => {
                let field = self.field(&presence.field);
                (story.count(&field) > 0) == presence.exists
            }
            Condition::NumberOf(number) => {
                let field = self.field(&number.field);
                number.comparison.node.holds(story.count(&field) as u64, whole(&number.count))
            }
        }
    }

    pub fn affix(&self, affix: &Affix, story: &Story) -> bool {
        let field = self.field(&affix.field);
        let Text::String(text) = &affix.text.node else { panic!("the twin knows no parameters") };
        story.folded(&field.name).iter().any(|value| match affix.kind {
            AffixKind::StartsWith => value.starts_with(one_spaced(text).trim_start()),
            AffixKind::EndsWith => value.ends_with(one_spaced(text).trim_end()),
            AffixKind::Like => fits_like(text, value),
        })
    }

    pub fn matches_pattern(&self, matches: &Matches, story: &Story) -> bool {
        let field = self.field(&matches.field);
        let Pattern::Regex(pattern) = &matches.pattern.node else { panic!("the twin knows no parameters") };
        let flags =
            [(pattern.ignore_case, 'i'), (pattern.multi_line, 'm'), (pattern.dot_matches_newline, 's')];
        let flags: String = flags.iter().filter(|(on, _)| *on).map(|(_, flag)| *flag).collect();
        let flags = if flags.is_empty() { flags } else { format!("(?{flags})") };
        let regex = regex_automata::meta::Regex::new(&format!("{flags}{}", pattern.pattern)).unwrap();
        let values = story.values(&field.name);
        values.iter().filter_map(|value| value.as_text()).any(|text| regex.is_match(text))
    }

    pub fn compares(&self, field: &Field, comparison: Comparison, value: &Value, story: &Story) -> bool {
        match field.field_type {
            FieldType::Keyword => {
                let Value::String(text) = value else { panic!("keywords are compared with text") };
                let wanted = self.equal_names(field, &fold_value(text));
                story.folded(&field.name).iter().any(|value| wanted.contains(value))
            }
            FieldType::Number => {
                let Value::Number(number) = value else { panic!("numbers are compared with numbers") };
                let at = Some((*number, true));
                let beside = Some((*number, false));
                self.number_in(
                    field,
                    story,
                    match comparison {
                        Comparison::Less => (None, beside),
                        Comparison::LessOrEqual => (None, at),
                        Comparison::Greater => (beside, None),
                        Comparison::GreaterOrEqual => (at, None),
                        _ => (at, at),
                    },
                )
            }
            FieldType::Boolean => {
                let Value::Boolean(wanted) = value else { panic!("truth is compared with truth") };
                story.values(&field.name).contains(&dateline::value::Value::Boolean(*wanted))
            }
            FieldType::Date => {
                let span = self.date_value(value);
                self.dates(field, story).any(|date| match comparison {
                    Comparison::Less => date.end <= span.start,
                    Comparison::LessOrEqual => date.end <= span.end,
                    Comparison::Greater => date.start >= span.end,
                    Comparison::GreaterOrEqual => date.start >= span.start,
                    _ => within(date, span),
                })
            }
            FieldType::Text | FieldType::Quote => panic!("text is not compared"),
        }
    }

    pub fn between(&self, field: &Field, low: &Value, high: &Value, story: &Story) -> bool {
        if field.field_type == FieldType::Date {
            let span = Stretch { start: self.date_value(low).start, end: self.date_value(high).end };
            return self.dates(field, story).any(|date| within(date, span));
        }
        match (low, high) {
            (Value::Number(low), Value::Number(high)) => {
                self.number_in(field, story, (Some((*low, true)), Some((*high, true))))
            }
            _ => panic!("numbers are compared with numbers"),
        }
    }

    /// Any number, or all of any figure, lies between the ends.
    pub fn number_in(&self, field: &Field, story: &Story, ends: Ends) -> bool {
        if let FieldName::Builtin(builtin) = field.name
            && let Some(category) = category_of(builtin)
        {
            return story.figures(category).iter().any(|figure| lies_in(figure, &ends));
        }
        story
            .numbers(&field.name)
            .iter()
            .any(|number| lies_in(&(Some((*number, true)), Some((*number, true))), &ends))
    }

    /// The folded values that are as good as this one.
    pub fn equal_names(&self, field: &Field, folded: &str) -> Vec<String> {
        let mut names = vec![folded.to_owned()];
        let is_entity = matches!(field.name, FieldName::Builtin(builtin) if builtin.is_entity());
        if is_entity {
            names.extend(
                self.alias_groups(|name| fold_value(name) == folded).iter().map(|name| fold_value(name)),
            );
        }
        if field.name == FieldName::Builtin(Builtin::Country) {
            names.extend(country_names(folded));
        }
        names
    }

    /// Every name of every alias that has a name like this.
    pub fn alias_groups(&self, is_asked: impl Fn(&str) -> bool) -> Vec<String> {
        let mut found = Vec::new();
        for (canonical, others) in self.catalog.aliases.iter() {
            let names: Vec<&String> = std::iter::once(canonical).chain(others).collect();
            if names.iter().any(|name| is_asked(name)) {
                found.extend(names.into_iter().cloned());
            }
        }
        found
    }

    pub fn contains(&self, contains: &Contains, story: &Story) -> bool {
        let FieldName::Builtin(field) = self.field(&contains.field).name else {
            panic!("text fields are built in")
        };
        let begins_inside = |word: &Word| match field {
            Builtin::Title => word.part == Part::Title,
            Builtin::Lede => word.part != Part::Rest,
            Builtin::Body => word.part != Part::Title,
            _ => true,
        };
        let find = |term: &TwinTerm| phrase_places(term, story, 0..story.words.len(), &begins_inside);
        pattern_holds(&contains.pattern, &find)
    }

    pub fn within(&self, operand: &Operand, story: &Story) -> bool {
        let lies_within = |term: &TwinTerm, text: &str| {
            let country = gazetteer::country_by_name(text);
            let region = gazetteer::region(text).filter(|_| country.is_none());
            let folded = region.map_or_else(|| fold_value(text), |region| region.name.to_owned());
            debug_assert!(term.is_plain());
            story.entities().iter().filter(|entity| entity.kind == EntityKind::Place).any(|entity| {
                match country {
                    Some(country) => entity.country == Some(country),
                    None => entity.within.contains(&folded),
                }
            })
        };
        let (quantifier, terms) = parts_of(operand);
        let hits: Vec<bool> = terms
            .iter()
            .map(|term| {
                let Text::String(text) = &term.text.node else { panic!("the twin knows no parameters") };
                lies_within(&TwinTerm::new(term), text)
            })
            .collect();
        quantified(quantifier, &hits)
    }

    pub fn mentions(&self, mentions: &Mentions, story: &Story) -> bool {
        let kind = mentions.kind.as_ref().map(|kind| match self.field(kind).name {
            FieldName::Builtin(Builtin::Person) => EntityKind::Person,
            FieldName::Builtin(Builtin::Place) => EntityKind::Place,
            _ => EntityKind::Org,
        });
        let (quantifier, terms) = parts_of(&mentions.operand);
        let terms: Vec<Vec<TwinTerm>> = terms.iter().map(|term| self.with_aliases(term)).collect();
        let at_least = mentions.at_least.as_ref().map_or(1, |times| whole(times));
        if at_least == 1 && mentions.scope.is_none() {
            let is_named = |names: &Vec<TwinTerm>| {
                self.entities_named(names, kind, story).next().is_some()
                    || (kind.is_none() && names.iter().any(|name| !anywhere(name, story).is_empty()))
            };
            return quantified(quantifier, &terms.iter().map(is_named).collect::<Vec<_>>());
        }
        let places: Vec<Vec<Place>> = terms
            .iter()
            .map(|names| {
                let spans = self.entities_named(names, kind, story).flat_map(|entity| &entity.mentions);
                let mut places: Vec<Place> =
                    spans.filter_map(|span| place(story, story.words_in(*span))).collect();
                if kind.is_none() {
                    places.extend(names.iter().flat_map(|name| anywhere(name, story)));
                }
                distinct(places)
            })
            .collect();
        let scope = mentions.scope.as_ref().map(|scope| scope.node);
        enough(quantifier, &places, at_least, scope)
    }

    /// The term itself, then the other names that an alias gives it.
    pub fn with_aliases(&self, term: &Term) -> Vec<TwinTerm> {
        let own = TwinTerm::new(term);
        if !own.is_plain() {
            return vec![own];
        }
        let words: Vec<String> = own.folded_words().into_iter().map(str::to_owned).collect();
        let others = self.alias_groups(|name| TwinTerm::plain(name).folded_words() == words);
        std::iter::once(own).chain(others.iter().map(|name| TwinTerm::plain(name))).collect()
    }

    pub fn entities_named<'s>(
        &self,
        names: &'s [TwinTerm],
        kind: Option<EntityKind>,
        story: &'s Story,
    ) -> impl Iterator<Item = &'s Entity> {
        let lang = story.lang();
        story.entities().iter().filter(move |entity| {
            let mut own = std::iter::once(&entity.name).chain(&entity.variants);
            kind.is_none_or(|kind| entity.kind == kind)
                && own.any(|name| names.iter().any(|term| term.is_in_name(name, lang.as_deref())))
        })
    }

    /// Each listed speaker by itself: `all of` takes one quotation of each.
    pub fn quotes(&self, quotes: &Quotes, story: &Story) -> bool {
        let Some(operand) = &quotes.speaker else { return self.is_quoted(&|_| true, quotes, story) };
        let (quantifier, terms) = parts_of(operand);
        let hits: Vec<bool> = terms
            .into_iter()
            .map(|term| {
                let names = self.with_aliases(term);
                let lang = story.lang();
                let is_meant = |name: &str| {
                    let fits = |term: &TwinTerm| {
                        term.is_name(name, lang.as_deref()) || term.ends_name(name, lang.as_deref())
                    };
                    names.iter().any(fits)
                };
                self.is_quoted(&|speaker| speaker.is_some_and(is_meant), quotes, story)
            })
            .collect();
        quantified(quantifier, &hits)
    }

    /// Whether one quotation has such a speaker and says what is asked.
    pub fn is_quoted(
        &self,
        is_speaker: &dyn Fn(Option<&str>) -> bool,
        quotes: &Quotes,
        story: &Story,
    ) -> bool {
        story.record.extraction.quotes.iter().any(|quote| {
            let words = story.words_in(quote.span);
            is_speaker(quote.speaker.as_ref().map(|speaker| speaker.name.as_str()))
                && quotes.saying.as_ref().is_none_or(|pattern| {
                    pattern_holds(pattern, &|term| phrase_places(term, story, words.clone(), &|_| true))
                })
        })
    }
}

/// Code and English name of the country that a folded code or name means.
fn country_names(folded: &str) -> Vec<String> {
    let is_code = Country::new(folded).and_then(gazetteer::country_name).is_some();
    let country = if is_code { Country::new(folded) } else { gazetteer::country_by_name(folded) };
    let Some(country) = country else { return Vec::new() };
    let name = gazetteer::country_name(country).map(fold_value);
    name.into_iter().chain([fold_value(country.as_str())]).collect()
}

/// The folded text with one space for each run of white space, as whole values have it.
pub fn one_spaced(text: &str) -> String {
    let mut folded = fold(&text.replace(char::is_whitespace, " "));
    while folded.contains("  ") {
        folded = folded.replace("  ", " ");
    }
    folded
}

pub fn category_of(field: Builtin) -> Option<Category> {
    Some(match field {
        Builtin::Deaths => Category::Deaths,
        Builtin::Injured => Category::Injured,
        Builtin::Displaced => Category::Displaced,
        Builtin::Arrested => Category::Arrested,
        Builtin::Troops => Category::Troops,
        Builtin::Percent => Category::Percent,
        Builtin::Money => Category::Money,
        _ => return None,
    })
}

/// Whether every number of `inner` lies in `outer`.
pub fn lies_in(inner: &Ends, outer: &Ends) -> bool {
    let low = match (inner.0, outer.0) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some((own, own_inside)), Some((end, inside))) => {
            own > end || (own == end && (inside || !own_inside))
        }
    };
    let high = match (inner.1, outer.1) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some((own, own_inside)), Some((end, inside))) => {
            own < end || (own == end && (inside || !own_inside))
        }
    };
    low && high
}
