//! How many statements a request took, summed over the threads that worked for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::{HttpMessage, HttpRequest};

use crate::db;

tokio::task_local! {
    static CURRENT: Statements;
}

/// The counter of one request.
#[derive(Debug, Clone, Default)]
pub struct Statements(Arc<AtomicU64>);

impl Statements {
    /// The counter of this request.
    pub fn of(req: &HttpRequest) -> Self {
        if let Some(counter) = req.extensions().get::<Self>() {
            return counter.clone();
        }
        let counter = Self::default();
        req.extensions_mut().insert(counter.clone());
        counter
    }

    /// The counter of the request that this task works for; a fresh one outside of requests.
    pub fn current() -> Self {
        CURRENT.try_with(Self::clone).unwrap_or_default()
    }

    /// Lets everything inside `work` find this counter by [`Statements::current`].
    pub async fn around<F: Future>(&self, work: F) -> F::Output {
        CURRENT.scope(self.clone(), work).await
    }

    /// Runs `work` on this thread and adds the statements it sent.
    pub fn count<T>(&self, work: impl FnOnce() -> T) -> T {
        let before = db::statements();
        let value = work();
        self.0.fetch_add(db::statements() - before, Ordering::Relaxed);
        value
    }

    /// The sum so far.
    pub fn sum(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
