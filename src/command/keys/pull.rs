//! `keys pull`: the public keys that machines have made, over the user's own ssh, in one
//! commit.

use clap::Args;

use super::bring_in::{self, Request};
use super::fetched::{self, KeyFile};
use super::list;
use super::new_key::{KeyOfHost, NewKey};
use crate::command::{Ask, Verb, left_keys, which};
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{Fleet, Host, Selector};
use crate::plan::Plan;
use crate::project::Project;

/// Fetch the public keys that machines have made
///
/// Logs in with your own ssh, by the address, port and jump host of the inventory, and reads
/// public halves: the signing key that a cache has made at its switch, the key with which a
/// client logs in, the SSH host key. All are shown in one table and written in one commit.
///
/// ssh has to get in without a question: a machine that your known hosts lack, or a
/// passphrase that no agent knows, is named and left out.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  larder keys pull                  all that are missing
  larder keys pull kalaw            after its first switch
  larder keys pull pai --replace    after pai was installed anew")]
pub struct PullKeys {
    /// The hosts: names, @tag or @all; of one that is named the known keys are compared, too
    /// [default: those of which a key is missing]
    #[arg(value_name = "HOST|@TAG|@all")]
    hosts: Vec<Selector>,
    /// Replace a key that is known
    #[arg(long)]
    replace: bool,
}

impl Verb for PullKeys {
    type Request = Request;

    const NAME: &'static str = "keys pull";

    fn complete(self, project: &Project, ask: &mut dyn Ask) -> Result<Request, Stop> {
        let fleet = project.fleet()?;
        let wanted = self.wanted(fleet)?;
        let files: Vec<(&Host, Vec<String>)> = wanted.iter().map(paths).collect();
        let replies = if files.is_empty() {
            Vec::new()
        } else {
            ask.fetch(&files, 1)?
        };
        let mut request = Request {
            replace: self.replace,
            local_keys: left_keys::look(self.replace, ask)?,
            ..Request::default()
        };
        let mut is_answered = false;
        for ((host, files), reply) in wanted.iter().zip(replies) {
            let (found, problems) = fetched::keys(host, files, reply);
            request.notes.extend(problems);
            is_answered |= !found.is_empty();
            let new = found.into_iter().filter(|(key, _)| !is_known(fleet, key));
            for (key, from) in new {
                request.shown.push(key.key.shown(&key.host, from, true));
                request.keys.push(key);
            }
        }
        if !is_answered && !request.notes.is_empty() {
            return Err(refused(&request.notes));
        }
        if request.keys.is_empty() {
            request.notes.insert(0, nothing_new(&wanted));
        }
        Ok(request)
    }

    fn plan(project: &Project, request: &Request) -> Result<Plan, Stop> {
        bring_in::plan(project, request)
    }
}

impl PullKeys {
    /// The hosts, and the files that each has keys in.
    fn wanted<'f>(&self, fleet: &'f Fleet) -> Result<Vec<(&'f Host, Vec<KeyFile>)>, Stop> {
        for selector in &self.hosts {
            which::require_selected(fleet, selector)?;
        }
        let is_named = |host: &Host| self.hosts.contains(&Selector::Host(host.name.clone()));
        let is_meant = |host: &Host| self.hosts.iter().any(|selector| selector.matches(host));
        let hosts = fleet.hosts.values();
        let hosts = hosts.filter(|host| self.hosts.is_empty() || is_meant(host));
        let with_files = hosts.map(|host| (host, fetched::files(fleet, host, is_named(host))));
        Ok(with_files.filter(|(_, files)| !files.is_empty()).collect())
    }
}

fn nothing_new(wanted: &[(&Host, Vec<KeyFile>)]) -> String {
    if wanted.is_empty() {
        "no machine has a key that is missing".to_owned()
    } else {
        "the machines have no key that is not known".to_owned()
    }
}

/// True if the inventory has the key, of two that change as well.
fn is_known(fleet: &Fleet, new: &KeyOfHost) -> bool {
    let host = fleet.hosts.get(&new.host);
    match &new.key {
        NewKey::Host(key) => host.is_some_and(|host| host.host_keys().any(|known| known == key)),
        NewKey::Identity(key) => host.is_some_and(|host| {
            let own = list::own_identity(fleet, host);
            own.is_some_and(|own| own.public_keys(host).contains(&key))
        }),
        NewKey::Signing(key) => {
            let cache = fleet.caches.get(&new.host);
            cache.is_some_and(|cache| cache.has_signing_key(key))
        }
    }
}

fn paths<'f>((host, files): &(&'f Host, Vec<KeyFile>)) -> (&'f Host, Vec<String>) {
    (host, files.iter().map(|file| file.path.clone()).collect())
}

fn refused(problems: &[String]) -> Stop {
    let error = |problem: &String| Diagnostic::error("key-not-fetched", problem.clone());
    let mut errors: Vec<Diagnostic> = problems.iter().map(error).collect();
    if let Some(last) = errors.last_mut() {
        let help = [
            "`ssh HOST` has to get in without a question; `-v` shows the command",
            "`address`, `port` and `proxy-jump` of `[hosts.NAME]` in larder.toml say how it is reached",
            "or read the key there, and bring it in: `larder keys set HOST KEY`",
        ];
        last.help.extend(help.map(str::to_owned));
    }
    Stop::Refused(errors)
}
