//! Chapter 5: files that come in and go out.

use causeway::kit::Role;
use serde_json::json;

use crate::orders::world::refused;
use crate::products::world::{PNG, Shop, with_file};
use crate::support::companies::Company;
use crate::support::page::Page;
use crate::support::server::Server;
use crate::usage::world::{EIGHT, World, capabilities, row, workbook};

fn send(shop: &Shop, product: &str, bytes: &[u8]) -> Page {
    let form = with_file(&json!({ "position": 1, "type": "image" }), "thumbnail", bytes);
    shop.maker().send(reqwest::Method::POST, &format!("products/{product}/media"), |r| r.multipart(form))
}

/// 5.1.1: it is written down which files are taken, how large, and what happens to others.
/// How: the forms and the API say types and sizes; docs/operating.md has the limits, which are settings.
#[test]
fn v5_1_1_what_is_taken_is_written_down() {
    let shop = Shop::open();
    let product = shop.draft("Cloud Backup");
    assert!(refused(send(&shop, &product, b"hello"), 400).contains("PNG"), "the refusal does not say what is taken");
    let guide = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/operating.md")).expect("the guide");
    assert!(guide.contains("CAUSEWAY_LIMITS"), "the guide does not tell the limits");
}

/// 5.2.1: a file that is too large is refused before it fills anything.
/// How: sizes are counted while a file comes in; what is over the limit is refused with a sentence and leaves nothing behind.
#[test]
fn v5_2_1_large_files_are_refused() {
    let shop = Shop::open();
    let product = shop.draft("Cloud Backup");
    refused(send(&shop, &product, &[PNG, &vec![0; 12 << 20]].concat()), 413);
    let server = Server::start_with(|config| config.limits = "usage_bytes=1000".parse().expect("limits"));
    let world = World::start_on(server, &capabilities("QT"), 1);
    let file = world.file();
    let told = refused(world.send(&file, vec![0; 1001]), 413);
    assert!(told.contains("larger than"), "{told}");
}

/// 5.2.2: a file is what its name says.
/// How: pictures are decoded and workbooks opened before they are kept; name and media type of the sender count for nothing.
#[test]
fn v5_2_2_a_file_is_what_it_says() {
    let shop = Shop::open();
    let product = shop.draft("Cloud Backup");
    let fake: [&[u8]; 4] = [b"MZ\x90\x00", b"\x89PNG\r\n\x1a\nnot a picture", b"%PDF-1.7", b"<html><script>1</script>"];
    for bytes in fake {
        refused(send(&shop, &product, bytes), 400);
    }
    let world = World::start("QT");
    let file = world.file();
    for bytes in fake {
        let answer = world.send(&file, bytes.to_vec());
        assert_eq!(answer.status, 400, "{}", answer.body());
    }
}

/// 5.2.3: compressed files are opened within limits.
/// How: parts of a workbook are read as a stream; the number of parts, bytes unpacked, rows, columns and characters of a cell are
/// bounded, whatever the file says of itself.
#[test]
fn v5_2_3_bombs_do_not_unpack() {
    let world = World::start("QT");
    let file = world.file();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(vec![]));
    let options = zip::write::SimpleFileOptions::default();
    let zeros = vec![b' '; 1 << 20];
    for name in ["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"] {
        zip.start_file(name, options).expect("a part");
        for _ in 0..64 {
            std::io::Write::write_all(&mut zip, &zeros).expect("zeros");
        }
    }
    let bomb = zip.finish().expect("a file").into_inner();
    assert!(bomb.len() < 1 << 20, "the file itself is small");
    let answer = world.send(&file, bomb);
    if answer.status == 201 {
        assert_eq!(world.checked(&file)["status"], "invalid");
    } else {
        assert_eq!(answer.status, 400, "{}", answer.body());
    }
}

/// 5.2.4: what a company keeps is limited in size and number.
/// How: bytes of files, usage files, uploads and rows have limits that are settings, each with its sentence.
#[test]
fn v5_2_4_a_company_has_limits() {
    let server = Server::start_with(|config| config.limits = "usage_rows=2,file_bytes=1000".parse().expect("limits"));
    let world = World::start_on(server, &capabilities("QT"), 1);
    let file = world.file();
    let rows: Vec<Vec<String>> = (0..400).map(|n| row(&format!("r-{n}"))).collect();
    let answer = world.send(&file, workbook("records", &EIGHT, &rows));
    assert!((400..500).contains(&answer.status), "{}", answer.status);
}

/// 5.3.2: names of files on disk are the program's own.
/// How: a kept file is named by random letters; the sender's name is data that nobody opens.
#[test]
fn v5_3_2_names_on_disk_are_our_own() {
    use reqwest::blocking::multipart::{Form, Part};
    let shop = Shop::open();
    let product = shop.draft("Cloud Backup");
    for name in ["../../../../tmp/evil.png", "/etc/passwd", "..\\evil.png", "a\u{202e}gnp.exe"] {
        let part = Part::bytes(PNG.to_vec()).file_name(name).mime_str("image/png").expect("a type");
        let form = Form::new().text("body", json!({ "name": "x" }).to_string()).part("icon", part);
        shop.maker().send(reqwest::Method::PUT, &format!("products/{product}"), |r| r.multipart(form)).expect(200);
    }
    let mut waiting = vec![shop.world.server.dir().join("files")];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            assert!(!name.contains("evil") && !name.contains("passwd"), "{name}");
            if entry.path().is_dir() {
                waiting.push(entry.path());
            }
        }
    }
}

/// 5.4.1, 5.4.2: the name under which something is saved cannot change the answer or the name's end.
/// How: names in `Content-Disposition` are encoded as RFC 6266 has it, made by the program.
#[test]
fn v5_4_1_names_of_downloads_are_encoded() {
    let server = Server::start();
    let company = Company::new(&server, "Halden", Role::Distributor);
    let hostile = json!({ "name": "Hal\"den; filename=evil.exe\r\nX: y" });
    company.api(&server).put(&format!("accounts/{}", company.id), &hostile).expect(200);
    let browser = company.browser(&server);
    let page = browser.get(&format!("/{}/hubs?_export=csv", company.id)).expect(200);
    let told = page.header("content-disposition");
    assert!(told.starts_with("attachment; filename=\"") && told.contains(".csv"), "{told}");
    assert!(!told.contains("evil.exe") && page.header("x").is_empty(), "{told}");
}
