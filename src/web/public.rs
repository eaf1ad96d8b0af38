//! Pages for people who are not signed in: sign-in, and short forms in the brand's look (activation, a new password,
//! answers to a request).

use askama::Template;

use super::button::Button;
use super::form::Form;
use super::layout::Page;
use super::passkey::PasskeyForm;
use crate::kit::text::Text;
use crate::web::filters;

/// The page on which a person signs in.
#[derive(Debug, Template)]
#[template(path = "web/sign_in.html")]
pub struct SignIn {
    /// The page.
    pub page: Page,
    /// For whom the portal is.
    pub lede: Option<Text>,
    /// E-mail, password, and what the flow adds.
    pub form: Form,
    /// Signing in without a password.
    pub passkey: Option<PasskeyForm>,
    /// Where a forgotten password is replaced.
    pub forgotten: Option<String>,
    /// Other ways to sign in.
    pub others: Vec<Button>,
    /// How one gets an account.
    pub help: Option<Text>,
}

/// A page with one short form, or only words and buttons.
#[derive(Debug, Template)]
#[template(path = "web/card.html")]
pub struct Card {
    /// The page.
    pub page: Page,
    /// The heading.
    pub title: Text,
    /// What this is about.
    pub text: Option<Text>,
    /// The form.
    pub form: Option<Form>,
    /// What can be done beside the form, or instead.
    pub actions: Vec<Button>,
    /// True for the narrow form of sign-in pages.
    pub narrow: bool,
}

impl Card {
    /// A page with that title.
    #[must_use]
    pub fn new(page: Page) -> Self {
        Self { title: page.title.clone(), page, text: None, form: None, actions: Vec::new(), narrow: true }
    }

    /// What this is about.
    #[must_use]
    pub fn text(mut self, text: impl Into<Text>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// With a form. If something was wrong with it, the page's title says so.
    #[must_use]
    pub fn form(mut self, form: Form) -> Self {
        self.page.wrong = form.is_wrong();
        self.form = Some(form);
        self
    }

    /// With something to do.
    #[must_use]
    pub fn action(mut self, button: Button) -> Self {
        self.actions.push(button);
        self
    }

    /// As wide as a page of text: for forms with many or long fields.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.narrow = false;
        self
    }
}
