//! The block that says which condition emptied a result.

use super::safe::safe_text;
use super::trailer::{article_count, grouped};
use super::width::display_width;
use crate::exec::ZeroHit;
use crate::query::Predicate;

/// Returns each condition with the articles that satisfy it alone, and what to change.
///
/// ```text
/// 0 articles.
///   mentions "Idlib"            412
///   source = "Reuter"             0   <- nothing matches; nearest value "Reuters" (1 208)
///   date > 2018-09-01        18 344
/// ```
pub fn zero_hit_block(help: &ZeroHit) -> String {
    if let [(text, 0)] = help.conditions.as_slice()
        && *text == Predicate::Everything.to_string()
    {
        return "0 articles.\n  the archive is empty; put articles in with: dateline import DB PATH..."
            .to_owned();
    }
    let conditions: Vec<(String, String)> =
        help.conditions.iter().map(|(text, count)| (safe_text(text), grouped(*count))).collect();
    let text_width = conditions.iter().map(|(text, _)| display_width(text)).max().unwrap_or(0);
    let count_width = conditions.iter().map(|(_, count)| count.len()).max().unwrap_or(0);

    let mut block = "0 articles.".to_owned();
    for (at, (text, count)) in conditions.iter().enumerate() {
        let gap = text_width - display_width(text) + 4;
        block.push_str(&format!("\n  {text}{}{count:>count_width$}", " ".repeat(gap)));
        if let Some(remark) = remark(help, at) {
            block.push_str(&format!("   <- {remark}"));
        }
    }
    if is_unexplained(help) {
        block.push_str("\n  Every pair of conditions has articles, but none satisfies all; leave one out.");
    }
    block
}

/// Returns what is to say about one condition.
fn remark(help: &ZeroHit, at: usize) -> Option<String> {
    if let Some((condition, value, count)) = &help.nearest
        && *condition == at
    {
        let value = safe_text(value);
        return Some(format!("nothing matches; nearest value \"{value}\" ({})", grouped(*count)));
    }
    if let Some((condition, count)) = help.undated
        && condition == at
    {
        let have = if count == 1 { "has" } else { "have" };
        return Some(format!("nothing matches; {} {have} no date", article_count(count)));
    }
    if help.conditions.get(at).is_some_and(|(_, count)| *count == 0) {
        return Some("nothing matches".to_owned());
    }
    let (first, second) = help.empty_pair?;
    let (other, _) = help.conditions.get(first).filter(|_| second == at)?;
    Some(format!("no article satisfies this and also: {}", safe_text(other)))
}

fn is_unexplained(help: &ZeroHit) -> bool {
    help.conditions.len() > 2
        && help.empty_pair.is_none()
        && help.conditions.iter().all(|(_, count)| *count > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn help(counts: &[u64]) -> ZeroHit {
        let texts = ["mentions \"Idlib\"", "source = \"Reuter\"", "date > 2018-09-01"];
        let conditions = texts.iter().zip(counts).map(|(text, count)| (text.to_string(), *count)).collect();
        ZeroHit { conditions, empty_pair: None, nearest: None, undated: None }
    }

    #[test]
    fn the_empty_condition_is_marked_with_the_nearest_value() {
        let nearest = Some((1, "Reuters".to_owned(), 1_208));
        assert_eq!(
            zero_hit_block(&ZeroHit { nearest, ..help(&[412, 0, 18_344]) }),
            "0 articles.\n  \
             mentions \"Idlib\"        412\n  \
             source = \"Reuter\"         0   <- nothing matches; nearest value \"Reuters\" (1 208)\n  \
             date > 2018-09-01    18 344"
        );
    }

    #[test]
    fn an_empty_pair_is_named() {
        let block = zero_hit_block(&ZeroHit { undated: Some((1, 12)), ..help(&[412, 0, 9]) });
        assert!(block.contains("<- nothing matches; 12 articles have no date"), "{block}");
        let block = zero_hit_block(&ZeroHit { empty_pair: Some((0, 2)), ..help(&[412, 7, 9]) });
        assert!(block.ends_with("9   <- no article satisfies this and also: mentions \"Idlib\""), "{block}");
    }

    #[test]
    fn three_that_only_fail_together_say_so() {
        assert!(zero_hit_block(&help(&[1, 2, 3])).ends_with("leave one out."));
        assert!(!zero_hit_block(&help(&[0])).contains("leave one out"));
    }
}
