//! A dialogue as a list of questions: each is explained, refuses what is wrong and takes what
//! is right; and who breaks off at it leaves everything as it was.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::terminal::Terminal;
use super::{CTRL_C, git};

/// How a question is answered.
#[derive(Clone, Copy)]
pub(crate) enum QuestionKind {
    /// By one key.
    YesNo,
    /// By a line.
    Line,
    /// By words that filter, and Enter.
    Menu,
    /// By ticks, and Enter.
    Ticks,
}

impl QuestionKind {
    /// The keys that ask for an explanation; those of ticks take the tick away again.
    fn why(self) -> &'static str {
        match self {
            Self::YesNo => "?",
            Self::Line | Self::Menu => "?\r",
            Self::Ticks => "k \r",
        }
    }

    /// The keys of an answer.
    fn keys(self, answer: &str) -> String {
        match self {
            Self::YesNo => answer.to_owned(),
            Self::Line | Self::Menu | Self::Ticks => format!("{answer}\r"),
        }
    }
}

/// One question.
pub(crate) struct Exchange {
    pub(crate) kind: QuestionKind,
    /// A part of its text.
    pub(crate) text: &'static str,
    /// A part of its explanation.
    pub(crate) why: &'static str,
    /// A wrong answer, and a part of what is said of it.
    pub(crate) wrong: Option<(&'static str, &'static str)>,
    pub(crate) answer: String,
}

/// Where a dialogue takes place: the folder goes with this, and so does what it needs.
pub(crate) struct Place {
    pub(crate) repo: PathBuf,
    pub(crate) environment: Vec<(&'static str, String)>,
    pub(crate) needs: Vec<Box<dyn Send>>,
}

/// A command, and all that it asks.
pub(crate) struct Dialogue {
    pub(crate) place: fn() -> Place,
    pub(crate) args: Vec<String>,
    pub(crate) asked: Vec<Exchange>,
}

impl Dialogue {
    /// Goes through it once to the end, and once up to each question.
    pub(crate) fn check(&self) {
        self.go_through();
        for last in 0..self.asked.len() {
            self.break_off_at(last);
        }
    }

    fn go_through(&self) {
        let place = (self.place)();
        let mut terminal = self.start(&place);
        for asked in &self.asked {
            terminal.expect(asked.text);
            terminal.send(asked.kind.why().as_bytes());
            terminal.expect(asked.why);
            if let Some((answer, reply)) = asked.wrong {
                terminal.send(asked.kind.keys(answer).as_bytes());
                terminal.expect(reply);
            }
            terminal.send(asked.kind.keys(&asked.answer).as_bytes());
        }
        assert_eq!(terminal.end(), 0, "{}", terminal.screen.screen().contents());
    }

    fn break_off_at(&self, last: usize) {
        let place = (self.place)();
        let before = state(&place.repo);
        let mut terminal = self.start(&place);
        for asked in &self.asked[..last] {
            terminal.expect(asked.text);
            terminal.send(asked.kind.keys(&asked.answer).as_bytes());
        }
        let text = self.asked[last].text;
        terminal.expect(text);
        terminal.send(CTRL_C);
        assert_eq!(terminal.end(), 1, "at `{text}`");
        let screen = terminal.screen.screen();
        assert!(!screen.hide_cursor(), "the cursor is hidden at `{text}`");
        let shown = screen.contents();
        assert!(shown.contains("nothing was written"), "{shown}");
        let after = state(&place.repo);
        let is_same = |(path, bytes): &(&PathBuf, &Vec<u8>)| before.get(*path) == Some(*bytes);
        let changed: Vec<_> = after.iter().filter(|file| !is_same(file)).collect();
        assert!(changed.is_empty(), "Ctrl-C at `{text}` changes {changed:?}");
        assert_eq!(after.len(), before.len(), "Ctrl-C at `{text}` deletes");
    }

    fn start(&self, place: &Place) -> Terminal {
        let args: Vec<&str> = self.args.iter().map(String::as_str).collect();
        let own = [("PATH", place.repo.to_str().unwrap())];
        let given = place.environment.iter();
        let given: Vec<(&str, &str)> = given.map(|(name, value)| (*name, value.as_str())).collect();
        Terminal::with(&place.repo, &args, &[&own[..], &given].concat())
    }
}

/// Every file of the work tree, the newest commit and the index.
fn state(repo: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    read(repo, &mut files);
    let commits = git(repo, &["log", "--all", "--format=%H"]);
    files.insert("commits".into(), commits.into_bytes());
    let index = git(repo, &["ls-files", "--stage", "--debug"]);
    let index = index.lines().filter(|line| !line.starts_with(' '));
    let index: Vec<&str> = index.collect();
    files.insert("index".into(), index.join("\n").into_bytes());
    files
}

fn read(folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != ".git") {
                read(&path, files);
            }
            continue;
        }
        files.insert(path.clone(), fs::read(path).unwrap());
    }
}
