//! The table of texts that cells refer to by number.

use std::io::Read;

use quick_xml::events::Event;

use super::xml::XmlPart;
use crate::outside::sheets::{Limits, SheetError};

/// All texts one behind the other, and where each ends: sixteen bytes less for each than a list of
/// strings, and one piece of memory instead of hundreds of thousands.
#[derive(Debug, Default)]
pub(super) struct Strings {
    texts: String,
    ends: Vec<u32>,
}

impl Strings {
    /// Reads the table. A text far above the limit for a cell is cut, but stays too long.
    pub(super) fn read<R: Read>(mut part: XmlPart<R>, limits: &Limits) -> Result<Self, SheetError> {
        let mut strings = Strings::default();
        let most = limits.string_bytes.min(u32::MAX as usize - (1 << 24));
        let mut one = String::new();
        while let Some(event) = part.next()? {
            let Event::Start(element) = event else { continue };
            if element.local_name().as_ref() != "si" {
                continue;
            }
            one.clear();
            read_rich_text(&mut part, &mut one, limits.cell_chars)?;
            if strings.texts.len() + one.len() > most || strings.ends.len() >= limits.strings {
                return Err(SheetError::TooMuchText);
            }
            strings.texts.push_str(&one);
            strings.ends.push(u32::try_from(strings.texts.len()).map_err(|_| SheetError::TooMuchText)?);
        }
        strings.texts.shrink_to_fit();
        strings.ends.shrink_to_fit();
        Ok(strings)
    }

    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)? as usize;
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end as usize);
        self.texts.get(start..end)
    }
}

/// Reads the text of the element that was just started, which is one `t` or runs with a `t` each;
/// reading aids for East Asian scripts (`rPh`) are left out. Escapes such as `_x000D_` are resolved.
pub(super) fn read_rich_text<R: Read>(
    part: &mut XmlPart<R>,
    text: &mut String,
    max_chars: usize,
) -> Result<(), SheetError> {
    // Four bytes a character, seven characters an escape: more can only be too long.
    let max_bytes = max_chars.saturating_mul(28);
    let mut depth = 1;
    while depth > 0 {
        let Some(event) = part.next()? else { break };
        match event {
            Event::Start(element) => match element.local_name().as_ref() {
                "t" => part.text(text, max_bytes)?,
                "rPh" | "rPr" => part.skip()?,
                _ => depth += 1,
            },
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
    unescape(text);
    Ok(())
}

/// Resolves `_xHHHH_`, which stands for a UTF-16 code unit that XML cannot hold; `_x005F_` is the
/// underscore in front of what only looks like an escape.
pub(super) fn unescape(text: &mut String) {
    if !text.contains("_x") {
        return;
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("_x") {
        let code = rest.get(at + 2..at + 6).filter(|_| rest.as_bytes().get(at + 6) == Some(&b'_'));
        let char = code
            .filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|code| u32::from_str_radix(code, 16).ok())
            .and_then(char::from_u32);
        match char {
            Some(char) => {
                plain.push_str(&rest[..at]);
                plain.push(char);
                rest = &rest[at + 7..];
            }
            None => {
                plain.push_str(&rest[..at + 2]);
                rest = &rest[at + 2..];
            }
        }
    }
    plain.push_str(rest);
    *text = plain;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outside::sheets::Part;

    fn table(xml: &str, limits: &Limits) -> Result<Vec<String>, SheetError> {
        let strings = Strings::read(XmlPart::new(xml.as_bytes(), Part::Texts), limits)?;
        Ok((0..strings.ends.len()).map(|index| strings.get(index).unwrap_or("none").to_owned()).collect())
    }

    #[test]
    fn plain_rich_and_empty_texts_are_read() {
        let xml = r#"<sst count="9" uniqueCount="4000000000"><si><t>one</t></si><si/><si><t xml:space="preserve"> two </t></si>
            <x:si><x:r><x:rPr><x:t>no</x:t></x:rPr><x:t>thr</x:t></x:r><r><t>ee</t></r><rPh><t>no</t></rPh></x:si></sst>"#;
        assert_eq!(table(xml, &Limits::default()).unwrap(), ["one", "", " two ", "three"]);
    }

    #[test]
    fn the_table_is_bounded() {
        let limits = Limits { strings: 2, string_bytes: 10, cell_chars: 3, ..Limits::default() };
        assert!(matches!(table("<sst><si/><si/><si/></sst>", &limits), Err(SheetError::TooMuchText)));
        assert!(matches!(table("<sst><si><t>12345678901</t></si></sst>", &limits), Err(SheetError::TooMuchText)));
        let long = format!("<sst><si><t>{}</t></si></sst>", "&amp;".repeat(100));
        let limits = Limits { cell_chars: 3, ..Limits::default() };
        let read = table(&long, &limits).unwrap();
        assert!(read[0].len() > 3 && read[0].len() <= 86, "{}", read[0].len());
    }

    #[test]
    fn escapes_of_code_units_are_resolved() {
        let plain = |text: &str| {
            let mut text = text.to_owned();
            unescape(&mut text);
            text
        };
        assert_eq!(plain("a_x000D_\nb"), "a\r\nb");
        assert_eq!(plain("_x005F_x000D_"), "_x000D_");
        assert_eq!(plain("_x00g0_ _xD800_ _x41_ _x0041"), "_x00g0_ _xD800_ _x41_ _x0041");
        assert_eq!(plain("_xäöü_ _x_x0041_"), "_xäöü_ _xA");
    }
}
