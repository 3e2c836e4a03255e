//! A repository of one test, and the programs that run in it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::folder::{copy, copy_of};

/// A folder that holds a repository, and beside it what no command may touch.
pub(crate) struct World {
    dir: TempDir,
}

/// How larder ended, and what it said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) words: String,
}

/// Everything below a folder: permissions, and bytes or where a link leads.
pub(crate) type Snapshot = BTreeMap<PathBuf, (u32, Vec<u8>)>;

impl World {
    /// The two machines, committed.
    pub(crate) fn new() -> Self {
        Self::copy_of("two-machines", |original| {
            let world = Self::empty();
            copy(&tests().join("fleets/two-machines"), &world.repo());
            world.git(&["init", "-q", "-b", "main"]);
            world.commit("fleet");
            copy(&world.repo(), original);
        })
    }

    /// The two machines with their inventory.
    pub(crate) fn initialised() -> Self {
        Self::copy_of("two-machines-initialised", |original| {
            let world = Self::new();
            world.done(&["init", "--yes", "--quiet"]);
            copy(&world.repo(), original);
        })
    }

    fn empty() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("repo")).unwrap();
        Self { dir }
    }

    fn copy_of(name: &'static str, make: fn(&Path)) -> Self {
        let world = Self::empty();
        copy_of(name, make, &world.repo());
        // The copies are other files than those that git has looked at.
        world.git(&["update-index", "-q", "--refresh"]);
        world
    }

    /// The folder that holds the repository.
    pub(crate) fn around(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn repo(&self) -> PathBuf {
        self.dir.path().join("repo")
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.repo().join(path)
    }

    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// A file in which the first `from` is now `to`.
    pub(crate) fn replace(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "`{from}` is not in `{path}`");
        self.write(path, text.replacen(from, to, 1));
    }

    pub(crate) fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", message]);
    }

    /// A program in the repository, in an environment without the user's own.
    pub(crate) fn program(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.repo())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.around())
            .env("LC_ALL", "C.UTF-8")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_EDITOR", "false");
        for who in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{who}_NAME"), "Ada")
                .env(format!("GIT_{who}_EMAIL"), "ada@example.org");
        }
        command
    }

    /// larder, on its way. It may not take all of the machine: one that wants more
    /// ends in a way that no test accepts.
    pub(crate) fn start(&self, args: &[&str]) -> Command {
        let mut command = self.program("sh");
        command
            .args(["-c", "ulimit -v 4000000; exec timeout 300 \"$@\"", "sh"])
            .arg(env!("CARGO_BIN_EXE_larder"))
            .args(args);
        command
    }

    pub(crate) fn larder(&self, args: &[&str]) -> Said {
        Said::of(&self.start(args).output().unwrap())
    }

    /// larder, and the seconds that it has computed.
    pub(crate) fn measured(&self, args: &[&str]) -> (Said, f64) {
        let script = "ulimit -v 4000000; TIMEFORMAT=%U; time timeout 300 \"$@\"";
        let mut command = self.program("bash");
        command.args(["-c", script, "bash", env!("CARGO_BIN_EXE_larder")]);
        let mut output = command.args(args).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let (said, seconds) = stderr.trim_end().rsplit_once('\n').unwrap_or(("", &stderr));
        output.stderr = said.as_bytes().to_vec();
        (Said::of(&output), seconds.trim().parse().unwrap())
    }

    /// larder, which must succeed.
    #[track_caller]
    pub(crate) fn done(&self, args: &[&str]) -> Said {
        let said = self.larder(args);
        assert_eq!(said.code, Some(0), "{args:?}: {}", said.words);
        said
    }

    /// larder, which must refuse, say each of these lines, and leave every byte as it is.
    #[track_caller]
    pub(crate) fn refused(&self, args: &[&str], lines: &[&str]) -> Said {
        let before = self.snapshot();
        let said = self.larder(args);
        assert!(matches!(said.code, Some(1 | 2)), "{args:?}: {said:?}");
        for line in lines {
            said.says(line);
        }
        self.unchanged(&before);
        said
    }

    /// What git prints; it must succeed.
    #[track_caller]
    pub(crate) fn git(&self, args: &[&str]) -> String {
        let output = self.program("git").args(args).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {args:?}: {said}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Everything, git's own files and what lies beside the repository included;
    /// larder's own lock and what lint remembers not.
    pub(crate) fn snapshot(&self) -> Snapshot {
        let mut all = Snapshot::new();
        collect(self.around(), &mut all);
        let ours = self.path(".git/larder");
        all.remove(&ours.join("lock"));
        all.retain(|path, _| !path.starts_with(ours.join("cache")));
        all.remove(&ours);
        all
    }

    #[track_caller]
    pub(crate) fn unchanged(&self, before: &Snapshot) {
        let after = self.snapshot();
        let paths = before.keys().chain(after.keys());
        let differs = |path: &&PathBuf| before.get(*path) != after.get(*path);
        let changed: Vec<_> = paths.filter(differs).collect();
        assert!(changed.is_empty(), "changed: {changed:?}");
    }

    /// What git finds wrong, and what larder has left behind: nothing.
    #[track_caller]
    pub(crate) fn assert_sound(&self) {
        self.git(&["fsck", "--strict"]);
        let is_left = |path: &&PathBuf| {
            let is_lock = path.extension().is_some_and(|it| it == "lock");
            let name = path.display().to_string();
            is_lock || name.contains("larder-tmp") || name.contains(".git/larder/")
        };
        let all = self.snapshot();
        assert_eq!(all.keys().find(is_left), None, "this is left over");
    }
}

impl Said {
    /// A whole line, with nothing before or behind it.
    #[track_caller]
    pub(crate) fn says(&self, line: &str) {
        let is_said = self.words.lines().any(|said| said.trim_start() == line);
        assert!(is_said, "no line `{line}` in:\n{}", self.words);
    }

    pub(crate) fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            code: output.status.code(),
            words: text(&output.stdout) + &text(&output.stderr),
        }
    }
}

/// A file in `tests/keys`.
pub(crate) fn key(name: &str) -> String {
    tests().join("keys").join(name).display().to_string()
}

/// The command that wires the two machines, with a new identity.
pub(crate) fn add_cache() -> Vec<String> {
    let signing = fs::read_to_string(key("kalaw.signing")).unwrap();
    let text = format!(
        "add-cache kalaw --client pai --lan --host-key kalaw={} --identity /etc/nixos/key \
         --new-identity nix_ssh_key --signing-key {} --yes --quiet",
        key("kalaw.pub"),
        signing.trim()
    );
    text.split_whitespace().map(str::to_owned).collect()
}

/// The arguments as larder takes them.
pub(crate) fn strs(args: &[String]) -> Vec<&str> {
    args.iter().map(String::as_str).collect()
}

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn collect(dir: &Path, all: &mut Snapshot) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let about = path.symlink_metadata().unwrap();
        let bytes = match about.file_type() {
            kind if kind.is_symlink() => fs::read_link(&path)
                .unwrap()
                .into_os_string()
                .into_encoded_bytes(),
            // A large file of these tests has no bytes, only a size.
            kind if kind.is_file() && about.len() > 1 << 24 => about.len().to_le_bytes().to_vec(),
            kind if kind.is_file() => fs::read(&path).unwrap(),
            _ => Vec::new(),
        };
        all.insert(path.clone(), (about.permissions().mode(), bytes));
        if about.is_dir() {
            collect(&path, all);
        }
    }
}
