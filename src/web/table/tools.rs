//! What stands above and below the rows of a list: search, filters, chips, columns, bulk actions.

use super::Choice;
use crate::kit::text::Text;
use crate::web::cell::Cell;

/// Where a small form leads, and what it carries unseen.
#[derive(Clone, Debug, Default)]
pub struct ToolForm {
    /// The address.
    pub action: String,
    /// The fields that keep the rest of the list's state.
    pub hidden: Vec<(String, String)>,
}

impl ToolForm {
    /// A form.
    pub fn new(action: impl Into<String>) -> Self {
        Self { action: action.into(), hidden: Vec::new() }
    }

    /// One more hidden field.
    #[must_use]
    pub fn hidden(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.hidden.push((name.into(), value.into()));
        self
    }
}

/// Search in the list.
#[derive(Clone, Debug)]
pub struct Search {
    /// Where it leads.
    pub form: ToolForm,
    /// The name of its field.
    pub name: String,
    /// What is searched for now.
    pub value: String,
    /// What can be searched for: `Id, customer, external id`.
    pub hint: Text,
}

/// Something the list can be filtered by.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Its name, unique in the list.
    pub key: String,
    /// Its label.
    pub label: Text,
    /// Where its form leads.
    pub form: ToolForm,
    /// What is filled in.
    pub control: FilterControl,
}

/// How a filter is filled in.
#[derive(Clone, Debug)]
pub enum FilterControl {
    /// One or several of a few values.
    Choices {
        /// The name of the field.
        name: String,
        /// The values; several may be selected.
        choices: Vec<Choice>,
    },
    /// Words.
    Words {
        /// The name of the field.
        name: String,
        /// The value now.
        value: String,
        /// What it is compared with: `Begins with`.
        hint: Text,
    },
    /// A range of days.
    Days {
        /// The name of the first day's field, and its value as `2026-11-20`.
        from: (String, String),
        /// The name of the last day's field, and its value.
        to: (String, String),
    },
}

/// A filter that is set.
#[derive(Clone, Debug)]
pub struct Chip {
    /// What is filtered by.
    pub label: Text,
    /// To what.
    pub value: Cell,
    /// The list without it.
    pub remove: String,
}

impl Chip {
    /// A chip.
    pub fn new(label: impl Into<Text>, value: impl Into<Cell>, remove: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), remove: remove.into() }
    }
}

/// The choice of columns.
#[derive(Clone, Debug)]
pub struct Columns {
    /// Where it leads.
    pub form: ToolForm,
    /// The name of the check boxes.
    pub name: String,
    /// All columns there are, in their order.
    pub columns: Vec<ColumnChoice>,
}

/// One column of the choice.
#[derive(Clone, Debug)]
pub struct ColumnChoice {
    /// Its name in the address.
    pub key: String,
    /// Its head.
    pub label: Text,
    /// True if it is shown now.
    pub shown: bool,
}

/// What can be done with picked rows. The form carries `pick` for each row, and `action`.
#[derive(Clone, Debug)]
pub struct BulkAction {
    /// The value of `action`.
    pub value: String,
    /// The verb.
    pub label: Text,
    /// Its icon.
    pub icon: &'static str,
}

impl BulkAction {
    /// An action.
    pub fn new(value: impl Into<String>, label: impl Into<Text>, icon: &'static str) -> Self {
        Self { value: value.into(), label: label.into(), icon }
    }
}
