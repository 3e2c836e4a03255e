//! The errors where no host was found: what was found instead, and what to do.

use std::rc::Rc;

use crate::diagnostic::{Diagnostic, Source};
use crate::flake::discovery::Discovery;
use crate::flake::eval::Eval;
use crate::flake::eval::value::{Attrs, Origin, Value};
use crate::repo::{Repo, RepoPath};
use crate::text::quoted_conjunction;

/// Why no host was found.
pub(super) enum NoHost {
    /// There is none.
    Certain(Diagnostic),
    /// There may be some: the flake could not be followed.
    Unfollowed(Diagnostic),
}

impl NoHost {
    pub(super) fn for_flake(self, flake: &RepoPath) -> Result<Discovery, Diagnostic> {
        match self {
            Self::Certain(why) => Err(why),
            Self::Unfollowed(why) => Ok(Discovery::unfollowed(flake.clone(), why)),
        }
    }
}

/// larder itself could not do it.
pub(super) fn fault(why: &str) -> Diagnostic {
    Diagnostic::error(
        "flake-unreadable",
        format!("`flake.nix` cannot be read: {why}"),
    )
}

/// Nix reads what git knows of a repository, and nothing else.
pub(super) fn untracked_flake(repo: &Repo, flake: &RepoPath) -> Diagnostic {
    let flake = repo.shown(flake);
    let message = format!("git does not know `{flake}`, so Nix does not see it");
    Diagnostic::error("flake-untracked", message)
        .about(flake.as_str())
        .help(format!("run `git add {flake}`"))
}

/// There is no flake in the folder.
pub(super) fn no_flake(repo: &Repo) -> Diagnostic {
    let diagnostic = Diagnostic::error("no-flake", "there is no `flake.nix` in this folder");
    let is = |name: &str| {
        repo.path(name)
            .is_some_and(|path| repo.tracking(&path) == crate::repo::Tracking::Tracked)
    };
    let mut diagnostic = match [
        "hive.nix",
        "npins/default.nix",
        "nix/sources.nix",
        "configuration.nix",
        "default.nix",
    ]
    .into_iter()
    .find(|name| is(name))
    {
        Some(other) => Diagnostic {
            message: format!(
                "{}, only `{other}`; larder works on flakes",
                diagnostic.message
            ),
            ..diagnostic
        },
        None => diagnostic,
    };
    let elsewhere = repo
        .tracked()
        .filter(|path| path.file_name() == "flake.nix" && !is_example(path));
    for flake in elsewhere.take(5) {
        let folder = repo.shown(&flake.parent());
        diagnostic = diagnostic.help(format!(
            "there is one in `{folder}`: run `larder -C {folder} init`"
        ));
    }
    if diagnostic.help.is_empty() {
        diagnostic = diagnostic
            .help("run larder in the folder of a flake, or name it: `larder -C DIR init`");
    }
    diagnostic
}

/// A flake that is only a template or an example.
fn is_example(path: &RepoPath) -> bool {
    let parts = [
        "template",
        "templates",
        "example",
        "examples",
        "test",
        "tests",
    ];
    path.as_str().split('/').any(|part| parts.contains(&part))
}

/// `nixosConfigurations` is there and has no host.
pub(super) fn no_hosts(outputs: &Value, configurations: &Attrs) -> NoHost {
    match configurations.why_open().or_else(|| why_replaced(outputs)) {
        Some(why) => NoHost::Unfollowed(ways_on(
            not_followed(&format!(
                "none of the hosts in `nixosConfigurations` could be found: {why}"
            )),
            outputs,
        )),
        None => NoHost::Certain(
            none("the flake has no NixOS host: `nixosConfigurations` is empty")
                .help("add a host in the flake's own way, and run `larder init` again"),
        ),
    }
}

/// Why an empty set that the flake itself writes may be replaced:
/// `{ nixosConfigurations = { }; } // …`.
fn why_replaced(outputs: &Value) -> Option<Rc<str>> {
    let Value::Attrs(outputs) = outputs else {
        return None;
    };
    let slot = outputs.slots.get("nixosConfigurations")?;
    let is_written = matches!(slot.origin.as_deref(), Some(Origin::Binding(_)));
    is_written.then(|| outputs.why_open()).flatten()
}

/// `nixosConfigurations` is not there, or is not known.
pub(super) fn no_configurations(
    eval: &Eval,
    source: &Source,
    outputs: &Value,
    value: &Value,
) -> NoHost {
    let Value::Attrs(attrs) = outputs else {
        let message = format!(
            "the outputs of `flake.nix` could not be followed: {}",
            unknown(outputs)
        );
        return NoHost::Unfollowed(ways_on(not_followed(&message), outputs));
    };
    if let Some(slot) = attrs.slots.get("nixosConfigurations") {
        let message = format!(
            "`nixosConfigurations` could not be followed: {}",
            unknown(value)
        );
        let refusal = at(eval, source, not_followed(&message), slot.origin.as_deref());
        return NoHost::Unfollowed(ways_on(refusal, outputs));
    }
    if let Some(misspelt) = misspelt(eval, source, attrs) {
        return NoHost::Certain(misspelt);
    }
    match attrs.why_open() {
        Some(why) => {
            let message = format!(
                "no `nixosConfigurations` could be found in the outputs of `flake.nix`: {why}"
            );
            NoHost::Unfollowed(ways_on(not_followed(&message), outputs))
        }
        None => NoHost::Certain(
            instead(none("`flake.nix` defines no `nixosConfigurations`"), outputs).help(
                "add a host to the flake, such as `nixosConfigurations.NAME = nixpkgs.lib.nixosSystem { modules = [ ./configuration.nix ]; };`",
            ),
        ),
    }
}

fn none(message: &str) -> Diagnostic {
    Diagnostic::error("no-hosts", message)
}

fn not_followed(message: &str) -> Diagnostic {
    Diagnostic::error("hosts-unknown", message)
}

fn misspelt(eval: &Eval, source: &Source, attrs: &Attrs) -> Option<Diagnostic> {
    let (name, slot) = attrs
        .slots
        .iter()
        .find(|(name, _)| strsim::damerau_levenshtein(name, "nixosConfigurations") <= 3)?;
    let message = format!("`flake.nix` defines `{name}`, and no `nixosConfigurations`");
    let refusal = at(eval, source, none(&message), slot.origin.as_deref());
    Some(refusal.help(format!("rename `{name}` to `nixosConfigurations`")))
}

fn unknown(value: &Value) -> String {
    match value {
        Value::Unknown(why) => why.to_string(),
        other => format!("it is {}", other.kind()),
    }
}

fn at(eval: &Eval, flake: &Source, diagnostic: Diagnostic, origin: Option<&Origin>) -> Diagnostic {
    let Some(Origin::Binding(span)) = origin else {
        return diagnostic;
    };
    match eval.repo.source(&span.file) {
        Ok(Some(source)) => {
            let line = source.text[span.range.clone()]
                .find('\n')
                .map_or(span.range.end, |end| span.range.start + end);
            diagnostic.at(&source, span.range.start..line, "")
        }
        _ => diagnostic.at(flake, 0..0, ""),
    }
}

/// Names the configurations that the flake has instead.
fn instead(diagnostic: Diagnostic, outputs: &Value) -> Diagnostic {
    let has = |name: &str| matches!(outputs, Value::Attrs(attrs) if attrs.slots.contains_key(name));
    let others = [
        "darwinConfigurations",
        "homeConfigurations",
        "colmena",
        "colmenaHive",
    ];
    let found: Vec<&str> = others.into_iter().filter(|name| has(name)).collect();
    if found.is_empty() {
        return diagnostic;
    }
    let found = quoted_conjunction(found);
    diagnostic.help(format!(
        "the flake has {found}; larder is for its NixOS hosts"
    ))
}

/// Adds what to do where larder cannot follow.
fn ways_on(diagnostic: Diagnostic, outputs: &Value) -> Diagnostic {
    instead(diagnostic, outputs)
        .help("let Nix itself say which hosts there are: `larder init --eval`")
        .help("or name each host and its module: `larder init --module HOST=PATH`")
}
