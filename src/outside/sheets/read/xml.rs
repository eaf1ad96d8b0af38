//! XML of a workbook part, event by event, with a bound on everything.
//!
//! A single text or tag may be a megabyte at most, elements may be nested sixty-four deep, a document type is
//! refused, and no more bytes are read than the part was declared to have: memory does not depend on
//! what the part contains.

use std::io::{self, BufRead, BufReader, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::outside::sheets::{Part, SheetError};

/// Bytes that one tag, text or comment may have.
const EVENT_BYTES: usize = 1 << 20;
/// How deep elements may be nested; real workbooks stay below fifteen.
const DEPTH: u32 = 64;

/// One part of a workbook, being read.
pub(super) struct XmlPart<R: Read> {
    reader: Reader<Metered<BufReader<R>>>,
    buffer: Vec<u8>,
    depth: u32,
    part: Part,
    row: u32,
}

impl<R: Read> XmlPart<R> {
    /// Starts reading.
    pub(super) fn new(source: R, part: Part) -> Self {
        let metered = Metered { inner: BufReader::with_capacity(64 << 10, source), left: EVENT_BYTES, read: 0 };
        let mut reader = Reader::from_reader(metered);
        // One kind of event for `<a/>` and `<a></a>` keeps the callers simple.
        reader.config_mut().expand_empty_elements = true;
        XmlPart { reader, buffer: Vec::new(), depth: 0, part, row: 0 }
    }

    /// The next event; nothing at the end, which is an error unless all elements are closed.
    pub(super) fn next(&mut self) -> Result<Option<Event<'_>>, SheetError> {
        self.buffer.clear();
        self.reader.get_mut().left = EVENT_BYTES;
        let event = match self.reader.read_event_into(&mut self.buffer) {
            Ok(event) => event,
            Err(error) => {
                let at = self.reader.error_position();
                return Err(broken_by(error, &self.part, self.row, at, self.reader.get_ref()));
            }
        };
        match &event {
            Event::Start(_) => {
                self.depth += 1;
                if self.depth > DEPTH {
                    return Err(broken(&self.part, self.row, format!("elements nested deeper than {DEPTH}")));
                }
            }
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::DocType(_) => return Err(SheetError::DocumentType(self.part.clone())),
            Event::Eof if self.depth > 0 => {
                return Err(broken(&self.part, self.row, "it ends in the middle"));
            }
            Event::Eof => return Ok(None),
            _ => {}
        }
        Ok(Some(event))
    }

    /// Reads on until the element that was just started is closed.
    pub(super) fn skip(&mut self) -> Result<(), SheetError> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            if self.next()?.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// Puts the text inside the element that was just started into `text`, as far as `max_bytes`, and
    /// reads on until it is closed. Elements inside are skipped. The caller sees from the length that
    /// there was too much.
    pub(super) fn text(&mut self, text: &mut String, max_bytes: usize) -> Result<(), SheetError> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            let inside = self.depth == outside + 1;
            let Some(event) = self.next()? else { break };
            if !inside || text.len() > max_bytes {
                continue;
            }
            match event {
                Event::Text(piece) => text.push_str(&piece.xml10_content()),
                Event::CData(piece) => text.push_str(&piece.xml10_content()),
                Event::GeneralRef(reference) => match resolve(&reference) {
                    Some(char) => text.push(char),
                    None => {
                        let detail = format!("unknown entity &{};", super::shortened(&reference));
                        return Err(self.broken(detail));
                    }
                },
                _ => {}
            }
        }
        Ok(())
    }

    /// Unpacked bytes read so far.
    pub(super) fn bytes_read(&self) -> u64 {
        self.reader.get_ref().read
    }

    /// Tells which row is being read, for messages.
    pub(super) fn at_row(&mut self, row: u32) {
        self.row = row;
    }

    /// An error of this part.
    pub(super) fn broken(&self, detail: impl Into<String>) -> SheetError {
        broken(&self.part, self.row, detail)
    }
}

/// The value of an attribute by its local name.
pub(super) fn attribute(element: &BytesStart<'_>, local_name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    // Looking for duplicates takes time that grows with the square of their number.
    attributes
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == local_name)
        .map(|attribute| unescaped(&attribute.value))
}

/// The characters that the five named entities and number references stand for.
fn resolve(reference: &BytesRef<'_>) -> Option<char> {
    match reference.as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => reference.resolve_char_ref().ok().flatten(),
    }
}

/// An attribute's text without entities; one with unknown entities stays as it is.
pub(super) fn unescaped(value: &str) -> String {
    match quick_xml::escape::unescape(value) {
        Ok(text) => text.into_owned(),
        Err(_) => value.to_owned(),
    }
}

fn broken(part: &Part, after_row: u32, detail: impl Into<String>) -> SheetError {
    SheetError::Broken { part: part.clone(), after_row, detail: detail.into() }
}

fn broken_by<R>(error: quick_xml::Error, part: &Part, row: u32, at: u64, source: &Metered<R>) -> SheetError {
    if source.left == 0 {
        return broken(part, row, format!("a single text or tag longer than {EVENT_BYTES} bytes"));
    }
    match error {
        quick_xml::Error::Io(error) if is_of_the_disk(&error) => {
            SheetError::Io(io::Error::new(error.kind(), error.to_string()))
        }
        quick_xml::Error::Io(error) => broken(part, row, error.to_string()),
        quick_xml::Error::Encoding(_) => broken(part, row, format!("not UTF-8 at byte {at}")),
        _ => broken(part, row, format!("an & or < that is not escaped, or tags that do not match, at byte {at}")),
    }
}

/// Unpacking reports damage as invalid data or an early end; what the system reports has a number.
fn is_of_the_disk(error: &io::Error) -> bool {
    error.raw_os_error().is_some()
}

/// A reader that counts, and fails once an event takes more than its share.
struct Metered<R> {
    inner: R,
    left: usize,
    read: u64,
}

impl<R: BufRead> Read for Metered<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(into.len());
        into[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Metered<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "too long"));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.left = self.left.saturating_sub(count);
        self.read += count as u64;
        self.inner.consume(count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(xml: &str) -> Result<String, SheetError> {
        let mut part = XmlPart::new(xml.as_bytes(), Part::Texts);
        let mut text = String::new();
        while let Some(event) = part.next()? {
            if let Event::Start(start) = event
                && start.local_name().as_ref() == "t"
            {
                part.text(&mut text, 100)?;
            }
        }
        Ok(text)
    }

    #[test]
    fn text_with_entities_and_sections_is_put_together() {
        assert_eq!(
            read("<a><t>x &amp; &lt;y&gt; &#65;&#x42;<![CDATA[<&>]]><i>no</i></t></a>").unwrap(),
            "x & <y> AB<&>"
        );
        assert_eq!(read("<a><t/></a>").unwrap(), "");
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for xml in [
            "<a><t>R&D</t></a>",
            "<a><t>1 < 2</t></a>",
            "<a><t>x</a></t>",
            "<a><t>x",
            "<a>",
            "<a><t>&xxe;</t></a>",
            "<a><t>\u{0}&#0;</t></a>",
            "</a>",
        ] {
            assert!(matches!(read(xml), Err(SheetError::Broken { .. })), "{xml}");
        }
        assert!(matches!(
            read("<!DOCTYPE a [<!ENTITY xxe SYSTEM \"file:///etc/passwd\">]><a/>"),
            Err(SheetError::DocumentType(_))
        ));
    }

    #[test]
    fn size_and_depth_have_bounds() {
        for xml in [
            format!("<a><t>{}</t></a>", "x".repeat(EVENT_BYTES * 2)),
            format!("<a><t b=\"{}\"/></a>", "x".repeat(EVENT_BYTES * 2)),
            format!("<a><!--{}--></a>", "x".repeat(EVENT_BYTES * 2)),
            "<a>".repeat(1000),
        ] {
            assert!(matches!(read(&xml), Err(SheetError::Broken { .. })));
        }
        // Many small pieces are cut off without being kept.
        assert!(read(&format!("<t>{}</t>", "&amp;x".repeat(1000))).unwrap().len() <= 102);
    }
}
