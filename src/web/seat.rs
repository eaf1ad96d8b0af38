//! Who looks at a page, and in which account.

use crate::kit::text::Text;

/// Which portal a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Portal {
    /// For those who make products.
    Vendor,
    /// For those who bring vendors and resellers together.
    Distributor,
    /// For those who sell.
    Reseller,
}

impl Portal {
    /// The word for its accounts.
    #[must_use]
    pub fn word(self) -> Text {
        match self {
            Self::Vendor => Text::new("Vendor"),
            Self::Distributor => Text::new("Distributor"),
            Self::Reseller => Text::new("Reseller"),
        }
    }
}

/// An account a person works in.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its id, the first segment of its addresses.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its portal.
    pub portal: Portal,
    /// The address of its logo.
    pub icon: Option<String>,
}

/// The person who is signed in.
#[derive(Clone, Debug)]
pub struct Who {
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// The address of the picture.
    pub icon: Option<String>,
}
