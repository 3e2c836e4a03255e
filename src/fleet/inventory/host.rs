//! `[hosts.NAME]`, and identities.

use std::collections::BTreeMap;

use super::section::Section;
use crate::fleet::format::host;
use crate::fleet::format::{Key, top};
use crate::fleet::{Host, HostName, Identity, System, check_module_path};

pub(super) fn read_all(top: &mut Section<'_, '_>) -> BTreeMap<HostName, Host> {
    let mut hosts = BTreeMap::new();
    for named in top.named(&top::HOSTS) {
        let name = match named.name.parse::<HostName>() {
            Ok(name) => name,
            Err(error) => {
                top.refuse_name(&named, "a host name", &error);
                continue;
            }
        };
        if let Some(mut section) = top.open(&top::HOSTS, &named) {
            hosts.insert(name.clone(), read(name, &mut section));
        }
    }
    hosts
}

fn read(name: HostName, section: &mut Section<'_, '_>) -> Host {
    section.check_keys(host::KEYS);
    let systems = System::ALL.map(System::as_str);
    let (host_key, next_host_key) = section.keys(&host::HOST_KEY, &host::USE_NEW_HOST_KEY, false);
    Host {
        name,
        module: section
            .checked(&host::MODULE, check_module_path)
            .map(str::to_owned),
        within: section.parsed(&host::WITHIN),
        system: section.parsed_near(&host::SYSTEM, systems),
        address: section.parsed(&host::ADDRESS),
        port: section.number(&host::PORT),
        proxy_jump: section.parsed(&host::PROXY_JUMP),
        host_key,
        next_host_key,
        identity: identity(section, &host::IDENTITY),
        nixos: section.flag(&host::NIXOS).unwrap_or(true),
        tags: section
            .texts(&host::TAGS)
            .into_iter()
            .map(|(tag, _)| tag)
            .collect(),
        roaming: section.flag(&host::ROAMING).unwrap_or_default(),
        range: section.place.clone(),
    }
}

/// `"host-key"`, or a table with at least `file`.
pub(super) fn identity(section: &mut Section<'_, '_>, key: &Key) -> Option<Identity> {
    if section.is_word(key, "host-key") {
        return Some(Identity::HostKey);
    }
    let mut table = section.table(key)?;
    table.check_keys(host::IDENTITY_KEYS);
    let (public, next) = table.keys(&host::IDENTITY_KEY, &host::USE_NEW, true);
    let make = table.flag(&host::MAKE).unwrap_or_default();
    let path = table.parsed(&host::FILE)?;
    if make {
        table.refuse_made_secret(&host::MAKE, Some(&path));
    }
    Some(Identity::File {
        path,
        key: public,
        next,
        make,
    })
}
