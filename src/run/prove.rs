//! `--eval` on a verb that writes: Nix judges the change before it is made.
//!
//! The work tree as the plan would leave it is laid out in a folder of its own. The user's
//! Nix evaluates the systems of the hosts that come to something else, and what it says is
//! compared with the inventory. What was wrong before is no fault of the plan.

use std::collections::BTreeSet;

use crate::cli::Global;
use crate::command::lint;
use crate::command::{Ask as _, Proof, Question};
use crate::diagnostic::{Diagnostic, Severity, Stop};
use crate::fleet::HostName;
use crate::io::ask::Terminal;
use crate::io::clock;
use crate::io::nix_cli::NixCli;
use crate::io::screen::Screen;
use crate::io::trace;
use crate::io::workspace::Workspace;
use crate::lint::{Answer, Finding, affected, new_since};
use crate::plan::{CheckedPlan, change_set};
use crate::project::Project;

/// Judges plans for one work tree.
pub(super) struct Prover<'a> {
    pub(super) global: &'a Global,
    pub(super) screen: &'a Screen,
    pub(super) workspace: &'a Workspace,
    pub(super) project: &'a Project,
    /// `None`: Nix cannot be asked to.
    pub(super) proof: Option<Proof>,
    /// Something will be written, so a person may be offered that Nix judges it first.
    pub(super) will_write: bool,
}

const OFFER: Question<'static> = Question {
    text: "the files leave a doubt; let Nix judge the change first?",
    flag: "--eval",
    why: "lint warns of something that only an evaluation can decide. Nothing is built and nothing is written by it.",
};

impl Prover<'_> {
    /// The plan, judged by Nix where that was asked for, or where the files leave a doubt
    /// and a person takes the offer.
    ///
    /// # Errors
    /// New errors that Nix finds; that it cannot be asked, if it was to be asked.
    pub(super) fn judge(
        &self,
        plan: CheckedPlan,
        ask: &mut Terminal<'_>,
    ) -> Result<CheckedPlan, Stop> {
        let Some(proof) = self.proof else {
            return Ok(plan);
        };
        if proof.nix.eval {
            return trace::phase("prove", || self.prove(plan, proof));
        }
        let can_ask = self.will_write && ask.has_person() && ask.takes_offers() && ask.has_nix();
        if !plan.is_uncertain() || !can_ask || !ask.confirm(OFFER, true)? {
            return Ok(plan);
        }
        match trace::phase("prove", || self.prove(plan.clone(), proof)) {
            Err(Stop::Fault(why)) => {
                let said = format!("Nix cannot say: {}", why.message);
                self.screen.status(&said)?;
                Ok(plan)
            }
            judged => judged,
        }
    }

    /// The plan, if Nix finds no error that is new with it, or that is to count for
    /// nothing. New warnings become notes.
    fn prove(&self, plan: CheckedPlan, proof: Proof) -> Result<CheckedPlan, Stop> {
        let next = self.project.with(plan.plan().file_states());
        let hosts = self.affected(&next, &plan)?;
        if hosts.is_empty() {
            return Ok(plan);
        }
        let new = self.what_is_new(&next, &plan, &hosts, proof)?;
        let (errors, warnings): (Vec<_>, Vec<_>) = new
            .findings
            .into_iter()
            .partition(|finding| finding.severity() == Severity::Error);
        if !errors.is_empty() && !proof.force_eval {
            return Err(refused(errors));
        }
        self.screen.progress(&said(&hosts, &new.failed));
        let known = plan.plan().notes.len();
        let plan = plan.with_warnings(errors.into_iter().chain(warnings).collect());
        let notes = plan.plan().notes.iter().cloned();
        let notes: Vec<String> = notes.chain(new.warnings).collect();
        if !self.global.yes && self.will_write {
            // Whoever is asked whether to write knows it by then.
            for note in &notes[known..] {
                self.screen.status(&format!("warning: {note}"))?;
            }
        }
        Ok(plan.with_notes(notes))
    }

    fn affected<'n>(
        &self,
        next: &'n Project,
        plan: &CheckedPlan,
    ) -> Result<Vec<&'n HostName>, Stop> {
        let changes = change_set(self.project, next, plan.plan())?;
        let (before, after, flake) = (self.project.fleet()?, next.fleet()?, next.flake()?);
        let defines = |host: &&HostName| {
            let mut hosts = flake.hosts.iter();
            hosts.any(|found| found.name == host.as_str()) || !flake.notes.is_empty()
        };
        let affected = affected(before, after, &changes).into_iter();
        Ok(affected.filter(defines).collect())
    }

    fn what_is_new(
        &self,
        next: &Project,
        plan: &CheckedPlan,
        hosts: &[&HostName],
        proof: Proof,
    ) -> Result<Judged, Stop> {
        let states = plan.plan().file_states();
        let copy = self.workspace.copy_with(next.repo(), &states)?;
        let nix = self.nix(proof)?.in_copy(copy.path(), self.workspace.dir());
        let after = self.judged(&nix, next, hosts)?;
        if after.findings.is_empty() && after.warnings.is_empty() {
            return Ok(after);
        }
        let known = self.project.fleet()?;
        let known = hosts.iter().filter(|host| known.hosts.contains_key(**host));
        let known: Vec<&HostName> = known.copied().collect();
        let before = self.judged(&self.nix(proof)?, self.project, &known)?;
        Ok(Judged {
            findings: new_since(&before.findings, after.findings),
            warnings: &after.warnings - &before.warnings,
            failed: after.failed,
        })
    }

    fn judged(&self, nix: &NixCli, project: &Project, hosts: &[&HostName]) -> Result<Judged, Stop> {
        let answers = nix.systems(hosts, &|line| self.screen.progress(line))?;
        let warnings = answers.iter().flat_map(|(host, answer)| {
            let texts = answer.foreign_warnings();
            texts.map(move |text| format!("Nix warns of `{host}`: {text}"))
        });
        let failed = answers
            .iter()
            .filter(|(_, answer)| matches!(answer, Answer::Failed { .. }));
        Ok(Judged {
            failed: failed.map(|(host, _)| host.clone()).collect(),
            warnings: warnings.collect(),
            findings: lint::findings_with_answers(project, Some(clock::today()), &answers)?,
        })
    }

    fn nix(&self, proof: Proof) -> Result<NixCli, Stop> {
        let has_git = self.project.repo().has_git();
        NixCli::new(self.workspace, has_git, proof.nix.into())
    }
}

/// What is wrong with the hosts.
struct Judged {
    findings: Vec<Finding>,
    /// What modules other than larder's warn of.
    warnings: BTreeSet<String>,
    /// Those that Nix cannot evaluate.
    failed: BTreeSet<HostName>,
}

/// What has been shown, and of which hosts not.
fn said(hosts: &[&HostName], failed: &BTreeSet<HostName>) -> String {
    let list = |wanted: bool| {
        let names = hosts
            .iter()
            .filter(|host| failed.contains(**host) != wanted);
        let names: Vec<String> = names.map(|host| format!("`{host}`")).collect();
        names.join(", ")
    };
    match (list(true), list(false)) {
        (good, bad) if bad.is_empty() => format!("with this change Nix evaluates {good}"),
        (good, bad) if good.is_empty() => format!("Nix cannot evaluate {bad}"),
        (good, bad) => format!("with this change Nix evaluates {good}; it cannot evaluate {bad}"),
    }
}

fn refused(errors: Vec<Finding>) -> Stop {
    let mut errors: Vec<Diagnostic> = errors.into_iter().map(Diagnostic::from).collect();
    for error in &mut errors {
        // The command would evaluate what is there now.
        error.help.retain(|help| !help.contains("--show-trace"));
    }
    if let Some(last) = errors.last_mut() {
        last.help.push(
            "nothing was written; `--eval --force-eval` writes the change all the same".to_owned(),
        );
    }
    Stop::Refused(errors)
}
