//! The files of the private keys on a host.

use crate::fleet::{Cache, HOST_KEY_FILE, Identity};
use crate::lint::context::HostContext;
use crate::survey::Value;

/// The absolute paths of the keys with which the host signs and logs in, and of its logins
/// for caches elsewhere, as far as
/// the inventory and the host's own files say, each once.
pub(super) fn private(host: &HostContext<'_>) -> Vec<String> {
    let mut all = signing(host);
    all.extend(identities(host));
    all.extend(logins(host));
    all.retain(|path| path.starts_with('/'));
    all.sort();
    all.dedup();
    all
}

fn signing(host: &HostContext<'_>) -> Vec<String> {
    let fleet = host.context.fleet;
    let own = fleet.caches.get(&host.name).map(Cache::signing_key_files);
    let own = own.into_iter().flatten();
    let own = own.map(|file| file.path(&host.name).to_string());
    let named = host
        .machine()
        .map(|machine| machine.nix_words("nix.settings.secret-key-files"));
    let named = named.into_iter().flatten().map(|word| word.text);
    own.chain(named).collect()
}

fn identities(host: &HostContext<'_>) -> Vec<String> {
    let fleet = host.context.fleet;
    let caches = fleet.caches_of(host);
    caches
        .map(|cache| match fleet.identity(cache, host) {
            Identity::HostKey => host_key(host),
            Identity::File { path, .. } => path.path(&host.name).to_string(),
        })
        .collect()
}

fn logins(host: &HostContext<'_>) -> Vec<String> {
    let caches = host.context.fleet.external_caches_of(host);
    let files = caches.flat_map(|cache| {
        let netrc = cache.netrc_file.iter();
        netrc.chain(cache.tls.iter().map(|tls| &tls.private_key))
    });
    files
        .map(|file| file.path(&host.name).to_string())
        .collect()
}

fn host_key(host: &HostContext<'_>) -> String {
    let hits = host
        .machine()
        .map(|machine| machine.all("services.openssh.hostKeys"));
    let lists = hits
        .into_iter()
        .flatten()
        .filter_map(|hit| match hit.value {
            Value::List(list) => Some(list.items),
            _ => None,
        });
    let paths = lists.flatten().filter_map(|item| match item.value {
        Value::Set(entries) => {
            let path = entries.iter().find(|(name, _)| name == "path")?;
            path.1.value.text().map(str::to_owned)
        }
        _ => None,
    });
    let ed25519 = paths.into_iter().find(|path| path.contains("ed25519"));
    ed25519.unwrap_or_else(|| HOST_KEY_FILE.to_owned())
}
