//! `keys`: the public keys of the fleet.

mod bring_in;
mod elsewhere;
mod fetched;
mod jump_hosts;
mod list;
mod new_key;
mod pull;
mod scan;
mod set;

use clap::{Args, Subcommand};

pub use self::list::{KnownKey, list};
pub use self::pull::PullKeys;
pub use self::scan::ScanKeys;
pub use self::set::SetKey;
use super::Writing;

/// List the public keys of the fleet, and bring in those that are missing
#[derive(Debug, Args)]
pub struct Keys {
    /// What to do with them
    #[command(subcommand)]
    pub action: Action,
}

/// What to do with keys.
#[derive(Debug, Subcommand)]
#[cfg_attr(
    not(test),
    expect(
        clippy::missing_docs_in_private_items,
        reason = "an action is documented where its arguments are, and so is its help: clap \
                  takes a comment here instead of that one"
    )
)]
pub enum Action {
    /// Show which public keys are known, and which are missing
    List,
    Set(Writing<SetKey>),
    Scan(Writing<ScanKeys>),
    Pull(Writing<PullKeys>),
}
