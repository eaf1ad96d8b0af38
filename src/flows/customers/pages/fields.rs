//! The fields by which a company is described: its name, address and contact. For the directory and for orders.

use crate::flows::customers::model::{ContactInfo, Details, Phone};
use crate::kit::Text;
use crate::kit::country::COUNTRIES;
use crate::web::Posted;
use crate::web::form::{Choice, Field, Width};

/// The field with the telephone number.
const PHONE: &str = "contact_info.contact.phone_number.phone_number";

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
        text("contact_info.contact.first_name", "First name of the contact", &info.contact.first_name)
            .hint("Who is asked when something is missing in an order."),
        text("contact_info.contact.last_name", "Last name of the contact", &info.contact.last_name),
        Field::email("contact_info.contact.email", "E-mail of the contact").value(&info.contact.email),
        Field::line(crate::web::form::Line::Phone, PHONE, "Phone of the contact")
            .hint("With the country code first: +49 8382 123456.")
            .optional()
            .value(info.contact.phone_number.line()),
        text("external_id", "Your own number", &some(&details.external_id))
            .hint("The number that this company has in your system.")
            .optional(),
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
