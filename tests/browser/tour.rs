//! A walk through the demo world: at which address each page that the routes offer is seen, portal by portal.
//!
//! The walk follows links as a person without script does, writes an order that it places and one that it leaves
//! unfinished, and opens the pages of an object that no link names. The routes come from the program's own table: a new
//! page is looked at without a new line here, and one that nobody reaches is told.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use causeway::routes;
use scraper::ElementRef;

use crate::support::client::Client;
use crate::support::demo::Demo;
use crate::support::form::Form;
use crate::support::mail::{Mail, MailFolder};
use crate::support::page::{Page, selector};
use crate::support::wait;

/// As many pages of one route are opened; the fullest one is its example.
const SAMPLES: usize = 6;

/// Routes that are read and show no page of their own: the path, why.
pub const NO_PAGE: &[(&str, &str)] = &[
    ("/", "leads to the sign-in page or to the company worked in last"),
    ("/media/product.png", "a picture"),
    ("/media/{account}/{product}/media/{file}", "a picture"),
    ("/media/{account}/media/{file}", "a picture"),
    ("/downloads/usage/{what}/{object}/{until}/{signed}", "a workbook"),
    ("/{account}/account/exports/{export}/progress", "a part of a page"),
    ("/{account}/account/exports/{export}/archive", "an archive"),
    ("/sign-in/sso/go", "leads to a provider"),
    ("/sign-in/oidc/callback/{idp}", "leads on from a provider"),
    ("/{account}/usage/{usage_file}/progress", "a part of a page"),
    ("/{account}/usage/{usage_file}/template", "a workbook"),
    ("/{account}/usage/{usage_file}/workbook", "a workbook"),
    ("/{account}/usage/{usage_file}/processed", "a workbook"),
    ("/{account}/agreements/{agreement}/versions/{version}/document", "a PDF, in a frame of the version's page"),
    ("/{account}/contracts/{contract}/signatures/{signature}", "a PDF, to be saved"),
    ("/{account}/contracts/invitations/template", "a workbook"),
    ("/{account}/contracts/invitations/{invitation}/file", "a workbook"),
    ("/{account}/contracts/invitations/{invitation}/progress", "a part of a page"),
    ("/contracts/activate/document", "a PDF, in a frame of the invitation's page"),
];

/// Pages that only somebody with a second factor sees, or only at a name: the test that looks at them.
const ELSEWHERE: &[(&str, &str)] = &[
    ("/sign-in/second", "factors::an_app_is_set_up…"),
    ("/profile/security/app/remove", "factors::an_app_is_set_up…"),
    ("/profile/security/passkeys/new", "factors::a_passkey_is_added…"),
    ("/profile/security/passkeys/remove", "factors::a_passkey_is_added…"),
];

/// The pages that were found: their route, with the verb that stands in the address, and an address.
pub type Found = BTreeMap<String, String>;

/// The paths of all routes that show pages.
pub fn pages() -> BTreeSet<&'static str> {
    let read = routes::pages().into_iter().filter(|e| e.method == "GET").map(|e| e.path);
    read.filter(|path| NO_PAGE.iter().chain(ELSEWHERE).all(|(none, _)| none != path)).collect()
}

fn words(path: &str) -> Vec<&str> {
    path.split('?').next().unwrap_or_default().trim_matches('/').split('/').collect()
}

fn is_open(word: &str) -> bool {
    word.starts_with('{')
}

/// The route of an address, the most exact one, with the address's own verb.
pub fn route_of(address: &str) -> Option<String> {
    let told = words(address);
    let fits = |route: &&str| {
        let route = words(route);
        route.len() == told.len() && route.iter().zip(&told).all(|(r, t)| is_open(r) || r == t)
    };
    let exact = |route: &&str| words(route).iter().map(|word| is_open(word)).collect::<Vec<bool>>();
    let route = pages().into_iter().filter(fits).min_by_key(exact)?;
    let verb = told.last().copied().unwrap_or_default();
    Some(route.replace("{verb}", verb))
}

/// The route of an address as the table has it.
pub fn told_by(route: &str, table: &str) -> bool {
    route == table || table.strip_suffix("{verb}").is_some_and(|head| route.starts_with(head))
}

/// A walk through one portal.
struct Walk<'a> {
    client: &'a Client,
    /// What addresses begin with.
    within: String,
    /// The addresses that show pages, by route, with their sizes.
    found: BTreeMap<String, Vec<(usize, String)>>,
    known: BTreeSet<String>,
    waiting: VecDeque<String>,
}

/// Where the pages of a company's portal are seen.
pub fn portal(demo: &Demo, role: &str) -> Found {
    let account = demo.account(role);
    let (client, _) = demo.sign_in(&account);
    let within = format!("/{}", account.id());
    let mut walk = Walk {
        client: &client,
        within: within.clone(),
        found: BTreeMap::new(),
        known: BTreeSet::new(),
        waiting: VecDeque::new(),
    };
    if role == "distributor" {
        // The demo world has no rules about addresses. These let in whoever is on this machine.
        for list in ["users", "tokens"] {
            let form = client.open(&format!("{within}/{list}/ip-rules/new")).form_with("Add rule");
            client.submit(form.set("value", "127.0.0.0/8").set("comment", "This machine")).expect(200);
        }
    }
    if role == "distributor" {
        let asked = client.open(&format!("{within}/account/exports/new"));
        let export = client.submit(asked.form_with("Start the export")).expect(200).url;
        wait::until("an archive", || client.open(export.path()).says("Download").then_some(()));
    }
    walk.follow(&within);
    for own in [
        "/profile",
        "/profile/security",
        "/profile/sessions",
        "/profile/notifications",
        "/profile/email",
        "/confirm",
        "/accounts",
    ] {
        walk.follow(own);
    }
    if role != "vendor" {
        let checked = write_order(&client, &within);
        let placed = client.submit(checked.form_with("Place the order")).expect(200);
        walk.follow(placed.url.path());
        walk.follow(write_order(&client, &within).url.path());
    }
    // What no link names in the demo world is about what belongs to the distributor.
    if role == "distributor" {
        walk.open_unnamed();
    }
    walk.found.into_iter().map(|(route, pages)| (route, fullest(pages))).collect()
}

/// The example of a route: a page as it opens by itself, before one that was filtered or sorted; of those the fullest.
fn fullest(pages: Vec<(usize, String)>) -> String {
    let told = |(size, address): &(usize, String)| (!address.contains('?'), *size);
    pages.into_iter().max_by_key(told).map(|(_, address)| address).unwrap_or_default()
}

#[test]
fn the_example_of_a_list_is_its_first_view() {
    let pages = |pages: &[(usize, &str)]| pages.iter().map(|(size, address)| (*size, (*address).to_owned())).collect();
    let views = [(7, "/VA-1/requests"), (9, "/VA-1/requests?in(status,(approved,failed))")];
    assert_eq!(fullest(pages(&views)), "/VA-1/requests");
    assert_eq!(fullest(pages(&[(7, "/VA-1/hubs/HB-1"), (9, "/VA-1/hubs/HB-2")])), "/VA-1/hubs/HB-2");
    assert_eq!(fullest(pages(&[(7, "/contracts/activate?code=a"), (9, "/contracts/activate?code=b")])).len(), 26);
}

impl Walk<'_> {
    /// Opens an address and all that its pages lead to.
    fn follow(&mut self, address: &str) {
        self.wait_for(address);
        while let Some(address) = self.waiting.pop_front() {
            self.open(&address);
        }
    }

    fn wait_for(&mut self, address: &str) {
        if self.known.insert(address.to_owned()) {
            self.waiting.push_back(address.to_owned());
        }
    }

    fn open(&mut self, address: &str) {
        let Some(route) = route_of(address) else { return };
        if self.found.get(&route).is_some_and(|pages| pages.len() >= SAMPLES) {
            return;
        }
        let page = self.client.get(address);
        let is_page = page.status == 200 && page.header("content-type").starts_with("text/html");
        if !is_page {
            return;
        }
        self.found.entry(route).or_default().push((page.bytes.len(), address.to_owned()));
        for address in leads(&page) {
            let path = words(&address).first().map(|first| format!("/{first}"));
            if path.as_ref() == Some(&self.within) {
                self.wait_for(&address);
            }
        }
    }

    /// Opens what no link named: pages beside those that were found, and below them.
    fn open_unnamed(&mut self) {
        for route in pages() {
            if self.found.keys().any(|found| told_by(found, route)) {
                continue;
            }
            let Some((above, last)) = route.rsplit_once('/').filter(|(_, last)| !is_open(last)) else { continue };
            let beside =
                |found: &&String| *found == above || found.rsplit_once('/').is_some_and(|(head, _)| head == above);
            let near: Vec<String> = self.found.keys().filter(beside).cloned().collect();
            let depth = words(above).len();
            let addresses: BTreeSet<String> = near
                .iter()
                .flat_map(|route| self.found.get(route).into_iter().flatten())
                .map(|(_, address)| format!("/{}/{last}", words(address)[..depth].join("/")))
                .collect();
            for address in addresses {
                self.follow(&address);
            }
        }
    }
}

/// Where a page's links and forms lead.
fn leads(page: &Page) -> Vec<String> {
    let document = page.document();
    let all = selector("a[href], form[action], button[formaction]");
    let address = |e: ElementRef<'_>| e.attr("href").or(e.attr("action")).or(e.attr("formaction")).map(str::to_owned);
    document.select(&all).filter_map(address).filter(|a| a.starts_with('/')).collect()
}

/// Writes an order up to the page where the answers are checked.
fn write_order(client: &Client, within: &str) -> Page {
    let mut page = client.open(&format!("{within}/orders/new"));
    for _ in 0..12 {
        if page.url.path().ends_with("/check") {
            return page;
        }
        page = client.submit(answered(&page)).expect(200);
    }
    panic!("the order came no further than {}", page.url);
}

/// The form of a step with something in every field.
fn answered(page: &Page) -> Form {
    let mut form = page.form_with("Continue");
    let document = page.document();
    for field in document.select(&selector("main form:has(.wizard-foot) :is(input, select)")) {
        let Some(name) = field.attr("name").filter(|name| form.value(name).is_none_or(str::is_empty)) else { continue };
        let options = selector("option:not([value=''])");
        let value = match (field.value().name(), field.attr("type").unwrap_or("text"), field.attr("inputmode")) {
            ("select", ..) => field.select(&options).next().and_then(|option| option.attr("value")),
            (_, "radio", _) => field.attr("value").filter(|value| *value != "new"),
            (_, "email", _) => Some("it@lindau.example"),
            (_, "text", Some(_)) => Some("3"),
            (_, "text", None) => Some("Lindau"),
            _ => None,
        };
        if let Some(value) = value {
            form = form.set(name, value);
        }
    }
    form
}

/// The links of the mails about a change of address: to take one back that is done, and to prove the next one. They belong to
/// somebody as whom nobody walks.
fn address_links(demo: &Demo, mails: &MailFolder) -> [String; 2] {
    let user = &demo.about()["accounts"].as_array().and_then(|all| all.last()).expect("an account")["users"][0];
    let text = |key: &str| user[key].as_str().expect("a text").to_owned();
    let link = |to: &str, piece: &str| {
        let to_them = |mail: &Mail| mail.to.iter().any(|address| address == to);
        let all = || mails.all().into_iter().filter(to_them).flat_map(|mail| mail.links());
        wait::until("the mail about an address", || all().find(|link| link.contains(piece)))
    };
    let ask = |own: &str, new: &str| {
        let client = Client::new(demo.base());
        let form = client.open("/sign-in").form_with("Sign in").set("email", own).set("password", &text("password"));
        client.submit(form).expect(200);
        client.submit(client.open("/profile/email").form_with("Send a link").set("email", new)).expect(200);
        link(new, "/new-email")
    };
    let (own, next) = (text("email"), "next@elsewhere.example");
    let visitor = Client::new(demo.base());
    let proof = ask(&own, next);
    visitor.submit(visitor.open(&proof).form_with("Use this address")).expect(200);
    [link(&own, "/old-email"), ask(next, "last@elsewhere.example")]
}

/// Where a signature of the distributor's contracts is verified.
fn verification(demo: &Demo) -> String {
    let account = demo.account("distributor");
    let (client, _) = demo.sign_in(&account);
    let list = client.open(&format!("/{}/contracts?eq(type,program)&eq(status,active)", account.id()));
    client.open(&list.link_to("/contracts/CRP-")).link_to("/verify/")
}

/// Where the pages outside a company's portal are seen: those that links in mails lead to, and the front door.
pub fn outside(demo: &Demo) -> Found {
    let mails = MailFolder::new(demo.dir().join("mail"));
    let client = Client::new(demo.base());
    let person = demo.account("vendor").email().to_owned();
    client.submit(client.open("/forgotten-password").form_with("Send a link").set("email", &person)).expect(200);
    let is_wanted = |link: &String| link.contains("/set-password");
    let wanted = || mails.all().iter().flat_map(|mail| mail.links()).find(is_wanted);
    let mut told = vec![wait::until("the mail with the link that sets a password", wanted)];
    told.extend(address_links(demo, &mails));
    told.extend(mails.all().iter().flat_map(|mail| mail.links()));
    let base = demo.base();
    let mut addresses: BTreeSet<String> =
        told.iter().filter_map(|link| link.strip_prefix(base)).map(str::to_owned).collect();
    let declined = |address: &String| address.replace("/contracts/activate?", "/contracts/activate/decline?");
    addresses.extend(addresses.clone().iter().map(declined));
    addresses.extend(
        ["/sign-in", "/sign-in/sso", "/forgotten-password", "/api-docs", "/orders/form/sent", "/verify"]
            .map(str::to_owned),
    );
    addresses.insert(verification(demo));
    let mut found: BTreeMap<String, Vec<(usize, String)>> = BTreeMap::new();
    for address in addresses {
        let Some(route) = route_of(&address).filter(|route| !route.contains("{account}")) else { continue };
        let page = client.get(&address);
        if page.status == 200 {
            found.entry(route).or_default().push((page.bytes.len(), address));
        }
    }
    found.into_iter().map(|(route, pages)| (route, fullest(pages))).collect()
}
