//! A public key or a certificate stands where ssh needs the private key.
//!
//! ## Why is this bad
//! Root's ssh has no agent that would hold the other half: the login fails, and
//! Nix says only `cannot connect`.
//!
//! ## Example
//! ```nix
//! nix.settings.substituters = [ "ssh://nix-ssh@kalaw?ssh-key=/etc/nix/id.pub" ];
//! ```
//!
//! ## What to do
//! Name the private file: the same path without `.pub`.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::{NixContext, USER};
use crate::lint::finding::{at, error};
use crate::lint::rule::Check;
use crate::survey::Spot;
use crate::survey::ssh_config::Criteria;

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Nix(check);

fn check(nix: &NixContext<'_>) -> Vec<Diagnostic> {
    let mut findings = in_urls(nix);
    findings.extend(in_blocks(nix));
    findings
}

fn in_urls(nix: &NixContext<'_>) -> Vec<Diagnostic> {
    let all = nix.machine.substituters().into_iter();
    let keys = all.filter_map(|one| {
        let key = one.store?.param("ssh-key")?.to_owned();
        Some((key, one.word.spot))
    });
    let public = keys.filter(|(key, _)| is_public(key));
    public
        .map(|(key, spot)| finding(nix, &key, &spot))
        .collect()
}

/// Blocks for a cache's user only: with an agent, people do name public keys.
fn in_blocks(nix: &NixContext<'_>) -> Vec<Diagnostic> {
    let blocks = nix.machine.ssh_blocks().into_iter();
    let ours = blocks.filter(|one| match &one.block.criteria {
        Criteria::Match(all) => all
            .iter()
            .any(|(word, user)| word == "user" && user == USER),
        _ => false,
    });
    ours.flat_map(|one| {
        let lines = one.block.directives.iter();
        let keys = lines.filter(|line| line.keyword == "identityfile" && is_public(line.value()));
        let found: Vec<_> = keys
            .map(|line| finding(nix, line.value(), &one.spot(line.line)))
            .collect();
        found
    })
    .collect()
}

fn is_public(path: &str) -> bool {
    path.strip_suffix(".pub").is_some()
}

fn finding(nix: &NixContext<'_>, key: &str, spot: &Spot) -> Diagnostic {
    let finding = error(format!(
        "`{key}` is a public key, and ssh needs the private one"
    ))
    .help(format!(
        "write `{}`",
        key.trim_end_matches(".pub").trim_end_matches("-cert")
    ))
    .about(format!("{} {key}", nix.source.path));
    at(finding, spot, "")
}
