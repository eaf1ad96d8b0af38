//! Lists: the query in RQL, the page of ids, the objects, `Content-Range`.

use actix_web::HttpResponse;
use actix_web::http::header;
use serde::Serialize;

use super::{Caller, Error};
use crate::db::list::{self, Collection, IdPage, Rules};
use crate::db::{self, Tx};
use crate::kit::{Actor, Refusal};
use crate::rql::{self, Selection};

impl Caller {
    /// Answers a list: `load` gives the objects of the picked ids, in their order.
    ///
    /// The third argument of `load` tells which hidden properties were asked for.
    pub async fn list<T: Serialize + Send + 'static>(
        &self,
        collection: &'static Collection,
        load: impl FnOnce(&mut Tx<'_>, &Actor, &[String], &Selection<'_>) -> db::Result<Vec<T>> + Send + 'static,
    ) -> Result<HttpResponse, Error> {
        self.list_within(collection, vec![], load).await
    }

    /// A list inside something: only objects whose `field` has this value, whatever the query says.
    pub async fn list_within<T: Serialize + Send + 'static>(
        &self,
        collection: &'static Collection,
        within: Vec<(&'static str, String)>,
        load: impl FnOnce(&mut Tx<'_>, &Actor, &[String], &Selection<'_>) -> db::Result<Vec<T>> + Send + 'static,
    ) -> Result<HttpResponse, Error> {
        let query = rql::parse(self.query()).map_err(Refusal::from)?;
        let (page, objects) = self
            .read(move |tx, actor| {
                let conditions: Vec<(&str, &str)> = within.iter().map(|(n, v)| (*n, v.as_str())).collect();
                let account = actor.seat().map(|s| s.account.as_str().to_owned());
                let page =
                    list::page(tx.conn(), collection, account.as_deref(), &query, &Rules::API.within(&conditions))?;
                let selection = Selection::new(&query.select);
                let objects = if page.ids.is_empty() { vec![] } else { load(tx, actor, &page.ids, &selection)? };
                let mut values = Vec::with_capacity(objects.len());
                for object in objects {
                    let mut value =
                        serde_json::to_value(object).map_err(|e| db::Error::Outside(format!("answer: {e}")))?;
                    selection.prune(&mut value);
                    values.push(value);
                }
                Ok((page, values))
            })
            .await?;
        if !page.ignored.is_empty() {
            tracing::info!(list = collection.name, count = page.ignored.len(), ignored = ?page.ignored, "filters without effect");
        }
        Ok(HttpResponse::Ok().insert_header((header::CONTENT_RANGE, content_range(&page))).json(objects))
    }
}

impl Caller {
    /// Answers a short list that exists whole already, filtered, ordered and cut as the query says.
    pub fn whole<T: Serialize>(&self, all: &[T]) -> Result<HttpResponse, Error> {
        let query = rql::parse(self.query()).map_err(Refusal::from)?;
        let values = all.iter().map(serde_json::to_value).collect::<Result<Vec<_>, _>>();
        let values = values.map_err(|e| db::Error::Outside(format!("answer: {e}")))?;
        let found = query.apply(values).map_err(Refusal::from)?;
        let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
        let limit = query.limit.unwrap_or(Rules::API.default_limit).min(Rules::API.max_limit);
        let offset = usize::try_from(query.offset.unwrap_or(0)).unwrap_or(usize::MAX);
        let mut shown: Vec<_> = found.into_iter().skip(offset).take(limit as usize).collect();
        let selection = Selection::new(&query.select);
        shown.iter_mut().for_each(|value| selection.prune(value));
        let range = range(i64::try_from(offset).unwrap_or(i64::MAX - 1), shown.len(), total);
        Ok(HttpResponse::Ok().insert_header((header::CONTENT_RANGE, range)).json(shown))
    }
}

fn content_range(page: &IdPage) -> String {
    range(page.offset, page.ids.len(), page.total)
}

/// `items FIRST-LAST/TOTAL`; clients turn all three into numbers, so an empty page has them too.
fn range(first: i64, count: usize, total: i64) -> String {
    let last = first.saturating_add(i64::try_from(count).unwrap_or(0).max(1) - 1);
    format!("items {first}-{last}/{total}")
}
