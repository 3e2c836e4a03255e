//! What is said where no host was found: what was found instead, and what to do.

use crate::diagnostic::{Diagnostic, Source};
use crate::flake::eval::Eval;
use crate::flake::eval::value::{Attrs, Origin, Value};
use crate::repo::{Repo, RepoPath};

/// larder itself could not do it.
pub(super) fn fault(why: &str) -> Diagnostic {
    Diagnostic::error(
        "flake-unreadable",
        format!("`flake.nix` cannot be read: {why}"),
    )
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
        .filter(|path| path.file_name() == "flake.nix" && !is_trap(path));
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

/// A flake that is there to be copied or to be tried.
fn is_trap(path: &RepoPath) -> bool {
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
pub(super) fn no_hosts(outputs: &Value, configurations: &Attrs) -> Diagnostic {
    match configurations.why_open() {
        Some(why) => {
            let message =
                format!("none of the hosts in `nixosConfigurations` could be found: {why}");
            with_help(Diagnostic::error("no-hosts", message), outputs)
        }
        None => Diagnostic::error(
            "no-hosts",
            "the flake has no NixOS host: `nixosConfigurations` is empty",
        )
        .help("add a host in the flake's own way, and run `larder init` again"),
    }
}

/// `nixosConfigurations` is not there, or is not known.
pub(super) fn no_configurations(
    eval: &Eval,
    source: &Source,
    outputs: &Value,
    value: &Value,
) -> Diagnostic {
    let Value::Attrs(attrs) = outputs else {
        let why = unknown(outputs);
        return with_help(
            Diagnostic::error(
                "no-hosts",
                format!("the outputs of `flake.nix` could not be followed: {why}"),
            ),
            outputs,
        );
    };
    if let Some(slot) = attrs.slots.get("nixosConfigurations") {
        let why = unknown(value);
        let diagnostic = Diagnostic::error(
            "no-hosts",
            format!("`nixosConfigurations` could not be followed: {why}"),
        );
        return with_help(
            at(eval, source, diagnostic, slot.origin.as_deref()),
            outputs,
        );
    }
    let near = attrs
        .slots
        .iter()
        .find(|(name, _)| strsim::damerau_levenshtein(name, "nixosConfigurations") <= 3);
    if let Some((name, slot)) = near {
        let diagnostic = Diagnostic::error(
            "no-hosts",
            format!("`flake.nix` defines `{name}`, and no `nixosConfigurations`"),
        );
        return at(eval, source, diagnostic, slot.origin.as_deref())
            .help(format!("rename `{name}` to `nixosConfigurations`"));
    }
    let message = match attrs.why_open() {
        Some(why) => {
            format!("no `nixosConfigurations` could be found in the outputs of `flake.nix`: {why}")
        }
        None => "`flake.nix` defines no `nixosConfigurations`".to_owned(),
    };
    with_help(Diagnostic::error("no-hosts", message), outputs)
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

/// What the flake has instead, and what to do about it.
fn with_help(diagnostic: Diagnostic, outputs: &Value) -> Diagnostic {
    let has = |name: &str| matches!(outputs, Value::Attrs(attrs) if attrs.slots.contains_key(name));
    let others = [
        "darwinConfigurations",
        "homeConfigurations",
        "colmena",
        "colmenaHive",
    ];
    let found: Vec<String> = others
        .into_iter()
        .filter(|name| has(name))
        .map(|name| format!("`{name}`"))
        .collect();
    let diagnostic = match found.as_slice() {
        [] => diagnostic,
        found => diagnostic.help(format!(
            "the flake has {}; larder is for its NixOS hosts",
            found.join(" and ")
        )),
    };
    if has("nixosConfigurations") {
        return diagnostic
            .help("let Nix itself say which hosts there are: `larder init --eval`")
            .help("or name each host and its module: `larder init --module HOST=PATH`");
    }
    diagnostic.help("add a host to the flake, such as `nixosConfigurations.NAME = nixpkgs.lib.nixosSystem { modules = [ ./configuration.nix ]; };`")
}
