//! Forms that make and change agreements and versions.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::super::actions::{self, AgreementChange};
use super::super::model::{Agreement, AgreementWords, ContractKind, DocumentType, DocumentWords, Paper};
use super::agreement::beside;
use crate::flows::accounts;
use crate::flows::accounts::actions::Upload;
use crate::flows::accounts::model::Grants;
use crate::flows::accounts::pages::{posted_with_upload, settle};
use crate::kit::{Refusal, Text};
use crate::web::button::Button;
use crate::web::form::{Choice, Field, Form, Line, Width};
use crate::web::frames::FormPage;
use crate::web::layout::Crumb;
use crate::web::parts::Notice;
use crate::web::{Answer, Ctx, Error, Posted, explain};

/// What the page that changes an agreement is called.
const EDIT: &str = "Edit agreement";
/// What the page that adds a version is called.
const ADD: &str = "Add version";

/// The fields of a version's text.
fn document_fields(form: Form) -> Form {
    let kinds = vec![
        Choice::new(DocumentType::Text.as_str(), "Text").hint("You write it here.").selected(true),
        Choice::new(DocumentType::Uploaded.as_str(), "File").hint("You upload a PDF; partners read it here."),
        Choice::new(DocumentType::External.as_str(), "Link").hint("It is on a web page of yours."),
        Choice::new(DocumentType::None.as_str(), "None").hint("The description is all there is."),
    ];
    form.field(Field::radios("document_type", "Legal text", kinds))
        .field(
            Field::area("text", "Text of the agreement")
                .hint("If you write it here: Markdown, with # for headings, ** for bold, - for lists.")
                .rows(12)
                .optional(),
        )
        .field(
            Field::file("file", "File", ".pdf,application/pdf", actions::MAX_PAPER)
                .hint("If it is a file: a PDF of at most 20 MB.")
                .optional(),
        )
        .field(
            Field::line(Line::Url, "link", "Link")
                .hint("If it is elsewhere: begins with https://, at most 200 characters.")
                .width(Width::Full)
                .optional(),
        )
        .field(
            Field::check("active", "Activate", "Activate this version at once")
                .hint("New contracts are made under the active version. It can be activated later, too."),
        )
}

/// A form as it was sent, and the document that came with it.
struct Sent {
    posted: Posted,
    upload: Option<Upload>,
    paper: Result<Option<Paper>, Refusal>,
}

impl Sent {
    async fn read(ctx: &Ctx, req: &HttpRequest, payload: web::Payload) -> Result<Self, Error> {
        let wanted = ("file", actions::MAX_PAPER);
        let (posted, kept) = posted_with_upload(ctx, req, payload, wanted, actions::keep_paper).await?;
        Ok(match kept {
            Ok(Some((upload, paper))) => Self { posted, upload: Some(upload), paper: Ok(Some(paper)) },
            Ok(None) => Self { posted, upload: None, paper: Ok(None) },
            Err(refusal) => Self { posted, upload: None, paper: Err(refusal) },
        })
    }

    fn document(&self) -> Result<DocumentWords, Error> {
        let mut words = document_words(&self.posted);
        // Only what the chosen type asks for: the form has fields for each.
        if words.document_type == DocumentType::Uploaded.as_str() {
            words.file.clone_from(self.paper.as_ref().map_err(|refusal| Error::from(refusal.clone()))?);
        }
        Ok(words)
    }

    fn words(&self) -> Result<AgreementWords, Error> {
        let posted = &self.posted;
        Ok(AgreementWords {
            kind: posted.get("type").to_owned(),
            title: posted.get("title").to_owned(),
            description: posted.get("description").to_owned(),
            document: self.document()?,
            active: posted.checked("active"),
            marketplace: posted.get("marketplace").to_owned(),
            auto_accept: posted.checked("auto_accept"),
            ..AgreementWords::default()
        })
    }
}

fn document_words(posted: &Posted) -> DocumentWords {
    let kind = posted.get("document_type").to_owned();
    // Only what the chosen type asks for: the form has fields for each.
    let of = |wanted: DocumentType, name: &str| {
        if kind == wanted.as_str() { posted.get(name).to_owned() } else { String::new() }
    };
    DocumentWords {
        link: of(DocumentType::External, "link"),
        text: of(DocumentType::Text, "text"),
        document_type: kind,
        file: None,
    }
}

fn title_fields(form: Form, title: &str, description: &str) -> Form {
    form.field(Field::text("title", "Title").hint("At most 100 characters.").value(title)).field(
        Field::area("description", "Description")
            .hint("What the agreement is about. Markdown is understood.")
            .rows(4)
            .value(description),
    )
}

fn new_form(ctx: &Ctx, own: Grants) -> Form {
    let mut service =
        Choice::new(ContractKind::Service.as_str(), "Service").hint("For resellers: opens the reseller portal.");
    if !own.service_create {
        service = service.not_now("Your account may not make service agreements. Ask the operator of this portal.");
    }
    let kinds = vec![
        Choice::new(ContractKind::Program.as_str(), "Program")
            .hint("For vendors: opens the vendor portal. Distribution agreements are made under it.")
            .selected(true),
        service,
    ];
    let form = ctx.form(ctx.url("/agreements/new"), "Create agreement").field(Field::radios("type", "Type", kinds));
    document_fields(title_fields(form, "", "")).cancel(ctx.url("/agreements"))
}

/// A page with a form about one agreement.
async fn form_page(
    ctx: &Ctx,
    id: &str,
    title: &'static str,
    make: fn(&Ctx, &Agreement, &str) -> Form,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let asked = id.to_owned();
    let agreement = ctx.read(move |tx, actor| actions::agreement(tx, actor, &asked)).await?;
    let here = ctx.url(&format!("/agreements/{}", agreement.id));
    let mut form = make(ctx, &agreement, &here).cancel(&here);
    let mut status = StatusCode::OK;
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
        status = StatusCode::UNPROCESSABLE_ENTITY;
    }
    let page = ctx
        .page(title)
        .crumb(Crumb::link("Agreements", ctx.url("/agreements")))
        .crumb(Crumb::link(Text::data(&agreement.title), here))
        .crumb(Crumb::here(title));
    ctx.render_as(status, &FormPage::new(page, form).beside(beside(ctx, &agreement)))
}

fn new_page(ctx: &Ctx, status: StatusCode, form: Form) -> Result<HttpResponse, Error> {
    let page =
        ctx.page("Create agreement").crumb(Crumb::link("Agreements", ctx.url("/agreements"))).crumb(Crumb::here("New"));
    ctx.render_as(status, &FormPage::new(page, form))
}

/// The form that creates an agreement.
pub async fn new_agreement(ctx: Ctx) -> Result<HttpResponse, Error> {
    let own = ctx.read(accounts::actions::grants).await?;
    new_page(&ctx, StatusCode::OK, new_form(&ctx, own))
}

/// Creates an agreement.
pub async fn do_new_agreement(ctx: Ctx, req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Error> {
    let sent = Sent::read(&ctx, &req, payload).await?;
    let base = ctx.url("/agreements");
    let done = match sent.words() {
        Ok(words) => {
            ctx.act(&sent.posted, move |tx, actor| {
                let id = actions::create_agreement(tx, actor, &words)?;
                let text = Text::new("The agreement {title} was created.").arg("title", words.title.trim());
                Ok(Answer::go(format!("{base}/{id}")).flash(text))
            })
            .await
        }
        Err(error) => Err(error),
    };
    settle(&ctx, sent.upload).await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => {
            let own = ctx.read(accounts::actions::grants).await?;
            let mut form = new_form(&ctx, own);
            explain(&mut form, &sent.posted, error)?;
            new_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, form)
        }
    }
}

async fn distribution_page(
    ctx: &Ctx,
    status: StatusCode,
    id: &str,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let asked = id.to_owned();
    let (program, markets) = ctx
        .read(move |tx, actor| Ok((actions::agreement(tx, actor, &asked)?, actions::marketplaces_for(tx, actor)?)))
        .await?;
    let here = ctx.url(&format!("/agreements/{}", program.id));
    let mut choices = vec![Choice::new("", "Choose a marketplace")];
    let none = markets.is_empty();
    choices.extend(markets.into_iter().map(|m| Choice::new(m.id, Text::data(m.name))));
    let mut form = ctx.form(format!("{here}/distribution"), "Create distribution agreement");
    form = title_fields(form, "", "");
    form = form.field(
        Field::select("marketplace", "Marketplace", choices)
            .hint("Each distribution agreement is for one marketplace with a hub."),
    );
    form = document_fields(form)
        .field(
            Field::check("auto_accept", "Approval", "Accept enrolments by themselves")
                .hint("Every vendor of the program gets an active contract without asking; you can terminate it."),
        )
        .cancel(&here);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let page = ctx
        .page("Create distribution agreement")
        .crumb(Crumb::link("Agreements", ctx.url("/agreements")))
        .crumb(Crumb::link(Text::data(&program.title), here))
        .crumb(Crumb::here("New distribution agreement"));
    let mut shown = FormPage::new(page, form).beside(beside(ctx, &program));
    if none {
        let words = "You have no marketplace with a hub yet. A distribution agreement needs one.";
        let create = Button::link("Create marketplace", ctx.url("/marketplaces/new"));
        shown.notices.push(Notice::new(words).action(create));
    }
    ctx.render_as(status, &shown)
}

/// The form that creates a distribution agreement.
pub async fn new_distribution(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    distribution_page(&ctx, StatusCode::OK, &path.1, None).await
}

/// Creates a distribution agreement.
pub async fn do_new_distribution(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    req: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let sent = Sent::read(&ctx, &req, payload).await?;
    let (base, program) = (ctx.url("/agreements"), id.clone());
    let done = match sent.words() {
        Ok(words) => {
            ctx.act(&sent.posted, move |tx, actor| {
                let id = actions::create_distribution(tx, actor, &program, &words)?;
                let text =
                    Text::new("The distribution agreement {title} was created.").arg("title", words.title.trim());
                Ok(Answer::go(format!("{base}/{id}")).flash(text))
            })
            .await
        }
        Err(error) => Err(error),
    };
    settle(&ctx, sent.upload).await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => distribution_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, &id, Some((error, &sent.posted))).await,
    }
}

fn edit_form(ctx: &Ctx, agreement: &Agreement, here: &str) -> Form {
    let form = ctx.form(format!("{here}/edit"), "Save").revision(agreement.revision);
    let form = title_fields(form, &agreement.title, &agreement.description);
    if agreement.kind != ContractKind::Distribution {
        return form;
    }
    let check = Field::check("auto_accept", "Approval", "Accept enrolments by themselves");
    form.field(if agreement.auto_accept { check.value("yes") } else { check })
}

/// The form that changes an agreement.
pub async fn edit_agreement(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    form_page(&ctx, &path.1, EDIT, edit_form, None).await
}

/// Changes an agreement.
pub async fn do_edit_agreement(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let change = AgreementChange {
        title: Some(posted.get("title").to_owned()),
        description: Some(posted.get("description").to_owned()),
        auto_accept: Some(posted.checked("auto_accept")),
    };
    let (revision, back, agreement) = (posted.revision(), ctx.url(&format!("/agreements/{id}")), id.clone());
    let done = ctx
        .act(&posted, move |tx, actor| {
            actions::edit_agreement(tx, actor, &agreement, revision, &change)?;
            Ok(Answer::go(&back).flash(Text::new("The agreement was saved.")))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => form_page(&ctx, &id, EDIT, edit_form, Some((error, &posted))).await,
    }
}

fn version_form(ctx: &Ctx, _: &Agreement, here: &str) -> Form {
    document_fields(ctx.form(format!("{here}/versions/new"), ADD))
}

/// The form that adds a version.
pub async fn new_version(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    form_page(&ctx, &path.1, ADD, version_form, None).await
}

/// Adds a version.
pub async fn do_new_version(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    req: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let sent = Sent::read(&ctx, &req, payload).await?;
    let active = sent.posted.checked("active");
    let (back, agreement) = (ctx.url(&format!("/agreements/{id}")), id.clone());
    let done = match sent.document() {
        Ok(words) => {
            ctx.act(&sent.posted, move |tx, actor| {
                let number = actions::add_version(tx, actor, &agreement, &words, active)?;
                Ok(Answer::go(&back).flash(Text::new("Version {version} was added.").arg("version", number)))
            })
            .await
        }
        Err(error) => Err(error),
    };
    settle(&ctx, sent.upload).await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => form_page(&ctx, &id, ADD, version_form, Some((error, &sent.posted))).await,
    }
}
