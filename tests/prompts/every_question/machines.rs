//! What is asked about machines.

use std::fs;

use super::{Dialogue, agreed, at, git, inside, key, line, menu, words, yes_no};
use crate::prompts::terminal::nix_environment;
use crate::prompts::{asks_nix, fleet, fleet_without_sshd, values};

pub(super) fn a_flake_is_started() -> Dialogue {
    Dialogue {
        place: || {
            let dir = tempfile::tempdir().unwrap();
            fs::write(dir.path().join("README"), "machines\n").unwrap();
            git(dir.path(), &["init", "-q", "-b", "main"]);
            git(dir.path(), &["config", "user.name", "Ada"]);
            git(dir.path(), &["config", "user.email", "ada@example.org"]);
            git(dir.path(), &["add", "."]);
            git(dir.path(), &["commit", "-q", "-m", "fleet"]);
            at(dir)
        },
        args: words(&["init"]),
        asked: vec![
            line(
                "name of the first host of a new one",
                "larder writes a flake with this one machine",
                ("two words", "host-name-unusable"),
                "kalaw",
            ),
            line(
                "its platform",
                "`uname -m` on the machine says the first half.",
                ("pdp11-unix", "NixOS knows no such system"),
                "",
            ),
            agreed(),
        ],
    }
}

const MODULE: &str = "which file is the module of `kalaw`?";
const OF_THIS_HOST: &str = "The wiring is one import in a module that this host alone uses.";

pub(super) fn a_module_is_named() -> Dialogue {
    Dialogue {
        place: || at(fleet()),
        args: words(&["init"]),
        asked: vec![
            menu(MODULE, OF_THIS_HOST, "another"),
            line(
                MODULE,
                OF_THIS_HOST,
                ("absent.nix", "`absent.nix`"),
                "server.nix",
            ),
            agreed(),
        ],
    }
}

pub(super) fn nix_says_which_hosts_there_are() -> Dialogue {
    Dialogue {
        place: || {
            let dir = asks_nix::fleet();
            let environment = nix_environment(dir.path());
            inside(dir, environment)
        },
        args: words(&["init"]),
        asked: vec![
            yes_no(
                "ask Nix?",
                "The flake computes something that cannot be read off its files.",
                "y",
            ),
            agreed(),
        ],
    }
}

pub(super) fn a_host_is_added() -> Dialogue {
    Dialogue {
        place: || at(values::numbered("\n[caches.kalaw]\nclients = [\"@all\"]\n")),
        args: words(&["add-host"]),
        asked: vec![
            line(
                "name of the new host",
                "The name that `nixos-rebuild --flake .#NAME` takes",
                ("pai", "there is a host `pai` already"),
                "bagan",
            ),
            line(
                "platform of the new host",
                "What it can run.",
                ("pdp11-unix", "NixOS knows no such system"),
                "x86_64-linux",
            ),
            line(
                "the SSH host key of `bagan`",
                "A machine that is not installed yet has none.",
                ("nonsense", "`nonsense` is neither"),
                &key("bagan.pub"),
            ),
            line(
                "argument 2 of `bagan`",
                "The other hosts each have a value of their own there",
                ("2", "that is a sibling's"),
                "4",
            ),
            agreed(),
        ],
    }
}

pub(super) fn a_host_is_removed() -> Dialogue {
    Dialogue {
        place: || at(fleet_without_sshd()),
        args: words(&["remove-host"]),
        asked: vec![
            menu(
                "which host goes?",
                "It leaves the inventory, the wiring and the flake",
                "pai",
            ),
            agreed(),
        ],
    }
}

pub(super) fn a_host_is_renamed() -> Dialogue {
    Dialogue {
        place: || at(fleet_without_sshd()),
        args: words(&["rename-host"]),
        asked: vec![
            menu(
                "which host gets another name?",
                "The flake, the inventory, its module and",
                "pai",
            ),
            line(
                "its new name",
                "Letters, digits and hyphens, as in a host name",
                ("amber", "there is a host `amber` already"),
                "rangoon",
            ),
            agreed(),
        ],
    }
}
