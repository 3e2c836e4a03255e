//! Keys: public halves as values, private halves as things that can only be
//! written to their file.
//!
//! * [`PublicKey`], [`PrivateKey`]: OpenSSH. [`SigningPublicKey`],
//!   [`SigningSecret`]: the keys with which Nix signs store paths.
//! * [`AuthorizedKey`]: one line of a file of that name.
//! * [`PastedKey`]: a public key in any form that people have at hand.
//! * [`looks_private`]: is there a real private key in this text?
//!
//! What a key holds is checked when it is made: a value of these types can be
//! handed to OpenSSH and Nix as it is. No error repeats the text that it is
//! about, because that text may be a private key in the wrong place.
//!
//! Absent on purpose: `Display`, `Debug` and `Clone` of secrets, and any source
//! of randomness (seeds are arguments, so nothing here has effects).

mod authorized;
mod error;
mod pasted;
mod private;
mod public;
mod secret;
mod signing;
mod split;
mod wire;

pub use authorized::AuthorizedKey;
pub use error::KeyError;
pub use pasted::PastedKey;
pub use private::PrivateKey;
pub use public::PublicKey;
pub use secret::{PrivateKind, looks_private, might_be_private};
pub use signing::{SigningPublicKey, SigningSecret};
