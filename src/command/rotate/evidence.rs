//! Whether a step is in force on the machines: they are asked over the user's own ssh, by files
//! that NixOS writes at a switch, by the host key that sshd shows and by the signatures of a
//! store. Where that does not do, a person says so, with `--sure`.

use std::collections::{BTreeMap, BTreeSet};

use super::requirement::{Probe, Requirement, blob, needed};
use super::target::Target;
use crate::command::machine_files::{LINES, file_in};
use crate::command::{Ask, Question, Reply};
use crate::diagnostic::Stop;
use crate::fleet::{Fleet, Host, HostName};
use crate::text::{shell_word, some_quoted};

/// What one machine says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Statement {
    /// The machine.
    pub(super) host: HostName,
    pub(super) verdict: Verdict,
    /// The command that makes it so.
    cure: String,
}

/// Whether something is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    InForce,
    /// It is not; in words, after the machine's name.
    Missing(String),
    /// Nobody knows; why, after the machine's name.
    Unknown(String),
}

/// Asks the machines, and a person about those that do not answer. What was found is a note.
///
/// # Errors
/// When the step before is not in force somewhere, or nobody knows whether it is.
pub(super) fn require(
    fleet: &Fleet,
    target: &Target,
    ask: &mut dyn Ask,
) -> Result<Option<String>, Stop> {
    let found = statements(fleet, target, ask)?;
    let hosts = hosts_of(&found);
    let open: Vec<&Statement> = found.iter().filter(|one| one.is_open()).collect();
    if open.is_empty() {
        let note = format!("the step before is in force on {}", some_quoted(&hosts));
        return Ok((!hosts.is_empty()).then_some(note));
    }
    let is_unknown = |one: &&Statement| matches!(one.verdict, Verdict::Unknown(_));
    if open.iter().all(is_unknown) && ask.has_person() {
        for one in &open {
            ask.say(&one.text())?;
        }
        let text = format!(
            "is the step before in force on {} all the same?",
            some_quoted(hosts_of(open.iter().copied()))
        );
        let question = Question {
            text: &text,
            flag: "--sure",
            why: "The next step takes the old key away. A machine that does not run the step before is shut out by it, or drops what it fetches; these did not answer.",
        };
        if ask.confirm(question, false)? {
            return Ok(None);
        }
    }
    Err(refused(target, &open))
}

/// What each machine says about what it has to have.
pub(super) fn statements(
    fleet: &Fleet,
    target: &Target,
    ask: &mut dyn Ask,
) -> Result<Vec<Statement>, Stop> {
    let needed = needed(fleet, target);
    let replies = Replies::of(fleet, &needed, ask)?;
    let statement = |one: &Requirement| Statement {
        host: one.host.clone(),
        verdict: replies.judge(one),
        cure: one.cure.clone(),
    };
    let mut found: Vec<Statement> = Vec::new();
    for one in needed.iter().map(statement) {
        // A machine that does not answer says so once.
        let is_said = |it: &Statement| it.host == one.host && it.verdict == one.verdict;
        if !found.iter().any(is_said) {
            found.push(one);
        }
    }
    Ok(found)
}

/// What the machines answered, each question by its host.
#[derive(Debug, Default)]
struct Replies {
    files: BTreeMap<HostName, Reply>,
    shown: BTreeMap<HostName, Reply>,
    held: BTreeMap<HostName, Reply>,
    signed: BTreeMap<HostName, Reply>,
}

impl Replies {
    fn of(fleet: &Fleet, needed: &[Requirement], ask: &mut dyn Ask) -> Result<Self, Stop> {
        let mut files: BTreeMap<&HostName, Vec<String>> = BTreeMap::new();
        let mut shown = Vec::new();
        let mut held = Vec::new();
        let mut signed = Vec::new();
        for one in needed {
            let Some(host) = fleet.hosts.get(&one.host) else {
                continue;
            };
            match &one.probe {
                Probe::Line { file, .. } => {
                    let files = files.entry(&one.host).or_default();
                    if !files.contains(file) {
                        files.push(file.clone());
                    }
                }
                Probe::Shown(_) => shown.push(host),
                Probe::Held { file, .. } => held.push((host, public_half_of(file))),
                Probe::SignedAnew { old, new } => signed.push((host, count_of(old, new))),
            }
        }
        let files = files.into_iter();
        let files: Vec<(&Host, Vec<String>)> = files
            .filter_map(|(name, files)| Some((fleet.hosts.get(name)?, files)))
            .collect();
        let hosts = |wanted: &[(&Host, Vec<String>)]| -> Vec<HostName> {
            wanted.iter().map(|(host, _)| host.name.clone()).collect()
        };
        let mut all = Self::default();
        if !files.is_empty() {
            let replies = ask.fetch(&files, LINES)?;
            all.files = hosts(&files).into_iter().zip(replies).collect();
        }
        if !shown.is_empty() {
            let replies = ask.scan(&shown)?;
            let names = shown.iter().map(|host| host.name.clone());
            all.shown = names.zip(replies).collect();
        }
        all.held = run(ask, &held)?;
        all.signed = run(ask, &signed)?;
        Ok(all)
    }

    fn judge(&self, one: &Requirement) -> Verdict {
        let replies = match &one.probe {
            Probe::Line { .. } => &self.files,
            Probe::Shown(_) => &self.shown,
            Probe::Held { .. } => &self.held,
            Probe::SignedAnew { .. } => &self.signed,
        };
        match replies.get(&one.host) {
            None => Verdict::Unknown("was not asked".to_owned()),
            Some(Err(why)) => Verdict::Unknown(format!("could not be asked: {why}")),
            Some(Ok(answer)) => judge(one, answer),
        }
    }
}

/// What each machine answers to a command of its own.
fn run(ask: &mut dyn Ask, commands: &[(&Host, String)]) -> Result<BTreeMap<HostName, Reply>, Stop> {
    if commands.is_empty() {
        return Ok(BTreeMap::new());
    }
    let replies = ask.run(commands)?;
    let names = commands.iter().map(|(host, _)| host.name.clone());
    Ok(names.zip(replies).collect())
}

/// What an answer says.
fn judge(one: &Requirement, answer: &str) -> Verdict {
    let missing = || Verdict::Missing(one.otherwise.clone());
    match &one.probe {
        Probe::Shown(key) | Probe::Held { key, .. } if answer.contains(&blob(key)) => {
            Verdict::InForce
        }
        Probe::Held { file, .. } if answer.trim().is_empty() => {
            Verdict::Unknown(format!("does not say which key is in `{file}`"))
        }
        Probe::Shown(_) | Probe::Held { .. } => missing(),
        Probe::SignedAnew { .. } => match answer.trim().parse::<u64>() {
            Ok(0) => Verdict::InForce,
            Ok(_) => missing(),
            Err(_) => Verdict::Unknown("does not say what its store is signed with".to_owned()),
        },
        Probe::Line {
            file,
            start,
            text,
            is_wanted,
        } => {
            let mut lines = file_in(answer, file).unwrap_or_default().lines();
            let has_line = lines.any(|line| line.starts_with(start) && line.contains(text));
            if has_line == *is_wanted {
                Verdict::InForce
            } else {
                missing()
            }
        }
    }
}

/// Prints the public half of a private key, which root alone may read; else the one that is
/// beside it. Nothing where there is neither.
fn public_half_of(file: &str) -> String {
    let print = format!("ssh-keygen -y -P '' -f {}", shell_word(file));
    let beside = format!("{file}.pub");
    let beside = shell_word(&beside);
    format!("{{ {print} || sudo -n {print} || cat {beside}; }} 2>/dev/null </dev/null || true")
}

/// Prints how many paths of a store have a signature of one key and none of another. A command
/// that fails prints nothing, and is no answer.
fn count_of(old: &str, new: &str) -> String {
    let nix = "nix --extra-experimental-features nix-command";
    let (old, new) = (format!("{old}:"), format!("{new}:"));
    let (old, new) = (shell_word(&old), shell_word(&new));
    format!(
        "signed=$({nix} path-info --all --sigs) || exit; \
         printf '%s\\n' \"$signed\" | grep -F -- {old} | grep -c -v -F -- {new} || true"
    )
}

impl Statement {
    /// True unless it is known to be in force.
    pub(super) fn is_open(&self) -> bool {
        self.verdict != Verdict::InForce
    }

    /// A line about the machine, with the way to mend it.
    fn text(&self) -> String {
        let why = self.why();
        match &self.verdict {
            Verdict::Missing(_) => format!("{why}: `{}`", self.cure),
            Verdict::InForce | Verdict::Unknown(_) => why,
        }
    }

    /// The machine, and what it lacks.
    pub(super) fn why(&self) -> String {
        match &self.verdict {
            Verdict::InForce => format!("`{}` has it", self.host),
            Verdict::Missing(why) | Verdict::Unknown(why) => format!("`{}` {why}", self.host),
        }
    }
}

fn refused(target: &Target, open: &[&Statement]) -> Stop {
    let (kind, name) = (target.kind, &target.name);
    let is_missing = |one: &&&Statement| matches!(one.verdict, Verdict::Missing(_));
    let missing: Vec<&Statement> = open.iter().filter(is_missing).copied().collect();
    let what = format!("the last step with the {kind} of `{name}`");
    let (code, message) = if missing.is_empty() {
        let hosts = some_quoted(hosts_of(open.iter().copied()));
        let message = format!("whether {what} is in force on {hosts} is not known");
        ("rotation-not-proven", message)
    } else {
        let hosts = some_quoted(hosts_of(open.iter().copied()));
        (
            "rotation-not-in-force",
            format!("{what} is not in force on {hosts} yet"),
        )
    };
    let mut problem = target.refusal(code, message);
    for line in texts(open) {
        problem = problem.help(line);
    }
    let command = kind.command(name);
    problem
        .help(format!("to go on without them: `{command} --sure`"))
        .into()
}

/// How many machines have a line each; the message names all of them.
const SHOWN: usize = 6;

fn texts(open: &[&Statement]) -> Vec<String> {
    let mut lines: Vec<String> = open.iter().take(SHOWN).map(|one| one.text()).collect();
    let more = open.len().saturating_sub(SHOWN);
    if more > 0 {
        lines.push(format!("and {more} more: `larder rotate --live`"));
    }
    lines
}

fn hosts_of<'f>(statements: impl IntoIterator<Item = &'f Statement>) -> BTreeSet<&'f HostName> {
    statements.into_iter().map(|one| &one.host).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::machine_files::KNOWN_HOSTS;

    fn line(is_wanted: bool) -> Requirement {
        Requirement {
            host: "pai".parse().unwrap(),
            probe: Probe::Line {
                file: KNOWN_HOSTS.to_owned(),
                start: "larder-kalaw".to_owned(),
                text: "AAAA".to_owned(),
                is_wanted,
            },
            otherwise: "has it not".to_owned(),
            cure: String::new(),
        }
    }

    #[test]
    fn a_line_counts_where_it_begins_as_it_should() {
        let missing = Verdict::Missing("has it not".to_owned());
        let answer = |text: &str| format!("==> {KNOWN_HOSTS} <==\n{text}\n\n==> /etc/other <==\n");
        let ours = answer("x\nlarder-kalaw ssh-ed25519 AAAA");
        let others = answer("kalaw ssh-ed25519 AAAA\nlarder-kalaw ssh-ed25519 BBBB");
        assert_eq!(judge(&line(true), &ours), Verdict::InForce);
        assert_eq!(judge(&line(true), &others), missing);
        assert_eq!(judge(&line(true), ""), missing);
        assert_eq!(judge(&line(false), &ours), missing);
        assert_eq!(judge(&line(false), &others), Verdict::InForce);
    }

    #[test]
    fn a_file_holds_a_key_or_another_or_nobody_knows() {
        let text =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";
        let mut one = line(true);
        one.probe = Probe::Held {
            file: "/run/agenix/login".to_owned(),
            key: text.parse().unwrap(),
        };
        assert_eq!(judge(&one, &format!("{text} root@pai\n")), Verdict::InForce);
        let other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAA\n";
        assert!(matches!(judge(&one, other), Verdict::Missing(_)));
        assert!(matches!(judge(&one, "\n"), Verdict::Unknown(_)));
    }

    #[test]
    fn a_store_that_does_not_answer_is_not_signed() {
        let mut one = line(true);
        one.probe = Probe::SignedAnew {
            old: "kalaw-1".to_owned(),
            new: "kalaw-2".to_owned(),
        };
        assert_eq!(judge(&one, "0\n"), Verdict::InForce);
        assert!(matches!(judge(&one, "3\n"), Verdict::Missing(_)));
        assert!(matches!(judge(&one, "\n"), Verdict::Unknown(_)));
    }
}
