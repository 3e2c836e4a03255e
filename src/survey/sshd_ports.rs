//! The ports of a machine's sshd.

use crate::survey::facts::Strength;
use crate::survey::hit::{Hit, Spot};
use crate::survey::machine::Machine;
use crate::survey::value::{Item, Value};

const PORTS: &str = "services.openssh.ports";
const ADDRESSES: &str = "services.openssh.listenAddresses";

impl Machine {
    /// The ports on which sshd listens, each where it is written; `None`: the files say
    /// nothing, or not all of it is known.
    pub fn sshd_ports(&self) -> Option<Vec<(u16, Spot)>> {
        let ports = self.listed_ports()?;
        let addresses = self.strongest(ADDRESSES)?;
        let mut all = Vec::new();
        let mut is_bound = false;
        for hit in &addresses {
            for item in items(hit)? {
                is_bound = true;
                match entries(item)?.iter().find(|(name, _)| name == "port") {
                    Some((_, port)) => all.push((number(&port.value)?, at(hit, item))),
                    None => all.extend(ports.iter().cloned()),
                }
            }
        }
        let all = if is_bound { all } else { ports };
        (!all.is_empty()).then_some(all)
    }

    /// The addresses to which sshd is bound, each where it is written; `None`: not all of
    /// them are known.
    pub fn sshd_addresses(&self) -> Option<Vec<(String, Spot)>> {
        let mut all = Vec::new();
        if self.is_hidden(ADDRESSES) {
            return None;
        }
        for hit in &self.strongest(ADDRESSES)? {
            for item in items(hit)? {
                let (_, address) = entries(item)?.iter().find(|(name, _)| name == "addr")?;
                all.push((address.value.text()?.to_owned(), at(hit, item)));
            }
        }
        Some(all)
    }

    fn listed_ports(&self) -> Option<Vec<(u16, Spot)>> {
        let mut ports = Vec::new();
        for hit in &self.strongest(PORTS)? {
            for item in items(hit)? {
                ports.push((number(&item.value)?, at(hit, item)));
            }
        }
        Some(ports)
    }

    /// The definitions of the highest priority; `None` if one may be out of force.
    pub(super) fn strongest(&self, option: &str) -> Option<Vec<Hit>> {
        let mut hits = self.all(option);
        let best = hits.iter().map(|hit| hit.strength).max();
        hits.retain(|hit| Some(hit.strength) == best.or(Some(Strength::Plain)));
        let is_known = hits.iter().all(|hit| !hit.is_conditional());
        is_known.then_some(hits)
    }
}

pub(super) fn items(hit: &Hit) -> Option<&[Item]> {
    match &hit.value {
        Value::List(list) if !list.open => Some(&list.items),
        _ => None,
    }
}

/// The entries of a set such as `{ addr = …; port = …; }`; `None`: not known.
pub(super) fn entries(item: &Item) -> Option<&[(String, Item)]> {
    match &item.value {
        Value::Set(entries) => Some(entries),
        _ => None,
    }
}

fn number(value: &Value) -> Option<u16> {
    match value {
        Value::Number(number) => (*number).try_into().ok(),
        _ => None,
    }
}

fn at(hit: &Hit, item: &Item) -> Spot {
    Spot {
        range: item.range.clone(),
        ..hit.spot.clone()
    }
}
