//! Answers that several verbs need: typed lines, names and paths.

use std::str::FromStr;

use super::{Ask, Question};
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{AbsolutePath, NameError, SecretFile};
use crate::nix::{AttrPath, AttrPathError};

/// A typed line that is a `T`, with a default.
pub(super) fn parsed_line_or<T>(
    ask: &mut dyn Ask,
    question: Question<'_>,
    default: Option<&str>,
) -> Result<T, Stop>
where
    T: FromStr,
    T::Err: std::fmt::Display,
{
    let valid = |line: &str| line.parse::<T>().map(drop).map_err(|e| e.to_string());
    let line = ask.line(question, default, &valid)?;
    line.parse().map_err(|_| question.unanswered())
}

/// A typed line of which `read` makes a `T`; a person is asked again until it does.
pub(super) fn asked<T>(
    ask: &mut dyn Ask,
    question: Question<'_>,
    read: impl Fn(&mut dyn Ask, &str) -> Result<T, Stop>,
) -> Result<T, Stop> {
    asked_or(ask, question, None, read)
}

/// As [`asked`], with a default.
pub(super) fn asked_or<T>(
    ask: &mut dyn Ask,
    question: Question<'_>,
    default: Option<&str>,
    read: impl Fn(&mut dyn Ask, &str) -> Result<T, Stop>,
) -> Result<T, Stop> {
    loop {
        let line = ask.line(question, default, &|_| Ok(()))?;
        match read(ask, &line) {
            Err(stop) if may_be_mended(ask, &stop) => ask.reject(stop.diagnostics())?,
            read => return read,
        }
    }
}

/// True if a person can answer once more: the answer was wrong, and the command not broken
/// off.
pub(super) fn may_be_mended(ask: &dyn Ask, stop: &Stop) -> bool {
    ask.has_person() && matches!(stop, Stop::Refused(_)) && !stop.has("cancelled")
}

/// A path on a host, as it will stand in its configuration.
pub(super) fn absolute_path(said: &str) -> Result<AbsolutePath, Stop> {
    said.parse().map_err(|error: NameError| {
        Diagnostic::error("path-unusable", error.to_string())
            .about(said)
            .into()
    })
}

/// The file of a private key on a host: a path, or a secret that a module declares.
pub(super) fn secret_file(said: &str) -> Result<SecretFile, Stop> {
    said.parse().map_err(|error: NameError| {
        Diagnostic::error("path-unusable", format!("`{said}`: {error}"))
            .about(said)
            .into()
    })
}

/// Where in a file a module is.
pub(super) fn attribute_path(said: &str) -> Result<AttrPath, Stop> {
    said.parse().map_err(|error: AttrPathError| {
        Diagnostic::error(
            "within-unusable",
            format!("`{said}` is not an attribute path: {error}"),
        )
        .about(said)
        .into()
    })
}
