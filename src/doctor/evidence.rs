//! The evidence of one link, as the causes see it.

use super::attempt::Attempt;
use super::cache_host::CacheHost;
use super::client::Client;
use super::dialogue::Dialogue;
use super::route::Route;
use super::store_path::PathInfo;
use super::transcript::Answer;
use super::web::Web;
use crate::key::{PublicKey, SigningPublicKey};

/// Words that Nix says of a path without a signature that it trusts.
pub(super) const NOT_SIGNED: [&str; 2] = [
    "not signed by any of the keys",
    "lacks a signature by a trusted key",
];

/// Everything that is known of one link so far.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// The client.
    pub client: &'a Client,
    /// Its way to the cache; `None`: its Nix does not ask the cache.
    pub route: Option<&'a Route>,
    /// Its way to a cache over http(s), where it is one.
    pub web: Option<&'a Web>,
    /// The cache that only the user's own settings name, and that the daemon does not ask.
    pub ignored: Option<&'a str>,
    /// The cache's half.
    pub cache: &'a CacheHalf,
    /// What came of fetching a path, once that was tried.
    pub attempt: Option<&'a Attempt>,
    /// What the inventory says of the link.
    pub expected: Option<&'a Expected>,
}

/// The half of the evidence that only the cache knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CacheHalf {
    /// It was not asked.
    NotAsked,
    /// It could not be asked, and why.
    Unreached(String),
    /// What it said.
    Seen(Box<CacheHost>),
}

/// What the inventory says of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// The host that serves the cache.
    pub cache: String,
    /// Where clients reach the cache.
    pub address: String,
    /// The cache's name in the store URL of larder's wiring; wiring by hand, and that of an
    /// earlier larder, has the address there.
    pub alias: String,
    /// Its store URL, where the client has a tunnel to it.
    pub tunnel: Option<String>,
    /// The user as whom clients log in.
    pub user: &'static str,
    /// The cache's SSH host key, with its line; two while it changes.
    pub host_keys: Vec<(PublicKey, usize)>,
    /// The cache's signing key, with its line; two while it changes.
    pub signing_keys: Vec<(SigningPublicKey, usize)>,
    /// The key with which the client logs in; two while it changes.
    pub identities: Vec<PublicKey>,
    /// The host keys of the other hosts, by name.
    pub others: Vec<(String, PublicKey)>,
}

impl Expected {
    /// True if a store URL with this host is the link's.
    pub fn is_at(&self, host: &str) -> bool {
        self.tunnel.is_none() && (host == self.alias || host == self.address)
    }

    /// True if this cache over http is the client's end of the tunnel.
    pub fn is_through(&self, web: &Web) -> bool {
        self.tunnel.as_deref() == Some(web.base())
    }
}

impl CacheHalf {
    /// What the cache said.
    pub(super) fn seen(&self) -> Option<&CacheHost> {
        match self {
            Self::Seen(host) => Some(host),
            _ => None,
        }
    }

    /// The path that was built as a probe.
    pub fn probe_path(&self) -> Option<&str> {
        self.seen()?.probe_path()
    }

    /// True if the cache is seen to accept this key: no client has to try first.
    pub fn lets_in(&self, key: &PublicKey) -> bool {
        self.seen()
            .is_some_and(|host| host.lets_in(&key.fingerprint()))
    }

    /// Why it says nothing, or built nothing, if it was asked.
    pub fn note(&self) -> Option<String> {
        match self {
            Self::NotAsked => None,
            Self::Unreached(why) => Some(format!(
                "the cache's half was not seen: {why} (`--server` says where it is, \
                 `--no-server` leaves it out)"
            )),
            Self::Seen(host) => {
                let failed = host.probe.as_ref().filter(|probe| !probe.is_success())?;
                let line = failed
                    .error_with(&["error"])
                    .unwrap_or("it printed nothing");
                Some(format!("no probe was built on `{}`: {line}", host.name))
            }
        }
    }
}

impl<'a> Evidence<'a> {
    /// The cache's half, if it was seen.
    pub(super) fn host(&self) -> Option<&'a CacheHost> {
        self.cache.seen()
    }

    /// The name of the cache in messages.
    pub fn cache_name(&self) -> &'a str {
        match (self.expected, self.route, self.web) {
            (Some(expected), ..) => &expected.cache,
            (None, Some(route), _) => route.host(),
            (None, None, Some(web)) => web.name(),
            (None, None, None) => self.ignored.unwrap_or("the cache"),
        }
    }

    /// The substituter as in the client's settings.
    pub fn url(&self) -> Option<&'a str> {
        let ssh = self.route.map(|route| route.url.as_str());
        let web = self.web.map(|web| web.url.as_str());
        ssh.or(web).or(self.ignored)
    }

    /// The substituter without its parameters, as Nix prints it when it copies.
    pub(super) fn store(&self) -> Option<&'a str> {
        let url = self.url()?.split('?').next()?;
        Some(url.trim_end_matches('/'))
    }

    /// What the other end says, and the address where it is.
    pub(super) fn greeting(&self) -> Option<(&'a Dialogue, &'a str)> {
        let ssh = self.route.map(|route| (&route.greeting, route.address()));
        ssh.or_else(|| self.web.map(|web| (&web.greeting, web.host())))
    }

    /// The last line with which a cache over http(s) refuses or fails, with one of these words.
    pub(super) fn web_says(&self, words: &[&str]) -> Option<&'a str> {
        let web = self.web?;
        let narinfo = self.attempt.and_then(|attempt| attempt.narinfo.as_ref());
        let answers = [narinfo, web.info.as_ref(), web.store.as_ref()];
        let mut failed = answers
            .into_iter()
            .flatten()
            .filter(|answer| !answer.is_success());
        failed.find_map(|answer| answer.error_with(words))
    }

    /// The command that gives the client what the inventory says.
    pub(super) fn switch(&self) -> String {
        format!("sudo nixos-rebuild switch --flake .#{}", self.client.name)
    }

    /// The lines of the client's attempt that contain one of these words.
    pub(super) fn says(&self, words: &[&str]) -> Option<&'a str> {
        // Without room, every program fails, and with words that mean something else.
        self.attempt.filter(|_| !self.is_full())?.says(words)
    }

    /// True if nothing was fetched, and the client's store has no room.
    pub(super) fn is_full(&self) -> bool {
        const NEEDED: u64 = 1024;
        let failed = self.attempt.filter(|attempt| attempt.failure().is_some());
        let free = failed.and_then(|attempt| attempt.free.or(self.client.free));
        free.is_some_and(|free| free < NEEDED)
    }

    /// The line with which the cache's sshd ends a connection before it has greeted.
    pub(super) fn dropped(&self) -> Option<&'a str> {
        let route = self.route.filter(|route| !route.is_indirect())?;
        route
            .greeting
            .dropped()
            .or_else(|| route.greeting.closed_early())
    }

    /// The line in which the cache's sshd says why, with the cache's name.
    pub(super) fn logged_drop(&self) -> Option<(&'a str, &'a str)> {
        let host = self.host()?;
        Some((&host.name, host.logged(&["drop connection"])?))
    }

    /// The line in which the cache refuses the client's key.
    pub(super) fn denied(&self) -> Option<&'a str> {
        let attempt = self.attempt?;
        match &attempt.offer {
            Some(offer) if offer.accepts_key() => None,
            Some(offer) => offer.denied(),
            None => attempt.says(&["Permission denied (publickey"]),
        }
    }

    /// The line with which a connection ends behind the login, before any answer.
    pub(super) fn ends_behind_login(&self) -> Option<&'a str> {
        const WORDS: [&str; 3] = [
            "unexpected end-of-file",
            "Nix daemon disconnected unexpectedly",
            "got ''",
        ];
        self.says(&WORDS)
    }

    /// The command that shows what a cache runs for its clients.
    pub(super) fn ask_forced_command(&self) -> String {
        let user = self.route.map_or("nix-ssh", Route::user);
        format!("sudo sshd -T -C user={user} | grep forcecommand    # on the cache")
    }

    /// The line in which the client refuses the path because of its signature.
    pub(super) fn says_unsigned_line(&self) -> Option<&'a str> {
        self.says(&NOT_SIGNED)
    }

    /// The line in which the client's Nix says that it did not get as far as the path.
    pub(super) fn link_fails(&self) -> Option<&'a str> {
        const WORDS: [&str; 6] = [
            "failed to start SSH connection",
            "cannot connect to '",
            "protocol mismatch",
            "unexpected end-of-file",
            "disconnected unexpectedly",
            "cannot open connection to",
        ];
        self.says(&WORDS)
    }

    /// The line in which the daemon lacks or refuses a path of a cache over http(s), which
    /// nix.conf would let in as the cache has it now.
    pub(super) fn differs_from_fresh(&self, absent: &[&str]) -> Option<&'a str> {
        let attempt = self.attempt?;
        attempt.direct_info()?;
        let is_verified = attempt.verified.as_ref().is_some_and(Answer::is_success);
        match self.says_unsigned_line() {
            Some(line) => is_verified.then_some(line),
            None => attempt.failure()?.error_with(absent),
        }
    }

    /// True if this line of Nix says that a path came from this substituter.
    pub(super) fn is_from_here(&self, line: &str) -> bool {
        let behind = line.split_once(" from '").map_or("", |(_, it)| it);
        let behind = self.store().and_then(|store| behind.strip_prefix(store));
        behind.is_some_and(|behind| behind.starts_with(['\'', '?', '/']))
    }

    /// The names of the keys that signed the path, as the cache has it, or the client once
    /// it is there.
    pub(super) fn signers(&self) -> Option<Vec<String>> {
        let names = |info: &PathInfo| info.signers().into_iter().map(str::to_owned).collect();
        let on_cache = self.host().and_then(|host| host.info.as_ref());
        let here = || self.attempt?.info.as_ref();
        let direct = || self.attempt?.direct_info().as_ref().map(names);
        on_cache.or_else(here).map(names).or_else(direct)
    }

    /// The trusted keys of this name, in order.
    pub(super) fn trusted(&self, name: &str) -> Vec<&'a str> {
        let is_named = |key: &&str| key.split_once(':').is_some_and(|(it, _)| it == name);
        let mut keys: Vec<&str> = self.client.trusted_keys();
        keys.retain(is_named);
        keys.dedup();
        keys
    }
}
