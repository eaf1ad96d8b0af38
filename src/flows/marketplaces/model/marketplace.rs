//! Marketplaces.

use super::{MAX_ATTRIBUTES, MAX_BOUND_HUBS, MAX_DESCRIPTION, quoted};
use crate::kit::{AccountId, Events, HubId, MarketplaceId, NamedRef, Problems, Text, country, currency};

crate::word_enum! {
    /// The part of the world that a marketplace is for.
    pub enum Zone { Africa = "AF", NorthAmerica = "NA", Oceania = "OC", Asia = "AS", Europe = "EU", SouthAmerica = "SA" }
}

/// A price-list attribute.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Attribute {
    /// Its id in price lists.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it means.
    #[serde(default)]
    pub description: String,
}

/// What a marketplace keeps beside its columns.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Details {
    /// The part of the world.
    #[serde(default)]
    pub zone: Option<Zone>,
    /// Codes of countries.
    #[serde(default)]
    pub countries: Vec<String>,
    /// A second currency.
    #[serde(default)]
    pub alt_currency_1: Option<String>,
    /// A third currency.
    #[serde(default)]
    pub alt_currency_2: Option<String>,
    /// The attributes of its price lists.
    #[serde(default)]
    pub attributes: Vec<Attribute>,
    /// Whether referred products are listed by themselves.
    #[serde(default)]
    pub referral_auto: bool,
    /// Whether price lists keep to what CloudBlue Commerce understands.
    #[serde(default)]
    pub commerce_compatibility: bool,
}

/// A hub through which a marketplace is sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// The hub.
    pub hub: NamedRef,
    /// The id under which the hub knows the selling account. Only the owner is told.
    pub external_id: Option<String>,
}

/// A channel on which products are sold.
#[derive(Debug, Clone, PartialEq)]
pub struct Marketplace {
    /// The public id.
    pub id: MarketplaceId,
    /// Whose it is.
    pub owner: NamedRef,
    /// Whether the reader owns it.
    pub own: bool,
    /// Its name.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// Its main currency; empty if none was chosen.
    pub currency: String,
    /// Path of its picture.
    pub icon: Option<String>,
    /// Everything else.
    pub details: Details,
    /// The hubs it is sold through.
    pub hubs: Vec<Bound>,
    /// How many distribution contracts are active.
    pub contracts: i64,
    /// How many agreements and listings name it.
    pub uses: i64,
    /// When it was created and changed.
    pub events: Events,
    /// Counts the changes.
    pub revision: i64,
}

/// What somebody says about a marketplace.
#[derive(Debug, Clone, Default)]
pub struct MarketplaceWords {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Its main currency; may be empty.
    pub currency: String,
    /// A second and a third currency; may be empty.
    pub alt_currencies: [String; 2],
    /// The part of the world; may be empty.
    pub zone: String,
    /// Codes of countries.
    pub countries: Vec<String>,
    /// Hub ids and external ids.
    pub hubs: Vec<(String, String)>,
    /// Price-list attributes.
    pub attributes: Vec<Attribute>,
    /// Whether referred products are listed by themselves.
    pub referral_auto: bool,
    /// Whether price lists keep to what CloudBlue Commerce understands.
    pub commerce_compatibility: bool,
}

/// A marketplace's words, checked; whether the hubs exist is for the store to say.
#[derive(Debug, Clone)]
pub struct GoodMarketplace {
    /// Its name.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// Its main currency; empty if none.
    pub currency: String,
    /// Everything else.
    pub details: Details,
    /// Hub and external id, each hub once.
    pub hubs: Vec<(HubId, String)>,
}

impl Marketplace {
    /// Its words, for a form or for a change of some of them.
    pub fn words(&self) -> MarketplaceWords {
        let d = &self.details;
        MarketplaceWords {
            name: self.name.clone(),
            description: self.description.clone(),
            currency: self.currency.clone(),
            alt_currencies: [
                d.alt_currency_1.clone().unwrap_or_default(),
                d.alt_currency_2.clone().unwrap_or_default(),
            ],
            zone: d.zone.map(|z| z.to_string()).unwrap_or_default(),
            countries: d.countries.clone(),
            hubs: self.hubs.iter().map(|b| (b.hub.id.clone(), b.external_id.clone().unwrap_or_default())).collect(),
            attributes: d.attributes.clone(),
            referral_auto: d.referral_auto,
            commerce_compatibility: d.commerce_compatibility,
        }
    }
}

impl MarketplaceWords {
    /// Checks everything at once.
    pub fn check(&self, problems: &mut Problems) -> Option<GoodMarketplace> {
        let name = problems.text("name", &self.name, 255);
        let description = problems.optional("description", &self.description, MAX_DESCRIPTION).unwrap_or_default();
        let currency = money(problems, "currency", &self.currency);
        let [first, second] = &self.alt_currencies;
        let details = Details {
            zone: self.zone(problems),
            countries: self.countries(problems),
            alt_currency_1: money(problems, "alt_currency_1", first),
            alt_currency_2: money(problems, "alt_currency_2", second),
            attributes: self.attributes(problems),
            referral_auto: self.referral_auto,
            commerce_compatibility: self.commerce_compatibility,
        };
        let hubs = self.hubs(problems);
        let good = GoodMarketplace { name, description, currency: currency.unwrap_or_default(), details, hubs };
        Some(good).filter(|_| problems.none())
    }

    fn zone(&self, problems: &mut Problems) -> Option<Zone> {
        let word = self.zone.trim();
        let zone = Zone::parse(word);
        problems.check(word.is_empty() || zone.is_some(), "zone", || {
            Text::new("There is no zone {value}. Use one of AF, NA, OC, AS, EU, SA.").arg("value", quoted(word))
        });
        zone
    }

    fn countries(&self, problems: &mut Problems) -> Vec<String> {
        let mut codes: Vec<String> = vec![];
        for text in &self.countries {
            match country::read(text) {
                Some(code) if codes.iter().any(|c| c == code) => {}
                Some(code) => codes.push(code.to_owned()),
                None => problems.add(
                    "countries",
                    Text::new(
                        "There is no country {value}. Use a code of two letters, such as DE, or the English name.",
                    )
                    .arg("value", quoted(text)),
                ),
            }
        }
        codes
    }

    fn attributes(&self, problems: &mut Problems) -> Vec<Attribute> {
        problems.check(self.attributes.len() <= MAX_ATTRIBUTES, "attributes", || {
            Text::new("These are {count} attributes; at most {max} are allowed.")
                .arg("count", self.attributes.len())
                .arg("max", MAX_ATTRIBUTES)
        });
        let mut good: Vec<Attribute> = vec![];
        for (n, a) in self.attributes.iter().take(MAX_ATTRIBUTES).enumerate() {
            let field = |name: &str| format!("attributes.{n}.{name}");
            let id = problems.text(&field("id"), &a.id, 64);
            let name = problems.text(&field("name"), &a.name, 128);
            let description = problems.optional(&field("description"), &a.description, 512).unwrap_or_default();
            problems.check(good.iter().all(|g| g.id != id), &field("id"), || {
                Text::new("The attribute {id} is there twice. Each id may be used once.").arg("id", &id)
            });
            good.push(Attribute { id, name, description });
        }
        good
    }

    fn hubs(&self, problems: &mut Problems) -> Vec<(HubId, String)> {
        problems.check(self.hubs.len() <= MAX_BOUND_HUBS, "hubs", || {
            Text::new("These are {count} hubs; at most {max} are allowed.")
                .arg("count", self.hubs.len())
                .arg("max", MAX_BOUND_HUBS)
        });
        let mut good: Vec<(HubId, String)> = vec![];
        for (n, (hub, external)) in self.hubs.iter().take(MAX_BOUND_HUBS).enumerate() {
            let external = problems.text(&format!("hubs.{n}.external_id"), external, 255);
            let field = format!("hubs.{n}.hub.id");
            match HubId::parse(hub.trim()) {
                Some(id) if good.iter().any(|(other, _)| *other == id) => {
                    problems.add(&field, Text::new("The hub {id} is there twice. Name each hub once.").arg("id", id));
                }
                Some(id) => good.push((id, external)),
                None => problems.add(
                    &field,
                    Text::new("{value} is not the id of a hub. Ids look like HB-1234-5678.").arg("value", quoted(hub)),
                ),
            }
        }
        good
    }
}

fn money(problems: &mut Problems, field: &str, text: &str) -> Option<String> {
    let code = currency::code(text);
    problems.check(text.trim().is_empty() || code.is_some(), field, || {
        Text::new("There is no currency {value}. Use a code of three letters, such as EUR.").arg("value", quoted(text))
    });
    code.map(str::to_owned)
}

/// What others mention of a marketplace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarketplaceBrief {
    /// The public id.
    pub id: MarketplaceId,
    /// Its name.
    pub name: String,
    /// Path of its picture.
    pub icon: Option<String>,
    /// Its main currency; empty if none was chosen.
    pub currency: String,
    /// Whose it is.
    pub owner: AccountId,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> MarketplaceWords {
        MarketplaceWords {
            name: "Nordics".into(),
            currency: "sek".into(),
            countries: vec!["se".into(), "NO".into(), "SE".into()],
            hubs: vec![("HB-1111-2222".into(), "1".into())],
            ..MarketplaceWords::default()
        }
    }

    fn wrong(words: &MarketplaceWords) -> Vec<String> {
        let mut problems = Problems::default();
        words.check(&mut problems);
        problems.done().err().map(|r| r.problems.into_iter().map(|p| p.field).collect()).unwrap_or_default()
    }

    #[test]
    fn a_good_marketplace_is_put_in_order() {
        let good = words().check(&mut Problems::default()).unwrap();
        assert_eq!(good.currency, "SEK");
        assert_eq!(good.details.countries, ["SE", "NO"]);
        assert_eq!(good.hubs.len(), 1);
    }

    #[test]
    fn every_wrong_field_is_named() {
        let attribute = |id: &str| Attribute { id: id.into(), name: "x".into(), description: String::new() };
        let bad = MarketplaceWords {
            name: " ".into(),
            currency: "euros".into(),
            alt_currencies: [String::new(), "X".into()],
            zone: "XX".into(),
            countries: vec!["Atlantis".into()],
            hubs: vec![("HB-1".into(), String::new()), ("hub".into(), "1".into()), ("HB-1".into(), "2".into())],
            attributes: vec![attribute("a"), attribute("a")],
            ..MarketplaceWords::default()
        };
        assert_eq!(
            wrong(&bad),
            [
                "name",
                "currency",
                "zone",
                "countries",
                "alt_currency_2",
                "attributes.1.id",
                "hubs.0.external_id",
                "hubs.1.hub.id",
                "hubs.2.hub.id"
            ]
        );
        assert_eq!(wrong(&words()), Vec::<String>::new());
    }
}
