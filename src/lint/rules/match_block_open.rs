//! The last `Match` or `Host` block of an ssh configuration is left open.
//!
//! ## Why is this bad
//! NixOS joins the `programs.ssh.extraConfig` of all modules into one text. Plain
//! lines of the next module fall into the block that this one leaves open, and
//! hold for that host only.
//!
//! ## Example
//! ```nix
//! programs.ssh.extraConfig = ''
//!   Match host kalaw.fritz.box user nix-ssh
//!     IdentityFile /etc/nixos/nix_ssh_priv_key
//! '';
//! ```
//!
//! ## What to do
//! End the text with a line `Match all`.

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::FileContext;
use crate::lint::rule::Definition;
use crate::lint::violation::Violation;
use crate::survey::SshBlock;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::File(left_open)],
    evaluated_half: &[],
};

fn left_open(file: &FileContext<'_>) -> Vec<Violation> {
    let texts = file.machine.ssh_texts().into_iter();
    let last = texts.filter_map(|text| text.into_iter().next_back());
    last.filter(is_open)
        .map(|block| violation(file, &block))
        .collect()
}

fn is_open(block: &SshBlock) -> bool {
    block.block.is_for_some() && !block.block.directives.is_empty()
}

fn violation(file: &FileContext<'_>, block: &SshBlock) -> Violation {
    let spot = block.spot(block.block.line);
    let message = "lines of the next module would fall into this block";
    Violation::new(file.subject().part(spot.written()), message)
        .at_spot(&spot, "never ended")
        .help("end the text with a line `Match all`")
        .fixed_by(block.line_behind("Match all"))
}
