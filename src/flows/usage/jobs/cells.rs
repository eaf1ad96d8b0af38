//! Cells of a sheet as the rules of rows read them.

use std::borrow::Cow;

use crate::flows::usage::model::{Raw, Source};
use crate::outside::sheets::{Cell, Row};

/// A row of a workbook.
pub(super) struct Cells<'a>(pub &'a Row);

impl Source for Cells<'_> {
    fn cell(&self, place: u32) -> Raw<'_> {
        match self.0.cell(place) {
            Cell::Empty => Raw::Empty,
            Cell::Text(text) => match text.trim() {
                "" => Raw::Empty,
                text => Raw::Text(Cow::Borrowed(text)),
            },
            Cell::Number(digits) => Raw::Number(digits),
            Cell::Bool(value) => Raw::Text(Cow::Borrowed(if *value { "TRUE" } else { "FALSE" })),
            Cell::DateTime(at) => Raw::Moment(*at),
            Cell::Bad(why) => Raw::Bad(why.text()),
        }
    }

    fn number(&self) -> u32 {
        self.0.number()
    }
}
