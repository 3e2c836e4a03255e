//! GitHub's workflow commands: annotations on a pull request.
//!
//! Escaping after `actions/toolkit`, `packages/core/src/command.ts`: `%`, CR and
//! LF everywhere, `:` and `,` in properties as well. Nothing else: `percent-encoding`
//! would take what is not ASCII too.

use super::line_col::{LineColSpan, LineIndexCache, relative_to_top};
use super::visible::visible_lines;
use crate::diagnostic::{Diagnostic, Severity};

/// One `::error file=…,line=…::message` line for each diagnostic. `base` is the flake's
/// folder relative to the top of the work tree, to which GitHub's paths are relative.
pub fn github(diagnostics: &[Diagnostic], base: &str) -> String {
    let mut spans = LineIndexCache::default();
    let mut line = |d| command(d, spans.location(d), base);
    diagnostics.iter().map(&mut line).collect()
}

fn command(diagnostic: &Diagnostic, span: Option<LineColSpan>, base: &str) -> String {
    let command = match diagnostic.severity {
        Severity::Note => "notice",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let title = property("title", diagnostic.code);
    let file = match (span, &diagnostic.file) {
        (Some(span), _) => position(&span, base),
        (None, Some(path)) => property("file", &relative_to_top(base, path)) + ",",
        (None, None) => String::new(),
    };
    format!("::{command} {file}{title}::{}\n", data(&body(diagnostic)))
}

fn position(span: &LineColSpan, base: &str) -> String {
    let file = property("file", &relative_to_top(base, &span.path));
    let (start, end) = (span.start, span.end);
    let lines = format!("line={},endLine={}", start.line, end.line);
    // GitHub ignores columns of a span of several lines.
    let columns = if start.line == end.line {
        format!(",col={},endColumn={}", start.column, end.column)
    } else {
        String::new()
    };
    format!("{file},{lines}{columns},")
}

fn body(diagnostic: &Diagnostic) -> String {
    let help = diagnostic.help.iter().map(|help| format!("\nhelp: {help}"));
    std::iter::once(diagnostic.message.clone())
        .chain(help)
        .collect()
}

fn property(name: &str, value: &str) -> String {
    let value = data(value).replace(':', "%3A").replace(',', "%2C");
    format!("{name}={value}")
}

fn data(text: &str) -> String {
    visible_lines(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Source;

    #[test]
    fn an_annotation_has_a_file_and_a_line() {
        let source = Source::new("hosts/a,b.nix", "{ }\n");
        let one = Diagnostic::error("rule", "100 % wrong")
            .at(&source, 2..3, "")
            .help("fix it");
        assert_eq!(
            github(&[one], "nix"),
            "::error file=nix/hosts/a%2Cb.nix,line=1,endLine=1,col=3,endColumn=4,\
             title=rule::100 %25 wrong%0Ahelp: fix it\n"
        );
    }

    #[test]
    fn a_file_of_which_nothing_is_shown_is_named() {
        let one = Diagnostic::error("rule", "a secret").in_file("key");
        assert_eq!(
            github(&[one], "nix"),
            "::error file=nix/key,title=rule::a secret\n"
        );
    }

    #[test]
    fn a_message_cannot_begin_a_command_of_its_own() {
        let hostile = Diagnostic::warning("rule", "x\n::set-env name=PATH::evil");
        assert_eq!(github(&[hostile], "").lines().count(), 1);
    }
}
