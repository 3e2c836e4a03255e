//! The repository's own Nix, asked within bounds.
//!
//! Each question is a process of its own, with a limit on its time, its memory and
//! what it may print. Nothing is built, `flake.lock` stays as it is, and without
//! [`Bounds::online`] nothing is fetched over the network.
//!
//! Absent on purpose: what the answers mean (`lint` and `flake` know), and
//! flakes without git: Nix would copy the whole folder, with ignored keys, into
//! its store.

mod hosts;
mod modules;
mod program;
mod trouble;

use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;
use subprocess::Capture;

use self::trouble::Trouble;
use crate::command::AskNix;
use crate::diagnostic::{Diagnostic, Stop};
use crate::io::workspace::Workspace;
use crate::text::uri_path;

/// What one question may cost.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// How long Nix may think about one question.
    pub time: Duration,
    /// How much memory one process may have, in MiB.
    pub memory: u64,
    /// Inputs that are not in the store yet may be fetched.
    pub online: bool,
}

impl From<AskNix> for Bounds {
    fn from(said: AskNix) -> Self {
        Self {
            time: Duration::from_secs(said.eval_timeout),
            memory: said.eval_memory,
            online: said.online,
        }
    }
}

/// Nix, in the flake's folder.
pub struct Nix {
    program: PathBuf,
    dir: PathBuf,
    /// The flake as Nix is told of it: `.`, or a commit of the repository.
    flake: String,
    bounds: Bounds,
}

/// True if there is a program `nix` on the PATH.
pub fn is_there() -> bool {
    program::find("nix").is_some()
}

impl Nix {
    /// The Nix of this machine, for the flake of the workspace.
    ///
    /// # Errors
    /// When there is none, or when the flake is in no git repository.
    pub fn new(workspace: &Workspace, has_git: bool, bounds: Bounds) -> Result<Self, Stop> {
        if !has_git {
            return Err(Stop::fault(no_git()));
        }
        let program = program::find("nix").ok_or_else(|| Trouble::NoNix.stop(bounds))?;
        let dir = workspace.root().join(workspace.dir().as_str());
        Ok(Self {
            program,
            dir,
            flake: ".".to_owned(),
            bounds,
        })
    }

    /// The same Nix for the flake as a commit has it, read from git's objects.
    #[must_use]
    pub fn at_commit(self, workspace: &Workspace, commit: &str) -> Self {
        let root = uri_path(&workspace.root().to_string_lossy());
        let dir = uri_path(workspace.dir().as_str());
        // A CI service fetches little of the history.
        let flake = format!("git+file://{root}?shallow=1&rev={commit}&dir={dir}");
        Self { flake, ..self }
    }

    /// What a function says of `nixosConfigurations`.
    fn configurations(&self, function: &str) -> Result<Value, Trouble> {
        let machines = format!("{}#nixosConfigurations", self.flake);
        self.ask(&["eval", "--json", &machines, "--apply", function])
    }

    /// Why larder cannot go on.
    fn stop(&self, trouble: Trouble) -> Stop {
        let source = trouble.is_about_files().then(|| self.source());
        match source {
            Some(Ok(source)) => trouble.seen_from(&source).stop(self.bounds),
            _ => trouble.stop(self.bounds),
        }
    }

    /// The folder in the store that holds what the flake's git repository holds.
    fn source(&self) -> Result<String, Trouble> {
        let about = self.ask(&["flake", "metadata", "--json", &self.flake])?;
        let path = about.get("path").and_then(Value::as_str);
        path.map(str::to_owned).ok_or(Trouble::Strange)
    }

    fn ask(&self, question: &[&str]) -> Result<Value, Trouble> {
        let arguments = arguments(question, self.bounds);
        answer(&program::run(
            &self.program,
            &self.dir,
            &arguments,
            self.bounds,
        )?)
    }
}

/// Nothing is written, built, or taken from the flake's own settings.
fn arguments<'a>(question: &[&'a str], bounds: Bounds) -> Vec<&'a str> {
    let features = "nix-command flakes";
    let mut all = vec!["--extra-experimental-features", features];
    all.extend(question);
    all.extend(["--no-write-lock-file", "--option", "eval-cache", "false"]);
    all.extend(["--option", "allow-import-from-derivation", "false"]);
    all.extend(["--option", "accept-flake-config", "false"]);
    if !bounds.online {
        all.push("--offline");
    }
    all
}

fn answer(ended: &Capture) -> Result<Value, Trouble> {
    if !ended.success() {
        return Err(trouble::of(&ended.stderr_str()));
    }
    serde_json::from_slice(&ended.stdout).map_err(|_| Trouble::Strange)
}

fn no_git() -> Diagnostic {
    Diagnostic::error(
        "no-git",
        "Nix is not asked about a flake outside of git: it would copy the whole folder into its store",
    )
    .help("`git init && git add .`, and ignore what is secret")
}
