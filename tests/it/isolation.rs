//! Nobody reaches what belongs to others: every route with a company or an object in its path, tried by everybody who must
//! not, and by everybody who may.
//!
//! The routes come from the program's own tables, and who may see an object from the table of parties: a new route is tried
//! without a new test. A new kind of object in a path needs one line in `tests/it/chain.rs`.

use causeway::flows::accounts::actions;
use causeway::kit::{Permissions, Role};
use causeway::routes;
use causeway::web::endpoint::{Endpoint, Who};
use reqwest::Method;

use crate::chain::{Chain, absent};
use crate::support::client::{Api, Client};
use crate::support::companies::{Company, act, sign_in};
use crate::support::page::Page;

/// Objects that are the same for everybody.
const SHARED: &[&str] = &["{category}", "{country}", "{industry}", "{module}"];

/// Where somebody who sees the object is told that there is nothing: the path, the company's part if it is but one, why.
const NOTHING_THERE: &[(&str, Option<Role>, &str)] = &[
    ("/agreements/{agreement}/document", None, "the agreement has no text"),
    ("/agreements/{agreement}/versions/{version}/document", None, "the agreement has no text"),
    ("/{account}/agreements/{agreement}/versions/{version}", None, "the agreement has no text"),
    ("/{account}/agreements/{agreement}/versions/{version}/document", None, "the agreement has no text"),
    ("/{account}/usage/{usage_file}/problems", Some(Role::Distributor), "the problems are the vendor's"),
    ("/usage/products/{product}/template", Some(Role::Distributor), "vendors fill it"),
    ("/partners/{partner}", Some(Role::Vendor), "nobody is a partner of itself"),
    ("/partners/{partner}/products", Some(Role::Vendor), "nobody is a partner of itself"),
    ("/partners/{partner}/products/{product}", Some(Role::Vendor), "nobody is a partner of itself"),
    ("/{account}/partners/{partner}", Some(Role::Vendor), "nobody is a partner of itself"),
    ("/{account}/partners/{partner}/contracts", Some(Role::Vendor), "nobody is a partner of itself"),
    ("/{account}/partners/{partner}/listings", Some(Role::Vendor), "nobody is a partner of itself"),
];

/// The routes by which somebody's objects are reached.
fn guarded(table: Vec<Endpoint>) -> Vec<Endpoint> {
    let open = |e: &Endpoint| matches!(e.who, Who::Anyone | Who::Guest) || SHARED.iter().any(|s| e.path.contains(s));
    table.into_iter().filter(|e| e.path.contains('{') && !open(e)).collect()
}

fn needs_permission(endpoint: &Endpoint) -> bool {
    matches!(endpoint.who, Who::Member(..) | Who::Only(..) | Who::Operator(..))
}

fn reads(endpoint: &Endpoint) -> bool {
    endpoint.method.as_str() == "GET"
}

/// Paths that show an object; not those of the audit, whose entries are sealed a little later, nor those that count what
/// is called, nor a workbook that notes when it was written.
fn shown() -> Vec<&'static str> {
    let moves = |path: &str| {
        path.starts_with("/audit") || path.starts_with("/statistics/tokens") || path == "/invitations/{invitation}/file"
    };
    let shows = |e: &&Endpoint| reads(e) && e.shape.is_some() && !moves(e.path);
    guarded(routes::api()).iter().filter(shows).map(|e| e.path).collect()
}

/// Whether a page is for the operator alone, which is the distributor here.
fn operates(endpoint: &Endpoint) -> bool {
    matches!(endpoint.who, Who::Operator(..))
}

fn method(endpoint: &Endpoint) -> Method {
    Method::from_bytes(endpoint.method.as_str().as_bytes()).expect("a method")
}

fn call(api: &Api, endpoint: &Endpoint, path: &str) -> Page {
    let path = path.trim_start_matches('/');
    match endpoint.method.as_str() {
        "GET" | "DELETE" => api.send(method(endpoint), path, |request| request),
        _ => api.send(method(endpoint), path, |request| request.json(&serde_json::json!({}))),
    }
}

fn visit(client: &Client, endpoint: &Endpoint, path: &str) -> Page {
    match endpoint.method.as_str() {
        "GET" => client.get(path),
        _ => client.send(method(endpoint), path, |request| request.form(&[("x", "")])),
    }
}

/// Whether an answer keeps everything back.
fn keeps_back(answer: &Page) -> bool {
    matches!(answer.status, 401 | 403 | 404) || answer.redirect().is_some_and(|url| url.path() == "/sign-in")
}

/// Whether an answer tells no more than the one about an object that does not exist: a body that is wrong in itself is
/// refused before anything is looked for.
fn tells_nothing(answer: &Page, about_nothing: &Page) -> bool {
    let blind = |page: &Page| absent(&page.body());
    answer.status == 400 && about_nothing.status == 400 && blind(answer) == blind(about_nothing)
}

/// What went wrong, all of it at once.
#[derive(Default)]
struct Findings(Vec<String>);

impl Findings {
    fn check(&mut self, fine: bool, who: &str, endpoint: &Endpoint, path: &str, answer: &Page) {
        if !fine {
            let body: String = answer.body().chars().take(160).collect();
            let body = if body.starts_with('<') { title(answer) } else { body };
            self.0.push(format!("{who}: {} {} as {path}: {} {body}", endpoint.method, endpoint.path, answer.status));
        }
    }

    #[track_caller]
    fn none(self) {
        assert!(self.0.is_empty(), "\n{}\n{} in all", self.0.join("\n"), self.0.len());
    }
}

fn title(answer: &Page) -> String {
    let body = answer.body();
    body.split_once("<title>")
        .and_then(|(_, rest)| rest.split_once('<'))
        .map_or_else(String::new, |(t, _)| t.to_owned())
}

/// What somebody who sees the objects in a path is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// The thing, or what is wrong with an empty form or with doing this now.
    Something,
    /// That another company does this.
    NotYours,
    /// As if there were nothing, or that the program broke.
    Wrong,
}

fn told(endpoint: &Endpoint, company: &Company, answer: &Page) -> Told {
    let nothing = |(path, role, _): &(&str, Option<Role>, &str)| {
        *path == endpoint.path && role.is_none_or(|role| role == company.role)
    };
    match answer.status {
        403 => Told::NotYours,
        404 if NOTHING_THERE.iter().any(nothing) => Told::Something,
        status if status >= 500 || keeps_back(answer) => Told::Wrong,
        _ => Told::Something,
    }
}

/// Checks the answers of those who see the objects in a path: none is wrong, and at least one company can do it.
fn check_told(found: &mut Findings, endpoint: &Endpoint, answers: &[(&Company, String, Page)]) {
    for (company, path, answer) in answers {
        found.check(told(endpoint, company, answer) != Told::Wrong, &company.name, endpoint, path, answer);
    }
    let can = |(company, _, answer): &(&Company, String, Page)| told(endpoint, company, answer) == Told::Something;
    if !answers.is_empty() && !answers.iter().any(can) {
        found.0.push(format!("{} {}: nobody can do it", endpoint.method, endpoint.path));
    }
}

/// Destroying comes last, the parts before the whole.
fn gently(mut table: Vec<Endpoint>) -> Vec<Endpoint> {
    let destroys = |e: &Endpoint| {
        let ends = ["/delete", "/remove", "/{verb}", "/terminate", "/decommission", "/discard"];
        e.method.as_str() == "DELETE" || ends.iter().any(|end| e.path.ends_with(end))
    };
    let removes = |e: &Endpoint| e.path.ends_with("/remove");
    table.retain(|e| !reads(e));
    table.sort_by_key(|e| (destroys(e), std::cmp::Reverse(e.path.matches('/').count()), removes(e)));
    table
}

fn strangers(chain: &Chain) -> Vec<Company> {
    Role::ALL.iter().map(|role| Company::new(chain.server(), &format!("Stranger {role}"), *role)).collect()
}

#[test]
fn the_api_shows_each_company_what_is_its_own_and_nothing_else() {
    let chain = Chain::new();
    let (strangers, companies) = (strangers(&chain), chain.companies());
    let weak = act(chain.server(), |tx| {
        actions::create_token(tx, &companies[0].system(), "Weak", "", &Permissions::default())
    });
    let nobody = chain.server().api("ApiKey SU-000-000-000:none");
    let weak = chain.server().api(&weak.key());
    let before = chain.everything(&shown());
    let owner = companies[0].id.as_str();
    let mut found = Findings::default();
    for endpoint in guarded(routes::api()) {
        let path = chain.fill(endpoint.path, owner);
        let answer = call(&nobody, &endpoint, &path);
        found.check(answer.status == 401, "nobody", &endpoint, &path, &answer);
        if needs_permission(&endpoint) {
            let answer = call(&weak, &endpoint, &path);
            found.check(answer.status == 403, "weak token", &endpoint, &path, &answer);
        }
        let (mut seen, mut answers) = (0, vec![]);
        for company in strangers.iter().chain(companies) {
            let api = company.api(chain.server());
            let own = chain.fill(endpoint.path, company.id.as_str());
            let sees = chain.sees(company, endpoint.path) && (own == path || !endpoint.path.contains("{account}"));
            seen += usize::from(sees);
            if !sees {
                let answer = call(&api, &endpoint, &path);
                let kept = keeps_back(&answer)
                    || tells_nothing(&answer, &call(&api, &endpoint, &chain.fill_absent(endpoint.path, owner)));
                found.check(kept, &company.name, &endpoint, &path, &answer);
                if own != path && own.contains("/users/") {
                    let answer = call(&api, &endpoint, &own);
                    found.check(keeps_back(&answer), &company.name, &endpoint, &own, &answer);
                }
            } else if reads(&endpoint) {
                answers.push((company, path.clone(), call(&api, &endpoint, &path)));
            }
        }
        check_told(&mut found, &endpoint, &answers);
        if seen == 0 {
            found.0.push(format!("{} {}: nobody sees its object", endpoint.method, endpoint.path));
        }
    }
    for (what, now) in chain.everything(&shown()) {
        if before.get(&what) != Some(&now) {
            found.0.push(format!("{what} was changed"));
        }
    }
    for endpoint in gently(guarded(routes::api())) {
        let path = chain.fill(endpoint.path, owner);
        let seeing = companies.into_iter().filter(|c| chain.sees(c, endpoint.path));
        let act = |c: &Company| call(&c.api(chain.server()), &endpoint, &path);
        let answers: Vec<_> = seeing.map(|c| (c, path.clone(), act(c))).collect();
        check_told(&mut found, &endpoint, &answers);
    }
    found.none();
}

#[test]
fn pages_show_each_company_what_is_its_own_and_nothing_else() {
    let chain = Chain::new();
    let (strangers, companies) = (strangers(&chain), chain.companies());
    let browsers: Vec<(&Company, Client)> =
        strangers.iter().map(|company| (company, company.browser(chain.server()))).collect();
    // One person works in all three companies: what one of them may see, the same person may not see in another's portal.
    let insider = sign_in(chain.server(), &companies[0].email);
    let (bystander, visitor) = (chain.bystander(), chain.server().visitor());
    let before = chain.everything(&shown());
    let mut found = Findings::default();
    // As keeps_back; or the answer tells no more than the one about objects that do not exist.
    let kept = |client: &Client, endpoint: &Endpoint, company: &Company, answer: &Page| {
        let nothing = || visit(client, endpoint, &chain.fill_absent(endpoint.path, company.id.as_str()));
        keeps_back(answer) || answer.status == 400 && nothing().status == 400
    };
    for endpoint in guarded(routes::pages()) {
        let whole = Chain::has_object(endpoint.path) || operates(&endpoint);
        let sees = |company: &Company| {
            chain.sees(company, endpoint.path) && (company.role == Role::Distributor || !operates(&endpoint))
        };
        let (mut seen, mut answers) = (0, vec![]);
        for company in companies {
            let path = chain.fill(endpoint.path, company.id.as_str());
            if !whole || sees(company) {
                seen += 1;
                if reads(&endpoint) {
                    answers.push((company, path.clone(), visit(&insider, &endpoint, &path)));
                }
                if seen > 1 {
                    continue;
                }
                let answer = visit(&visitor, &endpoint, &path);
                found.check(keeps_back(&answer), "a visitor", &endpoint, &path, &answer);
                if needs_permission(&endpoint) {
                    let answer = visit(&bystander, &endpoint, &path);
                    found.check(answer.status == 403, "a bystander", &endpoint, &path, &answer);
                }
                for (stranger, client) in &browsers {
                    let answer = visit(client, &endpoint, &path);
                    found.check(keeps_back(&answer), &stranger.name, &endpoint, &path, &answer);
                }
            } else {
                let answer = visit(&insider, &endpoint, &path);
                found.check(kept(&insider, &endpoint, company, &answer), &company.name, &endpoint, &path, &answer);
            }
        }
        check_told(&mut found, &endpoint, &answers);
        for (stranger, client) in browsers.iter().filter(|_| whole) {
            let path = chain.fill(endpoint.path, stranger.id.as_str());
            let answer = visit(client, &endpoint, &path);
            found.check(kept(client, &endpoint, stranger, &answer), &stranger.name, &endpoint, &path, &answer);
        }
        if seen == 0 {
            found.0.push(format!("{} {}: nobody sees its object", endpoint.method, endpoint.path));
        }
    }
    for (what, now) in chain.everything(&shown()) {
        if before.get(&what) != Some(&now) {
            found.0.push(format!("{what} was changed"));
        }
    }
    for endpoint in gently(guarded(routes::pages())) {
        let operator = |c: &Company| c.role == Role::Distributor || !operates(&endpoint);
        let seeing = companies.into_iter().filter(|c| chain.sees(c, endpoint.path) && operator(c));
        let path = |c: &Company| chain.fill(endpoint.path, c.id.as_str());
        let answers: Vec<_> = seeing.map(|c| (c, path(c), visit(&insider, &endpoint, &path(c)))).collect();
        check_told(&mut found, &endpoint, &answers);
    }
    found.none();
}

#[test]
#[should_panic(expected = "add a line to tests/it/chain.rs")]
fn an_unknown_kind_of_object_fails() {
    Chain::new().fill("/{account}/things/{thing}", "VA-1");
}
