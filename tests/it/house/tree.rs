//! The files of the project, and Rust text without what is not code.

use std::fs;
use std::path::{Path, PathBuf};

/// A set of files: the project's own, or a sample that a rule is tried on.
pub struct Tree {
    files: Vec<File>,
}

/// One file.
pub struct File {
    /// From the project's root, with `/`.
    pub path: String,
    /// What is in it.
    pub text: String,
}

/// What is made by others or by the build.
const NOT_OURS: [&str; 6] = [".git", "target", "node_modules", "static/vendor", "data", "docs/screenshots"];

impl Tree {
    /// The project itself.
    pub fn project() -> Self {
        let root =
            std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        let mut files = Vec::new();
        walk(&root, &root, &mut files);
        files.sort_by(|a, b| a.path.cmp(&b.path));
        assert!(files.iter().any(|f| f.path == "Cargo.toml"), "{} is not the project", root.display());
        Self { files }
    }

    /// A sample.
    pub fn sample(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| File { path: (*path).to_owned(), text: (*text).to_owned() };
        Self { files: files.iter().map(file).collect() }
    }

    /// All files.
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// The files below a folder with this ending.
    pub fn below<'a>(&'a self, folder: &'a str, ending: &'a str) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |f| f.path.starts_with(folder) && f.path.ends_with(ending))
    }
}

impl File {
    /// The flow it belongs to, by its folder.
    pub fn flow(&self) -> Option<&str> {
        self.path.strip_prefix("src/flows/")?.split_once('/').map(|(flow, _)| flow)
    }

    /// Which part of its flow it is: `pages` for `pages.rs` and for everything in `pages/`.
    pub fn part(&self) -> Option<&str> {
        let rest = self.path.strip_prefix("src/flows/")?.split_once('/')?.1;
        Some(rest.split('/').next()?.trim_end_matches(".rs"))
    }

    /// Whether all of it is compiled for tests only: `tests.rs` or a file in `tests/`, which its parent declares so.
    fn is_test(&self) -> bool {
        self.path.starts_with("src/") && (self.path.ends_with("/tests.rs") || self.path.contains("/tests/"))
    }

    /// The Rust code outside tests, with comments and the insides of strings blanked.
    pub fn code(&self) -> String {
        if self.is_test() { String::new() } else { without_tests(&code(&self.text)) }
    }

    /// The lines of Rust code that are compiled for tests only; the others are blank.
    pub fn tests(&self) -> String {
        let all = code(&self.text);
        if self.is_test() {
            return all;
        }
        let line = |(all, outside): (&str, &str)| if all == outside { String::new() } else { all.to_owned() };
        all.lines().zip(without_tests(&all).lines()).map(line).collect::<Vec<_>>().join("\n")
    }
}

fn walk(root: &Path, folder: &Path, files: &mut Vec<File>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())).flatten() {
        let path = entry.path();
        let name = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
        let last = entry.file_name();
        if NOT_OURS.contains(&name.as_str()) || last == "node_modules" || last == "__pycache__" {
            continue;
        }
        if entry.file_type().is_ok_and(|t| t.is_dir()) {
            walk(root, &path, files);
        } else if let Ok(text) = fs::read_to_string(&path) {
            // What is not text has no words to look at.
            files.push(File { path: name, text });
        }
    }
}

/// The text with comments and the insides of strings and characters blanked; quotes and line ends stay.
pub fn code(text: &str) -> String {
    let source: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    while i < source.len() {
        let end = match source[i] {
            '/' if source.get(i + 1) == Some(&'/') => line_end(&source, i),
            '/' if source.get(i + 1) == Some(&'*') => comment_end(&source, i),
            '"' => string_end(&source, i),
            'r' if !follows_word(&source, i) => raw_string_end(&source, i).unwrap_or(i),
            '\'' => character_end(&source, i).unwrap_or(i),
            _ => i,
        };
        if end == i {
            out.push(source[i]);
            i += 1;
        } else {
            let inside = source[i..end].iter().enumerate().map(|(n, c)| match c {
                '\n' => '\n',
                '"' | '\'' if n == 0 || i + n + 1 == end => *c,
                _ => ' ',
            });
            out.extend(inside);
            i = end;
        }
    }
    out
}

fn follows_word(source: &[char], i: usize) -> bool {
    // `br"…"` and `cr"…"` are strings too; any other word that ends in r is a word.
    let before = |n: usize| i.checked_sub(n).and_then(|k| source.get(k)).copied().unwrap_or(' ');
    let word = |c: char| c.is_alphanumeric() || c == '_';
    word(before(1)) && (word(before(2)) || !matches!(before(1), 'b' | 'c'))
}

fn line_end(source: &[char], i: usize) -> usize {
    source[i..].iter().position(|c| *c == '\n').map_or(source.len(), |n| i + n)
}

fn comment_end(source: &[char], start: usize) -> usize {
    let (mut i, mut depth) = (start, 0);
    while i < source.len() {
        match (source[i], source.get(i + 1)) {
            ('/', Some('*')) => (i, depth) = (i + 2, depth + 1),
            ('*', Some('/')) => (i, depth) = (i + 2, depth - 1),
            _ => i += 1,
        }
        if depth == 0 {
            return i;
        }
    }
    i
}

fn string_end(source: &[char], start: usize) -> usize {
    let mut i = start + 1;
    while i < source.len() {
        match source[i] {
            '\\' => i += 2,
            '"' => return i + 1,
            _ => i += 1,
        }
    }
    source.len()
}

fn raw_string_end(source: &[char], start: usize) -> Option<usize> {
    let hashes = source[start + 1..].iter().take_while(|c| **c == '#').count();
    let open = start + 1 + hashes;
    if source.get(open) != Some(&'"') {
        return None;
    }
    let close = |i: usize| source[i] == '"' && source[i + 1..].iter().take_while(|c| **c == '#').count() >= hashes;
    Some((open + 1..source.len()).find(|i| close(*i)).map_or(source.len(), |i| i + 1 + hashes))
}

/// The end of a character; `None` for a lifetime.
fn character_end(source: &[char], i: usize) -> Option<usize> {
    match (source.get(i + 1)?, source.get(i + 2)) {
        ('\\', _) => source[i + 3..].iter().position(|c| *c == '\'').map(|n| i + 4 + n),
        (_, Some('\'')) => Some(i + 3),
        _ => None,
    }
}

/// Code with every item that is compiled for tests only blanked.
fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(start) = rest.find(MARK) {
        out.push_str(&rest[..start]);
        let item = &rest[start..];
        let end = item_end(&item[MARK.len()..]) + MARK.len();
        out.extend(item[..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        rest = &item[end..];
    }
    out.push_str(rest);
    out
}

/// Where an item ends: after its closing brace, or at a semicolon before any brace.
fn item_end(code: &str) -> usize {
    match code.find(['{', ';']) {
        Some(at) if code[at..].starts_with('{') => at + block_end(&code[at..]),
        Some(at) => at + 1,
        None => code.len(),
    }
}

/// The length of a block, from its opening to its closing brace.
pub fn block_end(code: &str) -> usize {
    let mut depth = 0_usize;
    for (i, c) in code.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return i + 1;
        }
    }
    code.len()
}

#[test]
fn code_is_told_from_words() {
    let text = "a(); // diesel\n/* x /* y */ diesel */ b(\"die\\\"sel\", r#\"die\"sel\"#, br\"q\", 'd', '\\'', var) as &'d str;";
    let blanked = code(text);
    assert_eq!(blanked.split_whitespace().collect::<Vec<_>>().join(""), "a();b(\"\",,b\",'','',var)as&'dstr;");
    assert_eq!(blanked.lines().count(), 2);
}

#[test]
fn tests_are_left_out() {
    let file = File {
        path: "src/a.rs".to_owned(),
        text: "fn a() {}\n#[cfg(test)]\nmod tests { fn b() { x.unwrap() } }\n#[cfg(test)]\nuse c::d;\nfn e() {}"
            .to_owned(),
    };
    let code = file.code();
    assert!(code.contains("fn a()") && code.contains("fn e()"));
    assert!(!code.contains("unwrap") && !code.contains("c::d"));
    assert_eq!(code.lines().count(), 6);
}
