//! Random secrets, of which the database keeps only the hash.

use rand::RngExt;
use sha2::{Digest, Sha256};

/// A fresh secret: 256 random bits as 64 hexadecimal digits. Shown once; [`Secret::hash`] is what is kept.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// A new random secret.
    pub fn generate() -> Self {
        let bytes: [u8; 32] = rand::rng().random();
        Self(hex::encode(bytes))
    }

    /// A secret that somebody presents.
    pub fn presented(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The secret itself, to be shown or sent once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// SHA-256 in hexadecimal digits: what the database keeps and finds it by.
    pub fn hash(&self) -> String {
        digest(self.0.as_bytes())
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// SHA-256 of some bytes in hexadecimal digits.
pub(crate) fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
