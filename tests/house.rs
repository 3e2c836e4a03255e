//! The rules of the house, checked: who may import whom, where effects live,
//! what the documents must mention.

mod paths;
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use paths::Modules;
use source::{Source, sources};

trials![
    imports_run_upward_only,
    every_import_is_seen,
    every_module_stands_in_the_table,
    files_of_a_module_import_in_one_direction,
    no_glob_of_the_parent_outside_tests,
    effects_are_allowed_only_in_io,
    programs_are_started_in_one_place,
    files_stay_readable,
    every_file_says_what_it_is_for,
    every_test_is_run,
    every_dependency_has_its_reason,
    every_verb_is_in_the_guide,
];

/// Module → the modules that it may import. `docs/architecture.md` explains it.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("key", &[]),
    ("diagnostic", &["text"]),
    ("report", &["diagnostic", "key", "text"]),
    ("nix", &["text"]),
    ("data", &["text"]),
    ("repo", &["text", "nix", "diagnostic"]),
    (
        "fleet",
        &["text", "diagnostic", "key", "repo", "nix", "data"],
    ),
    (
        "flake",
        &["fleet", "repo", "data", "nix", "key", "diagnostic", "text"],
    ),
    (
        "wiring",
        &["fleet", "repo", "nix", "key", "diagnostic", "text"],
    ),
    ("steps", &["fleet", "wiring", "key", "text"]),
    (
        "survey",
        &["flake", "fleet", "repo", "nix", "key", "diagnostic", "text"],
    ),
    (
        "project",
        &[
            "survey",
            "flake",
            "wiring",
            "fleet",
            "repo",
            "nix",
            "key",
            "diagnostic",
            "text",
        ],
    ),
    (
        "lint",
        &[
            "project",
            "survey",
            "flake",
            "wiring",
            "fleet",
            "repo",
            "nix",
            "key",
            "diagnostic",
            "text",
        ],
    ),
    ("doctor", &["survey", "fleet", "key", "diagnostic", "text"]),
    (
        "plan",
        &[
            "project",
            "lint",
            "steps",
            "survey",
            "flake",
            "fleet",
            "repo",
            "data",
            "nix",
            "key",
            "diagnostic",
            "text",
        ],
    ),
    (
        "command",
        &[
            "project",
            "plan",
            "doctor",
            "lint",
            "steps",
            "survey",
            "flake",
            "wiring",
            "fleet",
            "repo",
            "nix",
            "key",
            "diagnostic",
            "text",
        ],
    ),
    ("cli", &["command"]),
    (
        "io",
        &[
            "cli",
            "command",
            "project",
            "plan",
            "doctor",
            "lint",
            "steps",
            "survey",
            "flake",
            "wiring",
            "fleet",
            "repo",
            "nix",
            "key",
            "report",
            "diagnostic",
            "text",
        ],
    ),
];

/// The evaluator and the frameworks that it knows: a value is worked out when it is
/// needed, so each of their files may need any other (`docs/architecture.md`).
const ONE_CIRCLE: &[&str] = &["flake::eval", "flake::framework"];

/// Where a newcomer gets lost.
const LONGEST_FILE: usize = 400;

fn imports_run_upward_only() {
    let table: BTreeMap<_, _> = MAY_IMPORT.iter().copied().collect();
    let mut broken = Vec::new();
    for source in of_the_crate() {
        let module = source.module();
        let Some(allowed) = table.get(module) else {
            continue;
        };
        for import in source.imports() {
            if import != module && !allowed.contains(&import.as_str()) {
                broken.push(format!(
                    "{}: {module} imports {import}",
                    source.path.display()
                ));
            }
        }
    }
    assert!(
        broken.is_empty(),
        "imports against the table:\n{}",
        broken.join("\n")
    );
}

/// What the table is compared with, on a file that has it in every form.
fn every_import_is_seen() {
    let text = "
        #[cfg(test)] use crate::in_front_of_tests;
        use crate::plain::Name;
        use crate::{first::{self, Inner}, second};
        use super::super::above;
        use super::beside;
        /// [`crate::in_a_comment`], \"crate::in_a_string\"
        fn f() -> crate::in_code::Type { crate::called(\"crate::in_a_string\", super::super::called_above()) }
        #[cfg(test)] mod tests { use crate::in_a_test; }
        #[cfg(test)] #[expect(unused)] mod more;
        mod inner { use super::super::super::around; use super::super::beside_around; }
        macro_rules! m { () => { $crate::in_a_macro!() } }
        use crate::behind_tests;
    ";
    let modules = ["lint", "rules"].map(str::to_owned).to_vec();
    let source = Source::new(PathBuf::from("rules.rs"), modules, text.to_owned());
    let expected = [
        "above",
        "around",
        "behind_tests",
        "called",
        "called_above",
        "first",
        "in_a_macro",
        "in_code",
        "in_front_of_tests",
        "plain",
        "second",
    ];
    assert_eq!(source.imports().into_iter().collect::<Vec<_>>(), expected);
    let kept: Vec<&str> = source.lines().collect();
    assert!(!kept.concat().contains("in_a_test"), "{kept:?}");
    assert_eq!(kept.len(), text.lines().count() - 2);
}

fn every_module_stands_in_the_table() {
    let known: Vec<&str> = MAY_IMPORT.iter().map(|(module, _)| *module).collect();
    for source in of_the_crate() {
        let module = source.module();
        let is_top = ["lib", "main", "run", "internals"].contains(&module);
        assert!(
            is_top || known.contains(&module),
            "add `{module}` to the table in tests/house.rs and to docs/architecture.md"
        );
    }
}

fn files_of_a_module_import_in_one_direction() {
    let sources = of_the_crate();
    let modules = Modules::of(&sources);
    let mut circles = Vec::new();
    for (module, _) in MAY_IMPORT {
        let own = sources.iter().filter(|it| it.module() == *module);
        let imports = own.map(|it| (it.modules.clone(), it.imported_modules(&modules)));
        circles.extend(in_circles(imports.collect()));
    }
    let is_allowed = |file: &String| ONE_CIRCLE.iter().any(|circle| file.starts_with(circle));
    circles.retain(|file| !is_allowed(file));
    assert!(circles.is_empty(), "these, or some of them: {circles:#?}");
}

/// What is left when everything is taken away that imports nothing that is left, or is
/// imported by nothing that is left.
fn in_circles(mut imports: BTreeMap<Vec<String>, BTreeSet<Vec<String>>>) -> Vec<String> {
    loop {
        let left: BTreeSet<_> = imports.keys().cloned().collect();
        let imported: BTreeSet<_> = imports.values().flatten().cloned().collect();
        imports.retain(|file, its| imported.contains(file) && !its.is_disjoint(&left));
        if imports.len() == left.len() {
            return left.iter().map(|file| file.join("::")).collect();
        }
    }
}

fn no_glob_of_the_parent_outside_tests() {
    for source in of_the_crate() {
        assert!(
            !source.lines().any(|line| line.contains("use super::*")),
            "{}: name what you import, so that the import table can be checked",
            source.path.display()
        );
    }
}

fn effects_are_allowed_only_in_io() {
    for source in of_the_crate() {
        let excuses = |line: &str| line.contains("clippy::disallowed_methods");
        assert!(
            !source.lines().any(excuses) || source.module() == "io",
            "{}: effects live in src/io",
            source.path.display()
        );
    }
}

fn programs_are_started_in_one_place() {
    let place = root().join("src/io/program");
    for source in of_the_crate() {
        let starts = ["Command::new", "Exec::cmd", "Exec::shell"];
        let is_place = source.path.starts_with(&place) || source.path == place.with_extension("rs");
        assert!(
            is_place
                || !source
                    .lines()
                    .any(|line| starts.iter().any(|it| line.contains(it))),
            "{}: only src/io/program.rs starts programs",
            source.path.display()
        );
    }
}

fn files_stay_readable() {
    for source in of_the_crate() {
        let lines = source.lines().count();
        assert!(
            lines <= LONGEST_FILE,
            "{} has {lines} lines: give a part of it a name and a file",
            source.path.display()
        );
    }
}

fn every_file_says_what_it_is_for() {
    let files = ["src", "tests"].map(|folder| rust_files(&root().join(folder)));
    for file in files.concat() {
        assert!(
            read(&file).starts_with("//!"),
            "{}: begin with a line about its purpose",
            file.display()
        );
    }
}

/// No harness finds a test by its attribute here, nor a file by its folder.
fn every_test_is_run() {
    let attribute = ["#[", "test]"].concat();
    for file in rust_files(&root().join("tests")) {
        assert!(
            !read(&file).contains(&attribute),
            "{}: `{attribute}` does nothing here: list the test in `trials!`",
            file.display()
        );
        let Some((parent, name)) = declared_in(&file) else {
            continue;
        };
        let declarations = [format!("mod {name};"), format!("pub(crate) mod {name};")];
        let declares = |line: &str| declarations.iter().any(|one| one == line);
        assert!(
            read(&parent).lines().any(declares),
            "{}: {} does not declare it, so nothing in it is run",
            file.display(),
            parent.display()
        );
    }
}

/// The file that has to declare a module of the tests, and the module's name.
fn declared_in(file: &Path) -> Option<(PathBuf, String)> {
    let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    let folder = file.parent()?;
    let suite = root().join("tests/suite.rs");
    match name(file).as_str() {
        // The programs.
        "suite" | "main" => None,
        "mod" => Some((suite, name(folder))),
        module if folder == root().join("tests") => Some((suite, module.to_owned())),
        module => {
            let parents = ["mod.rs", "main.rs"].map(|file| folder.join(file));
            let parent = parents.into_iter().find(|parent| parent.exists());
            let parent = parent.unwrap_or_else(|| folder.with_extension("rs"));
            Some((parent, module.to_owned()))
        }
    }
}

fn every_dependency_has_its_reason() {
    let manifest = read(&root().join("Cargo.toml"));
    let reasons = read(&root().join("docs/contributing.md"));
    for section in ["[dependencies]", "[dev-dependencies]"] {
        let body = manifest.split(section).nth(1).unwrap();
        let body = body.split("\n[").next().unwrap();
        for line in body.lines().filter(|line| line.contains('=')) {
            let name = line.split('=').next().unwrap().trim();
            assert!(
                reasons.contains(&format!("| `{name}` |")),
                "docs/contributing.md does not say why `{name}` is here"
            );
        }
    }
}

fn every_verb_is_in_the_guide() {
    let verbs = read(&root().join("src/cli.rs"));
    let guide = read(&root().join("docs/guide.md"));
    let list = verbs.split("pub enum Command {").nth(1).unwrap();
    let list = list.split("\n}").next().unwrap();
    let names = list
        .lines()
        .filter_map(|line| line.trim().split(['(', ',']).next());
    for name in names.filter(|name| name.starts_with(char::is_uppercase)) {
        let verb = kebab(name);
        assert!(
            guide.contains(&format!("larder {verb}")),
            "docs/guide.md does not mention `larder {verb}`"
        );
    }
}

fn kebab(name: &str) -> String {
    let mut out = String::new();
    for (at, c) in name.char_indices() {
        if c.is_uppercase() && at > 0 {
            out.push('-');
        }
        out.extend(c.to_lowercase());
    }
    out
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn of_the_crate() -> Vec<Source> {
    sources(&root().join("src"))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let files = entries.flat_map(|entry| {
        let path = entry.unwrap().path();
        // A folder with a manifest is a crate of its own.
        if path.join("Cargo.toml").exists() {
            Vec::new()
        } else if path.is_dir() {
            rust_files(&path)
        } else {
            vec![path]
        }
    });
    let is_rust = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "rs");
    files.filter(is_rust).collect()
}
