//! Whether a client really fetches from its cache, judged from what machines answered.
//!
//! The answers of a machine are a [`Transcript`], read into values: what a [`Client`] is set
//! up for and how each cache greets it ([`Route`]), what only the cache knows
//! ([`CacheHost`]), and what came of fetching a path ([`Attempt`]). [`judge`] compares them
//! with the causes, one file each, along the stages from the client's settings to the
//! signature: the first stage with a cause is the broken link, and later ones were not
//! tried. A link is proven only if a path has arrived, and would not have without its
//! signature. A cache over http(s) ([`Web`]) is checked as far as a path that the client has
//! already allows.
//!
//! How much of a host's closure its caches have is a question of its own ([`Closure`]).
//!
//! Absent on purpose: how the answers were obtained (`io::doctor`).

mod attempt;
mod availability;
mod cache_host;
mod cause;
mod causes;
mod client;
mod closure;
mod closure_report;
mod derivation;
mod dialogue;
mod evidence;
mod identity_file;
mod judge;
mod manual;
mod report;
mod route;
mod settings;
mod stage;
mod store_path;
mod symptom;
mod transcript;
mod web;

pub use attempt::Attempt;
pub use availability::{Availability, CacheNames};
pub use cache_host::CacheHost;
pub use cause::Cause;
pub use causes::{CAUSES, find};
pub use client::Client;
pub use closure::Closure;
pub use closure_report::ClosureReport;
pub use evidence::{CacheHalf, Evidence, Expected};
pub use judge::{Finding, Verdict, judge};
pub use manual::manual;
pub use report::{LinkReport, Report};
pub use route::Route;
pub use transcript::Transcript;
pub use web::Web;
