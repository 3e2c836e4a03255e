//! What the evaluated half of a rule sees: the answers of the repository's own Nix.
//!
//! Files show what people have written; only Nix knows what all modules come to.
//! `io` has asked; here its answers are values with names.

mod answer;
mod cache;
mod elsewhere;
mod host;
mod larders_block;
mod link;
mod nix_conf;
mod settings;
mod ssh_config;

pub use answer::{Answer, Answers};
pub(super) use cache::EvaluatedCache;
pub(super) use elsewhere::EvaluatedExternalLink;
pub(super) use host::{EvaluatedHost, HostAnswer};
pub(super) use larders_block::block_lines;
pub(super) use link::EvaluatedLink;
pub(super) use nix_conf::List;
pub(super) use settings::{Serve, Settings, Sshd};
