//! The web server of a cache answers with an error of its own.
//!
//! ## What it looks like
//! `HTTP error 500`, `502` and the like: the server is there, and what it hands requests to is
//! not. Nix tries again, and then leaves the cache out for a while.
//!
//! ## What to do
//! Look at the logs of the server. A `502` or `504` comes from a proxy before it: the program
//! behind it does not run.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Greeting,
    check,
};

const WORDS: [&str; 2] = ["HTTP error 5", "HTTP error 429"];

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let client = &evidence.client.name;
    let line = evidence.web_says(&WORDS)?;
    let cache = evidence.cache_name();
    Some(
        Symptom::new(format!("the web server of `{cache}` fails"))
            .seen(client, line)
            .cure(format!("look at the logs of the server and of what is behind it, on {cache}")),
    )
}
