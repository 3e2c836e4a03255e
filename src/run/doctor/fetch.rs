//! The attempt to fetch a path, and its verdict.

use super::link::{Link, Turn};
use crate::command::doctor::Doctor;
use crate::doctor::{Attempt, CacheHalf, Route, Verdict, Web, judge};
use crate::io::doctor as machines;

/// One run.
pub(super) struct Checkup<'a> {
    /// What was asked for.
    pub(super) args: &'a Doctor,
    /// The name of this machine.
    pub(super) here: &'a str,
    /// Nothing is built or fetched, and the cache is not asked.
    pub(super) dry_run: bool,
}

impl Checkup<'_> {
    /// The verdict once a path was fetched, or could not be.
    pub(super) fn fetched(
        &self,
        link: &Link<'_>,
        route: &Route,
        half: &CacheHalf,
        path: Option<&str>,
        turn: Turn,
    ) -> (Verdict, Vec<String>) {
        let is_let_in = route.public_keys().any(|key| half.lets_in(key));
        // A plain user cannot pass the jump host: the daemon alone can try.
        let can_offer = link.client.is_root || !route.is_indirect();
        let offered = route.public_key().filter(|_| can_offer && !is_let_in);
        let offered = offered.map(ToString::to_string);
        if path.is_none() && offered.is_none() {
            let verdict = judge(&link.evidence(half, Some(&Attempt::default())));
            return (verdict, vec![NO_PATH.to_owned()]);
        }
        let fetch = machines::Fetch {
            url: &route.url,
            path,
            offered: offered.as_deref(),
            keep: self.args.path().is_some() && turn.is_last,
            is_sample: false,
        };
        let note = path.is_none().then(|| NO_PATH.to_owned());
        tried(link, half, &fetch, note)
    }

    /// As [`Checkup::fetched`], from a cache over http(s): the path that was named, through
    /// the daemon; or one that the client has, past it.
    pub(super) fn fetched_anew(
        &self,
        web: &Web,
        link: &Link<'_>,
        half: &CacheHalf,
        turn: Turn,
    ) -> (Verdict, Vec<String>) {
        let named = self.named(web, link, half, turn);
        let Some(path) = named.or(web.sample.as_deref()) else {
            return (Verdict::Open, vec![NO_SAMPLE.to_owned()]);
        };
        let fetch = machines::Fetch {
            url: &web.url,
            path: Some(path),
            offered: None,
            keep: half.probe_path().is_none(),
            is_sample: named.is_none(),
        };
        let is_absent = self.args.path().is_some() && !web.has_path;
        let note = (is_absent && named.is_none()).then(|| NOT_THERE.to_owned());
        tried(link, half, &fetch, note)
    }

    /// The path that is to come from this cache over http(s): the one that was named, or the
    /// one that was built at the other end of a tunnel.
    pub(super) fn named<'a>(
        &'a self,
        web: &Web,
        link: &Link<'_>,
        half: &'a CacheHalf,
        turn: Turn,
    ) -> Option<&'a str> {
        let is_wanted = !turn.is_here && link.should_have(web);
        let named = self.args.path().filter(|_| is_wanted);
        named.or(half.probe_path())
    }
}

/// The verdict of one attempt to fetch.
fn tried(
    link: &Link<'_>,
    half: &CacheHalf,
    fetch: &machines::Fetch<'_>,
    note: Option<String>,
) -> (Verdict, Vec<String>) {
    match link.machine.prove(fetch) {
        Ok(transcript) => {
            let attempt = Attempt::read(&transcript);
            (
                judge(&link.evidence(half, Some(&attempt))),
                note.into_iter().collect(),
            )
        }
        Err(why) => (Verdict::Open, vec![format!("nothing was fetched: {why}")]),
    }
}

/// What to say where nothing could be fetched.
const NO_PATH: &str =
    "nothing was fetched: name a store path that the cache has built and this client does not have";

/// What to say of a cache over http(s) that lacks what others are asked for.
const NOT_THERE: &str = "it does not have the path that was named";
/// What to say of a cache over http(s) that answers.
const NO_SAMPLE: &str =
    "it answers; nothing was fetched: name a store path that it has and this client does not have";
