//! Diagnostics as text in five formats: with snippets for a terminal, one line each, JSON,
//! GitHub annotations, SARIF. Nothing here prints.
//!
//! Text of the user's files is escaped first ([`visible`]): no control character, escape
//! sequence or bidirectional mark of a file reaches a terminal.
//!
//! Absent on purpose: colours in anything but [`human`], and any decision about
//! exit codes.

mod excerpt;
mod github;
mod human;
mod json;
mod line_col;
mod sarif;
mod short;
mod visible;

pub use github::github;
pub use human::{Style, human};
pub use json::{Envelope, json};
pub use sarif::{RuleDoc, sarif};
pub use short::{short, summary};
pub use visible::{visible, visible_lines};
