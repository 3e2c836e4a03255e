//! `status`: what is wired, what waits for what, and what to do next.

pub mod live;

use clap::Args;
use serde::Serialize;

use self::live::HostState;

use crate::command::{lint, notes};
use crate::diagnostic::{Severity, Stop};
use crate::fleet::{Cache, Day, Fleet, Host, HostName, Missing};
use crate::lint::LintCache;
use crate::project::Project;
use crate::steps::{self, Step};
use crate::text::conjunction;

/// Say what is wired, what waits for what, and what to do next
///
/// Reads the repository alone, which does not know whether a machine has been switched. With
/// `--live` each machine is asked, by your own ssh: what it asks, trusts and lets in.
///
/// Exit code 1 while a step is left to do or `larder lint` has an error.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  larder status
  larder status --live              which machines still have to be switched
  larder status --json")]
pub struct Status {
    /// Ask each machine whether it runs this wiring
    #[arg(long)]
    pub live: bool,
}

/// The state of a fleet.
#[derive(Debug, Serialize)]
pub struct Report {
    caches: Vec<CacheStatus>,
    findings: FindingCounts,
    /// The machines as they are; `None`: they were not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    machines: Option<Vec<HostState>>,
    notes: Vec<String>,
    steps: Vec<Step>,
}

/// One cache and its clients.
#[derive(Debug, Serialize)]
struct CacheStatus {
    host: HostName,
    /// It is wired by hand.
    adopted: bool,
    clients: Vec<ClientStatus>,
}

/// One client of a cache.
#[derive(Debug, Serialize)]
struct ClientStatus {
    host: HostName,
    /// Lower is asked first; cache.nixos.org has 40. `None`: it is wired by hand, and its
    /// files say.
    priority: Option<u16>,
    /// Nothing: it is wired.
    waits_for: Vec<&'static str>,
}

/// How much `larder lint` finds.
#[derive(Debug, Default, Serialize)]
struct FindingCounts {
    errors: usize,
    warnings: usize,
    notes: usize,
}

/// The state of the fleet in the repository.
///
/// # Errors
/// When the inventory cannot be read, or the flake's hosts cannot be found.
pub fn report(project: &Project, today: Option<Day>) -> Result<Report, Stop> {
    let fleet = project.fleet()?;
    let owned = fleet.caches.values().filter(|cache| !cache.is_adopted());
    let keys = owned.flat_map(|cache| steps::keys_of_cache(fleet, &cache.host));
    Ok(Report {
        caches: fleet.caches.values().map(|it| status(fleet, it)).collect(),
        findings: count(project, today)?,
        machines: None,
        notes: notes::of_sync(fleet),
        steps: steps::in_order(keys.collect()),
    })
}

fn status(fleet: &Fleet, cache: &Cache) -> CacheStatus {
    let of_client = |client: &Host| ClientStatus {
        host: client.name.clone(),
        priority: (!cache.is_adopted()).then(|| fleet.link(cache, client).priority),
        waits_for: fleet
            .missing(cache, client)
            .into_iter()
            .map(missing_words)
            .collect(),
    };
    CacheStatus {
        host: cache.host.clone(),
        adopted: cache.is_adopted(),
        clients: fleet.clients(cache).map(of_client).collect(),
    }
}

/// What a client lacks, in words that follow "waits for".
pub(super) fn missing_words(missing: Missing) -> &'static str {
    match missing {
        Missing::Pin => "the cache's SSH host key",
        Missing::SigningKey => "the cache's signing key",
        Missing::IdentityKey => "its own public key",
        Missing::ClientModule => "a module of its own",
        Missing::ServerModule => "a module of the cache's",
    }
}

fn count(project: &Project, today: Option<Day>) -> Result<FindingCounts, Stop> {
    let mut counts = FindingCounts::default();
    for finding in lint::findings(project, today, &LintCache::default())? {
        match finding.severity() {
            Severity::Error => counts.errors += 1,
            Severity::Warning => counts.warnings += 1,
            Severity::Note => counts.notes += 1,
        }
    }
    Ok(counts)
}

impl Report {
    /// True if something is left to do.
    pub fn is_open(&self) -> bool {
        let mut clients = self.caches.iter().flat_map(|cache| &cache.clients);
        let mut machines = self.machines.iter().flatten();
        machines.any(|machine| !machine.is_switched())
            || !self.steps.is_empty()
            || self.findings.errors > 0
            || clients.any(|client| !client.waits_for.is_empty())
    }

    /// The report with what the machines say, and the switches that are missing.
    #[must_use]
    pub fn with_machines(mut self, fleet: &Fleet, machines: Vec<HostState>) -> Self {
        let behind = machines.iter().filter(|machine| machine.is_behind());
        let behind: Vec<&HostName> = behind.map(HostState::host).collect();
        self.steps.extend(steps::behind(fleet, &behind));
        self.steps = steps::in_order(self.steps);
        self.machines = Some(machines);
        self
    }

    /// What the inventory has to say first.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// What is left to do.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The caches with their clients, and how much lint finds.
    pub fn text(&self) -> String {
        let caches: Vec<String> = self.caches.iter().map(CacheStatus::text).collect();
        let caches = if caches.is_empty() {
            "no cache yet: `larder add-cache HOST`\n".to_owned()
        } else {
            caches.concat()
        };
        let live = if self.is_open() || self.caches.is_empty() {
            ""
        } else {
            "whether it works, the machines know: `larder doctor --all`\n"
        };
        format!(
            "{caches}{}\n{}{live}",
            self.findings.text(),
            self.machines_text()
        )
    }
}

impl Report {
    fn machines_text(&self) -> String {
        let Some(machines) = &self.machines else {
            let ours = self.caches.iter().filter(|cache| !cache.adopted);
            let mut clients = ours.flat_map(|cache| &cache.clients);
            let is_wired = clients.any(|client| client.waits_for.is_empty());
            let unknown = "whether the machines are switched: `larder status --live`\n";
            return if is_wired {
                unknown.to_owned()
            } else {
                String::new()
            };
        };
        let width = machines.iter().map(|it| it.host().as_str().len()).max();
        let lines = machines.iter().map(|it| it.text(width.unwrap_or(0)));
        format!("on the machines:\n{}", lines.collect::<String>())
    }
}

impl CacheStatus {
    fn text(&self) -> String {
        let by_hand = if self.adopted { ", wired by hand" } else { "" };
        let width = self.clients.iter().map(|it| it.host.as_str().len()).max();
        let width = width.unwrap_or(0);
        let clients: Vec<String> = self.clients.iter().map(|it| it.text(width)).collect();
        let clients = if clients.is_empty() {
            "  nobody is a client\n".to_owned()
        } else {
            clients.concat()
        };
        format!("{}{by_hand}\n{clients}", self.host)
    }
}

impl ClientStatus {
    fn text(&self, width: usize) -> String {
        let state = match self.priority {
            _ if !self.waits_for.is_empty() => {
                format!("waits for {}", conjunction(&self.waits_for))
            }
            Some(priority) => format!("wired, priority {priority}"),
            None => "a client".to_owned(),
        };
        format!("  {:width$}  {state}\n", self.host.as_str())
    }
}

impl FindingCounts {
    fn text(&self) -> String {
        let one = |count: usize, what: &str| {
            let plural = if count == 1 { "" } else { "s" };
            (count > 0).then(|| format!("{count} {what}{plural}"))
        };
        let all = [
            one(self.errors, "error"),
            one(self.warnings, "warning"),
            one(self.notes, "note"),
        ];
        let all: Vec<String> = all.into_iter().flatten().collect();
        if all.is_empty() {
            return "lint finds nothing".to_owned();
        }
        format!("lint finds {}: `larder lint`", all.join(", "))
    }
}
