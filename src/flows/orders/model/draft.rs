//! An order that somebody is writing: the answers of the wizard's steps, as they were typed, until it is placed.

use std::collections::BTreeMap;

use super::{GivenLine, Line, May, Param, ParamEdit, answers, apply_edits, fresh, missing, ordered_lines};
use crate::flows::customers::model::{ContactInfo, Details, Kind};
use crate::flows::products::model::{Item, ItemKind, ItemStatus, Parameter};
use crate::kit::{FieldProblem, NamedRef, Refusal, Text, Time};

/// Most bytes of all answers of one order together.
pub const MAX_DRAFT: usize = 256 * 1024;
/// What stands as the quantity of an item that is paid as it is used and wanted.
pub const WANTED: &str = "yes";

/// A company that an order makes.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct NewCompany {
    /// Its name.
    pub name: String,
    /// The number it has in the distributor's own system.
    pub external_id: String,
    /// Tax number.
    pub tax_id: String,
    /// Address and contact.
    pub contact_info: ContactInfo,
}

impl NewCompany {
    /// The same as the directory takes it.
    pub fn details(&self, kind: Kind) -> Details {
        let some = |text: &str| (!text.trim().is_empty()).then(|| text.to_owned());
        Details {
            name: self.name.clone(),
            external_id: some(&self.external_id),
            tax_id: some(&self.tax_id),
            contact_info: self.contact_info.clone(),
            ..Details::new(kind)
        }
    }
}

/// Who uses what is ordered.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Buyer {
    /// A customer of the directory, by id.
    Known(String),
    /// Somebody new.
    New(Box<NewCompany>),
}

/// Who sells to the customer.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Seller {
    /// The reseller that the customer stands under.
    Parent,
    /// The distributor itself.
    Nobody,
    /// A reseller of the directory, by id.
    Known(String),
    /// A company with a service contract that is not in the directory yet, by its account.
    Partner(String),
    /// Somebody new.
    New(Box<NewCompany>),
}

/// The answers so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Draft {
    /// The product.
    pub product: String,
    /// Its name.
    pub product_name: String,
    /// The connection; empty until it is chosen.
    pub connection: String,
    /// The marketplace.
    pub marketplace: String,
    /// The customer.
    pub customer: Option<Buyer>,
    /// Their reseller.
    pub reseller: Option<Seller>,
    /// Quantities as they were typed, by item; for what is paid as it is used `yes`.
    pub quantities: BTreeMap<String, String>,
    /// The fields of the parameters as they were typed.
    pub answers: BTreeMap<String, Vec<String>>,
    /// The step with the parameters was gone through.
    pub answered: bool,
    /// The customer is asked for what is missing.
    pub ask: bool,
    /// The number in the ordering system.
    pub external_id: String,
    /// The UUID there.
    pub external_uid: String,
    /// The day it is to be done on, `2026-11-20`.
    pub planned: String,
    /// Who began it.
    pub by: Option<NamedRef>,
}

/// What a step of writing an order asks for, in the order of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// What is ordered.
    Product,
    /// Through which connection, on which marketplace.
    Connection,
    /// For whom.
    Customer,
    /// Which items, and how many.
    Items,
    /// What the vendor needs to know.
    Parameters,
    /// Whether all that is right.
    Check,
}

impl Step {
    /// The steps in order.
    pub const ALL: &[Self] =
        &[Self::Product, Self::Connection, Self::Customer, Self::Items, Self::Parameters, Self::Check];

    /// Its number, from 1.
    pub fn number(self) -> usize {
        self as usize + 1
    }

    /// The last part of its page's address.
    pub fn word(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Connection => "connection",
            Self::Customer => "customer",
            Self::Items => "items",
            Self::Parameters => "parameters",
            Self::Check => "check",
        }
    }

    /// The step that a field of a refusal belongs to.
    pub fn of_field(field: &str) -> Self {
        let begins = |words: &[&str]| words.iter().any(|w| field.starts_with(w));
        match field {
            f if begins(&["asset.product"]) || f == "product" => Self::Product,
            _ if begins(&["asset.connection", "connection", "marketplace", "place"]) => Self::Connection,
            _ if begins(&["asset.tiers", "customer", "reseller"]) => Self::Customer,
            _ if begins(&["asset.items", "items", "q."]) => Self::Items,
            _ if begins(&["p.", "parameters", "asset.params", "external", "planned"]) => Self::Parameters,
            _ => Self::Check,
        }
    }
}

impl Draft {
    /// A new one for a product.
    pub fn new(product: String, product_name: String, by: Option<NamedRef>) -> Self {
        Self { product, product_name, by, ..Self::default() }
    }

    /// Takes another product: what belongs to the old one goes, the customer stays.
    pub fn take_product(&mut self, product: String, product_name: String) {
        if self.product != product {
            *self = Self {
                customer: self.customer.take(),
                reseller: self.reseller.take(),
                external_id: std::mem::take(&mut self.external_id),
                ..Self::new(product, product_name, self.by.take())
            };
        }
    }

    /// Takes where the order goes.
    pub fn take_place(&mut self, connection: &str, marketplace: &str) {
        connection.clone_into(&mut self.connection);
        marketplace.clone_into(&mut self.marketplace);
    }

    /// The items that are wanted, as an order names them.
    pub fn given_lines(&self, items: &[Item]) -> Vec<GivenLine> {
        let line = |item: &Item| {
            let text = self.quantities.get(item.id.as_str())?.trim();
            let quantity = match item.kind {
                ItemKind::Ppu => (text == WANTED).then_some(None)?,
                ItemKind::Reservation => (!text.is_empty()).then(|| Some(text.to_owned()))?,
            };
            Some(GivenLine { path: quantity_field(item), key: item.id.to_string(), quantity })
        };
        items.iter().filter(|i| is_offered(i)).filter_map(line).collect()
    }

    /// The lines of the order, without those of no quantity.
    ///
    /// # Errors
    /// What is wrong with each quantity, by the field of the form.
    pub fn lines(&self, items: &[Item]) -> Result<Vec<Line>, Refusal> {
        ordered_lines(&self.given_lines(items), items).map_err(|refusal| at_quantities(refusal, items))
    }

    /// The parameters with what was answered, and what is wrong with the answers.
    pub fn params(&self, parameters: &[Parameter]) -> (Vec<Param>, Vec<FieldProblem>) {
        let mut params = fresh(parameters);
        let mut problems = vec![];
        // One by one, so that what is right is kept beside what is wrong.
        for edit in answers::edits(&params.clone(), &self.answers) {
            if let Err(refusal) = apply_edits(&mut params, std::slice::from_ref(&edit), buyers_part) {
                problems.extend(refusal.problems);
            }
        }
        let wrong: Vec<String> = problems.iter().map(|p| p.field.clone()).collect();
        let asked = |p: &Param| p.is_ordering() && !p.flags(&params).hidden;
        if !self.ask {
            let gaps = missing(&params, asked).into_iter().map(|p| FieldProblem {
                field: answers::first_field(p),
                text: Text::new("This field is required. Fill it in, or let the customer be asked for it below."),
            });
            problems.extend(gaps.filter(|gap| !wrong.iter().any(|field| field.starts_with(&gap.field))));
        }
        for problem in &mut problems {
            problem.field = answers::form_field(&problem.field, &params);
        }
        (params, problems)
    }

    /// The edits of an order's parameters.
    pub fn edits(&self, parameters: &[Parameter]) -> Vec<ParamEdit> {
        answers::edits(&fresh(parameters), &self.answers)
    }

    /// The day that the order is to be done on.
    ///
    /// # Errors
    /// If it is no day.
    pub fn planned_at(&self) -> Result<Option<Time>, FieldProblem> {
        if self.planned.trim().is_empty() {
            return Ok(None);
        }
        let day = self.planned.trim().parse().ok().and_then(Time::of_date);
        day.map(Some).ok_or_else(|| FieldProblem {
            field: "planned_date".to_owned(),
            text: Text::new("{value} is not a day. Write it as 2027-01-31.").arg("value", &self.planned),
        })
    }
}

/// Buyers write what is ordered and pass over what the vendor fills in.
pub fn buyers_part(param: &Param) -> May {
    if param.is_ordering() { May::Write } else { May::Pass }
}

/// Whether an item is shown to those who order.
pub fn is_offered(item: &Item) -> bool {
    item.status == ItemStatus::Published && item.visible && !item.dynamic
}

/// The field of a form with an item's quantity.
pub fn quantity_field(item: &Item) -> String {
    format!("q.{}", item.id)
}

/// A refusal of quantities with the fields of the form.
pub fn at_quantities(mut refusal: Refusal, items: &[Item]) -> Refusal {
    let first = items.iter().find(|i| is_offered(i)).map(quantity_field).unwrap_or_default();
    for problem in &mut refusal.problems {
        let field = problem.field.strip_suffix(".quantity").or(problem.field.strip_suffix(".id"));
        if let Some(field) = field.filter(|f| f.starts_with("q.")) {
            problem.field = field.to_owned();
        } else if problem.field == "asset.items" {
            problem.field.clone_from(&first);
            problem.text = Text::new("Order at least one item: give a quantity above 0.");
        }
    }
    refusal
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flows::products::model::{Constraints, ParameterKind, Phase, Scope};
    use crate::kit::{Events, ParameterId};

    fn required(name: &str) -> Parameter {
        Parameter {
            id: ParameterId::parse("PRM-123-456-789-0001").unwrap(),
            name: name.into(),
            title: name.into(),
            description: String::new(),
            phase: Phase::Ordering,
            scope: Scope::Asset,
            kind: ParameterKind::Email,
            hint: String::new(),
            placeholder: String::new(),
            constraints: Constraints { required: true, ..Constraints::default() },
            preset: None,
            position: 1,
            events: Events::default(),
        }
    }

    fn answered(value: &str) -> Draft {
        let answers = [("p.mail".to_owned(), vec![value.to_owned()])].into_iter().collect();
        Draft { answers, ..Draft::default() }
    }

    #[test]
    fn each_field_belongs_to_a_step() {
        for (field, step) in [
            ("product", Step::Product),
            ("place", Step::Connection),
            ("asset.tiers.customer.name", Step::Customer),
            ("reseller", Step::Customer),
            ("q.PRD-1-2-3-0001", Step::Items),
            ("p.mail", Step::Parameters),
            ("external_id", Step::Parameters),
            ("planned_date", Step::Parameters),
            ("", Step::Check),
        ] {
            assert_eq!(Step::of_field(field), step, "{field}");
        }
        assert!(Step::ALL.iter().enumerate().all(|(n, step)| step.number() == n + 1));
        assert!(Step::ALL.iter().all(|step| *step == Step::Check || Step::of_field(step.word()) == *step));
    }

    #[test]
    fn what_is_missing_is_asked_of_the_customer_or_refused() {
        let parameters = [required("mail")];
        let wrong = |draft: &Draft| draft.params(&parameters).1.iter().map(|p| p.field.clone()).collect::<Vec<_>>();
        assert_eq!(wrong(&answered("a@b.example")), Vec::<String>::new());
        assert_eq!(wrong(&answered("")), ["p.mail"]);
        assert_eq!(wrong(&answered("nobody")), ["p.mail"], "said once");
        assert_eq!(wrong(&Draft { ask: true, ..answered("") }), Vec::<String>::new());
        assert_eq!(wrong(&Draft { ask: true, ..answered("nobody") }), ["p.mail"]);
    }

    #[test]
    fn another_product_keeps_the_customer_alone() {
        let mut draft = Draft { customer: Some(Buyer::Known("TA-1".into())), ask: true, ..answered("a@b.example") };
        draft.take_place("CT-1", "MP-1");
        draft.take_product(String::new(), "The same".into());
        assert!(!draft.answers.is_empty() && draft.connection == "CT-1", "the same product changes nothing");
        draft.take_product("PRD-2".into(), "Other".into());
        assert_eq!(draft.customer, Some(Buyer::Known("TA-1".into())));
        assert!(draft.answers.is_empty() && draft.connection.is_empty() && !draft.ask);
    }

    #[test]
    fn the_day_is_a_day_or_nothing() {
        let on = |day: &str| Draft { planned: day.into(), ..Draft::default() }.planned_at();
        assert_eq!(on(" "), Ok(None));
        assert_eq!(on("2027-01-31").unwrap().map(|t| t.date().to_string()).as_deref(), Some("2027-01-31"));
        for wrong in ["31.1.2027", "2027-02-30", "tomorrow"] {
            assert_eq!(on(wrong).unwrap_err().field, "planned_date", "{wrong}");
        }
    }
}
