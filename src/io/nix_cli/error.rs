//! Errors of Nix, recognized by their messages, as diagnostics with help.

use super::bounds::Bounds;
use crate::diagnostic::{Diagnostic, Stop};

/// Why a question has no answer. A text is the end of Nix's standard error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NixError {
    /// There is no `nix` on the PATH.
    NotInstalled,
    /// `nix` could not be started; the system's message.
    NotStarted(String),
    /// This Nix has no flakes, no `--apply`, or cannot read a newer lock file.
    TooOld(String),
    /// An input is not in the store, and cannot or may not be fetched.
    InputMissing(String),
    /// Another Nix has the store's database at this moment, or sets the store up.
    StoreBusy,
    /// The evaluation needs a build: import from derivation.
    WouldBuild(String),
    /// The evaluation failed.
    EvaluationFailed(String),
    /// [`Bounds::time`] is over.
    Timeout,
    /// [`Bounds::memory`] is used up.
    OutOfMemory,
    /// The answer is not JSON of the expected form, or too long.
    UnexpectedAnswer,
    /// Ctrl-C.
    Interrupted,
}

/// How many lines of Nix's message are shown.
const MAX_LINES: usize = 14;
/// The indentation of Nix's messages below their first line.
const INDENT: &str = "       ";

/// A part of a message of Nix or git, and the error that it means. The function takes the
/// last lines of the message.
type ErrorPattern = (&'static str, fn(String) -> NixError);

/// The first pattern that matches counts.
const ERROR_PATTERNS: &[ErrorPattern] = &[
    ("out of memory", |_| NixError::OutOfMemory),
    ("Out of Memory", |_| NixError::OutOfMemory),
    ("std::bad_alloc", |_| NixError::OutOfMemory),
    ("Insufficient space for initial table", |_| {
        NixError::OutOfMemory
    }),
    ("'allow-import-from-derivation'", NixError::WouldBuild),
    ("error: SQLite database '", |_| NixError::StoreBusy),
    // Of two that use a new store at once, one finds made what it was about to make.
    ("': File exists", |_| NixError::StoreBusy),
    ("unable to download", NixError::InputMissing),
    ("Failed to fetch git repository", NixError::InputMissing),
    (
        "' not allowed\nerror: program 'git' failed",
        NixError::InputMissing,
    ),
    ("Could not resolve host", NixError::InputMissing),
    ("is not a recognised command", NixError::TooOld),
    ("unrecognised flag", NixError::TooOld),
    // The lock file was written by a newer Nix.
    ("unsupported tarball input attribute", NixError::TooOld),
    ("' is unsupported", NixError::TooOld),
];

/// The last error in Nix's standard error: the lines before it are its trace.
fn last_error(stderr: &str) -> String {
    let lines: Vec<&str> = stderr.lines().map(str::trim_end).collect();
    let is_error = |line: &&str| line.trim_start().starts_with("error:");
    let from = lines.iter().rposition(is_error).unwrap_or(0);
    // The message of a failed git stands before that of Nix.
    let from = if from > 0 && lines[from - 1].starts_with("fatal:") {
        from - 1
    } else {
        from
    };
    let kept = lines[from..].iter();
    let kept = kept.filter(|line| !line.is_empty() && !line.contains("use '--show-trace'"));
    let dedented = kept.map(|line| line.strip_prefix(INDENT).unwrap_or(line));
    dedented.take(MAX_LINES).collect::<Vec<_>>().join("\n")
}

impl NixError {
    /// The error that the end of Nix's standard error describes.
    pub(super) fn from_stderr(stderr: &str) -> Self {
        let message = last_error(stderr);
        let mut patterns = ERROR_PATTERNS.iter();
        match patterns.find(|(pattern, _)| stderr.contains(pattern)) {
            Some((_, error)) => error(message),
            None => Self::EvaluationFailed(message),
        }
    }

    /// True if every other question would fail in the same way.
    pub(super) fn affects_every_question(&self) -> bool {
        !matches!(
            self,
            Self::WouldBuild(_) | Self::EvaluationFailed(_) | Self::Timeout | Self::OutOfMemory
        )
    }

    /// True if the flake has not the output that was asked for.
    pub(super) fn is_absent_output(&self) -> bool {
        matches!(self, Self::EvaluationFailed(message) if message.contains("does not provide attribute"))
    }

    /// True if the message may name files of the repository.
    pub(super) fn may_name_files(&self) -> bool {
        matches!(self, Self::WouldBuild(_) | Self::EvaluationFailed(_))
    }

    /// True if Nix can show a trace of the error.
    pub(super) fn has_trace(&self) -> bool {
        matches!(self, Self::EvaluationFailed(_) | Self::UnexpectedAnswer)
    }

    /// The error as a fault: larder cannot go on.
    pub(super) fn stop(&self, bounds: Bounds) -> Stop {
        Stop::fault(self.diagnostic(bounds))
    }

    /// Makes paths relative to the work tree: Nix names the files of its copy in the store.
    pub(super) fn with_relative_paths(self, store_path: &str) -> Self {
        let relative = |message: String| message.replace(&format!("{store_path}/"), "");
        match self {
            Self::WouldBuild(message) => Self::WouldBuild(relative(message)),
            Self::EvaluationFailed(message) => Self::EvaluationFailed(relative(message)),
            other => other,
        }
    }

    /// The error as a diagnostic.
    pub(super) fn diagnostic(&self, bounds: Bounds) -> Diagnostic {
        let error = |message: String| Diagnostic::error(self.code(), message);
        let output = |message: &str| format!("Nix says:\n{message}");
        match self {
            Self::NotInstalled => error("there is no `nix` on the PATH".to_owned())
                .help("`--eval` needs Nix on this machine: install it, or leave `--eval` out"),
            Self::NotStarted(why) => error(format!("`nix` cannot be started: {why}")),
            Self::TooOld(message) => error("this Nix is too old for the flake".to_owned())
                .help(output(message))
                .help(
                    "flakes need Nix 2.4 or newer, and one no older than what wrote `flake.lock`",
                ),
            Self::InputMissing(message) if bounds.online => {
                error("an input of the flake could not be fetched".to_owned()).help(output(message))
            }
            Self::InputMissing(message) => {
                error("an input of the flake is not on this machine".to_owned())
                    .help(output(message))
                    .help("let Nix fetch it: add `--online`")
                    .help("or fetch all inputs first: `nix flake archive`")
            }
            Self::StoreBusy => error("another Nix keeps the store's database busy".to_owned())
                .help("try again when it has ended"),
            Self::WouldBuild(message) => {
                error("the evaluation needs a build (import from derivation)".to_owned())
                    .help(output(message))
                    .help("larder evaluates without building")
            }
            Self::EvaluationFailed(message) => {
                error("Nix stops with an error".to_owned()).help(output(message))
            }
            Self::Timeout => error(format!(
                "Nix took longer than {} seconds, and was stopped",
                bounds.time.as_secs()
            ))
            .help("raise the limit: `--eval-timeout SECONDS`"),
            Self::OutOfMemory => error(format!(
                "Nix needs more than {} MiB of memory",
                bounds.memory
            ))
            .help("raise the limit: `--eval-memory MIB`"),
            Self::UnexpectedAnswer => error("the answer of Nix has an unexpected form".to_owned()),
            Self::Interrupted => error("interrupted".to_owned()),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotInstalled | Self::NotStarted(_) => "nix-missing",
            Self::TooOld(_) => "nix-too-old",
            Self::InputMissing(_) => "nix-input-missing",
            Self::StoreBusy => "nix-busy",
            Self::WouldBuild(_) => "nix-would-build",
            Self::EvaluationFailed(_) | Self::UnexpectedAnswer => "nix-failed",
            Self::Timeout => "nix-too-slow",
            Self::OutOfMemory => "nix-too-large",
            Self::Interrupted => "interrupted",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_input_is_known_by_old_and_new_messages() {
        for stderr in [
            "error: unable to download 'https://api.github.com/x': Couldn't connect to server (7)",
            "fatal: transport 'ssh' not allowed\nerror: program 'git' failed with exit code 128\n(use '--show-trace' to show detailed location information)",
            "error:\n       … while fetching the input 'git+ssh://x'\n\n       error: Failed to fetch git repository 'ssh://x'",
        ] {
            assert!(
                matches!(NixError::from_stderr(stderr), NixError::InputMissing(_)),
                "{stderr}"
            );
        }
    }

    #[test]
    fn a_newer_lock_file_is_known_by_the_message_of_an_old_nix() {
        for stderr in [
            "error: unsupported tarball input attribute 'revCount'",
            "error: input '{\"type\":\"x\"}' is unsupported",
        ] {
            assert!(
                matches!(NixError::from_stderr(stderr), NixError::TooOld(_)),
                "{stderr}"
            );
        }
    }

    #[test]
    fn a_busy_store_is_no_failed_evaluation() {
        let stderr = "error: SQLite database '/nix/var/nix/db/db.sqlite' is busy";
        assert_eq!(NixError::from_stderr(stderr), NixError::StoreBusy);
        let stderr = "error: creating symlink from '/nix/var/nix/gcroots/profiles' to \
                      '/nix/var/nix/profiles': File exists";
        assert_eq!(NixError::from_stderr(stderr), NixError::StoreBusy);
        // Nix goes on after this one.
        let stderr = "error (ignored): SQLite database '/x/fetcher-cache-v1.sqlite' is busy\n\
                      error: some words";
        assert!(matches!(
            NixError::from_stderr(stderr),
            NixError::EvaluationFailed(_)
        ));
    }

    #[test]
    fn the_last_error_is_what_counts() {
        let stderr = "warning: Git tree '/x' is dirty\nerror:\n       … while calling\n\n       error: some words\n       second line\n";
        assert_eq!(
            NixError::from_stderr(stderr),
            NixError::EvaluationFailed("error: some words\nsecond line".to_owned())
        );
    }
}
