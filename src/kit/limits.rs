//! How much one company, one product and one file may hold, and how long reading may take: settings of the deployment.

use std::fmt;
use std::str::FromStr;

/// The largest number that a limit can be set to.
const LARGEST: i64 = 1_000_000_000_000;

macro_rules! limits {
    ($($(#[doc = $doc:literal])* $name:ident = $usual:literal,)*) => {
        /// How much there may be of what companies make, and how long a reader may wait. Whoever comes up to it is told in a
        /// sentence.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct Limits {
            $($(#[doc = $doc])* pub $name: i64,)*
        }

        impl Default for Limits {
            fn default() -> Self {
                Self { $($name: $usual),* }
            }
        }

        impl Limits {
            /// The names by which limits are set.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name)),*];

            fn named(&mut self, name: &str) -> Option<&mut i64> {
                match name {
                    $(stringify!($name) => Some(&mut self.$name),)*
                    _ => None,
                }
            }

            fn each(&self) -> Vec<(&'static str, i64)> {
                vec![$((stringify!($name), self.$name)),*]
            }
        }
    };
}

limits! {
    /// Users of a company.
    users = 2_000,
    /// Groups of a company.
    groups = 500,
    /// Live API tokens of a company.
    tokens = 200,
    /// Rules about addresses in each of a company's two lists.
    ip_rules = 200,
    /// Calls of the API with one token in a minute, counted by each process for itself.
    token_calls = 6_000,
    /// Calls of the API from one address in a minute (of IPv6, from one /64 network), counted by each process for itself.
    address_calls = 30_000,
    /// Forms sent to the portal from one address in a minute, counted likewise.
    address_forms = 6_000,
    /// Sub-accounts of a company.
    sub_accounts = 200,
    /// Hubs of a distributor.
    hubs = 200,
    /// Marketplaces of a distributor.
    marketplaces = 500,
    /// Agreements of a company.
    agreements = 1_000,
    /// Versions of an agreement.
    agreement_versions = 500,
    /// Forms of a distributor.
    forms = 500,
    /// Versions of a form.
    form_versions = 500,
    /// Products of a vendor.
    products = 2_000,
    /// Versions of a product.
    product_versions = 2_000,
    /// Items of a product.
    items = 2_000,
    /// Parameters of a product.
    parameters = 500,
    /// Templates of a product.
    templates = 200,
    /// Units of its own that a vendor may have.
    units = 500,
    /// Rows of a usage file.
    usage_rows = 500_000,
    /// Bytes of an uploaded usage workbook.
    usage_bytes = 100_000_000,
    /// Bytes of all files that are kept for a company: workbooks, processed files, pictures.
    file_bytes = 10_000_000_000,
    /// Archives of its data that are kept for a company.
    exports = 3,
    /// Bytes of such an archive.
    export_bytes = 20_000_000_000,
    /// Milliseconds that one statement of a page or an API call that reads may take on PostgreSQL.
    read_milliseconds = 30_000,
}

impl Limits {
    /// The largest usage workbook, in bytes.
    pub fn workbook(&self) -> u64 {
        self.usage_bytes.unsigned_abs()
    }
}

/// As it can be set: `users=2000,tokens=200`, all of them.
impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, (name, value)) in self.each().into_iter().enumerate() {
            write!(f, "{}{name}={value}", if n == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

/// `users=500,usage_rows=200000`; those that are not named are as usual.
impl FromStr for Limits {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut limits = Self::default();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let Some(limit) = limits.named(name.trim()) else {
                return Err(format!("`{name}` is no limit. There are: {}.", Self::NAMES.join(", ")));
            };
            *limit = match value.trim().parse() {
                Ok(number) if (1..=LARGEST).contains(&number) => number,
                _ => return Err(format!("`{part}` needs a whole number from 1 to {LARGEST}, as in {name}=500.")),
            };
        }
        Ok(limits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_named_is_as_usual() {
        let limits: Limits = "users=5, usage_rows=10".parse().unwrap();
        assert_eq!(limits, Limits { users: 5, usage_rows: 10, ..Limits::default() });
        assert_eq!("".parse(), Ok(Limits::default()));
        assert_eq!(limits.to_string().parse(), Ok(limits));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, said) in [
            ("user=5", "`user` is no limit. There are: users, groups"),
            ("users", "`users` needs a whole number"),
            ("users=0", "`users=0` needs a whole number from 1"),
            ("users=1.5", "`users=1.5` needs a whole number"),
            ("users=1000000000001", "needs a whole number from 1 to 1000000000000"),
        ] {
            let told = text.parse::<Limits>().unwrap_err();
            assert!(told.contains(said), "{told}");
        }
    }
}
