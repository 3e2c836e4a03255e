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

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::NixContext;
use crate::lint::finding::{at, warning, with_fix};
use crate::lint::rule::Check;
use crate::survey::SshBlock;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Nix(check);

fn check(nix: &NixContext<'_>) -> Vec<Diagnostic> {
    let texts = nix.machine.ssh_texts().into_iter();
    let last = texts.filter_map(|text| text.into_iter().next_back());
    last.filter(is_open)
        .map(|block| finding(nix, &block))
        .collect()
}

fn is_open(block: &SshBlock) -> bool {
    block.block.is_for_some() && !block.block.directives.is_empty()
}

fn finding(nix: &NixContext<'_>, block: &SshBlock) -> Diagnostic {
    let spot = block.spot(block.block.line);
    let header = spot.written();
    let finding = warning("lines of the next module would fall into this block")
        .help("end the text with a line `Match all`")
        .about(format!("{} {header}", nix.source.path));
    let finding = at(finding, &spot, "never ended");
    with_fix(finding, block.line_behind("Match all"))
}
