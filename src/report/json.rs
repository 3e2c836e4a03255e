//! The reading for programs; its shape is described in `docs/json.md`.

use serde::Serialize;

use super::place::{Place, Places};
use crate::diagnostic::{Diagnostic, Label};
use crate::text::{Patch, TextEdit};

/// The version of the shape; it changes only when a reader would break.
const VERSION: u32 = 1;

/// One diagnostic as `docs/json.md` describes it.
#[derive(Debug, Serialize)]
pub struct Finding<'a> {
    rule: &'a str,
    severity: &'static str,
    message: &'a str,
    subject: &'a str,
    fingerprint: String,
    place: Option<Span>,
    help: &'a [String],
    labels: Vec<Mark<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<Vec<Replacement<'a>>>,
}

#[derive(Debug, Serialize)]
struct Mark<'a> {
    place: Span,
    note: &'a str,
}

#[derive(Debug, Serialize)]
struct Span {
    path: String,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

/// Bytes of the file at the finding's place that give way to `insert`.
#[derive(Debug, Serialize)]
struct Replacement<'a> {
    start: usize,
    end: usize,
    insert: &'a str,
}

/// One object, one line: `{"version":1,"findings":[…]}`.
pub fn json(diagnostics: &[Diagnostic]) -> String {
    let document = serde_json::json!({
        "version": VERSION,
        "findings": findings(diagnostics),
    });
    format!("{document}\n")
}

/// The findings alone, to be put into the object of another command.
pub fn findings(diagnostics: &[Diagnostic]) -> Vec<Finding<'_>> {
    let mut places = Places::default();
    diagnostics
        .iter()
        .map(|d| finding(d, &mut places))
        .collect()
}

fn finding<'a>(diagnostic: &'a Diagnostic, places: &mut Places) -> Finding<'a> {
    Finding {
        rule: diagnostic.code,
        severity: diagnostic.severity.word(),
        message: &diagnostic.message,
        subject: &diagnostic.subject,
        fingerprint: fingerprint(diagnostic),
        place: places.of(diagnostic).map(Span::from),
        help: &diagnostic.help,
        labels: diagnostic.labels.iter().map(|l| mark(l, places)).collect(),
        fix: diagnostic.fix.as_ref().map(replacements),
    }
}

/// The identity of a finding as one word, for programs that compare runs.
pub(super) fn fingerprint(diagnostic: &Diagnostic) -> String {
    let (code, subject) = diagnostic.fingerprint();
    format!("{code}:{subject}")
}

fn mark<'a>(label: &'a Label, places: &mut Places) -> Mark<'a> {
    Mark {
        place: places.at(label).into(),
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

impl From<Place> for Span {
    fn from(place: Place) -> Self {
        Self {
            path: place.path,
            line: place.start.line,
            column: place.start.column,
            end_line: place.end.line,
            end_column: place.end.column,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Source;

    #[test]
    fn the_shape_is_the_documented_one() {
        let source = Source::new("a.nix", "{ }\n");
        let one = Diagnostic::error("rule", "message")
            .at(&source, 0..3, "note")
            .help("do this")
            .about("pai")
            .fixed_by(TextEdit::insert(2, "x = 1; "));
        assert_eq!(
            json(&[one]),
            concat!(
                r#"{"version":1,"findings":[{"rule":"rule","severity":"error","#,
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
        assert_eq!(json(&[]), "{\"version\":1,\"findings\":[]}\n");
    }
}
