//! For whom an order is, and who sells it to them: companies of the directory, or new ones described in place.

use actix_web::{HttpResponse, web};

use super::super::super::actions::{self, Sheet};
use super::super::super::model::{Buyer, NewCompany, Seller, Step};
use super::{
    BACK, CHOICES, GO, LEAVE, SearchBox, at, is_reseller, keep, open, render, sayable, state, step_form, words,
};
use crate::flows::customers::actions as customers;
use crate::flows::customers::model::{Details, Kind, TierSnapshot};
use crate::flows::customers::pages::{CompanyForm, company_fields, read_company};
use crate::kit::{AccountId, NamedRef, Refusal, Text, country};
use crate::web::form::{Choice, Field};
use crate::web::part::Part;
use crate::web::parts::{Head, Notice};
use crate::web::{Ctx, Error, Posted, explain};

/// The value of the choice that describes somebody new.
const NEW: &str = "new";
/// The value of the choice without a reseller.
const NOBODY: &str = "nobody";

/// A company of the directory as a choice.
fn choice(account: &TierSnapshot, chosen: bool) -> Choice {
    let info = &account.contact_info;
    let country = country::name(&info.country).unwrap_or(&info.country);
    let hint = match (&account.parent, country.is_empty()) {
        (Some(_), false) => Text::new("{id} · {city}, {country:word} · bought through {parent}"),
        (Some(_), true) => Text::new("{id} · bought through {parent}"),
        (None, false) => Text::new("{id} · {city}, {country:word}"),
        (None, true) => Text::new("{id}"),
    };
    let parent = account.parent.as_ref().map(|p| p.name.as_str()).unwrap_or_default();
    let hint = hint.arg("city", &info.city).arg("country", country).arg("parent", parent);
    Choice::new(account.id.as_str(), Text::data(&account.name)).hint(hint.arg("id", &account.id)).selected(chosen)
}

/// Companies of the directory to choose from, with the one that is chosen.
async fn directory(
    ctx: &Ctx,
    sheet: &Sheet,
    kind: Kind,
    chosen: Option<&TierSnapshot>,
) -> Result<Vec<TierSnapshot>, Error> {
    let Some(owner) = sheet.outlet().map(|o| o.provider_id.clone()) else { return Ok(vec![]) };
    let words = words(ctx);
    let mut found = ctx.read(move |tx, actor| customers::pick(tx, actor, &owner, kind, &words, CHOICES)).await?;
    if let Some(chosen) = chosen
        && found.iter().all(|a| a.id != chosen.id)
    {
        found.insert(0, chosen.clone());
    }
    Ok(found)
}

/// The search above the choices, if there are so many, and what it found.
fn search(ctx: &Ctx, action: &str, found: usize) -> Vec<Part> {
    let words = words(ctx);
    let mut parts = vec![];
    if !words.is_empty() || i64::try_from(found).unwrap_or(i64::MAX) >= CHOICES {
        parts.push(Part::new(SearchBox {
            action: action.to_owned(),
            value: words.clone(),
            label: Text::new("Search the directory"),
            hint: Text::new("Name, id, number or e-mail"),
        }));
    }
    if found == 0 && !words.is_empty() {
        parts.push(Part::new(Notice::new(Text::new("Nobody in the directory matches “{words}”.").arg("words", words))));
    }
    parts
}

// ---- the customer ----

async fn customer_page(ctx: &Ctx, sheet: &Sheet, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let here = at(ctx, &sheet.written.id, "customer");
    let found = directory(ctx, sheet, Kind::Customer, sheet.customer.as_ref()).await?;
    let is_chosen = |a: &TierSnapshot| sheet.customer.as_ref().is_some_and(|c| c.id == a.id);
    let mut choices: Vec<Choice> = found.iter().map(|a| choice(a, is_chosen(a))).collect();
    let is_new = matches!(&sheet.draft().customer, Some(Buyer::New(_)));
    let label = match &sheet.draft().customer {
        Some(Buyer::New(company)) if !company.name.is_empty() => {
            Text::new("A new customer: {name}").arg("name", &company.name)
        }
        _ => Text::new("A new customer"),
    };
    let hint = Text::new("Their address and contact are asked for next; they are added when the order is placed.");
    choices.push(Choice::new(NEW, label).hint(hint).selected(is_new || found.is_empty()));
    let mut form = step_form(sheet, here.clone(), true).field(Field::radios("customer", "Customer", choices));
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let status = state(&form);
    let mut parts = search(ctx, &here, found.len());
    parts.push(Part::new(form));
    render(ctx, sheet, Step::Customer, Head::new("Who is it for?"), status, parts)
}

/// For whom an order is.
pub async fn order_customer(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    match open(&ctx, &path.1, Step::Customer).await? {
        Ok(sheet) => customer_page(&ctx, &sheet, None).await,
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// Keeps for whom an order is.
pub async fn do_order_customer(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let sheet = match open(&ctx, &id, Step::Customer).await? {
        Ok(sheet) => sheet,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let chosen = posted.get("customer").to_owned();
    let back = at(&ctx, &id, "connection");
    let reseller = is_reseller(&ctx);
    if chosen == NEW {
        let answer = keep(&ctx, &posted, &id, back, move |draft| {
            if !matches!(draft.customer, Some(Buyer::New(_))) {
                draft.customer = Some(Buyer::New(Box::default()));
                draft.reseller = reseller.then_some(Seller::Nobody);
            }
        })
        .await?;
        let goes_on = !matches!(posted.get(GO), BACK | LEAVE);
        return Ok(if goes_on { super::see(at(&ctx, &id, "new-customer")) } else { answer });
    }
    let account = match known(&ctx, &sheet, &chosen, "customer").await? {
        Ok(account) if account.kind == Kind::Customer => Some(account),
        _ if matches!(posted.get(GO), BACK | LEAVE) => None,
        Ok(_) | Err(_) => {
            let wrong = Ctx::wrong("customer", Text::new("Choose the customer, or describe a new one."));
            return customer_page(&ctx, &sheet, Some((wrong, &posted))).await;
        }
    };
    keep(&ctx, &posted, &id, back, move |draft| {
        let Some(account) = &account else { return };
        let same = matches!(&draft.customer, Some(Buyer::Known(id)) if *id == account.id.as_str());
        draft.customer = Some(Buyer::Known(account.id.to_string()));
        if account.parent.is_some() {
            draft.reseller = Some(Seller::Parent);
        } else if !same || draft.reseller == Some(Seller::Parent) {
            draft.reseller = reseller.then_some(Seller::Nobody);
        }
    })
    .await
}

/// An account of the directory that the order can name.
async fn known(
    ctx: &Ctx,
    sheet: &Sheet,
    id: &str,
    field: &'static str,
) -> Result<Result<TierSnapshot, Refusal>, Error> {
    let Some(owner) = sheet.outlet().map(|o| o.provider_id.clone()) else {
        return Ok(Err(Refusal::not_found("customer", id)));
    };
    let id = id.to_owned();
    let found: Result<TierSnapshot, Error> =
        ctx.read(move |tx, actor| customers::of_directory(tx, actor, &owner, &id, field)).await;
    match found {
        Ok(account) => Ok(Ok(account)),
        Err(error) => sayable(error).map(Err),
    }
}

// ---- somebody new ----

fn new_page(
    ctx: &Ctx,
    sheet: &Sheet,
    kind: Kind,
    company: &NewCompany,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let (page, head) = match kind {
        Kind::Customer => ("new-customer", Head::new("Who is the new customer?")),
        Kind::Reseller => ("new-reseller", Head::new("Who is the new reseller?")),
    };
    let mut form = step_form(sheet, at(ctx, &sheet.written.id, page), true);
    for field in company_fields(&company.details(kind)) {
        form = form.field(field);
    }
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let lede = "They are added to the directory when the order is placed.";
    let status = state(&form);
    render(ctx, sheet, Step::Customer, head.lede(lede), status, vec![Part::new(CompanyForm::new(form))])
}

/// What was typed about a new company.
fn typed(posted: &Posted, kind: Kind) -> NewCompany {
    let details = read_company(posted, Details::new(kind));
    NewCompany {
        name: details.name,
        external_id: details.external_id.unwrap_or_default(),
        tax_id: details.tax_id.unwrap_or_default(),
        contact_info: details.contact_info,
    }
}

/// A new customer.
pub async fn order_new_customer(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    match open(&ctx, &path.1, Step::Customer).await? {
        Ok(sheet) => match &sheet.draft().customer {
            Some(Buyer::New(company)) => new_page(&ctx, &sheet, Kind::Customer, company, None),
            _ => new_page(&ctx, &sheet, Kind::Customer, &NewCompany::default(), None),
        },
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// Keeps a new customer.
pub async fn do_order_new_customer(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let company = typed(&posted, Kind::Customer);
    if let Some(elsewhere) = refuse_new(&ctx, &id, &posted, Kind::Customer, &company).await? {
        return Ok(elsewhere);
    }
    let reseller = is_reseller(&ctx);
    keep(&ctx, &posted, &id, at(&ctx, &id, "customer"), move |draft| {
        draft.customer = Some(Buyer::New(Box::new(company.clone())));
        if reseller {
            draft.reseller = Some(Seller::Nobody);
        } else if draft.reseller == Some(Seller::Parent) {
            draft.reseller = None;
        }
    })
    .await
}

/// The page with what is wrong about a new company; nothing if it can be kept.
async fn refuse_new(
    ctx: &Ctx,
    id: &str,
    posted: &Posted,
    kind: Kind,
    company: &NewCompany,
) -> Result<Option<HttpResponse>, Error> {
    let sheet = match open(ctx, id, Step::Customer).await? {
        Ok(sheet) => sheet,
        Err(elsewhere) => return Ok(Some(elsewhere)),
    };
    match company.details(kind).checked("") {
        Err(refusal) if !matches!(posted.get(GO), BACK | LEAVE) => {
            new_page(ctx, &sheet, kind, company, Some((refusal.into(), posted))).map(Some)
        }
        _ => Ok(None),
    }
}

// ---- the reseller ----

async fn reseller_page(ctx: &Ctx, sheet: &Sheet, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let here = at(ctx, &sheet.written.id, "reseller");
    let chosen = sheet.draft().reseller.clone();
    let kept = sheet.reseller.as_ref().filter(|_| matches!(chosen, Some(Seller::Known(_))));
    let found = directory(ctx, sheet, Kind::Reseller, kept).await?;
    let portals: Vec<String> = found.iter().filter_map(|a| a.external_id.clone()).collect();
    let partners = ctx.read(actions::partners).await?;
    let words = crate::kit::fold(&words(ctx));
    // A partner that stands in the directory already is offered there.
    let outside = |p: &&NamedRef| !portals.contains(&p.id) && crate::kit::fold(&p.name).contains(&words);
    let mut choices = vec![
        Choice::new(NOBODY, "No reseller")
            .hint(Text::new("{provider} sells to the customer directly.").arg("provider", provider(sheet)))
            .selected(chosen == Some(Seller::Nobody)),
    ];
    choices.extend(
        found
            .iter()
            .filter(|a| a.external_id.as_deref() != Some(owner(sheet).as_str()))
            .map(|a| choice(a, matches!(&chosen, Some(Seller::Known(id)) if *id == a.id.as_str()))),
    );
    choices.extend(partners.iter().filter(outside).map(|p| {
        Choice::new(&p.id, Text::data(&p.name))
            .hint(Text::new("{id} · service contract").arg("id", &p.id))
            .selected(matches!(&chosen, Some(Seller::Partner(id)) if *id == p.id))
    }));
    let hint = Text::new("Their address and contact are asked for next.");
    choices.push(Choice::new(NEW, "A new reseller").hint(hint).selected(matches!(chosen, Some(Seller::New(_)))));
    let mut form = step_form(sheet, here.clone(), true).field(Field::radios("reseller", "Reseller", choices));
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let status = state(&form);
    let mut parts = search(ctx, &here, found.len() + partners.len());
    parts.push(Part::new(form));
    render(ctx, sheet, Step::Customer, Head::new("Who sells it to them?"), status, parts)
}

fn provider(sheet: &Sheet) -> String {
    sheet.outlet().map(|o| o.provider_name.clone()).unwrap_or_default()
}

fn owner(sheet: &Sheet) -> String {
    sheet.outlet().map(|o| AccountId::to_string(&o.provider_id)).unwrap_or_default()
}

/// Who sells to the customer.
pub async fn order_reseller(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    match open(&ctx, &path.1, Step::Customer).await? {
        Ok(sheet) if asks_for_reseller(&ctx, &sheet) => reseller_page(&ctx, &sheet, None).await,
        Ok(_) => Ok(super::see(at(&ctx, &path.1, "customer"))),
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// A customer under a reseller buys through it, and a reseller sells itself: then there is nothing to ask.
fn asks_for_reseller(ctx: &Ctx, sheet: &Sheet) -> bool {
    let under = sheet.customer.as_ref().is_some_and(|c| c.parent.is_some());
    sheet.draft().customer.is_some() && !under && !is_reseller(ctx)
}

/// Keeps who sells to the customer.
pub async fn do_order_reseller(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let sheet = match open(&ctx, &id, Step::Customer).await? {
        Ok(sheet) if asks_for_reseller(&ctx, &sheet) => sheet,
        Ok(_) => return Ok(super::see(at(&ctx, &id, "customer"))),
        Err(elsewhere) => return Ok(elsewhere),
    };
    let stays = matches!(posted.get(GO), BACK | LEAVE);
    let word = posted.get("reseller").to_owned();
    let before = sheet.draft().reseller.clone();
    let seller = match word.as_str() {
        NOBODY => Some(Seller::Nobody),
        NEW => Some(before.filter(|b| matches!(b, Seller::New(_))).unwrap_or(Seller::New(Box::default()))),
        _ => match known(&ctx, &sheet, &word, "reseller").await? {
            Ok(account) if account.kind == Kind::Reseller => Some(Seller::Known(account.id.to_string())),
            _ => {
                let partners = ctx.read(actions::partners).await?;
                partners.into_iter().find(|p| p.id == word).map(|p| Seller::Partner(p.id))
            }
        },
    };
    if seller.is_none() && !stays {
        let wrong = Ctx::wrong("reseller", Text::new("Choose who sells to the customer."));
        return reseller_page(&ctx, &sheet, Some((wrong, &posted))).await;
    }
    let back = match &sheet.draft().customer {
        Some(Buyer::New(_)) => at(&ctx, &id, "new-customer"),
        _ => at(&ctx, &id, "customer"),
    };
    let is_new = matches!(seller, Some(Seller::New(_)));
    let answer = keep(&ctx, &posted, &id, back, move |draft| {
        if let Some(seller) = &seller {
            draft.reseller = Some(seller.clone());
        }
    })
    .await?;
    Ok(if is_new && !stays { super::see(at(&ctx, &id, "new-reseller")) } else { answer })
}

/// A new reseller.
pub async fn order_new_reseller(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    match open(&ctx, &path.1, Step::Customer).await? {
        Ok(sheet) if asks_for_reseller(&ctx, &sheet) => match &sheet.draft().reseller {
            Some(Seller::New(company)) => new_page(&ctx, &sheet, Kind::Reseller, company, None),
            _ => new_page(&ctx, &sheet, Kind::Reseller, &NewCompany::default(), None),
        },
        Ok(_) => Ok(super::see(at(&ctx, &path.1, "customer"))),
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// Keeps a new reseller.
pub async fn do_order_new_reseller(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let company = typed(&posted, Kind::Reseller);
    if let Some(elsewhere) = refuse_new(&ctx, &id, &posted, Kind::Reseller, &company).await? {
        return Ok(elsewhere);
    }
    keep(&ctx, &posted, &id, at(&ctx, &id, "reseller"), move |draft| {
        draft.reseller = Some(Seller::New(Box::new(company.clone())));
    })
    .await
}
