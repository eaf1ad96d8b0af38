//! Pictures: how they come in, who may see them, what stays on disk.

use reqwest::Method;
use reqwest::blocking::multipart::{Form, Part};
use serde_json::json;

use super::world::{PNG, Shop, with_file};
use crate::partners::world::refused;

/// How many files the store keeps.
fn kept(shop: &Shop) -> usize {
    fn walk(dir: &std::path::Path) -> usize {
        let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
        entries.map(|e| if e.path().is_dir() { walk(&e.path()) } else { 1 }).sum()
    }
    let root = shop.world.server.dir().join("files");
    ["kept", "staged"].iter().map(|part| walk(&root.join(part))).sum()
}

#[test]
fn everybody_may_fetch_a_picture_and_it_can_do_no_harm() {
    let shop = Shop::open();
    let product = shop.draft("Cloud Backup");
    let made = shop.picture(&product, 2).expect(201).json();
    assert_eq!(
        (made["position"].clone(), made["type"].clone(), made["url"].clone()),
        (json!(2), json!("image"), made["thumbnail"].clone())
    );
    let path = made["thumbnail"].as_str().unwrap();
    assert!(
        path.starts_with(&format!("/media/{}/{product}/media/", shop.vendor.id)) && path.ends_with(".png"),
        "{path}"
    );
    let picture = shop.world.server.visitor().get(path).expect(200);
    assert_eq!(picture.bytes, PNG);
    assert_eq!(picture.header("content-type"), "image/png");
    assert_eq!(picture.header("x-content-type-options"), "nosniff");
    assert!(picture.header("content-security-policy").contains("sandbox"));
    assert!(picture.header("cache-control").contains("immutable"));
    let default = shop.world.server.visitor().get("/media/product.png").expect(200);
    assert!(default.header("content-type") == "image/png" && default.bytes.starts_with(&PNG[..8]));
    for wrong in [
        path.replace(".png", ".jpg"),
        path.replace(".png", ".html"),
        path.replace(&product, "PRD-000-000-001"),
        path.replace(shop.vendor.id.as_str(), "VA-000-001"),
        format!("/media/{}/{product}/media/..%2f..%2fcauseway.db", shop.vendor.id),
    ] {
        assert_eq!(shop.world.server.visitor().get(&wrong).status, 404, "{wrong}");
    }
}

#[test]
fn an_icon_comes_with_the_data_of_the_product() {
    let shop = Shop::open();
    let product = shop.draft("Cloud Backup");
    let put = |form: Form| shop.maker().send(Method::PUT, &format!("products/{product}"), |r| r.multipart(form));
    let changed = put(with_file(&json!({ "name": "Renamed" }), "icon", PNG)).expect(200).json();
    let icon = changed["icon"].as_str().unwrap().to_owned();
    assert_eq!(changed["name"], "Renamed");
    assert_eq!(shop.world.server.visitor().get(&icon).expect(200).bytes, PNG);
    // Only a body in parts, without a file, changes the data alone.
    let body = Form::new().part("body", Part::text(r#"{"name": "Again"}"#));
    let changed = put(body).expect(200).json();
    assert_eq!((changed["name"].clone(), changed["icon"].clone()), (json!("Again"), json!(icon)));
    assert_eq!(kept(&shop), 1);
}

#[test]
fn what_is_refused_leaves_nothing_behind() {
    let shop = Shop::open();
    let product = shop.draft("Cloud Backup");
    let path = format!("products/{product}/media");
    let image = json!({ "position": 1, "type": "image" });
    let send = |body: &serde_json::Value, bytes: &[u8]| {
        let form = with_file(body, "thumbnail", bytes);
        shop.maker().send(Method::POST, &path, |r| r.multipart(form))
    };
    for (bytes, words) in [
        (&b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"[..], "thumbnail: SVG drawings"),
        (b"hello", "thumbnail: The file is not a picture."),
        (&PNG[..20], "thumbnail: The picture is damaged."),
    ] {
        let said = refused(send(&image, bytes), 400);
        assert!(said.starts_with(words), "{said}");
    }
    assert!(
        refused(send(&image, &[vec![0x89, b'P', b'N', b'G'], vec![0; 6 << 20]].concat()), 413)
            .starts_with("thumbnail: The file is larger")
    );
    assert!(refused(send(&json!({ "position": 9, "type": "image" }), PNG), 400).starts_with("position: "));
    let video = json!({ "position": 1, "type": "video", "url": "https://example.com/v" });
    assert!(refused(send(&video, PNG), 400).starts_with("url: "));
    assert!(refused(shop.maker().post(&path, &image), 400).starts_with("thumbnail: A picture is needed."));
    refused(shop.seller().send(Method::POST, &path, |r| r.multipart(with_file(&image, "thumbnail", PNG))), 404);
    assert_eq!(kept(&shop), 0);

    let video = json!({ "position": "1", "type": "video", "url": "https://vimeo.com/1" });
    let first = send(&video, PNG).expect(201).json();
    assert_eq!(first["url"], "https://vimeo.com/1");
    let second = send(&image, PNG).expect(409);
    assert_eq!(second.json()["params"]["media"], first["id"]);
    let medium = format!("{path}/{}", first["id"].as_str().unwrap());
    let changed = shop.maker().put(&medium, &json!({ "type": "image" })).expect(200).json();
    assert_eq!(
        (changed["url"].clone(), changed["thumbnail"].clone()),
        (first["thumbnail"].clone(), first["thumbnail"].clone())
    );
    assert_eq!(kept(&shop), 1);
    let key = |r: reqwest::blocking::RequestBuilder| {
        r.header("Idempotency-Key", "once").multipart(with_file(
            &json!({ "position": 2, "type": "image" }),
            "thumbnail",
            PNG,
        ))
    };
    let one = shop.maker().send(Method::POST, &path, key).expect(201).json();
    assert_eq!(shop.maker().send(Method::POST, &path, key).expect(201).json(), one);
    assert_eq!(kept(&shop), 2, "the repetition's file is not kept");
    shop.maker().delete(&medium).expect(204);
    shop.maker().get(&medium).expect(404);
}
