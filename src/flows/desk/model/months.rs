//! Days summed by month.

use jiff::civil::Date;

/// Days in UTC since 1970 with a number each, summed by calendar month: the twelve months that end with `today`'s.
pub fn by_month(days: &[(i64, i64)], today: Date) -> Vec<(Date, i64)> {
    let epoch = jiff::civil::date(1970, 1, 1);
    let mut month = today.first_of_month();
    let mut months = vec![];
    for _ in 0..12 {
        months.push((month, 0));
        let Ok(before) = month.yesterday() else { break };
        month = before.first_of_month();
    }
    months.reverse();
    for (day, number) in days {
        let Ok(date) = epoch.checked_add(jiff::Span::new().try_days(*day).unwrap_or_default()) else { continue };
        if let Some(slot) = months.iter_mut().find(|(m, _)| *m == date.first_of_month()) {
            slot.1 += number;
        }
    }
    months
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn twelve_months_end_with_this_one() {
        let day = |d: Date| i64::from((d - date(1970, 1, 1)).get_days());
        let days = [
            (day(date(2026, 11, 1)), 2),
            (day(date(2026, 11, 30)), 3),
            (day(date(2025, 12, 31)), 5),
            (day(date(2025, 11, 30)), 7),
        ];
        let months = by_month(&days, date(2026, 11, 21));
        assert_eq!(months.len(), 12);
        assert_eq!(months[0], (date(2025, 12, 1), 5));
        assert_eq!(months[11], (date(2026, 11, 1), 5));
        assert_eq!(months.iter().map(|m| m.1).sum::<i64>(), 10);
    }
}
