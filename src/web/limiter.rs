//! How often somebody may ask: calls of the API with a token and from an address, forms from an address.
//!
//! Counted in the memory of each process by the cell rate algorithm: a burst as large as a minute's allowance, which grows
//! back evenly. The settings are in `kit::Limits`; docs/tokens.md says what several processes mean for them.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{PoisonError, RwLock};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, ResponseError, web};
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use super::error::Error;
use super::shell;
use super::site::Site;
use crate::kit::{Clock, Limits, Refusal, Text};
use crate::rest;

/// Most tokens or addresses that are remembered at once; some hundred bytes each.
const MOST_KEYS: usize = 50_000;
/// After so many checks those that have their whole allowance again are forgotten.
const SWEEP_EVERY: u32 = 4_096;
/// Microseconds by which the machine's clock may go back before everything counted is forgotten.
const STEP_BACK: i64 = 60_000_000;

/// The program's clock, as the library reads it.
#[derive(Debug, Clone)]
struct Ticks(Clock);

impl governor::clock::Clock for Ticks {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Nanos::from(u64::try_from(self.0.now().0).unwrap_or_default().saturating_mul(1_000))
    }
}

type Counted = RateLimiter<String, HashMapStateStore<String>, Ticks, NoOpMiddleware<Nanos>>;

/// The allowance of each of many.
struct Allowance {
    quota: Quota,
    counted: RwLock<Counted>,
    clock: Clock,
    checks: AtomicU32,
    seen: AtomicI64,
}

impl Allowance {
    fn new(per_minute: i64, clock: &Clock) -> Self {
        let calls = u32::try_from(per_minute).unwrap_or(u32::MAX);
        let quota = Quota::per_minute(NonZeroU32::new(calls).unwrap_or(NonZeroU32::MAX));
        Self {
            quota,
            counted: RwLock::new(RateLimiter::hashmap_with_clock(quota, Ticks(clock.clone()))),
            clock: clock.clone(),
            checks: AtomicU32::new(0),
            seen: AtomicI64::new(i64::MIN),
        }
    }

    /// Counts one more; gives the seconds to wait if that is too many.
    fn take(&self, who: &str) -> Result<(), i64> {
        self.sweep();
        let counted = self.counted.read().unwrap_or_else(PoisonError::into_inner);
        let Err(not_yet) = counted.check_key(&who.to_owned()) else { return Ok(()) };
        let wait = not_yet.wait_time_from(governor::clock::Clock::now(&Ticks(self.clock.clone())));
        Err(i64::try_from(wait.as_secs()).unwrap_or(i64::MAX).saturating_add(1))
    }

    /// Keeps what is remembered small. When there are too many at once, or the clock went back so that nobody's allowance
    /// would grow for long, everybody starts anew: the limits keep one from taking all, they need not be exact.
    fn sweep(&self) {
        let now = self.clock.now().0;
        let before = self.seen.swap(now, Ordering::Relaxed);
        let went_back = before > now.saturating_add(STEP_BACK);
        let full = {
            let counted = self.counted.read().unwrap_or_else(PoisonError::into_inner);
            if self.checks.fetch_add(1, Ordering::Relaxed).is_multiple_of(SWEEP_EVERY) {
                counted.retain_recent();
            }
            counted.len() > MOST_KEYS
        };
        if went_back || full {
            let fresh = RateLimiter::hashmap_with_clock(self.quota, Ticks(self.clock.clone()));
            *self.counted.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        }
    }
}

/// What each token and address may still ask for.
pub struct Limiter {
    token_calls: Allowance,
    address_calls: Allowance,
    address_forms: Allowance,
}

impl Limiter {
    /// Full allowances, as the settings say.
    pub fn new(limits: &Limits, clock: &Clock) -> Self {
        Self {
            token_calls: Allowance::new(limits.token_calls, clock),
            address_calls: Allowance::new(limits.address_calls, clock),
            address_forms: Allowance::new(limits.address_forms, clock),
        }
    }

    /// Counts a call with a token.
    ///
    /// # Errors
    /// There were too many of late.
    pub fn call_with(&self, token: &str) -> Result<(), Refusal> {
        let text = "This token has made too many calls. Wait {seconds} s, then go on more slowly; ask for more at once with limit and in().";
        self.token_calls.take(token).map_err(|seconds| too_many(text, seconds))
    }
}

fn too_many(text: &'static str, seconds: i64) -> Refusal {
    Refusal::too_many(Text::new(text).arg("seconds", seconds)).wire("SYS_429").with("retry_after", seconds)
}

/// Counts a request with one of the allowances of where it comes from.
fn take(req: &ServiceRequest, of: fn(&Limiter) -> &Allowance, text: &'static str) -> Result<(), Refusal> {
    let neighbourhood = req.extensions().get::<Site>().map(Site::neighbourhood).unwrap_or_default();
    match req.app_data::<web::Data<Limiter>>() {
        Some(limiter) => of(limiter).take(&neighbourhood).map_err(|seconds| too_many(text, seconds)),
        None => Ok(()),
    }
}

/// Refuses calls of the API from an address that makes too many, before anything is looked up for them.
pub async fn calls(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let text = "Too many calls came from your address. Wait {seconds} s, then go on more slowly.";
    match take(&req, |limiter| &limiter.address_calls, text) {
        Ok(()) => next.call(req).await.map(ServiceResponse::map_into_left_body),
        Err(refusal) => {
            let response = rest::Error::from(refusal).error_response();
            Ok(req.into_response(response).map_into_right_body())
        }
    }
}

/// Refuses forms from an address that sends too many. Reading pages changes nothing and is not counted.
pub async fn forms(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let text =
        "Too many forms came from your address. Wait {seconds} s and send this one again; nothing was changed by it.";
    let taken = if req.method().is_safe() { Ok(()) } else { take(&req, |limiter| &limiter.address_forms, text) };
    match taken {
        Ok(()) => next.call(req).await.map(ServiceResponse::map_into_left_body),
        Err(refusal) => {
            let response = shell::refuse(req.request(), &Error::from(refusal));
            Ok(req.into_response(response).map_into_right_body())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::Time;

    #[test]
    fn an_allowance_grows_back_and_is_of_each_alone() {
        let clock = Clock::starting_at(Time(1_800_000_000_000_000));
        let allowance = Allowance::new(60, &clock);
        for _ in 0..60 {
            assert_eq!(allowance.take("a"), Ok(()));
        }
        let wait = allowance.take("a").unwrap_err();
        assert!((1..=2).contains(&wait), "{wait}");
        assert_eq!(allowance.take("b"), Ok(()));
        clock.advance_seconds(wait);
        assert_eq!(allowance.take("a"), Ok(()));
    }

    #[test]
    fn a_clock_that_goes_back_blocks_nobody() {
        let clock = Clock::starting_at(Time(1_800_000_000_000_000));
        let allowance = Allowance::new(2, &clock);
        let _ = [allowance.take("a"), allowance.take("a")];
        assert!(allowance.take("a").is_err());
        clock.set(Time(1_700_000_000_000_000));
        assert_eq!(allowance.take("a"), Ok(()));
    }

    #[test]
    fn no_more_is_remembered_than_fits() {
        let clock = Clock::starting_at(Time(1_800_000_000_000_000));
        let allowance = Allowance::new(2, &clock);
        for n in 0..MOST_KEYS + 10 {
            assert_eq!(allowance.take(&n.to_string()), Ok(()));
        }
        assert!(allowance.counted.read().unwrap().len() <= MOST_KEYS + 1);
    }
}
