//! One link, as far as it is known, and the way to a machine.

use crate::command::doctor::Way;
use crate::doctor::{Attempt, CacheHalf, Client, Evidence, Expected, Route, Web};
use crate::io::doctor::Machine;

/// What the links before and behind one mean for it, where all are asked for one path.
#[derive(Clone, Copy)]
pub(super) struct Turn {
    /// Another has brought the path.
    pub(super) is_here: bool,
    /// No other over ssh needs it to be away.
    pub(super) is_last: bool,
}

/// One link of a client.
pub(super) struct Link<'a> {
    pub(super) machine: &'a Machine,
    pub(super) client: &'a Client,
    pub(super) route: Option<&'a Route>,
    pub(super) web: Option<&'a Web>,
    pub(super) ignored: Option<&'a str>,
    pub(super) expected: Option<&'a Expected>,
    /// Where the cache's half can be asked.
    pub(super) server: Option<Machine>,
}

impl<'a> Link<'a> {
    /// True if a path that was named is to come from this cache over http(s): it has it, or
    /// nobody else has.
    pub(super) fn should_have(&self, web: &Web) -> bool {
        let others = &self.client.webs;
        let nobody = self.client.routes.is_empty() && !others.iter().any(|web| web.has_path);
        web.has_path || nobody
    }

    pub(super) fn evidence(
        &self,
        cache: &'a CacheHalf,
        attempt: Option<&'a Attempt>,
    ) -> Evidence<'a> {
        Evidence {
            client: self.client,
            route: self.route,
            web: self.web,
            ignored: self.ignored,
            cache,
            attempt,
            expected: self.expected,
        }
    }
}

/// The machine at the end of a way; `here` is the name of this one.
pub(super) fn machine(way: &Way, here: &str) -> Machine {
    if way.name.as_deref() == Some(here) {
        return Machine::Here;
    }
    Machine::Remote(way.options.clone(), way.destination.clone())
}
