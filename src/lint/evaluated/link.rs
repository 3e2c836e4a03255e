//! One link, and what the settings of its ends come to.

use std::ops::Deref;

use crate::fleet::{Host, SSH_USER};
use crate::key::AuthorizedKey;
use crate::lint::context::LinkContext;
use crate::lint::evaluated::answer::{Answer, Answers};
use crate::lint::evaluated::nix_conf::List;
use crate::lint::evaluated::settings::Settings;
use crate::lint::evaluated::ssh_config::EffectiveSsh;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;
use crate::survey::StoreUrl;

/// A link whose client's settings are known.
pub(in crate::lint) struct EvaluatedLink<'a> {
    link: &'a LinkContext<'a>,
    /// The client's settings.
    pub(in crate::lint) settings: &'a Settings,
    /// The serving host's settings, where it was asked about.
    pub(in crate::lint) server_settings: Option<&'a Settings>,
    answers: &'a Answers,
    /// The client's store for this cache, if it has one.
    pub(in crate::lint) store: Option<StoreUrl>,
    /// What the client's ssh does on this link.
    pub(in crate::lint) ssh: EffectiveSsh,
}

impl<'a> EvaluatedLink<'a> {
    pub(in crate::lint) fn new(
        link: &'a LinkContext<'a>,
        settings: &'a Settings,
        answers: &'a Answers,
    ) -> Self {
        let server = answers.get(&link.server.name);
        let words = settings.words(List::Substituters);
        let mut stores = words.iter().filter_map(|url| StoreUrl::parse(url));
        let store = stores.find(|store| link.is_store_host(&store.host));
        let name = store.as_ref().map_or(&*link.address, |store| &store.host);
        Self {
            link,
            settings,
            server_settings: server.and_then(Answer::settings),
            answers,
            ssh: EffectiveSsh::of(&settings.ssh.config, name, SSH_USER),
            store,
        }
    }

    /// The settings of a host on the way, where it was asked about.
    pub(in crate::lint) fn settings_of(&self, host: &Host) -> Option<&'a Settings> {
        self.answers.get(&host.name)?.settings()
    }

    /// A violation about the link, which points at the client in the inventory.
    pub(in crate::lint) fn violation(&self, message: impl Into<String>) -> Violation {
        self.violation_of(Subject::link(self), message)
    }

    /// A violation about a part of it.
    pub(in crate::lint) fn violation_of(
        &self,
        subject: Subject,
        message: impl Into<String>,
    ) -> Violation {
        Violation::new(subject, message).at_host(self.context.fleet, self.client)
    }

    /// True if the cache is among the client's substituters.
    pub(in crate::lint) fn is_asked(&self) -> bool {
        let words = self.settings.words(List::Substituters);
        self.store.is_some() || words.iter().any(|url| self.is_tunnel_url(url))
    }

    /// True if the client takes a signature of the cache, or takes what is not signed
    /// at all; also where the cache's key is not known.
    pub(in crate::lint) fn trusts_signatures(&self) -> bool {
        self.settings.trusts(self.cache.trusted_keys())
    }

    /// Whether the cache lets the client in; `None`: that is not known.
    pub(in crate::lint) fn is_let_in(&self) -> Option<bool> {
        let serve = &self.server_settings?.serve;
        let keys_of_client = self.identity.public_keys(self.client);
        if keys_of_client.is_empty() {
            return None;
        }
        let lines = serve.keys.iter();
        let keys = lines.filter_map(|line| line.parse::<AuthorizedKey>().ok());
        let keys: Vec<_> = keys.map(|line| line.key).collect();
        let are_all_there = keys_of_client.iter().all(|key| keys.contains(key));
        // A cache that does not serve at all has a finding of its own.
        Some(serve.has_key_files || !serve.enable || are_all_there)
    }

    /// The name under which ssh looks the cache's host key up.
    pub(in crate::lint) fn known_as(&self) -> String {
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
    pub(in crate::lint) fn ports(&self) -> Option<&'a [u16]> {
        let sshd = &self.server_settings?.sshd;
        sshd.enable.then_some(sshd.ports.as_slice())
    }

    /// The host keys that the client takes for the cache's; `None`: that depends
    /// on what is not known.
    pub(in crate::lint) fn pins(&self) -> Option<Vec<&'a str>> {
        let name = self.known_as();
        let ssh = &self.settings.ssh;
        let in_url = self
            .store
            .as_ref()
            .is_some_and(|store| store.param("base64-ssh-public-host-key").is_some());
        let names = ["hostkeyalias", "hostname", "port", "userknownhostsfile"];
        let unknown = names.iter().any(|keyword| self.ssh.is_open(keyword));
        let own_files = self.ssh.value("userknownhostsfile").unwrap_or("none");
        // NixOS names further files behind all blocks, where larder's has said which one counts.
        let has_more_files =
            ssh.has_known_hosts_files && self.ssh.value("globalknownhostsfile").is_none();
        let files = has_more_files || own_files != "none";
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

impl<'a> Deref for EvaluatedLink<'a> {
    type Target = LinkContext<'a>;

    fn deref(&self) -> &LinkContext<'a> {
        self.link
    }
}
