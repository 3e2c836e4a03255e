//! One client at a time: look → judge → ask the cache → judge → fetch → judge, and no
//! further than the first broken link.

use crate::command::doctor::{Doctor, Target, Way};
use crate::doctor::{
    Attempt, CacheHalf, CacheHost, Client, Evidence, Expected, Finding, LinkReport, Route, Verdict,
    judge,
};
use crate::io::doctor::{self as machines, Machine};

/// One run.
pub(super) struct Checkup<'a> {
    /// What was asked for.
    pub(super) args: &'a Doctor,
    /// The name of this machine.
    pub(super) here: &'a str,
    /// Nothing is built or fetched, and the cache is not asked.
    pub(super) dry_run: bool,
}

/// One link of a client.
struct Link<'a> {
    machine: &'a Machine,
    client: &'a Client,
    route: Option<&'a Route>,
    expected: Option<&'a Expected>,
    /// Where the cache's half can be asked.
    server: Option<Machine>,
}

impl Checkup<'_> {
    /// Every link of a client.
    pub(super) fn client(&self, target: &Target) -> Vec<LinkReport> {
        let way = target.way.as_ref();
        let machine = way.map_or(Machine::Here, |way| self.machine(way));
        let transcript = match machine.look() {
            Ok(transcript) => transcript,
            Err(why) => return open(target, &format!("`{}` was not asked: {why}", target.name)),
        };
        let client = Client::read(&transcript);
        if client.nix.is_none() {
            return open(target, &format!("`{}` has no Nix", client.name));
        }
        let links = self.links(&machine, &client, target);
        if links.is_empty() {
            return open(
                target,
                &format!("Nix on `{}` asks no cache over ssh", client.name),
            );
        }
        links.iter().map(|link| self.link(link)).collect()
    }

    /// The links that the inventory has, and then those that only Nix has.
    fn links<'a>(
        &self,
        machine: &'a Machine,
        client: &'a Client,
        target: &'a Target,
    ) -> Vec<Link<'a>> {
        let is_of = |route: &&Route, expected: &Expected| expected.is_at(route.host());
        let known = target.links.iter().map(|(expected, way)| Link {
            machine,
            client,
            route: client.routes.iter().find(|route| is_of(route, expected)),
            expected: Some(expected),
            server: self.server(way),
        });
        let is_unknown = |route: &&Route| {
            !target
                .links
                .iter()
                .any(|(expected, _)| is_of(route, expected))
        };
        let others = client.routes.iter().filter(is_unknown).map(|route| Link {
            machine,
            client,
            route: Some(route),
            expected: None,
            server: self.server(&Way::to(route.address())),
        });
        known.chain(others).collect()
    }

    fn server(&self, way: &Way) -> Option<Machine> {
        if self.args.no_server || self.dry_run {
            return None;
        }
        let given = self.args.server.as_deref().map(Way::to);
        Some(self.machine(given.as_ref().unwrap_or(way)))
    }

    fn machine(&self, way: &Way) -> Machine {
        if way.name.as_deref() == Some(self.here) {
            return Machine::Here;
        }
        Machine::Remote(way.options.clone(), way.destination.clone())
    }

    fn link(&self, link: &Link<'_>) -> LinkReport {
        let nothing = CacheHalf::NotAsked;
        let first = judge(&link.evidence(&nothing, None));
        let half = match &first {
            Verdict::Broken { findings, .. } if !findings.iter().any(Finding::concerns_cache) => {
                nothing
            }
            _ => self.half(link, &first),
        };
        let second = judge(&link.evidence(&half, None));
        let path = self.args.path().or(half.probe_path()).map(str::to_owned);
        let (verdict, notes) = match (&second, link.route) {
            (Verdict::Open, Some(route)) if !self.dry_run => {
                self.fetched(link, route, &half, path.as_deref())
            }
            // The daemon would not ask; the key can be offered all the same.
            (it, Some(route)) if it.is_only_memory() && !self.dry_run => {
                (self.fetched(link, route, &half, None).0, Vec::new())
            }
            (Verdict::Open, _) => (
                judge(&link.evidence(&half, Some(&Attempt::default()))),
                vec![DRY_RUN.to_owned()],
            ),
            _ => (second, Vec::new()),
        };
        let cache = link.evidence(&half, None).cache_name().to_owned();
        let url = link.route.map(|route| route.url.as_str());
        let mut report = LinkReport::new(&link.client.name, &cache, url, &verdict);
        report.notes.extend(notes);
        report.notes.extend(half.note());
        report.path = path;
        report
    }

    /// The cache's half, with a probe if nothing is broken yet.
    fn half(&self, link: &Link<'_>, so_far: &Verdict) -> CacheHalf {
        let Some(server) = &link.server else {
            return CacheHalf::NotAsked;
        };
        let path = self.args.path();
        let nonce = (matches!(so_far, Verdict::Open) && path.is_none()).then(machines::nonce);
        let user = link.route.map_or("nix-ssh", Route::user);
        match server.serve(user, path, nonce.as_deref()) {
            Ok(transcript) => CacheHalf::Seen(Box::new(CacheHost::read(&transcript))),
            Err(why) => CacheHalf::Unreached(why),
        }
    }

    /// The verdict once a path was fetched, or could not be.
    fn fetched(
        &self,
        link: &Link<'_>,
        route: &Route,
        half: &CacheHalf,
        path: Option<&str>,
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
        let attempt = machines::Attempt {
            url: &route.url,
            path,
            offered: offered.as_deref(),
            keep: self.args.path().is_some(),
        };
        match link.machine.prove(&attempt) {
            Ok(transcript) => {
                let attempt = Attempt::read(&transcript);
                let note = path.is_none().then(|| NO_PATH.to_owned());
                (
                    judge(&link.evidence(half, Some(&attempt))),
                    note.into_iter().collect(),
                )
            }
            Err(why) => (Verdict::Open, vec![format!("nothing was fetched: {why}")]),
        }
    }
}

/// What to say where nothing was to be fetched.
const DRY_RUN: &str = "nothing was built or fetched, and the cache was not asked: `--dry-run`";
/// What to say where nothing could be fetched.
const NO_PATH: &str =
    "nothing was fetched: name a store path that the cache has built and this client does not have";

impl<'a> Link<'a> {
    fn evidence(&self, cache: &'a CacheHalf, attempt: Option<&'a Attempt>) -> Evidence<'a> {
        Evidence {
            client: self.client,
            route: self.route,
            cache,
            attempt,
            expected: self.expected,
        }
    }
}

/// The links of a client of which nothing is known, and why.
fn open(target: &Target, note: &str) -> Vec<LinkReport> {
    let known = target.links.iter();
    let mut caches: Vec<&str> = known.map(|(expected, _)| expected.cache.as_str()).collect();
    if caches.is_empty() {
        caches.push("its caches");
    }
    let report = |cache: &str| {
        let mut report = LinkReport::new(&target.name, cache, None, &Verdict::Open);
        report.notes.push(note.to_owned());
        report
    };
    caches.into_iter().map(report).collect()
}
