//! Customers of the demo world, in the directories of the distributors.

use super::companies::Companies;
use super::{Company, DAY, Demo, Made};
use crate::flows::customers::actions as customers;
use crate::flows::customers::model::{Contact, ContactInfo, Details, Kind, Phone};
use crate::kit::TierAccountId;

/// Who sells to a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Through {
    /// A reseller of Northgate.
    Alpina,
    /// Northgate itself.
    Northgate,
    /// A reseller of Firth Supply.
    Fjord,
    /// Firth Supply itself.
    Firth,
}

/// A customer: name, domain, street, postal code, city, country, person, telephone country code, who sells to it.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    (&'static str, &'static str),
    &'static str,
    Through,
);

const ROWS: &[Row] = &[
    (
        "Krämer Logistik GmbH",
        "kraemer-logistik",
        "Hafenstraße 41",
        "28195",
        "Bremen",
        "DE",
        ("Ute", "Krämer"),
        "+49",
        Through::Alpina,
    ),
    (
        "Stadtwerke Lindau GmbH",
        "stadtwerke-lindau",
        "Auenstraße 12",
        "88131",
        "Lindau",
        "DE",
        ("Eva", "Kern"),
        "+49",
        Through::Alpina,
    ),
    (
        "Hotel Bellevue Montreux SA",
        "bellevue-montreux",
        "Quai des Fleurs 8",
        "1820",
        "Montreux",
        "CH",
        ("Luc", "Favre"),
        "+41",
        Through::Alpina,
    ),
    (
        "Gletscherblick Reisen AG",
        "gletscherblick",
        "Talstrasse 3",
        "7270",
        "Davos",
        "CH",
        ("Reto", "Caflisch"),
        "+41",
        Through::Alpina,
    ),
    (
        "Huber & Söhne KG",
        "huber-soehne",
        "Murgasse 19",
        "8010",
        "Graz",
        "AT",
        ("Maria", "Huber"),
        "+43",
        Through::Alpina,
    ),
    (
        "Fratelli Rossi S.p.A.",
        "fratelli-rossi",
        "Via Nassa 22",
        "6900",
        "Lugano",
        "CH",
        ("Paolo", "Rossi"),
        "+41",
        Through::Northgate,
    ),
    (
        "Van Dijk Bouwgroep BV",
        "vandijk-bouw",
        "Croeselaan 100",
        "3521 CA",
        "Utrecht",
        "NL",
        ("Anouk", "van Dijk"),
        "+31",
        Through::Northgate,
    ),
    (
        "Kempen Transport BV",
        "kempen-transport",
        "Stationsplein 5",
        "5611 AC",
        "Eindhoven",
        "NL",
        ("Joris", "Smeets"),
        "+31",
        Through::Northgate,
    ),
    (
        "Ateliers Dumont SARL",
        "ateliers-dumont",
        "Rue du Fossé 7",
        "1536",
        "Luxembourg",
        "LU",
        ("Claire", "Dumont"),
        "+352",
        Through::Northgate,
    ),
    (
        "Oslo Havn Rederi AS",
        "oslo-havn",
        "Skippergata 31",
        "0154",
        "Oslo",
        "NO",
        ("Henrik", "Moe"),
        "+47",
        Through::Fjord,
    ),
    (
        "Nordlys Klinikk AS",
        "nordlys-klinikk",
        "Storgata 60",
        "9008",
        "Tromsø",
        "NO",
        ("Ingrid", "Lie"),
        "+47",
        Through::Fjord,
    ),
    (
        "Solvik Seafood AS",
        "solvik-seafood",
        "Bryggen 14",
        "5003",
        "Bergen",
        "NO",
        ("Knut", "Solvik"),
        "+47",
        Through::Fjord,
    ),
    ("Mälar Bygg AB", "malar-bygg", "Hamngatan 9", "722 12", "Västerås", "SE", ("Karin", "Ek"), "+46", Through::Firth),
    (
        "Aarhus Kaffe ApS",
        "aarhus-kaffe",
        "Åboulevarden 70",
        "8000",
        "Aarhus",
        "DK",
        ("Mads", "Holm"),
        "+45",
        Through::Firth,
    ),
];

/// A customer of the directory.
pub(super) struct Customer {
    pub id: TierAccountId,
    pub domain: &'static str,
    pub through: Through,
}

impl Demo<'_> {
    pub(super) fn customers(&self, companies: &Companies) -> Made<Vec<Customer>> {
        self.go(self.ago(432 * DAY));
        let mut made = vec![];
        for (number, row) in ROWS.iter().enumerate() {
            let (name, domain, street, code, city, country, (first, last), dial, through) = *row;
            let (owner, reseller) = match through {
                Through::Alpina => (&companies.northgate, Some(&companies.alpina)),
                Through::Northgate => (&companies.northgate, None),
                Through::Fjord => (&companies.firth, Some(&companies.fjord)),
                Through::Firth => (&companies.firth, None),
            };
            let details = Details {
                name: name.to_owned(),
                external_id: Some(format!("C-{}", 10_400 + number * 7)),
                tax_id: Some(format!("{country}{}", 810_233_000 + number * 4_711)),
                contact_info: ContactInfo {
                    address_line1: street.to_owned(),
                    city: city.to_owned(),
                    postal_code: code.to_owned(),
                    country: country.to_owned(),
                    contact: Contact {
                        first_name: first.to_owned(),
                        last_name: last.to_owned(),
                        email: format!("it@{domain}.example"),
                        phone_number: Phone {
                            country_code: dial.to_owned(),
                            area_code: (20 + number).to_string(),
                            phone_number: (550_100 + number * 37).to_string(),
                            extension: String::new(),
                        },
                    },
                    ..ContactInfo::default()
                },
                ..Details::new(Kind::Customer)
            };
            let id = self.customer(owner, reseller, details)?;
            made.push(Customer { id, domain, through });
        }
        Ok(made)
    }

    fn customer(&self, owner: &Company, reseller: Option<&Company>, details: Details) -> Made<TierAccountId> {
        let by = owner.actor(1);
        self.step("customer", |tx| {
            let parent = match reseller {
                Some(company) => Some(customers::portal_reseller(tx, &by, &owner.id, &company.id)?.id),
                None => None,
            };
            Ok(customers::create(tx, &by, Details { parent, ..details.clone() }, "")?.id)
        })
    }
}
