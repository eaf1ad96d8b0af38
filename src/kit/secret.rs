//! Random secrets, of which the database keeps only the hash.

use hmac::{Hmac, KeyInit, Mac};
use rand::RngExt;
use sha2::{Digest, Sha256, Sha512};

/// A fresh secret: 256 random bits as 64 hexadecimal digits. Shown once; [`Secret::hash`] is what is kept.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// A new random secret.
    pub fn generate() -> Self {
        let bytes: [u8; 32] = rand::rng().random();
        Self(hex::encode(bytes))
    }

    /// The secret that belongs to one object for one purpose. It is not kept anywhere: whoever has the deployment's secret
    /// and the object's nonce can make it again, and a database alone gives nothing. A new nonce makes a new secret.
    pub fn derived(deployment: &str, purpose: &str, object: &str, nonce: &str) -> Self {
        // A key as long as the hash's block, one for each purpose.
        let key = Sha512::digest(format!("{purpose}\n{deployment}").as_bytes());
        let mut mac = Hmac::<Sha256>::new(&key);
        mac.update(object.as_bytes());
        mac.update(b"\n");
        mac.update(nonce.as_bytes());
        Self(hex::encode(mac.finalize().into_bytes()))
    }

    /// A fresh nonce for [`Secret::derived`]: 128 random bits.
    pub fn nonce() -> String {
        let bytes: [u8; 16] = rand::rng().random();
        hex::encode(bytes)
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

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn derived_secrets_differ_in_each_part() {
        let one = Secret::derived("deployment", "contract", "CRP-1", "n");
        assert_eq!(one.reveal(), Secret::derived("deployment", "contract", "CRP-1", "n").reveal());
        for other in [
            Secret::derived("other", "contract", "CRP-1", "n"),
            Secret::derived("deployment", "form", "CRP-1", "n"),
            Secret::derived("deployment", "contract", "CRP-2", "n"),
            Secret::derived("deployment", "contract", "CRP-1", "m"),
        ] {
            assert_ne!(one.reveal(), other.reveal());
        }
        assert_eq!(one.reveal().len(), 64);
        assert_ne!(one.hash(), one.reveal());
    }
}
