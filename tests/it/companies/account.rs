//! What a company tells about itself, on its page and by the API.

use causeway::kit::{Level, Module, Role};
use reqwest::Method;
use serde_json::{Value, json};

use crate::partners::world::refused;
use crate::products::world::{PNG, with_file};
use crate::support::client::Api;
use crate::support::companies::Company;
use crate::support::page::Page;
use crate::support::server::Server;

fn start() -> (Server, Company) {
    let server = Server::start();
    let company = Company::new(&server, "Alpha", Role::Vendor);
    (server, company)
}

fn put(api: &Api, company: &Company, body: &Value) -> Page {
    api.put(&format!("accounts/{}", company.id), body)
}

#[test]
fn the_page_shows_what_the_form_saved_and_what_it_was_before() {
    let (server, company) = start();
    let client = company.browser(&server);
    let at = |path: &str| format!("/{}{path}", company.id);
    let page = client.open(&at("/account"));
    page.must_say("Nothing yet. Your partners read here what your company does.");
    let form = client.click(&page, "Edit").form_with("Save");
    let filled = form
        .set("name", "Alpha Software")
        .set("description", "We make backups.")
        .set("overview", "# Backups\n\nThat **work**. <script>alert(1)</script>")
        .set("headquarters", "Halden, Norway")
        .set("countries", "no, Sweden")
        .set("languages", "EN, Norwegian")
        .set("websites", "https://alpha.example\nhttp://docs.alpha.example/en")
        .check("industries", "IND-10")
        .set("external_id", "ERP-77");
    let saved = client.submit(filled).expect(200);
    saved.must_say("The account was saved.").must_say("Alpha Software").must_say("We make backups.");
    saved.must_say("Norway").must_say("Sweden").must_say("Norwegian").must_say("Information technology");
    assert_eq!(saved.text("h3"), "Backups", "Markdown is shown, below the page's own headings");
    assert!(!saved.body().contains("<script>alert"), "the sanitiser lets scripts through");
    let rel = saved.attribute(r#"a[href="https://alpha.example/"]"#, "rel").expect("the website is a link");
    assert!(rel.contains("noopener") && rel.contains("nofollow"), "{rel}");
    saved.must_say("The account was changed");
    assert!(saved.body().contains("Alpha Software") && saved.has("ol.events"), "the timeline tells it");
    let again = client.open(&at("/account/edit")).form_with("Save");
    assert_eq!(again.value("countries"), Some("NO, SE"));
    assert_eq!(again.value("websites"), Some("https://alpha.example/\nhttp://docs.alpha.example/en"));
    // Nothing changed, nothing noted.
    let before = server.database().number("select count(*) as n from event where verb = 'account.changed'");
    client.submit(again).expect(200);
    assert_eq!(server.database().number("select count(*) as n from event where verb = 'account.changed'"), before);
}

#[test]
fn whoever_comes_second_is_told_what_happened_meanwhile() {
    let (server, company) = start();
    let client = company.browser(&server);
    let open = || client.open(&format!("/{}/account/edit", company.id)).form_with("Save");
    let (first, second) = (open(), open());
    client.submit(first.set("headquarters", "Oslo")).expect(200);
    let late = client.post(second.set("headquarters", "Bergen")).expect(422);
    late.must_say("while you had it open").must_say("Headquarters: Oslo");
    assert_eq!(late.form_with("Save").value("headquarters"), Some("Bergen"), "what was typed is lost");
}

#[test]
fn a_form_says_everything_that_is_wrong_and_keeps_what_was_typed() {
    let (server, company) = start();
    let client = company.browser(&server);
    let form = client.open(&format!("/{}/account/edit", company.id)).form_with("Save");
    let wrong = form
        .set("name", "  ")
        .set("countries", "DE, Atlantis")
        .set("languages", "Klingon")
        .set("websites", "javascript:alert(1)\nhttps://me:pw@alpha.example");
    let page = client.post(wrong).expect(422);
    page.must_say("There is no country “Atlantis”").must_say("There is no language “Klingon”");
    page.must_say("“javascript:alert(1)”, “https://me:pw@alpha.example”: this is not the address of a website");
    page.must_say("This field is required.");
    assert!(!page.has(r#"a[href^="javascript"]"#));
    assert_eq!(page.form_with("Save").value("countries"), Some("DE, Atlantis"));
    client.post(page.form_with("Save").tamper("industries", "IND-99")).expect(422);
}

#[test]
fn the_api_tells_absent_from_null_and_passes_over_what_it_does_not_write() {
    let (server, company) = start();
    let api = company.api(&server);
    let body = json!({
        "name": "Alpha AS", "description": "Backups", "overview": "Long", "headquarters": "Halden", "external_id": "E-1",
        "countries": ["NO", { "id": "se" }], "languages": ["no"], "websites": ["https://alpha.example/"],
        "industries": [{ "id": "IND-10" }], "role": "distributor", "public": true, "status": "inactive", "id": "VA-1",
        "permissions": { "agreement": { "program": { "create": true } } }, "unknown": 1,
    });
    let saved = put(&api, &company, &body).expect(200).json();
    for (name, value) in [
        ("id", json!(company.id.as_str())),
        ("name", json!("Alpha AS")),
        ("type", json!("vendor")),
        ("role", json!("vendor")),
        ("status", json!("active")),
        ("public", json!(false)),
        ("external_id", json!("E-1")),
        ("countries", json!(["NO", "SE"])),
        ("languages", json!(["no"])),
        ("websites", json!(["https://alpha.example/"])),
        ("industries", json!([{ "id": "IND-10", "name": "Information technology" }])),
        ("icon", Value::Null),
    ] {
        assert_eq!(saved[name], value, "{name}");
    }
    assert_eq!(saved["permissions"]["agreement"]["program"]["create"], json!(false), "nobody gives rights to itself");
    let emptied = put(&api, &company, &json!({ "description": null, "countries": null, "industries": [] })).expect(200);
    let emptied = emptied.json();
    assert_eq!((emptied["description"].clone(), emptied["countries"].clone()), (json!(""), json!([])));
    assert_eq!(
        (emptied["overview"].clone(), emptied["websites"][0].clone()),
        (json!("Long"), json!("https://alpha.example/"))
    );
    assert!(emptied["events"]["updated"]["at"].is_string());
    let wrong = json!({ "countries": "DE", "languages": [1], "websites": ["ftp://a.example"], "industries": [{ "id": "IND-99" }] });
    let said = refused(put(&api, &company, &wrong), 400);
    assert!(said.contains("countries: This is not a list.") && said.contains("languages.0: "), "{said}");
    let said = refused(
        put(&api, &company, &json!({ "websites": ["ftp://a.example"], "industries": [{ "id": "IND-99" }] })),
        400,
    );
    assert!(said.contains("websites: ") && said.contains("industries: There is no industry “IND-99”"), "{said}");
    assert_eq!(api.get("industries?like(name,Auto*)").expect(200).json()[0]["id"], "IND-02");
    assert_eq!(api.get("industries/IND-02").expect(200).json()["name"], "Automotive");
    api.get("industries/IND-99").expect(404);
    assert_eq!(api.get("countries/NO").expect(200).json()["name"], "Norway");
    api.get("countries/XX").expect(404);
}

#[test]
fn only_those_who_manage_the_account_change_it_and_only_their_own() {
    let (server, company) = start();
    let other = Company::new(&server, "Beta", Role::Vendor);
    let reader = company.api_with(&server, &[(Module::Account, Level::Act)]);
    put(&reader, &company, &json!({ "name": "No" })).expect(403);
    put(&other.api(&server), &company, &json!({ "name": "No" })).expect(404);
    other.api(&server).get(&format!("accounts/{}", company.id)).expect(404);
    assert_eq!(company.api(&server).get("accounts").expect(200).json()[0]["name"], "Alpha");
}

#[test]
fn a_logo_is_a_picture_that_anybody_may_see_and_goes_when_it_is_replaced() {
    let (server, company) = start();
    let api = company.api(&server);
    let path = format!("accounts/{}", company.id);
    let send =
        |body: &Value, bytes: &[u8]| api.send(Method::PUT, &path, |r| r.multipart(with_file(body, "icon", bytes)));
    refused(send(&json!({}), b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), 400);
    let first = send(&json!({ "name": "Alpha AS" }), PNG).expect(200).json();
    let icon = first["icon"].as_str().expect("a path").to_owned();
    assert!(icon.starts_with(&format!("/media/{}/media/", company.id)) && icon.ends_with(".png"), "{icon}");
    assert_eq!(first["name"], "Alpha AS");
    let seen = server.visitor().get(&icon).expect(200);
    assert_eq!((seen.header("content-type"), seen.bytes.as_slice()), ("image/png", PNG));
    // The key belongs to this company: not to another, nor under another object, nor as another kind of file.
    let name = icon.rsplit('/').next().expect("a name");
    server.visitor().get(&format!("/media/VA-000-001/media/{name}")).expect(404);
    server.visitor().get(&format!("/media/{}/PRD-1/media/{name}", company.id)).expect(404);
    server.visitor().get(&icon.replace(".png", ".html")).expect(404);
    let second = send(&json!({}), PNG).expect(200).json()["icon"].clone();
    assert_ne!(second, json!(icon));
    let dropped = "select count(*) as n from file where dropped_at is not null";
    assert_eq!(server.database().number(dropped), 1);
    let removed = put(&api, &company, &json!({ "icon": null })).expect(200).json();
    assert_eq!((removed["icon"].clone(), server.database().number(dropped)), (Value::Null, 2));

    let client = company.browser(&server);
    let form = client.open(&format!("/{}/account/logo", company.id)).form_with("Save");
    client.post(form.clone()).expect(422).must_say("A picture is needed.");
    client.post(form.clone().attach("icon", "a.png", "image/png", b"no picture")).expect(422);
    let page = client.submit(form.attach("icon", "a.png", "image/png", PNG)).expect(200);
    page.must_say("The logo was saved.").must_say("Logo");
    assert!(page.has("img.logo") && page.has(".sidebar .account img"), "the logo is on the page and in the menu");
    let form = client.open(&format!("/{}/account/logo", company.id)).form_with("Save").check("remove", "yes");
    assert!(!client.submit(form).expect(200).has("img.logo"));
}
