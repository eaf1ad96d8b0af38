//! Finding the subscriptions that rows name, for many rows at once.

use std::collections::{HashMap, HashSet};

use crate::db;
use crate::flows::products::actions::Definition;
use crate::flows::usage::model::{Candidate, Checked, Code, Criteria, Fault, Field, Item, Scope, choose, tier_exists};
use crate::flows::usage::store::{self, File};
use crate::kit::Text;

/// Subscriptions kept in memory between chunks, found and not found.
const CACHE: usize = 20_000;

/// Subscriptions by what rows name them with.
pub(super) struct Finder<'a> {
    file: &'a File,
    scope: Scope,
    recon: Option<String>,
    known: HashMap<Criteria, HashMap<String, Vec<Candidate>>>,
    count: usize,
    /// What each row of the chunk at hand found.
    pub(super) chosen: Vec<Option<String>>,
}

impl<'a> Finder<'a> {
    pub(super) fn new(file: &'a File, product: &Definition) -> Self {
        let recon = product.parameters.iter().find(|p| p.reconciles()).map(|p| p.name.clone());
        let scope = Scope { contract: file.contract.to_string(), environment: file.environment };
        Self { file, scope, recon, known: HashMap::new(), count: 0, chosen: vec![] }
    }

    /// Finds the subscription of each row, and notes what is wrong with it.
    pub(super) fn resolve(&mut self, tx: &mut db::Tx<'_>, chunk: &mut [Checked]) -> db::Result<()> {
        if self.count > CACHE {
            self.known.clear();
            self.count = 0;
        }
        self.look_up(tx, chunk)?;
        self.chosen.clear();
        let mut reserved: HashSet<&str> = HashSet::new();
        for row in chunk.iter_mut() {
            let chosen = match self.choose(row) {
                Some(Ok(candidate)) => {
                    let id = candidate.id.clone();
                    let tier = row.tier.map(|tier| tier_exists(candidate, tier));
                    let recon = recon(candidate, row.recon.as_deref());
                    for fault in tier.into_iter().chain([recon]).filter_map(Result::err) {
                        row.fault(fault);
                    }
                    Some(id)
                }
                Some(Err(fault)) => {
                    row.fault(fault);
                    None
                }
                None => None,
            };
            self.chosen.push(chosen);
        }
        for (row, asset) in chunk.iter().zip(&self.chosen) {
            if let (Some(Item::Known { reserved: true, .. }), Some(asset)) = (&row.item, asset) {
                reserved.insert(asset);
            }
        }
        if reserved.is_empty() {
            return Ok(());
        }
        let assets: Vec<&str> = reserved.into_iter().collect();
        let held = store::items_on(tx, &assets)?;
        for (row, asset) in chunk.iter_mut().zip(&self.chosen) {
            if let (Some(Item::Known { id, mpn, reserved: true }), Some(asset)) = (&row.item, asset)
                && !held.contains(&(asset.clone(), id.clone()))
            {
                let text =
                    Text::new("Subscription {id} does not have this reservation item. Check both.").arg("id", asset);
                let fault = Fault::new(Code::WrongItem, Field::ItemValue.as_str(), mpn, text);
                row.fault(fault);
            }
        }
        Ok(())
    }

    /// Asks for what the chunk names and is not known yet: one statement for each kind of criteria.
    fn look_up(&mut self, tx: &mut db::Tx<'_>, chunk: &[Checked]) -> db::Result<()> {
        let mut wanted: HashMap<&Criteria, HashSet<&str>> = HashMap::new();
        for row in chunk {
            if let (Some(criteria), Some(value)) = (&row.criteria, &row.asset_value)
                && !self.known.get(criteria).is_some_and(|known| known.contains_key(value))
            {
                wanted.entry(criteria).or_default().insert(value);
            }
        }
        for (criteria, values) in wanted {
            let values: Vec<&str> = values.into_iter().collect();
            let mut found =
                store::matching(tx, &self.file.product, &self.scope, criteria, &values, self.recon.as_deref())?;
            self.count += values.len();
            let known = self.known.entry(criteria.clone()).or_default();
            for value in values {
                known.insert(value.to_owned(), found.remove(value).unwrap_or_default());
            }
        }
        Ok(())
    }

    /// The subscription that a row means; nothing if it does not say.
    fn choose(&self, row: &Checked) -> Option<Result<&Candidate, Fault>> {
        let value = row.asset_value.as_ref()?;
        let found = self.known.get(row.criteria.as_ref()?)?.get(value)?;
        Some(choose(found, &self.scope, value, row.start))
    }
}

/// Refuses a reconciliation value that is not the subscription's.
fn recon(candidate: &Candidate, given: Option<&str>) -> Result<(), Fault> {
    let Some(given) = given else { return Ok(()) };
    if candidate.recon.as_deref() == Some(given) {
        return Ok(());
    }
    let text = Text::new("Subscription {id} has the reconciliation value {own}. Correct it, or leave it out.")
        .arg("id", &candidate.id)
        .arg("own", candidate.recon.as_deref().unwrap_or("–"));
    Err(Fault::new(Code::WrongRecon, Field::ReconId.as_str(), given, text))
}
