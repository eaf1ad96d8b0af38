//! What holds for every page and every call: who may send what from where, headers, lists, exports, the API's manners.

use std::io::Read as _;

use causeway::kit::Role;
use reqwest::Method;
use serde_json::json;

use crate::support::client::Client;
use crate::support::logs;
use crate::support::page::{Page, selector, visible_text};
use crate::support::server::Server;
use crate::world::{Company, door};

fn start() -> (Server, Company) {
    let server = Server::start();
    let company = Company::make(&door(&server), "Alpha", Role::Vendor);
    (server, company)
}

#[test]
fn a_change_must_come_from_our_own_pages() {
    let (server, company) = start();
    let client = company.browser(&server);
    let rename = |origin: (&'static str, &'static str)| {
        client.send(Method::POST, "/profile", |request| {
            let fields =
                [("name", "Eve"), ("locale", "en"), ("timezone", ""), ("date_format", "iso"), ("theme", "auto")];
            request.header(origin.0, origin.1).form(&fields)
        })
    };
    for site in ["cross-site", "same-site"] {
        rename(("Sec-Fetch-Site", site)).expect(403).must_say("sent from another site");
    }
    assert!(!client.open("/profile").body().contains("Eve"), "it was changed all the same");
    rename(("Sec-Fetch-Site", "same-origin")).expect(303);
    assert!(client.open("/profile").body().contains("Eve"));
    // A browser that says only where it comes from.
    let bare = server.api("none");
    for (origin, status) in [("https://evil.example", 403), ("null", 403), (server.base(), 303)] {
        bare.send(Method::POST, "/sign-out", |request| request.header("Origin", origin).form(&[("x", "")]))
            .expect(status);
    }
}

#[test]
fn every_answer_carries_the_security_headers() {
    let (server, company) = start();
    let client = company.browser(&server);
    let api = company.api(&server);
    let answers = [
        client.get(&company.path("/users")),
        client.get("/sign-in"),
        client.get("/no-such-page"),
        client.get("/api-docs"),
        client.get("/healthz"),
        api.get("accounts"),
        api.get("nothing"),
        server.api("wrong").get("accounts"),
        client.get(&style(&client)),
    ];
    for answer in answers {
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{}", answer.url);
        assert!(!policy.contains("unsafe"), "{}: {policy}", answer.url);
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{name} of {}", answer.url);
        }
    }
    assert_eq!(client.get(&company.path("/users")).header("cache-control"), "no-store");
}

fn style(client: &Client) -> String {
    client.open("/sign-in").attribute("link[rel=stylesheet]", "href").expect("a style sheet")
}

/// How many statements an answer took.
fn statements(page: &Page) -> u32 {
    let timing = page.header("server-timing");
    let digits: String = timing.chars().filter(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_else(|_| panic!("Server-Timing: {timing:?}"))
}

#[test]
fn a_list_page_takes_few_statements_however_many_rows_it_has() {
    let (server, company) = start();
    let client = company.browser(&server);
    let few = statements(&client.open(&company.path("/users")));
    let api = company.api(&server);
    for n in 0..30 {
        let user = json!({ "email": format!("user{n}@alpha.example"), "name": format!("User {n}"),
            "groups": [{ "id": company.group.as_str() }] });
        api.post(&format!("accounts/{}/users", company.id), &user).expect(201);
    }
    let many = statements(&client.open(&company.path("/users")));
    assert!((3..=8).contains(&many), "{many} statements");
    assert_eq!(few, many, "the number of statements grows with the rows");
}

#[test]
fn an_export_has_what_the_filters_leave() {
    let (server, company) = start();
    let client = company.browser(&server);
    let csv = client.get(&company.path("/users?like(email,*visitor*)&_export=csv")).expect(200);
    assert!(csv.header("content-type").starts_with("text/csv"), "{}", csv.header("content-type"));
    assert!(csv.header("content-disposition").contains("attachment"), "{}", csv.header("content-disposition"));
    let text = csv.body();
    assert!(text.contains(&company.bystander_email) && !text.contains(&company.email), "{text}");
    assert_eq!(text.trim_end().lines().count(), 2, "{text}");

    let book = client.get(&company.path("/users?like(email,*visitor*)&_export=xlsx")).expect(200);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(book.bytes)).expect("an Excel workbook");
    let mut text = String::new();
    for n in 0..archive.len() {
        let mut part = archive.by_index(n).expect("a part");
        if part.name().expect("a name").ends_with(".xml") {
            part.read_to_string(&mut text).expect("text");
        }
    }
    assert!(text.contains(&company.bystander_email) && !text.contains(&company.email));
}

#[test]
fn an_empty_list_says_why_it_is_empty() {
    let mut server = Server::start();
    let company = Company::make(&door(&server), "Alpha", Role::Vendor);
    let client = company.browser(&server);
    let filtered = client.open(&company.path("/tokens?like(name,*no-such-name*)"));
    filtered.must_say("Nothing matches");
    assert!(filtered.has(&format!("a[href='{}']", company.path("/tokens"))), "no way back to the whole list");
    server.database().execute("delete from token_permission; delete from token");
    client.open(&company.path("/tokens")).must_say("No tokens yet");
    // What cannot be loaded is not shown as empty, and the cause is not told to the reader.
    server.expect_faults();
    server.database().execute("alter table token rename to token_gone");
    let broken = client.get(&company.path("/tokens")).expect(500);
    assert!(!broken.says("No tokens yet") && !broken.body().contains("token_gone"));
}

#[test]
fn the_list_of_accounts_is_filtered_and_counted() {
    let (server, company) = start();
    Company::make(&door(&server), "Beta", Role::Vendor);
    let api = company.api(&server);
    for (query, count) in [
        ("", 1),
        ("eq(role,vendor)", 1),
        ("eq(role,distributor)", 0),
        ("eq(name,Alpha)", 1),
        ("name=Alpha", 1),
        ("eq(name,Beta)", 0),
        ("in(id,(VA-000-000))", 0),
        ("like(name,*lph*)&ordering(-name)", 1),
    ] {
        let page = api.get(&format!("accounts?{query}")).expect(200);
        assert_eq!(page.json().as_array().unwrap().len(), count, "{query}");
        assert_eq!(page.header("content-range"), format!("items 0-0/{count}"), "{query}");
    }
    let refused = api.get("accounts?eq(name").expect(400).json();
    assert!(refused["error_code"].is_string() && refused["errors"].is_array(), "{refused}");
}

#[test]
fn the_list_of_tokens_is_filtered_sorted_and_paged() {
    let (server, company) = start();
    let api = company.api(&server);
    for name in ["Blue", "Green", "Red"] {
        api.post("auth/tokens", &json!({ "name": name })).expect(201);
    }
    let names = |query: &str| -> (Vec<String>, String) {
        let page = api.get(&format!("auth/tokens?{query}")).expect(200);
        let list = page.json();
        let names = list.as_array().unwrap().iter().map(|t| t["name"].as_str().unwrap().to_owned()).collect();
        (names, page.header("content-range").to_owned())
    };
    let range = |text: &str| text.to_owned();
    assert_eq!(names("ordering(name)&limit=2"), (vec!["Blue".into(), "Green".into()], range("items 0-1/4")));
    assert_eq!(names("ordering(-name)&limit=2&offset=1"), (vec!["Main".into(), "Green".into()], range("items 1-2/4")));
    assert_eq!(names("like(name,*ree*)"), (vec!["Green".into()], range("items 0-0/1")));
    assert_eq!(names("or(eq(name,Red),eq(name,Blue))&ordering(name)").0, ["Blue", "Red"]);
    assert_eq!(names("not(eq(name,Red))&ordering(name)").0, ["Blue", "Green", "Main"]);
    assert_eq!(names("name=nothing"), (vec![], range("items 0-0/0")));
    assert_eq!(names("limit=0"), (vec![], range("items 0-0/4")));
    assert_eq!(names("eq(status,active)&search=blue").0, ["Blue"]);
}

#[test]
fn the_api_takes_a_slash_at_the_end_and_passes_over_unknown_keys() {
    let (server, company) = start();
    let api = company.api(&server);
    assert_eq!(api.get("accounts/").expect(200).json(), api.get("accounts").expect(200).json());
    let path = format!("accounts/{}", company.id);
    let changed = api.put(&path, &json!({ "name": "Alpha Two", "no_such_key": [1], "role": "reseller" })).expect(200);
    assert_eq!((&changed.json()["name"], &changed.json()["role"]), (&json!("Alpha Two"), &json!("vendor")));
    let refused = api.put(&path, &json!({ "name": "x".repeat(65) })).expect(400).json();
    assert!(refused["errors"][0].as_str().unwrap().starts_with("name: "), "{refused}");
    let nothing = api.get("no/such/thing").expect(404).json();
    assert!(nothing["error_code"].is_string() && nothing["errors"][0].is_string(), "{nothing}");
    assert_eq!(server.api("ApiKey SU-000-000-000:x").get("accounts").expect(401).json()["error_code"], "AUTH_001");
}

#[test]
fn an_unknown_filter_counts_in_the_log_of_the_api_and_is_refused_by_pages() {
    let (server, company) = start();
    logs::keep_lines();
    company.api(&server).get("accounts?eq(colour,red)&eq(shape,round)").expect(200);
    let lines = logs::kept_lines();
    assert!(lines.contains("list=\"accounts\" count=2") || lines.contains("count=2 "), "{lines}");
    let browser = company.browser(&server);
    for export in ["", "&_export=csv"] {
        let refused = browser.get(&company.path(&format!("/users?eq(colour,red){export}"))).expect(400);
        assert!(refused.body().contains("colour"), "{}", refused.body());
    }
}

#[test]
fn the_same_key_is_answered_once() {
    let (server, company) = start();
    let api = company.api(&server);
    let invite = |key: &'static str, name: &str| {
        let body = json!({ "email": "cy@alpha.example", "name": name, "groups": [{ "id": company.group.as_str() }] });
        api.send(Method::POST, &format!("accounts/{}/users", company.id), |request| {
            request.header("Idempotency-Key", key).json(&body)
        })
    };
    let first = invite("key-1", "Cy").expect(201).json();
    assert_eq!(invite("key-1", "Cy").expect(201).json(), first);
    invite("key-1", "Somebody else").expect(409);
    invite("key-2", "Cy").expect(409);
    server.settle();
    assert_eq!(server.mail().all_to("cy@alpha.example").len(), 1);
}

#[test]
fn the_api_describes_itself() {
    let (server, _) = start();
    let visitor = server.visitor();
    let document = visitor.get("/public/v1/openapi.json").expect(200).json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3."), "{document}");
    let page = visitor.open("/api-docs");
    // The page is long: it is read once.
    let (html, headings) = (page.document(), selector("h2[id]"));
    let said = visible_text(html.root_element());
    for path in document["paths"].as_object().unwrap().keys() {
        assert!(said.contains(path), "{path} is not described");
    }
    let ids: Vec<&str> = html.select(&headings).filter_map(|heading| heading.attr("id")).collect();
    for object in document["components"]["schemas"].as_object().unwrap().keys() {
        assert!(ids.contains(&object.as_str()), "{object} is not described");
    }
    assert!(!page.has("main script"));
}

#[test]
fn head_is_answered_like_get() {
    let (server, company) = start();
    let client = company.browser(&server);
    let pages = causeway::routes::pages().into_iter().filter(|e| e.method == "GET");
    let paths = pages.map(|e| e.path.replace("{account}", company.id.as_str())).filter(|path| !path.contains('{'));
    for path in paths.chain(["/healthz".to_owned(), "/readyz".to_owned()]) {
        let (get, head) = (client.get(&path), client.send(Method::HEAD, &path, |request| request));
        assert_eq!((head.status, head.bytes.len()), (get.status, 0), "HEAD {path}");
    }
    let head = company.api(&server).send(Method::HEAD, "accounts", |request| request).expect(200);
    assert!(head.header("content-range").starts_with("items "), "no count in the answer to HEAD");
}

#[test]
fn an_address_without_a_company_leads_to_the_one_that_may_see_the_object() {
    let server = Server::start();
    let company = Company::make(&door(&server), "Alpha", Role::Distributor);
    let client = company.browser(&server);
    let hub = company.api(&server).post("hubs", &json!({ "name": "Shop", "instance_id": "shop-1" })).expect(201).json();
    let bare = format!("/hubs/{}", hub["id"].as_str().unwrap());
    let led = client.get(&format!("{bare}?tab=x")).redirect().expect("a redirect");
    assert_eq!(led.path(), company.path(&bare));
    assert_eq!(led.query(), Some("tab=x"));
    client.get("/hubs/HB-0000-0000").expect(404);
    client.get("/nowhere/HB-0000-0000").expect(404);
    let stranger = Company::make(&door(&server), "Beta", Role::Distributor);
    stranger.browser(&server).get(&bare).expect(404);
    let asked = server.visitor().get(&bare).redirect().expect("a redirect");
    assert_eq!(asked.path(), "/sign-in");
}

#[test]
fn the_character_that_no_database_keeps_is_refused_everywhere() {
    let (server, company) = start();
    let (api, client) = (company.api(&server), company.browser(&server));
    for path in ["contracts/%00", "accounts/VA-%00/users", "hubs/a%00b"] {
        api.get(path).expect(404);
    }
    client.get(&company.path("/contracts/%00")).expect(404);
    client.get("/hubs/%00").expect(404);
    for body in [json!({ "name": "a\0b" }), json!({ "a\0": 1 }), json!({ "permissions": [{ "id": "\0" }] })] {
        let refused = api.post("auth/tokens", &body).expect(400).json();
        assert!(refused["errors"][0].as_str().unwrap().contains("U+0000"), "{refused}");
    }
    let name = client.open("/profile").form_with("Save").set("name", "a\0b");
    client.submit(name).expect(200);
    assert_eq!(client.open("/profile").form_with("Save").value("name"), Some("a\u{fffd}b"));
}
