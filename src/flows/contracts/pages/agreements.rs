//! The list of agreements.

use actix_web::HttpResponse;

use super::super::actions;
use super::super::model::Agreement;
use super::{kind_word, may_issue};
use crate::kit::Text;
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::layout::Crumb;
use crate::web::list::{Col, List};
use crate::web::parts::Head;
use crate::web::state::State;
use crate::web::status::Status;
use crate::web::table::Narrow;
use crate::web::{Ctx, Error};

struct Line {
    agreement: Agreement,
    href: String,
}

/// What stands for a status: whether contracts can be made under it.
pub(super) fn version_status(agreement: &Agreement) -> Status {
    match agreement.active_version {
        Some(version) => Status::good(Text::new("Version {version} active").arg("version", version)),
        None => Status::draft("No active version"),
    }
}

/// The program and service agreements; distribution agreements are found inside their program agreement.
pub async fn agreements(ctx: Ctx) -> Result<HttpResponse, Error> {
    let base = ctx.url("/agreements");
    let create = || Button::link("Create agreement", ctx.url("/agreements/new")).primary().icon("plus");
    let (mut head, mut empty) = (
        Head::new("Agreements"),
        State::nothing_yet(
            "affiliate",
            "No agreements yet",
            "Agreements appear here once you have signed a contract under them: open the link of an invitation to begin.",
        ),
    );
    if may_issue(&ctx) {
        empty = State::nothing_yet(
            "affiliate",
            "No agreements yet",
            "An agreement says on which terms vendors or resellers work with you. Contracts are signed under it.",
        )
        .action(create());
        head = head.action(create()).action(Button::link("Forms", ctx.url("/forms")));
    }
    let list = List::new("Agreements", ctx.url("/agreements"), &actions::AGREEMENTS, move |tx, actor, ids| {
        let line = |agreement: Agreement| Line { href: format!("{base}/{}", agreement.id), agreement };
        Ok(actions::agreements(tx, actor, ids)?.into_iter().map(line).collect())
    })
    .within("top", "true")
    .column(
        Col::link("title", "Agreement", |l: &Line| (&l.agreement.title, &l.href))
            .at(Narrow::Left1)
            .grows()
            .sorted("title"),
    )
    .column(Col::id("id", "Id", |l: &Line| &l.agreement.id).at(Narrow::Left3).sorted("id"))
    .column(
        Col::new("type", "Type", |l: &Line| Cell::text(kind_word(l.agreement.kind)), |l| l.agreement.kind.to_string())
            .at(Narrow::Left2)
            .sorted("type"),
    )
    .column(
        Col::new(
            "owner",
            "Issued by",
            |l: &Line| Cell::data(&l.agreement.owner.name),
            |l| l.agreement.owner.name.clone(),
        )
        .at(Narrow::Right2),
    )
    .column(
        Col::new(
            "status",
            "Version",
            |l: &Line| Cell::status(version_status(&l.agreement)),
            |l| l.agreement.active_version.map(|v| v.to_string()).unwrap_or_default(),
        )
        .at(Narrow::Right1),
    )
    .column(Col::count("children", "Distribution agreements", |l: &Line| l.agreement.children))
    .column(Col::moment("created", "Created", |l: &Line| l.agreement.events.at("created")).sorted("created"))
    .filter("type", "Type", &[("program", "Program"), ("service", "Service")])
    .filter("active", "Version", &[("true", "With an active version"), ("false", "Without")])
    .filter_text("owner.name", "Issued by")
    .filter_days("created", "Created")
    .search("Title, id, issuer")
    .empty(empty);
    let page = ctx.page("Agreements").crumb(Crumb::here("Agreements"));
    ctx.list_page(list, page, head, None).await
}
