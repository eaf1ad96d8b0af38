//! What follows from the end of a contract: shown before, done after, and told in the story of each thing.

use serde_json::json;

use super::world::{World, refused, text};

#[test]
fn what_follows_from_the_end_of_a_contract_is_shown_before_and_told_after() {
    let world = World::new();
    let (buyer, seller) = (world.buyer(), world.seller());
    let asset = world.subscription("first");
    let open = text(&world.purchased("second"), "id");
    let find = |kind: &str| {
        let found = buyer.get(&format!("contracts?eq(type,{kind})&eq(status,active)")).expect(200).json();
        text(&found, "0.id")
    };
    let (program, distribution) = (find("program"), find("distribution"));
    let listing = text(&seller.get("listings").expect(200).json(), "0.id");
    let boss = world.distributor.browser(&world.server);
    let at = |path: &str| format!("/{}{path}", world.distributor.id);

    // Before: every consequence in a sentence. A distribution contract has those of its own.
    let page = boss.open(&at(&format!("/contracts/{program}/terminate")));
    page.must_say("What follows from it")
        .must_say("One distribution contract ends with it.")
        .must_say("One product is taken off the marketplace.")
        .must_say("2 subscriptions go on")
        .must_say("One request is open and can still be finished.");
    let below = boss.open(&at(&format!("/contracts/{distribution}/terminate")));
    below.must_say("One product is taken off").must_say("2 subscriptions go on");
    assert!(!below.says("distribution contract ends with it"));
    let service = boss.open(&at(&format!("/contracts/{}/terminate", find("service"))));
    assert!(!service.says("What follows from it"));
    assert_eq!(text(&buyer.get(&format!("contracts/{program}")).expect(200).json(), "status"), "active");

    // After: all of it, and each object tells.
    boss.submit(page.form_with("Terminate").set("note", "We part")).expect(200).must_say("The contract was terminated");
    world.server.settle();
    let stories = [
        (format!("/contracts/{program}"), "Reason: We part".to_owned()),
        (format!("/contracts/{distribution}"), format!("The contract ended with the program contract {program}")),
        (format!("/listings/{listing}"), format!("taken off the marketplace because contract {distribution} ended")),
        (format!("/subscriptions/{asset}"), format!("The contract {distribution} ended. The subscription goes on")),
    ];
    let vendor = world.vendor.browser(&world.server);
    for (path, story) in &stories {
        boss.open(&at(path)).must_say(story);
        vendor.open(&format!("/{}{path}", world.vendor.id)).must_say(story);
    }
    // What runs goes on; nothing new is ordered, listed or enrolled.
    assert_eq!(world.asset_status(&asset), "active");
    world.approved(&open);
    assert!(refused(buyer.post("requests", &world.order("third")), 400).contains("not listed"));
    world.ask("cancel", &asset).expect(201);
    assert_eq!(text(&seller.get(&format!("listings/{listing}")).expect(200).json(), "status"), "unlisted");
    let child = text(&buyer.get(&format!("contracts/{distribution}")).expect(200).json(), "agreement.id");
    refused(seller.post(&format!("agreements/{child}/contracts"), &json!({})), 400);
}
