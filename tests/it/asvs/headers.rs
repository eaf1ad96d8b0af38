//! Chapter 3: what the browser is told to refuse.

use causeway::kit::Role;
use causeway::routes;
use causeway::web::endpoint::Who;
use reqwest::Method;
use serde_json::json;

use crate::support::client::Client;
use crate::support::companies::{Company, PASSWORD};
use crate::support::page::{Page, selector};
use crate::support::server::Server;

/// A portal that browsers reach over HTTPS, through a proxy on the same machine.
fn behind_proxy() -> Server {
    Server::start_with(|config| {
        config.public_url = Some(url::Url::parse("https://portal.example").expect("an address"));
        config.trusted_proxies = vec![std::net::IpAddr::from([127, 0, 0, 1])];
    })
}

fn over_https(client: &Client, method: Method, path: &str) -> Page {
    client.send(method, path, |r| {
        r.header("X-Forwarded-Host", "portal.example")
            .header("X-Forwarded-Proto", "https")
            .header("X-Forwarded-For", "192.0.2.7")
    })
}

/// The cookie that somebody gets who signs in over HTTPS.
fn cookie_over_https() -> String {
    let server = behind_proxy();
    let company = Company::new(&server, "Halden", Role::Vendor);
    let client = server.visitor();
    let page = client.send(Method::POST, "/sign-in", |r| {
        r.header("X-Forwarded-Host", "portal.example")
            .header("X-Forwarded-Proto", "https")
            .header("Origin", "https://portal.example")
            .form(&[
                ("email", company.email.as_str()),
                ("password", PASSWORD),
                ("next", "/"),
                ("idempotency_key", "k-1"),
            ])
    });
    let page = page.expect(303);
    let mut cookies = page.headers.get_all("set-cookie").iter().filter_map(|v| v.to_str().ok());
    cookies.rfind(|c| c.starts_with("__Host-causeway=")).unwrap_or_default().to_owned()
}

/// 3.3.1: cookies travel over HTTPS only.
/// How: `Secure`, and a name that a browser takes from a safe origin only.
#[test]
fn v3_3_1_cookies_travel_over_https() {
    let cookie = cookie_over_https();
    assert!(cookie.split("; ").any(|part| part == "Secure"), "{cookie:?}");
}

/// 3.3.2: other sites' requests come without the cookie.
/// How: `SameSite=Lax`, and every request that changes something is checked for where it comes from besides.
#[test]
fn v3_3_2_other_sites_requests_have_no_cookie() {
    let cookie = cookie_over_https();
    assert!(cookie.split("; ").any(|part| part == "SameSite=Lax"), "{cookie:?}");
}

/// 3.3.3: the cookie belongs to its host alone.
/// How: the name begins with `__Host-`, the path is `/`, there is no domain.
#[test]
fn v3_3_3_the_cookie_belongs_to_its_host() {
    let cookie = cookie_over_https();
    assert!(cookie.starts_with("__Host-") && cookie.contains("; Path=/"), "{cookie:?}");
    assert!(!cookie.to_lowercase().contains("domain="), "{cookie:?}");
}

/// 3.3.4: no script reads the session.
/// How: `HttpOnly`; the session is known to the server and the cookie only.
#[test]
fn v3_3_4_no_script_reads_the_session() {
    let cookie = cookie_over_https();
    assert!(cookie.split("; ").any(|part| part == "HttpOnly"), "{cookie:?}");
}

/// 3.4.1: a browser that came over HTTPS comes back over HTTPS only.
/// How: `Strict-Transport-Security` for a year, with every answer of a site that is reached over HTTPS.
#[test]
fn v3_4_1_browsers_come_back_over_https() {
    let server = behind_proxy();
    let client = server.visitor();
    for path in ["/sign-in", "/healthz", "/no/such/page", "/public/v1/accounts", "/public/v1/openapi.json"] {
        let said = over_https(&client, Method::GET, path).header("strict-transport-security").to_owned();
        assert_eq!(said, "max-age=31536000; includeSubDomains", "{path}");
    }
    assert_eq!(client.get("/sign-in").header("strict-transport-security"), "", "over plain HTTP a browser ignores it");
}

/// One answer of each kind: pages, errors, API, files.
fn answers() -> Vec<Page> {
    let server = Server::start();
    let company = Company::new(&server, "Halden", Role::Distributor);
    let (browser, api) = (company.browser(&server), company.api(&server));
    let mut all: Vec<Page> = routes::pages()
        .iter()
        .filter(|e| e.method == "GET" && !e.path.replace("{account}", "").contains('{'))
        .map(|e| browser.get(&e.path.replace("{account}", company.id.as_str())))
        .collect();
    let style = all.iter().find_map(|p| p.attribute("link[rel=stylesheet]", "href")).expect("a style sheet");
    all.extend([&style, "/no/such/page", "/media/product.png"].map(|path| browser.get(path)));
    all.extend(["accounts", "no/such", "openapi.json", "hubs?eq(name"].map(|path| api.get(path)));
    all.push(server.api("ApiKey SU-1:x").get("accounts"));
    all.push(browser.send(Method::POST, &format!("/{}/hubs/new", company.id), |r| r.form(&[("x", "")])));
    all
}

/// 3.4.3: pages run and load nothing but what is theirs, and nothing inline.
/// How: a content security policy that begins with `default-src 'none'` and names the portal itself for the rest, without
/// `unsafe-inline` or `unsafe-eval`, with every answer.
#[test]
fn v3_4_3_pages_run_nothing_foreign() {
    for answer in answers() {
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{}: {policy:?}", answer.url);
        assert!(
            !policy.contains("unsafe") && !policy.contains("http:") && !policy.contains('*'),
            "{}: {policy}",
            answer.url
        );
        if policy.contains("script-src") {
            assert!(policy.contains("base-uri 'none'") && policy.contains("form-action 'self'"), "{policy}");
        }
    }
}

/// 3.4.4: browsers take the type of an answer as it is told.
/// How: `X-Content-Type-Options: nosniff` with every answer.
#[test]
fn v3_4_4_types_are_not_guessed() {
    for answer in answers() {
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{}", answer.url);
        let has_type = !answer.header("content-type").is_empty() || answer.bytes.is_empty();
        assert!(has_type, "{} has no type", answer.url);
    }
}

/// 3.4.5: other sites do not learn addresses of the portal.
/// How: `Referrer-Policy: same-origin`.
#[test]
fn v3_4_5_addresses_stay_here() {
    for answer in answers() {
        let policy = answer.header("referrer-policy");
        assert!(["same-origin", "no-referrer"].contains(&policy), "{}: {policy:?}", answer.url);
    }
}

/// 3.4.6: no other site shows the portal inside its own page.
/// How: `frame-ancestors 'none'`, and `X-Frame-Options: DENY` for browsers that do not know it.
#[test]
fn v3_4_6_nobody_frames_the_portal() {
    for answer in answers() {
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'") || policy.contains("sandbox"), "{}: {policy:?}", answer.url);
        assert_eq!(answer.header("x-frame-options"), "DENY", "{}", answer.url);
    }
}

/// 3.4.8: pages of other sites get no handle on the portal's window.
/// How: `Cross-Origin-Opener-Policy: same-origin`.
#[test]
fn v3_4_8_windows_are_apart() {
    for answer in answers() {
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{}", answer.url);
    }
}

/// 3.5.1: another site cannot make a signed-in browser change anything.
/// How: every request but GET, HEAD and OPTIONS must come from the portal's own pages: `Sec-Fetch-Site` says so, or `Origin`
/// where a browser does not send it; a request with a cookie and neither is refused.
/// Otherwise: there are no tokens in forms; browsers have sent these headers for years, and no script or page can change them.
#[test]
fn v3_5_1_other_sites_change_nothing() {
    let server = Server::start();
    let company = Company::new(&server, "Halden", Role::Distributor);
    let browser = company.browser(&server);
    let foreign: &[&[(&str, &str)]] = &[
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "cross-site"), ("origin", "null")],
    ];
    for endpoint in routes::pages().iter().filter(|e| e.method != "GET" && e.who != Who::Anyone) {
        let path = endpoint.path.replace("{account}", company.id.as_str()).replace(['{', '}'], "x");
        for headers in foreign {
            let sent = browser.send(Method::POST, &path, |r| {
                headers.iter().fold(r, |r, (name, value)| r.header(*name, *value)).form(&[("name", "x")])
            });
            assert_eq!(sent.status, 403, "{path} from {headers:?}");
        }
    }
    let only_origin = |origin: &str| {
        let client = reqwest::blocking::Client::builder().no_proxy().build().expect("a client");
        let request = client.post(format!("{}/sign-out", server.base())).header("cookie", "causeway=x");
        let request = if origin.is_empty() { request } else { request.header("origin", origin) };
        request.send().expect("an answer").status().as_u16()
    };
    assert_eq!((only_origin("https://evil.example"), only_origin("null"), only_origin("")), (403, 403, 403));
    assert_ne!(only_origin(server.base()), 403);
}

/// 3.5.2: what is protected by a browser asking first cannot be called without that.
/// How: the API takes no cookie, only a key in the header `Authorization`, which a foreign page cannot send; nobody is answered
/// with `Access-Control-Allow-*`.
#[test]
fn v3_5_2_the_api_takes_no_cookies() {
    let server = Server::start();
    let company = Company::new(&server, "Halden", Role::Distributor);
    let browser = company.browser(&server);
    browser.get("/public/v1/accounts").expect(401);
    browser.send(Method::POST, "/public/v1/hubs", |r| r.json(&json!({ "name": "x" }))).expect(401);
    let asked = browser.send(Method::OPTIONS, "/public/v1/hubs", |r| {
        r.header("origin", "https://evil.example").header("access-control-request-method", "POST")
    });
    assert!(asked.headers.keys().all(|name| !name.as_str().starts_with("access-control-")), "{:?}", asked.headers);
}

/// 3.5.3: nothing is changed by a request that reads.
/// How: what changes something has a method of its own in the table of routes; reading every page of a company changes no row
/// (that of the session apart).
#[test]
fn v3_5_3_reading_changes_nothing() {
    let server = Server::start();
    let company = Company::new(&server, "Halden", Role::Distributor);
    company.api(&server).post("hubs", &json!({ "name": "Shop", "instance": { "id": "x", "type": "API" } })).expect(201);
    let browser = company.browser(&server);
    let paths: Vec<String> = routes::pages()
        .iter()
        .filter(|e| e.method == "GET" && !e.path.replace("{account}", "").contains('{'))
        .map(|e| e.path.replace("{account}", company.id.as_str()))
        .filter(|path| path != "/")
        .collect();
    // The first look notes where the person works.
    browser.get(&format!("/{}", company.id));
    server.settle();
    let events = || server.database().number("select count(*) as n from event");
    let before = events();
    for path in paths {
        browser.get(&path);
        browser.send(Method::HEAD, &path, |r| r);
    }
    assert_eq!(events(), before, "something was done by looking");
}

/// 3.5.4: files that companies bring stand apart from the portal.
/// How: they are served from `/media/` with a policy of `sandbox` and a type that was proven by decoding them.
/// Otherwise: they have the portal's host name, so that one program with one name is enough; a sandboxed picture runs nothing
/// and has an origin of its own.
#[test]
fn v3_5_4_files_of_companies_stand_apart() {
    let shop = crate::products::world::Shop::open();
    let product = shop.draft("Cloud Backup");
    let made = shop.picture(&product, 1).expect(201).json();
    let picture = shop.world.server.visitor().get(made["thumbnail"].as_str().expect("an address")).expect(200);
    assert!(picture.header("content-security-policy").contains("sandbox"));
    assert!(picture.header("content-type").starts_with("image/"));
}

/// 3.6.1: pages load nothing from elsewhere.
/// How: scripts, styles, fonts and pictures are inside the program.
#[test]
fn v3_6_1_nothing_is_loaded_from_elsewhere() {
    for answer in answers().iter().filter(|a| a.header("content-type").starts_with("text/html")) {
        let document = answer.document();
        for element in document.select(&selector("[src], link[href]")) {
            let address = element.attr("src").or(element.attr("href")).expect("an address");
            let own = address.starts_with('/') && !address.starts_with("//") || address.starts_with("data:");
            assert!(own, "{address} in {}", answer.url);
        }
    }
}

/// 3.7.2: nobody is led to another site.
/// How: where to go on is a path of the portal; anything else leads to the front page.
#[test]
fn v3_7_2_nobody_is_led_away() {
    let server = Server::start();
    let company = Company::new(&server, "Halden", Role::Distributor);
    for next in [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/%5cevil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "http:evil.example",
        " https://evil.example",
        "/..//evil.example",
        "///evil.example",
    ] {
        let client = server.visitor();
        let page = client.send(Method::GET, "/sign-in", |r| r.query(&[("next", next)])).expect(200);
        let form = page.form_with("Sign in").set("email", &company.email).set("password", PASSWORD);
        let target = client.post(form).redirect().expect("a redirect");
        assert_eq!(target.host_str(), Some("127.0.0.1"), "{next}");
    }
}
