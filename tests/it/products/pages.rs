//! The same as people do it in a browser: the vendor makes a product, the distributor reads it.

use causeway::kit::Role;

use super::world::{PNG, Shop};
use crate::support::client::Client;
use crate::support::companies::Company;
use crate::support::page::Page;

/// The last part of a page's path: the id of what it shows.
fn last(page: &Page) -> String {
    page.url.path().rsplit('/').next().expect("an id").to_owned()
}

struct Maker<'a> {
    shop: &'a Shop,
    browser: Client,
    product: String,
}

impl<'a> Maker<'a> {
    /// A vendor's person who has just made a product.
    fn begins(shop: &'a Shop) -> Self {
        let browser = shop.vendor.browser(&shop.world.server);
        let list = browser.open(&format!("/{}/products", shop.vendor.id));
        list.must_say("No products yet");
        let form = browser.click(&list, "Create product").form_with("Create product");
        let wrong = browser.submit(form.set("name", " ").set("external_id", "cb-1")).expect(422);
        assert_eq!(wrong.attribute("#f-external_id", "value").as_deref(), Some("cb-1"));
        let made = browser.submit(wrong.form_with("Create product").set("name", "Cloud Backup")).expect(200);
        made.must_say("Cloud Backup was created.").must_say("Before the first version").must_say("A category missing");
        Self { shop, browser, product: last(&made) }
    }

    fn open(&self, path: &str) -> Page {
        self.browser.open(&format!("/{}/products/{}{path}", self.shop.vendor.id, self.product))
    }

    /// Says what the product is, in general.
    fn describes(&self) {
        let form = self.open("/edit").form_with("Save").set("category", "Backup and Disaster Recovery");
        let form =
            form.set("short_description", "Keeps what you made").set("detailed_description", "Fast **and** safe");
        let form = form.attach("icon", "icon.png", "image/png", PNG);
        let saved = self.browser.submit(form).expect(200);
        saved.must_say("The product was saved.").must_say("Keeps what you made").must_say("A category there");
        assert_eq!(saved.text(".prose strong"), "and");
        let stale = self.open("/edit").form_with("Save").tamper("revision", "999").set("name", "Mine");
        self.browser.submit(stale).expect(422).must_say("Somebody changed");
        let form = self.open("/media").form_with("Add").attach("thumbnail", "x.txt", "text/plain", b"no picture");
        self.browser.submit(form).expect(422);
        let form = self.open("/media").form_with("Add").attach("thumbnail", "main.png", "image/png", PNG);
        self.browser.submit(form).expect(200).must_say("It was added.");
        let form = self.open("/settings").form_with("Save").set("ppu", "PR").check("ppu_extras", "late");
        let saved = self.browser.submit(form).expect(200);
        saved.must_say("The settings were saved.").must_say("On, reporting schema PR").must_say("Late charges");
    }

    fn adds_items(&self) {
        self.open("/items").must_say("No items yet");
        let form = self.open("/items/new?type=reservation").form_with("Create item").set("name", "Seats");
        let form = form.set("mpn", "SEAT").set("description", "One for each user").set("unit", "licenses");
        let wrong = self.browser.submit(form.set("period", "years_2").set("years", "3")).expect(422);
        assert_eq!(wrong.attribute("#f-years", "aria-invalid").as_deref(), Some("true"));
        let right = wrong.form_with("Create item").set("period", "monthly").set("years", "1");
        self.browser.submit(right).expect(200).must_say("Seats was added.").must_say("1 year");
        let form = self.open("/items/new?type=ppu").form_with("Create item").set("name", "Storage").set("mpn", "GB");
        let form = form.set("description", "By the hour").set("precision", "decimal(2)").set("unit", "unith");
        let list = self.browser.submit(form).expect(200);
        let item = self.browser.click(&list, "Storage");
        item.must_say("By the hour").must_say("Pay-as-you-go");
        let edit = self.browser.click(&item, "Edit").form_with("Save").set("description", "By the whole hour");
        self.browser.submit(edit).expect(200).must_say("By the whole hour");
    }

    fn adds_parameters(&self) {
        let form = self.open("/parameters/new?phase=ordering").form_with("Create parameter").set("type", "dropdown");
        let form = form.set("name", "region").set("title", "Region").check("rules", "required");
        let wrong = self.browser.submit(form).expect(422);
        assert!(wrong.has("#f-choices[aria-invalid]"), "a drop-down needs choices");
        let right = wrong.form_with("Create parameter").set("choices", "*eu | Europe\nus | America");
        let list = self.browser.submit(right).expect(200);
        list.must_say("Region was added.").must_say("Required");
        let form = self.open("/parameters/new?phase=ordering").form_with("Create parameter").set("name", "state");
        let form = form.set("title", "State").set("depends_on", "Region (region)").set("depends_values", "us");
        self.browser.submit(form.check("depends_flags", "required")).expect(200).must_say("Depends on another");
        let form = self.open("/parameters/new?phase=fulfillment").form_with("Create parameter").set("name", "tenant");
        let form = form.set("title", "Tenant").set("min_length", "2").check("rules", "reconciliation");
        let list = self.browser.submit(form).expect(200);
        list.must_say("Reconciliation id");
        let edit = self.browser.click(&list, "Region").form_with("Save");
        assert_eq!(
            edit.value("choices").map(|c| c.replace("\r\n", "\n")).as_deref(),
            Some("*eu | Europe\nus | America")
        );
        self.browser.submit(edit.set("title", "Where")).expect(200).must_say("The parameter was saved.");
        let phase = self.open("/parameters?eq(phase,fulfillment)");
        assert_eq!(phase.rows("table").len(), 1);
    }

    fn writes_a_template(&self) {
        let list = self.open("/templates");
        let form = self.browser.click(&list, "Create template").form_with("Create template").set("title", "Welcome");
        let made = self.browser.submit(form.set("body", "Your tenant is **{{ tenant }}**.")).expect(200);
        made.must_say("Welcome was added.").must_say("Your tenant is [tenant].");
        let wrong = self.browser.submit(made.form_with("Save").set("title", "")).expect(422);
        assert_eq!(wrong.text("#f-body"), "Your tenant is **{{ tenant }}**.");
    }
}

#[test]
fn a_product_is_made_from_its_name_to_its_first_version() {
    let shop = Shop::open();
    let maker = Maker::begins(&shop);
    let early = maker.open("/versions");
    early.must_say("Something is missing").must_say("A main picture missing").must_say("There is none yet.");
    maker.describes();
    maker.adds_items();
    maker.adds_parameters();
    maker.writes_a_template();
    let form = maker.open("/versions").form_with("Save version").set("changes_description", "All new");
    let saved = maker.browser.submit(form).expect(200);
    saved.must_say("Version 1 was saved.").must_say("What distributors see").must_say("Public");
    let version = maker.browser.click(&saved, "Version 1");
    version.must_say("All new").must_say("Seats").must_say("Storage");
    let edited = maker.browser.submit(version.form_with("Save").set("changes_description", "Newer")).expect(200);
    edited.must_say("The version was saved.").must_say("Newer");

    // What was published stays as it was.
    let list = maker.open("/items");
    let edit = maker.browser.click(&maker.browser.click(&list, "Seats"), "Edit");
    assert!(!edit.has("select[name=period]:not([disabled])"), "a published item keeps its billing period");
    maker.browser.submit(edit.form_with("Save").set("name", "Places")).expect(200).must_say("Places");
    let item = maker.browser.click(&maker.open("/items"), "Places");
    let ended = maker.browser.submit(item.form_with("End sale").set("end_of_sale_notes", "Too old")).expect(200);
    ended.must_say("The sale of the item has ended.").must_say("Too old");
    let page = maker.browser.submit(ended.form_with("Resume sale")).expect(200);
    page.must_say("The item is on sale again.");

    // The distributor reads the version, not the master copy, and changes nothing.
    let seller = shop.world.distributor.browser(&shop.world.server);
    let there = format!("/{}/products", shop.world.distributor.id);
    let page = seller.click(&seller.open(&there), "Cloud Backup");
    page.must_say("Version 1").must_say("Keeps what you made");
    assert!(!page.says("Save a version") && !page.says("External id"), "this is the vendor's");
    seller.open(&format!("{there}/{}/items", maker.product)).must_say("SEAT");
    seller.open(&format!("{there}/{}/parameters", maker.product)).must_say("Tenant");
    seller.get(&format!("{there}/{}/edit", maker.product)).expect(403);

    // The sale ends and goes on; a draft goes for good.
    let page = maker.open("");
    let ended = maker.browser.submit(page.form_with("End sale").set("end_of_sale_notes", "Moved on")).expect(200);
    ended.must_say("The sale of this product has ended").must_say("Moved on");
    maker.browser.submit(ended.form_with("Resume sale")).expect(200).must_say("The product is on sale again.");
    let draft = shop.draft("Mistake");
    let page = maker.browser.open(&format!("/{}/products/{draft}", shop.vendor.id));
    maker.browser.submit(page.form_with("Delete")).expect(200).must_say("The draft was deleted.");
}

#[test]
fn lists_filter_sort_and_export_and_say_why_they_are_empty() {
    let shop = Shop::open();
    let product = shop.published("Cloud Backup");
    shop.draft("Archive");
    let browser = shop.vendor.browser(&shop.world.server);
    let path = format!("/{}/products", shop.vendor.id);
    let names = |page: &Page| -> Vec<String> {
        page.rows("table")
            .iter()
            .map(|row| row.join(" "))
            .map(|r| r.split(" PRD").next().unwrap_or("").into())
            .collect()
    };
    assert_eq!(browser.open(&format!("{path}?ordering(name)")).rows("table").len(), 2);
    let sorted = names(&browser.open(&format!("{path}?ordering(-name)")));
    assert!(sorted[0].contains("Cloud Backup") && sorted[1].contains("Archive"), "{sorted:?}");
    let drafts = names(&browser.open(&format!("{path}?eq(status,draft)")));
    assert!(drafts.len() == 1 && drafts[0].contains("Archive"), "{drafts:?}");
    browser.open(&format!("{path}?search=nothing-has-this")).must_say("Nothing matches");
    browser.get(&format!("{path}?eq(colour,red)")).expect(400);
    let csv = browser.open(&format!("{path}?eq(status,published)&_export=csv")).body();
    assert!(csv.contains(&product) && !csv.contains("Archive"), "{csv}");
    let items = format!("{path}/{product}/items");
    let metered = browser.open(&format!("{items}?eq(type,ppu)"));
    assert_eq!(metered.rows("table").len(), 1);
    let csv = browser.open(&format!("{items}?_export=csv")).body();
    assert!(csv.contains("SEAT") && csv.contains("GB"), "{csv}");

    // Lists and tabs need few statements, whatever stands in them.
    for page in ["", "/items", "/parameters", "/templates"] {
        let page = browser.open(&if page.is_empty() { path.clone() } else { format!("{path}/{product}{page}") });
        let count = statements(&page);
        assert!(count <= 8, "{} needed {count} statements", page.url);
    }
    let other = shop.world.distributor.browser(&shop.world.server);
    let theirs = format!("/{}/products", shop.world.distributor.id);
    assert_eq!(other.open(&theirs).rows("table").len(), 1, "drafts are the vendor's alone");
    for page in ["items", "parameters", "templates"] {
        let count = statements(&other.open(&format!("{theirs}/{product}/{page}")));
        assert!(count <= 8, "{page} needed {count} statements of the distributor");
    }
    let stranger = Company::new(&shop.world.server, "Stranger", Role::Vendor);
    let strangers = stranger.browser(&shop.world.server);
    strangers.get(&path).expect(404);
    strangers.get(&format!("/{}/products/{product}", stranger.id)).expect(404);
}

/// How many statements a page needed.
pub fn statements(page: &Page) -> usize {
    let digits: String = page.header("server-timing").chars().filter(char::is_ascii_digit).collect();
    digits.parse().expect("a number of statements")
}
