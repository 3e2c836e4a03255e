//! Diagnostics as text: for people, for terminals that grep, for programs, for
//! GitHub, for SARIF readers. One value, five readings; none of them prints.
//!
//! Whatever comes from the user's files is made visible before it is written:
//! no control character, escape sequence or bidirectional mark of theirs reaches
//! a terminal ([`visible`]).
//!
//! Absent on purpose: colours in anything but [`human`], and any decision about
//! exit codes.

mod excerpt;
mod github;
mod human;
mod json;
mod place;
mod sarif;
mod short;
mod visible;

pub use github::github;
pub use human::{Style, human};
pub use json::json;
pub use sarif::{RuleDoc, sarif};
pub use short::{short, summary};
pub use visible::visible;
