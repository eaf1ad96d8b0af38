//! What people say about themselves.

use super::start;
use crate::products::world::PNG;

#[test]
fn a_profile_is_saved_with_what_was_there_before() {
    let (server, company) = start();
    let client = company.browser(&server);
    let page = client.open("/profile");
    assert!(page.body().contains("<option value=\"Europe/Berlin\">") && page.bytes.len() < 50_000);
    let form = page.form_with("Save").set("name", "Ada L.").set("title", "Head of \"everything\"");
    let form = form.set("timezone", "Europe/Berlin").set("date_format", "iso").set("theme", "dark");
    let saved = client.submit(form).expect(200);
    saved.must_say("Your profile was saved").must_say("Ada L.");
    assert!(saved.body().contains("data-theme=\"dark\""));
    let again = client.open("/profile").form_with("Save");
    assert_eq!((again.value("title"), again.value("date_format")), (Some("Head of \"everything\""), Some("iso")));
    let story = client.open("/profile/security");
    story.must_say("The profile was changed").must_say("Ada of Alpha").must_say("Dark");
    client.open(&company.path("/account")).must_say("2026-03-02");
    for (field, value, said) in [
        ("date_format", "roman", "There is no date format roman"),
        ("theme", "pink", "There is no appearance pink"),
        ("locale", "tlh", "There is no language tlh"),
        ("timezone", "../../etc/passwd", "There is no time zone"),
        ("name", "", "name"),
    ] {
        let form = client.open("/profile").form_with("Save").tamper(field, value);
        client.post(form).expect(422).must_say(said);
    }
}

#[test]
fn the_profile_has_the_menu_of_the_company_and_its_tabs_lead_round() {
    let (server, company) = start();
    let client = company.browser(&server);
    let mut page = client.open("/profile");
    for tab in ["Security", "Sessions", "Notifications", "General"] {
        page.must_say("Subscriptions");
        page = client.click(&page, tab);
    }
    client.get("/profile/nothing").expect(404);
}

#[test]
fn a_person_is_known_by_a_picture_where_they_are_shown() {
    let (server, company) = start();
    let client = company.browser(&server);
    let form = client.open("/profile/picture").form_with("Save");
    client.post(form.clone()).expect(422).must_say("A picture is needed.");
    let page = client.post(form.clone().attach("icon", "a.svg", "image/png", b"<svg onload='alert(1)'/>"));
    page.expect(422).must_say("Picture");
    let files = || server.database().number("select count(*) as n from file where dropped_at is null");
    assert_eq!(files(), 0);
    let page = client.submit(form.attach("icon", "a.png", "image/png", PNG)).expect(200);
    page.must_say("Your picture was saved.");
    assert!(page.has("header img.face-photo"), "the picture is in the menu");
    let api = company.api(&server);
    let users = format!("accounts/{}/users", company.id);
    let icon = api.get(&users).expect(200).json()[0]["icon"].as_str().expect("a path").to_owned();
    assert!(icon.starts_with(&format!("/media/{}/media/", company.admin)) && icon.ends_with(".png"), "{icon}");
    let seen = server.visitor().get(&icon).expect(200);
    assert_eq!((seen.header("content-type"), seen.bytes.as_slice()), ("image/png", PNG));
    server.visitor().get(&icon.replace(company.admin.as_str(), company.id.as_str())).expect(404);
    for list in ["/users", &format!("/users/{}", company.admin)] {
        assert!(client.open(&company.path(list)).body().contains(&icon), "{list}");
    }
    client.open("/profile/security").must_say("added");

    let replaced = client.open("/profile/picture").form_with("Save").attach("icon", "b.png", "image/png", PNG);
    client.submit(replaced).expect(200);
    assert_eq!(files(), 1, "the picture before was dropped");
    let form = client.open("/profile/picture").form_with("Save").check("remove", "yes");
    assert!(!client.submit(form).expect(200).has("img.face-photo"));
    assert_eq!((files(), api.get(&users).expect(200).json()[0]["icon"].is_null()), (0, true));
}
