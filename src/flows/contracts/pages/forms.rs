//! A distributor's forms: their list, and one of them.

use actix_web::{HttpResponse, web};

use super::super::actions;
use super::super::model::{Form, FormVersion};
use super::questions::{Look, Source};
use super::{form_word, may_issue};
use crate::journal;
use crate::kit::schema::Schema;
use crate::kit::{AgreementId, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::dialog::Dialog;
use crate::web::form::Form as PageForm;
use crate::web::frames::{FormPage, ObjectPage, Panel, Section};
use crate::web::layout::Crumb;
use crate::web::list::{Col, List};
use crate::web::moments;
use crate::web::parts::{Facts, Head};
use crate::web::state::State;
use crate::web::table::{Boxed, Column, Narrow, Row};
use crate::web::{Answer, Ctx, Error, Posted};

struct Line {
    form: Form,
    href: String,
}

/// The distributor's forms.
pub async fn forms(ctx: Ctx) -> Result<HttpResponse, Error> {
    let base = ctx.url("/forms");
    let create = || Button::link("Create form", ctx.url("/forms/new")).primary().icon("plus");
    let mut head = Head::new("Forms");
    let mut empty = State::nothing_yet(
        "file-text",
        "No forms yet",
        "A form asks vendors what you have to know before you approve them. It is attached to a distribution agreement.",
    );
    if may_issue(&ctx) {
        head = head.action(create());
        empty = empty.action(create());
    }
    let list = List::new("Forms", ctx.url("/forms"), &actions::FORMS, move |tx, actor, ids| {
        let line = |form: Form| Line { href: format!("{base}/{}", form.id), form };
        Ok(actions::forms(tx, actor, ids)?.into_iter().map(line).collect())
    })
    .column(Col::link("name", "Form", |l: &Line| (&l.form.name, &l.href)).at(Narrow::Left1).grows().sorted("name"))
    .column(Col::id("id", "Id", |l: &Line| &l.form.id).at(Narrow::Left2).sorted("id"))
    .column(
        Col::new("type", "Type", |l: &Line| Cell::text(form_word(l.form.kind)), |l| l.form.kind.to_string())
            .at(Narrow::Right1)
            .sorted("type"),
    )
    .column(Col::count("version", "Version", |l: &Line| i64::from(l.form.version)).sorted("version"))
    .column(Col::count("agreements", "Agreements", |l: &Line| l.form.agreements))
    .column(
        Col::moment("created", "Created", |l: &Line| l.form.events.at("created"))
            .at(Narrow::Right2)
            .sorted("events.created.at"),
    )
    .filter("type", "Type", &[("enroll", "Enrolment form"), ("product", "Product form"), ("item", "Item form")])
    .filter_text("name", "Form")
    .filter_days("events.created.at", "Created")
    .search("Name, id")
    .empty(empty);
    let page = ctx.page("Forms").crumb(Crumb::link("Agreements", ctx.url("/agreements"))).crumb(Crumb::here("Forms"));
    ctx.list_page(list, page, head, None).await
}

/// One form: how it looks, its versions, which agreements have it.
pub async fn form(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (form, versions, agreements, moments) = ctx
        .read(move |tx, actor| {
            let (form, versions) = actions::form_versions(tx, actor, &id)?;
            let agreements = actions::agreements_with(tx, actor, &form.id)?;
            Ok((form, versions, agreements, journal::seen_by(tx, actor, "form", &id, 50)?))
        })
        .await?;
    let here = ctx.url(&format!("/forms/{}", form.id));
    let mut head = Head::new(Text::data(&form.name)).meta(Cell::copy(&form.id)).meta(Cell::text(form_word(form.kind)));
    let mut dialogs = vec![];
    if form.own && may_issue(&ctx) {
        head = head.action(Button::link("Edit", format!("{here}/edit")).icon("edit"));
        head = head.action(match form.may_delete() {
            Ok(()) => {
                let text = Text::new("{name} and its versions are taken away for good.").arg("name", &form.name);
                dialogs.push(Dialog::new("delete", "Delete this form?", delete(&ctx, &here)).text(text));
                Button::dialog("Delete", "delete", format!("{here}/delete")).danger()
            }
            Err(refusal) => Button::not_now("Delete", crate::web::tell(&refusal)),
        });
    }
    let mut sections = vec![look(&form.schema)];
    if form.own {
        sections.push(uses(&ctx, &agreements));
    }
    sections.push(versions_section(&versions, &here));
    sections.push(source(&form.schema));
    sections.push(moments::story(&ctx, &form.id, moments));
    let page = frame(&ctx, &form).crumb(Crumb::here(Text::data(form.id.as_str())));
    let (about, facts) = (Text::new("About this form"), facts(&form));
    ctx.render(&ObjectPage { page, head, turn: None, notices: vec![], tabs: None, sections, about, facts, dialogs })
}

/// The frame of the pages of a form. Partners have no list of forms.
pub(super) fn frame(ctx: &Ctx, form: &Form) -> crate::web::layout::Page {
    let page = ctx.page(Text::data(&form.name));
    if form.own {
        return page
            .crumb(Crumb::link("Agreements", ctx.url("/agreements")))
            .crumb(Crumb::link("Forms", ctx.url("/forms")));
    }
    page.crumb(Crumb::link("Agreements", ctx.url("/agreements")))
}

fn look(schema: &str) -> Section {
    let section = Section::new("How it looks");
    match Schema::read(schema) {
        Ok(schema) => section.part(Look::of(&schema)),
        Err(refusal) => section.words(crate::web::tell(&refusal)),
    }
}

fn source(schema: &str) -> Section {
    let text = Schema::read(schema).map_or_else(|_| schema.to_owned(), |schema| schema.pretty());
    Section::new("JSON schema").part(Source { text })
}

fn uses(ctx: &Ctx, agreements: &[(AgreementId, String)]) -> Section {
    let section = Section::new("Agreements that have it");
    if agreements.is_empty() {
        return section.words("None. Open a distribution agreement to attach it there.");
    }
    let row = |(id, title): &(AgreementId, String)| {
        let href = ctx.url(&format!("/agreements/{id}"));
        Row::new(id, vec![Cell::link(title, href).strong(), Cell::id(id)])
    };
    let columns = vec![Column::new("title", "Agreement").grows(), Column::new("id", "Id")];
    section.part(Boxed::new("Agreements that have it", columns, agreements.iter().map(row).collect()))
}

fn versions_section(versions: &[FormVersion], here: &str) -> Section {
    let row = |v: &FormVersion| {
        let label = Text::new("Version {version}").arg("version", v.version);
        Row::new(
            v.version,
            vec![
                Cell::text(label).to(format!("{here}/versions/{}", v.version)),
                Cell::maybe(v.author.clone(), |a| Cell::person(a.name)),
                Cell::time(v.created_at),
            ],
        )
    };
    let columns =
        vec![Column::new("version", "Version"), Column::new("author", "Made by").grows(), Column::new("at", "When")];
    Section::new("Versions").part(Boxed::new("Versions", columns, versions.iter().map(row).collect()))
}

fn facts(form: &Form) -> Facts {
    Facts::new()
        .fact("Type", Cell::text(form_word(form.kind)))
        .fact("Made by", Cell::data(&form.owner.name))
        .fact("Version", Cell::number(form.version))
        .fact("Created", Cell::maybe(form.events.at("created"), Cell::time_long))
        .fact("Changed", Cell::maybe(form.events.at("updated"), Cell::time_long))
}

/// What stands beside what is done with a form.
pub(super) fn beside(form: &Form) -> Panel {
    Panel::about("The form", facts(form))
}

/// One version of a form.
pub async fn form_version(ctx: Ctx, path: web::Path<(String, String, i32)>) -> Result<HttpResponse, Error> {
    let (_, id, number) = path.into_inner();
    let (form, version) = ctx.read(move |tx, actor| actions::form_version(tx, actor, &id, number)).await?;
    let here = ctx.url(&format!("/forms/{}", form.id));
    let title = Text::new("{title}, version {version}").arg("title", &form.name).arg("version", number);
    let mut page = frame(&ctx, &form)
        .crumb(Crumb::link(Text::data(&form.name), &here))
        .crumb(Crumb::here(Text::new("Version {version}").arg("version", number)));
    page.title = title.clone();
    let facts = Facts::new()
        .fact("Form", Cell::link(&form.name, here))
        .fact("Made by", Cell::maybe(version.author, |a| Cell::person(a.name)))
        .fact("Made", Cell::time_long(version.created_at));
    ctx.render(&ObjectPage {
        page,
        head: Head::new(title),
        turn: None,
        notices: vec![],
        tabs: None,
        sections: vec![look(&version.schema), source(&version.schema)],
        about: Text::new("About this version"),
        facts,
        dialogs: vec![],
    })
}

fn delete(ctx: &Ctx, here: &str) -> PageForm {
    ctx.form(format!("{here}/delete"), "Delete form").hidden("confirmed", "yes")
}

/// Asks whether a form is to be deleted, where the dialog cannot.
pub async fn delete_form(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let form = ctx.read(move |tx, actor| actions::form(tx, actor, &id)).await?;
    let here = ctx.url(&format!("/forms/{}", form.id));
    let mut page = frame(&ctx, &form).crumb(Crumb::link(Text::data(&form.name), &here)).crumb(Crumb::here("Delete"));
    page.title = Text::new("Delete this form?");
    let asked = delete(&ctx, &here).cancel(here);
    ctx.render(&FormPage::new(page, asked).beside(beside(&form)))
}

/// Deletes a form.
pub async fn do_delete_form(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let back = ctx.url("/forms");
    ctx.act(&posted, move |tx, actor| {
        actions::delete_form(tx, actor, &id)?;
        Ok(Answer::go(&back).flash(Text::new("The form was deleted.")))
    })
    .await
}
