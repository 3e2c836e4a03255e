//! `serve` of a cache, and what goes with it.

use std::collections::BTreeMap;

use toml_edit::Item;

use super::section::Section;
use crate::fleet::format::{Key, cache};
use crate::fleet::{Cache, Engine, Host, HostName};

/// The words of `serve`, as the format has them.
const WORDS: &[&str] = &["ssh", "ssh-ng", "harmonia"];

/// Below, only root may listen, and the tunnel is not root's.
const FIRST_PORT: u16 = 1024;

/// How a cache serves.
#[derive(Default)]
pub(super) struct Served {
    pub(super) engine: Engine,
    pub(super) former_engine: Option<Engine>,
    pub(super) is_called_protocol: bool,
}

/// How the cache of a table serves.
pub(super) fn read(section: &mut Section<'_, '_>) -> Served {
    let by_former_name = by_former_name(section);
    let has_list = section.get(&cache::SERVE).and_then(Item::as_array);
    let served = if has_list.is_some() {
        two(section)
    } else {
        let engine = section.parsed_near(&cache::SERVE, WORDS.iter().copied());
        engine.map(|engine| Served {
            engine,
            ..Served::default()
        })
    };
    let Some(served) = served else {
        return by_former_name.unwrap_or_default();
    };
    if by_former_name.is_some_and(|other| other.engine != served.engine) {
        let why = "it is the former name of `serve`, which says something else";
        section.unusable(&cache::PROTOCOL, &why, None);
    }
    if section.is_word(&cache::WIRING, "adopted") && served.engine == Engine::Harmonia {
        let why = "wiring by hand is served over ssh";
        section.unusable(&cache::SERVE, &why, Some("ssh"));
    }
    served
}

/// The port of the tunnel, if the table says one.
pub(super) fn tunnel_port(section: &mut Section<'_, '_>) -> Option<u16> {
    let port = section.number(&cache::TUNNEL_PORT)?;
    if port < FIRST_PORT {
        section.unusable(&cache::TUNNEL_PORT, &"only root may listen there", None);
    }
    Some(port)
}

/// Reports a port that another cache has: a client of both has one of them.
pub(super) fn refuse_repeated_port<'c>(
    section: &mut Section<'_, '_>,
    cache: &Cache,
    mut others: impl Iterator<Item = &'c Cache>,
) {
    let has_it = |other: &&Cache| other.tunnel_port == cache.tunnel_port;
    let Some(other) = others.find(has_it).filter(|_| cache.tunnel_port.is_some()) else {
        return;
    };
    let why = format!("the cache `{}` has it", other.host);
    section.unusable(&cache::TUNNEL_PORT, &why, None);
}

/// Reports a client that has no way to the cache: what `larder export` writes is for ssh.
pub(super) fn refuse_clients_without_nixos(
    section: &mut Section<'_, '_>,
    cache: &Cache,
    hosts: &BTreeMap<HostName, Host>,
) {
    let is_without = |client: &&Host| !client.nixos && cache.serves(client);
    let Some(client) = hosts.values().find(is_without) else {
        return;
    };
    if !cache.is_tunnelled() {
        return;
    }
    let (at, name) = (section.at(&cache::SERVE), &client.name);
    let message = format!(
        "`{name}` cannot fetch from `{}`: the tunnel to harmonia is a service of NixOS",
        cache.host
    );
    let help = format!("write `except = [\"{name}\"]` beside it, or `serve = \"ssh\"`");
    section.refuse_reference(at, "client-not-nixos", message, help);
}

fn by_former_name(section: &mut Section<'_, '_>) -> Option<Served> {
    let word = section.word(&cache::PROTOCOL, &["ssh", "ssh-ng"])?;
    Some(Served {
        engine: word.parse().unwrap_or_default(),
        former_engine: None,
        is_called_protocol: true,
    })
}

/// The old one and the new one.
fn two(section: &mut Section<'_, '_>) -> Option<Served> {
    let key: &Key = &cache::SERVE;
    let engines: Vec<Engine> = section.texts(key).into_iter().map(|(one, _)| one).collect();
    let [former, engine] = engines[..] else {
        section.unusable(key, &"a list has two: the old one and the new one", None);
        return None;
    };
    if !former.goes_with(engine) {
        let why = "one of two is `harmonia`: a host serves one protocol of ssh";
        section.unusable(key, &why, None);
        return None;
    }
    Some(Served {
        engine,
        former_engine: Some(former),
        is_called_protocol: false,
    })
}
