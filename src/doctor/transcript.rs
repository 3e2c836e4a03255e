//! What a machine has answered, as the scripts of `io::doctor` print it.

use crate::key::looks_private;

/// The output of one command on a machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The exit code; `None`: the script ended before the command did.
    pub(super) status: Option<i32>,
    /// The lines of standard output.
    pub(super) output: Vec<String>,
    /// The lines of standard error.
    pub(super) errors: Vec<String>,
}

/// The named answers of a machine, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transcript {
    answers: Vec<(String, Answer)>,
}

impl Answer {
    /// True if the command ended without an error.
    pub(super) fn is_success(&self) -> bool {
        self.status == Some(0)
    }

    /// The first line of the output.
    pub(super) fn first(&self) -> Option<&str> {
        self.output.first().map(String::as_str)
    }

    /// The first line of standard error that contains one of these words.
    pub(super) fn error_with(&self, words: &[&str]) -> Option<&str> {
        let mut lines = self.errors.iter().map(String::as_str);
        lines.find(|line| words.iter().any(|word| line.contains(word)))
    }
}

impl Transcript {
    /// Reads the output of a script. Lines that belong to no answer, as a shell's greeting
    /// prints them, are left out; so is any line that may be a secret, and all of a private
    /// key, to its end or the next answer.
    pub fn parse(text: &str) -> Self {
        let mut answers: Vec<(String, Answer)> = Vec::new();
        let mut is_inside_key = false;
        for line in text.lines() {
            if is_secret(line) {
                is_inside_key = line.contains(KEY_BEGIN);
                continue;
            }
            is_inside_key &= !line.starts_with('=');
            if is_inside_key {
                continue;
            }
            if let Some(name) = line.strip_prefix('=') {
                answers.push((name.to_owned(), Answer::default()));
            } else if let Some((_, answer)) = answers.last_mut() {
                add(answer, line);
            }
        }
        Self { answers }
    }

    /// True if nothing was answered.
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }

    /// The answer of this name.
    pub(super) fn get(&self, name: &str) -> Option<&Answer> {
        let mut named = self.answers.iter().filter(|(key, _)| key == name);
        named.next().map(|(_, answer)| answer)
    }

    /// Every answer of this name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Answer> {
        let named = self.answers.iter().filter(move |(key, _)| key == name);
        named.map(|(_, answer)| answer)
    }

    /// The output of the answer of this name; nothing where there is none.
    pub(super) fn output(&self, name: &str) -> &[String] {
        self.get(name).map_or(&[], |answer| &answer.output)
    }

    /// The parts that begin with an answer of this name.
    pub(super) fn parts(&self, name: &str) -> Vec<Self> {
        let mut parts: Vec<Self> = Vec::new();
        for (key, answer) in &self.answers {
            if key == name {
                parts.push(Self::default());
            }
            if let Some(part) = parts.last_mut() {
                part.answers.push((key.clone(), answer.clone()));
            }
        }
        parts
    }
}

/// The line with which a private key begins has this, whatever the format.
const KEY_BEGIN: &str = "-----BEGIN";

/// The scripts print no private key. If a program of the machine does, it goes no further.
fn is_secret(line: &str) -> bool {
    line.contains("PRIVATE KEY-----") || looks_private(line).is_some()
}

fn add(answer: &mut Answer, line: &str) {
    match line.split_at_checked(1) {
        Some((" ", text)) => answer.output.push(text.trim_end().to_owned()),
        Some(("!", text)) => answer.errors.push(text.trim_end().to_owned()),
        Some(("?", code)) => answer.status = code.parse().ok(),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_have_output_errors_and_a_status() {
        let text = "Welcome!\n=a\n one\n two\n!bad\n?3\n=b\n?0\n";
        let transcript = Transcript::parse(text);
        let answer = transcript.get("a").unwrap();
        assert_eq!(answer.output, ["one", "two"]);
        assert_eq!(answer.errors, ["bad"]);
        assert_eq!(answer.status, Some(3));
        assert!(transcript.get("b").unwrap().is_success());
        assert_eq!(transcript.get("c"), None);
    }

    #[test]
    fn a_private_key_is_left_out() {
        let key = " -----BEGIN OPENSSH PRIVATE KEY-----\n c2VjcmV0\n";
        let whole = format!("=a\n{key} -----END OPENSSH PRIVATE KEY-----\n x\n?0\n=b\n y\n");
        let transcript = Transcript::parse(&whole);
        assert_eq!(transcript.output("a"), ["x"]);
        assert_eq!(transcript.output("b"), ["y"]);
        let cut_off = Transcript::parse(&format!("=a\n{key}?0\n=b\n y\n"));
        assert!(cut_off.output("a").is_empty());
        assert_eq!(cut_off.output("b"), ["y"]);
    }

    #[test]
    fn parts_begin_with_their_name() {
        let parts = Transcript::parse("=x\n=link\n a\n=ssh\n b\n=link\n c\n").parts("link");
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[0].output("ssh"), ["b"]);
        assert_eq!(parts[1].output("link"), ["c"]);
    }
}
