//! What administrators change about the providers of single sign-on.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::sign_on::gate;
use super::sso::{HOME, idp_page, idp_path, page};
use super::sso_forms::{Path, WRONG, beside_box, delete_page};
use crate::flows::accounts::actions;
use crate::flows::accounts::model::sso::ProviderWords;
use crate::flows::accounts::store::{self, GroupRow, IdpRow};
use crate::kit::{GroupId, Level, Module, Refusal, Text};
use crate::web::error::Cause;
use crate::web::form::{Choice, Field, Form, Width};
use crate::web::frames::FormPage;
use crate::web::layout::Crumb;
use crate::web::parts::Notice;
use crate::web::status::Tone;
use crate::web::{Answer, Ctx, Error, Posted, explain};

/// The fields of a provider. The first time only what leads to it is asked: our id and secret there come after the redirect
/// address that the page of the provider shows.
pub(super) fn idp_form(ctx: &Ctx, row: Option<&IdpRow>, groups: &[GroupRow]) -> Form {
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
    let form = ctx
        .form(idp_path(ctx, row.id.as_str()), "Save")
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
        .field(
            Field::text("scopes", "Further scopes")
                .hint("Besides openid, email and profile, with spaces between.")
                .optional()
                .value(&words.scopes),
        )
        .field(
            Field::area("notice", "Notice")
                .hint("What people read before they go to the provider.")
                .rows(2)
                .optional()
                .value(&words.notice),
        )
        .field(if words.trusts_factors { factors.value("yes") } else { factors });
    member_fields(form, &words, groups)
}

/// Whom the provider makes a member, and into which groups it puts people.
fn member_fields(form: Form, words: &ProviderWords, groups: &[GroupRow]) -> Form {
    let joins = beside_box(
        Field::check("joins", "New members", "Who signs in for the first time becomes a member"),
        "With an address that the provider has checked, of a domain of yours that names it. Whoever was deactivated stays out.",
    );
    let none = Choice::new("", "None").selected(words.join_group.is_none());
    let chosen = |group: &GroupRow| Some(&group.id) == words.join_group.as_ref();
    let choice = |group: &GroupRow| Choice::new(group.id.as_str(), Text::data(&group.name)).selected(chosen(group));
    let choices = std::iter::once(none).chain(groups.iter().map(choice)).collect();
    form.field(if words.joins { joins.value("yes") } else { joins })
        .field(
            Field::select("join_group", "Default group", choices)
                .hint("Of members of whom nothing else says where they belong.")
                .optional(),
        )
        .field(
            Field::text("groups_claim", "Claim of the groups")
                .hint("It names external ids of groups. At each sign-in people are put into these, and taken out of others that have one.")
                .optional()
                .value(&words.groups_claim),
        )
}

/// What is said now, with what the form says of it.
fn words(posted: &Posted, now: ProviderWords) -> Result<ProviderWords, Refusal> {
    let join_group = match posted.get("join_group") {
        "" => None,
        id => Some(
            GroupId::parse(id)
                .ok_or_else(|| Refusal::field("join_group", Text::new("Choose one of the account's groups.")))?,
        ),
    };
    Ok(ProviderWords {
        name: posted.get("name").to_owned(),
        issuer: posted.get("issuer").to_owned(),
        client_id: posted.get("client_id").to_owned(),
        trusts_factors: posted.checked("trusts_factors"),
        scopes: posted.get("scopes").to_owned(),
        notice: posted.get("notice").to_owned(),
        joins: posted.checked("joins"),
        join_group,
        groups_claim: posted.get("groups_claim").to_owned(),
        ..now
    })
}

/// Refuses an issuer that is never called.
fn callable(ctx: &Ctx, posted: &Posted) -> Result<(), Error> {
    let checked = ctx.services().http.check(posted.get("issuer").trim());
    checked.map_err(|e| Refusal::field("issuer", e.text().clone()).into())
}

fn new_idp_page(ctx: &Ctx, code: StatusCode, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let mut form = idp_form(ctx, None, &[]);
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
    let (words, base) = (words(&posted, ProviderWords::default()), idp_path(&ctx, ""));
    let done = ctx
        .act(&posted, move |tx, actor| {
            let words = words.clone()?;
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
    let (typed, secret, revision) = (posted.clone(), posted.get("client_secret").to_owned(), posted.revision());
    let done = ctx
        .act(&posted, move |tx, actor| {
            actions::edit_idp(tx, actor, &id, (revision, &secret), &deployment, |now| words(&typed, now))?;
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
