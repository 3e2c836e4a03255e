//! A host serves its store over HTTP to everyone, beside a private cache.
//!
//! ## Why is this bad
//! nix-serve and harmonia ask nobody who they are: whoever reaches the port reads
//! the whole store, configuration files with secrets in them included. The keys of
//! the private cache keep nobody out any more.
//!
//! ## Example
//! ```nix
//! services.nix-serve = { enable = true; openFirewall = true; };
//! ```
//!
//! ## What to do
//! Turn it off, or bind it to `127.0.0.1` or a VPN's address and close the port.

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::HostContext;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;
use crate::survey::{Machine, Spot, Value};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Host(open_services)],
    evaluated_half: &[],
};

/// Service and its default port.
const SERVICES: &[(&str, i64)] = &[("nix-serve", 5000), ("harmonia", 5000)];

fn open_services(host: &HostContext<'_>) -> Vec<Violation> {
    let name = &host.name;
    let serves = host.context.fleet.caches.contains_key(name);
    let Some(machine) = host.machine().filter(|_| serves) else {
        return Vec::new();
    };
    let open = SERVICES.iter().filter_map(|(service, port)| {
        let spot = open(machine, service, *port)?;
        let message = format!("`{name}` also serves its store to everyone, by `{service}`");
        let violation = Violation::new(Subject::host(host).part(*service), message)
            .at_spot(&spot, "no key is asked for here")
            .help("turn it off, or bind it to `127.0.0.1` and close the port");
        Some(violation)
    });
    open.collect()
}

/// Where the port is opened to the world.
fn open(machine: &Machine, service: &str, port: i64) -> Option<Spot> {
    machine
        .flag(&format!("services.{service}.enable"))
        .filter(|(on, _)| *on)?;
    let bound = machine.all(&format!("services.{service}.bindAddress"));
    let is_local =
        |address: &str| address.starts_with("127.") || address == "::1" || address == "localhost";
    if bound
        .iter()
        .any(|hit| hit.value.text().is_some_and(is_local))
    {
        return None;
    }
    let opened = machine
        .flag(&format!("services.{service}.openFirewall"))
        .filter(|(on, _)| *on);
    let no_firewall = machine
        .flag("networking.firewall.enable")
        .filter(|(on, _)| !on);
    let by_flag = opened.or(no_firewall).map(|(_, hit)| hit.spot);
    by_flag.or_else(|| in_open_ports(machine, port_in_files(machine, service).unwrap_or(port)))
}

fn port_in_files(machine: &Machine, service: &str) -> Option<i64> {
    let mut all = machine.all(&format!("services.{service}.port")).into_iter();
    all.find_map(|hit| number(&hit.value))
}

fn in_open_ports(machine: &Machine, port: i64) -> Option<Spot> {
    let all = machine
        .all("networking.firewall.allowedTCPPorts")
        .into_iter();
    all.into_iter().find_map(|hit| match &hit.value {
        Value::List(list) => {
            let is_it = list
                .items
                .iter()
                .any(|item| number(&item.value) == Some(port));
            is_it.then_some(hit.spot)
        }
        _ => None,
    })
}

fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => Some(*number),
        _ => None,
    }
}
