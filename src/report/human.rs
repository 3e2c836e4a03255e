//! The reading for people: what is wrong, where, what now.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::line_col::clamped;
use super::visible::{visible, visible_in_place, visible_lines};
use crate::diagnostic::{Diagnostic, Label, Severity, Source};

/// How the terminal wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// ANSI colours.
    pub colour: bool,
    /// Columns; longer source lines are cut around the mark.
    pub width: usize,
}

impl Style {
    /// No colours, and width enough for most lines: files and pipes.
    pub const PLAIN: Self = Self {
        colour: false,
        width: 140,
    };
}

/// Every diagnostic with its snippets and help, an empty line between two.
///
/// ```text
/// error[cache-key-untrusted]: `pai` reads from the cache `kalaw` but does not trust its key
///  --> larder.toml:3:12
///   |
/// 3 | clients = ["pai"]
///   |            ^^^^^ this client
///   |
/// help: run `larder sync`
/// ```
pub fn human(diagnostics: &[Diagnostic], style: Style) -> String {
    let renderer = if style.colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    }
    .term_width(style.width);
    let one = |diagnostic| render(&renderer, diagnostic);
    diagnostics.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn render(renderer: &Renderer, diagnostic: &Diagnostic) -> String {
    let help = diagnostic.help.iter().map(|line| help(line));
    let groups: Vec<_> = std::iter::once(main(diagnostic)).chain(help).collect();
    if diagnostic.labels.is_empty() {
        // Together they would be joined by the gutter of a snippet that is not there.
        let alone = |group| renderer.render(&[group]) + "\n";
        groups.into_iter().map(alone).collect()
    } else {
        renderer.render(&groups) + "\n"
    }
}

fn main(diagnostic: &Diagnostic) -> Group<'static> {
    let title = level(diagnostic.severity)
        .primary_title(visible(&diagnostic.message))
        .id(diagnostic.code);
    let snippets = by_source(&diagnostic.labels).into_iter().map(snippet);
    Group::with_title(title).elements(snippets)
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Note => Level::NOTE,
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    }
}

fn help(line: &str) -> Group<'static> {
    Group::with_title(Level::HELP.secondary_title(visible_lines(line)))
}

/// The labels in order, those of one file together; the first is what the
/// finding is about.
fn by_source(labels: &[Label]) -> Vec<Vec<(&Label, AnnotationKind)>> {
    let mut groups: Vec<Vec<(&Label, AnnotationKind)>> = Vec::new();
    for (at, label) in labels.iter().enumerate() {
        let kind = match at {
            0 => AnnotationKind::Primary,
            _ => AnnotationKind::Context,
        };
        let same = |group: &&mut Vec<(&Label, _)>| group[0].0.source.path == label.source.path;
        match groups.iter_mut().find(same) {
            Some(group) => group.push((label, kind)),
            None => groups.push(vec![(label, kind)]),
        }
    }
    groups
}

fn snippet(
    labels: Vec<(&Label, AnnotationKind)>,
) -> Snippet<'static, annotate_snippets::Annotation<'static>> {
    let source = &labels[0].0.source;
    let lines = lines_around(source, &labels);
    let first = 1 + source.text[..lines.start].matches('\n').count();
    let annotations = labels.into_iter().map(|(label, kind)| {
        let range = clamped(&source.text, &label.range);
        let note = Some(visible(&label.note)).filter(|note| !note.is_empty());
        kind.span(range.start - lines.start..range.end - lines.start)
            .label(note)
    });
    Snippet::source(visible_in_place(&source.text[lines.clone()]))
        .line_start(first)
        .path(visible(&source.path))
        .annotations(annotations)
}

/// The whole lines from the first label to the last: a large file is not
/// searched again for every finding in it.
fn lines_around(source: &Source, labels: &[(&Label, AnnotationKind)]) -> Range<usize> {
    let ranges = labels.iter().map(|(l, _)| clamped(&source.text, &l.range));
    let (start, end) = ranges.fold((usize::MAX, 0), |(start, end), range| {
        (start.min(range.start), end.max(range.end))
    });
    let line_start = source.text[..start].rfind('\n').map_or(0, |at| at + 1);
    let rest = source.text[end..].find('\n');
    line_start..rest.map_or(source.text.len(), |at| end + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn toml() -> Source {
        Source::new(
            "larder.toml",
            "version = 1\n[caches.kalaw]\nclients = [\"pai\"]\n",
        )
    }

    fn untrusted() -> Diagnostic {
        Diagnostic::error("cache-key-untrusted", "`pai` does not trust `kalaw`")
            .at(&toml(), 38..43, "this client")
            .help("run `larder sync`")
    }

    fn check(diagnostic: Diagnostic, expected: &str) {
        assert_eq!(human(&[diagnostic], Style::PLAIN), expected);
    }

    #[test]
    fn what_where_and_what_now() {
        check(
            untrusted().help("or not"),
            "\
error[cache-key-untrusted]: `pai` does not trust `kalaw`
 --> larder.toml:3:12
  |
3 | clients = [\"pai\"]
  |            ^^^^^ this client
  |
help: run `larder sync`
help: or not
",
        );
    }

    #[test]
    fn a_finding_without_a_place_is_its_message_and_help() {
        check(
            Diagnostic::error("no-flake", "there is no `flake.nix`")
                .help("run `larder init`")
                .help("or  this"),
            "error[no-flake]: there is no `flake.nix`\nhelp: run `larder init`\nhelp: or  this\n",
        );
    }

    #[test]
    fn a_second_place_in_another_file_has_its_own_snippet() {
        let other = Source::new("pai.nix", "{ }\n");
        let shown = human(&[untrusted().at(&other, 0..1, "here")], Style::PLAIN);
        assert!(shown.contains("--> larder.toml:3:12"), "{shown}");
        assert!(shown.contains("::: pai.nix:1:1"), "{shown}");
    }

    #[test]
    fn hostile_bytes_are_pictures() {
        let source = Source::new("a\u{1b}]0;x\u{7}.nix", "\u{1b}[2J\u{202e} \u{9b}x\r\n");
        let hostile = Diagnostic::error("rule", "\u{1b}[31m`x`\n\u{202e}")
            .at(&source, 0..4, "\u{9b}")
            .help("type\n  \u{1b}c");
        let shown = human(&[hostile], Style::PLAIN);
        let bad = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
        assert!(!shown.contains(bad), "{shown:?}");
    }

    #[test]
    fn a_range_outside_the_text_does_not_crash() {
        let source = Source::new("a.nix", "ß");
        let shown = human(
            &[Diagnostic::error("rule", "x").at(&source, 1..900, "")],
            Style::PLAIN,
        );
        assert!(shown.contains("a.nix:1:1"), "{shown}");
    }

    #[test]
    fn colours_only_when_wanted() {
        let style = Style {
            colour: true,
            ..Style::PLAIN
        };
        assert!(human(&[untrusted()], style).contains("\u{1b}["));
    }
}
