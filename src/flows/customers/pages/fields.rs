//! The fields by which a company is described: its name, address and contact. For the directory and for orders.

use crate::flows::customers::model::{ContactInfo, Details, Kind, Phone};
use askama::Template;

use crate::kit::Text;
use crate::kit::country::{self, COUNTRIES};
use crate::web::Posted;
use crate::web::filters;
use crate::web::form::{Choice, Field, Form, Line, Width};
use crate::web::part::parts;

/// The field with the telephone number.
const PHONE: &str = "contact_info.contact.phone_number.phone_number";

/// A form with the fields of [`company_fields`], laid out in rows, and what else the page asks for after them.
#[derive(Debug, Template)]
#[template(path = "customers/company.html")]
pub struct CompanyForm {
    form: Form,
}

impl CompanyForm {
    /// Lays a form out that has these fields.
    pub fn new(form: Form) -> Self {
        Self { form }
    }

    fn others(&self) -> impl Iterator<Item = &Field> {
        let known = company_fields(&Details::new(Kind::Customer));
        self.form.fields.iter().filter(move |f| known.iter().all(|k| k.name != f.name))
    }
}

parts!(CompanyForm);

/// Where a company is: city and country.
pub fn place(info: &ContactInfo) -> Text {
    let country = country::name(&info.country).unwrap_or(&info.country);
    let text = match (info.city.is_empty(), country.is_empty()) {
        (_, true) => Text::new("{city}"),
        (true, false) => Text::new("{country:word}"),
        (false, false) => Text::new("{city}, {country:word}"),
    };
    text.arg("city", &info.city).arg("country", country)
}

/// The whole address in one line.
pub fn address_line(info: &ContactInfo) -> Text {
    let country = country::name(&info.country).unwrap_or(&info.country);
    let lines = info.lines().join(", ");
    let text = match (lines.is_empty(), country.is_empty()) {
        (_, true) => Text::new("{lines}"),
        (true, false) => Text::new("{country:word}"),
        (false, false) => Text::new("{lines}, {country:word}"),
    };
    text.arg("lines", lines).arg("country", country)
}

/// Every country to choose from.
pub fn countries(chosen: &str) -> Vec<Choice> {
    let mut choices = vec![Choice::new("", "Choose…").selected(chosen.is_empty())];
    let by_name = |(code, name): &(&'static str, &'static str)| {
        Choice::new(*code, Text::new(name)).selected(chosen.eq_ignore_ascii_case(code))
    };
    let mut named: Vec<&(&str, &str)> = COUNTRIES.iter().collect();
    named.sort_by_key(|(_, name)| *name);
    choices.extend(named.into_iter().map(by_name));
    choices
}

/// Name, address and contact of a company.
pub fn company_fields(details: &Details) -> Vec<Field> {
    let info = &details.contact_info;
    let text = |name: &str, label: &'static str, value: &str| Field::text(name, label).value(value);
    let some = |value: &Option<String>| value.clone().unwrap_or_default();
    vec![
        text("name", "Organisation", &details.name).autocomplete("organization"),
        text("contact_info.address_line1", "Street and number", &info.address_line1).autocomplete("address-line1"),
        text("contact_info.address_line2", "More of the address", &info.address_line2)
            .optional()
            .autocomplete("address-line2"),
        text("contact_info.postal_code", "Postal code", &info.postal_code)
            .width(Width::Small)
            .autocomplete("postal-code"),
        text("contact_info.city", "City", &info.city).autocomplete("address-level2"),
        text("contact_info.state", "State or region", &info.state).optional().autocomplete("address-level1"),
        Field::select("contact_info.country", "Country", countries(&info.country)),
        text("contact_info.contact.first_name", "First name", &info.contact.first_name),
        text("contact_info.contact.last_name", "Last name", &info.contact.last_name),
        Field::email("contact_info.contact.email", "E-mail").value(&info.contact.email),
        Field::line(Line::Phone, PHONE, "Phone, with country code").optional().value(info.contact.phone_number.line()),
        text("external_id", "Its number", &some(&details.external_id)).optional(),
        text("tax_id", "Tax number", &some(&details.tax_id)).optional(),
    ]
}

/// What was typed into the fields of [`company_fields`]; everything else stays as `base` has it.
pub fn read_company(posted: &Posted, base: Details) -> Details {
    let text = |name: &str| posted.get(name).to_owned();
    let some = |name: &str| (!posted.get(name).trim().is_empty()).then(|| text(name));
    let old = base.contact_info.contact.phone_number.clone();
    let mut info = ContactInfo {
        address_line1: text("contact_info.address_line1"),
        address_line2: text("contact_info.address_line2"),
        city: text("contact_info.city"),
        state: text("contact_info.state"),
        postal_code: text("contact_info.postal_code"),
        country: text("contact_info.country"),
        ..base.contact_info
    };
    info.contact.first_name = text("contact_info.contact.first_name");
    info.contact.last_name = text("contact_info.contact.last_name");
    info.contact.email = text("contact_info.contact.email");
    // A number that was not touched keeps its parts.
    let typed = posted.get(PHONE).trim();
    info.contact.phone_number = if typed == old.line() { old } else { Phone::read(typed) };
    Details { name: text("name"), external_id: some("external_id"), tax_id: some("tax_id"), contact_info: info, ..base }
}
