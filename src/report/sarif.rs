//! Diagnostics as SARIF 2.1.0, the format of code scanning services.
//!
//! Only the properties that these services show are written. The structs follow the schema
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json>.

use serde::Serialize;
use serde_json::{Value, json};

use super::json::fingerprint;
use super::line_col::{LineColSpan, LineIndexCache, relative_to_top};
use crate::diagnostic::{Diagnostic, Label};
use crate::text::{Patch, uri_path};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The file of a finding without a location: GitHub rejects a log with a result that has
/// none.
const DEFAULT_FILE: &str = "flake.nix";

/// The description of a rule.
#[derive(Debug, Clone)]
pub struct RuleDoc {
    /// The name.
    pub name: &'static str,
    /// One line: what is wrong.
    pub summary: String,
    /// The manual page, in Markdown.
    pub manual: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult<'a> {
    rule_id: &'a str,
    level: &'static str,
    message: Value,
    locations: [Value; 1],
    partial_fingerprints: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    fixes: Option<[Value; 1]>,
}

/// The log of one run. `rules` describes the rules of the findings. `base` is the flake's
/// folder relative to the top of the work tree, to which the paths of the log are relative.
pub fn sarif(diagnostics: &[Diagnostic], rules: &[RuleDoc], base: &str) -> String {
    let mut spans = LineIndexCache::default();
    let mut one = |d| result(d, &mut spans, base);
    let results: Vec<_> = diagnostics.iter().map(&mut one).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": driver(rules) },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log}\n")
}

fn driver(rules: &[RuleDoc]) -> Value {
    let one = |rule: &RuleDoc| {
        json!({
            "id": rule.name,
            "shortDescription": { "text": rule.summary },
            "help": { "text": rule.manual, "markdown": rule.manual },
        })
    };
    json!({
        "name": "larder",
        "version": env!("CARGO_PKG_VERSION"),
        "rules": rules.iter().map(one).collect::<Vec<_>>(),
    })
}

fn result<'a>(
    diagnostic: &'a Diagnostic,
    spans: &mut LineIndexCache,
    base: &str,
) -> SarifResult<'a> {
    let help = diagnostic.help.iter().map(|help| format!("\nhelp: {help}"));
    let text: String = std::iter::once(diagnostic.message.clone())
        .chain(help)
        .collect();
    SarifResult {
        rule_id: diagnostic.code,
        // SARIF has the same three names.
        level: diagnostic.severity.word(),
        message: json!({ "text": text }),
        locations: [json!({ "physicalLocation": location(diagnostic, spans, base) })],
        partial_fingerprints: json!({ "larder/v1": fingerprint(diagnostic) }),
        fixes: fix(diagnostic, spans, base).map(|fix| [fix]),
    }
}

fn location(diagnostic: &Diagnostic, spans: &mut LineIndexCache, base: &str) -> Value {
    let Some(span) = spans.location(diagnostic) else {
        let path = diagnostic.file.as_deref().unwrap_or(DEFAULT_FILE);
        return json!({ "artifactLocation": artifact(path, base), "region": { "startLine": 1 } });
    };
    json!({ "artifactLocation": artifact(&span.path, base), "region": region(&span) })
}

/// The correction as replaced regions of the first label's file.
fn fix(diagnostic: &Diagnostic, spans: &mut LineIndexCache, base: &str) -> Option<Value> {
    let (fix, label) = (diagnostic.fix.as_ref()?, diagnostic.labels.first()?);
    let mut replacement = |patch: &Patch| {
        let range = patch.range.clone();
        let span = spans.span(&Label {
            range,
            ..label.clone()
        });
        json!({
            "deletedRegion": region(&span),
            "insertedContent": { "text": patch.insert },
        })
    };
    let replacements: Vec<_> = fix.patches().iter().map(&mut replacement).collect();
    Some(json!({ "artifactChanges": [{
        "artifactLocation": artifact(&label.source.path, base),
        "replacements": replacements,
    }]}))
}

fn artifact(path: &str, base: &str) -> Value {
    json!({ "uri": uri_path(&relative_to_top(base, path)), "uriBaseId": "%SRCROOT%" })
}

fn region(span: &LineColSpan) -> Value {
    json!({
        "startLine": span.start.line,
        "startColumn": span.start.column,
        "endLine": span.end.line,
        "endColumn": span.end.column,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Source;
    use crate::text::TextEdit;

    fn log() -> Value {
        let source = Source::new("hosts/a b#.nix", "{ }\n");
        let one = Diagnostic::error("rule", "message")
            .at(&source, 0..1, "")
            .about("pai");
        let rule = RuleDoc {
            name: "rule",
            summary: "summary".to_owned(),
            manual: "manual".to_owned(),
        };
        serde_json::from_str(&sarif(&[one], &[rule], "")).unwrap()
    }

    #[test]
    fn a_result_names_rule_level_place_and_fingerprint() {
        let result = log()["runs"][0]["results"][0].clone();
        assert_eq!(result["ruleId"], "rule");
        assert_eq!(result["level"], "error");
        assert_eq!(result["partialFingerprints"]["larder/v1"], "rule:pai");
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "hosts/a%20b%23.nix");
        assert_eq!(place["region"]["startLine"], 1);
    }

    #[test]
    fn every_result_has_a_place() {
        let findings = [
            Diagnostic::error("rule", "a secret").in_file("keys/id"),
            Diagnostic::error("rule", "no place at all"),
        ];
        let log: Value = serde_json::from_str(&sarif(&findings, &[], "nix")).unwrap();
        let uri = |at: usize| {
            let place = &log["runs"][0]["results"][at]["locations"][0]["physicalLocation"];
            assert_eq!(place["region"]["startLine"], 1);
            place["artifactLocation"]["uri"].clone()
        };
        assert_eq!(uri(0), "nix/keys/id");
        assert_eq!(uri(1), "nix/flake.nix");
    }

    #[test]
    fn a_fix_has_regions_and_their_replacements() {
        let source = Source::new("a.nix", "ä { }\n");
        let one = Diagnostic::error("rule", "message")
            .at(&source, 3..4, "")
            .fixed_by(TextEdit::replace(3..4, "rec {"));
        let log: Value = serde_json::from_str(&sarif(&[one], &[], "")).unwrap();
        let change = &log["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0];
        assert_eq!(change["artifactLocation"]["uri"], "a.nix");
        let replacement = &change["replacements"][0];
        // Columns count characters, as `columnKind` says.
        assert_eq!(replacement["deletedRegion"]["startColumn"], 3);
        assert_eq!(replacement["deletedRegion"]["endColumn"], 4);
        assert_eq!(replacement["insertedContent"]["text"], "rec {");
    }
}
