//! The top of the inventory.

use super::{Key, Kind, cache, external_cache, host, jump_host, lint};

/// The version of the format that this larder reads and writes.
pub(in crate::fleet) const VERSION_NUMBER: i64 = 1;

pub(in crate::fleet) static VERSION: Key = Key {
    name: "version",
    what: "a version of the inventory that this larder knows",
    required: true,
    kind: Kind::Number(1, 1),
    example: "1",
    doc: "The version of this file's format: 1.",
};

pub(in crate::fleet) static DIR: Key = Key {
    name: "dir",
    what: "a folder in the repository",
    required: false,
    kind: Kind::Text,
    example: "\"larder\"",
    doc: "The folder of the modules that larder writes, relative to the flake's folder. Default: `larder`.",
};

pub(in crate::fleet) static IMPORT: Key = Key {
    name: "import",
    what: "a file in the repository",
    required: false,
    kind: Kind::Text,
    example: "\"modules/common.nix\"",
    doc: "A module that every host has already; larder puts its one import there and none into the hosts' own modules.",
};

pub(in crate::fleet) static LINT: Key = Key {
    name: "lint",
    what: "a table",
    required: false,
    kind: Kind::Table(lint::KEYS),
    example: "{ }",
    doc: "What `larder lint` does not report.",
};

pub(in crate::fleet) static HOSTS: Key = Key {
    name: "hosts",
    what: "a table of hosts",
    required: false,
    kind: Kind::Named(host::KEYS),
    example: "{ pai = { } }",
    doc: "The machines, by their names in `nixosConfigurations`.",
};

pub(in crate::fleet) static CACHES: Key = Key {
    name: "caches",
    what: "a table of caches",
    required: false,
    kind: Kind::NamedOfTwoKinds(cache::KEYS, external_cache::KEYS),
    example: "{ pai = { } }",
    doc: "The caches: by the names of the hosts that serve them, or, with a `url`, by names of their own.",
};

pub(in crate::fleet) static JUMP_HOSTS: Key = Key {
    name: "jump-hosts",
    what: "a table of jump hosts",
    required: false,
    kind: Kind::ByAddress(jump_host::KEYS),
    example: "{ }",
    doc: "The hosts of `proxy-jump` that are no hosts of the fleet, by their addresses there, without user and port.",
};

pub(in crate::fleet) static KEYS: &[&Key] =
    &[&VERSION, &DIR, &IMPORT, &LINT, &HOSTS, &JUMP_HOSTS, &CACHES];
