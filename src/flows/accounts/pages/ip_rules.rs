//! Pages of the rules about addresses: the same for people and for programs.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::{company, tokens};
use crate::flows::accounts::actions::{self, IpRuleWords};
use crate::flows::accounts::model::ip::Acl;
use crate::flows::accounts::store::{self, IpRuleRow};
use crate::kit::{IpRuleId, Refusal, Text};
use crate::web::button::Button;
use crate::web::form::{Field, Form, Width};
use crate::web::frames::FormPage;
use crate::web::layout::{Crumb, Page};
use crate::web::list::{Col, Linked, List};
use crate::web::parts::{Head, Tabs};
use crate::web::state::State;
use crate::web::table::Narrow;
use crate::web::{Answer, Ctx, Error, Posted, explain};

/// Where the pages of a list are.
fn home(acl: Acl) -> &'static str {
    match acl {
        Acl::Users => "/users/ip-rules",
        Acl::Tokens => "/tokens/ip-rules",
    }
}

fn page(ctx: &Ctx, acl: Acl, title: &'static str) -> Page {
    let (above, label) = match acl {
        Acl::Users => ("/account", "Account"),
        Acl::Tokens => ("/tokens", "Integrations"),
    };
    ctx.page(title).crumb(Crumb::link(label, ctx.url(above)))
}

fn tabs(ctx: &Ctx, acl: Acl) -> Tabs {
    match acl {
        Acl::Users => company::tabs(ctx, home(acl)),
        Acl::Tokens => tokens::tabs(ctx, home(acl)),
    }
}

/// What a list is for, and where its reader comes from.
fn lede(ctx: &Ctx, acl: Acl) -> Text {
    let text = match acl {
        Acl::Users => {
            "From where people may work in this account. Without a rule they may come from everywhere. You come from {address}."
        }
        Acl::Tokens => {
            "From where programs with a token of this account may call. Without a rule they may come from everywhere. You come from {address}."
        }
    };
    Text::new(text).arg("address", &ctx.site().client)
}

/// The form that adds a rule, with the reader's own address in it.
fn with_own(ctx: &Ctx, acl: Acl) -> String {
    let own: String = url::form_urlencoded::byte_serialize(ctx.site().client.as_bytes()).collect();
    format!("{}/new?value={own}", ctx.url(home(acl)))
}

async fn list(ctx: Ctx, acl: Acl) -> Result<HttpResponse, Error> {
    let here = ctx.url(home(acl));
    type Line = Linked<IpRuleRow>;
    let (base, add) = (here.clone(), format!("{here}/new"));
    let list = List::new("IP rules", here, &store::IP_RULES, move |tx, actor, ids| {
        let mut lines = Linked::all(&base, store::ip_rules(tx, actor, ids)?, |rule: &IpRuleRow| rule.id.as_str());
        lines.iter_mut().for_each(|line| line.href.push_str("/edit"));
        Ok(lines)
    })
    .within("acl", acl)
    .column(Col::link("value", "Addresses", |r: &Line| (&r.row.value, &r.href)).at(Narrow::Left1).sorted("value"))
    .column(
        Col::new(
            "comment",
            "Comment",
            |r: &Line| crate::web::cell::Cell::data(&r.row.comment),
            |r| r.row.comment.clone(),
        )
        .at(Narrow::Whole2)
        .grows()
        .sorted("comment"),
    )
    .column(
        Col::moment("created", "Added", |r: &Line| r.row.events.0.at("created"))
            .at(Narrow::Right1)
            .sorted("events.created.at"),
    )
    .column(Col::id("id", "Id", |r: &Line| &r.row.id).at(Narrow::Hidden))
    .search("Address, comment, id")
    .empty(
        State::nothing_yet(
            "shield",
            "No IP rules yet",
            "Everybody may come from everywhere. The first rule shuts all other addresses out.",
        )
        .action(Button::link("Add my address", with_own(&ctx, acl)).primary()),
    );
    let head = Head::new("IP rules")
        .lede(lede(&ctx, acl))
        .action(Button::link("Add rule", add).primary().icon("plus"))
        .action(Button::link("Add my address", with_own(&ctx, acl)));
    let (page, tabs) = (page(&ctx, acl, "IP rules").crumb(Crumb::here("IP rules")), tabs(&ctx, acl));
    ctx.list_page(list, page, head, Some(tabs)).await
}

fn fields(form: Form, words: &IpRuleWords) -> Form {
    form.field(
        Field::text("value", "Addresses")
            .hint("One address, 203.0.113.7; a range, 203.0.113.1-203.0.113.20; or a network, 203.0.113.0/24 or 2001:db8::/32.")
            .value(&words.value),
    )
    .field(
        Field::text("comment", "Comment").hint("Whose addresses these are.").optional().width(Width::Full).value(&words.comment),
    )
}

fn words(posted: &Posted) -> IpRuleWords {
    IpRuleWords { value: posted.get("value").to_owned(), comment: posted.get("comment").to_owned() }
}

fn new_page(ctx: &Ctx, acl: Acl, status: StatusCode, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let here = ctx.url(home(acl));
    let suggested = words(&Posted::of_query(ctx.query()));
    let mut form = fields(ctx.form(format!("{here}/new"), "Add rule"), &suggested)
        .button(Button::link("Use my address", with_own(ctx, acl)))
        .cancel(&here);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let page = page(ctx, acl, "Add IP rule").crumb(Crumb::link("IP rules", here)).crumb(Crumb::here("Add IP rule"));
    let mut shown = FormPage::new(page, form);
    shown.head = shown.head.lede(lede(ctx, acl));
    ctx.render_as(status, &shown)
}

async fn do_new(ctx: Ctx, acl: Acl, posted: Posted) -> Result<HttpResponse, Error> {
    let (words, address, back) = (words(&posted), ctx.site().client.clone(), ctx.url(home(acl)));
    let done = ctx
        .act(&posted, move |tx, actor| {
            actions::add_ip_rule(tx, actor, acl, &words, &address)?;
            Ok(Answer::go(&back).flash(Text::new("The rule was added. It holds from now on.")))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => new_page(&ctx, acl, StatusCode::UNPROCESSABLE_ENTITY, Some((error, &posted))),
    }
}

fn parsed(id: &str) -> Result<IpRuleId, Error> {
    IpRuleId::parse(id).ok_or_else(|| Refusal::not_found("IP rule", id).into())
}

async fn one(ctx: &Ctx, acl: Acl, id: &IpRuleId) -> Result<IpRuleRow, Error> {
    let id = id.clone();
    ctx.read(move |tx, actor| {
        let found = store::ip_rules(tx, actor, &[id.to_string()])?.pop().filter(|rule| rule.acl == acl);
        found.ok_or_else(|| Refusal::not_found("IP rule", &id).into())
    })
    .await
}

async fn edit_page(
    ctx: &Ctx,
    (acl, id): (Acl, &str),
    status: StatusCode,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let rule = one(ctx, acl, &parsed(id)?).await?;
    let here = ctx.url(home(acl));
    let form = ctx.form(format!("{here}/{}/edit", rule.id), "Save").revision(rule.revision);
    let mut form = fields(form, &IpRuleWords::from(&rule))
        .cancel(&here)
        .button(Button::link("Delete rule…", format!("{here}/{}/delete", rule.id)).danger());
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let page = page(ctx, acl, "Edit IP rule").crumb(Crumb::link("IP rules", here)).crumb(Crumb::here("Edit IP rule"));
    let mut shown = FormPage::new(page, form);
    shown.head = shown.head.lede(lede(ctx, acl));
    ctx.render_as(status, &shown)
}

async fn do_edit(ctx: Ctx, acl: Acl, id: &str, posted: Posted) -> Result<HttpResponse, Error> {
    let (rule, words, revision) = (parsed(id)?, words(&posted), posted.revision());
    let (address, back) = (ctx.site().client.clone(), ctx.url(home(acl)));
    let done = ctx
        .act(&posted, move |tx, actor| {
            actions::edit_ip_rule(tx, actor, (acl, &rule), revision, &address, |_| Ok(words.clone()))?;
            Ok(Answer::go(&back).flash(Text::new("The rule was saved. It holds from now on.")))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => edit_page(&ctx, (acl, id), StatusCode::UNPROCESSABLE_ENTITY, Some((error, &posted))).await,
    }
}

async fn delete_page(
    ctx: &Ctx,
    (acl, id): (Acl, &str),
    status: StatusCode,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let rule = one(ctx, acl, &parsed(id)?).await?;
    let here = ctx.url(home(acl));
    let form = ctx.form(format!("{here}/{}/delete", rule.id), "Delete rule").hidden("confirmed", "yes");
    let mut form = form.cancel(format!("{here}/{}/edit", rule.id));
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let page = page(ctx, acl, "Delete this rule?").crumb(Crumb::link("IP rules", here)).crumb(Crumb::here("Delete"));
    let mut shown = FormPage::new(page, form);
    let text = Text::new(
        "Whoever comes from {value} is refused then, unless another rule lets them in. Without any rule everybody may come.",
    );
    shown.head = shown.head.lede(text.arg("value", &rule.value));
    ctx.render_as(status, &shown)
}

async fn do_delete(ctx: Ctx, acl: Acl, id: &str, posted: Posted) -> Result<HttpResponse, Error> {
    let (ids, address, back) = ([parsed(id)?], ctx.site().client.clone(), ctx.url(home(acl)));
    let done = ctx
        .act(&posted, move |tx, actor| {
            actions::delete_ip_rules(tx, actor, acl, &ids, &address)?;
            Ok(Answer::go(&back).flash(Text::new("The rule was deleted.")))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => delete_page(&ctx, (acl, id), StatusCode::UNPROCESSABLE_ENTITY, Some((error, &posted))).await,
    }
}

macro_rules! pages_of {
    ($(#[$meta:meta])* $name:ident, $acl:expr) => {
        $(#[$meta])*
        pub mod $name {
            use actix_web::http::StatusCode;
            use actix_web::{HttpResponse, web};

            use crate::flows::accounts::model::ip::Acl;
            use crate::web::{Ctx, Error, Posted};

            type Path = web::Path<(String, String)>;

            /// The rules.
            pub async fn list(ctx: Ctx) -> Result<HttpResponse, Error> {
                super::list(ctx, $acl).await
            }

            /// The form that adds a rule.
            pub async fn new(ctx: Ctx) -> Result<HttpResponse, Error> {
                super::new_page(&ctx, $acl, StatusCode::OK, None)
            }

            /// Adds a rule.
            pub async fn do_new(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
                super::do_new(ctx, $acl, posted).await
            }

            /// The form that changes a rule.
            pub async fn edit(ctx: Ctx, path: Path) -> Result<HttpResponse, Error> {
                super::edit_page(&ctx, ($acl, &path.1), StatusCode::OK, None).await
            }

            /// Changes a rule.
            pub async fn do_edit(ctx: Ctx, path: Path, posted: Posted) -> Result<HttpResponse, Error> {
                super::do_edit(ctx, $acl, &path.1, posted).await
            }

            /// Asks whether a rule is to be deleted.
            pub async fn delete(ctx: Ctx, path: Path) -> Result<HttpResponse, Error> {
                super::delete_page(&ctx, ($acl, &path.1), StatusCode::OK, None).await
            }

            /// Deletes a rule.
            pub async fn do_delete(ctx: Ctx, path: Path, posted: Posted) -> Result<HttpResponse, Error> {
                super::do_delete(ctx, $acl, &path.1, posted).await
            }
        }
    };
}

pages_of!(
    /// From where people may come.
    of_users,
    Acl::Users
);
pages_of!(
    /// From where programs may come.
    of_tokens,
    Acl::Tokens
);
