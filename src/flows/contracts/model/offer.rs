//! The offer of a program or service contract: what a distributor says when it invites a partner.

use crate::kit::{AccountId, Email, Problems, Text, Time};

use super::{Purpose, quoted};
pub use crate::flows::accounts::model::Grants;

/// What somebody says about an offer.
#[derive(Debug, Clone, Default)]
pub struct OfferWords {
    /// `production` or `test`; production if empty.
    pub purpose: String,
    /// What the partner reads.
    pub message: String,
    /// A note for colleagues; may be empty.
    pub note: String,
    /// Where the invitation is sent; nowhere if empty.
    pub email: String,
    /// The name of a new partner.
    pub partner_name: String,
    /// The id of a partner there is already; then no company is made.
    pub partner_id: String,
    /// When it ends by itself, as a date and time; never if empty.
    pub expire_at: String,
    /// What the partner's company may do.
    pub grants: Option<Grants>,
}

/// Whom an offer is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Partner {
    /// A company that is made for it.
    New(String),
    /// A company that exists.
    Known(AccountId),
}

/// An offer, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoodOffer {
    /// Production or test.
    pub purpose: Purpose,
    /// What the partner reads.
    pub message: String,
    /// A note for colleagues; may be empty.
    pub note: String,
    /// Where the invitation is sent.
    pub email: Option<Email>,
    /// Whom it is for.
    pub partner: Partner,
    /// When it ends by itself.
    pub expire_at: Option<Time>,
    /// What the partner's company may do.
    pub grants: Option<Grants>,
}

/// Checks the parts that can be changed later too.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// `production` or `test`.
    pub purpose: String,
    /// What the partner reads; required for offers.
    pub message: String,
    /// A note for colleagues; may be empty.
    pub note: String,
    /// When it ends by itself; never if empty.
    pub expire_at: String,
    /// Why it ended; may be empty.
    pub termination_note: String,
}

/// Terms, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoodTerms {
    /// Production or test.
    pub purpose: Purpose,
    /// What the partner reads.
    pub message: String,
    /// A note for colleagues.
    pub note: String,
    /// When it ends by itself.
    pub expire_at: Option<Time>,
    /// Why it ended.
    pub termination_note: String,
}

impl Terms {
    /// Checks everything at once. `offered`: the partner decides, and so must read a message.
    pub fn check(&self, problems: &mut Problems, offered: bool, now: Time) -> GoodTerms {
        let word = self.purpose.trim();
        let purpose = if word.is_empty() { Some(Purpose::Production) } else { Purpose::parse(word) };
        problems.check(purpose.is_some(), "kind", || {
            Text::new("There is no kind {value}. Use production or test.").arg("value", quoted(word))
        });
        let message = if offered {
            problems.text("activation.message", &self.message, 200)
        } else {
            problems.optional("activation.message", &self.message, 200).unwrap_or_default()
        };
        GoodTerms {
            purpose: purpose.unwrap_or(Purpose::Production),
            message,
            note: problems.optional("note", &self.note, 100).unwrap_or_default(),
            expire_at: expiry(problems, &self.expire_at, now),
            termination_note: problems.optional("termination_note", &self.termination_note, 100).unwrap_or_default(),
        }
    }
}

fn expiry(problems: &mut Problems, text: &str, now: Time) -> Option<Time> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let at = Time::parse(text);
    match at {
        None => problems.add(
            "expire_at",
            Text::new("{value} is not a date and time. Write it like 2027-01-31T00:00:00+00:00.")
                .arg("value", quoted(text)),
        ),
        Some(at) if at <= now => {
            problems.add(
                "expire_at",
                Text::new("{value} is in the past. Choose a moment to come, or none.").arg("value", quoted(text)),
            );
        }
        Some(_) => {}
    }
    at
}

impl OfferWords {
    /// Checks everything at once.
    pub fn check(&self, problems: &mut Problems, now: Time) -> Option<GoodOffer> {
        let terms = Terms {
            purpose: self.purpose.clone(),
            message: self.message.clone(),
            note: self.note.clone(),
            expire_at: self.expire_at.clone(),
            termination_note: String::new(),
        };
        let terms = terms.check(problems, true, now);
        let email = match self.email.trim() {
            "" => None,
            text => {
                let email = Email::parse(text);
                problems.check(email.is_some(), "activation.email", || {
                    Text::new("{value} is not an e-mail address. It must look like name@example.com.")
                        .arg("value", quoted(text))
                });
                email
            }
        };
        let partner = match self.partner_id.trim() {
            "" => Some(Partner::New(problems.text("partner.name", &self.partner_name, 64))),
            text => {
                let id = AccountId::parse(text);
                problems.check(id.is_some(), "partner.id", || {
                    Text::new("{value} is not the id of a company. Ids look like VA-123-456 or PA-123-456.")
                        .arg("value", quoted(text))
                });
                id.map(Partner::Known)
            }
        };
        let offer = GoodOffer {
            purpose: terms.purpose,
            message: terms.message,
            note: terms.note,
            email,
            partner: partner?,
            expire_at: terms.expire_at,
            grants: self.grants,
        };
        Some(offer).filter(|_| problems.none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(words: &OfferWords) -> Vec<String> {
        let mut problems = Problems::default();
        words.check(&mut problems, Time::parse("2026-01-01").unwrap());
        problems.done().err().map(|r| r.problems.into_iter().map(|p| p.field).collect()).unwrap_or_default()
    }

    #[test]
    fn offers_are_checked_field_by_field() {
        let good = OfferWords { message: "Welcome".into(), partner_name: "Vendor X".into(), ..OfferWords::default() };
        assert_eq!(wrong(&good), Vec::<String>::new());
        assert_eq!(wrong(&OfferWords::default()), ["activation.message", "partner.name"]);
        let bad = OfferWords {
            purpose: "staging".into(),
            message: "x".repeat(201),
            note: "x".repeat(101),
            email: "nobody".into(),
            partner_id: "PRD-1".into(),
            expire_at: "2025-12-31".into(),
            ..OfferWords::default()
        };
        assert_eq!(wrong(&bad), ["kind", "activation.message", "note", "expire_at", "activation.email", "partner.id"]);
        let vague = OfferWords { expire_at: "soon".into(), ..good };
        assert_eq!(wrong(&vague), ["expire_at"]);
    }
}
