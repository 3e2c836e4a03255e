//! A private key among the arguments is refused before anything repeats it.

use std::ffi::OsString;

use crate::diagnostic::{Diagnostic, Stop};
use crate::key::{looks_private, might_be_private};

/// Refuses arguments of which one is a private key: usage errors would print it.
///
/// # Errors
/// When one is.
pub(super) fn refuse_secrets(args: &[OsString]) -> Result<(), Stop> {
    let texts = args.iter().map(|arg| arg.to_string_lossy());
    let secret = texts.into_iter().find(|text| might_be_private(text));
    let Some(secret) = secret else {
        return Ok(());
    };
    let kind = looks_private(&secret).map_or("a private key", |kind| kind.words());
    let message = format!("an argument holds {kind}; only public keys are given to larder");
    Err(Diagnostic::error("secret-argument", message)
        .help("give the public half: the `.pub` or `.public` file beside it")
        .help("command lines are kept by shells and seen by other users: replace this key")
        .into())
}
