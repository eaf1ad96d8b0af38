//! Rules about addresses: from where the people and the programs of a company may come. Pure.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::kit::{Problems, Text};

crate::word_enum! {
    /// For whom a list of rules is.
    pub enum Acl {
        /// People in the portal.
        Users = "users",
        /// Programs with a token.
        Tokens = "tokens",
    }
}

/// Addresses of one family from one to another, both included. An IPv4 address in IPv6 clothes is an IPv4 address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IpRange {
    first: IpAddr,
    last: IpAddr,
}

/// Why a text is no range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoRange {
    /// It is no address, network or range at all.
    Unreadable,
    /// The first address comes after the last.
    Reversed,
    /// One is IPv4, the other IPv6.
    Mixed,
    /// The network has bits behind its prefix: the address of the network would be this.
    HostBits(String),
}

impl NoRange {
    /// What is wrong with `value` and what would be right.
    pub fn text(&self, value: &str) -> Text {
        let text = match self {
            Self::Unreadable => Text::new(
                "{value} is no address. Write one address, 203.0.113.7; a range, 203.0.113.1-203.0.113.20; or a network, 203.0.113.0/24 or 2001:db8::/32.",
            ),
            Self::Reversed => Text::new("{value} begins after its end. Write the lower address first."),
            Self::Mixed => Text::new("{value} mixes IPv4 and IPv6. Make a rule for each."),
            Self::HostBits(network) => Text::new(
                "{value} does not begin with the first address of its network. Write {network} for the whole network.",
            )
            .arg("network", network),
        };
        text.arg("value", value)
    }
}

/// Bits of an address, from the left, and how many there are.
fn bits(address: IpAddr) -> (u128, u8) {
    match address {
        IpAddr::V4(a) => (u128::from(u32::from(a)), 32),
        IpAddr::V6(a) => (u128::from(a), 128),
    }
}

/// The address of these bits, in the family of another.
fn of_bits(value: u128, like: IpAddr) -> IpAddr {
    match like {
        IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::from(u32::try_from(value).unwrap_or(u32::MAX))),
        IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::from(value)),
    }
}

/// The bits behind a prefix, all set.
fn behind(prefix: u8, width: u8) -> u128 {
    let free = width - prefix;
    if free == 128 { u128::MAX } else { (1 << free) - 1 }
}

fn address(text: &str) -> Result<IpAddr, NoRange> {
    text.trim().parse::<IpAddr>().map(|a| a.to_canonical()).map_err(|_| NoRange::Unreadable)
}

impl IpRange {
    /// Reads an address, `first-last`, or a network `address/prefix`.
    pub fn parse(text: &str) -> Result<Self, NoRange> {
        let text = text.trim();
        if let Some((start, prefix)) = text.split_once('/') {
            return Self::network(start, prefix);
        }
        match text.split_once('-') {
            Some((first, last)) => Self::between(address(first)?, address(last)?),
            None => address(text).map(|one| Self { first: one, last: one }),
        }
    }

    fn between(first: IpAddr, last: IpAddr) -> Result<Self, NoRange> {
        let ((low, width), (high, other)) = (bits(first), bits(last));
        match (width == other, low <= high) {
            (false, _) => Err(NoRange::Mixed),
            (true, false) => Err(NoRange::Reversed),
            (true, true) => Ok(Self { first, last }),
        }
    }

    fn network(start: &str, prefix: &str) -> Result<Self, NoRange> {
        let written: IpAddr = start.trim().parse().map_err(|_| NoRange::Unreadable)?;
        let digits = !prefix.is_empty() && prefix.bytes().all(|b| b.is_ascii_digit());
        let prefix: u8 = prefix.parse().ok().filter(|_| digits).ok_or(NoRange::Unreadable)?;
        let plain = written.to_canonical();
        // Of an IPv4 address in IPv6 clothes the first 96 bits are the clothes.
        let prefix = if written.is_ipv6() && plain.is_ipv4() { prefix.checked_sub(96) } else { Some(prefix) };
        let (low, width) = bits(plain);
        let prefix = prefix.filter(|p| *p <= width).ok_or(NoRange::Unreadable)?;
        let free = behind(prefix, width);
        let (first, last) = (of_bits(low & !free, plain), of_bits(low | free, plain));
        if low & free != 0 {
            return Err(NoRange::HostBits(Self { first, last }.to_string()));
        }
        Ok(Self { first, last })
    }

    /// Whether an address is in it.
    pub fn contains(&self, address: IpAddr) -> bool {
        let ((low, width), (high, _), (asked, of)) = (bits(self.first), bits(self.last), bits(address.to_canonical()));
        width == of && (low..=high).contains(&asked)
    }

    /// Its first and its last address.
    pub fn ends(&self) -> [String; 2] {
        [self.first.to_string(), self.last.to_string()]
    }

    /// The prefix under which it is a whole network.
    fn prefix(&self) -> Option<u8> {
        let ((low, width), (high, _)) = (bits(self.first), bits(self.last));
        let free = low ^ high;
        let whole = low & free == 0 && (free.wrapping_add(1) & free) == 0;
        whole.then(|| width - u8::try_from(u128::BITS - free.leading_zeros()).unwrap_or(width))
    }
}

/// One spelling for each range: an address, a network, or `first-last`.
impl fmt::Display for IpRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            return write!(f, "{}", self.first);
        }
        match self.prefix() {
            Some(prefix) => write!(f, "{}/{prefix}", self.first),
            None => write!(f, "{}-{}", self.first, self.last),
        }
    }
}

/// A list of rules: without any, everybody may come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IpRules(Vec<IpRange>);

impl IpRules {
    /// The rules as they are kept. One that cannot be read lets nobody in, but it does not open the door either.
    pub fn kept<'t>(values: impl IntoIterator<Item = &'t str>) -> Self {
        let nobody = IpRange { first: IpAddr::V6(Ipv6Addr::UNSPECIFIED), last: IpAddr::V6(Ipv6Addr::UNSPECIFIED) };
        Self(values.into_iter().map(|value| IpRange::parse(value).unwrap_or(nobody)).collect())
    }

    /// One more kept rule.
    pub fn add(&mut self, value: &str) {
        self.0.extend(Self::kept([value]).0);
    }

    /// Whether there is a rule that an address is in.
    pub fn has(&self, address: &str) -> bool {
        address.parse().is_ok_and(|address: IpAddr| self.0.iter().any(|range| range.contains(address)))
    }

    /// Whether somebody may come from an address. An address that is not known is in no rule.
    pub fn allow(&self, address: &str) -> bool {
        self.0.is_empty() || self.has(address)
    }

    /// Notes that the rules would keep out whoever makes them, from where they come now.
    pub fn keep_in(&self, problems: &mut Problems, field: &str, address: &str) {
        problems.check(self.allow(address), field, || {
            Text::new(
                "You come from {address}, which no rule would allow then: you would lock yourself out. Add a rule with your own address first.",
            )
            .arg("address", address)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn range(text: &str) -> IpRange {
        IpRange::parse(text).unwrap_or_else(|e| panic!("{text}: {e:?}"))
    }

    #[test]
    fn each_spelling_is_read_and_written_in_one_way() {
        for (written, kept) in [
            ("203.0.113.7", "203.0.113.7"),
            (" 203.0.113.7/32 ", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("203.0.113.0/24", "203.0.113.0/24"),
            ("203.0.113.0-203.0.113.255", "203.0.113.0/24"),
            ("203.0.113.1 - 203.0.113.20", "203.0.113.1-203.0.113.20"),
            ("::ffff:203.0.113.0/120", "203.0.113.0/24"),
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("2001:DB8:0::/32", "2001:db8::/32"),
            ("2001:db8::1-2001:db8::5", "2001:db8::1-2001:db8::5"),
            ("::/0", "::/0"),
            ("::1", "::1"),
        ] {
            assert_eq!(range(written).to_string(), kept, "{written}");
            assert_eq!(range(kept), range(written));
        }
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (written, wrong) in [
            ("", NoRange::Unreadable),
            ("portal.example", NoRange::Unreadable),
            ("203.0.113", NoRange::Unreadable),
            ("203.0.113.007", NoRange::Unreadable),
            ("203.0.113.7/33", NoRange::Unreadable),
            ("203.0.113.0/+24", NoRange::Unreadable),
            ("203.0.113.0/", NoRange::Unreadable),
            ("::ffff:203.0.113.0/95", NoRange::Unreadable),
            ("fe80::1%eth0", NoRange::Unreadable),
            ("1.1.1.1-2.2.2.2-3.3.3.3", NoRange::Unreadable),
            ("1.1.1.1,2.2.2.2", NoRange::Unreadable),
            ("203.0.113.9-203.0.113.1", NoRange::Reversed),
            ("203.0.113.9-2001:db8::1", NoRange::Mixed),
            ("203.0.113.7/24", NoRange::HostBits("203.0.113.0/24".to_owned())),
            ("2001:db8::1/32", NoRange::HostBits("2001:db8::/32".to_owned())),
        ] {
            assert_eq!(IpRange::parse(written), Err(wrong), "{written}");
        }
    }

    #[test]
    fn families_do_not_mix() {
        let all_six = IpRules::kept(["::/0"]);
        assert!(all_six.allow("2001:db8::7") && !all_six.allow("203.0.113.7") && !all_six.allow("::ffff:203.0.113.7"));
        let four = IpRules::kept(["203.0.113.0/24", "198.51.100.3"]);
        assert!(four.allow("::ffff:203.0.113.7") && four.allow("198.51.100.3") && !four.allow("198.51.100.4"));
        assert!(IpRules::default().allow("anything") && !four.allow("") && !four.allow("unknown"));
        assert!(!IpRules::kept(["spoilt"]).allow("203.0.113.7"), "what cannot be read opens no door");
    }

    fn one(six: bool, value: u128) -> IpAddr {
        let like = if six { IpAddr::V6(Ipv6Addr::LOCALHOST) } else { IpAddr::V4(Ipv4Addr::LOCALHOST) };
        of_bits(if six { value } else { value & u128::from(u32::MAX) }, like)
    }

    proptest! {
        #[test]
        fn a_range_has_what_lies_between(six: bool, a: u128, b: u128, c: u128, other: u128) {
            let [a, b, c] = [a, b, c].map(|value| one(six, value).to_canonical());
            let (low, high) = if bits(a) <= bits(b) { (a, b) } else { (b, a) };
            if let Ok(range) = IpRange::parse(&format!("{low}-{high}")) {
                let between = bits(c).1 == bits(low).1 && bits(low) <= bits(c) && bits(c) <= bits(high);
                prop_assert_eq!(range.contains(c), between);
                prop_assert!(range.contains(low) && range.contains(high));
                prop_assert_eq!(IpRange::parse(&range.to_string()), Ok(range));
                let stranger = one(bits(low).1 == 32, other | 1 << 127);
                prop_assert!(!range.contains(stranger));
            }
        }

        #[test]
        fn a_network_has_those_with_its_prefix(six: bool, start: u128, prefix in 0u8..=128, asked: u128) {
            let (start, asked) = (one(six, start).to_canonical(), one(six, asked).to_canonical());
            let (value, width) = bits(start);
            let prefix = prefix.min(width);
            let free = behind(prefix, width);
            let network = of_bits(value & !free, start);
            // The first address of a network may itself be an IPv4 address in IPv6 clothes.
            if network.to_canonical() == network {
                let range = range(&format!("{network}/{prefix}"));
                prop_assert!(range.contains(start));
                let same = bits(asked).1 == width && bits(asked).0 & !free == value & !free;
                prop_assert_eq!(range.contains(asked), same);
                prop_assert_eq!(IpRange::parse(&range.to_string()), Ok(range));
            }
        }

        #[test]
        fn hostile_text_is_refused_and_nothing_else_happens(text in "\\PC{0,80}") {
            if let Ok(range) = IpRange::parse(&text) {
                prop_assert_eq!(IpRange::parse(&range.to_string()), Ok(range));
            }
        }
    }
}
