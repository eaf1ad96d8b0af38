//! What is done with one user: other groups, the invitation again, revoke, deactivate, activate, mail again, remove.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::users::{crumbs, group_choices, groups_of, member, parsed, tag_field, tags_of};
use crate::flows::accounts::actions::{self, MemberWords};
use crate::flows::accounts::model::people::MemberVerb;
use crate::flows::accounts::store::{self, MemberRow};
use crate::kit::{GroupId, Level, Module, Refusal, Text, UserId};
use crate::web::form::{Field, Form};
use crate::web::frames::FormPage;
use crate::web::layout::Crumb;
use crate::web::{Answer, Ctx, Error, Posted, explain};

/// A verb as the page's addresses name it.
pub(super) struct Known {
    pub(super) word: &'static str,
    pub(super) label: &'static str,
    /// None for the mark of the address, which belongs to the person and not to the membership.
    pub(super) verb: Option<MemberVerb>,
    /// What will happen.
    pub(super) says: &'static str,
    done: &'static str,
}

/// The word of the verb that lets mail go to an address again.
pub(super) const ADDRESS: &str = "unblock";

/// The verbs in the order of the page.
pub(super) static VERBS: [Known; 5] = [
    Known {
        word: "reinvite",
        label: "Invite again",
        verb: Some(MemberVerb::Reinvite),
        says: "A new invitation is sent, which works for a week. The link of an earlier one stops working.",
        done: "The invitation was sent again.",
    },
    Known {
        word: "revoke",
        label: "Revoke invitation",
        verb: Some(MemberVerb::Revoke),
        says: "The link in the mail stops working at once. The user stays in the list and can be invited again.",
        done: "The invitation was revoked.",
    },
    Known {
        word: "activate",
        label: "Activate",
        verb: Some(MemberVerb::Activate),
        says: "The user can work in this account again, with the groups they have.",
        done: "The user was activated.",
    },
    Known {
        word: "deactivate",
        label: "Deactivate",
        verb: Some(MemberVerb::Deactivate),
        says: "The user can do nothing in this account from now on, in open windows neither. Groups are kept; other accounts of the user are not touched.",
        done: "The user was deactivated.",
    },
    Known {
        word: ADDRESS,
        label: "Send mail again",
        verb: None,
        says: "Mail goes to this address again. If the mail server refuses it once more, it is marked again.",
        done: "Mail goes to this address again.",
    },
];

/// Whether a verb can be done with a user now.
pub(super) fn can(verb: Option<MemberVerb>, user: &MemberRow) -> bool {
    match verb {
        Some(verb) => verb.next(user.status).is_some(),
        None => user.blocked_at.is_some(),
    }
}

/// Whether who looks may change users and groups.
pub(super) fn may_manage(ctx: &Ctx) -> bool {
    ctx.actor().seat().is_some_and(|s| s.permissions.holds(Module::Account, Level::Manage))
}

fn known(word: &str) -> Result<&'static Known, Error> {
    VERBS.iter().find(|known| known.word == word).ok_or_else(|| Refusal::not_found("action", word).into())
}

/// The form of a verb.
pub(super) fn verb_form(ctx: &Ctx, user: &UserId, known: &Known) -> Form {
    ctx.form(ctx.url(&format!("/users/{user}/{}", known.word)), known.label).hidden("confirmed", "yes")
}

async fn verb_page(
    ctx: &Ctx,
    status: StatusCode,
    (id, word): (&str, &str),
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let (id, known) = (parsed(id)?, known(word)?);
    let user = ctx.read(move |tx, actor| member(tx, actor, &id)).await?;
    let here = ctx.url(&format!("/users/{}", user.id));
    let mut form = verb_form(ctx, &user.id, known).cancel(&here);
    match wrong {
        Some((error, posted)) => explain(&mut form, posted, error)?,
        None if !can(known.verb, &user) => form = form.not_now(not_now(known, &user)),
        None => {}
    }
    let title = Text::new("{verb:word}: {user}").arg("verb", known.label).arg("user", &user.name);
    let page = crumbs(ctx, title).crumb(Crumb::link(Text::data(&user.name), here)).crumb(Crumb::here(known.label));
    let mut shown = FormPage::new(page, form);
    shown.head = shown.head.lede(known.says);
    ctx.render_as(status, &shown)
}

fn not_now(known: &Known, user: &MemberRow) -> Text {
    let refusal = known.verb.map(|verb| verb.not_now(&user.email));
    let said = refusal.and_then(|mut refusal| refusal.problems.pop()).map(|problem| problem.text);
    said.unwrap_or_else(|| Text::new("Mail goes to this address already."))
}

/// Asks whether something is to be done with a user, where the dialog cannot.
pub async fn user_verb(ctx: Ctx, path: web::Path<(String, String, String)>) -> Result<HttpResponse, Error> {
    verb_page(&ctx, StatusCode::OK, (&path.1, &path.2), None).await
}

/// Does it.
pub async fn do_user_verb(
    ctx: Ctx,
    path: web::Path<(String, String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (user, known) = (parsed(&path.1)?, known(&path.2)?);
    let (services, back) = (ctx.services().clone(), ctx.url(&format!("/users/{user}")));
    let again = async |code, error| verb_page(&ctx, code, (&path.1, &path.2), Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        match known.verb {
            Some(verb) => {
                let door = actions::Door { deployment: &services.secret };
                actions::change_member(tx, actor, &user, verb, &door)?;
            }
            None => actions::unblock_address(tx, actor, &user)?,
        }
        Ok(Answer::go(&back).flash(Text::new(known.done)))
    })
    .await
}

async fn edit_page(
    ctx: &Ctx,
    status: StatusCode,
    id: &str,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let id = parsed(id)?;
    let (user, groups, tags) = ctx
        .read(move |tx, actor| {
            let (user, ids) = (member(tx, actor, &id)?, [id.to_string()]);
            let theirs: Vec<GroupId> =
                store::groups_of_members(tx, actor, &ids)?.into_iter().map(|(_, group, _)| group).collect();
            let tags: Vec<_> = store::tags_of_members(tx, actor, &ids)?.into_iter().map(|(_, tag)| tag).collect();
            Ok((user, group_choices(tx, actor, &theirs)?, tags))
        })
        .await?;
    let here = ctx.url(&format!("/users/{}", user.id));
    let mut form = ctx
        .form(format!("{here}/edit"), "Save")
        .revision(user.revision)
        .field(Field::checks("groups", "Groups", groups).hint("They say what the user may do.").needed())
        .field(tag_field(&tags))
        .cancel(&here);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let title = Text::new("Change groups of {name}").arg("name", &user.name);
    let page = crumbs(ctx, title).crumb(Crumb::link(Text::data(&user.name), here)).crumb(Crumb::here("Change groups"));
    let mut shown = FormPage::new(page, form);
    shown.head = shown.head.lede("It counts at once, in windows too that the user has open.");
    ctx.render_as(status, &shown)
}

/// The form that changes a user's groups and tags.
pub async fn edit_user(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    edit_page(&ctx, StatusCode::OK, &path.1, None).await
}

/// Changes a user's groups and tags.
pub async fn do_edit_user(ctx: Ctx, path: web::Path<(String, String)>, posted: Posted) -> Result<HttpResponse, Error> {
    let (user, revision) = (parsed(&path.1)?, posted.revision());
    let words = MemberWords { groups: Some(groups_of(&posted)), tags: Some(tags_of(&posted)) };
    let back = ctx.url(&format!("/users/{user}"));
    let again = async |code, error| edit_page(&ctx, code, &path.1, Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        actions::edit_member(tx, actor, &user, revision, &words)?;
        Ok(Answer::go(&back).flash(Text::new("The user was saved.")))
    })
    .await
}

/// The form that removes a user.
pub(super) fn removal(ctx: &Ctx, user: &MemberRow) -> Form {
    ctx.form(ctx.url(&format!("/users/{}/remove", user.id)), "Remove")
}

/// What removing a user means.
pub(super) fn removal_words(user: &MemberRow) -> Text {
    Text::new("{name} can no longer work in this account. What they did stays in every timeline.")
        .arg("name", &user.name)
}

async fn removal_page(
    ctx: &Ctx,
    status: StatusCode,
    id: &str,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let id = parsed(id)?;
    let user = ctx.read(move |tx, actor| member(tx, actor, &id)).await?;
    let mut form = removal(ctx, &user).cancel(ctx.url(&format!("/users/{}", user.id)));
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let page = crumbs(ctx, Text::new("Remove {name}").arg("name", &user.name)).crumb(Crumb::here("Remove user"));
    let mut shown = FormPage::new(page, form);
    shown.head = shown.head.lede(removal_words(&user));
    ctx.render_as(status, &shown)
}

/// Asks whether a user is to be removed, where the dialog cannot.
pub async fn remove_user(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    removal_page(&ctx, StatusCode::OK, &path.1, None).await
}

/// Takes a user out of the company.
pub async fn do_remove_user(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (user, back) = (parsed(&path.1)?, ctx.url("/users"));
    let again = async |code, error| removal_page(&ctx, code, &path.1, Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        actions::remove_member(tx, actor, &user)?;
        Ok(Answer::go(&back).flash(Text::new("The user was removed.")))
    })
    .await
}
