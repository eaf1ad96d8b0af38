//! Pages of hubs.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::super::actions;
use super::super::model::{Hub, HubWords, InstanceType};
use super::{may_change, opening, tabs};
use crate::journal;
use crate::kit::Text;
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::dialog::Dialog;
use crate::web::form::{Choice, Field, Form};
use crate::web::frames::{FormPage, ObjectPage, Panel, Section};
use crate::web::layout::Crumb;
use crate::web::list::{Col, Linked, List};
use crate::web::moments;
use crate::web::parts::{Facts, Head, Notice};
use crate::web::state::State;
use crate::web::table::{Boxed, Column, Narrow, Row};
use crate::web::{Answer, Ctx, Error, Posted, explain};

/// What stands beside a form about a hub.
const THE_HUB: &str = "The hub";

type Line = Linked<Hub>;

/// The hubs.
pub async fn hubs(ctx: Ctx) -> Result<HttpResponse, Error> {
    let empty = State::nothing_yet(
        "server",
        "No hubs yet",
        "A hub is a commerce system that sends orders: a shop, CloudBlue Commerce, a script. Marketplaces are sold through hubs.",
    );
    let register = Button::link("Register hub", ctx.url("/hubs/new")).primary().icon("plus");
    let (head, empty) = opening(&ctx, empty, register);
    let here = ctx.url("/hubs");
    let list = List::new("Hubs", here.clone(), &actions::HUBS, move |tx, actor, ids| {
        Ok(Linked::all(&here, actions::hubs(tx, actor, ids)?, |hub| hub.id.as_str()))
    })
    .column(Col::link("name", "Hub", |l: &Line| (&l.row.name, &l.href)).at(Narrow::Left1).grows().sorted("name"))
    .column(Col::id("id", "Id", |l: &Line| &l.row.id).at(Narrow::Right1).sorted("id"))
    .column(
        Col::new("instance", "Instance", |l: &Line| Cell::data(&l.row.instance_id), |l| l.row.instance_id.clone())
            .at(Narrow::Left2),
    )
    .column(
        Col::new(
            "type",
            "Type",
            |l: &Line| Cell::data(l.row.instance_type.as_str()),
            |l| l.row.instance_type.to_string(),
        )
        .at(Narrow::Right2)
        .sorted("instance.type"),
    )
    .column(Col::count("marketplaces", "Marketplaces", |l: &Line| l.row.marketplaces).sorted("stats.marketplaces"))
    .column(Col::count("connections", "Connections", |l: &Line| l.row.connections).sorted("stats.connections"))
    .column(Col::moment("created", "Created", |l: &Line| l.row.events.at("created")).sorted("events.created.at"))
    .filter("instance.type", "Type", &[("API", "API"), ("OA", "CloudBlue Commerce")])
    .filter_days("events.created.at", "Created")
    .search("Name, id, instance")
    .empty(empty);
    let page = ctx.page("Hubs").crumb(Crumb::link("Marketplaces", ctx.url("/marketplaces"))).crumb(Crumb::here("Hubs"));
    ctx.list_page(list, page, head, Some(tabs(&ctx, "/hubs"))).await
}

fn fields(form: Form, words: &HubWords) -> Form {
    let oa = words.instance_type.eq_ignore_ascii_case(InstanceType::Oa.as_str());
    let types = vec![
        Choice::new("API", "API").hint("Any system that uses the API.").selected(!oa),
        Choice::new("OA", "CloudBlue Commerce").hint("Its instance id is shown in its adapter.").selected(oa),
    ];
    form.field(Field::text("name", "Name").value(&words.name))
        .field(Field::radios("instance_type", "Type", types))
        .field(
            Field::text("instance_id", "Instance id")
                .hint("Any text that no other hub of yours has: an address, a number.")
                .value(&words.instance_id),
        )
        .field(Field::area("description", "Description").rows(3).optional().value(&words.description))
}

fn words(posted: &Posted) -> HubWords {
    HubWords {
        name: posted.get("name").to_owned(),
        description: posted.get("description").to_owned(),
        instance_id: posted.get("instance_id").to_owned(),
        instance_type: posted.get("instance_type").to_owned(),
    }
}

fn new_page(ctx: &Ctx, status: StatusCode, form: Form) -> Result<HttpResponse, Error> {
    let page = ctx.page("Register hub").crumb(Crumb::link("Hubs", ctx.url("/hubs"))).crumb(Crumb::here("Register hub"));
    ctx.render_as(status, &FormPage::new(page, form))
}

fn new_form(ctx: &Ctx) -> Form {
    fields(ctx.form(ctx.url("/hubs/new"), "Register hub"), &HubWords::default()).cancel(ctx.url("/hubs"))
}

/// The form that registers a hub.
pub async fn new_hub(ctx: Ctx) -> Result<HttpResponse, Error> {
    new_page(&ctx, StatusCode::OK, new_form(&ctx))
}

/// Registers a hub.
pub async fn do_new_hub(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let (words, base) = (words(&posted), ctx.url("/hubs"));
    let done = ctx
        .act(&posted, move |tx, actor| {
            let id = actions::register_hub(tx, actor, &words)?;
            Ok(Answer::go(format!("{base}/{id}"))
                .flash(Text::new("The hub {name} was registered.").arg("name", words.name.trim())))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => {
            let mut form = new_form(&ctx);
            explain(&mut form, &posted, error)?;
            new_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, form)
        }
    }
}

/// One hub.
pub async fn hub(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (hub, markets, moments) = ctx
        .read(move |tx, actor| {
            let hub = actions::hub(tx, actor, &id)?;
            let markets = actions::marketplaces_of_hub(tx, actor, &hub)?;
            let moments = journal::seen_by(tx, actor, "hub", &id, 50)?;
            Ok((hub, markets, moments))
        })
        .await?;
    let here = ctx.url(&format!("/hubs/{}", hub.id));
    let page = ctx
        .page(Text::data(&hub.name))
        .crumb(Crumb::link("Marketplaces", ctx.url("/marketplaces")))
        .crumb(Crumb::link("Hubs", ctx.url("/hubs")))
        .crumb(Crumb::here(Text::data(hub.id.as_str())));
    let mut head = Head::new(Text::data(&hub.name)).meta(Cell::copy(&hub.id));
    let mut dialogs = vec![];
    if may_change(&ctx) {
        head = head.action(Button::link("Edit", format!("{here}/edit")).icon("edit"));
        if hub.is_unused() {
            head = head.action(Button::dialog("Delete", "delete", format!("{here}/delete")).danger());
            dialogs.push(delete_dialog(&ctx, &hub));
        } else {
            let reason = Text::new(
                "Marketplaces or connections use this hub. Take it out of the marketplaces first; a connection stays for good.",
            );
            head = head.action(Button::not_now("Delete", reason));
        }
    }
    let rows = markets
        .into_iter()
        .map(|(m, external)| {
            let href = ctx.url(&format!("/marketplaces/{}", m.id));
            Row::new(
                &m.id,
                vec![Cell::link(m.name, href).strong(), Cell::id(&m.id), Cell::data(external.unwrap_or_default())],
            )
        })
        .collect::<Vec<_>>();
    let mut section = Section::new("Marketplaces");
    section = if rows.is_empty() {
        let words =
            "No marketplace is sold through this hub. A marketplace names its hubs when it is created or edited.";
        let mut notice = Notice::new(words);
        if may_change(&ctx) {
            notice = notice.action(Button::link("Create marketplace", ctx.url("/marketplaces/new")));
        }
        section.part(notice)
    } else {
        let columns = vec![
            Column::new("name", "Marketplace").grows(),
            Column::new("id", "Id"),
            Column::new("external", "Account id in the hub"),
        ];
        section.part(Boxed::new("Marketplaces", columns, rows))
    };
    ctx.render(&ObjectPage {
        page,
        head,
        turn: None,
        notices: vec![],
        tabs: None,
        sections: vec![section, moments::story(&ctx, &hub.id, moments)],
        about: Text::new("About this hub"),
        facts: facts(&hub),
        dialogs,
    })
}

fn facts(hub: &Hub) -> Facts {
    Facts::new()
        .fact("Type", Cell::text(type_word(hub.instance_type)))
        .fact("Instance id", Cell::copy(&hub.instance_id))
        .fact("Owner", Cell::data(&hub.owner.name))
        .fact("Connections", Cell::number(hub.connections))
        .fact("Description", Cell::data(&hub.description).wrap())
        .fact("Created", Cell::maybe(hub.events.at("created"), Cell::time_long))
        .fact("Changed", Cell::maybe(hub.events.at("updated"), Cell::time_long))
}

fn type_word(kind: InstanceType) -> &'static str {
    match kind {
        InstanceType::Api => "API",
        InstanceType::Oa => "CloudBlue Commerce",
    }
}

fn delete_form(ctx: &Ctx, hub: &Hub) -> Form {
    let here = ctx.url(&format!("/hubs/{}", hub.id));
    ctx.form(format!("{here}/delete"), "Delete hub").hidden("confirmed", "yes")
}

fn delete_dialog(ctx: &Ctx, hub: &Hub) -> Dialog {
    let text = Text::new("{name} is taken out of the list for good. Nothing uses it.").arg("name", &hub.name);
    Dialog::new("delete", "Delete this hub?", delete_form(ctx, hub)).text(text)
}

/// Asks whether a hub is to be deleted, where the dialog cannot.
pub async fn delete_hub(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let hub = ctx.read(move |tx, actor| actions::hub(tx, actor, &id)).await?;
    let page = ctx
        .page("Delete this hub?")
        .crumb(Crumb::link("Hubs", ctx.url("/hubs")))
        .crumb(Crumb::link(Text::data(&hub.name), ctx.url(&format!("/hubs/{}", hub.id))))
        .crumb(Crumb::here("Delete"));
    let form = delete_form(&ctx, &hub).cancel(ctx.url(&format!("/hubs/{}", hub.id)));
    ctx.render(&FormPage::new(page, form).beside(Panel::about(THE_HUB, facts(&hub))))
}

/// Deletes a hub.
pub async fn do_delete_hub(ctx: Ctx, path: web::Path<(String, String)>, posted: Posted) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let back = ctx.url("/hubs");
    ctx.act(&posted, move |tx, actor| {
        actions::delete_hub(tx, actor, &id)?;
        Ok(Answer::go(&back).flash(Text::new("The hub was deleted.")))
    })
    .await
}

async fn edit_page(
    ctx: &Ctx,
    status: StatusCode,
    id: &str,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let asked = id.to_owned();
    let hub = ctx.read(move |tx, actor| actions::hub(tx, actor, &asked)).await?;
    let here = ctx.url(&format!("/hubs/{}", hub.id));
    let words = HubWords {
        name: hub.name.clone(),
        description: hub.description.clone(),
        instance_id: hub.instance_id.clone(),
        instance_type: hub.instance_type.to_string(),
    };
    let mut form = fields(ctx.form(format!("{here}/edit"), "Save").revision(hub.revision), &words).cancel(&here);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let page = ctx
        .page("Edit hub")
        .crumb(Crumb::link("Marketplaces", ctx.url("/marketplaces")))
        .crumb(Crumb::link("Hubs", ctx.url("/hubs")))
        .crumb(Crumb::link(Text::data(&hub.name), here))
        .crumb(Crumb::here("Edit"));
    ctx.render_as(status, &FormPage::new(page, form).beside(Panel::about(THE_HUB, facts(&hub))))
}

/// The form that changes a hub.
pub async fn edit_hub(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    edit_page(&ctx, StatusCode::OK, &path.1, None).await
}

/// Changes a hub.
pub async fn do_edit_hub(ctx: Ctx, path: web::Path<(String, String)>, posted: Posted) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (words, revision, back, hub) = (words(&posted), posted.revision(), ctx.url(&format!("/hubs/{id}")), id.clone());
    let again = async |code, error| edit_page(&ctx, code, &id, Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        let words = words.clone();
        actions::edit_hub(tx, actor, &hub, revision, |_| Ok(words))?;
        Ok(Answer::go(&back).flash(Text::new("The hub was saved.")))
    })
    .await
}
