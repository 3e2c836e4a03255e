//! From `flake.nix` to the hosts.

use crate::diagnostic::{Diagnostic, Source};
use crate::flake::eval::Eval;
use crate::flake::eval::value::Value;
use crate::flake::found::Found;
use crate::flake::{guess, hosts, refuse};
use crate::repo::{Repo, RepoPath};

/// The stack of the evaluator's own thread: Nix is recursive.
const STACK: usize = 256 << 20;

/// Finds the hosts of the flake in the repository's folder. There are none, and a
/// note says why, where the flake's outputs could not be followed.
///
/// # Errors
/// When there is no `flake.nix`, when it does not parse, and when it certainly
/// defines no host: with what was found instead.
pub fn discover(repo: &Repo) -> Result<Found, Diagnostic> {
    let (flake, source) = flake_file(repo)?;
    let run = || evaluate(&mut Eval::new(repo), &flake, &source);
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(STACK);
        match builder.spawn_scoped(scope, run) {
            Ok(thread) => thread
                .join()
                .unwrap_or_else(|_| Err(refuse::fault("the evaluator failed"))),
            Err(error) => Err(refuse::fault(&error.to_string())),
        }
    })
}

fn flake_file(repo: &Repo) -> Result<(RepoPath, Source), Diagnostic> {
    let path = repo
        .path("flake.nix")
        .ok_or_else(|| refuse::no_flake(repo))?;
    match repo.source(&path) {
        Ok(Some(source)) => Ok((path, source)),
        Ok(None) => Err(refuse::no_flake(repo)),
        Err(why) => Err(refuse::fault(&format!("it {why}"))),
    }
}

fn evaluate(eval: &mut Eval, flake: &RepoPath, source: &Source) -> Result<Found, Diagnostic> {
    if let Some(Err(error)) = eval.repo.nix(flake) {
        let diagnostic = Diagnostic::error("syntax", error.message);
        return Err(diagnostic.at(source, error.range, ""));
    }
    let value = eval.import(flake);
    let outputs = eval.flake_outputs(&value);
    match eval.select(&outputs, "nixosConfigurations") {
        Value::Attrs(attrs) => {
            let found = hosts::found(eval, flake, &attrs);
            if found.is_followed() {
                return Ok(found);
            }
            refuse::no_hosts(&outputs, &attrs).for_flake(flake)
        }
        other => match guess::hosts(eval, flake, &outputs) {
            Some(found) => Ok(found),
            None => refuse::no_configurations(eval, source, &outputs, &other).for_flake(flake),
        },
    }
}
