//! The reading for people: what is wrong, where, what now.

use std::fmt::Write;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet, Title};

use super::excerpt::{Excerpt, excerpts};
use super::line_col::LineIndexCache;
use super::visible::{visible, visible_lines};
use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::text::Position;

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
    };
    let mut reporter = Reporter {
        renderer: renderer.term_width(style.width),
        width: style.width,
        indexes: LineIndexCache::default(),
    };
    let one = |diagnostic| reporter.report(diagnostic);
    diagnostics.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// Stands for the path of a snippet, and is in no text that was made visible. The
/// renderer knows of a source no more than an excerpt, and counts columns there.
const ORIGIN: &str = "\u{1}";

struct Reporter {
    renderer: Renderer,
    width: usize,
    indexes: LineIndexCache,
}

impl Reporter {
    fn report(&mut self, diagnostic: &Diagnostic) -> String {
        let excerpts = self.excerpts(&diagnostic.labels);
        let snippets = excerpts.iter().enumerate();
        let snippets = snippets.map(|(at, excerpt)| snippet(excerpt, at == 0));
        let main = Group::with_title(title(diagnostic)).elements(snippets);
        let help = diagnostic.help.iter().map(|line| help(line));
        let groups: Vec<_> = std::iter::once(main).chain(help).collect();
        if excerpts.is_empty() {
            // Together they would be joined by the gutter of a snippet that is not there.
            let alone = |group| self.renderer.render(&[group]) + "\n";
            return groups.into_iter().map(alone).collect();
        }
        with_origins(&self.renderer.render(&groups), &excerpts) + "\n"
    }

    /// The labels in order, those of one file together; the first is what the
    /// finding is about.
    fn excerpts<'a>(&mut self, labels: &'a [Label]) -> Vec<Excerpt<'a>> {
        let mut sources: Vec<Vec<&Label>> = Vec::new();
        for label in labels {
            let same = |group: &&mut Vec<&Label>| group[0].source.path == label.source.path;
            match sources.iter_mut().find(same) {
                Some(group) => group.push(label),
                None => sources.push(vec![label]),
            }
        }
        let excerpts = |labels: Vec<&'a Label>| {
            excerpts(&labels, self.indexes.index(&labels[0].source), self.width)
        };
        sources.into_iter().flat_map(excerpts).collect()
    }
}

fn title(diagnostic: &Diagnostic) -> Title<'static> {
    level(diagnostic.severity)
        .primary_title(visible(&diagnostic.message))
        .id(diagnostic.code)
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

fn snippet<'a>(excerpt: &'a Excerpt<'_>, is_first: bool) -> Snippet<'a, Annotation<'a>> {
    let annotations = excerpt.marks.iter().enumerate().map(|(at, mark)| {
        let kind = if is_first && at == 0 {
            AnnotationKind::Primary
        } else {
            AnnotationKind::Context
        };
        let note = Some(visible(&mark.label.note)).filter(|note| !note.is_empty());
        kind.span(mark.range.clone()).label(note)
    });
    Snippet::source(&excerpt.text)
        .line_start(excerpt.first_line)
        .path(ORIGIN)
        .annotations(annotations)
}

/// Puts path, line and column where the renderer has its own.
fn with_origins(rendered: &str, excerpts: &[Excerpt<'_>]) -> String {
    let mut parts = rendered.split(ORIGIN);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for (excerpt, part) in excerpts.iter().zip(parts) {
        let Position { line, column } = excerpt.place;
        let path = visible(&excerpt.marks[0].label.source.path);
        let its_own = |c: char| c == ':' || c.is_ascii_digit();
        write!(out, "{path}:{line}:{column}").expect("writing to a String cannot fail");
        out += part.trim_start_matches(its_own);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Source;

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

    /// The cut is where the renderer would cut anyway.
    #[test]
    fn a_line_of_a_megabyte_looks_like_a_long_one() {
        let shown = |hosts: usize| {
            let many = "h = { }, ".repeat(hosts);
            let text = format!("hosts = {{ {many}pai = {{ }}, {many}}}\n");
            let source = Source::new("larder.toml", text);
            let at = 10 + many.len();
            let one = Diagnostic::error("rule", "x").at(&source, at..at + 3, "here");
            human(&[one], Style::PLAIN).replace(&format!(":{}\n", at + 1), ":COLUMN\n")
        };
        assert!(shown(50).contains(":COLUMN\n"), "{}", shown(50));
        assert_eq!(shown(50), shown(100_000));
    }

    #[test]
    fn marks_far_apart_are_shown_apart() {
        let text = format!("first\n{}second\n", "\n".repeat(1000));
        let source = Source::new("a.nix", text.as_str());
        let second = text.len() - 7;
        check(
            Diagnostic::error("rule", "twice")
                .at(&source, second..second + 6, "again")
                .at(&source, 0..5, "once"),
            "\
error[rule]: twice
    --> a.nix:1002:1
     |
1002 | second
     | ^^^^^^ again
     |
    ::: a.nix:1:1
     |
   1 | first
     | ----- once
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
