//! Somebody's Markdown, shown as HTML that can do no harm.
//!
//! Raw HTML in it is dropped to what the sanitiser knows; headings move down below those of the page.

use std::fmt;

use askama::{FastWritable, Values};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::part::parts;

/// Markdown as safe HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Markdown(String);

impl Markdown {
    /// Renders a text.
    pub fn new(text: &str) -> Self {
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
        let events = Parser::new_ext(text, options).map(|event| match event {
            Event::Start(Tag::Heading { level, id, classes, attrs }) => {
                Event::Start(Tag::Heading { level: lower(level), id, classes, attrs })
            }
            Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
            other => other,
        });
        let mut out = String::new();
        html::push_html(&mut out, events);
        Self(ammonia::clean(&out))
    }
}

/// Two levels down: the page has its own first heading and those of its sections.
fn lower(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H3,
        HeadingLevel::H2 => HeadingLevel::H4,
        HeadingLevel::H3 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}

impl FastWritable for Markdown {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn Values) -> askama::Result<()> {
        Ok(dest.write_str(&self.0)?)
    }
}

impl fmt::Display for Markdown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

parts!(Markdown);

#[cfg(test)]
mod tests {
    use super::Markdown;

    #[test]
    fn marks_become_elements_and_headings_move_down() {
        let html = Markdown::new("# Terms\n\nPay **now**: [here](https://a.example).").to_string();
        assert!(html.contains("<h3>Terms</h3>") && html.contains("<strong>now</strong>"), "{html}");
        assert!(html.contains(r#"href="https://a.example""#) && html.contains("noopener"), "{html}");
    }

    #[test]
    fn nothing_in_it_can_act() {
        for text in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "<a href=\"javascript:alert(1)\">x</a>",
            "<iframe src=\"//evil.example\"></iframe>",
            "<p style=\"position:fixed\">x</p>",
            "<form action=/x><button>y</button></form>",
        ] {
            let html = Markdown::new(text).to_string();
            for bad in ["script", "onerror", "iframe", "style", "<form", "<button"] {
                assert!(!html.contains(bad), "{text} became {html}");
            }
        }
    }
}
