//! RSS and Atom to members: an entry is an article.

use std::io::BufRead;

use feed_rs::model::{Entry, Feed, Text};
use serde_json::{Map, Value as Json, json};

use super::bounded::read_whole;
use super::error::Fault;
use super::html::text_of;
use super::members::Members;
use super::rows::Parsed;

/// Largest feed, in bytes (64 MiB).
const FEED_BYTES_MAX: usize = 64 << 20;

/// Returns the entries of a feed, in its order; their lines are their numbers.
pub(super) fn read(input: impl BufRead) -> Box<dyn Iterator<Item = Parsed> + Send> {
    let (bytes, fault) = read_whole(input, FEED_BYTES_MAX, "feed");
    let feed = match fault {
        Some(fault) => Err(fault),
        None => feed_rs::parser::parse(bytes.as_slice()).map_err(|error| Fault::Content {
            format: "feed",
            problem: format!("{error}; check that it is RSS or Atom"),
        }),
    };
    match feed {
        Err(fault) => Box::new(std::iter::once(Parsed { line: 1, row: bytes, members: Err(fault) })),
        Ok(mut feed) => {
            let entries = std::mem::take(&mut feed.entries);
            Box::new((1..).zip(entries).map(move |(line, entry)| parsed(line, entry, &feed)))
        }
    }
}

fn parsed(line: u64, entry: Entry, feed: &Feed) -> Parsed {
    let row = json!({ "id": entry.id, "title": entry.title.as_ref().map(|title| &title.content) });
    let members = members(entry, feed);
    Parsed { line, row: row.to_string().into_bytes(), members }
}

fn members(entry: Entry, feed: &Feed) -> Result<Members, Fault> {
    let mut pairs = Map::new();
    let mut put = |name: &str, value: Option<Json>| {
        pairs.extend(value.filter(|value| !is_empty(value)).map(|value| (name.to_owned(), value)));
    };
    let text = |text: &Text| text_of(&text.content);
    let content = entry.content.and_then(|content| content.body);
    let body = match (&content, &entry.summary) {
        (Some(html), _) => Some(text_of(html)?),
        (None, Some(summary)) => Some(text(summary)?),
        (None, None) => None,
    };
    let page = entry.links.iter().find(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"));
    let names = |people: &[feed_rs::model::Person]| {
        people
            .iter()
            .filter_map(|person| person.name.clone())
            .filter(|name| !name.is_empty())
            .collect::<Vec<_>>()
    };
    let topics: Vec<String> = entry
        .categories
        .iter()
        .map(|topic| topic.label.clone().unwrap_or_else(|| topic.term.clone()))
        .collect();
    put("id", Some(json!(entry.id)));
    put("url", page.map(|link| json!(link.href)));
    put("title", entry.title.as_ref().map(text).transpose()?.map(Json::String));
    put("date", entry.published.or(entry.updated).map(|date| json!(date.to_rfc3339())));
    put("author", Some(json!(names(&entry.authors))));
    put("source", feed.title.as_ref().map(text).transpose()?.map(Json::String));
    let language = entry.language.as_ref().or(feed.language.as_ref());
    put("lang", language.map(|tag| json!(tag.split('-').next().unwrap_or_default().to_lowercase())));
    put("topic", Some(json!(topics)));
    put("body", body.map(Json::String));
    Ok(Members { pairs: pairs.into_iter().collect(), typed: true, alone: false })
}

fn is_empty(value: &Json) -> bool {
    match value {
        Json::String(text) => text.trim().is_empty(),
        Json::Array(items) => items.is_empty(),
        _ => value.is_null(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RSS: &str = r#"<?xml version="1.0"?><rss version="2.0"><channel><title>The Herald</title>
        <link>https://herald.example/</link><description>News</description><language>en-gb</language>
        <item><title>Envoys meet &amp; talk</title><link>https://herald.example/envoys</link>
        <guid>herald-17</guid><pubDate>Mon, 03 Sep 2018 10:00:00 GMT</pubDate><category>Syria</category>
        <description>&lt;p&gt;The fate of &lt;b&gt;Idlib&lt;/b&gt;.&lt;/p&gt;&lt;p&gt;More.&lt;/p&gt;&lt;script&gt;x()&lt;/script&gt;</description></item>
        <item><title>No text</title><guid>herald-18</guid></item></channel></rss>"#;

    #[test]
    fn entries_are_articles_of_the_feed() {
        let rows: Vec<Parsed> = read(RSS.as_bytes()).collect();
        assert_eq!(rows.len(), 2);
        let members = rows[0].members.as_ref().unwrap();
        let value = |name: &str| {
            members.pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
        };
        assert_eq!(value("id"), Some(json!("herald-17")));
        assert_eq!(value("title"), Some(json!("Envoys meet & talk")));
        assert_eq!(value("url"), Some(json!("https://herald.example/envoys")));
        assert_eq!(value("date"), Some(json!("2018-09-03T10:00:00+00:00")));
        assert_eq!((value("source"), value("lang")), (Some(json!("The Herald")), Some(json!("en"))));
        assert_eq!(value("topic"), Some(json!(["Syria"])));
        assert_eq!(value("body"), Some(json!("The fate of Idlib.\n\nMore.")));
    }

    #[test]
    fn what_is_no_feed_says_so() {
        let rows: Vec<Parsed> = read(&b"<html></html>"[..]).collect();
        let fault = rows[0].members.as_ref().unwrap_err().to_string();
        assert!(fault.starts_with("feed: "), "{fault}");
    }
}
