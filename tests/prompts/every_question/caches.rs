//! What is asked about caches.

use super::{
    Dialogue, Exchange, QuestionKind, agreed, asked, at, host_key, inside, key, line, menu, words,
    yes_no,
};
use crate::prompts::terminal::nix_environment;
use crate::prompts::{fleet_with_a_common_module, fleet_without_sshd, guided, proof, which};

const SIGNS: &str = "the key with which `kalaw` signs what it builds";
const WHY_SIGNS: &str = "Clients take only paths that are signed by a key they trust";
const LOG_IN: &str = "how do the clients log in?";
const WHY_LOG_IN: &str = "The cache lets in exactly the keys that it knows.";
const WHY_SSHD: &str = "The clients fetch over SSH, so sshd has to run on the cache.";

fn login_file() -> Exchange {
    line(
        "the file of the private key on the clients",
        "Root's ssh reads it there, and nobody else may.",
        (
            "not/absolute",
            "a private key is a path that begins with `/`",
        ),
        "",
    )
}

/// Every detail is known, and asked for.
pub(super) fn a_cache_with_keys_that_are_there() -> Dialogue {
    Dialogue {
        place: || at(fleet_without_sshd()),
        args: words(&["add-cache"]),
        asked: [about_the_cache(), about_its_keys(), about_its_clients()]
            .into_iter()
            .flatten()
            .collect(),
    }
}

fn about_the_cache() -> Vec<Exchange> {
    vec![
        menu(
            "which host serves its store?",
            "The machine that builds most, and is on when the others build.",
            "kalaw",
        ),
        Exchange {
            wrong: Some((" ", "A cache needs a client")),
            ..asked(
                QuestionKind::Ticks,
                "which hosts use it?",
                "Each of them asks the cache before it builds something",
                " j ",
            )
        },
        yes_no(
            "on the local network of `kalaw`?",
            "A cache that is near is worth asking first.",
            "y",
        ),
        line(
            "under which the clients reach `kalaw`",
            "It is in the store URL, and what the clients' ssh connects to",
            ("two words", "an address has"),
            "kalaw.lan",
        ),
    ]
}

fn about_its_keys() -> Vec<Exchange> {
    vec![
        menu(SIGNS, WHY_SIGNS, "it has one: I give"),
        line(
            "its public half (NAME:BASE64, or a file)",
            "The half that clients trust.",
            ("no-signing-key", "`no-signing-key` is neither"),
            &key("kalaw.signing"),
        ),
        line(
            "the file of its secret half on `kalaw`",
            "The file that Nix reads on the cache when it signs.",
            ("relative", "a private key is a path that begins with `/`"),
            "",
        ),
        line(
            "the SSH host key of `kalaw`",
            "without it root's ssh would ask a question in the middle of a build",
            ("no-host-key", "`no-host-key` is neither"),
            &key("kalaw.pub"),
        ),
    ]
}

fn about_its_clients() -> Vec<Exchange> {
    vec![
        menu(LOG_IN, WHY_LOG_IN, "with a key that lies"),
        login_file(),
        line(
            "its public half (paste it, or a file)",
            "The cache lets this key in.",
            ("no-login-key", "`no-login-key` is neither"),
            &key("identity.pub"),
        ),
        yes_no("turn it on, without password logins?", WHY_SSHD, "n"),
        yes_no("is sshd of `kalaw` on already", WHY_SSHD, "y"),
        agreed(),
    ]
}

pub(super) fn a_cache_with_new_keys() -> Dialogue {
    let kalaw = host_key("kalaw");
    let args = ["add-cache", "kalaw", "--lan", "--address", "kalaw.lan"];
    let keys = ["--host-key", &kalaw];
    Dialogue {
        place: || at(guided::two_machines(true)),
        args: words(&[&args[..], &keys].concat()),
        asked: vec![
            menu(SIGNS, WHY_SIGNS, "make one now"),
            line(
                "the new file for its secret half",
                "and a step says how it gets to the cache.",
                ("absent/kalaw-1", "absent"),
                "",
            ),
            menu(LOG_IN, WHY_LOG_IN, "with one key for all"),
            login_file(),
            line(
                "the new file for its private half",
                "and a step says how it gets to the clients.",
                ("missing/login", "missing"),
                "",
            ),
            agreed(),
        ],
    }
}

/// A cache that others run.
pub(super) fn a_cache_elsewhere() -> Dialogue {
    let url = "https://attic.example.org/work";
    Dialogue {
        place: || at(guided::two_machines(true)),
        args: words(&["add-cache", "--url", url, "--no-commit"]),
        asked: vec![
            line(
                "a name for the cache",
                "It names the cache in larder.toml, in the files that larder writes",
                ("no name", "a host name has no"),
                "",
            ),
            asked(
                QuestionKind::Ticks,
                "which hosts use it?",
                "Each of them asks the cache before it builds something",
                "",
            ),
            yes_no(
                "on the local network of `work`?",
                "A cache that is near is worth asking first.",
                "y",
            ),
            line(
                "the public signing key of `work`",
                "Who runs the cache tells its public half",
                ("work:short", "a signing key looks like"),
                "pending",
            ),
            yes_no("apply these changes?", "The commit is left to you.", "y"),
        ],
    }
}

pub(super) fn a_cache_with_one_import() -> Dialogue {
    let (kalaw, signing) = (host_key("kalaw"), key("kalaw.signing"));
    Dialogue {
        place: || at(fleet_with_a_common_module()),
        args: words(&[
            "add-cache",
            "kalaw",
            "--client",
            "@all",
            "--address",
            "kalaw.lan",
            "--lan",
            "--identity",
            "on-host",
            "--host-key",
            &kalaw,
            "--signing-key",
            &signing,
        ]),
        asked: vec![
            menu(
                "where shall it go?",
                "A module that all of these hosts import needs one line",
                "once",
            ),
            agreed(),
        ],
    }
}

pub(super) fn a_cache_that_nix_judges() -> Dialogue {
    let (kalaw, pai, signing) = (host_key("kalaw"), host_key("pai"), key("kalaw.signing"));
    Dialogue {
        place: || {
            let dir = proof::fleet();
            let environment = nix_environment(dir.path());
            inside(dir, environment)
        },
        args: words(&[
            "add-cache",
            "kalaw",
            "--signing-key",
            &signing,
            "--host-key",
            &kalaw,
            "--host-key",
            &pai,
            "--no-lan",
            "--address",
            "kalaw.lan",
            "--quiet",
        ]),
        asked: vec![
            yes_no(
                "let Nix judge the change first?",
                "lint warns of something that only an evaluation can decide.",
                "n",
            ),
            agreed(),
        ],
    }
}

pub(super) fn a_cache_is_removed() -> Dialogue {
    Dialogue {
        place: || at(which::with_a_cache()),
        args: words(&["remove-cache"]),
        asked: vec![
            menu("which cache goes?", "Its clients stop asking it", "kalaw"),
            agreed(),
        ],
    }
}
