//! Just enough of MIME to read the mail that the program writes: folded and encoded headers, parts, the two encodings.

/// A message, or a part of one.
pub struct Part {
    headers: Vec<(String, String)>,
    /// Decoded, if this part has no parts of its own.
    text: String,
    parts: Vec<Part>,
}

impl Part {
    /// Reads a message; `None` if its end has not been written yet.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let message = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
        let (head, body) = message.split_once("\n\n")?;
        let headers = headers(head);
        let find = |name: &str| headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()).unwrap_or_default();
        let kind = find("content-type");
        if kind.to_lowercase().starts_with("multipart/") {
            let boundary = parameter(&kind, "boundary")?;
            let inside = body.split_once(&format!("--{boundary}--"))?.0;
            let parts = inside
                .split(&format!("--{boundary}\n"))
                .skip(1)
                .map(|part| Self::parse(part.as_bytes()))
                .collect::<Option<Vec<_>>>()?;
            return Some(Self { headers, text: String::new(), parts });
        }
        if !body.ends_with('\n') {
            return None;
        }
        let text = match find("content-transfer-encoding").to_lowercase().as_str() {
            "quoted-printable" => String::from_utf8_lossy(&quoted_printable(body)).into_owned(),
            "base64" => String::from_utf8_lossy(&base64(body)).into_owned(),
            _ => body.to_owned(),
        };
        Some(Self { headers, text, parts: Vec::new() })
    }

    /// A header's decoded value; empty if there is none.
    pub fn header(&self, name: &str) -> String {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| words(value)).unwrap_or_default()
    }

    /// The text of the first part of this type, `text/plain` or `text/html`.
    pub fn body(&self, kind: &str) -> Option<String> {
        if self.parts.is_empty() {
            let own = self.header("content-type").to_lowercase();
            let own = if own.is_empty() { "text/plain".to_owned() } else { own };
            return own.starts_with(kind).then(|| self.text.clone());
        }
        self.parts.iter().find_map(|part| part.body(kind))
    }
}

/// Name in lower case and value of each header; a line that begins with white space belongs to the one before.
fn headers(head: &str) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in head.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = headers.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            headers.push((name.trim().to_lowercase(), value.trim().to_owned()));
        }
    }
    headers
}

fn parameter(value: &str, name: &str) -> Option<String> {
    let (_, rest) = value.split_once(&format!("{name}="))?;
    Some(match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?.to_owned(),
        None => rest.split(';').next()?.trim().to_owned(),
    })
}

/// Decodes `=?utf-8?b?…?=` and `=?utf-8?q?…?=`. White space between two encoded words is not part of the text.
fn words(value: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = value;
    let mut after_word = false;
    while let Some((before, tail)) = rest.split_once("=?") {
        let mut pieces = tail.splitn(4, '?');
        let (Some(_), Some(encoding), Some(text), Some(end)) =
            (pieces.next(), pieces.next(), pieces.next(), pieces.next())
        else {
            break;
        };
        let Some(end) = end.strip_prefix('=') else { break };
        if !(after_word && before.trim().is_empty()) {
            bytes.extend_from_slice(before.as_bytes());
        }
        match encoding {
            "b" | "B" => bytes.extend(base64(text)),
            _ => bytes.extend(quoted_printable(&text.replace('_', " "))),
        }
        rest = end;
        after_word = true;
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

fn quoted_printable(text: &str) -> Vec<u8> {
    let source = text.as_bytes();
    let mut bytes = Vec::with_capacity(source.len());
    let mut i = 0;
    while i < source.len() {
        match (source[i], source.get(i + 1), source.get(i + 2)) {
            // A line break that is only there because the line was long.
            (b'=', Some(b'\n'), _) => i += 2,
            (b'=', Some(high), Some(low)) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let digits = [*high, *low];
                let code = std::str::from_utf8(&digits).ok().and_then(|d| u8::from_str_radix(d, 16).ok());
                bytes.extend(code);
                i += 3;
            }
            (byte, ..) => {
                bytes.push(byte);
                i += 1;
            }
        }
    }
    bytes
}

/// Decodes base64; other characters, line ends among them, are passed over.
pub fn base64(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0u32, 0);
    for byte in text.bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    bytes
}
