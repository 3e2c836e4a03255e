//! `rotate`: a key takes the place of another one, in steps that nobody notices.
//!
//! Each call takes one step and makes one commit. Whether the step before is in force the
//! repository does not know: the machines are asked, or a person says so with `--sure`.

mod change;
mod cost;
mod evidence;
mod list;
mod machine_key;
mod managed;
mod outline;
mod requirement;
mod since;
mod target;

use clap::{Args, Subcommand};

use self::change::Change;
use self::target::Target;
use super::plan_builder::PlanBuilder;
use super::reconcile::reconcile;
use super::{Ask, LocalKey, Question, Verb, Writing, answers, left_keys, pasted_key, which};
use crate::diagnostic::Stop;
use crate::fleet::{Fleet, HostName, InventoryEditor, KeyKind, SecretFile, Stage};
use crate::key::PastedKey;
use crate::plan::Plan;
use crate::project::Project;
use crate::steps::{self, StepKind};

pub use self::list::report;
pub use self::since::Since;

/// Change a key in steps, so that nothing stops working
///
/// For a while there are two keys, the old one and the new one. Each call takes the next step,
/// makes one commit and says which machines have to be switched for it: the same command, until
/// only the new key is left. Before it goes on it asks the machines, by your own ssh, whether
/// they run the step before.
///
/// Without a key: list what is under way, and since when.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  larder rotate signing-key kalaw           begin, and go on
  larder rotate signing-key kalaw --sure    go on without asking the machines
  larder rotate host-key kalaw --abort      one step back
  larder rotate                             what is under way
  larder rotate --live                      and which machines it waits for"
)]
pub struct Rotate {
    /// Ask each machine whether it runs the step before
    #[arg(long)]
    pub live: bool,
    /// Which key; none: list what is under way
    #[command(subcommand)]
    pub action: Option<Action>,
}

/// The keys that can be changed.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Change the key with which a cache signs what it builds
    SigningKey(Writing<Step>),
    /// Change the SSH host key of a machine: its pin, its login and what it decrypts
    HostKey(Writing<Step>),
    /// Change the key with which a host, or all clients of a cache, log in
    Identity(Writing<Step>),
}

/// What is said of one step.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own on the command line"
)]
pub struct Step {
    /// The host or cache
    name: Option<HostName>,
    /// The new public key: the key itself, a file, or - [default: the one that the machine has
    /// made, fetched over ssh]
    #[arg(value_name = "KEY|FILE|-")]
    key: Option<String>,
    /// Go on without asking the machines whether the step before is in force
    #[arg(long, conflicts_with = "abort")]
    sure: bool,
    /// Take the last step back
    #[arg(long, conflicts_with_all = ["compromised", "new", "key", "file"])]
    abort: bool,
    /// The old key is in wrong hands: take it out of everything at once, whatever stops
    #[arg(long)]
    compromised: bool,
    /// The old key is gone, as after a new installation: this one takes its place at once
    #[arg(long, value_name = "KEY|FILE|-", conflicts_with = "key")]
    new: Option<String>,
    /// Where the secret half of the new signing key is, if you put it there: a path, or a
    /// secret [default with a secret: one named after the new key]
    #[arg(long, value_name = "PATH|SECRET")]
    file: Option<String>,
    /// With a host that has a login key of its own: the one that the clients of its cache share
    #[arg(long)]
    shared: bool,
}

/// One step, and of which key.
#[derive(Debug)]
pub struct RotateKey {
    kind: KeyKind,
    step: Step,
}

/// One step with no question left open.
#[derive(Debug)]
pub struct Request {
    target: Target,
    change: Change,
    file: Option<SecretFile>,
    local_keys: Vec<LocalKey>,
    /// What the machines said of the step before.
    proof: Option<String>,
    is_compromised: bool,
}

const WHICH: Question<'static> = Question {
    text: "whose key?",
    flag: "larder rotate signing-key|host-key|identity NAME",
    why: "The host or the cache whose key changes; each step is a commit of its own.",
};

impl Action {
    /// The step, and the flags by which Nix judges it.
    pub fn step(self) -> (RotateKey, crate::command::Proof) {
        let (kind, writing) = match self {
            Self::SigningKey(step) => (KeyKind::Signing, step),
            Self::HostKey(step) => (KeyKind::HostKey, step),
            Self::Identity(step) => (KeyKind::Identity, step),
        };
        let step = writing.verb;
        (RotateKey { kind, step }, writing.proof)
    }
}

impl Verb for RotateKey {
    type Request = Request;

    const NAME: &'static str = "rotate";

    fn complete(self, project: &Project, ask: &mut dyn Ask) -> Result<Request, Stop> {
        let fleet = project.fleet()?;
        let name = self.name(fleet, ask)?;
        let target = Target::of(fleet, self.kind, &name, self.step.shared)?;
        let change = self.change(fleet, &target, ask)?;
        let file = self.step.file.as_deref().map(answers::secret_file);
        let file = file.transpose()?;
        let file = file.or_else(|| managed::next_file(fleet, &target, &change));
        change.check(fleet, &target, file.as_ref())?;
        let proof = if change.needs_proof() && !self.step.sure {
            evidence::require(fleet, &target, ask)?
        } else {
            None
        };
        Ok(Request {
            target,
            is_compromised: self.step.compromised,
            proof,
            local_keys: left_keys::look(change.drops_old(), ask)?,
            change,
            file,
        })
    }

    fn plan(project: &Project, request: &Request) -> Result<Plan, Stop> {
        let (target, fleet) = (&request.target, project.fleet()?);
        target.refuse_if_moved(fleet)?;
        let mut builder = PlanBuilder::of(project);
        let mut inventory = InventoryEditor::of(fleet);
        request
            .change
            .apply(fleet, target, request.file.as_ref(), &mut inventory)?;
        let new = builder.write_inventory(inventory.text().to_owned())?;
        reconcile(&mut builder, fleet, &new)?;
        let mut plan = builder.finish(request.change.message(target));
        plan.notes.extend(request.proof.clone());
        let notes = outline::notes(
            project,
            fleet,
            target,
            &request.change,
            request.is_compromised,
        );
        plan.notes.extend(notes);
        let mut all = steps::between(fleet, &new, None);
        all.extend(request.change.steps(fleet, &new, target));
        if managed::is_there(project, &new, target) {
            all.retain(|step| step.action != StepKind::InstallKey);
        }
        if request.is_compromised {
            // Others may have signed what is there.
            all.retain(|step| step.action != StepKind::Sign);
        }
        plan.steps = steps::in_order(all);
        let local = &request.local_keys;
        plan.notes
            .extend(left_keys::note(project, local, fleet, &new));
        Ok(plan)
    }
}

impl RotateKey {
    fn name(&self, fleet: &Fleet, ask: &mut dyn Ask) -> Result<HostName, Stop> {
        let given = self.step.name.clone();
        if self.kind == KeyKind::Signing {
            return which::cache(fleet, given, WHICH, ask);
        }
        let changes = |name: &HostName| fleet.stage(self.kind, name).is_some();
        which::host(fleet, given, WHICH, |_| true, changes, ask)
    }

    fn change(&self, fleet: &Fleet, target: &Target, ask: &mut dyn Ask) -> Result<Change, Stop> {
        let step = &self.step;
        if let Some(new) = &step.new {
            return Ok(Change::Replace(read_key(fleet, target, ask, new)?));
        }
        let key = step
            .key
            .as_deref()
            .map(|key| read_key(fleet, target, ask, key));
        let key = key.transpose()?;
        if step.abort {
            return Ok(Change::Back);
        }
        if step.compromised {
            return Ok(match key.or_else(|| target.next_key(fleet)) {
                Some(key) => Change::Replace(key),
                None => Change::Withdraw,
            });
        }
        match (target.stage, key) {
            (None | Some(Stage::Pending), Some(key)) => Ok(Change::Know(key)),
            (None, None) if target.is_made => Ok(Change::Make),
            (Some(Stage::Pending), None) if target.is_made => {
                Ok(Change::Know(made_key(fleet, target, ask)?))
            }
            (None | Some(Stage::Pending), None) => {
                Ok(Change::Know(ask_for_key(fleet, target, ask)?))
            }
            (Some(Stage::Known | Stage::InUse), Some(_)) => Err(target.known_already()),
            (Some(Stage::Known), None) if target.has_use_step() => Ok(Change::Use),
            (Some(Stage::Known | Stage::InUse), None) => Ok(Change::Finish),
        }
    }
}

/// A key of the kind that is changed, and not the old one.
fn read_key(
    fleet: &Fleet,
    target: &Target,
    ask: &mut dyn Ask,
    given: &str,
) -> Result<PastedKey, Stop> {
    match target.kind {
        KeyKind::Signing => Ok(PastedKey::Signing(pasted_key::signing(ask, given)?)),
        KeyKind::HostKey => {
            let host = fleet.require_host(&target.name)?;
            Ok(PastedKey::Ssh(pasted_key::ssh_of(ask, given, host)?))
        }
        KeyKind::Identity | KeyKind::SharedIdentity => {
            Ok(PastedKey::Ssh(pasted_key::ssh(ask, given)?))
        }
    }
}

/// The key that the machine has made; where it cannot be fetched, a person is asked.
fn made_key(fleet: &Fleet, target: &Target, ask: &mut dyn Ask) -> Result<PastedKey, Stop> {
    match machine_key::fetch(fleet, target, ask)? {
        Ok(key) => Ok(key),
        Err(why) if ask.has_person() => {
            ask.say(&format!("`{}` {why}", target.name))?;
            ask_for_key(fleet, target, ask)
        }
        Err(why) => Err(target.not_fetched(fleet, &why)),
    }
}

fn ask_for_key(fleet: &Fleet, target: &Target, ask: &mut dyn Ask) -> Result<PastedKey, Stop> {
    let (kind, name) = (target.kind, &target.name);
    let how = managed::how_to_make(fleet, target);
    if !ask.has_person() {
        return Err(target.needs_key(how));
    }
    for line in how {
        ask.say(&line)?;
    }
    let question = Question {
        text: &format!("the new public {kind} of `{name}` (the key, or a file)"),
        flag: &format!("{} KEY|FILE", kind.command(name)),
        why: "The half that may be known. The secret half stays where it is.",
    };
    answers::asked(ask, question, |ask, line| {
        read_key(fleet, target, ask, line)
    })
}
