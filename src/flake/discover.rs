//! From `flake.nix` to the hosts.

use crate::diagnostic::{Diagnostic, Source};
use crate::flake::discovery::Discovery;
use crate::flake::eval::Eval;
use crate::flake::eval::value::Value;
use crate::flake::host_module::ListedModule;
use crate::flake::nix_answer::NixAnswer;
use crate::flake::own_stack::on_own_stack;
use crate::flake::{configurations, hosts, hosts_in_folder, refuse};
use crate::repo::{Repo, RepoPath};

/// Finds the hosts of the flake in the repository's folder. There are none, and a
/// note says why, where the flake's outputs could not be followed.
///
/// # Errors
/// When there is no `flake.nix`, when it does not parse, and when it certainly
/// defines no host: with what was found instead.
pub fn discover(repo: &Repo) -> Result<Discovery, Diagnostic> {
    let (flake, source) = flake_file(repo)?;
    flatten(on_own_stack(|| {
        let eval = &mut Eval::new(repo);
        let found = evaluate(eval, &flake, &source)?;
        Ok(found.with_parts(&eval.flake_parts))
    }))
}

/// As [`discover`], with Nix's answer: the hosts are those that it names, and its list
/// of a host's modules replaces what could not be followed.
///
/// # Errors
/// When there is no `flake.nix`, or it does not parse.
pub fn discover_by_nix(repo: &Repo, answer: &NixAnswer) -> Result<Discovery, Diagnostic> {
    let (flake, source) = flake_file(repo)?;
    flatten(on_own_stack(|| {
        let eval = &mut Eval::new(repo);
        let outputs = outputs(eval, &flake, &source)?;
        let configurations = match configurations::of(eval, &outputs) {
            Value::Attrs(attrs) => Some(attrs),
            _ => None,
        };
        let found = hosts::found_by_nix(eval, &flake, configurations.as_deref(), answer);
        Ok(found.with_parts(&eval.flake_parts))
    }))
}

/// The modules of which the flake makes one host, in its order.
pub(super) fn modules_of_host(repo: &Repo, name: &str) -> Result<Vec<ListedModule>, Diagnostic> {
    let (flake, source) = flake_file(repo)?;
    flatten(on_own_stack(|| {
        let eval = &mut Eval::new(repo);
        let outputs = outputs(eval, &flake, &source)?;
        let Value::Attrs(all) = configurations::of(eval, &outputs) else {
            return Ok(Vec::new());
        };
        Ok(hosts::listed_modules(eval, name, all.slots.get(name)))
    }))
}

fn flatten<T>(found: Result<Result<T, Diagnostic>, String>) -> Result<T, Diagnostic> {
    found.unwrap_or_else(|why| Err(refuse::fault(&why)))
}

fn flake_file(repo: &Repo) -> Result<(RepoPath, Source), Diagnostic> {
    let path = repo
        .path("flake.nix")
        .ok_or_else(|| refuse::no_flake(repo))?;
    match repo.source(&path) {
        Ok(Some(_)) if repo.is_unknown_to_git(&path) => Err(refuse::untracked_flake(repo, &path)),
        Ok(Some(source)) => Ok((path, source)),
        Ok(None) => Err(refuse::no_flake(repo)),
        Err(why) => Err(refuse::fault(&format!("it {why}"))),
    }
}

fn outputs(eval: &mut Eval, flake: &RepoPath, source: &Source) -> Result<Value, Diagnostic> {
    if let Some(Err(error)) = eval.repo.nix(flake) {
        let diagnostic = Diagnostic::error("syntax", error.message);
        return Err(diagnostic.at(source, error.range, ""));
    }
    let value = eval.import(flake);
    Ok(eval.flake_outputs(&value))
}

fn evaluate(eval: &mut Eval, flake: &RepoPath, source: &Source) -> Result<Discovery, Diagnostic> {
    let outputs = outputs(eval, flake, source)?;
    match configurations::of(eval, &outputs) {
        Value::Attrs(attrs) => {
            let found = hosts::found(eval, flake, &attrs);
            if found.is_followed() {
                return Ok(found);
            }
            refuse::no_hosts(&outputs, &attrs).for_flake(flake)
        }
        other => match hosts_in_folder::found(eval, flake, &outputs) {
            Some(found) => Ok(found),
            None => refuse::no_configurations(eval, source, &outputs, &other).for_flake(flake),
        },
    }
}
