//! SARIF 2.1.0, the form in which code scanning services take findings.
//!
//! Only what they show is written; the structs follow the schema
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json>.

use serde::Serialize;
use serde_json::{Value, json};

use super::json::fingerprint;
use super::place::{Place, Places, from_top};
use crate::diagnostic::Diagnostic;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What a SARIF reader shows about a rule.
#[derive(Debug, Clone)]
pub struct RuleDoc {
    /// Its name.
    pub name: &'static str,
    /// One line: what is wrong.
    pub summary: String,
    /// Its manual page, in Markdown.
    pub manual: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found<'a> {
    rule_id: &'a str,
    level: &'static str,
    message: Value,
    locations: Vec<Value>,
    partial_fingerprints: Value,
}

/// The log of one run. `rules` are those that may be named; `base` is the
/// flake's folder from the top of the work tree, to which places are relative.
pub fn sarif(diagnostics: &[Diagnostic], rules: &[RuleDoc], base: &str) -> String {
    let mut places = Places::default();
    let mut found = |d| result(d, places.of(d).as_ref(), base);
    let results: Vec<_> = diagnostics.iter().map(&mut found).collect();
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

fn result<'a>(diagnostic: &'a Diagnostic, place: Option<&Place>, base: &str) -> Found<'a> {
    let help = diagnostic.help.iter().map(|help| format!("\nhelp: {help}"));
    let text: String = std::iter::once(diagnostic.message.clone())
        .chain(help)
        .collect();
    Found {
        rule_id: diagnostic.code,
        // SARIF has the same three words.
        level: diagnostic.severity.word(),
        message: json!({ "text": text }),
        locations: place
            .map(|place| location(place, base))
            .into_iter()
            .collect(),
        partial_fingerprints: json!({ "larder/v1": fingerprint(diagnostic) }),
    }
}

fn location(place: &Place, base: &str) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&from_top(base, &place.path)), "uriBaseId": "%SRCROOT%" },
        "region": {
            "startLine": place.start.line,
            "startColumn": place.start.column,
            "endLine": place.end.line,
            "endColumn": place.end.column,
        },
    }})
}

/// The path as a relative URI reference (RFC 3986): everything but unreserved
/// characters and `/` is percent-encoded.
fn uri(path: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~/".contains(&b);
    path.bytes()
        .map(|b| {
            if plain(b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Source;

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
    fn what_the_schema_requires_is_there() {
        let log = log();
        assert_eq!(log["version"], "2.1.0");
        let driver = &log["runs"][0]["tool"]["driver"];
        assert_eq!(driver["name"], "larder");
        assert_eq!(driver["rules"][0]["id"], "rule");
    }
}
