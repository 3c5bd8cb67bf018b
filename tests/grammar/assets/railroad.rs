//! `railroad.html`: a diagram of every rule of `dateline.ebnf`, in the order of the file.

use std::fmt::Write;

use railroad::{
    Choice, Diagram, Empty, Link, Node, NonTerminal, Optional, Repeat, Sequence, SimpleEnd, SimpleStart,
    Stylesheet, Terminal,
};

use crate::corpus;
use crate::ebnf::{Ebnf, Rules, rules};

type Boxed = Box<dyn Node>;

#[test]
fn diagrams_are_those_of_the_ebnf() {
    let text = corpus::read("dateline.ebnf");
    let rules = rules(&text);
    let mut page = head();
    let mut drawn = 0;
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("/* ").filter(|title| title.starts_with(char::is_numeric)) {
            writeln!(page, "<h2>{}</h2>", title.trim_end_matches(" */")).unwrap();
        }
        let Some((name, _)) = line.split_once("::=") else { continue };
        let name = name.trim();
        drawn += 1;
        let diagram = Diagram::new(Sequence::<Boxed>::from_iter([
            Box::new(SimpleStart) as Boxed,
            node(&rules[name], &rules),
            Box::new(SimpleEnd),
        ]));
        writeln!(page, "<h3 id=\"{name}\">{name}</h3>\n{diagram}").unwrap();
    }
    assert_eq!(drawn, rules.len(), "every rule begins a line of its own");
    page.push_str("</body>\n</html>\n");
    corpus::check("railroad.html", &page);
}

fn head() -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <title>The dateline query language</title>\n<style>\nbody {{ font-family: sans-serif; margin: 2em; }}\n\
         svg {{ max-width: 100%; height: auto; }}\n{}</style>\n</head>\n<body>\n\
         <h1>The dateline query language</h1>\n\
         <p>Drawn from <a href=\"dateline.ebnf\">dateline.ebnf</a>. Words in rounded boxes are written as they are, \
         in any letter case; names in square ones are rules, or tokens of <a href=\"lexical.ebnf\">lexical.ebnf</a>.</p>\n",
        Stylesheet::Light.stylesheet()
    )
}

fn node(part: &Ebnf, rules: &Rules) -> Boxed {
    match part {
        Ebnf::Choice(branches) => {
            Box::new(Choice::from_iter(branches.iter().map(|branch| node(branch, rules))))
        }
        Ebnf::Sequence(parts) => sequence(parts, rules),
        Ebnf::Repeat(inner, 0, Some(1)) => Box::new(Optional::new(node(inner, rules))),
        Ebnf::Repeat(inner, 0, _) => Box::new(Optional::new(again(node(inner, rules)))),
        Ebnf::Repeat(inner, ..) => again(node(inner, rules)),
        Ebnf::Literal(literal) => Box::new(Terminal::new(literal.clone())),
        Ebnf::Name(name) if rules.contains_key(name) => {
            Box::new(Link::new(NonTerminal::new(name.clone()), format!("#{name}")))
        }
        Ebnf::Name(name) => Box::new(NonTerminal::new(name.clone())),
        Ebnf::Minus(..) | Ebnf::Class(..) => panic!("characters belong into lexical.ebnf"),
    }
}

fn again(inner: Boxed) -> Boxed {
    Box::new(Repeat::new(inner, Empty))
}

/// Draws `X ( ',' X )*` as one loop with the comma on the way back.
fn sequence(parts: &[Ebnf], rules: &Rules) -> Boxed {
    let mut drawn: Vec<Boxed> = Vec::new();
    let mut at = 0;
    while let Some(part) = parts.get(at) {
        at += 1;
        match parts.get(at).and_then(|next| separator(part, next)) {
            Some(separator) => {
                at += 1;
                drawn.push(Box::new(Repeat::new(node(part, rules), node(separator, rules))));
            }
            None => drawn.push(node(part, rules)),
        }
    }
    Box::new(Sequence::from_iter(drawn))
}

/// Returns `S` where `next` is `( S part )*`.
fn separator<'e>(part: &Ebnf, next: &'e Ebnf) -> Option<&'e Ebnf> {
    let Ebnf::Repeat(inner, 0, None) = next else { return None };
    let Ebnf::Sequence(inner) = inner.as_ref() else { return None };
    let [separator, again] = &inner[..] else { return None };
    (again == part).then_some(separator)
}
