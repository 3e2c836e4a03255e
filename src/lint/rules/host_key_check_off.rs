//! ssh is told to believe whoever answers.
//!
//! ## Why is this bad
//! With `StrictHostKeyChecking no` or `accept-new`, root's ssh takes the host key
//! of whoever answers under the name first, and what comes from there as coming
//! from your machine.
//!
//! ## Example
//! ```nix
//! programs.ssh.extraConfig = ''
//!   Host kalaw
//!     StrictHostKeyChecking no
//! '';
//! ```
//!
//! ## What to do
//! Pin the key, `programs.ssh.knownHosts."kalaw".publicKey = "…";`, and delete the
//! line.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::NixContext;
use crate::lint::finding::{at, warning};
use crate::lint::rule::Check;
use crate::survey::SshBlock;
use crate::survey::ssh_config::Criteria;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Nix(check);

/// `off` is the other spelling of `no` (`man 5 ssh_config`).
const OFF: &[&str] = &["no", "off", "accept-new"];

/// Hosts that are the machine itself.
const SELF: &[&str] = &["localhost", "127.0.0.1", "::1"];

fn check(nix: &NixContext<'_>) -> Vec<Diagnostic> {
    let blocks = nix.machine.ssh_blocks().into_iter();
    blocks
        .filter(|one| !is_for_itself(one))
        .filter_map(|one| finding(nix, &one))
        .collect()
}

fn is_for_itself(one: &SshBlock) -> bool {
    match &one.block.criteria {
        Criteria::Host(names) => names.iter().all(|name| SELF.contains(&name.as_str())),
        _ => false,
    }
}

fn finding(nix: &NixContext<'_>, one: &SshBlock) -> Option<Diagnostic> {
    let line = one.block.first("stricthostkeychecking")?;
    let value = line.value().to_ascii_lowercase();
    if !OFF.contains(&value.as_str()) {
        return None;
    }
    let spot = one.spot(line.line);
    let finding = warning("ssh believes whoever answers here")
        .help("pin the key with `programs.ssh.knownHosts` and delete the line")
        .about(format!("{} {value} {}", nix.source.path, header(one)));
    let taken = match value.as_str() {
        "accept-new" => "the first host key is accepted",
        _ => "any host key is accepted",
    };
    Some(at(finding, &spot, taken))
}

/// The header's words, so that the finding stays the same when lines move.
fn header(one: &SshBlock) -> String {
    match &one.block.criteria {
        Criteria::Begin => "every host".to_owned(),
        Criteria::Host(names) => names.join(" "),
        Criteria::Match(all) => {
            let words = all
                .iter()
                .map(|(keyword, argument)| format!("{keyword} {argument}"));
            words.collect::<Vec<_>>().join(" ")
        }
    }
}
