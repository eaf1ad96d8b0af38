//! Chapters 4, 12 and 13: what stands between the browser and the program, and how the program is set up.

use std::io::{Read, Write};
use std::net::TcpStream;

use causeway::kit::Role;
use serde_json::json;

use crate::support::companies::Company;
use crate::support::program;
use crate::support::server::Server;

/// Sends bytes as they are and reads until the server has no more to say.
fn raw(server: &Server, bytes: &str) -> String {
    let address = server.base().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).expect("connect");
    stream.set_read_timeout(Some(std::time::Duration::from_secs(20))).expect("a limit");
    stream.write_all(bytes.as_bytes()).expect("send");
    stream.shutdown(std::net::Shutdown::Write).expect("say that this is all");
    let mut said = vec![];
    let _ = stream.read_to_end(&mut said);
    String::from_utf8_lossy(&said).into_owned()
}

/// 4.1.3: what a proxy tells is believed of a proxy only.
/// How: `X-Forwarded-*` counts if the peer's address is in `CAUSEWAY_TRUSTED_PROXIES`, and then what stands nearest.
#[test]
fn v4_1_3_only_a_proxy_is_believed() {
    let server = Server::start();
    let client = server.visitor();
    let page = client.send(reqwest::Method::GET, "/sign-in", |r| {
        r.header("X-Forwarded-Proto", "https").header("X-Forwarded-Host", "evil.example")
    });
    assert_eq!(page.header("strict-transport-security"), "");
    assert!(!page.body().contains("evil.example"));
}

/// 4.2.1: where a request ends is told in one way.
/// How: the HTTP library refuses requests with two lengths, with a length and chunks, or with a length that is no number.
#[test]
fn v4_2_1_a_request_ends_in_one_place() {
    let mut server = Server::start();
    // The HTTP library says so in the log, which the program's own filter leaves out.
    server.expect_faults();
    let smuggled = "GET /public/v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n";
    for (headers, body) in [
        ("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", format!("0\r\n\r\n{smuggled}")),
        ("Content-Length: 4\r\nContent-Length: 60\r\n", format!("abcd{smuggled}")),
        ("Content-Length: +4\r\n", format!("abcd{smuggled}")),
        ("Transfer-Encoding: xchunked\r\n", format!("0\r\n\r\n{smuggled}")),
        ("Transfer-Encoding: chunked, identity\r\n", format!("0\r\n\r\n{smuggled}")),
    ] {
        let said = raw(&server, &format!("POST /sign-in HTTP/1.1\r\nHost: x\r\n{headers}\r\n{body}"));
        assert!(!said.contains("\"openapi\""), "the second request was answered after {headers:?}:\n{said}");
    }
}

/// 4.3.1: a question of the query language costs a bounded amount of work.
/// How: depth, number of conditions, length of lists and `limit` have limits, each with a sentence; a statement that takes too
/// long is stopped.
/// Otherwise: the standard speaks of GraphQL; the API's query language RQL is what corresponds to it.
#[test]
fn v4_3_1_questions_are_bounded() {
    let server = Server::start();
    let company = Company::new(&server, "Halden", Role::Distributor);
    let api = company.api(&server);
    let deep = format!("{}eq(name,x){}", "not(".repeat(2_000), ")".repeat(2_000));
    let wide = format!("or({})", vec!["eq(name,x)"; 3_000].join(","));
    let long = format!("in(id,({}))", vec!["HB-1"; 8_000].join(","));
    for query in [
        deep,
        wide,
        long,
        "limit=100000000".into(),
        "limit=-1".into(),
        "offset=99999999999999999999".into(),
        "like(name,***********************x)".into(),
    ] {
        let page = api.try_send(reqwest::Method::GET, &format!("hubs?{query}"), |r| r).expect("an answer");
        assert!([200, 400, 413, 414, 431].contains(&page.status), "{}: {}", &query[..20.min(query.len())], page.status);
    }
    let page = api.get("hubs?limit=1000000");
    assert!(page.status == 400 || page.header("content-range").starts_with("items"), "{}", page.status);
}

/// 12.2.1: between browser and portal there is TLS, without a way around it.
/// How: TLS ends at the proxy in front (docs/operating.md); the program listens on loopback unless it is told otherwise, and with
/// an `https` address of the portal marks its cookie `Secure` and tells browsers to come back over HTTPS only.
#[test]
fn v12_2_1_the_program_listens_on_loopback() {
    let dir = tempfile::tempdir().expect("a folder");
    let help = program::run(dir.path(), &["serve", "--help"]);
    let said = String::from_utf8_lossy(&help.stdout).into_owned();
    assert!(said.contains("[default: 127.0.0.1:8080]"), "{said}");
}

/// 13.2.3: nobody gets in with what a program comes with.
/// How: a new database has nobody in it; `causeway init` prints a link that works once. The demo makes random passwords and serves
/// on loopback unless it is told otherwise.
#[test]
fn v13_2_3_there_are_no_default_credentials() {
    let server = Server::start();
    for table in ["person", "account", "token"] {
        assert_eq!(server.database().number(&format!("select count(*) as n from {table}")), 0, "{table}");
    }
}

/// 13.4.1, 13.4.3: neither sources nor folders are served.
/// How: the only files served are those inside the program and the media of companies, each by its exact name.
#[test]
fn v13_4_1_neither_sources_nor_folders_are_served() {
    let server = Server::start();
    let visitor = server.visitor();
    for path in [
        "/.git/config",
        "/.git/HEAD",
        "/Cargo.toml",
        "/static/",
        "/static",
        "/media/",
        "/static/../Cargo.toml",
        "/static/%2e%2e/Cargo.toml",
        "/causeway.db",
        "/mail",
        "/files/",
        "/.env",
        "/server-status",
        "/static/js",
        "/static/css/",
    ] {
        let page = visitor.follow(visitor.get(path));
        assert!(page.status == 404 || page.url.path() == "/sign-in", "{path}: {}", page.status);
    }
}

/// 13.4.2: nothing tells more for debugging in production than it has to.
/// How: errors are told by a sentence and a reference; there is no debug mode. Statement counts are answered in tests only.
#[test]
fn v13_4_2_nothing_is_told_for_debugging() {
    let server = Server::start_with(|config| config.count_statements = false);
    let page = server.visitor().get("/no/such/page").expect(404);
    for header in ["server", "x-powered-by", "server-timing"] {
        assert_eq!(page.header(header), "", "{header}");
    }
    for word in ["panicked", "backtrace", "src/", "rustc", "diesel", "actix"] {
        assert!(!page.body().contains(word), "{word}");
    }
}

/// 13.4.4: TRACE is not answered.
/// How: verbs that no route has are refused.
#[test]
fn v13_4_4_trace_is_not_answered() {
    let server = Server::start();
    for path in ["/", "/sign-in", "/public/v1/accounts", "/healthz"] {
        let said =
            raw(&server, &format!("TRACE {path} HTTP/1.1\r\nHost: x\r\nX-Secret: echo\r\nConnection: close\r\n\r\n"));
        assert!(said.starts_with("HTTP/1.1 4") && !said.contains("X-Secret"), "{path}: {said}");
    }
}

/// 13.4.5: what is for operating it is not open to the world.
/// How: metrics have an address of their own, none unless it is set; health tells one word.
#[test]
fn v13_4_5_metrics_are_not_open() {
    let server = Server::start();
    let company = Company::new(&server, "Halden", Role::Distributor);
    let page = company.browser(&server).get("/metrics");
    assert!(page.status == 404, "{}", page.status);
    assert_eq!(server.visitor().get("/healthz").expect(200).body(), "ok");
    company.api(&server).post("hubs", &json!({})).expect(400);
}
