//! Every command that larder names exists, with its flags: in the manual pages of the
//! rules, in messages and their help, in the documents.
//!
//! What is named as `larder …` between backticks, or begins with `$ larder` in a block
//! of a document, is tried against the real parser. A value may be a word in capitals
//! or a placeholder of a format string, and may be left out where only the command is
//! named; a command that only prints how to use it is none.

use std::fs;
use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser as _};
use larder::internals::cli::Cli;
use larder::internals::lint::{RULES, Rule};

trials![
    manual_pages_name_commands_that_exist,
    documents_name_commands_that_exist,
    messages_name_commands_that_exist,
    flags_that_are_named_alone_exist,
    others_are_refused,
];

/// A value that the parser has to take for one.
const VALUE: &str = "VALUE";

fn manual_pages_name_commands_that_exist() {
    let pages = RULES.iter().map(|rule| (rule.name(), rule.manual()));
    check(pages.map(|(name, page)| (name.to_owned(), page)), 20);
}

fn documents_name_commands_that_exist() {
    let files = documents();
    check(files.iter().map(|file| (shown(file), read(file))), 60);
}

fn messages_name_commands_that_exist() {
    let files = below("src", "rs");
    check(
        files.iter().map(|file| (shown(file), source(&read(file)))),
        80,
    );
}

fn flags_that_are_named_alone_exist() {
    let mut known = vec!["--help".to_owned(), "--version".to_owned()];
    let mut commands = vec![Cli::command()];
    while let Some(command) = commands.pop() {
        let flags = command.get_arguments().filter_map(clap::Arg::get_long);
        known.extend(flags.map(|flag| format!("--{flag}")));
        commands.extend(command.get_subcommands().cloned());
    }
    let pages = RULES.iter().map(Rule::manual);
    let documents = documents().into_iter().map(|file| read(&file));
    let named: Vec<String> = pages
        .chain(documents)
        .flat_map(|text| spans(&text, "--"))
        .map(|span| span.split([' ', '=']).next().unwrap().to_owned())
        .collect();
    assert!(named.len() >= 40, "only {} were found", named.len());
    for flag in named {
        assert!(known.contains(&flag), "no command has the flag `{flag}`");
    }
}

fn others_are_refused() {
    for wrong in [
        "larder keys send",
        "larder keys",
        "larder lint --no-such-flag",
        "larder remove-cache kalaw pai",
        "larder",
    ] {
        assert!(mistake(wrong).is_some(), "`{wrong}` is taken");
    }
    for right in [
        "larder keys list",
        "larder keys set HOST 'ssh-ed25519 AAAA…'",
        "larder remove-cache",
        "larder lint --deny LEVEL",
        "larder -C DIR …",
        "larder init {}",
    ] {
        assert_eq!(mistake(right), None, "`{right}`");
    }
}

/// Every command line in these texts parses, and there are so many of them.
fn check(texts: impl Iterator<Item = (String, String)>, least: usize) {
    let named: Vec<(String, String)> = texts
        .flat_map(|(place, text)| {
            let lines = spans(&text, "larder ")
                .into_iter()
                .chain(console_lines(&text));
            lines
                .map(move |line| (place.clone(), line))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(named.len() >= least, "only {} were found", named.len());
    let wrong: Vec<String> = named
        .iter()
        .filter_map(|(place, line)| Some(format!("{place}: `{line}`: {}", mistake(line)?)))
        .collect();
    assert!(wrong.is_empty(), "no such command:\n{}", wrong.join("\n"));
}

/// What the parser has against a line.
fn mistake(line: &str) -> Option<String> {
    let words = words(line);
    // A placeholder may stand for nothing, or for several words.
    let without: Vec<String> = words
        .iter()
        .filter(|word| *word != VALUE)
        .cloned()
        .collect();
    let goes_on = line.trim_end().ends_with('…');
    let all = [words, without];
    let mut mistakes = all.iter().map(|words| refusal(words, goes_on));
    let first = mistakes.next().unwrap()?;
    mistakes.next().unwrap().map(|_| first)
}

fn refusal(words: &[String], goes_on: bool) -> Option<String> {
    let error = Cli::try_parse_from(words).err()?;
    let is_placeholder = || {
        let message = error.to_string();
        words.iter().any(|word| {
            let is_capital = |c: char| c.is_ascii_uppercase() || "-_:=@".contains(c);
            word.chars().all(is_capital) && message.contains(&format!("'{word}'"))
        })
    };
    let is_fine = match error.kind() {
        ErrorKind::MissingRequiredArgument | ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            true
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => is_placeholder(),
        _ => goes_on,
    };
    (!is_fine).then(|| {
        error
            .to_string()
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned()
    })
}

/// The words of a line as a shell makes them, up to what is no argument any more.
fn words(line: &str) -> Vec<String> {
    let line = line.replace(['[', ']'], "");
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in placeholders_filled(&line).chars() {
        match (c, quote) {
            ('\'' | '"', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            (' ', None) => words.push(String::new()),
            ('#' | '|' | '>' | '<' | '&' | ';', None) => break,
            _ => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|word| !word.is_empty() && word != "…" && word != "2");
    words
}

/// `{name}` of a format string is a value.
fn placeholders_filled(line: &str) -> String {
    let mut parts = line.split('{');
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.split_once('}').map_or(part, |(_, rest)| rest);
        filled.push_str(VALUE);
        filled.push_str(rest);
    }
    filled
}

/// What is between backticks and begins so.
fn spans(text: &str, begin: &str) -> Vec<String> {
    let mut found = Vec::new();
    for paragraph in text.split("\n\n").filter(|text| !text.contains("```")) {
        let mut parts = paragraph.split('`');
        while let (Some(_), Some(code)) = (parts.next(), parts.next()) {
            let code = code.split_whitespace().collect::<Vec<_>>().join(" ");
            found.extend(code.starts_with(begin).then_some(code));
        }
    }
    found
}

/// The lines of a block of a document that call larder; a line that ends in `\` goes on.
fn console_lines(text: &str) -> Vec<String> {
    let joined = text.replace("\\\n", " ");
    let lines = joined.lines().map(str::trim);
    let calls = lines.filter_map(|line| line.strip_prefix("$ "));
    let calls = calls.filter(|line| line.starts_with("larder "));
    calls.map(str::to_owned).collect()
}

/// A source as the text that its strings and comments are.
fn source(text: &str) -> String {
    let lines = text.lines().map(str::trim_start).map(|line| {
        let comment = ["//!", "///", "//"];
        let text = comment.iter().find_map(|start| line.strip_prefix(start));
        text.map_or_else(|| format!("\n{line}\n"), str::to_owned)
    });
    lines.collect::<Vec<_>>().join("\n").replace("\\\"", "\"")
}

fn documents() -> Vec<PathBuf> {
    let mut files = below("docs", "md");
    files.push(root().join("README.md"));
    files
}

fn below(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == extension) {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn shown(file: &Path) -> String {
    file.strip_prefix(root()).unwrap().display().to_string()
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap()
}
