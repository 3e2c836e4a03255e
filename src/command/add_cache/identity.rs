//! The key with which clients log in, as `add-cache` takes it.

use std::sync::Arc;

use clap::Args;

use crate::command::secret::{KeyPlace, NewSecret};
use crate::command::{Ask, answers, pasted_key};
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{Cache, Fleet, Identity, SECRET_FORMS, SecretFile};
use crate::key::PrivateKey;
use crate::plan::SecretKey;
use crate::repo::Repo;
use crate::steps::{self, Step};

/// Where a key that a host makes itself lies.
pub(super) const MADE_ON_HOST: &str = "/var/lib/larder/identity";

/// The flags about the clients' identity.
#[derive(Debug, Args)]
pub(super) struct IdentityArgs {
    /// The private key with which clients log in: their SSH host key, a key file
    /// at an absolute path on them, one that each of them makes itself, or a secret that
    /// their modules declare (agenix:NAME, sops:NAME, clan:GENERATOR/FILE)
    #[arg(long, value_name = "host-key|on-host|/ABSOLUTE/PATH|SECRET")]
    identity: Option<String>,
    /// Make a key pair: FILE gets the private half (mode 0600), to be copied to
    /// the clients
    #[arg(long, value_name = "FILE", requires = "identity")]
    new_identity: Option<String>,
    /// The public half of the key that is there already: the key or a file
    #[arg(
        long,
        value_name = "PUBLIC",
        requires = "identity",
        conflicts_with = "new_identity"
    )]
    identity_key: Option<String>,
}

/// A key pair that `add-cache` makes for the clients.
pub(super) struct NewIdentity {
    key: Arc<PrivateKey>,
    place: KeyPlace,
    file: SecretFile,
}

impl IdentityArgs {
    /// True if the flags say it.
    pub(super) fn is_said(&self) -> bool {
        self.identity.is_some()
    }

    /// True if clients log in with their host keys, or nothing is said yet.
    pub(super) fn may_be_host_key(&self) -> bool {
        self.identity
            .as_deref()
            .is_none_or(|said| said == "host-key")
    }

    /// An answer instead of `--identity`.
    pub(super) fn say(&mut self, identity: &str) {
        self.identity = Some(identity.to_owned());
    }

    /// An answer instead of `--identity` and `--new-identity`.
    pub(super) fn say_new(&mut self, key: &SecretFile, file: String) {
        self.say(&key.to_string());
        self.new_identity = Some(file);
    }

    /// An answer instead of `--identity` and `--identity-key`.
    pub(super) fn say_file(&mut self, file: &SecretFile, key: String) {
        self.say(&file.to_string());
        self.identity_key = Some(key);
    }

    /// Writes what is known into the cache; a new pair comes back.
    pub(super) fn complete(
        &self,
        cache: &mut Cache,
        ask: &mut dyn Ask,
    ) -> Result<Option<NewIdentity>, Stop> {
        let Some(said) = self.identity.as_deref() else {
            return Ok(None);
        };
        if !said.starts_with('/') && !said.contains(':') {
            cache.identity = self.without_file(said)?;
            return Ok(None);
        }
        let path = answers::secret_file(said)?;
        let new = match &self.new_identity {
            Some(file) => Some(new_identity(file, &path, ask)?),
            None => None,
        };
        let given = match &self.identity_key {
            Some(key) => Some(pasted_key::ssh(ask, key)?),
            None => None,
        };
        cache.identity = Identity::File {
            path,
            key: new.as_ref().map(|new| new.key.public()).or(given),
            next: None,
            make: false,
        };
        Ok(new)
    }

    fn without_file(&self, said: &str) -> Result<Identity, Stop> {
        if self.new_identity.is_some() || self.identity_key.is_some() {
            return Err(wrong(
                said,
                "`--new-identity` and `--identity-key` need a path or a secret",
            ));
        }
        match said {
            "host-key" => Ok(Identity::HostKey),
            "on-host" => Ok(Identity::made_at(answers::absolute_path(MADE_ON_HOST)?)),
            _ => Err(wrong(
                said,
                &format!("it is `host-key`, `on-host`, an absolute path, {SECRET_FORMS}"),
            )),
        }
    }
}

fn new_identity(file: &str, key: &SecretFile, ask: &mut dyn Ask) -> Result<NewIdentity, Stop> {
    Ok(NewIdentity {
        place: ask.place(file)?,
        key: Arc::new(PrivateKey::from_seed(&ask.seed()?, "larder: nix-ssh")),
        file: key.clone(),
    })
}

fn wrong(said: &str, why: &str) -> Stop {
    Diagnostic::error(
        "identity-unclear",
        format!("`--identity {said}` is not understood: {why}"),
    )
    .about(said)
    .into()
}

impl NewIdentity {
    pub(super) fn placed(&self) -> NewSecret {
        NewSecret {
            place: self.place.clone(),
            key: SecretKey::Ssh(self.key.clone()),
        }
    }

    /// What is to be done with it.
    pub(super) fn step(&self, repo: &Repo, fleet: &Fleet, cache: &Cache) -> Option<Step> {
        steps::identity_to_clients(fleet, cache, &self.place.shown(repo), &self.file)
    }
}
