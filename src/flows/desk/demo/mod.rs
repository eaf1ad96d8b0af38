//! The demo world: companies under contracts, their products, subscriptions and usage, made through the same actions that
//! people use.
//!
//! The clock walks with it. The companies meet more than a year ago; then twelve months of orders and usage follow, sorted
//! by the moment at which each thing happens, up to the present. So every timeline is whole, and every chart has its past.

mod companies;
mod customers;
mod deeds;
mod forms;
mod load;
mod orders;
mod papers;
mod people;
mod pictures;
mod products;
mod profiles;
mod sign_on;
mod tokens;
mod told;
mod usage;

use crate::app::{Services, StartError};
use crate::flows::accounts::actions as accounts;
use crate::flows::{self, Done, Tx};
use crate::jobs;
use crate::kit::{AccountId, Actor, Permissions, Role, Seat, Time, UserId};
use serde_json::Value;

/// Seconds of an hour.
const HOUR: i64 = 3_600;
/// Hours of a day.
const DAY: i64 = 24;

/// One of a company's people.
#[derive(Debug, Clone)]
struct Person {
    user: UserId,
    name: &'static str,
    email: &'static str,
}

/// A company of the demo world with its people; the first one administers it.
#[derive(Debug, Clone)]
struct Company {
    id: AccountId,
    name: &'static str,
    role: Role,
    people: Vec<Person>,
}

impl Company {
    /// One of its people at work; they take turns.
    fn actor(&self, turn: usize) -> Actor {
        let seat = Seat {
            account: self.id.clone(),
            name: self.name.to_owned(),
            role: self.role,
            permissions: Permissions::all(),
        };
        match self.people.get(turn % self.people.len().max(1)) {
            Some(person) => Actor::Person { user: person.user.clone(), name: person.name.to_owned(), seat },
            None => Actor::System { seat },
        }
    }
}

/// Makes the demo world.
struct Demo<'a> {
    services: &'a Services,
    password: String,
    hash: String,
    /// The present.
    until: Time,
}

pub use load::{Load, Loaded, load};

type Made<T> = Result<T, StartError>;

/// Makes the world if the database is empty, and tells what is in it; nothing if there is something already.
///
/// Everybody's password is `password`.
pub fn create(services: &Services, password: &str) -> Made<Option<Value>> {
    if services.db.read(accounts::any_company).map_err(|e| failed("beginning", &e))? {
        return Ok(None);
    }
    let until = services.clock.now();
    let hash = accounts::password::hash(password).map_err(|e| failed("passwords", &e))?;
    let demo = Demo { services, password: password.to_owned(), hash, until };
    let made = demo.world();
    services.clock.set(until);
    made.map(Some)
}

impl Demo<'_> {
    fn world(&self) -> Made<Value> {
        self.services.clock.set(self.ago(475 * DAY));
        let companies = self.companies()?;
        self.tokens(&companies)?;
        self.introduce(&companies)?;
        let products = self.products(&companies)?;
        let customers = self.customers(&companies)?;
        let lived = self.live(&companies, &products, &customers)?;
        self.sign_on(&companies)?;
        let people = self.desks(&companies)?;
        self.late_offers(&companies)?;
        self.forms(&companies)?;
        self.done()?;
        self.told(&companies, &people, &products, &lived)
    }

    /// A moment so many hours before the present.
    fn ago(&self, hours: i64) -> Time {
        self.until.plus_seconds(-hours * HOUR)
    }

    /// Lets time pass up to a moment; it never goes back, and never past the present.
    fn go(&self, moment: Time) {
        let now = self.services.clock.now();
        self.services.clock.set(now.max(moment).min(self.until));
    }

    /// One action, some minutes after the one before.
    fn step<T>(&self, what: &str, act: impl Fn(&mut Tx<'_>) -> Done<T>) -> Made<T> {
        self.go(self.services.clock.now().plus_seconds(7 * 60 + 11));
        self.at_once(what, act)
    }

    /// One action, now. As long as the world is not whole nobody relies on it, so nothing waits for the disk.
    fn at_once<T>(&self, what: &str, act: impl Fn(&mut Tx<'_>) -> Done<T>) -> Made<T> {
        self.services.db.write_bulk(act).map_err(|e| failed(what, &e))
    }

    /// One action, now, which waits until it and all that came before is on disk.
    fn for_good<T>(&self, what: &str, act: impl Fn(&mut Tx<'_>) -> Done<T>) -> Made<T> {
        self.services.db.write(act).map_err(|e| failed(what, &e))
    }

    /// Does the jobs that the actions have left behind.
    fn done(&self) -> Made<()> {
        jobs::run_due(self.services, flows::WORK).map(drop).map_err(|e| failed("jobs", &e))
    }
}

fn failed(what: &str, why: &dyn std::fmt::Display) -> StartError {
    StartError(format!("The demo world could not be made ({what}): {why}"))
}
