//! The steps in which a key changes, and their way back: what each does to the inventory.

use super::target::Target;
use crate::command::{host_keys, signing_key};
use crate::diagnostic::Stop;
use crate::fleet::{
    Fleet, Identity, InventoryEditor, KeyKind, SecretFile, SigningKey, Stage, Successor,
    file_beside, successor_name,
};
use crate::key::{PastedKey, PublicKey, SigningPublicKey};
use crate::steps::{self, Step};

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Change {
    /// The machine makes the new key.
    Make,
    /// The others get to know the new key beside the old one.
    Know(PastedKey),
    /// The machine goes over to the new key; clients trust its signatures alone.
    Use,
    /// The old key goes.
    Finish,
    /// The last step is taken back.
    Back,
    /// The new key takes the place of the old one at once.
    Replace(PastedKey),
    /// The old key goes at once, and nothing takes its place yet.
    Withdraw,
}

/// The two keys of one kind; no old one: it is pending.
struct OldAndNext<K> {
    old: Option<K>,
    next: Option<Successor<K>>,
}

impl Change {
    /// True if it could break something unless the step before is in force.
    ///
    /// A step back only adds to what the others know, or takes out what nobody uses.
    pub(super) fn needs_proof(&self) -> bool {
        matches!(self, Self::Use | Self::Finish)
    }

    /// True if the fleet has no use for the old key afterwards.
    pub(super) fn drops_old(&self) -> bool {
        matches!(self, Self::Finish | Self::Replace(_) | Self::Withdraw)
    }

    /// Refuses what makes no sense of this key at this stage.
    pub(super) fn check(
        &self,
        fleet: &Fleet,
        target: &Target,
        file: Option<&SecretFile>,
    ) -> Result<(), Stop> {
        let (kind, name) = (target.kind, &target.name);
        let refuse = |code, message: String, help: String| -> Result<(), Stop> {
            Err(target.refusal(code, message).help(help).into())
        };
        match self {
            Self::Back if target.stage.is_none() => {
                let message = format!("the {kind} of `{name}` is not being changed");
                return refuse(
                    "rotation-not-begun",
                    message,
                    "see `larder rotate`".to_owned(),
                );
            }
            Self::Know(_) if target.stage.is_none() && target.is_made => {
                let message = format!("`{name}` makes its new {kind} itself");
                let command = kind.command(name);
                let help = format!("run `{command}` first, and switch `{name}`");
                return refuse("rotation-made-on-machine", message, help);
            }
            Self::Know(key) | Self::Replace(key) => check_key(fleet, target, key)?,
            _ => {}
        }
        self.check_file(fleet, target, file)
    }

    fn check_file(
        &self,
        fleet: &Fleet,
        target: &Target,
        file: Option<&SecretFile>,
    ) -> Result<(), Stop> {
        let (name, is_signing) = (&target.name, target.kind == KeyKind::Signing);
        let needs_file = is_signing && !target.is_made && matches!(self, Self::Know(_));
        if needs_file && file.is_none() {
            let message = format!("where the new secret half lies on `{name}` is not said");
            return Err(target.refusal("rotation-file-missing", message)
                .help("say it with `--file PATH`, and put it there before the switch: a build fails where it is missing")
                .into());
        }
        let old = fleet
            .caches
            .get(name)
            .map(crate::fleet::Cache::signing_key_file);
        if file.is_some() && old.as_ref() == file {
            let message = "the new secret half needs a file of its own: the cache signs with both";
            return Err(target
                .refusal("rotation-same-file", message.to_owned())
                .into());
        }
        if file.is_some() && !needs_file && !matches!(self, Self::Replace(_)) {
            let message = "`--file` is for the new secret half of a signing key that you put there";
            return Err(target
                .refusal("rotation-file-unused", message.to_owned())
                .into());
        }
        Ok(())
    }

    /// Makes the inventory say so.
    pub(super) fn apply(
        &self,
        fleet: &Fleet,
        target: &Target,
        file: Option<&SecretFile>,
        inventory: &mut InventoryEditor,
    ) -> Result<(), Stop> {
        if target.kind == KeyKind::Signing {
            return self.apply_signing(fleet, target, file, inventory);
        }
        let (old, next) = target.ssh_keys(fleet).unwrap_or_default();
        let keys = self.keys(target, OldAndNext { old, next });
        write_ssh_keys(fleet, target, keys, inventory)
    }

    fn apply_signing(
        &self,
        fleet: &Fleet,
        target: &Target,
        file: Option<&SecretFile>,
        inventory: &mut InventoryEditor,
    ) -> Result<(), Stop> {
        let mut cache = fleet.require_cache(&target.name)?.clone();
        let old = cache.signing_key.known().cloned();
        let before = OldAndNext {
            next: cache.next_signing_key.take(),
            old: old.clone(),
        };
        let after = self.keys(target, before);
        let next_file = cache.next_signing_key_file.take();
        cache.next_signing_key = after.next;
        match after.old {
            Some(key) if Some(&key) == old.as_ref() => {
                let is_kept = cache.next_signing_key.is_some();
                cache.next_signing_key_file = file.cloned().or(next_file).filter(|_| is_kept);
            }
            Some(key) => finish_signing(&mut cache, key, next_file.or(file.cloned())),
            None => withdraw_signing(&mut cache),
        }
        inventory.set_cache(&cache)?;
        Ok(())
    }

    /// The two keys after this step.
    fn keys<K: Clone + TryFrom<PastedKey>>(
        &self,
        target: &Target,
        keys: OldAndNext<K>,
    ) -> OldAndNext<K> {
        let OldAndNext { old, next } = keys;
        let key_of = |key: &PastedKey| K::try_from(key.clone()).ok();
        let known = next.as_ref().and_then(|next| next.key.clone());
        let in_use = |in_use| {
            known.clone().map(|key| Successor {
                key: Some(key),
                in_use,
            })
        };
        match self {
            Self::Make => OldAndNext {
                old,
                next: Some(Successor::pending()),
            },
            Self::Know(key) => OldAndNext {
                old,
                next: key_of(key).map(Successor::known),
            },
            Self::Use => OldAndNext {
                old,
                next: in_use(true),
            },
            Self::Finish => OldAndNext {
                old: known,
                next: None,
            },
            Self::Replace(key) => OldAndNext {
                old: key_of(key),
                next: None,
            },
            Self::Withdraw => OldAndNext {
                old: None,
                next: None,
            },
            Self::Back => {
                let next = match target.stage {
                    Some(Stage::InUse) => in_use(false),
                    Some(Stage::Known) if target.is_made => Some(Successor::pending()),
                    _ => None,
                };
                OldAndNext { old, next }
            }
        }
    }

    /// The subject of the commit.
    pub(super) fn message(&self, target: &Target) -> String {
        let what = format!("{} of {}", target.kind, target.name);
        let what = match self {
            Self::Make => format!("make a new {what}"),
            Self::Know(_) => format!("accept the new {what}"),
            Self::Use => format!("use the new {what}"),
            Self::Finish => format!("drop the old {what}"),
            Self::Back => format!("take back the last step with the {what}"),
            Self::Replace(_) => format!("replace the {what}"),
            Self::Withdraw => format!("withdraw the {what}"),
        };
        format!("larder: {what}")
    }

    /// What is to be done beside the switches.
    pub(super) fn steps(&self, before: &Fleet, after: &Fleet, target: &Target) -> Vec<Step> {
        let Target { kind, name, .. } = target;
        match self {
            Self::Make => vec![steps::bring_in_new(after, *kind, name)],
            Self::Know(_) => {
                let secret = steps::bring_in_secret(after, *kind, name);
                secret
                    .into_iter()
                    .chain([steps::go_on(*kind, name)])
                    .collect()
            }
            Self::Use => vec![steps::go_on(*kind, name)],
            Self::Finish if target.has_use_step() => {
                steps::delete_old(before, *kind, name).into_iter().collect()
            }
            Self::Back if target.stage == Some(Stage::Pending) => {
                steps::delete_new(before, *kind, name).into_iter().collect()
            }
            Self::Replace(_) => steps::put_in_place(before, after, *kind, name),
            Self::Withdraw => steps::after_withdrawal(after, *kind, name),
            Self::Finish | Self::Back => Vec::new(),
        }
    }
}

fn write_ssh_keys(
    fleet: &Fleet,
    target: &Target,
    keys: OldAndNext<PublicKey>,
    inventory: &mut InventoryEditor,
) -> Result<(), Stop> {
    let mut host = fleet.require_host(&target.name)?.clone();
    match target.kind {
        KeyKind::HostKey => {
            host.host_key = keys.old;
            host.next_host_key = keys.next;
        }
        KeyKind::SharedIdentity => {
            let mut cache = fleet.require_cache(&target.name)?.clone();
            set_identity(&mut cache.identity, keys);
            inventory.set_cache(&cache)?;
            return Ok(());
        }
        KeyKind::Identity | KeyKind::Signing => {
            if let Some(identity) = &mut host.identity {
                set_identity(identity, keys);
            }
        }
    }
    inventory.set_host(&host)?;
    Ok(())
}

fn set_identity(identity: &mut Identity, keys: OldAndNext<PublicKey>) {
    if let Identity::File { key, next, .. } = identity {
        *key = keys.old;
        *next = keys.next;
    }
}

/// The new key is the cache's own, and its file.
fn finish_signing(
    cache: &mut crate::fleet::Cache,
    key: SigningPublicKey,
    file: Option<SecretFile>,
) {
    if let Some(file) = file {
        cache.signing_key_file = Some(file);
        cache.signing_key = SigningKey::Known(key);
    } else {
        signing_key::assign(cache, key);
    }
}

/// The cache makes another key, which has another name.
fn withdraw_signing(cache: &mut crate::fleet::Cache) {
    if cache.makes_signing_key() {
        let name = successor_name(&cache.signing_key_name());
        let file = file_beside(&cache.signing_key_file(), &name);
        cache.signing_key_file = file.or(cache.signing_key_file.take());
    }
    cache.signing_key = SigningKey::Pending;
}

/// A key that is not the old one, nor another host's, and that Nix can tell from the old one.
fn check_key(fleet: &Fleet, target: &Target, key: &PastedKey) -> Result<(), Stop> {
    let (kind, name) = (target.kind, &target.name);
    if target.old_key(fleet).as_ref() == Some(key) {
        let message = format!("this is the old {kind} of `{name}`");
        let help = "give the new one; it has another file on the machine";
        return Err(target
            .refusal("rotation-same-key", message)
            .help(help)
            .into());
    }
    match (key, target.old_key(fleet)) {
        (PastedKey::Ssh(key), _) if kind == KeyKind::HostKey => {
            host_keys::refuse_anothers(fleet, name, key)
        }
        (PastedKey::Signing(key), _) => {
            let cache = fleet.require_cache(name)?;
            signing_key::refuse_same_name(cache, key)
        }
        _ => Ok(()),
    }
}
