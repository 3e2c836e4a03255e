//! The user that clients log in as has a shell that runs nothing.
//!
//! ## What it looks like
//! `'nix-store --serve' protocol mismatch from '…', got 'This account is currently not
//! available.'`: sshd starts the forced command with the user's shell, and that is
//! `nologin`.
//!
//! ## What to do
//! `users.users.nix-ssh.shell = pkgs.bashInteractive;` on the cache, as `nix.sshServe` sets
//! it. The forced command still lets nobody run anything else.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Command,
    check,
};

const WORDS: [&str; 2] = ["This account is currently not available", "account is not available"];

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let user = evidence.route?.user();
    let shell = evidence.host().and_then(|host| Some((host, host.account.as_ref()?)));
    let shell = shell.filter(|(_, line)| runs_nothing(line));
    let said = evidence.says(&WORDS);
    if shell.is_none() && said.is_none() {
        return None;
    }
    let symptom = Symptom::new(format!(
        "the shell of `{user}` on `{}` runs no command",
        evidence.cache_name()
    ))
    .maybe_seen(&evidence.client.name, said);
    let symptom = match shell {
        Some((host, line)) => symptom.seen(&host.name, line),
        None => symptom,
    };
    Some(symptom.cure(format!("users.users.{user}.shell = pkgs.bashInteractive;    # and switch the cache")))
}

/// True for a line of `passwd` with a shell that refuses.
fn runs_nothing(line: &str) -> bool {
    let shell = line.rsplit(':').next().unwrap_or_default();
    let program = shell.rsplit('/').next().unwrap_or(shell);
    matches!(program, "nologin" | "false")
}
