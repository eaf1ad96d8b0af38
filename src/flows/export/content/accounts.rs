//! The account itself, its people and tokens, its pictures, and what was noted about it.

use super::{Attached, Kind, Reading};
use crate::db::Result;
use crate::flows::accounts::api::{self, Account, IpRule};
use crate::flows::accounts::model::ip::Acl;
use crate::flows::accounts::store as people;
use crate::flows::audit::api::Entry;
use crate::flows::audit::store::{self as audit, Whose};
use crate::flows::export::store;
use crate::flows::products::model::picture_path;
use crate::kit::TokenId;
use crate::outside::files::Content;

/// What pictures are.
const PICTURE: [Content; 5] = [Content::Png, Content::Jpeg, Content::Webp, Content::Gif, Content::Svg];
/// Pictures that are looked up at once.
const AT_ONCE: i64 = 500;

pub(super) const KINDS: &[Kind] = &[
    Kind { name: "accounts", about: "The account itself, and its sub-accounts", read: accounts },
    Kind { name: "users", about: "People of the account, with their groups; no passwords", read: users },
    Kind { name: "groups", about: "Groups, with what they may do", read: groups },
    Kind { name: "tokens", about: "API tokens, with what they may do; no keys", read: tokens },
    Kind { name: "token_calls", about: "Calls of each token by day and HTTP status", read: token_calls },
    Kind {
        name: "ip_rules",
        about: "From where people and programs may come; @in.acl is users or tokens",
        read: ip_rules,
    },
    Kind { name: "identity_providers", about: "Providers of single sign-on; no client secrets", read: idps },
    Kind { name: "domains", about: "Domains of e-mail addresses, and how their people come in", read: domains },
];

pub(super) const AUDIT: &[Kind] =
    &[Kind { name: "audit", about: "What was done, newest first, as the account may read it", read: entries }];

fn accounts(r: &mut Reading<'_, '_>) -> Result<()> {
    r.list(&people::ACCOUNTS, &[], &[], |tx, actor, ids| {
        Ok(people::companies(tx, actor, ids)?.into_iter().map(Account::from).collect())
    })?;
    pictures(r)
}

/// What a browser shows of the account: its logo, icons and media of its products.
fn pictures(r: &mut Reading<'_, '_>) -> Result<()> {
    let account = r.actor.account()?.clone();
    let mut after = String::new();
    loop {
        let found = store::pictures(r.tx, r.actor, &after, AT_ONCE)?;
        let Some(last) = found.last() else { return Ok(()) };
        after.clone_from(&last.key);
        for store::Picture { key, object, content_type } in found {
            let content = PICTURE.into_iter().find(|c| c.serving().content_type == content_type);
            let name = format!("{key}{}", content.unwrap_or(Content::Unknown).extension());
            let url = match account == *object {
                true => format!("/media/{account}/media/{name}"),
                false => picture_path(account.as_str(), &object, &name),
            };
            r.attach(&Attached {
                path: format!("files/media/{object}/{name}"),
                url: Some(url),
                object,
                content_type,
                key,
            })?;
        }
    }
}

fn users(r: &mut Reading<'_, '_>) -> Result<()> {
    r.list(&people::USERS, &[], &[], api::users_of)
}

fn groups(r: &mut Reading<'_, '_>) -> Result<()> {
    r.list(&people::GROUPS, &[], &[], api::groups_of)
}

fn tokens(r: &mut Reading<'_, '_>) -> Result<()> {
    r.list(&people::TOKENS, &[], &[], api::tokens_of)
}

fn token_calls(r: &mut Reading<'_, '_>) -> Result<()> {
    r.each(&people::TOKENS, &[], |r, ids| {
        for id in ids.iter().filter_map(|id| TokenId::parse(id)) {
            for day in api::call_days(r.tx, r.actor, &id)? {
                r.row(day, &[("token", id.as_str())])?;
            }
        }
        Ok(())
    })
}

fn ip_rules(r: &mut Reading<'_, '_>) -> Result<()> {
    for acl in [Acl::Users, Acl::Tokens].map(|acl| acl.as_str()) {
        r.list(&people::IP_RULES, &[("acl", acl)], &[("acl", acl)], |tx, actor, ids| {
            Ok(people::ip_rules(tx, actor, ids)?.into_iter().map(IpRule::from).collect())
        })?;
    }
    Ok(())
}

fn idps(r: &mut Reading<'_, '_>) -> Result<()> {
    r.list(&people::IDPS, &[], &[], api::idps_of)
}

fn domains(r: &mut Reading<'_, '_>) -> Result<()> {
    r.list(&people::SSO_DOMAINS, &[], &[], api::sso_domains_of)
}

fn entries(r: &mut Reading<'_, '_>) -> Result<()> {
    r.list(&audit::AUDIT, &[], &[], |tx, actor, ids| {
        Ok(audit::records(tx, actor, Whose::Own, ids)?.into_iter().map(Entry::from).collect())
    })
}
