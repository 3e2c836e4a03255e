//! What must hold for every text, however odd. Each of these takes a text and
//! panics if something does not hold.
//!
//! `fuzz/fuzz_targets` gives them what libFuzzer thinks of; `tests/fuzz.rs` gives
//! them what proptest thinks of, and every text that once broke one of them.

use larder::internals::data;
use larder::internals::diagnostic::{Diagnostic, Source};
use larder::internals::flake::{self, Discoveries, NewEntry};
use larder::internals::fleet::{self, Host, HostName, InventoryEditor};
use larder::internals::key::{AuthorizedKey, PublicKey, SigningPublicKey, looks_private};
use larder::internals::nix::{AttrPath, Literal, NixFile, Scope, edit};
use larder::internals::repo::{FileState, Repo, RepoPath};
use larder::internals::survey::{self, StoreUrl, Survey, ssh_config};
use larder::internals::text::TextEdit;
use larder::internals::{report, wiring};

/// Between the files of a repository that is one text.
pub(crate) const NEXT_FILE: char = '\u{1d}';

/// Calls a harness with bytes that are text, and with no others.
pub(crate) fn run(harness: fn(&str), data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        harness(text);
    }
}

/// An inventory: read, edited, and edited back.
pub(crate) fn inventory(text: &str) {
    let source = Source::new(fleet::INVENTORY, text);
    let fleet = match fleet::read(&source) {
        Ok(fleet) => fleet,
        Err(problems) => return can_be_shown(&problems),
    };
    if let Ok(modules) = wiring::render(&fleet) {
        for (path, module) in modules {
            assert!(NixFile::parse(module.as_str()).is_ok(), "{path}:\n{module}");
        }
    }
    let mut editor = InventoryEditor::open(&source).expect("what was read can be edited");
    let name: HostName = "zz-fuzzed".parse().expect("it is a name");
    if fleet.hosts.contains_key(&name) || editor.set_host(&Host::named(name.clone())).is_err() {
        return;
    }
    let added = fleet::read(&Source::new(fleet::INVENTORY, editor.text()));
    let added = added.expect("an edit leaves an inventory");
    assert!(added.hosts.contains_key(&name), "{}", editor.text());
    assert_eq!(added.hosts.len(), fleet.hosts.len() + 1);
    editor
        .remove_host(&name)
        .expect("what was added can be removed");
    assert_eq!(editor.text(), text, "removing gives every byte back");
}

/// A Nix file: an import put in, put in again, and taken out.
pub(crate) fn nix_edit(text: &str) {
    let Ok(file) = NixFile::parse(text) else {
        return;
    };
    assert_eq!(file.syntax().to_string(), text, "a tree holds every byte");
    drop(survey::facts(&file));
    let Ok(scope) = Scope::module(&file) else {
        return;
    };
    let imports = AttrPath::new(["imports"]);
    let item = Literal::path("larder/hosts/zz-fuzzed.nix");
    there_and_back(
        &file,
        &scope,
        &|file, scope| edit::ensure_item(file, scope, &imports, &item).ok(),
        &|file, scope| edit::ensure_no_item(file, scope, &imports, &item).ok(),
    );
}

type Edit<'a> = &'a dyn Fn(&NixFile, &Scope) -> Option<TextEdit>;

/// Done twice is done once; undone, every byte is back.
fn there_and_back(file: &NixFile, scope: &Scope, there: Edit<'_>, back: Edit<'_>) {
    let Some(edit) = there(file, scope).filter(|edit| !edit.is_empty()) else {
        return;
    };
    let after = edit.apply(file.text());
    edit::verify(file, &after).unwrap_or_else(|damage| panic!("{damage}\n{after}"));
    let file_after = NixFile::parse(after.as_str()).expect("an edit leaves Nix");
    let scope_after = Scope::module(&file_after).expect("an edit leaves a module");
    let again = there(&file_after, &scope_after).expect("what was done once can be asked again");
    assert!(again.is_empty(), "twice is once:\n{after}");
    // A text that speaks of larder already is no text of a person's alone.
    if file.text().contains("larder") {
        return;
    }
    let undo = back(&file_after, &scope_after).expect("what was done can be undone");
    assert_eq!(undo.apply(&after), file.text(), "undone from:\n{after}");
}

/// A file of data that lists hosts, as keys, as rows and as names: a new host is
/// written into it and taken out, or refused.
pub(crate) fn data(text: &str) {
    let shapes = [
        "nixpkgs.lib.mapAttrs (name: _: make name) hosts",
        "builtins.listToAttrs (map (host: { inherit (host) name; value = make host.name; }) hosts)",
        "nixpkgs.lib.genAttrs hosts make",
    ];
    for (reader, file) in [("importTOML", "hosts.toml"), ("importJSON", "hosts.json")] {
        // Of a text that does not parse there is nothing to damage.
        if data::damage(file, text, "\0").is_none() {
            continue;
        }
        for shape in shapes {
            let flake = format!(
                "{{ outputs = {{ nixpkgs, ... }}: let data = nixpkgs.lib.{reader} ./{file}; hosts = data.host or data; make = name: nixpkgs.lib.nixosSystem {{ modules = [ ./hosts/${{name}}.nix ]; }}; in {{ nixosConfigurations = {shape}; }}; }}"
            );
            listed(&Repo::from_pairs([("flake.nix", &*flake), (file, text)]));
        }
    }
}

fn listed(repo: &Repo) {
    let found = match flake::discover(repo) {
        Ok(found) => found,
        Err(problem) => return did_not_fail(&problem),
    };
    let added = match flake::add_entry(repo, &Discoveries::default(), &found, &fuzzed()) {
        Ok(added) => added,
        Err(problem) => return did_not_fail(&problem),
    };
    let text = |repo: &Repo, path: &RepoPath| repo.text(path).ok().flatten().expect("a text");
    let edited = added.edits.iter().map(|(path, edit)| {
        let after = edit.apply(&text(repo, path));
        (path.clone(), FileState::Text(after.into()))
    });
    let module = (added.module.clone(), FileState::Text("{ }".into()));
    let file = added.file.iter().map(|file| {
        let text = file.with_module("{ }");
        (file.path.clone(), FileState::Text(text.into()))
    });
    let after = repo.after(edited.chain([module]).chain(file));
    let found = flake::discover(&after).expect("the flake has hosts");
    let taken = flake::remove_entry(&after, &found, "zz-fuzzed");
    for (path, edit) in taken.expect("what was added can be removed").edits {
        let there = text(&after, &path);
        assert_eq!(
            *edit.apply(&there),
            *text(repo, &path),
            "undone from:\n{there}"
        );
    }
}

fn fuzzed() -> NewEntry {
    NewEntry {
        name: "zz-fuzzed".to_owned(),
        system: None,
        module: "hosts/zz-fuzzed.nix".to_owned(),
        like: None,
        ..NewEntry::default()
    }
}

/// A flake and the files around it, all in one text: its hosts are found, or not,
/// and a new one is written, or refused.
pub(crate) fn evaluator(text: &str) {
    let mut parts = text.split(NEXT_FILE);
    let names = [
        "flake.nix",
        "default.nix",
        "hosts/pai/default.nix",
        "hosts/kalaw.nix",
    ];
    let files: Vec<(&str, &str)> = names.into_iter().zip(parts.by_ref()).collect();
    let repo = Repo::from_pairs(files);
    match flake::discover(&repo) {
        Ok(found) => {
            let survey = Survey::new(&repo);
            for module in found.hosts.iter().filter_map(|host| host.module.as_ref()) {
                drop(survey.machine(module, &[]));
            }
            match flake::add_entry(&repo, &Discoveries::default(), &found, &fuzzed()) {
                Ok(added) => leaves_nix(&repo, &added),
                Err(problem) => did_not_fail(&problem),
            }
        }
        Err(problem) => did_not_fail(&problem),
    }
}

fn leaves_nix(repo: &Repo, added: &flake::Added) {
    for (path, edit) in &added.edits {
        let before = repo.text(path).expect("it is text").expect("it is there");
        let after = edit.apply(&before);
        let is_fine = !is_nix(path) || NixFile::parse(after.as_str()).is_ok();
        assert!(is_fine, "`{path}` after an edit:\n{after}");
    }
}

fn is_nix(path: &RepoPath) -> bool {
    std::path::Path::new(path.as_str()).extension() == Some("nix".as_ref())
}

fn did_not_fail(problem: &Diagnostic) {
    assert!(
        !problem.message.contains("the evaluator failed"),
        "{problem:?}"
    );
    can_be_shown(std::slice::from_ref(problem));
}

/// A line of a key file, of `ssh_config`, or a store's URL: what is accepted means
/// the same when it is written and read again.
pub(crate) fn key_lines(text: &str) {
    let _ = looks_private(text);
    if let Ok(key) = text.parse::<PublicKey>() {
        is_one_line(&key.to_string());
        assert_eq!(key.to_string().parse::<PublicKey>().as_ref(), Ok(&key));
    }
    if let Ok(line) = text.parse::<AuthorizedKey>() {
        is_one_line(line.key.comment().unwrap_or_default());
    }
    if let Ok(key) = text.parse::<SigningPublicKey>() {
        is_one_line(&key.to_string());
        assert_eq!(key.to_string().parse().as_ref(), Ok(&key));
    }
    let _ = StoreUrl::parse(text).map(|url| url.priority());
    for block in ssh_config::blocks(text) {
        let _ = block.is_for("kalaw", "nix-ssh");
        let _ = block
            .first("identityfile")
            .map(ssh_config::Directive::value);
    }
}

fn is_one_line(text: &str) {
    assert!(!text.contains(['\n', '\r', '\0']), "{text:?}");
}

/// What is said can be printed in every format, its places included.
fn can_be_shown(problems: &[Diagnostic]) {
    drop(report::human(problems, report::Style::PLAIN));
    drop(report::short(problems));
}
