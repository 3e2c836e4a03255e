//! A cache does not sign what it builds.
//!
//! ## Why is this bad
//! Clients ignore unsigned paths: `warning: ignoring substitute for '…', as it's
//! not signed by any of the keys in 'trusted-public-keys'`. Everything that only
//! this cache has is built again.
//!
//! ## Example
//! ```nix
//! nix.sshServe.enable = true;
//! # and no nix.settings.secret-key-files
//! ```
//!
//! ## What to do
//! Make a key on the cache (`nix-store --generate-binary-cache-key NAME-1 SECRET
//! PUBLIC`), then name its file in `nix.settings.secret-key-files`: a named file
//! that is missing fails every build. Or take the hand-made wiring out and let larder
//! do both: `larder add-cache NAME`.

use crate::diagnostic::{Diagnostic, Severity};
use crate::fleet::{Cache, Wiring};
use crate::lint::context::Context;
use crate::lint::finding::{at, warning};
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Fleet(check);

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let caches = context.caches();
    let by_hand = caches.filter(|cache| cache.wiring == Wiring::Adopted);
    by_hand
        .filter_map(|cache| unsigned(context, cache))
        .collect()
}

fn unsigned(context: &Context<'_>, cache: &Cache) -> Option<Diagnostic> {
    let machine = context.machine(context.fleet.server(cache))?;
    let option = "nix.settings.secret-key-files";
    let named = !machine.all(option).is_empty();
    let in_text = machine
        .nix_conf()
        .iter()
        .any(|line| line.name == "secret-key-files");
    if named || in_text {
        return None;
    }
    let name = &cache.host;
    let file = cache.signing_key_file();
    let finding = warning(format!("`{name}` does not sign what it builds")).about(name.as_str());
    let finding = match machine.flag("nix.sshServe.enable") {
        Some((_, hit)) => at(finding, &hit.spot, "its clients ignore unsigned paths"),
        None => context.at_cache(finding, cache),
    };
    Some(
        finding
            .help(format!("on `{name}`, run `nix-store --generate-binary-cache-key {name}-1 {file} {file}.pub`"))
            .help(format!("then add `{option} = [ \"{file}\" ];`")),
    )
}
