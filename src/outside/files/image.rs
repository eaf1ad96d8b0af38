//! Pictures: what they are and how large, read from their headers without decoding them.

use std::io::{Read, Seek, SeekFrom};

use super::content::{self, Content};
use crate::kit::Text;
use crate::outside::readable_size;

/// What a picture may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageLimits {
    /// Size of the file in bytes.
    pub bytes: u64,
    /// Width and height in pixels, each.
    pub side: u32,
    /// Width times height; a browser needs four bytes for each.
    pub pixels: u64,
    /// Whether SVG drawings are welcome. They have no size in pixels, and must be served as
    /// [`Content::serving`] says.
    pub svg: bool,
}

impl Default for ImageLimits {
    /// What suits icons, logos and screenshots: 5 MB, 8,192 pixels a side, 24 million pixels, no SVG.
    fn default() -> Self {
        ImageLimits { bytes: 5 << 20, side: 8_192, pixels: 24_000_000, svg: false }
    }
}

/// A picture that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageInfo {
    /// Which format.
    pub content: Content,
    /// Width in pixels; 0 for SVG.
    pub width: u32,
    /// Height in pixels; 0 for SVG.
    pub height: u32,
}

/// Why a picture cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadImage {
    /// None of the formats that browsers show.
    NotAnImage,
    /// An SVG where none is welcome.
    Svg,
    /// More bytes than the limit.
    TooManyBytes(u64),
    /// More pixels than allowed: width, height, allowed side.
    TooLarge(u32, u32, u32),
    /// Begins like a picture but is damaged.
    Damaged,
    /// It could not be read from disk; not its sender's fault.
    Unreadable(String),
}

impl BadImage {
    /// What is wrong and what to do.
    pub fn text(&self) -> Text {
        match self {
            BadImage::NotAnImage => Text::new("The file is not a picture. Choose a PNG, JPEG, WebP or GIF file."),
            BadImage::Svg => {
                Text::new("SVG drawings can contain programs and are not accepted here. Save it as PNG and choose that.")
            }
            BadImage::TooManyBytes(limit) => {
                Text::new("The picture is larger than {limit}. Choose a smaller one, or save it with stronger compression.")
                    .arg("limit", readable_size(*limit))
            }
            BadImage::TooLarge(width, height, side) => Text::new(
                "The picture has {width} × {height} pixels, which is too large; at most {side} each way are allowed, and fewer for nearly square ones. Make it smaller.",
            )
            .arg("width", width)
            .arg("height", height)
            .arg("side", side),
            BadImage::Damaged => Text::new("The picture is damaged. Open it, save it again and choose that."),
            BadImage::Unreadable(error) => {
                Text::new("The picture cannot be read at the moment ({error}). Try again later.").arg("error", error)
            }
        }
    }
}

impl std::fmt::Display for BadImage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.text().fmt(f)
    }
}

impl std::error::Error for BadImage {}

/// Recognises a picture and reads its size, within limits.
pub fn inspect_image(mut from: impl Read + Seek, limits: &ImageLimits) -> Result<ImageInfo, BadImage> {
    let unreadable = |error: std::io::Error| BadImage::Unreadable(error.to_string());
    let bytes = from.seek(SeekFrom::End(0)).map_err(unreadable)?;
    if bytes > limits.bytes {
        return Err(BadImage::TooManyBytes(limits.bytes));
    }
    from.rewind().map_err(unreadable)?;
    let content = content::of_reader(&mut from).map_err(unreadable)?;
    from.rewind().map_err(unreadable)?;
    let size = match content {
        Content::Png => png(&mut from),
        Content::Jpeg => jpeg(&mut from),
        Content::Gif => gif(&mut from),
        Content::Webp => webp(&mut from),
        Content::Svg if limits.svg => return Ok(ImageInfo { content, width: 0, height: 0 }),
        Content::Svg => return Err(BadImage::Svg),
        _ => return Err(BadImage::NotAnImage),
    };
    let (width, height) = match size {
        Ok(Some((width, height))) if width > 0 && height > 0 => (width, height),
        Ok(_) => return Err(BadImage::Damaged),
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Err(BadImage::Damaged),
        Err(error) => return Err(unreadable(error)),
    };
    if width > limits.side || height > limits.side || u64::from(width) * u64::from(height) > limits.pixels {
        return Err(BadImage::TooLarge(width, height, limits.side));
    }
    Ok(ImageInfo { content, width, height })
}

type Size = std::io::Result<Option<(u32, u32)>>;

fn take<const N: usize>(from: &mut impl Read) -> std::io::Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn be32(bytes: &[u8; 24], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// Signature (8), then the first chunk: length (4), `IHDR`, width, height.
fn png(from: &mut impl Read) -> Size {
    let start: [u8; 24] = take(from)?;
    Ok((&start[12..16] == b"IHDR").then(|| (be32(&start, 16), be32(&start, 20))))
}

/// Signature (6), width and height of the canvas, little end first.
fn gif(from: &mut impl Read) -> Size {
    let start: [u8; 10] = take(from)?;
    let le16 = |at: usize| u32::from(u16::from_le_bytes([start[at], start[at + 1]]));
    Ok(Some((le16(6), le16(8))))
}

/// A chain of segments; the one that starts the frame has the size.
fn jpeg(from: &mut (impl Read + Seek)) -> Size {
    from.seek(SeekFrom::Start(2))?;
    // A real file has a dozen; the bound keeps a crafted one from being read for long.
    for _ in 0..1_000 {
        let [mark, mut kind] = take::<2>(from)?;
        if mark != 0xff {
            return Ok(None);
        }
        // Any number of fill bytes may stand before the kind of a segment.
        for _ in 0..1_000 {
            if kind != 0xff {
                break;
            }
            [kind] = take::<1>(from)?;
        }
        match kind {
            // Segments without content.
            0x01 | 0xd0..=0xd8 => continue,
            // The end, or the picture's data before any frame.
            0xd9 | 0xda | 0x00 | 0xff => return Ok(None),
            // Starts of frames; among them are three other tables.
            0xc0..=0xcf if !matches!(kind, 0xc4 | 0xc8 | 0xcc) => {
                let [_, _, _, h1, h2, w1, w2] = take::<7>(from)?;
                return Ok(Some((u32::from(u16::from_be_bytes([w1, w2])), u32::from(u16::from_be_bytes([h1, h2])))));
            }
            _ => {
                let length = i64::from(u16::from_be_bytes(take::<2>(from)?));
                if length < 2 {
                    return Ok(None);
                }
                from.seek_relative(length - 2)?;
            }
        }
    }
    Ok(None)
}

/// A RIFF container (12), then a chunk of one of three kinds with the size at its own place in each.
fn webp(from: &mut impl Read) -> Size {
    let start: [u8; 30] = take(from)?;
    let le16 = |at: usize| u32::from(u16::from_le_bytes([start[at], start[at + 1]]));
    let le24 = |at: usize| le16(at) | u32::from(start[at + 2]) << 16;
    Ok(match &start[12..16] {
        b"VP8 " if start[23..26] == [0x9d, 0x01, 0x2a] => Some((le16(26) & 0x3fff, le16(28) & 0x3fff)),
        b"VP8L" if start[20] == 0x2f => {
            let bits = le24(21) | u32::from(start[24]) << 24;
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        b"VP8X" => Some((le24(24) + 1, le24(27) + 1)),
        _ => None,
    })
}

/// Whether an XML text begins with an `svg` element, after declarations and comments.
pub(super) fn is_svg(beginning: &str) -> bool {
    let mut rest = beginning;
    loop {
        rest = rest.trim_start();
        let end = if rest.starts_with("<!--") {
            rest.find("-->").map(|at| at + 3)
        } else if rest.starts_with("<?") {
            rest.find("?>").map(|at| at + 2)
        } else if rest.starts_with("<!") {
            // A document type can have a list in brackets, with elements of its own.
            let close = rest.find('>');
            let bracket = rest.find('[').filter(|at| close.is_some_and(|close| *at < close));
            match bracket {
                Some(_) => rest.find("]>").map(|at| at + 2).or_else(|| rest.find("] >").map(|at| at + 3)),
                None => close.map(|at| at + 1),
            }
        } else {
            break;
        };
        match end {
            Some(end) => rest = &rest[end..],
            None => return false,
        }
    }
    let Some(rest) = rest.strip_prefix('<') else { return false };
    let name: &str = rest.split(|char: char| char.is_whitespace() || matches!(char, '>' | '/')).next().unwrap_or("");
    name.rsplit(':').next() == Some("svg")
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn inspect(bytes: &[u8]) -> Result<(Content, u32, u32), BadImage> {
        let info = inspect_image(Cursor::new(bytes), &ImageLimits::default())?;
        Ok((info.content, info.width, info.height))
    }

    fn png_of(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes
    }

    #[test]
    fn sizes_are_read_from_headers() {
        assert_eq!(inspect(&png_of(640, 480)), Ok((Content::Png, 640, 480)));
        assert_eq!(inspect(b"GIF89a\x80\x02\xe0\x01\0"), Ok((Content::Gif, 640, 480)));
        let jpeg = [
            &b"\xff\xd8\xff\xe1\x00\x08Exif\0\0"[..],
            b"\xff\xff\xff\xdb\x00\x03\x00",
            b"\xff\xc2\x00\x11\x08\x01\xe0\x02\x80\x03",
        ]
        .concat();
        assert_eq!(inspect(&jpeg), Ok((Content::Jpeg, 640, 480)));
        let lossy = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x80\x02\xe0\x01";
        assert_eq!(inspect(lossy), Ok((Content::Webp, 640, 480)));
        let bits: u32 = 639 | 479 << 14;
        let mut lossless = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f".to_vec();
        lossless.extend(bits.to_le_bytes());
        lossless.extend([0; 8]);
        assert_eq!(inspect(&lossless), Ok((Content::Webp, 640, 480)));
        let extended = b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x7f\x02\0\xdf\x01\0";
        assert_eq!(inspect(extended), Ok((Content::Webp, 640, 480)));
    }

    #[test]
    fn what_cannot_be_used_says_why() {
        assert_eq!(inspect(&png_of(10_000, 2)), Err(BadImage::TooLarge(10_000, 2, 8_192)));
        assert_eq!(inspect(&png_of(8_000, 8_000)), Err(BadImage::TooLarge(8_000, 8_000, 8_192)));
        assert_eq!(inspect(&png_of(0, 5)), Err(BadImage::Damaged));
        assert_eq!(inspect(&png_of(5, 5)[..20]), Err(BadImage::Damaged));
        assert_eq!(inspect(b"\xff\xd8\xff\xda\0\0"), Err(BadImage::Damaged));
        assert_eq!(inspect(b"\xff\xd8\xff\xe0\0\0\0\0"), Err(BadImage::Damaged));
        assert_eq!(inspect(b"%PDF-1.7"), Err(BadImage::NotAnImage));
        assert_eq!(inspect(b"<svg onload=\"alert(1)\"/>"), Err(BadImage::Svg));
        assert_eq!(inspect(&vec![0; (5 << 20) + 1]), Err(BadImage::TooManyBytes(5 << 20)));
        let limits = ImageLimits { svg: true, ..ImageLimits::default() };
        assert!(inspect_image(Cursor::new(b"<svg/>"), &limits).is_ok());
    }

    #[test]
    fn svg_is_recognised_behind_its_preamble() {
        for text in [
            "<svg>",
            "<?xml version='1.0'?>\n<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"x\"><svg",
            "<!DOCTYPE svg [<!ENTITY a \"<b>\">]><!-- x --> <x:svg/>",
        ] {
            assert!(is_svg(text), "{text}");
        }
        for text in ["", "<", "<svgs>", "<html><svg>", "<!-- <svg>", "svg"] {
            assert!(!is_svg(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_inspected_without_panic(
            start in proptest::sample::select(vec![
                &b"\x89PNG\r\n\x1a\n"[..], b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8 ", b"RIFF\0\0\0\0WEBPVP8L", b"RIFF\0\0\0\0WEBPVP8X", b"<!", b""
            ]),
            rest in proptest::collection::vec(any::<u8>(), 0..80)
        ) {
            let _ = inspect(&[start, &rest].concat());
        }
    }
}
