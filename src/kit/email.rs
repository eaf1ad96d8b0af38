//! An e-mail address.

use std::fmt;

/// An address that can be sent to: one `@`, a dotless or dotted host, at most 254 bytes, no spaces or control characters.
/// Kept as typed; compared by its folded form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// Reads an address, trimming white space around it.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (local, host) = text.rsplit_once('@')?;
        let good_local = !local.is_empty()
            && local.len() <= 64
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && local.chars().all(|c| !c.is_control() && !c.is_whitespace() && !"()<>[]:;@\\,\"".contains(c));
        let good_host = !host.is_empty()
            && host.split('.').all(|label| {
                !label.is_empty()
                    && label.len() <= 63
                    && !label.starts_with('-')
                    && !label.ends_with('-')
                    && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            });
        (text.len() <= 254 && good_local && good_host).then(|| Self(text.to_owned()))
    }

    /// The address as typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form by which addresses are compared.
    pub fn folded(&self) -> String {
        super::fold(&self.0)
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Email;

    #[test]
    fn knows_addresses() {
        for good in ["a@b.c", " ann.smith+x@example.com ", "jörg@bücher.example", "x@localhost"] {
            assert!(Email::parse(good).is_some(), "{good}");
        }
        for bad in ["", "a", "@b", "a@", "a b@c.d", "a@b@c", "a@-b.c", "a\n@b.c", "a@b..c", ".a@b.c", "<a@b.c>"] {
            assert!(Email::parse(bad).is_none(), "{bad}");
        }
    }
}
