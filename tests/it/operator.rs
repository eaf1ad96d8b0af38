//! The operator's area: accounts, jobs, mail, storage, and who must not see any of it.

use causeway::flows::accounts::actions;
use causeway::kit::{Level, Module, Role};
use serde_json::json;

use crate::products::world::PNG;
use crate::support::client::Client;
use crate::support::companies::{Company, act};
use crate::support::page::Page;
use crate::support::program;
use crate::support::server::Server;
use crate::support::wait;

/// A distributor that runs the deployment, and its administrator's browser.
fn operator(server: &Server) -> (Company, Client) {
    let company = Company::new(server, "Northgate", Role::Distributor);
    act(server, |tx| actions::appoint_operator(tx, &company.id));
    let browser = company.browser(server);
    (company, browser)
}

fn statements(page: &Page) -> u32 {
    let digits: String = page.header("server-timing").chars().filter(char::is_ascii_digit).collect();
    digits.parse().expect("a count of statements")
}

/// Puts a job into the table as it is.
fn job(server: &Server, kind: &str, status: &str, run_at: i64) -> i64 {
    server.database().execute(&format!(
        "insert into job (kind, args, dedupe, status, run_at, tries, fence, done, cancel, error, created_at) \
         values ('{kind}', 'null', 'test {kind}', '{status}', {run_at}, 24, 24, 0, false, 'the disk is full', 1)"
    ));
    server.database().number(&format!("select id as n from job where dedupe = 'test {kind}'"))
}

#[test]
fn nobody_else_finds_the_area() {
    let server = Server::start();
    let (northgate, browser) = operator(&server);
    let home = browser.open(&format!("/{}", northgate.id));
    assert!(home.has(&format!("nav a[href='/{}/operator']", northgate.id)), "the operator's menu lacks its area");
    for role in Role::ALL {
        let other = Company::new(&server, &format!("Other {role}"), *role);
        let stranger = other.browser(&server);
        assert!(!stranger.open(&format!("/{}", other.id)).body().contains("/operator"), "{role}: the menu leads there");
        for page in ["", "/accounts", "/jobs", "/mail", "/storage", "/audit"] {
            assert_eq!(stranger.get(&format!("/{}/operator{page}", other.id)).status, 404, "{role} {page}");
            assert_eq!(stranger.get(&format!("/{}/operator{page}", northgate.id)).status, 404, "{role} {page}");
        }
        let id = &northgate.id;
        let sent =
            stranger.send(reqwest::Method::POST, &format!("/{}/operator/accounts/{id}/deactivate", other.id), |r| {
                r.form(&[("reason", "x")])
            });
        assert_eq!(sent.status, 404, "{role}");
    }
    // Whoever it was is it no longer.
    let second = Company::new(&server, "Second", Role::Distributor);
    act(&server, |tx| actions::appoint_operator(tx, &second.id));
    assert_eq!(browser.get(&format!("/{}/operator", northgate.id)).status, 404);
    second.browser(&server).open(&format!("/{}/operator", second.id)).must_say("Operator");
}

#[test]
fn the_command_line_says_who_runs_the_deployment() {
    let server = Server::start();
    let run = |arguments: &[&str]| {
        let mut command = program::command(server.dir());
        let output = command.env("CAUSEWAY_DATABASE_URL", server.database().url()).args(arguments).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.success(), text(&output.stdout) + &text(&output.stderr))
    };
    assert!(!run(&["operator"]).0);
    let (first, vendor) =
        (Company::new(&server, "Northgate", Role::Distributor), Company::new(&server, "Halden", Role::Vendor));
    let (done, told) = run(&["operator", vendor.id.as_str()]);
    assert!(!done && told.contains("Only an active distributor"), "{told}");
    assert!(!run(&["operator", "PA-999-999"]).0);
    assert!(run(&["operator", first.id.as_str()]).0);
    assert_eq!(run(&["operator"]).1.trim(), first.id.as_str());
    let page = first.browser(&server).open(&format!("/{}/operator/audit", first.id));
    page.must_say("Northgate runs the deployment now").must_say("Command line of the server");
}

#[test]
fn a_dead_job_runs_again_and_a_waiting_one_is_cancelled() {
    let mut server = Server::start();
    server.expect_faults();
    let (northgate, browser) = operator(&server);
    let base = format!("/{}/operator", northgate.id);
    let later = server.clock().now().plus_seconds(3600).0;
    let dead = job(&server, "journal.seal", "dead", 1);
    let waiting = job(&server, "files.clean", "ready", later);
    let overview = browser.open(&base);
    overview.must_say("One job has failed for good.");
    let list = browser.click(&overview, "Show them");
    list.must_say("journal.seal").must_say("the disk is full").must_say("Dead");
    assert!(browser.open(&format!("{base}/jobs")).rows("main table")[0][0].contains("journal.seal"));
    let page = browser.open(&format!("{base}/jobs/{dead}"));
    browser.submit(page.form_with("Run again")).expect(200).must_say("The job was put back into the queue.");
    let status = |id: i64, status: &str| {
        server.database().number(&format!("select count(*) as n from job where id = {id} and status = '{status}'")) == 1
    };
    wait::until("the job to be done", || status(dead, "done").then_some(()));
    let path = format!("{base}/jobs/{dead}/run-again");
    let refused = browser.send(reqwest::Method::POST, &path, |r| r.form(&[("confirmed", "yes")]));
    refused.expect(422).must_say("so this cannot be done");
    let page = browser.open(&format!("{base}/jobs/{waiting}"));
    browser
        .submit(page.form_with("Cancel job"))
        .expect(200)
        .must_say("The job was asked to stop.")
        .must_say("Cancelled");
    assert!(status(waiting, "cancelled"));
    let audit = browser.open(&format!("{base}/audit"));
    audit.must_say("ran the job journal.seal again").must_say("cancelled the job files.clean");
    assert_eq!(browser.get(&format!("{base}/jobs/99999999")).status, 404);
    assert_eq!(browser.get(&format!("{base}/jobs/x")).status, 404);
}

#[test]
fn nobody_acts_in_an_account_that_was_deactivated() {
    let server = Server::start();
    let (northgate, browser) = operator(&server);
    let halden = Company::new(&server, "Halden", Role::Vendor);
    let (theirs, api) = (halden.browser(&server), halden.api(&server));
    let home = format!("/{}", halden.id);
    let form = theirs.open(&format!("{home}/account/edit")).form_with("Save").set("name", "Too late");
    api.get("accounts").expect(200);
    let page = format!("/{}/operator/accounts/{}", northgate.id, halden.id);
    let asked = browser.open(&page);
    asked.must_say("halden@example.com");
    let without = browser.submit(asked.form_with("Deactivate account")).expect(422);
    without.must_say("This field is required.");
    let done = browser.submit(without.form_with("Deactivate account").set("reason", "Bills are open")).expect(200);
    done.must_say("The account was deactivated.").must_say("Closed");
    // At once, for sessions and tokens that are there.
    assert_eq!(theirs.get(&home).status, 404);
    assert_eq!(theirs.post(form).status, 404);
    api.get("accounts").expect(401);
    api.put(&format!("accounts/{}", halden.id), &json!({ "name": "Too late" })).expect(401);
    assert_eq!(server.database().number("select count(*) as n from account where name = 'Too late'"), 0);
    // Twice is once.
    let again = browser.get(&format!("{page}/deactivate")).expect(200);
    browser.submit(again.form_with("Deactivate account").set("reason", "Again")).expect(422).must_say("is inactive");
    let back = browser.open(&page).form_with("Activate account").set("reason", "Paid");
    browser.submit(back).expect(200).must_say("The account was activated.");
    api.get("accounts").expect(200);
    let audit = theirs.open(&format!("{home}/audit"));
    audit.must_say("deactivated this account: Bills are open").must_say("activated this account again: Paid");
    audit.must_say("Northgate");
    let entry = api.get("audit?eq(verb,account.deactivated)").expect(200).json();
    assert_eq!(entry[0]["account"]["id"], northgate.id.as_str());
    assert_eq!(entry[0].get("origin"), None, "the operator's address is told");
    browser.open(&format!("/{}/operator/audit", northgate.id)).must_say("Bills are open").must_say("127.0.0.1");
    // The operator does not lock itself out.
    let own = format!("/{}/operator/accounts/{}", northgate.id, northgate.id);
    browser.open(&own).must_say("runs the deployment and stays active");
    let path = format!("{own}/deactivate");
    let refused = browser.send(reqwest::Method::POST, &path, |r| r.form(&[("reason", "x")]));
    refused.expect(422).must_say("stays active");
}

#[test]
fn what_became_of_a_mail_is_told_and_its_words_are_not() {
    let mut server = Server::start();
    server.expect_faults();
    let (northgate, browser) = operator(&server);
    let halden = Company::new(&server, "Halden", Role::Vendor);
    let visitor = server.visitor();
    let ask = || {
        let form = visitor.open("/forgotten-password").form_with("Send a link").set("email", &halden.email);
        visitor.submit(form).expect(200);
    };
    ask();
    let first = server.mail().next_to(&halden.email);
    let list = format!("/{}/operator/mail", northgate.id);
    server.settle();
    let page = browser.open(&list);
    page.must_say(&halden.email).must_say("Set a new password").must_say("Sent");
    let one = browser.click(&page, &halden.email).expect(200);
    assert!(!one.body().contains("secret=") && !one.says("Somebody, probably you"), "the mail is shown");
    browser.submit(one.form_with("Send again")).expect(200).must_say("The mail is sent again.");
    assert_eq!(server.mail().next_to(&halden.email).text, first.text, "another mail was sent");
    let secret = first.link().split_once("secret=").unwrap().1.to_owned();
    assert_eq!(server.database().tables_with(&secret), Vec::<String>::new());

    // A mail that cannot go out says why, and goes out when it can.
    let folder = server.dir().join("mail");
    let aside = server.dir().join("aside");
    std::fs::rename(&folder, &aside).unwrap();
    std::fs::write(&folder, "").unwrap();
    server.clock().advance_seconds(3600);
    ask();
    let wrong = "select count(*) as n from mail_log where error is not null and status = 'waiting'";
    wait::until("the mail to fail", || (server.database().number(wrong) == 1).then_some(()));
    browser.open(&list).must_say("Tried again later");
    browser.open(&format!("/{}/operator", northgate.id)).must_say("Last one failed");
    std::fs::remove_file(&folder).unwrap();
    std::fs::rename(&aside, &folder).unwrap();
    server.clock().advance_seconds(60);
    wait::until("the mail to go out", || (server.database().number(wrong) == 0).then_some(()));
    assert_eq!(server.database().number("select count(*) as n from mail_log where status = 'sent'"), 3);
    let audit = browser.open(&format!("/{}/operator/audit", northgate.id));
    audit.must_say(&format!("sent a mail to {} again", halden.email));
    // One whose words are no longer kept is not sent again.
    server.database().execute("delete from job where kind = 'mail.send'");
    let line = browser.click(&browser.open(&list), &halden.email);
    line.must_say("No longer kept");
    let path = format!("{}/again", line.url.path());
    let refused = browser.send(reqwest::Method::POST, &path, |r| r.form(&[("confirmed", "yes")]));
    refused.expect(422).must_say("is no longer kept");
}

#[test]
fn each_page_takes_few_statements_and_each_deed_its_permission() {
    let mut server = Server::start();
    server.expect_faults();
    let (northgate, browser) = operator(&server);
    let base = format!("/{}/operator", northgate.id);
    for number in 0..30 {
        Company::new(&server, &format!("Company {number}"), Role::Reseller);
    }
    let dead = job(&server, "journal.seal", "dead", 1);
    let visitor = server.visitor();
    let form = visitor.open("/forgotten-password").form_with("Send a link").set("email", &northgate.email);
    visitor.submit(form).expect(200);
    server.settle();
    let mail = browser.open(&format!("{base}/mail")).link_to("/operator/mail/ML-");
    let pages = [
        base.clone(),
        format!("{base}/accounts"),
        format!("{base}/accounts/{}", northgate.id),
        format!("{base}/jobs"),
        format!("{base}/jobs/{dead}"),
        format!("{base}/mail"),
        mail,
        format!("{base}/storage"),
        format!("{base}/audit"),
        format!("/{}/audit", northgate.id),
    ];
    for page in &pages {
        let shown = browser.open(page);
        assert!(statements(&shown) <= 8, "{page} takes {} statements", statements(&shown));
    }
    // Who may only look is offered nothing else, and refused.
    act(&server, |tx| {
        let system = northgate.system();
        let seat = system.seat().expect("a seat");
        let looks = causeway::kit::Actor::System {
            seat: causeway::kit::Seat { permissions: only(Module::Devops, Level::Read), ..seat.clone() },
        };
        let refused = causeway::flows::operator::actions::change_job(
            tx,
            &looks,
            &dead.to_string(),
            causeway::flows::operator::actions::JobVerb::RunAgain,
        );
        assert!(refused.is_err_and(|e| e.to_string().contains("DevOps")), "reading is enough to act");
        Ok(())
    });
}

fn only(module: Module, level: Level) -> causeway::kit::Permissions {
    let mut permissions = causeway::kit::Permissions::default();
    permissions.grant(module, level);
    permissions
}

#[test]
fn what_is_kept_for_people_is_of_no_account() {
    let server = Server::start();
    let (northgate, browser) = operator(&server);
    for form in ["/profile/picture".to_owned(), format!("/{}/account/logo", northgate.id)] {
        let form = browser.open(&form).form_with("Save").attach("icon", "a.png", "image/png", PNG);
        browser.submit(form).expect(200);
    }
    let page = browser.open(&format!("/{}/operator/storage", northgate.id));
    page.must_say("Northgate").must_say("Of no account");
    assert!(!page.body().contains("/operator/accounts/UR-"), "a person is shown as an account");
}
