//! The stages of a fetch, in the order in which they can fail.

/// One stage. What comes after a broken one cannot be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// The client's settings of Nix.
    Settings,
    /// The client's settings of ssh.
    Ssh,
    /// The address of the cache's name.
    Name,
    /// The connection to the cache's port.
    Connection,
    /// The first line of the cache's sshd.
    Greeting,
    /// The cache's host key.
    HostKey,
    /// The client's private key.
    Identity,
    /// The login.
    Login,
    /// What the client remembers of earlier failures: by now their cause is gone.
    Memory,
    /// The program that the cache runs after the login.
    Command,
    /// The path on the cache.
    Path,
    /// The signature of the path.
    Signature,
    /// The copy into the client's store.
    Fetch,
    /// The same without the signature, which must fail.
    Control,
}

impl Stage {
    /// Every stage, in order.
    pub(super) const ALL: [Self; 14] = [
        Self::Settings,
        Self::Ssh,
        Self::Name,
        Self::Connection,
        Self::Greeting,
        Self::HostKey,
        Self::Identity,
        Self::Login,
        Self::Memory,
        Self::Command,
        Self::Path,
        Self::Signature,
        Self::Fetch,
        Self::Control,
    ];

    /// The word for it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Settings => "settings of Nix",
            Self::Ssh => "settings of ssh",
            Self::Name => "name",
            Self::Connection => "connection",
            Self::Greeting => "greeting",
            Self::Memory => "memory",
            Self::HostKey => "host key",
            Self::Identity => "identity",
            Self::Login => "login",
            Self::Command => "command",
            Self::Path => "path",
            Self::Signature => "signature",
            Self::Fetch => "fetch",
            Self::Control => "control",
        }
    }

    /// True if a cache over http(s) has such a stage.
    pub(super) fn is_of_web(self) -> bool {
        !matches!(
            self,
            Self::Ssh | Self::HostKey | Self::Identity | Self::Memory | Self::Command
        )
    }

    /// The stages behind it.
    pub(super) fn later(self) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |stage| *stage > self)
    }
}
