//! Who acts, for which company, and what that allows.

use super::{AccountId, ModuleId, NamedRef, Refusal, Text, TokenId, UserId};

crate::word_enum! {
    /// What a company is in the chain; decides which portal it gets.
    pub enum Role { Vendor = "vendor", Distributor = "distributor", Reseller = "reseller" }
}

impl Role {
    /// The API's `type`: distributors and resellers are both providers.
    pub fn wire_type(self) -> &'static str {
        if self == Role::Vendor { "vendor" } else { "provider" }
    }

    /// The side on which a company of this role stands to what it owns.
    pub fn side(self) -> Side {
        match self {
            Role::Vendor => Side::Vendor,
            Role::Distributor => Side::Distributor,
            Role::Reseller => Side::Reseller,
        }
    }
}

crate::word_enum! {
    /// On which side of an object an account stands.
    pub enum Side { Vendor = "vendor", Distributor = "distributor", Reseller = "reseller", Customer = "customer" }
}

crate::word_enum! {
    /// How much a member may do in a module. Each level contains the ones before it.
    pub enum Level {
        /// Open pages and read.
        Read = "read",
        /// Do the daily work: process, approve, upload.
        Act = "act",
        /// Create, change and end things.
        Manage = "manage",
    }
}

macro_rules! modules {
    ($($variant:ident $word:literal $id:literal $name:literal;)+) => {
        crate::word_enum! {
            /// A part of the portal that permissions are given for.
            pub enum Module { $($variant = $word),+ }
        }
        impl Module {
            /// The module's id in the API.
            pub fn id(self) -> &'static str { match self { $(Module::$variant => $id),+ } }
            /// What people read.
            pub fn title(self) -> &'static str { match self { $(Module::$variant => $name),+ } }
        }
    };
}

modules! {
    Account "account" "MD-0001" "Account";
    Products "products" "MD-0002" "Products";
    Listings "listings" "MD-0003" "Listings";
    Marketplaces "marketplaces" "MD-0004" "Marketplaces";
    Partners "partners" "MD-0005" "Partners";
    Subscriptions "subscriptions" "MD-0006" "Subscriptions";
    Integrations "integrations" "MD-0007" "Integrations";
    Customers "customers" "MD-0008" "Customers";
    TierConfigs "tier_configs" "MD-0009" "Tier configurations";
    Usage "usage" "MD-0010" "Usage";
    Reports "reports" "MD-0011" "Reports";
    Helpdesk "helpdesk" "MD-0023" "Helpdesk";
    Devops "devops" "MD-0024" "DevOps";
}

impl Module {
    /// The module behind an API id.
    pub fn by_id(id: &ModuleId) -> Option<Self> {
        Self::ALL.iter().copied().find(|m| m.id() == id.as_str())
    }
}

/// What a member of an account may do: at most one level per module.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Permissions([Option<Level>; Module::ALL.len()]);

impl Permissions {
    /// Everything.
    pub fn all() -> Self {
        Self([Some(Level::Manage); Module::ALL.len()])
    }

    /// Adds a level; the higher one stays.
    pub fn grant(&mut self, module: Module, level: Level) {
        let slot = &mut self.0[module as usize];
        *slot = (*slot).max(Some(level));
    }

    /// The same without any level in a module.
    #[must_use]
    pub fn without(&self, module: Module) -> Self {
        let mut left = self.clone();
        left.0[module as usize] = None;
        left
    }

    /// Whether at least this level is held.
    pub fn holds(&self, module: Module, level: Level) -> bool {
        self.0[module as usize] >= Some(level)
    }

    /// The level held in a module.
    pub fn level(&self, module: Module) -> Option<Level> {
        self.0[module as usize]
    }

    /// Sets the level in a module, or takes it away.
    pub fn set(&mut self, module: Module, level: Option<Level>) {
        self.0[module as usize] = level;
    }

    /// Whether everything that the other may is held too.
    pub fn include(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(own, theirs)| own >= theirs)
    }

    /// The modules held at any level.
    pub fn modules(&self) -> impl Iterator<Item = (Module, Level)> + '_ {
        Module::ALL.iter().copied().filter_map(|m| self.0[m as usize].map(|l| (m, l)))
    }
}

/// The company for which somebody acts, and what they may do in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// The company.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// What it is in the chain.
    pub role: Role,
    /// What this person or token may do in it.
    pub permissions: Permissions,
}

/// Who acts. Every query over business objects takes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A signed-in person, working in one of their accounts.
    Person {
        /// Who.
        user: UserId,
        /// Their name.
        name: String,
        /// For which company.
        seat: Seat,
    },
    /// A program with an API token.
    Token {
        /// Which token.
        id: TokenId,
        /// Its name.
        name: String,
        /// For which company.
        seat: Seat,
    },
    /// The system itself, for an account: jobs, reactions, schedules.
    System {
        /// For which company.
        seat: Seat,
    },
    /// Somebody who holds a secret that opens one object: an activation link, a customer's form.
    Guest {
        /// The object that the secret opens.
        object: String,
    },
    /// The person at the command line of the server.
    Operator,
}

impl Actor {
    /// The company for which they act; none for guests and the operator.
    pub fn seat(&self) -> Option<&Seat> {
        match self {
            Self::Person { seat, .. } | Self::Token { seat, .. } | Self::System { seat } => Some(seat),
            Self::Guest { .. } | Self::Operator => None,
        }
    }

    /// The company for which they act, or a refusal.
    pub fn company(&self) -> Result<&Seat, Refusal> {
        self.seat().ok_or_else(|| Refusal::forbidden(Text::new("Sign in to an account to do this.")))
    }

    /// The acting company's id, or a refusal.
    pub fn account(&self) -> Result<&AccountId, Refusal> {
        self.company().map(|s| &s.account)
    }

    /// Refuses unless the actor holds at least `level` in `module`.
    pub fn need(&self, module: Module, level: Level) -> Result<&Seat, Refusal> {
        let seat = self.company()?;
        if seat.permissions.holds(module, level) {
            Ok(seat)
        } else {
            Err(Refusal::forbidden(
                Text::new("You may not do this: it needs the permission {level:word} in {module:word}. An administrator of {account} can give it to you.")
                    .arg("level", level)
                    .arg("module", module.title())
                    .arg("account", &seat.name),
            ))
        }
    }

    /// Refuses unless the acting company is a `role`.
    pub fn need_role(&self, role: Role) -> Result<&Seat, Refusal> {
        let seat = self.company()?;
        if seat.role == role {
            Ok(seat)
        } else {
            Err(Refusal::forbidden(
                Text::new("Only a {role:word} can do this; {account} is a {own:word}.")
                    .arg("role", role)
                    .arg("account", &seat.name)
                    .arg("own", seat.role),
            ))
        }
    }

    /// Id and name of the acting person or token; none for the system.
    pub fn by(&self) -> Option<NamedRef> {
        match self {
            Self::Person { user, name, .. } => Some(NamedRef { id: user.to_string(), name: name.clone() }),
            Self::Token { id, name, .. } => Some(NamedRef { id: id.to_string(), name: name.clone() }),
            Self::System { .. } | Self::Guest { .. } | Self::Operator => None,
        }
    }

    /// The acting person, if it is one.
    pub fn user(&self) -> Option<&UserId> {
        match self {
            Self::Person { user, .. } => Some(user),
            _ => None,
        }
    }

    /// What kind of actor it is, for the journal: `person`, `token`, `system`, `guest`, `operator`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Person { .. } => "person",
            Self::Token { .. } => "token",
            Self::System { .. } => "system",
            Self::Guest { .. } => "guest",
            Self::Operator => "operator",
        }
    }

    /// A name that tells this actor from every other: the scope of idempotency keys.
    pub fn key(&self) -> String {
        let who = match self {
            Self::Person { user, .. } => user.as_str(),
            Self::Token { id, .. } => id.as_str(),
            Self::Guest { object } => object.as_str(),
            Self::System { .. } | Self::Operator => self.kind(),
        };
        match self.seat() {
            Some(seat) => format!("{who}@{}", seat.account),
            None => who.to_owned(),
        }
    }

    /// The system acting for a company, with every permission.
    pub fn system(account: AccountId, name: String, role: Role) -> Self {
        Self::System { seat: Seat { account, name, role, permissions: Permissions::all() } }
    }
}
