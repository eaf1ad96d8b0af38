//! What changed between two versions of an agreement, as a part of a page.

use askama::Template;

use super::super::model::{Comparison, GoodDocument, In, compare};
use crate::kit::Text;
use crate::web::button::Button;
use crate::web::filters;
use crate::web::part::Part;
use crate::web::parts::Notice;

/// Characters of unchanged text that are shown on each side of a change.
const AROUND: usize = 240;

/// A stretch of text as it is shown.
#[derive(Debug)]
enum Shown {
    Both(String),
    Old(String),
    New(String),
    /// Unchanged text that is left out: how many words.
    LeftOut(Text),
}

/// Added and removed words within the text around them.
#[derive(Debug, Template)]
#[template(
    ext = "html",
    source = r#"<div class="panel difference" role="group" aria-label="{{ "What changed"|t }}">{% for s in stretches %}{% match s %}{% when Shown::Both with (words) %}<span>{{ words }}</span>{% when Shown::Old with (words) %}<del><span class="visually-hidden">{{ "Removed:"|t }} </span>{{ words }}</del>{% when Shown::New with (words) %}<ins><span class="visually-hidden">{{ "Added:"|t }} </span>{{ words }}</ins>{% when Shown::LeftOut with (words) %}<em>{{ words }}</em>{% endmatch %}{% endfor %}</div>"#
)]
struct Difference {
    stretches: Vec<Shown>,
}

/// A heading between parts of a page.
#[derive(Debug, Template)]
#[template(ext = "html", source = r#"<h2 class="subhead">{{ words }}</h2>"#)]
pub(super) struct Subhead {
    /// The heading.
    pub words: Text,
}

/// Leaves out of an unchanged stretch what is far from any change.
fn near(words: String, first: bool, last: bool) -> Vec<Shown> {
    let count = words.chars().count();
    let (before, after) = (if first { 0 } else { AROUND }, if last { 0 } else { AROUND });
    if count <= before + after + AROUND {
        return vec![Shown::Both(words)];
    }
    let at = |n: usize| words.char_indices().nth(n).map_or(words.len(), |(at, _)| at);
    // Whole lines where there are some.
    let (start, end) = (at(before), at(count - after));
    let start = words[..start].rfind('\n').map_or(start, |n| n + 1);
    let end = words[end..].find('\n').map_or(end, |n| end + n);
    let left = words[start..end].split_whitespace().count();
    let text = Text::new("… {count|one word|{count} words} as before …").arg("count", left);
    [Shown::Both(words[..start].to_owned()), Shown::LeftOut(text), Shown::Both(words[end..].to_owned())]
        .into_iter()
        .filter(|s| !matches!(s, Shown::Both(words) if words.is_empty()))
        .collect()
}

/// What changed from one document to another; `older` is where the older one can be read.
pub(super) fn difference(old: &GoodDocument, new: &GoodDocument, older: &str) -> Part {
    match compare(old, new) {
        Comparison::Same => Part::new(Notice::new("The text is the same as before.")),
        Comparison::Apart => {
            let words =
                "These two cannot be compared word by word: they are not both texts. Read them beside each other.";
            Part::new(Notice::new(words).action(Button::link("Open the older version", older).icon("external-link")))
        }
        Comparison::Texts(found) => {
            let count = found.len();
            let shown = |(n, (kind, words)): (usize, (In, String))| match kind {
                In::Both => near(words, n == 0, n + 1 == count),
                In::Old => vec![Shown::Old(words)],
                In::New => vec![Shown::New(words)],
            };
            Part::new(Difference { stretches: found.into_iter().enumerate().flat_map(shown).collect() })
        }
    }
}
