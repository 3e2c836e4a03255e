//! A client's way to one cache over http(s), as the client shows it.

use super::dialogue::Dialogue;
use super::transcript::{Answer, Transcript};

/// A substituter over http(s), and how it answers when it is asked anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Web {
    /// The substituter as in the settings of Nix, without a password.
    pub url: String,
    /// The file `nix-cache-info`, downloaded.
    pub(super) info: Option<Answer>,
    /// What Nix says of the whole, where that file could not be downloaded.
    pub(super) store: Option<Answer>,
    /// How far a connection comes.
    pub(super) greeting: Dialogue,
    /// The netrc file, and what it has for the host.
    netrc: Vec<String>,
    /// The unit that holds the connection behind it, and the last lines of that; empty: it is
    /// no tunnel, or one that works.
    pub(super) tunnel: Vec<String>,
    /// A small path of the client that the cache has as well.
    pub sample: Option<String>,
    /// It has the path that was asked for.
    pub has_path: bool,
}

impl Web {
    /// The caches over http(s) of a client.
    pub(super) fn all(transcript: &Transcript) -> Vec<Self> {
        let parts = transcript.parts("web");
        parts.iter().filter_map(Self::read).collect()
    }

    fn read(part: &Transcript) -> Option<Self> {
        let get = |name: &str| part.get(name).cloned();
        let errors = ["webinfo", "dial"]
            .into_iter()
            .filter_map(|name| part.get(name));
        Some(Self {
            url: part.get("web")?.first()?.to_owned(),
            info: get("webinfo"),
            store: get("store"),
            greeting: Dialogue::of(errors),
            netrc: part.output("netrc").to_vec(),
            tunnel: part.output("tunnel").to_vec(),
            sample: part.output("sample").first().cloned(),
            has_path: part.get("has").is_some_and(Answer::is_success),
        })
    }

    /// The URL without its parameters.
    pub(super) fn base(&self) -> &str {
        let base = self.url.split('?').next().unwrap_or(&self.url);
        base.trim_end_matches('/')
    }

    /// The name for people: the host, and a folder behind it.
    pub fn name(&self) -> &str {
        let behind = self
            .base()
            .split_once("://")
            .map_or(self.base(), |(_, it)| it);
        behind.rsplit_once('@').map_or(behind, |(_, it)| it)
    }

    /// The host and its port, as programs take them.
    pub(super) fn authority(&self) -> String {
        let authority = self.name().split('/').next().unwrap_or_default();
        if authority == self.host() {
            let port = if self.url.starts_with("https:") {
                443
            } else {
                80
            };
            return format!("{authority}:{port}");
        }
        authority.to_owned()
    }

    /// The host.
    pub(super) fn host(&self) -> &str {
        let authority = self.name().split('/').next().unwrap_or_default();
        match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => authority,
        }
    }

    /// True if it can be read: `nix-cache-info` is there, or Nix has a certificate for it.
    pub(super) fn answers(&self) -> bool {
        let answers = [self.info.as_ref(), self.store.as_ref()];
        answers.into_iter().flatten().any(Answer::is_success)
    }

    /// What the netrc file has for the host: `none`, `entry`, `no-login`, `no-password`,
    /// `missing`, `unread`; and the file.
    pub(super) fn netrc(&self) -> Option<(&str, &str)> {
        Some((self.netrc.first()?, self.netrc.get(1)?))
    }
}
