//! Subscriptions of the demo world, and what became of them.

use super::companies::Companies;
use super::customers::{Customer, Through};
use super::products::{Place, Product, Sold};
use super::{Company, DAY, Demo, Made};
use crate::app::StartError;
use crate::flows::orders::actions::{self as orders, Activation, ConnectionChoice, GivenTier, GivenTiers, Order};
use crate::flows::orders::model::{Given, GivenLine, ParamEdit, RequestKind};
use crate::flows::products::model::{ItemKind, UsageSchema};
use crate::kit::{Actor, Time};

/// What somebody does about a subscription.
#[derive(Debug, Clone, Copy)]
pub(super) enum Deed {
    /// The buyer orders.
    Order,
    /// The buyer begins an order.
    Draft,
    /// The buyer orders for a day so many hours later.
    OrderFor(i64),
    /// The vendor fills in what is its own, and approves.
    Approve,
    /// The vendor refuses, and says why.
    Fail(&'static str),
    /// One of the vendor's people takes it over.
    Assign,
    /// The vendor marks the administrator's address as wrong.
    Mark(&'static str),
    /// The vendor asks back: what is wrong with the administrator's address.
    Inquire(&'static str),
    /// The buyer corrects the address.
    Answer,
    /// The buyer wants so many more.
    Change(i64),
    Suspend,
    Resume,
    Cancel,
    /// The buyer takes back what was ordered for a later day.
    Revoke(&'static str),
}

/// A subscription: the product, the customer, how many, and what happens to it how many hours before the present.
pub(super) struct Story {
    pub product: usize,
    customer: usize,
    quantity: i64,
    pub place: Place,
    pub deeds: Vec<(i64, Deed)>,
}

/// How far a story is.
#[derive(Default)]
pub(super) struct State {
    /// Its newest request.
    request: Option<String>,
    pub asset: Option<String>,
    pub quantity: i64,
    /// Since when it is active.
    pub since: Option<Time>,
    /// Since when it is not any more.
    pub ended: Option<Time>,
}

/// Product, customer, quantity; and what is done, so many seconds ago.
type Told = (usize, usize, i64, &'static [(i64, Deed)]);

/// What the tour shows: open requests of each kind on top of a year of ordinary ones.
const TOLD: &[Told] = &[
    (
        0,
        0,
        50,
        &[
            (262 * DAY, Deed::Order),
            (262 * DAY - 5, Deed::Approve),
            (53, Deed::Change(25)),
            (50, Deed::Assign),
            (24, Deed::Mark("Mail to this address came back. Is it still the right one?")),
        ],
    ),
    (3, 9, 140, &[(46, Deed::Order), (44, Deed::Assign)]),
    (1, 6, 64, &[(301 * DAY, Deed::Order), (300 * DAY, Deed::Approve), (43, Deed::Change(-10))]),
    (0, 1, 300, &[(22, Deed::Order), (9, Deed::Assign)]),
    (2, 2, 35, &[(240 * DAY, Deed::Order), (239 * DAY, Deed::Approve), (21, Deed::Suspend)]),
    (3, 10, 62, &[(27, Deed::Order), (19, Deed::Inquire("Mail to this address comes back."))]),
    (0, 5, 42, &[(180 * DAY, Deed::Order), (179 * DAY, Deed::Approve), (16, Deed::Change(8)), (15, Deed::Assign)]),
    (1, 7, 24, &[(333 * DAY, Deed::Order), (332 * DAY, Deed::Approve), (14, Deed::Cancel)]),
    (1, 8, 18, &[(20, Deed::Order), (12, Deed::Inquire("This is the address of a former colleague."))]),
    (
        2,
        0,
        20,
        &[(150 * DAY, Deed::Order), (149 * DAY, Deed::Approve), (90 * DAY, Deed::Suspend), (89 * DAY, Deed::Approve)],
    ),
    (0, 3, 12, &[(3, Deed::OrderFor(12 * DAY))]),
    (0, 11, 48, &[(1, Deed::Order)]),
    (2, 4, 15, &[(5, Deed::Draft)]),
    (3, 11, 30, &[(8, Deed::Draft)]),
    (3, 4, 35, &[(30, Deed::OrderFor(20 * DAY)), (7, Deed::Revoke("The customer has found another supplier."))]),
    (4, 12, 4, &[(26, Deed::Order)]),
    (4, 11, 8, &[(170 * DAY, Deed::Order), (169 * DAY, Deed::Approve)]),
    (5, 12, 3, &[(200 * DAY, Deed::Order), (199 * DAY, Deed::Approve)]),
    (5, 9, 6, &[(130 * DAY, Deed::Order), (129 * DAY, Deed::Approve)]),
    (5, 13, 2, &[(33, Deed::Order), (29, Deed::Inquire("The address has a typing mistake."))]),
    (
        1,
        3,
        30,
        &[
            (120 * DAY, Deed::Order),
            (119 * DAY, Deed::Inquire("Mail to this address comes back.")),
            (118 * DAY, Deed::Answer),
            (118 * DAY - 6, Deed::Approve),
        ],
    ),
    (0, 2, 9, &[(77 * DAY, Deed::Order), (76 * DAY, Deed::Fail("The customer has an unpaid account with us."))]),
    (3, 13, 16, &[(40 * DAY, Deed::Order), (39 * DAY, Deed::Fail("Not sold to this industry."))]),
    (
        1,
        9,
        80,
        &[(280 * DAY, Deed::Order), (279 * DAY, Deed::Approve), (50 * DAY, Deed::Cancel), (49 * DAY, Deed::Approve)],
    ),
];

/// The stories told above, and a year of ordinary ones.
pub(super) fn stories(products: &[Product], customers: &[Customer]) -> Vec<Story> {
    let mut all = vec![];
    let mut add = |product: usize, customer: usize, quantity: i64, deeds: Vec<(i64, Deed)>| {
        let Some(place) = customers.get(customer).map(Customer::place) else { return false };
        let sold = products.get(product).is_some_and(|p| p.recipe.places.contains(&place));
        if sold {
            all.push(Story { product, customer, quantity, place, deeds });
        }
        sold
    };
    for (product, customer, quantity, deeds) in TOLD {
        add(*product, *customer, *quantity, deeds.to_vec());
    }
    let mut product = 0;
    for n in 0..54_usize {
        let k = i64::try_from(n).unwrap_or(0);
        let (customer, ordered) = (n * 5 % customers.len().max(1), 424 * DAY - k * 183);
        let mut deeds = vec![(ordered, Deed::Order), (ordered - 4 - k * 7 % 40, Deed::Approve)];
        if n % 4 == 1 {
            deeds.push((ordered - 50 * DAY, Deed::Change(3 + k % 9)));
            deeds.push((ordered - 51 * DAY, Deed::Approve));
        }
        if n % 9 == 6 {
            deeds.push((ordered - 70 * DAY, Deed::Suspend));
            deeds.push((ordered - 71 * DAY, Deed::Approve));
            deeds.push((ordered - 84 * DAY, Deed::Resume));
            deeds.push((ordered - 85 * DAY, Deed::Approve));
        }
        deeds.retain(|(ago, _)| *ago > 4 * DAY);
        // What is not sold at the customer's place is passed over for the next product.
        for _ in products {
            product = (product + 1) % products.len();
            if add(product, customer, 4 + k * 11 % 57, deeds.clone()) {
                break;
            }
        }
    }
    all
}

impl Customer {
    /// Where the customer buys.
    fn place(&self) -> Place {
        match (self.through, self.domain) {
            (Through::Fjord | Through::Firth, _) => Place::Nordics,
            (_, "vandijk-bouw" | "kempen-transport" | "ateliers-dumont") => Place::Benelux,
            _ => Place::Dach,
        }
    }
}

fn edit(name: &str, given: Option<String>, error: Option<&str>) -> ParamEdit {
    ParamEdit {
        path: "asset.params.0".to_owned(),
        name: name.to_owned(),
        given: given.map(Given::text),
        error: error.map(str::to_owned),
        structured_error: None,
    }
}

impl Demo<'_> {
    /// Does a deed of a story.
    pub(super) fn order(
        &self,
        companies: &Companies,
        products: &[Product],
        customers: &[Customer],
        (n, story): (usize, &Story),
        state: &mut State,
        deed: Deed,
    ) -> Made<()> {
        let missing = || StartError(format!("The demo world could not be made (order {n}, {deed:?})"));
        let product = products.get(story.product).ok_or_else(missing)?;
        let customer = customers.get(story.customer).ok_or_else(missing)?;
        let sold = product.sold.iter().find(|s| s.place == story.place).ok_or_else(missing)?;
        let buyer = buyer(companies, customer.through, n).actor(n);
        let vendor = product.owner(companies).actor(n);
        let vendor_edits = |name: &str, error: &str| vec![edit(name, None, Some(error))];
        let open = state.request.clone().unwrap_or_default();
        match deed {
            Deed::Order | Deed::Draft | Deed::OrderFor(_) => {
                let order = self.purchase(product, sold, customer, (n, story), deed);
                let id = self.at_once("purchase", |tx| orders::create(tx, &buyer, &order))?;
                let request = self.at_once("purchase", |tx| orders::request(tx, &buyer, id.as_str()))?;
                state.request = Some(id.to_string());
                state.asset = Some(request.asset_id.to_string());
                state.quantity = story.quantity;
            }
            Deed::Approve => {
                let first = state.since.is_none();
                self.approve(product, &vendor, &open, n, first)?;
                state.since = state.since.or(Some(self.services.clock.now()));
            }
            Deed::Fail(why) => {
                self.at_once("refusal", |tx| orders::fail(tx, &vendor, &open, None, why))?;
            }
            Deed::Assign => {
                self.at_once("assignment", |tx| orders::assign(tx, &vendor, &open, None))?;
            }
            Deed::Mark(why) => {
                let edits = vendor_edits("admin_email", why);
                self.at_once("mark", |tx| orders::edit(tx, &vendor, &open, None, None, &edits))?;
            }
            Deed::Inquire(why) => {
                let edits = vendor_edits("admin_email", why);
                self.at_once("question", |tx| orders::inquire(tx, &vendor, &open, None, &edits, None, None))?;
            }
            Deed::Answer => {
                let edits = [edit("admin_email", Some(format!("admin@{}.example", customer.domain)), None)];
                self.at_once("answer", |tx| orders::pend(tx, &buyer, &open, None, &edits))?;
            }
            Deed::Revoke(why) => {
                self.at_once("taking back", |tx| orders::revoke(tx, &buyer, &open, None, why))?;
            }
            Deed::Change(_) | Deed::Suspend | Deed::Resume | Deed::Cancel => {
                let mut order = Order { asset: state.asset.clone(), ..Order::new(kind(deed)) };
                if let (Deed::Change(more), Some(item)) = (deed, product.recipe.of(ItemKind::Reservation).next()) {
                    state.quantity += more;
                    order.items = vec![line(0, item.mpn, Some(state.quantity))];
                }
                if matches!(deed, Deed::Cancel | Deed::Suspend) {
                    state.ended = Some(self.services.clock.now());
                }
                if matches!(deed, Deed::Resume) {
                    state.ended = None;
                }
                let id = self.at_once("follow-up", |tx| orders::create(tx, &buyer, &order))?;
                state.request = Some(id.to_string());
            }
        }
        Ok(())
    }

    fn purchase(
        &self,
        product: &Product,
        sold: &Sold,
        customer: &Customer,
        (n, story): (usize, &Story),
        deed: Deed,
    ) -> Order {
        // Only some want what comes second.
        let share = |at: usize| if at == 0 { 1 } else { i64::from(n % 4 == 1) };
        let reserved = product.recipe.of(ItemKind::Reservation).enumerate();
        let reserved = reserved.map(|(at, item)| (item.mpn, Some(story.quantity * share(at))));
        let used = product.recipe.of(ItemKind::Ppu).map(|i| (i.mpn, None));
        let mut params = vec![
            edit("admin_email", Some(format!("it-leitung@{}.example", customer.domain)), None),
            edit(
                "region",
                Some(if story.place == Place::Nordics { "eu-north" } else { "eu-central" }.to_owned()),
                None,
            ),
        ];
        if product.recipe.schema == Some(UsageSchema::PriceRated) {
            params.push(edit("retention_days", Some("180".to_owned()), None));
        }
        Order {
            draft: matches!(deed, Deed::Draft),
            product: Some(product.id.clone()),
            connection: ConnectionChoice { id: Some(sold.connection.clone()), ..ConnectionChoice::default() },
            marketplace: Some(sold.marketplace.clone()),
            external_id: Some(format!("ORD-{}", 20_418 + n * 3)),
            items: (0..).zip(reserved.chain(used)).map(|(at, (mpn, quantity))| line(at, mpn, quantity)).collect(),
            params,
            tiers: GivenTiers { customer: Some(GivenTier::Id(customer.id.to_string())), ..GivenTiers::default() },
            planned_date: match deed {
                Deed::OrderFor(hours) => Some(self.services.clock.now().plus_seconds(hours * super::HOUR)),
                _ => None,
            },
            ..Order::new(RequestKind::Purchase)
        }
    }

    /// Approves a request; of the first one the vendor fills in its own parameters before.
    fn approve(&self, product: &Product, vendor: &Actor, request: &str, n: usize, first: bool) -> Made<()> {
        let mut edits = vec![];
        if first {
            let prefix: String = product.recipe.items.first().map_or("", |i| i.mpn).chars().take(3).collect();
            let tenant = format!("{}-eu-{:06x}", prefix.to_lowercase(), 8_339_906 + n * 1_237);
            if product.recipe.schema == Some(UsageSchema::PriceRated) {
                edits.push(edit("activation_url", Some(format!("https://{tenant}.halden.example/start")), None));
            }
            edits.push(edit("tenant_id", Some(tenant), None));
        }
        let activation = Activation { template: first.then(|| product.welcome.clone()), ..Activation::default() };
        self.at_once("approval", |tx| {
            if !edits.is_empty() {
                orders::edit(tx, vendor, request, None, None, &edits)?;
            }
            orders::approve(tx, vendor, request, None, &activation)
        })?;
        Ok(())
    }
}

fn kind(deed: Deed) -> RequestKind {
    match deed {
        Deed::Suspend => RequestKind::Suspend,
        Deed::Resume => RequestKind::Resume,
        Deed::Cancel => RequestKind::Cancel,
        _ => RequestKind::Change,
    }
}

fn line(at: usize, mpn: &str, quantity: Option<i64>) -> GivenLine {
    GivenLine { path: format!("asset.items.{at}"), key: mpn.to_owned(), quantity: quantity.map(|q| q.to_string()) }
}

/// Who orders for a customer: its reseller, or the distributor in the reseller's place.
fn buyer(companies: &Companies, through: Through, n: usize) -> &Company {
    match through {
        Through::Alpina if n % 3 != 1 => &companies.alpina,
        Through::Alpina | Through::Northgate => &companies.northgate,
        Through::Fjord if n % 3 != 1 => &companies.fjord,
        Through::Fjord | Through::Firth => &companies.firth,
    }
}
