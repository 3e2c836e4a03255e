//! The errors with what to write by hand where larder does not write.

use crate::diagnostic::Diagnostic;
use crate::flake::discovery::{Discovery, EntryKind, FlakeEntry, FoundHost};
use crate::flake::entry::answer;
use crate::flake::entry::clone::Cloned;
use crate::flake::entry::request::{NeededValue, NewEntry, NotAdded};
use crate::repo::{Repo, RepoPath};

/// A refusal with the text that was to be written.
pub(super) fn with_text(refusal: Diagnostic, text: &str) -> Diagnostic {
    let help = format!(
        "write by hand: {}",
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    );
    refusal.help(help)
}

/// The flags that give these values.
pub(super) fn say_it(needed: &[NeededValue]) -> String {
    let flags = needed.iter().map(|one| {
        if answer::is_address(&one.key, &one.example) {
            "--address ADDRESS".to_owned()
        } else {
            format!("--set {}=VALUE", one.key)
        }
    });
    format!("say it: `{}`", flags.collect::<Vec<_>>().join(" "))
}

/// Values that only a person knows, with the entry to complete.
pub(super) fn needs(
    repo: &Repo,
    file: &RepoPath,
    model: &RepoPath,
    new: &NewEntry,
    cloned: &Cloned,
) -> NotAdded {
    let shown = repo.shown(file);
    let needed = cloned.needed.iter().map(|(needed, _)| needed.clone());
    let needed: Vec<NeededValue> = needed.collect();
    let word = |one: &NeededValue| match one.key.parse::<usize>() {
        Ok(number) => format!("argument {number}"),
        Err(_) => format!("`{}`", one.key),
    };
    let keys: Vec<String> = needed.iter().map(word).collect();
    let (name, keys) = (&new.name, keys.join(", "));
    let message = format!("every host has its own {keys}, and there is none for `{name}`");
    let mut why = Diagnostic::error("entry-needs-value", message);
    if let (Ok(Some(source)), Some((_, place))) = (repo.source(model), cloned.needed.first()) {
        why = why.at(&source, place.clone(), "");
    }
    let why = why
        .about(&**name)
        .help(say_it(&needed))
        .help(format!("or write to `{shown}`:\n{}\nthen write `[hosts.{name}]` to `larder.toml` and run `larder sync`", cloned.text));
    NotAdded { why, needed }
}

pub(super) fn no_sibling(found: &Discovery, new: &NewEntry) -> Diagnostic {
    let message = format!(
        "no host in `{}` shows how `{}` is to be made",
        found.flake.file_name(),
        new.name
    );
    let (name, module) = (crate::nix::attr_name(&new.name), &new.module);
    let system = new.system.as_deref().unwrap_or("x86_64-linux");
    let refusal = Diagnostic::error("no-sibling", message);
    let then = format!("then write `[hosts.{name}]` to `larder.toml` and run `larder sync`");
    let (mut makers, mut nowhere) = (
        found.hosts.iter().filter_map(|host| host.entry.as_ref()),
        false,
    );
    let is_binding = makers.all(|entry| {
        nowhere |= entry.file != found.flake;
        entry.kind == EntryKind::Binding
    });
    if !is_binding || nowhere || found.hosts.iter().any(|host| host.entry.is_none()) {
        return refusal.help(format!("make it by hand as its siblings are made; {then}"));
    }
    refusal.help(format!(
        "write by hand: nixosConfigurations.{name} = nixpkgs.lib.nixosSystem {{ system = \"{system}\"; modules = [ ./{module} ]; }};"
    ))
}

pub(super) fn no_entry(host: &FoundHost) -> Diagnostic {
    let message = format!(
        "`{}` has no line of its own that could be found: {}",
        host.name, host.how
    );
    Diagnostic::error("no-entry", message)
}

pub(super) fn same_file(entry: &FlakeEntry) -> Diagnostic {
    let message = format!(
        "the module cannot be in `{}`, where the hosts are defined",
        entry.file
    );
    Diagnostic::error("module-is-flake", message)
}

/// A sibling that is made in a file of its own.
pub(super) fn own_file(sibling: &FoundHost, name: &str) -> Diagnostic {
    let file = sibling
        .entry
        .as_ref()
        .map_or("?", |entry| entry.file.as_str());
    let message = format!("`{}` is made in a file of its own, `{file}`", sibling.name);
    let copy = crate::text::rename_word(file, &sibling.name, name);
    Diagnostic::error("entry-in-own-file", message).help(format!(
        "copy `{file}` to `{copy}` and write `{name}` for `{}` in it",
        sibling.name
    ))
}

/// What of a sibling was not carried over, if anything was.
pub(super) fn left_out(sibling: &str, what: &[String]) -> Option<String> {
    let short = |text: &String| {
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match line.char_indices().nth(50) {
            Some((end, _)) => format!("`{}…`", &line[..end]),
            None => format!("`{line}`"),
        }
    };
    let what: Vec<String> = what.iter().map(short).collect();
    (!what.is_empty()).then(|| {
        format!(
            "left out, since only `{sibling}` has it: {}",
            what.join(", ")
        )
    })
}
