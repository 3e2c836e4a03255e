//! One verb, one file: what was said on the command line ([`clap`] arguments),
//! what is wanted with no question left open (the request), and the plan.
//!
//! A verb asks only in [`Verb::complete`] and decides only in [`Verb::plan`],
//! which is pure. Nothing here touches the world: questions, random numbers and
//! files that the user names come through [`Ask`].

mod after_init;
mod answers;
mod ask;
mod ask_nix;
mod cache_links;
mod hand_made;
mod host_key_search;
mod host_keys;
mod key_question;
mod left_keys;
mod lost_host;
mod machine_files;
mod machine_name;
mod notes;
mod pasted_key;
mod plan_builder;
mod proof;
mod recipients;
mod reconcile;
mod secret;
mod signing_key;
mod sshd;
mod which;

pub mod add_cache;
pub mod add_host;
pub mod doctor;
pub mod explain;
pub mod export;
pub mod graph;
pub mod init;
pub mod keys;
pub mod lint;
pub mod remove_cache;
pub mod remove_host;
pub mod rename_host;
pub mod rotate;
pub mod status;
pub mod sync;
pub mod topics;

pub use after_init::AfterInit;
pub use ask::{Ask, LocalKey, Question, Reply, ThisMachine};
pub use ask_nix::AskNix;
pub use machine_files::LINES;
pub use proof::{Proof, Writing};
pub use secret::KeyPlace;

use crate::diagnostic::Stop;
use crate::plan::Plan;
use crate::project::Project;
use crate::repo::RepoPath;

/// A command that changes the repository.
///
/// `run` takes each of them through the same sequence: complete → plan → check
/// → diff → confirm → apply.
pub trait Verb {
    /// What is wanted, with no question left open.
    type Request;

    /// Its name on the command line.
    const NAME: &'static str;

    /// The files that it will change whatever is answered: where they cannot be, a person need
    /// not answer anything.
    fn targets(&self, project: &Project) -> Vec<RepoPath> {
        let _ = project;
        Vec::new()
    }

    /// Fills in what the command line left out, by asking.
    ///
    /// # Errors
    /// When an answer is missing and nobody can be asked, or makes no sense.
    fn complete(self, project: &Project, ask: &mut dyn Ask) -> Result<Self::Request, Stop>;

    /// Decides the whole change. Pure: the same arguments give the same plan.
    ///
    /// # Errors
    /// When the repository has a shape that cannot be edited safely.
    fn plan(project: &Project, request: &Self::Request) -> Result<Plan, Stop>;
}
