//! Completions for Nushell: clap has none for it that ask the program.
//!
//! The attribute `@complete`, which Nushell has since 0.108, names the function that answers
//! for one program. The completer for all programs, of which there is one, stays the user's.

use std::ffi::OsString;
use std::io::{Error, Write};
use std::path::Path;

use clap::Command;
use clap_complete::CompletionCandidate;
use clap_complete::engine::complete;
use clap_complete::env::EnvCompleter;
use serde::Serialize;

/// The adapter for Nushell.
pub(super) struct Nushell;

/// What Nushell takes as a completion.
#[derive(Serialize)]
struct Completion {
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
}

impl EnvCompleter for Nushell {
    fn name(&self) -> &'static str {
        "nushell"
    }

    fn is(&self, name: &str) -> bool {
        name == "nushell" || name == "nu"
    }

    fn write_registration(
        &self,
        var: &str,
        name: &str,
        bin: &str,
        completer: &str,
        buf: &mut dyn Write,
    ) -> Result<(), Error> {
        write!(
            buf,
            r#"def "nu-complete {name}" [spans: list<string>] {{
  with-env {{ {var}: "nushell" }} {{ ^{completer} -- ...$spans | from json }}
}}

@complete "nu-complete {name}"
extern {bin} []
"#
        )
    }

    fn write_complete(
        &self,
        cmd: &mut Command,
        args: Vec<OsString>,
        current_dir: Option<&Path>,
        buf: &mut dyn Write,
    ) -> Result<(), Error> {
        let last = args.len() - 1;
        let found = complete(cmd, args, last, current_dir)?;
        let found: Vec<Completion> = found.iter().map(completion).collect();
        serde_json::to_writer(&mut *buf, &found)?;
        writeln!(buf)
    }
}

fn completion(candidate: &CompletionCandidate) -> Completion {
    let help = candidate.get_help().map(ToString::to_string);
    Completion {
        value: word(&candidate.get_value().to_string_lossy()),
        description: help.and_then(|help| help.lines().next().map(str::to_owned)),
    }
}

/// The value as one word of Nushell's.
fn word(value: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./=@:,+~%".contains(c);
    if value.chars().all(is_plain) || value.contains('`') {
        value.to_owned()
    } else {
        format!("`{value}`")
    }
}
