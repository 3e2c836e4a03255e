//! `keys set`: brings one public key into the inventory.

use clap::Args;

use super::bring_in::{self, Request};
use super::new_key::{KeyOfHost, NewKey};
use super::{elsewhere, jump_hosts};
use crate::command::{Ask, Question, Verb, answers, left_keys, pasted_key, which};
use crate::diagnostic::Stop;
use crate::fleet::{Fleet, Host, HostName};
use crate::key::PastedKey;
use crate::plan::Plan;
use crate::project::Project;

/// Set a public key in the inventory
///
/// Clients and caches that waited for the key are set up in the same commit. A known key is replaced only with
/// `--replace`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  larder keys set kalaw /tmp/ssh_host_ed25519_key.pub
  larder keys set kalaw \"$(ssh kalaw cat /var/lib/larder/kalaw-1.public)\"
  ssh-keyscan pai.lan | larder keys set pai -
  larder keys set pai --identity 'ssh-ed25519 AAAA…'")]
pub struct SetKey {
    /// The host that the key belongs to, a jump host, or a cache that exists elsewhere
    host: Option<HostName>,
    /// The key itself, a file with it, or - for standard input
    #[arg(value_name = "KEY|FILE|-")]
    key: Option<String>,
    /// The key is the one with which the host logs in at caches
    #[arg(long, conflicts_with = "signing_key")]
    identity: bool,
    /// The key is the one with which the host signs what it builds (NAME:BASE64)
    #[arg(long)]
    signing_key: bool,
    /// Replace the key that is known
    #[arg(long)]
    replace: bool,
}

const WHICH: Question<'static> = Question {
    text: "whose key?",
    flag: "larder keys set HOST KEY|FILE",
    why: "A machine whose key the fleet needs and does not know yet comes first.",
};

impl Verb for SetKey {
    type Request = Request;

    const NAME: &'static str = "keys set";

    fn complete(mut self, project: &Project, ask: &mut dyn Ask) -> Result<Request, Stop> {
        let fleet = project.fleet()?;
        let host = self.machine(fleet, ask)?;
        self.signing_key |= elsewhere::is_one(fleet, &host.name);
        let key = match &self.key {
            Some(key) => self.new_key(ask, &host, key)?,
            None => self.ask_for_key(&host, ask)?,
        };
        let host = host.name;
        Ok(Request {
            keys: vec![KeyOfHost { host, key }],
            replace: self.replace,
            local_keys: left_keys::look(self.replace, ask)?,
            ..Request::default()
        })
    }

    fn plan(project: &Project, request: &Request) -> Result<Plan, Stop> {
        bring_in::plan(project, request)
    }
}

impl SetKey {
    /// A host of the fleet, or a jump host or a cache elsewhere, which are none.
    fn machine(&self, fleet: &Fleet, ask: &mut dyn Ask) -> Result<Host, Stop> {
        let jump_hosts = jump_hosts::all(fleet);
        let name = match &self.host {
            Some(name) => name,
            None => &Self::chosen(fleet, &jump_hosts, ask)?,
        };
        if let (false, Some(host)) = (
            fleet.hosts.contains_key(name),
            jump_hosts.iter().find(|host| host.name == *name),
        ) {
            return Ok(host.clone());
        }
        if elsewhere::is_one(fleet, name) {
            return Ok(Host::named(name.clone()));
        }
        Ok(fleet.require_host(name)?.clone())
    }

    fn chosen(fleet: &Fleet, jump_hosts: &[Host], ask: &mut dyn Ask) -> Result<HostName, Stop> {
        let names: Vec<&HostName> = fleet
            .hosts
            .keys()
            .chain(jump_hosts.iter().map(|host| &host.name))
            .chain(fleet.external_caches.keys())
            .collect();
        let is_unknown = |name: &HostName| {
            jump_hosts
                .iter()
                .any(|host| host.name == *name && host.host_key.is_none())
        };
        let lacks_a_key = |name: &HostName| which::lacks_a_key(fleet, name) || is_unknown(name);
        which::one_of(&names, WHICH, lacks_a_key, ask)
    }

    /// The form of a key tells its kind; only an SSH key may be one of two.
    fn new_key(&self, ask: &mut dyn Ask, host: &Host, key: &str) -> Result<NewKey, Stop> {
        if self.signing_key {
            return Ok(NewKey::Signing(pasted_key::signing(ask, key)?));
        }
        if self.identity {
            return Ok(NewKey::Identity(pasted_key::ssh(ask, key)?));
        }
        Ok(match pasted_key::any_of(ask, key, host)? {
            PastedKey::Ssh(key) => NewKey::Host(key),
            PastedKey::Signing(key) => NewKey::Signing(key),
        })
    }

    fn ask_for_key(&self, machine: &Host, ask: &mut dyn Ask) -> Result<NewKey, Stop> {
        let host = &machine.name;
        let which = match (self.signing_key, self.identity) {
            (true, _) => format!("the public signing key of `{host}`"),
            (_, true) => format!("the public key with which `{host}` logs in"),
            _ => format!("the public SSH host key or signing key of `{host}`"),
        };
        let question = Question {
            text: &format!("{which} (the key, or a file)"),
            flag: &format!("larder keys set {host} KEY|FILE"),
            why: "The half that may be known: for a host key, the line in `/etc/ssh/ssh_host_ed25519_key.pub`.",
        };
        answers::asked(ask, question, |ask, line| self.new_key(ask, machine, line))
    }
}
