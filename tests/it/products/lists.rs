//! What lists of products and their parts can be asked, and what they cost.

use serde_json::json;

use super::world::Shop;

#[test]
fn products_are_found_as_clients_look_for_them() {
    let shop = Shop::open();
    let (one, two) = (shop.published("Halden Backup"), shop.draft("Halden Mail"));
    let ids = |who: &support::Api, query: &str| -> Vec<String> {
        let found = who.get(&format!("products?{query}")).expect(200).json();
        found.as_array().unwrap().iter().map(|p| p["id"].as_str().unwrap().to_owned()).collect()
    };
    let (maker, seller) = (shop.maker(), shop.seller());
    assert_eq!(ids(&maker, "and(eq(visibility.owner,true),eq(version,null()))"), [two.clone(), one.clone()]);
    assert_eq!(ids(&maker, "eq(status,draft)"), std::slice::from_ref(&two));
    assert_eq!(ids(&maker, "ilike(name,*MAIL*)"), std::slice::from_ref(&two));
    assert_eq!(ids(&maker, "search=backup"), std::slice::from_ref(&one));
    assert_eq!(ids(&maker, "eq(category.id,CAT-59128)&ordering(-name)"), std::slice::from_ref(&one));
    assert_eq!(ids(&seller, ""), std::slice::from_ref(&one));
    assert_eq!(ids(&seller, "eq(version,1)"), std::slice::from_ref(&one));
    assert_eq!(ids(&seller, "eq(version,null())"), [""; 0]);
    assert_eq!(ids(&seller, "or(eq(visibility.listing,true),eq(visibility.syndication,true))"), [""; 0]);
    assert_eq!(ids(&seller, &format!("eq(owner.id,{})&in(id,({one},{two}))", shop.vendor.id)), [one]);
    let categories = maker.get("categories?limit=100&offset=0").expect(200);
    assert_eq!(categories.header("content-range"), "items 0-13/14");
    let finance = maker.get("categories/CAT-55878").expect(200).json();
    assert_eq!(
        (finance["name"].clone(), finance["parent"]["name"].clone()),
        (json!("Finance"), json!("Cloud Services"))
    );
}

mod support {
    pub use crate::support::client::Api;
}
