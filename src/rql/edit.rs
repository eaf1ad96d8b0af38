//! Changing a query for the next link of a list page: other filters, another order, another page.
//!
//! All of these take the query and give it back, so that a link reads
//! `query.clone().replaced(Filter::eq("status", "active")).to_string()`. Whatever changes which rows are shown, or their
//! order, goes back to the first page.

use super::{Filter, Query, Sort, same_property};

impl Query {
    /// The conditions that all have to hold; each is one chip above the list.
    pub fn terms(&self) -> &[Filter] {
        match &self.filter {
            None => &[],
            Some(Filter::And(all)) => all,
            Some(one) => std::slice::from_ref(one),
        }
    }

    /// The terms that are about this property alone.
    pub fn terms_on<'a>(&'a self, property: &'a str) -> impl Iterator<Item = &'a Filter> {
        self.terms().iter().filter(move |term| is_on(term, property))
    }

    /// The query with one more condition.
    #[must_use]
    pub fn with(self, term: Filter) -> Self {
        let terms = self.filter.into_iter().chain([term]);
        Query { filter: Filter::all(terms), offset: None, ..self }
    }

    /// The query without the terms that are about this property alone.
    #[must_use]
    pub fn without(self, property: &str) -> Self {
        self.keeping(|_, term| !is_on(term, property))
    }

    /// The query with this term in place of those about the same property; added if there is none.
    #[must_use]
    pub fn replaced(self, term: Filter) -> Self {
        match term.property().map(str::to_owned) {
            Some(property) => self.without(&property).with(term),
            None => self.with(term),
        }
    }

    /// The query without the term at this place of [`Query::terms`].
    #[must_use]
    pub fn without_term(self, place: usize) -> Self {
        self.keeping(|at, _| at != place)
    }

    /// The query without any filter or search; order and selection stay.
    #[must_use]
    pub fn cleared(self) -> Self {
        Query { filter: None, search: None, offset: None, ..self }
    }

    /// The query in another order; an empty one is the list's own.
    #[must_use]
    pub fn ordered(self, ordering: impl IntoIterator<Item = Sort>) -> Self {
        Query { ordering: ordering.into_iter().collect(), offset: None, ..self }
    }

    /// What a click on a column's head asks for: this column first, the other way round if it was first already.
    #[must_use]
    pub fn toggled(self, property: &str) -> Self {
        let descending =
            self.ordering.first().is_some_and(|sort| same_property(&sort.property, property) && !sort.descending);
        self.ordered([Sort { property: property.to_owned(), descending }])
    }

    /// The query with this search; blank text means none.
    #[must_use]
    pub fn searching(self, text: &str) -> Self {
        let text = text.trim();
        Query { search: (!text.is_empty()).then(|| text.to_owned()), offset: None, ..self }
    }

    /// The query from this row on; 0 is the first page.
    #[must_use]
    pub fn from_row(self, offset: u64) -> Self {
        Query { offset: (offset > 0).then_some(offset), ..self }
    }

    /// The query with this many rows to a page.
    #[must_use]
    pub fn limited(self, limit: u32) -> Self {
        Query { limit: Some(limit), offset: None, ..self }
    }

    fn keeping(self, keep: impl Fn(usize, &Filter) -> bool) -> Self {
        let terms = self.terms().iter().enumerate().filter(|(at, term)| keep(*at, term));
        let filter = Filter::all(terms.map(|(_, term)| term.clone()).collect::<Vec<_>>());
        Query { filter, offset: None, ..self }
    }
}

fn is_on(term: &Filter, property: &str) -> bool {
    term.property().is_some_and(|own| same_property(own, property))
}
