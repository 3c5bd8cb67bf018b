//! Cuts text into tokens by the rules of `lexical.ebnf`, and by nothing else.

use std::collections::{BTreeMap, BTreeSet};

use crate::ebnf::{Ebnf, Rules};

/// What a piece of text may be: the names of rules and the words of the grammar that match all of it.
pub type Kinds = BTreeSet<String>;

/// The rules of tokens, the words and signs of the grammar, and the words that are never names.
pub struct Scanner {
    rules: Rules,
    tokens: Vec<String>,
    literals: Vec<Vec<char>>,
    reserved: BTreeSet<String>,
}

/// Where a rule may end, for each place it was asked at.
type Memo = BTreeMap<(String, usize), BTreeSet<usize>>;

impl Scanner {
    /// Returns the scanner of these rules; `literals` are the quoted words and signs of `dateline.ebnf`.
    pub fn new(rules: Rules, literals: BTreeSet<String>, reserved: BTreeSet<String>) -> Scanner {
        let Some(Ebnf::Choice(kinds)) = rules.get("Token") else { panic!("Token is a choice of names") };
        let name = |kind: &Ebnf| match kind {
            Ebnf::Name(name) => name.clone(),
            other => panic!("Token is a choice of names, not {other:?}"),
        };
        let tokens = kinds.iter().map(name).collect();
        let literals = literals.iter().map(|literal| literal.chars().collect()).collect();
        Scanner { rules, tokens, literals, reserved }
    }

    /// Returns what each token of `text` may be, or `None` where a place begins no token.
    pub fn scan(&self, text: &str) -> Option<Vec<Kinds>> {
        let chars: Vec<char> = text.chars().collect();
        let mut memo = Memo::new();
        let (mut at, mut tokens) = (0, Vec::new());
        loop {
            at = self.skip(&chars, at, &mut memo);
            if at == chars.len() {
                return Some(tokens);
            }
            let (end, kinds) = self.token(&chars, at, &mut memo)?;
            tokens.push(kinds);
            at = end;
        }
    }

    /// Skips white space and comments.
    fn skip(&self, chars: &[char], mut at: usize, memo: &mut Memo) -> usize {
        loop {
            let ends = ["WhiteSpace", "Comment"].map(|rule| self.rule(rule, chars, at, memo).last().copied());
            match ends.into_iter().flatten().max() {
                Some(end) if end > at => at = end,
                _ => return at,
            }
        }
    }

    /// Returns the longest token at `at` with everything that it may be.
    fn token(&self, chars: &[char], at: usize, memo: &mut Memo) -> Option<(usize, Kinds)> {
        let mut longest = (at, Kinds::new());
        let mut offer = |end: usize, kind: String| {
            if end > longest.0 {
                longest = (end, Kinds::new());
            }
            if end == longest.0 && end > at {
                longest.1.insert(kind);
            }
        };
        for token in &self.tokens {
            if let Some(&end) = self.rule(token, chars, at, memo).last() {
                offer(end, token.clone());
            }
        }
        for literal in &self.literals {
            let text = chars.get(at..at + literal.len()).unwrap_or_default();
            if literal.len() == text.len() && literal.iter().zip(text).all(|(a, b)| a.eq_ignore_ascii_case(b))
            {
                offer(at + literal.len(), format!("'{}'", literal.iter().collect::<String>()));
            }
        }
        Some(longest).filter(|(end, _)| *end > at)
    }

    fn rule(&self, name: &str, chars: &[char], at: usize, memo: &mut Memo) -> BTreeSet<usize> {
        let key = (name.to_owned(), at);
        if let Some(ends) = memo.get(&key) {
            return ends.clone();
        }
        let one = |passes: fn(char) -> bool| chars.get(at).filter(|c| passes(**c)).map(|_| at + 1);
        let ends = match name {
            "XidStart" => one(unicode_ident::is_xid_start).into_iter().collect(),
            "XidContinue" => one(unicode_ident::is_xid_continue).into_iter().collect(),
            "ReservedWord" => self.reserved_ends(chars, at),
            name => {
                let rule = self.rules.get(name).unwrap_or_else(|| panic!("no rule is called {name}"));
                self.ends(rule, chars, at, memo)
            }
        };
        memo.insert(key, ends.clone());
        ends
    }

    fn reserved_ends(&self, chars: &[char], at: usize) -> BTreeSet<usize> {
        let matches = |word: &&String| {
            let text = chars.get(at..at + word.len()).unwrap_or_default();
            text.iter().collect::<String>().eq_ignore_ascii_case(word)
        };
        self.reserved.iter().filter(matches).map(|word| at + word.len()).collect()
    }

    /// Returns every place where what begins at `at` may end.
    fn ends(&self, rule: &Ebnf, chars: &[char], at: usize, memo: &mut Memo) -> BTreeSet<usize> {
        match rule {
            Ebnf::Choice(branches) => {
                branches.iter().flat_map(|branch| self.ends(branch, chars, at, memo)).collect()
            }
            Ebnf::Sequence(parts) => parts.iter().fold(BTreeSet::from([at]), |starts, part| {
                starts.into_iter().flat_map(|start| self.ends(part, chars, start, memo)).collect()
            }),
            Ebnf::Repeat(inner, min, max) => self.repeat(inner, (*min, *max), chars, at, memo),
            Ebnf::Minus(from, without) => {
                let excluded = self.ends(without, chars, at, memo);
                self.ends(from, chars, at, memo).difference(&excluded).copied().collect()
            }
            Ebnf::Literal(literal) => {
                let len = literal.chars().count();
                let text = chars.get(at..at + len).unwrap_or_default();
                let found = text.iter().collect::<String>() == *literal;
                found.then_some(at + len).into_iter().collect()
            }
            Ebnf::Class(ranges, negated) => {
                let inside =
                    |c: char| ranges.iter().any(|(low, high)| (*low..=*high).contains(&c)) != *negated;
                chars.get(at).filter(|c| inside(**c)).map(|_| at + 1).into_iter().collect()
            }
            Ebnf::Name(name) => self.rule(name, chars, at, memo),
        }
    }

    fn repeat(
        &self,
        inner: &Ebnf,
        (min, max): (usize, Option<usize>),
        chars: &[char],
        at: usize,
        memo: &mut Memo,
    ) -> BTreeSet<usize> {
        let mut ends = if min == 0 { BTreeSet::from([at]) } else { BTreeSet::new() };
        let mut fresh = BTreeSet::from([at]);
        for count in 1.. {
            if fresh.is_empty() || max.is_some_and(|max| count > max) {
                break;
            }
            let next: BTreeSet<usize> =
                fresh.iter().flat_map(|start| self.ends(inner, chars, *start, memo)).collect();
            fresh = next.difference(&ends).copied().collect();
            if count >= min {
                ends.extend(&fresh);
            }
        }
        ends
    }
}
