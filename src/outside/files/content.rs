//! What a file is, by its first bytes; what a sender says about it is not believed.

use std::io::Read;

use super::{ImageInfo, image};

/// How many bytes from the start are enough to tell.
pub(super) const SAMPLE_BYTES: usize = 4096;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// A PNG picture.
    Png,
    /// A JPEG picture.
    Jpeg,
    /// A WebP picture.
    Webp,
    /// A GIF picture.
    Gif,
    /// An SVG drawing, which can contain script.
    Svg,
    /// A PDF document.
    Pdf,
    /// An Excel workbook (`.xlsx`, `.xlsm`), or a zip file that begins like one.
    Xlsx,
    /// Another zip file.
    Zip,
    /// A JSON document.
    Json,
    /// Plain text in UTF-8, CSV included.
    Text,
    /// Something else.
    Unknown,
}

/// How stored files may be given to a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Serving {
    /// The `Content-Type`.
    pub content_type: &'static str,
    /// Whether a browser may show it in place; otherwise `Content-Disposition: attachment` is due.
    pub inline: bool,
    /// The `Content-Security-Policy` of the answer; `X-Content-Type-Options: nosniff` is due with all.
    pub policy: &'static str,
}

const NOTHING: &str = "default-src 'none'; sandbox";
/// An SVG may style itself; its scripts, frames and outside references stay dead.
const STYLE_ONLY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

impl Content {
    /// Recognises a file by its first bytes (4,096 are enough).
    pub fn of(start: &[u8]) -> Content {
        let start = &start[..start.len().min(SAMPLE_BYTES)];
        match start {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Content::Png,
            [0xff, 0xd8, 0xff, ..] => Content::Jpeg,
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Content::Gif,
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Content::Webp,
            [b'%', b'P', b'D', b'F', b'-', ..] => Content::Pdf,
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => zip_content(start),
            _ => text_content(start),
        }
    }

    /// Whether it is a picture made of pixels.
    pub fn is_raster_image(self) -> bool {
        matches!(self, Content::Png | Content::Jpeg | Content::Webp | Content::Gif)
    }

    /// The usual end of a file's name, with the point.
    pub fn extension(self) -> &'static str {
        match self {
            Content::Png => ".png",
            Content::Jpeg => ".jpg",
            Content::Webp => ".webp",
            Content::Gif => ".gif",
            Content::Svg => ".svg",
            Content::Pdf => ".pdf",
            Content::Xlsx => ".xlsx",
            Content::Zip => ".zip",
            Content::Json => ".json",
            Content::Text => ".txt",
            Content::Unknown => ".bin",
        }
    }

    /// How it may be given to a browser. Only pictures are shown in place. An SVG runs its scripts when it is
    /// opened as a page of its own, so its answer is put in a sandbox; in an `img` element it runs none.
    pub fn serving(self) -> Serving {
        let (content_type, inline, policy) = match self {
            Content::Png => ("image/png", true, NOTHING),
            Content::Jpeg => ("image/jpeg", true, NOTHING),
            Content::Webp => ("image/webp", true, NOTHING),
            Content::Gif => ("image/gif", true, NOTHING),
            Content::Svg => ("image/svg+xml", true, STYLE_ONLY),
            Content::Pdf => ("application/pdf", false, NOTHING),
            Content::Xlsx => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", false, NOTHING),
            Content::Zip => ("application/zip", false, NOTHING),
            Content::Json => ("application/json", false, NOTHING),
            Content::Text => ("text/plain; charset=utf-8", false, NOTHING),
            Content::Unknown => ("application/octet-stream", false, NOTHING),
        };
        Serving { content_type, inline, policy }
    }
}

impl From<&ImageInfo> for Content {
    fn from(image: &ImageInfo) -> Self {
        image.content
    }
}

/// Workbooks are zip files; the writers in use put one of these names first.
fn zip_content(start: &[u8]) -> Content {
    let name_length = start.get(26..28).map_or(0, |bytes| usize::from(u16::from_le_bytes([bytes[0], bytes[1]])));
    let name = start.get(30..30 + name_length).unwrap_or_default();
    let contains = |wanted: &[u8]| start.windows(wanted.len()).any(|window| window == wanted);
    let office = [b"[Content_Types].xml".as_slice(), b"_rels/.rels", b"docProps/app.xml"].contains(&name);
    let other_office = contains(b"word/") || contains(b"ppt/");
    if name.starts_with(b"xl/") || contains(b"xl/w") || (office && !other_office) {
        Content::Xlsx
    } else {
        Content::Zip
    }
}

fn text_content(start: &[u8]) -> Content {
    let text = match std::str::from_utf8(start) {
        Ok(text) => text,
        // The sample may end in the middle of a character.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&start[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return Content::Unknown,
    };
    let unprintable = text.chars().any(|char| char.is_control() && !matches!(char, '\n' | '\r' | '\t' | '\u{c}'));
    if text.is_empty() || unprintable {
        return Content::Unknown;
    }
    let beginning = text.trim_start_matches('\u{feff}').trim_start();
    if image::is_svg(beginning) {
        Content::Svg
    } else if beginning.starts_with(['{', '[']) {
        Content::Json
    } else {
        Content::Text
    }
}

/// Recognises what a reader gives, from its start.
pub(super) fn of_reader(mut from: impl Read) -> std::io::Result<Content> {
    let mut start = Vec::with_capacity(SAMPLE_BYTES);
    from.by_ref().take(SAMPLE_BYTES as u64).read_to_end(&mut start)?;
    Ok(Content::of(&start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_recognised_by_their_bytes() {
        for (bytes, content) in [
            (&b"\x89PNG\r\n\x1a\n...."[..], Content::Png),
            (b"\xff\xd8\xff\xe0", Content::Jpeg),
            (b"GIF89a", Content::Gif),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Content::Webp),
            (b"%PDF-1.4", Content::Pdf),
            (b"<?xml version=\"1.0\"?><!-- by hand --><svg xmlns=\"http://www.w3.org/2000/svg\"/>", Content::Svg),
            (b"\xef\xbb\xbf  <svg:svg>", Content::Svg),
            (b"<html><svg></svg></html>", Content::Text),
            (b"record_id,quantity\r\n", Content::Text),
            (b" {\"a\": 1}", Content::Json),
            (b"", Content::Unknown),
            (b"\0\0\0\x18ftypmp42", Content::Unknown),
            (b"\xff\xfea\0", Content::Unknown),
        ] {
            assert_eq!(Content::of(bytes), content, "{bytes:?}");
        }
        assert_eq!(Content::of("é".repeat(4095).as_bytes()), Content::Text);
    }

    #[test]
    fn workbooks_are_told_from_other_zip_files() {
        let zip = |name: &str, rest: &str| {
            let mut bytes = b"PK\x03\x04".to_vec();
            bytes.extend([0; 22]);
            bytes.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
            bytes.extend([0; 2]);
            bytes.extend(name.as_bytes());
            bytes.extend(rest.as_bytes());
            Content::of(&bytes)
        };
        assert_eq!(zip("[Content_Types].xml", ""), Content::Xlsx);
        assert_eq!(zip("xl/worksheets/sheet1.xml", ""), Content::Xlsx);
        assert_eq!(zip("[Content_Types].xml", "....word/document.xml"), Content::Zip);
        assert_eq!(zip("readme.txt", ""), Content::Zip);
    }

    #[test]
    fn only_pictures_are_shown_in_place_and_none_may_run_anything() {
        let all = [
            Content::Png,
            Content::Jpeg,
            Content::Webp,
            Content::Gif,
            Content::Svg,
            Content::Pdf,
            Content::Xlsx,
            Content::Zip,
            Content::Json,
            Content::Text,
            Content::Unknown,
        ];
        for content in all {
            let serving = content.serving();
            assert!(serving.policy.contains("sandbox") && serving.policy.contains("default-src 'none'"));
            assert_eq!(serving.inline, content.is_raster_image() || content == Content::Svg);
            assert!(!serving.content_type.contains("html"));
        }
    }
}
