//! `rotate` alone: which keys are being changed, and for whom each of them waits.

use serde::Serialize;

use super::evidence;
use super::target::Target;
use crate::diagnostic::Stop;
use crate::fleet::{Fleet, HostName, KeyKind, Rotation, Stage};
use crate::project::Project;

/// The keys that are being changed.
#[derive(Debug, Serialize)]
pub struct Report {
    rotations: Vec<Underway>,
}

/// One key.
#[derive(Debug, Serialize)]
struct Underway {
    kind: String,
    host: HostName,
    stage: &'static str,
    /// What the machines do at this stage.
    state: String,
    /// Where the stage has to be in force before the next step. Whether it is, the
    /// repository does not know.
    waits_for: Vec<HostName>,
    command: String,
}

/// The keys that are being changed, as the inventory has it.
///
/// # Errors
/// When the inventory cannot be read.
pub fn report(project: &Project) -> Result<Report, Stop> {
    let fleet = project.fleet()?;
    let rotations = fleet.rotations();
    Ok(Report {
        rotations: rotations.iter().map(|one| underway(fleet, one)).collect(),
    })
}

fn underway(fleet: &Fleet, rotation: &Rotation) -> Underway {
    let is_shared = rotation.kind == KeyKind::SharedIdentity;
    let kind = match rotation.kind {
        KeyKind::SharedIdentity => KeyKind::Identity,
        kind => kind,
    };
    let target = Target::of(fleet, kind, &rotation.name, is_shared).ok();
    let needed = target.map_or_else(Vec::new, |target| evidence::needed(fleet, &target));
    let mut waits_for: Vec<HostName> = needed.into_iter().map(|one| one.host).collect();
    waits_for.sort();
    waits_for.dedup();
    Underway {
        kind: rotation.kind.to_string(),
        host: rotation.name.clone(),
        stage: word(rotation.stage),
        state: state(rotation).to_owned(),
        waits_for,
        command: rotation.command(),
    }
}

fn word(stage: Stage) -> &'static str {
    match stage {
        Stage::Pending => "pending",
        Stage::Known => "known",
        Stage::InUse => "in-use",
    }
}

fn state(rotation: &Rotation) -> &'static str {
    match (rotation.kind, rotation.stage) {
        (KeyKind::Signing, Stage::Pending) => "the cache makes the new one and signs with both",
        (KeyKind::Signing, Stage::Known) => "clients trust both, and the cache signs with both",
        (KeyKind::Signing, Stage::InUse) => {
            "clients trust the new one, and the cache signs with both"
        }
        (_, Stage::Pending) => "the machine makes the new one",
        (_, Stage::Known) => "the others know both",
        (_, Stage::InUse) => "the machine uses the new one, and the others know both",
    }
}

impl Report {
    /// True if nothing is under way.
    pub fn is_empty(&self) -> bool {
        self.rotations.is_empty()
    }

    /// A paragraph for each key.
    pub fn text(&self) -> String {
        if self.is_empty() {
            return "no key is being changed\n".to_owned();
        }
        let paragraphs: Vec<String> = self.rotations.iter().map(Underway::text).collect();
        paragraphs.join("\n")
    }
}

impl Underway {
    fn text(&self) -> String {
        let names: Vec<&str> = self.waits_for.iter().map(HostName::as_str).collect();
        let waits_for = match names.as_slice() {
            [] => String::new(),
            names => format!("  to be in force on {}\n", names.join(", ")),
        };
        let Self {
            kind,
            host,
            state,
            command,
            ..
        } = self;
        format!("{kind} of {host}: {state}\n{waits_for}  then `{command}`\n")
    }
}
