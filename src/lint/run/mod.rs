//! Running the rules: over files, over the fleet, over Nix's answers.

pub(super) mod ask;
mod conditions;
mod evaluated;
mod files;
mod files_of_hosts;
mod fleet;

pub use evaluated::run_evaluated;
pub use files::of_files;
pub use fleet::{run, with_fleet};
