//! The demo world: six companies that have come together under contracts, made through the same actions that people use.
//!
//! The clock walks with it: each step happens some days after the one before, so that timelines are whole, and ends at
//! the present.

use serde_json::{Value, json};

use crate::app::{Services, StartError};
use crate::flows::accounts::actions as accounts;
use crate::flows::accounts::actions::NewPerson;
use crate::flows::accounts::model::AccountStatus;
use crate::flows::contracts::actions as contracts;
use crate::flows::contracts::model::{AgreementWords, DocumentWords, OfferWords};
use crate::flows::marketplaces::actions as marketplaces;
use crate::flows::marketplaces::model::{HubWords, MarketplaceWords};
use crate::kit::{AccountId, Actor, Email, Permissions, Role, Seat, Secret, Time, UserId};

/// A company of the demo world with its person.
struct Company {
    id: AccountId,
    name: &'static str,
    role: Role,
    person: &'static str,
    email: String,
    user: UserId,
}

impl Company {
    /// Its person at work.
    fn actor(&self) -> Actor {
        let seat = Seat {
            account: self.id.clone(),
            name: self.name.to_owned(),
            role: self.role,
            permissions: Permissions::all(),
        };
        Actor::Person { user: self.user.clone(), name: self.person.to_owned(), seat }
    }
}

/// A distributor's place to sell: what partners sign.
struct Market {
    hub: String,
    marketplace: String,
    program: String,
    distribution: String,
    service: String,
}

/// Makes the demo world.
struct Demo<'a> {
    services: &'a Services,
    password: String,
    hash: String,
    until: Time,
}

type Made<T> = Result<T, StartError>;

/// Makes the world if the database is empty, and tells what is in it; nothing if there is something already.
///
/// Everybody's password is `password`.
pub fn create(services: &Services, password: &str) -> Made<Option<Value>> {
    let until = services.clock.now();
    let hash = accounts::password::hash(password).map_err(|e| StartError(format!("demo: {e}")))?;
    let demo = Demo { services, password: password.to_owned(), hash, until };
    let made = demo.world();
    services.clock.set(until);
    made
}

impl Demo<'_> {
    /// One action, three days after the one before, but never after the present.
    fn step<T>(&self, what: &str, act: impl Fn(&mut crate::flows::Tx<'_>) -> crate::flows::Done<T>) -> Made<T> {
        let next = self.services.clock.now().plus_seconds(3 * 24 * 3600 + 4_711);
        self.services.clock.set(next.min(self.until));
        self.services.db.write(act).map_err(|e| StartError(format!("The demo world could not be made ({what}): {e}")))
    }

    fn world(&self) -> Made<Option<Value>> {
        self.services.clock.set(self.until.plus_seconds(-365 * 24 * 3600));
        let (north_id, north_user) = match self.first() {
            Ok(made) => made,
            Err(e) if e.0.contains("already") => return Ok(None),
            Err(e) => return Err(e),
        };
        let northgate = self.company(
            north_id,
            "Northgate",
            Role::Distributor,
            "Mara Lindqvist",
            "mara@northgate.example",
            north_user,
        );
        let (coast_id, coast_user) = self.distributor("Coastline Trade", "Tobias Frei", "tobias@coastline.example")?;
        let coastline = self.company(
            coast_id,
            "Coastline Trade",
            Role::Distributor,
            "Tobias Frei",
            "tobias@coastline.example",
            coast_user,
        );
        let north = self.market(&northgate, "DACH", "EUR", &["DE", "AT", "CH"])?;
        let coast = self.market(&coastline, "Nordics", "SEK", &["SE", "NO", "DK"])?;
        let halden = self.partner(
            &northgate,
            &north.program,
            "Halden Software",
            Role::Vendor,
            "Piotr Zajac",
            "piotr@halden.example",
        )?;
        let ember =
            self.partner(&coastline, &coast.program, "Ember Systems", Role::Vendor, "Ida Holm", "ida@ember.example")?;
        let firth = self.partner(
            &northgate,
            &north.service,
            "Firth Cloud",
            Role::Reseller,
            "Sara Amundsen",
            "sara@firth.example",
        )?;
        let fjord = self.partner(
            &coastline,
            &coast.service,
            "Fjord Resale",
            Role::Reseller,
            "Nils Berg",
            "nils@fjord.example",
        )?;
        let mut signed = vec![];
        for (vendor, distributor, market) in [(&halden, &northgate, &north), (&ember, &coastline, &coast)] {
            let contract = self.step("enrolment", |tx| contracts::enrol(tx, &vendor.actor(), &market.distribution))?;
            self.step("approval", |tx| contracts::sign(tx, &distributor.actor(), contract.as_str()))?;
            signed.push(json!({ "id": contract.as_str(), "type": "distribution", "status": "active" }));
        }
        // A second program offer waits for its answer, and one enrolment for its approval.
        let second = self.market(&northgate, "Benelux", "EUR", &["NL", "BE", "LU"])?;
        self.offer(&northgate, &second.program, "Quay Analytics", "office@quay.example")?;
        let companies = [&northgate, &coastline, &halden, &ember, &firth, &fjord];
        let accounts: Vec<Value> = companies.iter().map(|c| self.described(c)).collect::<Made<_>>()?;
        let markets = [(&north, &northgate), (&coast, &coastline), (&second, &northgate)];
        Ok(Some(json!({
            "base_url": self.services.public_url.as_str().trim_end_matches('/'),
            "accounts": accounts,
            "marketplaces": markets.iter().map(|(m, c)| json!({ "id": m.marketplace, "owner": c.id })).collect::<Vec<_>>(),
            "hubs": markets.iter().map(|(m, c)| json!({ "id": m.hub, "owner": c.id })).collect::<Vec<_>>(),
            "contracts": signed,
            "products": [],
            "subscriptions": [],
            "usage_files": [],
        })))
    }

    fn first(&self) -> Made<(AccountId, UserId)> {
        let email = address("mara@northgate.example")?;
        let (id, user, secret) = self.step("first company", |tx| accounts::first_company(tx, "Northgate", &email))?;
        self.step("password", |tx| accounts::set_password_by_link(tx, &secret, &self.hash))?;
        self.step("profile", |tx| accounts::edit_profile(tx, &user, "Mara Lindqvist", "en", "Europe/Berlin"))?;
        Ok((id, user))
    }

    fn distributor(&self, company: &str, person: &str, email: &str) -> Made<(AccountId, UserId)> {
        let email = address(email)?;
        self.step("distributor", |tx| {
            let id = accounts::create_company(tx, &Actor::Operator, company, Role::Distributor, AccountStatus::Active)?;
            let new = NewPerson { name: person, email: &email, password: Some(&self.hash) };
            let user = accounts::register_administrator(tx, &Actor::Operator, &id, &new)?;
            Ok((id, user))
        })
    }

    fn company(
        &self,
        id: AccountId,
        name: &'static str,
        role: Role,
        person: &'static str,
        email: &str,
        user: UserId,
    ) -> Company {
        Company { id, name, role, person, email: email.to_owned(), user }
    }

    /// A hub, a marketplace on it, and the agreements that partners sign.
    fn market(&self, owner: &Company, name: &str, currency: &str, countries: &[&str]) -> Made<Market> {
        let actor = owner.actor();
        let hub = HubWords {
            name: format!("{name} commerce"),
            description: format!("Orders from {name}"),
            instance_id: format!("{}-commerce", name.to_lowercase()),
            instance_type: "API".to_owned(),
        };
        let hub = self.step("hub", |tx| marketplaces::register_hub(tx, &actor, &hub))?.to_string();
        let words = MarketplaceWords {
            name: name.to_owned(),
            description: format!("Cloud products for {name}"),
            currency: currency.to_owned(),
            countries: countries.iter().map(|c| (*c).to_owned()).collect(),
            hubs: vec![(hub.clone(), "1".to_owned())],
            ..MarketplaceWords::default()
        };
        let marketplace =
            self.step("marketplace", |tx| marketplaces::create_marketplace(tx, &actor, &words))?.to_string();
        let program = self.agreement(&actor, "program", &format!("{name} program"))?;
        let service = self.agreement(&actor, "service", &format!("{name} reseller terms"))?;
        let words = AgreementWords {
            marketplace: marketplace.clone(),
            ..self.words("distribution", &format!("Distribution in {name}"))
        };
        let distribution =
            self.step("distribution", |tx| contracts::create_distribution(tx, &actor, &program, &words))?.to_string();
        Ok(Market { hub, marketplace, program, distribution, service })
    }

    fn words(&self, kind: &str, title: &str) -> AgreementWords {
        AgreementWords {
            kind: kind.to_owned(),
            title: title.to_owned(),
            description: "What both companies agree on, in plain words.".to_owned(),
            document: DocumentWords {
                document_type: "external".to_owned(),
                link: "https://northgate.example/terms".to_owned(),
                ..DocumentWords::default()
            },
            active: true,
            ..AgreementWords::default()
        }
    }

    fn agreement(&self, actor: &Actor, kind: &str, title: &str) -> Made<String> {
        let words = self.words(kind, title);
        Ok(self.step("agreement", |tx| contracts::create_agreement(tx, actor, &words))?.to_string())
    }

    fn offer(&self, issuer: &Company, agreement: &str, partner: &str, email: &str) -> Made<Secret> {
        let words = OfferWords {
            message: format!("Welcome, {partner}. Please read the terms and accept them."),
            email: email.to_owned(),
            partner_name: partner.to_owned(),
            ..OfferWords::default()
        };
        let actor = issuer.actor();
        let id = self.step("offer", |tx| contracts::offer(tx, &actor, &self.services.secret, agreement, &words))?;
        let contract = self.step("offer's link", |tx| contracts::contract(tx, &actor, id.as_str()))?;
        contracts::activation_secret(&self.services.secret, &contract)
            .ok_or_else(|| StartError(format!("demo: {partner} has no link")))
    }

    fn partner(
        &self,
        issuer: &Company,
        agreement: &str,
        name: &'static str,
        role: Role,
        person: &'static str,
        email: &str,
    ) -> Made<Company> {
        let secret = self.offer(issuer, agreement, name, email)?;
        let address = address(email)?;
        let (user, id) = self.step("acceptance", |tx| {
            let new = NewPerson { name: person, email: &address, password: Some(&self.hash) };
            contracts::accept_as_new_person(tx, &secret, &new, name)
        })?;
        Ok(self.company(id, name, role, person, email, user))
    }

    fn described(&self, company: &Company) -> Made<Value> {
        let actor = company.actor();
        let token = self.step("token", |tx| {
            accounts::create_token(tx, &actor, "Demo", "For trying the API", &Permissions::all())
        })?;
        Ok(json!({
            "id": company.id, "name": company.name, "role": company.role,
            "users": [{ "id": company.user, "email": company.email, "password": self.password, "admin": true }],
            "api_key": token.key(),
        }))
    }
}

fn address(text: &str) -> Made<Email> {
    Email::parse(text).ok_or_else(|| StartError(format!("demo: {text} is not an address")))
}
