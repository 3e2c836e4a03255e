//! A file that is one of larder's templates as it stands is one line in a transcript.
//!
//! Such a file says nothing about the fleet, and a template that changes would change
//! every transcript. A file that differs from its template by one byte is shown whole:
//! the line is written out again, and must give the very bytes that it stands for.

use std::fs;
use std::path::Path;

use larder::internals::wiring::sign;
use libtest_mimic::Failed;

/// A template without placeholders, with its fingerprint.
struct Template {
    name: String,
    text: String,
}

/// A file that comes or goes in a diff, and is a template.
struct Whole<'a> {
    template: &'a Template,
    comes: bool,
    path: &'a str,
    /// What git says of a file; larder's own diffs have no mode.
    mode: Option<&'a str>,
}

/// The text with a line in the place of each file that is a template.
pub(super) fn shortened(text: &str) -> Result<String, Failed> {
    let templates = templates()?;
    let mut short = text.to_owned();
    for template in &templates {
        for comes in [true, false] {
            short = shorten(&short, template, comes);
        }
    }
    if written_out(&short, &templates) == text {
        Ok(short)
    } else {
        Err(format!("a line that stands for a template is in:\n{text}").into())
    }
}

fn templates() -> Result<Vec<Template>, Failed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut templates = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.extension().is_some_and(|end| end == "nix") {
            let text = fs::read_to_string(&path)?;
            let text = sign(&text, &text);
            templates.push(Template { name, text });
        }
    }
    templates.retain(|template| !template.has_placeholders());
    templates.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(templates)
}

fn shorten(text: &str, template: &Template, comes: bool) -> String {
    let hunk = template.hunk(comes);
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(&hunk) {
        let (seen, behind) = rest.split_at(at + hunk.len());
        match Whole::at_the_end_of(seen, template, comes) {
            Some(whole) => {
                let before = seen.strip_suffix(&whole.diff()).unwrap_or(seen);
                out.extend([before, &whole.line()]);
            }
            None => out.push_str(seen),
        }
        rest = behind;
    }
    out + rest
}

impl Template {
    fn has_placeholders(&self) -> bool {
        let is_name = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c == '-')
        };
        self.text.split('@').skip(1).any(is_name)
    }

    /// All of its lines, as they come or go.
    fn hunk(&self, comes: bool) -> String {
        let lines = self.text.split_inclusive('\n');
        let count = lines.clone().count();
        let (range, sign) = if comes {
            (format!("-0,0 +1,{count}"), '+')
        } else {
            (format!("-1,{count} +0,0"), '-')
        };
        let mut hunk = format!("@@ {range} @@\n");
        for line in lines {
            hunk.push(sign);
            hunk.push_str(line);
        }
        hunk
    }
}

impl<'a> Whole<'a> {
    fn at_the_end_of(text: &'a str, template: &'a Template, comes: bool) -> Option<Self> {
        let headers = text.strip_suffix(&template.hunk(comes))?;
        let side = if comes { "+++ b/" } else { "--- a/" };
        let path = headers
            .lines()
            .rev()
            .take(2)
            .find_map(|line| line.strip_prefix(side))?;
        let mode = headers.lines().rev().nth(2);
        let mode = mode.and_then(|line| line.strip_prefix(mode_of(comes)));
        let whole = |mode| Self {
            template,
            comes,
            path,
            mode,
        };
        let candidates = [whole(mode), whole(None)].into_iter();
        candidates
            .into_iter()
            .find(|whole| text.ends_with(&whole.diff()))
    }

    /// The line that stands for it.
    fn line(&self) -> String {
        let verb = if self.comes { "new" } else { "gone" };
        let mode = self.mode.map_or(String::new(), |mode| format!(" {mode}"));
        format!(
            "[{verb}{mode}: {} = templates/{}]\n",
            self.path, self.template.name
        )
    }

    fn diff(&self) -> String {
        let Self { path, .. } = self;
        let (old, new) = (format!("a/{path}"), format!("b/{path}"));
        let git = self.mode.map_or(String::new(), |mode| {
            format!("diff --git {old} {new}\n{}{mode}\n", mode_of(self.comes))
        });
        let nothing = "/dev/null".to_owned();
        let (old, new) = if self.comes {
            (nothing, new)
        } else {
            (old, nothing)
        };
        format!(
            "{git}--- {old}\n+++ {new}\n{}",
            self.template.hunk(self.comes)
        )
    }
}

fn mode_of(comes: bool) -> &'static str {
    if comes {
        "new file mode "
    } else {
        "deleted file mode "
    }
}

/// The text with the diffs in the place of the lines that stand for them.
fn written_out(short: &str, templates: &[Template]) -> String {
    let diff = |line: &str| {
        let (head, name) = line
            .strip_prefix('[')?
            .strip_suffix("]\n")?
            .split_once(" = templates/")?;
        let template = templates.iter().find(|template| template.name == name)?;
        let (verb, path) = head.split_once(": ")?;
        let (verb, mode) = verb
            .split_once(' ')
            .map_or((verb, None), |(verb, mode)| (verb, Some(mode)));
        let comes = verb == "new";
        Some(
            Whole {
                template,
                comes,
                path,
                mode,
            }
            .diff(),
        )
    };
    let lines = short.split_inclusive('\n');
    lines
        .map(|line| diff(line).unwrap_or_else(|| line.to_owned()))
        .collect()
}

/// One byte more or less, another mode, or a line that only looks like one of ours.
pub(super) fn nothing_is_hidden() -> Result<(), Failed> {
    let templates = templates()?;
    assert!(templates.len() > 2, "the templates were not found");
    for template in &templates {
        for (comes, mode) in [
            (true, Some("100644")),
            (true, None),
            (false, Some("100755")),
            (false, None),
        ] {
            let path = "nix/larder/x.nix";
            let whole = Whole {
                template,
                comes,
                path,
                mode,
            };
            let text = |diff: &str| format!("$ git diff\n{diff}$ true\n");
            assert_eq!(shortened(&text(&whole.diff()))?, text(&whole.line()));
            let sign = if comes { '+' } else { '-' };
            let diff = whole.diff();
            let others = [
                diff.replacen(&format!("\n{sign}#"), &format!("\n{sign} #"), 1),
                diff.replacen("@@ ", "@@  ", 1),
                format!("{}\n\\ No newline at end of file\n", diff.trim_end()),
            ];
            for other in &others[..2] {
                assert_eq!(shortened(&text(other))?, text(other));
            }
            assert!(shortened(&text(&others[2]))?.contains("No newline"));
            assert!(shortened(&whole.line()).is_err(), "{}", whole.line());
        }
    }
    Ok(())
}
