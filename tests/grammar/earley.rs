//! A recogniser after Earley: whether the rules of `dateline.ebnf` derive a row of tokens.
//!
//! It knows nothing of the language: the rules are read from the file, so the file is what is tested.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::ebnf::{Ebnf, Rules};
use crate::scanner::Kinds;

/// A symbol of a production.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Symbol {
    /// A token of this kind: a rule of `lexical.ebnf`, or a word or sign in quotes.
    Token(String),
    /// What the rule of this number derives.
    Rule(usize),
}

/// Rules without operators: each is a list of productions.
pub struct Recogniser {
    rules: Vec<Vec<Vec<Symbol>>>,
    nullable: Vec<bool>,
    start: usize,
}

/// How far a production has come, and where it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Item {
    rule: usize,
    production: usize,
    dot: usize,
    origin: usize,
}

impl Recogniser {
    /// Returns the recogniser of the rule `start`; names without a rule are tokens.
    pub fn new(rules: &Rules, start: &str) -> Recogniser {
        let mut flat = Flattener { numbers: BTreeMap::new(), rules: Vec::new() };
        for name in rules.keys() {
            flat.numbers.insert(name.clone(), flat.rules.len());
            flat.rules.push(Vec::new());
        }
        for (name, rule) in rules {
            let number = flat.numbers[name];
            flat.rules[number] = flat.productions(rule);
        }
        let start = flat.numbers[start];
        let nullable = nullable(&flat.rules);
        Recogniser { rules: flat.rules, nullable, start }
    }

    /// Tells whether the start rule derives these tokens.
    pub fn accepts(&self, tokens: &[Kinds]) -> bool {
        let mut sets: Vec<Vec<Item>> = vec![Vec::new(); tokens.len() + 1];
        let mut seen: Vec<HashSet<Item>> = vec![HashSet::new(); tokens.len() + 1];
        for production in 0..self.rules[self.start].len() {
            add(&mut sets[0], &mut seen[0], Item { rule: self.start, production, dot: 0, origin: 0 });
        }
        for at in 0..sets.len() {
            let mut next = 0;
            while let Some(&item) = sets[at].get(next) {
                next += 1;
                let advanced = Item { dot: item.dot + 1, ..item };
                match self.rules[item.rule][item.production].get(item.dot) {
                    None => {
                        for waiting in sets[item.origin].clone() {
                            if self.expects(waiting, item.rule) {
                                let moved = Item { dot: waiting.dot + 1, ..waiting };
                                add(&mut sets[at], &mut seen[at], moved);
                            }
                        }
                    }
                    Some(Symbol::Token(kind)) => {
                        if tokens.get(at).is_some_and(|kinds| kinds.contains(kind)) {
                            add(&mut sets[at + 1], &mut seen[at + 1], advanced);
                        }
                    }
                    Some(&Symbol::Rule(rule)) => {
                        for production in 0..self.rules[rule].len() {
                            add(&mut sets[at], &mut seen[at], Item { rule, production, dot: 0, origin: at });
                        }
                        if self.nullable[rule] {
                            add(&mut sets[at], &mut seen[at], advanced);
                        }
                    }
                }
            }
        }
        sets[tokens.len()].iter().any(|item| {
            let done = item.dot == self.rules[item.rule][item.production].len();
            done && item.rule == self.start && item.origin == 0
        })
    }

    fn expects(&self, item: Item, rule: usize) -> bool {
        self.rules[item.rule][item.production].get(item.dot) == Some(&Symbol::Rule(rule))
    }
}

fn add(set: &mut Vec<Item>, seen: &mut HashSet<Item>, item: Item) {
    if seen.insert(item) {
        set.push(item);
    }
}

/// Tells for each rule whether it derives nothing at all.
fn nullable(rules: &[Vec<Vec<Symbol>>]) -> Vec<bool> {
    let mut nullable = vec![false; rules.len()];
    loop {
        let before = nullable.clone();
        for (number, productions) in rules.iter().enumerate() {
            let empty = |symbol: &Symbol| matches!(symbol, Symbol::Rule(rule) if before[*rule]);
            nullable[number] |= productions.iter().any(|production| production.iter().all(empty));
        }
        if nullable == before {
            return nullable;
        }
    }
}

/// Turns operators into rules of their own.
struct Flattener {
    numbers: BTreeMap<String, usize>,
    rules: Vec<Vec<Vec<Symbol>>>,
}

impl Flattener {
    fn productions(&mut self, rule: &Ebnf) -> Vec<Vec<Symbol>> {
        match rule {
            Ebnf::Choice(branches) => branches.iter().flat_map(|branch| self.productions(branch)).collect(),
            Ebnf::Sequence(parts) => vec![parts.iter().map(|part| self.symbol(part)).collect()],
            other => vec![vec![self.symbol(other)]],
        }
    }

    fn symbol(&mut self, part: &Ebnf) -> Symbol {
        match part {
            Ebnf::Literal(literal) => Symbol::Token(format!("'{literal}'")),
            Ebnf::Name(name) => match self.numbers.get(name) {
                Some(&number) => Symbol::Rule(number),
                None => Symbol::Token(name.clone()),
            },
            Ebnf::Repeat(inner, min, max) => {
                let inner = self.symbol(inner);
                let number = self.rules.len();
                self.rules.push(Vec::new());
                let more = match max {
                    Some(_) => vec![inner.clone()],
                    None => vec![Symbol::Rule(number), inner.clone()],
                };
                self.rules[number] = vec![vec![inner; *min], more];
                Symbol::Rule(number)
            }
            group @ (Ebnf::Choice(_) | Ebnf::Sequence(_)) => {
                let productions = self.productions(group);
                self.rules.push(productions);
                Symbol::Rule(self.rules.len() - 1)
            }
            Ebnf::Minus(..) | Ebnf::Class(..) => panic!("characters belong into lexical.ebnf"),
        }
    }
}

/// Returns the quoted words and signs of the rules.
pub fn literals(rules: &Rules) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&Ebnf> = rules.values().collect();
    while let Some(part) = open.pop() {
        match part {
            Ebnf::Literal(literal) => {
                found.insert(literal.clone());
            }
            Ebnf::Choice(parts) | Ebnf::Sequence(parts) => open.extend(parts),
            Ebnf::Repeat(inner, ..) => open.push(inner),
            Ebnf::Minus(a, b) => open.extend([a.as_ref(), b.as_ref()]),
            Ebnf::Class(..) | Ebnf::Name(_) => {}
        }
    }
    found
}

#[test]
fn nested_and_optional_rules_are_recognised() {
    let rules = crate::ebnf::rules("S ::= A ( ',' A )* B?\nA ::= '(' S? ')' | x\nB ::= 'b'*");
    let recogniser = Recogniser::new(&rules, "S");
    let tokens = |text: &str| -> Vec<Kinds> {
        let kind = |c: char| if c == 'x' { "x".to_owned() } else { format!("'{c}'") };
        text.chars().map(|c| Kinds::from([kind(c)])).collect()
    };
    for (text, accepted) in [("x", true), ("x,(x,())bb", true), ("(", false), ("", false), ("x,", false)] {
        assert_eq!(recogniser.accepts(&tokens(text)), accepted, "{text}");
    }
}
