//! Whole pages that every flow has: an object with its sections, a form, a step of a wizard.

use askama::Template;

use super::dialog::Dialog;
use super::form::Form;
use super::layout::Page;
use super::markdown::Markdown;
use super::part::{Part, parts};
use super::parts::{Facts, Head, Notice, Tabs, Turn};
use super::steps::Steps;
use crate::kit::Text;
use crate::web::filters;

/// A part of an object's page.
#[derive(Debug)]
pub struct Section {
    /// Its heading.
    pub title: Text,
    /// A quiet note beside it.
    pub note: Option<Text>,
    /// A link at its end.
    pub link: Option<(Text, String)>,
    /// What stands in it.
    pub parts: Vec<Part>,
}

impl Section {
    /// A section.
    pub fn new(title: impl Into<Text>) -> Self {
        Self { title: title.into(), note: None, link: None, parts: vec![] }
    }

    /// A quiet note beside the heading.
    #[must_use]
    pub fn note(mut self, note: impl Into<Text>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// A link at the heading's end.
    #[must_use]
    pub fn link(mut self, label: impl Into<Text>, href: impl Into<String>) -> Self {
        self.link = Some((label.into(), href.into()));
        self
    }

    /// One more part.
    #[must_use]
    pub fn part(mut self, part: impl Template + Send + Sync + 'static) -> Self {
        self.parts.push(Part::new(part));
        self
    }

    /// A line of words.
    #[must_use]
    pub fn words(self, words: impl Into<Text>) -> Self {
        self.part(Line { words: words.into() })
    }
}

/// A paragraph of ours.
#[derive(Debug, Template)]
#[template(ext = "html", source = r#"<p class="muted">{{ words }}</p>"#)]
struct Line {
    words: Text,
}

/// An object: whose turn it is, what can be done, its sections, the facts beside them, its dialogs.
#[derive(Debug, Template)]
#[template(path = "web/object_page.html")]
pub struct ObjectPage {
    /// The frame.
    pub page: Page,
    /// Name, id, status, actions.
    pub head: Head,
    /// Whose turn it is.
    pub turn: Option<Turn>,
    /// What is to be known first.
    pub notices: Vec<Notice>,
    /// Other pages of the object.
    pub tabs: Option<Tabs>,
    /// The sections.
    pub sections: Vec<Section>,
    /// What the facts are about, for screen readers.
    pub about: Text,
    /// The facts.
    pub facts: Facts,
    /// What its buttons open.
    pub dialogs: Vec<Dialog>,
}

/// Something set apart in a box: beside a form, what it is about.
#[derive(Debug, Template)]
#[template(
    ext = "html",
    source = r#"<section class="panel" id="{{ id }}" aria-labelledby="{{ id }}-title"><h2 id="{{ id }}-title">{{ title }}</h2>{{ body }}</section>"#
)]
pub struct Panel {
    id: &'static str,
    title: Text,
    body: Part,
}

impl Panel {
    /// A box with a heading. `id` is its id on the page.
    pub fn new(id: &'static str, title: impl Into<Text>, body: impl Template + Send + Sync + 'static) -> Self {
        Self { id, title: title.into(), body: Part::new(body) }
    }

    /// A box with somebody's words, which were written as Markdown.
    pub fn words(id: &'static str, title: impl Into<Text>, text: &str) -> Self {
        Self::new(id, title, Prose::new(text))
    }

    /// What the form is about.
    pub fn about(title: impl Into<Text>, facts: Facts) -> Self {
        Self::new("about", title, facts)
    }
}

parts!(Panel);

/// Somebody's words, which were written as Markdown.
#[derive(Debug, Template)]
#[template(ext = "html", source = r#"<div class="prose">{{ text }}</div>"#)]
pub struct Prose {
    text: Markdown,
}

impl Prose {
    /// The words.
    pub fn new(text: &str) -> Self {
        Self { text: Markdown::new(text) }
    }
}

/// Somebody's words, which were written as Markdown, in a box.
#[derive(Debug, Template)]
#[template(ext = "html", source = r#"<div class="panel prose">{{ text }}</div>"#)]
pub struct Words {
    text: Markdown,
}

impl Words {
    /// The words.
    pub fn new(text: &str) -> Self {
        Self { text: Markdown::new(text) }
    }
}

/// A page with one form.
#[derive(Debug, Template)]
#[template(path = "web/form_page.html")]
pub struct FormPage {
    /// The frame.
    pub page: Page,
    /// What is done here.
    pub head: Head,
    /// What is to be known first.
    pub notices: Vec<Notice>,
    /// What is to be read before.
    pub parts: Vec<Part>,
    /// The form.
    pub form: Form,
    /// What helps to fill it in, beside the form.
    pub aside: Vec<Panel>,
}

impl FormPage {
    /// A page with a form; if something was wrong with it, the page's title says so.
    pub fn new(mut page: Page, form: Form) -> Self {
        page.wrong = form.is_wrong();
        Self { head: Head::new(page.title.clone()), page, notices: vec![], parts: vec![], form, aside: vec![] }
    }

    /// One more panel beside the form.
    #[must_use]
    pub fn beside(mut self, panel: Panel) -> Self {
        self.aside.push(panel);
        self
    }
}

/// A step of a wizard.
#[derive(Debug, Template)]
#[template(path = "web/wizard_page.html")]
pub struct WizardPage {
    /// The frame.
    pub page: Page,
    /// All steps.
    pub steps: Steps,
    /// This step's question.
    pub head: Head,
    /// What is to be known or checked first.
    pub parts: Vec<Part>,
    /// The form.
    pub form: Form,
}

impl WizardPage {
    /// A step with a form; if something was wrong with it, the page's title says so.
    pub fn new(mut page: Page, steps: Steps, title: impl Into<Text>, form: Form) -> Self {
        page.wrong = form.is_wrong();
        Self { page, steps, head: Head::new(title), parts: vec![], form }
    }

    /// One more part above the form.
    #[must_use]
    pub fn part(mut self, part: impl Template + Send + Sync + 'static) -> Self {
        self.parts.push(Part::new(part));
        self
    }
}
