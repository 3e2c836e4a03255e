//! How the clients log in, as a person chooses it.

use super::guided::keyless;
use super::identity::{IdentityArgs, MADE_ON_HOST};
use super::secrets;
use crate::command::host_keys::HostKeys;
use crate::command::sshd::HostSshd;
use crate::command::{Ask, Question, answers, pasted_key};
use crate::diagnostic::Stop;
use crate::fleet::{Cache, Fleet, Host, ManagedSecret, SecretFile};
use crate::project::Project;
use crate::text::quoted_conjunction;

/// The ways to choose from.
#[derive(Clone, PartialEq, Eq)]
enum Login {
    /// Each with its SSH host key.
    HostKeys,
    /// Each by what it has: those without sshd have no host key.
    ByKind,
    /// Each with a key that it makes itself.
    Made,
    /// All with one key, which larder makes now.
    NewPair,
    /// All with a key that is there already.
    File,
    /// All with a key in this secret.
    Secret(ManagedSecret),
}

/// Asks, where the inventory lacks a key of one of the clients, and writes the answer as the
/// flags would say it. Where sshd of one is not seen to run, it has no host key to log in with.
pub(super) fn ask(
    project: &Project,
    fleet: &Fleet,
    cache: &Cache,
    said: &mut IdentityArgs,
    keys: &mut HostKeys,
    ask: &mut dyn Ask,
) -> Result<(), Stop> {
    let keyless = keyless(fleet, cache);
    if keyless.is_empty() {
        return Ok(());
    }
    let runs_sshd = |host: &&Host| HostSshd::of(project, fleet, host).may_be_on();
    let (with_sshd, without): (Vec<&Host>, Vec<&Host>) = keyless.iter().partition(runs_sshd);
    let secrets = secrets::login(project, &keyless);
    match choose(&with_sshd, &without, secrets, ask)? {
        Login::HostKeys => said.say("host-key"),
        Login::Made => said.say("on-host"),
        Login::ByKind => {
            said.say("host-key");
            let path = answers::absolute_path(MADE_ON_HOST)?;
            for host in without {
                keys.makes_identity(&host.name, &path);
            }
        }
        Login::NewPair => {
            let key = file(ask)?;
            let new = new_file(cache, ask)?;
            said.say_new(&key, new);
        }
        Login::File => {
            let file = file(ask)?;
            said.say_file(&file, public_half(ask)?);
        }
        Login::Secret(secret) => {
            said.say_file(&SecretFile::Managed(secret), public_half(ask)?);
        }
    }
    Ok(())
}

fn public_half(ask: &mut dyn Ask) -> Result<String, Stop> {
    let question = Question {
        text: "its public half (paste it, or a file)",
        flag: "--identity-key PUBLIC",
        why: "The cache lets this key in. It is the `.pub` file beside the private one.",
    };
    Ok(answers::asked(ask, question, pasted_key::ssh)?.to_string())
}

fn choose(
    with_sshd: &[&Host],
    without: &[&Host],
    secrets: Vec<ManagedSecret>,
    ask: &mut dyn Ask,
) -> Result<Login, Stop> {
    let names = quoted_conjunction(without.iter().map(|host| &host.name));
    if !without.is_empty() {
        let (verb, pronoun, has) = match without.len() {
            1 => ("turns", "it", "has"),
            _ => ("turn", "they", "have"),
        };
        ask.say(&format!(
            "No module of {names} {verb} sshd on: then {pronoun} {has} no SSH host key."
        ))?;
    }
    let mut ways = vec![(
        Login::HostKeys,
        "with their SSH host keys, which machines with sshd have".to_owned(),
    )];
    if !with_sshd.is_empty() && !without.is_empty() {
        let text = format!("with their SSH host keys; {names} with a key made at the next switch");
        ways.push((Login::ByKind, text));
    }
    let more = [
        (
            Login::Made,
            "with a key that each of them makes at its next switch",
        ),
        (
            Login::NewPair,
            "with one key for all of them, which is made now and copied to them",
        ),
        (Login::File, "with a key that lies on all of them already"),
    ];
    ways.extend(more.map(|(login, text)| (login, text.to_owned())));
    ways.extend(secrets.into_iter().map(|secret| {
        let text = format!("with the secret `{secret}`, which all of them declare");
        (Login::Secret(secret), text)
    }));
    let likely = usize::from(!without.is_empty());
    let shown: Vec<String> = ways.iter().map(|(_, text)| text.clone()).collect();
    let question = Question {
        text: "how do the clients log in?",
        flag: "--identity host-key|on-host|/ABSOLUTE/PATH|SECRET",
        why: "The cache lets in exactly the keys that it knows. A host key is there where sshd \
              runs, and needs no secret of its own; a key that a machine makes never leaves it.",
    };
    let chosen = ask.choose(question, &shown, likely)?;
    let chosen = ways.into_iter().nth(chosen);
    Ok(chosen.map_or(Login::HostKeys, |(login, _)| login))
}

fn file(ask: &mut dyn Ask) -> Result<SecretFile, Stop> {
    let question = Question {
        text: "the file of the private key on the clients",
        flag: "--identity /ABSOLUTE/PATH|SECRET",
        why: "Root's ssh reads it there, and nobody else may. Not a path in the repository or in \
              the Nix store: those are readable by everyone. `agenix:NAME`, `sops:NAME` or \
              `clan:GENERATOR/FILE` is a secret that a module of each client declares.",
    };
    answers::parsed_line_or(ask, question, Some("/var/lib/larder/login"))
}

fn new_file(cache: &Cache, ask: &mut dyn Ask) -> Result<String, Stop> {
    let question = Question {
        text: "the new file for its private half (git ignores it; a step brings it to the clients)",
        flag: "--new-identity FILE",
        why: "It is made on this machine, readable by you alone, and a step says how it gets to \
              the clients.",
    };
    let file = format!("{}-login.secret", cache.host);
    answers::asked_or(ask, question, Some(&file), |ask, line| {
        ask.place(line)?;
        Ok(line.to_owned())
    })
}
