//! `.help` and its topics.

use super::{After, COMMANDS, unknown};
use crate::failure::Failure;
use crate::shell::Shell;

/// The topics of `.help` beside the dot commands.
const TOPICS: [&str; 2] = ["keys", "queries"];

const QUERIES: &str = "\
find      articles:   find where mentions \"Idlib\" and date > 2018-09-01 with snippets
                      find title, date where source = \"AFP\" newest first limit 5
count     how many:   count by month where text contains \"ceasefire\"
top       the most:   top 10 person where mentions \"Idlib\"
timeline  over time:  timeline by week where mentions \"Idlib\"
show      one:        show 17
describe  fields:     describe person
explain   the plan:   explain find where mentions \"Idlib\"
Text stands in quotes, dates as 2018, 2018-09 or 2018-09-01. Join conditions with and, or, not.";

const KEYS: &str = "\
Enter       run; where something must follow, go on in the next line
;           at the end of a line: run in any case
empty line  run in any case, and say what is missing
Tab         complete a word; inside quotes, values with their articles
Right       take the grey rest of the line, or the correction of a mistake
Alt-F       take its next word (also Alt-Right)
Up, Down    earlier statements; Ctrl-R searches them
Ctrl-C      clear the line, or stop a running query; twice: leave
Ctrl-D      leave";

pub(super) fn help(shell: &mut Shell, argument: &str) -> Result<After, Failure> {
    let topic = argument.trim_start_matches('.').to_ascii_lowercase();
    let text = match topic.as_str() {
        "" => overview(),
        "keys" => KEYS.to_owned(),
        "queries" | "query" => QUERIES.to_owned(),
        topic => about(topic)?,
    };
    shell.console.remark(&text);
    Ok(After::GoOn)
}

fn overview() -> String {
    let width = COMMANDS.iter().map(|command| command.name.len()).max().unwrap_or(0);
    let lines = COMMANDS.iter().map(|command| format!(".{:width$}  {}", command.name, command.about));
    let lines: Vec<String> = lines.collect();
    format!("{}\nMore: .help {}, .help .mode", lines.join("\n"), TOPICS.join(", .help "))
}

/// Returns the help of one dot command, or of an error code.
fn about(topic: &str) -> Result<String, Failure> {
    if let Some(code) = topic.strip_prefix("errors ").or(Some(topic)).and_then(code_named) {
        return Ok(format!("{code}: {}", code.about()));
    }
    let command = COMMANDS.iter().find(|command| command.name == topic).ok_or_else(|| unknown(topic))?;
    Ok(format!("{}\n{}", format!(".{} {}", command.name, command.takes).trim_end(), command.about))
}

fn code_named(text: &str) -> Option<dateline::query::Code> {
    dateline::query::Code::ALL.iter().find(|code| code.as_str().eq_ignore_ascii_case(text.trim())).copied()
}
