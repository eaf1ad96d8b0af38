//! The directory of partners: who is in it, what it shows, and what it costs.

use causeway::db::AnyConn;
use causeway::db::list::{self, Rules};
use causeway::flows::contracts::model::Consent;
use causeway::flows::partners::actions::PARTNERS;
use causeway::kit::Role;
use causeway::rql;
use diesel::connection::SimpleConnection;
use serde_json::json;

use crate::orders::world as orders;
use crate::partners::world::World;
use crate::support::companies::{Company, database};
use crate::support::page::Page;

fn ids(page: Page) -> Vec<String> {
    let list = page.expect(200).json();
    list.as_array().expect("a list").iter().map(|p| p["id"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn partners_are_those_with_a_contract_that_has_not_ended_on_both_sides() {
    let world = World::new();
    let (program, service) = (world.agreement("program"), world.agreement("service"));
    let api = world.api();
    assert!(ids(api.get("partners")).is_empty());
    let client = world.distributor.browser(&world.server);
    let at = |path: &str| format!("/{}{path}", world.distributor.id);
    client.open(&at("/partners")).must_say("No partners yet").must_say("Invite partner");

    let (vendor, contract) = world.partner(&program, "Halden");
    let (reseller, _) = world.partner(&service, "Alpina");
    let invited = world.offered(&program, "Quay");
    let quay = invited["partner"]["id"].as_str().expect("an id").to_owned();
    let stranger = Company::new(&world.server, "Elsewhere", Role::Vendor);
    assert_eq!(ids(api.get("partners")), [reseller.id.as_str(), vendor.id.as_str(), &quay]);
    assert_eq!(ids(api.get("partners?status=invited")), [quay.as_str()]);
    assert_eq!(ids(api.get("partners?role=reseller")), [reseller.id.as_str()]);
    assert_eq!(ids(api.get("partners?eq(type,vendor)&ordering(-name)")), [quay.as_str(), vendor.id.as_str()]);
    assert_eq!(ids(api.get("partners?search=hald")), [vendor.id.as_str()]);
    assert_eq!(ids(api.get("partners?ge(stats.contracts.service,1)")), [reseller.id.as_str()]);
    assert_eq!(ids(api.get("partners?eq(stats.contracts.program,1)&ordering(name)")), [vendor.id.as_str(), &quay]);
    // The other side sees the distributor, and nobody else.
    for partner in [&vendor, &reseller] {
        let theirs = partner.api(&world.server);
        assert_eq!(ids(theirs.get("partners")), [world.distributor.id.as_str()]);
        theirs.get(&format!("partners/{}", world.distributor.id)).expect(200);
        theirs.get(&format!("partners/{quay}")).expect(404);
        theirs.get(&format!("partners/{}", partner.id)).expect(404);
        partner.browser(&world.server).open(&format!("/{}/partners", partner.id)).must_say("Northgate");
    }
    assert!(ids(stranger.api(&world.server).get("partners")).is_empty());
    for nobody in [stranger.id.as_str(), world.distributor.id.as_str(), "VA-999-999", "x' or '1'='1"] {
        api.get(&format!("partners/{nobody}")).expect(404);
        api.get(&format!("partners/{nobody}/products")).expect(404);
    }
    client.get(&at(&format!("/partners/{}", stranger.id))).expect(404);
    client.get(&at(&format!("/partners/{}/contracts", stranger.id))).expect(404);

    // It leaves the directory with its contract, whoever looks.
    api.post(&format!("contracts/{contract}/terminate"), &json!({})).expect(200);
    assert_eq!(ids(api.get("partners")), [reseller.id.as_str(), &quay]);
    assert!(ids(vendor.api(&world.server).get("partners")).is_empty());
    client.get(&at(&format!("/partners/{}", vendor.id))).expect(404);
    let pending = invited["id"].as_str().expect("an id");
    api.delete(&format!("contracts/{pending}")).expect(204);
    assert_eq!(ids(api.get("partners")), [reseller.id.as_str()]);
    // A new contract brings it back.
    let known =
        json!({ "kind": "production", "activation": { "message": "Again" }, "partner": { "id": vendor.id.as_str() } });
    api.post(&format!("agreements/{program}/contracts"), &known).expect(201);
    assert_eq!(ids(api.get("partners?status=active&role=vendor")), [vendor.id.as_str()]);
}

#[test]
fn a_partner_shows_what_it_tells_and_what_lies_between() {
    let world = orders::World::new();
    let (seller, buyer) = (world.seller(), world.buyer());
    let told = json!({ "description": "We make backups.", "overview": "## Backups", "headquarters": "Halden",
        "countries": ["NO"], "websites": ["https://halden.example/"], "industries": [{ "id": "IND-10" }], "external_id": "secret" });
    seller.put(&format!("accounts/{}", world.vendor.id), &told).expect(200);
    let partner = buyer.get(&format!("partners/{}", world.vendor.id)).expect(200).json();
    assert_eq!(
        (partner["description"].clone(), partner["countries"].clone()),
        (json!("We make backups."), json!(["NO"]))
    );
    let contracts = &partner["stats"]["contracts"];
    assert_eq!((contracts["program"].clone(), partner["stats"]["listings"].clone()), (json!(1), json!(1)));
    assert!(contracts["distribution"].as_i64() >= Some(1), "{contracts}");
    assert!(!partner.to_string().contains("secret"), "the owner's own number is nobody else's");
    let there = seller.get(&format!("partners/{}", world.distributor.id)).expect(200).json();
    assert_eq!(there["stats"], partner["stats"], "both count the same");
    let products = buyer.get(&format!("partners/{}/products", world.vendor.id)).expect(200).json();
    assert!(products.as_array().expect("a list").iter().any(|p| p["id"] == json!(world.product)), "{products}");
    buyer.get(&format!("partners/{}/products/{}", world.vendor.id, world.product)).expect(200);
    buyer.get(&format!("partners/{}/products/{}", world.reseller.id, world.product)).expect(404);
    seller.get(&format!("partners/{}/products", world.distributor.id)).expect(200);

    let client = world.distributor.browser(&world.server);
    let at = |path: &str| format!("/{}/partners/{}{path}", world.distributor.id, world.vendor.id);
    let page = client.open(&at(""));
    page.must_say("We make backups.").must_say("What happened between you").must_say("accepted the contract");
    page.must_say("https://halden.example/").must_say("Norway").must_say("Products you can see");
    let contracts = client.open(&at("/contracts"));
    assert_eq!(contracts.text("h1"), "Halden");
    let rows = contracts.rows("table").len();
    assert!(rows >= 2, "{rows} contracts");
    assert!(!contracts.says("CRS-"), "contracts with others are not here");
    assert_eq!(client.open(&at("/listings")).rows("table").len(), 1);
    let narrowed = client.open(&at("/contracts?eq(type,program)"));
    assert_eq!(narrowed.rows("table").len(), 1);
    let file = client.get(&at("/contracts?_export=csv")).expect(200);
    assert_eq!(file.body().lines().count(), rows + 1);
    // Whoever may not read listings is not led there.
    let all = client.open(&format!("/{}/partners?_export=csv", world.distributor.id));
    assert!(all.body().contains("Halden"), "{}", all.body());
}

/// Writes 10,000 companies that have each signed an agreement of the distributor's, and four of another's that have ended.
fn ten_thousand(conn: &mut AnyConn, distributor: &str, agreement: &str) {
    let (numbers, empty) = match conn {
        AnyConn::Pg(_) => ("select generate_series(1, 10000) as n", "'{}'::jsonb"),
        AnyConn::Sqlite(_) => (
            "with recursive series(n) as (select 1 union all select n + 1 from series where n < 10000) select n from series",
            "'{}'",
        ),
    };
    conn.batch_execute(&format!(
        "insert into account (id, name, name_folded, role, status, doc, events, revision, created_at, updated_at)
            select 'VA-X-' || n, 'Maker ' || n, 'maker ' || n, 'vendor', 'active', {empty}, {empty}, 1, n, n from ({numbers}) as numbers;
         insert into contract (id, kind, status, name, name_folded, agreement_id, issuer_id, owner_id, creator_id, environment, note,
            termination_note, message, permissions, events, revision, created_at, updated_at)
            select 'CRP-X-' || n, 'program', 'active', 'Contract', 'contract', '{agreement}', '{distributor}', 'VA-X-' || n,
                '{distributor}', 'production', '', '', '', {null}, {empty}, 1, n, n from ({numbers}) as numbers;
         insert into account (id, name, name_folded, role, status, doc, events, revision, created_at, updated_at)
            values ('PA-X-1', 'Other', 'other', 'distributor', 'active', {empty}, {empty}, 1, 1, 1);
         insert into contract (id, kind, status, name, name_folded, agreement_id, issuer_id, owner_id, creator_id, environment, note,
            termination_note, message, permissions, events, revision, created_at, updated_at)
            select 'CRP-Y-' || n || '-' || m, 'program', 'terminated', 'Contract', 'contract', '{agreement}', 'PA-X-1', 'VA-X-' || n,
                'PA-X-1', 'production', '', '', '', {null}, {empty}, 1, n, n
                from ({numbers}) as numbers, (select 1 as m union select 2 union select 3 union select 4) as others;
         analyze account; analyze contract;",
        null = empty.replace("{}", "null"),
    ))
    .unwrap();
}

#[test]
fn ten_thousand_partners_cost_two_searches_of_an_index() {
    let world = World::new();
    let program = world.agreement("program");
    let own = world.distributor.id.as_str();
    database(&world.server)
        .write(|tx| {
            ten_thousand(tx.conn(), own, &program);
            Ok(())
        })
        .unwrap();
    let page = world.api().get("partners?limit=5&ordering(-stats.contracts.program)").expect(200);
    assert_eq!(page.header("content-range"), "items 0-4/10000");
    let client = world.distributor.browser(&world.server);
    let last = client.open(&format!("/{own}/partners?limit=25&offset=9975"));
    assert_eq!(last.rows("table").len(), 25);
    let steps = database(&world.server)
        .read(|tx| {
            let conn = tx.conn();
            let mut all = vec![];
            for query in ["", "status=active", "search=maker 77"] {
                let query = rql::parse(query).unwrap();
                all.push(list::explain(conn, &PARTNERS, Some(own), &query, &Rules::PAGE)?.join("\n"));
            }
            Ok(all)
        })
        .unwrap();
    for steps in steps {
        let whole = ["SCAN c", "SCAN contract", "Seq Scan on contract"].iter().any(|word| steps.contains(word));
        assert!(!whole, "the contracts of everybody are read: {steps}");
        assert!(steps.contains("contract_by_issuer") && steps.contains("contract_by_owner"), "{steps}");
    }
}

#[test]
fn a_partner_that_closed_its_account_stays_in_sight_and_gets_no_new_contract() {
    let world = World::new();
    let program = world.agreement("program");
    let (vendor, _) = world.partner(&program, "Halden");
    let sub = {
        let client = vendor.browser(&world.server);
        let form = client.open(&format!("/{}/sub-accounts/new", vendor.id)).form_with("Open sub-account");
        let page = client.submit(form.set("name", "Halden Lab")).expect(200);
        page.url.path().rsplit('/').next().expect("an id").to_owned()
    };
    let lab = causeway::kit::AccountId::parse(&sub).expect("an id");
    let offered = world.offered(&program, "Placeholder");
    let secret = causeway::kit::Secret::presented(offered["activation"]["code"].as_str().expect("a code"));
    let actor = causeway::kit::Actor::Person {
        user: vendor.user.clone(),
        name: "Lab".to_owned(),
        seat: causeway::kit::Seat {
            account: lab.clone(),
            name: "Halden Lab".to_owned(),
            role: Role::Vendor,
            permissions: causeway::kit::Permissions::all(),
        },
    };
    crate::support::companies::act(&world.server, |tx| {
        causeway::flows::contracts::actions::accept(tx, &actor, &secret, &Consent::by_call()).map(drop)
    });
    assert_eq!(ids(world.api().get("partners")), [vendor.id.as_str(), sub.as_str()]);
    let client = vendor.browser(&world.server);
    let form = client.open(&format!("/{}/sub-accounts/{sub}/close", vendor.id)).form_with("Close sub-account");
    client.submit(form.set("reason", "Done")).expect(200);
    assert_eq!(ids(world.api().get("partners?status=inactive")), [sub.as_str()]);
    let page = world.distributor.browser(&world.server).open(&format!("/{}/partners/{sub}", world.distributor.id));
    page.must_say("This partner has closed its account").must_say("Closed");
    let more =
        json!({ "type": "program", "title": "More", "description": "Terms", "document_type": "none", "active": true });
    let more = crate::partners::world::id(&world.api().post("agreements", &more).expect(201));
    let known = json!({ "kind": "production", "activation": { "message": "Again" }, "partner": { "id": sub } });
    let said = crate::partners::world::refused(world.api().post(&format!("agreements/{more}/contracts"), &known), 400);
    assert!(said.contains("partner.id: The account of Halden Lab is closed"), "{said}");
}

#[test]
fn whom_one_may_turn_to_is_told_to_partners_alone() {
    let world = World::new();
    let program = world.agreement("program");
    let (vendor, contract) = world.partner(&program, "Halden");
    let tag = |user: &str| {
        let text = format!(
            "insert into member_tag (account_id, user_id, tag) values ('{}', '{user}', 'technical')",
            vendor.id
        );
        world.server.database().execute(&text);
    };
    let client = world.distributor.browser(&world.server);
    let at = |path: &str| format!("/{}/partners{path}", world.distributor.id);
    let page = format!("/{}", vendor.id);
    assert!(!client.open(&at(&page)).says("Technical contact"), "nobody is named unless the partner says so");
    tag(vendor.user.as_str());
    client.open(&at(&page)).must_say("Technical contact").must_say(&vendor.email);
    assert!(!client.open(&at(&page)).says("Business contact"));
    assert!(client.get(&at("?_export=csv")).expect(200).body().contains(&vendor.email));
    // Whoever cannot work there any more is nobody to turn to.
    world
        .server
        .database()
        .execute(&format!("update membership set status = 'expired' where account_id = '{}'", vendor.id));
    assert!(!client.open(&at(&page)).says("Technical contact"));
    world.api().post(&format!("contracts/{contract}/terminate"), &json!({})).expect(200);
    client.get(&at(&page)).expect(404);
}
