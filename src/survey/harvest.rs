//! Public host keys that the repository already holds.

use rnix::ast::{self, Expr, HasEntry};
use rowan::ast::AstNode;

use crate::flake::FileReader;
use crate::key::PublicKey;
use crate::nix::{NixFile, static_name};
use crate::repo::{Repo, RepoPath};
use crate::survey::files::Survey;
use crate::survey::read::value;
use crate::survey::wires::Pin;

/// A public host key, and why it may be that of a host.
#[derive(Debug, Clone)]
pub struct CollectedKey {
    /// The host's name, as far as the place tells.
    pub host: String,
    /// The key.
    pub key: PublicKey,
    /// Where it came from, in words: `programs.ssh.knownHosts in common.nix`.
    pub from: String,
    /// Where clients reach the host: the name and the port of `[kalaw.example]:2222`, if
    /// that is the only form in which it is known.
    pub endpoint: Option<(String, u16)>,
}

/// Every host key that the tracked files hold: in known hosts, in the rules of
/// agenix, in `ssh_host_*.pub` files.
///
/// Ed25519 keys come first, then the order of the paths: the first of a host is
/// the one to take.
pub fn host_keys(survey: &Survey<'_>) -> Vec<CollectedKey> {
    let repo = survey.repo();
    let mut all: Vec<CollectedKey> = Vec::new();
    for path in repo.tracked() {
        let name = path.file_name();
        if name.starts_with("ssh_host_") && name.strip_suffix(".pub").is_some() {
            all.extend(pub_file(repo, path));
        } else if name == "secrets.nix" {
            all.extend(agenix(repo, path));
        } else if name.strip_suffix(".nix").is_some() && mentions_known_hosts(repo, path) {
            all.extend(known_hosts(survey, repo, path));
        }
    }
    all.sort_by_key(|found| found.key.algorithm());
    all
}

fn pub_file(repo: &Repo, path: &RepoPath) -> Option<CollectedKey> {
    let text = repo.text(path).ok()??;
    Some(CollectedKey {
        host: path.parent().file_name().to_owned(),
        key: text.trim_end().parse().ok()?,
        from: format!("`{}`", repo.shown(path)),
        endpoint: None,
    })
}

/// Parsing every file for the sake of a few would be slow.
fn mentions_known_hosts(repo: &Repo, path: &RepoPath) -> bool {
    let text = repo.text(path).ok().flatten();
    text.is_some_and(|text| text.contains("knownHosts"))
}

fn known_hosts(survey: &Survey<'_>, repo: &Repo, path: &RepoPath) -> Vec<CollectedKey> {
    let pins = survey.alone(path).map(|machine| machine.pins());
    let from = format!("`programs.ssh.knownHosts` in `{}`", repo.shown(path));
    let of_pin = |pin: Pin| {
        let found = pin
            .key
            .as_ref()
            .map(|key| of_known_host(&pin.names, key, &from));
        found.unwrap_or_default()
    };
    let mut found: Vec<CollectedKey> = pins.into_iter().flatten().flat_map(of_pin).collect();
    found.dedup_by(|a, b| a.host == b.host && a.key == b.key);
    found
}

/// The key, for each host that the names of a known host may mean.
fn of_known_host(names: &[String], key: &PublicKey, from: &str) -> Vec<CollectedKey> {
    let of_name = |name: &String| CollectedKey {
        host: first_label(name),
        key: key.clone(),
        from: from.to_owned(),
        endpoint: only_endpoint(names),
    };
    names.iter().map(of_name).collect()
}

/// The name and port of `[kalaw.example]:2222`, if there is no other name.
fn only_endpoint(names: &[String]) -> Option<(String, u16)> {
    let [name] = names else {
        return None;
    };
    let (host, port) = name.strip_prefix('[')?.split_once("]:")?;
    Some((host.to_owned(), port.parse().ok()?))
}

/// `kalaw` of `kalaw.fritz.box` and `[kalaw.fritz.box]:2222`.
fn first_label(name: &str) -> String {
    let bare = name.trim_start_matches('[');
    let end = bare.find(['.', ']', ':']).unwrap_or(bare.len());
    bare[..end].to_owned()
}

/// The rules of agenix: names bound to keys, in a `let` or in sets; those under
/// or in a list called `users` are people.
fn agenix(repo: &Repo, path: &RepoPath) -> Vec<CollectedKey> {
    let Some(Ok(nix)) = repo.nix(path) else {
        return Vec::new();
    };
    let bound = FileReader::with_names(|reader| bound_keys(reader, &nix)).unwrap_or_default();
    let people = people(&nix);
    let from = |name: &str| format!("`{name}` in `{}`", repo.shown(path));
    let found = bound.into_iter().filter(|one| !people.contains(&one.0));
    found
        .map(|(name, key)| CollectedKey {
            from: from(&name),
            host: name,
            key,
            endpoint: None,
        })
        .collect()
}

fn bound_keys(reader: &mut FileReader, nix: &NixFile) -> Vec<(String, PublicKey)> {
    let bindings = nix
        .syntax()
        .descendants()
        .filter_map(ast::AttrpathValue::cast);
    bindings
        .filter_map(|binding| {
            let names: Option<Vec<_>> = binding
                .attrpath()?
                .attrs()
                .map(|a| static_name(&a))
                .collect();
            let names = names?;
            let of_people = names.iter().any(|n| n == "users") || is_under_users(&binding);
            let expr = binding.value()?;
            let key = value(reader, &expr).text()?.trim_end().parse().ok()?;
            let name = names.last()?.clone();
            (!of_people).then_some((name, key))
        })
        .collect()
}

fn is_under_users(binding: &ast::AttrpathValue) -> bool {
    let around = binding.syntax().ancestors().skip(1);
    around
        .filter_map(ast::AttrpathValue::cast)
        .filter_map(|outer| outer.attrpath())
        .any(|path| path.to_string().trim() == "users")
}

/// The names in the list `users = [ … ]`.
fn people(nix: &NixFile) -> Vec<String> {
    let sets = nix.syntax().descendants().filter_map(Expr::cast);
    let bindings = sets.flat_map(|expr| match expr {
        Expr::LetIn(let_in) => let_in.attrpath_values().collect::<Vec<_>>(),
        Expr::AttrSet(set) => set.attrpath_values().collect(),
        _ => Vec::new(),
    });
    let is_users = |b: &ast::AttrpathValue| {
        b.attrpath()
            .is_some_and(|p| p.to_string().trim() == "users")
    };
    bindings
        .filter(is_users)
        .filter_map(|binding| match binding.value()? {
            Expr::List(list) => Some(
                list.items()
                    .map(|item| item.to_string())
                    .collect::<Vec<_>>(),
            ),
            _ => None,
        })
        .flatten()
        .collect()
}
