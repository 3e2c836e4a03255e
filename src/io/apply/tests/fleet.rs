//! A repository with a plan, and transactions that stop half way.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::diagnostic::Stop;
use crate::io::apply::prepare;
use crate::io::apply::transaction::{ApplyRequest, Step, Transaction};
use crate::io::preflight::Finish;
use crate::io::workspace::Workspace;
use crate::key::PrivateKey;
use crate::plan::{Change, PlacedSecret, Plan, SecretKey, SecretPath};
use crate::repo::RepoPath;

/// The three ways in which a change is committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CommitMode {
    Commit,
    NoCommit,
    WithHook,
}

pub(super) const EVERY: [CommitMode; 3] = [
    CommitMode::Commit,
    CommitMode::NoCommit,
    CommitMode::WithHook,
];

impl CommitMode {
    pub(super) fn finish(self) -> Finish {
        match self {
            Self::NoCommit => Finish::NoCommit,
            Self::Commit | Self::WithHook => Finish::Commit,
        }
    }
}

pub(super) struct Fleet {
    pub(super) dir: TempDir,
    pub(super) root: PathBuf,
}

impl Fleet {
    pub(super) fn new(how: CommitMode) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap().join("fleet");
        fs::create_dir_all(root.join("hosts")).unwrap();
        let fleet = Self { dir, root };
        fleet.git(&["init", "-q", "-b", "main"]);
        for (key, value) in [
            ("user.name", "Ada"),
            ("user.email", "ada@example.org"),
            ("commit.gpgSign", "false"),
            ("core.hooksPath", ".git/hooks"),
            ("core.excludesFile", "/dev/null"),
            ("diff.renames", "false"),
            ("status.renames", "false"),
        ] {
            fleet.git(&["config", key, value]);
        }
        fleet.write("flake.nix", "{ nixosConfigurations = { }; }\n");
        fleet.write("hosts/pai.nix", "{ }\n");
        fleet.write("hosts/old.nix", "{ x = 1; }\n");
        fleet.write("note", "one\n");
        fleet.git(&["add", "-A"]);
        fleet.git(&["commit", "-q", "-m", "first"]);
        fleet.write("note", "staged\n");
        fleet.git(&["add", "note"]);
        fleet.write("note", "edited\n");
        if how == CommitMode::WithHook {
            fleet.write(".git/hooks/pre-commit", "#!/bin/sh\n");
            let mode = fs::Permissions::from_mode(0o755);
            fs::set_permissions(fleet.root.join(".git/hooks/pre-commit"), mode).unwrap();
        }
        fleet
    }

    pub(super) fn git(&self, args: &[&str]) -> String {
        let output = Command::new("git")
            .current_dir(&self.root)
            .args(args)
            .output()
            .unwrap();
        assert!(output.status.success(), "git {args:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        fs::write(self.root.join(path), text).unwrap();
    }

    pub(super) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap()
    }

    pub(super) fn workspace(&self) -> Workspace {
        Workspace::open(&self.root).unwrap()
    }

    pub(super) fn outside(&self) -> PathBuf {
        self.dir.path().canonicalize().unwrap().join("keys/pai")
    }

    /// A module edited, one made, one deleted, an ignore rule, two keys.
    pub(super) fn plan(&self) -> Plan {
        let path = |text| RepoPath::new(text).unwrap();
        let edit = Change::Edit {
            before: "{ }\n".into(),
            after: "{ imports = [ ../larder/hosts/pai.nix ]; }\n".into(),
        };
        let create = |text: &str| Change::Create { after: text.into() };
        let secret = |path| PlacedSecret {
            path,
            key: SecretKey::Ssh(Arc::new(PrivateKey::from_seed(&[7; 32], "pai"))),
        };
        Plan {
            message: "wire pai".into(),
            changes: vec![
                (path(".gitignore"), create("/secrets/\n")),
                (
                    path("hosts/old.nix"),
                    Change::Delete {
                        before: "{ x = 1; }\n".into(),
                    },
                ),
                (path("hosts/pai.nix"), edit),
                (path("larder/hosts/pai.nix"), create("{ }\n")),
            ],
            secrets: vec![
                secret(SecretPath::Ignored(path("secrets/pai"))),
                secret(SecretPath::Outside(self.outside())),
            ],
            ..Plan::default()
        }
    }

    /// Executes the first steps of the plan and drops the transaction.
    pub(super) fn killed_after(&self, how: CommitMode, steps: usize) -> Option<Step> {
        let ws = self.workspace();
        let plan = self.plan();
        let lock = ws.lock(Duration::from_secs(10)).unwrap();
        let transaction = begin(&ws, &plan, how);
        let steps = &transaction.steps().unwrap()[..steps];
        for &step in steps {
            transaction.execute(step).unwrap();
        }
        drop(lock);
        steps.last().copied()
    }

    /// Gives the journal the layout of larder 0.1, which had a file for each text.
    pub(super) fn as_larder_0_1_had_it(&self) {
        let journal = self.root.join(".git/larder/journal");
        let texts = fs::read(journal.join("texts")).unwrap();
        let path = journal.join("journal.json");
        let mut record: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        record["version"] = 1.into();
        for (i, file) in record["files"]
            .as_array_mut()
            .unwrap()
            .iter_mut()
            .enumerate()
        {
            for (key, name) in [("was", "old"), ("becomes", "new")] {
                let place = file.as_object_mut().unwrap().remove(key).unwrap();
                let Ok((start, length)) = serde_json::from_value::<(usize, usize)>(place) else {
                    continue;
                };
                let text = &texts[start..start + length];
                fs::write(journal.join(format!("{name}.{i}")), text).unwrap();
            }
        }
        fs::write(&path, record.to_string()).unwrap();
        fs::remove_file(journal.join("texts")).unwrap();
    }

    pub(super) fn recover(&self) -> Result<Option<String>, Stop> {
        let ws = self.workspace();
        let lock = ws.lock(Duration::from_secs(10))?;
        ws.recover(&lock)
    }

    /// Every file outside git's folder, and how git sees them.
    pub(super) fn state(&self) -> (BTreeMap<PathBuf, String>, [String; 4]) {
        let mut files = BTreeMap::new();
        collect(self.root.parent().unwrap(), &mut files);
        (
            files,
            [
                self.git(&["status", "--porcelain=v2"]),
                self.git(&["diff"]),
                self.git(&["diff", "--cached"]),
                self.git(&["log", "--format=%s", "main"]),
            ],
        )
    }

    pub(super) fn assert_sound(&self) {
        self.git(&["fsck", "--strict"]);
        let mut files = BTreeMap::new();
        collect(&self.root.join(".git"), &mut files);
        let lock = |path: &&PathBuf| path.extension().is_some_and(|it| it == "lock");
        assert_eq!(files.keys().find(lock), None);
        let ours = fs::read_dir(self.root.join(".git/larder")).unwrap();
        let names: Vec<_> = ours.map(|it| it.unwrap().file_name()).collect();
        assert_eq!(names, ["lock"]);
    }
}

pub(super) fn begin<'a>(ws: &'a Workspace, plan: &'a Plan, how: CommitMode) -> Transaction<'a> {
    let request = ApplyRequest {
        plan,
        finish: how.finish(),
        allow_dirty: &[],
    };
    prepare::transaction(ws, ws.git().unwrap(), request)
        .unwrap()
        .unwrap()
}

pub(super) fn collect(dir: &Path, files: &mut BTreeMap<PathBuf, String>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().is_some_and(|name| name == ".git") {
            continue;
        }
        if path.is_dir() {
            files.insert(path.clone(), String::new());
            collect(&path, files);
        } else {
            let bytes = fs::read(&path).unwrap();
            files.insert(path, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
}

pub(super) fn after(how: CommitMode) -> (BTreeMap<PathBuf, String>, [String; 4]) {
    let fleet = Fleet::new(how);
    let ws = fleet.workspace();
    let plan = fleet.plan();
    begin(&ws, &plan, how).commit().unwrap();
    relative(&fleet, fleet.state())
}

pub(super) type State = (BTreeMap<PathBuf, String>, [String; 4]);

pub(super) fn relative(fleet: &Fleet, (files, git): State) -> State {
    let top = fleet.root.parent().unwrap();
    let inside = |path: PathBuf| path.strip_prefix(top).unwrap().to_owned();
    (
        files
            .into_iter()
            .map(|(path, text)| (inside(path), text))
            .collect(),
        git,
    )
}
