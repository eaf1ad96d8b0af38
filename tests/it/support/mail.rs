//! The folder into which the program writes its mail while no SMTP server is set.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use regex::Regex;
use scraper::Html;

use super::mime::Part;
use super::page::selector;
use super::wait;

/// One message, decoded.
#[derive(Debug, Clone)]
pub struct Mail {
    /// The addresses it goes to, in lower case.
    pub to: Vec<String>,
    /// The `From` line.
    pub from: String,
    /// The subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML form; empty if there is none.
    pub html: String,
}

impl Mail {
    /// The first web address in the text.
    pub fn link(&self) -> String {
        self.links().into_iter().next().unwrap_or_else(|| panic!("no link in {:?}:\n{}", self.subject, self.text))
    }

    /// The first web address that contains `piece`.
    pub fn link_with(&self, piece: &str) -> String {
        let found = self.links().into_iter().find(|link| link.contains(piece));
        found.unwrap_or_else(|| panic!("no link with {piece:?} in {:?}:\n{}", self.subject, self.text))
    }

    /// All web addresses: those of the text, then those behind links of the HTML form.
    pub fn links(&self) -> Vec<String> {
        let address = Regex::new(r#"https?://[^\s<>"]+"#).expect("the pattern of a web address");
        let mut links: Vec<String> = address
            .find_iter(&self.text)
            .map(|m| m.as_str().trim_end_matches(['.', ',', ')', ';']).to_owned())
            .collect();
        let document = Html::parse_document(&self.html);
        links.extend(document.select(&selector("a[href]")).filter_map(|a| a.attr("href")).map(str::to_owned));
        links
    }

    /// Reads a message; `None` while it is still being written.
    fn read(bytes: &[u8]) -> Option<Self> {
        let message = Part::parse(bytes)?;
        let addresses = Regex::new(r"[^\s<>,;:]+@[^\s<>,;:]+").expect("the pattern of a mail address");
        let all_to = format!("{} {}", message.header("to"), message.header("cc"));
        Some(Self {
            to: addresses.find_iter(&all_to).map(|m| m.as_str().to_ascii_lowercase()).collect(),
            from: message.header("from"),
            subject: message.header("subject"),
            text: message.body("text/plain").unwrap_or_default(),
            html: message.body("text/html").unwrap_or_default(),
        })
    }
}

/// The folder. Mail is sent by workers, so reading waits for it.
pub struct MailFolder {
    folder: PathBuf,
    taken: Mutex<HashSet<PathBuf>>,
}

impl MailFolder {
    /// The folder at this place; it need not exist yet.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, taken: Mutex::default() }
    }

    /// The next message to this address that no earlier call returned; waits until it is there.
    pub fn next_to(&self, address: &str) -> Mail {
        let address = address.to_ascii_lowercase();
        wait::until(&format!("mail to {address}"), || {
            let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
            let (file, mail) =
                self.files().into_iter().find(|(file, mail)| !taken.contains(file) && mail.to.contains(&address))?;
            taken.insert(file);
            Some(mail)
        })
    }

    /// What is there now for this address, oldest first. Does not wait: call it when the program has nothing left to do.
    pub fn all_to(&self, address: &str) -> Vec<Mail> {
        let address = address.to_ascii_lowercase();
        self.files().into_iter().map(|(_, mail)| mail).filter(|mail| mail.to.contains(&address)).collect()
    }

    /// Every message that is there now, oldest first.
    pub fn all(&self) -> Vec<Mail> {
        self.files().into_iter().map(|(_, mail)| mail).collect()
    }

    /// The messages with their files, oldest first.
    fn files(&self) -> Vec<(PathBuf, Mail)> {
        let Ok(entries) = fs::read_dir(&self.folder) else { return Vec::new() };
        let mut files: Vec<(SystemTime, PathBuf, Mail)> = entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|e| e == "eml"))
            .filter_map(|path| Some((written(&path)?, Mail::read(&fs::read(&path).ok()?)?, path)))
            .map(|(time, mail, path)| (time, path, mail))
            .collect();
        files.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        files.into_iter().map(|(_, path, mail)| (path, mail)).collect()
    }
}

fn written(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|m| m.modified()).ok()
}
