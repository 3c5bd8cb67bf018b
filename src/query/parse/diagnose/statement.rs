//! Slips in the frame of a statement: its first word, its clauses, its end.

use super::{Slip, shown};
use crate::query::error::{Code, QueryError, nearest};
use crate::query::lex::{Category, Keyword, Token, TokenKind};
use crate::query::parse::Expected;
use crate::query::parse::condition::condition;
use crate::query::parse::expected::alternatives;
use crate::query::parse::statement::statement;
use crate::text::Span;

/// Words that people use for statements, with the statement they mean.
const SYNONYMS: &[(&str, &str)] = &[
    ("get", "find"),
    ("search", "find"),
    ("mean", "average"),
    ("avg", "average"),
    ("maximum", "max"),
    ("minimum", "min"),
    ("total", "sum"),
    ("histogram", "timeline"),
    ("trend", "timeline"),
    ("save", "define"),
    ("update", "set"),
    ("desc", "describe"),
    ("fields", "list fields"),
    ("schema", "describe"),
];

/// `fnd where mentions "Idlib"`
pub(super) fn unknown_statement(slip: &Slip<'_>) -> Option<QueryError> {
    let first = slip.token().filter(|_| slip.at == 0)?;
    let word = slip.text(first);
    let message = format!("unknown statement `{}`", shown(word));
    let error = QueryError::new(Code::UnknownStatement, message, first.span).label("not a statement");
    if slip.reads(condition).is_some() {
        return Some(
            error
                .help("a question starts with its statement: find where …")
                .suggest(Span { start: first.span.start, end: first.span.start }, "find where "),
        );
    }
    if first.kind == TokenKind::String {
        return Some(
            error
                .help(format!("the named entity:  find where mentions {}", shown(word)))
                .help(format!("the word anywhere: find where text contains {}", shown(word)))
                .suggest(first.span, format!("find where mentions {word}"))
                .suggest(first.span, format!("find where text contains {word}")),
        );
    }
    Some(match statement_meant(slip, word) {
        Some(near) => error.help(format!("did you mean `{near}`?")).suggest(first.span, near),
        None => error
            .help("statements are `find`, `count`, `top`, `timeline`, `show`, `describe`, `list` and others"),
    })
}

/// Returns the statement that a word stands for, or is nearly.
fn statement_meant(slip: &Slip<'_>, word: &str) -> Option<&'static str> {
    let expected = slip.expected.iter().filter_map(|expected| match expected {
        Expected::Word(word) => Some(*word),
        _ => None,
    });
    let near = nearest(word, expected.chain(SYNONYMS.iter().map(|(theirs, _)| *theirs)))?;
    let synonym = SYNONYMS.iter().find(|(theirs, _)| *theirs == near);
    Some(synonym.map_or(near, |(_, ours)| *ours))
}

/// `delete`
pub(super) fn delete_without_condition(slip: &Slip<'_>) -> Option<QueryError> {
    let is_delete = slip.before(1).and_then(|token| token.keyword()) == Some(Keyword::Delete);
    (is_delete && slip.expects_word("where") && slip.expects_word("all")).then(|| {
        QueryError::new(Code::DeleteWithoutCondition, "`delete` needs a condition", slip.place())
            .label(slip.label())
            .help("to empty the archive write `delete all`")
    })
}

/// `find where mentions "Idlib" and`
pub(super) fn unfinished(slip: &Slip<'_>) -> Option<QueryError> {
    if slip.token().is_some() {
        return None;
    }
    let Some(last) = slip.before(1) else {
        return Some(
            QueryError::new(Code::Unfinished, "there is no statement", slip.place()).label(slip.label()),
        );
    };
    let message = format!("the query stops after `{}`", shown(slip.text(last)));
    Some(
        QueryError::new(Code::Unfinished, message, slip.place())
            .label(format!("{} here", slip.label()))
            .help("in the REPL this is not an error: the prompt waits for the next line"),
    )
}

/// `find where mentions "Idlib" where date > 2018`
pub(super) fn second_where(slip: &Slip<'_>) -> Option<QueryError> {
    let is_where = |token: &Token| token.keyword() == Some(Keyword::Where);
    let second = slip.token().filter(is_where)?;
    let before = slip.scene.tokens.get(..slip.at)?;
    before.iter().find(|token| is_where(token))?;
    let error = QueryError::new(Code::ClauseOrder, "`where` is given twice", second.span)
        .label(slip.label())
        .help("join the two conditions with `and`");
    Some(if slip.expects_word("and") { error.suggest(second.span, "and") } else { error })
}

/// `find where limit 10`
pub(super) fn nothing_after_where(slip: &Slip<'_>) -> Option<QueryError> {
    let place = slip.before(1).filter(|token| token.keyword() == Some(Keyword::Where))?;
    let clause = slip.token().and_then(|token| token.keyword()).and_then(clause_name)?;
    let tests_follow = slip.after(1).is_some_and(|next| matches!(next.kind, TokenKind::Sign(_)));
    (!tests_follow).then(|| {
        QueryError::new(Code::NoCondition, "a condition must follow `where`", slip.place())
            .label(slip.label())
            .help(format!("write a condition before `{clause}`, or leave `where` out"))
            .suggest(place.span, "")
    })
}

/// The clauses of `find` by their first words, as messages name them.
const CLAUSES: &[(Keyword, &str)] = &[
    (Keyword::Order, "order by"),
    (Keyword::Limit, "limit"),
    (Keyword::Offset, "offset"),
    (Keyword::After, "after"),
    (Keyword::With, "with"),
];

/// `find limit 10 where mentions "Idlib"`
pub(super) fn where_too_late(slip: &Slip<'_>) -> Option<QueryError> {
    let token = slip.token().filter(|token| token.keyword() == Some(Keyword::Where))?;
    let tokens = slip.scene.tokens;
    let starts_clause = |token: &&Token| token.keyword().is_some_and(|word| clause_name(word).is_some());
    let clause = tokens.get(..slip.at)?.iter().find(starts_clause)?;
    let used =
        |word: Keyword| tokens.get(..slip.at).unwrap_or_default().iter().any(|t| t.keyword() == Some(word));
    let mut free: Vec<String> =
        CLAUSES.iter().filter(|(word, _)| !used(*word)).map(|(_, name)| format!("`{name}`")).collect();
    free.push("`;`".to_owned());
    let error = QueryError::new(Code::ClauseOrder, "`where` comes before the other clauses", token.span)
        .label(format!("expected {}", alternatives(&free)));
    Some(match moved(slip, *clause, token) {
        Some((whole, text)) => error.help(format!("write: {text}")).suggest(whole, text),
        None => error,
    })
}

fn clause_name(word: Keyword) -> Option<&'static str> {
    let ways = [(Keyword::Newest, "newest"), (Keyword::Oldest, "oldest"), (Keyword::Best, "best")];
    CLAUSES.iter().chain(&ways).find(|(clause, _)| *clause == word).map(|(_, name)| *name)
}

/// Returns the statement with its condition before the first clause.
fn moved(slip: &Slip<'_>, clause: Token, condition: Token) -> Option<(Span, String)> {
    let source = slip.scene.source;
    let first = slip.scene.tokens.first()?;
    let head = Span { start: first.span.start, end: clause.span.start }.of(source).trim_end();
    let clauses = Span { start: clause.span.start, end: condition.span.start }.of(source).trim_end();
    let rest = slip.reads(crate::query::parse::condition::where_)?;
    let tail = Span { start: rest.end, end: slip.end().end }.of(source).trim();
    let text = [head, rest.of(source), clauses, tail].join(" ");
    Some((Span { start: first.span.start, end: slip.end().end }, text.trim_end().to_owned()))
}

/// `find "Idlib"`, `find date > 2018`, `count mentions "Idlib"`
pub(super) fn without_where(slip: &Slip<'_>) -> Option<QueryError> {
    let token = slip.token().filter(|_| slip.expects_word("where"))?;
    let error = |span, label: &str| {
        QueryError::new(Code::NoCondition, "a condition must follow `where`", span).label(label)
    };
    if token.kind == TokenKind::String {
        let text = slip.text(token);
        let verb = slip.scene.tokens.first().map_or("find", |first| slip.text(*first));
        return Some(
            error(token.span, "text without a condition")
                .help(format!("the named entity:  {verb} where mentions {text}"))
                .help(format!("the word anywhere: {verb} where text contains {text}"))
                .suggest(token.span, format!("where mentions {text}"))
                .suggest(token.span, format!("where text contains {text}")),
        );
    }
    // `find date > 2018` reads `date` as a column, so the condition begins one token earlier.
    let back = usize::from(slip.before(1).is_some_and(|token| token.is_name()) && slip.at > 1);
    let start = [back, 0].into_iter().find_map(|back| {
        let earlier = Slip { at: slip.at.checked_sub(back)?, expected: Vec::new(), ..*slip };
        Some((earlier.token()?, earlier.reads(condition)?))
    });
    let (first, read) = start?;
    let text = read.of(slip.scene.source);
    Some(
        error(read, "condition without `where`")
            .help(format!("write: where {text}"))
            .suggest(Span { start: first.span.start, end: first.span.start }, "where "),
    )
}

/// Words for small numbers.
const NUMBER_WORDS: &[&str] = &[
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
];

fn number_named(word: &str) -> Option<usize> {
    let tens = [("fifteen", 15), ("twenty", 20), ("thirty", 30), ("fifty", 50), ("hundred", 100)];
    let small = NUMBER_WORDS.iter().position(|name| word.eq_ignore_ascii_case(name));
    small.or_else(|| tens.iter().find(|(name, _)| word.eq_ignore_ascii_case(name)).map(|(_, number)| *number))
}

/// `limit ten`, `top ten person`, `limit 2.5`
pub(super) fn number_word(slip: &Slip<'_>) -> Option<QueryError> {
    top_number_word(slip).or_else(|| {
        let token = slip.token().filter(|_| slip.expects(Expected::Whole))?;
        let takes_text = slip.expects(Expected::Text);
        let before = slip.before(1).filter(|_| !takes_text)?;
        let word = slip.text(before);
        let written = slip.text(token).trim_matches(|c: char| !c.is_ascii_digit());
        let digits = written.split('.').next().and_then(|digits| digits.parse().ok());
        let number = digits.or_else(|| number_named(slip.text(token))).unwrap_or(10);
        Some(
            QueryError::new(Code::WholeNumber, format!("`{word}` takes a whole number"), token.span)
                .label(slip.label())
                .help(format!("write: {word} {number}"))
                .suggest(token.span, number.to_string()),
        )
    })
}

fn top_number_word(slip: &Slip<'_>) -> Option<QueryError> {
    let (top, word) = (slip.before(2)?, slip.before(1)?);
    let number = number_named(slip.text(word)).filter(|_| top.keyword() == Some(Keyword::Top))?;
    let next = slip.token().map_or_else(String::new, |token| format!(" {}", slip.text(token)));
    let written = slip.text(word);
    Some(
        QueryError::new(Code::WholeNumber, "`top` takes a whole number", slip.place())
            .label(slip.label())
            .help(format!("`{written}` was read as a field name; write: top {number}{next}"))
            .suggest(word.span, number.to_string()),
    )
}

/// `timeline by fortnight`
pub(super) fn unknown_unit(slip: &Slip<'_>) -> Option<QueryError> {
    const UNITS: [&str; 7] = ["year", "quarter", "month", "week", "day", "hour", "minute"];
    let token = slip.token().filter(|_| slip.expects_word("year") && slip.expects_word("minute"))?;
    let only_units = slip.expected.iter().all(|expected| match expected {
        Expected::Word(word) => UNITS.contains(word),
        expected => matches!(expected, Expected::Whole | Expected::Parameter),
    });
    if !only_units || !matches!(token.kind, TokenKind::Word(_)) {
        return None;
    }
    let word = slip.text(token);
    let message = format!("unknown time unit `{}`", shown(word));
    let names = UNITS.map(str::to_owned);
    let error = QueryError::new(Code::UnknownUnit, message, token.span)
        .label(format!("expected {}", alternatives(&names)));
    let adverb = match word.to_ascii_lowercase().as_str() {
        "yearly" | "annual" | "annually" => Some("year"),
        "quarterly" => Some("quarter"),
        "monthly" => Some("month"),
        "weekly" => Some("week"),
        "daily" => Some("day"),
        "hourly" => Some("hour"),
        _ => None,
    };
    Some(match adverb.or_else(|| nearest(word, UNITS)) {
        Some(unit) => error.help(format!("did you mean `{unit}`?")).suggest(token.span, unit),
        None => error,
    })
}

/// `find where mentions "Idlib" show 12`
pub(super) fn second_statement(slip: &Slip<'_>) -> Option<QueryError> {
    let token = slip.token().filter(|_| slip.expects(Expected::End) && slip.at > 0)?;
    token.keyword().filter(|word| word.category() == Category::Statement)?;
    slip.reads(statement)?;
    Some(
        QueryError::new(Code::Unexpected, "a second statement begins here", token.span)
            .label(slip.label())
            .help("put `;` between two statements")
            .suggest(Span { start: token.span.start, end: token.span.start }, "; "),
    )
}
