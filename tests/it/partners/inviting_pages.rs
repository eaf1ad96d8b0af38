//! Inviting many in the portal.

use causeway::kit::{Level, Module};

use super::inviting::{HEAD, checked, contracts, read_back, text};
use super::world::{World, offer};

#[test]
fn people_upload_check_correct_and_confirm_in_the_portal() {
    let world = World::new();
    let program = world.agreement("program");
    world.api().post(&format!("agreements/{program}/contracts"), &offer("Known")).expect(201);
    let browser = world.distributor.browser(&world.server);
    let base = format!("/{}", world.distributor.id);
    let page = browser.open(&format!("{base}/agreements/{program}"));
    let page = browser.open(&page.link("Invite many"));
    let template = browser.get(&page.link("Download the template")).expect(200);
    assert_eq!(read_back(&template.bytes)[0][..6], HEAD.map(str::to_owned));

    // Nothing chosen; something that is no sheet; the agreement stays chosen.
    let form = || page.form_with("Upload and check");
    browser.post(form()).expect(422).must_say("Choose the spreadsheet");
    let wrong = browser.post(form().attach("file", "p.csv", "text/csv", b"A\nb\n")).expect(422);
    wrong.must_say("There is no column Partner.");
    assert_eq!(wrong.form_with("Upload and check").value("agreement"), Some(program.as_str()));
    browser
        .post(form().set("agreement", "").attach("file", "p.csv", "text/csv", b"Partner\nb\n"))
        .expect(422)
        .must_say("Choose the agreement");
    browser
        .post(form().tamper("agreement", "AGP-999-999-999").attach("file", "p.csv", "text/csv", b"Partner\nb\n"))
        .expect(422);

    let sheet = b"Partner;E-mail;Colour\nAcme;acme@partner.example;red\nBolt;nobody;\nKnown;;\nCrux;;\n";
    let answer = browser.post(form().attach("file", "May <b>.csv", "text/csv", sheet)).expect(303);
    let again = browser.post(form().attach("file", "May <b>.csv", "text/csv", sheet)).expect(303);
    assert_eq!(answer.redirect(), again.redirect(), "a form that is sent twice is taken in once");
    world.server.settle();
    let page = browser.follow(answer).expect(200);
    page.must_say("May <b>.csv").must_say("Ready to invite").must_say("were passed over: Colour.");
    page.must_say("One row needs a correction");
    let here = page.url.path().to_owned();
    let rows = browser.open(&format!("{here}/rows"));
    rows.must_say("“nobody” is not an e-mail address").must_say("Invited already: the contract");
    let wrong = browser.open(&format!("{here}/rows?eq(status,wrong)"));
    assert!(wrong.says("Bolt") && !wrong.says("Acme"));
    let book = browser.get(&format!("{here}/file")).expect(200);
    assert_eq!(read_back(&book.bytes)[2][7], "wrong");
    let part = browser.fragment(&format!("{here}/progress")).expect(200);
    assert!(part.has("[data-then]"), "{}", part.body());
    browser.get(&format!("{here}/progress")).expect(303);

    // The confirmation says what happens, and wants a message for the two that have none.
    let ask = browser.open(&page.link("Invite 2 partners"));
    ask.must_say("2 partners have none");
    let form = ask.form_with("Invite 2 partners");
    browser.post(form.clone()).expect(422).must_say("2 partners have no message");
    let form = form.set("message", "Welcome");
    let first = browser.post(form.clone()).expect(303);
    let second = browser.post(form).expect(303);
    assert_eq!(first.redirect(), second.redirect());
    world.server.settle();
    let page = browser.follow(first).expect(200);
    page.must_say("Done").must_say("2 partners were invited");
    assert_eq!(
        world.server.database().number("select count(*) as n from job where kind = 'contracts.invite_batch'"),
        1
    );
    assert_eq!(contracts(&world), 3);
    let by = "select count(*) as n from event where verb = 'contract.created' and actor_kind = 'person'";
    assert_eq!(world.server.database().number(by), 2);
    browser.get(&format!("{here}/start")).expect(409);
    browser.get(&format!("{here}/cancel")).expect(400);
    let rows = browser.open(&format!("{here}/rows?eq(status,invited)"));
    let contract = rows.link_to("/contracts/CRP-");
    browser.open(&contract).must_say("Acme");
    browser.open(&format!("{base}/contracts")).must_say("Invite many");
    browser.open(&format!("{base}/contracts/invitations")).must_say("May <b>.csv");
    let export = browser.get(&format!("{here}/rows?_export=csv")).expect(200);
    assert!(export.body().contains("acme@partner.example"), "{}", export.body());
}

#[test]
fn a_list_can_be_cancelled_in_the_portal_before_anybody_is_invited() {
    let world = World::new();
    let program = world.agreement("program");
    let batch = text(&checked(&world, &program, "a.csv", b"Partner,Message\nAcme,Hi\n".to_vec()), "id");
    let browser = world.distributor.browser(&world.server);
    let here = format!("/{}/contracts/invitations/{batch}", world.distributor.id);
    let ask = browser.open(&format!("{here}/cancel"));
    let page = browser.submit(ask.form_with("Cancel the invitations")).expect(200);
    page.must_say("The invitations were cancelled.").must_say("Cancelled");
    assert_eq!(contracts(&world), 0);
    // Its sheet is not kept.
    let kept = "select count(*) as n from file where dropped_at is null";
    assert_eq!(world.server.database().number(kept), 0);
    let weak = world.distributor.colleague(&world.server, "Weak", &[(Module::Partners, Level::Act)]).browser;
    weak.get(&here).expect(403);
    weak.get(&format!("/{}/contracts/invitations/new", world.distributor.id)).expect(403);
}
