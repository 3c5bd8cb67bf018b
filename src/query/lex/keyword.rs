//! The one table of keywords; `grammar/keywords.tsv` is its printed form.

use std::fmt;

/// What a keyword belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Category {
    /// Starts a statement, or names a part of one.
    Statement,
    /// Starts or belongs to a clause after the condition.
    Clause,
    /// Belongs to a condition.
    Condition,
    /// Says how the words of a term are compared.
    Modifier,
    /// Stands for a value.
    Value,
    /// A unit of time or of text.
    Unit,
    /// A format of files.
    Format,
}

impl Category {
    /// Returns the name that `keywords.tsv` uses.
    pub fn name(self) -> &'static str {
        match self {
            Category::Statement => "statement",
            Category::Clause => "clause",
            Category::Condition => "condition",
            Category::Modifier => "modifier",
            Category::Value => "value",
            Category::Unit => "unit",
            Category::Format => "format",
        }
    }
}

macro_rules! keywords {
    ($($variant:ident $word:literal $status:ident $category:ident;)*) => {
        /// A word of the grammar.
        ///
        /// A reserved one is never a bare name; a contextual one is a keyword only where the grammar expects it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs)] // Each variant is the word itself.
        pub enum Keyword { $($variant,)* }

        impl Keyword {
            /// Lists every keyword, by word.
            pub const ALL: &'static [Keyword] = &[$(Keyword::$variant,)*];

            /// Returns the keyword of a word that is in lower case already.
            fn from_lower_case(word: &str) -> Option<Keyword> {
                match word {
                    $($word => Some(Keyword::$variant),)*
                    _ => None,
                }
            }

            /// Returns the word, in lower case.
            pub fn word(self) -> &'static str {
                match self { $(Keyword::$variant => $word,)* }
            }

            /// Returns what the keyword belongs to.
            pub fn category(self) -> Category {
                match self { $(Keyword::$variant => Category::$category,)* }
            }

            /// Tells whether the word is never a bare name.
            pub fn is_reserved(self) -> bool {
                match self { $(Keyword::$variant => keywords!(@reserved $status),)* }
            }
        }
    };
    (@reserved reserved) => { true };
    (@reserved contextual) => { false };
}

keywords! {
    Add "add" contextual Statement;
    After "after" reserved Clause;
    Ago "ago" contextual Value;
    Alias "alias" contextual Statement;
    Aliases "aliases" contextual Statement;
    All "all" reserved Modifier;
    Analyze "analyze" contextual Statement;
    And "and" reserved Condition;
    Any "any" reserved Modifier;
    Anyone "anyone" contextual Condition;
    As "as" reserved Clause;
    Asc "asc" contextual Clause;
    At "at" reserved Condition;
    Average "average" contextual Statement;
    Before "before" contextual Condition;
    Best "best" reserved Clause;
    Between "between" reserved Condition;
    By "by" reserved Clause;
    Compare "compare" reserved Clause;
    Contains "contains" reserved Condition;
    Count "count" contextual Statement;
    Csv "csv" contextual Format;
    Day "day" contextual Unit;
    Days "days" contextual Unit;
    Define "define" contextual Statement;
    Delete "delete" contextual Statement;
    Desc "desc" contextual Clause;
    Describe "describe" contextual Statement;
    Drop "drop" contextual Statement;
    Duplicates "duplicates" contextual Clause;
    Edit "edit" contextual Unit;
    Edits "edits" contextual Unit;
    Ends "ends" reserved Condition;
    Exact "exact" reserved Modifier;
    Exists "exists" reserved Condition;
    Explain "explain" contextual Statement;
    Export "export" contextual Statement;
    Extraction "extraction" contextual Clause;
    False "false" reserved Value;
    Fields "fields" contextual Statement;
    Find "find" contextual Statement;
    First "first" contextual Clause;
    Folded "folded" contextual Clause;
    Fuzzy "fuzzy" reserved Modifier;
    Hour "hour" contextual Unit;
    Hours "hours" contextual Unit;
    Html "html" contextual Format;
    In "in" reserved Condition;
    Insert "insert" contextual Statement;
    Is "is" reserved Condition;
    Json "json" contextual Format;
    Last "last" contextual Value;
    Least "least" contextual Condition;
    Like "like" reserved Modifier;
    Limit "limit" reserved Clause;
    List "list" contextual Statement;
    Markdown "markdown" contextual Format;
    Matches "matches" reserved Condition;
    Max "max" contextual Statement;
    Median "median" contextual Statement;
    Mentions "mentions" reserved Condition;
    Min "min" contextual Statement;
    Minute "minute" contextual Unit;
    Minutes "minutes" contextual Unit;
    Missing "missing" contextual Condition;
    Month "month" contextual Unit;
    Months "months" contextual Unit;
    Ndjson "ndjson" contextual Format;
    Near "near" reserved Condition;
    Newest "newest" reserved Clause;
    None "none" reserved Modifier;
    Not "not" reserved Condition;
    Now "now" contextual Value;
    Number "number" reserved Condition;
    Of "of" reserved Condition;
    Offset "offset" reserved Clause;
    Oldest "oldest" reserved Clause;
    On "on" contextual Condition;
    Or "or" reserved Condition;
    Order "order" reserved Clause;
    Overlaps "overlaps" contextual Condition;
    Pairs "pairs" contextual Statement;
    Paragraph "paragraph" contextual Unit;
    Parquet "parquet" contextual Format;
    Place "place" contextual Condition;
    Prefix "prefix" reserved Modifier;
    Quarter "quarter" contextual Unit;
    Quarters "quarters" contextual Unit;
    Quotes "quotes" reserved Condition;
    Remove "remove" contextual Statement;
    Replace "replace" contextual Statement;
    Run "run" contextual Statement;
    Same "same" contextual Condition;
    Saved "saved" contextual Statement;
    Saying "saying" contextual Condition;
    Score "score" contextual Clause;
    Sentence "sentence" contextual Unit;
    Set "set" contextual Statement;
    Share "share" contextual Clause;
    Show "show" contextual Statement;
    Since "since" contextual Condition;
    Snippets "snippets" contextual Clause;
    Split "split" reserved Clause;
    Starts "starts" reserved Condition;
    Stem "stem" reserved Modifier;
    Sum "sum" contextual Statement;
    Svg "svg" contextual Format;
    This "this" contextual Value;
    Time "time" contextual Unit;
    Timeline "timeline" contextual Statement;
    Times "times" contextual Unit;
    To "to" contextual Statement;
    Today "today" contextual Value;
    Top "top" contextual Statement;
    Total "total" contextual Clause;
    True "true" reserved Value;
    Tsv "tsv" contextual Format;
    Until "until" contextual Condition;
    Week "week" contextual Unit;
    Weekday "weekday" contextual Unit;
    Weeks "weeks" contextual Unit;
    Where "where" reserved Clause;
    With "with" reserved Clause;
    Within "within" reserved Condition;
    Word "word" contextual Unit;
    Words "words" contextual Unit;
    Year "year" contextual Unit;
    Years "years" contextual Unit;
    Yesterday "yesterday" contextual Value;
}

impl Keyword {
    /// Bytes of the longest keyword; longer words need no look-up.
    const WORD_BYTES_MAX: usize = 10;

    /// Returns the keyword of a word, letter case ignored.
    pub fn from_word(word: &str) -> Option<Keyword> {
        if word.len() > Keyword::WORD_BYTES_MAX || !word.is_ascii() {
            return None;
        }
        Keyword::from_lower_case(&word.to_ascii_lowercase())
    }
}

impl fmt::Display for Keyword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_keyword_is_found_whatever_its_case() {
        for &keyword in Keyword::ALL {
            assert_eq!(Keyword::from_word(keyword.word()), Some(keyword));
            assert_eq!(Keyword::from_word(&keyword.word().to_uppercase()), Some(keyword));
            assert!(keyword.word().len() <= Keyword::WORD_BYTES_MAX, "{keyword}");
        }
        assert_eq!(Keyword::from_word("wherever"), None);
    }

    #[test]
    fn the_table_is_sorted_and_reserves_what_the_language_says() {
        assert!(Keyword::ALL.is_sorted_by(|a, b| a.word() < b.word()));
        let reserved: Vec<&str> = Keyword::ALL
            .iter()
            .filter(|keyword| keyword.is_reserved())
            .map(|keyword| keyword.word())
            .collect();
        assert_eq!(
            reserved.join(" "),
            "after all and any as at best between by compare contains ends exact exists false fuzzy in is like \
             limit matches mentions near newest none not number of offset oldest or order prefix quotes split \
             starts stem true where with within"
        );
    }
}
