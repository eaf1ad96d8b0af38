//! A dialog: a short form over the page. It is opened by a [`super::button::Button::dialog`], which without script leads
//! to a page with the same form.
//!
//! ```
//! use causeway::web::dialog::Dialog;
//! use causeway::web::form::{Field, Form};
//! let form = Form::post("/VA-1/requests/PR-1/reject", "Reject").field(Field::area("reason", "Reason"));
//! let dialog = Dialog::new("reject", "Reject the request", form);
//! ```

use askama::Template;

use super::button::Button;
use super::form::Form;
use super::part::parts;
use crate::kit::text::Text;
use crate::web::filters;

/// A dialog with a form.
#[derive(Clone, Debug, Template)]
#[template(path = "web/dialog.html")]
pub struct Dialog {
    /// Its id in the page.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// What will happen.
    pub text: Option<Text>,
    /// Its form; a button to cancel is added.
    pub form: Form,
}

impl Dialog {
    /// A dialog.
    pub fn new(id: impl Into<String>, title: impl Into<Text>, mut form: Form) -> Self {
        for button in &mut form.buttons {
            button.large = false;
        }
        Self { id: id.into(), title: title.into(), text: None, form }
    }

    /// What will happen.
    #[must_use]
    pub fn text(mut self, text: impl Into<Text>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// The buttons as a dialog has them: what is done stands last.
    fn buttons(&self) -> impl Iterator<Item = &Button> {
        self.form.buttons.iter().rev()
    }
}

parts!(Dialog);
