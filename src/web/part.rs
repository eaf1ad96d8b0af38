//! Parts of pages: structs that are their own template.
//!
//! A part is filled in Rust and written in a template as `{{ part }}`; its markup is compiled once, however many pages
//! show it. It is rendered for the same reader as the page round it. [`Part`] holds any of them where a struct must be
//! able to show whatever a page brings along.
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
