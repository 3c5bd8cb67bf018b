//! The one table of error codes.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($variant:ident $code:literal $about:literal;)*) => {
        /// The code of an error; a code never changes its meaning.
        ///
        /// `E0..` are errors of form, `E1..` of names, `E2..` of types and values, `E3..` of parameters, `E4..` of
        /// permission.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code {
            $(#[doc = $about] #[serde(rename = $code)] $variant,)*
        }

        impl Code {
            /// Lists every code, in order.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// Returns the code as it is printed.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $code,)* }
            }

            /// Returns one sentence on what the code stands for.
            pub fn about(self) -> &'static str {
                match self { $(Code::$variant => $about,)* }
            }
        }
    };
}

codes! {
    UnknownStatement "E001" "The text does not start with the word of a statement.";
    NoCondition "E002" "Something stands where `where` and a condition must stand.";
    Unquoted "E003" "Text is not in quotes.";
    UnclosedQuote "E004" "A quote, backtick, slash or brace is never closed.";
    NoConnective "E005" "Two conditions stand side by side without `and` or `or`.";
    UnknownOperator "E006" "An operator of another language.";
    Unfinished "E007" "The query stops where something must follow.";
    UnclosedParenthesis "E008" "A parenthesis is never closed, or closed without being open.";
    DoubleConnective "E009" "Two of `and`, `or` follow each other.";
    MisplacedNot "E010" "`not` stands before something that it cannot negate.";
    ListWithoutParentheses "E011" "A list is not in parentheses.";
    EmptyList "E012" "A list has no items.";
    DistanceWithoutWithin "E013" "A distance is not written as `within n words`.";
    PatternWithoutSlashes "E014" "A pattern is not between slashes.";
    DateOrder "E015" "A date is not written year first.";
    DateForm "E016" "Something looks like a number or date and is neither.";
    Reserved "E017" "A reserved word stands where a name must stand.";
    WholeNumber "E018" "Something other than a whole number stands where one must.";
    ClauseOrder "E019" "A clause stands before the condition.";
    UnknownUnit "E020" "A word is not a unit of time.";
    DeleteWithoutCondition "E021" "`delete` has neither a condition nor the word `all`.";
    Escape "E022" "A string has an escape that does not exist.";
    Character "E023" "A character has no meaning in the language.";
    TooLarge "E024" "A query is longer, deeper or has longer lists than it may.";
    ParameterForm "E025" "A parameter is not written as `$1` or `:name`.";
    Json "E026" "What `insert` is given is not a JSON object.";
    NumberRange "E027" "A number is too large.";
    Unexpected "E028" "A word or sign does not fit where it stands.";
    NotAQuery "E029" "A statement of another kind stands where a single query must.";

    UnknownField "E101" "No field has this name.";
    UnknownSaved "E102" "No saved filter or query has this name.";
    AlreadyDefined "E103" "The name is taken.";
    SavedCycle "E104" "Saved filters or aliases refer to each other in a circle, or too deeply.";
    UnknownAlias "E105" "No alias has this name.";

    ImpossibleDate "E201" "No calendar has this date.";
    Type "E202" "A value, operator or function does not fit the type of the field.";
    BadPattern "E203" "A pattern between slashes cannot be compiled.";
    Repeated "E204" "A clause or item is given twice.";
    Edits "E205" "More edits are allowed than `fuzzy` can take.";
    MixedParameters "E206" "Numbered and named parameters stand in one statement.";
    Cursor "E207" "A cursor belongs to another query, or is damaged.";
    NoRelevance "E208" "Relevance is asked for without a text or entity condition.";
    NoStemmer "E209" "No stemmer is there for the language.";
    NoWords "E210" "A text to look for has no words.";
    NearNone "E211" "`near` or `before` stands beside `none of`.";
    Expansion "E212" "A pattern stands for more words than it may.";
    Buckets "E213" "A timeline has more buckets than it may.";
    WithItem "E214" "The statement does not take this item after `with`.";
    Argument "E215" "A number or word is outside the range that its clause takes.";
    Warned "E216" "What earns a warning, in a session that takes warnings as errors.";
    Unfit "E217" "An article cannot be stored.";

    Unbound "E301" "A parameter has no value.";
    Unasked "E302" "A value is bound to a parameter that the query does not have.";
    BoundType "E303" "A parameter is bound to a value of a type that does not fit there.";

    WriteRefused "E401" "The session may not write.";
    FilesRefused "E402" "The session may not touch files.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_order() {
        assert!(Code::ALL.is_sorted_by(|a, b| a.as_str() < b.as_str()));
    }
}
