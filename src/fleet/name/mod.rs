//! Names that check themselves: a value of these types can stand in Nix, in
//! `ssh_config`, in known hosts and in a store URL without meaning anything else.

mod address;
mod host;
mod jump;
mod path;
mod system;
mod url;

pub use address::Address;
pub use host::{HostName, Tag};
pub use jump::{Hop, ProxyJump};
pub use path::{AbsolutePath, check_module_path};
pub use system::System;
pub use url::{CacheUrl, UrlScheme, has_param, host_behind_login, may_have_login, store_of};

/// Why a text is not the name that was asked for: a phrase to follow the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing there.
    #[error("{0} cannot be empty")]
    Empty(&'static str),
    /// A character that has no place in it.
    #[error("{what} has no {character:?} in it")]
    Character {
        /// What was asked for.
        what: &'static str,
        /// The first one that is wrong.
        character: char,
    },
    /// Longer than the world allows.
    #[error("{what} has at most {most} characters")]
    TooLong {
        /// What was asked for.
        what: &'static str,
        /// The limit.
        most: usize,
    },
    /// Characters that are allowed, in an order that is not.
    #[error("{0}")]
    Form(&'static str),
    /// No system that NixOS runs on.
    #[error("NixOS knows no such system; most are `x86_64-linux` or `aarch64-linux`")]
    UnknownSystem,
}

/// Makes a newtype over `String` a name: `FromStr`, `TryFrom<&str>`, `Display`
/// and a view as `&str`, over a function that checks.
macro_rules! checked_name {
    ($name:ident, $check:path) => {
        impl $name {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::fleet::NameError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $check(text)?;
                Ok(Self(text.to_owned()))
            }
        }

        impl TryFrom<&str> for $name {
            type Error = $crate::fleet::NameError;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::ops::Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }
    };
}
use checked_name;

/// The first character that `allowed` does not allow, as an error.
fn only(what: &'static str, text: &str, allowed: fn(char) -> bool) -> Result<(), NameError> {
    if text.is_empty() {
        return Err(NameError::Empty(what));
    }
    match text.chars().find(|&c| !allowed(c)) {
        Some(character) => Err(NameError::Character { what, character }),
        None => Ok(()),
    }
}
