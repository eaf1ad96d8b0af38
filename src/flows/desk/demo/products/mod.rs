//! The products of the demo world: made, published, listed and connected.

mod recipes;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::companies::{Companies, Market};
use super::pictures;
use super::{Company, DAY, Demo, Made, failed};
use crate::flows::listings::actions::{self as listings, Asking, Connecting};
use crate::flows::listings::model::Verb;
use crate::flows::products::actions::{self as products, NewProduct, Seen, Upload, keep_picture};
use crate::flows::products::model::{
    Choice, Constraints, ItemDraft, ItemKind, MediumDraft, MediumKind, ParameterDraft, ParameterKind, Period, Phase,
    Ppu, Precision, Scope, TemplateDraft, TemplateKind, UsageSchema,
};
use recipes::RECIPES;

/// Who makes a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Maker {
    Halden,
    Ember,
}

/// On which marketplaces a product is sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Dach,
    Benelux,
    Nordics,
}

/// One item, and for usage what one costs in hundredths and how much a seat uses in a month.
pub(super) struct ItemRow {
    pub mpn: &'static str,
    name: &'static str,
    kind: ItemKind,
    period: Period,
    precision: Precision,
    /// A shared unit, or the description of one of the vendor's own after a `+`.
    unit: &'static str,
    pub price: i64,
    pub usage: i64,
}

/// What a product is made of.
pub(super) struct Recipe {
    pub name: &'static str,
    pub maker: Maker,
    category: &'static str,
    colour: pictures::Colour,
    bars: &'static [u32],
    short: &'static str,
    pub schema: Option<UsageSchema>,
    pub items: &'static [ItemRow],
    pub places: &'static [Place],
}

impl Recipe {
    /// The word of `demo.json`.
    pub fn capability(&self) -> &'static str {
        match self.schema {
            Some(_) => "ppu",
            None if self.items.iter().any(|i| i.period == Period::OneTime) => "onetime",
            None => "reservation",
        }
    }

    /// The items that are reserved, or those that are paid as they are used.
    pub fn of(&self, kind: ItemKind) -> impl Iterator<Item = &'static ItemRow> {
        self.items.iter().filter(move |i| i.kind == kind)
    }
}

/// A product where it is sold.
pub(super) struct Sold {
    pub place: Place,
    pub marketplace: String,
    pub contract: String,
    pub connection: String,
}

/// A product that was made.
pub(super) struct Product {
    pub id: String,
    pub recipe: &'static Recipe,
    /// The template that its vendor approves with.
    pub welcome: String,
    pub sold: Vec<Sold>,
}

impl Product {
    /// Its vendor.
    pub fn owner<'c>(&self, companies: &'c Companies) -> &'c Company {
        match self.recipe.maker {
            Maker::Halden => &companies.halden,
            Maker::Ember => &companies.ember,
        }
    }
}

/// The marketplace of a place, with its owner.
pub(super) fn ground(companies: &Companies, place: Place) -> (&Market, &Company) {
    match place {
        Place::Dach => (&companies.dach, &companies.northgate),
        Place::Benelux => (&companies.benelux, &companies.northgate),
        Place::Nordics => (&companies.nordics, &companies.firth),
    }
}

impl Demo<'_> {
    pub(super) fn products(&self, companies: &Companies) -> Made<Vec<Product>> {
        self.go(self.ago(444 * DAY));
        let mut made = vec![];
        let mut units: HashMap<(Maker, &str, ItemKind), String> = HashMap::new();
        for recipe in RECIPES {
            let mut product = Product { id: String::new(), recipe, welcome: String::new(), sold: vec![] };
            let maker = product.owner(companies).clone();
            for item in recipe.items.iter().filter(|i| i.unit.starts_with('+')) {
                let key = (recipe.maker, item.unit, item.kind);
                if let Entry::Vacant(place) = units.entry(key) {
                    let word = item.unit.trim_start_matches('+');
                    let code = word.to_lowercase().replace(' ', "-");
                    let unit =
                        self.step("unit", |tx| products::create_unit(tx, &maker.actor(0), word, &code, item.kind))?;
                    place.insert(unit.id);
                }
            }
            let unit = |item: &ItemRow| {
                units.get(&(recipe.maker, item.unit, item.kind)).cloned().unwrap_or_else(|| item.unit.to_owned())
            };
            (product.id, product.welcome) = self.product(&maker, recipe, unit)?;
            for place in recipe.places {
                let sold = self.sell(companies, &product, *place)?;
                product.sold.push(sold);
            }
            made.push(product);
        }
        self.unfinished(companies)?;
        Ok(made)
    }

    /// What a vendor is still working on.
    fn unfinished(&self, companies: &Companies) -> Made<()> {
        let actor = companies.halden.actor(1);
        self.step("draft product", |tx| {
            let new = NewProduct {
                name: "Halden Password Vault".to_owned(),
                category: Some("CAT-86929".to_owned()),
                ..NewProduct::default()
            };
            products::create(tx, &actor, &new)
        })?;
        Ok(())
    }

    /// A picture, kept.
    fn picture(&self, width: u32, height: u32, recipe: &Recipe) -> Made<Upload> {
        let fault = |e: &dyn std::fmt::Display| failed("picture", e);
        let files = &self.services.files;
        let drawn = pictures::bars(width, height, recipe.colour, recipe.bars).map_err(|e| fault(&e))?;
        let staged = files.stage(drawn.as_slice(), products::MAX_PICTURE).map_err(|e| fault(&e.text()))?;
        keep_picture(files, "picture", &staged).map_err(|e| fault(&e))
    }

    /// Makes a product and publishes its first version.
    fn product(&self, maker: &Company, recipe: &Recipe, unit: impl Fn(&ItemRow) -> String) -> Made<(String, String)> {
        let by = maker.actor(0);
        let id = self.step("product", |tx| {
            let new = NewProduct {
                name: recipe.name.to_owned(),
                category: Some(recipe.category.to_owned()),
                ..NewProduct::default()
            };
            Ok(products::create(tx, &by, &new)?.to_string())
        })?;
        let icon = self.picture(240, 240, recipe)?;
        let main = self.picture(960, 540, recipe)?;
        let welcome = self.step("product's details", |tx| {
            products::edit(tx, &by, &id, None, Some(&icon), |e, _| {
                e.general.short_description = recipe.short.to_owned();
                e.general.detailed_description = format!(
                    "# {}\n\n{}\n\n- Ready within a working day\n- Data stays in the region that you choose\n- Support in English and German\n",
                    recipe.name, recipe.short
                );
                let c = &mut e.capabilities;
                c.ppu = recipe.schema.map(Ppu::new);
                c.cart.validation = true;
                c.subscription.hold = true;
                c.subscription.purchase.scheduling = true;
                c.subscription.change.editable_ordering_parameters = true;
                c.subscription.change.inquiring_validation = true;
            })?;
            for item in recipe.items {
                products::create_item(tx, &by, &id, &item_draft(item, unit(item)))?;
            }
            for parameter in parameters(recipe) {
                products::create_parameter(tx, &by, &id, &parameter)?;
            }
            let welcome = TemplateDraft {
                name: "Welcome".to_owned(),
                title: "Welcome".to_owned(),
                body: format!(
                    "# {} is ready\n\nYour tenant is **{{{{ tenant_id }}}}**. An invitation was sent to {{{{ admin_email }}}}.\n",
                    recipe.name
                ),
                scope: Scope::Asset,
                kind: Some(TemplateKind::Fulfillment),
            };
            let welcome = products::create_template(tx, &by, &id, &welcome)?;
            let place = MediumDraft { position: 1, kind: MediumKind::Image, url: None };
            products::add_medium(tx, &by, &id, &place, Some(&main))?;
            Ok(welcome.to_string())
        })?;
        self.step("version", |tx| {
            let seen = Seen { changes: "First version".to_owned(), public: true, staging: false };
            products::save_version(tx, &by, &id, &seen)
        })?;
        Ok((id, welcome))
    }

    /// Lists a product on a marketplace and connects it with the hub there.
    fn sell(&self, companies: &Companies, product: &Product, place: Place) -> Made<Sold> {
        let (market, distributor) = ground(companies, place);
        let vendor = product.owner(companies);
        let contract = companies.distribution(vendor, market)?.to_owned();
        let request = self.step("listing request", |tx| {
            let asking = Asking::New { product: product.id.clone(), contract: contract.clone() };
            let request = listings::ask(tx, &vendor.actor(0), &asking, "Ready for sale")?.to_string();
            listings::act(tx, &vendor.actor(0), &request, None, Verb::Submit, "")?;
            Ok(request)
        })?;
        for verb in [Verb::Deploy, Verb::Complete] {
            self.step("listing", |tx| listings::act(tx, &distributor.actor(1), &request, None, verb, ""))?;
        }
        let words = Connecting {
            hub: market.hub.clone(),
            environment: "production".to_owned(),
            version_type: "public".to_owned(),
            note: String::new(),
        };
        let connection =
            self.step("connection", |tx| listings::connect(tx, &distributor.actor(1), &product.id, &words))?;
        Ok(Sold { place, marketplace: market.marketplace.clone(), contract, connection: connection.to_string() })
    }

    /// A vendor asks for one more listing, which waits for the distributor.
    pub(super) fn ask_for_listing(&self, companies: &Companies, product: &Product, place: Place) -> Made<()> {
        let (market, _) = ground(companies, place);
        let vendor = product.owner(companies);
        let contract = companies.distribution(vendor, market)?.to_owned();
        self.at_once("listing request", |tx| {
            let asking = Asking::New { product: product.id.clone(), contract: contract.clone() };
            let request = listings::ask(tx, &vendor.actor(1), &asking, "Several customers have asked for it")?;
            listings::act(tx, &vendor.actor(1), request.as_str(), None, Verb::Submit, "").map(drop)
        })
    }

    /// A second version of a product, listed where the first one is.
    pub(super) fn renew(&self, companies: &Companies, product: &Product) -> Made<()> {
        let vendor = product.owner(companies);
        self.at_once("second version", |tx| {
            products::edit(tx, &vendor.actor(2), &product.id, None, None, |e, _| {
                e.general.short_description.push_str(" Now with restores to another region.");
            })?;
            let seen = Seen { changes: "Restores to another region".to_owned(), public: true, staging: false };
            products::save_version(tx, &vendor.actor(2), &product.id, &seen).map(drop)
        })
    }
}

fn item_draft(item: &ItemRow, unit: String) -> ItemDraft {
    ItemDraft {
        mpn: item.mpn.to_owned(),
        name: item.name.to_owned(),
        description: item.name.to_owned(),
        kind: item.kind,
        period: item.period,
        commitment: 1,
        precision: item.precision,
        unit,
        visible: true,
        external_id: None,
        parent: None,
    }
}

fn parameters(recipe: &Recipe) -> Vec<ParameterDraft> {
    let draft = |name: &str, title: &str, description: &str, phase, kind, constraints| ParameterDraft {
        name: name.to_owned(),
        title: title.to_owned(),
        description: description.to_owned(),
        phase,
        scope: Scope::Asset,
        kind,
        hint: String::new(),
        placeholder: String::new(),
        constraints,
        preset: None,
    };
    let required = || Constraints { required: true, ..Constraints::default() };
    let choices = |pairs: &[(&str, &str)]| Constraints {
        choices: pairs
            .iter()
            .map(|(value, label)| Choice { value: (*value).into(), label: (*label).into(), default: false })
            .collect(),
        ..required()
    };
    let regions = choices(&[
        ("eu-central", "Frankfurt (eu-central)"),
        ("eu-north", "Stockholm (eu-north)"),
        ("eu-west", "Dublin (eu-west)"),
    ]);
    let tenant = Constraints { unique: true, reconciliation: Some(true), ..required() };
    let mut all = vec![
        draft(
            "admin_email",
            "Administrator e-mail",
            "Who gets the invitation",
            Phase::Ordering,
            ParameterKind::Email,
            required(),
        ),
        draft("region", "Data region", "Where the data is kept", Phase::Ordering, ParameterKind::Dropdown, regions),
        draft("tenant_id", "Tenant", "The customer's space", Phase::Fulfillment, ParameterKind::Text, tenant),
    ];
    if recipe.schema == Some(UsageSchema::PriceRated) {
        let days = choices(&[("90", "90 days"), ("180", "180 days"), ("365", "365 days")]);
        all.push(draft(
            "retention_days",
            "Retention",
            "How long copies are kept",
            Phase::Ordering,
            ParameterKind::Dropdown,
            days,
        ));
        all.push(draft(
            "activation_url",
            "Activation link",
            "Where the first sign-in is",
            Phase::Fulfillment,
            ParameterKind::Url,
            Constraints::default(),
        ));
    }
    all
}
