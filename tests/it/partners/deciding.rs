//! Deciding on many contracts from their list.

use causeway::kit::{Level, Module};
use reqwest::Method;
use serde_json::json;

use super::world::{World, id};
use crate::support::client::Client;
use crate::support::companies::{Company, sign_in};
use crate::support::page::Page;

struct Waiting {
    world: World,
    program: String,
    /// Enrolments that wait, each with its vendor.
    enrolled: Vec<(Company, String)>,
}

fn waiting(vendors: usize) -> Waiting {
    let world = World::new();
    let program = world.agreement("program");
    let distribution = world.distribution(&program, &world.marketplace("Nordics"), false);
    let enrolled = (0..vendors)
        .map(|n| {
            let (vendor, _) = world.partner(&program, &format!("Maker {n}"));
            let path = format!("agreements/{distribution}/contracts");
            let contract = id(&vendor.api(&world.server).post(&path, &json!({})).expect(201));
            (vendor, contract)
        })
        .collect();
    Waiting { world, program, enrolled }
}

impl Waiting {
    fn path(&self) -> String {
        format!("/{}/contracts/decide", self.world.distributor.id)
    }

    /// Sends what the list sends for picked rows.
    fn pick(&self, browser: &Client, action: &str, ids: &[&str]) -> Page {
        let fields: Vec<(&str, &str)> = ids.iter().map(|id| ("pick", *id)).chain([("action", action)]).collect();
        browser.send(Method::POST, &self.path(), |r| r.form(&fields))
    }

    fn status(&self, n: usize) -> String {
        self.world.status(&self.enrolled[n].0, &self.enrolled[n].1)
    }
}

#[test]
fn many_enrolments_are_approved_at_once_and_each_says_what_came_of_it() {
    let w = waiting(3);
    let browser = w.world.distributor.browser(&w.world.server);
    let list = browser.open(&format!("/{}/contracts?eq(status,pending)", w.world.distributor.id));
    let form = list.form_with("Approve");
    let form = w.enrolled.iter().fold(form, |form, (_, id)| form.check("pick", id)).press("Approve");
    let ask = browser.submit(form).expect(200);
    ask.must_say("Approve 3 contracts").must_say("Comes into force");
    assert_eq!(w.status(0), "pending", "asking decides nothing");
    let form = ask.form_with("Approve 3 contracts");
    let done = browser.submit(form.clone()).expect(200);
    done.must_say("3 contracts approved").must_say("Approved");
    assert!((0..3).all(|n| w.status(n) == "active"));
    // The same form once more gets the same answers.
    browser.submit(form).expect(200).must_say("3 contracts approved");
    let signed = "select count(*) as n from event where verb = 'contract.activated' and actor_kind = 'person'";
    assert_eq!(w.world.server.database().number(signed), 3);
}

#[test]
fn what_cannot_be_decided_is_left_out_with_its_reason() {
    let w = waiting(2);
    let browser = w.world.distributor.browser(&w.world.server);
    let api = w.world.api();
    api.post(&format!("contracts/{}/sign", w.enrolled[0].1), &json!({})).expect(200);
    let offered = w.world.offered(&w.program, "Unasked");
    let offered = offered["id"].as_str().expect("an id");
    let (first, second) = (w.enrolled[0].1.as_str(), w.enrolled[1].1.as_str());
    let ask = w.pick(&browser, "approve", &[first, second, offered, "CRD-00000-00000-00001", second]).expect(200);
    ask.must_say("Approve one contract").must_say("Left out").must_say("This contract is active already.");
    ask.must_say("Only the partner can sign this contract.").must_say("CRD-00000-00000-00001");
    let form = ask.form_with("Approve one contract");
    // Somebody else is faster.
    api.post(&format!("contracts/{second}/sign"), &json!({})).expect(200);
    let done = browser.submit(form).expect(200);
    done.must_say("0 contracts approved").must_say("This contract is active already. Nothing was changed.");
    let none = w.pick(&browser, "approve", &[first, second]).expect(200);
    none.must_say("There is no contract among those you picked");
}

#[test]
fn two_people_who_approve_at_once_approve_once() {
    let w = waiting(4);
    let one = w.world.distributor.browser(&w.world.server);
    let two = w.world.distributor.colleague(&w.world.server, "Second", &[(Module::Partners, Level::Act)]).browser;
    let ids: Vec<&str> = w.enrolled.iter().map(|(_, id)| id.as_str()).collect();
    let forms = [&one, &two].map(|b| w.pick(b, "approve", &ids).expect(200).form_with("Approve 4 contracts"));
    let [first, second] = forms;
    let (first, second) = std::thread::scope(|scope| {
        let first = scope.spawn(|| one.submit(first));
        let second = scope.spawn(|| two.submit(second));
        (first.join().expect("an answer"), second.join().expect("an answer"))
    });
    let (first, second) = (first.expect(200), second.expect(200));
    assert!((0..4).all(|n| w.status(n) == "active"));
    let signed = "select count(*) as n from event where verb = 'contract.activated' and kind = 'contract' and object_id like 'CRD-%'";
    assert_eq!(w.world.server.database().number(signed), 4);
    let approved =
        |page: &Page| page.rows("table").iter().filter(|row| row.iter().any(|c| c.trim() == "Approved")).count();
    assert_eq!(approved(&first) + approved(&second), 4, "{}\n{}", first.body(), second.body());
}

#[test]
fn a_reason_is_given_once_for_all_and_checked_before_anything_happens() {
    let w = waiting(2);
    let browser = w.world.distributor.browser(&w.world.server);
    let ids: Vec<&str> = w.enrolled.iter().map(|(_, id)| id.as_str()).collect();
    let form = w.pick(&browser, "reject", &ids).expect(200).form_with("Reject 2 contracts");
    let long = browser.post(form.clone().set("note", &"x".repeat(101))).expect(422);
    long.must_say("101 characters");
    assert_eq!(w.status(0), "pending");
    browser.submit(form.set("note", "Not yet")).expect(200).must_say("2 contracts rejected");
    let seen = w.enrolled[1].0.api(&w.world.server).get(&format!("contracts/{}", ids[1])).expect(200).json();
    assert_eq!((seen["status"].clone(), seen["termination_note"].clone()), (json!("rejected"), json!("Not yet")));

    // Program contracts end with what is below them.
    let programs = w.world.api().get("contracts?eq(type,program)&eq(status,active)").expect(200).json();
    let programs: Vec<&str> = programs.as_array().expect("a list").iter().filter_map(|c| c["id"].as_str()).collect();
    let ask = w.pick(&browser, "terminate", &programs).expect(200);
    ask.must_say("with it every distribution contract");
    browser.submit(ask.form_with("Terminate 2 contracts")).expect(200).must_say("2 contracts terminated");
    let active = w.world.api().get("contracts?eq(status,active)").expect(200).json();
    assert_eq!(active, json!([]));
}

#[test]
fn the_distributor_decides_and_nobody_else() {
    let w = waiting(1);
    let contract = w.enrolled[0].1.as_str();
    let acts = w.world.distributor.colleague(&w.world.server, "Acts", &[(Module::Partners, Level::Act)]).browser;
    w.pick(&acts, "terminate", &[contract]).expect(403);
    w.pick(&acts, "approve", &[contract]).expect(200);
    let list = acts.open(&format!("/{}/contracts", w.world.distributor.id));
    assert_eq!(list.texts("button[name=action]"), ["Approve", "Reject"]);
    let reads = w.world.distributor.colleague(&w.world.server, "Reads", &[(Module::Partners, Level::Read)]).browser;
    w.pick(&reads, "approve", &[contract]).expect(403);
    assert!(!reads.open(&format!("/{}/contracts", w.world.distributor.id)).has("[name=pick]"));
    // A vendor's list has no boxes.
    let vendor = &w.enrolled[0].0;
    let vendor_page = sign_in(&w.world.server, &w.world.distributor.email);
    let seen = vendor_page.get(&format!("/{}/contracts", vendor.id)).expect(200);
    assert!(!seen.has("[name=pick]"), "{}", seen.body());
    let fields = [("pick", contract), ("action", "approve")];
    vendor_page.send(Method::POST, &format!("/{}/contracts/decide", vendor.id), |r| r.form(&fields)).expect(403);

    // Nothing picked, too much picked, nothing chosen: back to the list, with the reason.
    let browser = w.world.distributor.browser(&w.world.server);
    for (action, ids) in [("approve", vec![]), ("approve", vec![contract; 101]), ("burn", vec![contract])] {
        let back = w.pick(&browser, action, &ids).expect(303);
        assert!(back.redirect().is_some_and(|url| url.path().ends_with("/contracts")));
    }
    assert_eq!(w.status(0), "pending");
}
