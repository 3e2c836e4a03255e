//! Verdicts as text and as JSON.

use serde::Serialize;

use super::judge::{Finding, Verdict};
use super::symptom::Seen;

/// What a run of doctor has to say: its links, in the order in which they were asked for.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// One entry a link.
    pub links: Vec<LinkReport>,
}

/// One link, with its verdict.
#[derive(Debug, Serialize)]
pub struct LinkReport {
    /// The client.
    pub client: String,
    /// The cache.
    pub cache: String,
    /// The substituter; `null`: the client's Nix does not ask the cache.
    pub url: Option<String>,
    /// `proven`, `checked`, `broken` or `open`.
    outcome: &'static str,
    /// The path that was fetched, or was to be.
    pub path: Option<String>,
    /// The keys that signed it; empty unless it is proven or checked.
    signers: Vec<String>,
    /// What is broken; several cannot be told apart.
    findings: Vec<FindingReport>,
    /// What could not be tried behind that.
    not_tried: Vec<&'static str>,
    /// What could not be looked at, and why.
    pub notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct FindingReport {
    cause: &'static str,
    message: String,
    evidence: Vec<Seen>,
    cure: Vec<String>,
    /// The command that tells this cause from the others; `null`: it is certain.
    told_by: Option<String>,
}

impl LinkReport {
    /// The verdict on the link from a client to a cache.
    pub fn new(client: &str, cache: &str, url: Option<&str>, verdict: &Verdict) -> Self {
        let mut report = Self {
            client: client.to_owned(),
            cache: cache.to_owned(),
            url: url.map(str::to_owned),
            outcome: "open",
            path: None,
            signers: Vec::new(),
            findings: Vec::new(),
            not_tried: Vec::new(),
            notes: Vec::new(),
        };
        report.take(verdict);
        report
    }

    fn take(&mut self, verdict: &Verdict) {
        match verdict {
            Verdict::Proven { signers } => {
                self.outcome = "proven";
                self.signers.clone_from(signers);
            }
            Verdict::Checked { signers } => {
                self.outcome = "checked";
                self.signers.clone_from(signers);
                self.notes.push(CHECKED.to_owned());
            }
            Verdict::Broken {
                findings,
                not_tried,
            } => {
                self.outcome = "broken";
                self.findings = findings.iter().map(FindingReport::new).collect();
                self.not_tried = not_tried.iter().map(|stage| stage.word()).collect();
            }
            Verdict::Unexplained { lines } => {
                self.outcome = "broken";
                self.findings = vec![FindingReport::unexplained(&self.client, lines)];
            }
            Verdict::Open => {}
        }
    }

    /// True if a path was really fetched.
    pub fn is_proven(&self) -> bool {
        self.outcome == "proven"
    }

    /// True if all was shown of a cache over http(s) that can be without a path to name.
    pub fn is_checked(&self) -> bool {
        self.outcome == "checked"
    }

    /// True if something is broken.
    pub fn is_broken(&self) -> bool {
        self.outcome == "broken"
    }

    /// One line, and below it what is broken.
    pub fn text(&self) -> String {
        let Self { client, cache, .. } = self;
        let mut lines = vec![match self.outcome {
            "proven" => format!(
                "{client} → {cache}: proven, signed by {}",
                self.signers.join(", ")
            ),
            "checked" => format!(
                "{client} → {cache}: checked, not proven; signed by {}",
                self.signers.join(", ")
            ),
            "broken" => format!("{client} → {cache}: broken"),
            _ => format!("{client} → {cache}: not proven"),
        }];
        if self.findings.len() > 1 {
            lines.push("  one of these, which cannot be told apart from here:".to_owned());
        }
        lines.extend(self.findings.iter().flat_map(FindingReport::lines));
        if !self.not_tried.is_empty() {
            lines.push(format!("  not tried: {}", self.not_tried.join(", ")));
        }
        lines.extend(self.notes.iter().map(|note| format!("  note: {note}")));
        lines.join("\n") + "\n"
    }
}

/// What was shown of a cache over http(s), and what was not.
const CHECKED: &str = "a path that the client has was fetched past its daemon, and refused \
                       without the key; name a path that the cache has and the client has not, \
                       and the daemon is tried";

impl FindingReport {
    fn new(finding: &Finding) -> Self {
        let symptom = &finding.symptom;
        Self {
            cause: finding.cause.name(),
            message: symptom.message.clone(),
            evidence: symptom.seen.clone(),
            cure: symptom.cures.clone(),
            told_by: symptom.told_by.clone(),
        }
    }

    fn unexplained(client: &str, lines: &[String]) -> Self {
        let seen = |line: &String| Seen {
            machine: client.to_owned(),
            line: line.clone(),
        };
        Self {
            cause: "unexplained",
            message: "the path was not fetched, and no known cause fits".to_owned(),
            evidence: lines.iter().map(seen).collect(),
            cure: Vec::new(),
            told_by: None,
        }
    }

    fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("  {}: {}", self.cause, self.message)];
        let seen = |it: &Seen| format!("    {}: {}", it.machine, it.line);
        lines.extend(self.evidence.iter().map(seen));
        lines.extend(self.cure.iter().map(|cure| format!("    cure: {cure}")));
        let told = self
            .told_by
            .iter()
            .map(|command| format!("    told by: {command}"));
        lines.extend(told);
        lines
    }
}

impl Report {
    /// True if every link is proven; caches over http(s) that are checked may be beside one.
    pub fn is_proven(&self) -> bool {
        let is_well = |link: &LinkReport| link.is_proven() || link.is_checked();
        self.links.iter().any(LinkReport::is_proven) && self.links.iter().all(is_well)
    }

    /// True if a link is broken.
    pub fn is_broken(&self) -> bool {
        self.links.iter().any(LinkReport::is_broken)
    }

    /// How it ended, in a word.
    pub fn outcome(&self) -> &'static str {
        match (self.is_proven(), self.is_broken()) {
            (true, _) => "proven",
            (_, true) => "broken",
            _ => "open",
        }
    }
}
