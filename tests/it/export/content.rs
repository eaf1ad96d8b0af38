//! What is in an archive: what the API shows its account, each object once, and nothing else.

use std::collections::BTreeSet;

use causeway::kit::Role;
use serde_json::{Value, json};

use super::opened::{Opened, exported};
use crate::chain::Chain;
use crate::orders::world::text;
use crate::partners::world::offer;
use crate::support::client::Api;
use crate::support::companies::Company;

/// Every object of a list of the API.
fn listed(api: &Api, list: &str) -> Vec<Value> {
    let mut all = vec![];
    loop {
        let joined = if list.contains('?') { '&' } else { '?' };
        let page = api.get(&format!("{list}{joined}limit=7&offset={}", all.len())).expect(200).json();
        let page = page.as_array().expect("a list").clone();
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

fn ids(objects: &[Value]) -> Vec<String> {
    objects.iter().map(|object| text(object, "id")).collect()
}

/// Takes away what an archive must not have: what opens something.
fn without_secrets(mut object: Value) -> Value {
    if let Some(activation) = object.get_mut("activation").and_then(Value::as_object_mut) {
        activation.remove("code");
        activation.remove("link");
    }
    if let Some(link) = object.get_mut("params_form_url") {
        *link = json!("");
    }
    object
}

/// Fails unless a kind in the archive is a list of the API: the same objects in the same order.
#[track_caller]
fn same(company: &Company, archive: &Opened, kind: &str, api: &Api, list: &str) {
    let shown: Vec<Value> = listed(api, list).into_iter().map(without_secrets).collect();
    assert_eq!(archive.objects(kind), shown, "{kind} of {} and {list}", company.name);
}

/// The same for the parts of each of a kind's objects, which stand in one file.
#[track_caller]
fn same_parts(archive: &Opened, kind: &str, api: &Api, wholes: &[String], list: impl Fn(&str) -> String, name: &str) {
    let mut left = archive.objects(kind);
    for whole in wholes {
        let (mine, others): (Vec<Value>, Vec<Value>) =
            left.into_iter().partition(|object| object["@in"] == json!({ (name): whole }));
        left = others;
        let mut found = mine;
        found.iter_mut().for_each(|object| drop(object.as_object_mut().expect("an object").remove("@in")));
        assert_eq!(found, listed(api, &list(whole)), "{kind} of {whole}");
    }
    assert_eq!(left, Vec::<Value>::new(), "{kind} of something that is not in the archive");
}

/// The lists of the API that are a kind in the archive each.
const LISTS: &[(&str, &str)] = &[
    ("accounts", "accounts"),
    ("partners", "partners"),
    ("tokens", "auth/tokens"),
    ("identity_providers", "auth/idps"),
    ("domains", "auth/domains"),
    ("hubs", "hubs"),
    ("marketplaces", "marketplaces"),
    ("forms", "forms"),
    ("agreements", "agreements"),
    ("contracts", "contracts"),
    ("invitations", "invitations"),
    ("products", "products"),
    ("listings", "listings"),
    ("listing_requests", "listing-requests"),
    ("tier_accounts", "tier/accounts"),
    ("subscriptions", "assets?select(template,pending_request)"),
    ("requests", "requests"),
    ("usage_files", "usage/files"),
    ("usage_records", "usage/records"),
];

/// Compares an archive with all that the API of its company shows.
fn compare(company: &Company, archive: &Opened, api: &Api) {
    let id = &company.id;
    assert!(ids(&archive.objects("accounts")).contains(&id.to_string()));
    for (kind, list) in LISTS {
        same(company, archive, kind, api, list);
    }
    same(company, archive, "users", api, &format!("accounts/{id}/users"));
    same(company, archive, "groups", api, &format!("accounts/{id}/groups"));
    let acls = ["users".to_owned(), "tokens".to_owned()];
    let days = archive.objects("token_calls");
    let own = |day: &Value| company.key.contains(day["@in"]["token"].as_str().expect("a token"));
    assert!(days.iter().any(|day| own(day) && day["statuses"][0]["count"].as_i64().is_some_and(|n| n > 0)), "{days:?}");
    same_parts(archive, "ip_rules", api, &acls, |acl| format!("acl/{acl}/rules"), "acl");
    let invitations = ids(&archive.objects("invitations"));
    let rows = |invitation: &str| format!("invitations/{invitation}/rows");
    same_parts(archive, "invitation_rows", api, &invitations, rows, "invitation");
    let products = ids(&archive.objects("products"));
    for part in ["items", "parameters", "templates", "media"] {
        let kind = format!("product_{part}");
        same_parts(archive, &kind, api, &products, |product| format!("products/{product}/{part}"), "product");
    }
    let all = |wholes: &[String], list: &dyn Fn(&str) -> String| -> Vec<Value> {
        wholes.iter().flat_map(|whole| listed(api, &list(whole))).collect()
    };
    let versions = all(&products, &|product| format!("products/{product}/versions"));
    assert_eq!(archive.objects("product_versions"), versions);
    for part in ["items", "media"] {
        let mut left = archive.objects(&format!("product_version_{part}"));
        for version in &versions {
            let (product, number) = (text(version, "id"), version["version"].to_string());
            for object in listed(api, &format!("products/{product}/versions/{number}/{part}")) {
                let mut placed = object.clone();
                placed["@in"] = json!({ "product": product, "version": number });
                let at = left.iter().position(|found| *found == placed);
                left.remove(at.unwrap_or_else(|| panic!("{part} of {product} {number} lacks {object:#}")));
            }
        }
        assert_eq!(left, Vec::<Value>::new());
    }
    let sorted = |mut objects: Vec<Value>| {
        objects.sort_by_key(ToString::to_string);
        objects
    };
    let connections = all(&products, &|product| format!("products/{product}/connections"));
    assert_eq!(sorted(archive.objects("connections")), sorted(connections));
    let agreements = ids(&archive.objects("agreements"));
    let mut kept = archive.objects("agreement_versions");
    kept.iter_mut().for_each(|version| drop(version.as_object_mut().expect("an object").remove("@text")));
    assert_eq!(sorted(kept), sorted(all(&agreements, &|agreement| format!("agreements/{agreement}/versions"))));
    let signed = all(&ids(&archive.objects("contracts")), &|contract| format!("contracts/{contract}/versions"));
    assert_eq!(sorted(archive.objects("contract_versions")), sorted(signed));
    let mut found = all(&ids(&archive.objects("contracts")), &|contract| format!("contracts/{contract}/signatures"));
    assert!(!found.is_empty());
    found.iter_mut().for_each(|signature| drop(signature.as_object_mut().expect("an object").remove("verify")));
    assert_eq!(sorted(archive.objects("signatures")), sorted(found));
    let of_forms = all(&ids(&archive.objects("forms")), &|form| format!("forms/{form}/versions"));
    assert_eq!(sorted(archive.objects("form_versions")), sorted(of_forms));
    let answered = all(&ids(&archive.objects("contracts")), &|contract| format!("contracts/{contract}/data"));
    assert_eq!(sorted(archive.objects("contract_data")), sorted(answered));
    let customers =
        all(&ids(&archive.objects("tier_accounts")), &|account| format!("tier/accounts/{account}/versions"));
    assert_eq!(archive.objects("tier_account_versions"), customers);
    let files = ids(&archive.objects("usage_files"));
    same_parts(archive, "usage_categories", api, &files, |file| format!("usage/files/{file}/categories"), "usage_file");
    let own: Vec<Value> =
        listed(api, "settings/units").into_iter().filter(|unit| unit.get("owner").is_some()).collect();
    assert_eq!(archive.objects("units"), own);
    // What was noted after the snapshot is not in it: that it is ready.
    let entries = archive.objects("audit");
    let newest = text(&entries[0], "id");
    let shown: Vec<Value> = listed(api, "audit").into_iter().filter(|entry| text(entry, "id") <= newest).collect();
    assert_eq!(ids(&entries), ids(&shown));
    assert!(entries.iter().any(|entry| entry["verb"] == "export.requested"), "the export itself was not noted");
}

#[test]
fn an_archive_has_what_the_api_shows_its_account_each_object_once() {
    let chain = Chain::new();
    let server = chain.server();
    // A company that none of the three deals with, and one that two of them invite.
    let stranger = Company::new(server, "Stranger Zwölf", Role::Distributor);
    stranger.api(server).post("hubs", &json!({ "name": "Fremd-Hub", "instance_id": "f-1" })).expect(201);
    for company in chain.companies() {
        company.api(server).get("auth/context").expect(200);
        let archive = exported(server, company);
        archive.check();
        compare(company, &archive, &company.api(server));
        let kinds: Vec<&str> = archive.names().into_iter().filter(|name| name.ends_with(".ndjson")).collect();
        for kind in kinds.iter().filter_map(|name| name.strip_suffix(".ndjson")).filter(|kind| *kind != "files") {
            let lines: Vec<String> = archive.objects(kind).iter().map(ToString::to_string).collect();
            assert_eq!(lines.iter().collect::<BTreeSet<_>>().len(), lines.len(), "{kind} has an object twice");
            assert!(
                archive.text("README.txt").contains(&format!("{kind}.ndjson")),
                "the README does not tell of {kind}"
            );
        }
        let all = archive.everything();
        for foreign in ["Fremd-Hub", "Stranger", stranger.id.as_str()] {
            assert!(!all.contains(foreign), "the archive of {} has {foreign}", company.name);
        }
        let manifest = archive.manifest();
        assert_eq!(manifest["account"], json!({ "id": company.id, "name": company.name, "role": company.role }));
        assert_eq!(manifest["asked_by"]["id"], json!(company.user));
        assert_eq!(manifest["program"]["version"], env!("CARGO_PKG_VERSION"));
    }
}

#[test]
fn pictures_and_workbooks_are_attached_as_they_were_sent() {
    let chain = Chain::new();
    let server = chain.server();
    let [distributor, vendor, reseller] = chain.companies();
    let file = chain.id("usage_file");
    for (company, pictures, workbooks) in [(vendor, true, 2), (distributor, false, 2), (reseller, false, 0)] {
        let archive = exported(server, company);
        archive.check();
        let attached = archive.objects("files");
        let of = |start: &str| attached.iter().filter(|f| text(f, "path").starts_with(start)).collect::<Vec<_>>();
        assert_eq!(!of("files/media/").is_empty(), pictures, "{}", company.name);
        assert_eq!(of("files/usage/").len(), workbooks, "{}: {attached:#?}", company.name);
        for picture in of("files/media/") {
            let shown = server.visitor().get(&text(picture, "url")).expect(200);
            assert_eq!(archive.bytes(&text(picture, "path")), shown.bytes, "{picture}");
            assert!(archive.everything().contains(&text(picture, "url")), "nothing names {picture}");
        }
        if workbooks > 0 {
            let detail = company.api(server).get(&format!("usage/files/{file}")).expect(200).json();
            for (link, word) in [("usage_file_uri", ""), ("processed_file_uri", "-PROCESSED")] {
                let sent = reqwest::blocking::get(text(&detail, link)).expect("an answer").bytes().expect("bytes");
                assert_eq!(archive.bytes(&format!("files/usage/{file}/{file}{word}.xlsx")), &sent[..], "{link}");
            }
        }
    }
}

#[test]
fn a_file_that_is_gone_is_told_of() {
    let chain = Chain::new();
    let server = chain.server();
    let vendor = chain.companies()[1];
    let before = exported(server, vendor).objects("files").len();
    let key = "select count(*) as n from file where public and key in (select min(key) from file where public)";
    assert_eq!(server.database().number(key), 1, "there is no picture");
    server.database().execute(
        "insert into file (key, account_id, name, content_type, size, sha256, public, state, created_at) select \
         '0000000000000000000000000000000000000000', account_id, name, content_type, size, sha256, public, state, created_at \
         from file where public and key in (select min(key) from file where public)",
    );
    let client = vendor.browser(server);
    let page = super::opened::start(&client, vendor);
    server.settle();
    let ready = client.open(&page);
    ready.must_say("One file was deleted while the archive was made");
    let archive = Opened::of(&client.get(&ready.link("Download")).expect(200));
    let missing: Vec<Value> = archive.objects("files").into_iter().filter(|f| f["missing"] == true).collect();
    assert_eq!((missing.len(), archive.objects("files").len()), (1, before + 1));
    assert_eq!(missing[0].get("sha256"), None);
    assert_eq!(archive.manifest()["attachments"]["missing"], 1);
}

#[test]
fn nothing_in_an_archive_lets_anybody_in() {
    let chain = Chain::new();
    let server = chain.server();
    let [distributor, vendor, _] = chain.companies();
    let (buyer, seller) = (distributor.api(server), vendor.api(server));
    let program = chain.id("agreement");
    let offered = buyer.post(&format!("agreements/{program}/contracts"), &offer("Halden")).expect(201).json();
    let code = text(&offered, "activation.code");
    let request = chain.id("request");
    let mark = json!({ "asset": { "params": [{ "id": "admin_email", "value_error": "Not known" }] } });
    seller.put(&format!("requests/{request}"), &mark).expect(200);
    let asked = seller.post(&format!("requests/{request}/inquire"), &json!({})).expect(200).json();
    let form = text(&asked, "params_form_url");
    let (_, form) = form.split_once("secret=").expect("a secret");
    let mut secrets = vec![("an activation code", code), ("the secret of a form", form.to_owned())];
    for company in chain.companies() {
        let (_, key) = company.key.split_once(':').expect("a key");
        secrets.push(("a token's key", key.to_owned()));
    }
    for company in [distributor, vendor] {
        let archive = exported(server, company);
        let all = archive.everything();
        assert!(all.contains(request), "the request is not there");
        for (what, secret) in &secrets {
            assert!(secret.len() >= 12 && !all.contains(secret.as_str()), "{}'s archive has {what}", company.name);
        }
        // Hashes of passwords and keys, and links that were signed.
        for (what, piece) in
            [("a password's hash", "$argon2"), ("a signed link", "/downloads/"), ("a secret", "secret=")]
        {
            assert!(!all.contains(piece), "{}'s archive has {what}", company.name);
        }
        let hashes = server.database().counts("select secret_hash as name, cast(1 as bigint) as n from token");
        assert!(hashes.len() >= 3, "tokens keep their hashes elsewhere");
        assert!(hashes.keys().all(|hash| !all.contains(hash)), "{}'s archive has a token's hash", company.name);
    }
}
