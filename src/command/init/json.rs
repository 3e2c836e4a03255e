//! What `init --dry-run --json` prints: the hosts and what is left to ask.

use serde::Serialize;

use super::hosts::is_settled;
use crate::diagnostic::Diagnostic;
use crate::flake::{Discovery, FoundHost};
use crate::repo::Repo;

/// The report.
#[derive(Debug, Serialize)]
pub struct Report {
    hosts: Vec<HostReport>,
    /// What discovery is not sure of, and what helps.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<NoteReport>,
}

#[derive(Debug, Serialize)]
struct NoteReport {
    message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    help: Vec<String>,
}

#[derive(Debug, Serialize)]
struct HostReport {
    name: String,
    module: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    within: Option<String>,
    system: Option<String>,
    shape: &'static str,
    how: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    confirm: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    candidates: Vec<String>,
}

/// The report of what was found, and whether nothing is left to ask.
pub fn report(repo: &Repo, found: Discovery) -> (Report, bool) {
    let settled = found.is_followed() && found.hosts.iter().all(is_settled);
    let report = Report {
        hosts: found.hosts.into_iter().map(|host| of(repo, host)).collect(),
        notes: found.notes.into_iter().map(note).collect(),
    };
    (report, settled)
}

fn note(note: Diagnostic) -> NoteReport {
    NoteReport {
        message: note.message,
        help: note.help,
    }
}

fn of(repo: &Repo, host: FoundHost) -> HostReport {
    HostReport {
        name: host.name,
        module: host.module.map(|path| repo.shown(&path)),
        within: host.within,
        system: host.system,
        shape: host.shape,
        how: host.how,
        confirm: host.confirm,
        candidates: host
            .candidates
            .iter()
            .map(|path| repo.shown(path))
            .collect(),
    }
}
