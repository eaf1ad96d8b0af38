//! One usage file: where it stands, what can be done with it, what it reports.

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::super::actions::{self, FileView, Review};
use super::super::model::{FileStatus, SubStatus, Verb, possible};
use super::checking::checking;
use super::review::{figures, items, problem_groups, subscriptions};
use super::upload::form;
use super::{Place, at, file_status, frame, is_priced, may, partner, period_words, schema_word, tabs, verbs};
use crate::kit::{Level, Side, Text, Time};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::dialog::Dialog;
use crate::web::frames::{ObjectPage, Section};
use crate::web::parts::{Facts, Head, Notice, Turn};
use crate::web::status::Tone;
use crate::web::{Ctx, Error};

/// One usage file.
pub async fn file(ctx: Ctx, path: Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (view, review) = ctx
        .read(move |tx, actor| {
            let view = actions::file(tx, actor, &id)?;
            let review = actions::review(tx, &view.file)?;
            Ok((view, review))
        })
        .await?;
    let mut dialogs = vec![];
    let head = head(&ctx, &view, &mut dialogs);
    let sections = sections(&ctx, &view, &review);
    ctx.render(&ObjectPage {
        page: frame(&ctx, Text::data(&view.file.name), &view.file),
        head,
        turn: whose_turn(&view),
        notices: notices(&view),
        tabs: Some(tabs(&ctx, &view.file, view.side, Place::Review)),
        sections,
        about: Text::new("About this file"),
        facts: facts(&ctx, &view, &review),
        dialogs,
    })
}

/// Whether its records are being worked on just now: many of them are being closed.
pub(super) fn is_closing(view: &FileView) -> bool {
    view.file.status == FileStatus::Accepted && view.file.sub_status == Some(SubStatus::Processing)
}

/// The heading that all pages of a file have.
pub(super) fn plain_head(view: &FileView) -> Head {
    let file = &view.file;
    let head = Head::new(Text::data(&file.name))
        .meta(Cell::copy(&file.id))
        .meta(file_status(file.status))
        .meta(Cell::data(&view.refs.product))
        .meta(Cell::data(partner(view)))
        .meta(Cell::data(&view.refs.marketplace));
    match &file.currency {
        Some(currency) if is_priced(file.schema) => head.meta(Cell::data(currency)),
        _ => head,
    }
}

fn head(ctx: &Ctx, view: &FileView, dialogs: &mut Vec<Dialog>) -> Head {
    let (file, here) = (&view.file, at(ctx, &view.file));
    let can = |verb: Verb| possible(file.id.as_str(), file.status, verb, view.side).is_ok();
    let mut head = plain_head(view);
    for verb in verbs::shown(view).into_iter().filter(|v| may(ctx, verbs::level(*v))) {
        let waits = verb == Verb::Submit && file.status.is_working();
        let label = if waits { "Submit when checked" } else { verbs::label(verb) };
        head = head.action(match verbs::why_not(view, verb) {
            None => {
                let word = verbs::word(verb);
                dialogs.push(verbs::dialog(ctx, view, verb));
                let button = Button::dialog(label, word, format!("{here}/{word}"));
                match verb {
                    Verb::Reject | Verb::Cancel => button.danger(),
                    Verb::Submit if waits => button,
                    _ => button.primary(),
                }
            }
            Some(reason) => Button::not_now(label, reason),
        });
    }
    if may(ctx, Level::Act) && file.visible > 0 && can(Verb::Upload) {
        head = head.action(Button::link("Upload again", format!("{here}/upload")).icon("upload"));
    }
    if view.side != Side::Vendor {
        head = head.action(Button::link("Download", format!("{here}/processed")).icon("download"));
        if may(ctx, Level::Act) && can(Verb::Reprocess) {
            dialogs.push(verbs::dialog(ctx, view, Verb::Reprocess));
            let label = "Build the processed file again";
            head = head.more(Button::dialog(label, "reprocess", format!("{here}/reprocess")).icon("refresh"));
        }
        return head;
    }
    if may(ctx, Level::Act) && can(Verb::Edit) {
        head = head.more(Button::link("Edit", format!("{here}/edit")).icon("edit"));
    }
    if file.status != FileStatus::Deleted {
        head = head.more(Button::link("Download the template", format!("{here}/template")).icon("file-spreadsheet"));
    }
    if may(ctx, Level::Manage) && can(Verb::Delete) {
        dialogs.push(verbs::dialog(ctx, view, Verb::Delete));
        head = head.more(Button::dialog("Delete", "delete", format!("{here}/delete")).icon("trash").danger());
    }
    head
}

fn whose_turn(view: &FileView) -> Option<Turn> {
    let file = &view.file;
    let since = |name: &str| file.events.at(name).unwrap_or(file.created_at);
    let leave = "You may leave this page: the work goes on.";
    let at: Time = match file.status {
        FileStatus::Draft => file.created_at,
        FileStatus::Uploading | FileStatus::Uploaded | FileStatus::Processing => {
            return Some(Turn::working("The rows are being checked", since("uploaded")).note(leave));
        }
        FileStatus::Invalid | FileStatus::Ready => since("uploaded"),
        FileStatus::Pending => since("submitted"),
        FileStatus::Rejected => since("rejected"),
        FileStatus::Accepted if is_closing(view) => {
            return Some(Turn::working("The records are being closed", since("accepted")).note(leave));
        }
        FileStatus::Accepted => since("accepted"),
        FileStatus::Closed | FileStatus::Deleted => return None,
    };
    let step: Text = match file.status {
        FileStatus::Draft => "Upload the filled template.".into(),
        FileStatus::Invalid => "Correct the rows and upload the workbook again.".into(),
        FileStatus::Ready => "All rows are good. Submit the file.".into(),
        FileStatus::Rejected => "Correct the workbook and upload it again.".into(),
        FileStatus::Pending => "Accept the records, or reject them with a note.".into(),
        _ => Text::new("Bill the records and close them: {open:number} of {all:number} are open.")
            .arg("open", file.figures.open())
            .arg("all", file.figures.valid),
    };
    Some(match file.status.turn() {
        Some(side) if side == view.side => Turn::yours(at).note(step),
        Some(Side::Vendor) => Turn::of(Text::new("{name} has to correct it").arg("name", &view.refs.vendor), at),
        _ if file.status == FileStatus::Pending => {
            Turn::of(Text::new("{name} has to accept or reject it").arg("name", &view.refs.provider), at)
        }
        _ => Turn::of(Text::new("{name} has to bill and close it").arg("name", &view.refs.provider), at),
    })
}

fn notices(view: &FileView) -> Vec<Notice> {
    let file = &view.file;
    let mut all = vec![];
    if file.status == FileStatus::Rejected {
        let notice = if file.rejection_note.is_empty() {
            Notice::new("The distributor gave no reason.")
        } else {
            Notice::new(Text::data(&file.rejection_note))
        };
        all.push(notice.title("Rejected:").tone(Tone::Bad));
    }
    if let Some(why) = file.error_detail.as_ref().filter(|_| view.side == Side::Vendor) {
        all.push(Notice::new(why.clone()).title("The workbook could not be taken.").tone(Tone::Bad));
    }
    if file.submit_wish.is_some() && file.status.is_working() {
        all.push(Notice::new("The file is submitted by itself as soon as all its rows are found to be good."));
    }
    if file.status == FileStatus::Deleted {
        all.push(Notice::new("This file was deleted. Its record ids can be reported again."));
    }
    all
}

fn sections(ctx: &Ctx, view: &FileView, review: &Review) -> Vec<Section> {
    let file = &view.file;
    let mut all = vec![];
    if file.status.is_working() || is_closing(view) {
        let title = if file.status.is_working() { "Progress" } else { "Closing" };
        all.push(Section::new(title).part(checking(ctx, view, review)));
    }
    if file.status.is_working() {
        return all;
    }
    let vendor = view.side == Side::Vendor;
    if vendor && file.figures.invalid > 0 {
        all.extend(problem_groups(ctx, view, review));
    }
    let may_upload = vendor && may(ctx, Level::Act);
    match file.status {
        FileStatus::Draft if may_upload => all.extend(first_upload(ctx, view)),
        FileStatus::Invalid | FileStatus::Rejected if may_upload => {
            all.push(Section::new("Upload the corrected workbook").part(form(ctx, view)));
        }
        FileStatus::Draft => all.push(Section::new("Upload").words("No workbook was uploaded yet.")),
        _ => {}
    }
    if file.visible > 0 && file.figures.valid > 0 {
        all.push(Section::new("In all").part(figures(view, review)));
        all.extend(items(ctx, view, review));
        all.extend(subscriptions(ctx, view, review));
    }
    all
}

/// What a vendor does first: take the template, fill it, send it.
fn first_upload(ctx: &Ctx, view: &FileView) -> Vec<Section> {
    let template =
        Button::link("Download the template", format!("{}/template", at(ctx, &view.file))).icon("file-spreadsheet");
    let words = "The template has the columns for this product, an example, and a sheet that explains them. One row is one record: an item, a subscription, a time, a quantity.";
    vec![
        Section::new("1. Fill the template").part(Notice::new(words).action(template)),
        Section::new("2. Upload it").part(form(ctx, view)),
    ]
}

fn facts(ctx: &Ctx, view: &FileView, review: &Review) -> Facts {
    let (file, refs) = (&view.file, &view.refs);
    let link =
        |name: &str, place: &str, id: &str| Cell::link(name, ctx.url(&format!("/{place}/{id}"))).sub(Cell::id(id));
    let period = |p| Cell::text(period_words(p)).sub(Cell::text("Days of UTC"));
    let mut facts = Facts::new()
        .fact("Product", link(&refs.product, "products", file.product.as_str()))
        .fact("Period", Cell::maybe(file.period, period))
        .fact("What is reported", Cell::text(schema_word(file.schema)).wrap())
        .fact("Contract", link(&refs.contract, "contracts", file.contract.as_str()))
        .fact("Marketplace", link(&refs.marketplace, "marketplaces", file.marketplace.as_str()))
        .fact("Vendor", Cell::data(&refs.vendor).sub(Cell::id(&file.vendor)))
        .fact("Distributor", Cell::data(&refs.provider).sub(Cell::id(&file.provider)));
    if let Some(external) = &file.external_id {
        facts = facts.fact("The vendor's number", Cell::data(external).wrap());
    }
    if !file.description.is_empty() {
        facts = facts.fact("Description", Cell::data(&file.description).wrap());
    }
    if !file.note.is_empty() {
        facts =
            facts.fact("Internal note", Cell::data(&file.note).wrap().sub(Cell::text("Only your company reads it.")));
    }
    if let Some(by) = review.upload.as_ref().and_then(|u| u.uploaded_by.as_ref()) {
        facts = facts.fact("Uploaded by", Cell::person(&by.0.name));
    }
    if !file.acceptance_note.is_empty() {
        facts = facts.fact("Note with the acceptance", Cell::data(&file.acceptance_note).wrap());
    }
    for (label, name) in [
        ("Created", "created"),
        ("Uploaded", "uploaded"),
        ("Submitted", "submitted"),
        ("Accepted", "accepted"),
        ("Rejected", "rejected"),
        ("Closed", "closed"),
    ] {
        if let Some(when) = file.events.at(name) {
            facts = facts.fact(label, Cell::time_long(when));
        }
    }
    facts
}
