//! Which store paths are where, as a client and its caches say.

use std::collections::{HashMap, HashSet};

use super::settings::Settings;
use super::transcript::{Answer, Transcript};

/// What a client says of some paths: which it has, and which its caches have.
#[derive(Debug, Clone)]
pub struct Availability {
    /// The client's host name.
    pub(super) client: String,
    /// Its own store could be asked.
    pub is_known: bool,
    settings: Settings,
    absent: HashSet<String>,
    /// In the order of the client's settings.
    pub(super) stores: Vec<Store>,
}

/// What a cache has of them.
#[derive(Debug, Clone)]
pub struct Store {
    /// The substituter, without a password.
    pub(super) url: String,
    /// The name for people: where it is.
    pub(super) name: String,
    absent: HashSet<String>,
    /// The names of the keys that signed a path; `ca`: it needs none.
    signers: HashMap<String, Vec<String>>,
    /// Why it was not asked.
    pub(super) error: Option<String>,
}

/// What the machine of a cache has under the names of some paths.
#[derive(Debug, Clone)]
pub struct CacheNames {
    /// Its host name.
    pub(super) name: String,
    /// What it builds for.
    pub(super) systems: Vec<String>,
    paths: Vec<String>,
}

impl Availability {
    /// Reads what the script printed.
    pub fn read(transcript: &Transcript) -> Self {
        let parts = transcript.parts("store");
        Self {
            client: name_of(transcript, "the client"),
            is_known: transcript.get("here").is_some_and(Answer::is_success),
            settings: Settings::read(transcript.get("settings")),
            absent: transcript.output("here").iter().cloned().collect(),
            stores: parts.iter().filter_map(Store::read).collect(),
        }
    }

    pub(super) fn is_here(&self, path: &str) -> bool {
        !self.absent.contains(path)
    }

    /// True if a cache has the path, and the client would take it.
    pub(super) fn accepts(&self, store: &Store, path: &str) -> bool {
        let trusted = self.settings.words("trusted-public-keys");
        let is_trusted = |name: &String| {
            name == "ca"
                || trusted
                    .iter()
                    .any(|key| key.split(':').next() == Some(name))
        };
        let is_lax = self.settings.is_off("require-sigs") || store.url.contains("trusted=1");
        let signers = store.signers.get(path).map_or(&[][..], Vec::as_slice);
        !self.settings.is_off("substitute")
            && store.has(path)
            && (is_lax || signers.iter().any(is_trusted))
    }

    pub(super) fn always_substitutes(&self) -> bool {
        self.settings.words("always-allow-substitutes") == ["true"]
    }
}

impl Store {
    fn read(part: &Transcript) -> Option<Self> {
        let url = part.get("store")?.first()?.to_owned();
        let absent = part.get("absent")?;
        let failed = (!absent.is_success()).then(|| {
            let line = absent
                .error_with(&["error"])
                .unwrap_or("it printed nothing");
            line.to_owned()
        });
        Some(Self {
            name: place(&url).to_owned(),
            url,
            absent: absent.output.iter().cloned().collect(),
            signers: part
                .output("signed")
                .iter()
                .filter_map(|line| signed(line))
                .collect(),
            error: failed,
        })
    }

    pub(super) fn has(&self, path: &str) -> bool {
        self.error.is_none() && !self.absent.contains(path)
    }
}

impl CacheNames {
    /// Reads what the script printed.
    pub fn read(transcript: &Transcript) -> Self {
        let settings = Settings::read(transcript.get("settings"));
        let systems = ["system", "extra-platforms"].into_iter();
        let systems = systems.flat_map(|name| settings.words(name));
        Self {
            name: name_of(transcript, "the cache"),
            systems: systems.map(str::to_owned).collect(),
            paths: transcript.output("names").to_vec(),
        }
    }

    pub(super) fn builds(&self, system: &str) -> bool {
        system == "builtin" || self.systems.is_empty() || self.systems.iter().any(|it| it == system)
    }

    /// Another path with the name of this one.
    pub(super) fn same_name(&self, path: &str) -> Option<&str> {
        let name = |path: &str| path.split_once('-').map(|(_, name)| name.to_owned());
        let wanted = name(path)?;
        let mut all = self.paths.iter().map(String::as_str);
        all.find(|it| name(it).as_ref() == Some(&wanted) && *it != path)
    }
}

fn name_of(transcript: &Transcript, otherwise: &str) -> String {
    let name = transcript.output("who").get(1).cloned();
    name.unwrap_or_else(|| otherwise.to_owned())
}

/// The host of a URL and what is behind it, without a user.
fn place(url: &str) -> &str {
    let base = url.split('?').next().unwrap_or(url);
    let behind = base.split_once("://").map_or(base, |(_, it)| it);
    behind.rsplit_once('@').map_or(behind, |(_, it)| it)
}

/// `PATH [ultimate] [ca:…] NAME:SIGNATURE…`
fn signed(line: &str) -> Option<(String, Vec<String>)> {
    let mut words = line.split_whitespace();
    let path = words.next()?.to_owned();
    let names = words.filter_map(|word| word.split_once(':'));
    Some((path, names.map(|(name, _)| name.to_owned()).collect()))
}
