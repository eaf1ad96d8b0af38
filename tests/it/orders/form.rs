//! Asking the customer back: marks, the mail, the form's link, and sending it back.

use serde_json::json;

use super::world::{World, refused, text};

/// Marks the address as wrong and asks back; gives the request as the distributor sees it.
fn inquired(world: &World, id: &str) -> serde_json::Value {
    let mark =
        json!({ "asset": { "params": [{ "id": "admin_email", "value_error": "This domain receives no mail." }] } });
    world.seller().put(&format!("requests/{id}"), &mark).expect(200);
    assert!(
        refused(world.seller().post(&format!("requests/{id}/approve"), &json!({})), 400).contains("marked as wrong")
    );
    let asked = world.seller().post(&format!("requests/{id}/inquire"), &json!({})).expect(200).json();
    assert_eq!(text(&asked, "status"), "inquiring");
    world.seen(&world.buyer(), id)
}

#[test]
fn the_distributor_corrects_what_is_marked() {
    let world = World::new();
    let id = text(&world.purchased("u1"), "id");
    let asked = inquired(&world, &id);
    assert_eq!(text(&asked, "asset.params.0.value_error"), "This domain receives no mail.");
    assert!(text(&asked, "template.message").contains(&text(&asked, "params_form_url")), "{}", asked["template"]);
    assert!(refused(world.buyer().put(&format!("requests/{id}"), &json!({ "note": "x" })), 400).contains("pend"));
    let wrong = json!({ "asset": { "params": [{ "id": "admin_email", "value": "nobody" }] } });
    assert!(refused(world.buyer().post(&format!("requests/{id}/pend"), &wrong), 400).contains("asset.params.0.value"));
    let right = json!({ "asset": { "params": [{ "id": "admin_email", "value": "it@lindau.example" }] } });
    let back = world.buyer().post(&format!("requests/{id}/pend"), &right).expect(200).json();
    assert_eq!(
        (text(&back, "status"), back["answered"].clone(), text(&back, "params_form_url")),
        ("pending".into(), json!(true), String::new())
    );
    assert_eq!(
        (text(&back, "asset.params.0.value"), text(&back, "asset.params.0.value_error")),
        ("it@lindau.example".into(), String::new())
    );
    assert_eq!(text(&world.approved(&id), "status"), "approved");
}

#[test]
fn the_vendor_takes_a_request_back_with_its_marks() {
    let world = World::new();
    let id = text(&world.purchased("u1"), "id");
    inquired(&world, &id);
    let back = world.seller().post(&format!("requests/{id}/pend/"), &json!({})).expect(200).json();
    assert_eq!(
        (text(&back, "status"), text(&back, "asset.params.0.value_error"), back["answered"].clone()),
        ("pending".into(), String::new(), json!(false))
    );
}

#[test]
fn a_new_inquiry_has_a_new_link() {
    let world = World::new();
    let id = text(&world.purchased("u1"), "id");
    let first = text(&inquired(&world, &id), "params_form_url");
    world.seller().post(&format!("requests/{id}/pend"), &json!({})).expect(200);
    let second = text(&inquired(&world, &id), "params_form_url");
    assert_ne!(first, second);
    assert_eq!(world.server.mail().next_to("eva@u1.example").link(), first);
    assert_eq!(world.server.mail().next_to("eva@u1.example").link(), second);
    let secret = second.rsplit('=').next().unwrap();
    let kept = format!("select count(*) as n from request where form_nonce = '{secret}'");
    assert_eq!(world.server.database().number(&kept), 0);
    let queued = format!("select count(*) as n from job where cast(args as text) like '%{secret}%'");
    assert_eq!(world.server.database().number(&queued), 0);
}
