//! The public page that an invitation opens: read the offer, accept it for a new or an own company, or decline.
//!
//! Its answers travel as hidden fields from step to step and are posted, never put into the address. Nothing is kept or
//! changed before the last step.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::super::actions::{self, ACTIVATION_PATH, Invitation};
use super::super::model::{CONSENT, Consent, Contract};
use super::{accepted, document};
use crate::flows::accounts;
use crate::flows::accounts::model::{Membership, Proof};
use crate::kit::{Email, Level, Module, NamedRef, Problems, Refusal, Role, Secret, Text, UserId};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::confirm::prove_again;
use crate::web::error::Cause;
use crate::web::form::{Choice, Field, Form};
use crate::web::frames::WizardPage;
use crate::web::part::Part;
use crate::web::parts::{Facts, Notice};
use crate::web::public::Card;
use crate::web::steps::{Answer as Checked, Answers, Step, Steps};
use crate::web::{Answer, Ctx, Error, Posted, explain, paper};

/// What the link carries.
#[derive(Deserialize)]
pub struct WithSecret {
    pub(super) secret: Option<String>,
}

/// The value of the choice that makes a new company.
const NEW: &str = "new";

/// Whose companies could accept: those of the right kind in which the person may sign.
fn candidates<'c>(ctx: &'c Ctx, contract: &Contract) -> Vec<&'c Membership> {
    let fits = |m: &&Membership| {
        contract.kind.is_for(m.role)
            && m.account != *contract.issuer.id.as_str()
            && m.permissions.holds(Module::Partners, Level::Manage)
            && ctx.may_enter(m)
    };
    ctx.person().map(|p| p.memberships.iter().filter(fits).collect()).unwrap_or_default()
}

/// Whether the offer is for a company that works already, which alone can accept it.
pub(super) fn is_taken(invitation: &Invitation) -> bool {
    !invitation.waits
}

/// The portal that opens.
fn portal_word(contract: &Contract) -> &'static str {
    match contract.kind.partner_role() {
        Role::Vendor => "Vendor portal",
        Role::Distributor => "Distributor portal",
        Role::Reseller => "Reseller portal",
    }
}

pub(super) async fn load(ctx: &Ctx, secret: &str) -> Result<Invitation, Error> {
    let secret = Secret::presented(secret);
    ctx.read(move |tx, _| actions::invitation(tx, &secret)).await
}

/// A link that opens nothing, whatever the reason.
pub(super) fn dead(ctx: &Ctx, error: Error) -> Result<HttpResponse, Error> {
    let Cause::Refused(refusal) = &error.cause else { return Err(error) };
    if refusal.status() != 404 {
        return Err(error);
    }
    let card = Card::new(ctx.page("This link cannot be used")).text(crate::web::tell(refusal));
    ctx.render_as(StatusCode::NOT_FOUND, &card.action(Button::link("Go to the portal", "/")))
}

/// The first step: what is offered, and on which terms.
pub async fn activation(ctx: Ctx, query: web::Query<WithSecret>) -> Result<HttpResponse, Error> {
    let secret = query.into_inner().secret.unwrap_or_default();
    match load(&ctx, &secret).await {
        Ok(invitation) => show(&ctx, &invitation, 1, &Posted::of_query(&format!("secret={secret}")), None),
        Err(error) => dead(&ctx, error),
    }
}

/// The document of what is offered.
pub async fn offered_document(ctx: Ctx, query: web::Query<WithSecret>) -> Result<HttpResponse, Error> {
    let secret = query.into_inner().secret.unwrap_or_default();
    let invitation = match load(&ctx, &secret).await {
        Ok(invitation) => invitation,
        Err(error) => return dead(&ctx, error),
    };
    match invitation.document.and_then(|d| d.file) {
        Some(file) => Ok(paper::answer(ctx.services(), &file.key, &file.name).await?),
        None => Err(Refusal::not_found("document", invitation.contract.id).into()),
    }
}

/// A later step, or the end.
pub async fn do_activation(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let invitation = match load(&ctx, posted.get("secret")).await {
        Ok(invitation) => invitation,
        // Sent twice: the answer of the first time is kept.
        Err(error) => {
            return if posted.once().is_some() {
                finish(&ctx, &posted).await.or_else(|e| dead(&ctx, e))
            } else {
                dead(&ctx, error)
            };
        }
    };
    let step: usize = posted.get("step").parse().unwrap_or(1);
    if ctx.person().is_some() && step > 1 {
        prove_again(&ctx, None, &back(&posted))?;
    }
    let checked = match step {
        0 | 1 => return show(&ctx, &invitation, 1, &posted, None),
        2 => checks(&ctx, &invitation, &posted, 1),
        3 => checks(&ctx, &invitation, &posted, 2),
        _ => match checks(&ctx, &invitation, &posted, 2) {
            Ok(()) => match finish(&ctx, &posted).await {
                Ok(response) => return Ok(response),
                Err(error) => Err((step_of(&error), error)),
            },
            wrong => wrong,
        },
    };
    match checked {
        Ok(()) => show(&ctx, &invitation, step, &posted, None),
        Err((at, error)) => show(&ctx, &invitation, at, &posted, Some(error)),
    }
}

/// Where the invitation begins again.
fn back(posted: &Posted) -> String {
    format!("{ACTIVATION_PATH}?secret={}", posted.get("secret"))
}

/// The step that an error of the last one belongs to.
fn step_of(error: &Error) -> usize {
    let Cause::Refused(refusal) = &error.cause else { return 3 };
    let about_people = |field: &str| matches!(field, "name" | "email" | "company" | "account");
    if refusal.problems.iter().any(|p| about_people(&p.field)) { 2 } else { 3 }
}

/// Checks the answers of the steps up to this one; says which step is wrong.
fn checks(ctx: &Ctx, invitation: &Invitation, posted: &Posted, upto: usize) -> Result<(), (usize, Error)> {
    accepted(posted.checked("accept")).map_err(|e| (1, e))?;
    if upto < 2 {
        return Ok(());
    }
    let mut problems = Problems::default();
    if ctx.person().is_none() {
        problems.text("name", posted.get("name"), 128);
        problems.check(Email::parse(posted.get("email")).is_some(), "email", || {
            Text::new("This is not an e-mail address. It must look like name@example.com.")
        });
    }
    let account = posted.get("account");
    let own = candidates(ctx, &invitation.contract);
    if ctx.person().is_some() && account != NEW && own.iter().all(|m| m.account != *account) {
        problems.add("account", Text::new("Choose the company that signs."));
    }
    if account == NEW && ctx.ways().foreign {
        problems.add("account", Text::new("A new company takes your own password: sign out, and sign in with it."));
    }
    if account == NEW || ctx.person().is_none() {
        problems.text("company", posted.get("company"), 64);
    }
    problems.done().map_err(|r| (2, r.into()))
}

fn steps(current: usize) -> Steps {
    let labels = ["The agreement", "You and your company", "Check and activate"];
    Steps::new(current, labels.into_iter().map(Step::new).collect())
}

/// The form of a step; the answers of the others are hidden in it.
fn form(ctx: &Ctx, posted: &Posted, next: usize, submit: &'static str, fields: Vec<Field>) -> Form {
    let mut form = ctx.form(ACTIVATION_PATH, submit).hidden("step", next);
    for (name, value) in posted.pairs() {
        let ours = ["step", "idempotency_key", "password", "again"].contains(&name);
        if !ours && fields.iter().all(|f| f.name != name) {
            form = form.hidden(name, value);
        }
    }
    fields.into_iter().fold(form, Form::field)
}

fn show(
    ctx: &Ctx,
    invitation: &Invitation,
    step: usize,
    posted: &Posted,
    wrong: Option<Error>,
) -> Result<HttpResponse, Error> {
    let contract = &invitation.contract;
    let fields = match step {
        1 => vec![Field::check("accept", "Agreement", CONSENT)],
        2 => who_fields(ctx, contract),
        _ => password_fields(ctx),
    };
    let (next, submit) = if step == 3 { (4, "Activate") } else { (step + 1, "Continue") };
    let mut form = form(ctx, posted, next, submit, fields);
    if posted.checked("step") {
        keep(&mut form, posted);
    }
    let status = match wrong {
        Some(error) => {
            explain(&mut form, posted, error)?;
            StatusCode::UNPROCESSABLE_ENTITY
        }
        None => StatusCode::OK,
    };
    let title = Text::new("{issuer} invites {partner}")
        .arg("issuer", &contract.issuer.name)
        .arg("partner", &contract.owner.name);
    let mut page = WizardPage::new(ctx.page("Invitation"), steps(step), title, form);
    page.head = page.head.lede(Text::new("To sign “{agreement}”.").arg("agreement", &contract.agreement.title));
    page.parts = match step {
        1 => offer_parts(ctx, invitation, posted),
        2 => vec![],
        _ => vec![Part::new(answers(ctx, contract, posted))],
    };
    if step == 1 && is_taken(invitation) {
        return taken(ctx, contract);
    }
    ctx.render_as(status, &page)
}

/// Fields keep what an earlier visit of this step typed.
fn keep(form: &mut Form, posted: &Posted) {
    if form.fields.iter().any(|f| posted.checked(&f.name)) {
        form.fill_pairs(&posted.pairs().collect::<Vec<_>>());
    }
}

/// The offer is for a company that works already.
pub(super) fn taken(ctx: &Ctx, contract: &Contract) -> Result<HttpResponse, Error> {
    let words = Text::new("This offer is for {company}, which has its portal already. Sign in there to accept it.");
    let mut card = Card::new(ctx.page("Sign in to accept")).text(words.arg("company", &contract.owner.name));
    let there = format!("/{}/contracts/{}", contract.owner.id, contract.id);
    card = card.action(Button::link("Open the contract", there).primary());
    ctx.render(&card)
}

fn offer_parts(ctx: &Ctx, invitation: &Invitation, posted: &Posted) -> Vec<Part> {
    let contract = &invitation.contract;
    let mut facts = Facts::new()
        .fact("From", Cell::data(&contract.issuer.name))
        .fact("For", Cell::data(&contract.owner.name))
        .fact("Opens", Cell::text(portal_word(contract)))
        .fact("Message", Cell::data(&contract.message).wrap());
    if let Some(at) = contract.expire_at {
        facts = facts.fact("Ends", Cell::time_long(at));
    }
    let paper = format!("{ACTIVATION_PATH}/document?secret={}", posted.get("secret"));
    let mut parts = vec![Part::new(facts.in_rows()), document(invitation.document.as_ref(), &paper)];
    parts.push(Part::new(match ctx.person() {
        Some(person) => Notice::new(
            Text::new("You are signed in as {name} ({email}).").arg("name", &person.name).arg("email", &person.email),
        ),
        None => {
            let next = format!("{ACTIVATION_PATH}?secret={}", posted.get("secret"));
            let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
            Notice::new(
                "If you have an account here already, sign in first: then your company can sign, or you add a new one.",
            )
            .action(Button::link("Sign in", format!("/sign-in?next={next}")))
        }
    }));
    let decline = format!("{ACTIVATION_PATH}/decline?secret={}", posted.get("secret"));
    parts.push(Part::new(Notice::new("You do not want this?").action(Button::link("Decline", decline))));
    parts
}

fn who_fields(ctx: &Ctx, contract: &Contract) -> Vec<Field> {
    let company = Field::text("company", "Company")
        .hint("As it is called in the portal. It can be changed later.")
        .value(&contract.owner.name);
    match ctx.person() {
        None => vec![
            Field::text("name", "Your full name").autocomplete("name"),
            Field::email("email", "Your e-mail").hint("You sign in with it.").autocomplete("username"),
            company.autocomplete("organization"),
        ],
        Some(_) => {
            let own = candidates(ctx, contract);
            let mut choices: Vec<Choice> = own
                .iter()
                .map(|m| Choice::new(m.account.as_str(), Text::data(&m.name)).hint(Text::data(m.account.as_str())))
                .collect();
            let first = choices.is_empty();
            choices.push(
                Choice::new(NEW, "A new company")
                    .hint("With a portal of its own, beside those you have.")
                    .selected(first),
            );
            vec![Field::radios("account", "Who signs", choices), company.optional()]
        }
    }
}

fn password_fields(ctx: &Ctx) -> Vec<Field> {
    if ctx.person().is_some() {
        return vec![];
    }
    vec![
        Field::password("password", "Choose a password")
            .hint(accounts::model::PASSWORD_HINT)
            .autocomplete("new-password"),
        Field::password("again", "The same once more").autocomplete("new-password"),
    ]
}

fn answers(ctx: &Ctx, contract: &Contract, posted: &Posted) -> Answers {
    let chosen = candidates(ctx, contract).into_iter().find(|m| m.account == *posted.get("account"));
    let company = chosen.map_or_else(|| posted.get("company").trim().to_owned(), |m| m.name.clone());
    let (name, email) = match ctx.person() {
        Some(person) => (person.name.clone(), person.email.clone()),
        None => (posted.get("name").trim().to_owned(), posted.get("email").trim().to_owned()),
    };
    Answers::new(
        "You accept",
        vec![
            Checked::new("Agreement", Cell::data(&contract.agreement.title)),
            Checked::new("From", Cell::data(&contract.issuer.name)),
            Checked::new("Company", Cell::data(company)),
            Checked::new("Signed by", Cell::data(name).sub(Cell::data(email))),
        ],
    )
}

/// Accepts, signs a new person in, and leads to the portal.
async fn finish(ctx: &Ctx, posted: &Posted) -> Result<HttpResponse, Error> {
    match ctx.person() {
        Some(person) => {
            let me = NamedRef { id: person.id.to_string(), name: person.name.clone() };
            let member = person.member_of(posted.get("account"));
            prove_again(ctx, member, &back(posted))?;
            as_known(ctx, posted, me, member.map(Membership::seat)).await
        }
        None => as_new(ctx, posted).await,
    }
}

async fn as_known(
    ctx: &Ctx,
    posted: &Posted,
    me: NamedRef,
    seat: Option<crate::kit::Seat>,
) -> Result<HttpResponse, Error> {
    let (secret, company) = (Secret::presented(posted.get("secret")), posted.get("company").to_owned());
    let consent = Consent::read(ctx.confirmed().map(|c| c.proof));
    ctx.act(posted, move |tx, _| {
        let account = match &seat {
            Some(seat) => {
                let user = UserId::parse(&me.id).ok_or_else(|| Refusal::not_found("user", &me.id))?;
                let actor = crate::kit::Actor::Person { user, name: me.name.clone(), seat: seat.clone() };
                actions::accept(tx, &actor, &secret, &consent)?;
                seat.account.clone()
            }
            None => actions::accept_for_new_company(tx, &secret, &me, &company, &consent)?,
        };
        Ok(Answer::go(format!("/{account}")).flash(Text::new("The contract is active.")))
    })
    .await
}

async fn as_new(ctx: &Ctx, posted: &Posted) -> Result<HttpResponse, Error> {
    let password = posted.get("password").to_owned();
    let mut problems = Problems::default();
    let context = [posted.get("name"), posted.get("email"), posted.get("company")];
    accounts::model::check_password(&mut problems, "password", &password, &context);
    problems
        .check(password == posted.get("again"), "again", || Text::new("This is not the same password. Type it again."));
    problems.done()?;
    let Some(email) = Email::parse(posted.get("email")) else {
        return Err(Ctx::wrong(
            "email",
            Text::new("This is not an e-mail address. It must look like name@example.com."),
        ));
    };
    let hash = web::block(move || accounts::actions::password::hash(&password)).await??;
    let (secret, name, company) =
        (Secret::presented(posted.get("secret")), posted.get("name").to_owned(), posted.get("company").to_owned());
    let (address, consent) = (email.clone(), Consent::read(Some(Proof::Password)));
    let answer = ctx
        .answer(posted, move |tx, _| {
            let person = accounts::actions::NewPerson { name: &name, email: &address, password: Some(&hash) };
            let (_, account) = actions::accept_as_new_person(tx, &secret, &person, &company, &consent)?;
            Ok(Answer::go(format!("/{account}")).flash(Text::new("Welcome. The contract is active.")))
        })
        .await?;
    // Who sends the same form again, password included, is the same person.
    if let Some(who) = ctx.read(move |tx, _| accounts::actions::entrance(tx, email.as_str())).await? {
        return accounts::pages::enter(ctx, who, Proof::Password, answer).await;
    }
    ctx.go(answer)
}
