//! Our own files: styles, scripts, typeface, pictures. Part of the program in a release, read from `static/` in debug builds.
//!
//! A file is served under a name with the hash of its content, `/static/css/app.<hash>.css`, and may be kept for ever.
//! Pages ask [`url`] (in templates `{{ "css/app.css"|asset }}`). A name without hash or with another one, as an old page
//! asks for after an update, or a new page of a process that still runs the old program, is answered with a redirect to
//! the current name that is not to be kept: the page works with the file there is. Unknown names are not found.
//!
//! A style sheet may name other files of ours as `url("../vendor/inter-latin.woff2")`; they are served by their hashed
//! names too. Texts are compressed once and kept in memory.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, LazyLock, OnceLock, PoisonError, RwLock};

use actix_web::http::header::{self, AcceptEncoding, ContentEncoding, Encoding, Header, HeaderValue};
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use crate::outside::pdf::Typefaces;

/// The first segment of the addresses.
pub const PATH: &str = "/static";
/// Bytes of the hash that stand in a name, as twice as many digits.
const HASH_BYTES: usize = 6;
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Good and quick enough for the one time; debug builds compress at every change and are slow.
const BROTLI_QUALITY: i32 = if cfg!(debug_assertions) { 4 } else { 9 };

#[derive(RustEmbed)]
#[folder = "static/"]
struct Static;

static READY: LazyLock<RwLock<HashMap<String, Arc<Asset>>>> = LazyLock::new(RwLock::default);

/// A file as it is served.
struct Asset {
    hash: String,
    media_type: &'static str,
    body: Bytes,
    /// Present for what compresses.
    brotli: OnceLock<Option<Bytes>>,
    gzip: OnceLock<Option<Bytes>>,
}

/// The address of a file of ours. For a file that does not exist it is the plain name, which is not found when asked for.
#[must_use]
pub fn url(name: &str) -> String {
    match asset(name) {
        Some(asset) => hashed_url(name, &asset.hash),
        None => format!("{PATH}/{name}"),
    }
}

/// The typefaces of PDF files that the program writes.
#[must_use]
pub fn typefaces() -> Typefaces {
    let bytes = |name: &str| Static::get(name).map(|file| file.data).unwrap_or_default();
    Typefaces { plain: bytes("vendor/dejavu-sans.ttf"), bold: bytes("vendor/dejavu-sans-bold.ttf") }
}

/// Compresses every file, so that nobody waits for it. Called once when the server starts, off the serving threads.
pub fn warm() {
    for name in Static::iter() {
        if let Some(asset) = asset(&name) {
            asset.brotli();
            asset.gzip();
        }
    }
}

/// Adds the route of all files, for GET and HEAD.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .service(web::resource(format!("{PATH}/{{name:.+}}")).route(web::get().to(serve)).route(web::head().to(serve)));
}

/// Serves a file.
pub async fn serve(request: HttpRequest, name: web::Path<String>) -> HttpResponse {
    let (plain, hash) = split_hash(&name);
    let Some(asset) = asset(&plain) else {
        return HttpResponse::NotFound().insert_header((header::CACHE_CONTROL, "no-store")).finish();
    };
    if hash != Some(asset.hash.as_str()) {
        return HttpResponse::Found()
            .insert_header((header::LOCATION, hashed_url(&plain, &asset.hash)))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .finish();
    }
    let (encoding, body) = asset.encoded_for(&request);
    let tag = match encoding {
        ContentEncoding::Brotli => format!("\"{}-br\"", asset.hash),
        ContentEncoding::Gzip => format!("\"{}-gz\"", asset.hash),
        _ => format!("\"{}\"", asset.hash),
    };
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let mut answer = if known.is_some_and(|known| known.split(',').any(|one| one.trim() == tag)) {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    answer
        .insert_header((header::CACHE_CONTROL, FOR_EVER))
        .insert_header((header::ETAG, tag))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CONTENT_TYPE, asset.media_type))
        .insert_header((header::VARY, HeaderValue::from_static("accept-encoding")))
        // Set in any case, so that no middleware compresses once more.
        .insert_header((header::CONTENT_ENCODING, encoding.as_str()));
    answer.body(body)
}

impl Asset {
    fn new(name: &str) -> Option<Self> {
        let media_type = media_type(name)?;
        let file = Static::get(name)?;
        let body = match str::from_utf8(&file.data) {
            Ok(css) if media_type.starts_with("text/css") => Bytes::from(with_hashed_urls(name, css)),
            _ => match file.data {
                std::borrow::Cow::Borrowed(data) => Bytes::from_static(data),
                std::borrow::Cow::Owned(data) => Bytes::from(data),
            },
        };
        let hash = hex::encode(&Sha256::digest(&body)[..HASH_BYTES]);
        Some(Self { hash, media_type, body, brotli: OnceLock::new(), gzip: OnceLock::new() })
    }

    fn encoded_for(&self, request: &HttpRequest) -> (ContentEncoding, Bytes) {
        let offered = [Encoding::brotli(), Encoding::gzip(), Encoding::identity()];
        let wanted = AcceptEncoding::parse(request).ok().and_then(|accepted| accepted.negotiate(offered.iter()));
        let packed = match wanted {
            Some(Encoding::Known(ContentEncoding::Brotli)) => self.brotli().map(|body| (ContentEncoding::Brotli, body)),
            Some(Encoding::Known(ContentEncoding::Gzip)) => self.gzip().map(|body| (ContentEncoding::Gzip, body)),
            _ => None,
        };
        packed.unwrap_or_else(|| (ContentEncoding::Identity, self.body.clone()))
    }

    fn brotli(&self) -> Option<Bytes> {
        self.packed(&self.brotli, |body| {
            let parameters = brotli::enc::BrotliEncoderParams { quality: BROTLI_QUALITY, ..Default::default() };
            let mut packed = Vec::new();
            brotli::BrotliCompress(&mut &body[..], &mut packed, &parameters).ok()?;
            Some(packed)
        })
    }

    fn gzip(&self) -> Option<Bytes> {
        self.packed(&self.gzip, |body| {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            encoder.write_all(body).ok()?;
            encoder.finish().ok()
        })
    }

    /// The packed body, made at the first call; none if the file is packed already or gets no smaller.
    fn packed(&self, kept: &OnceLock<Option<Bytes>>, pack: impl Fn(&[u8]) -> Option<Vec<u8>>) -> Option<Bytes> {
        kept.get_or_init(|| {
            let is_text = self.media_type.contains("text/") || self.media_type.contains("svg");
            let packed = is_text.then(|| pack(&self.body)).flatten()?;
            (packed.len() < self.body.len()).then(|| Bytes::from(packed))
        })
        .clone()
    }
}

/// The file of that name; in debug builds as it is on the disk now.
fn asset(name: &str) -> Option<Arc<Asset>> {
    let known = READY.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
    if known.is_some() && !cfg!(debug_assertions) {
        return known;
    }
    let found = Asset::new(name)?;
    if let Some(known) = known.filter(|known| known.hash == found.hash) {
        return Some(known);
    }
    let found = Arc::new(found);
    READY.write().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), Arc::clone(&found));
    Some(found)
}

/// The media type by the end of the name. What has none here is not served.
fn media_type(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        _ => return None,
    })
}

/// `css/app.css` with the hash in its name.
fn hashed_url(name: &str, hash: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, end)) => format!("{PATH}/{stem}.{hash}.{end}"),
        None => format!("{PATH}/{name}.{hash}"),
    }
}

/// Takes the hash out of a name: `css/app.0123456789ab.css` is `css/app.css` and its hash.
fn split_hash(name: &str) -> (String, Option<&str>) {
    let parts = name.rsplit_once('.').and_then(|(rest, end)| Some((rest.rsplit_once('.')?, end)));
    if let Some(((stem, hash), end)) = parts
        && hash.len() == 2 * HASH_BYTES
        && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
    {
        return (format!("{stem}.{end}"), Some(hash));
    }
    (name.to_owned(), None)
}

/// The style sheet with our own files under their hashed names. Other addresses stay as they are.
fn with_hashed_urls(name: &str, css: &str) -> String {
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut out = String::with_capacity(css.len() + 256);
    let mut rest = css;
    while let Some(start) = rest.find("url(\"") {
        let (before, tail) = rest.split_at(start + 5);
        out.push_str(before);
        let end = tail.find('"').unwrap_or(tail.len());
        let target = resolved(folder, &tail[..end]);
        match asset(&target) {
            Some(asset) => out.push_str(&hashed_url(&target, &asset.hash)),
            None => out.push_str(&tail[..end]),
        }
        rest = &tail[end..];
    }
    out.push_str(rest);
    out
}

/// A path relative to a folder: `../vendor/a.woff2` in `css` is `vendor/a.woff2`.
fn resolved(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." | "" => {}
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use actix_web::http::StatusCode;
    use actix_web::test::{TestRequest, call_service, init_service};
    use actix_web::{App, body};

    use super::*;

    async fn get(path: &str, headers: &[(&'static str, &str)]) -> HttpResponse<body::BoxBody> {
        let app = init_service(App::new().configure(configure)).await;
        let mut request = TestRequest::get().uri(path);
        for header in headers {
            request = request.insert_header(*header);
        }
        let (_, response) = call_service(&app, request.to_request()).await.into_parts();
        response.map_into_boxed_body()
    }

    fn header_of(answer: &HttpResponse, name: header::HeaderName) -> String {
        answer.headers().get(name).map(|value| value.to_str().expect("text").to_owned()).unwrap_or_default()
    }

    #[actix_web::test]
    async fn a_file_is_served_for_ever_under_its_hashed_name() {
        let url = url("css/app.css");
        let answer = get(&url, &[("accept-encoding", "gzip, br;q=0.9")]).await;
        assert_eq!(answer.status(), StatusCode::OK, "{url}");
        assert_eq!(header_of(&answer, header::CACHE_CONTROL), FOR_EVER);
        assert_eq!(header_of(&answer, header::CONTENT_TYPE), "text/css; charset=utf-8");
        assert_eq!(header_of(&answer, header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(header_of(&answer, header::CONTENT_ENCODING), "gzip");
        let tag = header_of(&answer, header::ETAG);
        let again = get(&url, &[("accept-encoding", "gzip"), ("if-none-match", &tag)]).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    }

    #[actix_web::test]
    async fn packed_bodies_are_the_file() {
        let url = url("js/app.js");
        let plain = body::to_bytes(get(&url, &[]).await.into_body()).await.expect("a body");
        let answer = get(&url, &[("accept-encoding", "br")]).await;
        assert_eq!(header_of(&answer, header::CONTENT_ENCODING), "br");
        let packed = body::to_bytes(answer.into_body()).await.expect("a body");
        assert!(packed.len() < plain.len());
        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut &packed[..], &mut unpacked).expect("brotli");
        assert_eq!(unpacked, plain);
    }

    #[actix_web::test]
    async fn other_names_lead_to_the_current_file_or_nowhere() {
        let old = get("/static/css/app.0123456789ab.css", &[]).await;
        assert_eq!(old.status(), StatusCode::FOUND);
        assert_eq!(header_of(&old, header::LOCATION), url("css/app.css"));
        assert_eq!(header_of(&old, header::CACHE_CONTROL), "no-store");
        assert_eq!(get("/static/css/app.css", &[]).await.status(), StatusCode::FOUND);
        for missing in
            ["/static/css/none.css", "/static/vendor/icons.tsv", "/static/../Cargo.toml", "/static/%2e%2e/Cargo.toml"]
        {
            assert_eq!(get(missing, &[]).await.status(), StatusCode::NOT_FOUND, "{missing}");
        }
    }

    #[test]
    fn style_sheets_name_hashed_files() {
        let css = with_hashed_urls("css/app.css", r#"a{src:url("../vendor/inter-latin.woff2") x;b:url("data:x")}"#);
        assert!(css.contains(&format!(r#"url("{}") x"#, url("vendor/inter-latin.woff2"))), "{css}");
        assert!(css.contains(r#"url("data:x")"#), "{css}");
    }

    #[test]
    fn every_file_has_a_media_type_or_is_not_served() {
        for name in Static::iter() {
            // Icons are drawn into pages, and the typefaces of PDF files go into those.
            let within = [".tsv", ".ttf"].iter().any(|end| name.ends_with(end));
            assert!(media_type(&name).is_some() || within, "{name}");
        }
    }

    #[test]
    fn hashes_in_names() {
        assert_eq!(split_hash("a/b.0123456789ab.css"), ("a/b.css".to_owned(), Some("0123456789ab")));
        assert_eq!(split_hash("vendor/htmx.min.js"), ("vendor/htmx.min.js".to_owned(), None));
        assert_eq!(split_hash("x"), ("x".to_owned(), None));
    }
}
