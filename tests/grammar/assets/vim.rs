//! `highlight/dateline.vim`: a syntax file for Vim and Neovim.

use std::fmt::Write;

use dateline::query::lex::Category;

use super::{CATEGORIES, words};
use crate::corpus;

/// Words that `:syntax keyword` takes for its own options; they are matched instead.
const OPTIONS: &[&str] = &["contains", "contained", "extend", "fold", "display", "transparent"];

/// Returns the name of a group, and the group of every colour scheme that it is shown as.
fn group(category: Category) -> (&'static str, &'static str) {
    match category {
        Category::Statement => ("datelineStatement", "Statement"),
        Category::Clause => ("datelineClause", "Keyword"),
        Category::Condition => ("datelineCondition", "Operator"),
        Category::Modifier => ("datelineModifier", "StorageClass"),
        Category::Value => ("datelineValue", "Constant"),
        Category::Unit => ("datelineUnit", "Type"),
        Category::Format => ("datelineFormat", "Special"),
    }
}

const HEAD: &str = "\
\" Vim syntax file. Language: dateline queries (*.dql). Printed from grammar/keywords.tsv.
if exists('b:current_syntax')
  finish
endif

syntax case ignore
";

const TOKENS: &str = r##"
syntax match datelineNumber "-\?\<\d\+\(\.\d\+\)\?\>"
syntax match datelineDate "\<\d\{4}-\(Q[1-4]\|W\d\d\|\d\d\(-\d\d\(T\d\d:\d\d\(:\d\d\)\?\(Z\|[+-]\d\d:\d\d\)\?\)\?\)\?\)"
syntax match datelineParameter "\$[1-9]\d*\|:[A-Za-z_]\w*"
syntax match datelineSaved "@\k\+"
syntax match datelineEscape contained "\\\(["'\\nrt]\|u{\x\{1,6}}\)"
syntax region datelineString start=+"+ skip=+\\.+ end=+"\|$+ contains=datelineEscape
syntax region datelineString start=+'+ skip=+\\.+ end=+'\|$+ contains=datelineEscape
syntax region datelineString start=+“+ end=+”\|$+
syntax region datelineName start=+`+ end=+`\|$+
syntax match datelineRegex "\(matches\s\+\)\@<=/\([^/\\]\|\\.\)\+/[ims]*"
syntax match datelineComment "\(#\|--\).*$"
"##;

const LINKS: &str = "
highlight default link datelineNumber Number
highlight default link datelineDate Number
highlight default link datelineParameter Identifier
highlight default link datelineSaved Function
highlight default link datelineEscape SpecialChar
highlight default link datelineString String
highlight default link datelineName Identifier
highlight default link datelineRegex String
highlight default link datelineComment Comment

let b:current_syntax = 'dateline'
";

#[test]
fn the_vim_syntax_is_that_of_the_keywords() {
    let mut file = HEAD.to_owned();
    for category in CATEGORIES {
        let (group, _) = group(category);
        let (matched, plain): (Vec<&str>, Vec<&str>) =
            words(&[category]).into_iter().partition(|word| OPTIONS.contains(word));
        writeln!(file, "syntax keyword {group} {}", plain.join(" ")).unwrap();
        for word in matched {
            writeln!(file, "syntax match {group} \"\\<{word}\\>\"").unwrap();
        }
    }
    file.push_str(TOKENS);
    file.push('\n');
    for category in CATEGORIES {
        let (group, shown) = group(category);
        writeln!(file, "highlight default link {group} {shown}").unwrap();
    }
    file.push_str(LINKS.trim_start_matches('\n'));
    corpus::check("highlight/dateline.vim", &file);
}
