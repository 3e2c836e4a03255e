//! The terminal: results on standard output, everything else on standard error.

#![expect(
    clippy::disallowed_methods,
    reason = "io asks the environment about the terminal"
)]

mod difference;
mod numbered_steps;
mod passing;

use std::io::{IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use dialoguer::console::{Term, measure_text_width};
use serde::Serialize;

use self::difference::{difference, taken_along};
use self::numbered_steps::numbered;
use super::apply::Applied;
use super::pager::Pager;
use super::preflight::Finish;
use crate::cli::{Color, Exit, Global};
use crate::command::keys::KnownKey;
use crate::command::lint::Format;
use crate::diagnostic::{Diagnostic, Stop};
use crate::lint::{RULES, Rule};
use crate::plan::{PlacedSecret, Plan, ShownKey};
use crate::report;
use crate::steps::Step;

/// The output of larder. A closed pipe, as of `| head`, is no error.
pub struct Screen {
    color: ColorChoice,
    json: bool,
    quiet: bool,
    verbose: bool,
    /// The folder that `-C` names: commands of steps start there.
    folder: Option<String>,
    /// The command that JSON names.
    command: &'static str,
    /// Where results go.
    results: Results,
}

/// Where results go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Results {
    StandardOutput,
    /// Standard output is for something else.
    StandardError,
}

impl Screen {
    /// The screen as the global flags configure it.
    pub fn new(global: &Global, command: &'static str) -> Self {
        let color = match global.color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        color.write_global();
        Self {
            color,
            json: global.json,
            quiet: global.quiet,
            verbose: global.verbose > 0,
            folder: global
                .directory
                .as_ref()
                .map(|dir| dir.display().to_string()),
            command,
            results: Results::StandardOutput,
        }
    }

    /// Prints text as it is.
    ///
    /// # Errors
    /// When standard output cannot be written, a closed pipe excepted.
    pub fn print(&self, text: &str) -> Result<Exit, Stop> {
        self.stdout(text)?;
        Ok(Exit::Done)
    }

    /// The same screen for what others print meanwhile: on standard error, for people.
    #[must_use]
    pub fn aside(&self) -> Self {
        Self {
            json: false,
            results: Results::StandardError,
            folder: self.folder.clone(),
            ..*self
        }
    }

    /// Prints one JSON object: what the command has to say, and how it ended.
    ///
    /// # Errors
    /// As [`Screen::print`].
    pub fn json(&self, outcome: &'static str, content: &impl Serialize) -> Result<(), Stop> {
        let document = report::Envelope::new(self.command, outcome, content);
        let text =
            serde_json::to_string_pretty(&document).map_err(super::fault("cannot write JSON"))?;
        self.stdout(&format!("{text}\n"))
    }

    /// Prints text as it is; with `--json`, as the value of `name` in an object.
    ///
    /// # Errors
    /// As [`Screen::print`].
    pub fn print_as(&self, name: &str, text: &str) -> Result<Exit, Stop> {
        if !self.json {
            return self.print(text);
        }
        self.json("done", &serde_json::json!({ name: text }))?;
        Ok(Exit::Done)
    }

    /// Prints a line that is not a result. With `--json` or `--quiet` it goes to standard
    /// error.
    ///
    /// # Errors
    /// As [`Screen::print`].
    pub fn note(&self, text: &str) -> Result<(), Stop> {
        if self.json || self.quiet {
            return self.status(text);
        }
        self.stdout(&format!("{}\n", report::visible(text)))
    }

    /// Prints a line on standard error.
    ///
    /// # Errors
    /// As [`Screen::print`].
    pub fn status(&self, text: &str) -> Result<(), Stop> {
        self.stderr(&format!("{}\n", report::visible(text)))
    }

    /// Prints on standard error what larder is doing; nothing with `--quiet`.
    pub fn progress(&self, text: &str) {
        if !self.quiet {
            // A failure to show progress is no reason to stop.
            drop(self.stderr(&format!("{}\n", report::visible(text))));
        }
    }

    /// Shows the difference of a plan, and the paths of the private keys that it creates:
    /// in the pager, if there is one and it is longer than the screen.
    ///
    /// # Errors
    /// As [`Screen::print`].
    pub fn diff(&self, plan: &Plan, finish: Finish, pager: Option<&Pager>) -> Result<(), Stop> {
        let mut text = difference(plan, self.verbose);
        let secret = |secret: &PlacedSecret| {
            format!("new private key {} (mode 0600, not in git)", secret.path)
        };
        let lines = match finish {
            Finish::Commit => taken_along(plan),
            Finish::NoCommit => Vec::new(),
        };
        let lines = lines.into_iter();
        let lines = lines.chain(plan.secrets.iter().map(secret));
        text.extend(lines.map(|line| format!("{}\n", report::visible(&line))));
        match pager.filter(|_| is_longer_than_the_screen(&text)) {
            Some(pager) if pager.show(&self.for_terminal(&text)) => {}
            _ => self.stdout(&text)?,
        }
        // Next to the question, whatever was shown before.
        self.all_notes(&plan.cautions)?;
        if plan.shown_keys.is_empty() {
            return Ok(());
        }
        let table = ShownKey::table(&plan.shown_keys);
        self.stdout(&report::visible_lines(&table))
    }

    /// Prints the notes of a plan: what the user has to do now.
    ///
    /// # Errors
    /// As [`Screen::print`].
    pub fn notes(&self, plan: &Plan) -> Result<(), Stop> {
        self.all_notes(&plan.notes)?;
        self.steps(&plan.steps)
    }

    /// Prints what the user should know, a line each.
    ///
    /// # Errors
    /// As [`Screen::print`].
    pub fn all_notes(&self, notes: &[String]) -> Result<(), Stop> {
        let line = |note: &String| format!("note: {}\n", report::visible(note));
        self.stdout(&notes.iter().map(line).collect::<String>())
    }

    /// Prints what has to be done next, in order.
    ///
    /// # Errors
    /// As [`Screen::print`].
    pub fn steps(&self, steps: &[Step]) -> Result<(), Stop> {
        if steps.is_empty() {
            return Ok(());
        }
        self.stdout(&format!(
            "next:\n{}",
            report::visible_lines(&numbered(steps, self.folder.as_deref()))
        ))
    }

    /// Prints the commit, or the message for one, and the notes of the plan. What git and
    /// the hooks printed goes to standard error first.
    ///
    /// # Errors
    /// As [`Screen::print`].
    pub fn applied(&self, plan: &Plan, finish: Finish, applied: &Applied) -> Result<(), Stop> {
        self.git_output(applied)?;
        let subject = plan.message.lines().next().unwrap_or_default();
        let line = match (&applied.commit, &applied.branch) {
            (Some(commit), Some(branch)) => format!("[{branch} {commit}] {subject}\n"),
            (Some(commit), None) => format!("[{commit}] {subject}\n"),
            (None, _) if finish == Finish::Commit => {
                "written as the last commit has it; there is nothing to commit\n".to_owned()
            }
            (None, _) => {
                format!("written, not committed; suggested message:\n\n    {subject}\n\n")
            }
        };
        self.stdout(&line)?;
        self.notes(plan)
    }

    /// Prints on standard error what git and the hooks printed, as git does; nothing with
    /// `--quiet`.
    ///
    /// # Errors
    /// As [`Screen::print`].
    pub fn git_output(&self, applied: &Applied) -> Result<(), Stop> {
        if self.quiet || applied.git_output.is_empty() {
            return Ok(());
        }
        self.stderr(&format!("{}\n", report::visible_lines(&applied.git_output)))
    }

    /// Prints findings in a format, and nothing else. `outcome` is how the run ended, `base`
    /// the flake's folder, relative to the top of the work tree.
    ///
    /// # Errors
    /// As [`Screen::print`].
    pub fn findings(
        &self,
        findings: &[Diagnostic],
        format: Option<Format>,
        outcome: &'static str,
        base: &str,
    ) -> Result<(), Stop> {
        let text = match format.unwrap_or_else(default_format) {
            Format::Human => report::human(findings, self.style_of(&std::io::stdout())),
            Format::Short => report::short(findings),
            Format::Json => report::json(self.command, outcome, findings),
            Format::Sarif => report::sarif(findings, &rule_docs(), base),
            Format::Github => report::github(findings, base),
        };
        self.stdout(&text)
    }

    /// Prints the table of known keys.
    ///
    /// # Errors
    /// As [`Screen::print`].
    pub fn keys(&self, keys: &[KnownKey]) -> Result<Exit, Stop> {
        let width = keys.iter().map(|key| key.host.len()).max().unwrap_or(0);
        let line = |key: &KnownKey| {
            let value = key.fingerprint.as_ref().or(key.key.as_ref());
            let value = value.map_or("missing", String::as_str);
            format!("{:width$}  {:18}  {value}\n", key.host, key.kind)
        };
        self.print(&keys.iter().map(line).collect::<String>())
    }

    /// Prints why a command stopped. Returns its exit code.
    pub fn stop(&self, stop: &Stop) -> Exit {
        let (exit, outcome) = match stop {
            Stop::Refused(_) => (Exit::Findings, "refused"),
            Stop::Fault(_) => (Exit::Fault, "failed"),
        };
        let diagnostics = stop.diagnostics();
        let result = if self.json {
            self.stdout(&report::json(self.command, outcome, diagnostics))
        } else {
            self.stderr(&report::human(
                diagnostics,
                self.style_of(&std::io::stderr()),
            ))
        };
        // If the error cannot be printed, the exit code still tells.
        drop(result);
        exit
    }

    /// True if prompts, which go to standard error, may have colours.
    pub fn prompts_in_colour(&self) -> bool {
        self.style_of(&std::io::stderr()).colour
    }

    fn style_of(&self, stream: &impl IsTerminal) -> report::Style {
        let colour = match self.color {
            ColorChoice::Always | ColorChoice::AlwaysAnsi => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => stream.is_terminal() && std::env::var_os("NO_COLOR").is_none(),
        };
        let size = Term::stdout().size_checked();
        let width = size.map_or(report::Style::PLAIN.width, |(_, columns)| {
            usize::from(columns)
        });
        report::Style { colour, width }
    }

    /// The text as a terminal would get it: with colours or without.
    fn for_terminal(&self, text: &str) -> String {
        if self.style_of(&std::io::stdout()).colour {
            text.to_owned()
        } else {
            anstream::adapter::strip_str(text).to_string()
        }
    }

    fn stdout(&self, text: &str) -> Result<(), Stop> {
        if self.results == Results::StandardError {
            return self.stderr(text);
        }
        let mut stream = AutoStream::new(std::io::stdout(), self.color);
        written(
            stream
                .write_all(text.as_bytes())
                .and_then(|()| stream.flush()),
        )
    }

    fn stderr(&self, text: &str) -> Result<(), Stop> {
        let mut stream = AutoStream::new(std::io::stderr(), self.color);
        written(
            stream
                .write_all(text.as_bytes())
                .and_then(|()| stream.flush()),
        )
    }
}

/// Ignores a closed pipe, as of `| head`.
fn written(result: std::io::Result<()>) -> Result<(), Stop> {
    match result {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(super::fault("cannot write the output")(error))
        }
        _ => Ok(()),
    }
}

fn rule_docs() -> Vec<report::RuleDoc> {
    let doc = |rule: &Rule| report::RuleDoc {
        name: rule.name(),
        summary: rule.summary(),
        manual: rule.manual(),
    };
    RULES.iter().map(doc).collect()
}

/// The format without `--format`: annotations in GitHub Actions. Gitea and Forgejo set
/// `GITHUB_ACTIONS` too, and show no annotations.
fn default_format() -> Format {
    let is_set = |name| std::env::var(name).as_deref() == Ok("true");
    if is_set("GITHUB_ACTIONS") && !is_set("GITEA_ACTIONS") {
        Format::Github
    } else {
        Format::Human
    }
}

/// True if a text leaves no room for a question below it.
fn is_longer_than_the_screen(text: &str) -> bool {
    let Some((rows, columns)) = Term::stdout().size_checked() else {
        return false;
    };
    let columns = usize::from(columns).max(1);
    let rows_of = |line| measure_text_width(line).div_ceil(columns).max(1);
    text.lines().map(rows_of).sum::<usize>() + 1 > usize::from(rows)
}
