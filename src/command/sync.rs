//! `sync`: the repository says what the inventory says.

use clap::Args;

use super::draft::{Draft, inventory_path};
use super::reconcile::{HandEdits, reconcile_all};
use super::{Ask, Verb};
use crate::diagnostic::{Source, Stop};
use crate::fleet::{self, Fleet, INVENTORY};
use crate::plan::{Change, Plan};
use crate::repo::Repo;

/// Make the repository say what the inventory says
///
/// After you have edited `larder.toml`: writes the owned modules and imports that
/// it asks for, and takes your edit along in the same commit. When everything is
/// as it should be, nothing is written and no commit is made.
#[derive(Debug, Args)]
pub struct Sync {
    /// Only look: exit 1 if something would change
    #[arg(long)]
    pub check: bool,
    /// Write over owned modules that were edited by hand
    #[arg(long)]
    overwrite: bool,
}

/// `sync` with no question left open.
#[derive(Debug)]
pub struct Request {
    /// The inventory that the present owned modules were made from.
    old: Fleet,
    hand_edits: HandEdits,
    /// The inventory on the disk is not the committed one.
    inventory_edited: bool,
}

impl Verb for Sync {
    type Request = Request;

    const NAME: &'static str = "sync";

    fn complete(self, fleet: &Fleet, repo: &Repo, ask: &mut dyn Ask) -> Result<Request, Stop> {
        let committed = ask.committed(&inventory_path(repo))?;
        let inventory_edited = committed.as_deref() != Some(&*fleet.source.text);
        // An inventory that did not parse when it was committed made nothing.
        let old = committed.and_then(|text| fleet::read(&Source::new(INVENTORY, text)).ok());
        Ok(Request {
            old: old.unwrap_or_else(|| fleet.clone()),
            hand_edits: if self.overwrite {
                HandEdits::Overwrite
            } else {
                HandEdits::Refuse
            },
            inventory_edited,
        })
    }

    fn plan(fleet: &Fleet, repo: &Repo, request: &Request) -> Result<Plan, Stop> {
        let mut draft = Draft::of(repo);
        reconcile_all(&mut draft, &request.old, fleet, request.hand_edits)?;
        let mut plan = draft.finish("larder: sync with the inventory");
        if request.inventory_edited {
            let text = fleet.source.text.clone();
            let as_it_is = Change::Edit {
                before: text.clone(),
                after: text,
            };
            plan.changes.push((inventory_path(repo), as_it_is));
            plan.along.push(inventory_path(repo));
        }
        Ok(plan)
    }
}
