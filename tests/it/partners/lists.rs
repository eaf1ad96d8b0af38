//! What the lists of hubs, marketplaces, agreements and contracts can be asked.

use serde_json::{Value, json};

use super::world::World;
use crate::support::companies;

#[test]
fn contracts_are_found_by_what_they_connect() {
    let world = World::new();
    let api = world.api();
    let market = world.marketplace("Nordics");
    let (program, service) = (world.agreement("program"), world.agreement("service"));
    let distribution = world.distribution(&program, &market, true);
    let (vendor, crp) = world.partner(&program, "Maker");
    let (reseller, crs) = world.partner(&service, "Shop");
    world.offered(&program, "Waiting");
    let ids = |query: &str| -> Vec<String> {
        let found = api.get(&format!("contracts?{query}")).expect(200).json();
        found.as_array().expect("a list").iter().filter_map(|c| c["id"].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(ids("").len(), 4);
    assert_eq!(ids("eq(type,service)"), std::slice::from_ref(&crs));
    assert_eq!(ids(&format!("eq(owner.id,{})&eq(type,program)", vendor.id)), std::slice::from_ref(&crp));
    assert_eq!(ids("in(status,(Active,pending))&in(type,(program,service))&ordering(-status)").len(), 3);
    assert_eq!(ids(&format!("eq(agreement.id,{distribution})&eq(marketplace.id,{market})")).len(), 1);
    assert_eq!(ids("like(owner.name,*ait*)").len(), 1);
    assert_eq!(ids("search=shop"), std::slice::from_ref(&crs));
    assert_eq!(ids("eq(agreement.colour,red)").len(), 4, "an unknown filter filters nothing");
    assert_eq!(ids("eq(agreement.sourcing_agreement.id,AGS-1)"), [""; 0], "none has one");
    assert_eq!(ids("eq(sourcing.product.id,null())&eq(type,service)"), std::slice::from_ref(&crs));
    let counted = api.get("contracts?eq(kind,production)&limit=0").expect(200);
    assert_eq!((counted.header("content-range"), counted.json()), ("items 0-0/4", json!([])));

    let titles = |who: &companies::Company, query: &str| -> Vec<Value> {
        let found = who.api(&world.server).get(&format!("agreements?{query}")).expect(200).json();
        found.as_array().expect("a list").iter().map(|a| a["id"].clone()).collect()
    };
    assert_eq!(titles(&vendor, "ordering(title)"), [json!(distribution), json!(program)]);
    assert_eq!(titles(&reseller, ""), [json!(service)]);
    assert_eq!(titles(&world.distributor, &format!("eq(marketplace__id,{market})&active=true")), [json!(distribution)]);

    let partners = api.get(&format!("agreements/{program}/partners?ordering(name)")).expect(200).json();
    assert_eq!((partners[0]["name"].clone(), partners[0]["contract"]["id"].clone()), (json!("Maker"), json!(crp)));
    assert_eq!(partners[1]["contract"]["status"], "pending");
    let signed = api.get(&format!("agreements/{program}/partners?ge(events.signed.at,2020-01-01)")).expect(200).json();
    assert_eq!((signed.as_array().map(Vec::len), &signed[0]["name"]), (Some(1), &json!("Maker")));
}
