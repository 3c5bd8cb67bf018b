//! WARC to members: the pages that a crawl brought home.
//!
//! ```text
//! WARC/1.0\r\n
//! name: value\r\n ...\r\n
//! \r\n
//! Content-Length bytes, of a response an HTTP message\r\n\r\n
//! ```
//!
//! Requests, metadata, pictures and answers other than success are passed over. A record past the bound is skipped and
//! rejected, never read whole, so that no crawl costs more memory than one page.

use std::io::{self, BufRead, Read};

use super::bounded::too_large;
use super::error::Fault;
use super::html::{PAGE_BYTES_MAX, charset_of, page};
use super::rows::Parsed;

/// Longest line of a record's head, in bytes (64 KiB).
const LINE_BYTES_MAX: u64 = 64 << 10;

/// Most lines of a head.
const HEAD_LINES_MAX: usize = 1_000;

/// The pages of a WARC file; their lines are the numbers of their records.
pub(super) struct Warc<R> {
    input: R,
    record: u64,
    is_at_end: bool,
}

/// The head of a record or of an HTTP message.
#[derive(Debug, Default)]
struct Head {
    first: String,
    fields: Vec<(String, String)>,
}

impl Head {
    fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn is(&self, name: &str, value: &str) -> bool {
        self.get(name).is_some_and(|known| known.to_ascii_lowercase().contains(value))
    }
}

impl<R: BufRead> Warc<R> {
    pub(super) fn new(input: R) -> Warc<R> {
        Warc { input, record: 0, is_at_end: false }
    }

    /// Reads the next record; `None` for one that is passed over.
    fn next_record(&mut self) -> Result<Option<Parsed>, Fault> {
        let Some(head) = read_head(&mut self.input)? else {
            self.is_at_end = true;
            return Ok(None);
        };
        self.record += 1;
        let length: u64 =
            head.get("content-length").and_then(|length| length.parse().ok()).ok_or_else(|| {
                wrong(if head.first.starts_with("WARC/") {
                    "a record has no length; get the file whole from where it was made"
                } else {
                    "this is no WARC file; name its format, or unpack it"
                })
            })?;
        let is_page = head.is("warc-type", "response") && head.is("content-type", "application/http")
            || head.is("warc-type", "resource") && head.is("content-type", "html");
        if !is_page || length > PAGE_BYTES_MAX as u64 {
            let skipped =
                io::copy(&mut self.input.by_ref().take(length), &mut io::sink()).map_err(unreadable)?;
            self.is_at_end = skipped < length;
            return Ok(is_page.then(|| self.parsed(&head, Err(too_large("page", PAGE_BYTES_MAX)))));
        }
        let mut content = Vec::new();
        self.input.by_ref().take(length).read_to_end(&mut content).map_err(unreadable)?;
        if (content.len() as u64) < length {
            return Err(wrong("the file ends inside a record; get it whole"));
        }
        let url = address(&head);
        let members = match head.is("warc-type", "resource") {
            true => Some(page(&content, head.get("content-type").and_then(charset_of).as_deref(), url)),
            false => response(&content, url),
        };
        Ok(members.map(|members| self.parsed(&head, members)))
    }

    fn parsed(&self, head: &Head, members: Result<super::members::Members, Fault>) -> Parsed {
        let row = address(head).unwrap_or_default().as_bytes().to_vec();
        Parsed { line: self.record, row, members }
    }
}

impl<R: BufRead> Iterator for Warc<R> {
    type Item = Parsed;

    fn next(&mut self) -> Option<Parsed> {
        while !self.is_at_end {
            match self.next_record() {
                Ok(Some(parsed)) => return Some(parsed),
                Ok(None) => {}
                Err(fault) => {
                    self.is_at_end = true;
                    return Some(Parsed { line: self.record.max(1), row: Vec::new(), members: Err(fault) });
                }
            }
        }
        None
    }
}

/// Returns the address of a record, which old writers put in angle brackets.
fn address(head: &Head) -> Option<&str> {
    head.get("warc-target-uri").map(|uri| uri.trim_start_matches('<').trim_end_matches('>'))
}

/// Returns the members of an HTTP answer; `None` where it is no page.
fn response(content: &[u8], url: Option<&str>) -> Option<Result<super::members::Members, Fault>> {
    let mut rest = content;
    let head = match read_head(&mut rest) {
        Ok(head) => head?,
        Err(fault) => return Some(Err(fault)),
    };
    let is_success = head.first.split(' ').nth(1).is_some_and(|status| status.starts_with('2'));
    if !is_success || !head.is("content-type", "html") {
        return None;
    }
    let charset = head.get("content-type").and_then(charset_of);
    let body = body(&head, rest);
    Some(body.and_then(|body| page(&body, charset.as_deref(), url)))
}

/// Returns the body of an HTTP message, its chunks joined and unpacked.
fn body(head: &Head, rest: &[u8]) -> Result<Vec<u8>, Fault> {
    let joined = if head.is("transfer-encoding", "chunked") { joined(rest) } else { rest.to_vec() };
    let is_gzip = joined.starts_with(b"\x1f\x8b");
    if !is_gzip && head.is("content-encoding", "br") {
        return Err(wrong("the page is packed with brotli, which is not read; unpack it first"));
    }
    if !is_gzip {
        return Ok(joined);
    }
    let mut plain = Vec::new();
    let unpacked = flate2::read::MultiGzDecoder::new(joined.as_slice());
    unpacked.take(PAGE_BYTES_MAX as u64 + 1).read_to_end(&mut plain).map_err(unreadable)?;
    if plain.len() > PAGE_BYTES_MAX { Err(too_large("page", PAGE_BYTES_MAX)) } else { Ok(plain) }
}

/// Joins chunks; bytes that are none, as crawlers leave them that joined already, stay as they are.
fn joined(mut rest: &[u8]) -> Vec<u8> {
    let whole = rest;
    let mut out = Vec::new();
    loop {
        let Some(end) = memchr::memchr(b'\n', rest) else { return whole.to_vec() };
        let (line, after) = rest.split_at(end + 1);
        let size = std::str::from_utf8(line).ok().and_then(|line| line.split(';').next());
        let Some(size) = size.and_then(|size| usize::from_str_radix(size.trim(), 16).ok()) else {
            return whole.to_vec();
        };
        match after.get(..size) {
            Some(chunk) if size > 0 => out.extend_from_slice(chunk),
            _ => return out,
        }
        rest = after.get(size..).map_or(&[][..], |rest| rest.strip_prefix(b"\r\n").unwrap_or(rest));
    }
}

/// Reads lines up to a blank one; `None` at the end of the input. Blank lines before the head are passed over.
fn read_head(input: &mut dyn BufRead) -> Result<Option<Head>, Fault> {
    let mut head = Head::default();
    for _ in 0..HEAD_LINES_MAX {
        let mut bytes = Vec::new();
        Read::take(&mut *input, LINE_BYTES_MAX).read_until(b'\n', &mut bytes).map_err(unreadable)?;
        let line = String::from_utf8_lossy(&bytes);
        match (line.trim_end(), head.first.is_empty()) {
            ("", _) if bytes.is_empty() => return Ok((!head.first.is_empty()).then_some(head)),
            ("", true) => {}
            ("", false) => return Ok(Some(head)),
            (first, true) => first.clone_into(&mut head.first),
            (field, false) => {
                if let Some((name, value)) = field.split_once(':') {
                    head.fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
                }
            }
        }
    }
    Err(wrong("a head has more than 1,000 lines; the file is no WARC, or damaged: get it again"))
}

fn wrong(problem: &str) -> Fault {
    Fault::Content { format: "WARC", problem: problem.to_owned() }
}

fn unreadable(error: io::Error) -> Fault {
    Fault::Read { message: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: &str, content_type: &str, content: &[u8]) -> Vec<u8> {
        let head = format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://herald.example/a\r\n\
             Content-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
            content.len()
        );
        [head.as_bytes(), content, b"\r\n\r\n"].concat()
    }

    fn html() -> String {
        let paragraph = "<p>Envoys of three countries met in Damascus on Monday, and the fate of Idlib was first on their list, officials said.</p>";
        format!(
            "<html><head><title>Envoys meet</title></head><body><article>{}</article></body></html>",
            paragraph.repeat(6)
        )
    }

    fn answer(status: &str, fields: &str, body: &[u8]) -> Vec<u8> {
        let head = format!("HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n{fields}\r\n");
        [head.as_bytes(), body].concat()
    }

    #[test]
    fn pages_are_found_among_the_records() {
        let html = html();
        let chunked = format!("{:x}\r\n{html}\r\n0\r\n\r\n", html.len());
        let file = [
            record("warcinfo", "application/warc-fields", b"software: x"),
            record("request", "application/http; msgtype=request", b"GET / HTTP/1.1\r\n\r\n"),
            record("response", "application/http; msgtype=response", &answer("200 OK", "", html.as_bytes())),
            record("response", "application/http", &answer("404 Not Found", "", html.as_bytes())),
            record(
                "response",
                "application/http",
                &answer("200 OK", "Transfer-Encoding: chunked\r\n", chunked.as_bytes()),
            ),
        ]
        .concat();
        let rows: Vec<Parsed> = Warc::new(file.as_slice()).collect();
        assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [3, 5]);
        for row in rows {
            let pairs = row.members.unwrap().pairs;
            assert!(pairs.contains(&("url".to_owned(), "https://herald.example/a".into())), "{pairs:?}");
            assert!(pairs.contains(&("title".to_owned(), "Envoys meet".into())), "{pairs:?}");
        }
    }

    #[test]
    fn damage_ends_the_file_with_a_reason() {
        let whole = record("response", "application/http", &answer("200 OK", "", html().as_bytes()));
        let cut = whole.get(..whole.len() - 100).unwrap();
        let faults = |bytes: &[u8]| -> Vec<String> {
            Warc::new(bytes).filter_map(|row| row.members.err()).map(|fault| fault.to_string()).collect()
        };
        assert_eq!(faults(cut), ["WARC: the file ends inside a record; get it whole"]);
        assert_eq!(faults(b"hello\r\n\r\n"), ["WARC: this is no WARC file; name its format, or unpack it"]);
        assert!(faults(b"").is_empty());
    }

    #[test]
    fn a_packed_page_unfolds_up_to_the_bound() {
        use std::io::Write;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(&vec![b' '; PAGE_BYTES_MAX + 1]).unwrap();
        let packed = gzip.finish().unwrap();
        let file =
            record("response", "application/http", &answer("200 OK", "Content-Encoding: gzip\r\n", &packed));
        let row = Warc::new(file.as_slice()).next().unwrap();
        assert!(row.members.unwrap_err().to_string().contains("larger than 8 MiB"));
    }
}
