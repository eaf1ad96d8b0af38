//! Rules about customers and resellers as they stand in a distributor's directory. Pure.

use crate::kit::{
    AccountId, Email, Environment, Events, FieldProblem, HubId, NamedRef, Problems, Refusal, Text, TierAccountId,
    country,
};

crate::word_enum! {
    /// What a tier account is: somebody who buys for themselves, or somebody who sells on.
    pub enum Kind { Customer = "customer", Reseller = "reseller" }
}

crate::word_enum! {
    /// The part that a tier account plays in a subscription: the buyer, its reseller, that reseller's parent.
    pub enum Scope { Customer = "customer", Tier1 = "tier1", Tier2 = "tier2" }
}

/// The data region that the wire names; one deployment has one.
pub const REGION: &str = "EU";
/// How deep resellers stand above each other: a reseller and its parent.
pub const MAX_DEPTH: usize = 2;

/// Where a company is and whom to talk to.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct ContactInfo {
    /// Street and number.
    pub address_line1: String,
    /// More of the address.
    pub address_line2: String,
    /// City.
    pub city: String,
    /// State or region.
    pub state: String,
    /// Postal code.
    pub postal_code: String,
    /// ISO 3166 code of two letters.
    pub country: String,
    /// The technical contact.
    pub contact: Contact,
}

/// The technical contact of a company.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Contact {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// E-mail address.
    pub email: String,
    /// Telephone.
    pub phone_number: Phone,
}

/// A telephone number in its parts.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Phone {
    /// `+49`.
    pub country_code: String,
    /// Area code.
    pub area_code: String,
    /// The number itself.
    pub phone_number: String,
    /// Extension.
    pub extension: String,
}

impl Phone {
    /// Reads a number as people write it: `+49 8382 123456` has its country code before the first space.
    pub fn read(text: &str) -> Self {
        let text = text.trim();
        let (country_code, number) = match text.split_once(' ') {
            Some((code, rest)) if code.starts_with('+') => (code.to_owned(), rest.trim().to_owned()),
            _ => (String::new(), text.to_owned()),
        };
        Self { country_code, phone_number: number, ..Self::default() }
    }

    /// The parts in one line, for people; empty if there is no number.
    pub fn line(&self) -> String {
        let parts = [&self.country_code, &self.area_code, &self.phone_number];
        let mut line = parts.iter().filter(|p| !p.is_empty()).map(|p| p.as_str()).collect::<Vec<_>>().join(" ");
        if !self.extension.is_empty() && self.extension != "-" {
            line.push_str(" / ");
            line.push_str(&self.extension);
        }
        line
    }
}

impl ContactInfo {
    /// The address in lines, for people.
    pub fn lines(&self) -> Vec<String> {
        let city =
            [&self.postal_code, &self.city].iter().filter(|p| !p.is_empty()).map(|p| p.as_str()).collect::<Vec<_>>();
        [self.address_line1.clone(), self.address_line2.clone(), city.join(" "), self.state.clone()]
            .into_iter()
            .filter(|l| !l.trim().is_empty())
            .collect()
    }
}

/// What is known about a tier account, as a form or a client sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    /// Customer or reseller.
    pub kind: Kind,
    /// The organisation.
    pub name: String,
    /// The number it has in the distributor's own system.
    pub external_id: Option<String>,
    /// The UUID it has there; made if absent.
    pub external_uid: Option<String>,
    /// Tax number.
    pub tax_id: Option<String>,
    /// The reseller above it.
    pub parent: Option<TierAccountId>,
    /// The hub it comes from.
    pub hub: Option<HubId>,
    /// For what it was made.
    pub environment: Option<Environment>,
    /// Address and contact.
    pub contact_info: ContactInfo,
    /// The company with a portal of its own that this reseller is.
    pub portal: Option<AccountId>,
}

impl Details {
    /// Nothing yet.
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            name: String::new(),
            external_id: None,
            external_uid: None,
            tax_id: None,
            parent: None,
            hub: None,
            environment: None,
            contact_info: ContactInfo::default(),
            portal: None,
        }
    }

    /// Trims everything and checks lengths and completeness. `path` stands before the name of each field that is wrong:
    /// `asset.tiers.customer.` for an account that comes with an order, else nothing.
    pub fn checked(mut self, path: &str) -> Result<Self, Refusal> {
        let mut problems = Problems::default();
        let at = |field: &str| format!("{path}{field}");
        self.name = needed(&mut problems, &at("name"), &self.name, 255);
        for (field, value, max) in [
            ("external_id", &mut self.external_id, 255),
            ("external_uid", &mut self.external_uid, 255),
            ("tax_id", &mut self.tax_id, 100),
        ] {
            *value = value.as_deref().and_then(|v| problems.optional(&at(field), v, max));
        }
        problems.check(self.portal.is_none() || self.kind == Kind::Reseller, &at("access"), || {
            Text::new("Only a reseller has a portal; this is a customer. Leave the portal out, or make the account a reseller.")
        });
        self.contact_info = self.contact_info.checked(&at("contact_info."), &mut problems);
        problems.done().map(|()| self)
    }
}

impl ContactInfo {
    fn checked(mut self, path: &str, problems: &mut Problems) -> Self {
        let at = |field: &str| format!("{path}{field}");
        self.address_line1 = needed(problems, &at("address_line1"), &self.address_line1, 255);
        self.address_line2 = free(problems, &at("address_line2"), &self.address_line2, 255);
        self.city = needed(problems, &at("city"), &self.city, 100);
        self.state = free(problems, &at("state"), &self.state, 100);
        self.postal_code = needed(problems, &at("postal_code"), &self.postal_code, 50);
        self.country = needed(problems, &at("country"), &self.country, 100).to_ascii_uppercase();
        problems.check(self.country.is_empty() || country::name(&self.country).is_some(), &at("country"), || {
            Text::new("{value} is not a country. Use its ISO 3166 code of two letters, for example DE.")
                .arg("value", &self.country)
        });
        let c = &mut self.contact;
        c.first_name = needed(problems, &at("contact.first_name"), &c.first_name, 100);
        c.last_name = needed(problems, &at("contact.last_name"), &c.last_name, 100);
        c.email = needed(problems, &at("contact.email"), &c.email, 254);
        problems.check(c.email.is_empty() || Email::parse(&c.email).is_some(), &at("contact.email"), || {
            Text::new("{value} is not an e-mail address. Write it as name@example.com.").arg("value", &c.email)
        });
        let p = &mut c.phone_number;
        for (field, value) in [
            ("country_code", &mut p.country_code),
            ("area_code", &mut p.area_code),
            ("phone_number", &mut p.phone_number),
            ("extension", &mut p.extension),
        ] {
            *value = free(problems, &at(&format!("contact.phone_number.{field}")), value, 25);
        }
        self
    }
}

fn needed(problems: &mut Problems, field: &str, value: &str, max: usize) -> String {
    if value.trim().is_empty() {
        problems.add(field, Text::new("This field may not be blank. Fill it in."));
        return String::new();
    }
    free(problems, field, value, max)
}

fn free(problems: &mut Problems, field: &str, value: &str, max: usize) -> String {
    problems.optional(field, value, max).unwrap_or_default()
}

/// The reseller above a tier account.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Parent {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its number in the distributor's system.
    pub external_id: Option<String>,
}

/// A tier account with everything about it: what the API answers, and what a request and a version keep.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct TierSnapshot {
    /// The id.
    pub id: TierAccountId,
    /// Which version this is; each edit makes one more.
    pub version: i32,
    /// The organisation.
    pub name: String,
    /// `customer` or `reseller`.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// Data region.
    pub db: String,
    /// The number in the distributor's system.
    pub external_id: Option<String>,
    /// The UUID there.
    pub external_uid: String,
    /// The reseller above. Absent if there is none: the published command line takes a `null` for a reseller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Parent>,
    /// The distributor whose directory it stands in.
    pub owner: NamedRef,
    /// The parts it has played in subscriptions.
    pub scopes: Vec<Scope>,
    /// The hub it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hub: Option<NamedRef>,
    /// Tax number; an empty text if there is none.
    #[serde(serialize_with = "or_empty", deserialize_with = "unless_empty")]
    #[schema(value_type = String)]
    pub tax_id: Option<String>,
    /// For what it was made.
    pub environment: Option<Environment>,
    /// Address and contact.
    pub contact_info: ContactInfo,
    /// Created, updated, decommissioned.
    pub events: Events,
}

fn or_empty<S: serde::Serializer>(text: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text.as_deref().unwrap_or_default())
}

fn unless_empty<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text: Option<String> = serde::Deserialize::deserialize(deserializer)?;
    Ok(text.filter(|text| !text.is_empty()))
}

impl TierSnapshot {
    /// Whether it can still be used for something new.
    pub fn is_live(&self) -> bool {
        self.events.at("decommissioned").is_none()
    }

    /// Name and country code, for people.
    pub fn place(&self) -> String {
        let country = country::name(&self.contact_info.country).unwrap_or(&self.contact_info.country);
        [self.contact_info.city.as_str(), country]
            .iter()
            .filter(|p| !p.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// Whether an account may stand under a parent: only a reseller can be a parent, a reseller's parent has none itself, and
/// nobody stands above themselves.
pub fn may_stand_under(own: Option<&TierAccountId>, kind: Kind, parent: &TierSnapshot) -> Result<(), FieldProblem> {
    let wrong = |text: Text| Err(FieldProblem { field: "parent.id".to_owned(), text: text.arg("parent", &parent.id) });
    if parent.kind != Kind::Reseller {
        return wrong(Text::new(
            "{parent} is a customer; only a reseller can stand above another account. Choose a reseller.",
        ));
    }
    if !parent.is_live() {
        return wrong(Text::new("{parent} was decommissioned and takes no more accounts. Choose another reseller."));
    }
    if own.is_some_and(|own| *own == parent.id) {
        return wrong(Text::new("{parent} cannot stand above itself. Choose another reseller."));
    }
    if kind == Kind::Reseller && parent.parent.is_some() {
        return wrong(Text::new(
            "{parent} has a reseller above it already; the chain ends at two. Choose the upper one.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Details {
        Details {
            name: " Stadtwerke Lindau ".into(),
            contact_info: ContactInfo {
                address_line1: "Auenstraße 12".into(),
                city: "Lindau".into(),
                postal_code: "88131".into(),
                country: "de".into(),
                contact: Contact {
                    first_name: "Eva".into(),
                    last_name: "Kern".into(),
                    email: "eva@lindau.example".into(),
                    ..Contact::default()
                },
                ..ContactInfo::default()
            },
            ..Details::new(Kind::Customer)
        }
    }

    #[test]
    fn complete_details_are_trimmed_and_kept() {
        let good = full().checked("").unwrap();
        assert_eq!(good.name, "Stadtwerke Lindau");
        assert_eq!(good.contact_info.country, "DE");
    }

    #[test]
    fn every_missing_field_is_named_with_its_path() {
        let refusal = Details::new(Kind::Customer).checked("asset.tiers.customer.").unwrap_err();
        let fields: Vec<&str> = refusal.problems.iter().map(|p| p.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "asset.tiers.customer.name",
                "asset.tiers.customer.contact_info.address_line1",
                "asset.tiers.customer.contact_info.city",
                "asset.tiers.customer.contact_info.postal_code",
                "asset.tiers.customer.contact_info.country",
                "asset.tiers.customer.contact_info.contact.first_name",
                "asset.tiers.customer.contact_info.contact.last_name",
                "asset.tiers.customer.contact_info.contact.email",
            ]
        );
        assert!(refusal.to_string().contains("may not be blank"));
    }

    #[test]
    fn wrong_values_are_refused() {
        let change = |change: fn(&mut Details)| {
            let mut details = full();
            change(&mut details);
            details.checked("").unwrap_err().problems[0].field.clone()
        };
        assert_eq!(change(|d| d.contact_info.country = "XX".into()), "contact_info.country");
        assert_eq!(change(|d| d.contact_info.contact.email = "eva".into()), "contact_info.contact.email");
        assert_eq!(change(|d| d.name = "n".repeat(256)), "name");
        assert_eq!(change(|d| d.tax_id = Some("t".repeat(101))), "tax_id");
        assert_eq!(change(|d| d.portal = AccountId::parse("PA-1-1")), "access");
    }
}
