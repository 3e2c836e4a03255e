//! larder's own modules warn, while they are evaluated, that something is lost.
//!
//! ## Why is this bad
//! The modules look at what all definitions come to, and say what does not work:
//! the same warning that `nixos-rebuild` shows.
//!
//! ## Example
//! ```text
//! warning: larder: the cache `kalaw` fails builds while it is off: `nix.settings.fallback` is false
//! ```
//!
//! ## What to do
//! What the warning says. It is reported here only where no other rule has found
//! the cause.

use crate::diagnostic::Severity;
use crate::fleet::{Host, HostName};
use crate::lint::check::EvaluatedCheck;
use crate::lint::evaluated::EvaluatedHost;
use crate::lint::rule::Definition;
use crate::lint::subject::{Subject, Target};
use crate::lint::violation::{Verdict, Violation};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[],
    evaluated_half: &[EvaluatedCheck::Remaining(evaluated)],
};

fn evaluated(host: &EvaluatedHost<'_>, shown: &[Subject]) -> Verdict {
    let caches = host.context.fleet.cache_names();
    let unexplained = caches.filter(|cache| !shown.iter().any(|one| explains(one, host, cache)));
    Verdict::decided(unexplained.flat_map(|cache| of_cache(host, cache)))
}

fn of_cache(host: &EvaluatedHost<'_>, cache: &HostName) -> Vec<Violation> {
    let (name, fleet) = (&host.name, host.context.fleet);
    let about = Target::Link {
        client: name.clone(),
        cache: cache.clone(),
    };
    let texts = host.settings.warnings_about(cache.as_str());
    texts
        .map(|text| {
            let subject = Subject::from(about.clone()).part(text);
            let message = format!("on `{name}`, the cache `{cache}` {text}");
            Violation::new(subject, message)
                .at_host(fleet, host)
                .help("the module in `larder/` that says so explains what it needs")
        })
        .collect()
}

/// True if a rule has said of this host and cache what is wrong.
fn explains(shown: &Subject, host: &Host, cache: &HostName) -> bool {
    match shown.target() {
        Target::Link {
            client,
            cache: server,
        } => server == cache && (*client == host.name || host.name == *cache),
        Target::Host(name) | Target::Cache(name) => *name == host.name,
        _ => false,
    }
}
