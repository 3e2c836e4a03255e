//! How much of a host's closure its caches have, and what would be built instead of fetched.
//!
//! As Nix does it: what is neither on the client nor in a cache is built, and only then is
//! asked what that needs. So nobody is asked about compilers that nobody would use. Which
//! path is where says an [`Availability`], one a round.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::availability::{Availability, CacheNames};
use super::closure_report::{Built, ClosureReport, Counts, StoreCount};
use super::derivation::Derivation;

/// The walk through the derivations of a host's system.
#[derive(Debug, Default)]
pub struct Closure {
    client: String,
    /// Derivations that were not looked at yet, with the outputs that are wanted.
    next: BTreeMap<String, BTreeSet<String>>,
    /// What is asked about in this round.
    asked: Vec<Wanted>,
    seen: BTreeMap<String, BTreeSet<String>>,
    known: HashMap<String, Option<Derivation>>,
    counts: Counts,
    stores: Vec<StoreCount>,
    built: Vec<(Wanted, Reason)>,
}

/// A derivation, and the paths of it that are wanted.
#[derive(Debug, Clone)]
struct Wanted {
    derivation: String,
    paths: Vec<String>,
}

/// Why something is built.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Reason {
    /// A cache has it, and the derivation says `allowSubstitutes = false`.
    NotAllowed(String),
    /// A cache has it without a signature that the client trusts.
    Unsigned(String),
    /// No cache has it.
    Absent,
    /// Its file cannot be read, or only a build tells its path.
    Unknown,
}

impl Closure {
    /// The walk that begins at the derivation of a system.
    pub fn of(root: &str) -> Self {
        let outputs = BTreeSet::from(["out".to_owned()]);
        Self {
            next: BTreeMap::from([(root.to_owned(), outputs)]),
            ..Self::default()
        }
    }

    /// The paths to ask about next; none: the walk is at its end. `read` has the text of a
    /// derivation's file.
    pub fn round(&mut self, read: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
        for (name, outputs) in std::mem::take(&mut self.next) {
            let known = self.known.entry(name.clone());
            let known = known.or_insert_with(|| Derivation::parse(&read(&name)?));
            let paths = |it: &Derivation| -> Vec<String> {
                let paths = outputs.iter().filter_map(|output| it.outputs.get(output));
                paths.filter(|path| !path.is_empty()).cloned().collect()
            };
            let paths = known.as_ref().map(paths).unwrap_or_default();
            let wanted = Wanted {
                derivation: name,
                paths,
            };
            if wanted.paths.is_empty() {
                self.built.push((wanted, Reason::Unknown));
            } else {
                self.asked.push(wanted);
            }
        }
        self.asked.iter().flat_map(|it| it.paths.clone()).collect()
    }

    /// Takes the answer to a round.
    pub fn answer(&mut self, found: &Availability) {
        self.client.clone_from(&found.client);
        for (at, store) in found.stores.iter().enumerate() {
            if self.stores.len() <= at {
                self.stores.push(StoreCount::new(store));
            }
        }
        for wanted in std::mem::take(&mut self.asked) {
            self.counts.total += wanted.paths.len();
            if wanted.paths.iter().all(|path| found.is_here(path)) {
                self.counts.here += wanted.paths.len();
                continue;
            }
            self.count(&wanted, found);
            match self.reason(&wanted, found) {
                None => self.counts.fetched += wanted.paths.len(),
                Some(reason) => self.build(wanted, reason),
            }
        }
    }

    fn count(&mut self, wanted: &Wanted, found: &Availability) {
        for (count, store) in self.stores.iter_mut().zip(&found.stores) {
            count.of += wanted.paths.len();
            count.has += wanted.paths.iter().filter(|path| store.has(path)).count();
        }
    }

    /// Why it is built; `None`: a cache has all of it, as the client wants it.
    fn reason(&self, wanted: &Wanted, found: &Availability) -> Option<Reason> {
        let has = |path: &String| found.stores.iter().find(|store| store.has(path));
        let trusted = |path: &String| found.stores.iter().find(|store| found.accepts(store, path));
        let first = wanted.paths.first()?;
        if !wanted.paths.iter().all(|path| has(path).is_some()) {
            return Some(Reason::Absent);
        }
        if !wanted.paths.iter().all(|path| trusted(path).is_some()) {
            return has(first).map(|store| Reason::Unsigned(store.name.clone()));
        }
        let derivation = self.known.get(&wanted.derivation)?.as_ref()?;
        let is_forbidden = derivation.forbids_substitutes && !found.always_substitutes();
        let store = trusted(first).filter(|_| is_forbidden)?;
        Some(Reason::NotAllowed(store.name.clone()))
    }

    /// What is built needs its inputs.
    fn build(&mut self, wanted: Wanted, reason: Reason) {
        self.counts.built += wanted.paths.len();
        let derivation = self.known.get(&wanted.derivation).and_then(Option::as_ref);
        for (input, outputs) in derivation.map(|it| &it.inputs).into_iter().flatten() {
            let seen = self.seen.entry(input.clone()).or_default();
            for output in outputs {
                if seen.insert(output.clone()) {
                    self.next
                        .entry(input.clone())
                        .or_default()
                        .insert(output.clone());
                }
            }
        }
        self.built.push((wanted, reason));
    }

    /// The paths that no cache has: a cache may have something of the same name.
    pub fn absent(&self) -> Vec<String> {
        let absent = self
            .built
            .iter()
            .filter(|(_, reason)| *reason == Reason::Absent);
        absent
            .flat_map(|(wanted, _)| wanted.paths.clone())
            .collect()
    }

    /// What was found, with what the caches have under the same names.
    pub fn report(self, caches: &[CacheNames]) -> ClosureReport {
        let built = self.built.iter();
        let built = built.map(|(wanted, reason)| self.explained(wanted, reason, caches));
        ClosureReport {
            built: built.collect(),
            client: self.client.clone(),
            paths: self.counts,
            stores: self.stores,
            notes: Vec::new(),
        }
    }

    fn explained(&self, wanted: &Wanted, reason: &Reason, caches: &[CacheNames]) -> Built {
        let (reason, why) = match reason {
            Reason::NotAllowed(store) => (
                "not-allowed",
                format!("its derivation says `allowSubstitutes = false`, though {store} has it"),
            ),
            Reason::Unsigned(store) => (
                "unsigned",
                format!(
                    "{store} has it without a signature that {} trusts",
                    self.client
                ),
            ),
            Reason::Absent => self.why_absent(wanted, caches),
            Reason::Unknown => (
                "unknown",
                "its path is known only once it is built".to_owned(),
            ),
        };
        let path = wanted.paths.first().unwrap_or(&wanted.derivation).clone();
        Built { path, reason, why }
    }

    fn why_absent(&self, wanted: &Wanted, caches: &[CacheNames]) -> (&'static str, String) {
        let derivation = self.known.get(&wanted.derivation).and_then(Option::as_ref);
        if derivation.is_some_and(|it| it.is_fixed) {
            return ("download", "a download, which no cache has".to_owned());
        }
        let system = derivation.map_or("builtin", |it| it.system.as_str());
        let other = caches.iter().find(|cache| !cache.builds(system));
        let path = wanted.paths.first().map_or("", String::as_str);
        let mut same = caches
            .iter()
            .filter_map(|cache| Some((cache, cache.same_name(path)?)));
        match (same.next(), other, caches.first()) {
            (Some((cache, there)), ..) => (
                "other-derivation",
                format!(
                    "{} has another one of that name, {there}: other nixpkgs, options or overlays",
                    cache.name
                ),
            ),
            (None, Some(cache), _) => (
                "other-system",
                format!(
                    "it is for {system}, and {} builds {}",
                    cache.name,
                    cache.systems.join(", ")
                ),
            ),
            (None, None, Some(_)) => {
                let names: Vec<&str> = caches.iter().map(|cache| cache.name.as_str()).collect();
                (
                    "never-built",
                    format!(
                        "it was never built on {}, or is collected",
                        names.join(", ")
                    ),
                )
            }
            (None, None, None) => ("absent", "no cache has it".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::transcript::Transcript;

    const TOP: &str = r#"Derive([("out","/nix/store/t-top","","")],[("/nix/store/a-got.drv",["out"]),("/nix/store/b-own.drv",["out"]),("/nix/store/c-bare.drv",["out"])],[],"x86_64-linux","sh",[],[])"#;

    #[expect(clippy::unnecessary_wraps, reason = "as a disk answers")]
    fn file(name: &str) -> Option<String> {
        let one = |path: &str, more: &str| {
            format!(r#"Derive([("out","{path}","","")],[],[],"x86_64-linux","sh",[],[{more}])"#)
        };
        Some(match name {
            "/nix/store/t-top.drv" => TOP.to_owned(),
            "/nix/store/a-got.drv" => one("/nix/store/a-got", ""),
            "/nix/store/b-own.drv" => one("/nix/store/b-own", r#"("allowSubstitutes","")"#),
            _ => one("/nix/store/c-bare", ""),
        })
    }

    fn found(absent: &str) -> Availability {
        let text = format!(
            "=settings\n trusted-public-keys = k-1:x\n?0\n=here\n /nix/store/t-top\n \
             /nix/store/a-got\n /nix/store/b-own\n /nix/store/c-bare\n?0\n=store\n \
             ssh://nix-ssh@kalaw?priority=3\n?0\n=absent\n{absent}?0\n=signed\n \
             /nix/store/a-got\tk-1:s\n /nix/store/b-own\tk-1:s\n /nix/store/c-bare\t\n?0\n"
        );
        Availability::read(&Transcript::parse(&text))
    }

    #[test]
    fn each_is_built_for_its_own_reason() {
        let mut closure = Closure::of("/nix/store/t-top.drv");
        assert_eq!(closure.round(&file), ["/nix/store/t-top"]);
        closure.answer(&found(" /nix/store/t-top\n"));
        assert_eq!(closure.round(&file).len(), 3);
        closure.answer(&found(""));
        assert!(closure.round(&file).is_empty());
        assert_eq!(closure.absent(), ["/nix/store/t-top"]);
        let names = "=who\n 0\n kalaw\n?0\n=settings\n system = x86_64-linux\n?0\n=names\n /nix/store/u-top\n?0\n";
        let names = [CacheNames::read(&Transcript::parse(names))];
        let text = closure.report(&names).text();
        let start = "the client: 4 paths: 0 are there, 1 come from caches, 3 are built\n  kalaw: has 3 of the 4";
        assert!(text.starts_with(start), "{text}");
        for reason in ["not-allowed: 1", "other-derivation: 1", "unsigned: 1"] {
            assert!(text.contains(reason), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_unknown() {
        let mut closure = Closure::of("/nix/store/x.drv");
        assert!(closure.round(&|_| None).is_empty());
        assert!(closure.report(&[]).text().contains("built, unknown: 1"));
    }
}
