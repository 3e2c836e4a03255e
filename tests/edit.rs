//! The corpus of shapes: `edit/<operation>/<shape>.nix` goes through the
//! operation and must come out as `<shape>.out.nix`, or be refused with the
//! words in `<shape>.refused`. `UPDATE=1` writes what came out.
//!
//! Each accepted edit is also done twice (which must be once), undone (which
//! must give every byte back), and read by real Nix.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use larder::internals::nix::{AttrPath, Literal, NixFile, Refusal, Scope, edit, range_of};
use larder::internals::repo::RepoPath;
use larder::internals::text::TextEdit;
use libtest_mimic::{Failed, Trial};
use rowan::ast::AstNode;

type Edit = Result<TextEdit, Refusal>;

/// What a folder's fixtures go through, and the way back.
struct Operation {
    name: &'static str,
    apply: fn(&NixFile) -> Edit,
    undo: fn(&NixFile) -> Edit,
}

const OPERATIONS: [Operation; 6] = [
    Operation {
        name: "import",
        apply: |file| edit::ensure_item(file, &Scope::module(file)?, &imports(), &host_file()),
        undo: |file| edit::ensure_no_item(file, &Scope::module(file)?, &imports(), &host_file()),
    },
    Operation {
        name: "import-by-nixfmt",
        apply: |file| {
            let scope = Scope::module(file)?;
            edit::ensure_item_in(edit::Style::Nixfmt, file, &scope, &imports(), &host_file())
        },
        undo: |file| edit::ensure_no_item(file, &Scope::module(file)?, &imports(), &host_file()),
    },
    Operation {
        name: "nested-import",
        apply: |file| edit::ensure_item(file, &thor(file)?, &imports(), &host_file()),
        undo: |file| edit::ensure_no_item(file, &thor(file)?, &imports(), &host_file()),
    },
    Operation {
        name: "item",
        apply: |file| edit::ensure_item(file, &Scope::module(file)?, &substituters(), &address()),
        undo: |file| edit::ensure_no_item(file, &Scope::module(file)?, &substituters(), &address()),
    },
    Operation {
        name: "entry",
        apply: |file| edit::insert_after(file, binding(file, "pai"), HOST),
        undo: |file| edit::remove_at(file, binding(file, "kalaw")),
    },
    Operation {
        name: "row",
        apply: |file| edit::insert_after(file, string(file, "\"pai\""), "\"kalaw\""),
        undo: |file| edit::remove_at(file, string(file, "\"kalaw\"")),
    },
];

const HOST_FILE: &str = "larder/hosts/pai.nix";
const HOST: &str = "kalaw = mkHost \"kalaw\" [\n  ./kalaw.nix\n];";

pub(crate) fn trials() -> Vec<Trial> {
    OPERATIONS.iter().flat_map(trials_of).collect()
}

fn trials_of(operation: &'static Operation) -> Vec<Trial> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/edit")
        .join(operation.name);
    let mut shapes: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension() == Some(OsStr::new("nix")))
        .filter(|path| !path.to_string_lossy().ends_with(".out.nix"))
        .collect();
    shapes.sort();
    shapes
        .into_iter()
        .map(|path| {
            let shape = path.file_stem().unwrap().to_string_lossy().into_owned();
            let name = format!("edit::{}/{shape}", operation.name);
            Trial::test(name, move || check(operation, &path))
        })
        .collect()
}

fn check(operation: &Operation, path: &Path) -> Result<(), Failed> {
    let before = fs::read_to_string(path)?;
    let file = NixFile::parse(before.as_str())?;
    match (operation.apply)(&file) {
        Ok(edit) => {
            let after = edit.apply(&before);
            compare(
                &path.with_extension("out.nix"),
                &after,
                &path.with_extension("refused"),
            )?;
            check_after(operation, &before, &after)?;
            nix_reads(path)?;
            nix_reads(&path.with_extension("out.nix"))
        }
        Err(refusal) => {
            let said = said(&file, &refusal);
            compare(
                &path.with_extension("refused"),
                &said,
                &path.with_extension("out.nix"),
            )
        }
    }
}

fn check_after(operation: &Operation, before: &str, after: &str) -> Result<(), Failed> {
    edit::verify(&NixFile::parse(before)?, after)?;
    let file = NixFile::parse(after)?;
    if operation.name != "entry" && operation.name != "row" {
        let again = (operation.apply)(&file)?;
        same("twice is not once", after, &again.apply(after))?;
    }
    if operation.name == "import" {
        lint_sees_it(&file)?;
    }
    let undone = (operation.undo)(&file)?.apply(after);
    // What was there already was not ours to keep.
    let was_there = before == after;
    if was_there {
        Ok(())
    } else {
        same("the way back", before, &undone)
    }
}

/// What the editor has written the survey must find, or lint would say that it is
/// missing.
fn lint_sees_it(file: &NixFile) -> Result<(), Failed> {
    let imports = larder::internals::survey::facts(file).imports;
    let named = |text: &str| RepoPath::new(text).is_some_and(|it| it.as_str() == HOST_FILE);
    let mut files = imports.iter().filter_map(|one| one.target.file());
    if files.any(named) {
        return Ok(());
    }
    Err(format!("lint does not see the import in:\n{}", file.text()).into())
}

fn compare(path: &Path, actual: &str, other: &Path) -> Result<(), Failed> {
    if std::env::var_os("UPDATE").is_some() {
        drop(fs::remove_file(other));
        fs::write(path, actual)?;
    }
    let expected = fs::read_to_string(path)
        .map_err(|_| format!("{} is missing; got:\n{actual}", path.display()))?;
    same("the result", &expected, actual)
}

fn same(what: &str, expected: &str, actual: &str) -> Result<(), Failed> {
    if expected == actual {
        return Ok(());
    }
    let diff = larder::internals::text::unified(what, Some(expected), Some(actual));
    Err(format!("{what} differs:\n{diff}{expected:?}\n{actual:?}").into())
}

fn said(file: &NixFile, refusal: &Refusal) -> String {
    let at = file.lines().position(file.text(), refusal.range.start);
    let source = &file.text()[refusal.range.clone()];
    let message = &refusal.message;
    let help: Vec<String> = refusal
        .help
        .iter()
        .map(|help| format!("help: {help}\n"))
        .collect();
    format!(
        "{}:{}: {message}\n{source}\n{}",
        at.line,
        at.column,
        help.concat()
    )
}

fn nix_reads(path: &Path) -> Result<(), Failed> {
    let nix = Command::new("nix-instantiate")
        .arg("--parse")
        .arg(path)
        .output()?;
    if nix.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&nix.stderr).into_owned().into())
}

fn imports() -> AttrPath {
    AttrPath::new(["imports"])
}

fn host_file() -> Literal {
    Literal::path(HOST_FILE)
}

fn substituters() -> AttrPath {
    AttrPath::new(["nix", "settings", "substituters"])
}

fn address() -> Literal {
    Literal::string("ssh://nix-ssh@kalaw")
}

fn thor(file: &NixFile) -> Result<Scope, Refusal> {
    Scope::nested(file, &AttrPath::new(["flake", "modules", "nixos", "thor"]))
}

fn bindings(file: &NixFile, name: &str) -> rnix::ast::AttrpathValue {
    file.syntax()
        .descendants()
        .filter_map(rnix::ast::AttrpathValue::cast)
        .find(|binding| {
            binding
                .attrpath()
                .unwrap()
                .attrs()
                .last()
                .unwrap()
                .to_string()
                == name
        })
        .unwrap_or_else(|| panic!("the fixture binds no `{name}`"))
}

fn binding(file: &NixFile, name: &str) -> std::ops::Range<usize> {
    range_of(bindings(file, name).syntax())
}

fn string(file: &NixFile, text: &str) -> std::ops::Range<usize> {
    let node = file
        .syntax()
        .descendants()
        .find(|node| node.kind() == rnix::SyntaxKind::NODE_STRING && node.text() == text)
        .unwrap_or_else(|| panic!("the fixture holds no {text}"));
    range_of(&node)
}
