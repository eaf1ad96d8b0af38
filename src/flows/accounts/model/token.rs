//! Which of a token's keys work, and what its status is at a moment. Pure.

use crate::kit::{Permissions, Problems, Text, Time};

crate::word_enum! {
    /// Where an API token stands. Kept are `pending`, `active`, `inactive` and `deleted`; time decides about
    /// the others.
    pub enum TokenStatus {
        Pending = "pending",
        Active = "active",
        Inactive = "inactive",
        Expiring = "expiring",
        Expired = "expired",
        Revitalised = "revitalised",
        Deleted = "deleted",
    }
}

/// So long before its end a token is expiring, and its company is told, in seconds.
pub const EXPIRING_SECONDS: i64 = 14 * DAY_SECONDS;
/// Seconds of a day.
pub const DAY_SECONDS: i64 = 24 * 3600;
/// How long a new key works where nobody says it, in days.
pub const USUAL_DAYS: i64 = 365;

/// How long the handle of a pending token works, in seconds.
pub const HANDLE_SECONDS: i64 = 7 * DAY_SECONDS;

/// Which of a token's keys is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Its only one, or the older of two.
    First,
    /// The one that a renewal made.
    Renewed,
}

/// What decides whether the keys of a token work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keys {
    /// The status that people gave it: pending, active, inactive or deleted.
    pub kept: TokenStatus,
    /// The end of the first key; none if it has none.
    pub expires_at: Option<Time>,
    /// The second key's end, if there is a second key.
    pub renewed: Option<Option<Time>>,
}

fn over(end: Option<Time>, now: Time) -> bool {
    end.is_some_and(|end| end <= now)
}

impl Keys {
    /// The same as of a moment: a second key whose first one is over has taken its place.
    #[must_use]
    pub fn at(self, now: Time) -> Self {
        match self.renewed {
            Some(end) if over(self.expires_at, now) => Self { expires_at: end, renewed: None, ..self },
            _ => self,
        }
    }

    /// When the last of its keys ends; none if that one has no end.
    pub fn end(&self) -> Option<Time> {
        self.renewed.unwrap_or(self.expires_at)
    }

    /// Whether a key works at a moment.
    pub fn works(&self, key: Key, now: Time) -> bool {
        let end = match key {
            Key::First => Some(self.expires_at),
            Key::Renewed => self.renewed,
        };
        self.kept == TokenStatus::Active && end.is_some_and(|end| !over(end, now))
    }

    /// The status at a moment.
    pub fn status(&self, now: Time) -> TokenStatus {
        if self.kept != TokenStatus::Active {
            return self.kept;
        }
        let keys = self.at(now);
        match keys.end() {
            end if over(end, now) => TokenStatus::Expired,
            _ if keys.renewed.is_some() => TokenStatus::Revitalised,
            end if over(end.map(|e| e.plus_seconds(-EXPIRING_SECONDS)), now) => TokenStatus::Expiring,
            _ => TokenStatus::Active,
        }
    }

    /// The next moment at which time alone changes the status or the key that counts.
    pub fn turns_at(&self, now: Time) -> Option<Time> {
        if self.kept != TokenStatus::Active {
            return None;
        }
        let first = self.renewed.and(self.expires_at);
        let warned = self.end().map(|end| end.plus_seconds(-EXPIRING_SECONDS));
        [first, warned, self.end()].into_iter().flatten().filter(|at| *at > now).min()
    }
}

/// Notes what is wrong with a new end: it has to come, and a second key has to outlive the first one.
pub fn check_end(problems: &mut Problems, end: Option<Time>, first: Option<Time>, now: Time) {
    let said = || end.map(Time::wire).unwrap_or_default();
    problems.check(end.is_none_or(|end| end > now), "expiration_date", || {
        Text::new("{date} has passed. Send a date to come, or null for a token without an end.").arg("date", said())
    });
    let outlives = match (end, first) {
        (Some(end), Some(first)) => end >= first,
        _ => true,
    };
    problems.check(outlives, "expiration_date", || {
        Text::new(
            "The new key would end on {date}, before the old one, which works until {first}. Choose a later date.",
        )
        .arg("date", said())
        .arg("first", first.map(Time::wire).unwrap_or_default())
    });
}

/// Notes if the first key would outlive the second one, whose end is `renewed`.
pub fn check_first(problems: &mut Problems, end: Option<Time>, renewed: Option<Time>) {
    let ends_first = match (end, renewed) {
        (Some(end), Some(renewed)) => end <= renewed,
        (first, _) => first.is_some(),
    };
    problems.check(ends_first, "expiration_date", || {
        Text::new("There is a newer key already, so this one needs an end that comes before the newer one's. Choose an earlier date, or rotate the token.")
    });
}

/// Notes each level that somebody would give without holding it; what the token `had` may stay.
pub fn check_given(problems: &mut Problems, own: &Permissions, had: &Permissions, wanted: &Permissions) {
    for (module, level) in wanted.modules() {
        problems.check(own.holds(module, level) || had.holds(module, level), "permissions", || {
            Text::new("You cannot give {level:word} in {module:word}: you do not hold it yourself.")
                .arg("level", level)
                .arg("module", module.title())
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DAY: i64 = DAY_SECONDS * 1_000_000;

    fn keys(kept: TokenStatus, first: Option<i64>, renewed: Option<Option<i64>>) -> Keys {
        let day = |d: i64| Time(d * DAY);
        Keys { kept, expires_at: first.map(day), renewed: renewed.map(|r| r.map(day)) }
    }

    #[test]
    fn a_token_grows_old() {
        let token = keys(TokenStatus::Active, Some(100), None);
        for (day, status, works) in [
            (1, TokenStatus::Active, true),
            (86, TokenStatus::Expiring, true),
            (99, TokenStatus::Expiring, true),
            (100, TokenStatus::Expired, false),
        ] {
            let now = Time(day * DAY);
            assert_eq!((token.status(now), token.works(Key::First, now)), (status, works), "day {day}");
        }
        assert_eq!(keys(TokenStatus::Active, None, None).status(Time(1 << 60)), TokenStatus::Active);
        for kept in [TokenStatus::Pending, TokenStatus::Inactive, TokenStatus::Deleted] {
            assert_eq!(keys(kept, Some(1), None).status(Time(5 * DAY)), kept);
            assert!(!keys(kept, None, Some(None)).works(Key::Renewed, Time(0)));
        }
    }

    #[test]
    fn after_a_renewal_both_keys_work_until_the_first_ends() {
        let token = keys(TokenStatus::Active, Some(10), Some(Some(100)));
        let both = |day: i64| [Key::First, Key::Renewed].map(|key| token.works(key, Time(day * DAY)));
        assert_eq!((both(9), token.status(Time(9 * DAY))), ([true, true], TokenStatus::Revitalised));
        assert_eq!((both(10), token.status(Time(10 * DAY))), ([false, true], TokenStatus::Active));
        assert_eq!(token.status(Time(90 * DAY)), TokenStatus::Expiring);
        assert_eq!((both(100), token.status(Time(100 * DAY))), ([false, false], TokenStatus::Expired));
        assert_eq!(token.at(Time(10 * DAY)), keys(TokenStatus::Active, Some(100), None));
    }

    proptest! {
        /// Between now and the moment that is told, nothing changes.
        #[test]
        fn nothing_turns_before_the_told_moment(
            first in proptest::option::of(0i64..200), more in proptest::option::of(proptest::option::of(0i64..200)),
            now in 0i64..250, later in 0i64..250,
        ) {
            let renewed = more.map(|more| more.map(|more| first.unwrap_or(0) + more));
            let token = keys(TokenStatus::Active, first, renewed);
            let (now, later) = (Time(now * DAY), Time(later * DAY));
            if later >= now && token.turns_at(now).is_none_or(|turn| later < turn) {
                prop_assert_eq!(token.status(now), token.status(later));
                prop_assert_eq!(token.at(now), token.at(later));
            }
        }
    }
}
