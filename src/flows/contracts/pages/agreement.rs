//! One agreement: its text and versions, its distribution agreements, its contracts.

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::super::actions;
use super::super::model::{Agreement, Contract, ContractKind, ContractStatus, DocumentType, Version};
use super::agreements::version_status;
use super::difference::difference;
use super::{attach, document, kind_word, may, may_issue, paper_path, status};
use crate::journal;
use crate::kit::{AgreementId, Level, Refusal, Role, Text};
use crate::web::button::{Actions, Button};
use crate::web::cell::Cell;
use crate::web::dialog::Dialog;
use crate::web::form::Form;
use crate::web::frames::{FormPage, ObjectPage, Panel, Section, Words};
use crate::web::layout::Crumb;
use crate::web::moments;
use crate::web::parts::{Facts, Head, Notice};
use crate::web::status::Status;
use crate::web::table::{Boxed, Column, Row};
use crate::web::{Answer, Ctx, Error, Posted, paper};

/// The newest contract of the reader's company under each agreement.
pub(super) type Mine = Vec<(AgreementId, (String, ContractStatus))>;

/// One agreement.
pub async fn agreement(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (agreement, versions, children, mine, contracts, moments) = ctx
        .read(move |tx, actor| {
            let (agreement, versions) = actions::versions(tx, actor, &id)?;
            let children = match agreement.kind {
                ContractKind::Program => actions::distribution_agreements(tx, actor, &id)?,
                _ => vec![],
            };
            let mut ids: Vec<AgreementId> = children.iter().map(|c| c.id.clone()).collect();
            ids.push(agreement.id.clone());
            let mine = actions::own_contracts(tx, actor, &ids)?;
            let contracts = actions::contracts_under(tx, actor, &agreement.id)?;
            let moments = journal::seen_by(tx, actor, "agreement", &id, 50)?;
            Ok((agreement, versions, children, mine, contracts, moments))
        })
        .await?;
    let here = ctx.url(&format!("/agreements/{}", agreement.id));
    let mut page = ctx.page(Text::data(&agreement.title)).crumb(Crumb::link("Agreements", ctx.url("/agreements")));
    if let Some(parent) = &agreement.parent {
        page = page.crumb(Crumb::link(Text::data(&parent.name), ctx.url(&format!("/agreements/{}", parent.id))));
    }
    page = page.crumb(Crumb::here(Text::data(agreement.id.as_str())));
    let own = agreement.own && may_issue(&ctx);
    let mut dialogs = vec![];
    let head = head(&ctx, &agreement, &here, own, &mine, &mut dialogs);
    let mut sections = vec![Section::new("Description").part(Words::new(&agreement.description))];
    sections.push(versions_section(&ctx, &agreement, &versions, &here, own));
    if agreement.kind == ContractKind::Program {
        sections.push(children_section(&ctx, &children, &mine, &here, own));
    }
    sections.extend(attach::section(&ctx, &agreement, &here, own));
    sections.push(contracts_section(&ctx, &agreement, &contracts, &here));
    sections.push(moments::story(&ctx, &agreement.id, moments));
    let facts = facts(&ctx, &agreement);
    let notices = match agreement.active_version {
        None if own => vec![Notice::new(
            "No version is active, so no contract can be made under this agreement. Activate a version when its text is right.",
        )],
        _ => vec![],
    };
    let about = Text::new("About this agreement");
    ctx.render(&ObjectPage { page, head, turn: None, notices, tabs: None, sections, about, facts, dialogs })
}

fn head(ctx: &Ctx, agreement: &Agreement, here: &str, own: bool, mine: &Mine, dialogs: &mut Vec<Dialog>) -> Head {
    let mut head = Head::new(Text::data(&agreement.title))
        .meta(Cell::copy(&agreement.id))
        .meta(version_status(agreement))
        .meta(Cell::text(kind_word(agreement.kind)));
    if own {
        if agreement.kind.is_offered() {
            let create = ctx.url(&format!("/contracts/new?step=3&type={}&agreement={}", agreement.kind, agreement.id));
            head = head.action(match agreement.active_version {
                Some(_) => Button::link("Create contract", create).primary().icon("plus"),
                None => Button::not_now("Create contract", "A contract needs an active version."),
            });
            let many = ctx.url(&format!("{}/new?agreement={}", super::batches::HOME, agreement.id));
            head = head.action(match agreement.active_version {
                Some(_) => Button::link("Invite many", many).icon("file-spreadsheet"),
                None => Button::not_now("Invite many", "A contract needs an active version."),
            });
        }
        head = head.action(Button::link("Edit", format!("{here}/edit")).icon("edit"));
        head = head.action(match agreement.may_delete() {
            Ok(()) => {
                let text =
                    Text::new("{title} and its versions are taken away for good.").arg("title", &agreement.title);
                dialogs.push(Dialog::new("delete", "Delete this agreement?", delete_form(ctx, here)).text(text));
                Button::dialog("Delete", "delete", format!("{here}/delete")).danger()
            }
            Err(refusal) => Button::not_now("Delete", crate::web::tell(&refusal)),
        });
    } else if let Some(button) = enrol_button(ctx, agreement, mine) {
        head = head.action(button.primary());
    }
    head
}

/// What a vendor can do with a distribution agreement.
fn enrol_button(ctx: &Ctx, agreement: &Agreement, mine: &Mine) -> Option<Button> {
    let vendor = ctx.actor().seat().is_some_and(|s| s.role == Role::Vendor) && may(ctx, Level::Manage);
    if agreement.kind != ContractKind::Distribution || !vendor {
        return None;
    }
    let live = mine.iter().any(|(id, (_, status))| *id == agreement.id && status.is_live());
    if live {
        return None;
    }
    Some(match agreement.active_version {
        Some(_) => Button::link("Enrol", ctx.url(&format!("/agreements/{}/enrol", agreement.id))),
        None => Button::not_now("Enrol", "The agreement has no active version yet."),
    })
}

fn facts(ctx: &Ctx, agreement: &Agreement) -> Facts {
    let mut facts = Facts::new()
        .fact("Type", Cell::text(kind_word(agreement.kind)))
        .fact("Issued by", Cell::data(&agreement.owner.name));
    if let Some(parent) = &agreement.parent {
        let href = ctx.url(&format!("/agreements/{}", parent.id));
        facts = facts.fact("Program agreement", Cell::link(&parent.name, href));
    }
    if let Some(market) = &agreement.marketplace {
        let href = ctx.url(&format!("/marketplaces/{}", market.id));
        facts = facts.fact("Marketplace", Cell::link(&market.name, href));
    }
    if agreement.kind == ContractKind::Distribution {
        let word = if agreement.auto_accept { "By itself" } else { "By the distributor" };
        facts = facts.fact("Enrolment is approved", Cell::text(word));
    }
    facts
        .fact("Created", Cell::maybe(agreement.events.at("created"), Cell::time_long))
        .fact("Changed", Cell::maybe(agreement.events.at("updated"), Cell::time_long))
}

/// What stands beside a form about an agreement.
pub(super) fn beside(ctx: &Ctx, agreement: &Agreement) -> Panel {
    Panel::about("The agreement", facts(ctx, agreement))
}

/// Where the text of a version is, as people read it.
fn document_word(kind: DocumentType) -> &'static str {
    match kind {
        DocumentType::External => "Link",
        DocumentType::Uploaded => "File",
        DocumentType::Text => "Text",
        DocumentType::None => "None",
    }
}

fn versions_section(ctx: &Ctx, agreement: &Agreement, versions: &[Version], here: &str, own: bool) -> Section {
    let row = |v: &Version| {
        let text = match v.document_type {
            DocumentType::None => Cell::text(document_word(v.document_type)).faint(),
            kind => Cell::text(document_word(kind)).to(format!("{here}/versions/{}", v.version)),
        };
        let shape = if v.active { Status::good("Active") } else { Status::draft("Inactive") };
        let mut cells = vec![
            Cell::number(v.version).strong(),
            Cell::status(shape),
            text,
            Cell::number(v.contracts),
            Cell::time(v.created_at),
        ];
        if own {
            cells.push(version_actions(ctx, v, agreement.versions, here));
        }
        Row::new(v.version, cells)
    };
    let mut columns = vec![
        Column::number("version", "Version"),
        Column::new("status", "Status"),
        Column::new("document", "Document").grows(),
        Column::number("contracts", "Contracts"),
        Column::new("created", "Made"),
    ];
    if own {
        columns.push(Column::new("actions", "Actions"));
    }
    let section = Section::new("Versions").part(Boxed::new("Versions", columns, versions.iter().map(row).collect()));
    if own { section.link("Add version", format!("{here}/versions/new")) } else { section }
}

fn version_actions(ctx: &Ctx, v: &Version, versions: i64, here: &str) -> Cell {
    let post = |label: &'static str, verb: &str| {
        let key = ctx.form("", label).hidden;
        let button = Button::post(label, format!("{here}/versions/{}/{verb}", v.version)).small();
        let about = Text::new("version {version}").arg("version", v.version);
        key.into_iter().fold(button, |button, (name, value)| button.field(name, value)).about(about)
    };
    let mut actions = Actions::default();
    if !v.active {
        actions = actions.button(post("Activate", "activate"));
        if v.may_delete(versions).is_ok() {
            actions = actions.button(post("Delete", "delete").danger());
        }
    }
    if actions.is_empty() { Cell::nothing() } else { Cell::part(actions) }
}

fn children_section(ctx: &Ctx, children: &[Agreement], mine: &Mine, here: &str, own: bool) -> Section {
    let section = Section::new("Distribution agreements").note("one marketplace each");
    let section =
        if own { section.link("Create distribution agreement", format!("{here}/distribution")) } else { section };
    if children.is_empty() {
        return section.words(
            "None yet. A distribution agreement lets the vendors of this program list products on a marketplace.",
        );
    }
    let row = |a: &Agreement| {
        let href = ctx.url(&format!("/agreements/{}", a.id));
        let market = Cell::maybe(a.marketplace.as_ref(), |m| Cell::data(&m.name));
        let state = if own {
            Cell::status(version_status(a))
        } else {
            let newest = mine.iter().find(|(id, _)| *id == a.id).map(|(_, newest)| newest);
            let cell = Cell::maybe(newest, |(id, s)| Cell::status(status(*s)).to(ctx.url(&format!("/contracts/{id}"))));
            match enrol_button(ctx, a, mine) {
                Some(button) if newest.is_none() => Cell::part(Actions::default().button(button.small())),
                Some(button) => cell.sub(Cell::part(Actions::default().button(button.small()))),
                None => cell,
            }
        };
        let accept = if a.auto_accept { "By itself" } else { "By hand" };
        Row::new(
            &a.id,
            vec![Cell::link(&a.title, href).strong().sub(Cell::id(&a.id)), market, Cell::text(accept), state],
        )
    };
    let columns = vec![
        Column::new("title", "Agreement").grows(),
        Column::new("marketplace", "Marketplace"),
        Column::new("accept", "Approval"),
        Column::new("status", if own { "Version" } else { "Your contract" }),
    ];
    section.part(Boxed::new("Distribution agreements", columns, children.iter().map(row).collect()))
}

fn contracts_section(ctx: &Ctx, agreement: &Agreement, contracts: &[Contract], here: &str) -> Section {
    let section = Section::new("Contracts").note("the newest ones");
    let section = match agreement.own {
        true => section.link("Partners and their versions", format!("{here}/partners")),
        false => {
            let all = ctx.url(&format!("/contracts?eq(agreement.id,{})", agreement.id));
            section.link("All contracts under it", all)
        }
    };
    if contracts.is_empty() {
        return section.words("No contract was made under this agreement yet.");
    }
    let row = |c: &Contract| {
        let href = ctx.url(&format!("/contracts/{}", c.id));
        Row::new(
            &c.id,
            vec![
                Cell::id(&c.id).to(href),
                Cell::data(&c.partner().name).strong(),
                Cell::maybe(c.version, Cell::number),
                Cell::status(status(c.status)),
            ],
        )
    };
    let columns = vec![
        Column::new("id", "Contract"),
        Column::new("partner", "Partner").grows(),
        Column::number("version", "Version"),
        Column::new("status", "Status"),
    ];
    section.part(Boxed::new("Contracts", columns, contracts.iter().map(row).collect()))
}

/// With which older version the text is compared.
#[derive(Deserialize)]
pub struct Since {
    since: Option<i32>,
}

/// The text of one version, and what changed since an older one: the one before it, if none is named.
pub async fn version(
    ctx: Ctx,
    path: web::Path<(String, String, i32)>,
    query: web::Query<Since>,
) -> Result<HttpResponse, Error> {
    let (_, id, number) = path.into_inner();
    let since = query.into_inner().since;
    let (agreement, version, found, older) = ctx
        .read(move |tx, actor| {
            let (agreement, version) = actions::version(tx, actor, &id, number)?;
            let found = actions::document(tx, actor, &id, Some(number))?;
            let older = actions::older_document(tx, &agreement, number, since)?;
            Ok((agreement, version, found, older))
        })
        .await?;
    let here = ctx.url(&format!("/agreements/{}", agreement.id));
    let title = Text::new("{title}, version {version}").arg("title", &agreement.title).arg("version", number);
    let page = ctx
        .page(title.clone())
        .crumb(Crumb::link("Agreements", ctx.url("/agreements")))
        .crumb(Crumb::link(Text::data(&agreement.title), &here))
        .crumb(Crumb::here(Text::new("Version {version}").arg("version", number)));
    let shape = if version.active { Status::good("Active") } else { Status::draft("Inactive") };
    let head = Head::new(title).meta(shape).meta(Cell::time_long(version.created_at));
    let mut section = Section::new("Text");
    section.parts.push(document(Some(&found), &paper_path(&ctx, agreement.id.as_str(), Some(number))));
    let mut sections = vec![section];
    if let Some((before, old)) = &older {
        let mut changed = Section::new(Text::new("What changed since version {version}").arg("version", before));
        changed.parts.push(difference(old, &found, &format!("{here}/versions/{before}")));
        sections.push(changed);
    }
    let facts = Facts::new()
        .fact("Agreement", Cell::link(&agreement.title, here))
        .fact("Made by", Cell::maybe(version.author, |a| Cell::person(a.name)))
        .fact("Contracts under it", Cell::number(version.contracts));
    ctx.render(&ObjectPage {
        page,
        head,
        turn: None,
        notices: vec![],
        tabs: None,
        sections,
        about: Text::new("About this version"),
        facts,
        dialogs: vec![],
    })
}

/// The document of one version.
pub async fn version_document(ctx: Ctx, path: web::Path<(String, String, i32)>) -> Result<HttpResponse, Error> {
    let (_, id, number) = path.into_inner();
    let asked = id.clone();
    let found = ctx.read(move |tx, actor| actions::document(tx, actor, &asked, Some(number))).await?;
    match found.file {
        Some(file) => Ok(paper::answer(ctx.services(), &file.key, &file.name).await?),
        None => Err(Refusal::no_version(number, id).into()),
    }
}

fn delete_form(ctx: &Ctx, here: &str) -> Form {
    ctx.form(format!("{here}/delete"), "Delete agreement").hidden("confirmed", "yes")
}

/// Asks whether an agreement is to be deleted, where the dialog cannot.
pub async fn delete_agreement(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let agreement = ctx.read(move |tx, actor| actions::agreement(tx, actor, &id)).await?;
    let here = ctx.url(&format!("/agreements/{}", agreement.id));
    let page = ctx
        .page("Delete this agreement?")
        .crumb(Crumb::link("Agreements", ctx.url("/agreements")))
        .crumb(Crumb::link(Text::data(&agreement.title), &here))
        .crumb(Crumb::here("Delete"));
    let form = delete_form(&ctx, &here).cancel(here);
    ctx.render(&FormPage::new(page, form).beside(beside(&ctx, &agreement)))
}

/// Deletes an agreement.
pub async fn do_delete_agreement(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let back = ctx.url("/agreements");
    ctx.act(&posted, move |tx, actor| {
        actions::delete_agreement(tx, actor, &id)?;
        Ok(Answer::go(&back).flash(Text::new("The agreement was deleted.")))
    })
    .await
}

/// Activates or deletes a version.
pub async fn do_version(
    ctx: Ctx,
    path: web::Path<(String, String, i32, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id, number, verb) = path.into_inner();
    let back = ctx.url(&format!("/agreements/{id}"));
    ctx.act(&posted, move |tx, actor| {
        let text = match verb.as_str() {
            "activate" => {
                actions::activate_version(tx, actor, &id, number)?;
                Text::new("Version {version} is active now.")
            }
            "delete" => {
                actions::delete_version(tx, actor, &id, number)?;
                Text::new("Version {version} was deleted.")
            }
            _ => return Err(crate::kit::Refusal::not_found("action", &verb).into()),
        };
        Ok(Answer::go(&back).flash(text.arg("version", number)))
    })
    .await
}
