//! `[hosts.NAME]`, and the identity that a host or a cache names.

use super::{FLAG, Key, Kind};

pub(in crate::fleet) static MODULE: Key = Key {
    name: "module",
    what: "a file in the repository",
    required: false,
    kind: Kind::Text,
    example: "\"hosts/pai.nix\"",
    doc: "The host's own `.nix` file, relative to the flake's folder: where larder puts its one import.",
};

pub(in crate::fleet) static WITHIN: Key = Key {
    name: "within",
    what: "an attribute path",
    required: false,
    kind: Kind::Text,
    example: "\"flake.modules.nixos.pai\"",
    doc: "Where in that file the module is, when the file is not itself the module.",
};

pub(in crate::fleet) static SYSTEM: Key = Key {
    name: "system",
    what: "a system that NixOS knows",
    required: false,
    kind: Kind::Text,
    example: "\"x86_64-linux\"",
    doc: "The host's platform.",
};

pub(in crate::fleet) static ADDRESS: Key = Key {
    name: "address",
    what: "an address",
    required: false,
    kind: Kind::Text,
    example: "\"pai.lan\"",
    doc: "The DNS name or IP address under which the others reach it. Default: the host's name.",
};

pub(in crate::fleet) static PORT: Key = Key {
    name: "port",
    what: "a port from 1 to 65535",
    required: false,
    kind: Kind::Number(1, u16::MAX),
    example: "2222",
    doc: "The port of its sshd. Default: 22.",
};

pub(in crate::fleet) static PROXY_JUMP: Key = Key {
    name: "proxy-jump",
    what: "a jump host",
    required: false,
    kind: Kind::Text,
    example: "\"bastion.example.org\"",
    doc: "The host through which the others reach it: `[USER@]HOST[:PORT]`.",
};

pub(in crate::fleet) static HOST_KEY: Key = Key {
    name: "host-key",
    what: "an SSH public key",
    required: false,
    kind: Kind::Pair,
    example: "\"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOpKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs\"",
    doc: "The public half of its SSH host key: what `/etc/ssh/ssh_host_ed25519_key.pub` holds. While it changes, a list of the old one and the new one, which is `pending` until the host has made it (`larder rotate host-key`).",
};

pub(in crate::fleet) static USE_NEW_HOST_KEY: Key = Key {
    name: "use-new-host-key",
    what: FLAG,
    required: false,
    kind: Kind::Flag,
    example: "false",
    doc: "While `host-key` has two: true once the host itself uses the new one.",
};

pub(in crate::fleet) static IDENTITY: Key = Key {
    name: "identity",
    what: "`\"host-key\"` or a table with `file`",
    required: false,
    kind: Kind::Identity(IDENTITY_KEYS),
    example: "{ file = \"/etc/nixos/nix_ssh_priv_key\", key = \"pending\" }",
    doc: "The private key with which it logs in at caches: its SSH host key, or a key in a file of its own.",
};

pub(in crate::fleet) static NIXOS: Key = Key {
    name: "nixos",
    what: FLAG,
    required: false,
    kind: Kind::Flag,
    example: "true",
    doc: "False for a machine with Nix that the flake does not define: another Linux, or a Mac. It can be a client, and `larder export` prints its half.",
};

pub(in crate::fleet) static TAGS: Key = Key {
    name: "tags",
    what: "a list of tags",
    required: false,
    kind: Kind::Texts,
    example: "[\"desktop\"]",
    doc: "The groups that it belongs to; caches name them as `@tag`.",
};

pub(in crate::fleet) static ROAMING: Key = Key {
    name: "roaming",
    what: FLAG,
    required: false,
    kind: Kind::Flag,
    example: "true",
    doc: "A laptop, away from its caches at times: it asks cache.nixos.org first, also where `lan` is true, unless its own link says `lan`.",
};

pub(in crate::fleet) static FILE: Key = Key {
    name: "file",
    what: "an absolute path on the machine or a secret",
    required: true,
    kind: Kind::Text,
    example: "\"/etc/nixos/nix_ssh_priv_key\"",
    doc: "Where the private key is on the client: a path, or a secret that a module of the client declares: `agenix:NAME`, `sops:NAME` or `clan:GENERATOR/FILE`.",
};

pub(in crate::fleet) static IDENTITY_KEY: Key = Key {
    name: "key",
    what: "an SSH public key or `\"pending\"`",
    required: false,
    kind: Kind::Pair,
    example: "\"pending\"",
    doc: "Its public half, or `pending` while that is not known. While it changes, a list of the old one and the new one (`larder rotate identity`).",
};

pub(in crate::fleet) static USE_NEW: Key = Key {
    name: "use-new",
    what: FLAG,
    required: false,
    kind: Kind::Flag,
    example: "false",
    doc: "While `key` has two: true once the client itself uses the new one.",
};

pub(in crate::fleet) static MAKE: Key = Key {
    name: "make",
    what: FLAG,
    required: false,
    kind: Kind::Flag,
    example: "true",
    doc: "The client makes the key when it starts and switches, if it is missing; a secret it cannot make.",
};

pub(in crate::fleet) static KEYS: &[&Key] = &[
    &MODULE,
    &WITHIN,
    &SYSTEM,
    &ADDRESS,
    &PORT,
    &PROXY_JUMP,
    &HOST_KEY,
    &USE_NEW_HOST_KEY,
    &IDENTITY,
    &NIXOS,
    &TAGS,
    &ROAMING,
];

pub(in crate::fleet) static IDENTITY_KEYS: &[&Key] = &[&FILE, &IDENTITY_KEY, &USE_NEW, &MAKE];
