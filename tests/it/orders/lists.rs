//! Lists: what clients filter by, and what they find.

use causeway::db::list;
use causeway::flows::customers::actions::TIER_ACCOUNTS;
use causeway::flows::orders::actions::{ASSETS, REQUESTS};

use crate::support::companies;

use super::world::{World, text};

#[test]
fn clients_find_what_they_ask_for() {
    let world = World::new();
    let first = world.purchased("u1");
    world.approved(&text(&first, "id"));
    let second = world.purchased("u2");
    let (product, customer) = (&world.product, text(&second, "asset.tiers.customer.id"));
    let seller = world.seller();
    let count = |path: &str, total: usize| {
        let range = seller.get(path).expect(200).header("content-range").rsplit('/').next().unwrap().to_owned();
        assert_eq!(range, total.to_string(), "{path}");
    };
    for (query, total) in [
        (format!("in(asset.product.id,({product}))&eq(status,pending)&limit=1000"), 1),
        (format!("asset__product__id={product}&status=approved"), 1),
        (format!("product_id={product}"), 2),
        (format!("asset_id={}", text(&first, "asset.id")), 1),
        (format!("eq(asset.tiers.customer.id,{customer})"), 1),
        (format!("asset.account_id={customer}"), 1),
        (format!("eq(asset.tiers.tier2,{customer})"), 0),
        ("eq(sli.zone,0)&ordering(sli.days)".into(), 2),
        ("gt(sli.days,0)".into(), 0),
        ("eq(asset.params.id,tenant_id)&like(asset.params.value,tenant-*)".into(), 1),
        ("and(eq(asset.params.id,region),eq(asset.params.value,eu))".into(), 2),
        ("in(type,(purchase,change)),in(status,(tiers_setup,inquiring))".into(), 0),
        ("ilike(asset.tiers.customer.name,*stadt*)&ordering(-created,asset.product.name)".into(), 2),
        ("eq(waiting,true)".into(), 1),
        ("search=ext-u2".into(), 1),
        ("eq(contract__id__exact,CRD-1-1-1)".into(), 0),
    ] {
        count(&format!("requests?{query}"), total);
    }
    for (query, total) in [
        (format!("eq(product.id,{product})&eq(status,active)"), 1),
        ("eq(external_uid,u2)".into(), 1),
        (format!("eq(tiers.customer.id,{customer})"), 1),
        ("eq(params.id,region)&eq(params.value,eu)".into(), 2),
        (format!("eq(connection.hub.id,{})&eq(connection.type,production)", world.hub), 2),
    ] {
        count(&format!("assets?{query}"), total);
    }
    for (query, total) in [
        ("eq(scopes,customer)", 2),
        ("eq(scopes,customer)&eq(db,EU)&ordering(db)", 2),
        ("eq(db,US)", 0),
        ("eq(scopes,tier1)&eq(type,reseller)", 1),
        ("eq(external_id,X-u1)&limit=0&offset=0", 1),
        ("in(contact_info.contact.email,(eva@u1.example))", 1),
    ] {
        count(&format!("tier/accounts?{query}"), total);
    }
    let light = seller
        .get("requests?select(-asset.items,-asset.params,-asset.configuration,-activation_key,-template)")
        .expect(200)
        .json();
    assert!(
        light[0]["asset"].get("items").is_none()
            && light[0].get("activation_key").is_none()
            && light[0]["asset"]["tiers"].is_object()
    );
    let shown =
        seller.get(&format!("assets?select(+pending_request)&eq(id,{})", text(&second, "asset.id"))).expect(200).json();
    assert_eq!(text(&shown, "0.pending_request.id"), text(&second, "id"));
    assert!(seller.get("assets").expect(200).json()[0].get("pending_request").is_none());
}

#[test]
fn a_page_of_a_list_needs_few_statements() {
    let world = World::new();
    (0..6).for_each(|n| drop(world.purchased(&format!("u{n}"))));
    let actor = world.vendor.system();
    let db = companies::database(&world.server);
    let statements = |work: &dyn Fn(&mut causeway::db::Tx<'_>, &[String]) -> causeway::db::Result<usize>,
                      kind: &'static list::Collection| {
        db.read(|tx| {
            let query = causeway::rql::parse("limit=25").unwrap();
            let page = list::page(tx.conn(), kind, Some(world.vendor.id.as_str()), &query, &list::Rules::API)?;
            let before = causeway::db::statements();
            let rows = work(tx, &page.ids)?;
            assert_eq!(rows, page.ids.len());
            Ok(causeway::db::statements() - before)
        })
        .unwrap()
    };
    use causeway::flows::{customers, orders};
    assert_eq!(statements(&|tx, ids| Ok(orders::actions::requests(tx, &actor, ids)?.len()), &REQUESTS), 1);
    assert_eq!(statements(&|tx, ids| Ok(orders::actions::assets(tx, &actor, ids)?.len()), &ASSETS), 2);
    assert_eq!(statements(&|tx, ids| Ok(customers::actions::accounts(tx, &actor, ids)?.len()), &TIER_ACCOUNTS), 1);
}
