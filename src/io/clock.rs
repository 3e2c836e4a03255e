//! The day.

#![expect(clippy::disallowed_methods, reason = "io asks the clock")]

use std::time::{Duration, SystemTime};

use crate::fleet::Day;

/// Today in UTC, which is what a last day is compared with everywhere alike.
///
/// # Panics
/// When the clock is past the year 65535.
pub fn today() -> Day {
    let days = now().as_secs() / 86_400;
    let (year, month, day) = civil(days);
    Day::new(year, month, day).expect("days since 1970 are days of the calendar")
}

/// The time since 1970; none for a clock that is set before that.
pub(in crate::io) fn now() -> Duration {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.unwrap_or_default()
}

/// The calendar's day of a number of days since 1970, by the 400 years in which
/// the calendar repeats (Howard Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms").
fn civil(days: u64) -> (u16, u8, u8) {
    // Years begin in March, so that the leap day is the last.
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let leaps = day_of_era / 1_460 - day_of_era / 36_524 + day_of_era / 146_096;
    let year_of_era = (day_of_era - leaps) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let small = |number: u64| u8::try_from(number).unwrap_or(1);
    (
        u16::try_from(year).unwrap_or(u16::MAX),
        small(month),
        small(day),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_since_1970_have_names() {
        for (days, expected) in [
            (0, (1970, 1, 1)),
            (59, (1970, 3, 1)),
            (11_016, (2000, 2, 29)),
            (20_453, (2025, 12, 31)),
            (20_454, (2026, 1, 1)),
        ] {
            assert_eq!(civil(days), expected, "{days}");
        }
    }
}
