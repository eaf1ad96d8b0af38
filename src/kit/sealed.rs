//! Secrets that have to be read again: sealed with a key that is derived from the deployment's secret, so that a copy of
//! the database alone gives nothing.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use rand::RngExt;
use sha2::{Digest, Sha256};

/// Bytes of the nonce, which stands before what is sealed.
const NONCE: usize = 24;

fn cipher(deployment: &str, purpose: &str) -> XChaCha20Poly1305 {
    let key: [u8; 32] = Sha256::digest(format!("sealed\n{purpose}\n{deployment}").as_bytes()).into();
    XChaCha20Poly1305::new(&Key::from(key))
}

/// Seals a secret of one object for one purpose, in hexadecimal digits. Nothing if it is too long to be sealed.
pub fn seal(deployment: &str, purpose: &str, object: &str, plain: &[u8]) -> Option<String> {
    let nonce: [u8; NONCE] = rand::rng().random();
    let payload = Payload { msg: plain, aad: object.as_bytes() };
    let sealed = cipher(deployment, purpose).encrypt(&XNonce::from(nonce), payload).ok()?;
    Some(hex::encode([nonce.as_slice(), &sealed].concat()))
}

/// What was sealed for this object and purpose; nothing if it was not, or not by this deployment.
pub fn open(deployment: &str, purpose: &str, object: &str, sealed: &str) -> Option<Vec<u8>> {
    let bytes = hex::decode(sealed).ok()?;
    let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
    let payload = Payload { msg: sealed, aad: object.as_bytes() };
    cipher(deployment, purpose).decrypt(&XNonce::from(*nonce), payload).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_is_opened_by_the_same_deployment_for_the_same_purpose_and_object_alone() {
        let sealed = seal("deployment", "totp", "UR-1", b"secret").unwrap();
        assert_eq!(open("deployment", "totp", "UR-1", &sealed).as_deref(), Some(b"secret".as_slice()));
        for (deployment, purpose, object) in
            [("other", "totp", "UR-1"), ("deployment", "form", "UR-1"), ("deployment", "totp", "UR-2")]
        {
            assert_eq!(open(deployment, purpose, object, &sealed), None);
        }
        let mut changed = hex::decode(&sealed).unwrap();
        changed[NONCE] ^= 1;
        for broken in [hex::encode(changed), sealed[..sealed.len() - 2].to_owned(), "00".to_owned(), "é".to_owned()] {
            assert_eq!(open("deployment", "totp", "UR-1", &broken), None, "{broken}");
        }
        assert_ne!(seal("deployment", "totp", "UR-1", b"secret").unwrap(), sealed, "the same nonce twice");
    }
}
