//! Chapter 1: what people write is shown as they wrote it and does nothing.

use causeway::flows::products::actions as products;
use causeway::flows::products::model::{Scope, TemplateDraft, TemplateKind};
use causeway::kit::Role;
use serde_json::json;

use crate::orders::world::{World, refused, text};
use crate::support::companies::{Company, act};
use crate::support::page::{Page, selector};
use crate::support::server::Server;

/// Texts that would do something if they were not encoded for where they stand.
const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' autofocus onfocus=alert(1) x='",
    "</textarea><svg onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7 * 7 }}${7*7}<%= 7 %>",
    "</title><script>1</script>",
    "--><script>1</script>",
];

/// Fails if a page has an element or an attribute that runs something, or an address that does.
#[track_caller]
fn does_nothing(page: &Page) {
    let document = page.document();
    for element in document.select(&selector("*")) {
        let (name, element) = (element.value().name(), element.value());
        assert!(
            name != "script"
                || element.attr("src").is_some_and(|src| src.starts_with("/static/") || src.starts_with("/assets/")),
            "a script in {}",
            page.url
        );
        assert!(!["iframe", "object", "embed", "base", "meta[http-equiv]"].contains(&name), "<{name}> in {}", page.url);
        for (attribute, value) in element.attrs() {
            assert!(!attribute.starts_with("on"), "{attribute}={value:?} in {}", page.url);
            assert!(attribute != "style", "style={value:?} in {}", page.url);
            let is_address = ["href", "src", "action", "formaction"].contains(&attribute);
            // A word without a scheme is an address on the same page's site.
            let own = !value.contains(':') || value.starts_with("mailto:") || value.starts_with("http");
            assert!(
                !is_address || own || value.is_empty() || value.starts_with("data:image/"),
                "{attribute}={value:?} in {}",
                page.url
            );
        }
    }
}

/// 1.2.1, 1.2.3: texts are encoded for the place where they stand, in pages and in JSON.
/// How: askama encodes every text in every template, JSON is written by serde; hostile names in every list, page, form and
/// answer come back as the same text and as nothing else.
#[test]
fn v1_2_1_texts_stay_texts() {
    let server = Server::start();
    let company = Company::new(&server, "Halden", Role::Distributor);
    let (api, browser) = (company.api(&server), company.browser(&server));
    for hostile in HOSTILE {
        let hub = json!({ "name": hostile, "description": hostile, "instance": { "id": "x", "type": "API" } });
        let made = api.post("hubs", &hub).expect(201).json();
        assert_eq!((made["name"].as_str(), made["description"].as_str()), (Some(*hostile), Some(*hostile)));
        let id = text(&made, "id");
        let at = |path: &str| format!("/{}/{path}", company.id);
        for path in
            [at("hubs"), at(&format!("hubs/{id}")), at(&format!("hubs/{id}/edit")), at(&format!("hubs/{id}/delete"))]
        {
            let page = browser.open(&path);
            does_nothing(&page);
        }
        assert!(browser.open(&at(&format!("hubs/{id}"))).says(hostile), "{hostile} is not shown");
        let again = browser.open(&at(&format!("hubs/{id}/edit"))).form_with("Save");
        assert_eq!(again.value("name"), Some(*hostile), "what was typed is changed");
        does_nothing(&browser.get(&at(&format!("hubs?like(name,*{}*)", "%3Cscript%3E"))));
        api.delete(&format!("hubs/{id}")).expect(204);
    }
}

/// 1.2.2: addresses are put together so that data cannot change where they lead.
/// How: ids and queries are percent-encoded by one link builder; only paths of the portal are taken as a way to go on.
#[test]
fn v1_2_2_addresses_are_put_together_safely() {
    let server = Server::start();
    let company = Company::new(&server, "Halden", Role::Distributor);
    let browser = company.browser(&server);
    for hostile in ["\"><script>1</script>", "a&b=c#d", "../../etc/passwd", "x%0d%0aSet-Cookie:a=b", "javascript:1"] {
        let list =
            browser.send(reqwest::Method::GET, &format!("/{}/hubs", company.id), |r| r.query(&[("search", hostile)]));
        does_nothing(&list);
        assert!(list.headers.get("set-cookie").is_none_or(|v| !v.to_str().unwrap().starts_with("a=b")));
        for link in list.document().select(&selector("a[href]")).filter_map(|a| a.attr("href")) {
            let url = list.url.join(link).expect("an address");
            assert_eq!(url.host_str(), list.url.host_str(), "{link} leads away");
        }
    }
}

/// 1.2.4: the database is asked with parameters, also for what filters generate.
/// How: diesel binds every value; the query language compiles to bound conditions on fields that the code names. The house
/// test allows SQL in stores only.
#[test]
fn v1_2_4_the_database_is_asked_with_parameters() {
    let server = Server::start();
    let company = Company::new(&server, "Halden", Role::Distributor);
    let api = company.api(&server);
    api.post("hubs", &json!({ "name": "Shop", "instance": { "id": "x", "type": "API" } })).expect(201);
    for hostile in [
        "' or '1'='1",
        "'; drop table hub; --",
        "x' union select secret_hash from token --",
        "\\",
        "%27",
        "$1",
        "?",
        "1); --",
    ] {
        let encoded: String =
            url::form_urlencoded::byte_serialize(hostile.as_bytes()).collect::<String>().replace('+', "%20");
        for query in [
            format!("eq(name,{encoded})"),
            format!("like(name,*{encoded}*)"),
            format!("in(id,({encoded},x))"),
            format!("search={encoded}"),
        ] {
            let page = api.get(&format!("hubs?{query}"));
            assert!(page.status == 200 || page.status == 400, "{query}: {}", page.status);
            if page.status == 200 {
                assert_eq!(page.json().as_array().map(Vec::len), Some(0), "{query} found something");
            }
        }
        for ordering in [format!("ordering({encoded})"), format!("ordering=-{encoded}")] {
            assert!([200, 400].contains(&api.get(&format!("hubs?{ordering}")).status), "{ordering}");
        }
        api.get(&format!("hubs/{encoded}")).expect(404);
    }
    assert_eq!(api.get("hubs").expect(200).json().as_array().map(Vec::len), Some(1));
}

/// 1.2.10: what is exported to a spreadsheet program is never a formula there.
/// How: in CSV an apostrophe stands before what such a program would calculate; in workbooks every text is a text cell.
#[test]
fn v1_2_10_exports_have_no_formulas() {
    let server = Server::start();
    let company = Company::new(&server, "Halden", Role::Distributor);
    let api = company.api(&server);
    let hostile = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1+1", "\r=1+1"];
    for name in hostile {
        api.post(
            "hubs",
            &json!({ "name": format!("x{name}"), "description": name, "instance": { "id": name, "type": "API" } }),
        );
        api.post("hubs", &json!({ "name": name, "instance": { "id": "x", "type": "API" } }));
    }
    let csv = company.browser(&server).get(&format!("/{}/hubs?_export=csv", company.id)).expect(200).body();
    let mut reader = csv::ReaderBuilder::new().from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    let mut seen = 0;
    for record in reader.records() {
        for cell in &record.expect("a line") {
            assert!(!cell.starts_with(['=', '+', '@', '\t', '\r']), "{cell:?} is a formula");
            assert!(!cell.starts_with("-1+1"), "{cell:?} is a formula");
            seen += usize::from(cell.contains("1+1") || cell.contains("SUM") || cell.contains("cmd"));
        }
    }
    assert!(seen >= 4, "the names are not in the export:\n{csv}");
}

/// 1.3.1, 1.3.5: HTML and Markdown that companies write are sanitised by a library.
/// How: pulldown-cmark makes HTML of Markdown and ammonia lets a list of harmless elements through; nothing else of a company's is
/// taken as HTML.
#[test]
fn v1_3_1_markdown_is_sanitised() {
    let world = World::new();
    let hostile = "<script>alert(1)</script>\n\n[x](javascript:alert(1)) <a href='data:text/html,1'>y</a>\n\n\
        <img src=x onerror=alert(1)>\n\n<style>*{}</style><iframe src='//evil.example'></iframe><form action='//evil.example'>\n\n\
        <svg><a xlink:href='javascript:1'>z</a></svg>\n\n# Heading\n\n**bold**";
    act(&world.server, |tx| {
        let draft = TemplateDraft {
            name: "Hostile".into(),
            title: "Hostile".into(),
            body: hostile.into(),
            scope: Scope::Asset,
            kind: Some(TemplateKind::Fulfillment),
        };
        products::create_template(tx, &world.vendor.system(), &world.product, &draft).map(drop)
    });
    let id = text(&world.purchased("u1"), "id");
    let person = world.vendor.browser(&world.server);
    let form = person.open(&format!("/{}/requests/{id}/approve", world.vendor.id)).form_with("Approve");
    let page = person.submit(form.set("template_id", "Hostile").set("p.tenant_id", "<b>t</b>")).expect(200);
    does_nothing(&page);
    let prose: String = page.document().select(&selector(".prose")).map(|e| e.html()).collect();
    for bad in ["<script", "javascript:", "onerror", "<style", "<iframe", "<form", "<svg", "data:text"] {
        assert!(!prose.contains(bad), "{bad} in {prose}");
    }
    assert!(prose.contains("<strong>bold</strong>"), "{prose}");
}

/// 1.3.4: drawings that can run scripts are not taken in.
/// How: pictures are PNG, JPEG, GIF or WebP, known by their bytes and decoded; SVG is refused, and what is served has a
/// content security policy with `sandbox`.
#[test]
fn v1_3_4_drawings_with_scripts_are_refused() {
    let shop = crate::products::world::Shop::open();
    let product = shop.draft("Cloud Backup");
    let image = json!({ "position": 1, "type": "image" });
    for drawing in [
        &b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"[..],
        b"<?xml version='1.0'?><!DOCTYPE svg><svg/>",
        b"\xef\xbb\xbf  <svg/>",
        b"GIF89a<script>alert(1)</script>",
    ] {
        let form = crate::products::world::with_file(&image, "thumbnail", drawing);
        refused(
            shop.maker().send(reqwest::Method::POST, &format!("products/{product}/media"), |r| r.multipart(form)),
            400,
        );
    }
}

/// 1.3.7: templates that vendors write are filled in, not run.
/// How: a template has names of parameters between braces, replaced once; what a value says is not read as a template again.
#[test]
fn v1_3_7_templates_are_not_run() {
    let world = World::new();
    act(&world.server, |tx| {
        let draft = TemplateDraft {
            name: "Braces".into(),
            title: "Braces".into(),
            body: "A {{ tenant_id }} B {{ 7*7 }} C {% for x in y %} D {{ self.__class__ }} E ${7*7}".into(),
            scope: Scope::Asset,
            kind: Some(TemplateKind::Fulfillment),
        };
        products::create_template(tx, &world.vendor.system(), &world.product, &draft).map(drop)
    });
    let id = text(&world.purchased("u1"), "id");
    let person = world.vendor.browser(&world.server);
    let form = person.open(&format!("/{}/requests/{id}/approve", world.vendor.id)).form_with("Approve");
    let page = person.submit(form.set("template_id", "Braces").set("p.tenant_id", "{{ admin_email }}")).expect(200);
    let prose = page.texts(".prose").join(" ");
    assert!(!prose.contains("49"), "{prose}");
    assert!(!prose.contains("eva@lindau.example"), "a value was read as a template: {prose}");
}

/// 1.3.11: nobody writes headers of a mail.
/// How: lettre encodes names and subjects; addresses are parsed before they are kept and cannot hold control characters.
#[test]
fn v1_3_11_nobody_writes_headers_of_a_mail() {
    let server = Server::start();
    let company = Company::new(&server, "Halden", Role::Distributor);
    let api = company.api(&server);
    let group = api.get(&format!("accounts/{}/groups", company.id)).expect(200).json()[0]["id"].clone();
    let users = format!("accounts/{}/users", company.id);
    let invite = |email: &str, name: &str| {
        api.post(&users, &json!({ "email": email, "name": name, "groups": [{ "id": group }] }))
    };
    for email in [
        "a@b.example\r\nBcc: evil@evil.example",
        "a@b.example,evil@evil.example",
        "a b@c.example",
        "\"x\r\ny\"@b.example",
    ] {
        invite(email, "Cy").expect(400);
    }
    invite("cy@b.example", "Cy\r\nBcc: evil@evil.example\r\n\r\nHello").expect(201);
    server.settle();
    let mail = server.mail().next_to("cy@b.example");
    // The name of somebody is one header's text; the mail is addressed to one address.
    let letters = std::fs::read_dir(server.dir().join("mail")).expect("the mails").flatten();
    let letters: Vec<String> = letters.map(|e| std::fs::read_to_string(e.path()).expect("a mail")).collect();
    assert!(!mail.text.is_empty() && letters.len() == 1, "{letters:?}");
    for letter in letters {
        assert!(letter.lines().all(|line| !line.to_lowercase().starts_with("bcc")), "{letter}");
        let to = letter.lines().find(|line| line.starts_with("To: ")).expect("an address");
        assert!(to.ends_with("<cy@b.example>") || letter.contains("<cy@b.example>"), "{letter}");
    }
}

/// 1.3.12: patterns that vendors give for a parameter's values cannot keep the program busy.
/// How: no value is matched against a pattern of a vendor; what is matched is matched by Rust's `regex`, which does not go back.
#[test]
fn v1_3_12_patterns_cannot_keep_the_program_busy() {
    let world = World::new();
    let parameter = json!({
        "name": "slow", "title": "Slow", "type": "text", "phase": "ordering", "scope": "asset",
        "constraints": { "required": false, "regex": "(a+)+$", "pattern": "(a+)+$" },
    });
    let answer = world.seller().post(&format!("products/{}/parameters", world.product), &parameter);
    assert!([201, 400].contains(&answer.status), "{}", answer.status);
    let mut order = world.order("u9");
    order["asset"]["params"][0]["value"] = json!(format!("{}!@lindau.example", "a".repeat(60)));
    let answer = world.buyer().post("requests", &order);
    assert!([201, 400].contains(&answer.status), "{}", answer.status);
}

/// 1.5.1: XML that comes in cannot make the program read or fetch anything.
/// How: the only XML is inside workbooks; quick-xml knows no external entities, and a document type is refused.
#[test]
fn v1_5_1_xml_knows_no_entities() {
    let world = crate::usage::world::World::start("QT");
    let file = world.file();
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\"><!ENTITY b \"&a;&a;\">]>\
        <worksheet><sheetData><row r=\"1\"><c t=\"inlineStr\"><is><t>&b;</t></is></c></row></sheetData></worksheet>";
    let parts = [
        ("[Content_Types].xml", "<Types/>"),
        (
            "_rels/.rels",
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
        ),
        (
            "xl/workbook.xml",
            "<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"records\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>",
        ),
        ("xl/worksheets/sheet1.xml", bomb),
    ];
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(vec![]));
    for (name, content) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        std::io::Write::write_all(&mut zip, content.as_bytes()).expect("its text");
    }
    let bytes = zip.finish().expect("the workbook").into_inner();
    let answer = world.send(&file, bytes);
    let told = if answer.status == 400 { answer.body() } else { world.checked(&file).to_string() };
    assert!(!told.contains("root:"), "{told}");
}
