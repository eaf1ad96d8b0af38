//! The wizard that offers a program or service contract: the invitation of a partner.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::super::actions;
use super::super::model::{ContractKind, Grants, OfferWords, Purpose};
use super::{kind_word, purpose_word};
use crate::flows::accounts;
use crate::kit::{AgreementId, Code, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::error::Cause;
use crate::web::form::{Choice, Field};
use crate::web::frames::WizardPage;
use crate::web::layout::Crumb;
use crate::web::parts::Notice;
use crate::web::steps::{Answer as Checked, Answers};
use crate::web::wizard::{Wizard, tell_step};
use crate::web::{Answer, Ctx, Error, Posted};

const STEPS: &[&str] = &["Type", "Agreement", "Partner and terms", "Check your answers"];
/// What each step asks.
const QUESTIONS: &[&str] =
    &["Who is invited?", "What does the partner sign?", "Who is the partner?", "Check your answers"];

fn step_of(field: &str) -> usize {
    match field {
        "type" => 1,
        "agreement" => 2,
        _ => 3,
    }
}

fn words(posted: &Posted) -> OfferWords {
    let text = |name: &str| posted.get(name).to_owned();
    OfferWords {
        purpose: text("kind"),
        message: text("activation.message"),
        note: text("note"),
        email: text("activation.email"),
        partner_name: text("partner.name"),
        partner_id: String::new(),
        expire_at: text("expire_at"),
        grants: grants(posted),
    }
}

/// The words of the rights that a partner can be given, with what each means.
const RIGHTS: &[(&str, &str, &str)] = &[
    ("program.create", "It may make program agreements", "It gets a distributor's portal, and can invite vendors."),
    ("service.create", "It may make service agreements", "It can invite resellers, if it is a distributor."),
    ("service.delegate", "It may give these rights to others", "Only with this one can it pass on what you give it."),
];

/// What a service contract grants; other contracts grant nothing here.
fn grants(posted: &Posted) -> Option<Grants> {
    let given = posted.all("permissions");
    let has = |word: &str| given.iter().any(|g| g == word);
    (kind_of(posted) == ContractKind::Service && !given.is_empty()).then(|| Grants {
        program_create: has("program.create"),
        service_create: has("service.create"),
        service_delegate: has("service.delegate"),
    })
}

fn given(grants: Option<Grants>, word: &str) -> bool {
    grants.is_some_and(|g| match word {
        "program.create" => g.program_create,
        "service.create" => g.service_create,
        _ => g.service_delegate,
    })
}

/// The boxes of the rights that the actor's company can give.
fn rights_field(words: &OfferWords, own: Grants) -> Option<Field> {
    let choices: Vec<Choice> = RIGHTS
        .iter()
        .filter(|(word, ..)| own.service_delegate && given(Some(own), word))
        .map(|(word, label, hint)| Choice::new(*word, *label).hint(*hint).selected(given(words.grants, word)))
        .collect();
    let field = Field::checks("permissions", "Rights", choices);
    own.service_delegate.then(|| field.hint("None for a reseller that only sells.").optional())
}

fn kind_of(posted: &Posted) -> ContractKind {
    match ContractKind::parse(posted.get("type")) {
        Some(ContractKind::Service) => ContractKind::Service,
        _ => ContractKind::Program,
    }
}

fn type_fields(kind: ContractKind, own: Grants) -> Vec<Field> {
    let mut service = Choice::new(ContractKind::Service.as_str(), kind_word(ContractKind::Service))
        .hint("Invites a reseller: it gets the reseller portal.")
        .selected(kind == ContractKind::Service);
    if !own.service_create {
        service = service.not_now("Your account may not make service agreements. Ask the operator of this portal.");
    }
    let choices = vec![
        Choice::new(ContractKind::Program.as_str(), kind_word(ContractKind::Program))
            .hint("Invites a vendor: it gets the vendor portal and can enrol for your marketplaces.")
            .selected(kind == ContractKind::Program),
        service,
    ];
    vec![Field::radios("type", "Type", choices)]
}

fn agreement_fields(open: &[(AgreementId, String)], chosen: &str) -> Vec<Field> {
    let mut choices = vec![Choice::new("", "Choose an agreement")];
    choices.extend(open.iter().map(|(id, title)| {
        Choice::new(id.as_str(), Text::data(format!("{title} ({id})"))).selected(id.as_str() == chosen)
    }));
    vec![
        Field::select("agreement", "Agreement", choices)
            .hint("Those with an active version: the partner signs that one."),
    ]
}

fn partner_fields(words: &OfferWords) -> Vec<Field> {
    let kinds = [Purpose::Production, Purpose::Test]
        .into_iter()
        .map(|p| {
            let chosen = Purpose::parse(&words.purpose).unwrap_or(Purpose::Production);
            Choice::new(p.as_str(), purpose_word(p)).selected(p == chosen)
        })
        .collect();
    vec![
        Field::text("partner.name", "Name of the partner")
            .hint("The company; its people can correct it when they accept. At most 64 characters.")
            .value(&words.partner_name),
        Field::email("activation.email", "E-mail")
            .hint("The invitation is sent there. Empty: you copy the link and send it yourself.")
            .optional()
            .value(&words.email),
        Field::area("activation.message", "Message to the partner")
            .hint("They read it in the mail and on the page where they accept. At most 200 characters.")
            .rows(3)
            .value(&words.message),
        Field::text("note", "Internal note")
            .hint("Only your company sees it. At most 100 characters.")
            .optional()
            .value(&words.note),
        Field::radios("kind", "Kind", kinds),
        Field::date("expire_at", "Ends on")
            .hint("The contract, and the link before it, end at the beginning of this day in UTC. Empty: no end.")
            .optional()
            .value(&words.expire_at),
    ]
}

/// A step of the wizard, as the address says.
pub async fn new_contract(ctx: Ctx) -> Result<HttpResponse, Error> {
    let wizard = Wizard::new(ctx.url("/contracts/new"), STEPS, Posted::of_query(ctx.query()));
    let step = wizard.step();
    show(&ctx, &wizard, step, StatusCode::OK).await
}

async fn show(ctx: &Ctx, wizard: &Wizard, wanted: usize, status: StatusCode) -> Result<HttpResponse, Error> {
    let typed = wizard.typed();
    let (kind, words, agreement) = (kind_of(typed), words(typed), typed.get("agreement").to_owned());
    let asked = words.clone();
    let (open, checked, own) = ctx
        .read(move |tx, actor| {
            let open = actions::open_agreements(tx, actor, kind)?;
            let checked = actions::check_offer(tx, actor, &asked).map(drop).map_err(Error::from);
            Ok((open, checked, accounts::actions::grants(tx, actor)?))
        })
        .await?;
    let mut refusal = match checked {
        Ok(()) => None,
        Err(Error { cause: Cause::Refused(r) }) if r.code == Code::Invalid => Some(r),
        Err(other) => return Err(other),
    };
    let chosen = open.iter().find(|(id, _)| id.as_str() == agreement);
    if chosen.is_none() && wanted > 2 {
        let text = Text::new("Choose the agreement that the partner is to sign.");
        let missing = crate::kit::Refusal::field("agreement", text);
        refusal = Some(match refusal {
            Some(mut r) => {
                r.problems.extend(missing.problems);
                r
            }
            None => missing,
        });
    }
    let wrong = refusal.as_ref().and_then(|r| wizard.wrong_step(r, wanted, step_of));
    let step = wrong.unwrap_or(wanted);
    let page = ctx
        .page("Create contract")
        .crumb(Crumb::link("Contracts", ctx.url("/contracts")))
        .crumb(Crumb::here("Create contract"));
    let steps = wizard.steps(step);
    if step == wizard.last_step() {
        let submit = if words.email.trim().is_empty() { "Create contract" } else { "Create and send" };
        let title = chosen.map(|(_, title)| title.as_str()).unwrap_or_default();
        let mut shown = WizardPage::new(page, steps, "Check your answers", wizard.last(ctx, submit));
        shown.page.wrong = status != StatusCode::OK;
        return ctx.render_as(status, &shown.part(answers(wizard, kind, title, &words)));
    }
    let fields = match step {
        1 => type_fields(kind, own),
        2 => agreement_fields(&open, &agreement),
        _ => {
            let rights = rights_field(&words, own).filter(|_| kind == ContractKind::Service);
            partner_fields(&words).into_iter().chain(rights).collect()
        }
    };
    let mut form = wizard.form(step, fields);
    if let (Some(refusal), true) = (&refusal, wrong.is_some()) {
        tell_step(&mut form, refusal, step, step_of);
    }
    let status = if form.is_wrong() { StatusCode::UNPROCESSABLE_ENTITY } else { status };
    let title = QUESTIONS.get(step - 1).copied().unwrap_or_default();
    let mut shown = WizardPage::new(page, steps, title, form);
    if step == 2 && open.is_empty() {
        let text =
            Text::new("You have no {kind:word} agreement with an active version yet. A contract is signed under one.");
        let create = Button::link("Create agreement", ctx.url("/agreements/new"));
        shown = shown.part(Notice::new(text.arg("kind", kind.as_str())).action(create));
    }
    ctx.render_as(status, &shown)
}

fn answers(wizard: &Wizard, kind: ContractKind, agreement: &str, words: &OfferWords) -> Answers {
    let row = |step: usize, label: &'static str, value: &str| {
        Checked::new(label, Cell::data(value.trim()).wrap()).change(wizard.href(step))
    };
    let purpose = Purpose::parse(&words.purpose).unwrap_or(Purpose::Production);
    let named = RIGHTS.iter().filter(|(word, ..)| given(words.grants, word)).map(|(_, label, _)| Text::new(label));
    let rights = Text::listed(named);
    Answers::new(
        "Contract",
        vec![
            Checked::new("Type", Cell::text(kind_word(kind))).change(wizard.href(1)),
            row(2, "Agreement", agreement),
            row(3, "Partner", &words.partner_name),
            row(3, "E-mail", &words.email),
            row(3, "Message", &words.message),
            row(3, "Internal note", &words.note),
            Checked::new("Kind", Cell::text(purpose_word(purpose))).change(wizard.href(3)),
            row(3, "Ends on", &words.expire_at),
        ]
        .into_iter()
        .chain(words.grants.map(|_| Checked::new("Rights", Cell::text(rights)).change(wizard.href(3))))
        .collect(),
    )
}

/// Offers the contract.
pub async fn do_new_contract(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let (words, agreement, base) = (words(&posted), posted.get("agreement").to_owned(), ctx.url("/contracts"));
    let secret = ctx.services().secret.clone();
    let done = ctx
        .act(&posted, move |tx, actor| {
            let id = actions::offer(tx, actor, &secret, &agreement, &words)?;
            let text = if words.email.trim().is_empty() {
                Text::new("The contract was created. Copy the activation link and send it to {partner}.")
            } else {
                Text::new("The contract was created, and the invitation goes to {email}.")
                    .arg("email", words.email.trim())
            };
            Ok(Answer::go(format!("{base}/{id}")).flash(text.arg("partner", words.partner_name.trim())))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        // No agreement, or one that is not there: the wizard asks for it.
        Err(Error { cause: Cause::Refused(refusal) }) if matches!(refusal.code, Code::Invalid | Code::NotFound) => {
            let wizard = Wizard::new(ctx.url("/contracts/new"), STEPS, posted.clone());
            let last = wizard.last_step();
            show(&ctx, &wizard, last, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(other) => Err(other),
    }
}
