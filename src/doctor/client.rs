//! A client: its settings of Nix, and its routes to caches.

use super::route::Route;
use super::settings::Settings;
use super::transcript::Transcript;
use super::web::Web;

/// What a client shows without a login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Its host name.
    pub name: String,
    /// Root has looked: nothing is hidden.
    pub is_root: bool,
    /// The version of Nix; `None`: there is no Nix.
    pub nix: Option<String>,
    /// The settings of Nix.
    pub(super) settings: Settings,
    /// Its substituters over ssh.
    pub routes: Vec<Route>,
    /// Its substituters over http(s).
    pub webs: Vec<Web>,
    /// The substituters of the user's own settings that its daemon does not take from them.
    pub ignored: Vec<String>,
    /// What its connector remembers.
    pub(super) memory: Vec<Remembered>,
    /// How many KiB are free in its store.
    pub(super) free: Option<u64>,
}

/// A file in which the connector has noted that a cache is away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// How old it is, in seconds.
    pub(super) age: u64,
    /// Its path, which has the cache's name or address in its last part.
    pub(super) file: String,
    /// Why it gave up, where it says so.
    pub(super) reason: String,
}

impl Remembered {
    fn is_of(&self, route: &Route) -> bool {
        let name = self.file.rsplit('/').next().unwrap_or(&self.file);
        let Some(rest) = name.strip_prefix("larder-down-") else {
            return false;
        };
        let alias = route
            .ssh("hostkeyalias")
            .and_then(|it| it.strip_prefix("larder-"));
        let names = [alias, Some(route.host()), Some(route.address())];
        let is_it = |name: &str| {
            let behind = rest.strip_prefix(name);
            behind.is_some_and(|behind| behind.is_empty() || behind.starts_with('-'))
        };
        names.into_iter().flatten().any(is_it)
    }
}

/// How long a connector remembers, in seconds.
const MEMORY: u64 = 60;

impl Client {
    /// Reads what `look` printed.
    pub fn read(transcript: &Transcript) -> Self {
        let who = transcript.output("who");
        let at = |number: usize| who.get(number).cloned();
        Self {
            name: at(1).unwrap_or_else(|| "the client".to_owned()),
            is_root: at(0).as_deref() == Some("0"),
            nix: at(2),
            settings: Settings::read(transcript.get("settings")),
            routes: Route::all(transcript),
            webs: Web::all(transcript),
            ignored: transcript.output("ignored").to_vec(),
            memory: transcript
                .output("memory")
                .iter()
                .filter_map(|line| remembered(line))
                .collect(),
            free: free_space(transcript.output("space")),
        }
    }

    /// The file in which it notes that this cache is away, while that still counts.
    pub(super) fn remembers(&self, route: &Route) -> Option<&Remembered> {
        let mut notes = self.memory.iter();
        notes.find(|note| note.age < MEMORY && note.is_of(route))
    }

    /// The signing keys that it trusts, in order.
    pub(super) fn trusted_keys(&self) -> Vec<&str> {
        self.settings.words("trusted-public-keys")
    }
}

/// `AGE FILE SINCE REASON`
fn remembered(line: &str) -> Option<Remembered> {
    let mut words = line.splitn(4, ' ');
    Some(Remembered {
        age: words.next()?.parse().ok()?,
        file: words.next()?.to_owned(),
        reason: words.nth(1).unwrap_or_default().to_owned(),
    })
}

/// The fourth column of `df -Pk`.
pub(super) fn free_space(lines: &[String]) -> Option<u64> {
    let line = lines.get(1)?;
    line.split_whitespace().nth(3)?.parse().ok()
}
