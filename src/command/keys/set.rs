//! `keys set`: brings one public key into the inventory.

use clap::Args;

use super::bring_in::{self, Request};
use super::new_key::{KeyOfHost, NewKey};
use super::{elsewhere, jump_hosts};
use crate::command::{Ask, Question, Verb, answers, left_keys, pasted_key, which};
use crate::diagnostic::Stop;
use crate::fleet::HostName;
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
        let lacks_a_key = |name: &HostName| which::lacks_a_key(fleet, name);
        let host = match self.host.clone() {
            Some(name) if elsewhere::is_one(fleet, &name) => {
                self.signing_key = true;
                name
            }
            Some(name) if jump_hosts::is_one(fleet, &name) => name,
            given => which::host(fleet, given, WHICH, |_| true, lacks_a_key, ask)?,
        };
        let key = match &self.key {
            Some(key) => self.new_key(ask, key)?,
            None => self.ask_for_key(&host, ask)?,
        };
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
    /// The form of a key tells its kind; only an SSH key may be one of two.
    fn new_key(&self, ask: &mut dyn Ask, key: &str) -> Result<NewKey, Stop> {
        if self.signing_key {
            return Ok(NewKey::Signing(pasted_key::signing(ask, key)?));
        }
        if self.identity {
            return Ok(NewKey::Identity(pasted_key::ssh(ask, key)?));
        }
        Ok(match pasted_key::any(ask, key)? {
            PastedKey::Ssh(key) => NewKey::Host(key),
            PastedKey::Signing(key) => NewKey::Signing(key),
        })
    }

    fn ask_for_key(&self, host: &HostName, ask: &mut dyn Ask) -> Result<NewKey, Stop> {
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
        answers::asked(ask, question, |ask, line| self.new_key(ask, line))
    }
}
