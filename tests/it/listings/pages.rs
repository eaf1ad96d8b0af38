//! The same as people do it in a browser: the vendor asks, the distributor decides and connects.

use crate::products::pages::statements;
use crate::products::world::Shop;
use crate::support::client::Client;
use crate::support::page::Page;

/// Both sides, each at a browser.
struct Both {
    shop: Shop,
    vendor: Client,
    seller: Client,
}

impl Both {
    fn new() -> Self {
        let shop = Shop::open();
        let vendor = shop.vendor.browser(&shop.world.server);
        let seller = shop.world.distributor.browser(&shop.world.server);
        Self { shop, vendor, seller }
    }

    fn vendors(&self, path: &str) -> String {
        format!("/{}{path}", self.shop.vendor.id)
    }

    fn sellers(&self, path: &str) -> String {
        format!("/{}{path}", self.shop.world.distributor.id)
    }

    /// Asks for a listing by the wizard; gives the request's page.
    fn ask(&self, product: &str) -> Page {
        let list = self.vendor.open(&self.vendors("/listings"));
        let first = self.vendor.click(&list, "Request listing");
        let wrong = self.vendor.submit(first.form_with("Continue")).expect(422);
        let second = self.vendor.submit(wrong.form_with("Continue").set("product", product)).expect(200);
        let third = self.vendor.submit(second.form_with("Continue").set("contract", &self.shop.contract)).expect(200);
        let check = self.vendor.submit(third.form_with("Continue").set("note", "As agreed in May")).expect(200);
        check.must_say("Cloud Backup").must_say("Nordics").must_say("As agreed in May");
        let request = self.vendor.submit(check.form_with("Send for review")).expect(200);
        request.must_say("The request was sent for review.").must_say("Reviewing").must_say("Northgate has to act");
        request
    }
}

/// The last part of a page's path: the id of what it shows.
fn last(page: &Page) -> String {
    page.url.path().rsplit('/').next().expect("an id").to_owned()
}

#[test]
fn a_product_is_listed_and_connected() {
    let both = Both::new();
    let product = both.shop.published("Cloud Backup");
    both.vendor.open(&both.vendors("/listings")).must_say("No listings yet");
    both.vendor.open(&both.vendors("/listings/requests")).must_say("No requests yet");
    let asked = both.ask(&product);
    let id = last(&asked);
    assert!(!asked.says("Mark as deploying"), "the vendor does not decide");
    let again = both.vendor.open(&both.vendors("/listings/request")).form_with("Continue").set("product", &product);
    let again = both.vendor.submit(again).expect(200).form_with("Continue").set("contract", &both.shop.contract);
    let again = both.vendor.submit(both.vendor.submit(again).expect(200).form_with("Continue")).expect(200);
    both.vendor.submit(again.form_with("Send for review")).expect(422).must_say("is still reviewing");

    // It waits for the distributor, who sends it back once.
    both.seller.open(&both.sellers("")).must_say("One thing waits for you.").must_say("One listing to review");
    let mine = both.seller.open(&both.sellers("/listings/requests?eq(turn,true)"));
    assert_eq!(mine.rows("table").len(), 1);
    let page = both.seller.click(&mine, &id);
    page.must_say("Your turn").must_say("As agreed in May");
    let page = both.seller.submit(page.form_with("Assign to me")).expect(200);
    page.must_say("You look after the request.");
    let stale = page.form_with("Mark as deploying");
    let back = both.seller.submit(page.form_with("Send back to the vendor").set("note", "Which regions?")).expect(200);
    back.must_say("Draft").must_say("Halden has to act").must_say("Which regions?");
    both.seller.submit(stale).expect(422);
    let page = both.vendor.open(&both.vendors(&format!("/listings/requests/{id}")));
    page.must_say("Your turn");
    both.vendor.submit(page.form_with("Send for review")).expect(200);

    // Deploying, connecting, completing.
    let page = both.seller.open(&both.sellers(&format!("/listings/requests/{id}")));
    let page = both.seller.submit(page.form_with("Mark as deploying")).expect(200);
    page.must_say("Deploying");
    let tab = both.seller.open(&both.sellers(&format!("/products/{product}/connections")));
    tab.must_say("No connections yet");
    let form = both.seller.click(&tab, "Connect with a hub").form_with("Connect");
    let wrong = both.seller.submit(form.clone()).expect(422);
    let right = wrong.form_with("Connect").set("hub", &both.shop.hub);
    let wrong = both.seller.submit(right.clone().set("product_version_type", "staging")).expect(422);
    assert!(wrong.has("[aria-invalid]") || wrong.has(".is-wrong"), "staging is for tests only");
    let done = both.seller.submit(wrong.form_with("Connect").set("product_version_type", "public")).expect(200);
    done.must_say("The product was connected.").must_say("Production").must_say("Active");
    both.seller.open(&both.sellers(&format!("/products/{product}/connections/new"))).must_say("All your hubs");
    both.vendor.open(&both.vendors("/listings/connections")).must_say("Cloud Backup").must_say("Northgate");
    let page = both.seller.submit(page.form_with("Mark as completed")).expect(200);
    page.must_say("The request was completed").must_say("Completed");
    let list = both.vendor.open(&both.vendors("/listings?eq(status,listed)"));
    assert_eq!(list.rows("table").len(), 1);
    let listing = both.vendor.click(&list, "Cloud Backup");
    listing.must_say("Cloud Backup on Nordics").must_say("Listed").must_say("Request removal");
    both.seller.open(&both.sellers("")).must_say("Nothing waits for you.");

    // A newer version is offered, then it goes off the marketplace.
    both.shop.save(&product).expect(201);
    let listing = both.vendor.open(listing.url.as_str());
    listing.must_say("Update available");
    let step = both.vendor.click(&listing, "Request update");
    let check = both.vendor.submit(step.form_with("Continue")).expect(200);
    check.must_say("Version 1").must_say("Version 2");
    let update = both.vendor.submit(check.form_with("Send for review")).expect(200);
    update.must_say("Update listing");
    let page = both.seller.open(&both.sellers(&format!("/listings/requests/{}", last(&update))));
    let gone = both.seller.submit(page.form_with("Cancel the request").set("note", "Not now")).expect(200);
    gone.must_say("Canceled").must_say("Not now");
    let step = both.vendor.click(&both.vendor.open(listing.url.as_str()), "Request removal");
    let check = both.vendor.submit(step.form_with("Continue")).expect(200);
    let removal = last(&both.vendor.submit(check.form_with("Send for review")).expect(200));
    for verb in ["Mark as deploying", "Mark as completed"] {
        let page = both.seller.open(&both.sellers(&format!("/listings/requests/{removal}")));
        both.seller.submit(page.form_with(verb)).expect(200);
    }
    both.vendor.open(listing.url.as_str()).must_say("Not listed");
}

#[test]
fn lists_filter_and_export_within_few_statements() {
    let both = Both::new();
    let product = both.shop.published("Cloud Backup");
    both.ask(&product);
    for (path, found, other) in [
        ("/listings", "eq(status,unlisted)", "eq(status,listed)"),
        ("/listings/requests", "eq(state,reviewing)", "eq(state,completed)"),
    ] {
        let path = both.vendors(path);
        let page = both.vendor.open(&format!("{path}?{found}"));
        assert_eq!(page.rows("table").len(), 1, "{path}");
        let count = statements(&page);
        assert!(count <= 8, "{path} needed {count} statements");
        both.vendor.open(&format!("{path}?{other}")).must_say("Nothing matches");
        both.vendor.get(&format!("{path}?eq(colour,red)")).expect(400);
        let csv = both.vendor.open(&format!("{path}?_export=csv")).body();
        assert!(csv.contains("Cloud Backup") && csv.contains("Nordics"), "{csv}");
    }
    let path = both.sellers("/listings/connections");
    both.seller.open(&path).must_say("No connections yet");
    let body = serde_json::json!({ "hub": { "id": both.shop.hub }, "type": "test" });
    both.shop.seller().post(&format!("products/{product}/connections"), &body).expect(201);
    let page = both.seller.open(&format!("{path}?eq(type,test)&search=cloud"));
    assert_eq!(page.rows("table").len(), 1);
    let count = statements(&page);
    assert!(count <= 8, "connections needed {count} statements");
    both.seller.open(&format!("{path}?eq(type,production)")).must_say("Nothing matches");
}
