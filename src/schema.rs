//! The one table of fields: their names, types and how many values they take.
//!
//! Parser help, resolver, indexer, completer and renderer all read this table, so a field is described once.
//! Fields beyond it are *declared* by the articles that bring them; [`Schema`] joins both.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// What the values of a field are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FieldType {
    /// Analysed text with positions; asked with `contains`.
    Text,
    /// Whole values, folded for comparison.
    Keyword,
    /// Numbers, whole or decimal.
    Number,
    /// True or false.
    Boolean,
    /// Dates of partial precision.
    Date,
    /// Quotations; asked with `quotes`.
    Quote,
}

impl FieldType {
    /// Returns the name that `describe` and messages use.
    pub fn name(self) -> &'static str {
        match self {
            FieldType::Text => "text",
            FieldType::Keyword => "keyword",
            FieldType::Number => "number",
            FieldType::Boolean => "boolean",
            FieldType::Date => "date",
            FieldType::Quote => "quote",
        }
    }
}

impl fmt::Display for FieldType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

macro_rules! builtins {
    ($($variant:ident $name:literal $field_type:ident $many:literal $aliases:expr, $about:literal;)*) => {
        /// A field that every archive has.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[allow(missing_docs)] // Each variant's meaning is the last column of the table below.
        pub enum Builtin { $($variant,)* }

        impl Builtin {
            /// Lists every built-in field, in the order that `describe` prints them.
            pub const ALL: &'static [Builtin] = &[$(Builtin::$variant,)*];

            /// Returns the row of the table that describes this field.
            pub fn info(self) -> &'static BuiltinInfo {
                match self {
                    $(Builtin::$variant => &BuiltinInfo {
                        name: $name,
                        field_type: FieldType::$field_type,
                        many: $many,
                        aliases: $aliases,
                        about: $about,
                    },)*
                }
            }
        }
    };
}

/// One row of the table of built-in fields.
#[derive(Debug, PartialEq, Eq)]
pub struct BuiltinInfo {
    /// The canonical name, in lower case.
    pub name: &'static str,
    /// What its values are.
    pub field_type: FieldType,
    /// Whether an article may have several.
    pub many: bool,
    /// Other names that queries may use.
    pub aliases: &'static [&'static str],
    /// One line for `describe`.
    pub about: &'static str,
}

builtins! {
    Id "id" Number false &[], "number given by the database, never used twice";
    Key "key" Keyword false &[], "unique name: the given id, else the URL, else the path, else a hash of the content";
    Title "title" Text false &["headline"], "the headline";
    Lede "lede" Text false &["lead"], "title plus the first reporting paragraph";
    Body "body" Text false &[], "text after headline and byline";
    Text "text" Text false &[], "title plus body";
    Date "date" Date false &[], "publication date, as exactly as it is known";
    Added "added" Date false &[], "time of import";
    Source "source" Keyword false &["sources"], "outlet that published the article";
    Section "section" Keyword false &["sections"], "desk or rubric";
    Lang "lang" Keyword false &["language"], "ISO 639-1 code of the language";
    Url "url" Keyword false &["urls"], "web address";
    Dateline "dateline" Keyword false &["datelines"], "place that opens the body";
    Focus "focus" Keyword false &[], "most salient place";
    Agency "agency" Keyword true &["agencies"], "wire service or outlet credited with the story";
    Country "country" Keyword true &["countries"], "countries, as ISO 3166-1 alpha-2 codes";
    Author "author" Keyword true &["authors"], "people of the byline";
    Topic "topic" Keyword true &["topics"], "subjects given with the article";
    Keyword "keyword" Keyword true &["keywords"], "telling words of the article";
    Person "person" Keyword true &["people", "persons"], "people named";
    Place "place" Keyword true &["places"], "places named";
    Org "org" Keyword true &["orgs"], "organisations named";
    Speaker "speaker" Keyword true &["speakers"], "people and organisations quoted";
    Story "story" Keyword false &["stories"], "near-duplicate articles share it";
    Quote "quote" Quote true &[], "direct speech; asked with quotes";
    Deaths "deaths" Number true &[], "people reported dead";
    Injured "injured" Number true &[], "people reported injured";
    Displaced "displaced" Number true &[], "people reported displaced";
    Arrested "arrested" Number true &[], "people reported arrested";
    Troops "troops" Number true &[], "soldiers reported";
    Percent "percent" Number true &[], "percentages reported";
    Money "money" Number true &[], "amounts of money reported";
    Words "words" Number false &[], "length of the body in words";
}

impl Builtin {
    /// Returns the field of this name or alias, letter case ignored.
    pub fn from_name(name: &str) -> Option<Builtin> {
        Builtin::ALL.iter().copied().find(|field| {
            let info = field.info();
            info.name.eq_ignore_ascii_case(name)
                || info.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name))
        })
    }

    /// Returns the canonical name.
    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// Tells whether the field holds figures: numbers that are intervals.
    pub fn is_figure(self) -> bool {
        use Builtin::{Arrested, Deaths, Displaced, Injured, Money, Percent, Troops};
        matches!(self, Deaths | Injured | Displaced | Arrested | Troops | Percent | Money)
    }

    /// Tells whether the field holds the canonical names of entities.
    pub fn is_entity(self) -> bool {
        matches!(self, Builtin::Person | Builtin::Place | Builtin::Org)
    }
}

/// A field as queries and segments name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FieldName {
    /// A field that every archive has.
    Builtin(Builtin),
    /// A field that articles of this archive brought, by its dotted lower-case name.
    Declared(String),
}

impl FieldName {
    /// Returns the canonical name.
    pub fn as_str(&self) -> &str {
        match self {
            FieldName::Builtin(field) => field.name(),
            FieldName::Declared(name) => name,
        }
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A field with what is known about it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Field {
    /// Its name.
    pub name: FieldName,
    /// What its values are.
    pub field_type: FieldType,
    /// Whether an article may have several.
    pub many: bool,
}

impl From<Builtin> for Field {
    fn from(field: Builtin) -> Field {
        let info = field.info();
        Field { name: FieldName::Builtin(field), field_type: info.field_type, many: info.many }
    }
}

/// All fields of one archive: the built-in ones and the declared ones.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    declared: BTreeMap<String, FieldType>,
}

impl Schema {
    /// Returns the field of this name or alias, letter case ignored; built-in names win.
    pub fn field(&self, name: &str) -> Option<Field> {
        if let Some(builtin) = Builtin::from_name(name) {
            return Some(builtin.into());
        }
        let name = name.to_lowercase();
        let field_type = *self.declared.get(&name)?;
        Some(Field { name: FieldName::Declared(name), field_type, many: true })
    }

    /// Lists every field, the built-in ones first.
    pub fn fields(&self) -> impl Iterator<Item = Field> + '_ {
        let declared = self.declared.iter().map(|(name, &field_type)| Field {
            name: FieldName::Declared(name.clone()),
            field_type,
            many: true,
        });
        Builtin::ALL.iter().map(|&builtin| Field::from(builtin)).chain(declared)
    }

    /// Lists the declared fields with their types, by name.
    pub fn declared(&self) -> impl Iterator<Item = (&str, FieldType)> + '_ {
        self.declared.iter().map(|(name, &field_type)| (name.as_str(), field_type))
    }

    /// Fixes the type of a declared field, unless it has one already.
    ///
    /// Returns the type that holds from now on: the given one, or the one that was fixed before.
    pub fn declare(&mut self, name: &str, field_type: FieldType) -> FieldType {
        *self.declared.entry(name.to_lowercase()).or_insert(field_type)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_aliases_are_unique() {
        let mut names: Vec<&str> = Builtin::ALL
            .iter()
            .flat_map(|f| [f.info().name].into_iter().chain(f.info().aliases.iter().copied()))
            .collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn lookup_ignores_case_and_prefers_builtins() {
        let mut schema = Schema::default();
        assert_eq!(schema.declare("Tone", FieldType::Number), FieldType::Number);
        assert_eq!(schema.declare("tone", FieldType::Keyword), FieldType::Number);
        assert_eq!(schema.field("TONE").unwrap().field_type, FieldType::Number);
        assert_eq!(schema.field("people").unwrap().name, FieldName::Builtin(Builtin::Person));
        assert!(schema.field("titel").is_none());
    }
}
