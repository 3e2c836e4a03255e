//! What the questions in the sources are explained by.
//!
//! `why` of a `Question` is a literal, a constant of its file, or a sentence about a host that
//! `format!` makes. Any other form is refused here, so that none is overlooked.

use std::fs;
use std::path::{Path, PathBuf};

/// A file, and an explanation in it.
pub(super) fn explanations() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["src/command", "src/run", "src/io"] {
        collect(&root.join(folder), &mut files);
    }
    let named = |file: PathBuf| {
        let text = fs::read_to_string(&file).unwrap();
        let name = file.strip_prefix(root).unwrap().display().to_string();
        let texts = in_file(&name, &text);
        texts.into_iter().map(move |text| (name.clone(), text))
    };
    files.into_iter().flat_map(named).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// Its questions are passed on: why they are asked, the makers of a `KeyQuestion` say. The other
/// defines what a question is.
const NOT_HERE: [&str; 2] = ["src/command/key_question.rs", "src/command/ask.rs"];

fn in_file(name: &str, text: &str) -> Vec<String> {
    let questions = text.matches("Question {").count();
    if questions == 0 || NOT_HERE.contains(&name) {
        return Vec::new();
    }
    let given = behind(text, "\n", "why: ").filter_map(|value| given(text, value));
    let made = behind(text, "", "let why = format!(").map(literal);
    let made = made.filter(|_| text.contains("KeyQuestion {"));
    let found: Vec<String> = given.chain(made).collect();
    assert!(
        found.len() >= questions,
        "{name}: {questions} questions, and explanations that can be read: {found:?}"
    );
    found
}

/// What follows each of these words, where they are the first behind `before`.
fn behind<'a>(text: &'a str, before: &'a str, words: &'a str) -> impl Iterator<Item = &'a str> {
    let places = text.match_indices(words);
    let is_first = move |at: usize| text[..at].trim_end_matches(' ').ends_with(before);
    places
        .filter(move |(at, _)| is_first(*at))
        .map(move |(at, words)| text[at + words.len()..].trim_start())
}

/// What a field is set to: a literal, or a constant; a variable is found where it is made.
fn given(text: &str, value: &str) -> Option<String> {
    if value.starts_with('"') {
        return Some(literal(value));
    }
    let name = value.split(',').next()?;
    let start = format!("const {name}: &str = ");
    behind(text, "", &start).next().map(literal)
}

/// The string literal at the start, with lines that are continued as one.
fn literal(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars().skip(1).peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' if chars.peek() == Some(&'\n') => {
                while chars.next_if(|c| c.is_whitespace()).is_some() {}
            }
            '\\' => out.extend(chars.next()),
            c => out.push(c),
        }
    }
    out
}
