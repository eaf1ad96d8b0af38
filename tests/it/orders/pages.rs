//! The same as people do it in a browser.

use causeway::flows::products::actions as products;
use causeway::flows::products::model::{Offline, Scope, TemplateDraft, TemplateKind};
use serde_json::json;

use super::world::{World, account, offline, text};
use crate::support::client::Client;
use crate::support::companies::{Company, PASSWORD, act, key, sign_in};
use crate::support::page::Page;

/// The path of a page within the company's portal.
fn at(who: &Company, path: &str) -> String {
    format!("/{}{path}", who.id)
}

/// A person of each side at a browser. In this world one person works in all three companies.
fn browser(world: &World) -> Client {
    sign_in(&world.server, &world.distributor.email)
}

/// A purchase for a customer of the reseller, with a password in it; gives the request's id and the subscription's.
fn resale(world: &World) -> (String, String) {
    let mut shop = account("Alpina", "r1");
    shop["type"] = json!("reseller");
    shop["access"] = json!([{ "id": world.reseller.id.to_string() }]);
    let shop = text(&world.buyer().post("tier/accounts", &shop).expect(201).json(), "id");
    let mut customer = account("Stadtwerke", "u1");
    customer["parent"] = json!({ "id": shop });
    let customer = text(&world.buyer().post("tier/accounts", &customer).expect(201).json(), "id");
    let mut order = world.order("u1");
    order["asset"]["tiers"] = json!({ "customer": { "id": customer } });
    order["asset"]["params"].as_array_mut().unwrap().push(json!({ "id": "pin", "value": "s3cret" }));
    let request = world.buyer().post("requests", &order).expect(201).json();
    (text(&request, "id"), text(&request, "asset.id"))
}

/// How many statements an answer took.
fn statements(page: &Page) -> u32 {
    let digits: String = page.header("server-timing").chars().filter(char::is_ascii_digit).collect();
    digits.parse().expect("a count of statements")
}

#[test]
fn a_purchase_is_asked_back_corrected_and_approved_before_the_eyes_of_three_sides() {
    let world = World::new();
    let person = browser(&world);
    let (id, asset) = resale(&world);
    let (vendor, distributor, reseller) = (&world.vendor, &world.distributor, &world.reseller);
    let request = format!("/requests/{id}");

    // The vendor finds it at home and in the queue.
    let home = person.open(&at(vendor, ""));
    home.must_say("One thing waits for you.");
    assert!(home.has(&format!("a[href='{}']", at(vendor, &request))), "home leads to the request");
    let queue = person.follow(person.get(&at(vendor, "/requests")));
    assert!(queue.url.query().is_some_and(|q| q.contains("waiting")), "{}", queue.url);
    queue.must_say("Stadtwerke").must_say("Backup Cloud").must_say("Unassigned").must_say("Waiting for you 1");
    let page = person.click(&queue, &id);
    page.must_say("Your turn").must_say("Purchase of Backup Cloud for Stadtwerke").must_say("Needed before approval");
    page.must_say("s3cret").must_say("Item SEAT").must_say("Alpina");
    assert!(!page.says("Customer's form"), "nothing is asked yet");

    // One parameter is marked as wrong.
    let mark = person.open(&at(vendor, &format!("{request}/mark?parameter=admin_email")));
    let wrong = person.submit(mark.form_with("Mark wrong")).expect(422);
    wrong.must_say("Say what is wrong with the value.");
    let form = wrong.form_with("Mark wrong").set("value_error", "x".repeat(513).as_str());
    let wrong = person.submit(form).expect(422);
    assert_eq!(wrong.attribute("#f-value_error", "aria-invalid").as_deref(), Some("true"));
    let form = wrong.form_with("Mark wrong").set("value_error", "This domain receives no mail.");
    let page = person.submit(form).expect(200);
    page.must_say("The admin_email was marked as wrong.").must_say("1 of 5 marked wrong");
    page.must_say("Approving waits until the marked parameters are corrected or the marks are removed.");
    assert_eq!(page.texts("[aria-disabled][aria-describedby=why-not]"), ["Approve…"]);
    let refused = person.get(&at(vendor, &format!("{request}/approve"))).expect(400);
    refused.must_say("Nothing was done.").must_say("is marked as wrong");

    // The mark goes and comes back with the question itself.
    let page = person.submit(page.form_with("Remove mark The admin_email")).expect(200);
    page.must_say("The mark on The admin_email was taken away.");
    let form = person.click(&page, "Ask for a correction…").form_with("Ask for a correction");
    let form = form.set("asset.params.admin_email.value_error", "Nobody reads this address.");
    let page = person.submit(form).expect(200);
    page.must_say("Inquiring").must_say("Stadtwerke or Northgate has to answer").must_say("Set to pending…");
    world.server.settle();
    let mail = world.server.mail().next_to("eva@u1.example");
    assert!(mail.link().contains(&id), "{}", mail.link());

    // The distributor corrects it.
    let home = person.open(&at(distributor, ""));
    home.must_say("One thing waits for you.")
        .must_say("One order to correct")
        .must_say("Purchase of Backup Cloud for Stadtwerke");
    let page = person.open(&at(distributor, &request));
    page.must_say("Your turn").must_say("Nobody reads this address.").must_say("Customer's form");
    page.must_say(&mail.link()).must_say("eva@u1.example");
    assert!(!page.says("s3cret") && page.says("••••••••"), "a password is the vendor's alone");
    assert!(!page.says("Assignee"), "who processes it is the vendor's own matter");
    let form = person.click(&page, "Correct and send back…").form_with("Correct and send back");
    assert_eq!(form.value("p.pin"), Some(""), "a password is not sent out");
    let wrong = person.submit(form.set("p.admin_email", "nobody")).expect(422);
    wrong.must_say("nobody is not an e-mail address.");
    let form = wrong.form_with("Correct and send back");
    assert_eq!(form.value("p.admin_email"), Some("nobody"), "what was typed is kept");
    let page = person.submit(form.set("p.admin_email", "it@lindau.example")).expect(200);
    page.must_say("The request is pending again.").must_say("Halden has to act").must_say("it@lindau.example");
    assert!(!page.says("Customer's form"), "the link has ended");
    let gone = person.get(&at(distributor, &format!("{request}/pend"))).expect(400);
    gone.must_say("only one that is inquiring or scheduled can be set to pending");

    // The vendor fills its parameter and approves with a template.
    let page = person.open(&at(vendor, &request));
    page.must_say("Your turn").must_say("s3cret");
    let form = person.click(&page, "Approve…").form_with("Approve");
    let wrong = person.submit(form.set("template_id", "Second")).expect(422);
    wrong.must_say("The fulfillment parameter The tenant_id is required.");
    let form = wrong.form_with("Approve").set("p.tenant_id", "t<b>-7");
    let page = person.submit(form).expect(200);
    page.must_say("The request was approved.")
        .must_say("Approved")
        .must_say("Your tenant is t<b>-7, it@lindau.example");
    assert_eq!(page.texts(".prose h3"), ["Welcome"]);
    assert!(!page.has("main .actions"), "an approved request offers nothing");

    // Everybody sees the whole story, each what is theirs.
    let story = [
        "Backup Cloud was ordered for Stadtwerke",
        "The admin_email was marked as wrong: This domain receives no mail.",
        "The customer was asked for a correction",
        "eva@lindau.example",
        "The request was sent back to the vendor",
        "The request was approved",
    ];
    for who in [vendor, distributor, reseller] {
        let seen = person.open(&at(who, &request));
        let timeline = seen.texts("ol.events").join(" ");
        for part in story {
            assert!(timeline.contains(part), "{}: {part:?} is not in {timeline}", who.name);
        }
        assert!(!timeline.contains("s3cret"));
        let seen = person.open(&at(who, &format!("/subscriptions/{asset}")));
        seen.must_say("Active").must_say("Backup Cloud for Stadtwerke").must_say("Welcome");
        let timeline = seen.texts("ol.events").join(" ");
        assert!(timeline.contains("The subscription went from Processing to Active"), "{timeline}");
        assert!(timeline.contains("The request was approved"), "{timeline}");
    }
    let seen = person.open(&at(reseller, &request));
    let parameters = seen.texts(".table-wrap.boxed").join(" ");
    assert!(!parameters.contains("tenant_id"), "{parameters}");
    assert!(!seen.texts("dl.facts").join(" ").contains("Contract"), "the contract is the other two companies' own");
    assert!(person.open(&at(distributor, &request)).texts(".table-wrap.boxed").join(" ").contains("tenant_id"));
    assert!(!person.open(&at(vendor, "")).says("One thing waits"), "nothing waits any more");
}

#[test]
fn the_vendor_sees_what_the_customer_will_read_before_anything_is_done() {
    let world = World::new();
    let person = browser(&world);
    let (id, _) = resale(&world);
    let here = at(&world.vendor, &format!("/requests/{id}"));
    let page = person.open(&format!("{here}/approve"));
    page.must_say("The request").must_say("Stadtwerke").must_say("What the customer will read");
    let form = page.form_with("Show what the customer will read").set("template_id", "Second");
    let page = person.submit(form).expect(200);
    let text = page.text("#preview .prose");
    assert!(text.contains("Your tenant is [tenant_id], eva@lindau.example"), "a place without a value: {text}");
    let own = "Hello **{{ tenant_id }}**";
    let form = page.form_with("Show what the customer will read").set("p.tenant_id", "t-7").set("activation_tile", own);
    let page = person.submit(form).expect(200);
    assert_eq!(page.text("#preview .prose"), "Hello t-7");
    let form = page.form_with("Approve");
    assert_eq!((form.value("p.tenant_id"), form.value("activation_tile")), (Some("t-7"), Some(own)));
    person.open(&here).must_say("Pending");
    person.submit(form).expect(200).must_say("The request was approved.").must_say("Hello t-7");
}

#[test]
fn an_old_form_sent_again_with_other_answers_says_so_and_keeps_them() {
    let world = World::new();
    let person = browser(&world);
    let customer = text(&world.buyer().post("tier/accounts", &account("Stadtwerke", "u1")).expect(201).json(), "id");
    let here = at(&world.distributor, &format!("/customers/{customer}"));
    let old = person.open(&format!("{here}/edit")).form_with("Save");
    person.submit(old.clone().set("name", "Stadtwerke Lindau")).expect(200).must_say("Stadtwerke Lindau was saved.");
    // Back in the browser, something else is typed into the same form.
    let page = person.submit(old.set("name", "Stadtwerke Bregenz")).expect(422);
    page.must_say("This form was already sent with other answers");
    person.open(&here).must_say("Stadtwerke Lindau");
    let again = page.form_with("Save");
    assert_eq!(again.value("name"), Some("Stadtwerke Bregenz"));
    person.submit(again).expect(200).must_say("Stadtwerke Bregenz was saved.");
}

#[test]
fn whoever_comes_second_is_told() {
    let world = World::new();
    let person = browser(&world);
    let id = text(&world.purchased("u1"), "id");
    let request = at(&world.vendor, &format!("/requests/{id}"));
    let (edit, fail, approve) = (
        person.open(&format!("{request}/edit")).form_with("Save"),
        person.open(&request).form_with("Fail"),
        person.open(&format!("{request}/approve")).form_with("Approve"),
    );
    let page = person.submit(edit.clone().set("p.tenant_id", "t-1").set("note", "On it")).expect(200);
    page.must_say("The request was saved.").must_say("t-1").must_say("On it");
    // The same form again is the same answer, another one under its key is none.
    assert_eq!(person.post(edit.clone().set("p.tenant_id", "t-1").set("note", "On it")).status, 303);

    // An old form: what was typed is kept, and the new revision is in the form now.
    let stale = person.submit(approve.set("p.tenant_id", "t-2")).expect(422);
    stale.must_say("Somebody changed request").must_say("What you typed is kept.");
    stale.must_say("Parameters were changed").must_say(": t-1.").must_say("Note: On it.");
    let again = stale.form_with("Approve");
    assert_eq!(again.value("p.tenant_id"), Some("t-2"));
    person.submit(again).expect(200).must_say("t-2");

    // What is over cannot be failed; the page says so and shows the request as it is.
    let late = person.submit(fail.set("reason", "Too late")).expect(400);
    late.must_say("Nothing was done.").must_say("The request is Approved for good").must_say("Activation text");
    person.get(&format!("{request}/explode")).expect(404);
    person.get(&format!("{request}/mark?parameter=none")).expect(400);
}

#[test]
fn the_vendor_assigns_schedules_and_fails_the_buyer_takes_back() {
    let world = World::new();
    let person = browser(&world);
    let first = text(&world.purchased("u1"), "id");
    let of = |who: &Company, id: &str| at(who, &format!("/requests/{id}"));
    let page = person.open(&of(&world.vendor, &first));
    let form = page.form_with("Assign").set("id", "Northgate");
    person.submit(form).expect(200).must_say("The request was assigned to Northgate.");
    let page = person.open(&of(&world.vendor, &first));
    let page = person.submit(page.form_with("Assign").set("id", "")).expect(200);
    page.must_say("The request is assigned to nobody.");
    let wrong = person.submit(page.form_with("Schedule").set("planned_date", "2001-01-01T08:00")).expect(422);
    wrong.must_say("is not in the future");
    let page = person.submit(wrong.form_with("Schedule").set("planned_date", "2099-01-01T08:00")).expect(200);
    page.must_say("Halden goes on with it on");
    let page = person.open(&of(&world.distributor, &first));
    assert!(!page.says("Assigned to"), "the timeline of the vendor's people is theirs");
    let page = person.submit(page.form_with("Take back").set("reason", "Changed our mind")).expect(200);
    page.must_say("Revoking").must_say("Changed our mind");
    let page = person.open(&of(&world.vendor, &first));
    page.must_say("Your turn").must_say("The buyer wants it back. Confirming ends the request.");
    person.submit(page.form_with("Confirm revocation")).expect(200).must_say("Revoked");

    let second = text(&world.purchased("u2"), "id");
    let page = person.open(&of(&world.vendor, &second));
    let wrong = person.submit(page.form_with("Fail").set("reason", " ")).expect(422);
    let page = person.submit(wrong.form_with("Fail").set("reason", "Not sold <there>")).expect(200);
    page.must_say("The vendor could not carry it out: Not sold <there>");
    person.open(&of(&world.distributor, &second)).must_say("Not sold <there>");
}

#[test]
fn a_draft_is_completed_and_sent_or_thrown_away() {
    let world = World::new();
    let person = browser(&world);
    let draft = |uid: &str| {
        let mut order = world.order(uid);
        order["status"] = json!("draft");
        text(&world.buyer().post("requests", &order).expect(201).json(), "id")
    };
    let (first, second) = (draft("u1"), draft("u2"));
    let page = person.open(&at(&world.distributor, &format!("/requests/{first}")));
    page.must_say("Draft").must_say("Your turn");
    person.get(&at(&world.vendor, &format!("/requests/{first}"))).expect(404);
    let edit = person.click(&page, "Edit").form_with("Save");
    let page = person.submit(edit.set("p.region", "US")).expect(200);
    let page = person.submit(page.form_with("Send to the vendor")).expect(200);
    page.must_say("The draft was sent.").must_say("Pending").must_say("US");
    let page = person.open(&at(&world.distributor, &format!("/requests/{second}")));
    let list = person.submit(page.form_with("Discard draft")).expect(200);
    list.must_say("The draft was discarded.");
    person.get(&at(&world.distributor, &format!("/requests/{second}"))).expect(404);
}

#[test]
fn a_subscription_is_changed_adjusted_suspended_and_cancelled() {
    let world = World::new();
    let person = browser(&world);
    let asset = world.subscription("u1");
    let (mine, theirs) = (
        at(&world.distributor, &format!("/subscriptions/{asset}")),
        at(&world.vendor, &format!("/subscriptions/{asset}")),
    );
    let page = person.open(&mine);
    page.must_say("Active").must_say("Item SEAT").must_say("Activation text").must_say("Approved");
    let form = person.click(&page, "Change…").form_with("Change");
    let items: Vec<String> =
        form.names().iter().filter(|n| n.ends_with(".quantity")).map(|n| (*n).to_owned()).collect();
    let old = form.clone();
    let wrong = person.submit(form.set(&items[0], "1.5")).expect(422);
    wrong.must_say("is counted in whole numbers");
    assert_eq!(wrong.form_with("Change").value(&items[0]), Some("1.5"));
    let wrong = person.submit(wrong.form_with("Change").set(&items[0], "5")).expect(422);
    wrong.must_say("unchanged");
    let page = person.submit(wrong.form_with("Change").set(&items[0], "8")).expect(200);
    page.must_say("Change was asked for.").must_say("+3").must_say("Halden has to act");
    let request = page.url.path().rsplit('/').next().expect("an id").to_owned();

    // While it is open nothing else can be asked for, and the page says why.
    let page = person.open(&mine);
    page.must_say("A request is open. Wait until it is done.").must_say(&request);
    person.get(&format!("{mine}/suspend")).expect(400).must_say("Nothing was done.");
    let late = person.submit(old.clone().set(&items[0], "9")).expect(400);
    late.must_say("A request is open.");
    world.approved(&request);
    person.open(&mine).must_say("8");
    // A form from before the change would undo it unseen.
    let stale = person.submit(old.tamper("idempotency_key", "another").set(&items[0], "5")).expect(422);
    stale.must_say("Somebody changed subscription");

    // The vendor adjusts; then a suspension and the end.
    let form = person.click(&person.open(&theirs), "Adjust…").form_with("Adjust");
    let page = person.submit(form.set("p.inner", "rack 7")).expect(200);
    page.must_say("Adjustment was asked for.").must_say("rack 7").must_say("Your turn");
    let form = person.click(&page, "Approve…").form_with("Approve");
    person.submit(form).expect(200).must_say("The request was approved.");
    let page = person.submit(person.open(&mine).form_with("Suspend")).expect(200);
    let request = page.url.path().rsplit('/').next().expect("an id").to_owned();
    let form = person.open(&at(&world.vendor, &format!("/requests/{request}/approve"))).form_with("Approve");
    person.submit(form).expect(200);
    let page = person.open(&mine);
    page.must_say("Suspended").must_say("Resume…");
    let page = person.submit(page.form_with("Cancel subscription")).expect(200);
    page.must_say("Cancel was asked for.").must_say("−8");
    person.open(&mine).must_say("Terminating");

    // A product may let the distributor end it without the vendor.
    assert!(!page.says("Complete without the vendor"));
    offline(&world, Offline::Allowed);
    let page = person.open(page.url.as_str());
    let form = person.click(&page, "Complete without the vendor…").form_with("Complete without the vendor");
    person.submit(form).expect(200).must_say("The request was approved.");
    person.open(&mine).must_say("Terminated");
}

#[test]
fn the_lists_are_filtered_counted_and_exported_in_few_statements() {
    let world = World::new();
    let person = browser(&world);
    let nothing = person.open(&at(&world.vendor, "/requests"));
    nothing.must_say("No requests yet").must_say("Waiting for you 0");
    person.open(&at(&world.reseller, "/subscriptions")).must_say("No subscriptions yet");
    for n in 0..4 {
        world.purchased(&format!("u{n}"));
    }
    let active = world.subscription("u9");
    let path = at(&world.vendor, "/requests");
    let all = person.open(&format!("{path}?ordering(-created)"));
    assert_eq!(all.rows("table").len(), 5);
    assert!(statements(&all) <= 8, "{} statements", statements(&all));
    all.must_say("Waiting for you 4")
        .must_say("Waiting for others 0")
        .must_say("Done 1")
        .must_say("4 requests are open.");
    assert_eq!(all.texts(".views [aria-current=page]"), ["All 5"]);
    let done = person.click(&all, "Done 1");
    assert_eq!(done.rows("table").len(), 1);
    assert_eq!(done.texts(".views [aria-current=page]"), ["Done 1"]);
    let filtered = person.open(&format!("{path}?eq(status,pending)&search=stadt&ordering(asset.product.name)"));
    assert_eq!(filtered.rows("table").len(), 4);
    assert!(statements(&filtered) <= 8);
    let csv = person.get(&format!("{path}?eq(status,pending)&_export=csv")).expect(200);
    assert_eq!(csv.body().lines().count(), 5, "{}", csv.body());
    let excel = person.get(&format!("{path}?eq(status,pending)&_export=xlsx")).expect(200);
    assert!(excel.bytes.starts_with(b"PK"));
    person.open(&format!("{path}?eq(status,failed)")).must_say("Nothing matches");
    person.get(&format!("{path}?eq(colour,red)")).expect(400);

    let path = at(&world.distributor, "/subscriptions");
    let list = person.open(&path);
    assert_eq!(list.rows("table").len(), 5);
    assert!(statements(&list) <= 8, "{} statements", statements(&list));
    let found = person.open(&format!("{path}?eq(status,active)"));
    assert_eq!(found.rows("table").len(), 1);
    found.must_say(&active);
    let by_value = person.open(&format!("{path}?ilike(params.value,tenant-*)"));
    assert_eq!(by_value.rows("table").len(), 1);
    person.open(&format!("{path}?eq(status,terminated)")).must_say("Nothing matches");
    let csv = person.get(&format!("{path}?_export=csv")).expect(200);
    assert!(csv.body().contains("SEAT: 5"), "{}", csv.body());
}

#[test]
fn who_may_only_read_is_offered_nothing_and_strangers_find_nothing() {
    use causeway::kit::{Level, Module, Permissions, Role};
    let world = World::new();
    let request = world.purchased("u1");
    let (id, asset) = (text(&request, "id"), text(&request, "asset.id"));
    let stranger = Company::new(&world.server, "Stranger", Role::Vendor);
    let person = sign_in(&world.server, &stranger.email);
    for path in [format!("/requests/{id}"), format!("/requests/{id}/approve"), format!("/subscriptions/{asset}")] {
        person.get(&at(&stranger, &path)).expect(404);
        person.get(&at(&world.vendor, &path)).expect(404);
    }
    let mut reading = Permissions::default();
    reading.grant(Module::Subscriptions, Level::Read);
    let token = key(&world.server, &world.vendor.id, "Reader", Role::Vendor, &reading);
    world.server.api(&token).post(&format!("requests/{id}/approve"), &json!({})).expect(403);
    assert!(!PASSWORD.is_empty());
}

#[test]
fn what_vendors_write_can_do_no_harm() {
    let world = World::new();
    let person = browser(&world);
    act(&world.server, |tx| {
        let template = TemplateDraft {
            name: "Hostile".into(),
            title: "Hostile".into(),
            body: "<script>alert(1)</script>\n\n[x](javascript:alert(1)) {{ tenant_id }}".into(),
            scope: Scope::Asset,
            kind: Some(TemplateKind::Fulfillment),
        };
        products::create_template(tx, &world.vendor.system(), &world.product, &template).map(drop)
    });
    let id = text(&world.purchased("u1"), "id");
    let form = person.open(&at(&world.vendor, &format!("/requests/{id}/approve"))).form_with("Approve");
    let form = form.set("template_id", "Hostile").set("p.tenant_id", "<img src=x onerror=alert(2)>");
    let page = person.submit(form).expect(200);
    let prose = page.document().select(&crate::support::page::selector(".prose")).map(|e| e.html()).collect::<String>();
    for bad in ["<script", "javascript:", "<img"] {
        assert!(!prose.contains(bad), "{prose}");
    }
}
