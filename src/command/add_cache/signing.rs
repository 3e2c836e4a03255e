//! The key that signs what a cache builds, as `add-cache` takes it.

use std::sync::Arc;

use clap::Args;

use crate::command::secret::{KeyPlace, NewSecret};
use crate::command::{Ask, Question, answers, pasted_key, signing_key};
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{AbsolutePath, Cache, Fleet, HostName, ManagedSecret, SigningKey};
use crate::key::{SigningPublicKey, SigningSecret};
use crate::plan::SecretKey;
use crate::repo::Repo;
use crate::steps::{self, Step};

/// The flags about the cache's signing key.
#[derive(Debug, Args)]
pub(super) struct SigningArgs {
    /// The public half of the key with which it signs; without it, the host
    /// makes its key at the next switch, and `larder keys set` brings the public
    /// half in. Of a cache that exists elsewhere: repeatable
    #[arg(
        long,
        value_name = "NAME:BASE64|FILE|-",
        conflicts_with = "new_signing_key"
    )]
    signing_key: Vec<String>,
    /// Make a signing key: FILE gets the secret half (mode 0600), to be
    /// installed on the host
    #[arg(long, value_name = "FILE")]
    new_signing_key: Option<String>,
    /// The path of the secret half on the host, where you put it unless --make-signing-key is
    /// given; or the secret that has it: agenix:NAME, sops:NAME, clan:GENERATOR/FILE
    /// [default: /var/lib/larder/HOST-1.secret]
    #[arg(long, value_name = "/ABSOLUTE/PATH|SECRET")]
    signing_key_file: Option<String>,
    /// The host makes the key in that file where it is missing, as it does in the default
    /// one
    #[arg(long)]
    make_signing_key: bool,
}

/// A signing key that `add-cache` makes.
pub(super) struct NewSigningKey {
    key: Arc<SigningSecret>,
    place: KeyPlace,
}

impl SigningArgs {
    /// The public halves as they are given.
    pub(super) fn given(&self) -> &[String] {
        &self.signing_key
    }

    /// Asks a person who makes the key, unless the flags say it.
    /// The `secrets` may be the key.
    pub(super) fn ask(
        &mut self,
        host: &HostName,
        secrets: &[ManagedSecret],
        ask: &mut dyn Ask,
    ) -> Result<(), Stop> {
        let is_said = !self.signing_key.is_empty() || self.new_signing_key.is_some();
        if is_said || self.make_signing_key || self.signing_key_file.is_some() {
            return Ok(());
        }
        let mut kinds = vec![
            format!("`{host}` makes one at its next switch; a second commit brings it in"),
            "make one now, into a file that you bring there".to_owned(),
            "it has one: I give its public half".to_owned(),
        ];
        let by_secret = kinds.len();
        let of_secret = |secret| format!("it has one: the secret `{secret}`, declared there");
        kinds.extend(secrets.iter().map(of_secret));
        let text = format!("the key with which `{host}` signs what it builds");
        let question = Question {
            text: &text,
            flag: "--signing-key KEY` or `--new-signing-key FILE",
            why: "Clients take only paths that are signed by a key they trust, so that nobody between the machines can change one. The secret half never leaves the machine that made it, nor enters git.",
        };
        match ask.choose(question, &kinds, 0)? {
            1 => self.new_signing_key = Some(new_file(host, ask)?),
            2 => {
                self.signing_key = vec![known_key(ask)?];
                self.signing_key_file = Some(file_of_secret(host, ask)?);
            }
            chosen => {
                let secret = chosen.checked_sub(by_secret);
                if let Some(secret) = secret.and_then(|at| secrets.get(at)) {
                    self.signing_key = vec![known_key(ask)?];
                    self.signing_key_file = Some(secret.to_string());
                }
            }
        }
        Ok(())
    }

    /// Writes what is known into the cache; a new key comes back.
    pub(super) fn complete(
        &self,
        cache: &mut Cache,
        ask: &mut dyn Ask,
    ) -> Result<Option<NewSigningKey>, Stop> {
        self.complete_file(cache)?;
        match &self.signing_key[..] {
            [] => {}
            [key] => signing_key::assign(cache, pasted_key::signing(ask, key)?),
            _ => return Err(several_keys(&cache.host)),
        }
        let Some(file) = &self.new_signing_key else {
            return Ok(None);
        };
        let new = new_signing_key(file, cache, ask)?;
        cache.signing_key = SigningKey::Known(new.key.public());
        Ok(Some(new))
    }

    /// Where the secret half is on the host, and whose job that is.
    fn complete_file(&self, cache: &mut Cache) -> Result<(), Stop> {
        if let Some(path) = &self.signing_key_file {
            let file = answers::secret_file(path)?;
            let is_default = file == Cache::of(cache.host.clone()).signing_key_file();
            let is_path = file.written_path().is_some();
            cache.make_signing_key = (is_path && !is_default).then_some(false);
            cache.signing_key_file = Some(file);
        }
        if self.make_signing_key {
            refuse_volatile(cache)?;
            cache.make_signing_key = Some(true);
        }
        Ok(())
    }
}

/// A host signs with one key; a second one takes its place.
fn several_keys(host: &HostName) -> Stop {
    let message = format!("`{host}` signs with one key, and several are given");
    Diagnostic::error("signing-key-several", message)
        .about(host.to_string())
        .help(format!(
            "to change its key: `larder rotate signing-key {host}`"
        ))
        .into()
}

/// Where the host has the secret half of the key that it has already.
fn file_of_secret(host: &HostName, ask: &mut dyn Ask) -> Result<String, Stop> {
    let text = format!("the file of its secret half on `{host}`");
    let question = Question {
        text: &text,
        flag: "--signing-key-file /ABSOLUTE/PATH|SECRET",
        why: "The file that Nix reads on the cache when it signs. A build fails where the file is missing. `agenix:NAME`, `sops:NAME` or `clan:GENERATOR/FILE` is a secret that a module of the cache declares.",
    };
    let usual = Cache::of(host.clone()).signing_key_path();
    answers::asked_or(ask, question, Some(&usual), |_, line| {
        answers::secret_file(line).map(|file| file.to_string())
    })
}

fn new_file(host: &HostName, ask: &mut dyn Ask) -> Result<String, Stop> {
    let question = Question {
        text: "the new file for its secret half (git ignores it; a step brings it to the host)",
        flag: "--new-signing-key FILE",
        why: "It is made on this machine, readable by you alone, and a step says how it gets to the cache.",
    };
    let file = format!("{host}-1.secret");
    answers::asked_or(ask, question, Some(&file), |ask, line| {
        ask.place(line).map(|_| line.to_owned())
    })
}

/// As text: it was read once, to ask again where it is none.
fn known_key(ask: &mut dyn Ask) -> Result<String, Stop> {
    let question = Question {
        text: "its public half (NAME:BASE64, or a file)",
        flag: "--signing-key KEY",
        why: "The half that clients trust. `nix-store --generate-binary-cache-key` writes it, or `nix key convert-secret-to-public`.",
    };
    Ok(answers::asked(ask, question, pasted_key::signing)?.to_string())
}

/// A key that is made anew at each boot is another one each time.
fn refuse_volatile(cache: &Cache) -> Result<(), Stop> {
    let file = cache.signing_key_file();
    if file.written_path().is_some_and(AbsolutePath::outlasts_boot) {
        return Ok(());
    }
    if let Some(secret) = file.managed() {
        let message = format!("`{secret}` comes from elsewhere, and the host makes no key there");
        let problem = Diagnostic::error("signing-key-volatile", message).about(secret.to_string());
        return Err(problem.help("leave `--make-signing-key` out").into());
    }
    let message = format!("`{file}` does not outlast a boot, and the host would make another key");
    Err(Diagnostic::error("signing-key-volatile", message)
        .about(file.to_string())
        .help("`--signing-key-file /var/lib/larder/NAME-1.secret` names a file that stays")
        .into())
}

fn new_signing_key(file: &str, cache: &Cache, ask: &mut dyn Ask) -> Result<NewSigningKey, Stop> {
    if let SigningKey::Known(known) = &cache.signing_key {
        return Err(already_signs(cache, known));
    }
    let place = ask.place(file)?;
    let name = format!("{}-1", cache.host);
    let secret = SigningSecret::from_seed(&name, &ask.seed()?)
        .map_err(|error| Diagnostic::error("signing-key-name", error.to_string()))?;
    Ok(NewSigningKey {
        key: Arc::new(secret),
        place,
    })
}

/// Clients would ignore everything signed so far: that is a rotation.
fn already_signs(cache: &Cache, known: &SigningPublicKey) -> Stop {
    let said = format!(
        "`{}` signs with the key `{}` already",
        cache.host,
        known.name()
    );
    Diagnostic::error("signing-key-known", said)
        .about(cache.host.to_string())
        .help("clients that trust the old key would ignore what a new one signs")
        .into()
}

impl NewSigningKey {
    pub(super) fn placed(&self) -> NewSecret {
        NewSecret {
            place: self.place.clone(),
            key: SecretKey::Nix(self.key.clone()),
        }
    }

    /// What is to be done with it.
    pub(super) fn step(&self, repo: &Repo, fleet: &Fleet, cache: &Cache) -> Step {
        steps::signing_key_to_server(fleet, cache, &self.place.shown(repo))
    }
}
