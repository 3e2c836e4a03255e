//! `keys scan`: the host keys that are missing, found or asked for over the network, in one
//! commit.

use clap::Args;

use super::bring_in::{self, Request};
use super::jump_hosts;
use super::list;
use super::new_key::{KeyOfHost, NewKey};
use crate::command::host_key_search::{self, FoundKey, Search};
use crate::command::{Ask, Verb, left_keys, which};
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{Fleet, Host, Selector};
use crate::plan::{Plan, ShownKey};
use crate::project::Project;

/// Bring in SSH host keys, of many machines at once
///
/// Takes what is trusted already: this machine's own key, what the repository has in
/// `programs.ssh.knownHosts`, agenix's rules or `ssh_host_*.pub` files, and your known hosts.
/// The machines that are left are asked with ssh-keyscan, by the address, port and jump host
/// of the inventory. All keys are shown in one table with their fingerprints, and written in
/// one commit.
///
/// What came over the network alone has to be compared: at a terminal by you, with `--yes`
/// by `--fingerprint`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  larder keys scan                  all that are missing
  larder keys scan kalaw @desktop
  larder keys scan pai --yes --fingerprint SHA256:…")]
pub struct ScanKeys {
    /// The hosts: names, @tag or @all, jump hosts by their addresses; one that is named is asked
    /// also if its key is known
    /// [default: those whose host key is needed and missing]
    #[arg(value_name = "HOST|@TAG|@all")]
    hosts: Vec<Selector>,
    /// A fingerprint that you have compared, as in SHA256:…; repeatable
    #[arg(long = "fingerprint", value_name = "SHA256:…")]
    fingerprints: Vec<String>,
    /// Replace a key that is known
    #[arg(long)]
    replace: bool,
}

impl Verb for ScanKeys {
    type Request = Request;

    const NAME: &'static str = "keys scan";

    fn complete(self, project: &Project, ask: &mut dyn Ask) -> Result<Request, Stop> {
        let fleet = project.fleet()?;
        let jump_hosts = jump_hosts::all(fleet);
        let hosts = self.wanted(fleet, &jump_hosts)?;
        let mut search = host_key_search::search(project, fleet, &hosts, ask)?;
        let mut notes = same_as_known(fleet, &mut search);
        if hosts.is_empty() {
            notes.push("no host key is missing".to_owned());
        }
        self.refuse_unseen(&search)?;
        if search.found.is_empty() && notes.is_empty() {
            return Err(Stop::Refused(search.missing.iter().map(absent).collect()));
        }
        notes.extend(search.missing.iter().map(still_missing));
        let shown: Vec<ShownKey> = search.found.iter().map(|key| self.shown(key)).collect();
        if ask.is_unattended() {
            refuse_unconfirmed(&shown)?;
        }
        let keys = search.found.into_iter().map(|found| KeyOfHost {
            host: found.host,
            key: NewKey::Host(found.key),
        });
        Ok(Request {
            keys: keys.collect(),
            replace: self.replace,
            local_keys: left_keys::look(self.replace, ask)?,
            shown,
            notes,
        })
    }

    fn plan(project: &Project, request: &Request) -> Result<Plan, Stop> {
        bring_in::plan(project, request)
    }
}

impl ScanKeys {
    /// Those that are named, and of the others those without a key.
    fn wanted<'f>(&self, fleet: &'f Fleet, jump_hosts: &'f [Host]) -> Result<Vec<&'f Host>, Stop> {
        let is_jump = |selector: &Selector| jump_hosts.iter().any(|host| is_name(selector, host));
        for selector in self.hosts.iter().filter(|selector| !is_jump(selector)) {
            which::require_selected(fleet, selector)?;
        }
        let is_named = |host: &Host| self.hosts.contains(&Selector::Host(host.name.clone()));
        let is_meant = |host: &Host| self.hosts.iter().any(|selector| selector.matches(host));
        let is_wanted = |host: &&Host| {
            if self.hosts.is_empty() {
                return list::lacks_host_key(fleet, host);
            }
            is_named(host) || is_meant(host) && host.host_key.is_none()
        };
        let is_wanted_jump = |host: &&Host| match &self.hosts[..] {
            [] => host.host_key.is_none(),
            selectors => selectors.iter().any(|selector| is_name(selector, host)),
        };
        let jump_hosts = jump_hosts.iter().filter(is_wanted_jump);
        Ok(fleet
            .hosts
            .values()
            .filter(is_wanted)
            .chain(jump_hosts)
            .collect())
    }

    fn shown(&self, found: &FoundKey) -> ShownKey {
        let shown = found.shown();
        if !self.fingerprints.contains(&shown.key) {
            return shown;
        }
        ShownKey {
            from: format!("{}, as you said", shown.from),
            is_confirmed: true,
            ..shown
        }
    }

    /// A fingerprint that no machine shows belongs to one that is not the one that answered.
    fn refuse_unseen(&self, search: &Search) -> Result<(), Stop> {
        let is_seen = |one: &&String| {
            search
                .found
                .iter()
                .any(|key| key.key.fingerprint() == **one)
        };
        let Some(unseen) = self.fingerprints.iter().find(|one| !is_seen(one)) else {
            return Ok(());
        };
        let message = format!("no machine has a host key with fingerprint `{unseen}`");
        let keys = search.found.iter();
        let help = keys.map(|key| format!("`{}` has {}", key.host, key.key.fingerprint()));
        let mut error = Diagnostic::error("host-key-unexpected", message).about(unseen);
        error.help.extend(help);
        Err(error.help("find out why before you trust it").into())
    }
}

/// True if the selector is a name, and that of the host.
fn is_name(selector: &Selector, host: &Host) -> bool {
    *selector == Selector::Host(host.name.clone())
}

/// Takes out the keys that are known, and says so.
fn same_as_known(fleet: &Fleet, search: &mut Search) -> Vec<String> {
    let is_known = |found: &FoundKey| {
        let host = fleet.hosts.get(&found.host);
        host.is_some_and(|host| host.host_keys().any(|known| *known == found.key))
            || jump_hosts::known(fleet, &found.host) == Some(&found.key)
    };
    let found = std::mem::take(&mut search.found);
    let (known, new): (Vec<FoundKey>, _) = found.into_iter().partition(is_known);
    search.found = new;
    let note = |found: &FoundKey| format!("`{}` shows the host key that is known", found.host);
    known.iter().map(note).collect()
}

fn absent((host, why): &(impl std::fmt::Display, String)) -> Diagnostic {
    Diagnostic::error("host-key-absent", format!("no host key of `{host}`: {why}"))
        .about(host.to_string())
        .help(format!(
            "where you can log in: `larder keys pull {host}`; else `larder keys set {host} KEY`"
        ))
}

fn still_missing((host, why): &(impl std::fmt::Display, String)) -> String {
    format!("the host key of `{host}` is still missing: {why}")
}

/// Nobody sees the table before the keys are trusted.
fn refuse_unconfirmed(shown: &[ShownKey]) -> Result<(), Stop> {
    let unconfirmed = shown.iter().filter(|key| !key.is_confirmed);
    let error = |key: &ShownKey| {
        let (host, fingerprint) = (&key.host, &key.key);
        let message = format!("`{host}` shows {fingerprint}, which nobody has compared");
        Diagnostic::error("host-key-unconfirmed", message)
            .about(host)
            .help("compare it: `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` on the machine")
            .help(format!("then add `--fingerprint {fingerprint}`"))
    };
    let errors: Vec<Diagnostic> = unconfirmed.map(error).collect();
    if errors.is_empty() {
        return Ok(());
    }
    Err(Stop::Refused(errors))
}
