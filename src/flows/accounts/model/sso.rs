//! Rules of single sign-on. Pure.

use serde::{Deserialize, Serialize};

use super::Membership;
use crate::kit::{AccountId, Email, GroupId, IdpId, Problems, Text, Time};

crate::word_enum! {
    /// Where a domain stands.
    pub enum DomainStatus {
        /// Nobody has shown yet that it is the account's.
        Pending = "pending",
        /// Its record says that it is.
        Verified = "verified",
        /// Its record was not found, or is gone.
        Failed = "failed",
    }
}

/// Where the record of a domain stands: `_causeway.example.com`.
pub const RECORD_NAME: &str = "_causeway";
/// What its text begins with.
pub const RECORD_PREFIX: &str = "causeway-verification=";
/// How often a verified domain is checked again, in seconds.
pub const CHECK_SECONDS: i64 = 24 * 3600;
/// How long the record of a verified domain may be gone before it counts no longer, in seconds.
///
/// Then its provider lets nobody in, and it is asked of nobody any more: people use their passwords. Somebody else may own the
/// domain by then, whose word must not open the account; and to go on asking for a provider that lets nobody in would keep
/// everybody out. Three days, because records are lost by mistake, and the pages say so from the first day.
pub const MISSING_SECONDS: i64 = 3 * 24 * 3600;
/// How long somebody may take to sign in at the provider, in seconds.
pub const ATTEMPT_SECONDS: i64 = 600;
/// Most domains of an account.
pub const MOST_DOMAINS: i64 = 50;
/// Most providers of an account.
pub const MOST_PROVIDERS: i64 = 20;

/// A domain as it is compared: ASCII, lower case, with a dot. Names in other letters are written in their ASCII form.
pub fn domain(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches('@').to_ascii_lowercase();
    let Ok(url::Host::Domain(name)) = url::Host::parse(&text) else { return None };
    let labels: Vec<&str> = name.split('.').collect();
    let plain = |label: &&str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    (labels.len() >= 2 && name.len() <= 200 && labels.iter().all(plain)).then_some(name)
}

/// The domain of an address, as it is compared.
pub fn domain_of(email: &Email) -> Option<String> {
    let folded = email.folded();
    let (_, host) = folded.rsplit_once('@')?;
    // An address is compared as it is written, so one in other letters has no domain here.
    domain(host).filter(|domain| domain == host)
}

/// The name of the record that shows whose a domain is.
pub fn record_name(domain: &str) -> String {
    format!("{RECORD_NAME}.{domain}")
}

/// What an administrator says about a provider.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProviderWords {
    /// What people choose it by.
    pub name: String,
    /// Its issuer.
    pub issuer: String,
    /// Our id there; empty until it is known.
    pub client_id: String,
    /// Whether its word counts that somebody showed a second factor.
    pub trusts_factors: bool,
    /// The owner's name for it.
    pub external_id: String,
    /// What it is for.
    pub description: String,
    /// What is asked for besides the address and the name, with spaces between.
    pub scopes: String,
    /// What people read before they go there.
    pub notice: String,
    /// Whether people whom it knows become members when they first come in.
    pub joins: bool,
    /// The group of members of whom nothing else says in which they are.
    pub join_group: Option<GroupId>,
    /// The claim that says in which groups somebody is; empty if none does.
    pub groups_claim: String,
}

/// What is asked for at every provider.
pub const SCOPES: [&str; 3] = ["openid", "email", "profile"];

impl ProviderWords {
    /// As they are kept.
    #[must_use]
    pub fn checked(&self, problems: &mut Problems) -> Self {
        let issuer = problems.text("issuer", &self.issuer, 256);
        let good = url::Url::parse(&issuer).is_ok_and(|url| url.query().is_none() && url.fragment().is_none());
        if problems.none() && !good {
            let text =
                "{value} is no issuer. It is an address without a question mark, as in https://login.example.com.";
            problems.add("issuer", Text::new(text).arg("value", &issuer));
        }
        problems.check(!self.joins || self.join_group.is_some(), "join_group", || {
            Text::new("Choose the default group of people who become members: every user is in one at least.")
        });
        Self {
            name: problems.text("name", &self.name, 64),
            issuer,
            client_id: problems.optional("client_id", &self.client_id, 256).unwrap_or_default(),
            trusts_factors: self.trusts_factors,
            external_id: problems.optional("external_id", &self.external_id, 128).unwrap_or_default(),
            description: problems.optional("description", &self.description, 512).unwrap_or_default(),
            scopes: scopes(&self.scopes, problems),
            notice: problems.optional("notice", &self.notice, 1024).unwrap_or_default(),
            joins: self.joins,
            join_group: self.join_group.clone(),
            groups_claim: problems.optional("groups_claim", &self.groups_claim, 256).unwrap_or_default(),
        }
    }
}

/// Scopes as they are kept: each once, without those that are asked for anyway.
fn scopes(text: &str, problems: &mut Problems) -> String {
    let typed = problems.optional("scopes", text, 256).unwrap_or_default();
    let mut kept: Vec<&str> = vec![];
    for scope in typed.split_whitespace().filter(|scope| !SCOPES.contains(scope)) {
        // What RFC 6749 allows.
        let good = scope.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5B | 0x5D..=0x7E));
        problems.check(good, "scopes", || {
            Text::new("{value} is no scope. Write them with spaces between, as in groups offline_access.")
                .arg("value", scope)
        });
        if !kept.contains(&scope) {
            kept.push(scope);
        }
    }
    kept.join(" ")
}

/// What an administrator says about a domain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DomainWords {
    /// What it is called, if anything.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The id of the provider that knows its people.
    pub idp: Option<String>,
    /// Whether they come in by it alone.
    pub enforce: bool,
}

/// What an account asks of members with an address of one of its verified domains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covering {
    /// The provider that knows them.
    pub provider: IdpId,
    /// Whether they come in by it alone.
    pub enforced: bool,
    /// Whether its word about second factors counts.
    pub trusts_factors: bool,
}

/// A provider that vouched for the person of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vouched {
    /// Which.
    pub provider: IdpId,
    /// Whether it said that they showed a second factor.
    pub two_factors: bool,
}

/// By what a session was opened, which says what it opens.
///
/// A provider belongs to one account, and anybody who manages an account may name any provider. So its word counts in that
/// account alone, and there only as long as the account has a verified domain that covers the person's present address and
/// names this provider. Everything else, other accounts and the person's own way of signing in, takes a password or a passkey.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ways {
    /// Whether the person has shown nothing of their own in this session: no password, no passkey, no mail.
    #[serde(default)]
    pub foreign: bool,
    /// Who vouched for them.
    #[serde(default)]
    pub vouched: Vec<Vouched>,
    /// Who did last; nobody if the last proof was the person's own.
    #[serde(default)]
    pub last: Option<IdpId>,
}

/// Whether a session opens an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opens {
    /// It does.
    Yes,
    /// The account wants its provider.
    Provider(IdpId),
    /// It takes something of the person's own.
    Own,
}

impl Ways {
    /// The ways of a session that a provider's word begins.
    pub fn by(vouched: Vouched) -> Self {
        let last = Some(vouched.provider.clone());
        Self { foreign: true, vouched: vec![vouched], last }
    }

    /// With one more provider's word.
    #[must_use]
    pub fn and(mut self, vouched: Vouched) -> Self {
        self.last = Some(vouched.provider.clone());
        self.vouched.retain(|before| before.provider != vouched.provider);
        self.vouched.push(vouched);
        self
    }

    /// After the person has shown something of their own.
    #[must_use]
    pub fn own(self) -> Self {
        Self { foreign: false, last: None, ..self }
    }

    fn vouched_in(&self, member: &Membership) -> Option<&Vouched> {
        let covering = member.single_sign_on.as_ref()?;
        self.vouched.iter().find(|vouched| vouched.provider == covering.provider)
    }

    /// Whether they open a company of the person.
    pub fn opens(&self, member: &Membership) -> Opens {
        if self.vouched_in(member).is_some() {
            return Opens::Yes;
        }
        match &member.single_sign_on {
            Some(covering) if covering.enforced => Opens::Provider(covering.provider.clone()),
            _ if self.foreign => Opens::Own,
            _ => Opens::Yes,
        }
    }

    /// Whether a second factor was shown to a provider whose word about that counts there.
    pub fn two_factors_in(&self, member: &Membership) -> bool {
        let trusted = member.single_sign_on.as_ref().is_some_and(|covering| covering.trusts_factors);
        trusted && self.vouched_in(member).is_some_and(|vouched| vouched.two_factors)
    }

    /// Whether the last proof counts for a change in this company; without one, for a change of the person's own.
    pub fn confirms(&self, member: Option<&Membership>) -> bool {
        match (&self.last, member.and_then(|m| m.single_sign_on.as_ref())) {
            (None, _) => !self.foreign,
            (Some(last), Some(covering)) => *last == covering.provider,
            (Some(_), None) => false,
        }
    }
}

/// What becomes of a verified domain whose record was looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// The record is there.
    There,
    /// It is gone, since this moment, but not for long.
    Missing(Time),
    /// It is gone for too long.
    Gone,
}

/// Says what becomes of it.
pub fn checked(there: bool, missing_since: Option<Time>, now: Time) -> Checked {
    match (there, missing_since) {
        (true, _) => Checked::There,
        (false, Some(since)) if since.plus_seconds(MISSING_SECONDS) <= now => Checked::Gone,
        (false, since) => Checked::Missing(since.unwrap_or(now)),
    }
}

/// An account's provider that people choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// Which.
    pub provider: IdpId,
    /// What it is called.
    pub name: String,
    /// Whose it is.
    pub account: AccountId,
    /// What people read before they go there.
    pub notice: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flows::accounts::model::factors::Policy;
    use crate::flows::accounts::model::ip::IpRules;
    use crate::kit::{Permissions, Role};

    fn idp(id: &str) -> IdpId {
        IdpId::parse(id).unwrap()
    }

    fn member(covering: Option<(&str, bool, bool)>) -> Membership {
        let single_sign_on =
            covering.map(|(id, enforced, trusts_factors)| Covering { provider: idp(id), enforced, trusts_factors });
        Membership {
            account: AccountId::parse("VA-123-456").unwrap(),
            name: "Alpha".to_owned(),
            icon: None,
            role: Role::Vendor,
            permissions: Permissions::default(),
            addresses: IpRules::kept([]),
            operates: false,
            factor_policy: Policy::Optional,
            single_sign_on,
        }
    }

    fn vouched(id: &str, two_factors: bool) -> Vouched {
        Vouched { provider: idp(id), two_factors }
    }

    #[test]
    fn a_provider_opens_its_own_account_alone() {
        let (own, foreign) = (Ways::default(), Ways::by(vouched("IDP-1", false)));
        let both = Ways::default().and(vouched("IDP-1", false));
        for (ways, covering, opens) in [
            (&own, None, Opens::Yes),
            (&own, Some(("IDP-1", false, false)), Opens::Yes),
            (&own, Some(("IDP-1", true, false)), Opens::Provider(idp("IDP-1"))),
            (&foreign, None, Opens::Own),
            (&foreign, Some(("IDP-1", false, false)), Opens::Yes),
            (&foreign, Some(("IDP-1", true, false)), Opens::Yes),
            (&foreign, Some(("IDP-2", false, false)), Opens::Own),
            (&foreign, Some(("IDP-2", true, false)), Opens::Provider(idp("IDP-2"))),
            (&both, None, Opens::Yes),
            (&both, Some(("IDP-1", true, false)), Opens::Yes),
            (&both, Some(("IDP-2", true, false)), Opens::Provider(idp("IDP-2"))),
        ] {
            assert_eq!(ways.opens(&member(covering)), opens, "{ways:?} {covering:?}");
        }
        assert_eq!(foreign.clone().own().opens(&member(None)), Opens::Yes);
    }

    #[test]
    fn a_proof_counts_where_who_gave_it_counts() {
        let (alpha, beta) = (member(Some(("IDP-1", false, true))), member(Some(("IDP-2", false, true))));
        let by = Ways::default().and(vouched("IDP-1", true));
        assert!(
            by.confirms(Some(&alpha))
                && !by.confirms(Some(&beta))
                && !by.confirms(Some(&member(None)))
                && !by.confirms(None)
        );
        let own = by.clone().own();
        assert!(own.confirms(Some(&alpha)) && own.confirms(Some(&beta)) && own.confirms(None));
        assert!(by.two_factors_in(&alpha) && !by.two_factors_in(&beta));
        assert!(!by.two_factors_in(&member(Some(("IDP-1", false, false)))));
        assert!(!Ways::by(vouched("IDP-1", false)).two_factors_in(&alpha));
    }

    #[test]
    fn domains_have_one_spelling() {
        for (text, found) in [
            (" Example.COM ", Some("example.com")),
            ("@example.com", Some("example.com")),
            ("bücher.example", Some("xn--bcher-kva.example")),
            ("example", None),
            ("127.0.0.1", None),
            ("a..b", None),
            ("-a.example", None),
            ("a_b.example", None),
            ("a%.example", None),
            ("", None),
            ("a b.example", None),
        ] {
            assert_eq!(domain(text).as_deref(), found, "{text}");
        }
        let of = |text: &str| domain_of(&Email::parse(text).unwrap());
        assert_eq!(of("Ann@Example.com").as_deref(), Some("example.com"));
        assert_eq!((of("ann@bücher.example"), of("ann@localhost")), (None, None));
    }

    #[test]
    fn scopes_are_kept_once_and_in_one_spelling() {
        let kept = |text: &str| {
            let mut problems = Problems::default();
            let kept = scopes(text, &mut problems);
            problems.done().map(|()| kept)
        };
        assert_eq!(kept(" openid groups  email groups https://a.example/x ").unwrap(), "groups https://a.example/x");
        assert_eq!(kept("").unwrap(), "");
        assert!(kept("groups \"x\"").is_err() && kept("größe").is_err());
    }

    #[test]
    fn a_record_may_be_gone_for_a_while() {
        let now = Time(1_000_000_000_000);
        assert_eq!(checked(true, Some(now), now), Checked::There);
        assert_eq!(checked(false, None, now), Checked::Missing(now));
        let before = now.plus_seconds(1 - MISSING_SECONDS);
        assert_eq!(checked(false, Some(before), now), Checked::Missing(before));
        assert_eq!(checked(false, Some(now.plus_seconds(-MISSING_SECONDS)), now), Checked::Gone);
    }
}
