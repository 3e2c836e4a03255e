//! Effects: everything that touches the disk, git, the terminal, the clock.
//!
//! The way of a writing command through this folder:
//!
//! ```text
//! Workspace::open ─ repo() ─ … plan … ─ preflight() ─ lock() ─ recover() ─ repo() again ─ apply()
//! ```
//!
//! * [`workspace`]: the git work tree and the flake's folder in it.
//! * [`preflight`]: every reason not to write, found before anything is written.
//! * [`lock`]: one writer at a time.
//! * [`apply`]: all of a plan or nothing, also after `kill -9`; and the recovery.
//! * [`screen`]: what the user sees.
//! * [`ask`]: what a verb may ask of the world.
//! * [`nix`]: the repository's own Nix, asked within bounds.
//! * [`program`]: the one place that starts other programs.
//! * [`trace`]: what `-v` says of all this.
//! * [`lint_cache`]: what one run of lint leaves for the next.
//! * [`example`]: the repository of `demo`.
//!
//! Absent on purpose: deciding anything about fleets or Nix.

pub mod apply;
pub mod ask;
pub mod clock;
mod disk;
pub mod example;
pub mod lint_cache;
pub mod lock;
pub mod nix;
mod place;
pub mod preflight;
mod program;
mod prompt;
pub mod screen;
mod signal;
pub mod trace;
pub mod workspace;

use crate::diagnostic::{Diagnostic, Stop};

/// Makes a fault of an error of the system: what could not be done, and why.
pub(crate) fn fault<E: std::fmt::Display>(what: &'static str) -> impl Fn(E) -> Stop {
    move |error| Stop::fault(Diagnostic::error("system", format!("{what}: {error}")))
}
