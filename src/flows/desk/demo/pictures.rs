//! Pictures of the demo's products and companies, drawn here: a tile in a colour of its own with bars or a mark on it.

use std::io::Write;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

/// A colour: red, green, blue.
pub(super) type Colour = [u8; 3];

/// A PNG picture of `width` by `height` pixels: bars of the given heights in per cent, white on `colour`.
pub(super) fn bars(width: u32, height: u32, colour: Colour, heights: &[u32]) -> std::io::Result<Vec<u8>> {
    let slots = u32::try_from(heights.len()).unwrap_or(1) * 2 + 1;
    paint(width, height, colour, |x, y| {
        let slot = x * slots / width;
        let bar = (slot % 2 == 1).then(|| heights.get(slot as usize / 2)).flatten();
        bar.is_some_and(|percent| {
            let top = height - height * percent.min(&90) / 100;
            y >= top.min(height) && y < height - height / 10
        })
    })
}

/// The mark on a company's logo.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mark {
    Gate,
    Waves,
    Diamond,
    Ring,
    Peak,
    Valley,
}

/// A company's logo: a square PNG picture with a white mark on `colour`.
pub(super) fn logo(size: u32, colour: Colour, mark: Mark) -> std::io::Result<Vec<u8>> {
    let edge = i64::from(size);
    paint(size, size, colour, |x, y| {
        // From the middle, in thousandths of the half edge.
        let of = |n: u32| (2 * i64::from(n) - edge) * 1_000 / edge;
        let (x, y) = (of(x), of(y));
        match mark {
            Mark::Gate => y.abs() < 600 && (x.abs() > 330 || y < -250) && x.abs() < 620,
            Mark::Waves => x.abs() < 650 && (y + 600).rem_euclid(400) < 180 && y.abs() < 600,
            Mark::Diamond => x.abs() + y.abs() < 700 && x.abs() + y.abs() > 300,
            Mark::Ring => (160_000..450_000).contains(&(x * x + y * y)),
            Mark::Peak => y < 550 && 2 * x.abs() < y + 650 && !(y > 100 && 2 * x.abs() < y - 100),
            Mark::Valley => y > -550 && 2 * x.abs() < 650 - y && !(y < -100 && 2 * x.abs() < -y - 100),
        }
    })
}

/// A PNG picture: white where `inside` says so, on `colour`, which grows a little darker from the top to the bottom.
fn paint(width: u32, height: u32, colour: Colour, inside: impl Fn(u32, u32) -> bool) -> std::io::Result<Vec<u8>> {
    let mut pixels = ZlibEncoder::new(Vec::new(), Compression::fast());
    let mut line = Vec::with_capacity(width as usize * 3 + 1);
    for y in 0..height {
        line.clear();
        // Each line says first how it is filtered: not at all.
        line.push(0);
        let shade = colour.map(|c| u8::try_from(u32::from(c) * (height * 4 - y) / (height * 4)).unwrap_or(c));
        for x in 0..width {
            line.extend_from_slice(if inside(x, y) { &[255, 255, 255] } else { &shade });
        }
        pixels.write_all(&line)?;
    }
    let mut header = Vec::from(width.to_be_bytes());
    header.extend_from_slice(&height.to_be_bytes());
    // Eight bits for each of red, green and blue; the usual compression, filters and order.
    header.extend_from_slice(&[8, 2, 0, 0, 0]);
    let mut png = vec![0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n'];
    chunk(&mut png, *b"IHDR", &header);
    chunk(&mut png, *b"IDAT", &pixels.finish()?);
    chunk(&mut png, *b"IEND", &[]);
    Ok(png)
}

fn chunk(png: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    png.extend_from_slice(&u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    let mut sum = Crc::new();
    for part in [&name[..], data] {
        png.extend_from_slice(part);
        sum.update(part);
    }
    png.extend_from_slice(&sum.sum().to_be_bytes());
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::Mark;
    use crate::outside::files::{ImageLimits, inspect_image};

    #[test]
    fn what_is_drawn_is_a_picture() {
        let png = super::bars(64, 48, [47, 91, 208], &[30, 60, 90]).unwrap();
        let seen = inspect_image(Cursor::new(png), &ImageLimits::default()).unwrap();
        assert_eq!((seen.width, seen.height), (64, 48));
        for mark in [Mark::Gate, Mark::Waves, Mark::Diamond, Mark::Ring, Mark::Peak, Mark::Valley] {
            let png = super::logo(128, [47, 91, 208], mark).unwrap();
            let seen = inspect_image(Cursor::new(png), &ImageLimits::default()).unwrap();
            assert_eq!((seen.width, seen.height), (128, 128));
        }
    }
}
