//! Effects: everything that touches the disk, git, the terminal, the clock.
//!
//! The sequence of a command that writes:
//!
//! ```text
//! Workspace::open ─ repo() ─ … plan … ─ preflight() ─ lock() ─ recover() ─ repo() again ─ apply()
//! ```
//!
//! * [`workspace`]: the git work tree, and the flake's folder in it.
//! * [`preflight`]: every reason not to write, found before anything is written.
//! * [`lock`]: larder's own lock, one writer at a time.
//! * [`apply`]: the transaction: journal, commit, rollback, recovery after `kill -9`.
//! * [`screen`]: standard output and standard error.
//! * [`pager`]: the user's pager, for a difference that is longer than the screen.
//! * [`ask`]: the answers to the questions of a verb.
//! * [`machines`]: hosts of the fleet, asked over the network by ssh and `ssh-keyscan`.
//! * [`nix_cli`]: the program `nix`, which evaluates the flake within limits.
//! * [`doctor`]: questions to live machines, over the user's own ssh.
//! * [`program`]: the one place that starts other programs.
//! * [`trace`]: what `-v` shows.
//! * [`lint_cache`]: what one run of lint leaves for the next.
//! * [`completion`]: what a shell offers when a user presses Tab.
//! * [`example`]: the repository of `demo`.
//!
//! Absent on purpose: deciding anything about fleets or Nix.

pub mod apply;
pub mod ask;
pub mod clock;
pub mod completion;
mod disk;
mod disk_wait;
pub mod doctor;
pub mod example;
mod key_path;
pub mod lint_cache;
mod local_keys;
pub mod lock;
pub mod machines;
pub mod nix_cli;
pub mod pager;
pub mod preflight;
mod program;
mod prompt;
pub mod screen;
mod signal;
pub mod trace;
mod uncommitted;
mod web;
pub mod workspace;

use crate::diagnostic::{Diagnostic, Stop};

/// Turns an error of the system into a fault: what could not be done, and why.
pub(crate) fn fault<E: std::fmt::Display>(what: &'static str) -> impl Fn(E) -> Stop {
    move |error| Stop::fault(Diagnostic::error("system", format!("{what}: {error}")))
}
