//! `tree-sitter/`: a grammar for editors, its highlighting query and its test cases.
//!
//! An editor sees unfinished text nearly all the time, so this grammar knows tokens, parentheses and statements, and leaves
//! it to the real parser to say what is wrong. A keyword is one wherever it stands.

use std::fmt::Write;

use dateline::query::lex::{Category, Keyword, TokenKind, tokens};

use super::{CATEGORIES, words};
use crate::corpus::{self, Case};

fn node_name(category: Category) -> String {
    format!("{}_keyword", category.name())
}

/// Returns a word as a pattern that ignores letter case, which older releases of tree-sitter have no flag for.
fn any_case(word: &str) -> String {
    word.chars().map(|c| format!("[{c}{}]", c.to_ascii_uppercase())).collect()
}

/// The grammar, with a place for the keywords.
const GRAMMAR: &str = r##"// Printed from grammar/keywords.tsv. The language itself is grammar/dateline.ebnf; this grammar is for editors.
module.exports = grammar({
  name: 'dateline',
  extras: $ => [/[\s\u{A0}\u{202F}\u{FEFF}]/, $.comment],
  rules: {
    source_file: $ => seq(repeat(seq(optional($.statement), ';')), optional($.statement)),
    statement: $ => repeat1($._item),
    group: $ => seq('(', repeat($._item), ')'),
    _item: $ => choice(
      $.group, $._keyword, $.field, $.saved, $.parameter, $.string, $.date, $.number, $.regex, $.object, $.sign,
    ),
KEYWORDS    field: $ => seq($.identifier, repeat(seq('.', choice($.identifier, $._keyword)))),
    identifier: _ => token(choice(/[\p{XID_Start}_]\p{XID_Continue}*/, /`([^`\n]|``)+`/)),
    saved: _ => token(/@([\p{XID_Start}_]\p{XID_Continue}*|`([^`\n]|``)+`)/),
    parameter: _ => token(/\$[1-9][0-9]*|:[A-Za-z_][A-Za-z0-9_]*/),
    string: _ => token(choice(/"([^"\\\n]|\\.)*"/, /'([^'\\\n]|\\.)*'/, /“[^”\n]*”/)),
    date: _ => token(/[0-9]{4}-(Q[1-4]|W[0-9]{2}|[0-9]{2}(-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)?)?)/),
    number: _ => token(/-?[0-9]+(\.[0-9]+)?/),
    regex: _ => token(/\/([^\/\\\n]|\\.)+\/[ims]*/),
    sign: _ => token(choice('=', '!=', '<=', '>=', '<', '>', '..', ',', '*')),
    object: $ => seq('{', repeat($._json), '}'),
    _json: $ => choice($.object, $.array, $.string, $.number, $.literal, ',', ':'),
    array: $ => seq('[', repeat($._json), ']'),
    literal: _ => token(choice('true', 'false', 'null')),
    comment: _ => token(/(#|--)[^\n]*/),
  },
});
"##;

#[test]
fn the_tree_sitter_grammar_is_that_of_the_keywords() {
    // Of two tokens that match equally far, tree-sitter takes the one that comes first: keywords stand before names.
    let mut file = String::new();
    let names: Vec<String> =
        CATEGORIES.iter().map(|category| format!("$.{}", node_name(*category))).collect();
    writeln!(file, "    _keyword: $ => choice({}),", names.join(", ")).unwrap();
    for category in CATEGORIES {
        writeln!(file, "    {}: _ => token(choice(", node_name(category)).unwrap();
        for word in words(&[category]) {
            writeln!(file, "      /{}/, // {word}", any_case(word)).unwrap();
        }
        file.push_str("    )),\n");
    }
    corpus::check("tree-sitter/grammar.js", &GRAMMAR.replace("KEYWORDS", &file));
}

/// Captures of nodes that are no keywords.
const CAPTURES: &str = "\
(comment) @comment
(string) @string
(regex) @string.regexp
(number) @number
(date) @number
(parameter) @variable.parameter
(saved) @function
(field) @variable.member
(sign) @operator
(literal) @boolean
[\"(\" \")\" \"{\" \"}\" \"[\" \"]\"] @punctuation.bracket
\";\" @punctuation.delimiter
";

#[test]
fn the_highlighting_query_captures_every_category() {
    let capture = |category| match category {
        Category::Statement | Category::Clause => "keyword",
        Category::Condition => "keyword.operator",
        Category::Modifier => "keyword.modifier",
        Category::Value => "constant.builtin",
        Category::Unit | Category::Format => "type",
    };
    let mut file = "; Printed from grammar/keywords.tsv.\n".to_owned();
    for category in CATEGORIES {
        writeln!(file, "({}) @{}", node_name(category), capture(category)).unwrap();
    }
    file.push_str(CAPTURES);
    corpus::check("tree-sitter/queries/highlights.scm", &file);
}

/// The cases for `tree-sitter test` are the accepted examples, with the trees that the lexer's tokens make.
#[test]
fn the_tree_sitter_cases_are_the_accepted_examples() {
    let mut file = String::new();
    for (number, case) in corpus::cases(&corpus::read("corpus/accept/study.dql")).iter().enumerate() {
        let Case { query, remarks, .. } = case;
        let bar = "=".repeat(20);
        let title = remarks.join(" ");
        writeln!(file, "{bar}\n{}. {title}\n{bar}\n{query}\n---\n\n{}\n", number + 1, tree(query)).unwrap();
    }
    corpus::check("tree-sitter/test/corpus/accept.txt", &file);
}

/// Prints the tree of a query as `tree-sitter test` reads it.
fn tree(text: &str) -> String {
    let (mut out, mut is_open) = ("(source_file".to_owned(), false);
    let all = tokens(text);
    let mut at = 0;
    while let Some(token) = all.get(at) {
        let written = token.span.of(text);
        at += 1;
        if written == ";" {
            out.push_str(if is_open { ")" } else { "" });
            is_open = false;
            continue;
        }
        let name = match token.kind {
            TokenKind::Comment => "(comment)".to_owned(),
            _ if written == "(" => "(group".to_owned(),
            _ if written == ")" => ")".to_owned(),
            TokenKind::Sign(_) if written == "@" => {
                at += 1;
                "(saved)".to_owned()
            }
            TokenKind::Json => object(written),
            _ => leaf(token.keyword(), written),
        };
        if !is_open && name != "(comment)" {
            out.push_str(" (statement");
            is_open = true;
        }
        out.push_str(if name == ")" { "" } else { " " });
        out.push_str(&name);
    }
    out + if is_open { "))" } else { ")" }
}

/// Prints the tree of a JSON object, which is known to be one: its values and the names of its members, in order.
fn object(written: &str) -> String {
    let mut out = String::new();
    let mut rest = written;
    while let Some(first) = rest.chars().next() {
        let starts = |end: fn(&str) -> usize, name: &str| (end(rest), format!(" ({name})"));
        let (length, node) = match first {
            '{' => (1, " (object".to_owned()),
            '[' => (1, " (array".to_owned()),
            '}' | ']' => (1, ")".to_owned()),
            '"' => starts(end_of_string, "string"),
            '-' | '0'..='9' => starts(|rest| end_of(rest, |c| !matches!(c, ',' | '}' | ']')), "number"),
            'a'..='z' => starts(|rest| end_of(rest, |c| c.is_ascii_lowercase()), "literal"),
            other => (other.len_utf8(), String::new()),
        };
        out.push_str(&node);
        rest = &rest[length..];
    }
    out.trim_start().to_owned()
}

fn end_of(rest: &str, goes_on: fn(char) -> bool) -> usize {
    rest.find(|c| !goes_on(c)).unwrap_or(rest.len())
}

fn end_of_string(rest: &str) -> usize {
    let mut escaped = false;
    let closes = |(_, c): &(usize, char)| {
        let closes = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        closes
    };
    rest.char_indices().skip(1).find(closes).map_or(rest.len(), |(at, _)| at + 1)
}

#[test]
fn objects_are_printed_with_what_is_in_them() {
    assert_eq!(
        tree(r#"insert {"text": "a\"}", "tags": [-1.5, true, {}]}"#),
        "(source_file (statement (statement_keyword) \
         (object (string) (string) (string) (array (number) (literal) (object)))))"
    );
}

fn leaf(keyword: Option<Keyword>, written: &str) -> String {
    let first = written.chars().next().unwrap();
    match keyword {
        Some(keyword) => format!("({})", node_name(keyword.category())),
        None if first == '`' || first.is_alphabetic() => "(field (identifier))".to_owned(),
        None if matches!(first, '"' | '\'' | '“') => "(string)".to_owned(),
        None if matches!(first, '$' | ':') => "(parameter)".to_owned(),
        None if written.len() > 1 && first == '/' => "(regex)".to_owned(),
        None if first.is_ascii_digit() && written.contains('-') => "(date)".to_owned(),
        None if first.is_ascii_digit() || written.len() > 2 => "(number)".to_owned(),
        None => "(sign)".to_owned(),
    }
}
