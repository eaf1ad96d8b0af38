//! Chapter 8: who may do what.

use causeway::flows::accounts::store;
use causeway::kit::{Level, Module, Permissions, Role};
use causeway::routes;
use causeway::web::endpoint::Who;
use reqwest::Method;
use serde_json::json;

use crate::orders::world::{World as Orders, text};
use crate::support::companies;
use crate::support::server::Server;
use crate::usage::world::{EIGHT, World as Usage, row, workbook};
use crate::world::{Company, door, signed_in};

/// 8.2.1: functions are open to those who hold the permission for them.
/// How: every route names what it needs; the test goes through all of them with a token that holds nothing. The isolation tests
/// try every route with every role.
#[test]
fn v8_2_1_functions_need_permissions() {
    let server = Server::start();
    let company = companies::Company::new(&server, "Halden", Role::Distributor);
    let weak = company.api_with(&server, &[]);
    let mut tried = 0;
    for endpoint in routes::api().iter().filter(|e| matches!(e.who, Who::Member(..) | Who::Only(..))) {
        let path = endpoint.path.replace("{account}", company.id.as_str()).replace(['{', '}'], "x");
        let method = Method::from_bytes(endpoint.method.as_str().as_bytes()).expect("a method");
        let answer = weak.try_send(method, path.trim_start_matches('/'), |r| r).expect("an answer");
        assert_eq!(answer.status, 403, "{} {path}", endpoint.method);
        tried += 1;
    }
    assert!(tried > 50);
}

/// 8.2.2, 8.4.1: objects are open to the companies that take part in them, and to nobody else.
/// How: who may see an object is data, asked in every query; another company's object is not there for a reader. The isolation
/// tests try every route with an object of every kind.
#[test]
fn v8_2_2_objects_of_others_are_not_there() {
    let world = Orders::new();
    let request = text(&world.purchased("u1"), "id");
    let stranger = companies::Company::new(&world.server, "Stranger", Role::Distributor);
    let api = stranger.api(&world.server);
    for path in [
        format!("requests/{request}"),
        format!("products/{}", world.product),
        format!("hubs/{}", world.hub),
        format!("marketplaces/{}", world.marketplace),
    ] {
        api.get(&path).expect(404);
        let list = path.split('/').next().expect("a list");
        assert_eq!(api.get(list).expect(200).json(), json!([]), "{list}");
    }
}

/// 8.2.3: fields are open to those who may know them.
/// How: what a side may see is a type of its own; a vendor's note about its usage file is in no answer to the distributor who
/// reviews the file.
#[test]
fn v8_2_3_fields_of_others_are_not_there() {
    let world = Usage::start("QT");
    let file = world.file();
    world.uploaded(&file, workbook("records", &EIGHT, &[row("r-1")]));
    world.vendor().post(&format!("usage/files/{file}/submit"), &json!({})).expect(201);
    let path = format!("usage/files/{file}");
    assert!(world.vendor().get(&path).expect(200).body().contains("our own"));
    assert!(!world.distributor().get(&path).expect(200).body().contains("our own"), "the vendor's note is answered");
}

/// 8.3.1: what is allowed is decided by the server, where it is done.
/// How: actions check the actor themselves; a page that hides a button is for convenience.
#[test]
fn v8_3_1_the_server_decides() {
    let server = Server::start();
    let company = Company::make(&door(&server), "Halden", Role::Distributor);
    let bystander = signed_in(&server, &company.bystander_email);
    let form = company.browser(&server).open(&company.path("/hubs/new")).form_with("Register hub");
    let form = form.set("name", "Shop").set("instance_id", "x");
    assert_eq!(bystander.post(form).status, 403);
    assert_eq!(server.database().number("select count(*) as n from hub"), 0);
}

/// 8.3.2: a change of permissions counts at once.
/// How: permissions are read with every request and are in no session and no token.
#[test]
fn v8_3_2_changes_count_at_once() {
    let server = Server::start();
    let company = Company::make(&door(&server), "Halden", Role::Distributor);
    let open = signed_in(&server, &company.bystander_email);
    open.get(&company.path("/hubs")).expect(403);
    let mut wanted = Permissions::default();
    wanted.grant(Module::Marketplaces, Level::Read);
    let group = door(&server)
        .write(|tx| {
            let events = causeway::kit::Events::created(tx.at(), None);
            let group = store::insert_group(tx, &company.id, "Readers", "", &wanted, events)?;
            store::add_to_group(tx, &group, &company.bystander)?;
            Ok(group)
        })
        .expect("a group");
    open.get(&company.path("/hubs")).expect(200);
    open.get(&company.path("/hubs/new")).expect(403);
    server.database().execute(&format!("delete from group_member where group_id = '{group}'"));
    open.get(&company.path("/hubs")).expect(403);
}
