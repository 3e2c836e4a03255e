//! `hosts/NAME.nix`: what one host does in the fleet, and the modules for that.
//!
//! A client gets its stub, and its host module the import, as soon as it is a
//! client; the stub stays empty while something is missing that a working cache
//! needs. So people's own files change once, and everything later is in ours.

use std::collections::HashMap;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::modules::{Rendering, owned_caches, owned_external_caches, wired_hosts};
use super::{cache, external_cache};
use crate::fleet::{Cache, Fleet, Host, HostName, Identity};
use crate::nix::Literal;
use crate::nix::template::Value;

const HOST: &str = include_str!("../../templates/host.nix");
const SHARED: &str = include_str!("../../templates/fleet.nix");
const SERVE: &str = include_str!("../../templates/serve.nix");
const HARMONIA: &str = include_str!("../../templates/harmonia.nix");
const USE: &str = include_str!("../../templates/use.nix");
const USE_URL: &str = include_str!("../../templates/use-url.nix");
const TUNNEL: &str = include_str!("../../templates/tunnel.nix");
const LOGIN_KEY: &str = include_str!("../../templates/login-key.nix");
const CONNECT: &str = include_str!("../../templates/connect.nix");
const IDENTITY: &str = include_str!("../../templates/identity.nix");
const SECRET: &str = include_str!("../../templates/secret.nix");
const WARN: &str = include_str!("../../templates/warn.nix");
const LOGINS: &str = include_str!("../../templates/logins.nix");
const SIGNING_KEY: &str = include_str!("../../templates/signing-key.nix");
const NEW_KEY: &str = include_str!("../../templates/new-key.nix");
const KEY_UNIT: &str = include_str!("../../templates/key-unit.nix");

/// The one file for all hosts, where they share a human module.
const SHARED_FILE: &str = "fleet.nix";

/// Which hosts need an import of which owned module, by name; paths are relative to
/// the flake's folder.
///
/// Where `import` of the inventory names one module for all hosts, all get the same
/// one.
pub fn imports(fleet: &Fleet) -> Vec<(HostName, String)> {
    wired_hosts(fleet)
        .map(|host| {
            let file = match fleet.import {
                Some(_) => SHARED_FILE.to_owned(),
                None => file(host),
            };
            (host.name.clone(), format!("{}/{file}", fleet.dir))
        })
        .collect()
}

/// True if a relative path, as a module imports it, ends like one of [`imports`]; `dir` is
/// the folder of the owned modules.
pub fn is_import_of(dir: &str, path: &str) -> bool {
    let inside = path
        .rsplit_once(&format!("/{dir}/"))
        .map(|(_, inside)| inside);
    let is_stub = |inside: &str| {
        let name = inside
            .strip_prefix("hosts/")
            .and_then(|file| file.strip_suffix(".nix"));
        name.is_some_and(|name| !name.contains('/'))
    };
    inside.is_some_and(|inside| inside == SHARED_FILE || is_stub(inside))
}

/// Adds the hosts' stubs, and the modules that they import.
pub(super) fn add_all(fleet: &Fleet, modules: &mut Rendering<'_>) {
    let wired: Vec<&Host> = wired_hosts(fleet).collect();
    let roles: Vec<(&Host, Vec<StubRole>)> = wired
        .into_par_iter()
        .map(|host| (host, roles_of(fleet, host)))
        .collect();
    for (path, template) in shared_modules(&roles) {
        modules.add(path, template, &[]);
    }
    if fleet.import.is_some() {
        add_shared(fleet, &roles, modules);
        return;
    }
    // Most hosts do the same in the fleet, so most stubs are the same text.
    let mut made: HashMap<&[StubRole], String> = HashMap::new();
    for (host, roles) in &roles {
        if let Some(same) = made.get(roles.as_slice()) {
            modules.copy(same, &file(host));
            continue;
        }
        let imports = roles.iter().map(|role| role.module(".."));
        let values = [("imports", Value::List(imports.collect()))];
        modules.add(&file(host), HOST, &values);
        made.insert(roles, file(host));
    }
}

/// The modules that are the same for every fleet, as far as its hosts need them.
fn shared_modules(roles: &[(&Host, Vec<StubRole>)]) -> Vec<(&'static str, &'static str)> {
    let has =
        |wanted: fn(&StubRole) -> bool| roles.iter().any(|(_, roles)| roles.iter().any(wanted));
    let serves = has(|role| matches!(role, StubRole::Serves(_)));
    let has_harmonia = has(|role| matches!(role, StubRole::ServesByHarmonia(_)));
    let starts_ssh = has(|role| matches!(role, StubRole::Uses { .. }));
    let has_tunnel = has(|role| matches!(role, StubRole::UsesTunnel { .. }));
    let uses = starts_ssh || has_tunnel;
    let uses_url = has(|role| matches!(role, StubRole::UsesUrl { .. }));
    let makes_identities = has(|role| matches!(role, StubRole::MakesIdentity { .. }));
    let changes = has(|role| matches!(role, StubRole::ChangesKey { .. }));
    let all = [
        ("serve.nix", SERVE, serves),
        ("logins.nix", LOGINS, serves),
        ("signing-key.nix", SIGNING_KEY, serves),
        ("harmonia.nix", HARMONIA, has_harmonia),
        ("use.nix", USE, starts_ssh),
        ("tunnel.nix", TUNNEL, has_tunnel),
        ("login-key.nix", LOGIN_KEY, uses),
        ("use-url.nix", USE_URL, uses_url),
        ("connect.nix", CONNECT, uses),
        ("identity.nix", IDENTITY, makes_identities),
        ("new-key.nix", NEW_KEY, changes),
        (
            "key-unit.nix",
            KEY_UNIT,
            serves || makes_identities || changes,
        ),
        ("secret.nix", SECRET, serves || uses || uses_url),
        ("warn.nix", WARN, serves || uses || uses_url),
    ];
    let needed = all.into_iter().filter(|(_, _, needed)| *needed);
    needed.map(|(path, template, _)| (path, template)).collect()
}

fn add_shared(fleet: &Fleet, roles: &[(&Host, Vec<StubRole>)], modules: &mut Rendering<'_>) {
    if roles.is_empty() {
        return;
    }
    let hosts = roles.iter().map(|(host, roles)| {
        let items: Vec<Literal> = roles.iter().map(|role| role.module(".")).collect();
        (host.name.as_str(), Literal::rows(&items))
    });
    let hosts = Value::Raw(Literal::set(hosts));
    let has_role = |name: &HostName| roles.iter().any(|(host, _)| host.name == *name);
    let others = fleet.hosts.values();
    let others = others.filter(|host| host.nixos && !has_role(&host.name));
    let others = Value::List(others.map(|host| Literal::string(&host.name)).collect());
    let values = [("hosts", hosts), ("others", others)];
    modules.add(SHARED_FILE, SHARED, &values);
}

fn file(host: &Host) -> String {
    format!("hosts/{}.nix", host.name)
}

/// One thing that a host does in the fleet.
#[derive(PartialEq, Eq, Hash)]
enum StubRole {
    /// It serves the cache that is described in this file.
    Serves(String),
    /// Harmonia serves that cache on it.
    ServesByHarmonia(String),
    /// It fetches from the cache of this file, by this way.
    Uses { cache: String, way: Literal },
    /// It fetches from the cache elsewhere of this file, by this way.
    UsesUrl { cache: String, way: Literal },
    /// It does so through a tunnel that it holds.
    UsesTunnel { cache: String, way: Literal },
    /// It makes the key in this file, to log in at caches.
    MakesIdentity { file: String, host: HostName },
    /// A new key takes the place of the one in this file; `None`: of its SSH host key.
    ChangesKey {
        file: Option<String>,
        host: HostName,
        in_use: bool,
    },
}

impl StubRole {
    /// The module for it, as written in a file from which the folder of owned
    /// modules is `up`.
    fn module(&self, up: &str) -> Literal {
        let path = |file: &str| Literal::path(&format!("{up}/{file}"));
        let arguments = match self {
            Self::Serves(cache) => vec![path("serve.nix"), path(cache)],
            Self::ServesByHarmonia(cache) => vec![path("harmonia.nix"), path(cache)],
            Self::UsesTunnel { cache, way } => {
                vec![path("tunnel.nix"), path(cache), way.clone()]
            }
            Self::Uses { cache, way } => vec![path("use.nix"), path(cache), way.clone()],
            Self::UsesUrl { cache, way } => vec![path("use-url.nix"), path(cache), way.clone()],
            Self::MakesIdentity { file, host } => vec![
                path("identity.nix"),
                Literal::string(file),
                Literal::string(host),
            ],
            Self::ChangesKey { file, host, in_use } => vec![
                path("new-key.nix"),
                file.as_ref().map_or_else(
                    || Literal::reference(&["null"]),
                    |file| Literal::string(file),
                ),
                Literal::string(host),
                Literal::bool(*in_use),
            ],
        };
        Literal::call(&Literal::reference(&["import"]), &arguments)
    }
}

fn roles_of(fleet: &Fleet, host: &Host) -> Vec<StubRole> {
    let own = owned_caches(fleet).filter(|cache| cache.host == host.name);
    let near: Vec<_> = owned_caches(fleet)
        .filter(|cache| cache.serves(host))
        .collect();
    let mut makes: Vec<String> = Vec::new();
    for cache in &near {
        if let Identity::File {
            path, make: true, ..
        } = fleet.identity(cache, host)
            && !makes.contains(&path.to_string())
        {
            makes.push(path.to_string());
        }
    }
    let ready = near
        .into_iter()
        .filter(|cache| fleet.missing(cache, host).is_empty());
    let serves = own.flat_map(serving);
    let uses = ready.map(|cache| uses(fleet, cache, host));
    let elsewhere = owned_external_caches(fleet)
        .filter(|cache| cache.serves(host) && fleet.missing_for_external(cache, host).is_empty());
    let uses_urls = elsewhere.map(|cache| StubRole::UsesUrl {
        cache: external_cache::file(cache),
        way: external_cache::differences(cache, host),
    });
    let makes = makes.into_iter().map(|file| StubRole::MakesIdentity {
        file,
        host: host.name.clone(),
    });
    let changes = key_changes(host);
    let uses = uses.chain(uses_urls);
    serves.chain(uses).chain(makes).chain(changes).collect()
}

/// Signing, `nix.sshServe` and the like for every cache, and harmonia beside them.
fn serving(cache: &Cache) -> impl Iterator<Item = StubRole> {
    let file = cache::file(cache);
    let harmonia = cache
        .has_harmonia()
        .then(|| StubRole::ServesByHarmonia(file.clone()));
    [StubRole::Serves(file)].into_iter().chain(harmonia)
}

fn uses(fleet: &Fleet, cache: &Cache, host: &Host) -> StubRole {
    let way = cache::differences(fleet, cache, host);
    let cache_file = cache::file(cache);
    if cache.is_tunnelled() {
        return StubRole::UsesTunnel {
            cache: cache_file,
            way,
        };
    }
    StubRole::Uses {
        cache: cache_file,
        way,
    }
}

/// The keys of the host that it changes by itself.
fn key_changes(host: &Host) -> impl Iterator<Item = StubRole> {
    let change = |file, in_use| StubRole::ChangesKey {
        file,
        host: host.name.clone(),
        in_use,
    };
    let host_key = host.next_host_key.as_ref();
    let host_key = host_key.map(|next| change(None, next.in_use));
    let identity = match &host.identity {
        Some(Identity::File {
            path,
            next: Some(next),
            make: true,
            ..
        }) => Some(change(Some(path.to_string()), next.in_use)),
        _ => None,
    };
    host_key.into_iter().chain(identity)
}
