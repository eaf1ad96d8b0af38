//! An archive that was downloaded, read as somebody else's program would.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use serde_json::Value;
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use crate::support::client::Client;
use crate::support::companies::Company;
use crate::support::page::Page;
use crate::support::server::Server;

/// An archive: every file by its name.
pub struct Opened {
    files: BTreeMap<String, Vec<u8>>,
}

/// Starts an export and gives its page's address.
#[track_caller]
pub fn start(client: &Client, company: &Company) -> String {
    let asked = client.open(&format!("/{}/account/exports/new", company.id));
    let page = client.submit(asked.form_with("Start the export")).expect(200);
    page.must_say("The export was started.");
    page.url.path().to_owned()
}

/// Exports everything and opens the archive.
#[track_caller]
pub fn exported(server: &Server, company: &Company) -> Opened {
    let client = company.browser(server);
    let page = start(&client, company);
    server.settle();
    client.open(&page).must_say("Ready");
    let archive = client.get(&client.open(&page).link("Download")).expect(200);
    assert_eq!(archive.header("content-type"), "application/zip");
    Opened::of(&archive)
}

impl Opened {
    /// What is in an archive that was answered.
    pub fn of(answer: &Page) -> Self {
        let mut zip = ZipArchive::new(Cursor::new(answer.bytes.clone())).expect("a ZIP file");
        let mut files = BTreeMap::new();
        for n in 0..zip.len() {
            let mut file = zip.by_index(n).expect("a file");
            let name = file.name().expect("a name").into_owned();
            let mut bytes = vec![];
            file.read_to_end(&mut bytes).expect("its bytes");
            assert!(files.insert(name.clone(), bytes).is_none(), "{name} is there twice");
        }
        Self { files }
    }

    /// The names of all files.
    pub fn names(&self) -> Vec<&str> {
        self.files.keys().map(String::as_str).collect()
    }

    /// A file's bytes.
    #[track_caller]
    pub fn bytes(&self, name: &str) -> &[u8] {
        self.files.get(name).unwrap_or_else(|| panic!("there is no {name} in {:?}", self.names()))
    }

    /// A file as a text.
    #[track_caller]
    pub fn text(&self, name: &str) -> &str {
        std::str::from_utf8(self.bytes(name)).expect("UTF-8")
    }

    /// What the archive says of itself.
    #[track_caller]
    pub fn manifest(&self) -> Value {
        serde_json::from_str(self.text("manifest.json")).expect("JSON")
    }

    /// The objects of a kind.
    #[track_caller]
    pub fn objects(&self, kind: &str) -> Vec<Value> {
        let text = self.text(&format!("{kind}.ndjson"));
        text.lines().map(|line| serde_json::from_str(line).expect("a JSON object in each line")).collect()
    }

    /// Every byte that is no picture or workbook, as a text.
    pub fn everything(&self) -> String {
        let texts = self.files.iter().filter(|(name, _)| !name.starts_with("files/"));
        texts.map(|(name, bytes)| format!("{name}\n{}", String::from_utf8_lossy(bytes))).collect()
    }

    /// Checks that all is as the manifest and the list of files say.
    #[track_caller]
    pub fn check(&self) {
        let manifest = self.manifest();
        assert_eq!((&manifest["format"], &manifest["format_version"]), (&"causeway-account-export".into(), &1.into()));
        let sha256 = |bytes: &[u8]| hex::encode(Sha256::digest(bytes));
        let mut told = vec!["manifest.json".to_owned()];
        for file in manifest["files"].as_array().expect("files") {
            let name = file["name"].as_str().expect("a name");
            let bytes = self.bytes(name);
            assert_eq!((&file["bytes"], &file["sha256"]), (&bytes.len().into(), &sha256(bytes).into()), "{name}");
            if name.ends_with(".ndjson") {
                let lines = bytes.iter().filter(|b| **b == b'\n').count();
                assert_eq!(file["rows"], lines, "{name}");
                assert!(lines > 0 || bytes.is_empty(), "{name} has no line, but bytes");
            }
            assert!(!file["about"].as_str().expect("what is in it").is_empty(), "{name}");
            told.push(name.to_owned());
        }
        let mut sum = 0;
        let files = self.objects("files");
        for file in &files {
            let path = file["path"].as_str().expect("a path");
            let bytes = self.bytes(path);
            assert_eq!((&file["bytes"], &file["sha256"]), (&bytes.len().into(), &sha256(bytes).into()), "{path}");
            sum += bytes.len();
            told.push(path.to_owned());
        }
        let attachments = &manifest["attachments"];
        assert_eq!((&attachments["count"], &attachments["missing"]), (&files.len().into(), &0.into()));
        assert_eq!(attachments["bytes"], sum);
        told.sort();
        assert_eq!(self.names(), told, "the manifest does not tell of every file, or of one that is not there");
    }
}
