//! One contract: where it stands, what can be done with it, its terms.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::super::actions;
use super::super::model::{By, CONSENT, Consent, Contract, ContractKind, ContractStatus, Purpose, Verb};
use super::contracts::{beside, party_word, whose_turn};
use super::difference::{Subhead, difference};
use super::{accepted, answers, document, four_eyes, kind_word, may, paper_path, purpose_word, signatures, status};
use crate::flows::contracts::links::Links;
use crate::journal;
use crate::kit::{Level, Module, Refusal, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::dialog::Dialog;
use crate::web::form::{Field, Form};
use crate::web::frames::{FormPage, ObjectPage, Section};
use crate::web::layout::Crumb;
use crate::web::moments;
use crate::web::part::Part;
use crate::web::parts::{Facts, Head, Notice};
use crate::web::status::Tone;
use crate::web::{Answer, Ctx, Error, Posted, explain, tell};

/// The verbs as the page's addresses name them.
const VERBS: [(&str, Verb); 5] = [
    ("sign", Verb::Sign),
    ("reject", Verb::Reject),
    ("refine", Verb::Refine),
    ("terminate", Verb::Terminate),
    ("delete", Verb::Delete),
];

/// What a verb is called on this contract.
fn label(contract: &Contract, verb: Verb) -> &'static str {
    match verb {
        Verb::Sign if contract.status == ContractStatus::Active => "Accept the new version",
        Verb::Sign if contract.kind.is_offered() => "Accept",
        Verb::Sign => "Approve",
        Verb::Reject if contract.kind.is_offered() => "Decline",
        Verb::Reject => "Reject",
        Verb::Refine => "Send back",
        Verb::Enroll => "Send enrolment",
        Verb::Terminate => "Terminate",
        Verb::Delete => "Withdraw offer",
    }
}

/// The verbs that are this reader's, in the order of the page.
fn own_verbs(contract: &Contract) -> Vec<Verb> {
    match (contract.kind.is_offered(), contract.reader) {
        (true, By::Issuer) => vec![Verb::Delete, Verb::Terminate],
        (true, By::Owner) => vec![Verb::Sign, Verb::Reject],
        (false, By::Issuer) if contract.next(Verb::Refine).is_ok() => vec![Verb::Sign, Verb::Refine, Verb::Reject],
        (false, By::Issuer) => vec![Verb::Sign, Verb::Reject, Verb::Terminate],
        // Of an own enrolment there is nothing to decide until a newer version is out.
        (false, By::Owner) if contract.status == ContractStatus::Active => vec![Verb::Sign],
        (false, By::Owner) => vec![],
        (_, By::System) => vec![],
    }
}

/// Whether the person's permissions allow the verb; the action checks again.
fn permitted(ctx: &Ctx, verb: Verb) -> bool {
    may(ctx, if matches!(verb, Verb::Terminate | Verb::Delete) { Level::Manage } else { Level::Act })
}

/// One contract.
pub async fn contract(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (contract, signed, versions, filled, moments) = ctx
        .read(move |tx, actor| {
            let (contract, signed) = actions::signatures(tx, actor, &id)?;
            let versions = actions::versions_of(tx, &contract)?;
            let filled = actions::enrolment_answers(tx, actor, &contract)?;
            Ok((contract, signed, versions, filled, journal::seen_by(tx, actor, "contract", &id, 50)?))
        })
        .await?;
    let here = ctx.url(&format!("/contracts/{}", contract.id));
    let page = ctx
        .page(Text::data(&contract.name))
        .crumb(Crumb::link("Contracts", ctx.url("/contracts")))
        .crumb(Crumb::here(Text::data(contract.id.as_str())));
    let mut dialogs = vec![];
    let head = head(&ctx, &contract, &here, &mut dialogs);
    let mut sections = vec![];
    sections.extend(invitation_section(&ctx, &contract, &here, &mut dialogs));
    sections.extend(answers::section(&ctx, &contract, filled.as_ref()));
    sections.push(signatures::section(&ctx, &contract, &versions, &signed));
    sections.push(moments::story(&ctx, &contract.id, moments));
    ctx.render(&ObjectPage {
        page,
        head,
        turn: whose_turn(&ctx, &contract),
        notices: answers::notice(&contract, filled.as_ref()).into_iter().chain(notices(&ctx, &contract)).collect(),
        tabs: None,
        sections,
        about: Text::new("About this contract"),
        facts: facts(&ctx, &contract),
        dialogs,
    })
}

fn head(ctx: &Ctx, contract: &Contract, here: &str, dialogs: &mut Vec<Dialog>) -> Head {
    let mut head = Head::new(Text::data(&contract.name))
        .meta(Cell::copy(&contract.id))
        .meta(status(contract.status))
        .meta(Cell::text(kind_word(contract.kind)));
    if contract.purpose == Purpose::Test {
        head = head.meta(Cell::text(purpose_word(contract.purpose)).tone(Tone::Warn));
    }
    // With a marketplace open to it, the vendor's next step is a product on it.
    let lists = contract.kind == ContractKind::Distribution
        && contract.status == ContractStatus::Active
        && contract.reader == By::Owner
        && !to_offer(contract, Verb::Sign)
        && ctx.actor().seat().is_some_and(|s| s.permissions.holds(Module::Listings, Level::Act));
    if lists {
        let href = ctx.url(&format!("/listings/request?type=new&contract={}", contract.id));
        head = head.action(Button::link("Request listing", href).primary());
    }
    if let Some(button) = answers::button(ctx, contract) {
        head = head.action(button);
    }
    for verb in own_verbs(contract)
        .into_iter()
        .filter(|v| permitted(ctx, *v) && contract.status.is_live() && to_offer(contract, *v))
    {
        let Some((word, _)) = VERBS.iter().find(|(_, v)| *v == verb) else { continue };
        let label = label(contract, verb);
        head = head.action(match contract.next(verb) {
            // What is accepted is read on a page of its own.
            Ok(_) if verb == Verb::Sign && contract.reader == By::Owner => {
                Button::link(label, format!("{here}/{word}")).primary()
            }
            // And what ends with it is counted only for whoever is about to end it.
            Ok(_) if verb == Verb::Terminate => Button::link(label, format!("{here}/{word}")).danger(),
            Ok(_) => {
                dialogs.push(dialog(ctx, contract, verb, word, here));
                let button = Button::dialog(label, *word, format!("{here}/{word}"));
                match verb {
                    Verb::Sign => button.primary(),
                    Verb::Refine => button,
                    _ => button.danger(),
                }
            }
            Err(refusal) => Button::not_now(label, tell(&refusal)),
        });
    }
    if contract.reader == By::Issuer && may(ctx, Level::Manage) {
        head = head.action(Button::link("Edit terms", format!("{here}/edit")).icon("edit"));
    }
    head
}

/// An active contract on the newest version has nothing to accept; saying so beside the buttons would only be noise.
fn to_offer(contract: &Contract, verb: Verb) -> bool {
    let settled = contract.status == ContractStatus::Active;
    !settled || verb == Verb::Terminate || contract.next(verb).is_ok()
}

fn notices(ctx: &Ctx, contract: &Contract) -> Vec<Notice> {
    let mut notices = vec![];
    let newer = contract.agreement.active_version.filter(|_| contract.circumstances().newer);
    if let (Some(newer), ContractStatus::Active) = (newer, contract.status) {
        let text = match contract.reader {
            By::Owner => Text::new(
                "Version {newer} of the agreement is out; this contract is under version {version}. It stays valid until you accept the new one.",
            ),
            _ => Text::new(
                "Version {newer} of the agreement is out; this contract is under version {version} until {partner} accepts the new one.",
            ),
        };
        let version = contract.version.map(|v| v.to_string()).unwrap_or_default();
        let text = text.arg("newer", newer).arg("version", version).arg("partner", &contract.owner.name);
        let href = ctx.url(&format!("/agreements/{}/versions/{newer}", contract.agreement.id));
        notices.push(Notice::new(text).title("Updates available").action(Button::link("Read it", href)));
    }
    notices.extend(contract.proposal.as_ref().map(|p| four_eyes::notice(ctx, contract, p)));
    let ended = match contract.status {
        ContractStatus::Rejected => Some("This contract was rejected. That is final; a new one can be made."),
        ContractStatus::Terminated => Some("This contract has ended. That is final; a new one can be made."),
        _ => None,
    };
    if let Some(words) = ended {
        let notice = Notice::new(words);
        notices.push(if contract.termination_note.is_empty() {
            notice
        } else {
            Notice::new(Text::new("Reason: {note}").arg("note", &contract.termination_note)).title(words)
        });
    }
    notices
}

fn facts(ctx: &Ctx, contract: &Contract) -> Facts {
    let agreement = ctx.url(&format!("/agreements/{}", contract.agreement.id));
    let mut facts = Facts::new()
        .fact("Your part", Cell::text(party_word(contract.reader)))
        .fact("Issued by", Cell::data(&contract.issuer.name).sub(Cell::id(&contract.issuer.id)))
        .fact("Partner", Cell::data(&contract.owner.name).sub(Cell::id(&contract.owner.id)));
    if let Some(parent) = &contract.agreement.parent {
        let href = ctx.url(&format!("/agreements/{}", parent.id));
        facts = facts.fact("Program agreement", Cell::link(&parent.name, href));
    }
    facts = facts.fact("Agreement", Cell::link(&contract.agreement.title, agreement));
    if let Some(market) = &contract.marketplace {
        let href = ctx.url(&format!("/marketplaces/{}", market.id));
        facts = facts.fact("Marketplace", Cell::link(&market.name, href));
    }
    facts = facts
        .fact("Version", Cell::maybe(contract.version, Cell::number))
        .fact("Kind", Cell::text(purpose_word(contract.purpose)));
    if !contract.message.is_empty() {
        facts = facts.fact("Message", Cell::data(&contract.message).wrap());
    }
    if let Some(private) = &contract.private {
        facts = facts.fact("Internal note", Cell::data(&private.note).wrap());
    }
    let at = |name: &str| Cell::maybe(contract.events.at(name), Cell::time_long);
    facts
        .fact("Created", at("created"))
        .fact("Enrolled", Cell::maybe(contract.enrolled_at, Cell::time_long))
        .fact("Active since", Cell::maybe(contract.activated_at, Cell::time_long))
        .fact("Signed by", Cell::maybe(contract.signee.clone(), |s| Cell::person(s.name)))
        .fact("Ends", Cell::maybe(contract.expire_at, Cell::time_long))
        .fact("Ended", at("terminated"))
}

/// What the issuer needs to bring the partner here: the link, and sending it.
fn invitation_section(ctx: &Ctx, contract: &Contract, here: &str, dialogs: &mut Vec<Dialog>) -> Option<Section> {
    let link = Links::of(ctx.services()).link(contract)?;
    let private = contract.private.as_ref()?;
    let section = Section::new("Invitation").note("works once, while the contract is pending");
    if !contract.link_lives(ctx.services().clock.now()) {
        return Some(
            section.words("The link is too old: the contract's end has passed. Change the end to open it again."),
        );
    }
    let facts = Facts::new()
        .fact("Activation link", Cell::copy(link).wrap())
        .fact("Sent to", Cell::data(private.email.clone().unwrap_or_default()));
    let mut section = section.part(facts);
    if may(ctx, Level::Manage) {
        dialogs.push(Dialog::new("invite", "Send the invitation", invite_form(ctx, contract, here)));
        let button = Button::dialog("Send by e-mail", "invite", format!("{here}/invite")).icon("send");
        section = section.part(crate::web::button::Actions::default().button(button));
    }
    Some(section)
}

// ---- doing something ----

fn verb_form(ctx: &Ctx, contract: &Contract, verb: Verb, word: &str, here: &str) -> Form {
    let form = ctx.form(format!("{here}/{word}"), label(contract, verb)).hidden("confirmed", "yes");
    match verb {
        Verb::Reject | Verb::Terminate => {
            form.field(Field::text("note", "Reason").hint("The partner reads it. At most 100 characters.").optional())
        }
        Verb::Refine => form.field(answers::note_field()),
        Verb::Sign if contract.reader == By::Owner => form.field(Field::check("accept", "Agreement", CONSENT)),
        _ => form,
    }
}

/// What will happen.
fn consequence(contract: &Contract, verb: Verb) -> Text {
    let text = match verb {
        Verb::Sign => Text::new("{partner} can then list products on the marketplace."),
        Verb::Reject if contract.kind.is_offered() => Text::new("{partner} is told. The invitation ends with it."),
        Verb::Reject => Text::new("{partner} is told, and may enrol again."),
        Verb::Refine => Text::new("{partner} fills the form again."),
        Verb::Terminate if contract.kind == super::super::model::ContractKind::Program => {
            Text::new("It ends for good, and with it every distribution contract of {partner} under this program.")
        }
        Verb::Terminate => Text::new("It ends for good. To work with {partner} again, a new contract is needed."),
        Verb::Delete | Verb::Enroll => Text::new("The link stops working, and {partner} leaves your list."),
    };
    text.arg("partner", &contract.partner().name)
}

fn dialog(ctx: &Ctx, contract: &Contract, verb: Verb, word: &str, here: &str) -> Dialog {
    let title = Text::new("{verb:word}: {contract}").arg("verb", label(contract, verb)).arg("contract", &contract.id);
    Dialog::new(word, title, verb_form(ctx, contract, verb, word, here)).text(consequence(contract, verb))
}

fn invite_form(ctx: &Ctx, contract: &Contract, here: &str) -> Form {
    let before = contract.private.as_ref().and_then(|p| p.email.clone()).unwrap_or_default();
    ctx.form(format!("{here}/invite"), "Send")
        .field(Field::email("email", "E-mail of the partner").hint("The mail holds the activation link.").value(before))
}

fn known(word: &str) -> Result<Verb, Error> {
    let found = VERBS.iter().find(|(w, _)| *w == word).map(|(_, v)| *v);
    found.ok_or_else(|| Refusal::not_found("action", word).into())
}

async fn verb_page(
    ctx: &Ctx,
    code: StatusCode,
    id: &str,
    word: &str,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let asked = id.to_owned();
    let (contract, found, older) =
        ctx.read(move |tx, actor| actions::contract_with_document(tx, actor, &asked)).await?;
    let here = ctx.url(&format!("/contracts/{}", contract.id));
    let (title, text, mut form) = if word == "invite" {
        (Text::new("Send the invitation"), None, invite_form(ctx, &contract, &here))
    } else {
        let verb = known(word)?;
        contract.next(verb)?;
        let text = Some(consequence(&contract, verb)).filter(|_| contract.reader != By::Owner || verb != Verb::Sign);
        (Text::new(label(&contract, verb)), text, verb_form(ctx, &contract, verb, word, &here))
    };
    form = form.cancel(&here);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let page = ctx
        .page(title.clone())
        .crumb(Crumb::link("Contracts", ctx.url("/contracts")))
        .crumb(Crumb::link(Text::data(contract.id.as_str()), here))
        .crumb(Crumb::here(title.clone()));
    let mut shown = FormPage::new(page, form);
    shown.head = match text {
        Some(text) => Head::new(title).lede(text),
        None => Head::new(title).lede(Text::data(&contract.name)),
    };
    if word == "terminate" {
        let asked = id.to_owned();
        let found = ctx.read(move |tx, actor| actions::consequences(tx, actor, &asked)).await?;
        shown.parts.extend(four_eyes::what_follows(found));
    }
    if word == "sign" && contract.reader == By::Owner {
        let paper = paper_path(ctx, contract.agreement.id.as_str(), contract.version_to_read());
        if let (Some(new), Some((version, old))) = (&found, &older) {
            let words = Text::new("What changed since version {version}, which you signed").arg("version", version);
            let older = ctx.url(&format!("/agreements/{}/versions/{version}", contract.agreement.id));
            shown.parts.push(Part::new(Subhead { words }));
            shown.parts.push(difference(old, new, &older));
            shown.parts.push(Part::new(Subhead { words: "The whole text".into() }));
        }
        shown.parts.push(document(found.as_ref(), &paper));
    }
    ctx.render_as(code, &shown.beside(beside(&contract)))
}

/// Asks whether something is to be done, where the dialog cannot.
pub async fn contract_verb(ctx: Ctx, path: web::Path<(String, String, String)>) -> Result<HttpResponse, Error> {
    verb_page(&ctx, StatusCode::OK, &path.1, &path.2, None).await
}

/// Does it.
pub async fn do_contract_verb(
    ctx: Ctx,
    path: web::Path<(String, String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id, word) = path.into_inner();
    match done(&ctx, &id, &word, &posted).await {
        Ok(response) => Ok(response),
        Err(error) => verb_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, &id, &word, Some((error, &posted))).await,
    }
}

async fn done(ctx: &Ctx, id: &str, word: &str, posted: &Posted) -> Result<HttpResponse, Error> {
    let (id, note, email) = (id.to_owned(), posted.get("note").to_owned(), posted.get("email").to_owned());
    let (back, list) = (ctx.url(&format!("/contracts/{id}")), ctx.url("/contracts"));
    if word == "invite" {
        return ctx
            .act(posted, move |tx, actor| {
                actions::send_invitation(tx, actor, &id, &email)?;
                Ok(Answer::go(&back).flash(Text::new("The invitation goes to {email}.").arg("email", email.trim())))
            })
            .await;
    }
    let (verb, ticked) = (known(word)?, posted.checked("accept"));
    let proof = ctx.confirmed().map(|c| c.proof);
    let mut consent = Consent::approved(proof);
    if verb == Verb::Refine {
        answers::note_given(&note)?;
    }
    if verb == Verb::Sign {
        let asked = id.clone();
        let contract = ctx.read(move |tx, actor| actions::contract(tx, actor, &asked)).await?;
        if contract.reader == By::Owner && contract.next(verb).is_ok() {
            accepted(ticked)?;
            consent = Consent::read(proof);
        }
    }
    ctx.act(posted, move |tx, actor| {
        let (to, text) = match verb {
            Verb::Sign => {
                let done = actions::sign(tx, actor, &id, &consent)?;
                (&back, four_eyes::told(done, "The contract is active."))
            }
            Verb::Reject => {
                actions::reject(tx, actor, &id, &note)?;
                (&back, "The contract was rejected.")
            }
            Verb::Refine => {
                actions::refine(tx, actor, &id, &note)?;
                (&back, "The enrolment was sent back.")
            }
            Verb::Enroll => {
                actions::enroll(tx, actor, &id, &consent)?;
                (&back, "The enrolment was sent.")
            }
            Verb::Terminate => {
                let done = actions::terminate(tx, actor, &id, &note)?;
                (&back, four_eyes::told(done, "The contract was terminated."))
            }
            Verb::Delete => {
                actions::delete_contract(tx, actor, &id)?;
                (&list, "The offer was withdrawn.")
            }
        };
        Ok(Answer::go(to).flash(Text::new(text)))
    })
    .await
}
