//! `[caches.NAME]` and `[caches.NAME.link.CLIENT]`.

use super::host::{ADDRESS, IDENTITY, PORT, PROXY_JUMP};
use super::{FLAG, Key, Kind};

pub(in crate::fleet) static CLIENTS: Key = Key {
    name: "clients",
    what: "a list of hosts, tags and `@all`",
    required: false,
    kind: Kind::Texts,
    example: "[\"@all\"]",
    doc: "Who reads from it: names of hosts, `@tag`, `@all`. Never itself.",
};

pub(in crate::fleet) static EXCEPT: Key = Key {
    name: "except",
    what: "a list of hosts and tags",
    required: false,
    kind: Kind::Texts,
    example: "[\"@all\"]",
    doc: "Who of the clients does not read from it after all.",
};

pub(in crate::fleet) static LAN: Key = Key {
    name: "lan",
    what: FLAG,
    required: false,
    kind: Kind::Flag,
    example: "true",
    doc: "Cache and client share a local network: the cache is asked before cache.nixos.org.",
};

pub(in crate::fleet) static PRIORITY: Key = Key {
    name: "priority",
    what: "a priority from 1 to 65535",
    required: false,
    kind: Kind::Number(1, u16::MAX),
    example: "30",
    doc: "The substituter's priority; lower is asked first, and cache.nixos.org has 40. Default: 30 on a LAN, else 41.",
};

pub(in crate::fleet) static SERVE: Key = Key {
    name: "serve",
    what: "an engine, or a list of the old one and the new one",
    required: false,
    kind: Kind::Words(&["ssh", "ssh-ng", "harmonia"]),
    example: "\"ssh\"",
    doc: "How it serves: `ssh`, the default, by `nix.sshServe`, read-only; `ssh-ng`, whose clients may write; `harmonia`, over HTTP inside one ssh connection, read-only. While it changes, a list of the old one, which goes on being served, and the new one, which the clients use.",
};

pub(in crate::fleet) static PROTOCOL: Key = Key {
    name: "protocol",
    what: "a protocol",
    required: false,
    kind: Kind::Word(&["ssh", "ssh-ng"]),
    example: "\"ssh\"",
    doc: "The former name of `serve`, for these two.",
};

pub(in crate::fleet) static TUNNEL_PORT: Key = Key {
    name: "tunnel-port",
    what: "a port from 1024 to 65535",
    required: false,
    kind: Kind::Number(1024, u16::MAX),
    example: "5000",
    doc: "With `harmonia`: the port of 127.0.0.1 where its clients have their end of the connection. Default: one that no other cache of the fleet has, from 21000 on, worked out from the name.",
};

pub(in crate::fleet) static SIGNING_KEY: Key = Key {
    name: "signing-key",
    what: "a Nix public key or `\"pending\"`",
    required: false,
    kind: Kind::Pair,
    example: "\"pending\"",
    doc: "The public half of the key that signs what the cache builds, `NAME:BASE64`, or `pending` while that is not known. While it changes, a list of the old one and the new one, which has another name (`larder rotate signing-key`).",
};

pub(in crate::fleet) static USE_NEW_SIGNING_KEY: Key = Key {
    name: "use-new-signing-key",
    what: FLAG,
    required: false,
    kind: Kind::Flag,
    example: "false",
    doc: "While `signing-key` has two: true once the clients trust the new one alone; the cache signs with both.",
};

pub(in crate::fleet) static SIGNING_KEY_FILE: Key = Key {
    name: "signing-key-file",
    what: "an absolute path on the machine or a secret",
    required: false,
    kind: Kind::Pair,
    example: "\"/var/lib/larder/pai-1.secret\"",
    doc: "Where its secret half is on the serving host: a path, or a secret that a module of that host declares: `agenix:NAME` (`age.secrets.NAME`), `sops:NAME` (`sops.secrets.NAME`) or `clan:GENERATOR/FILE` (`clan.core.vars.generators.GENERATOR.files.FILE`). Default: `/var/lib/larder/NAME-1.secret`. While the key changes, a list of the old file and the new one, unless the host makes it.",
};

pub(in crate::fleet) static MAKE_SIGNING_KEY: Key = Key {
    name: "make-signing-key",
    what: FLAG,
    required: false,
    kind: Kind::Flag,
    example: "true",
    doc: "Who makes that file: the serving host, where it is missing (`true`), or you, by hand or with agenix, sops or clan (`false`). Default: `true` without `signing-key-file` or where its folder is called `larder`, else `false`; of a secret always `false`.",
};

pub(in crate::fleet) static ENABLE_SSHD: Key = Key {
    name: "enable-sshd",
    what: FLAG,
    required: false,
    kind: Kind::Flag,
    example: "true",
    doc: "Who turns its sshd on: the wiring, for keys only (`true`), or a module of yours that larder cannot read (`false`). Not needed where larder can read it.",
};

pub(in crate::fleet) static WIRING: Key = Key {
    name: "wiring",
    what: "`\"owned\"` or `\"adopted\"`",
    required: false,
    kind: Kind::Word(&["owned", "adopted"]),
    example: "\"adopted\"",
    doc: "Who writes its Nix: larder (`owned`, the default), or you (`adopted`: larder only judges it).",
};

pub(in crate::fleet) static LINK: Key = Key {
    name: "link",
    what: "a table of clients",
    required: false,
    kind: Kind::Named(LINK_KEYS),
    example: "{ pai = { priority = 41 } }",
    doc: "Where one client's way to the cache differs, by the client's name.",
};

pub(in crate::fleet) static KEYS: &[&Key] = &[
    &CLIENTS,
    &EXCEPT,
    &LAN,
    &PRIORITY,
    &SERVE,
    &PROTOCOL,
    &TUNNEL_PORT,
    &IDENTITY,
    &SIGNING_KEY,
    &USE_NEW_SIGNING_KEY,
    &SIGNING_KEY_FILE,
    &MAKE_SIGNING_KEY,
    &ENABLE_SSHD,
    &WIRING,
    &LINK,
];

pub(in crate::fleet) static LINK_KEYS: &[&Key] = &[&ADDRESS, &PORT, &PROXY_JUMP, &LAN, &PRIORITY];
