//! Why Nix did not answer, in words that help.

use super::Bounds;
use crate::diagnostic::{Diagnostic, Stop};

/// Why a question has no answer. Texts are Nix's own last lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// No program `nix` on the PATH.
    NoNix,
    /// It could not be started: the system's words.
    NotStarted(String),
    /// It knows neither flakes nor `--apply`, or not what newer lock files hold.
    TooOld(String),
    /// An input is not in the store, and may not be fetched.
    Absent(String),
    /// An evaluation that has to build something first.
    Builds(String),
    /// The configuration does not evaluate.
    Failed(String),
    /// The limit of time.
    Slow,
    /// The limit of memory.
    Large,
    /// The answer is not what was asked for.
    Strange,
    /// Ctrl-C.
    Interrupted,
}

/// How many lines of Nix are shown.
const LINES: usize = 14;
/// Nix indents what stands below its first line.
const INDENT: &str = "       ";

/// What a word means, with the lines around it.
type Meaning = fn(String) -> Trouble;

/// Words of Nix and git, and what they mean; the first that is found counts.
const SIGNS: &[(&str, Meaning)] = &[
    ("out of memory", |_| Trouble::Large),
    ("Out of Memory", |_| Trouble::Large),
    ("std::bad_alloc", |_| Trouble::Large),
    ("Insufficient space for initial table", |_| Trouble::Large),
    ("'allow-import-from-derivation'", Trouble::Builds),
    ("unable to download", Trouble::Absent),
    ("Failed to fetch git repository", Trouble::Absent),
    (
        "' not allowed\nerror: program 'git' failed",
        Trouble::Absent,
    ),
    ("Could not resolve host", Trouble::Absent),
    ("is not a recognised command", Trouble::TooOld),
    ("unrecognised flag", Trouble::TooOld),
    // A lock file that a newer Nix has written.
    ("unsupported tarball input attribute", Trouble::TooOld),
    ("' is unsupported", Trouble::TooOld),
];

/// What the end of Nix's standard error means.
pub(super) fn of(said: &str) -> Trouble {
    let words = last_words(said);
    let known = SIGNS.iter().find(|(sign, _)| said.contains(sign));
    known.map_or(Trouble::Failed as Meaning, |(_, what)| *what)(words)
}

/// From the last `error:` on: what stands before it is how Nix came there.
fn last_words(said: &str) -> String {
    let lines: Vec<&str> = said.lines().map(str::trim_end).collect();
    let is_error = |line: &&str| line.trim_start().starts_with("error:");
    let from = lines.iter().rposition(is_error).unwrap_or(0);
    // Git speaks before Nix does.
    let from = if from > 0 && lines[from - 1].starts_with("fatal:") {
        from - 1
    } else {
        from
    };
    let kept = lines[from..].iter();
    let kept = kept.filter(|line| !line.is_empty() && !line.contains("use '--show-trace'"));
    let dedented = kept.map(|line| line.strip_prefix(INDENT).unwrap_or(line));
    dedented.take(LINES).collect::<Vec<_>>().join("\n")
}

impl Trouble {
    /// True if every other question would meet the same.
    pub(super) fn is_general(&self) -> bool {
        !matches!(
            self,
            Self::Builds(_) | Self::Failed(_) | Self::Slow | Self::Large
        )
    }

    /// True if it may name files.
    pub(super) fn is_about_files(&self) -> bool {
        matches!(self, Self::Builds(_) | Self::Failed(_))
    }

    /// True if Nix can show how it came to its error.
    pub(super) fn has_trace(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::Strange)
    }

    /// larder cannot go on.
    pub(super) fn stop(&self, bounds: Bounds) -> Stop {
        Stop::fault(self.diagnostic(bounds))
    }

    /// Names files as people do: Nix speaks of the copy of them in its store.
    pub(super) fn seen_from(self, source: &str) -> Self {
        let shorter = |said: String| said.replace(&format!("{source}/"), "");
        match self {
            Self::Builds(said) => Self::Builds(shorter(said)),
            Self::Failed(said) => Self::Failed(shorter(said)),
            other => other,
        }
    }

    /// What is said of it.
    pub(super) fn diagnostic(&self, bounds: Bounds) -> Diagnostic {
        let error = |message: String| Diagnostic::error(self.code(), message);
        let says = |said: &str| format!("Nix says:\n{said}");
        match self {
            Self::NoNix => error("there is no `nix` on the PATH".to_owned())
                .help("`--eval` asks the Nix of this machine: install it, or leave `--eval` out"),
            Self::NotStarted(why) => error(format!("`nix` cannot be started: {why}")),
            Self::TooOld(said) => error("this Nix is too old for the flake".to_owned())
                .help(says(said))
                .help(
                    "flakes need Nix 2.4 or newer, and one no older than what wrote `flake.lock`",
                ),
            Self::Absent(said) if bounds.online => {
                error("an input of the flake could not be fetched".to_owned()).help(says(said))
            }
            Self::Absent(said) => error("an input of the flake is not on this machine".to_owned())
                .help(says(said))
                .help("let Nix fetch it: add `--online`")
                .help("or bring all inputs here before: `nix flake archive`"),
            Self::Builds(said) => {
                error("Nix would have to build something before it can answer".to_owned())
                    .help(says(said))
                    .help("larder has nothing built: it asks only what can be known without")
            }
            Self::Failed(said) => error("Nix stops with an error".to_owned()).help(says(said)),
            Self::Slow => error(format!(
                "Nix took longer than {} seconds, and was stopped",
                bounds.time.as_secs()
            ))
            .help("allow it more: `--eval-timeout SECONDS`"),
            Self::Large => error(format!(
                "Nix needs more than {} MiB of memory",
                bounds.memory
            ))
            .help("allow it more: `--eval-memory MIB`"),
            Self::Strange => error("Nix gave an answer that was not asked for".to_owned()),
            Self::Interrupted => error("interrupted".to_owned()),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NoNix | Self::NotStarted(_) => "nix-missing",
            Self::TooOld(_) => "nix-too-old",
            Self::Absent(_) => "nix-input-missing",
            Self::Builds(_) => "nix-would-build",
            Self::Failed(_) | Self::Strange => "nix-failed",
            Self::Slow => "nix-too-slow",
            Self::Large => "nix-too-large",
            Self::Interrupted => "interrupted",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_input_is_known_from_old_and_new_words() {
        for said in [
            "error: unable to download 'https://api.github.com/x': Couldn't connect to server (7)",
            "fatal: transport 'ssh' not allowed\nerror: program 'git' failed with exit code 128\n(use '--show-trace' to show detailed location information)",
            "error:\n       … while fetching the input 'git+ssh://x'\n\n       error: Failed to fetch git repository 'ssh://x'",
        ] {
            assert!(matches!(of(said), Trouble::Absent(_)), "{said}");
        }
    }

    #[test]
    fn a_newer_lock_file_is_known_from_the_words_of_an_old_nix() {
        for said in [
            "error: unsupported tarball input attribute 'revCount'",
            "error: input '{\"type\":\"x\"}' is unsupported",
        ] {
            assert!(matches!(of(said), Trouble::TooOld(_)), "{said}");
        }
    }

    #[test]
    fn the_last_error_is_what_counts() {
        let said = "warning: Git tree '/x' is dirty\nerror:\n       … while calling\n\n       error: some words\n       second line\n";
        assert_eq!(
            of(said),
            Trouble::Failed("error: some words\nsecond line".to_owned())
        );
    }
}
