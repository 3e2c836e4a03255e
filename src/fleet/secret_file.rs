//! Where a private key is on its machine: at a path, or where agenix, sops-nix or clan put it.
//!
//! A reference (`agenix:kalaw-1`) names a secret that the machine's own configuration declares.
//! larder neither encrypts nor decrypts it: the wiring asks `config` for its path.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{AbsolutePath, HostName, NameError};
use crate::nix::Literal;

/// The file of a private key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SecretFile {
    /// It is there.
    Path(AbsolutePath),
    /// A secret manager puts it on the machine.
    Managed(ManagedSecret),
}

/// A secret that a module of the machine declares.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ManagedSecret {
    manager: SecretManager,
    name: String,
}

/// The tools whose secrets can be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SecretManager {
    /// `age.secrets`.
    Agenix,
    /// `sops.secrets`.
    Sops,
    /// `clan.core.vars.generators`.
    Clan,
}

/// The forms of a reference.
pub const SECRET_FORMS: &str = "`agenix:NAME`, `sops:NAME` or `clan:GENERATOR/FILE`";

impl SecretManager {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Agenix, Self::Sops, Self::Clan];

    /// The word before the colon.
    pub fn word(self) -> &'static str {
        match self {
            Self::Agenix => "agenix",
            Self::Sops => "sops",
            Self::Clan => "clan",
        }
    }

    /// The option below which its secrets are declared.
    pub fn option(self) -> &'static str {
        match self {
            Self::Agenix => "age.secrets",
            Self::Sops => "sops.secrets",
            Self::Clan => "clan.core.vars.generators",
        }
    }

    /// The secret of this name; `None`: no secret is called so.
    pub fn secret(self, name: &str) -> Option<ManagedSecret> {
        format!("{}:{name}", self.word()).parse().ok()
    }
}

impl ManagedSecret {
    /// Who puts it on the machine.
    pub fn manager(&self) -> SecretManager {
        self.manager
    }

    /// Its name; of clan `GENERATOR/FILE`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The attribute path in `config` of its declaration.
    pub fn declaration(&self) -> Vec<&str> {
        let mut path: Vec<&str> = self.manager.option().split('.').collect();
        match (self.manager, self.name.split_once('/')) {
            (SecretManager::Clan, Some((generator, file))) => {
                path.extend([generator, "files", file]);
            }
            _ => path.push(&self.name),
        }
        path
    }

    /// A line that declares it.
    pub fn declaring_line(&self) -> String {
        let option = Literal::reference(&self.declaration());
        match self.manager {
            SecretManager::Agenix => {
                let file = self.name.rsplit('/').next().unwrap_or_default();
                let file = Literal::path(&format!("./{file}.age"));
                format!("{option}.file = {file};")
            }
            SecretManager::Sops | SecretManager::Clan => format!("{option} = {{ }};"),
        }
    }

    /// Where it is on this host, unless its declaration says otherwise.
    ///
    /// # Panics
    /// Never: the name is good as a part of a path.
    pub fn usual_path(&self, host: &HostName) -> AbsolutePath {
        let name = &self.name;
        let path = match self.manager {
            SecretManager::Agenix => format!("/run/agenix/{name}"),
            SecretManager::Sops => format!("/run/secrets/{name}"),
            SecretManager::Clan => format!("/run/secrets/vars/per-machine/{host}/{name}"),
        };
        path.parse().expect("the name of a secret is checked")
    }
}

impl SecretFile {
    /// The path on this host; of a secret the usual one.
    pub fn path(&self, host: &HostName) -> AbsolutePath {
        match self {
            Self::Path(path) => path.clone(),
            Self::Managed(secret) => secret.usual_path(host),
        }
    }

    /// The path that the inventory says.
    pub fn written_path(&self) -> Option<&AbsolutePath> {
        match self {
            Self::Path(path) => Some(path),
            Self::Managed(_) => None,
        }
    }

    /// The secret that the inventory names.
    pub fn managed(&self) -> Option<&ManagedSecret> {
        match self {
            Self::Path(_) => None,
            Self::Managed(secret) => Some(secret),
        }
    }
}

impl From<AbsolutePath> for SecretFile {
    fn from(path: AbsolutePath) -> Self {
        Self::Path(path)
    }
}

impl FromStr for SecretFile {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        if text.starts_with('/') {
            return text.parse().map(Self::Path);
        }
        text.parse().map(Self::Managed)
    }
}

impl FromStr for ManagedSecret {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let (word, name) = text.split_once(':').unwrap_or_default();
        let manager = SecretManager::ALL.into_iter();
        let manager = manager.clone().find(|one| one.word() == word);
        let manager = manager.ok_or(NameError::Form(
            "a private key is a path that begins with `/`, or a secret: `agenix:NAME`, `sops:NAME` or `clan:GENERATOR/FILE`",
        ))?;
        check_name(manager, name)?;
        Ok(Self {
            manager,
            name: name.to_owned(),
        })
    }
}

/// The name becomes a part of a path.
fn check_name(manager: SecretManager, name: &str) -> Result<(), NameError> {
    let what = "the name of a secret";
    if name.is_empty() {
        return Err(NameError::Empty(what));
    }
    format!("/{name}")
        .parse::<AbsolutePath>()
        .map_err(|error| match error {
            NameError::Character { character, .. } => NameError::Character { what, character },
            _ => NameError::Form("the name of a secret has no empty part, `.` or `..`"),
        })?;
    if manager == SecretManager::Clan && name.split('/').count() != 2 {
        return Err(NameError::Form("a secret of clan is `clan:GENERATOR/FILE`"));
    }
    Ok(())
}

impl fmt::Display for SecretFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => path.fmt(f),
            Self::Managed(secret) => secret.fmt(f),
        }
    }
}

impl fmt::Display for ManagedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.manager.word(), self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> ManagedSecret {
        text.parse().unwrap()
    }

    #[test]
    fn a_reference_names_a_declaration_and_a_path() {
        let host = "kalaw".parse().unwrap();
        for (text, declaration, path) in [
            (
                "agenix:kalaw-1",
                "age.secrets.kalaw-1",
                "/run/agenix/kalaw-1",
            ),
            (
                "sops:cache/key",
                "sops.secrets.cache/key",
                "/run/secrets/cache/key",
            ),
            (
                "clan:kalaw-1/secret",
                "clan.core.vars.generators.kalaw-1.files.secret",
                "/run/secrets/vars/per-machine/kalaw/kalaw-1/secret",
            ),
        ] {
            let secret = secret(text);
            assert_eq!(secret.declaration().join("."), declaration);
            assert_eq!(secret.usual_path(&host).as_str(), path);
            assert_eq!(secret.to_string(), text);
        }
        for (text, line) in [
            ("agenix:a/b", "age.secrets.\"a/b\".file = ./b.age;"),
            ("sops:kalaw-1", "sops.secrets.kalaw-1 = { };"),
        ] {
            assert_eq!(secret(text).declaring_line(), line);
        }
    }

    #[test]
    fn what_is_neither_a_path_nor_a_reference_is_refused() {
        for bad in [
            "",
            "kalaw-1",
            "age:x",
            "agenix:",
            "agenix:/x",
            "agenix:a//b",
            "sops:..",
            "sops:a b",
            "sops:${x}",
            "clan:x",
            "clan:a/b/c",
            "clan:/x",
            "/a b",
        ] {
            assert!(bad.parse::<SecretFile>().is_err(), "{bad:?}");
        }
        assert!("/run/agenix/x".parse::<SecretFile>().is_ok());
    }
}
