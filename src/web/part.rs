//! Parts of pages: structs that are their own template.
//!
//! A part is filled in Rust and written in a template as `{{ part }}`; its markup is compiled once, however many pages
//! show it. It is rendered for the same reader as the page round it. [`Part`] holds any of them where a struct must be
//! able to show whatever a page brings along.
//!
//! | part | shows |
//! |---|---|
//! | [`Head`](super::parts::Head) | the heading of a page with id, status and buttons |
//! | [`Turn`](super::parts::Turn) | who has to act next, since when, what holds it up |
//! | [`Notice`](super::parts::Notice) | something to know |
//! | [`Tabs`](super::parts::Tabs) | the pages of one object |
//! | [`Facts`](super::parts::Facts) | what is known about an object |
//! | [`Figures`](super::parts::Figures) | key figures |
//! | [`Waits`](super::parts::Waits) | what waits for who looks |
//! | [`Progress`](super::parts::Progress) | how far long work is |
//! | [`Table`](super::table::Table), [`Boxed`](super::table::Boxed) | a list page; a small table within a page |
//! | [`Form`](super::form::Form), [`Field`](super::form::Field) | a form, or one of its fields |
//! | [`Dialog`](super::dialog::Dialog) | a form over the page |
//! | [`Button`](super::button::Button), [`Menu`](super::button::Menu), [`Actions`](super::button::Actions) | what can be done |
//! | [`Cell`](super::cell::Cell), [`Status`](super::status::Status) | one thing that is shown |
//! | [`Steps`](super::steps::Steps), [`Answers`](super::steps::Answers) | a wizard |
//! | [`Timeline`](super::timeline::Timeline) | what happened, with before and after |
//! | [`Chart`](super::chart::Chart), [`ChangeBar`](super::chart::ChangeBar) | numbers as a picture |
//! | [`State`](super::state::State) | nothing yet, no match, could not load, not found |
//!
//! Words (a time, an icon, a translated text) are filters: [`super::filters`]. Frames with content of the page's own
//! are macros: `templates/macros/frames.html`.

use std::fmt;
use std::sync::Arc;

use askama::{DynTemplate, FastWritable, Template, Values};

/// Declares that the named templates write markup that needs no escaping round it.
macro_rules! parts {
    ($($part:ty),+ $(,)?) => { $(impl askama::filters::HtmlSafe for $part {})+ };
}
pub(crate) use parts;

/// Any part of a page.
#[derive(Clone)]
pub struct Part(Arc<dyn DynTemplate + Send + Sync>);

impl Part {
    /// Holds a part.
    pub fn new(part: impl Template + Send + Sync + 'static) -> Self {
        Self(Arc::new(part))
    }
}

impl FastWritable for Part {
    fn write_into(&self, dest: &mut dyn fmt::Write, values: &dyn Values) -> askama::Result<()> {
        self.0.dyn_render_into_with_values(dest, values)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.dyn_render_into(f).map_err(|_| fmt::Error)
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Part")
    }
}

parts!(Part);
