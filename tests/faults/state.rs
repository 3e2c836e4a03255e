//! What a user would miss, and what a command meets.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use libtest_mimic::Failed;

use crate::fixture::Fixture;

pub(crate) const PRIVATE: &str = "BEGIN OPENSSH PRIVATE KEY";

/// Everything that a user would miss: the files, and how git sees them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct State {
    files: BTreeMap<String, (u32, String)>,
    git: BTreeMap<&'static str, String>,
}

impl State {
    pub(crate) fn of(fixture: &Fixture) -> Result<Self, Failed> {
        let mut files = BTreeMap::new();
        collect(&fixture.work(), &fixture.work(), false, &mut files)?;
        let mut git = BTreeMap::new();
        for (what, args) in [
            ("status", vec!["status", "--porcelain"]),
            ("staged", vec!["diff", "--cached"]),
            ("log", vec!["log", "--format=%s", "--all"]),
            ("reflog", vec!["reflog", "--format=%gs"]),
        ] {
            git.insert(what, without_hashes(&masked(&fixture.git(&args)?)));
        }
        Ok(Self { files, git })
    }

    pub(crate) fn difference(&self, other: &Self) -> String {
        let paths = self.files.keys().chain(other.files.keys());
        let differs = |path: &&String| self.files.get(*path) != other.files.get(*path);
        let mut said: Vec<String> = paths.filter(differs).cloned().collect();
        said.dedup();
        let git = self
            .git
            .iter()
            .filter(|(what, text)| other.git.get(*what) != Some(*text));
        said.extend(git.map(|(what, text)| format!("git {what}: {text:?}")));
        said.join(", ")
    }
}

pub(crate) fn collect(
    root: &Path,
    dir: &Path,
    gits: bool,
    files: &mut BTreeMap<String, (u32, String)>,
) -> Result<(), Failed> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let about = path.symlink_metadata()?;
        if path.ends_with(".git") && about.is_dir() && !gits {
            continue;
        }
        let name = path.strip_prefix(root)?.display().to_string();
        let text = if about.is_file() {
            masked(&String::from_utf8_lossy(&fs::read(&path)?))
        } else {
            String::new()
        };
        files.insert(name, (about.permissions().mode(), text));
        if about.is_dir() {
            collect(root, &path, gits, files)?;
        }
    }
    Ok(())
}

/// Keys are new in every run.
fn masked(text: &str) -> String {
    if text.starts_with(&format!("-----{PRIVATE}-----")) && text.ends_with("-----\n") {
        return format!("a whole {PRIVATE}");
    }
    let mut parts = text.split("AAAAC3NzaC1lZDI1NTE5AAAAI");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |so_far, part| {
        so_far + "KEY" + part.get(43..).unwrap_or_default()
    })
}

/// Names of objects follow from contents that are compared anyway.
fn without_hashes(text: &str) -> String {
    let kept = text.lines().filter(|line| !line.starts_with("index "));
    kept.collect::<Vec<_>>().join("\n")
}
/// Everything that is not as it was before the command was tried. Whatever the
/// command meets on its second try is in it: where this is the same, so is that.
pub(crate) type Residue = BTreeSet<(String, u32, String)>;

pub(crate) fn residue(fixture: &Fixture) -> Result<Residue, Failed> {
    let (mut before, mut now) = (BTreeMap::new(), BTreeMap::new());
    collect(fixture.template(), fixture.template(), true, &mut before)?;
    collect(&fixture.work(), &fixture.work(), true, &mut now)?;
    let gone = before.keys().filter(|path| !now.contains_key(*path));
    let gone = gone.map(|path| (path.clone(), 0, "gone".to_owned()));
    let other = now
        .iter()
        .filter(|(path, it)| before.get(*path) != Some(it));
    let other = other.map(|(path, (mode, text))| (nameless(path), *mode, text.clone()));
    Ok(gone.chain(other).collect())
}

/// Objects are named for what is in them.
fn nameless(path: &str) -> String {
    path.split_once("/objects/")
        .map_or(path, |(above, _)| above)
        .to_owned()
}
