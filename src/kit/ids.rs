//! Public ids: a prefix and groups of digits, `PRD-123-456-789`. They are the keys of the database too.
//!
//! Shapes as the field's clients know them; a child appends a group to its parent's digits.

use rand::RngExt;

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident: $($prefix:literal)|+;)+) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
        #[diesel(sql_type = diesel::sql_types::Text)]
        pub struct $name(String);
        impl $name {
            /// The prefixes an id of this kind may have.
            pub const PREFIXES: &'static [&'static str] = &[$($prefix),+];
            /// Reads an id; nothing if the text is not one of this kind.
            pub fn parse(text: &str) -> Option<Self> {
                Self::PREFIXES.iter().any(|p| well_formed(text, p)).then(|| Self(text.to_owned()))
            }
            /// The id as people and clients write it.
            pub fn as_str(&self) -> &str { &self.0 }
            /// The digits behind the prefix, `123-456-789`.
            pub fn digits(&self) -> &str { self.0.split_once('-').map_or("", |(_, d)| d) }
        }
        impl AsRef<str> for $name { fn as_ref(&self) -> &str { &self.0 } }
        impl From<$name> for String { fn from(id: $name) -> String { id.0 } }
        impl PartialEq<str> for $name { fn eq(&self, other: &str) -> bool { self.0 == other } }
        $crate::text_column!($name);
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                <String as utoipa::PartialSchema>::schema()
            }
        }
        impl utoipa::ToSchema for $name {}
    )+ };
}

fn well_formed(text: &str, prefix: &str) -> bool {
    text.len() <= 48
        && text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('-')).is_some_and(|digits| {
            digits.split('-').all(|g| !g.is_empty() && g.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
        })
}

ids! {
    /// A company: `VA-123-456` vendor, `PA-123-456` distributor or reseller.
    AccountId: "VA" | "PA";
    /// A person, `UR-123-456-789`.
    UserId: "UR";
    /// A group of users, `UG-123-456-789`.
    GroupId: "UG";
    /// An API token, `SU-123-456-789`.
    TokenId: "SU";
    /// A rule about addresses, `IPR-123-456-789`.
    IpRuleId: "IPR";
    /// A provider of single sign-on, `IDP-123-456-789`.
    IdpId: "IDP";
    /// A domain of e-mail addresses, `DOM-123-456-789`.
    SsoDomainId: "DOM";
    /// A module of the portal, `MD-0007`.
    ModuleId: "MD";
    /// An agreement: program, distribution, service, syndication, referral.
    AgreementId: "AGP" | "AGD" | "AGS" | "AGU" | "AGR";
    /// A form that partners fill, `FRM-123-456-789`.
    FormId: "FRM";
    /// Answers to a form, `FRA-123-456-789`.
    FormAnswerId: "FRA";
    /// A contract of the same five types.
    ContractId: "CRP" | "CRD" | "CRS" | "CRU" | "CRR";
    /// Offers by spreadsheet, `INV-123-456-789`.
    OfferBatchId: "INV";
    /// A marketplace, `MP-12345`.
    MarketplaceId: "MP";
    /// A hub, `HB-1234-5678`.
    HubId: "HB";
    /// A connection of a product with a hub, `CT-1234-5678-9012`.
    ConnectionId: "CT";
    /// A category, `CAT-12345`.
    CategoryId: "CAT";
    /// A product, `PRD-123-456-789`.
    ProductId: "PRD";
    /// An item, `PRD-123-456-789-0001`.
    ItemId: "PRD";
    /// A parameter, `PRM-123-456-789-0001`.
    ParameterId: "PRM";
    /// A template, `TL-123-456-789`.
    TemplateId: "TL";
    /// A product action, `ACT-123-456-789-001`.
    ActionId: "ACT";
    /// A product's medium, `PRDM-123-456-789-12345`.
    MediaId: "PRDM";
    /// A listing, `LST-123-456-789`.
    ListingId: "LST";
    /// A listing request, `LSTR-123-456-789-001`.
    ListingRequestId: "LSTR";
    /// A tier account, `TA-1234-5678-9012`.
    TierAccountId: "TA";
    /// A tier configuration, `TC-123-456-789`.
    TierConfigId: "TC";
    /// A subscription, "asset" in the API, `AS-1234-5678-9012`.
    AssetId: "AS";
    /// A fulfillment request, `PR-1234-5678-9012-001`.
    RequestId: "PR";
    /// A usage file, `UF-2026-01-1234-5678`.
    UsageFileId: "UF";
    /// A usage record, `UR-2026-01-1234-5678-0000-0001`; the prefix is also that of users.
    UsageRecordId: "UR";
    /// An archive of all that a company has, `EXP-123-456-789`.
    ExportId: "EXP";
    /// A conversation, `CO-123-456-789`.
    ConversationId: "CO";
}

/// Fresh random digits in groups, `[3, 3, 3]` gives `482-019-771`. Never all zero: zero ids mean "none" on the wire.
pub fn random_digits(groups: &[usize]) -> String {
    let mut rng = rand::rng();
    loop {
        let text: Vec<String> =
            groups.iter().map(|n| (0..*n).map(|_| char::from(b'0' + rng.random_range(0..10u8))).collect()).collect();
        let text = text.join("-");
        if text.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
            return text;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_know_their_prefix() {
        assert!(ProductId::parse("PRD-123-456-789").is_some());
        for bad in ["", "PRD", "PRD-", "PRD--1", "PR-1", "PRD-1 2", "PRD-é", "VA-1"] {
            assert!(ProductId::parse(bad).is_none(), "{bad}");
        }
        assert_eq!(ProductId::parse("PRD-123-456-789").map(|i| i.digits().to_owned()).as_deref(), Some("123-456-789"));
    }

    #[test]
    fn random_digits_have_the_asked_shape() {
        let id = random_digits(&[4, 4, 4]);
        assert_eq!(id.len(), 14);
        assert!(AssetId::parse(&format!("AS-{id}")).is_some());
    }
}
