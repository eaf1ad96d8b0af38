//! What a product can do: its settings. They are not versioned; a change counts for every version at once.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kit::{Problems, Text};

crate::word_enum! {
    /// How usage of a product is reported.
    pub enum UsageSchema {
        /// Quantities; the distributor rates them.
        Quantity = "QT",
        /// Quantities with the tier that rates them.
        TiersRated = "TR",
        /// Quantities with their price.
        PriceRated = "PR",
        /// Quantities with what they cost the distributor.
        CostRated = "CR",
    }
}

crate::word_enum! {
    /// Whether a subscription renews by itself.
    pub enum Renewal { Explicit = "explicit", Evergreen = "evergreen" }
}

crate::word_enum! {
    /// Whether the distributor may do something without the vendor: never, always, or as it likes.
    pub enum Offline { No = "no", Auto = "auto", Allowed = "allowed" }
}

macro_rules! switches {
    ($(#[$meta:meta])* $name:ident as $wire:ident { $($(#[$doc:meta])* $field:ident),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(default)]
        #[schema(as = $wire)]
        pub struct $name { $($(#[$doc])* pub $field: bool),+ }
    };
}

switches! { /// Usage of items that are reserved.
Reservation as ProductReservationCapability { /// Usage files may report reservation items.
    consumption } }
switches! { /// Something that the vendor's system checks.
Validation as ProductValidationCapability { /// It does.
    validation } }
switches! { /// Something that may be scheduled.
Scheduling as ProductSchedulingCapability { /// It may carry a future date.
    scheduling } }
switches! { /// Values of parameters.
ParameterVersions as ProductParameterVersionsCapability { /// Their history is kept.
    versions } }
switches! { /// Setting up a reseller.
TierSetup as ProductTierSetupCapability { /// The vendor checks the inquiring form.
    inquiring_validation } }
switches! { /// Changing a reseller's set-up.
TierUpdate as ProductTierUpdateCapability { /// The vendor checks the draft.
    validation, /// The vendor checks the inquiring form.
    inquiring_validation } }
switches! { /// Change requests.
Change as ProductChangeCapability { /// They may alter ordering parameters.
    editable_ordering_parameters, /// They may alter fulfillment parameters.
    editable_fulfillment_parameters, /// The vendor checks the draft.
    validation, /// The vendor checks the inquiring form.
    inquiring_validation, /// They may carry a future date.
    scheduling, /// They may be made while an adjustment is open.
    simultaneous_adjustment } }
switches! { /// Renewals.
Renew as ProductRenewCapability { /// Subscriptions may be renewed.
    enable_renew, /// Renewals may alter ordering parameters.
    editable_ordering_parameters, /// Renewals may alter fulfillment parameters.
    editable_fulfillment_parameters, /// The vendor checks the draft.
    validation, /// The vendor checks the inquiring form.
    inquiring_validation, /// They may carry a future date.
    scheduling } }
switches! { /// Transfers of a subscription to another reseller.
Transfer as ProductTransferCapability { /// Subscriptions may be transferred.
    enable_transfer, /// Without asking the vendor.
    transfer_autoapprove, /// Transfers may alter ordering parameters.
    editable_ordering_parameters, /// Transfers may alter fulfillment parameters.
    editable_fulfillment_parameters, /// The vendor checks the draft.
    validation, /// The vendor checks the inquiring form.
    inquiring_validation } }

/// Suspending or cancelling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = ProductStoppingCapability)]
pub struct Stopping {
    /// It may carry a future date.
    pub scheduling: bool,
    /// Whether the vendor is asked.
    pub offline: Offline,
}

impl Default for Stopping {
    fn default() -> Self {
        Self { scheduling: false, offline: Offline::No }
    }
}

/// Pay-as-you-go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProductPpuCapability)]
pub struct Ppu {
    /// How usage is reported.
    pub schema: UsageSchema,
    /// Usage may report items that the product does not have.
    #[serde(default)]
    pub dynamic: bool,
    /// Usage may carry future dates.
    #[serde(default)]
    pub future: bool,
    /// Usage may carry dates of past periods.
    #[serde(default)]
    pub late: bool,
    /// Estimates before the period ends.
    #[serde(default)]
    pub predictive: bool,
    /// Columns of their own that usage files must have.
    #[serde(default)]
    pub required_custom_fields: Vec<String>,
}

impl Ppu {
    /// Pay-as-you-go reported by a schema, with everything else off.
    pub fn new(schema: UsageSchema) -> Self {
        Self { schema, dynamic: false, future: false, late: false, predictive: false, required_custom_fields: vec![] }
    }
}

/// Which resellers must be set up before they may order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProductTierConfigsCapability)]
pub struct TierConfigs {
    /// 1: the reseller next to the customer; 2: also the one above it.
    pub level: u8,
    /// Setting one up.
    #[serde(default)]
    pub setup: TierSetup,
    /// Changing one.
    #[serde(default)]
    pub update: TierUpdate,
}

impl TierConfigs {
    /// Set-up of resellers to a level, with all checks off.
    pub fn new(level: u8) -> Self {
        Self { level, setup: TierSetup::default(), update: TierUpdate::default() }
    }
}

/// Resellers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = ProductTiersCapability)]
pub struct Tiers {
    /// The vendor is told when a tier account changes.
    pub updates: bool,
    /// Which must be set up; none if no reseller needs to be.
    pub configs: Option<TierConfigs>,
    /// The vendor checks drafts of set-ups.
    pub validation: bool,
}

/// Subscriptions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = ProductSubscriptionsCapability)]
pub struct Subscriptions {
    /// They may be suspended and resumed.
    pub hold: bool,
    /// How they renew.
    pub schema: Renewal,
    /// Purchases.
    pub purchase: Scheduling,
    /// Changes.
    pub change: Change,
    /// Renewals.
    pub renew: Renew,
    /// Transfers.
    pub transfer: Transfer,
    /// Suspending.
    pub suspend: Stopping,
    /// Resuming.
    pub resume: Scheduling,
    /// Cancelling.
    pub cancel: Stopping,
    /// Values of parameters.
    pub parameter: ParameterVersions,
}

impl Default for Subscriptions {
    fn default() -> Self {
        Self {
            hold: false,
            schema: Renewal::Explicit,
            purchase: Scheduling::default(),
            change: Change::default(),
            renew: Renew::default(),
            transfer: Transfer::default(),
            suspend: Stopping::default(),
            resume: Scheduling::default(),
            cancel: Stopping::default(),
            parameter: ParameterVersions::default(),
        }
    }
}

/// Everything that can be switched on for a product. All is off at first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = ProductCapabilities)]
pub struct Capabilities {
    /// Pay-as-you-go; none if it is off.
    pub ppu: Option<Ppu>,
    /// Usage of reserved items.
    pub reservation: Reservation,
    /// Drafts of purchases.
    pub cart: Validation,
    /// The customer's form.
    pub inquiring: Validation,
    /// Resellers.
    pub tiers: Tiers,
    /// Subscriptions.
    pub subscription: Subscriptions,
}

/// One capability that is simply on or off.
#[derive(Debug, Clone, Copy)]
pub struct Switch {
    /// Where the API keeps it, `subscription.hold`.
    pub path: &'static str,
    /// What people read.
    pub title: &'static str,
    slot: fn(&mut Capabilities) -> &mut bool,
}

impl Switch {
    /// Whether it is on.
    pub fn on(&self, capabilities: &Capabilities) -> bool {
        *(self.slot)(&mut capabilities.clone())
    }

    /// Turns it on or off.
    pub fn set(&self, capabilities: &mut Capabilities, on: bool) {
        *(self.slot)(capabilities) = on;
    }
}

macro_rules! switch {
    ($path:literal, $title:literal, $($place:ident).+) => {
        Switch { path: $path, title: $title, slot: |c| &mut c.$($place).+ }
    };
}

/// The capabilities that are simply on or off, in the order of the settings page.
pub const SWITCHES: &[Switch] = &[
    switch!("subscription.hold", "Administrative hold", subscription.hold),
    switch!("reservation.consumption", "Consumption reporting for reservation items", reservation.consumption),
    switch!("cart.validation", "Dynamic validation of draft requests", cart.validation),
    switch!("inquiring.validation", "Dynamic validation of the inquiring form", inquiring.validation),
    switch!("tiers.updates", "Tier accounts sync", tiers.updates),
    switch!("tiers.validation", "Dynamic validation of tier requests", tiers.validation),
    switch!("subscription.purchase.scheduling", "Scheduled purchases", subscription.purchase.scheduling),
    switch!(
        "subscription.change.editable_ordering_parameters",
        "Editable ordering parameters in change requests",
        subscription.change.editable_ordering_parameters
    ),
    switch!(
        "subscription.change.editable_fulfillment_parameters",
        "Editable fulfillment parameters in change requests",
        subscription.change.editable_fulfillment_parameters
    ),
    switch!("subscription.change.validation", "Validation of draft change requests", subscription.change.validation),
    switch!(
        "subscription.change.inquiring_validation",
        "Validation of the inquiring form of change requests",
        subscription.change.inquiring_validation
    ),
    switch!("subscription.change.scheduling", "Scheduled changes", subscription.change.scheduling),
    switch!(
        "subscription.change.simultaneous_adjustment",
        "Changes while an adjustment is open",
        subscription.change.simultaneous_adjustment
    ),
    switch!("subscription.renew.enable_renew", "Renewals", subscription.renew.enable_renew),
    switch!(
        "subscription.renew.editable_ordering_parameters",
        "Editable ordering parameters in renewals",
        subscription.renew.editable_ordering_parameters
    ),
    switch!(
        "subscription.renew.editable_fulfillment_parameters",
        "Editable fulfillment parameters in renewals",
        subscription.renew.editable_fulfillment_parameters
    ),
    switch!("subscription.renew.validation", "Validation of draft renewals", subscription.renew.validation),
    switch!(
        "subscription.renew.inquiring_validation",
        "Validation of the inquiring form of renewals",
        subscription.renew.inquiring_validation
    ),
    switch!("subscription.renew.scheduling", "Scheduled renewals", subscription.renew.scheduling),
    switch!("subscription.transfer.enable_transfer", "Transfers", subscription.transfer.enable_transfer),
    switch!(
        "subscription.transfer.transfer_autoapprove",
        "Transfers without the vendor's approval",
        subscription.transfer.transfer_autoapprove
    ),
    switch!(
        "subscription.transfer.editable_ordering_parameters",
        "Editable ordering parameters in transfers",
        subscription.transfer.editable_ordering_parameters
    ),
    switch!(
        "subscription.transfer.editable_fulfillment_parameters",
        "Editable fulfillment parameters in transfers",
        subscription.transfer.editable_fulfillment_parameters
    ),
    switch!("subscription.transfer.validation", "Validation of draft transfers", subscription.transfer.validation),
    switch!(
        "subscription.transfer.inquiring_validation",
        "Validation of the inquiring form of transfers",
        subscription.transfer.inquiring_validation
    ),
    switch!("subscription.suspend.scheduling", "Scheduled suspensions", subscription.suspend.scheduling),
    switch!("subscription.resume.scheduling", "Scheduled resumptions", subscription.resume.scheduling),
    switch!("subscription.cancel.scheduling", "Scheduled cancellations", subscription.cancel.scheduling),
    switch!("subscription.parameter.versions", "History of parameter values", subscription.parameter.versions),
];

/// What of a product stands in the way of switching something off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InUse {
    /// It has pay-as-you-go items that are published or ended.
    pub ppu_items: bool,
    /// The highest reseller level that its parameters are made for; 0 if none is.
    pub tier_level: u8,
}

/// Notes what is wrong with a change of capabilities.
pub fn check(problems: &mut Problems, now: &Capabilities, next: &Capabilities, used: InUse) {
    if next.ppu.is_none() {
        problems.check(!(now.ppu.is_some() && used.ppu_items), "capabilities.ppu", || {
            Text::new("Pay-as-you-go cannot be switched off: the product has published pay-as-you-go items. End their sale and keep it on.")
        });
    }
    if let Some(ppu) = &next.ppu {
        let fields = &ppu.required_custom_fields;
        problems.check(fields.len() <= 50, "capabilities.ppu.required_custom_fields", || {
            Text::new("There are {count} columns; at most {max} are allowed.").arg("count", fields.len()).arg("max", 50)
        });
        for field in fields {
            problems.text("capabilities.ppu.required_custom_fields", field, 128);
        }
    }
    let level = next.tiers.configs.as_ref().map_or(0, |c| c.level);
    problems.check(level <= 2, "capabilities.tiers.configs.level", || {
        Text::new("The level is {level}; 1 or 2 is needed.").arg("level", level)
    });
    problems.check(level >= used.tier_level || level >= now.tiers.configs.as_ref().map_or(0, |c| c.level), "capabilities.tiers.configs", || {
        Text::new("The reseller level cannot be lowered to {level}: the product has parameters for level {used}. Delete them first.")
            .arg("level", level)
            .arg("used", used.tier_level)
    });
}
