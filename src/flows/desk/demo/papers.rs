//! The texts of the demo's agreements, one written in the portal, one as a PDF that is set here; and a spreadsheet of vendors.

use std::fmt::Write;

/// What vendors sign, in Markdown.
pub(super) const VENDOR_TERMS: &str = "## 1. What this is about\n\nThe distributor opens its portal to the vendor. What may be listed on \
     which marketplace is settled by a **distribution agreement** for each of them.\n\n\
     ## 2. Orders\n\n- The vendor answers every order within two working days.\n- An order that cannot be fulfilled is refused with \
     a reason.\n\n## 3. Usage\n\nUsage is reported by the fifth day of the month that follows.\n\n\
     ## 4. End\n\nEither side ends this agreement with three months' notice. Subscriptions run to the end of their period.";

/// What vendors are asked to accept since.
pub(super) fn newer_vendor_terms() -> String {
    VENDOR_TERMS.replace("within two working days", "within one working day")
        + "\n\n## 5. Data\n\nPersonal data of customers are used for their orders alone."
}

/// Vendors whom a distributor has met, as its spreadsheet has them: two rows are wrong, one vendor is invited already.
pub(super) const VENDOR_SHEET: &str = "Partner;E-mail;Message;Internal note;Kind;Ends on;Stand\n\
     Lumen Works;hello@lumen.example;It was good to meet you in Malmö.;Spring fair;production;;A12\n\
     Pebble Systems;office@pebble.example;;Spring fair;production;;A14\n\
     Kestrel Backup;kestrel.example;;Spring fair;production;;B02\n\
     Quay Analytics;office@quay.example;;Spring fair;production;;B07\n\
     Orchard Identity;sales@orchard.example;;Wants a trial first;test;2199-12-31;C01\n\
     Pebble Systems;;;;production;;C03\n\
     Sable Security;team@sable.example;;;production;;C09\n";

/// What resellers sign, line by line.
const RESELLER_TERMS: &[&str] = &[
    "1. What this is about",
    "The reseller sells products of the distributor's marketplaces in its own name.",
    "",
    "2. Prices and invoices",
    "The price list of the day of the order counts. One invoice is sent for each month.",
    "",
    "3. Customers",
    "The reseller tells the distributor who the customer of an order is, and keeps that up to date.",
    "",
    "4. End",
    "Either side ends this agreement with three months' notice, to the end of a month.",
];

/// What resellers of a distributor sign: one page of a PDF, in a typeface that every reader has.
pub(super) fn reseller_terms(owner: &str) -> Vec<u8> {
    let mut page = String::new();
    let mut line = |size: u32, at: usize, text: &str| {
        // Parentheses and backslashes would end a text of a PDF.
        let text: String = text.chars().filter(|c| c.is_ascii() && !"()\\".contains(*c)).collect();
        let _ = writeln!(page, "BT /F1 {size} Tf 72 {} Td ({text}) Tj ET", 770 - at);
    };
    line(18, 0, &format!("{owner}: reseller terms"));
    for (n, text) in RESELLER_TERMS.iter().enumerate() {
        line(11, 40 + n * 20, text);
    }
    let objects = [
        "<</Type/Catalog/Pages 2 0 R/Lang(en)>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R/Resources<</Font<</F1 4 0 R>>>>>>".to_owned(),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
        format!("<</Length {}>>stream\n{page}endstream", page.len()),
    ];
    let mut pdf = String::from("%PDF-1.4\n");
    let mut places = vec![];
    for (n, object) in objects.iter().enumerate() {
        places.push(pdf.len());
        let _ = writeln!(pdf, "{} 0 obj{object}endobj", n + 1);
    }
    let table = pdf.len();
    let _ = writeln!(pdf, "xref\n0 {}\n0000000000 65535 f ", places.len() + 1);
    for place in &places {
        let _ = writeln!(pdf, "{place:010} 00000 n ");
    }
    let _ = writeln!(pdf, "trailer<</Size {}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF", places.len() + 1);
    pdf.into_bytes()
}
