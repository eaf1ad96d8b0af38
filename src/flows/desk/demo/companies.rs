//! Who is there, what they offer each other, and what they have signed.

use super::{Company, DAY, Demo, Made, Person, failed, papers};
use crate::app::StartError;
use crate::flows::accounts::actions as accounts;
use crate::flows::accounts::actions::NewPerson;
use crate::flows::accounts::model::{AccountStatus, Profile, Proof};
use crate::flows::contracts::actions as contracts;
use crate::flows::contracts::model::{AgreementWords, Consent, DocumentWords, OfferWords};
use crate::flows::marketplaces::actions as marketplaces;
use crate::flows::marketplaces::model::{HubWords, MarketplaceWords};
use crate::kit::{AccountId, Actor, Email, Role, Secret};

/// Everybody, and where they sell.
pub(super) struct Companies {
    pub northgate: Company,
    pub firth: Company,
    pub halden: Company,
    pub ember: Company,
    pub alpina: Company,
    pub fjord: Company,
    pub dach: Market,
    pub benelux: Market,
    pub nordics: Market,
    pub baltics: Market,
    pub contracts: Vec<Signed>,
    /// Northgate's program, to which vendors are invited.
    program: String,
}

/// A distributor's place to sell, and what partners sign there.
pub(super) struct Market {
    pub hub: String,
    pub marketplace: String,
    pub name: &'static str,
    pub distribution: String,
}

/// What partners of a distributor sign.
struct Terms {
    program: String,
    service: String,
}

/// A contract as `demo.json` tells it.
pub(super) struct Signed {
    pub id: String,
    pub kind: &'static str,
    pub status: &'static str,
    /// Of a distribution contract: the vendor and the marketplace.
    ground: Option<(AccountId, String)>,
}

impl Signed {
    fn active(id: impl ToString, kind: &'static str) -> Self {
        Self { id: id.to_string(), kind, status: "active", ground: None }
    }
}

impl Companies {
    /// Vendors, distributors and resellers, two of each.
    pub fn all(&self) -> [&Company; 6] {
        [&self.halden, &self.northgate, &self.alpina, &self.ember, &self.firth, &self.fjord]
    }

    /// The distribution contract of a vendor for a marketplace.
    pub fn distribution(&self, vendor: &Company, market: &Market) -> Made<&str> {
        let mut signed = self.contracts.iter();
        let found =
            signed.find(|c| c.ground.as_ref().is_some_and(|(v, m)| *v == vendor.id && *m == market.marketplace));
        found.map(|c| c.id.as_str()).ok_or_else(|| {
            StartError(format!("The demo world could not be made: {} does not sell in {}", vendor.name, market.name))
        })
    }

    /// Every marketplace with its owner.
    pub fn markets(&self) -> [(&Market, &Company); 4] {
        [
            (&self.dach, &self.northgate),
            (&self.benelux, &self.northgate),
            (&self.nordics, &self.firth),
            (&self.baltics, &self.firth),
        ]
    }
}

impl Demo<'_> {
    pub(super) fn companies(&self) -> Made<Companies> {
        let mut northgate = self.first()?;
        self.colleague(&mut northgate, "Lars Petersen", "lars.petersen@northgate.example")?;
        let firth = self.distributor("Firth Supply", "Ailsa Reid", "ailsa.reid@firth.example")?;
        self.go(self.ago(470 * DAY));
        let dach = self.market(&northgate, "DACH", "EUR", &["DE", "AT", "CH"])?;
        let benelux = self.market(&northgate, "Benelux", "EUR", &["NL", "BE", "LU"])?;
        let nordics = self.market(&firth, "Nordics", "NOK", &["NO", "SE", "DK", "FI"])?;
        let baltics = self.market(&firth, "Baltics", "EUR", &["EE", "LV", "LT"])?;
        let north = self.terms(&northgate)?;
        let strait = self.terms(&firth)?;
        let dach = self.distribution(&northgate, &north, dach)?;
        let benelux = self.distribution(&northgate, &north, benelux)?;
        let nordics = self.distribution(&firth, &strait, nordics)?;
        let baltics = self.distribution(&firth, &strait, baltics)?;

        self.go(self.ago(463 * DAY));
        let mut signed = vec![];
        let (mut halden, id) = self.partner(
            &northgate,
            &north.program,
            ("Halden Software", Role::Vendor),
            ("Mara Lindqvist", "mara.lindqvist@halden.example"),
        )?;
        signed.push(Signed::active(id, "program"));
        self.colleague(&mut halden, "Piotr Zając", "piotr.zajac@halden.example")?;
        self.colleague(&mut halden, "Sofie Amundsen", "sofie.amundsen@halden.example")?;
        let (ember, id) = self.partner(
            &firth,
            &strait.program,
            ("Ember Cloud", Role::Vendor),
            ("Inês Duarte", "ines.duarte@ember.example"),
        )?;
        signed.push(Signed::active(id, "program"));
        self.go(self.ago(457 * DAY));
        let (alpina, id) = self.partner(
            &northgate,
            &north.service,
            ("Alpina Systemhaus", Role::Reseller),
            ("Tobias Frei", "tobias.frei@alpina.example"),
        )?;
        signed.push(Signed::active(id, "service"));
        let (mut fjord, id) = self.partner(
            &firth,
            &strait.service,
            ("Fjord IT", Role::Reseller),
            ("Nils Berg", "nils.berg@fjord.example"),
        )?;
        signed.push(Signed::active(id, "service"));
        self.guest_of(&mut fjord, &alpina)?;
        signed.push(Signed::active(self.joins(&firth, &strait.program, &halden)?, "program"));
        signed.push(Signed::active(self.joins(&northgate, &north.program, &ember)?, "program"));

        self.go(self.ago(450 * DAY));
        let grounds = [
            (&halden, &northgate, &dach),
            (&halden, &northgate, &benelux),
            (&halden, &firth, &nordics),
            (&ember, &firth, &nordics),
            (&ember, &northgate, &dach),
        ];
        for (vendor, distributor, market) in grounds {
            let contract = self.step("enrolment", |tx| {
                contracts::enrol(tx, &vendor.actor(0), &market.distribution, &Consent::read(Some(Proof::Password)))
            })?;
            self.step("approval", |tx| {
                contracts::sign(tx, &distributor.actor(0), contract.as_str(), &Consent::approved(Some(Proof::Password)))
            })?;
            let ground = Some((vendor.id.clone(), market.marketplace.clone()));
            signed.push(Signed { ground, ..Signed::active(contract, "distribution") });
        }
        Ok(Companies {
            northgate,
            firth,
            halden,
            ember,
            alpina,
            fjord,
            dach,
            benelux,
            nordics,
            baltics,
            contracts: signed,
            program: north.program,
        })
    }

    /// What is still to be decided between companies: an enrolment, and an offer to somebody who is not there yet.
    pub(super) fn late_offers(&self, companies: &Companies) -> Made<()> {
        self.go(self.ago(31));
        let distribution = &companies.baltics.distribution;
        self.step("enrolment", |tx| {
            contracts::enrol(tx, &companies.ember.actor(0), distribution, &Consent::read(Some(Proof::Password)))
        })?;
        self.go(self.ago(24));
        let newer = DocumentWords {
            document_type: "text".to_owned(),
            text: papers::newer_vendor_terms(),
            ..DocumentWords::default()
        };
        self.step("version", |tx| {
            contracts::add_version(tx, &companies.northgate.actor(0), &companies.program, &newer, true)
        })?;
        self.go(self.ago(20));
        self.offer(&companies.northgate, &companies.program, "Quay Analytics", "office@quay.example")?;
        self.go(self.ago(6));
        self.spreadsheet(companies)
    }

    /// A spreadsheet of vendors that was checked and waits for somebody to confirm it.
    fn spreadsheet(&self, companies: &Companies) -> Made<()> {
        let files = &self.services.files;
        let staged = files
            .stage(papers::VENDOR_SHEET.as_bytes(), contracts::MAX_PAPER)
            .map_err(|e| failed("spreadsheet", &e.text()))?;
        let (_, sheet) = contracts::keep_sheet(files, "file", &staged, "Vendors of the spring fair.csv")
            .map_err(|e| failed("spreadsheet", &e))?;
        let (by, program) = (companies.northgate.actor(0), &companies.program);
        self.step("spreadsheet", |tx| contracts::create_batch(tx, &by, program, &sheet)).map(drop)
    }

    fn first(&self) -> Made<Company> {
        let (name, email) = ("Jana Weiss", "jana.weiss@northgate.example");
        let at = address(email)?;
        let (id, user, secret) = self.step("first company", |tx| accounts::first_company(tx, "Northgate", &at))?;
        self.step("password", |tx| {
            accounts::set_password_by_link(tx, &secret, &self.hash, &accounts::Door { deployment: "" })
        })?;
        let profile = Profile {
            name: name.to_owned(),
            title: String::new(),
            locale: "en".to_owned(),
            timezone: "Europe/Berlin".to_owned(),
            date_format: "words".to_owned(),
            theme: "auto".to_owned(),
        };
        self.step("profile", |tx| accounts::edit_profile(tx, &user, &profile))?;
        Ok(company(id, "Northgate", Role::Distributor, Person { user, name, email }))
    }

    fn distributor(&self, name: &'static str, person: &'static str, email: &'static str) -> Made<Company> {
        let at = address(email)?;
        let (id, user) = self.step("distributor", |tx| {
            let id = accounts::create_company(tx, &Actor::Operator, name, Role::Distributor, AccountStatus::Active)?;
            let new = NewPerson { name: person, email: &at, password: Some(&self.hash) };
            let user = accounts::register_administrator(tx, &Actor::Operator, &id, &new)?;
            Ok((id, user))
        })?;
        Ok(company(id, name, Role::Distributor, Person { user, name: person, email }))
    }

    /// One more person in a company.
    fn colleague(&self, company: &mut Company, name: &'static str, email: &'static str) -> Made<()> {
        let (at, by) = (address(email)?, company.actor(0));
        let user = self.step("colleague", |tx| {
            let new = NewPerson { name, email: &at, password: Some(&self.hash) };
            accounts::register_administrator(tx, &by, &company.id, &new)
        })?;
        company.people.push(Person { user, name, email });
        Ok(())
    }

    /// The first person of one company works in another one too.
    fn guest_of(&self, host: &mut Company, home: &Company) -> Made<()> {
        let by = host.actor(0);
        for person in home.people.iter().take(1) {
            self.step("second company", |tx| {
                accounts::make_administrator(tx, &by, &host.id, &person.user, person.name)
            })?;
            host.people.push(person.clone());
        }
        Ok(())
    }

    /// A hub and a marketplace on it.
    fn market(&self, owner: &Company, name: &'static str, currency: &'static str, countries: &[&str]) -> Made<Market> {
        let actor = owner.actor(0);
        let hub = HubWords {
            name: format!("{name} commerce"),
            description: format!("Orders from {name}"),
            instance_id: format!("{}-commerce", name.to_lowercase()),
            instance_type: "API".to_owned(),
        };
        let hub = self.step("hub", |tx| marketplaces::register_hub(tx, &actor, &hub))?.to_string();
        let words = MarketplaceWords {
            name: format!("{} {name}", owner.name),
            description: format!("Cloud products for {name}"),
            currency: currency.to_owned(),
            countries: countries.iter().map(|c| (*c).to_owned()).collect(),
            hubs: vec![(hub.clone(), "1".to_owned())],
            ..MarketplaceWords::default()
        };
        let marketplace =
            self.step("marketplace", |tx| marketplaces::create_marketplace(tx, &actor, &words))?.to_string();
        Ok(Market { hub, marketplace, name, distribution: String::new() })
    }

    fn words(&self, owner: &Company, kind: &str, title: &str) -> AgreementWords {
        AgreementWords {
            kind: kind.to_owned(),
            title: title.to_owned(),
            description: "What both companies agree on, in plain words.".to_owned(),
            document: DocumentWords {
                document_type: "external".to_owned(),
                link: format!("https://{}.example/terms", owner.name.to_lowercase().replace(' ', "-")),
                ..DocumentWords::default()
            },
            active: true,
            ..AgreementWords::default()
        }
    }

    fn terms(&self, owner: &Company) -> Made<Terms> {
        let agreement = |kind: &str, title: String, document: DocumentWords| {
            let words = AgreementWords { document, ..self.words(owner, kind, &title) };
            self.step("agreement", |tx| contracts::create_agreement(tx, &owner.actor(0), &words))
        };
        let text = DocumentWords {
            document_type: "text".to_owned(),
            text: papers::VENDOR_TERMS.to_owned(),
            ..DocumentWords::default()
        };
        let files = &self.services.files;
        let staged = files
            .stage(papers::reseller_terms(owner.name).as_slice(), contracts::MAX_PAPER)
            .map_err(|e| failed("terms", &e.text()))?;
        let (_, paper) = contracts::keep_paper(files, "file", &staged, &format!("{} reseller terms.pdf", owner.name))
            .map_err(|e| failed("terms", &e))?;
        let file =
            DocumentWords { document_type: "uploaded".to_owned(), file: Some(paper), ..DocumentWords::default() };
        Ok(Terms {
            program: agreement("program", format!("{} vendor program", owner.name), text)?.to_string(),
            service: agreement("service", format!("{} reseller terms", owner.name), file)?.to_string(),
        })
    }

    fn distribution(&self, owner: &Company, terms: &Terms, market: Market) -> Made<Market> {
        let words = AgreementWords {
            marketplace: market.marketplace.clone(),
            ..self.words(owner, "distribution", &format!("{} {} distribution", owner.name, market.name))
        };
        let distribution = self
            .step("distribution", |tx| contracts::create_distribution(tx, &owner.actor(0), &terms.program, &words))?
            .to_string();
        Ok(Market { distribution, ..market })
    }

    fn offer(&self, issuer: &Company, agreement: &str, partner: &str, email: &str) -> Made<(String, Secret)> {
        let words = OfferWords {
            message: format!("Welcome, {partner}. Please read the terms and accept them."),
            email: email.to_owned(),
            partner_name: partner.to_owned(),
            ..OfferWords::default()
        };
        let actor = issuer.actor(0);
        let id = self.step("offer", |tx| contracts::offer(tx, &actor, &self.services.secret, agreement, &words))?;
        let contract = self.step("offer's link", |tx| contracts::contract(tx, &actor, id.as_str()))?;
        match contracts::activation_secret(&self.services.secret, &contract) {
            Some(secret) => Ok((id.to_string(), secret)),
            None => Err(StartError(format!("The demo world could not be made: {partner} has no link"))),
        }
    }

    /// A new company that accepts an offer.
    fn partner(
        &self,
        issuer: &Company,
        agreement: &str,
        (name, role): (&'static str, Role),
        (person, email): (&'static str, &'static str),
    ) -> Made<(Company, String)> {
        let (contract, secret) = self.offer(issuer, agreement, name, email)?;
        let at = address(email)?;
        let (user, id) = self.step("acceptance", |tx| {
            let new = NewPerson { name: person, email: &at, password: Some(&self.hash) };
            contracts::accept_as_new_person(tx, &secret, &new, name, &Consent::read(Some(Proof::Password)))
        })?;
        Ok((company(id, name, role, Person { user, name: person, email }), contract))
    }

    /// A company that is there already accepts an offer.
    fn joins(&self, issuer: &Company, agreement: &str, partner: &Company) -> Made<String> {
        let email = partner.people.first().map_or("", |p| p.email);
        let (contract, secret) = self.offer(issuer, agreement, partner.name, email)?;
        self.step("acceptance", |tx| {
            contracts::accept(tx, &partner.actor(0), &secret, &Consent::read(Some(Proof::Password))).map(drop)
        })?;
        Ok(contract)
    }
}

fn company(id: AccountId, name: &'static str, role: Role, person: Person) -> Company {
    Company { id, name, role, people: vec![person] }
}

pub(super) fn address(text: &str) -> Made<Email> {
    Email::parse(text).ok_or_else(|| StartError(format!("The demo world could not be made: {text} is not an address")))
}
