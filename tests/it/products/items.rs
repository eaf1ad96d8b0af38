//! Items.

use serde_json::json;

use super::world::{Shop, metered, seat};
use crate::partners::world::{id, refused};

#[test]
fn items_are_made_as_clients_make_them() {
    let shop = Shop::open();
    let product = shop.ready("Cloud Backup");
    let items = format!("products/{product}/items");
    let made = shop.maker().post(&items, &seat("SEAT-Y", "Seats for a year")).expect(201).json();
    assert_eq!(made["id"], format!("{product}-0003"));
    assert_eq!(made["local_id"], format!("{product}-0003").replace('-', "_"));
    assert_eq!((made["type"].clone(), made["status"].clone()), (json!("reservation"), json!("draft")));
    assert_eq!(made["commitment"], json!({ "multiplier": "billing_period", "count": 12 }));
    assert_eq!(made["unit"], json!({ "id": "licenses", "name": "Licenses", "title": "Licenses", "unit": "unit" }));
    let list = shop.maker().get(&items).expect(200).json();
    let positions: Vec<i64> = list.as_array().unwrap().iter().filter_map(|i| i["position"].as_i64()).collect();
    assert_eq!(positions, [10_000, 20_000, 30_000]);

    let ids = |query: &str| -> Vec<String> {
        let found = shop.maker().get(&format!("{items}?{query}")).expect(200).json();
        found.as_array().unwrap().iter().map(|i| i["mpn"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids("eq(mpn,GB)&limit=1&offset=0"), ["GB"]);
    assert_eq!(ids("eq(mpn,none)&limit=1&offset=0"), [""; 0]);
    assert_eq!(ids("in(type,(Reservation,PPU))&eq(dynamic,false)&in(status,(draft))"), ["SEAT", "GB", "SEAT-Y"]);
    assert_eq!(ids("eq(type,PPU)&eq(period,Monthly)"), ["GB"]);
    assert_eq!(ids("like(name,*year)"), ["SEAT-Y"]);
    let count = shop.maker().get(&format!("{items}?limit=0&offset=0")).expect(200);
    assert_eq!((count.header("content-range"), count.json()), ("items 0-0/3", json!([])));

    for (body, words) in [
        (seat("SEAT", "Other"), "mpn: Item with same mpn already exists for the product."),
        (seat("OTHER", "seats"), "name: Item with same name already exists for the product."),
        (json!({ "name": "x" }), "mpn: This field is required."),
        (
            json!({ "mpn": "x", "name": "x", "description": "x", "unit": { "id": "nothing" } }),
            "unit: There is no unit nothing.",
        ),
        (
            json!({ "mpn": "x", "name": "x", "description": "x", "unit": { "id": "unith" } }),
            "unit: The unit Unit*H is for ppu items.",
        ),
        (
            json!({ "mpn": "x", "name": "x", "description": "x", "unit": "licenses", "type": "thing" }),
            "type: thing is not one of",
        ),
        (
            json!({ "mpn": "x", "name": "x", "description": "x", "unit": "licenses", "period": "years_2", "commitment": { "count": 3 } }),
            "commitment: ",
        ),
    ] {
        let said = refused(shop.maker().post(&items, &body), 400);
        assert!(said.starts_with(words), "{body}: {said}");
    }
}

#[test]
fn published_items_keep_what_they_are_charged_by() {
    let shop = Shop::open();
    let product = shop.published("Cloud Backup");
    let item = format!("products/{product}/items/{product}-0001");
    let words =
        json!({ "name": "Seats and more", "mpn": "SEAT-2", "description": "New", "ui": { "visibility": false } });
    let changed = shop.maker().put(&item, &words).expect(200).json();
    assert_eq!((changed["status"].clone(), changed["ui_visibility"].clone()), (json!("published"), json!(false)));
    for body in
        [json!({ "period": "yearly" }), json!({ "commitment": { "count": 1 } }), json!({ "unit": { "id": "users" } })]
    {
        let said = refused(shop.maker().put(&item, &body), 400);
        assert!(said.contains("the item was published"), "{body}: {said}");
    }
    let gone = shop.maker().delete(&item).expect(400).json();
    assert_eq!(
        (gone["error_code"].clone(), gone["errors"].clone()),
        (json!("PRD_038"), json!(["Only draft Item can be deleted."]))
    );
    let ended =
        shop.maker().post(&format!("{item}/endsale"), &json!({ "replacement": { "id": format!("{product}-0002") } }));
    let ended = ended.expect(200).json();
    assert_eq!(
        (ended["status"].clone(), ended["replacement"]["name"].clone()),
        (json!("endofsale"), json!("Gigabytes"))
    );
    // The end of a sale counts at once, for every reader; the new name waits for the next version.
    let seen = shop.seller().get(&item).expect(200).json();
    assert_eq!((seen["status"].clone(), seen["name"].clone()), (json!("endofsale"), json!("Seats")));
    refused(shop.maker().post(&format!("{item}/endsale"), &json!({})), 400);
    shop.maker().post(&format!("{item}/resumesale"), &json!({})).expect(200);
    let draft = id(&shop.maker().post(&format!("products/{product}/items"), &metered("TB", "Terabytes")).expect(201));
    shop.maker().delete(&format!("products/{product}/items/{draft}")).expect(204);
    let next = id(&shop.maker().post(&format!("products/{product}/items"), &metered("TB", "Terabytes")).expect(201));
    assert_ne!(next, draft, "a number is given once");
}

#[test]
fn items_belong_to_their_product() {
    let shop = Shop::open();
    let (one, two) = (shop.ready("One"), shop.ready("Two"));
    shop.maker().get(&format!("products/{one}/items/{two}-0001")).expect(404);
    refused(shop.maker().put(&format!("products/{one}/items/{two}-0001"), &json!({ "name": "x" })), 404);
    let parent = json!({ "parent": { "id": format!("{two}-0001") } });
    assert!(
        refused(shop.maker().put(&format!("products/{one}/items/{one}-0001"), &parent), 400).starts_with("parent: ")
    );
    let parent = json!({ "parent": { "id": format!("{one}-0002") } });
    let child = shop.maker().put(&format!("products/{one}/items/{one}-0001"), &parent).expect(200).json();
    assert_eq!((child["parent"]["name"].clone(), child["depth"].clone()), (json!("Gigabytes"), json!(1)));
}

#[test]
fn units_are_shared_or_of_one_company() {
    let shop = Shop::open();
    let body = json!({ "description": "Barrels", "type": "ppu", "unit": "unit-h" });
    let made = shop.maker().post("settings/units", &body).expect(201).json();
    assert!(made["id"].as_str().unwrap().starts_with("CU-") && made["owner"]["id"] == shop.vendor.id.to_string());
    refused(shop.maker().post("settings/units", &body), 409);
    let all = shop.maker().get("settings/units?limit=100&offset=0").expect(200);
    assert_eq!(all.header("content-range"), "items 0-36/37");
    let licenses = all.json().as_array().unwrap().iter().find(|u| u["id"] == "licenses").cloned().unwrap();
    assert_eq!(
        licenses,
        json!({ "id": "licenses", "unit": "unit", "description": "Licenses", "type": "reservation", "cumulative": true })
    );
    assert_eq!(shop.seller().get("settings/units?limit=1").expect(200).header("content-range"), "items 0-0/36");
    let product = shop.ready("Barrels");
    let item = json!({ "mpn": "B", "name": "B", "description": "B", "type": "ppu", "unit": { "id": made["id"] } });
    shop.maker().post(&format!("products/{product}/items"), &item).expect(201);
}
