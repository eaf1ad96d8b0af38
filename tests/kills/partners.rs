//! Contracts and companies: hub, marketplace, agreements, an invited vendor and reseller, tokens, users; and the same
//! through pages.

use causeway::kit::{AccountId, Role};
use serde_json::{Value, json};

use crate::portal::{Portal, Who, twice};
use crate::support::client::Client;
use crate::support::companies::PASSWORD;

/// Companies under contract.
pub struct Partners {
    pub distributor: Who,
    pub vendor: Who,
    /// The program agreement.
    pub program: String,
    pub hub: String,
    pub marketplace: String,
    /// The vendor's distribution contract.
    pub contract: String,
}

/// The text of a field in an answer, `asset.id`.
#[track_caller]
pub fn text(value: &Value, path: &str) -> String {
    let found = path.split('.').fold(value, |v, key| match key.parse::<usize>() {
        Ok(n) => &v[n],
        Err(_) => &v[key],
    });
    found.as_str().unwrap_or_else(|| panic!("no text at {path} in {value}")).to_owned()
}

/// The thread from nothing to active contracts.
pub fn partners(portal: &mut Portal) -> Partners {
    let distributor = portal.company("Northgate", Role::Distributor);
    let hub = json!({ "name": "Hub", "description": "", "instance": { "id": "hub-1", "type": "API" } });
    let hub = text(&portal.post("marketplaces.register_hub.before-commit", &distributor, "hubs", hub), "id");
    let marketplace = json!({
        "name": "Nordics", "currency": "EUR", "countries": [{ "id": "DE" }], "hubs": [{ "hub": { "id": hub }, "external_id": "1" }],
    });
    let marketplace =
        text(&portal.post("marketplaces.create.before-commit", &distributor, "marketplaces", marketplace), "id");
    let mut agreement = |kind: &str| {
        let body =
            json!({ "type": kind, "title": kind, "description": "Terms", "document_type": "none", "active": true });
        text(&portal.post("contracts.create_agreement.before-commit", &distributor, "agreements", body), "id")
    };
    let (program, service) = (agreement("program"), agreement("service"));
    let distribution = json!({
        "type": "distribution", "title": "Distribution", "description": "Terms", "document_type": "none", "active": true,
        "marketplace": { "id": marketplace },
    });
    let path = format!("agreements/{program}/agreements");
    let distribution =
        text(&portal.post("contracts.create_agreement.before-commit", &distributor, &path, distribution), "id");
    let vendor = partner(portal, &distributor, &program, "Halden");
    let path = format!("agreements/{distribution}/contracts");
    let contract = text(&portal.post("contracts.enrol.before-commit", &vendor, &path, json!({})), "id");
    let signed =
        portal.post("contracts.activate.written", &distributor, &format!("contracts/{contract}/sign"), json!({}));
    assert_eq!(signed["status"], "active");
    partner(portal, &distributor, &service, "Alpina");
    Partners { distributor, vendor, program, hub, marketplace, contract }
}

/// Invites a company, which gets a mail, and opens it.
fn partner(portal: &mut Portal, distributor: &Who, agreement: &str, name: &str) -> Who {
    let email = format!("{}@invited.example", name.to_lowercase());
    let offer = json!({ "kind": "production", "activation": { "message": "Welcome", "email": email }, "partner": { "name": name } });
    let path = format!("agreements/{agreement}/contracts");
    let contract = portal.post("contracts.offer.written", distributor, &path, offer);
    assert_eq!(portal.mail().all_to(&email).len(), 1, "one mail to {email}");
    let user = text(&portal.get(distributor, &format!("accounts/{}/users", distributor.id)), "0.id");
    let code = text(&contract, "activation.code");
    let body = json!({
        "id": contract["partner"]["id"], "name": name, "contract_id": contract["id"], "code": code, "users": [{ "id": user }],
    });
    let path = format!("accounts?code={code}");
    let account = portal.post("accounts.join.before-commit", distributor, &path, body);
    let role = Role::parse(&text(&account, "role")).expect("a known role");
    let id = AccountId::parse(&text(&account, "id")).expect("an account's id");
    portal.with_key(id, name, role)
}

/// A group is made, changed, filled and deleted; an invitation is sent again.
fn people(portal: &mut Portal, who: &Who, user: &str) {
    let point = "accounts.manage.before-commit";
    let groups = format!("accounts/{}/groups", who.id);
    let group = text(&portal.post(point, who, &groups, json!({ "name": "Desk" })), "id");
    let group = format!("{groups}/{group}");
    portal.write(point, who, reqwest::Method::PUT, &group, json!({ "name": "Desks" }));
    let act = json!({ "object": { "id": "MD-0010" }, "level": "act" });
    portal.post(point, who, &format!("{group}/permissions"), act);
    portal.post(point, who, &format!("{group}/users"), json!({ "id": user }));
    portal.write(point, who, reqwest::Method::DELETE, &format!("{group}/users"), json!({ "id": user }));
    portal.write(point, who, reqwest::Method::DELETE, &group, json!({}));
    portal.post(point, who, &format!("accounts/{}/users/{user}/reinvite", who.id), json!({}));
}

#[test]
fn contracts_and_companies() {
    twice(56, |portal| {
        let made = partners(portal);
        // Users and tokens of the distributor.
        let who = &made.distributor;
        let group = text(&portal.get(who, &format!("accounts/{}/groups", who.id)), "0.id");
        for name in ["ann", "bo"] {
            let email = format!("{name}@northgate.example");
            let body = json!({ "email": email, "name": name, "groups": [{ "id": group }] });
            let users = format!("accounts/{}/users", who.id);
            let user = text(&portal.post("accounts.manage.before-commit", who, &users, body), "id");
            assert_eq!(portal.mail().all_to(&email).len(), 1, "one mail to {email}");
            if name == "bo" {
                let path = format!("{users}/{user}");
                people(portal, who, &user);
                portal.write("accounts.manage.before-commit", who, reqwest::Method::DELETE, &path, json!({}));
            }
        }
        let token = json!({ "name": "Machine", "description": "", "expiration_date": "2199-01-31T10:00:00+00:00" });
        let token = portal.post("accounts.create_token.before-commit", who, "auth/tokens", token);
        let path = format!("auth/tokens/{}", text(&token, "id"));
        for verb in ["deactivate", "activate"] {
            portal.post("accounts.change_token.before-commit", who, &format!("{path}/{verb}"), json!({}));
        }
        portal.post("accounts.renew_token.before-commit", who, &format!("{path}/renew"), json!({}));
        portal.post("accounts.rotate_token.before-commit", who, &format!("{path}/rotate"), json!({}));
        portal.write("accounts.change_token.before-commit", who, reqwest::Method::DELETE, &path, json!({}));
        let rule = json!({ "value": "127.0.0.0/8", "comment": "" });
        let rule = portal.post("accounts.add_ip_rule.before-commit", who, "acl/tokens/rules", rule);
        let path = format!("acl/tokens/rules/{}", text(&rule, "id"));
        portal.write("accounts.delete_ip_rules.before-commit", who, reqwest::Method::DELETE, &path, json!({}));
        let end = format!("contracts/{}/terminate", made.contract);
        let ended = portal.post("contracts.terminate.written", who, &end, json!({ "termination_note": "Enough" }));
        assert_eq!(ended["status"], "terminated");
        // An entry that is not sealed yet.
        portal.stop();
        portal.with_key(who.id.clone(), &who.name, who.role);
        portal.jobs_die(&["journal.seal.before-commit", "jobs.claimed", "jobs.before-end@journal.seal"]);
    });
}

/// Proves in a browser who one is, for a while.
fn prove(browser: &Client) {
    let form = browser.open("/confirm?next=/profile").form_with("Confirm").set("password", PASSWORD);
    browser.submit(form).expect(200);
}

/// What an authenticator app with this key shows now.
fn app_code(portal: &Portal, key: &str) -> String {
    let secret = totp_rs::Secret::try_from_base32(key.replace(' ', "")).expect("a key in base 32");
    let app = totp_rs::Builder::new().with_secret(secret).build().expect("an app");
    let now = portal.clock().now().0 / 1_000_000;
    app.generate(u64::try_from(now).expect("after 1970")).to_string()
}

#[test]
fn pages_and_mail() {
    twice(20, |portal| {
        let made = portal.in_peace(partners);
        let account = made.distributor.id.clone();
        let group = text(&portal.get(&made.distributor, &format!("accounts/{account}/groups")), "0.id");
        portal.settle();
        let browser = Client::new(&portal.base());
        let form = browser.open("/sign-in").form_with("Sign in");
        browser.submit(form.set("email", "northgate@example.com").set("password", PASSWORD)).expect(200);

        let form = browser.open(&format!("/{account}/hubs/new")).form_with("Register hub");
        let form = form.set("name", "Second").set("instance_id", "shop-2");
        let page = portal.submit("marketplaces.register_hub.before-commit", &browser, &form);
        page.expect(200).must_say("The hub Second was registered.");

        let form = browser.open(&format!("/{account}/account/edit")).form_with("Save");
        let page = portal.submit("accounts.edit.before-commit", &browser, &form.set("name", "Northgate AG"));
        page.expect(200).must_say("Northgate AG");

        // A sub-account is opened, closed by itself, opened again, and closed from above.
        prove(&browser);
        let form = browser.open(&format!("/{account}/sub-accounts/new")).form_with("Open sub-account");
        let page = portal.submit("accounts.sub_account.before-commit", &browser, &form.set("name", "Lab"));
        let sub = page.expect(200).url.path().rsplit('/').next().unwrap_or_default().to_owned();
        prove(&browser);
        let form = browser.open(&format!("/{sub}/account/close")).form_with("Close account").set("reason", "Done");
        let page = portal.submit("accounts.close.before-commit", &browser, &form);
        // Who was not answered and asks again is out of the account already, and is told why.
        page.must_say(if page.status == 404 { "The account Lab was closed" } else { "The account was closed." });
        prove(&browser);
        let at = |verb: &str| browser.open(&format!("/{account}/sub-accounts/{sub}/{verb}"));
        browser.submit(at("open").form_with("Open sub-account again").set("reason", "More")).expect(200);
        let form = at("close").form_with("Close sub-account").set("reason", "Enough");
        let page = portal.submit("accounts.close_sub_account.before-commit", &browser, &form);
        page.expect(200).must_say("Enough");

        // A person opens an invited company.
        let (offer, email) = (&made.program, "mara@fourth.example");
        let path = format!("agreements/{offer}/contracts");
        let body = json!({ "kind": "production", "activation": { "message": "Welcome", "email": email }, "partner": { "name": "Fourth" } });
        portal.in_peace(|portal| portal.post("contracts.offer.written", &made.distributor, &path, body));
        let mara = Client::new(&portal.base());
        let page = mara.open(&portal.mail().all_to(email)[0].link());
        let page = mara.submit(page.form_with("Continue").check("accept", "yes")).expect(200);
        let form = page.form_with("Continue").set("name", "Mara Holt").set("email", email).set("company", "Fourth AS");
        let page = mara.submit(form).expect(200);
        let form = page.form_with("Activate").set("password", PASSWORD).set("again", PASSWORD);
        let page = portal.submit("accounts.join.before-commit", &mara, &form);
        page.expect(200).must_say("Welcome. The contract is active.");

        // The mail of an invitation is sent once, wherever its job dies.
        prove(&browser);
        let form = browser.open(&format!("/{account}/users/new")).form_with("Send invitation");
        let form = form.set("name", "Cleo").set("email", "cleo@northgate.example").check("groups", &group);
        let page = portal.submit("accounts.manage.before-commit", &browser, &form);
        page.expect(200);
        for point in ["mail.before-send", "mail.sent", "jobs.before-end@mail.send"] {
            let email = format!("{}@mail.example", point.replace(['.', '@'], "-"));
            portal.act(|tx| {
                let mail = causeway::jobs::mail::Mail {
                    to_name: String::new(),
                    to: String::new(),
                    subject: causeway::kit::Text::new("Hello"),
                    paragraphs: vec![],
                    link: None,
                    locale: None,
                };
                let address = causeway::kit::Email::parse(&email).expect("an address");
                causeway::jobs::mail::send(tx, point, None, &address, mail)
            });
            portal.jobs_die(&[point]);
            assert_eq!(portal.mail().all_to(&email).len(), 1, "one mail to {email}");
        }
        let mail = portal.mail().all_to("cleo@northgate.example");
        assert_eq!(mail.len(), 1);
        let cleo = Client::new(&portal.base());
        let form = cleo.open(&mail[0].link()).form("main form");
        let form = form.set("password", PASSWORD).set("again", PASSWORD);
        portal.submit("accounts.set_password.before-commit", &cleo, &form).expect(200);

        // Second factors: what the account asks for, and one's own.
        prove(&browser);
        let form = browser.open(&format!("/{account}/account/security")).form_with("Save").set("policy", "suggested");
        let page = portal.submit("accounts.factor_policy.before-commit", &browser, &form);
        page.expect(200).must_say("The rule for second factors was saved");
        prove(&browser);
        let page = browser.open("/profile/security/app");
        let code = app_code(portal, &page.text("main p code.id"));
        browser.post(page.form_with("Set up").set("code", &code)).expect(200);
        let form = browser.open("/profile/security/app/remove").form_with("Remove");
        portal.submit("accounts.factors.before-commit", &browser, &form).expect(200);
    });
}
