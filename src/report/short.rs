//! One line for each diagnostic, as editors read it.

use std::fmt::Write;

use super::line_col::LineIndexCache;
use super::visible::visible;
use crate::diagnostic::{Diagnostic, Severity};

/// `path:line:column: error[rule]: message`, one line each. Without a location, the line
/// begins with the severity.
pub fn short(diagnostics: &[Diagnostic]) -> String {
    let mut spans = LineIndexCache::default();
    let mut out = String::new();
    for diagnostic in diagnostics {
        if let Some(span) = spans.location(diagnostic) {
            let (line, column) = (span.start.line, span.start.column);
            let path = visible(&span.path);
            write!(out, "{path}:{line}:{column}: ").expect("writing to a String cannot fail");
        }
        let (severity, code) = (diagnostic.severity.word(), diagnostic.code);
        let message = visible(&diagnostic.message);
        writeln!(out, "{severity}[{code}]: {message}").expect("writing to a String cannot fail");
    }
    out
}

/// The number of diagnostics by severity, as in `2 errors, 1 warning`; empty without any.
pub fn summary(diagnostics: &[Diagnostic]) -> String {
    let count = |severity| {
        diagnostics
            .iter()
            .filter(|d| d.severity == severity)
            .count()
    };
    [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .filter_map(|severity| counted(count(severity), severity.word()))
        .collect::<Vec<_>>()
        .join(", ")
}

fn counted(count: usize, word: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("1 {word}")),
        n => Some(format!("{n} {word}s")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Source;

    #[test]
    fn one_line_each_however_hostile() {
        let source = Source::new("a.nix", "x\ny\n");
        let placed = Diagnostic::error("rule", "bad\nname").at(&source, 2..3, "");
        let nowhere = Diagnostic::warning("other", "no place");
        assert_eq!(
            short(&[placed, nowhere]),
            "a.nix:2:1: error[rule]: bad␊name\nwarning[other]: no place\n"
        );
    }

    #[test]
    fn the_summary_counts_what_is_there() {
        let two = [Diagnostic::error("a", ""), Diagnostic::error("b", "")];
        assert_eq!(summary(&two), "2 errors");
        let mixed = [Diagnostic::note("a", ""), Diagnostic::warning("b", "")];
        assert_eq!(summary(&mixed), "1 warning, 1 note");
        assert_eq!(summary(&[]), "");
    }
}
