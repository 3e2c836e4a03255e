//! Keys that are secrets of agenix, sops-nix or clan. larder neither encrypts nor decrypts; it
//! prints the one command of that tool.

use super::{Moment, Step, StepKind};
use crate::fleet::{HostName, ManagedSecret, SecretManager};
use crate::text::shell_word;

/// Encrypts what is in the file `here` as a secret of this host; no file: what a person types.
#[must_use]
pub fn encrypt(secret: &ManagedSecret, host: &HostName, here: Option<&str>) -> String {
    let name = secret.name();
    let from = here.map_or_else(String::new, |here| format!(" < {}", shell_word(here)));
    match secret.manager() {
        SecretManager::Agenix => format!("agenix -e {}{from}", shell_word(&format!("{name}.age"))),
        // It takes a value from its editor alone.
        SecretManager::Sops => "sops edit secrets.yaml".to_owned(),
        SecretManager::Clan => format!("clan vars set {host} {}{from}", shell_word(name)),
    }
}

/// A key that has to be in a secret before the switch that names it.
pub(super) fn bring(
    secret: &ManagedSecret,
    hosts: &[HostName],
    what: &str,
    here: Option<&str>,
) -> Step {
    let each = hosts.iter().map(|host| encrypt(secret, host, here));
    let mut commands: Vec<String> = each.collect();
    commands.dedup();
    Step {
        moment: Moment::KeysAtHand,
        action: StepKind::InstallKey,
        hosts: hosts.to_vec(),
        text: format!("before the switch, encrypt {what} as the secret `{secret}`"),
        commands,
    }
}

/// A key that no machine needs any more.
pub(super) fn take_out(secret: &ManagedSecret, host: &HostName, what: &str) -> Step {
    Step {
        moment: Moment::Last,
        action: StepKind::DeleteKey,
        hosts: vec![host.clone()],
        text: format!(
            "after the switches, take {what} out of the repository: `{}`, and what is encrypted \
             for it",
            secret.declaration().join(".")
        ),
        commands: Vec::new(),
    }
}
