//! What administrators change about single sign-on.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::sign_on::gate;
use super::sso::{HOME, domain_page, domain_path, idp_page, idp_path, page};
use crate::flows::accounts::actions;
use crate::flows::accounts::model::sso::{DomainStatus, ProviderWords};
use crate::flows::accounts::store::{self, IdpRow, SsoDomainRow};
use crate::kit::{Level, Module, Refusal, Text, UserId};
use crate::web::error::Cause;
use crate::web::form::{Choice, Control, Field, Form, Width};
use crate::web::frames::FormPage;
use crate::web::layout::Crumb;
use crate::web::parts::Notice;
use crate::web::status::Tone;
use crate::web::{Answer, Ctx, Error, Posted, explain};

const WRONG: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// The path of a page of a domain or a provider.
pub type Path = web::Path<(String, String)>;

// ---- domains ----

fn new_domain_page(ctx: &Ctx, code: StatusCode, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let field = Field::text("domain", "Domain").hint("The part after the @ of your addresses: example.com.");
    let mut form = ctx.form(ctx.url(&format!("{HOME}/domains/new")), "Add domain").field(field).cancel(ctx.url(HOME));
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    ctx.render_as(code, &FormPage::new(page(ctx, "Add domain").crumb(Crumb::here("Add domain")), form))
}

/// The form that adds a domain.
pub async fn new_sso_domain(ctx: Ctx) -> Result<HttpResponse, Error> {
    new_domain_page(&ctx, StatusCode::OK, None)
}

/// Adds a domain.
pub async fn do_new_sso_domain(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let (domain, base) = (posted.get("domain").to_owned(), domain_path(&ctx, ""));
    let done = ctx
        .act(&posted, move |tx, actor| {
            let id = actions::add_sso_domain(tx, actor, &domain)?;
            Ok(Answer::go(format!("{base}{id}")).flash(Text::new("The domain was added. Show now that it is yours.")))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => new_domain_page(&ctx, WRONG, Some((error, &posted))),
    }
}

pub(super) fn domain_form(ctx: &Ctx, row: &SsoDomainRow, idps: &[IdpRow]) -> Form {
    let none = Choice::new("", "None: by password").selected(row.idp.is_none());
    let chosen = |idp: &IdpRow| Some(&idp.id) == row.idp.as_ref();
    let choice = |idp: &IdpRow| Choice::new(idp.id.as_str(), Text::data(&idp.name)).selected(chosen(idp));
    let choices = std::iter::once(none).chain(idps.iter().map(choice)).collect();
    let words = "People of this domain cannot use their passwords for this account";
    let alone = beside_box(
        Field::check("enforce", "By the provider alone", words),
        "At once, also for open sessions. If the provider is out of order, only the operator of the server can open the \
         account again.",
    );
    ctx.form(domain_path(ctx, row.id.as_str()), "Save")
        .revision(row.revision)
        .field(Field::select("idp", "Provider", choices).hint("The server that knows the people of this domain."))
        .field(if row.enforce { alone.value("yes") } else { alone })
}

/// A box with a hint beneath its words.
fn beside_box(mut field: Field, hint: &'static str) -> Field {
    if let Control::Check(choice) = &mut field.control {
        choice.hint = Some(hint.into());
    }
    field
}

/// Says how the people of a domain come in.
pub async fn do_sso_domain(ctx: Ctx, path: Path, posted: Posted) -> Result<HttpResponse, Error> {
    let (id, back) = (path.1.clone(), domain_path(&ctx, &path.1));
    let (idp, enforce, revision) = (posted.get("idp").to_owned(), posted.checked("enforce"), posted.revision());
    let done = ctx
        .act(&posted, move |tx, actor| {
            let idp = Some(idp.as_str()).filter(|idp| !idp.is_empty());
            actions::edit_sso_domain(tx, actor, &id, (idp, enforce), revision)?;
            Ok(Answer::go(&back).flash(Text::new("The domain was saved.")))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => domain_page(&ctx, WRONG, &path.1, Some((error, &posted))).await,
    }
}

/// Looks the record of a domain up.
pub async fn do_verify_domain(ctx: Ctx, path: Path, posted: Posted) -> Result<HttpResponse, Error> {
    let (id, back) = (path.1.clone(), domain_path(&ctx, &path.1));
    let key = id.clone();
    let row = ctx
        .read(move |tx, actor| {
            actor.need(Module::Account, Level::Manage)?;
            store::sso_domain(tx, actor, &key)
        })
        .await?;
    let dns = ctx.services().dns.clone();
    let Ok(there) = web::block(move || actions::proves(&dns, &row)).await? else {
        let text = "No server of names answered, so nothing was changed. Try again in a minute.";
        return ctx.go(Answer::go(&back).flash(Text::new(text)));
    };
    ctx.act(&posted, move |tx, actor| {
        let text = match (actions::note_sso_check(tx, actor, &id, Some(there))?, there) {
            (DomainStatus::Verified, true) => "The record was found: the domain is yours.",
            _ => "The record was not found. It may take an hour until a new one is seen.",
        };
        Ok(Answer::go(&back).flash(Text::new(text)))
    })
    .await
}

/// Forgets whom the provider means by a user.
pub async fn do_unlink(ctx: Ctx, path: Path, posted: Posted) -> Result<HttpResponse, Error> {
    let (id, back) = (path.1.clone(), domain_path(&ctx, &path.1));
    let user = UserId::parse(posted.get("user"))
        .ok_or_else(|| Ctx::wrong("user", Text::new("Choose one of the users with an address of this domain.")))?;
    ctx.act(&posted, move |tx, actor| {
        actions::unlink(tx, actor, &id, &user)?;
        Ok(Answer::go(&back).flash(Text::new("The link was removed.")))
    })
    .await
}

fn delete_page(
    ctx: &Ctx,
    (title, consequence, back): (Text, &'static str, &str),
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let code = if wrong.is_some() { WRONG } else { StatusCode::OK };
    let mut form = ctx.form(format!("{back}/delete"), "Remove").hidden("confirmed", "yes").cancel(back);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let page = page(ctx, title).crumb(Crumb::here("Remove"));
    let mut shown = FormPage::new(page, form);
    shown.head = shown.head.lede(Text::new(consequence));
    ctx.render_as(code, &shown)
}

const DOMAIN_GOES: &str =
    "Its people come in by their passwords then. Sessions that the provider opened end in this account at once.";

async fn delete_domain_page(ctx: &Ctx, id: &str, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let key = id.to_owned();
    let row = ctx
        .read(move |tx, actor| {
            actor.need(Module::Account, Level::Manage)?;
            store::sso_domain(tx, actor, &key)
        })
        .await?;
    let title = Text::new("Remove {name}").arg("name", &row.domain);
    delete_page(ctx, (title, DOMAIN_GOES, &domain_path(ctx, id)), wrong)
}

/// Asks whether a domain is to be removed.
pub async fn delete_sso_domain(ctx: Ctx, path: Path) -> Result<HttpResponse, Error> {
    delete_domain_page(&ctx, &path.1, None).await
}

/// Takes a domain away.
pub async fn do_delete_sso_domain(ctx: Ctx, path: Path, posted: Posted) -> Result<HttpResponse, Error> {
    let (id, home) = (path.1.clone(), ctx.url(HOME));
    let done = ctx
        .act(&posted, move |tx, actor| {
            actions::delete_sso_domain(tx, actor, &id)?;
            Ok(Answer::go(&home).flash(Text::new("The domain was removed.")))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => delete_domain_page(&ctx, &path.1, Some((error, &posted))).await,
    }
}

// ---- providers ----

/// The fields of a provider. The first time only what leads to it is asked: our id and secret there come after the redirect
/// address that the page of the provider shows.
pub(super) fn idp_form(ctx: &Ctx, row: Option<&IdpRow>) -> Form {
    let words = row.map(IdpRow::words).unwrap_or_default();
    let name =
        Field::text("name", "Name").hint("What people choose it by: the name of your company.").value(&words.name);
    let issuer = Field::text("issuer", "Issuer")
        .hint("The address of the provider, as it writes it itself: what stands before /.well-known/openid-configuration.")
        .width(Width::Full)
        .value(&words.issuer);
    let Some(row) = row else {
        let form = ctx.form(ctx.url(&format!("{HOME}/providers/new")), "Add provider");
        return form.field(name).field(issuer).cancel(ctx.url(HOME));
    };
    let hint = match row.sealed {
        Some(_) => "Only if it is another one now. It is kept sealed and never shown.",
        None => "It is kept sealed and never shown.",
    };
    let counts = "Who shows a second factor there needs none here";
    let factors = beside_box(
        Field::check("trusts_factors", "Second factors", counts),
        "It counts if the provider says so of a sign-in (amr or acr). Otherwise people show the second factor that they \
         have here.",
    );
    ctx.form(idp_path(ctx, row.id.as_str()), "Save")
        .revision(row.revision)
        .field(name)
        .field(issuer)
        .field(
            Field::text("client_id", "Client id")
                .hint("As the provider knows this portal.")
                .optional()
                .value(&words.client_id),
        )
        .field(Field::password("client_secret", "Client secret").hint(hint).optional().autocomplete("off"))
        .field(if words.trusts_factors { factors.value("yes") } else { factors })
}

fn words(posted: &Posted) -> ProviderWords {
    ProviderWords {
        name: posted.get("name").to_owned(),
        issuer: posted.get("issuer").to_owned(),
        client_id: posted.get("client_id").to_owned(),
        trusts_factors: posted.checked("trusts_factors"),
    }
}

/// Refuses an issuer that is never called.
fn callable(ctx: &Ctx, posted: &Posted) -> Result<(), Error> {
    let checked = ctx.services().http.check(posted.get("issuer").trim());
    checked.map_err(|e| Refusal::field("issuer", e.text().clone()).into())
}

fn new_idp_page(ctx: &Ctx, code: StatusCode, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let mut form = idp_form(ctx, None);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let mut shown = FormPage::new(page(ctx, "Add provider").crumb(Crumb::here("Add provider")), form);
    let lede =
        "First the server. Then you see what it has to know about this portal, and type what it gives you for it.";
    shown.head = shown.head.lede(lede);
    ctx.render_as(code, &shown)
}

/// The form that adds a provider.
pub async fn new_idp(ctx: Ctx) -> Result<HttpResponse, Error> {
    new_idp_page(&ctx, StatusCode::OK, None)
}

/// Adds a provider.
pub async fn do_new_idp(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    if let Err(error) = callable(&ctx, &posted) {
        return new_idp_page(&ctx, WRONG, Some((error, &posted)));
    }
    let (words, base) = (words(&posted), idp_path(&ctx, ""));
    let done = ctx
        .act(&posted, move |tx, actor| {
            let id = actions::add_idp(tx, actor, &words)?;
            let text = "The provider was added. Tell it about this portal, then type the client id and its secret.";
            Ok(Answer::go(format!("{base}{id}")).flash(Text::new(text)))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => new_idp_page(&ctx, WRONG, Some((error, &posted))),
    }
}

/// Changes a provider.
pub async fn do_sso_idp(ctx: Ctx, path: Path, posted: Posted) -> Result<HttpResponse, Error> {
    if let Err(error) = callable(&ctx, &posted) {
        return idp_page(&ctx, WRONG, &path.1, Some((error, &posted)), vec![]).await;
    }
    let (id, back, deployment) = (path.1.clone(), idp_path(&ctx, &path.1), ctx.services().secret.clone());
    let (words, secret, revision) = (words(&posted), posted.get("client_secret").to_owned(), posted.revision());
    let done = ctx
        .act(&posted, move |tx, actor| {
            actions::edit_idp(tx, actor, &id, (&words, &secret), revision, &deployment)?;
            Ok(Answer::go(&back).flash(Text::new("The provider was saved.")))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => idp_page(&ctx, WRONG, &path.1, Some((error, &posted)), vec![]).await,
    }
}

/// Looks a provider up and says what is wrong with it.
pub async fn do_test_idp(ctx: Ctx, path: Path) -> Result<HttpResponse, Error> {
    let (key, gate) = (path.1.clone(), gate(&ctx));
    let row = ctx
        .read(move |tx, actor| {
            actor.need(Module::Account, Level::Manage)?;
            store::idp(tx, actor, &key)
        })
        .await?;
    let ready = row.is_ready();
    let tested = web::block(move || gate.test(&row)).await?.map_err(Error::from);
    let mut notices = vec![];
    let code = match tested {
        Ok(found) => {
            let text = match ready {
                true => {
                    "The server answers and its description and keys can be read. Whether client id and secret are right shows when you sign in by it."
                }
                false => {
                    "The server answers and its description and keys can be read. Type the client id and its secret now."
                }
            };
            notices.push(Notice::new(text).title("The provider was found"));
            let doubt = |text| Notice::new(text).title("This may not work").tone(Tone::Warn);
            notices.extend(found.doubts.into_iter().map(doubt));
            StatusCode::OK
        }
        Err(error) => match error.cause {
            Cause::Refused(refusal) => {
                notices.push(Notice::new(refusal.first()).title("The provider was not found").tone(Tone::Bad));
                WRONG
            }
            other => return Err(other.into()),
        },
    };
    idp_page(&ctx, code, &path.1, None, notices).await
}

const IDP_GOES: &str = "Nobody comes in by it any more, and sessions that it opened end in this account at once. People use their passwords.";

async fn delete_idp_page(ctx: &Ctx, id: &str, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let key = id.to_owned();
    let row = ctx
        .read(move |tx, actor| {
            actor.need(Module::Account, Level::Manage)?;
            store::idp(tx, actor, &key)
        })
        .await?;
    let title = Text::new("Remove {name}").arg("name", &row.name);
    delete_page(ctx, (title, IDP_GOES, &idp_path(ctx, id)), wrong)
}

/// Asks whether a provider is to be removed.
pub async fn delete_idp(ctx: Ctx, path: Path) -> Result<HttpResponse, Error> {
    delete_idp_page(&ctx, &path.1, None).await
}

/// Takes a provider away.
pub async fn do_delete_idp(ctx: Ctx, path: Path, posted: Posted) -> Result<HttpResponse, Error> {
    let (id, home) = (path.1.clone(), ctx.url(HOME));
    let done = ctx
        .act(&posted, move |tx, actor| {
            actions::delete_idp(tx, actor, &id)?;
            Ok(Answer::go(&home).flash(Text::new("The provider was removed.")))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => delete_idp_page(&ctx, &path.1, Some((error, &posted))).await,
    }
}
