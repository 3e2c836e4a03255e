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
use crate::fleet::{Link, SSH_PORT, SSH_USER, SecretFile};
use crate::key::AuthorizedKey;
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::{CacheContext, LinkContext};
use crate::lint::evaluated::{EvaluatedCache, EvaluatedLink, List, block_lines};
use crate::lint::rule::Definition;
use crate::lint::ssh_lines::blocks;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};
use crate::survey::ssh_config::Directive;
use crate::survey::{BEFORE, Hit, Machine, SshBlock, Strength};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[
        StaticCheck::Link(in_files),
        StaticCheck::Cache(forced_signing_keys),
    ],
    evaluated_half: &[
        EvaluatedCheck::Link(of_link),
        EvaluatedCheck::ServingCache(of_cache),
    ],
};

/// Where larder says how ssh reaches a cache.
const OF_SSH: &str = "programs.ssh.extraConfig";
const KNOWN_HOSTS: &str = "programs.ssh.knownHosts";
const LOGINS: &str = "nix.sshServe.keys";
const SIGNING_KEYS: &str = "nix.settings.secret-key-files";

fn in_files(link: &LinkContext<'_>) -> Vec<Violation> {
    if link.is_adopted() {
        return Vec::new();
    }
    let on_client = link.machine().and_then(|machine| {
        // Where the block is not in force, no pin is looked up under its name.
        let ssh = forced_ssh(link, machine).or_else(|| block_before(link, machine));
        ssh.or_else(|| forced_pins(link, machine))
    });
    let on_cache = link
        .server_machine()
        .and_then(|machine| forced_logins(link, machine));
    on_client.into_iter().chain(on_cache).collect()
}

/// The definition that takes the place of all others, on no condition.
fn forced(machine: &Machine, option: &str) -> Option<Hit> {
    let mut hits = machine.all(option).into_iter();
    hits.find(|hit| hit.strength == Strength::Force && !hit.is_conditional())
}

fn forced_ssh(link: &Link<'_>, machine: &Machine) -> Option<Violation> {
    let hit = forced(machine, OF_SSH)?;
    let (client, cache) = (&link.client.name, &link.cache.host);
    let message = format!("ssh on `{client}` loses what larder sets for `{cache}`");
    let violation = Violation::new(Subject::link(link).part("ssh_config"), message)
        .at_spot(&hit.spot, "nothing but this counts")
        .help("take `mkForce` away: what several modules set is joined");
    Some(violation)
}

/// A line before larder's block that says otherwise than the block: the first value counts.
fn block_before(link: &LinkContext<'_>, machine: &Machine) -> Option<Violation> {
    let blocks = blocks(link, machine);
    let first = blocks.iter().filter(|one| one.hit().order <= BEFORE);
    let lines = first.flat_map(|one| one.block.directives.iter().map(move |line| (one, line)));
    let wanted = block_lines(link);
    let differs = |line: &Directive| {
        let mut wanted = wanted.iter();
        let of_keyword = wanted.find(|(keyword, _)| keyword.eq_ignore_ascii_case(&line.keyword));
        let is_proxy = matches!(line.keyword.as_str(), "proxycommand" | "proxyjump");
        is_proxy || of_keyword.is_some_and(|(_, value)| !value.eq_ignore_ascii_case(&line.arguments.join(" ")))
    };
    let mut lines = lines.filter(|(_, line)| differs(line));
    lines.find_map(|(one, line)| before_larders(link, machine, one, line))
}

fn before_larders(
    link: &LinkContext<'_>,
    machine: &Machine,
    one: &SshBlock,
    directive: &Directive,
) -> Option<Violation> {
    let (client, cache) = (&link.client.name, &link.cache.host);
    let is_first = one.hit().order < BEFORE;
    let mut owned = link.context.imports().iter();
    let (_, owned) = owned.find(|(host, _)| host == client)?;
    let owned = link.context.repo.path(owned)?;
    if !is_first && !machine.is_joined_before(one.hit().path(), &owned) {
        return None;
    }
    let message = format!("ssh on `{client}` does not go larder's way to `{cache}`");
    let violation = Violation::new(Subject::link(link).part("ssh_config"), message)
        .at_spot(&one.spot(directive.line), "before larder's block, and the first value counts")
        .help(format!(
            "take `mkOrder` or `mkBefore` away, or leave out the login of the cache: `Match host * !user {SSH_USER}`"
        ));
    Some(if is_first {
        violation
    } else {
        let file = link.context.repo.shown(one.hit().path());
        violation.only_if(&format!(
            "`{file}` is read after larder's module, which has `mkBefore` as well"
        ))
    })
}

/// The known hosts that replace all others, and larder's is not among them.
fn forced_pins(link: &Link<'_>, machine: &Machine) -> Option<Violation> {
    let hit = forced(machine, KNOWN_HOSTS)?;
    let alias = link.cache.ssh_alias();
    let is_kept = machine.pins().iter().any(|pin| pin.is_for(&alias, SSH_PORT));
    if is_kept || machine.is_hidden(KNOWN_HOSTS) {
        return None;
    }
    let (client, cache) = (&link.client.name, &link.cache.host);
    let message = format!("`{client}` does not know the host key of `{cache}` beforehand");
    let violation = Violation::new(Subject::link(link).part("known hosts"), message)
        .at_spot(&hit.spot, "nothing but this counts")
        .help("take `mkForce` away: what several modules set is joined");
    Some(violation)
}

/// The keys that replace all others, and the client's is not among them.
fn forced_logins(link: &Link<'_>, machine: &Machine) -> Option<Violation> {
    let hit = forced(machine, LOGINS)?;
    if machine.is_hidden(LOGINS) {
        return None;
    }
    let words = machine.words(LOGINS).into_iter();
    let words = words.filter(|word| word.strength == Strength::Force);
    let keys = words.filter_map(|word| word.text.parse::<AuthorizedKey>().ok());
    let keys: Vec<_> = keys.map(|line| line.key).collect();
    let wanted = link.identity.public_keys(link.client);
    if wanted.iter().all(|key| keys.contains(key)) {
        return None;
    }
    let (client, cache) = (&link.client.name, &link.cache.host);
    let message = format!("`{cache}` does not let `{client}` in");
    let violation = Violation::new(Subject::link(link).part("login"), message)
        .at_spot(&hit.spot, "nobody else is let in")
        .help("take `mkForce` away: larder's list and yours are joined");
    Some(violation)
}

/// The signing keys that replace all others, and larder's is not among them.
fn forced_signing_keys(cache: &CacheContext<'_>) -> Vec<Violation> {
    let machine = cache.machine().filter(|_| !cache.is_adopted());
    let violation = machine.and_then(|machine| {
        let hit = forced(machine, SIGNING_KEYS).filter(|_| !machine.is_hidden(SIGNING_KEYS))?;
        let words = machine.words(SIGNING_KEYS).into_iter();
        let words = words.filter(|word| word.strength == Strength::Force);
        let kept: Vec<String> = words.map(|word| word.text).collect();
        let is_kept = |file: &SecretFile| match file {
            SecretFile::Path(path) => kept.iter().any(|word| **word == **path),
            // Where it is only the machine knows.
            SecretFile::Managed(_) => true,
        };
        if cache.signing_key_files().iter().all(is_kept) {
            return None;
        }
        let message = format!("`{}` does not sign what it builds", cache.host);
        let violation = Violation::new(Subject::cache(cache).part("signing key"), message)
            .at_spot(&hit.spot, "nothing but this list counts")
            .help("take `mkForce` away, or add what is missing to this list");
        Some(violation)
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
