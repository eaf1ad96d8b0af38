//! What waits, and what things are called.

use crate::kit::{Role, Text};

/// What names an object: of what it has, the rest is none.
#[derive(Debug, Clone, Copy, Default)]
pub struct Named<'a> {
    /// What a request asks for.
    pub wish: Option<&'a str>,
    /// Its own name.
    pub name: Option<&'a str>,
    /// The product.
    pub product: Option<&'a str>,
    /// The customer.
    pub customer: Option<&'a str>,
    /// The marketplace.
    pub marketplace: Option<&'a str>,
    /// The other company.
    pub partner: Option<&'a str>,
}

/// What is to be done with `number` objects of a kind in a status, for a company of a role.
#[must_use]
pub fn to_do(kind: &str, status: &str, role: Role, number: i64) -> Text {
    let key = match (kind, status) {
        ("request", "pending") => "{count|One request to decide|{count} requests to decide}",
        ("request", "revoking") => "{count|One request is wanted back|{count} requests are wanted back}",
        ("request", "inquiring") => "{count|One order to correct|{count} orders to correct}",
        ("request", "draft") => "{count|One draft to complete|{count} drafts to complete}",
        ("request", _) => "{count|One request to look at|{count} requests to look at}",
        ("usage_file", "draft") => "{count|One usage file to fill|{count} usage files to fill}",
        ("usage_file", "invalid") => "{count|One usage file to correct|{count} usage files to correct}",
        ("usage_file", "ready") => "{count|One usage file to submit|{count} usage files to submit}",
        ("usage_file", "rejected") => "{count|One usage file was sent back|{count} usage files were sent back}",
        ("usage_file", "pending") => "{count|One usage file to review|{count} usage files to review}",
        ("usage_file", "accepted") => "{count|One usage file to close|{count} usage files to close}",
        ("contract", "pending") if role == Role::Distributor => {
            "{count|One contract to approve|{count} contracts to approve}"
        }
        ("contract", "pending") => "{count|One contract to sign|{count} contracts to sign}",
        ("contract", "active") => {
            "{count|One new version of an agreement|{count} new versions of agreements} to accept"
        }
        ("contract", _) => "{count|One enrolment to finish|{count} enrolments to finish}",
        ("listing_request", "draft") => "{count|One listing request to complete|{count} listing requests to complete}",
        ("listing_request", "reviewing") => "{count|One listing to review|{count} listings to review}",
        ("listing_request", _) => "{count|One listing to put on sale|{count} listings to put on sale}",
        _ => "{count|One thing to look at|{count} things to look at}",
    };
    Text::new(key).arg("count", number)
}

/// What a request does, as a noun.
fn deed(wish: &str) -> &'static str {
    match wish {
        "purchase" => "Purchase",
        "change" => "Change",
        "suspend" => "Suspension",
        "resume" => "Resumption",
        "cancel" => "Cancellation",
        "adjustment" => "Adjustment",
        "renew" => "Renewal",
        "transfer" => "Transfer",
        _ => "Request",
    }
}

/// What people call an object; its id if nothing is known of it.
#[must_use]
pub fn title(kind: &str, id: &str, named: &Named<'_>) -> Text {
    let Named { wish, name, product, customer, marketplace, partner } = *named;
    match (kind, name, product, customer, marketplace, partner) {
        ("request", _, Some(product), Some(customer), ..) => Text::new("{deed:word} of {product} for {customer}")
            .arg("deed", deed(wish.unwrap_or_default()))
            .arg("product", product)
            .arg("customer", customer),
        ("asset", _, Some(product), Some(customer), ..) => {
            Text::new("{product} for {customer}").arg("product", product).arg("customer", customer)
        }
        ("listing" | "listing_request", _, Some(product), _, Some(marketplace), _) => {
            let key = match wish {
                Some("update") => "Update of {product} on {marketplace}",
                Some("remove") => "Removal of {product} from {marketplace}",
                _ => "{product} on {marketplace}",
            };
            Text::new(key).arg("product", product).arg("marketplace", marketplace)
        }
        ("contract" | "usage_file", Some(name), .., Some(partner)) => {
            Text::new("{name}, {partner}").arg("name", name).arg("partner", partner)
        }
        (_, Some(name), ..) => Text::data(name),
        _ => Text::data(id),
    }
}

/// What people call an object beside a sentence that says the rest.
#[must_use]
pub fn short_title(kind: &str, id: &str, named: &Named<'_>) -> Text {
    match (kind, named.customer) {
        ("request", Some(customer)) => Text::new("{deed:word} for {customer}")
            .arg("deed", deed(named.wish.unwrap_or_default()))
            .arg("customer", customer),
        _ => title(kind, id, named),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_said_in_words_of_the_role() {
        let words = |kind, status, role, number| to_do(kind, status, role, number).to_string();
        assert_eq!(words("request", "pending", Role::Vendor, 12), "12 requests to decide");
        assert_eq!(words("contract", "pending", Role::Vendor, 1), "One contract to sign");
        assert_eq!(words("contract", "pending", Role::Distributor, 1), "One contract to approve");
        assert_eq!(words("new_kind", "new", Role::Reseller, 2), "2 things to look at");
    }

    #[test]
    fn things_are_called_by_what_they_are_about() {
        let order =
            Named { wish: Some("suspend"), product: Some("Backup"), customer: Some("Krämer"), ..Named::default() };
        assert_eq!(title("request", "PR-1", &order).to_string(), "Suspension of Backup for Krämer");
        assert_eq!(short_title("request", "PR-1", &order).to_string(), "Suspension for Krämer");
        let place = Named { product: Some("Backup"), marketplace: Some("DACH"), ..Named::default() };
        assert_eq!(title("listing", "LST-1", &place).to_string(), "Backup on DACH");
        let contract = Named { name: Some("Terms"), partner: Some("Northgate"), ..Named::default() };
        assert_eq!(title("contract", "CRP-1", &contract).to_string(), "Terms, Northgate");
        assert_eq!(title("contract", "CRP-1", &Named::default()).to_string(), "CRP-1");
    }
}
