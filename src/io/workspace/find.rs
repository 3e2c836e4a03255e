//! Where the flake is.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Stop};
use crate::io::disk::WithPath;
use crate::io::workspace::load::Disk;
use crate::repo::{Loader, RepoPath};

/// The inventory marks the flake's folder beyond doubt.
const INVENTORY: &str = "larder.toml";
const FLAKE: &str = "flake.nix";

/// An absolute folder without links, or an error that names it.
pub(super) fn existing(start: &Path) -> Result<PathBuf, Stop> {
    let start = start.canonicalize().with_path("open", start)?;
    if start.is_dir() {
        return Ok(start);
    }
    Err(not_a_folder(&start))
}

/// `start` as seen from the top of the work tree.
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

/// The path in the work tree that `path` names from the folder `from`.
pub(super) fn locate(root: &Path, from: &Path, path: &Path) -> Option<RepoPath> {
    let absolute = resolved(&from.join(path));
    RepoPath::new(absolute.strip_prefix(root).ok()?.to_str()?)
}

/// The folder, from `start` upward to `root`, whose flake is meant.
/// `tracked` is only asked where it is not beyond doubt.
pub(super) fn flake_dir(
    root: &Path,
    start: &Path,
    tracked: impl FnOnce() -> Result<Vec<RepoPath>, Stop>,
) -> Result<RepoPath, Stop> {
    let disk = Disk::new(root.to_owned());
    let start = inside(root, start)?;
    let upward = upward(&start);
    let nearest = |test: &dyn Fn(&RepoPath) -> bool| upward.iter().find(|dir| test(dir)).cloned();
    let found = nearest(&|dir| has(&disk, dir, INVENTORY))
        .or_else(|| nearest(&|dir| defines_machines(&disk, dir)))
        // The flake may have them from another file, or from a framework that finds
        // them by their folders: whether it has any, its discovery will say.
        .or_else(|| nearest(&|dir| has(&disk, dir, FLAKE)));
    match found {
        Some(dir) => Ok(dir),
        None => Err(no_flake(&start, &candidates(&disk, &start, &tracked()?))),
    }
}

/// The topmost folder, from `start` upward, that has a flake: where there is no
/// git to say what the work tree is. Else `start`.
pub(super) fn topmost_flake(start: &Path) -> PathBuf {
    let with_flake = |dir: &&Path| dir.join(FLAKE).is_file() || dir.join(INVENTORY).is_file();
    let unbroken = start.ancestors().filter(with_flake).last();
    unbroken.unwrap_or(start).to_owned()
}

fn upward(start: &RepoPath) -> Vec<RepoPath> {
    let mut dirs = vec![start.clone()];
    while let Some(last) = dirs.last().filter(|dir| !dir.as_str().is_empty()) {
        dirs.push(last.parent());
    }
    dirs
}

fn candidates(disk: &Disk, start: &RepoPath, tracked: &[RepoPath]) -> Vec<RepoPath> {
    let named = |path: &&RepoPath| matches!(path.file_name(), FLAKE | INVENTORY);
    let folders = tracked.iter().filter(named).map(RepoPath::parent);
    let below = |dir: &RepoPath| !dir.relative_to(start).starts_with("..");
    let mut found: Vec<_> = folders
        .filter(|dir| below(dir))
        .filter(|dir| has(disk, dir, INVENTORY) || defines_machines(disk, dir))
        .collect();
    found.dedup();
    found
}

/// True if something of that name is there, be it no text: whoever reads it says why.
fn has(disk: &Disk, dir: &RepoPath, name: &str) -> bool {
    dir.join(name).is_some_and(|path| disk.path_exists(&path))
}

fn defines_machines(disk: &Disk, dir: &RepoPath) -> bool {
    text(disk, dir, FLAKE).is_some_and(|text| text.contains("nixosConfigurations"))
}

fn text(disk: &Disk, dir: &RepoPath, name: &str) -> Option<Arc<str>> {
    disk.load(&dir.join(name)?).ok().flatten()
}

/// The path with the links of its longest existing part resolved.
fn resolved(path: &Path) -> PathBuf {
    for part in path.ancestors() {
        if let Ok(real) = part.canonicalize() {
            let rest = path.strip_prefix(part).unwrap_or(Path::new(""));
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
    let with_help = below.iter().fold(elsewhere, |said, dir| {
        said.help(format!("`larder -C {} …`", dir.relative_to(start)))
    });
    Stop::fault(with_help)
}

fn not_a_folder(path: &Path) -> Stop {
    let message = format!("`{}` is not a folder", path.display());
    Stop::fault(Diagnostic::error("not-a-folder", message))
}
