//! Entries in a TOML or JSON file that the flake reads.
//!
//! [`spec`] says what the entry of the new host is to say, [`add`] makes it of a copy of
//! the sibling's.

mod add;
mod by_hand;
mod listing;
mod remove;
mod rename;
mod spec;

pub(super) use add::add;
pub(super) use listing::sizes;
pub(super) use remove::remove;
pub(super) use rename::rename;
