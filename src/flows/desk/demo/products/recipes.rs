//! What is sold in the demo world: one-time, recurring, and by usage in each of its four schemas.

use super::{ItemRow, Maker, Place, Recipe};
use crate::flows::products::model::{ItemKind, Period, Precision, UsageSchema};

const fn reserved(mpn: &'static str, name: &'static str, period: Period, unit: &'static str) -> ItemRow {
    ItemRow { mpn, name, kind: ItemKind::Reservation, period, precision: Precision::Integer, unit, price: 0, usage: 0 }
}

const fn used(mpn: &'static str, name: &'static str, unit: &'static str, price: i64, usage: i64) -> ItemRow {
    ItemRow {
        mpn,
        name,
        kind: ItemKind::Ppu,
        period: Period::Monthly,
        precision: Precision::Decimal4,
        unit,
        price,
        usage,
    }
}

/// Every product, the one that the tour begins with first.
pub const RECIPES: &[Recipe] = &[
    Recipe {
        name: "Halden Backup Cloud",
        maker: Maker::Halden,
        category: "CAT-67642",
        colour: [47, 91, 208],
        bars: &[35, 55, 80],
        short: "Backups of laptops, servers and mailboxes, restored in minutes.",
        schema: Some(UsageSchema::PriceRated),
        items: &[
            reserved("HBC-SEAT-B", "Backup seat, Business", Period::Monthly, "licenses"),
            reserved("HBC-RR", "Ransomware recovery", Period::Monthly, "licenses"),
            used("HBC-EGRESS", "Restore traffic", "+GB", 20, 9),
            used("HBC-LTA", "Long-term archive", "+TB", 1_980, 1),
        ],
        places: &[Place::Dach, Place::Benelux, Place::Nordics],
    },
    Recipe {
        name: "Halden Mail Archive",
        maker: Maker::Halden,
        category: "CAT-57124",
        colour: [15, 118, 110],
        bars: &[70, 50, 70],
        short: "Every mail kept as the law wants it, found in seconds.",
        schema: None,
        items: &[reserved("HMA-BOX", "Archived mailbox", Period::Yearly, "mailboxes")],
        places: &[Place::Dach, Place::Benelux, Place::Nordics],
    },
    Recipe {
        name: "Halden Identity",
        maker: Maker::Halden,
        category: "CAT-86929",
        colour: [124, 58, 237],
        bars: &[40, 80, 40],
        short: "One sign-in for everything, with passkeys.",
        schema: Some(UsageSchema::Quantity),
        items: &[
            reserved("HID-USER", "User", Period::Monthly, "licenses"),
            used("HID-SMS", "Text messages", "+Message", 0, 3),
        ],
        places: &[Place::Dach, Place::Nordics],
    },
    Recipe {
        name: "Halden Endpoint Guard",
        maker: Maker::Halden,
        category: "CAT-86929",
        colour: [180, 83, 9],
        bars: &[85, 60, 35],
        short: "Protection of a device for as long as it lives, paid once.",
        schema: None,
        items: &[reserved("HEG-DEV", "Device", Period::OneTime, "devices")],
        places: &[Place::Dach, Place::Benelux, Place::Nordics],
    },
    Recipe {
        name: "Ember Compute",
        maker: Maker::Ember,
        category: "CAT-40123",
        colour: [190, 24, 93],
        bars: &[25, 45, 65, 85],
        short: "Virtual machines by the hour, run on hydropower.",
        schema: Some(UsageSchema::CostRated),
        items: &[
            reserved("ECO-BASE", "Project", Period::Monthly, "items"),
            used("ECO-VCPU", "Virtual processor", "unith", 3, 720),
        ],
        places: &[Place::Nordics, Place::Dach],
    },
    Recipe {
        name: "Ember Objects",
        maker: Maker::Ember,
        category: "CAT-40123",
        colour: [3, 105, 161],
        bars: &[60, 75, 90, 75],
        short: "Object storage with three copies in three halls.",
        schema: Some(UsageSchema::TiersRated),
        items: &[
            reserved("EOB-BASE", "Bucket", Period::Monthly, "items"),
            used("EOB-TB", "Stored data", "+TB", 1_120, 2),
        ],
        places: &[Place::Nordics],
    },
];
