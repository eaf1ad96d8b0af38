//! What a product still needs before a version can be saved.

use askama::Template;

use super::super::model::Need;
use crate::kit::Text;
use crate::web::filters;

/// One thing, whether it is there, and where it is put right.
#[derive(Debug)]
struct Point {
    met: bool,
    title: Text,
    href: String,
}

/// The list of what a version needs.
#[derive(Debug, Template)]
#[template(path = "products/checklist.html")]
pub(super) struct Checklist {
    points: Vec<Point>,
}

impl Checklist {
    /// The needs of the product whose page is at `here`.
    pub(super) fn new(needs: &[(Need, bool)], here: &str) -> Self {
        let point = |(need, met): &(Need, bool)| {
            let path = match need {
                Need::Category => "edit",
                Need::Picture => "media",
                Need::Item => "items",
            };
            Point { met: *met, title: Text::new(need.title()), href: format!("{here}/{path}") }
        };
        Self { points: needs.iter().map(point).collect() }
    }
}
