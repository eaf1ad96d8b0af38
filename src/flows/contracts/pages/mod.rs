//! Pages of agreements and contracts, and the public page that an invitation opens.

mod activation;
mod agreement;
mod agreement_forms;
mod agreements;
mod answers;
mod attach;
mod batch;
mod batches;
mod contract;
mod contracts;
mod deciding;
mod declining;
mod difference;
mod enrol;
mod enrolment;
mod form_edit;
mod forms;
mod four_eyes;
mod offer;
mod partners_under;
mod questions;
mod signatures;
mod terms;
mod verify;

pub use activation::*;
pub use agreement::*;
pub use agreement_forms::*;
pub use agreements::*;
pub use attach::*;
pub use batch::*;
pub use batches::*;
pub use contract::*;
pub use contracts::*;
pub use deciding::*;
pub use declining::*;
pub use enrol::*;
pub use enrolment::*;
pub use form_edit::*;
pub use forms::*;
pub use four_eyes::do_drop_proposal;
pub use offer::*;
pub use partners_under::*;
pub use signatures::certificate;
pub use terms::*;
pub use verify::*;

use askama::Template;

use super::model::{ContractKind, ContractStatus, DocumentType, FormKind, GoodDocument, Paper, Purpose};
use crate::kit::{Level, Module, Role, Text};
use crate::web::button::Button;
use crate::web::filters;
use crate::web::frames::Words;
use crate::web::part::Part;
use crate::web::parts::Notice;
use crate::web::status::Status;
use crate::web::{Ctx, Error};

/// The kind as people read it.
fn kind_word(kind: ContractKind) -> &'static str {
    match kind {
        ContractKind::Program => "Program",
        ContractKind::Distribution => "Distribution",
        ContractKind::Service => "Service",
        ContractKind::Syndication => "Syndication",
        ContractKind::Referral => "Referral",
    }
}

/// The kind of a form as people read it.
fn form_word(kind: FormKind) -> &'static str {
    match kind {
        FormKind::Enroll => "Enrolment form",
        FormKind::Product => "Product form",
        FormKind::Item => "Item form",
    }
}

/// The purpose as people read it.
fn purpose_word(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Production => "Production",
        Purpose::Test => "Test",
    }
}

/// The status as people read it.
fn status_word(status: ContractStatus) -> &'static str {
    match status {
        ContractStatus::New => "New",
        ContractStatus::Enrolling => "Enrolling",
        ContractStatus::Pending => "Pending",
        ContractStatus::Active => "Active",
        ContractStatus::Rejected => "Rejected",
        ContractStatus::Terminated => "Terminated",
    }
}

/// The status in its shape.
fn status(status: ContractStatus) -> Status {
    let word = status_word(status);
    match status {
        ContractStatus::New => Status::draft(word),
        ContractStatus::Enrolling => Status::asking(word),
        ContractStatus::Pending => Status::waiting(word),
        ContractStatus::Active => Status::good(word),
        ContractStatus::Rejected => Status::bad(word),
        ContractStatus::Terminated => Status::ended(word),
    }
}

/// The words of a filter by kind.
const KINDS: &[(&str, &str)] = &[("program", "Program"), ("distribution", "Distribution"), ("service", "Service")];
/// The words of a filter by status.
const STATUSES: &[(&str, &str)] = &[
    ("enrolling", "Enrolling"),
    ("pending", "Pending"),
    ("active", "Active"),
    ("rejected", "Rejected"),
    ("terminated", "Terminated"),
];

/// Whether the actor's company issues agreements, and the person may make and change them.
fn may_issue(ctx: &Ctx) -> bool {
    may(ctx, Level::Manage) && ctx.actor().seat().is_some_and(|s| s.role == Role::Distributor)
}

fn may(ctx: &Ctx, level: Level) -> bool {
    ctx.actor().seat().is_some_and(|s| s.permissions.holds(Module::Partners, level))
}

/// A PDF in a frame of the page, and the way to it for browsers that show none there.
#[derive(Debug, Template)]
#[template(
    ext = "html",
    source = r#"<figure class="paper"><iframe src="{{ href }}#navpanes=0&amp;view=FitH" title="{{ "The agreement: {name}"|with("name", paper.name)|t }}"></iframe><figcaption><a href="{{ href }}">{{ paper.name }}</a> <span>{{ paper.size|size }}</span> <span class="id">SHA-256 {{ paper.sha256 }}</span></figcaption></figure>"#
)]
struct Framed {
    paper: Paper,
    href: String,
}

/// Where the document of a version is, for those who may see the agreement.
fn paper_path(ctx: &Ctx, agreement: &str, version: Option<i32>) -> String {
    ctx.url(&format!("/agreements/{agreement}/versions/{}/document", version.unwrap_or_default()))
}

/// The text of an agreement, to be read before it is accepted; `href` is where its document is, if it has one.
fn document(found: Option<&GoodDocument>, href: &str) -> Part {
    if let Some(paper) = found.and_then(|d| d.file.clone()) {
        return Part::new(Framed { paper, href: href.to_owned() });
    }
    match found.map(|d| (d.document_type, d.link.as_deref(), d.text.as_deref())) {
        Some((DocumentType::Text, _, Some(text))) => Part::new(Words::new(text)),
        Some((_, Some(link), _)) => {
            let words = Text::new("The text of the agreement is at {link}.").arg("link", link);
            Part::new(Notice::new(words).action(Button::link("Open the agreement", link).icon("external-link")))
        }
        _ => Part::new(Notice::new("This agreement has no document of its own. What counts is its description.")),
    }
}

/// Refuses unless the box was ticked that says the agreement was read.
fn accepted(ticked: bool) -> Result<(), Error> {
    if ticked {
        return Ok(());
    }
    Err(Ctx::wrong("accept", Text::new("Tick the box to say that you have read and accept the agreement.")))
}
