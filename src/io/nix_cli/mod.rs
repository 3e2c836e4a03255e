//! The program `nix`: evaluates the repository's flake within limits.
//!
//! Each question is a process of its own, with limits on time, memory and output. Nothing
//! is built, `flake.lock` is not written, and without [`Bounds::online`] nothing is fetched
//! over the network.
//!
//! Absent on purpose: the interpretation of the answers (`lint` and `flake` do that), and
//! flakes without a git repository: Nix would copy the whole folder, with ignored keys,
//! into its store.

mod bounds;
mod error;
mod hosts;
mod modules;
mod program;

use std::path::{Path, PathBuf};

use serde_json::Value;
use subprocess::Capture;

pub use self::bounds::Bounds;
use self::error::NixError;
use crate::diagnostic::{Diagnostic, Stop};
use crate::io::workspace::Workspace;
use crate::repo::RepoPath;
use crate::text::uri_path;

/// How often a question is asked while the store is busy. Nix itself waits for its
/// database, save at the moment when it opens it.
const TRIES: u32 = 5;

/// Nix, for one flake.
pub struct NixCli {
    program: PathBuf,
    dir: PathBuf,
    /// The flake reference: `.`, or the URL of a commit of the repository.
    flake: String,
    bounds: Bounds,
}

/// True if `nix` is on the PATH.
pub fn is_installed() -> bool {
    program::find("nix").is_some()
}

impl NixCli {
    /// Nix for the flake of the workspace.
    ///
    /// # Errors
    /// When `nix` is not installed, or the flake is not in a git repository.
    pub fn new(workspace: &Workspace, has_git: bool, bounds: Bounds) -> Result<Self, Stop> {
        if !has_git {
            return Err(Stop::fault(no_git()));
        }
        let program = program::find("nix").ok_or_else(|| NixError::NotInstalled.stop(bounds))?;
        let dir = workspace.root().join(workspace.dir().as_str());
        Ok(Self {
            program,
            dir,
            flake: ".".to_owned(),
            bounds,
        })
    }

    /// Nix for the same flake at a commit, read from git's objects.
    #[must_use]
    pub fn at_commit(self, workspace: &Workspace, commit: &str) -> Self {
        let root = uri_path(&workspace.root().to_string_lossy());
        let dir = uri_path(workspace.dir().as_str());
        // A CI service fetches only a part of the history.
        let flake = format!("git+file://{root}?shallow=1&rev={commit}&dir={dir}");
        Self { flake, ..self }
    }

    /// Nix for the same flake in a copy of the work tree.
    #[must_use]
    pub fn in_copy(self, copy: &Path, dir: &RepoPath) -> Self {
        let root = uri_path(&copy.to_string_lossy());
        Self {
            flake: format!("git+file://{root}?dir={}", uri_path(dir.as_str())),
            dir: copy.join(dir.as_str()),
            ..self
        }
    }

    /// The result of applying a Nix function to `nixosConfigurations`, or to the nodes of
    /// colmena's hive in a flake that has only these.
    fn configurations(&self, function: &str) -> Result<Value, NixError> {
        let apply = |output: &str, function: &str| {
            let output = format!("{}#{output}", self.flake);
            self.ask(&["eval", "--json", &output, "--apply", function])
        };
        let answer = apply("nixosConfigurations", function);
        let is_absent = answer.as_ref().is_err_and(NixError::is_absent_output);
        if !is_absent {
            return answer;
        }
        let of_hive = format!("hive: ({function}) hive.nodes");
        apply("colmenaHive", &of_hive).or(answer)
    }

    /// The error as a fault, with paths relative to the work tree.
    fn stop(&self, error: NixError) -> Stop {
        let store_path = error.may_name_files().then(|| self.store_path());
        match store_path {
            Some(Ok(store_path)) => error.with_relative_paths(&store_path).stop(self.bounds),
            _ => error.stop(self.bounds),
        }
    }

    /// The store path of Nix's copy of the repository.
    fn store_path(&self) -> Result<String, NixError> {
        let metadata = self.ask(&["flake", "metadata", "--json", &self.flake])?;
        let path = metadata.get("path").and_then(Value::as_str);
        path.map(str::to_owned).ok_or(NixError::UnexpectedAnswer)
    }

    /// The answer; while another Nix has the store's database, the question is asked again.
    fn ask(&self, question: &[&str]) -> Result<Value, NixError> {
        let arguments = arguments(question, self.bounds);
        let ask = || {
            answer(&program::run(
                &self.program,
                &self.dir,
                &arguments,
                self.bounds,
            )?)
        };
        let answers = (1..TRIES).map(|_| ask());
        let mut answers = answers.skip_while(|answer| matches!(answer, Err(NixError::StoreBusy)));
        answers.next().unwrap_or_else(ask)
    }
}

/// The arguments of a question: no lock file is written, nothing is built, and the
/// flake's own Nix settings are ignored.
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

fn answer(ended: &Capture) -> Result<Value, NixError> {
    if !ended.success() {
        return Err(NixError::from_stderr(&ended.stderr_str()));
    }
    serde_json::from_slice(&ended.stdout).map_err(|_| NixError::UnexpectedAnswer)
}

fn no_git() -> Diagnostic {
    Diagnostic::error(
        "no-git",
        "the flake is not in a git repository, and Nix would copy the whole folder into its store",
    )
    .help("`git init && git add .`, and ignore secret files")
}
