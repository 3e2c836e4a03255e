//! larder makes the machines of one NixOS repository share a private binary
//! cache over SSH, and keeps that true.
//!
//! The map of the house, in reading order. Imports run upward only: a module may
//! use those above it, never those below (`tests/house.rs` holds the table).
//!
//! * [`text`]: edits that touch only their own bytes, lines, diffs.
//! * [`key`]: keys as values; no secret that can be shown or copied.
//! * [`data`]: TOML and JSON, read as a tree and edited as text.
//! * [`diagnostic`]: what is said about a file, as a value.
//! * [`report`]: diagnostics as text, for people and for programs.
//! * [`nix`]: lossless Nix, read as a tree and edited as text.
//! * [`repo`]: the repository's files, read when asked for.
//! * [`survey`]: what people's own Nix says about caches, keys and ssh.
//! * [`fleet`]: what the inventory means, and its edits.
//! * [`flake`]: where a flake defines its hosts, and new entries.
//! * [`wiring`]: from the fleet to the owned modules.
//! * [`project`]: the repository, its inventory and its hosts as one run sees them.
//! * [`steps`]: what a person has to do next on the machines.
//! * [`lint`]: findings about all of it.
//! * [`doctor`]: whether a client really fetches from its cache, by what machines answered.
//! * [`plan`]: the whole change as a value, and its check.
//! * [`command`]: one verb, one file.
//! * [`cli`]: the command line.
//! * [`io`]: everything that touches the world.
//! * [`run`]: the driver.
//!
//! All of it is private: the program is the product. The tests, benchmarks and fuzz
//! targets of this repository come in through [`internals`].

#![warn(clippy::missing_docs_in_private_items)]

mod cli;
mod command;
mod data;
mod diagnostic;
mod doctor;
mod flake;
mod fleet;
pub mod internals;
mod io;
mod key;
mod lint;
mod nix;
mod plan;
mod project;
mod repo;
mod report;
mod run;
mod steps;
mod survey;
mod text;
mod wiring;

pub use run::main;
