//! The year that is behind the demo world: everything that people did, in the order in which they did it.

use super::companies::Companies;
use super::customers::Customer;
use super::orders::{self, Deed, State};
use super::products::{Place, Product};
use super::usage::{self, File, Stage};
use super::{DAY, Demo, HOUR, Made};
use crate::kit::Time;

/// What came of the year.
#[derive(Default)]
pub(super) struct Lived {
    pub subscriptions: Vec<String>,
    pub files: Vec<String>,
}

/// One entry of the year's diary.
#[derive(Debug, Clone, Copy)]
enum Entry {
    /// Something about a subscription.
    Order(usize, Deed),
    /// Something about a usage file.
    Usage(usize, Stage),
    /// The first product gets a second version.
    Version,
    /// A product is to be sold in one more place.
    Listing,
}

impl Demo<'_> {
    pub(super) fn live(&self, companies: &Companies, products: &[Product], customers: &[Customer]) -> Made<Lived> {
        let stories = orders::stories(products, customers);
        let mut states: Vec<State> = stories.iter().map(|_| State::default()).collect();
        let mut files = usage::files(self.until);
        let mut diary: Vec<(Time, Entry)> = vec![(self.ago(61 * DAY), Entry::Version), (self.ago(27), Entry::Listing)];
        for (n, story) in stories.iter().enumerate() {
            // Not everything happens at the full hour.
            let minutes = i64::try_from(n * 17 % 60).unwrap_or(0) * 60;
            diary.extend(
                story.deeds.iter().map(|(ago, deed)| (self.ago(*ago).plus_seconds(-minutes), Entry::Order(n, *deed))),
            );
        }
        for (n, file) in files.iter().enumerate() {
            diary.extend(
                file.stages()
                    .map(|(after, stage)| (file.period.end.plus_seconds(after * HOUR), Entry::Usage(n, stage))),
            );
        }
        diary.sort_by_key(|(moment, _)| *moment);
        for (moment, entry) in diary {
            self.go(moment);
            match entry {
                Entry::Order(n, deed) => {
                    if let (Some(story), Some(state)) = (stories.get(n), states.get_mut(n)) {
                        self.order(companies, products, customers, (n, story), state, deed)?;
                    }
                }
                Entry::Usage(n, stage) => {
                    if let Some(file) = files.get_mut(n) {
                        self.report(companies, products, (&stories, &states), file, stage)?;
                    }
                }
                Entry::Version => {
                    if let Some(product) = products.first() {
                        self.renew(companies, product)?;
                    }
                }
                Entry::Listing => {
                    if let Some(product) = products.iter().find(|p| !p.recipe.places.contains(&Place::Benelux)) {
                        self.ask_for_listing(companies, product, Place::Benelux)?;
                    }
                }
            }
        }
        Ok(Lived {
            subscriptions: states.into_iter().filter_map(|s| s.asset).collect(),
            files: files.into_iter().filter_map(|f: File| f.id).collect(),
        })
    }
}
