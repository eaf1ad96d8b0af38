//! Much more of the same, for measurements: orders and usage of the first product of the demo world, made through the
//! same actions, many in one transaction.

use serde_json::Value;

use super::{DAY, Made};
use crate::app::{Services, StartError};
use crate::flows::customers::model::{Contact, ContactInfo, Details, Kind};
use crate::flows::listings::actions as listings;
use crate::flows::orders::actions::{self as orders, Activation, ConnectionChoice, GivenTier, GivenTiers, Order};
use crate::flows::orders::model::{Given, GivenLine, ParamEdit, RequestKind};
use crate::flows::usage::actions::{self as usage, Incoming, NewFile};
use crate::flows::usage::model::{Draft, Period, shown};
use crate::flows::{self, Done, Tx};
use crate::jobs;
use crate::kit::{AccountId, Actor, Limits, MarketplaceId, Permissions, ProductId, Role, Seat, Time};
use crate::outside::sheets::{BookWriter, Column, OutCell, SheetError, Value as CellValue};

/// How much is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Approved orders, each with its subscription.
    pub orders: u32,
    /// Accepted usage records.
    pub usage_records: u32,
    /// The same seed gives the same names, quantities and days.
    pub seed: u64,
}

/// How much was loaded.
#[derive(Debug, Clone, Copy, Default)]
pub struct Loaded {
    /// Orders.
    pub orders: u32,
    /// Usage records.
    pub usage_records: u32,
}

/// Orders in one transaction.
const AT_ONCE: u32 = 50;
/// Records in one usage file.
const PER_FILE: u32 = 50_000;
/// Orders for one customer.
const PER_CUSTOMER: u32 = 10;

/// Told what was made, and how many more.
pub type Progress<'a> = &'a dyn Fn(&'static str, u64);

/// Adds orders and usage to a demo world that `demo.json` describes.
pub fn load(services: &Services, world: &Value, wish: &Load, progress: Progress<'_>) -> Made<Loaded> {
    let loading = Loading::new(services, world, wish)?;
    let until = services.clock.now();
    let done = loading.orders(until, progress).and_then(|assets| loading.usage(until, &assets, progress));
    services.clock.set(until);
    done?;
    jobs::run_due(services, flows::WORK).map_err(|e| fault(&e))?;
    Ok(Loaded { orders: wish.orders, usage_records: wish.usage_records })
}

fn fault(e: &dyn std::fmt::Display) -> StartError {
    StartError(format!("The database could not be filled: {e}"))
}

/// Numbers that look random and are the same for the same seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end.max(1)
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let at = usize::try_from(self.below(words.len() as u64)).unwrap_or(0);
        words.get(at).copied().unwrap_or_default()
    }
}

struct Loading<'a> {
    services: &'a Services,
    wish: &'a Load,
    buyer: Actor,
    vendor: Actor,
    product: String,
    marketplace: String,
    connection: String,
    contract: String,
}

impl<'a> Loading<'a> {
    fn new(services: &'a Services, world: &Value, wish: &'a Load) -> Made<Self> {
        let strange = || fault(&"demo.json in the data folder describes another database");
        let product = &world["products"][0];
        let (product, maker) = (text(&product["id"]), text(&product["owner"]));
        let market = &world["marketplaces"][0];
        let (marketplace, owner) = (text(&market["id"]), text(&market["owner"]));
        let system = |id: &str, role: Role| {
            let account = world["accounts"].as_array()?.iter().find(|a| a["id"] == id)?;
            let seat = Seat {
                account: AccountId::parse(id)?,
                name: text(&account["name"]),
                role,
                permissions: Permissions::all(),
            };
            Some(Actor::System { seat })
        };
        let buyer = system(&owner, Role::Distributor).ok_or_else(strange)?;
        let vendor = system(&maker, Role::Vendor).ok_or_else(strange)?;
        let ids = (ProductId::parse(&product), MarketplaceId::parse(&marketplace), AccountId::parse(&owner));
        let (Some(product_id), Some(marketplace_id), Some(owner)) = ids else { return Err(strange()) };
        let found = services.db.read(|tx| {
            let listed = listings::listed(tx, &product_id, &marketplace_id)?;
            Ok((listed, listings::connections_of(tx, &product_id, &owner)?.into_iter().next()))
        });
        let (Some(listing), Some(connection)) = found.map_err(|e| fault(&e))? else { return Err(strange()) };
        Ok(Self {
            services,
            wish,
            buyer,
            vendor,
            product,
            marketplace,
            connection: connection.id.to_string(),
            contract: listing.contract.to_string(),
        })
    }

    fn write<T>(&self, act: impl Fn(&mut Tx<'_>) -> Done<T>) -> Made<T> {
        self.services.db.write_bulk(act).map_err(|e| fault(&e))
    }

    /// Orders over the year that is behind; gives the subscriptions.
    fn orders(&self, until: Time, progress: Progress<'_>) -> Made<Vec<String>> {
        let run = crate::kit::random_digits(&[8]);
        let year = 360 * DAY * super::HOUR;
        let mut assets = vec![];
        let mut first = 0;
        while first < self.wish.orders {
            let count = AT_ONCE.min(self.wish.orders - first);
            let passed = year * i64::from(first) / i64::from(self.wish.orders.max(1));
            self.services.clock.set(until.plus_seconds(passed - year));
            let made = self.write(|tx| {
                let each = (first..first + count).map(|n| self.order(tx, &run, n));
                each.collect::<Done<Vec<String>>>()
            })?;
            assets.extend(made);
            first += count;
            progress("orders", u64::from(count));
        }
        Ok(assets)
    }

    /// One order, approved.
    fn order(&self, tx: &mut Tx<'_>, run: &str, n: u32) -> Done<String> {
        // Each order has dice of its own, so that a transaction that runs again does the same.
        let mut dice = Dice(self.wish.seed ^ u64::from(n).wrapping_mul(0x2545_f491_4f6c_dd1d));
        let customer = customer(run, n / PER_CUSTOMER, self.wish.seed);
        let text = |name: &str, value: String| ParamEdit {
            path: "asset.params".to_owned(),
            name: name.to_owned(),
            given: Some(Given::text(value)),
            ..ParamEdit::default()
        };
        let line = |key: &str, quantity: Option<u64>| GivenLine {
            path: "asset.items".to_owned(),
            key: key.to_owned(),
            quantity: quantity.map(|q| q.to_string()),
        };
        let order = Order {
            product: Some(self.product.clone()),
            connection: ConnectionChoice { id: Some(self.connection.clone()), ..ConnectionChoice::default() },
            marketplace: Some(self.marketplace.clone()),
            external_id: Some(format!("LOAD-{run}-{n}")),
            items: vec![
                line("HBC-SEAT-B", Some(1 + dice.below(400))),
                line("HBC-RR", Some(dice.below(40))),
                line("HBC-EGRESS", None),
                line("HBC-LTA", None),
            ],
            params: vec![
                text("admin_email", customer.contact_info.contact.email.clone()),
                text("region", dice.of(&["eu-central", "eu-north", "eu-west"]).to_owned()),
                text("retention_days", dice.of(&["90", "180", "365"]).to_owned()),
            ],
            tiers: GivenTiers { customer: Some(GivenTier::Data(Box::new(customer))), ..GivenTiers::default() },
            ..Order::new(RequestKind::Purchase)
        };
        let id = orders::create(tx, &self.buyer, &order)?;
        let fill = [text("tenant_id", format!("load-{run}-{n}"))];
        orders::edit(tx, &self.vendor, id.as_str(), None, None, &fill)?;
        let done = orders::approve(tx, &self.vendor, id.as_str(), None, &Activation::default())?;
        Ok(done.asset_id.to_string())
    }

    /// Usage of the last month of the subscriptions, accepted.
    fn usage(&self, until: Time, assets: &[String], progress: Progress<'_>) -> Made<()> {
        if self.wish.usage_records > 0 && assets.is_empty() {
            return Err(fault(&"usage records need subscriptions; load some orders too"));
        }
        self.services.clock.set(until);
        let mut first = 0;
        while first < self.wish.usage_records {
            let count = PER_FILE.min(self.wish.usage_records - first);
            let from = until.date().yesterday().ok().and_then(Time::of_date).unwrap_or(until);
            let period = Period { from, end: from.plus_seconds(DAY * super::HOUR) };
            let new = NewFile {
                product: self.product.clone(),
                contract: self.contract.clone(),
                draft: Draft { name: format!("Load of {count}"), period: Some(period), ..Draft::default() },
            };
            let id = self.write(|tx| usage::create(tx, &self.vendor, new.clone()))?.to_string();
            let incoming = self.workbook(&id, period, assets, first, count).map_err(|e| fault(&e))?;
            self.write(|tx| usage::upload(tx, &self.vendor, &id, &incoming))?;
            jobs::run_due(self.services, flows::WORK).map_err(|e| fault(&e))?;
            self.write(|tx| usage::submit(tx, &self.vendor, &id, None))?;
            self.write(|tx| usage::accept(tx, &self.buyer, &id, "", None))?;
            first += count;
            progress("usage records", u64::from(count));
        }
        Ok(())
    }

    fn workbook(
        &self,
        file: &str,
        period: Period,
        assets: &[String],
        first: u32,
        count: u32,
    ) -> Result<Incoming, SheetError> {
        const COLUMNS: [&str; 9] = [
            "record_id",
            "item_search_criteria",
            "item_search_value",
            "quantity",
            "start_time_utc",
            "end_time_utc",
            "asset_search_criteria",
            "asset_search_value",
            "amount",
        ];
        let files = &self.services.files;
        let io = |e: crate::outside::files::FilesError| SheetError::Io(std::io::Error::other(e.text().to_string()));
        let (from, to) = (shown(period.from), shown(period.last()));
        let mut dice = Dice(self.wish.seed ^ u64::from(first));
        let target = files.temp_file().map_err(io)?;
        let mut book = BookWriter::new(files.temp_folder())?;
        let mut sheet = book.sheet("records", &COLUMNS.map(|name| Column::new(name, 20)))?;
        for n in 0..count {
            let asset = assets.get((first + n) as usize % assets.len().max(1)).map_or("", String::as_str);
            let (record, quantity) = (format!("{file}-{n}"), dice.below(90_000));
            let quantity_text = format!("{}.{:04}", quantity / 10_000, quantity % 10_000);
            let amount = format!("{}.{:02}", quantity / 5_000, quantity / 50 % 100);
            let mpn = dice.of(&["HBC-EGRESS", "HBC-LTA"]);
            let cells = [record.as_str(), "item.mpn", mpn, &quantity_text, &from, &to, "asset.id", asset, &amount];
            sheet.row(&cells.map(|text| OutCell::from(CellValue::Text(text))))?;
        }
        book.save(target.path())?;
        let staged = files.stage_file(target, Limits::default().workbook()).map_err(io)?;
        files.keep(&staged.key).map_err(io)?;
        Ok(Incoming {
            key: staged.key.to_string(),
            name: format!("load-{first}.xlsx"),
            size: i64::try_from(staged.size).unwrap_or(i64::MAX),
            sha256: staged.sha256,
        })
    }
}

/// The n-th customer of a run.
fn customer(run: &str, n: u32, seed: u64) -> Details {
    let mut dice = Dice(seed.rotate_left(17) ^ u64::from(n));
    let family = dice.of(&["Adler", "Brandt", "Corvin", "Dahl", "Egger", "Fuchs", "Graf", "Hofer", "Imhof", "Jost"]);
    let trade = dice.of(&["Bau", "Druck", "Elektro", "Logistik", "Metall", "Optik", "Reisen", "Textil", "Verlag"]);
    let (city, code, country) = match dice.below(3) {
        0 => ("Hamburg", "20095", "DE"),
        1 => ("Linz", "4020", "AT"),
        _ => ("Bern", "3011", "CH"),
    };
    Details {
        name: format!("{family} {trade} {n}"),
        external_id: Some(format!("LOAD-{run}-C{n}")),
        contact_info: ContactInfo {
            address_line1: format!("Ringstraße {}", 1 + dice.below(180)),
            city: city.to_owned(),
            postal_code: code.to_owned(),
            country: country.to_owned(),
            contact: Contact {
                first_name: dice.of(&["Anna", "Ben", "Clara", "David", "Emma", "Felix"]).to_owned(),
                last_name: family.to_owned(),
                email: format!("it@{}-{n}.example", family.to_lowercase()),
                ..Contact::default()
            },
            ..ContactInfo::default()
        },
        ..Details::new(Kind::Customer)
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_customers() {
        let names = |seed: u64| (0..20).map(|n| customer("1", n, seed).name).collect::<Vec<_>>();
        assert_eq!(names(7), names(7));
        assert_ne!(names(7), names(8));
    }
}
