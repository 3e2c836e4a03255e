//! One writing verb from its arguments to its commit.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::plan_view::PlanView;
use super::prove::Prover;
use super::{agreement, json, recorded, traced};
use crate::cli::{Exit, Global};
use crate::command::AfterInit;
use crate::command::Ask as _;
use crate::command::add_cache::AddCache;
use crate::command::init::{self, Init};
use crate::command::lint::Fix;
use crate::command::sync::Sync;
use crate::command::{Proof, Verb};
use crate::diagnostic::{Diagnostic, Stop};
use crate::flake::Discoveries;
use crate::fleet::INVENTORY;
use crate::io::ask::Terminal;
use crate::io::clock;
use crate::io::lock::Lock;
use crate::io::preflight::Finish;
use crate::io::screen::Screen;
use crate::io::trace;
use crate::io::workspace::Workspace;
use crate::plan::{Change, CheckedPlan, Findings, Plan, check};
use crate::project::{Afresh, Project};
use crate::repo::RepoPath;

/// The world in which a writing verb runs.
pub(super) struct Session<'a> {
    global: &'a Global,
    screen: &'a Screen,
    /// What is read again under the lock is mostly as it was.
    discoveries: Arc<Discoveries>,
}

/// How one verb differs in the common sequence.
struct Options {
    open: fn(&Path) -> Result<Workspace, Stop>,
    needs_inventory: bool,
    findings: Findings,
    /// Look only: changes needed are exit 1.
    check_only: bool,
    /// Commit what an earlier `--no-commit` has left, also where there is nothing else.
    commits_left: bool,
    /// Whether Nix judges the plan; `None`: it cannot be asked to.
    proof: Option<Proof>,
}

const DEFAULT: Options = Options {
    open: Workspace::open,
    needs_inventory: true,
    findings: Findings::NoneNew,
    check_only: false,
    commits_left: false,
    proof: None,
};

impl<'a> Session<'a> {
    pub(super) fn new(global: &'a Global, screen: &'a Screen) -> Self {
        Self {
            global,
            screen,
            discoveries: Arc::default(),
        }
    }

    /// The common sequence.
    pub(super) fn execute<V: Verb>(&self, verb: V, proof: Proof) -> Result<Exit, Stop> {
        let options = Options {
            proof: Some(proof),
            ..DEFAULT
        };
        self.execute_with(verb, &options)
    }

    /// The first cache may come before the inventory: then it is one change with `init`.
    pub(super) fn add_cache(&self, verb: AddCache, proof: Proof) -> Result<Exit, Stop> {
        if self.has_inventory() {
            return self.execute(verb, proof);
        }
        let options = Options {
            open: open_or_start,
            needs_inventory: false,
            proof: Some(proof),
            ..DEFAULT
        };
        self.execute_with(AfterInit::new(verb, proof.nix), &options)
    }

    /// `init` works without an inventory, and its report has a form of its own.
    pub(super) fn init(&self, verb: Init) -> Result<Exit, Stop> {
        if self.global.dry_run && self.global.json {
            return self.report_hosts(&verb);
        }
        let again = self.has_inventory();
        let options = Options {
            open: open_or_start,
            needs_inventory: again,
            findings: if again {
                Findings::NoneNew
            } else {
                Findings::NotCompared
            },
            ..DEFAULT
        };
        self.execute_with(verb, &options)
    }

    /// `sync --check` only looks.
    pub(super) fn sync(&self, verb: Sync, proof: Proof) -> Result<Exit, Stop> {
        let check_only = verb.check;
        self.execute_with(
            verb,
            &Options {
                check_only,
                commits_left: true,
                proof: Some(proof),
                ..DEFAULT
            },
        )
    }

    /// `lint --fix`; without an inventory as well.
    pub(super) fn fix(&self, needs_inventory: bool) -> Result<Exit, Stop> {
        let options = Options {
            needs_inventory,
            ..DEFAULT
        };
        self.execute_with(Fix, &options)
    }

    /// True if there is an inventory, be it right or not.
    fn has_inventory(&self) -> bool {
        let workspace = Workspace::open(&self.global.start());
        let has = workspace.and_then(|workspace| workspace.has(INVENTORY));
        has.unwrap_or(false)
    }

    fn report_hosts(&self, verb: &Init) -> Result<Exit, Stop> {
        let workspace = refuse_unfinished(Workspace::open(&self.global.start())?)?;
        let project = traced::project(workspace.repo()?, Arc::new(Afresh)).without_inventory();
        let mut ask = Terminal::new(self.global, &workspace);
        let found = verb.find(&project, &mut ask)?;
        let (report, settled) = init::report(project.repo(), found);
        self.screen.json(json::Stage::DryRun.word(), &report)?;
        Ok(if settled { Exit::Done } else { Exit::Findings })
    }

    fn execute_with<V: Verb>(&self, verb: V, options: &Options) -> Result<Exit, Stop> {
        let load = || {
            let (workspace, lock) = self.open(options)?;
            let project = self.project(&workspace, options)?;
            Ok::<_, Stop>((workspace, lock, project))
        };
        let (workspace, lock, project) = trace::phase("load", load)?;
        let mut ask = Terminal::new(self.global, &workspace);
        if ask.takes_offers() {
            self.refuse_early(&workspace, &project, verb.targets(&project), options)?;
        }
        let request = verb.complete(&project, &mut ask)?;
        let plan = self.checked::<V>(&workspace, &project, &request, options)?;
        let prover = self.prover(&workspace, &project, options);
        let plan = prover.judge(plan, &mut ask)?;
        if plan.plan().is_empty() {
            return self.view(&workspace).nothing_to_do(plan.plan());
        }
        if options.check_only {
            self.view(&workspace)
                .at(plan.plan(), json::Stage::Needed, &ask)?;
            return Ok(Exit::Findings);
        }
        if self.global.dry_run {
            self.view(&workspace)
                .at(plan.plan(), json::Stage::DryRun, &ask)?;
            return Ok(Exit::Done);
        }
        self.agree(&workspace, plan.plan(), &mut ask)?;
        let (lock, workspace, plan) = match lock {
            // It was read under the lock.
            Some(lock) => (lock, workspace, plan),
            None => self.again::<V>(&workspace, &plan, &request, options, &mut ask)?,
        };
        self.apply(&lock, &workspace, plan)
    }

    /// A writing verb first finishes or undoes what a killed one left behind.
    ///
    /// Where nobody is asked whether to write, the lock is held from here on: what
    /// is read is what is written on, however many run at once. A person may think
    /// for as long as they like, and keeps nobody waiting.
    fn open(&self, options: &Options) -> Result<(Workspace, Option<Lock>), Stop> {
        let workspace = (options.open)(&self.global.start())?;
        if self.global.dry_run || options.check_only {
            return Ok((refuse_unfinished(workspace)?, None));
        }
        if !self.global.yes && workspace.pending_recovery().is_none() {
            return Ok((workspace, None));
        }
        let lock = workspace.lock(self.timeout())?;
        if let Some(note) = workspace.recover(&lock)? {
            self.screen.note(&note)?;
        }
        let workspace = (options.open)(&self.global.start())?;
        Ok((workspace, self.global.yes.then_some(lock)))
    }

    fn project(&self, workspace: &Workspace, options: &Options) -> Result<Project, Stop> {
        let project = traced::project(workspace.repo()?, Arc::new(Afresh));
        let project = project.with_discoveries(self.discoveries.clone());
        Ok(if options.needs_inventory {
            project
        } else {
            project.without_inventory()
        })
    }

    /// What is refused whatever a person answers is refused before the first question.
    fn refuse_early(
        &self,
        workspace: &Workspace,
        project: &Project,
        targets: Vec<RepoPath>,
        options: &Options,
    ) -> Result<(), Stop> {
        let text = |path: &RepoPath| project.repo().text(path).ok().flatten();
        let as_it_is = |path: RepoPath| text(&path).map(|it| (path, Change::as_it_is(Some(it))));
        let plan = Plan {
            changes: targets.into_iter().filter_map(as_it_is).collect(),
            ..Plan::default()
        };
        let plan = self.with_left(plan, workspace, options)?;
        workspace.preflight(&plan, self.finish(workspace), &plan.may_be_uncommitted())
    }

    fn checked<V: Verb>(
        &self,
        workspace: &Workspace,
        project: &Project,
        request: &V::Request,
        options: &Options,
    ) -> Result<CheckedPlan, Stop> {
        let plan = trace::phase("plan", || V::plan(project, request))?;
        let plan = self.with_left(plan, workspace, options)?;
        trace::phase("check", || {
            // A merge that is under way explains what does not parse.
            let uncommitted = plan.may_be_uncommitted();
            workspace.preflight(&plan, self.finish(workspace), &uncommitted)?;
            check(plan, project, options.findings, Some(clock::today()))
        })
    }

    fn prover<'s>(
        &'s self,
        workspace: &'s Workspace,
        project: &'s Project,
        options: &Options,
    ) -> Prover<'s> {
        Prover {
            global: self.global,
            screen: self.screen,
            workspace,
            project,
            proof: options.proof,
            will_write: !self.global.dry_run && !options.check_only,
        }
    }

    /// The plan, with what an earlier `--no-commit` has left: what is committed now may
    /// need it.
    fn with_left(
        &self,
        mut plan: Plan,
        workspace: &Workspace,
        options: &Options,
    ) -> Result<Plan, Stop> {
        let has_commit = !plan.is_empty() || options.commits_left;
        if has_commit && !options.check_only && self.finish(workspace) == Finish::Commit {
            let left = workspace.left_uncommitted()?;
            plan.take_left(left.files, left.edited);
        }
        Ok(plan)
    }

    fn agree(
        &self,
        workspace: &Workspace,
        plan: &Plan,
        ask: &mut Terminal<'_>,
    ) -> Result<(), Stop> {
        if self.global.json && !self.global.yes {
            return Err(agreement::missing());
        }
        self.view(workspace).difference(plan, ask)?;
        if !self.global.yes && !ask.has_person() {
            return Err(agreement::missing());
        }
        if self.global.yes {
            return Ok(());
        }
        if agreement::ask_for(plan, self.finish(workspace), ask)? {
            return Ok(());
        }
        Err(Diagnostic::note("declined", "nothing was written").into())
    }

    /// Under the lock everything is read and planned once more; a plan that came
    /// out different is shown again.
    fn again<V: Verb>(
        &self,
        workspace: &Workspace,
        agreed: &CheckedPlan,
        request: &V::Request,
        options: &Options,
        ask: &mut Terminal<'_>,
    ) -> Result<(Lock, Workspace, CheckedPlan), Stop> {
        let lock = workspace.lock(self.timeout())?;
        // What git and the disk hold is only certain from here on.
        let reload = || {
            let workspace = (options.open)(&self.global.start())?;
            let project = self.project(&workspace, options)?;
            Ok::<_, Stop>((workspace, project))
        };
        let (workspace, project) = trace::phase("reload", reload)?;
        let mut plan = self.checked::<V>(&workspace, &project, request, options)?;
        if plan.plan().same_changes(agreed.plan()) {
            // What Nix said of it is still true.
            plan = plan.with_notes(agreed.plan().notes.clone());
        } else {
            self.screen
                .note("the repository has changed meanwhile; this is the new change")?;
            let prover = self.prover(&workspace, &project, options);
            plan = prover.judge(plan, ask)?;
            self.agree(&workspace, plan.plan(), ask)?;
        }
        Ok((lock, workspace, plan))
    }

    fn apply(&self, lock: &Lock, workspace: &Workspace, plan: CheckedPlan) -> Result<Exit, Stop> {
        let (finish, uncommitted) = (self.finish(workspace), plan.plan().may_be_uncommitted());
        let applied = workspace.apply(lock, plan.plan(), finish, &uncommitted)?;
        if finish == Finish::NoCommit && !workspace.is_jj() {
            // Without the note the user makes the next commit; the change itself is made.
            drop(workspace.note_uncommitted(plan.plan()));
        }
        let recorded = recorded::notes(workspace, plan.plan(), &applied).into_iter();
        let notes = recorded.chain(plan.plan().notes.iter().cloned()).collect();
        let plan = plan.with_notes(notes);
        if self.global.json {
            self.screen.git_output(&applied)?;
            let outcome = json::Outcome::applied(plan.plan(), &applied);
            self.screen.json(json::Stage::Applied.word(), &outcome)?;
        } else {
            self.screen.applied(plan.plan(), finish, &applied)?;
        }
        Ok(Exit::Done)
    }

    fn view(&self, workspace: &Workspace) -> PlanView<'_> {
        PlanView {
            global: self.global,
            screen: self.screen,
            finish: self.finish(workspace),
        }
    }

    fn finish(&self, workspace: &Workspace) -> Finish {
        if self.global.no_commit || workspace.is_jj() {
            Finish::NoCommit
        } else {
            Finish::Commit
        }
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(self.global.lock_timeout)
    }
}

/// Where there is no flake, `init` may start one.
fn open_or_start(start: &Path) -> Result<Workspace, Stop> {
    match Workspace::open(start) {
        Err(stop) if stop.has("no-flake") => Workspace::open_here(start),
        opened => opened,
    }
}

/// A command that only looks leaves the cleaning up to one that writes.
pub(super) fn refuse_unfinished(workspace: Workspace) -> Result<Workspace, Stop> {
    match workspace.pending_recovery() {
        Some(recovery) => Err(recovery.stop()),
        None => Ok(workspace),
    }
}
