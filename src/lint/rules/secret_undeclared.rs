//! The inventory names a secret that no module of the host declares.
//!
//! ## Why is this bad
//! agenix, sops-nix and clan put a secret on the machine because its configuration declares
//! it. Without that the wiring does not name the key, as a build would fail where the file is
//! missing: the cache does not sign, or the client does not ask it.
//!
//! ## Example
//! ```toml
//! [caches.kalaw]
//! signing-key-file = "agenix:kalaw-1"    # and nothing says `age.secrets.kalaw-1`
//! ```
//!
//! ## What to do
//! Declare it in a module of the host, as `age.secrets.kalaw-1.file = ./kalaw-1.age;`, or
//! write the name that it has there.

use crate::diagnostic::Severity;
use crate::fleet::{
    Cache, ExternalCache, Fleet, Host, Identity, Link, ManagedSecret, SecretFile, nearest,
};
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::{CacheContext, Context, ExternalLinkContext, LinkContext};
use crate::lint::evaluated::{EvaluatedCache, EvaluatedExternalLink, EvaluatedLink};
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};
use crate::survey::Machine;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[
        StaticCheck::Cache(of_cache),
        StaticCheck::Link(of_link),
        StaticCheck::ExternalLink(of_external_link),
    ],
    evaluated_half: &[
        EvaluatedCheck::Cache(evaluated_cache),
        EvaluatedCheck::Link(evaluated_link),
        EvaluatedCheck::ExternalLink(evaluated_external_link),
    ],
};

fn of_cache(cache: &CacheContext<'_>) -> Vec<Violation> {
    let machine = cache.machine();
    let fleet = cache.context.fleet;
    let files = cache.signing_key_files();
    let secrets = files.iter().filter_map(SecretFile::managed);
    let lacking = secrets.filter(|secret| lacks(cache.context, machine, secret));
    lacking
        .map(|secret| with_near(signing(fleet, cache, secret), machine, secret))
        .collect()
}

fn of_link(link: &LinkContext<'_>) -> Vec<Violation> {
    let machine = link.machine();
    let secret = of_identity(link).filter(|secret| lacks(link.context, machine, secret));
    let fleet = link.context.fleet;
    secret
        .map(|secret| with_near(identity(fleet, link, secret), machine, secret))
        .into_iter()
        .collect()
}

fn evaluated_cache(cache: &EvaluatedCache<'_>) -> Verdict {
    let files = cache.signing_key_files();
    let lacking = files
        .iter()
        .filter(|file| cache.settings.path_of(file).is_none());
    let fleet = cache.context.fleet;
    let lacking = lacking.filter_map(SecretFile::managed);
    Verdict::decided(lacking.map(|secret| signing(fleet, cache, secret)))
}

fn evaluated_link(link: &EvaluatedLink<'_>) -> Verdict {
    let Identity::File { path, .. } = link.identity else {
        return Verdict::decided(None);
    };
    let is_there = link.settings.path_of(path).is_some();
    let lacking = path.managed().filter(|_| !is_there);
    let fleet = link.context.fleet;
    Verdict::decided(lacking.map(|secret| identity(fleet, link, secret)))
}

fn of_external_link(link: &ExternalLinkContext<'_>) -> Vec<Violation> {
    let (machine, fleet) = (link.machine(), link.context.fleet);
    let files = link.cache.login_files().into_iter();
    let secrets = files.filter_map(|(key, file)| Some((key, file.managed()?)));
    let lacking = secrets.filter(|(_, secret)| lacks(link.context, machine, secret));
    lacking
        .map(|(key, secret)| {
            let violation = login(fleet, link.client, link.cache, key, secret);
            with_near(violation, machine, secret)
        })
        .collect()
}

fn evaluated_external_link(link: &EvaluatedExternalLink<'_>) -> Verdict {
    let files = link.cache.login_files().into_iter();
    let lacking = files.filter(|(_, file)| link.settings.path_of(file).is_none());
    let lacking = lacking.filter_map(|(key, file)| Some((key, file.managed()?)));
    let fleet = link.context.fleet;
    let of = |(key, secret)| login(fleet, link.client, link.cache, key, secret);
    Verdict::decided(lacking.map(of))
}

/// `key`: of the cache in the inventory.
fn login(
    fleet: &Fleet,
    client: &Host,
    cache: &ExternalCache,
    key: &str,
    secret: &ManagedSecret,
) -> Violation {
    let (client_name, cache_name) = (&client.name, &cache.name);
    let message = format!(
        "`{client_name}` does not ask `{cache_name}`: nothing declares the secret `{secret}`"
    );
    let subject = Subject::external_link(client, cache).part(secret.to_string());
    Violation::new(subject, message)
        .at_key_of_external(fleet, cache, key, declaration(secret))
        .help(declare(secret))
}

fn of_identity<'f>(link: &Link<'f>) -> Option<&'f ManagedSecret> {
    match link.identity {
        Identity::File { path, .. } => path.managed(),
        Identity::HostKey => None,
    }
}

/// True if the files of the machine are known not to declare it.
fn lacks(context: &Context<'_>, machine: Option<&Machine>, secret: &ManagedSecret) -> bool {
    let owned = context.repo.path(&context.fleet.dir);
    machine.is_some_and(|machine| machine.declares(secret, owned.as_ref()) == Some(false))
}

fn signing(fleet: &Fleet, cache: &Cache, secret: &ManagedSecret) -> Violation {
    let name = &cache.host;
    let message = format!("`{name}` does not sign: nothing declares the secret `{secret}`");
    Violation::new(Subject::cache(cache).part(secret.to_string()), message)
        .at_key_of_cache(fleet, cache, "signing-key-file", declaration(secret))
        .help(declare(secret))
}

fn identity(fleet: &Fleet, link: &Link<'_>, secret: &ManagedSecret) -> Violation {
    let (client, cache) = (&link.client.name, &link.cache.host);
    let message = format!("`{client}` does not ask `{cache}`: nothing declares the secret `{secret}`");
    let violation = Violation::new(Subject::link(link).part(secret.to_string()), message);
    let violation = violation.help(declare(secret));
    let note = declaration(secret);
    match link.client.identity {
        Some(_) => violation.at_key_of_host(fleet, link.client, "identity", note),
        None => violation.at_key_of_cache(fleet, link.cache, "identity", note),
    }
}

/// Where a module would say so.
fn declaration(secret: &ManagedSecret) -> String {
    format!("no `{}`", secret.declaration().join("."))
}

fn declare(secret: &ManagedSecret) -> String {
    format!("declare it there: `{}`", secret.declaring_line())
}

/// The secret that was probably meant.
fn with_near(violation: Violation, machine: Option<&Machine>, secret: &ManagedSecret) -> Violation {
    let declared = machine.map(Machine::declared_secrets).unwrap_or_default();
    let names: Vec<String> = declared.keys().map(ToString::to_string).collect();
    let near = nearest(&secret.to_string(), names.iter().map(String::as_str));
    match near {
        Some(near) => violation.help(format!("or did you mean `{near}`?")),
        None => violation,
    }
}
