//! `rotate` alone: which keys are being changed, since when, and for whom each of them waits.

use serde::Serialize;

use super::evidence::{self, Statement, Verdict};
use super::machine_key;
use super::requirement;
use super::since::Since;
use super::target::Target;
use crate::command::Ask;
use crate::diagnostic::Stop;
use crate::fleet::{Fleet, HostName, KeyKind, Rotation, Stage};
use crate::project::Project;
use crate::text::quoted_conjunction;

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
    /// The day of the first step; `None`: not committed yet, or older than git knows.
    since: Option<String>,
    /// Where the stage has to be in force before the next step. Whether it is, the
    /// repository does not know.
    waits_for: Vec<HostName>,
    /// Those of them where it is not, or where nobody knows; `None`: they were not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<Vec<Missing>>,
    command: String,
}

/// A machine where the step before is not in force, as far as is known.
#[derive(Debug, Serialize)]
struct Missing {
    host: HostName,
    /// `missing`, or `unknown`: it could not be asked.
    state: &'static str,
    why: String,
}

/// The keys that are being changed, as the inventory has it. `look_back` shows a search the
/// versions of the inventory, newest first; with `live` the machines are asked.
///
/// # Errors
/// When the inventory or git's history cannot be read, or the user breaks off.
pub fn report(
    project: &Project,
    look_back: &dyn Fn(&mut Since) -> Result<(), Stop>,
    mut live: Option<&mut dyn Ask>,
) -> Result<Report, Stop> {
    let fleet = project.fleet()?;
    let all = fleet.rotations();
    let mut since = Since::of(&all);
    if !all.is_empty() {
        look_back(&mut since)?;
    }
    let mut rotations = Vec::new();
    for one in &all {
        let mut underway = underway(fleet, one, &since);
        if let (Some(ask), Some(target)) = (live.as_deref_mut(), target(fleet, one)) {
            underway.missing = Some(missing(fleet, &target, ask)?);
        }
        rotations.push(underway);
    }
    Ok(Report { rotations })
}

fn target(fleet: &Fleet, rotation: &Rotation) -> Option<Target> {
    let is_shared = rotation.kind == KeyKind::SharedIdentity;
    let kind = match rotation.kind {
        KeyKind::SharedIdentity => KeyKind::Identity,
        kind => kind,
    };
    Target::of(fleet, kind, &rotation.name, is_shared).ok()
}

fn underway(fleet: &Fleet, rotation: &Rotation, since: &Since) -> Underway {
    let needed = match (rotation.stage, target(fleet, rotation)) {
        (Stage::Pending, _) => vec![rotation.name.clone()],
        (_, Some(target)) => {
            let needed = requirement::needed(fleet, &target).into_iter();
            needed.map(|one| one.host).collect()
        }
        (_, None) => Vec::new(),
    };
    let mut waits_for: Vec<HostName> = needed;
    waits_for.sort();
    waits_for.dedup();
    Underway {
        kind: rotation.kind.to_string(),
        host: rotation.name.clone(),
        stage: word(rotation.stage),
        state: state(rotation).to_owned(),
        since: since.day(rotation).map(|day| day.to_string()),
        waits_for,
        missing: None,
        command: rotation.command(),
    }
}

/// The machines that lack what the next step needs: of a new key that nobody knows, the one
/// that makes it.
fn missing(fleet: &Fleet, target: &Target, ask: &mut dyn Ask) -> Result<Vec<Missing>, Stop> {
    if target.stage == Some(Stage::Pending) {
        let key = machine_key::fetch(fleet, target, ask)?;
        return Ok(key
            .err()
            .into_iter()
            .map(|why| without_key(target, why))
            .collect());
    }
    let found = evidence::statements(fleet, target, ask)?;
    Ok(found.iter().filter_map(of_statement).collect())
}

fn without_key(target: &Target, why: String) -> Missing {
    Missing {
        host: target.name.clone(),
        state: "unknown",
        why,
    }
}

fn of_statement(statement: &Statement) -> Option<Missing> {
    let (state, why) = match &statement.verdict {
        Verdict::InForce => return None,
        Verdict::Missing(why) => ("missing", why),
        Verdict::Unknown(why) => ("unknown", why),
    };
    Some(Missing {
        host: statement.host.clone(),
        state,
        why: why.clone(),
    })
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
            "clients trust the new one alone, and the cache signs with both"
        }
        (KeyKind::SharedIdentity, _) => "the cache lets both in, and the clients get the new one",
        (_, Stage::Pending) => "the machine makes the new one beside the old one",
        (_, Stage::Known) => "the machine uses the old one, and the others know both",
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
        let mut lines = vec![format!("{} of {}: {}", self.kind, self.host, self.state)];
        lines.extend(self.since.iter().map(|since| format!("  since {since}")));
        match self.missing.as_deref() {
            Some([]) => lines.push("  in force everywhere".to_owned()),
            Some(missing) => {
                let line = |one: &Missing| format!("  `{}` {}", one.host, one.why);
                lines.extend(missing.iter().map(line));
            }
            None if self.waits_for.is_empty() => {}
            None => {
                let hosts = quoted_conjunction(&self.waits_for);
                lines.push(format!("  has to be in force on {hosts}"));
            }
        }
        lines.push(format!("  then `{}`\n", self.command));
        lines.join("\n")
    }
}
