//! What is judged with Nix's answers: a client's way to a cache, and a cache.

use crate::diagnostic::Diagnostic;
use std::ops::Deref;

use crate::fleet::{Cache, Fleet, Host, Link};
use crate::lint::context::USER;
use crate::lint::eval::settings::{Answer, Settings};
use crate::lint::eval::ssh::Effective;
use crate::survey::StoreUrl;

/// One client's way to one cache, and what the client's Nix says of it.
pub(in crate::lint) struct Way<'a> {
    pub(in crate::lint) fleet: &'a Fleet,
    link: Link<'a>,
    /// The client's settings.
    pub(super) here: &'a Settings,
    /// The cache's settings, where they were asked for.
    pub(super) there: Option<&'a Settings>,
    /// The client's store for this cache, if it has one.
    pub(super) store: Option<StoreUrl>,
    /// What the client's ssh does on this way.
    pub(super) ssh: Effective,
}

/// A cache, and what its Nix says of it.
pub(in crate::lint) struct Serving<'a> {
    pub(in crate::lint) fleet: &'a Fleet,
    pub(in crate::lint) cache: &'a Cache,
    pub(super) here: &'a Settings,
}

/// A host, what was said of it, and what that came to.
pub(in crate::lint) struct Answered<'a> {
    pub(in crate::lint) fleet: &'a Fleet,
    pub(in crate::lint) host: &'a Host,
    pub(in crate::lint) answer: &'a Answer,
    /// What the other rules found with it.
    pub(in crate::lint) findings: &'a [Diagnostic],
}

impl<'a> Deref for Way<'a> {
    type Target = Link<'a>;

    fn deref(&self) -> &Link<'a> {
        &self.link
    }
}

impl<'a> Way<'a> {
    pub(super) fn new(
        fleet: &'a Fleet,
        cache: &'a Cache,
        client: &'a Host,
        here: &'a Settings,
        there: Option<&'a Settings>,
    ) -> Self {
        let link = fleet.link(cache, client);
        let address = link.address.as_str();
        let stores = here.ssh_stores().into_iter();
        let mut stores = stores.filter(|store| store.host == address);
        Self {
            fleet,
            here,
            there,
            store: stores.next(),
            ssh: Effective::of(&here.ssh.config, address, USER),
            link,
        }
    }

    /// `client>cache`, the identity of findings about it.
    pub(in crate::lint) fn subject(&self) -> String {
        format!("{}>{}", self.client.name, self.cache.host)
    }

    /// Points at the client in the inventory.
    pub(in crate::lint) fn at_client(&self, finding: Diagnostic) -> Diagnostic {
        at_host(finding.about(self.subject()), self.fleet, self.client)
    }

    /// The name under which ssh looks the cache's host key up.
    pub(super) fn known_as(&self) -> String {
        if let Some(alias) = self.ssh.value("hostkeyalias") {
            return alias.to_owned();
        }
        let address = self.address.as_str();
        let name = self.ssh.value("hostname").unwrap_or(address);
        match self.ssh.value("port").unwrap_or("22") {
            "22" => name.to_owned(),
            port => format!("[{name}]:{port}"),
        }
    }

    /// The ports on which the cache's sshd listens, where that was asked for.
    pub(in crate::lint) fn ports(&self) -> Option<&[u16]> {
        let sshd = &self.there?.sshd;
        sshd.enable.then_some(sshd.ports.as_slice())
    }

    /// The host keys that the client takes for the cache's; `None`: that depends
    /// on what is not known.
    pub(in crate::lint) fn pins(&self) -> Option<Vec<&str>> {
        let name = self.known_as();
        let ssh = &self.here.ssh;
        let in_url = self
            .store
            .as_ref()
            .is_some_and(|store| store.param("base64-ssh-public-host-key").is_some());
        let names = ["hostkeyalias", "hostname", "port", "userknownhostsfile"];
        let unknown = names.iter().any(|keyword| self.ssh.is_open(keyword));
        let files = ssh.has_known_hosts_files || !self.ssh.lacks("userknownhostsfile");
        let for_it = ssh.known_hosts.iter().filter(|pin| {
            let mut names = pin.names.iter();
            names.any(|one| one.eq_ignore_ascii_case(&name) || one.contains(['*', '?']))
        });
        let pins: Vec<_> = for_it.collect();
        let hidden = pins.iter().any(|pin| pin.key.is_none() || pin.is_authority);
        if in_url || unknown || hidden || (files && pins.is_empty()) {
            return None;
        }
        Some(pins.iter().filter_map(|pin| pin.key.as_deref()).collect())
    }
}

/// Points at a host in the inventory.
pub(in crate::lint) fn at_host(finding: Diagnostic, fleet: &Fleet, host: &Host) -> Diagnostic {
    finding.at(&fleet.source, host.range.clone(), "")
}

/// Points at a cache in the inventory.
pub(in crate::lint) fn at_cache(finding: Diagnostic, fleet: &Fleet, cache: &Cache) -> Diagnostic {
    finding.at(&fleet.source, cache.range.clone(), "")
}
