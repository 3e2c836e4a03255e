//! The verdict on a link: proven, broken at its first broken stage, or neither.

use super::attempt::Attempt;
use super::cause::Cause;
use super::causes::CAUSES;
use super::evidence::{Evidence, NOT_SIGNED};
use super::stage::Stage;
use super::store_path::PathInfo;
use super::symptom::Symptom;
use super::transcript::Answer;

/// What is known of a link in the end.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// A path was fetched from the cache through the daemon, and would not have been
    /// without its signature.
    Proven {
        /// The names of the keys that signed it.
        signers: Vec<String>,
    },
    /// As [`Verdict::Proven`], past the daemon: a path that the client has already was fetched
    /// into an empty store, from a cache over http(s).
    Checked {
        /// The names of the keys that signed it.
        signers: Vec<String>,
    },
    /// The first broken stage. Several findings cannot be told apart.
    Broken {
        /// What is broken there.
        findings: Vec<Finding>,
        /// What could not be tried behind it.
        not_tried: Vec<Stage>,
    },
    /// It failed, and no known cause fits.
    Unexplained {
        /// The last lines that were printed.
        lines: Vec<String>,
    },
    /// Nothing is broken as far as was looked, and nothing is proven.
    Open,
}

/// A cause that fits.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Which.
    pub(super) cause: &'static Cause,
    /// What it reports.
    pub(super) symptom: Symptom,
}

impl Verdict {
    /// True if nothing is known to be broken but what the client remembers: a cause may hide
    /// behind that.
    pub fn is_only_memory(&self) -> bool {
        let is_memory = |finding: &Finding| finding.cause.stage() == Stage::Memory;
        matches!(self, Self::Broken { findings, .. } if findings.iter().all(is_memory))
    }
}

impl Finding {
    /// True if the cache's half may say more about it.
    pub fn concerns_cache(&self) -> bool {
        matches!(
            self.cause.stage(),
            Stage::Greeting | Stage::HostKey | Stage::Memory
        )
    }
}

/// Judges what is known so far. It may be asked again when more is known.
pub fn judge(evidence: &Evidence<'_>) -> Verdict {
    // What proves nothing is of no interest before anything was tried.
    let was_tried = |stage: &Stage| *stage != Stage::Control || evidence.attempt.is_some();
    for stage in Stage::ALL.into_iter().filter(was_tried) {
        let findings = at(stage, evidence);
        if !findings.is_empty() {
            let is_one = |later: &Stage| evidence.web.is_none() || later.is_of_web();
            let not_tried = stage.later().filter(is_one).collect();
            return Verdict::Broken {
                findings,
                not_tried,
            };
        }
    }
    let Some(attempt) = evidence.attempt else {
        return Verdict::Open;
    };
    if let Some(failure) = attempt.failure() {
        let lines = last_lines(failure);
        return Verdict::Unexplained { lines };
    }
    proof(evidence).unwrap_or(Verdict::Open)
}

/// The causes of a stage that fit: the certain one, else all that may be.
fn at(stage: Stage, evidence: &Evidence<'_>) -> Vec<Finding> {
    let causes = CAUSES.iter().filter(|cause| cause.stage() == stage);
    let found = causes.filter_map(|cause| {
        let symptom = cause.check(evidence)?;
        Some(Finding { cause, symptom })
    });
    let found: Vec<Finding> = found.collect();
    let certain = found
        .iter()
        .position(|finding| finding.symptom.told_by.is_none());
    match certain {
        Some(at) => vec![found[at].clone()],
        None => found,
    }
}

/// A path that was not there came from this very cache, signed, and the control failed.
fn proof(evidence: &Evidence<'_>) -> Option<Verdict> {
    let attempt = evidence.attempt?;
    let is_copied = attempt
        .copied()
        .is_some_and(|line| evidence.is_from_here(line));
    let untrusted = attempt.untrusted.as_ref();
    if !is_copied || !untrusted.is_some_and(is_refused_for_signature) {
        return None;
    }
    let info = attempt.info.as_ref();
    // A sample is in no store that outlives the attempt.
    let Some(info) = info.filter(|info| is_fresh(attempt, info)) else {
        let sample = attempt
            .direct_info()
            .filter(|sample| info.is_none() && is_signed(sample))?;
        return Some(Verdict::Checked {
            signers: names(&sample),
        });
    };
    let is_trusted = attempt.trusted.as_ref().is_some_and(Answer::is_success);
    is_trusted.then(|| Verdict::Proven {
        signers: names(info),
    })
}

fn is_fresh(attempt: &Attempt, info: &PathInfo) -> bool {
    !attempt.was_there && is_signed(info)
}

fn is_signed(info: &PathInfo) -> bool {
    !info.is_content_addressed && !info.signatures.is_empty()
}

fn names(info: &PathInfo) -> Vec<String> {
    info.signers().into_iter().map(str::to_owned).collect()
}

/// True if Nix refused the path because of its signature.
pub(super) fn is_refused_for_signature(answer: &Answer) -> bool {
    !answer.is_success() && answer.error_with(&NOT_SIGNED).is_some()
}

fn last_lines(answer: &Answer) -> Vec<String> {
    const SHOWN: usize = 6;
    let from = answer.errors.len().saturating_sub(SHOWN);
    answer.errors[from..].to_vec()
}
