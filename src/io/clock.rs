//! The day.

#![expect(clippy::disallowed_methods, reason = "io asks the clock")]

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::fleet::Day;

/// Today in UTC, which is what a last day is compared with everywhere alike.
///
/// # Panics
/// When the clock is past the year 9999.
pub fn today() -> Day {
    Timestamp::now().to_zoned(TimeZone::UTC).date().into()
}

/// The day in UTC, this many seconds after 1970 began; `None` for a time that no calendar has.
pub(in crate::io) fn day_of(seconds: i64) -> Option<Day> {
    let time = Timestamp::from_second(seconds).ok()?;
    Some(time.to_zoned(TimeZone::UTC).date().into())
}

/// The time since 1970; none for a clock that is set before that.
pub(in crate::io) fn now() -> Duration {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.unwrap_or_default()
}
