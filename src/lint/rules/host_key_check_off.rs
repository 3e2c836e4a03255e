//! ssh is configured to believe whoever answers.
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

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::FileContext;
use crate::lint::rule::Definition;
use crate::lint::violation::Violation;
use crate::survey::SshBlock;
use crate::survey::ssh_config::Criteria;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::File(unchecked)],
    evaluated_half: &[],
};

/// `off` is the other spelling of `no` (`man 5 ssh_config`).
const OFF: &[&str] = &["no", "off", "accept-new"];

/// Hosts that are the machine itself.
const SELF: &[&str] = &["localhost", "127.0.0.1", "::1"];

fn unchecked(file: &FileContext<'_>) -> Vec<Violation> {
    let blocks = file.machine.ssh_blocks().into_iter();
    blocks
        .filter(|one| !is_for_itself(one))
        .filter_map(|one| of_block(file, &one))
        .collect()
}

fn is_for_itself(one: &SshBlock) -> bool {
    match &one.block.criteria {
        Criteria::Host(names) => names.iter().all(|name| SELF.contains(&name.as_str())),
        _ => false,
    }
}

fn of_block(file: &FileContext<'_>, one: &SshBlock) -> Option<Violation> {
    let line = one.block.first("stricthostkeychecking")?;
    let value = line.value().to_ascii_lowercase();
    if !OFF.contains(&value.as_str()) {
        return None;
    }
    let accepted = match value.as_str() {
        "accept-new" => "the first host key is accepted",
        _ => "any host key is accepted",
    };
    let subject = file.subject().part(format!("{value} {}", header(one)));
    let violation = Violation::new(subject, "ssh believes whoever answers here")
        .at_spot(&one.spot(line.line), accepted)
        .help("pin the key with `programs.ssh.knownHosts` and delete the line");
    Some(violation)
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
