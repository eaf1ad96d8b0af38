//! The customer's form: opened by its link, without signing in.

use serde_json::{Value, json};

use super::world::{World, text};

/// Marks the address as wrong and asks back; gives the link of the form.
fn inquired(world: &World, id: &str) -> String {
    let mark =
        json!({ "asset": { "params": [{ "id": "admin_email", "value_error": "This domain receives no mail." }] } });
    world.seller().put(&format!("requests/{id}"), &mark).expect(200);
    world.seller().post(&format!("requests/{id}/inquire"), &json!({})).expect(200);
    text(&world.seen(&world.buyer(), id), "params_form_url").replace(world.server.base(), "")
}

fn param(request: &Value, id: &str) -> Value {
    let params = request["asset"]["params"].as_array().expect("parameters");
    params.iter().find(|p| p["id"] == id).cloned().expect("the parameter")
}

#[test]
fn the_customer_corrects_what_is_marked() {
    let world = World::new();
    let id = text(&world.purchased("u1"), "id");
    let link = inquired(&world, &id);
    let visitor = world.server.visitor();
    let page = visitor.open(&link);
    page.must_say("Halden needs something from you").must_say("Backup Cloud").must_say("Stadtwerke");
    page.must_say("This domain receives no mail.");
    assert_eq!(page.header("x-robots-tag"), "noindex, nofollow");
    assert!(page.has("input[name='p.admin_email']") && !page.has("[name='p.region']"), "only what is asked for");
    assert!(!page.has(".sidebar"), "no portal around it");
    let wrong = visitor.submit(page.form_with("Send").set("p.admin_email", "nobody")).expect(422);
    wrong.must_say("nobody is not an e-mail address");
    assert_eq!(wrong.attribute("[name='p.admin_email']", "value").as_deref(), Some("nobody"));
    let empty = visitor.submit(page.form_with("Send").set("p.admin_email", "")).expect(422);
    assert!(empty.has("[name='p.admin_email'][aria-invalid]"));
    let foreign = page.form_with("Send").set("p.admin_email", "it@lindau.example").tamper("p.region", "us");
    let first = visitor.post(foreign).expect(303);
    visitor.open(first.header("location")).must_say("Thank you").must_say("were sent to the vendor");
    let request = world.seen(&world.seller(), &id);
    assert_eq!(text(&request, "status"), "pending");
    assert_eq!(param(&request, "admin_email")["value"], "it@lindau.example");
    assert_eq!(param(&request, "region")["value"], "eu", "what is not asked for stays");
}

#[test]
fn sending_twice_is_sending_once_and_the_link_ends() {
    let world = World::new();
    let id = text(&world.purchased("u1"), "id");
    let link = inquired(&world, &id);
    let visitor = world.server.visitor();
    let page = visitor.open(&link);
    let form = || page.form_with("Send").set("p.admin_email", "it@lindau.example");
    visitor.post(form()).expect(303);
    visitor.post(form()).expect(303);
    let gone = visitor.get(&link).expect(404);
    gone.must_say("There is nothing to fill in");
    assert_eq!(gone.header("x-robots-tag"), "noindex, nofollow");
    visitor.post(form().tamper("idempotency_key", "another")).expect(404).must_say("There is nothing to fill in");
}

#[test]
fn wrong_links_open_nothing_and_many_of_them_have_to_wait() {
    let world = World::new();
    let id = text(&world.purchased("u1"), "id");
    let link = inquired(&world, &id);
    let visitor = world.server.visitor();
    let other = text(&world.purchased("u2"), "id");
    for wrong in [
        link.replace(&id, &other),
        format!("{link}x"),
        "/orders/form".to_owned(),
        "/orders/form?request=PR-1&secret=".to_owned(),
        "/orders/form?request=%00&secret=%FF".to_owned(),
    ] {
        visitor.get(&wrong).expect(404).must_say("There is nothing to fill in");
    }
    let refused = (0..60).map(|_| visitor.get(&format!("{link}x")).status).find(|status| *status != 404);
    assert_eq!(refused, Some(429));
    visitor.get(&link).expect(429).must_say("Too many");
}
