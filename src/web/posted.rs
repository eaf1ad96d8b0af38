//! A form that was sent: its values, its idempotency key, and a hash of it.

use std::collections::BTreeMap;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;

use super::error::Error;
use crate::app::Services;
use crate::db::idempotency::Once;
use crate::kit::{Refusal, Text};

/// Name of the hidden field with the idempotency key.
pub const KEY_FIELD: &str = super::form::IDEMPOTENCY_KEY;
/// Name of the hidden field with the object's revision.
pub const REVISION_FIELD: &str = super::form::REVISION;
/// Largest form in bytes.
const MAX_BYTES: usize = 1024 * 1024;

/// The values of a sent form, by name; a name may have several.
#[derive(Debug, Clone, Default)]
pub struct Posted {
    values: BTreeMap<String, Vec<String>>,
    once: Option<Once>,
}

/// Browsers send line ends as CR LF, and never U+0000, which PostgreSQL keeps in no text.
fn plain(value: &str) -> String {
    value.replace("\r\n", "\n").replace('\0', "\u{fffd}")
}

impl Posted {
    /// Reads an urlencoded body.
    fn read(deployment: &str, path: &str, body: &[u8]) -> Self {
        let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(body) {
            values.entry(name.into_owned()).or_default().push(plain(&value));
        }
        let key = values.get(KEY_FIELD).and_then(|v| v.first()).filter(|k| !k.is_empty()).cloned();
        let once = key.map(|key| Once::new(deployment, &key, path, body).by_form());
        Self { values, once }
    }

    /// The answers that a wizard's steps carry in the address.
    pub fn of_query(query: &str) -> Self {
        Self { once: None, ..Self::read("", "", query.as_bytes()) }
    }

    /// The fields of a form with files. `deployment` is the deployment's secret.
    pub fn of_parts(deployment: &str, path: &str, parts: &crate::rest::multipart::Parts) -> Self {
        let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, bytes) in &parts.fields {
            values.entry(name.clone()).or_default().push(plain(&String::from_utf8_lossy(bytes)));
        }
        let key = values.get(KEY_FIELD).and_then(|v| v.first()).filter(|k| !k.is_empty()).cloned();
        let once = key.map(|key| Once::new(deployment, &key, path, parts.digest().as_bytes()).by_form());
        Self { values, once }
    }

    /// The same without a field, which is not to be shown again.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        let mut rest = self.clone();
        rest.values.remove(name);
        rest
    }

    /// The same with one more value of a field.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.values.entry(name.to_owned()).or_default().push(plain(value));
        self
    }

    /// The same as a part of it: done once by itself, under a key of its own.
    #[must_use]
    pub fn part(&self, name: &str) -> Self {
        let once = self.once.clone().map(|once| Once { key: format!("{}:{name}", once.key), ..once });
        Self { once, ..self.clone() }
    }

    /// The first value of a field; empty if there is none.
    pub fn get(&self, name: &str) -> &str {
        self.values.get(name).and_then(|v| v.first()).map_or("", String::as_str)
    }

    /// Every value of a field.
    pub fn all(&self, name: &str) -> &[String] {
        self.values.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether a check box was checked.
    pub fn checked(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// The revision of the object that the form was made from.
    pub fn revision(&self) -> Option<i64> {
        self.get(REVISION_FIELD).parse().ok()
    }

    /// The key under which this is done once.
    pub fn once(&self) -> Option<&Once> {
        self.once.as_ref()
    }

    /// Every field with each of its values.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().flat_map(|(name, values)| values.iter().map(move |v| (name.as_str(), v.as_str())))
    }
}

impl FromRequest for Posted {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let path = req.path().to_owned();
        let deployment = req.app_data::<Data<Services>>().map(|s| s.secret.clone()).unwrap_or_default();
        let body = actix_web::web::Bytes::from_request(req, payload);
        Box::pin(async move {
            let body = body.await.map_err(|e| {
                Error::from(Refusal::too_large(
                    Text::new("The form could not be read: {cause}. It may have at most 1 MB.").arg("cause", e),
                ))
            })?;
            if body.len() > MAX_BYTES {
                return Err(Refusal::too_large(Text::new("The form is larger than 1 MB. Shorten its texts.")).into());
            }
            Ok(Self::read(&deployment, &path, &body))
        })
    }
}
