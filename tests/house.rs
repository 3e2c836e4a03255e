//! The rules of the house, checked: who may import whom, where effects live,
//! what the documents must mention.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests touch the world, and fail where it does not answer"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Module → the modules that it may import. `docs/architecture.md` explains it.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("key", &[]),
    ("diagnostic", &["text"]),
    ("report", &["diagnostic", "text"]),
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
    (
        "survey",
        &["fleet", "repo", "nix", "key", "diagnostic", "text"],
    ),
    (
        "project",
        &[
            "survey",
            "flake",
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
    (
        "plan",
        &[
            "project",
            "lint",
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
            "lint",
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
            "lint",
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

/// Where a newcomer gets lost.
const LONGEST_FILE: usize = 400;

#[test]
fn imports_run_upward_only() {
    let table: BTreeMap<_, _> = MAY_IMPORT.iter().copied().collect();
    let mut broken = Vec::new();
    for file in sources() {
        let module = module_of(&file);
        let Some(allowed) = table.get(module.as_str()) else {
            continue;
        };
        for import in imports(&code(&file)) {
            if import != module && !allowed.contains(&import.as_str()) {
                broken.push(format!("{}: {module} imports {import}", file.display()));
            }
        }
    }
    assert!(
        broken.is_empty(),
        "imports against the table:\n{}",
        broken.join("\n")
    );
}

#[test]
fn every_module_stands_in_the_table() {
    let known: Vec<&str> = MAY_IMPORT.iter().map(|(module, _)| *module).collect();
    for file in sources() {
        let module = module_of(&file);
        let is_top = ["lib", "main", "run", "internals"].contains(&module.as_str());
        assert!(
            is_top || known.contains(&module.as_str()),
            "add `{module}` to the table in tests/house.rs and to docs/architecture.md"
        );
    }
}

/// Modules whose files import each other in one direction only. The others are to come.
const WITHOUT_CIRCLES: &[&str] = &["lint"];

#[test]
fn files_of_a_module_import_in_one_direction() {
    for module in WITHOUT_CIRCLES {
        let mut files = files_below(&root().join("src").join(module));
        let all = files.clone();
        let imports = |file: &PathBuf| imported_files(file, module, &all);
        let imports: BTreeMap<_, _> = all.iter().map(|file| (file, imports(file))).collect();
        // What imports nothing that is left is in no circle.
        loop {
            let left = files.clone();
            files.retain(|file| imports[file].iter().any(|import| left.contains(import)));
            if files.len() == left.len() {
                break;
            }
        }
        assert!(files.is_empty(), "these, or some of them: {files:#?}");
    }
}

/// The files of a module that one of them names; a `mod.rs` uses all beside it.
fn imported_files(file: &Path, module: &str, files: &[PathBuf]) -> Vec<PathBuf> {
    let own = format!("crate::{module}");
    let text = code(file);
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    // A visibility is no import.
    let text = lines.collect::<String>().replace("(in crate::", "(in ");
    let mut found: Vec<PathBuf> = text
        .split(&own)
        .skip(1)
        .flat_map(paths_at)
        .map(|names| deepest(&root().join("src").join(module), &names))
        .collect();
    if file.file_name().unwrap() == "mod.rs" {
        let folder = file.parent().unwrap();
        let is_beside = |other: &&PathBuf| {
            let inner = other.strip_prefix(folder);
            inner.is_ok_and(|inner| {
                inner.components().count() == 1
                    || inner.components().count() == 2 && inner.ends_with("mod.rs")
            })
        };
        found.extend(files.iter().filter(is_beside).cloned());
    }
    found.retain(|import| import != file);
    found
}

/// The paths that begin here: `::a::b`, or `::a::{b, c}`.
fn paths_at(rest: &str) -> Vec<Vec<String>> {
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let end = rest.find(|c| !is_path(c)).unwrap_or(rest.len());
    let names = |path: &str| -> Vec<String> {
        let names = path.split("::").filter(|name| !name.is_empty());
        names.map(str::to_owned).collect()
    };
    let first = names(&rest[..end]);
    match rest[end..].strip_prefix('{') {
        Some(group) => {
            let group = group.split('}').next().unwrap();
            let each = group.split(',').map(|one| names(one.trim()));
            each.map(|one| first.iter().cloned().chain(one).collect())
                .collect()
        }
        None => vec![first],
    }
}

/// The file that a path below a module leads to.
fn deepest(module: &Path, names: &[String]) -> PathBuf {
    let mut folder = module.to_owned();
    for name in names {
        let file = folder.join(format!("{name}.rs"));
        if file.exists() {
            return file;
        }
        if !folder.join(name).is_dir() {
            break;
        }
        folder.push(name);
    }
    folder.join("mod.rs")
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(folder, &mut found);
    found.sort();
    found
}

#[test]
fn no_glob_of_the_parent_outside_tests() {
    for file in sources() {
        assert!(
            !code(&file).contains("use super::*"),
            "{}: name what you import, so that the import table can be checked",
            file.display()
        );
    }
}

#[test]
fn effects_are_allowed_only_in_io() {
    for file in sources() {
        let excuses = code(&file).contains("clippy::disallowed_methods");
        assert!(
            !excuses || file.starts_with(root().join("src/io")),
            "{}: effects live in src/io",
            file.display()
        );
    }
}

#[test]
fn programs_are_started_in_one_place() {
    let place = root().join("src/io/program");
    let is_tests = |file: &PathBuf| file.components().any(|part| part.as_os_str() == "tests");
    for file in sources().into_iter().filter(|file| !is_tests(file)) {
        let code = code(&file);
        let starts = ["Command::new", "Exec::cmd", "Exec::shell"];
        assert!(
            file.starts_with(&place)
                || file == place.with_extension("rs")
                || starts.iter().all(|start| !code.contains(start)),
            "{}: only src/io/program.rs starts programs",
            file.display()
        );
    }
}

#[test]
fn files_stay_readable() {
    for file in sources() {
        let lines = code(&file).lines().count();
        assert!(
            lines <= LONGEST_FILE,
            "{} has {lines} lines: give a part of it a name and a file",
            file.display()
        );
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for file in sources() {
        assert!(
            read(&file).starts_with("//!"),
            "{}: begin with a line about its purpose",
            file.display()
        );
    }
}

#[test]
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

#[test]
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

/// A source without its tests.
fn code(file: &Path) -> String {
    if file.file_name().unwrap() == "tests.rs" {
        return String::new();
    }
    read(file).split("#[cfg(test)]").next().unwrap().to_owned()
}

fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(&root().join("src"), &mut found);
    assert!(found.len() > 20, "the sources were not found");
    found.sort();
    found
}

fn collect(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The top-level module that a file belongs to.
fn module_of(file: &Path) -> String {
    let relative = file.strip_prefix(root().join("src")).unwrap();
    let first = relative.components().next().unwrap();
    let stem = Path::new(first.as_os_str()).file_stem().unwrap();
    stem.to_string_lossy().into_owned()
}

/// Every `crate::x` that a file names outside its comments.
fn imports(text: &str) -> Vec<String> {
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let is_name = |c: &char| c.is_alphanumeric() || *c == '_';
    let name = |rest: &str| rest.chars().take_while(is_name).collect::<String>();
    code.flat_map(|line| line.split("crate::").skip(1))
        .map(name)
        .filter(|name| !name.is_empty())
        .collect()
}
