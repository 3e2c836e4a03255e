//! The name that a machine gets.

use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{HostName, NameError};

/// The longest part of a name of the network, and of `networking.hostName`.
const MAX_LENGTH: usize = 63;

/// A typed name that a machine can have.
///
/// # Errors
/// When it is none.
pub(super) fn read(line: &str) -> Result<HostName, Stop> {
    let name: HostName = line.parse().map_err(|error: NameError| {
        Diagnostic::error("host-name-unusable", error.to_string()).about(line)
    })?;
    check(&name)?;
    Ok(name)
}

/// Refuses a name that `networking.hostName` does not take: the machine would not evaluate.
/// A flake may well have such hosts already.
///
/// # Errors
/// When it is such a name.
pub(super) fn check(name: &HostName) -> Result<(), Stop> {
    let text = name.as_str();
    let is_inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let ends_well = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let is_fine = text.len() <= MAX_LENGTH
        && text.chars().all(is_inner)
        && ends_well(text.chars().next())
        && ends_well(text.chars().next_back());
    if is_fine {
        return Ok(());
    }
    let message = format!("`networking.hostName` of a machine cannot be `{name}`");
    let refused = Diagnostic::error("host-name-unusable", message).about(text);
    let short = text.split('.').next().unwrap_or_default();
    let help = if text.contains('.') {
        format!("name it `{short}`; what follows the dot belongs to `networking.domain`")
    } else {
        format!("letters, digits and hyphens, {MAX_LENGTH} at most")
    };
    Err(refused.help(help).into())
}
