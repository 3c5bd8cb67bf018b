//! Reads rules in the W3C notation: `Name ::= expression`.

use std::collections::BTreeMap;

/// The rules of a file by name.
pub type Rules = BTreeMap<String, Ebnf>;

/// The right side of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ebnf {
    /// One of several.
    Choice(Vec<Ebnf>),
    /// One after the other.
    Sequence(Vec<Ebnf>),
    /// From so many times to so many, without limit where there is none.
    Repeat(Box<Ebnf>, usize, Option<usize>),
    /// The first, unless the second matches the same text.
    Minus(Box<Ebnf>, Box<Ebnf>),
    /// These characters.
    Literal(String),
    /// One character inside (or, negated, outside) these ranges.
    Class(Vec<(char, char)>, bool),
    /// Another rule.
    Name(String),
}

/// Reads every rule of a file.
pub fn rules(text: &str) -> Rules {
    let text = without_comments(text);
    let mut reader = Reader { chars: text.chars().collect(), at: 0 };
    let mut rules = Rules::new();
    reader.skip_space();
    while let Some(name) = reader.rule_name() {
        let rule = reader.choice();
        assert!(rules.insert(name.clone(), rule).is_none(), "two rules are called {name}");
    }
    assert_eq!(reader.at, reader.chars.len(), "nothing is left behind the last rule");
    rules
}

fn without_comments(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("/*") {
        plain.push_str(before);
        rest = comment.split_once("*/").expect("a comment is closed").1;
    }
    plain + rest
}

struct Reader {
    chars: Vec<char>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn take_while(&mut self, passes: impl Fn(char) -> bool) -> String {
        let start = self.at;
        while self.peek().is_some_and(&passes) {
            self.at += 1;
        }
        self.chars[start..self.at].iter().collect()
    }

    /// Reads `Name ::=`, or nothing and moves nowhere.
    fn rule_name(&mut self) -> Option<String> {
        let start = self.at;
        let name = self.take_while(char::is_alphanumeric);
        self.skip_space();
        if !name.is_empty() && self.chars[self.at..].starts_with(&[':', ':', '=']) {
            self.at += 3;
            self.skip_space();
            return Some(name);
        }
        self.at = start;
        None
    }

    fn choice(&mut self) -> Ebnf {
        let mut branches = vec![self.sequence()];
        while self.eat('|') {
            branches.push(self.sequence());
        }
        if branches.len() == 1 { branches.remove(0) } else { Ebnf::Choice(branches) }
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        if found {
            self.at += 1;
            self.skip_space();
        }
        found
    }

    fn sequence(&mut self) -> Ebnf {
        let mut parts = Vec::new();
        loop {
            let before = self.at;
            if self.rule_name().is_some() {
                self.at = before;
                break;
            }
            match self.peek() {
                None | Some('|' | ')') => break,
                _ => parts.push(self.difference()),
            }
        }
        if parts.len() == 1 { parts.remove(0) } else { Ebnf::Sequence(parts) }
    }

    fn difference(&mut self) -> Ebnf {
        let from = self.repeated();
        if self.eat('-') { Ebnf::Minus(Box::new(from), Box::new(self.repeated())) } else { from }
    }

    fn repeated(&mut self) -> Ebnf {
        let one = self.primary();
        let repeat = |min, max| Ebnf::Repeat(Box::new(one.clone()), min, max);
        let result = match self.peek() {
            Some('?') => repeat(0, Some(1)),
            Some('*') => repeat(0, None),
            Some('+') => repeat(1, None),
            _ => {
                self.skip_space();
                return one;
            }
        };
        self.at += 1;
        self.skip_space();
        result
    }

    fn primary(&mut self) -> Ebnf {
        match self.peek().expect("an expression") {
            '(' => {
                self.eat('(');
                let inner = self.choice();
                assert_eq!(self.peek(), Some(')'), "a group is closed");
                self.at += 1;
                inner
            }
            quote @ ('\'' | '"') => {
                self.at += 1;
                let literal = self.take_while(|c| c != quote);
                self.at += 1;
                Ebnf::Literal(literal)
            }
            '[' => self.class(),
            '#' => Ebnf::Literal(self.code_point().to_string()),
            _ => {
                let name = self.take_while(char::is_alphanumeric);
                assert!(!name.is_empty(), "a name stands at {:?}", self.peek());
                Ebnf::Name(name)
            }
        }
    }

    /// `[^a-z#xA]`; a hyphen stands first.
    fn class(&mut self) -> Ebnf {
        self.at += 1;
        let negated = self.peek() == Some('^');
        self.at += usize::from(negated);
        let mut ranges = Vec::new();
        while self.peek() != Some(']') {
            let low = self.class_char();
            let is_range =
                self.peek() == Some('-') && self.chars.get(self.at + 1) != Some(&']') && low != '-';
            self.at += usize::from(is_range);
            ranges.push((low, if is_range { self.class_char() } else { low }));
        }
        self.at += 1;
        Ebnf::Class(ranges, negated)
    }

    fn class_char(&mut self) -> char {
        if self.chars[self.at..].starts_with(&['#', 'x']) {
            return self.code_point();
        }
        self.at += 1;
        self.chars[self.at - 1]
    }

    /// `#x201C`
    fn code_point(&mut self) -> char {
        self.at += 2;
        let digits = self.take_while(|c| c.is_ascii_hexdigit());
        u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32).expect("a code point")
    }
}

#[test]
fn rules_are_read_with_their_operators() {
    let rules = rules("A ::= 'x'? ( B | [^a-c#xA] )+ /* no */\nB ::= C - 'd'");
    let name = |name: &str| Ebnf::Name(name.to_owned());
    let literal = |text: &str| Ebnf::Literal(text.to_owned());
    assert_eq!(rules["B"], Ebnf::Minus(Box::new(name("C")), Box::new(literal("d"))));
    let class = Ebnf::Class(vec![('a', 'c'), ('\n', '\n')], true);
    assert_eq!(
        rules["A"],
        Ebnf::Sequence(vec![
            Ebnf::Repeat(Box::new(literal("x")), 0, Some(1)),
            Ebnf::Repeat(Box::new(Ebnf::Choice(vec![name("B"), class])), 1, None),
        ])
    );
}
