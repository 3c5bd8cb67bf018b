//! Pages of the web to members: the readable text, and what the page says about itself in metadata and JSON-LD.

use std::io::BufRead;

use dom_query::Document;
use dom_smoothie::{Config, Readability, TextMode};
use serde_json::{Value as Json, json};

use super::bounded::{paragraphs, read_whole};
use super::dates;
use super::error::Fault;
use super::members::Members;
use super::rows::Parsed;
use super::tree;

/// Largest page, in bytes (8 MiB): pages of news have a few hundred kilobytes.
pub(super) const PAGE_BYTES_MAX: usize = 8 << 20;

/// Where else a page may say when it was published, most telling first.
const DATES: [(&str, &str); 7] = [
    ("meta[itemprop='datePublished']", "content"),
    ("meta[name='article:published_time']", "content"),
    ("meta[name='pubdate']", "content"),
    ("meta[name='publish-date']", "content"),
    ("meta[name='DC.date.issued']", "content"),
    ("meta[name='date']", "content"),
    ("article time[datetime]", "datetime"),
];

/// Reads a file that is one page.
pub(super) fn read(input: impl BufRead) -> Parsed {
    let (row, fault) = read_whole(input, PAGE_BYTES_MAX, "HTML");
    let members = match fault {
        Some(fault) => Err(fault),
        None => page(&row, None, None).map(|members| Members { alone: true, ..members }),
    };
    Parsed { line: 1, row, members }
}

/// Returns the members of a page; `charset` is what its carrier said, `url` where it was found.
pub(super) fn page(bytes: &[u8], charset: Option<&str>, url: Option<&str>) -> Result<Members, Fault> {
    let document = tree::of(&decoded(bytes, charset))?;
    let about = About::of(&document);
    let config = Config {
        text_mode: TextMode::Formatted,
        max_elements_to_parse: tree::ELEMENTS_MAX,
        ..Config::default()
    };
    let wrong = |problem: String| Fault::Content { format: "HTML", problem };
    let base = url.or(about.url.as_deref()).filter(|url| url.starts_with("http"));
    let mut reader = Readability::with_document(document, base, Some(config))
        .map_err(|error| wrong(format!("{error}; import its text instead")))?;
    let article = reader
        .parse()
        .map_err(|_| wrong("no readable text was found in the page; import its text instead".to_owned()))?;
    let mut pairs = vec![
        ("title".to_owned(), json!(article.title.trim())),
        ("body".to_owned(), json!(paragraphs(&article.text_content))),
    ];
    let mut put = |name: &str, value: Option<String>| {
        let value = value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        pairs.extend(value.map(|value| (name.to_owned(), Json::String(value))));
    };
    let readable = |date: &String| dates::read(date).is_ok();
    put("date", article.published_time.filter(readable).or(about.date.filter(readable)));
    put("author", article.byline);
    put("source", article.site_name);
    put("lang", article.lang.as_deref().map(primary_language));
    put("section", about.section);
    put("url", about.url.or(url.map(str::to_owned)).or(article.url));
    if !about.topics.is_empty() {
        pairs.push(("topic".to_owned(), json!(about.topics)));
    }
    Ok(Members { pairs, typed: true, alone: false })
}

/// Returns the text of a piece of HTML, such as the content of a feed's entry.
pub(super) fn text_of(html: &str) -> Result<String, Fault> {
    if html.len() > PAGE_BYTES_MAX {
        return Err(super::bounded::too_large("HTML", PAGE_BYTES_MAX));
    }
    let document = tree::of(html)?;
    document.select("script, style").remove();
    Ok(paragraphs(&document.formatted_text()))
}

/// Returns the bytes as text, by the charset that carrier or page names, else UTF-8, else the usual one of old pages.
pub(super) fn decoded(bytes: &[u8], charset: Option<&str>) -> String {
    let named = charset.and_then(encoding).or_else(|| encoding(&charset_in(bytes)?));
    let encoding = named.unwrap_or_else(|| match std::str::from_utf8(bytes) {
        Ok(_) => encoding_rs::UTF_8,
        Err(_) => encoding_rs::WINDOWS_1252,
    });
    encoding.decode(bytes).0.into_owned()
}

fn encoding(label: &str) -> Option<&'static encoding_rs::Encoding> {
    encoding_rs::Encoding::for_label(label.as_bytes())
}

/// Returns the charset that the beginning of a page names.
fn charset_in(bytes: &[u8]) -> Option<String> {
    /// How much of a page browsers look at.
    const HEAD_BYTES: usize = 4 << 10;
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(HEAD_BYTES))?).to_ascii_lowercase();
    charset_of(&head)
}

/// Returns the value of `charset=` in a text.
pub(super) fn charset_of(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("charset=")?;
    let rest = rest.trim_start_matches(['"', '\'', ' ']);
    let end = rest
        .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | ':'))
        .unwrap_or(rest.len());
    rest.get(..end).filter(|name| !name.is_empty()).map(str::to_owned)
}

/// What a page says about itself beside what the reader of pages looks at.
#[derive(Debug, Default)]
struct About {
    url: Option<String>,
    date: Option<String>,
    section: Option<String>,
    topics: Vec<String>,
}

impl About {
    fn of(document: &Document) -> About {
        let attribute = |selector: &str, name: &str| {
            document
                .select(selector)
                .attr(name)
                .map(|value| value.trim().to_owned())
                .filter(|value| !value.is_empty())
        };
        let absolute = |url: &String| url.starts_with("http");
        let canonical = attribute("link[rel='canonical']", "href").filter(absolute);
        let tags: Vec<String> = document
            .select("meta[property='article:tag']")
            .iter()
            .filter_map(|tag| tag.attr("content").map(|value| value.trim().to_owned()))
            .collect();
        let keywords = || {
            let list =
                attribute("meta[name='news_keywords'], meta[name='keywords']", "content").unwrap_or_default();
            list.split(',').map(|word| word.trim().to_owned()).collect::<Vec<_>>()
        };
        let mut topics = if tags.is_empty() { keywords() } else { tags };
        topics.retain(|topic| !topic.is_empty());
        About {
            url: canonical.or_else(|| attribute("meta[property='og:url']", "content").filter(absolute)),
            date: DATES.iter().find_map(|(selector, name)| attribute(selector, name)),
            section: attribute("meta[property='article:section']", "content"),
            topics,
        }
    }
}

/// Returns `en` of `en-GB`.
fn primary_language(tag: &str) -> String {
    tag.split(['-', '_']).next().unwrap_or_default().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<!doctype html><html lang="en-GB"><head><meta charset="utf-8">
        <title>Envoys meet in Damascus | The Herald</title>
        <link rel="canonical" href="https://herald.example/envoys">
        <meta property="og:site_name" content="The Herald">
        <meta property="article:section" content="World"><meta name="keywords" content="Syria, Idlib">
        <script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle",
          "headline":"Envoys meet in Damascus","datePublished":"2018-09-03T10:00:00Z",
          "author":{"@type":"Person","name":"Jane Roe"}}</script></head>
        <body><nav><a href="/">Home</a> <a href="/world">World</a></nav><article><h1>Envoys meet in Damascus</h1>
        <p>Envoys of three countries met in Damascus on Monday, and the fate of Idlib was first on their list, officials said.</p>
        <p>The talks, which had been put off twice, went on into the night, with no statement at their end, as was expected.</p>
        <p>A second round is planned for October, when the ministers themselves are to meet in the same place.</p>
        </article><footer>Copyright, cookies and advertising</footer></body></html>"#;

    fn value<'m>(members: &'m Members, name: &str) -> &'m Json {
        members.pairs.iter().find(|(known, _)| known == name).map_or(&Json::Null, |(_, value)| value)
    }

    #[test]
    fn a_page_gives_its_text_and_what_it_says_of_itself() {
        let parsed = read(PAGE.as_bytes());
        let members = parsed.members.unwrap();
        assert!(members.alone);
        assert_eq!(value(&members, "title"), "Envoys meet in Damascus");
        assert_eq!(value(&members, "date"), "2018-09-03T10:00:00Z");
        assert_eq!(value(&members, "author"), "Jane Roe");
        assert_eq!(value(&members, "source"), "The Herald");
        assert_eq!(value(&members, "lang"), "en");
        assert_eq!(value(&members, "section"), "World");
        assert_eq!(value(&members, "url"), "https://herald.example/envoys");
        assert_eq!(*value(&members, "topic"), json!(["Syria", "Idlib"]));
        let body = value(&members, "body").as_str().unwrap();
        assert!(body.contains("fate of Idlib") && body.contains("\n\nThe talks"), "{body}");
        assert!(!body.contains("cookies") && !body.contains("Home"), "{body}");
    }

    #[test]
    fn pages_are_read_in_their_own_charset() {
        assert_eq!(
            decoded(b"<meta charset=\"windows-1251\">\xcf\xf0\xe8", None),
            "<meta charset=\"windows-1251\">При"
        );
        assert_eq!(decoded(b"caf\xe9", None), "café");
        assert_eq!(decoded("café".as_bytes(), None), "café");
        assert_eq!(decoded(b"caf\xe9", Some("iso-8859-1")), "café");
    }

    #[test]
    fn pages_that_would_exhaust_their_readers_are_refused() {
        let deep = format!("<html><body>{}text", "<div>".repeat(5_000));
        let fault = page(deep.as_bytes(), None, None).unwrap_err();
        assert!(fault.to_string().contains("nested"), "{fault}");
        let wide = format!("<html><body>{}", "<b>x</b>".repeat(150_000));
        assert!(page(wide.as_bytes(), None, None).unwrap_err().to_string().contains("200,000"));
        let allowed = format!("<html><body>{}{PAGE}", "<div>".repeat(200));
        assert!(page(allowed.as_bytes(), None, None).is_ok());
    }

    #[test]
    fn an_empty_page_says_so() {
        let fault = read(&b"<html><body></body></html>"[..]).members.unwrap_err();
        assert_eq!(
            fault.to_string(),
            "HTML: no readable text was found in the page; import its text instead"
        );
    }
}
