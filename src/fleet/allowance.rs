//! Findings that the user allows.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::NameError;

/// One `[[lint.allow]]`: a rule that may fire in a place, for a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowance {
    /// The rule's name.
    pub rule: String,
    /// A host, a cache, or a file or folder of the repository; `None`: everywhere.
    pub at: Option<String>,
    /// Why.
    pub reason: String,
    /// The last day on which it holds; `None`: it stays.
    pub expires: Option<Day>,
    /// The bytes of its header in the inventory.
    pub range: Range<usize>,
}

/// A day of the calendar, ordered by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Day {
    year: u16,
    month: u8,
    number: u8,
}

impl Day {
    /// The day of these numbers, months and days from 1; `None` if the calendar
    /// has no such day.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        // TOML's own dates are checked against the calendar.
        format!("{year:04}-{month:02}-{day:02}").parse().ok()
    }
}

impl FromStr for Day {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let wrong = NameError::Form("a day is written as in `2027-01-31`");
        let Ok(stamp) = text.parse::<toml_edit::Datetime>() else {
            return Err(wrong);
        };
        match (stamp.date, stamp.time) {
            (Some(date), None) => Ok(Self {
                year: date.year,
                month: date.month,
                number: date.day,
            }),
            _ => Err(wrong),
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.number)
    }
}
