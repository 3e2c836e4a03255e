//! A repository of one test, and plans for it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use larder::internals::diagnostic::Stop;
use larder::internals::io::apply::Applied;
use larder::internals::io::preflight::Finish;
use larder::internals::io::workspace::Workspace;
use larder::internals::plan::{Change, PlacedSecret, Plan};
use larder::internals::repo::RepoPath;
use tempfile::TempDir;

use crate::folder::{copy, copy_of};

pub(crate) const FLAKE: &str = "{ outputs = _: { nixosConfigurations = { }; }; }\n";
pub(crate) const PAI: &str = "{ ... }:\n{\n  networking.hostName = \"pai\";\n}\n";
pub(crate) const KALAW: &str = "{ ... }:\n{\n  networking.hostName = \"kalaw\";\n}\n";

/// A git repository with a flake of two machines, one commit.
pub(crate) struct Sandbox {
    _dir: TempDir,
    root: PathBuf,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        let sandbox = Self::empty(tempfile::tempdir().unwrap());
        let make = |original: &Path| {
            let sandbox = Self::unborn(&[]);
            sandbox.first_commit();
            copy(&sandbox.root, original);
        };
        copy_of("sandbox", make, &sandbox.root);
        // The copies are other files than those that git has looked at.
        sandbox.git(&["update-index", "-q", "--refresh"]);
        sandbox
    }

    /// Without a commit; `init` are more arguments for `git init`.
    pub(crate) fn unborn(init: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self::made_in(dir, init)
    }

    /// Without a commit, on a disk of the caller's choice.
    pub(crate) fn in_folder(folder: &Path) -> Self {
        Self::made_in(tempfile::tempdir_in(folder).unwrap(), &[])
    }

    fn empty(dir: TempDir) -> Self {
        let root = dir.path().canonicalize().unwrap().join("fleet");
        fs::create_dir(&root).unwrap();
        Self { _dir: dir, root }
    }

    fn made_in(dir: TempDir, init: &[&str]) -> Self {
        let sandbox = Self::empty(dir);
        sandbox.git(&[&["init", "-q", "-b", "main"], init].concat());
        sandbox.git(&["config", "user.name", "Ada"]);
        sandbox.git(&["config", "user.email", "ada@example.org"]);
        sandbox
    }

    pub(crate) fn first_commit(&self) {
        self.write("flake.nix", FLAKE);
        self.write("pai.nix", PAI);
        self.write("kalaw.nix", KALAW);
        self.write("old.nix", "{ services = { }; }\n");
        self.commit_all("first");
    }

    pub(crate) fn commit_all(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", message]);
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub(crate) fn chmod(&self, path: &str, mode: u32) {
        fs::set_permissions(self.path(path), fs::Permissions::from_mode(mode)).unwrap();
    }

    /// What git prints; it must succeed.
    pub(crate) fn git(&self, args: &[&str]) -> String {
        let output = self.try_git(args);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {args:?}: {stderr}");
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn try_git(&self, args: &[&str]) -> Output {
        git_in(&self.root, args)
    }

    pub(crate) fn workspace(&self) -> Workspace {
        Workspace::open(&self.root).unwrap()
    }

    /// Lock, recover, apply, as every writing command does.
    pub(crate) fn apply(&self, plan: &Plan, finish: Finish) -> Result<Applied, Stop> {
        apply(&self.workspace(), plan, finish, &[])
    }

    pub(crate) fn commit(&self, plan: &Plan) -> Applied {
        self.apply(plan, Finish::Commit).unwrap()
    }

    /// The plan that most tests use: one file changed, one made, one deleted.
    pub(crate) fn plan(&self) -> Plan {
        Planned::new("wire pai")
            .edit(self, "pai.nix", |text| {
                text.replace('}', "  imports = [ ./larder/pai.nix ];\n}")
            })
            .create("larder/pai.nix", "{ }\n")
            .delete(self, "old.nix")
            .0
    }

    /// How git sees everything that is not committed.
    pub(crate) fn view(&self) -> [String; 3] {
        [
            self.git(&["status", "--porcelain=v2"]),
            self.git(&["diff"]),
            self.git(&["diff", "--cached"]),
        ]
    }

    /// The paths of the last commit with what happened to them.
    pub(crate) fn last_commit(&self) -> String {
        self.git(&["show", "--format=", "--name-status", "--no-renames", "HEAD"])
    }

    pub(crate) fn assert_sound(&self) {
        let fsck = self.try_git(&["fsck", "--strict"]);
        assert!(fsck.status.success(), "{fsck:?}");
        let said = String::from_utf8_lossy(&fsck.stderr).into_owned();
        assert_eq!(
            said.lines().find(|line| !line.starts_with("notice: ")),
            None,
            "git fsck"
        );
        assert!(!self.path(".git/index.lock").exists());
        assert_eq!(self.left_over(), Vec::<String>::new());
    }

    /// Files that larder should have removed.
    pub(crate) fn left_over(&self) -> Vec<String> {
        let ours = |path: &&String| {
            path.contains("larder-tmp")
                || path.split('.').next_back() == Some("lock")
                || (path.contains(".git/")
                    && path.contains("larder/")
                    && !path.ends_with("larder/lock"))
        };
        self.snapshot().keys().filter(ours).cloned().collect()
    }

    /// Every file and folder with its permissions and bytes, git's included,
    /// larder's own lock not.
    pub(crate) fn snapshot(&self) -> BTreeMap<String, (u32, Vec<u8>)> {
        let mut all = BTreeMap::new();
        collect(&self.root, &self.root, &mut all);
        all.remove(".git/larder/lock");
        all.remove(".git/larder");
        all
    }

    /// Asserts that the plan is refused and that nothing changes; says the words.
    #[track_caller]
    pub(crate) fn refused(&self, plan: &Plan, finish: Finish) -> String {
        let before = self.snapshot();
        let stop = self
            .apply(plan, finish)
            .expect_err("this plan must be refused");
        assert_same(&before, &self.snapshot());
        words(&stop)
    }

    /// The same where git itself has come to the point of making objects, which
    /// no branch knows, and of writing down the message.
    #[track_caller]
    pub(crate) fn refused_late(&self, plan: &Plan) -> String {
        let mut before = self.snapshot();
        before.remove(".git/COMMIT_EDITMSG");
        let stop = self
            .apply(plan, Finish::Commit)
            .expect_err("this plan must be refused");
        let mut after = self.snapshot();
        let gits = |path: &str| path.starts_with(".git/objects/") || path == ".git/COMMIT_EDITMSG";
        after.retain(|path, _| before.contains_key(path) || !gits(path));
        assert_same(&before, &after);
        words(&stop)
    }
}

#[track_caller]
pub(crate) fn assert_same<T: PartialEq>(before: &BTreeMap<String, T>, after: &BTreeMap<String, T>) {
    let gone = before.keys().filter(|path| !after.contains_key(*path));
    let other = after
        .keys()
        .filter(|path| before.get(*path) != after.get(*path));
    let changed: Vec<_> = gone.chain(other).collect();
    assert!(changed.is_empty(), "changed: {changed:?}");
}

/// What a person reads: code, message, help.
pub(crate) fn words(stop: &Stop) -> String {
    let said = stop.diagnostics().iter().flat_map(|it| {
        let first = format!("[{}] {}", it.code, it.message);
        std::iter::once(first).chain(it.help.iter().map(|help| format!("help: {help}")))
    });
    said.collect::<Vec<_>>().join("\n")
}

pub(crate) fn apply(
    ws: &Workspace,
    plan: &Plan,
    finish: Finish,
    dirty: &[RepoPath],
) -> Result<Applied, Stop> {
    let lock = ws.lock(Duration::from_secs(30))?;
    assert_eq!(ws.recover(&lock)?, None, "nothing was interrupted");
    ws.apply(&lock, plan, finish, dirty)
}

pub(crate) fn git_in(dir: &Path, args: &[&str]) -> Output {
    Command::new("git")
        .current_dir(dir)
        .args(args)
        .output()
        .unwrap()
}

pub(crate) fn at(path: &str) -> RepoPath {
    RepoPath::new(path).unwrap()
}

/// A plan on its way.
pub(crate) struct Planned(pub(crate) Plan);

impl Planned {
    pub(crate) fn new(message: &str) -> Self {
        Self(Plan {
            message: message.to_owned(),
            ..Plan::default()
        })
    }

    pub(crate) fn edit(
        mut self,
        sandbox: &Sandbox,
        path: &str,
        change: impl Fn(&str) -> String,
    ) -> Self {
        let before = sandbox.read(path);
        let after = change(&before).into();
        let before = before.into();
        self.0
            .changes
            .push((at(path), Change::Edit { before, after }));
        self
    }

    pub(crate) fn append(self, sandbox: &Sandbox, path: &str, line: &str) -> Self {
        self.edit(sandbox, path, |text| format!("{text}{line}"))
    }

    pub(crate) fn create(mut self, path: &str, text: &str) -> Self {
        let after = text.into();
        self.0.changes.push((at(path), Change::Create { after }));
        self
    }

    pub(crate) fn delete(mut self, sandbox: &Sandbox, path: &str) -> Self {
        let before = sandbox.read(path).into();
        self.0.changes.push((at(path), Change::Delete { before }));
        self
    }

    pub(crate) fn secret(mut self, secret: PlacedSecret) -> Self {
        self.0.secrets.push(secret);
        self
    }
}

fn collect(root: &Path, dir: &Path, all: &mut BTreeMap<String, (u32, Vec<u8>)>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let about = path.symlink_metadata().unwrap();
        let bytes = match about.file_type() {
            kind if kind.is_symlink() => fs::read_link(&path)
                .unwrap()
                .into_os_string()
                .into_encoded_bytes(),
            kind if kind.is_file() => fs::read(&path).unwrap(),
            _ => Vec::new(),
        };
        let name = path.strip_prefix(root).unwrap().display().to_string();
        all.insert(name, (about.permissions().mode(), bytes));
        if about.is_dir() {
            collect(root, &path, all);
        }
    }
}
