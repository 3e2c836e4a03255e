//! `status`: what is wired, what waits for what, and what to do next.

pub mod live;

use clap::Args;
use serde::Serialize;

use self::live::HostState;
use super::cache_links::{self, CacheLinks, ClientLink};
use crate::command::{lint, notes};
use crate::diagnostic::{Severity, Stop};
use crate::fleet::{Day, Fleet, HostName};
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
    caches: Vec<CacheLinks>,
    findings: FindingCounts,
    /// The machines as they are; `None`: they were not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    machines: Option<Vec<HostState>>,
    notes: Vec<String>,
    steps: Vec<Step>,
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
    let elsewhere = fleet.external_caches.values();
    let elsewhere = elsewhere.filter_map(|cache| steps::key_of_external(fleet, cache));
    Ok(Report {
        caches: cache_links::all(fleet),
        findings: count(project, today)?,
        machines: None,
        notes: notes::of_sync(fleet),
        steps: steps::in_order(
            keys.chain(elsewhere)
                .chain(steps::changes_of_engines(fleet))
                .collect(),
        ),
    })
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
        let caches: Vec<String> = self.caches.iter().map(cache_text).collect();
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

fn cache_text(cache: &CacheLinks) -> String {
    let remarks = cache.remarks().into_iter();
    let remarks: String = remarks.flat_map(|remark| [", ", remark]).collect();
    let width = cache.clients.iter().map(|it| it.host.as_str().len()).max();
    let width = width.unwrap_or(0);
    let clients: Vec<String> = cache
        .clients
        .iter()
        .map(|it| client_text(it, width))
        .collect();
    let clients = if clients.is_empty() {
        "  nobody is a client\n".to_owned()
    } else {
        clients.concat()
    };
    format!("{}{remarks}\n{clients}", cache.host)
}

fn client_text(client: &ClientLink, width: usize) -> String {
    let state = match client.priority {
        _ if client.is_pending() => format!("waits for {}", conjunction(&client.waits_for)),
        Some(priority) => format!("wired, priority {priority}"),
        None => "a client".to_owned(),
    };
    format!("  {:width$}  {state}\n", client.host.as_str())
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
