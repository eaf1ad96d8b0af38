//! Passwords: argon2id with 19 MiB, two passes.

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};

fn argon() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
}

/// The hash that is kept.
pub fn hash(password: &str) -> crate::db::Result<String> {
    argon()
        .hash_password(password.as_bytes())
        .map(|h| h.to_string())
        .map_err(|e| crate::db::Error::Outside(format!("password hash: {e}")))
}

/// Whether the password fits. Takes the same time when there is no hash to compare with.
pub fn verify(kept: Option<&str>, password: &str) -> bool {
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
    let Ok(parsed) = PasswordHash::new(kept.unwrap_or(NOBODY)) else { return false };
    argon().verify_password(password.as_bytes(), &parsed).is_ok() && kept.is_some()
}

#[cfg(test)]
mod tests {
    #[test]
    fn fits_only_the_right_one() {
        let hash = super::hash("Right-1-one").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(super::verify(Some(&hash), "Right-1-one"));
        assert!(!super::verify(Some(&hash), "wrong"));
        assert!(!super::verify(None, "wrong"));
    }
}
