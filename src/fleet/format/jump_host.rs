//! `[jump-hosts.ADDRESS]`.

use super::{Key, Kind};

pub(in crate::fleet) static HOST_KEY: Key = Key {
    name: "host-key",
    what: "an SSH public key",
    required: true,
    kind: Kind::Text,
    example: "\"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOpKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs\"",
    doc: "The public half of its SSH host key, by which clients that go through it know it.",
};

pub(in crate::fleet) static KEYS: &[&Key] = &[&HOST_KEY];
