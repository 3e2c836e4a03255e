//! What the merged settings of a cache's host make of its serving.

use crate::diagnostic::Diagnostic;
use crate::fleet::Wiring;
use crate::key::AuthorizedKey;
use crate::lint::context::USER;
use crate::lint::eval::said;
use crate::lint::eval::settings::List;
use crate::lint::eval::way::{Serving, Way, at_cache};
use crate::lint::finding::{error, warning};
use crate::survey::ssh_config::blocks;

/// Every finding about a cache itself.
pub(super) fn findings(serving: &Serving<'_>) -> Vec<Diagnostic> {
    let mut all = off(serving);
    if !all.is_empty() {
        return all;
    }
    all.extend(turned_away(serving));
    all.extend(unsigned(serving));
    all.extend(writable(serving));
    all.extend(trusted(serving));
    all
}

/// Whether the cache lets this client in.
pub(super) fn lets_in(way: &Way<'_>) -> Option<Diagnostic> {
    let serve = &way.there?.serve;
    let key = way.identity_key()?;
    let lines = serve.keys.iter();
    let mut keys = lines.filter_map(|line| line.parse::<AuthorizedKey>().ok());
    if serve.has_key_files || !serve.enable || keys.any(|line| line.key == *key) {
        return None;
    }
    let (client, cache) = (&way.client.name, &way.cache.host);
    let finding = error(format!("`{cache}` does not let `{client}` in"))
        .help(format!(
            "add `\"{key} {client}\"` to `nix.sshServe.keys` of `{cache}`"
        ))
        .about(way.subject());
    Some(said(
        "identity-unauthorised",
        at_cache(finding, way.fleet, way.cache),
    ))
}

fn here(
    serving: &Serving<'_>,
    rule: &'static str,
    about: Option<&str>,
    finding: Diagnostic,
) -> Diagnostic {
    let name = &serving.cache.host;
    let subject = match about {
        Some(what) => format!("{name} {what}"),
        None => name.to_string(),
    };
    let finding = at_cache(finding.about(subject), serving.fleet, serving.cache);
    said(rule, finding)
}

fn off(serving: &Serving<'_>) -> Vec<Diagnostic> {
    let here_is = serving.here;
    let switches = [
        ("nix.enable", here_is.nix.enable),
        ("nix.sshServe.enable", here_is.serve.enable),
        ("services.openssh.enable", here_is.sshd.enable),
    ];
    let name = &serving.cache.host;
    let off = switches.into_iter().filter(|(_, on)| !on);
    off.map(|(switch, _)| {
        let finding = error(format!(
            "the cache `{name}` does not serve: `{switch}` is off"
        ))
        .help(format!(
            "look for what turns it off, or run `larder remove-cache {name}`"
        ));
        here(serving, "serving-off", Some(switch), finding)
    })
    .collect()
}

fn turned_away(serving: &Serving<'_>) -> Vec<Diagnostic> {
    let sshd = &serving.here.sshd;
    let allowed = serving.here.words(List::AllowedUsers);
    let lists = [
        ("AllowUsers", true, &sshd.allow_users),
        ("AllowGroups", true, &sshd.allow_groups),
        ("DenyUsers", false, &sshd.deny_users),
        ("DenyGroups", false, &sshd.deny_groups),
    ];
    let mut all = Vec::new();
    for (keyword, lets_in, list) in lists {
        let mut words = list.clone().unwrap_or_default();
        words.extend(lines_of(&sshd.extra_config, keyword));
        let names_it = words.iter().any(|word| names(word));
        let is_away = !words.is_empty() && names_it != lets_in;
        if is_away {
            let option = format!("services.openssh.settings.{keyword}");
            all.push(away(serving, &option, lets_in));
        }
    }
    if !allowed.is_empty() && !allowed.iter().any(|word| names(word)) {
        all.push(away(serving, "nix.settings.allowed-users", true));
    }
    all
}

/// The words behind a keyword of sshd's own text, before any `Match`.
fn lines_of(text: &str, keyword: &str) -> Vec<String> {
    let blocks = blocks(text);
    let lines = blocks.first().into_iter().flat_map(|all| &all.directives);
    let named = lines.filter(|line| line.keyword.eq_ignore_ascii_case(keyword));
    named.flat_map(|line| line.arguments.clone()).collect()
}

/// True if a word of a list of users or groups is for nix-ssh.
fn names(word: &str) -> bool {
    let word = word.trim_start_matches('@');
    let word = word.split('@').next().unwrap_or_default();
    word == USER || word.contains('*')
}

fn away(serving: &Serving<'_>, option: &str, lets_in: bool) -> Diagnostic {
    let name = &serving.cache.host;
    let help = if lets_in {
        format!("add `\"{USER}\"` to `{option}`")
    } else {
        format!("take `\"{USER}\"` out of `{option}`")
    };
    let finding = error(format!("the cache `{name}` turns its clients away")).help(help);
    here(serving, "login-not-allowed", Some(option), finding)
}

fn unsigned(serving: &Serving<'_>) -> Option<Diagnostic> {
    let files = serving.here.words(List::SecretKeyFiles);
    let cache = serving.cache;
    let wanted = cache.signing_key_file().to_string();
    let signs = match cache.wiring {
        Wiring::Owned => files.contains(&wanted),
        Wiring::Adopted => !files.is_empty(),
    };
    if signs {
        return None;
    }
    let name = &cache.host;
    let finding = error(format!("`{name}` does not sign what it builds"));
    let finding = if serving.here.is_replaced(List::SecretKeyFiles) {
        finding.help("a line of `nix.extraOptions` takes the place of `secret-key-files`")
    } else {
        finding.help(format!(
            "add `nix.settings.secret-key-files = [ \"{wanted}\" ];`, and make the key"
        ))
    };
    Some(here(serving, "cache-unsigned", None, finding))
}

fn writable(serving: &Serving<'_>) -> Vec<Diagnostic> {
    let serve = &serving.here.serve;
    let fields = [("write", serve.write), ("trusted", serve.trusted)];
    let on = fields.into_iter().filter(|(_, on)| *on);
    on.map(|(field, _)| {
        let finding = warning(format!(
            "clients may write into the cache `{}`",
            serving.cache.host
        ))
        .help(format!(
            "take `nix.sshServe.{field} = true;` away: fetching does not need it"
        ));
        here(serving, "cache-writable", Some(field), finding)
    })
    .collect()
}

fn trusted(serving: &Serving<'_>) -> Option<Diagnostic> {
    let users = serving.here.words(List::TrustedUsers);
    let user = users.iter().find(|user| names(user))?;
    let finding = error(format!(
        "every client of the cache `{}` can become root on it",
        serving.cache.host
    ))
    .help(format!(
        "take `{user}` out of `nix.settings.trusted-users`: reading needs no trust"
    ));
    Some(here(serving, "nix-ssh-trusted", None, finding))
}
