//! Forms: fields with label, hint and error; what was typed is kept; errors are beside the field and in a summary.
//!
//! A form is described once, filled with what is stored or with what was typed, told what was wrong, and written as
//! `{{ form }}`; or field by field as `{{ form.named("email")? }}` within the macro `form` of `macros/frames.html`.
//!
//! ```
//! use std::collections::HashMap;
//! use causeway::kit::text::Text;
//! use causeway::web::form::{Choice, Field, Form};
//!
//! let mut form = Form::post("/VA-1/products", "Create the product")
//!     .idempotency_key("7c9e…")
//!     .field(Field::text("name", "Name").hint("As customers will see it."))
//!     .field(Field::email("contact", "Contact").optional())
//!     .field(Field::select("category", "Category", vec![Choice::new("CAT-1", Text::data("Backup"))]))
//!     .cancel("/VA-1/products");
//! form.fill(&HashMap::from([("name".to_owned(), "Halden".to_owned())]));
//! form.errors(&[("contact", Text::new("Enter an address with an @."))]);
//! assert!(form.is_wrong());
//! ```
//!
//! A page with a wrong form answers 422 and sets `page.wrong`, so that its title begins with "Error:".

mod field;

use std::collections::HashMap;

use askama::Template;

pub use field::{Choice, Control, Field, Line, Width};

use super::button::Button;
use super::part::parts;
use crate::kit::text::Text;
use crate::web::filters;

/// The name of the hidden field with the idempotency key.
pub const IDEMPOTENCY_KEY: &str = "idempotency_key";
/// The name of the hidden field with the revision of the object.
pub const REVISION: &str = "revision";
/// The name of the field of a form that asks what would come of it.
pub const PREVIEW: &str = "preview";

/// Something wrong with what was typed.
#[derive(Clone, Debug)]
pub struct Wrong {
    /// The id of the control to go to; none if it concerns the whole form.
    pub id: Option<String>,
    /// The label of the field.
    pub label: Option<Text>,
    /// What is wrong and what to do.
    pub error: Text,
}

/// A form.
#[derive(Clone, Debug, Template)]
#[template(path = "web/form.html")]
pub struct Form {
    /// Where it posts.
    pub action: String,
    /// True if it is sent by GET: a search, which changes nothing.
    pub get: bool,
    /// Hidden fields.
    pub hidden: Vec<(String, String)>,
    /// Its fields.
    pub fields: Vec<Field>,
    /// What is wrong, in the order of the fields.
    pub wrong: Vec<Wrong>,
    /// Its buttons, the one that sends it first.
    pub buttons: Vec<Button>,
    /// Said at its end: `Draft saved at 15:32`.
    pub saved: Option<Text>,
    /// The id of a part of the page that shows what would come of it, and follows what is typed.
    pub preview: Option<&'static str>,
}

impl Form {
    /// A form that posts, with the words on its button.
    pub fn post(action: impl Into<String>, submit: impl Into<Text>) -> Self {
        Self {
            action: action.into(),
            get: false,
            hidden: Vec::new(),
            fields: Vec::new(),
            wrong: Vec::new(),
            buttons: vec![Button::submit(submit).primary().large()],
            saved: None,
            preview: None,
        }
    }

    /// A form that asks: its fields end up in the address.
    pub fn get(action: impl Into<String>, submit: impl Into<Text>) -> Self {
        Self { get: true, ..Self::post(action, submit) }
    }

    /// One more field.
    #[must_use]
    pub fn field(mut self, field: Field) -> Self {
        self.fields.push(field);
        self
    }

    /// A hidden field.
    #[must_use]
    pub fn hidden(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.hidden.push((name.into(), value.to_string()));
        self
    }

    /// Sending it twice does it once.
    #[must_use]
    pub fn idempotency_key(self, key: impl ToString) -> Self {
        self.hidden(IDEMPOTENCY_KEY, key)
    }

    /// The revision the form was made from; a stale one is told what changed meanwhile.
    #[must_use]
    pub fn revision(self, revision: impl ToString) -> Self {
        self.hidden(REVISION, revision)
    }

    /// One more button.
    #[must_use]
    pub fn button(mut self, button: Button) -> Self {
        self.buttons.push(button.large());
        self
    }

    /// The way back without sending.
    #[must_use]
    pub fn cancel(self, href: impl Into<String>) -> Self {
        let label = self.way_back();
        self.button(Button::link(label, href))
    }

    /// What the way back is called: two buttons that both cancel would be one riddle.
    pub(super) fn way_back(&self) -> &'static str {
        let cancels = self.buttons.first().is_some_and(|button| button.label.key().starts_with("Cancel"));
        if cancels { "Go back" } else { "Cancel" }
    }

    /// With a part of the page, by its id, that shows what would come of it: at the press of a button, and with script
    /// after every change. Then the form is sent with the field [`PREVIEW`], and nothing is to be done.
    #[must_use]
    pub fn preview(mut self, id: &'static str, label: impl Into<Text>) -> Self {
        self.preview = Some(id);
        self.button(Button::submit_as(label, PREVIEW, "yes"))
    }

    /// The form cannot be sent now: its button stays, with the reason.
    #[must_use]
    pub fn not_now(mut self, reason: impl Into<Text>) -> Self {
        if let Some(first) = self.buttons.first_mut() {
            *first = Button::not_now(first.label.clone(), reason).large();
        }
        self
    }

    /// Words at its end.
    #[must_use]
    pub fn saved(mut self, saved: impl Into<Text>) -> Self {
        self.saved = Some(saved.into());
        self
    }

    /// Keeps what was typed. A check box or choice that is not among the values is off, other fields keep theirs.
    pub fn fill(&mut self, typed: &HashMap<String, String>) {
        let pairs: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.fill_pairs(&pairs);
    }

    /// Keeps what was typed, with names that may come several times (check boxes).
    pub fn fill_pairs(&mut self, typed: &[(&str, &str)]) {
        for field in &mut self.fields {
            let values: Vec<&str> =
                typed.iter().filter(|(name, _)| *name == field.name).map(|(_, value)| *value).collect();
            field.set(&values);
        }
    }

    /// Says what was wrong. A name that is no field's concerns the whole form.
    pub fn errors(&mut self, errors: &[(&str, Text)]) {
        for (name, error) in errors {
            match self.fields.iter_mut().find(|field| field.name == *name) {
                Some(field) => field.error = Some(error.clone()),
                None => self.wrong.push(Wrong { id: None, label: None, error: error.clone() }),
            }
        }
        self.wrong.extend(self.fields.iter().filter_map(|field| {
            let error = field.error.clone()?;
            Some(Wrong { id: Some(field.focus_id()), label: Some(field.label.clone()), error })
        }));
    }

    /// True if something was wrong.
    #[must_use]
    pub fn is_wrong(&self) -> bool {
        !self.wrong.is_empty()
    }

    /// One of its fields, to be placed by the page itself.
    ///
    /// # Errors
    /// If there is no field of that name, which is a mistake in the template.
    pub fn named(&self, name: &str) -> askama::Result<&Field> {
        self.fields
            .iter()
            .find(|field| field.name == name)
            .ok_or_else(|| askama::Error::custom(std::io::Error::other(format!("the form has no field {name:?}"))))
    }

    /// The summary of what was wrong, to be placed by the page itself; empty if nothing was.
    #[must_use]
    pub fn summary(&self) -> Summary<'_> {
        Summary { wrong: &self.wrong }
    }

    /// The buttons, to be placed by the page itself.
    #[must_use]
    pub fn foot(&self) -> Foot<'_> {
        Foot { form: self }
    }

    fn takes_files(&self) -> bool {
        self.fields.iter().any(|field| matches!(field.control, Control::File { .. }))
    }

    /// The attributes of its `form` element, for the macro `form` and for the form's own template.
    #[must_use]
    pub fn opening(&self) -> Opening<'_> {
        Opening { form: self }
    }
}

/// The summary of what was wrong in a form.
#[derive(Debug, Template)]
#[template(path = "web/form_summary.html")]
pub struct Summary<'a> {
    wrong: &'a [Wrong],
}

/// The attributes and hidden fields of a form.
#[derive(Debug, Template)]
#[template(path = "web/form_opening.html")]
pub struct Opening<'a> {
    form: &'a Form,
}

/// The buttons of a form.
#[derive(Debug, Template)]
#[template(path = "web/form_foot.html")]
pub struct Foot<'a> {
    form: &'a Form,
}

parts!(Form, Summary<'_>, Opening<'_>, Foot<'_>);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::locale::Reader;
    use crate::web::layout::render;

    fn form() -> Form {
        let choices = || vec![Choice::new("a", "First"), Choice::new("b", "Second")];
        Form::post("/x?a=1&b=2", "Send")
            .idempotency_key("k1")
            .field(Field::text("name", "Name").value("old"))
            .field(Field::select("kind", "Kind", choices()))
            .field(Field::checks("tags", "Tags", choices()))
            .field(Field::check("terms", "Terms", "I accept the terms"))
            .field(Field::password("secret", "Password"))
    }

    #[test]
    fn what_was_typed_is_kept_but_never_a_password() -> askama::Result<()> {
        let mut form = form();
        form.fill_pairs(&[("name", "\"><b>"), ("kind", "b"), ("tags", "a"), ("tags", "b"), ("secret", "hunter2")]);
        let html = render(&form, &Reader::plain())?;
        assert!(html.contains(r#"value="&#34;&#62;&#60;b&#62;""#), "{html}");
        assert!(html.contains(r#"<option value="b" selected>"#), "{html}");
        assert_eq!(html.matches(" checked").count(), 2, "{html}");
        assert!(!html.contains("hunter2"), "{html}");
        assert!(html.contains(r#"<input type="hidden" name="idempotency_key" value="k1">"#), "{html}");
        Ok(())
    }

    #[test]
    fn errors_stand_at_the_field_and_in_the_summary() -> askama::Result<()> {
        let mut form = form();
        form.errors(&[
            ("tags", Text::new("Choose one.")),
            ("name", Text::new("Too long.")),
            ("elsewhere", Text::new("No.")),
        ]);
        let html = render(&form, &Reader::plain())?;
        let order: Vec<_> =
            ["No.", "Name: Too long.", "Tags: Choose one."].map(|words| html.find(words)).into_iter().collect();
        assert!(order.iter().all(Option::is_some) && order.is_sorted(), "{html}");
        assert!(html.contains(r##"<a href="#f-name">"##) && html.contains(r#"id="f-name""#), "{html}");
        assert!(html.contains(r##"<a href="#f-tags-1">"##) && html.contains(r#"id="f-tags-1""#), "{html}");
        assert!(html.contains(r#"aria-describedby="f-name-e""#), "{html}");
        Ok(())
    }

    #[test]
    fn a_form_that_is_right_has_no_summary() -> askama::Result<()> {
        let html = render(&form(), &Reader::plain())?;
        assert!(!html.contains("error-summary") && html.contains(r#"action="/x?a=1&#38;b=2""#), "{html}");
        assert!(!form().is_wrong() && form().named("name").is_ok() && form().named("nome").is_err());
        Ok(())
    }
}
