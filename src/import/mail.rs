//! Letters to members: one in a `.eml` file, many in an mbox. Newsletters are articles of their senders.

use std::io::{BufRead, Read};

use mail_parser::{HeaderName, Message, MessageParser};
use serde_json::json;

use super::ROW_BYTES_MAX;
use super::bounded::{paragraphs, read_whole};
use super::error::Fault;
use super::members::Members;
use super::rows::Parsed;

/// Reads a file that is one letter.
pub(super) fn read(input: impl BufRead) -> Parsed {
    let (row, fault) = read_whole(input, ROW_BYTES_MAX, "letter");
    let members = match fault {
        Some(fault) => Err(fault),
        None => members(&row).map(|members| Members { alone: true, ..members }),
    };
    Parsed { line: 1, row, members }
}

/// The letters of an mbox.
pub(super) struct Mbox<R> {
    input: R,
    line: u64,
    /// Where the letter at hand begins; 0 before the first.
    start: u64,
    letter: Vec<u8>,
    is_too_long: bool,
    is_at_end: bool,
}

impl<R: BufRead> Mbox<R> {
    pub(super) fn new(input: R) -> Mbox<R> {
        Mbox { input, line: 0, start: 0, letter: Vec::new(), is_too_long: false, is_at_end: false }
    }

    /// Ends the letter at hand, and begins the next at the line after this one.
    fn take(&mut self) -> Option<Parsed> {
        let (start, is_too_long) = (self.start, std::mem::take(&mut self.is_too_long));
        let row = std::mem::take(&mut self.letter);
        self.start = self.line + 1;
        if start == 0 && row.iter().all(u8::is_ascii_whitespace) {
            return None;
        }
        let members = if is_too_long { Err(Fault::RowTooLong) } else { members(&row) };
        Some(Parsed { line: start.max(1), row, members })
    }

    fn keep(&mut self, line: &[u8]) {
        // Lines that begin like the next letter were marked when they were stored.
        let marked =
            line.strip_prefix(b">").filter(|rest| rest.trim_ascii_start_of(b'>').starts_with(b"From "));
        let line = marked.unwrap_or(line);
        if self.letter.len() + line.len() > ROW_BYTES_MAX {
            self.is_too_long = true;
        } else {
            self.letter.extend_from_slice(line);
        }
    }
}

/// Bytes without the marks they begin with.
trait Unmarked {
    fn trim_ascii_start_of(&self, mark: u8) -> &[u8];
}

impl Unmarked for [u8] {
    fn trim_ascii_start_of(&self, mark: u8) -> &[u8] {
        let marks = self.iter().take_while(|byte| **byte == mark).count();
        self.get(marks..).unwrap_or_default()
    }
}

impl<R: BufRead> Iterator for Mbox<R> {
    type Item = Parsed;

    fn next(&mut self) -> Option<Parsed> {
        while !self.is_at_end {
            let mut line = Vec::new();
            let read = self.input.by_ref().take(ROW_BYTES_MAX as u64 + 1).read_until(b'\n', &mut line);
            if let Err(error) = read {
                self.is_at_end = true;
                // What was read of the letter goes with the fault, to be kept among the rejected rows.
                self.keep(&line);
                let fault = Fault::Read { message: error.to_string() };
                let row = std::mem::take(&mut self.letter);
                return Some(Parsed { line: self.start.max(1), row, members: Err(fault) });
            }
            self.line += 1;
            if line.is_empty() {
                self.is_at_end = true;
                return self.take();
            }
            if !line.starts_with(b"From ") {
                self.keep(&line);
            } else if let Some(letter) = self.take() {
                return Some(letter);
            }
        }
        None
    }
}

fn members(bytes: &[u8]) -> Result<Members, Fault> {
    let wrong = |problem: &str| Fault::Content { format: "letter", problem: problem.to_owned() };
    let message = MessageParser::default()
        .parse(bytes)
        .ok_or_else(|| wrong("it has no headers; import it as plain text"))?;
    let body = text(&message)?;
    let mut pairs = Vec::new();
    let mut put = |name: &str, value: Option<String>| {
        let value = value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        pairs.extend(value.map(|value| (name.to_owned(), json!(value))));
    };
    put("id", message.message_id().map(str::to_owned));
    put("title", message.subject().map(|subject| subject.split_whitespace().collect::<Vec<_>>().join(" ")));
    put("date", message.date().filter(|date| date.is_valid()).map(|date| date.to_rfc3339()));
    put("source", sender(&message));
    put("list", list(&message));
    put("body", Some(body));
    Ok(Members { pairs, typed: true, alone: false })
}

/// Returns the text of a letter; of one in HTML alone, its text.
fn text(message: &Message<'_>) -> Result<String, Fault> {
    let plain = message.text_bodies().find_map(|part| match &part.body {
        mail_parser::PartType::Text(text) if !text.trim().is_empty() => Some(paragraphs(text)),
        _ => None,
    });
    match plain {
        Some(text) => Ok(text),
        None => message.body_html(0).map_or(Ok(String::new()), |html| super::html::text_of(&html)),
    }
}

/// Returns who a letter is from: the name, else the address.
fn sender(message: &Message<'_>) -> Option<String> {
    let from = message.from()?.first()?;
    from.name().or_else(|| from.address()).map(str::to_owned)
}

/// Returns the mailing list of a letter.
fn list(message: &Message<'_>) -> Option<String> {
    let header = message.header(HeaderName::ListId)?;
    let address = header.as_address().and_then(|list| list.first()).and_then(|list| list.address());
    address.or_else(|| header.as_text()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::*;

    const LETTER: &str = "From: \"The Herald Today\" <news@herald.example>\r\nSubject: =?utf-8?q?Caf=C3=A9?= talks\r\n\
        Date: Mon, 3 Sep 2018 10:00:00 +0200\r\nMessage-ID: <17@herald.example>\r\n\
        Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nEnvoys met.\r\n\r\n\
        Idlib was first.\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Envoys</p>\r\n--b--\r\n";

    fn value(parsed: &Parsed, name: &str) -> Json {
        let members = parsed.members.as_ref().unwrap();
        members.pairs.iter().find(|(known, _)| known == name).map_or(Json::Null, |(_, value)| value.clone())
    }

    #[test]
    fn a_letter_is_an_article_of_its_sender() {
        let parsed = read(LETTER.as_bytes());
        assert_eq!(value(&parsed, "title"), "Café talks");
        assert_eq!(value(&parsed, "source"), "The Herald Today");
        assert_eq!(value(&parsed, "date"), "2018-09-03T10:00:00+02:00");
        assert_eq!(value(&parsed, "id"), "17@herald.example");
        assert_eq!(value(&parsed, "body"), "Envoys met.\n\nIdlib was first.");
    }

    #[test]
    fn a_letter_that_cannot_be_read_to_its_end_is_kept_with_the_fault() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
                Err(std::io::Error::other("the disk is gone"))
            }
        }
        let mbox = "From a@b Mon Sep  3 10:00:00 2018\nSubject: One\n\nText\n\n\
            From a@b Mon Sep  3 11:00:00 2018\nSubject: Two\n\nMo";
        let letters: Vec<Parsed> =
            Mbox::new(std::io::BufReader::new(mbox.as_bytes().chain(Broken))).collect();
        assert_eq!(letters.len(), 2);
        assert_eq!(value(&letters[0], "title"), "One");
        assert_eq!((letters[1].line, letters[1].row.as_slice()), (7, b"Subject: Two\n\nMo".as_slice()));
        let fault = letters[1].members.as_ref().unwrap_err().to_string();
        assert!(fault.contains("the disk is gone"), "{fault}");
    }

    #[test]
    fn letters_in_html_alone_give_their_text() {
        let letter = "Subject: A\nContent-Type: text/html\n\n<style>p{}</style><p>One</p><p>Two</p>";
        assert_eq!(value(&read(letter.as_bytes()), "body"), "One\n\nTwo");
    }

    #[test]
    fn an_mbox_is_parted_at_its_from_lines() {
        let mbox = "From a@b Mon Sep  3 10:00:00 2018\nSubject: One\n\nText\n>From here on.\n\n\
            From a@b Mon Sep  3 11:00:00 2018\nSubject: Two\n\nMore\n";
        let letters: Vec<Parsed> = Mbox::new(mbox.as_bytes()).collect();
        assert_eq!(letters.iter().map(|letter| letter.line).collect::<Vec<_>>(), [2, 8]);
        assert_eq!(value(&letters[0], "body"), "Text\nFrom here on.");
        assert_eq!(value(&letters[1], "title"), "Two");
        assert_eq!(Mbox::new(&b""[..]).count(), 0);
    }
}
