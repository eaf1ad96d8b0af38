//! Forms that vendors fill to enrol: one that waits for the distributor, one that was sent back.

use serde_json::{Value, json};

use super::companies::Companies;
use super::{Company, Demo, Made};
use crate::flows::accounts::model::Proof;
use crate::flows::contracts::actions as contracts;
use crate::flows::contracts::model::{Consent, FormWords, FormsChange};

/// What distributors ask vendors that enrol. The text keeps the order of the questions.
const QUESTIONS: &str = r#"{"type": "object", "title": "About your company",
"description": "We need this to pay you and to reach you. It takes about five minutes.",
"properties": {
  "company": {"type": "object", "title": "Company", "properties": {
    "name": {"type": "string", "title": "Registered name", "maxLength": 120},
    "vat": {"type": "string", "title": "VAT number", "pattern": "^[A-Z]{2}[0-9A-Z]{2,12}$",
      "description": "With the letters of the country first, such as DE123456789."}},
    "required": ["name", "vat"]},
  "support": {"type": "string", "format": "email", "title": "E-mail of your support"},
  "website": {"type": "string", "format": "uri", "title": "Website"},
  "model": {"type": "string", "title": "What you sell", "enum": ["Subscriptions", "Perpetual licences", "Both"]},
  "languages": {"type": "array", "title": "Languages of your support", "uniqueItems": true, "minItems": 1,
    "items": {"type": "string", "enum": ["English", "German", "French", "Dutch", "Estonian", "Latvian", "Lithuanian"]}},
  "employees": {"type": "integer", "minimum": 1, "title": "Employees"},
  "security": {"type": "string", "maxLength": 2000, "title": "How you look after customers' data"},
  "insured": {"type": "boolean", "const": true, "title": "We are insured against damages"}},
"required": ["company", "support", "model", "languages", "insured"]}"#;

/// What is asked about a product.
const SHEET: &str = r#"{"type": "object", "properties": {
  "summary": {"type": "string", "maxLength": 500, "title": "The product in two sentences"},
  "launch": {"type": "string", "format": "date", "title": "When it can be sold"}},
"required": ["summary"]}"#;

impl Demo<'_> {
    /// Distributors begin to ask, and two vendors answer.
    pub(super) fn forms(&self, companies: &Companies) -> Made<()> {
        let (northgate, firth) = (&companies.northgate, &companies.firth);
        self.go(self.ago(19));
        self.asks(northgate, &companies.benelux.distribution)?;
        self.asks(firth, &companies.baltics.distribution)?;
        let sheet = FormWords { kind: "product".into(), name: "Product data sheet".into(), schema: SHEET.into() };
        self.step("form", |tx| contracts::create_form(tx, &northgate.actor(0), &sheet))?;
        self.go(self.ago(16));
        let ember = json!({
            "company": { "name": "Ember Cloud Lda", "vat": "PT509812345" }, "support": "help@ember.example",
            "website": "https://ember.example", "model": "Subscriptions", "languages": ["English", "French"], "employees": 48,
            "security": "Data are kept in Lisbon and Frankfurt, encrypted at rest.\nTwo people look at every change.", "insured": true,
        });
        self.answers(&companies.ember, &companies.benelux.distribution, &ember)?;
        self.go(self.ago(12));
        let halden = json!({
            "company": { "name": "Halden Software AS", "vat": "NO981234567" }, "support": "support@halden.example",
            "model": "Both", "languages": ["English"], "insured": true,
        });
        let contract = self.answers(&companies.halden, &companies.baltics.distribution, &halden)?;
        self.go(self.ago(8));
        let note = "Please tell us how you look after customers' data, and whether your support speaks Estonian, Latvian or Lithuanian.";
        self.step("sending back", |tx| contracts::refine(tx, &firth.actor(0), &contract, note))
    }

    /// A form, attached to an agreement.
    fn asks(&self, owner: &Company, agreement: &str) -> Made<()> {
        let words = FormWords { kind: "enroll".into(), name: "Vendor questions".into(), schema: QUESTIONS.into() };
        let form = self.step("form", |tx| contracts::create_form(tx, &owner.actor(0), &words))?;
        let forms = FormsChange { enroll: Some(Some(form.to_string())), ..FormsChange::default() };
        self.step("attached form", |tx| contracts::attach_forms(tx, &owner.actor(0), agreement, None, &forms))
    }

    /// A vendor enrols and sends its answers; gives the contract.
    fn answers(&self, vendor: &Company, agreement: &str, data: &Value) -> Made<String> {
        let read = Consent::read(Some(Proof::Password));
        let contract =
            self.step("enrolment", |tx| contracts::enrol(tx, &vendor.actor(0), agreement, &read))?.to_string();
        self.step("answers", |tx| {
            contracts::fill_and_send(tx, &vendor.actor(0), &contract, None, &read, |_| data.clone())
        })?;
        Ok(contract)
    }
}
