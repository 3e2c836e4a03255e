//! The flags by which the repository's own Nix may be asked.

use clap::{ArgGroup, Args};

/// The flags with which `--online` has a meaning.
pub(super) const MAY_GO_ONLINE: &str = "may_go_online";

/// Whether Nix is asked, and what it may take.
#[derive(Debug, Clone, Copy, Args)]
#[command(group(ArgGroup::new(MAY_GO_ONLINE).args(["eval"]).multiple(true)))]
pub struct AskNix {
    /// Ask the repository's own Nix as well
    ///
    /// Nothing is built, `flake.lock` stays as it is, and without `--online`
    /// nothing is fetched.
    #[arg(long)]
    pub eval: bool,
    /// With `--eval`, let Nix fetch inputs that are not on this machine
    #[arg(long, requires = MAY_GO_ONLINE)]
    pub online: bool,
    /// With `--eval`, how long Nix may take for one answer
    #[arg(
        long,
        requires = "eval",
        default_value = "300",
        value_name = "SECONDS",
        value_parser = clap::value_parser!(u64).range(1..=86_400)
    )]
    pub eval_timeout: u64,
    /// With `--eval`, how much memory Nix may take for one answer
    #[arg(
        long,
        requires = "eval",
        default_value = "4096",
        value_name = "MIB",
        value_parser = clap::value_parser!(u64).range(64..=1_048_576)
    )]
    pub eval_memory: u64,
}
