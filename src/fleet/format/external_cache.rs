//! `[caches.NAME]` with a `url`, and `[caches.NAME.link.CLIENT]` of such a cache.

use super::cache::{CLIENTS, EXCEPT, LAN, PRIORITY, WIRING};
use super::{Key, Kind};

pub(in crate::fleet) static URL: Key = Key {
    name: "url",
    what: "the URL of a cache",
    required: true,
    kind: Kind::Text,
    example: "\"https://cache.example.org\"",
    doc: "Where a cache is that exists elsewhere: `https`, `http`, `s3` or `file`. Without it, the host of this name serves the cache.",
};

pub(in crate::fleet) static SIGNING_KEY: Key = Key {
    name: "signing-key",
    what: "a Nix public key, a list of them or `\"pending\"`",
    required: false,
    kind: Kind::OneOrMore,
    example: "\"pending\"",
    doc: "The public half of the key that signs what the cache has, `NAME:BASE64`; several in a list. `pending` while that is not known: no client asks the cache before it is.",
};

pub(in crate::fleet) static NETRC_FILE: Key = Key {
    name: "netrc-file",
    what: "an absolute path on the machine or a secret",
    required: false,
    kind: Kind::Text,
    example: "\"/etc/nix/netrc\"",
    doc: "The file on each client with `machine HOST login WORD password SECRET`, where the cache asks for a login: a path, or a secret that a module of the client declares: `agenix:NAME`, `sops:NAME` or `clan:GENERATOR/FILE`. Nix reads one such file.",
};

pub(in crate::fleet) static TLS_CERTIFICATE: Key = Key {
    name: "tls-certificate",
    what: "an absolute path on the machine or a secret",
    required: false,
    kind: Kind::Text,
    example: "\"/etc/nix/client.pem\"",
    doc: "The file on each client with its certificate, where the cache wants to see one: a path, or a secret as in `netrc-file`. Nix 2.34 or later.",
};

pub(in crate::fleet) static TLS_PRIVATE_KEY: Key = Key {
    name: "tls-private-key",
    what: "an absolute path on the machine or a secret",
    required: false,
    kind: Kind::Text,
    example: "\"/etc/nix/client.key\"",
    doc: "The file on each client with the private key of `tls-certificate`, or the secret that is.",
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
    &URL,
    &CLIENTS,
    &EXCEPT,
    &LAN,
    &PRIORITY,
    &SIGNING_KEY,
    &NETRC_FILE,
    &TLS_CERTIFICATE,
    &TLS_PRIVATE_KEY,
    &WIRING,
    &LINK,
];

pub(in crate::fleet) static LINK_KEYS: &[&Key] = &[&LAN, &PRIORITY];
