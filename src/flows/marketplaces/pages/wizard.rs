//! The wizard that creates a marketplace, and the fields that it shares with editing.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::super::actions;
use super::super::model::{Attribute, MarketplaceWords, USUAL_ATTRIBUTES, Zone};
use super::marketplaces::{country_words, money_word, zone_word};
use crate::kit::{NamedRef, Refusal, Text, country, currency};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::error::Cause;
use crate::web::form::{Choice, Field, Width};
use crate::web::frames::WizardPage;
use crate::web::layout::Crumb;
use crate::web::parts::Notice;
use crate::web::steps::{Answer as Checked, Answers};
use crate::web::wizard::{Wizard, tell_step};
use crate::web::{Answer, Ctx, Error, Posted};

const STEPS: &[&str] = &["General", "Hubs", "Price-list attributes", "Check your answers"];

/// What each step asks.
const QUESTIONS: &[&str] = &[
    "What kind of market is it?",
    "Through which hubs is it sold?",
    "What do price lists ask for?",
    "Check your answers",
];

/// The step on which a field is.
fn step_of(field: &str) -> usize {
    match field {
        f if f.starts_with("hub") || f.starts_with("external") => 2,
        f if f.starts_with("attributes") => 3,
        _ => 1,
    }
}

fn general_fields(words: &MarketplaceWords) -> Vec<Field> {
    let money = |chosen: &str, none: &'static str| {
        let mut choices = vec![Choice::new("", none).selected(chosen.is_empty())];
        let known = currency::CURRENCIES.iter().map(|(code, _)| *code);
        choices.extend(known.map(|code| Choice::new(code, money_word(code)).selected(code == chosen)));
        choices
    };
    let mut zones = vec![Choice::new("", "None").selected(words.zone.is_empty())];
    zones.extend(Zone::ALL.iter().map(|z| Choice::new(z.as_str(), zone_word(*z)).selected(words.zone == z.as_str())));
    vec![
        Field::text("name", "Name").hint("As vendors and customers will see it.").value(&words.name),
        Field::text("countries", "Countries")
            .hint("Codes or English names, with commas between them: DE, Austria, CH.")
            .value(words.countries.join(", "))
            .width(Width::Full),
        Field::select("currency", "Currency", money(&words.currency, "Choose…"))
            .hint("In which its price lists and usage are. It stays once an agreement names the marketplace."),
        Field::select("alt_currency_1", "Second currency", money(&words.alt_currencies[0], "None")).optional(),
        Field::select("alt_currency_2", "Third currency", money(&words.alt_currencies[1], "None")).optional(),
        Field::select("zone", "Zone", zones).optional(),
        Field::area("description", "Description").rows(3).optional().value(&words.description),
    ]
}

fn hub_fields(words: &MarketplaceWords, hubs: &[NamedRef]) -> Vec<Field> {
    let bound = |id: &str| words.hubs.iter().find(|(hub, _)| hub == id).map(|(_, external)| external.as_str());
    let choices = hubs
        .iter()
        .map(|h| Choice::new(&h.id, Text::data(&h.name)).hint(Text::data(&h.id)).selected(bound(&h.id).is_some()))
        .collect();
    let mut fields = vec![
        Field::checks("hub", "Hubs", choices).hint("Through which the marketplace is sold. Others can be added later."),
    ];
    for hub in hubs {
        let label = Text::new("Account id in {hub}").arg("hub", &hub.name);
        fields.push(
            Field::text(external(&hub.id), label)
                .hint("Under which this hub knows the account that sells here; 1 is the hub's owner itself.")
                .optional()
                .value(bound(&hub.id).unwrap_or_default()),
        );
    }
    fields
}

/// Name of the field with the account id in a hub.
fn external(hub: &str) -> String {
    format!("external.{hub}")
}

fn attribute_fields(words: &MarketplaceWords) -> Vec<Field> {
    let mut known: Vec<Attribute> = USUAL_ATTRIBUTES
        .iter()
        .map(|(id, name, description)| Attribute {
            id: (*id).to_owned(),
            name: (*name).to_owned(),
            description: (*description).to_owned(),
        })
        .collect();
    known.extend(words.attributes.iter().filter(|a| USUAL_ATTRIBUTES.iter().all(|(id, ..)| *id != a.id)).cloned());
    let choice = |a: &Attribute| {
        let usual = USUAL_ATTRIBUTES.iter().any(|(id, ..)| *id == a.id);
        let label = |words: &str, usual: Option<&'static str>| usual.map_or_else(|| Text::data(words), Text::new);
        let texts = USUAL_ATTRIBUTES.iter().find(|(id, ..)| *id == a.id).filter(|_| usual);
        Choice::new(&a.id, label(&a.name, texts.map(|t| t.1)))
            .hint(label(&a.description, texts.map(|t| t.2)))
            .selected(words.attributes.iter().any(|w| w.id == a.id))
    };
    vec![
        Field::checks("attributes", "Attributes", known.iter().map(choice).collect())
            .hint("What a price list of this marketplace has to fill in for each item."),
    ]
}

/// Every field, for the page that edits.
pub(super) fn all_fields(words: &MarketplaceWords, hubs: &[NamedRef]) -> Vec<Field> {
    let mut fields = general_fields(words);
    fields.extend(hub_fields(words, hubs));
    fields.extend(attribute_fields(words));
    fields
}

/// The words of a sent form. `old` keeps what the form does not have: attributes of its own, capabilities.
pub(super) fn words(posted: &Posted, old: Option<&MarketplaceWords>) -> MarketplaceWords {
    let text = |name: &str| posted.get(name).to_owned();
    let attribute = |id: &String| {
        let own = old.and_then(|o| o.attributes.iter().find(|a| a.id == *id)).cloned();
        let usual = || {
            USUAL_ATTRIBUTES.iter().find(|(known, ..)| known == id).map(|(id, name, description)| Attribute {
                id: (*id).to_owned(),
                name: (*name).to_owned(),
                description: (*description).to_owned(),
            })
        };
        own.or_else(usual)
    };
    MarketplaceWords {
        name: text("name"),
        description: text("description"),
        currency: text("currency"),
        alt_currencies: [text("alt_currency_1"), text("alt_currency_2")],
        zone: text("zone"),
        countries: posted
            .get("countries")
            .split([',', ';', '\n'])
            .map(|c| c.trim().to_owned())
            .filter(|c| !c.is_empty())
            .collect(),
        hubs: posted.all("hub").iter().map(|hub| (hub.clone(), text(&external(hub)))).collect(),
        attributes: posted.all("attributes").iter().filter_map(attribute).collect(),
        referral_auto: old.is_some_and(|o| o.referral_auto),
        commerce_compatibility: old.is_some_and(|o| o.commerce_compatibility),
    }
}

/// The problems of a refusal at the fields of the form: the hub that the API counts has a field of its own name here.
fn named(mut refusal: Refusal, posted: &Posted) -> Refusal {
    let hubs = posted.all("hub");
    for problem in &mut refusal.problems {
        let place = problem.field.strip_prefix("hubs.").and_then(|rest| rest.split_once('.'));
        let Some((number, part)) = place.map(|(n, part)| (n.parse::<usize>().ok(), part.to_owned())) else {
            if problem.field == "hubs" {
                problem.field = "hub".to_owned();
            } else if problem.field.starts_with("attributes") {
                problem.field = "attributes".to_owned();
            }
            continue;
        };
        let hub = number.and_then(|n| hubs.get(n));
        problem.field = match hub {
            Some(hub) if part == "external_id" => external(hub),
            _ => "hub".to_owned(),
        };
    }
    refusal
}

/// The same for an error of an action.
pub(super) fn at_fields(error: Error, posted: &Posted) -> Error {
    match error.cause {
        Cause::Refused(refusal) => named(refusal, posted).into(),
        other => other.into(),
    }
}

/// A step of the wizard, as the address says.
pub async fn new_marketplace(ctx: Ctx) -> Result<HttpResponse, Error> {
    let wizard = Wizard::new(ctx.url("/marketplaces/new"), STEPS, Posted::of_query(ctx.query()));
    let step = wizard.step();
    show(&ctx, &wizard, step, StatusCode::OK).await
}

async fn show(ctx: &Ctx, wizard: &Wizard, wanted: usize, status: StatusCode) -> Result<HttpResponse, Error> {
    let words = words(wizard.typed(), None);
    let asked = words.clone();
    let (hubs, checked) = ctx
        .read(move |tx, actor| {
            let hubs = actions::own_hubs(tx, actor)?;
            // What is wrong is told on its step; that is no failure of this page.
            let checked = actions::check_marketplace(tx, actor, &asked, None).map(drop).map_err(Error::from);
            Ok((hubs, checked))
        })
        .await?;
    let refusal = match checked {
        Ok(()) => None,
        Err(Error { cause: Cause::Refused(r) }) if r.code == crate::kit::Code::Invalid => {
            Some(named(r, wizard.typed()))
        }
        Err(other) => return Err(other),
    };
    let wrong = refusal.as_ref().and_then(|r| wizard.wrong_step(r, wanted, step_of));
    let step = wrong.unwrap_or(wanted);
    let mut page = ctx
        .page("Create marketplace")
        .crumb(Crumb::link("Marketplaces", ctx.url("/marketplaces")))
        .crumb(Crumb::here("Create marketplace"));
    let steps = wizard.steps(step);
    if step == wizard.last_step() {
        let form = wizard.last(ctx, "Create marketplace");
        page.wrong = status != StatusCode::OK;
        let mut shown = WizardPage::new(page, steps, "Check your answers", form);
        for part in answers(wizard, &words, &hubs) {
            shown = shown.part(part);
        }
        return ctx.render_as(status, &shown);
    }
    let fields = match step {
        1 => general_fields(&words),
        2 => hub_fields(&words, &hubs),
        _ => attribute_fields(&first_attributes(&words, wizard.typed())),
    };
    let mut form = wizard.form(step, fields);
    if let (Some(refusal), true) = (&refusal, wrong.is_some()) {
        tell_step(&mut form, refusal, step, step_of);
    }
    let status = if form.is_wrong() { StatusCode::UNPROCESSABLE_ENTITY } else { status };
    let title = QUESTIONS.get(step - 1).copied().unwrap_or_default();
    let mut shown = WizardPage::new(page, steps, title, form);
    if step == 2 && hubs.is_empty() {
        let notice =
            Notice::new("You have no hub yet. Register one first, or go on and give the marketplace its hub later.");
        shown = shown.part(notice.action(Button::link("Register hub", ctx.url("/hubs/new"))));
    }
    ctx.render_as(status, &shown)
}

/// On the first visit the price is suggested.
fn first_attributes(words: &MarketplaceWords, typed: &Posted) -> MarketplaceWords {
    let mut words = words.clone();
    if words.attributes.is_empty() && !typed.checked("attributes") {
        words.attributes =
            vec![Attribute { id: USUAL_ATTRIBUTES[0].0.to_owned(), name: String::new(), description: String::new() }];
    }
    words
}

fn answers(wizard: &Wizard, words: &MarketplaceWords, hubs: &[NamedRef]) -> Vec<Answers> {
    let said = |step: usize, label: &'static str, value: Text| {
        Checked::new(label, Cell::text(value).wrap()).change(wizard.href(step))
    };
    let row = |step: usize, label: &'static str, value: String| said(step, label, Text::data(value));
    let zone = Zone::ALL.iter().find(|z| z.as_str() == words.zone).map_or("", |z| zone_word(*z));
    let codes: Vec<String> =
        words.countries.iter().map(|c| country::read(c).map_or_else(|| c.clone(), str::to_owned)).collect();
    let others: Vec<&str> = words.alt_currencies.iter().map(String::as_str).filter(|c| !c.is_empty()).collect();
    let name_of = |id: &str| hubs.iter().find(|h| h.id == id).map_or_else(|| id.to_owned(), |h| h.name.clone());
    let bound: Vec<String> =
        words.hubs.iter().map(|(hub, external)| format!("{} ({external})", name_of(hub))).collect();
    let attributes: Vec<&str> = words.attributes.iter().map(|a| a.name.as_str()).collect();
    vec![
        Answers::new(
            "General",
            vec![
                row(1, "Name", words.name.trim().to_owned()),
                said(1, "Countries", country_words(&codes)),
                said(1, "Currency", money_word(&words.currency)),
                row(1, "Other currencies", others.join(", ")),
                said(1, "Zone", Text::new(zone)),
                row(1, "Description", words.description.trim().to_owned()),
            ],
        ),
        Answers::new("Hubs", vec![row(2, "Hubs", bound.join(", "))]),
        Answers::new("Price lists", vec![row(3, "Attributes", attributes.join(", "))]),
    ]
}

/// Creates the marketplace.
pub async fn do_new_marketplace(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let (words, base) = (words(&posted, None), ctx.url("/marketplaces"));
    let done = ctx
        .act(&posted, move |tx, actor| {
            let id = actions::create_marketplace(tx, actor, &words)?;
            let text = Text::new("The marketplace {name} was created.").arg("name", words.name.trim());
            Ok(Answer::go(format!("{base}/{id}")).flash(text))
        })
        .await;
    match done.map_err(|e| at_fields(e, &posted)) {
        Ok(response) => Ok(response),
        Err(Error { cause: Cause::Refused(refusal) }) if refusal.code == crate::kit::Code::Invalid => {
            let wizard = Wizard::new(ctx.url("/marketplaces/new"), STEPS, posted.clone());
            let last = wizard.last_step();
            show(&ctx, &wizard, last, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(other) => Err(other),
    }
}
