//! What larder wrote for a host is lost: another module overrides it.
//!
//! ## Why is this bad
//! The owned modules are imported, and a `mkForce`, a line of text or a block before
//! larder's own takes effect in their place: the cache does not sign, does not let a
//! client in, or the client does not find it under the pinned key. Nothing warns before
//! a build does.
//!
//! ## Example
//! ```nix
//! programs.ssh.knownHosts = lib.mkForce { };    # on a client
//! ```
//!
//! ## What to do
//! Take the override away, or change it so that it adds to what there is. Where the host
//! module does not import the wiring, `larder sync` adds the import.

use crate::diagnostic::Severity;
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::LinkContext;
use crate::lint::evaluated::{EvaluatedCache, EvaluatedLink, List};
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};
use crate::survey::Strength;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Link(in_files)],
    evaluated_half: &[
        EvaluatedCheck::Link(of_link),
        EvaluatedCheck::ServingCache(of_cache),
    ],
};

/// Where larder says how ssh reaches a cache: what is forced there is all that counts.
const OF_SSH: &str = "programs.ssh.extraConfig";

fn in_files(link: &LinkContext<'_>) -> Vec<Violation> {
    let machine = link.machine().filter(|_| !link.is_adopted());
    let forced = machine.and_then(|machine| {
        let mut hits = machine.all(OF_SSH).into_iter();
        hits.find(|hit| hit.strength == Strength::Force && !hit.is_conditional())
    });
    let (client, cache) = (&link.client.name, &link.cache.host);
    let violation = forced.map(|hit| {
        let message = format!("ssh on `{client}` loses what larder sets for `{cache}`");
        Violation::new(Subject::link(link).part("ssh_config"), message)
            .at_spot(&hit.spot, "nothing but this counts")
            .help("take `mkForce` away: what several modules set is joined")
    });
    violation.into_iter().collect()
}

fn of_link(link: &EvaluatedLink<'_>) -> Verdict {
    if link.is_adopted() {
        return Verdict::decided(None);
    }
    // Where the block is not in force, no pin is looked up under its name.
    let on_client = ssh_block(link).or_else(|| pin(link));
    Verdict::decided(on_client.into_iter().chain(login(link)))
}

/// The effective ssh configuration differs from larder's block.
fn ssh_block(link: &EvaluatedLink<'_>) -> Option<Violation> {
    let differs = link.overridden_ssh()?;
    let (client, cache) = (&link.client.name, &link.cache.host);
    let message = format!("ssh on `{client}` does not go larder's way to `{cache}`: `{differs}`");
    let subject = Subject::link(link).part("ssh_config");
    let violation = link.violation_of(subject, message).help(
        "`programs.ssh.extraConfig` is text: look for a block before larder's, or a `mkForce`",
    );
    Some(violation)
}

fn pin(link: &EvaluatedLink<'_>) -> Option<Violation> {
    // A tunnel has a file of its own for them.
    if link.is_tunnelled() || !link.pins()?.is_empty() {
        return None;
    }
    let (client, cache) = (&link.client.name, &link.cache.host);
    let message = format!("`{client}` does not know the host key of `{cache}` beforehand");
    let subject = Subject::link(link).part("known hosts");
    let violation = link.violation_of(subject, message);
    Some(look_for(violation, "programs.ssh.knownHosts"))
}

fn login(link: &EvaluatedLink<'_>) -> Option<Violation> {
    if link.is_let_in()? {
        return None;
    }
    let (client, cache) = (&link.client.name, &link.cache.host);
    let message = format!("`{cache}` does not let `{client}` in");
    let violation = Violation::new(Subject::link(link).part("login"), message);
    let violation = violation.at_cache(link.context.fleet, link.cache);
    Some(look_for(violation, "nix.sshServe.keys"))
}

fn of_cache(cache: &EvaluatedCache<'_>) -> Verdict {
    let files = cache.settings.words(List::SecretKeyFiles);
    let wanted = cache.signing_key_files();
    let mut wanted = wanted.iter();
    // What a secret lacks that is not declared, another rule says.
    let is_there = |path: &str| files.iter().any(|file| file == path);
    let are_there = wanted.all(|file| cache.settings.path_of(file).is_none_or(is_there));
    if cache.is_adopted() || !cache.has_signing_key_file() || are_there {
        return Verdict::decided(None);
    }
    let message = format!("`{}` does not sign what it builds", cache.host);
    let violation = cache.violation_of(Subject::cache(cache).part("signing key"), message);
    let is_text = cache
        .settings
        .nix
        .is_overridden_by_text(List::SecretKeyFiles);
    let violation = if is_text {
        violation.help("a line of `nix.extraOptions` overrides `secret-key-files`")
    } else {
        look_for(violation, "nix.settings.secret-key-files")
    };
    Verdict::decided([violation])
}

fn look_for(violation: Violation, option: &str) -> Violation {
    violation
        .help(format!(
            "look for a `mkForce` of `{option}` in the modules of the host"
        ))
        .help("`larder sync` says if the wiring is not imported")
}
