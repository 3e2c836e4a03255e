//! Finds the flake's folder in the work tree.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Stop};
use crate::io::disk::WithPath;
use crate::repo::{Loader, RepoPath};

/// The folder of the inventory is the flake's folder, without further search.
const INVENTORY: &str = "larder.toml";
const FLAKE: &str = "flake.nix";

/// The folder as an absolute path with links resolved.
///
/// # Errors
/// When it does not exist, or is not a folder.
pub(super) fn existing(start: &Path) -> Result<PathBuf, Stop> {
    let start = start.canonicalize().with_path("open", start)?;
    if start.is_dir() {
        return Ok(start);
    }
    Err(not_a_folder(&start))
}

/// `start` relative to the top of the work tree.
///
/// # Errors
/// When it is outside of the work tree, or its name is not UTF-8.
pub(super) fn inside(root: &Path, start: &Path) -> Result<RepoPath, Stop> {
    let relative = start.strip_prefix(root).ok().and_then(Path::to_str);
    relative.and_then(RepoPath::new).ok_or_else(|| {
        let message = format!(
            "`{}` is not in the work tree `{}`",
            start.display(),
            root.display()
        );
        Stop::fault(Diagnostic::error("outside", message))
    })
}

/// The path in the work tree that `path` names from the folder `from`; `None` if it is
/// outside. The path need not exist.
pub(super) fn locate(root: &Path, from: &Path, path: &Path) -> Option<RepoPath> {
    let absolute = resolved(&from.join(path));
    RepoPath::new(absolute.strip_prefix(root).ok()?.to_str()?)
}

/// The flake's folder: the nearest, from `start` up to `root`, with an inventory, else
/// with a flake that mentions `nixosConfigurations`, else with any flake.
///
/// # Errors
/// When there is none. `tracked` is called only then, to list the flakes below `start`.
pub(super) fn flake_dir(
    root: &Path,
    start: &Path,
    files: &dyn Loader,
    tracked: impl FnOnce() -> Result<Vec<RepoPath>, Stop>,
) -> Result<RepoPath, Stop> {
    let start = inside(root, start)?;
    let upward = upward(&start);
    let nearest = |test: &dyn Fn(&RepoPath) -> bool| upward.iter().find(|dir| test(dir)).cloned();
    let found = nearest(&|dir| has(files, dir, INVENTORY))
        .or_else(|| nearest(&|dir| defines_machines(files, dir)))
        // The machines may be defined in another file, or by a framework that finds their
        // folders: `flake::discover` decides whether there are any.
        .or_else(|| nearest(&|dir| has(files, dir, FLAKE)));
    match found {
        Some(dir) => Ok(dir),
        None => Err(no_flake(&start, &flakes_below(files, &start, &tracked()?))),
    }
}

/// The topmost folder, from `start` upward, that has a flake; `start` if none has. This
/// is the root where no git repository says what the work tree is.
pub(super) fn topmost_flake(start: &Path) -> PathBuf {
    let with_flake = |dir: &&Path| dir.join(FLAKE).is_file() || dir.join(INVENTORY).is_file();
    let topmost = start.ancestors().filter(with_flake).last();
    topmost.unwrap_or(start).to_owned()
}

fn upward(start: &RepoPath) -> Vec<RepoPath> {
    let mut dirs = vec![start.clone()];
    while let Some(last) = dirs.last().filter(|dir| !dir.as_str().is_empty()) {
        dirs.push(last.parent());
    }
    dirs
}

fn flakes_below(files: &dyn Loader, start: &RepoPath, tracked: &[RepoPath]) -> Vec<RepoPath> {
    let named = |path: &&RepoPath| matches!(path.file_name(), FLAKE | INVENTORY);
    let folders = tracked.iter().filter(named).map(RepoPath::parent);
    let below = |dir: &RepoPath| !dir.relative_to(start).starts_with("..");
    let mut found: Vec<_> = folders
        .filter(|dir| below(dir))
        .filter(|dir| has(files, dir, INVENTORY) || defines_machines(files, dir))
        .collect();
    found.dedup();
    found
}

/// True if the path exists, a text file or not: reading it later reports why not.
fn has(files: &dyn Loader, dir: &RepoPath, name: &str) -> bool {
    dir.join(name).is_some_and(|path| files.path_exists(&path))
}

fn defines_machines(files: &dyn Loader, dir: &RepoPath) -> bool {
    text(files, dir, FLAKE).is_some_and(|text| text.contains("nixosConfigurations"))
}

fn text(files: &dyn Loader, dir: &RepoPath, name: &str) -> Option<Arc<str>> {
    files.load(&dir.join(name)?).ok().flatten()
}

/// The path with the links of its longest existing prefix resolved.
fn resolved(path: &Path) -> PathBuf {
    for prefix in path.ancestors() {
        if let Ok(real) = prefix.canonicalize() {
            let rest = path.strip_prefix(prefix).unwrap_or(Path::new(""));
            return real.join(rest);
        }
    }
    path.to_owned()
}

fn no_flake(start: &RepoPath, below: &[RepoPath]) -> Stop {
    let message = "no flake with `nixosConfigurations` in this folder or above it";
    if below.is_empty() {
        let help = "go to the folder of your `flake.nix`, or start one here: `larder init --new-flake HOST`";
        return Stop::fault(Diagnostic::error("no-flake", message).help(help));
    }
    let elsewhere = Diagnostic::error("flake-elsewhere", message);
    let with_help = below.iter().fold(elsewhere, |diagnostic, dir| {
        diagnostic.help(format!("`larder -C {} …`", dir.relative_to(start)))
    });
    Stop::fault(with_help)
}

fn not_a_folder(path: &Path) -> Stop {
    let message = format!("`{}` is not a folder", path.display());
    Stop::fault(Diagnostic::error("not-a-folder", message))
}
