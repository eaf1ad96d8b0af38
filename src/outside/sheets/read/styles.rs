//! Which cell styles show a number as a date.

use std::collections::HashMap;
use std::io::Read;

use quick_xml::events::Event;

use super::xml::{XmlPart, attribute};
use crate::outside::sheets::{SheetError, dates};

/// Excel itself stops at 65,490 cell styles.
const MOST_STYLES: usize = 70_000;

/// For each cell style, whether it is a date.
#[derive(Debug, Default)]
pub(super) struct Styles {
    dates: Vec<bool>,
}

impl Styles {
    pub(super) fn read<R: Read>(mut part: XmlPart<R>) -> Result<Self, SheetError> {
        let mut formats: HashMap<u32, bool> = HashMap::new();
        let mut dates = Vec::new();
        let mut in_cell_styles = false;
        while let Some(event) = part.next()? {
            match event {
                Event::Start(element) => match element.local_name().as_ref() {
                    "numFmt" => {
                        let id = attribute(&element, "numFmtId").and_then(|id| id.parse().ok());
                        if let (Some(id), Some(code)) = (id, attribute(&element, "formatCode")) {
                            formats.insert(id, dates::is_date_format(&code));
                        }
                    }
                    "cellXfs" => in_cell_styles = true,
                    "xf" if in_cell_styles => {
                        let id: u32 = attribute(&element, "numFmtId").and_then(|id| id.parse().ok()).unwrap_or(0);
                        dates.push(formats.get(&id).copied().unwrap_or_else(|| dates::is_builtin_date(id)));
                    }
                    _ => {}
                },
                Event::End(element) if element.local_name().as_ref() == "cellXfs" => in_cell_styles = false,
                _ => {}
            }
            if dates.len() > MOST_STYLES || formats.len() > MOST_STYLES {
                return Err(part.broken(format!("more than {MOST_STYLES} cell styles")));
            }
        }
        Ok(Styles { dates })
    }

    pub(super) fn is_date(&self, style: Option<usize>) -> bool {
        style.and_then(|style| self.dates.get(style)).copied().unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outside::sheets::Part;

    #[test]
    fn only_cell_styles_count_and_custom_formats_are_read() {
        let xml = r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/>
            <numFmt numFmtId="165" formatCode="&quot;d&quot;0"/></numFmts>
            <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
            <cellXfs><xf numFmtId="0"/><xf numFmtId="22"><alignment/></xf><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs>
            <dxfs><dxf><numFmt numFmtId="164" formatCode="0"/></dxf></dxfs></styleSheet>"#;
        let styles = Styles::read(XmlPart::new(xml.as_bytes(), Part::Styles)).unwrap();
        assert_eq!(styles.dates, [false, true, true, false]);
        assert!(!styles.is_date(None) && !styles.is_date(Some(99)) && styles.is_date(Some(2)));
    }
}
