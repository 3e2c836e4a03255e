//! One client at a time: look → judge → ask the cache → judge → fetch → judge, and no
//! further than the first broken link.

use super::fetch::Checkup;
use super::link::{Link, Turn, machine};
use crate::command::doctor::{Target, Way};
use crate::doctor::{
    Attempt, CacheHalf, CacheHost, Client, Expected, Finding, LinkReport, Route, Verdict, Web,
    judge,
};
use crate::io::doctor::{self as machines, Machine};

impl Checkup<'_> {
    /// Every link of a client.
    pub(super) fn client(&self, target: &Target) -> Vec<LinkReport> {
        let way = target.way.as_ref();
        let machine = way.map_or(Machine::Here, |way| self.machine(way));
        let transcript = match machine.look(!self.args.all, self.args.path()) {
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
                &format!("Nix on `{}` asks no cache over ssh or http", client.name),
            );
        }
        let mut reports: Vec<LinkReport> = Vec::new();
        for (at, link) in links.iter().enumerate() {
            let turn = Turn {
                is_here: reports.iter().any(LinkReport::is_proven),
                is_last: links[at + 1..].iter().all(|link| link.route.is_none()),
            };
            reports.push(self.link(link, turn));
        }
        reports
    }

    /// The links that the inventory has, and then those that only Nix has.
    fn links<'a>(
        &self,
        machine: &'a Machine,
        client: &'a Client,
        target: &'a Target,
    ) -> Vec<Link<'a>> {
        let is_of = |route: &&Route, expected: &Expected| expected.is_at(route.host());
        let tunnel = |expected: &Expected| client.webs.iter().find(|web| expected.is_through(web));
        let known = target.links.iter().map(|(expected, way)| Link {
            machine,
            client,
            route: client.routes.iter().find(|route| is_of(route, expected)),
            web: tunnel(expected),
            ignored: None,
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
            web: None,
            ignored: None,
            expected: None,
            server: self.server(&Way::to(route.address())),
        });
        let is_tunnel = |web: &Web| {
            target
                .links
                .iter()
                .any(|(expected, _)| expected.is_through(web))
        };
        let webs = client.webs.iter().filter(|web| !is_tunnel(web));
        let webs = webs.map(|web| Link {
            machine,
            client,
            route: None,
            web: Some(web),
            ignored: None,
            expected: None,
            server: None,
        });
        let ignored = client.ignored.iter().map(|url| Link {
            machine,
            client,
            route: None,
            web: None,
            ignored: Some(url.as_str()),
            expected: None,
            server: None,
        });
        known.chain(others).chain(webs).chain(ignored).collect()
    }

    fn server(&self, way: &Way) -> Option<Machine> {
        if self.args.no_server || self.dry_run {
            return None;
        }
        let given = self.args.server.as_deref().map(Way::to);
        Some(self.machine(given.as_ref().unwrap_or(way)))
    }

    fn machine(&self, way: &Way) -> Machine {
        machine(way, self.here)
    }

    fn link(&self, link: &Link<'_>, turn: Turn) -> LinkReport {
        let nothing = CacheHalf::NotAsked;
        let first = judge(&link.evidence(&nothing, None));
        let half = match &first {
            Verdict::Broken { findings, .. } if !findings.iter().any(Finding::concerns_cache) => {
                nothing
            }
            _ => self.half(link, &first),
        };
        let second = judge(&link.evidence(&half, None));
        let mut path = self.args.path().or(half.probe_path()).map(str::to_owned);
        let (verdict, notes) = match (&second, link.route, link.web) {
            (Verdict::Open, Some(route), _) if !self.dry_run => {
                self.fetched(link, route, &half, path.as_deref(), turn)
            }
            (Verdict::Open, None, Some(web)) if !self.dry_run => {
                let named = self.named(web, link, &half, turn).map(str::to_owned);
                path = named.or_else(|| web.sample.clone());
                self.fetched_anew(web, link, &half, turn)
            }
            // The daemon would not ask; the key can be offered all the same.
            (it, Some(route), _) if it.is_only_memory() && !self.dry_run => {
                let (verdict, _) = self.fetched(link, route, &half, None, turn);
                (verdict, Vec::new())
            }
            (Verdict::Open, _, web) => {
                let note = web.map_or(DRY_RUN, |_| DRY_RUN_OF_WEB);
                let verdict = judge(&link.evidence(&half, Some(&Attempt::default())));
                (verdict, vec![note.to_owned()])
            }
            _ => (second, Vec::new()),
        };
        let cache = link.evidence(&half, None).cache_name().to_owned();
        let url = link.evidence(&half, None).url();
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
        let expected = link.expected.map_or("nix-ssh", |expected| expected.user);
        let user = link.route.map_or(expected, Route::user);
        match server.serve(user, path, nonce.as_deref()) {
            Ok(transcript) => CacheHalf::Seen(Box::new(CacheHost::read(&transcript))),
            Err(why) => CacheHalf::Unreached(why),
        }
    }
}

/// What to say where nothing was to be fetched.
const DRY_RUN: &str = "nothing was built or fetched, and the cache was not asked: `--dry-run`";
/// The same for a cache over http(s), which answers without a login.
const DRY_RUN_OF_WEB: &str = "it answers; nothing was fetched: `--dry-run`";
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
