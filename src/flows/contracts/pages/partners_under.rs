//! The partners under an agreement: who is on which version, and reminding those who are behind.

use actix_web::{HttpResponse, web};

use super::super::actions::{self, Reminded};
use super::super::model::Contract;
use super::{STATUSES, may, status};
use crate::kit::{Level, Refusal, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::layout::Crumb;
use crate::web::list::{Col, List, ListPage, Shown};
use crate::web::parts::Head;
use crate::web::state::State;
use crate::web::status::Tone;
use crate::web::table::{BulkAction, Narrow, Room, ToolForm};
use crate::web::{Answer, Ctx, Error, Posted};

/// The check boxes of the list.
const PICK: &str = "pick";

struct Line {
    contract: Contract,
    href: String,
}

impl Line {
    fn version(&self) -> Cell {
        let cell = Cell::maybe(self.contract.version, Cell::number);
        match self.contract.newer() {
            Some(newer) => {
                cell.sub(Cell::text(Text::new("version {newer} is out").arg("newer", newer)).tone(Tone::Warn))
            }
            None => cell,
        }
    }
}

/// The partners under an agreement that the reader's company issued.
pub async fn partners_under(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (agreement, behind) = ctx
        .read(move |tx, actor| {
            let agreement = actions::agreement(tx, actor, &id)?;
            if !agreement.own {
                let text = "Only {owner}, which issued this agreement, sees who else is under it.";
                return Err(Refusal::forbidden(Text::new(text).arg("owner", &agreement.owner.name)).into());
            }
            let behind = actions::count_behind(tx, &agreement.id)?;
            Ok((agreement, behind))
        })
        .await?;
    let here = ctx.url(&format!("/agreements/{}", agreement.id));
    let base = ctx.url("/contracts");
    let list = List::new("Partners", format!("{here}/partners"), &actions::PARTNERS_UNDER, move |tx, actor, ids| {
        let line = |contract: Contract| Line { href: format!("{base}/{}", contract.id), contract };
        Ok(actions::contracts(tx, actor, ids)?.into_iter().map(line).collect())
    })
    .within("agreement.id", &agreement.id)
    .column(
        Col::new(
            "contract",
            "Contract",
            |l: &Line| Cell::id(&l.contract.id).to(&l.href),
            |l| l.contract.id.to_string(),
        )
        .at(Narrow::Left1),
    )
    .column(
        Col::new(
            "name",
            "Partner",
            |l: &Line| Cell::data(&l.contract.owner.name).strong().sub(Cell::id(&l.contract.owner.id)),
            |l| l.contract.owner.name.clone(),
        )
        .at(Narrow::Left2)
        .grows()
        .sorted("name"),
    )
    .column(
        Col::number("version", "Version", Line::version, |l| {
            l.contract.version.map(|v| v.to_string()).unwrap_or_default()
        })
        .at(Narrow::Right2)
        .sorted("contract.version"),
    )
    .column(
        Col::new(
            "status",
            "Status",
            |l: &Line| Cell::status(status(l.contract.status)),
            |l| l.contract.status.to_string(),
        )
        .at(Narrow::Right1)
        .sorted("contract.status"),
    )
    .column(Col::moment("signed", "Signed", |l: &Line| l.contract.events.at("signed")).sorted("events.signed.at"))
    .column(Col::moment("reminded", "Reminded", |l: &Line| l.contract.reminded_at).needs(Room::Wide))
    .filter("behind", "Version", &[("true", "An older one"), ("false", "The active one, or none")])
    .filter("contract.status", "Status", STATUSES)
    .filter_text("name", "Partner")
    .search("Partner")
    .empty(State::nothing_yet(
        "users",
        "No partners yet",
        "Whoever has a contract under this agreement is listed here.",
    ));
    let mut table = match ctx.list(list).await? {
        Shown::Table(table) => table,
        Shown::Answer(answer) => return Ok(answer),
    };
    let mut head = Head::new(Text::new("Partners under {title}").arg("title", &agreement.title));
    if may(&ctx, Level::Act) && behind > 0 {
        let label = Text::new("Remind {count|the one partner who is|all {count} partners who are} behind");
        let key = ctx.form("", "Remind").hidden;
        let all = Button::post(label.arg("count", behind), format!("{here}/partners/remind"))
            .icon("send")
            .field("all", "yes");
        head = head.action(key.into_iter().fold(all, |button, (name, value)| button.field(name, value)));
        if !table.rows.is_empty() {
            table.bulk = vec![BulkAction::new("remind", "Remind", "send")];
            table.form = ToolForm::new(format!("{here}/partners/remind"));
        }
    }
    let page = ctx
        .page(Text::new("Partners under {title}").arg("title", &agreement.title))
        .crumb(Crumb::link("Agreements", ctx.url("/agreements")))
        .crumb(Crumb::link(Text::data(&agreement.title), here))
        .crumb(Crumb::here("Partners"));
    ctx.render(&ListPage { page, head, tabs: None, table })
}

/// Reminds the chosen partners, or all who are behind.
pub async fn do_remind(ctx: Ctx, path: web::Path<(String, String)>, posted: Posted) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let back = ctx.url(&format!("/agreements/{id}/partners"));
    let (all, chosen) = (posted.checked("all"), posted.all(PICK).to_vec());
    ctx.act(&posted, move |tx, actor| {
        actions::own_agreement(tx, actor, &id)?;
        let text = if all {
            let count = actions::remind_all(tx, actor, &id)?;
            Text::new(
                "{count|One partner gets|{count} partners get} a mail. Whoever had one within a day is left in peace.",
            )
            .arg("count", count)
        } else if chosen.is_empty() {
            Text::new("Choose the partners to remind, then press the button again.")
        } else {
            told(&actions::remind(tx, actor, &chosen)?)
        };
        Ok(Answer::go(&back).flash(text))
    })
    .await
}

fn told(done: &Reminded) -> Text {
    let Reminded { reminded, lately, settled } = *done;
    let mut text = Text::new("{count|One partner was|{count} partners were} reminded.").arg("count", reminded);
    if lately > 0 {
        let late = Text::new("{count|One had|{count} had} a reminder within a day and {count|was|were} left in peace.");
        text = text.then(&late.arg("count", lately));
    }
    if settled > 0 {
        let none = Text::new("{count|One has|{count} have} nothing to accept.");
        text = text.then(&none.arg("count", settled));
    }
    text
}
