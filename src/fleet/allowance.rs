//! Findings that the user allows.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use jiff::civil::Date;
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
pub struct Day(Date);

impl From<Date> for Day {
    fn from(date: Date) -> Self {
        Self(date)
    }
}

impl FromStr for Day {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let date = text.parse::<Date>().ok();
        // jiff also reads other forms of ISO 8601, and a time behind the date.
        let date = date.filter(|date| date.to_string() == text);
        date.map(Self)
            .ok_or(NameError::Form("a day is written as in `2027-01-31`"))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
