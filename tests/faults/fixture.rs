//! The repository that a command is tried on, again and again.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::rc::Rc;
use std::sync::OnceLock;

use libtest_mimic::Failed;
use tempfile::TempDir;

/// The commands under test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Init,
    AddHost,
    AddCache,
    RemoveCache,
    RenameHost,
    Rotate,
}

impl Verb {
    pub(crate) const ALL: [Self; 6] = [
        Self::Init,
        Self::AddHost,
        Self::AddCache,
        Self::RemoveCache,
        Self::RenameHost,
        Self::Rotate,
    ];
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Init => "init",
            Self::AddHost => "add-host",
            Self::AddCache => "add-cache",
            Self::RemoveCache => "remove-cache",
            Self::RenameHost => "rename-host",
            Self::Rotate => "rotate",
        })
    }
}

/// What else is going on in the repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Clean,
    /// Work of the user's, staged, unstaged and untracked.
    Dirty,
    /// A linked work tree.
    Linked,
}

impl Place {
    pub(crate) const ALL: [Self; 3] = [Self::Clean, Self::Dirty, Self::Linked];
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Clean => "clean",
            Self::Dirty => "dirty",
            Self::Linked => "linked",
        })
    }
}

/// A repository and the command to run in it.
#[derive(Clone)]
pub(crate) struct Fixture {
    dir: Rc<TempDir>,
    place: Place,
    pub(crate) command: Vec<String>,
    /// Where the repositories are kept as they are before the command.
    template: PathBuf,
    /// True if the command is there to clean up what another left half made.
    cleans: bool,
}

impl Fixture {
    /// Makes the repository as it is before the command.
    pub(crate) fn new(verb: Verb, place: Place, commit: bool) -> Result<Self, Failed> {
        let mut command = command(verb);
        if !commit {
            command.push("--no-commit".to_owned());
        }
        let dir = Rc::new(tempfile::tempdir_in(ground())?);
        let fixture = Self {
            template: dir.path().join("template"),
            dir,
            place,
            command,
            cleans: false,
        };
        fixture.make(verb)?;
        copy(&fixture.work(), &fixture.template)?;
        Ok(fixture)
    }

    /// The same repositories as they are now, half made, and the command that cleans
    /// up. One with the same number before is gone.
    pub(crate) fn cleaning_up(&self, number: usize) -> Result<Self, Failed> {
        let template = self.dir.path().join(format!("half-made.{number}"));
        if template.exists() {
            fs::remove_dir_all(&template)?;
        }
        copy(&self.work(), &template)?;
        Ok(Self {
            dir: self.dir.clone(),
            place: self.place,
            command: CLEAN_UP.map(str::to_owned).to_vec(),
            template,
            cleans: true,
        })
    }

    /// Everything as before.
    pub(crate) fn reset(&self) -> Result<(), Failed> {
        fs::remove_dir_all(self.work())?;
        copy(&self.template, &self.work())
    }

    /// The folder that holds all repositories of this fixture, and nothing else.
    pub(crate) fn work(&self) -> PathBuf {
        self.dir.path().join("work")
    }

    /// The work tree in which the command runs.
    pub(crate) fn repo(&self) -> PathBuf {
        self.work().join(match self.place {
            Place::Linked => "linked",
            Place::Clean | Place::Dirty => "repo",
        })
    }

    /// Where larder keeps its lock and its journal.
    pub(crate) fn larder_dir(&self) -> PathBuf {
        self.work().join(match self.place {
            Place::Linked => "repo/.git/worktrees/linked/larder",
            Place::Clean | Place::Dirty => "repo/.git/larder",
        })
    }

    /// True if there is a change that is neither over nor taken back.
    pub(crate) fn is_half_made(&self) -> bool {
        self.larder_dir().join("journal").exists()
    }

    /// A program in the work tree, in an environment without the user's own.
    pub(crate) fn program(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.repo())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.dir.path())
            .env("TZ", "UTC")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_OPTIONAL_LOCKS", "0");
        for who in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{who}_NAME"), "Ada")
                .env(format!("GIT_{who}_EMAIL"), "ada@example.org")
                .env(format!("GIT_{who}_DATE"), "1700000000 +0000");
        }
        command
    }

    /// larder with these arguments.
    pub(crate) fn larder(&self, args: &[&str]) -> Result<Output, Failed> {
        Ok(self.program(larder()).args(args).output()?)
    }

    /// What git prints; it must succeed.
    pub(crate) fn git(&self, args: &[&str]) -> Result<String, Failed> {
        let output = self.program("git").args(args).output()?;
        succeeded(&format!("git {args:?}"), output)
    }

    /// The folder that is as [`Self::work`] is before the command.
    pub(crate) fn template(&self) -> &Path {
        &self.template
    }

    /// That the command did what it is there for. One that cleans up may find more
    /// that is wrong: where an inventory was taken back, there is none.
    pub(crate) fn has_worked(&self, output: Output) -> Result<(), Failed> {
        if self.cleans && !self.is_half_made() {
            return Ok(());
        }
        succeeded("the command itself", output).map(drop)
    }

    fn make(&self, verb: Verb) -> Result<(), Failed> {
        let repo = self.work().join("repo");
        fs::create_dir_all(self.work())?;
        copy(&tests().join("fleets/two-machines"), &repo)?;
        let git = |args: &[&str]| {
            let output = self.program("git").current_dir(&repo).args(args).output()?;
            succeeded(&format!("git {args:?}"), output)
        };
        git(&["init", "-q", "-b", "main"])?;
        fs::remove_dir_all(repo.join(".git/hooks"))?;
        fs::write(repo.join("notes"), "committed\n")?;
        git(&["add", "-A"])?;
        git(&["commit", "-q", "-m", "fleet"])?;
        if self.place == Place::Linked {
            git(&["worktree", "add", "-q", "-b", "side", "../linked"])?;
        }
        for before in before(verb) {
            let output = self.program(larder()).args(&before).output()?;
            succeeded(&format!("larder {before:?}"), output)?;
        }
        if self.place == Place::Dirty {
            fs::write(repo.join("notes"), "staged\n")?;
            git(&["add", "notes"])?;
            fs::write(repo.join("notes"), "edited\n")?;
            fs::write(repo.join("untracked"), "mine\n")?;
        }
        Ok(())
    }
}

/// The program under test: the one that cargo has built for the tests, or the one
/// that `LARDER_BIN` names.
pub(crate) fn larder() -> &'static str {
    static PROGRAM: OnceLock<String> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let named = std::env::var("LARDER_BIN");
        named.unwrap_or_else(|_| env!("CARGO_BIN_EXE_larder").to_owned())
    })
}

/// Where the repositories are: in memory if the system has such a place, because
/// thousands of them are made, and none outlives its test.
fn ground() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if tempfile::tempfile_in(memory).is_ok() {
        memory.to_owned()
    } else {
        std::env::temp_dir()
    }
}

/// The next command that writes, with nothing to do but to clean up.
pub(crate) const CLEAN_UP: [&str; 3] = ["sync", "--yes", "--no-commit"];

/// What has been done before the command is tried.
fn before(verb: Verb) -> Vec<Vec<String>> {
    let init = command(Verb::Init);
    match verb {
        Verb::Init => vec![],
        Verb::AddCache => vec![init],
        Verb::AddHost | Verb::RemoveCache | Verb::RenameHost | Verb::Rotate => {
            vec![init, command(Verb::AddCache)]
        }
    }
}

fn command(verb: Verb) -> Vec<String> {
    let key = |name: &str| tests().join("keys").join(name).display().to_string();
    let text = match verb {
        Verb::Init => "init --yes --quiet".to_owned(),
        Verb::AddHost => format!(
            "add-host bagan --system x86_64-linux --host-key {} --yes --quiet",
            key("bagan.pub")
        ),
        Verb::AddCache => format!(
            "add-cache kalaw --client pai --lan --host-key kalaw={} \
             --identity /etc/nixos/nix_ssh_key --new-identity nix_ssh_key \
             --signing-key {} --yes --quiet",
            key("kalaw.pub"),
            fs::read_to_string(key("kalaw.signing")).unwrap().trim()
        ),
        Verb::RemoveCache => "remove-cache kalaw --yes --quiet".to_owned(),
        Verb::RenameHost => "rename-host kalaw rangoon --yes --quiet".to_owned(),
        Verb::Rotate => "rotate host-key kalaw --yes --quiet".to_owned(),
    };
    text.split_whitespace().map(str::to_owned).collect()
}

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn copy(from: &Path, to: &Path) -> Result<(), Failed> {
    let output = Command::new("cp").arg("-a").arg(from).arg(to).output()?;
    succeeded("cp", output).map(drop)
}

/// What a program printed, if it succeeded.
pub(crate) fn succeeded(what: &str, output: Output) -> Result<String, Failed> {
    if output.status.success() {
        return Ok(String::from_utf8(output.stdout)?);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{what}: {}: {said}", output.status).into())
}
