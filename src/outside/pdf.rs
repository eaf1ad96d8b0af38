//! PDF files that the program writes: pages of headings, paragraphs and facts, tagged, so that screen readers read them in
//! order, and in a typeface that goes with the file. Letters that the typeface lacks are shown as U+FFFD.

#![expect(clippy::float_arithmetic, reason = "places on a page are fractions of points")]

use std::borrow::Cow;
use std::num::NonZeroU16;

use krilla::color::luma;
use krilla::configure::{Configuration, Validator};
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{ContentTag, Identifier, SpanTag, TableHeaderScope, Tag, TagGroup, TagTree};
use krilla::text::{Font, TextDirection};
use krilla::{Document, SerializeSettings};
use ttf_parser::Face;

use crate::kit::Time;

/// A4 in points.
const PAGE: (f32, f32) = (595.0, 842.0);
const MARGIN: f32 = 56.0;
/// Where the values of facts begin, from the margin.
const VALUES: f32 = 150.0;
const BODY: f32 = 9.5;
/// Lines are this much higher than their letters.
const LEADING: f32 = 1.45;
/// Gray of labels, on white: a contrast of more than 7.
const GRAY: u8 = 0x55;

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the PDF file could not be written: {0}")]
pub struct PdfError(String);

/// The typefaces that files are written in, as TrueType files.
pub struct Typefaces {
    /// For text.
    pub plain: Cow<'static, [u8]>,
    /// For headings.
    pub bold: Cow<'static, [u8]>,
}

/// What stands on the pages, in reading order.
#[derive(Debug)]
enum Block {
    Heading(u16, String),
    Paragraph(String),
    Facts(Vec<(String, String)>),
    /// A square of dark and light modules, row by row, and what it says.
    Square(Vec<Vec<bool>>, String),
}

/// A file in the making.
#[derive(Debug)]
pub struct Pdf {
    title: String,
    at: Time,
    blocks: Vec<Block>,
}

/// Something at its place on a page.
enum Drawn {
    Text { x: f32, y: f32, size: f32, bold: bool, gray: bool, words: String },
    Square { x: f32, y: f32, side: f32, rows: Vec<Vec<bool>> },
}

/// Where something is in the order of reading: which block, and in facts which row and whether it is the value.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Role {
    block: usize,
    row: usize,
    value: bool,
}

/// Whether a character is not seen but changes in which direction its neighbours are: words could be made to read otherwise.
fn turns(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

struct Typeface<'a> {
    face: Face<'a>,
    font: Font,
}

impl<'a> Typeface<'a> {
    fn new(data: &'a [u8]) -> Result<Self, PdfError> {
        let face = Face::parse(data, 0).map_err(|e| PdfError(e.to_string()))?;
        let font = Font::new(data.to_vec().into(), 0).ok_or_else(|| PdfError("the typeface cannot be read".into()))?;
        Ok(Self { face, font })
    }

    /// The words with letters that there are.
    fn plain(&self, words: &str) -> String {
        let known = |c: char| self.face.glyph_index(c).is_some();
        words
            .chars()
            .map(|c| match c {
                c if c.is_whitespace() => ' ',
                c if c.is_control() || turns(c) || !known(c) => '\u{fffd}',
                c => c,
            })
            .collect()
    }

    fn width(&self, words: &str, size: f32) -> f32 {
        let advance = |c: char| self.face.glyph_index(c).and_then(|g| self.face.glyph_hor_advance(g)).unwrap_or(0);
        let units: f32 = words.chars().map(|c| f32::from(advance(c))).sum();
        units * size / f32::from(self.face.units_per_em())
    }

    /// The words in lines of at most this width. A word that is longer is broken anywhere.
    fn lines(&self, words: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines = vec![];
        let mut line = String::new();
        for word in self.plain(words).split(' ').filter(|w| !w.is_empty()) {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if self.width(&longer, size) <= width {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for c in word.chars() {
                line.push(c);
                if self.width(&line, size) > width && line.chars().count() > 1 {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, c.to_string()));
                }
            }
        }
        if !line.is_empty() || lines.is_empty() {
            lines.push(line);
        }
        lines
    }
}

/// Puts blocks onto pages.
struct Setter<'a> {
    plain: Typeface<'a>,
    bold: Typeface<'a>,
    pages: Vec<Vec<(Role, Drawn)>>,
    y: f32,
}

impl Setter<'_> {
    /// Room for something of this height, on the next page if this one has none.
    fn room(&mut self, height: f32) {
        if self.y + height > PAGE.1 - MARGIN {
            self.pages.push(vec![]);
            self.y = MARGIN;
        }
    }

    fn draw(&mut self, role: Role, drawn: Drawn) {
        if let Some(page) = self.pages.last_mut() {
            page.push((role, drawn));
        }
    }

    fn line(&mut self, role: Role, x: f32, (size, bold, gray): (f32, bool, bool), words: String) {
        let y = self.y + size;
        self.draw(role, Drawn::Text { x, y, size, bold, gray, words });
    }

    fn set(&mut self, block: usize, what: &Block) {
        let role = Role { block, row: 0, value: false };
        let width = PAGE.0 - 2.0 * MARGIN;
        match what {
            Block::Heading(level, words) => {
                let size = if *level == 1 { 19.0 } else { 12.0 };
                self.y += if *level == 1 { 0.0 } else { 14.0 };
                for words in self.bold.lines(words, size, width) {
                    self.room(size * LEADING * 2.0);
                    self.line(role, MARGIN, (size, true, false), words);
                    self.y += size * LEADING;
                }
                self.y += 4.0;
            }
            Block::Paragraph(words) => {
                for words in self.plain.lines(words, BODY, width) {
                    self.room(BODY * LEADING);
                    self.line(role, MARGIN, (BODY, false, false), words);
                    self.y += BODY * LEADING;
                }
                self.y += 6.0;
            }
            Block::Facts(facts) => {
                for (row, (label, value)) in facts.iter().enumerate() {
                    let role = Role { row, ..role };
                    let labels = self.plain.lines(label, BODY, VALUES - 12.0);
                    let values = self.plain.lines(value, BODY, width - VALUES);
                    let count = labels.len().max(values.len());
                    self.room(BODY * LEADING * count.min(4) as f32);
                    let (mut labels, mut values) = (labels.into_iter(), values.into_iter());
                    for _ in 0..count {
                        self.room(BODY * LEADING);
                        if let Some(words) = labels.next() {
                            self.line(role, MARGIN, (BODY, false, true), words);
                        }
                        if let Some(words) = values.next() {
                            let role = Role { value: true, ..role };
                            self.line(role, MARGIN + VALUES, (BODY, false, false), words);
                        }
                        self.y += BODY * LEADING;
                    }
                    self.y += 3.0;
                }
            }
            Block::Square(rows, _) => {
                let side = 104.0;
                self.room(side + 8.0);
                let y = self.y + 4.0;
                self.draw(role, Drawn::Square { x: MARGIN, y, side, rows: rows.clone() });
                self.y += side + 12.0;
            }
        }
    }
}

impl Pdf {
    /// An empty file with its title, made at a moment.
    pub fn new(title: impl Into<String>, at: Time) -> Self {
        Self { title: title.into(), at, blocks: vec![] }
    }

    /// A heading: 1 for the title, 2 for sections.
    #[must_use]
    pub fn heading(mut self, level: u16, words: impl Into<String>) -> Self {
        self.blocks.push(Block::Heading(level, words.into()));
        self
    }

    /// A paragraph.
    #[must_use]
    pub fn paragraph(mut self, words: impl Into<String>) -> Self {
        self.blocks.push(Block::Paragraph(words.into()));
        self
    }

    /// Labels with their values, one below the other.
    #[must_use]
    pub fn facts(mut self, facts: Vec<(String, String)>) -> Self {
        self.blocks.push(Block::Facts(facts));
        self
    }

    /// A square of dark and light modules, and the words that it stands for.
    #[must_use]
    pub fn square(mut self, rows: Vec<Vec<bool>>, words: impl Into<String>) -> Self {
        self.blocks.push(Block::Square(rows, words.into()));
        self
    }

    /// The bytes of the file. The same blocks give the same bytes.
    ///
    /// # Errors
    /// A typeface cannot be read, or the library refuses.
    pub fn write(self, faces: &Typefaces) -> Result<Vec<u8>, PdfError> {
        let (plain, bold) = (Typeface::new(&faces.plain)?, Typeface::new(&faces.bold)?);
        let mut setter = Setter { plain, bold, pages: vec![vec![]], y: MARGIN };
        for (number, block) in self.blocks.iter().enumerate() {
            setter.set(number, block);
        }
        let mut document = Document::new_with(SerializeSettings {
            configuration: Configuration::new_with_validator(Validator::UA1),
            ..SerializeSettings::default()
        });
        let mut leaves: Vec<(Role, Identifier)> = vec![];
        let settings = PageSettings::from_wh(PAGE.0, PAGE.1).ok_or_else(|| PdfError("the page has no size".into()))?;
        let pages = std::mem::take(&mut setter.pages);
        for drawn in pages {
            let mut page = document.start_page_with(settings.clone());
            let mut surface = page.surface();
            for (role, drawn) in drawn {
                leaves.push((role, draw(&mut surface, &setter, drawn)));
            }
            surface.finish();
            page.finish();
        }
        document.set_metadata(self.metadata());
        document.set_outline(krilla::outline::Outline::new());
        document.set_tag_tree(self.tree(&leaves));
        document.finish().map_err(|e| PdfError(format!("{e:?}")))
    }

    fn metadata(&self) -> Metadata {
        let at = self.at.civil();
        let part = |n: i8| u8::try_from(n).unwrap_or_default();
        let made = DateTime::new(u16::try_from(at.year()).unwrap_or_default())
            .month(part(at.month()))
            .day(part(at.day()))
            .hour(part(at.hour()))
            .minute(part(at.minute()))
            .second(part(at.second()))
            .utc_offset_hour(0)
            .utc_offset_minute(0);
        Metadata::new()
            .title(self.title.clone())
            .language("en".to_owned())
            .creator("Causeway".to_owned())
            .creation_date(made)
    }

    /// What screen readers read.
    fn tree(&self, leaves: &[(Role, Identifier)]) -> TagTree {
        let mut tree = TagTree::new();
        for (number, block) in self.blocks.iter().enumerate() {
            let of = |row: usize, value: bool| {
                let role = Role { block: number, row, value };
                leaves.iter().filter(move |(r, _)| *r == role).map(|(_, leaf)| *leaf)
            };
            let group = |tag: TagGroup, row: usize, value: bool| {
                of(row, value).fold(tag, |mut tag, leaf| {
                    tag.push(leaf);
                    tag
                })
            };
            match block {
                Block::Heading(level, words) => {
                    let level = NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN);
                    tree.push(group(TagGroup::new(Tag::Hn(level, Some(words.clone()))), 0, false));
                }
                Block::Paragraph(_) => tree.push(group(TagGroup::new(Tag::P), 0, false)),
                Block::Square(_, words) => {
                    tree.push(group(TagGroup::new(Tag::Figure(Some(words.clone()))), 0, false));
                }
                Block::Facts(facts) => {
                    let mut table = TagGroup::new(Tag::Table);
                    for row in 0..facts.len() {
                        let mut line = TagGroup::new(Tag::TR);
                        line.push(group(TagGroup::new(Tag::TH(TableHeaderScope::Row)), row, false));
                        line.push(group(TagGroup::new(Tag::TD), row, true));
                        table.push(line);
                    }
                    tree.push(table);
                }
            }
        }
        tree
    }
}

fn draw(surface: &mut Surface<'_>, setter: &Setter<'_>, drawn: Drawn) -> Identifier {
    match drawn {
        Drawn::Text { x, y, size, bold, gray, words } => {
            let leaf = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
            let ink = if gray { luma::Color::new(GRAY) } else { luma::Color::black() };
            surface.set_fill(Some(Fill { paint: ink.into(), ..Fill::default() }));
            let font = if bold { &setter.bold.font } else { &setter.plain.font };
            surface.draw_text(Point::from_xy(x, y), font.clone(), size, &words, false, TextDirection::Auto);
            surface.end_tagged();
            leaf
        }
        Drawn::Square { x, y, side, rows } => {
            let leaf = surface.start_tagged(ContentTag::Other);
            surface.set_fill(Some(Fill::default()));
            let module = side / rows.len().max(1) as f32;
            let mut path = PathBuilder::new();
            for (row, modules) in rows.iter().enumerate() {
                for (column, _) in modules.iter().enumerate().filter(|(_, dark)| **dark) {
                    let (left, top) = (x + column as f32 * module, y + row as f32 * module);
                    if let Some(square) = Rect::from_xywh(left, top, module, module) {
                        path.push_rect(square);
                    }
                }
            }
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
            surface.end_tagged();
            leaf
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Pdf, Typefaces};
    use crate::kit::Time;

    fn faces() -> Typefaces {
        let read = |name: &str| std::fs::read(format!("static/vendor/{name}.ttf")).expect("a typeface").into();
        Typefaces { plain: read("dejavu-sans"), bold: read("dejavu-sans-bold") }
    }

    fn sample(words: &str) -> Pdf {
        Pdf::new("A certificate", Time(1_795_000_000_000_000))
            .heading(1, "A certificate")
            .paragraph(words)
            .facts(vec![("Name".into(), words.to_owned()), ("SHA-256".into(), "0123456789abcdef".repeat(4))])
            .square(vec![vec![true, false], vec![false, true]], "a square")
    }

    #[test]
    fn any_words_become_a_file_and_the_same_words_the_same() {
        let long = "word ".repeat(3_000);
        for words in
            ["", "Plain", "株式会社 Łódź Ωμέγα", "\u{202e}evil\u{202c} \u{0}\u{7}\n\t", "🦀", "مرحبا", long.as_str()]
        {
            let file = sample(words).write(&faces()).unwrap_or_else(|e| panic!("{words:?}: {e}"));
            assert!(file.starts_with(b"%PDF-1.7"), "{words:?}");
            assert!(file.windows(5).rev().take(40).any(|w| w == b"%%EOF"), "{words:?}");
            assert_eq!(file, sample(words).write(&faces()).unwrap(), "{words:?}");
        }
    }
}
