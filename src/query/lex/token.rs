//! What the lexer yields.

use super::Keyword;
use crate::text::Span;

/// A token and its place in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub span: Span,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// `# ...` or `-- ...`, to the end of the line.
    Comment,
    /// A bare word: a keyword, a name, or whichever the grammar expects.
    Word(Option<Keyword>),
    /// A name in backticks.
    Quoted,
    /// Text in quotes of any kind.
    String,
    /// Digits only.
    Integer,
    /// A number with a sign or a fraction.
    Number,
    /// Text of the form of a date, finer than a year.
    Date,
    /// `/pattern/flags`
    Regex,
    /// `$1` or `:name`
    Parameter,
    /// A JSON object.
    Json,
    /// A sign of the grammar.
    Sign(Sign),
    /// Something that no statement may contain.
    Wrong(Wrong),
}

/// Why a token is wrong wherever it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wrong {
    /// A quote that is not closed on its line; the token is the rest of the line.
    UnclosedString,
    /// A backtick that is not closed on its line; the token is the rest of the line.
    UnclosedBacktick,
    /// A slash that is not closed on its line; the token is the rest of the line.
    UnclosedRegex,
    /// An object that is not closed; the token is the rest of the text.
    UnclosedJson,
    /// A string with an escape that the language does not have.
    Escape,
    /// Something that starts like a number and is neither number nor date.
    Number,
    /// `$` or `:` without a good name.
    Parameter,
    /// An object that is not JSON; the token is the rest of the line.
    Json,
    /// An operator of another language.
    Operator,
    /// A character that has no meaning.
    Character,
}

macro_rules! signs {
    ($($variant:ident $text:literal)*) => {
        /// A sign of the grammar.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs)] // The texts stand in the table beside the names.
        pub enum Sign { $($variant,)* }

        impl Sign {
            /// Lists every sign; a sign stands before its own beginning.
            pub const ALL: &'static [Sign] = &[$(Sign::$variant,)*];

            /// Returns the sign as it is written.
            pub fn text(self) -> &'static str {
                match self { $(Sign::$variant => $text,)* }
            }
        }
    };
}

signs! {
    NotEqual "!="
    LessOrEqual "<="
    GreaterOrEqual ">="
    Less "<"
    Greater ">"
    Equal "="
    Range ".."
    Dot "."
    Open "("
    Close ")"
    Comma ","
    Semicolon ";"
    Star "*"
    At "@"
}

/// What a token looks like to a highlighter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// A word that is a keyword here or elsewhere.
    Keyword,
    /// A field or another name.
    Name,
    /// Text in quotes.
    Text,
    /// A number.
    Number,
    /// A date.
    Date,
    /// A pattern between slashes.
    Regex,
    /// `$1` or `:name`
    Parameter,
    /// A JSON object.
    Json,
    /// A sign.
    Sign,
    /// A comment.
    Comment,
    /// Something that is wrong wherever it stands.
    Wrong,
}

impl Token {
    /// Returns what the token looks like to a highlighter that does not know the grammar.
    pub fn class(&self) -> Class {
        match self.kind {
            TokenKind::Comment => Class::Comment,
            TokenKind::Word(Some(_)) => Class::Keyword,
            TokenKind::Word(None) | TokenKind::Quoted => Class::Name,
            TokenKind::String => Class::Text,
            TokenKind::Integer | TokenKind::Number => Class::Number,
            TokenKind::Date => Class::Date,
            TokenKind::Regex => Class::Regex,
            TokenKind::Parameter => Class::Parameter,
            TokenKind::Json => Class::Json,
            TokenKind::Sign(_) => Class::Sign,
            TokenKind::Wrong(_) => Class::Wrong,
        }
    }

    /// Returns the keyword that the token may be.
    pub fn keyword(&self) -> Option<Keyword> {
        match self.kind {
            TokenKind::Word(keyword) => keyword,
            _ => None,
        }
    }

    /// Tells whether the token may be a name: any word but a reserved one, or one in backticks.
    pub fn is_name(&self) -> bool {
        match self.kind {
            TokenKind::Word(keyword) => !keyword.is_some_and(Keyword::is_reserved),
            kind => kind == TokenKind::Quoted,
        }
    }

    /// Tells whether the token is this sign.
    pub fn is(&self, sign: Sign) -> bool {
        self.kind == TokenKind::Sign(sign)
    }
}
