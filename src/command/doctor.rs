//! `doctor`: whether clients really fetch from their caches, on the live machines.

use clap::Args;
use serde::Serialize;

use crate::diagnostic::{Diagnostic, Stop};
use crate::doctor::{self, CAUSES, Cause, Expected};
use crate::fleet::{Cache, Fleet, Host};
use crate::key::PublicKey;

/// Prove on the live machines that a path is fetched from a cache, or name what is broken
///
/// Without a HOST it looks at this machine, with or without an inventory. Another machine
/// is reached through your own ssh, and so is the cache, for what only the cache knows;
/// nothing is installed there. A tiny path is built on the cache and fetched by the client
/// through its Nix daemon, and the same path is refused without the key that signed it: only
/// that is called proven. With `--dry-run` nothing is built or fetched, and nobody logs in
/// at a cache.
///
/// Exits 0 if every link is proven, 1 if one is broken, 2 if that could not be found out.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  larder doctor
  larder doctor pai
  larder doctor pai /nix/store/…-hello-2.12
  larder doctor --all
  larder doctor --closure pai
  larder doctor --explain host-key-changed")]
pub struct Doctor {
    /// Clients: hosts of the inventory, or where ssh leads without one; and a store path to
    /// fetch instead of a new one [default: this machine]
    #[arg(value_name = "HOST|PATH")]
    pub targets: Vec<String>,
    /// Check every client of the inventory
    #[arg(long)]
    pub all: bool,
    /// Do not ask the cache for its half
    #[arg(long, conflicts_with = "server")]
    pub no_server: bool,
    /// Where ssh reaches the cache's machine [default: by the inventory, else by its URL]
    #[arg(long, value_name = "DESTINATION")]
    pub server: Option<String>,
    /// How many clients are looked at at a time
    #[arg(long, default_value = "4", value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: u16,
    /// How much of a host's system its caches have.
    #[command(flatten)]
    pub closure: OfClosure,
    /// Show the manual page of a cause
    #[arg(long, value_name = "CAUSE")]
    pub explain: Option<String>,
    /// List the causes
    #[arg(long, conflicts_with = "explain")]
    pub list: bool,
}

/// How much of a host's system its caches have.
#[derive(Debug, Args)]
pub struct OfClosure {
    /// Show how much of a host's system each of its caches has, and what would be built and why
    ///
    /// Nix evaluates the host on this machine; nothing is built or fetched.
    #[arg(long, value_name = "HOST", conflicts_with_all = ["targets", "all", "explain", "list"])]
    pub closure: Option<String>,
    /// With `--closure`, let Nix fetch inputs that are not on this machine
    #[arg(long, requires = "closure")]
    pub online: bool,
}

/// A client to look at.
#[derive(Debug, Clone)]
pub struct Target {
    /// Its name on the screen.
    pub name: String,
    /// How to get there; `None`: it is this machine.
    pub way: Option<Way>,
    /// What the inventory says of its links, with the way to each cache.
    pub links: Vec<(Expected, Way)>,
}

/// Where ssh leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The host, as ssh takes it.
    pub destination: String,
    /// The name that the machine calls itself by, where the inventory knows it.
    pub name: Option<String>,
    /// Options before it.
    pub options: Vec<String>,
}

impl Way {
    /// The way to where the user's own ssh configuration leads.
    pub fn to(destination: &str) -> Self {
        Self {
            destination: destination.to_owned(),
            name: None,
            options: Vec::new(),
        }
    }

    fn to_host(host: &Host) -> Self {
        let port = host.port.map(|port| ["-p".to_owned(), port.to_string()]);
        let jump = host.proxy_jump.as_ref();
        let jump = jump.map(|jump| ["-J".to_owned(), jump.to_string()]);
        Self {
            destination: host.address().to_string(),
            name: Some(host.name.to_string()),
            options: port.into_iter().chain(jump).flatten().collect(),
        }
    }
}

impl Doctor {
    /// The store path that is to be fetched, if one was given.
    pub fn path(&self) -> Option<&str> {
        let mut paths = self.targets.iter().filter(|it| is_path(it));
        paths.next().map(String::as_str)
    }

    fn hosts(&self) -> Vec<&str> {
        let hosts = self.targets.iter().filter(|it| !is_path(it));
        hosts.map(String::as_str).collect()
    }

    /// The clients to look at. `here` is the name of this machine.
    ///
    /// # Errors
    /// When a path is no store path, when the inventory has no such host, and with `--all`
    /// when there is no inventory.
    pub fn clients(&self, fleet: Option<&Fleet>, here: &str) -> Result<Vec<Target>, Stop> {
        self.check_paths()?;
        let Some(fleet) = fleet else {
            return self.without_inventory();
        };
        if self.all {
            let clients = fleet.hosts.values();
            let asks_elsewhere = |host: &Host| fleet.external_caches_of(host).next().is_some();
            let clients = clients
                .filter(|host| fleet.caches_of(host).next().is_some() || asks_elsewhere(host));
            let clients: Vec<Target> = clients.map(|host| target(fleet, host, here)).collect();
            return if clients.is_empty() {
                Err(no_clients())
            } else {
                Ok(clients)
            };
        }
        let hosts = self.hosts();
        if hosts.is_empty() {
            let own = fleet.hosts.values().find(|host| host.name.as_str() == here);
            return Ok(vec![
                own.map_or_else(this_machine, |host| target(fleet, host, here)),
            ]);
        }
        let named = hosts.into_iter();
        let named = named.map(|name| Ok(target(fleet, fleet.require_host(name)?, here)));
        named.collect()
    }

    /// The client whose closure is looked at. `here` is the name of this machine.
    ///
    /// # Errors
    /// When the inventory has no such host.
    pub fn closure_client<'a>(
        fleet: &'a Fleet,
        name: &str,
        here: &str,
    ) -> Result<(&'a Host, Target), Stop> {
        let host = fleet.require_host(name)?;
        Ok((host, target(fleet, host, here)))
    }

    fn check_paths(&self) -> Result<(), Stop> {
        let mut paths = self.targets.iter().filter(|it| is_path(it));
        let is_store_path = |path: &String| path.matches('/').count() >= 3;
        let first = paths.next();
        if let Some(second) = paths.next() {
            let error = Diagnostic::error("two-paths", "only one path can be fetched at a time");
            return Err(error.about(second).into());
        }
        match first.filter(|path| !is_store_path(path)) {
            None => Ok(()),
            Some(path) => {
                let message = format!("`{}` is no store path", path.escape_debug());
                let error = Diagnostic::error("no-store-path", message).about(path);
                Err(error
                    .help("`larder doctor` alone has a path built on the cache")
                    .into())
            }
        }
    }

    fn without_inventory(&self) -> Result<Vec<Target>, Stop> {
        if self.all {
            let error = Diagnostic::error("no-inventory", "`--all` needs an inventory");
            return Err(Stop::fault(error.help("name the hosts, as ssh knows them")));
        }
        let hosts = self.hosts();
        if hosts.is_empty() {
            return Ok(vec![this_machine()]);
        }
        let by_ssh = |host: &str| Target {
            name: host.to_owned(),
            way: Some(Way::to(host)),
            links: Vec::new(),
        };
        Ok(hosts.into_iter().map(by_ssh).collect())
    }
}

fn no_clients() -> Stop {
    let error = Diagnostic::error("no-clients", "no host of the inventory has a cache");
    Stop::fault(error.help("`larder add-cache HOST` makes one"))
}

fn is_path(word: &str) -> bool {
    word.starts_with('/')
}

fn this_machine() -> Target {
    Target {
        name: "this machine".to_owned(),
        way: None,
        links: Vec::new(),
    }
}

fn target(fleet: &Fleet, host: &Host, here: &str) -> Target {
    let link = |cache: &Cache| {
        (
            expected(fleet, cache, host),
            Way::to_host(fleet.server(cache)),
        )
    };
    Target {
        name: host.name.to_string(),
        way: (host.name.as_str() != here).then(|| Way::to_host(host)),
        links: fleet.caches_of(host).map(link).collect(),
    }
}

/// What the inventory says of the link between a cache and a client.
fn expected(fleet: &Fleet, cache: &Cache, client: &Host) -> Expected {
    let link = fleet.link(cache, client);
    let server = link.server.name.as_str();
    let row = |path: &[&str]| {
        let range = fleet.span(path).unwrap_or_default();
        let before = fleet.source.text.get(..range.start).unwrap_or_default();
        before.matches('\n').count() + 1
    };
    let others = fleet
        .hosts
        .values()
        .filter(|host| host.name.as_str() != server);
    let named = |host: &Host| -> Vec<(String, PublicKey)> {
        let keys = host.host_keys().cloned();
        keys.map(|key| (host.name.to_string(), key)).collect()
    };
    let pins = row(&["hosts", server, "host-key"]);
    let signing = row(&["caches", server, "signing-key"]);
    let (host_keys, signing_keys) = (link.server.host_keys(), cache.signing_keys());
    Expected {
        cache: server.to_owned(),
        address: link.address.to_string(),
        alias: cache.ssh_alias(),
        tunnel: link.is_tunnelled().then(|| fleet.store_url(&link)),
        user: cache.login_user(),
        host_keys: host_keys.map(|key| (key.clone(), pins)).collect(),
        signing_keys: signing_keys.map(|key| (key.clone(), signing)).collect(),
        identities: link
            .identity
            .public_keys(client)
            .into_iter()
            .cloned()
            .collect(),
        others: others.flat_map(named).collect(),
    }
}

/// The manual page of a cause.
///
/// # Errors
/// When there is no such cause, with the name that was probably meant.
pub fn explain(name: &str) -> Result<String, Stop> {
    let cause = doctor::find(name)?;
    Ok(format!("{}\n\n{}\n", cause.name(), cause.manual()))
}

/// The causes, for programs.
#[derive(Debug, Serialize)]
pub struct Causes {
    causes: Vec<CauseReport>,
}

#[derive(Debug, Serialize)]
struct CauseReport {
    name: &'static str,
    summary: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    manual: Option<String>,
}

/// All causes, for programs.
pub fn causes() -> Causes {
    let causes = CAUSES.iter().map(cause_report).collect();
    Causes { causes }
}

/// One cause with its manual page, for programs.
///
/// # Errors
/// As [`explain`].
pub fn page(name: &str) -> Result<Causes, Stop> {
    let cause = doctor::find(name)?;
    let causes = vec![CauseReport {
        manual: Some(cause.manual()),
        ..cause_report(cause)
    }];
    Ok(Causes { causes })
}

fn cause_report(cause: &Cause) -> CauseReport {
    CauseReport {
        name: cause.name(),
        summary: cause.summary(),
        manual: None,
    }
}

/// One line a cause: its name, and what is wrong.
pub fn list() -> String {
    let width = CAUSES.iter().map(|cause| cause.name().len()).max();
    let width = width.unwrap_or(0);
    let line = |cause: &Cause| format!("{:width$}  {}\n", cause.name(), cause.summary());
    CAUSES.iter().map(line).collect()
}
