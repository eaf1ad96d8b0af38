//! Rules about second factors. Pure.

use rand::RngExt;
use totp_rs::{Builder, Totp};

use super::{Person, Proof};
use crate::kit::{Refusal, Secret, Text, Time};

crate::word_enum! {
    /// Whether an account asks its members for a second factor.
    pub enum Policy {
        /// Everybody decides for themselves.
        Optional = "optional",
        /// Members without one get a hint.
        Suggested = "suggested",
        /// Members without one set one up before they can do anything.
        Required = "required",
    }
}

crate::word_enum! {
    /// What a person shows beside the password.
    pub enum Factor { App = "app", Passkey = "passkey", Recovery = "recovery" }
}

impl Factor {
    /// What somebody has proved who showed it, beside the password where it needs one.
    pub fn proof(self) -> Proof {
        match self {
            Self::App => Proof::App,
            Self::Passkey => Proof::Passkey,
            Self::Recovery => Proof::Recovery,
        }
    }
}

/// How long somebody who gave the right password has for the second step, in seconds.
pub const SECOND_STEP_SECONDS: i64 = 600;
/// How long the secret of an authenticator app that is being set up may wait for its first code, in seconds.
pub const SET_UP_SECONDS: i64 = 600;
/// How long a passkey may take to answer, in seconds.
pub const CHALLENGE_SECONDS: i64 = 600;
/// How many recovery codes a person gets.
pub const RECOVERY_CODES: usize = 10;
/// How many passkeys a person may have.
pub const MAX_PASSKEYS: usize = 20;
/// Bytes of an authenticator app's secret, as RFC 4226 advises.
pub const APP_SECRET: usize = 20;

impl Person {
    /// Whether they have to set up a second factor before they do anything in this company.
    pub fn must_set_up(&self, account: &str) -> bool {
        !self.has_factor && self.member_of(account).is_some_and(|m| m.factor_policy == Policy::Required)
    }

    /// Companies that require a second factor of them, by name.
    pub fn required_by(&self) -> impl Iterator<Item = &str> {
        self.memberships.iter().filter(|m| m.factor_policy == Policy::Required).map(|m| m.name.as_str())
    }
}

/// The generator of codes with this secret: six digits, thirty seconds, SHA-1, which every app knows; one step of clock
/// skew either way. Nothing if the secret or the label is no good.
pub fn generator(secret: &[u8], issuer: &str, label: &str) -> Option<Totp> {
    // A colon parts issuer and label.
    let [issuer, label] = [issuer, label].map(|text| text.replace(':', " "));
    Builder::new()
        .with_secret(secret.to_vec())
        .with_digits(6)
        .with_step_duration(30)
        .with_skew(1)
        .with_account_name(label)
        .with_issuer(Some(issuer))
        .build()
        .ok()
}

/// The time step that a code belongs to, if it is right now, or was a step ago, or will be in one.
pub fn step_of(secret: &[u8], code: &str, at: Time) -> Option<i64> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let seconds = u64::try_from(at.0.div_euclid(1_000_000)).ok()?;
    let step = generator(secret, "Causeway", "code")?.check(&code, seconds)?;
    i64::try_from(step).ok()
}

/// Letters and digits that nobody takes for one another: 32 of them.
const PLAIN: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
/// Characters of a recovery code: 120 random bits, so that a plain hash is enough to keep it.
const CODE: usize = 24;

/// A new recovery code, in groups of four.
pub fn recovery_code() -> String {
    let bytes: [u8; CODE] = rand::rng().random();
    let letters: Vec<char> = bytes.iter().map(|b| char::from(PLAIN[usize::from(*b) % PLAIN.len()])).collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// A recovery code as somebody typed it, as it is hashed: without hyphens, white space and capitals.
pub fn typed_code(text: &str) -> Secret {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').take(64).collect();
    Secret::presented(&plain.to_lowercase())
}

/// Refuses a passkey here, with the reason: browsers make them for names only, over HTTPS or on this very machine.
pub fn passkeys_at(host: &str, https: bool) -> Result<String, Text> {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    let is_address = name.starts_with('[') || name.parse::<std::net::Ipv4Addr>().is_ok();
    let is_here = name == "localhost" || name.ends_with(".localhost");
    if is_address {
        return Err(Text::new(
            "Passkeys cannot be used here, because this portal was opened by a bare IP address and passkeys belong to a name. \
             Open it by its name.",
        ));
    }
    if !https && !is_here {
        return Err(Text::new(
            "Passkeys cannot be used here, because this portal was opened without HTTPS. Ask the operator to set up HTTPS.",
        ));
    }
    Ok(name.to_owned())
}

/// Said of a code that is wrong, was used, or is too old.
pub fn wrong_code() -> Refusal {
    Refusal::field(
        "code",
        Text::new(
            "This code is not right, or was used already. Wait for the next one and check that the clock of the device is right.",
        ),
    )
}

/// Said of a recovery code that is wrong or was used.
pub fn wrong_recovery_code() -> Refusal {
    Refusal::field("code", Text::new("This is none of your recovery codes that are left. Each of them works once."))
}

/// Said of a passkey's answer that does not fit: its question is too old, was answered before, or it is not theirs.
pub fn wrong_passkey() -> Refusal {
    Refusal::field(
        "passkey",
        Text::new(
            "The passkey was not accepted. Try again; if it goes on, use another way to sign in and remove the passkey.",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_fits_its_own_step_and_the_ones_beside_it() {
        // RFC 6238, appendix B, the last six digits.
        let secret = b"12345678901234567890";
        for (at, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            for (shift, fits) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
                let found = step_of(secret, code, Time((at + shift) * 1_000_000));
                assert_eq!(found, fits.then_some(at / 30), "{code} at {shift}");
            }
        }
        assert_eq!(step_of(secret, "287 082", Time(59_000_000)), Some(1));
        for wrong in ["", "28708", "2870820", "28708a", "٢٨٧٠٨٢", "-87082", "+87082"] {
            assert_eq!(step_of(secret, wrong, Time(59_000_000)), None, "{wrong}");
        }
    }

    #[test]
    fn recovery_codes_are_long_plain_and_read_however_they_are_typed() {
        let code = recovery_code();
        assert_eq!((code.len(), code.matches('-').count()), (29, 5));
        assert_ne!(code, recovery_code());
        let plain = code.replace('-', "");
        let typed = format!("  {} ", code.to_uppercase().replace('-', " "));
        assert_eq!(typed_code(&typed).hash(), Secret::presented(&plain).hash());
    }

    #[test]
    fn passkeys_need_a_name_and_https() {
        for (host, https, name) in [
            ("portal.example.com", true, Some("portal.example.com")),
            ("portal.example.com:8443", true, Some("portal.example.com")),
            ("localhost:8080", false, Some("localhost")),
            ("a.localhost", false, Some("a.localhost")),
            ("portal.example.com", false, None),
            ("notlocalhost", false, None),
            ("127.0.0.1:8080", false, None),
            ("127.0.0.1", true, None),
            ("[::1]:8080", true, None),
            ("[::1]", true, None),
        ] {
            assert_eq!(passkeys_at(host, https).ok().as_deref(), name, "{host}");
        }
    }
}
