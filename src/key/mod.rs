//! Keys: public keys as values, and private keys that can only be written to their file.
//!
//! * [`PublicKey`], [`PrivateKey`]: OpenSSH. [`SigningPublicKey`],
//!   [`SigningSecret`]: the keys with which Nix signs store paths.
//! * [`AuthorizedKey`]: one line of an `authorized_keys` file.
//! * [`PastedKey`]: a public key in any form that users paste.
//! * [`looks_private`]: finds a private key in a text.
//!
//! A key is checked when it is parsed: OpenSSH and Nix accept every value of these types.
//! No error repeats the text that was parsed: it may be a private key.
//!
//! Absent on purpose: `Display`, `Debug` and `Clone` of secrets, and any source of
//! randomness (seeds are arguments, so nothing here has effects).

mod authorized;
mod error;
mod half;
mod pasted;
mod private;
mod public;
mod secret;
mod signing;
mod split;
mod wire;

pub use authorized::AuthorizedKey;
pub use error::KeyError;
pub use half::public_half;
pub use pasted::{PastedKey, names_before_keys};
pub use private::PrivateKey;
pub use public::{Algorithm, PublicKey};
pub use secret::{
    PrivateKind, concealed_in_place, is_only_a_key, leaked_key, looks_private, might_be_private,
    without_private_keys,
};
pub use signing::{SigningPublicKey, SigningSecret};
