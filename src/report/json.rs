//! Diagnostics as JSON, in the format of `docs/json.md`.

use serde::Serialize;

use super::line_col::{LineColSpan, LineIndexCache};
use crate::diagnostic::{Diagnostic, Label};
use crate::text::{Patch, TextEdit};

/// The version of the format. Changes only when a reader would break.
const VERSION: u32 = 1;

/// One diagnostic in the format of `docs/json.md`.
#[derive(Debug, Serialize)]
pub struct JsonFinding<'a> {
    rule: &'a str,
    severity: &'static str,
    message: &'a str,
    subject: &'a str,
    fingerprint: String,
    place: Option<JsonSpan>,
    help: &'a [String],
    labels: Vec<JsonLabel<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<Vec<Replacement<'a>>>,
}

#[derive(Debug, Serialize)]
struct JsonLabel<'a> {
    place: JsonSpan,
    note: &'a str,
}

#[derive(Debug, Serialize)]
struct JsonSpan {
    path: String,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

/// Bytes of the finding's file, from `start` to `end`, that `insert` replaces.
#[derive(Debug, Serialize)]
struct Replacement<'a> {
    start: usize,
    end: usize,
    insert: &'a str,
}

/// What every command prints with `--json`: one object, which begins alike.
#[derive(Debug, Serialize)]
pub struct Envelope<C> {
    version: u32,
    command: &'static str,
    outcome: &'static str,
    /// What the command has to say.
    #[serde(flatten)]
    content: C,
}

impl<C: Serialize> Envelope<C> {
    /// What this command has to say, and how it ended.
    pub fn new(command: &'static str, outcome: &'static str, content: C) -> Self {
        Self {
            version: VERSION,
            command,
            outcome,
            content,
        }
    }
}

/// One JSON object on one line: `{"version":1,"command":…,"outcome":…,"findings":[…]}`.
pub fn json(command: &'static str, outcome: &'static str, diagnostics: &[Diagnostic]) -> String {
    let content = serde_json::json!({ "findings": findings(diagnostics) });
    let document = serde_json::json!(Envelope::new(command, outcome, content));
    format!("{document}\n")
}

/// The findings, without the enclosing object.
pub fn findings(diagnostics: &[Diagnostic]) -> Vec<JsonFinding<'_>> {
    let mut spans = LineIndexCache::default();
    diagnostics.iter().map(|d| finding(d, &mut spans)).collect()
}

fn finding<'a>(diagnostic: &'a Diagnostic, spans: &mut LineIndexCache) -> JsonFinding<'a> {
    JsonFinding {
        rule: diagnostic.code,
        severity: diagnostic.severity.word(),
        message: &diagnostic.message,
        subject: &diagnostic.subject,
        fingerprint: fingerprint(diagnostic),
        place: spans.location(diagnostic).map(JsonSpan::from),
        help: &diagnostic.help,
        labels: diagnostic
            .labels
            .iter()
            .map(|l| json_label(l, spans))
            .collect(),
        fix: diagnostic.fix.as_ref().map(replacements),
    }
}

/// The fingerprint of a finding as text, for programs that compare runs.
pub(super) fn fingerprint(diagnostic: &Diagnostic) -> String {
    let (code, subject) = diagnostic.fingerprint();
    format!("{code}:{subject}")
}

fn json_label<'a>(label: &'a Label, spans: &mut LineIndexCache) -> JsonLabel<'a> {
    JsonLabel {
        place: spans.span(label).into(),
        note: &label.note,
    }
}

fn replacements(fix: &TextEdit) -> Vec<Replacement<'_>> {
    fix.patches().iter().map(replacement).collect()
}

fn replacement(patch: &Patch) -> Replacement<'_> {
    Replacement {
        start: patch.range.start,
        end: patch.range.end,
        insert: &patch.insert,
    }
}

impl From<LineColSpan> for JsonSpan {
    fn from(span: LineColSpan) -> Self {
        Self {
            path: span.path,
            line: span.start.line,
            column: span.start.column,
            end_line: span.end.line,
            end_column: span.end.column,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Source;

    #[test]
    fn the_format_is_the_documented_one() {
        let source = Source::new("a.nix", "{ }\n");
        let one = Diagnostic::error("rule", "message")
            .at(&source, 0..3, "note")
            .help("do this")
            .about("pai")
            .fixed_by(TextEdit::insert(2, "x = 1; "));
        assert_eq!(
            json("lint", "findings", &[one]),
            concat!(
                r#"{"version":1,"command":"lint","outcome":"findings","findings":[{"#,
                r#""rule":"rule","severity":"error","#,
                r#""message":"message","subject":"pai","fingerprint":"rule:pai","#,
                r#""place":{"path":"a.nix","line":1,"column":1,"end_line":1,"end_column":4},"#,
                r#""help":["do this"],"labels":[{"place":{"path":"a.nix","line":1,"#,
                r#""column":1,"end_line":1,"end_column":4},"note":"note"}],"#,
                r#""fix":[{"start":2,"end":2,"insert":"x = 1; "}]}]}"#,
                "\n"
            )
        );
    }

    #[test]
    fn a_clean_repository_is_an_empty_list() {
        let clean = r#"{"version":1,"command":"lint","outcome":"clean","findings":[]}"#;
        assert_eq!(json("lint", "clean", &[]), format!("{clean}\n"));
    }
}
