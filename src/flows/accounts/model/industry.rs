//! Industries: a small dictionary of our own, the same for everybody.

/// Id and English name, by id.
pub const INDUSTRIES: &[(&str, &str)] = &[
    ("IND-01", "Agriculture and food"),
    ("IND-02", "Automotive"),
    ("IND-03", "Banking and insurance"),
    ("IND-04", "Construction and real estate"),
    ("IND-05", "Consulting and legal services"),
    ("IND-06", "Education and research"),
    ("IND-07", "Energy and utilities"),
    ("IND-08", "Health care and life sciences"),
    ("IND-09", "Hotels, restaurants and travel"),
    ("IND-10", "Information technology"),
    ("IND-11", "Logistics and transport"),
    ("IND-12", "Manufacturing"),
    ("IND-13", "Media and entertainment"),
    ("IND-14", "Mining and raw materials"),
    ("IND-15", "Non-profit organisations"),
    ("IND-16", "Public administration"),
    ("IND-17", "Retail and wholesale"),
    ("IND-18", "Telecommunications"),
];

/// The name of an industry; nothing if there is none with this id.
pub fn industry_name(id: &str) -> Option<&'static str> {
    INDUSTRIES.iter().find(|i| i.0 == id).map(|i| i.1)
}
