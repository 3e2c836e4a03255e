//! What a client's merged settings make of its way to a cache.

use crate::diagnostic::Diagnostic;
use crate::fleet::{Identity, PUBLIC_PRIORITY};
use crate::lint::eval::said;
use crate::lint::eval::settings::List;
use crate::lint::eval::way::Way;
use crate::lint::finding::{error, warning};
use crate::survey::StoreUrl;

/// sshd's default for `MaxSessions`.
const SESSIONS: u32 = 10;

/// Every finding about one way, each under the rule that knows the same mistake in
/// a file.
pub(super) fn findings(way: &Way<'_>) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    match &way.store {
        Some(store) => all.extend(of_store(way, store)),
        None => all.push(not_asked(way)),
    }
    all.extend(untrusted(way));
    all.extend(no_fallback(way));
    all.extend(no_identity(way));
    match another_way(way) {
        // Nothing of larder's block counts then: one finding says it.
        Some(finding) if !way.is_adopted() => all.push(finding),
        finding => {
            all.extend(finding);
            all.extend(unpinned(way));
            all.extend(missing_lines(way));
        }
    }
    all
}

fn of_store(way: &Way<'_>, store: &StoreUrl) -> Vec<Diagnostic> {
    let all = [
        other_protocol(way, store),
        unsigned(way, store),
        early(way, store),
        several_connections(way, store),
    ];
    all.into_iter().flatten().collect()
}

fn here(way: &Way<'_>, rule: &'static str, finding: Diagnostic) -> Diagnostic {
    said(rule, way.at_client(finding))
}

fn not_asked(way: &Way<'_>) -> Diagnostic {
    let (client, cache) = (&way.client.name, &way.cache.host);
    let finding = error(format!(
        "`{client}` does not ask `{cache}`: it is not among the substituters"
    ));
    let finding = at_list(way, finding, List::Substituters);
    let mut one = here(way, "substituters-overridden", finding);
    one.subject = format!("{} substituters", way.subject());
    one
}

/// What takes the place of a list.
fn at_list(way: &Way<'_>, finding: Diagnostic, list: List) -> Diagnostic {
    if way.here.is_replaced(list) {
        return finding.help("a line of `nix.extraOptions` takes the place of the whole list");
    }
    finding
        .help("look for a `mkForce` of this list in the modules of the host")
        .help("`larder sync` says if the wiring is not imported")
}

fn other_protocol(way: &Way<'_>, store: &StoreUrl) -> Option<Diagnostic> {
    let inventory = way.cache.protocol.word();
    let served = way.there.map_or(inventory, |there| &there.serve.protocol);
    if store.scheme == served {
        return None;
    }
    let (client, cache) = (&way.client.name, &way.cache.host);
    let spoken = &store.scheme;
    let message = format!("`{client}` speaks `{spoken}` to `{cache}`, which serves `{served}`");
    let finding = error(message).help(format!("write `{served}://` in the URL"));
    Some(here(way, "protocol-mismatch", finding))
}

fn untrusted(way: &Way<'_>) -> Option<Diagnostic> {
    let wanted = way.cache.signing_key.known()?.to_string();
    let trusted = way.here.words(List::TrustedKeys);
    if trusted.contains(&wanted) || !way.here.wants_signatures() {
        return None;
    }
    let (client, cache) = (&way.client.name, &way.cache.host);
    let finding = error(format!(
        "`{client}` does not trust the signing key of `{cache}`"
    ));
    let bytes = wanted.split_once(':').map(|(_, bytes)| bytes);
    let is_renamed = |key: &&String| key.split_once(':').map(|(_, bytes)| bytes) == bytes;
    let finding = match trusted.iter().find(is_renamed) {
        Some(other) => finding.help(format!("it has it under another name: `{other}`")),
        None => at_list(way, finding, List::TrustedKeys),
    };
    Some(here(way, "cache-key-untrusted", finding))
}

fn unsigned(way: &Way<'_>, store: &StoreUrl) -> Option<Diagnostic> {
    let (client, cache) = (&way.client.name, &way.cache.host);
    if matches!(store.param("trusted"), Some("true" | "1")) {
        let finding = warning(format!(
            "what `{cache}` sends is taken without a signature on `{client}`"
        ))
        .help("take `trusted=true` out of the URL, let the cache sign, and trust its key");
        return Some(here(way, "cache-trusted-unsigned", finding));
    }
    None
}

fn no_fallback(way: &Way<'_>) -> Option<Diagnostic> {
    if way.here.falls_back() {
        return None;
    }
    let (client, cache) = (&way.client.name, &way.cache.host);
    let finding = error(format!("builds on `{client}` fail while `{cache}` is off"))
        .help("write `nix.settings.fallback = true;`, and take away what says otherwise");
    Some(here(way, "fallback-off", finding))
}

fn unpinned(way: &Way<'_>) -> Option<Diagnostic> {
    if !way.pins()?.is_empty() {
        return None;
    }
    let (client, cache) = (&way.client.name, &way.cache.host);
    let finding = error(format!(
        "`{client}` does not know the host key of `{cache}` beforehand"
    ));
    let name = way.known_as();
    let help = match &way.server.host_key {
        Some(key) => format!("add `programs.ssh.knownHosts.\"{name}\".publicKey = \"{key}\";`"),
        None => format!("run `larder keys set {cache} 'ssh-ed25519 AAAA…'`"),
    };
    Some(here(way, "cache-unpinned", finding.help(help)))
}

fn early(way: &Way<'_>, store: &StoreUrl) -> Option<Diagnostic> {
    if way.lan || store.priority() >= u32::from(PUBLIC_PRIORITY) {
        return None;
    }
    let (client, cache) = (&way.client.name, &way.cache.host);
    let finding = warning(format!(
        "`{client}` asks `{cache}` before cache.nixos.org, and not on a local network"
    ))
    .help(format!(
        "if they are on one, write `lan = true` into `[caches.{cache}]`"
    ));
    Some(here(way, "priority-before-public", finding))
}

fn several_connections(way: &Way<'_>, store: &StoreUrl) -> Option<Diagnostic> {
    let wanted: u32 = store.param("max-connections")?.parse().ok()?;
    let told = way.there?.sshd.max_sessions.as_ref();
    let allowed = told.and_then(|number| number.parse().ok());
    let allowed: u32 = allowed.unwrap_or(SESSIONS);
    let (client, cache) = (&way.client.name, &way.cache.host);
    let finding = if wanted > 1 && !way.here.knows_several_connections() {
        error(format!(
            "Nix on `{client}` hangs with {wanted} connections to `{cache}`"
        ))
        .help(format!("take `max-connections={wanted}` out of the URL"))
    } else if wanted > allowed {
        error(format!(
            "`{client}` opens {wanted} connections, and `{cache}` takes {allowed}"
        ))
        .help(format!("write `max-connections={allowed}` in the URL"))
    } else {
        return None;
    };
    Some(here(way, "connections-hang", finding))
}

fn no_identity(way: &Way<'_>) -> Option<Diagnostic> {
    let is_host_key = *way.identity == Identity::HostKey;
    if !is_host_key || !way.here.host_keys().is_empty() {
        return None;
    }
    let client = &way.client.name;
    let finding = error(format!(
        "`{client}` logs in with its host key, and has none"
    ))
    .help(format!(
        "add to `[hosts.{client}]`: `identity = {{ file = \"/etc/nix/cache_key\", make = true }}`"
    ));
    Some(here(way, "host-key-identity-absent", finding))
}

/// What a dead cache costs without.
fn missing_lines(way: &Way<'_>) -> Vec<Diagnostic> {
    let (client, cache) = (&way.client.name, &way.cache.host);
    let lines = [
        (
            "connect-timeout-missing",
            "connecttimeout",
            "ConnectTimeout 3",
            format!("`{client}` waits for minutes, path by path, while `{cache}` does not answer"),
        ),
        (
            "batch-mode-missing",
            "batchmode",
            "BatchMode yes",
            format!("ssh on `{client}` may ask a question in the middle of a build"),
        ),
        (
            "keep-alive-missing",
            "serveraliveinterval",
            "ServerAliveInterval 5",
            format!("`{client}` waits for ever when `{cache}` vanishes in the middle"),
        ),
    ];
    let missing = lines
        .into_iter()
        .filter(|(_, keyword, ..)| way.ssh.lacks(keyword));
    missing
        .map(|(rule, _, line, message)| {
            let block = format!(
                "add to `programs.ssh.extraConfig`:\nMatch originalhost {} user nix-ssh\n  {line}\nMatch all",
                way.address
            );
            here(way, rule, warning(message).help(block))
        })
        .collect()
}

/// Where larder's own block is not the first word, or is gone.
fn another_way(way: &Way<'_>) -> Option<Diagnostic> {
    let differs = if !way.is_adopted() {
        differing(way)?
    } else {
        let shared = way.ssh.value("controlmaster")?;
        if shared.eq_ignore_ascii_case("no") {
            return None;
        }
        format!("ControlMaster {shared}")
    };
    let (client, cache) = (&way.client.name, &way.cache.host);
    let finding = error(format!(
        "ssh on `{client}` does not go larder's way to `{cache}`: `{differs}`"
    ))
    .help("`programs.ssh.extraConfig` is text: look for a block before larder's, or a `mkForce`");
    Some(here(way, "ssh-block-interferes", finding))
}

/// The first line in force that is not as larder writes it.
fn differing(way: &Way<'_>) -> Option<String> {
    let alias = way.cache.host_key_alias();
    let port = way.port.to_string();
    let wanted = [
        ("HostKeyAlias", alias.as_str()),
        ("Port", &port),
        ("ControlMaster", "no"),
        ("IdentitiesOnly", "yes"),
        ("StrictHostKeyChecking", "yes"),
    ];
    for (keyword, value) in wanted {
        let lower = keyword.to_ascii_lowercase();
        match way.ssh.value(&lower) {
            Some(is) if is.eq_ignore_ascii_case(value) => {}
            Some(is) => return Some(format!("{keyword} {is}")),
            None if way.ssh.is_open(&lower) => {}
            None => return Some(format!("no {keyword}")),
        }
    }
    let connects = way.ssh.value("proxycommand");
    if let Some(other) = connects.filter(|command| !command.contains("-larder-connect ")) {
        return Some(format!("ProxyCommand {other}"));
    }
    wrong_identity(way).map(|other| format!("IdentityFile {other}"))
}

/// The key that is tried, where it is not the inventory's.
fn wrong_identity<'a>(way: &'a Way<'_>) -> Option<&'a String> {
    let first = way.ssh.identities().first()?;
    let is_it = match way.identity {
        // A client without one has a finding of its own.
        Identity::HostKey => {
            let keys = way.here.host_keys();
            keys.is_empty() || keys.contains(&first.as_str())
        }
        Identity::File { path, .. } => *first == path.to_string(),
    };
    (!is_it).then_some(first)
}
