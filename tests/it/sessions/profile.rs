//! What people say about themselves.

use super::start;

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
