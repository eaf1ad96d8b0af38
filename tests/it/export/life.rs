//! How an export is asked for, followed, fetched, given up, deleted, and how it ends by itself.

use causeway::flows::export::actions;
use causeway::kit::{Level, Module, Role};
use reqwest::Method;

use super::opened::{Opened, exported, start};
use crate::support::client::Client;
use crate::support::clock::{pass_days, pass_hours};
use crate::support::companies::{Company, act};
use crate::support::server::Server;
use crate::support::wait;

fn world() -> (Server, Company) {
    let server = Server::start();
    let company = Company::new(&server, "Northgate", Role::Distributor);
    (server, company)
}

fn states(server: &Server, state: &str) -> i64 {
    server.database().number(&format!("select count(*) as n from account_export where state = '{state}'"))
}

/// An export that somebody asked for, whose job waits for a worker.
fn waiting(server: &Server, company: &Company) -> String {
    let (id, later) = ("EXP-111-111-111", server.clock().now().plus_seconds(24 * 3600).0);
    server.database().execute(&format!(
        "insert into account_export (id, account_id, state, created_at) values ('{id}', '{account}', 'making', 1); \
         insert into job (kind, args, status, run_at, tries, fence, done, cancel, account_id, object_id, created_at) values \
         ('export.make', '{{\"export\": \"{id}\"}}', 'ready', {later}, 0, 0, 0, false, '{account}', '{id}', 1)",
        account = company.id
    ));
    format!("/{}/account/exports/{id}", company.id)
}

#[track_caller]
fn refused_start(client: &Client, company: &Company, why: &str) {
    let asked = client.open(&format!("/{}/account/exports/new", company.id));
    client.post(asked.form_with("Start the export")).expect(422).must_say(why);
}

#[test]
fn one_is_made_at_a_time_and_its_page_says_how_far_it_is() {
    let (server, company) = world();
    let client = company.browser(&server);
    let page = waiting(&server, &company);
    refused_start(&client, &company, "EXP-111-111-111 is being made already");
    let other = Company::new(&server, "Southgate", Role::Vendor);
    start(&other.browser(&server), &other);
    client.open(&page).must_say("Begins in a moment");
    server.database().execute("update job set done = 1200, total = 4800 where object_id = 'EXP-111-111-111'");
    let part = client.fragment(&format!("{page}/progress")).expect(200);
    part.must_say("1,200 of 4,800 objects and files");
    assert!(part.attribute("[hx-get]", "hx-get").is_some_and(|href| href.ends_with("/progress")));
    assert_eq!(client.get(&format!("{page}/progress")).redirect().map(|u| u.path().to_owned()), Some(page.clone()));
    client.get(&format!("{page}/archive")).expect(404);
    server.database().execute(&format!("update job set run_at = {}", server.clock().now().0));
    wait::until("the archive", || client.open(&page).says("Download").then_some(()));
    let part = client.fragment(&format!("{page}/progress")).expect(200);
    assert_eq!(part.attribute("[data-then]", "data-then"), Some(page.clone()));
    client.open(&format!("/{}/account/exports", company.id)).must_say("EXP-111-111-111").must_say("Ready");
}

#[test]
fn whoever_asked_gets_a_mail_without_a_secret() {
    let (server, company) = world();
    let page = start(&company.browser(&server), &company);
    server.settle();
    let mail = server.mail().next_to(&company.email);
    assert_eq!(mail.link(), format!("{}{page}", server.base()));
    let opened = server.visitor().get(&mail.link());
    assert!(opened.redirect().is_some_and(|url| url.path() == "/sign-in"), "the link lets somebody in");
}

#[test]
fn a_cancelled_export_leaves_nothing_and_makes_room_for_another() {
    let (server, company) = world();
    let client = company.browser(&server);
    let page = waiting(&server, &company);
    client.submit(client.open(&page).form_with("Cancel the export")).expect(200).must_say("The export was cancelled.");
    assert_eq!((states(&server, "cancelled"), states(&server, "making")), (1, 0));
    let jobs = "select count(*) as n from job where kind = 'export.make' and status = 'cancelled'";
    assert_eq!(server.database().number(jobs), 1);
    client.send(Method::POST, &format!("{page}/cancel"), |r| r.form(&[("x", "")])).expect(422);
    exported(&server, &company).check();
    assert_eq!(server.database().number("select count(*) as n from file where content_type = 'application/zip'"), 1);
}

#[test]
fn a_deleted_archive_is_gone_at_once_and_its_bytes_follow() {
    let (server, company) = world();
    let client = company.browser(&server);
    let page = start(&client, &company);
    server.settle();
    let archive = format!("{page}/archive");
    Opened::of(&client.get(&archive).expect(200)).check();
    client.submit(client.open(&page).form_with("Delete the archive")).expect(200).must_say("The archive was deleted.");
    client.get(&archive).expect(404);
    client.open(&page).must_say("Deleted");
    gone_from_the_disk(&server);
}

/// Waits until the job that takes bytes away has taken those of the archive.
fn gone_from_the_disk(server: &Server) {
    wait::until("the archive's bytes to go", || {
        pass_hours(server.clock(), 1);
        server.settle();
        let rows = server.database().number("select count(*) as n from file where content_type = 'application/zip'");
        (rows == 0).then_some(())
    });
    let kept = server.dir().join("files").join("kept");
    let root = if kept.exists() { kept } else { server.dir().join("files") };
    assert_eq!(files_below(&root), 0, "bytes are left in {}", root.display());
}

fn files_below(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).expect("a folder");
    entries
        .map(|entry| entry.expect("an entry").path())
        .map(|path| if path.is_dir() { files_below(&path) } else { 1 })
        .sum()
}

#[test]
fn an_archive_can_be_fetched_for_a_week_and_not_a_moment_longer() {
    let (server, company) = world();
    let page = start(&company.browser(&server), &company);
    server.settle();
    let archive = format!("{page}/archive");
    pass_days(server.clock(), 6);
    pass_hours(server.clock(), 23);
    company.browser(&server).get(&archive).expect(200);
    pass_hours(server.clock(), 1);
    let client = company.browser(&server);
    client.get(&archive).expect(404);
    wait::until("housekeeping", || {
        pass_hours(server.clock(), 1);
        (states(&server, "expired") == 1).then_some(())
    });
    company.browser(&server).open(&page).must_say("Expired");
    gone_from_the_disk(&server);
    company.browser(&server).open(&format!("/{}/account/exports", company.id)).must_say("Expired");
}

#[test]
fn who_may_not_read_all_of_it_gets_none_of_it() {
    let (server, company) = world();
    let page = start(&company.browser(&server), &company);
    server.settle();
    let clerk = company.colleague(&server, "Cy", &[(Module::Account, Level::Manage)]);
    let list = format!("/{}/account/exports", company.id);
    clerk.browser.open(&list).must_say("Only who may read all of it");
    let shown = clerk.browser.open(&page);
    shown.must_say("Only who may read all of it");
    assert!(!shown.has("a[href$='/archive']"), "the page leads to what is refused");
    clerk.browser.get(&format!("{page}/archive")).expect(403);
    for (path, word) in [(format!("{list}/new"), "new"), (format!("{page}/delete"), "delete")] {
        let answer = clerk.browser.send(Method::POST, &path, |r| r.form(&[("x", "")]));
        assert!(matches!(answer.status, 403 | 422), "{word}: {}", answer.status);
    }
    assert_eq!((states(&server, "ready"), states(&server, "making")), (1, 0));
    let reader = company.colleague(&server, "Ro", &[(Module::Account, Level::Read)]);
    reader.browser.get(&list).expect(403);
}

#[test]
fn what_was_done_is_in_the_audit() {
    let (server, company) = world();
    let client = company.browser(&server);
    let page = start(&client, &company);
    server.settle();
    client.submit(client.open(&page).form_with("Delete the archive")).expect(200);
    client.open(&page).must_say("An export of all data was asked for").must_say("The archive was deleted");
    let id = page.rsplit('/').next().expect("an id");
    let audit = company.api(&server).get(&format!("audit?eq(object.id,{id})")).expect(200).json();
    let verbs: Vec<&str> = audit.as_array().expect("a list").iter().filter_map(|e| e["verb"].as_str()).collect();
    assert_eq!(verbs, ["export.deleted", "export.completed", "export.requested"]);
    assert_eq!(audit[2]["actor"]["id"], company.user.as_str());
    client.open(&format!("/{}/audit?eq(object.id,{id})", company.id)).must_say("Data export");
}

#[test]
fn so_many_archives_are_kept_and_each_has_a_size() {
    let server = Server::start_with(|config| config.limits.exports = 1);
    let company = Company::new(&server, "Northgate", Role::Distributor);
    exported(&server, &company);
    refused_start(&company.browser(&server), &company, "One archive is kept already");

    let server = Server::start_with(|config| config.limits.export_bytes = 3_000);
    let company = Company::new(&server, "Northgate", Role::Distributor);
    let client = company.browser(&server);
    let page = start(&client, &company);
    server.settle();
    client.open(&page).must_say("Failed").must_say("larger than the 3,000 bytes that are allowed (export_bytes)");
    assert_eq!(files_below(&server.dir().join("files")), 0, "a half-written archive is left");
}

#[test]
fn what_could_not_be_written_down_is_seen_as_failed_and_does_not_stand_in_the_way() {
    let (mut server, company) = world();
    let client = company.browser(&server);
    let page = waiting(&server, &company);
    server.expect_faults();
    server.database().execute("update job set status = 'dead', error = 'x' where kind = 'export.make'");
    client.open(&page).must_say("Failed").must_say("Something failed on our side");
    client.send(Method::POST, &format!("{page}/cancel"), |r| r.form(&[("x", "")])).expect(422);
    let id = act(&server, |tx| actions::start(tx, &company.system()));
    server.settle();
    client.open(&format!("/{}/account/exports/{id}", company.id)).must_say("Ready");
    assert_eq!(states(&server, "failed"), 1);
}
