//! Tests of `model.rs`.

use super::*;

fn words() -> MarketplaceWords {
    MarketplaceWords {
        name: "Nordics".into(),
        currency: "sek".into(),
        countries: vec!["se".into(), "NO".into(), "SE".into()],
        hubs: vec![("HB-1111-2222".into(), "1".into())],
        ..MarketplaceWords::default()
    }
}

fn wrong(words: &MarketplaceWords) -> Vec<String> {
    let mut problems = Problems::default();
    words.check(&mut problems);
    problems.done().err().map(|r| r.problems.into_iter().map(|p| p.field).collect()).unwrap_or_default()
}

#[test]
fn a_good_marketplace_is_put_in_order() {
    let good = words().check(&mut Problems::default()).unwrap();
    assert_eq!(good.currency, "SEK");
    assert_eq!(good.details.countries, ["SE", "NO"]);
    assert_eq!(good.hubs.len(), 1);
}

#[test]
fn every_wrong_field_is_named() {
    let attribute = |id: &str| Attribute { id: id.into(), name: "x".into(), description: String::new() };
    let bad = MarketplaceWords {
        name: " ".into(),
        currency: "euros".into(),
        alt_currencies: [String::new(), "X".into()],
        zone: "XX".into(),
        countries: vec!["Sweden".into()],
        hubs: vec![("HB-1".into(), String::new()), ("hub".into(), "1".into()), ("HB-1".into(), "2".into())],
        attributes: vec![attribute("a"), attribute("a")],
        ..MarketplaceWords::default()
    };
    assert_eq!(
        wrong(&bad),
        [
            "name",
            "currency",
            "zone",
            "countries",
            "alt_currency_2",
            "attributes.1.id",
            "hubs.0.external_id",
            "hubs.1.hub.id",
            "hubs.2.hub.id"
        ]
    );
    assert_eq!(wrong(&words()), Vec::<String>::new());
}

#[test]
fn a_hub_needs_name_instance_and_type() {
    let mut problems = Problems::default();
    assert!(HubWords::default().check(&mut problems).is_none());
    let fields: Vec<String> = problems.done().unwrap_err().problems.into_iter().map(|p| p.field).collect();
    assert_eq!(fields, ["name", "instance_id", "instance_type"]);
    let words = HubWords {
        name: "Live".into(),
        instance_id: "x".into(),
        instance_type: "api".into(),
        description: String::new(),
    };
    assert_eq!(words.check(&mut Problems::default()).map(|h| h.instance_type), Some(InstanceType::Api));
}
