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

use crate::diagnostic::Severity;
use crate::fleet::Cache;
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::CacheContext;
use crate::lint::evaluated::{EvaluatedCache, List};
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Cache(in_files)],
    evaluated_half: &[EvaluatedCheck::ServingCache(evaluated)],
};

const OPTION: &str = "nix.settings.secret-key-files";

fn in_files(cache: &CacheContext<'_>) -> Vec<Violation> {
    let machine = cache.machine().filter(|_| cache.is_adopted());
    let Some(machine) = machine.filter(|machine| !machine.names_signing_key()) else {
        return Vec::new();
    };
    let violation = Violation::new(Subject::cache(cache), message(cache));
    let violation = match machine.flag("nix.sshServe.enable") {
        Some((_, hit)) => violation.at_spot(&hit.spot, "its clients ignore unsigned paths"),
        None => violation.at_cache(cache.context.fleet, cache),
    };
    vec![with_help(violation, cache)]
}

/// Where larder wires the cache, `wiring-overridden` says that the key is lost.
fn evaluated(cache: &EvaluatedCache<'_>) -> Verdict {
    let signs = !cache.settings.words(List::SecretKeyFiles).is_empty();
    if !cache.is_adopted() || signs {
        return Verdict::decided(None);
    }
    let violation = cache.violation(message(cache));
    Verdict::decided([with_help(violation, cache)])
}

fn message(cache: &Cache) -> String {
    format!("`{}` does not sign what it builds", cache.host)
}

fn with_help(violation: Violation, cache: &Cache) -> Violation {
    let (name, file) = (&cache.host, cache.signing_key_path());
    violation
        .help(format!(
            "on `{name}`, run `{}`",
            cache.signing_key_command()
        ))
        .help(format!("then add `{OPTION} = [ \"{file}\" ];`"))
}
