//! Texts that vendors write: Markdown with places for the values of parameters.
//!
//! A value is never read as Markdown or HTML, wherever its place is: in words, in code, in the address of a link.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, TextMergeStream};

/// Where a place begins and ends while the text is read as Markdown. Both are for private use and taken out of the text.
const OPEN: char = '\u{f0000}';
const CLOSE: char = '\u{f0001}';

/// Longest name of a place.
const MAX_NAME: usize = 100;

/// The text as clean HTML, for pages. `value` gives what stands in a place; nothing is shown for a place without value.
pub fn html(body: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let (marked, names) = mark(body);
    let fill = |text: &str, escape: fn(&str) -> String| {
        replace(text, |n| names.get(n).and_then(|name| value(name)).map(|v| escape(&v)).unwrap_or_default())
    };
    let plain = |s: &str| s.to_owned();
    let events = TextMergeStream::new(Parser::new_ext(&marked, options())).map(|event| match event {
        Event::Text(t) => Event::Text(fill(&t, plain).into()),
        Event::Code(t) => Event::Code(fill(&t, plain).into()),
        Event::Html(t) => Event::Html(fill(&t, escape_html).into()),
        Event::InlineHtml(t) => Event::InlineHtml(fill(&t, escape_html).into()),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let (dest_url, title) = (CowStr::from(fill(&dest_url, plain)), CowStr::from(fill(&title, plain)));
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
            let (dest_url, title) = (CowStr::from(fill(&dest_url, plain)), CowStr::from(fill(&title, plain)));
            Event::Start(Tag::Image { link_type, dest_url, title, id })
        }
        other => other,
    });
    let mut page = String::new();
    pulldown_cmark::html::push_html(&mut page, events);
    ammonia::clean(&page)
}

/// The text as Markdown with the values in their places, for programs.
pub fn plain(body: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let (marked, names) = mark(body);
    let code = code_ranges(&marked);
    let mut text = String::with_capacity(marked.len());
    let mut rest = 0;
    for (start, end, n) in places(&marked) {
        text.push_str(&marked[rest..start]);
        let found = names.get(n).and_then(|name| value(name)).unwrap_or_default();
        if code.iter().any(|r| r.contains(&start)) {
            text.push_str(&found.replace('`', "'"));
        } else if text.ends_with("](") || text.ends_with('<') {
            text.push_str(&escape_address(&found));
        } else {
            let starts_line = text.is_empty() || text.ends_with('\n');
            text.push_str(&escape_markdown(&found, starts_line));
        }
        rest = end;
    }
    text.push_str(&marked[rest..]);
    text
}

/// The text as clean HTML with the names of the places where their values will stand: for the vendor to look at.
pub fn preview(body: &str) -> String {
    html(body, |name| {
        Some(if name.ends_with("_url") { format!("https://example.com/{name}") } else { format!("[{name}]") })
    })
}

fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH
}

/// Puts marks without spaces for `{{ name }}`, so that a place can be the address of a link; gives the names by number.
fn mark(body: &str) -> (String, Vec<String>) {
    let body: String = body.chars().filter(|c| *c != OPEN && *c != CLOSE).collect();
    let (mut text, mut names) = (String::with_capacity(body.len()), vec![]);
    let mut rest = body.as_str();
    while let Some(start) = rest.find("{{") {
        let (before, after) = rest.split_at(start);
        text.push_str(before);
        let name = after.find("}}").map(|end| (after[2..end].trim(), end + 2)).filter(|(name, _)| is_name(name));
        match name {
            Some((name, end)) => {
                text.push_str(&format!("{OPEN}{}{CLOSE}", names.len()));
                names.push(name.to_owned());
                rest = &after[end..];
            }
            None => {
                text.push_str("{{");
                rest = &after[2..];
            }
        }
    }
    text.push_str(rest);
    (text, names)
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= MAX_NAME
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// Start, end and number of each mark in a text.
fn places(text: &str) -> Vec<(usize, usize, usize)> {
    let mut found = vec![];
    let mut from = 0;
    while let Some(start) = text[from..].find(OPEN).map(|n| from + n) {
        let Some(end) = text[start..].find(CLOSE).map(|n| start + n) else { break };
        if let Ok(number) = text[start + OPEN.len_utf8()..end].parse() {
            found.push((start, end + CLOSE.len_utf8(), number));
        }
        from = end + CLOSE.len_utf8();
    }
    found
}

fn replace(text: &str, value: impl Fn(usize) -> String) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = 0;
    for (start, end, number) in places(text) {
        filled.push_str(&text[rest..start]);
        filled.push_str(&value(number));
        rest = end;
    }
    filled.push_str(&text[rest..]);
    filled
}

fn code_ranges(marked: &str) -> Vec<std::ops::Range<usize>> {
    let mut ranges = vec![];
    let mut depth = 0;
    for (event, range) in Parser::new_ext(marked, options()).into_offset_iter() {
        match event {
            Event::Code(_) => ranges.push(range),
            Event::Start(Tag::CodeBlock(_)) => depth += 1,
            Event::End(TagEnd::CodeBlock) => depth -= 1,
            Event::Text(_) if depth > 0 => ranges.push(range),
            _ => {}
        }
    }
    ranges
}

fn escape_html(value: &str) -> String {
    value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

fn escape_address(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for c in value.chars() {
        if c.is_whitespace() || c.is_control() || "()<>\\`[]\"".contains(c) {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                text.push_str(&format!("%{byte:02X}"));
            }
        } else {
            text.push(c);
        }
    }
    text
}

/// Escapes what would be read as Markdown. An underscore inside a word is none and stays, so that ids stay readable.
fn escape_markdown(value: &str, starts_line: bool) -> String {
    let mut text = String::with_capacity(value.len());
    let chars: Vec<char> = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let word = |n: Option<usize>| n.and_then(|n| chars.get(n)).is_some_and(|c| c.is_alphanumeric());
    for (n, c) in chars.iter().enumerate() {
        let markup = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '~' | '|' => true,
            '_' => !(word(n.checked_sub(1)) && word(Some(n + 1))),
            '#' | '-' | '+' | '=' => starts_line && n == 0,
            '.' | ')' => starts_line && n > 0 && chars[..n].iter().all(char::is_ascii_digit),
            _ => false,
        };
        if markup {
            text.push('\\');
        }
        text.push(*c);
    }
    text
}
