//! `[jump-hosts.ADDRESS]`.

use std::collections::BTreeMap;

use super::section::Section;
use crate::fleet::format::{jump_host, top};
use crate::fleet::{Address, Host, HostName, JumpHost};

pub(super) fn read_all(
    top: &mut Section<'_, '_>,
    hosts: &BTreeMap<HostName, Host>,
) -> BTreeMap<Address, JumpHost> {
    let mut all = BTreeMap::new();
    for named in top.named(&top::JUMP_HOSTS) {
        let address = match named.name.parse::<Address>() {
            Ok(address) => address,
            Err(error) => {
                top.refuse_name(&named, "an address of a jump host", &error);
                continue;
            }
        };
        if hosts.contains_key(named.name) {
            let error = format!(
                "`hosts.{}` says its host key, and clients take that",
                named.name
            );
            top.refuse_name(&named, "a jump host outside of the fleet", &error);
            continue;
        }
        if let Some(mut section) = top.open(&top::JUMP_HOSTS, &named) {
            let jump_host = read(address.clone(), &mut section);
            all.extend(jump_host.map(|jump_host| (address, jump_host)));
        }
    }
    all
}

fn read(address: Address, section: &mut Section<'_, '_>) -> Option<JumpHost> {
    section.check_keys(jump_host::KEYS);
    Some(JumpHost {
        address,
        host_key: section.parsed(&jump_host::HOST_KEY)?,
        range: section.place.clone(),
    })
}
