//! What a verb may ask of the world.

use super::{AskNix, KeyPlace};
use crate::diagnostic::{Diagnostic, Stop};
use crate::flake::NixAnswer;
use crate::fleet::Host;
use crate::key::PastedKey;
use crate::repo::RepoPath;

/// A question, and the flag that answers it where nobody can be asked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// What is asked, as one line.
    pub text: &'a str,
    /// The flag with a placeholder, as in `--module pai=PATH`.
    pub flag: &'a str,
    /// Why it is asked and what hangs on it, for who answers `?`.
    pub why: &'a str,
}

impl Question<'_> {
    /// The error that stands in for the prompt where there is no terminal.
    pub fn unanswered(&self) -> Stop {
        Diagnostic::error("answer-missing", format!("cannot ask: {}", self.text))
            .help(format!("answer with `{}`", self.flag))
            .into()
    }

    /// What who answers `?` reads.
    pub fn explanation(&self) -> String {
        format!(
            "{} `{}` answers it beforehand. Esc or Ctrl-C ends, and nothing is written.",
            self.why, self.flag
        )
    }
}

/// The world as a command sees it: a person on a terminal in life, a script in
/// tests. Randomness and the files that the user names are answers like any
/// other, so that a plan can be made again from its request.
pub trait Ask {
    /// True if a person can be asked. Without one, every question below is an
    /// error that names its flag.
    fn has_person(&self) -> bool;

    /// True if a person may be asked what need not be answered: not with `--yes`.
    fn takes_offers(&self) -> bool;

    /// True if what is planned is written without that anybody sees it before: `--yes`.
    fn is_unattended(&self) -> bool;

    /// Lets the user choose one of `options`, `first` being preselected.
    ///
    /// # Errors
    /// When nobody can be asked, or the user breaks off.
    fn choose(
        &mut self,
        question: Question<'_>,
        options: &[String],
        first: usize,
    ) -> Result<usize, Stop>;

    /// Lets the user tick any of `options`; those at `ticked` are ticked already.
    ///
    /// # Errors
    /// When nobody can be asked, or the user breaks off.
    fn choose_many(
        &mut self,
        question: Question<'_>,
        options: &[String],
        ticked: &[usize],
    ) -> Result<Vec<usize>, Stop>;

    /// Lets the user type a line until `valid` accepts it; `default` is taken on
    /// an empty line, and a `?` is answered with the question's explanation.
    ///
    /// # Errors
    /// When nobody can be asked, or the user breaks off.
    fn line(
        &mut self,
        question: Question<'_>,
        default: Option<&str>,
        valid: &dyn Fn(&str) -> Result<(), String>,
    ) -> Result<String, Stop>;

    /// Shows a person why an answer cannot be taken, before it is asked for again.
    ///
    /// # Errors
    /// When nothing can be shown any more.
    fn reject(&mut self, why: &[Diagnostic]) -> Result<(), Stop>;

    /// Says a sentence between two questions.
    ///
    /// # Errors
    /// When nothing can be shown any more.
    fn say(&mut self, sentence: &str) -> Result<(), Stop>;

    /// Asks a yes-or-no question.
    ///
    /// # Errors
    /// When nobody can be asked, or the user breaks off.
    fn confirm(&mut self, question: Question<'_>, default: bool) -> Result<bool, Stop>;

    /// True if Nix is on this machine.
    fn has_nix(&self) -> bool;

    /// What Nix says: which hosts the flake has, and the modules of those that
    /// `open` picks.
    ///
    /// # Errors
    /// When Nix is not there, or cannot say.
    fn nix(
        &mut self,
        limits: AskNix,
        open: &dyn Fn(&[String]) -> Vec<String>,
    ) -> Result<NixAnswer, Stop>;

    /// 32 bytes from the system's random source, for a new key.
    ///
    /// # Errors
    /// When the system has none to give.
    fn seed(&mut self) -> Result<[u8; 32], Stop>;

    /// The text of a file that the user named; `-` is standard input.
    ///
    /// # Errors
    /// When it cannot be read.
    fn read(&mut self, file: &str) -> Result<String, Stop>;

    /// This machine's name and its public SSH host key, if it has one.
    fn this_machine(&mut self) -> Option<ThisMachine>;

    /// The host key that known hosts of the user or of the system have for an address, as a
    /// line of that file; an ed25519 one if there are several.
    fn known_host(&mut self, address: &str, port: u16) -> Option<String>;

    /// The lines that the text of a `known_hosts` file has for an address, as ssh finds them,
    /// under hashed names too: the key, an ed25519 one if there are several, and what revokes.
    fn known_host_in(&mut self, text: &str, address: &str, port: u16) -> Option<String>;

    /// The host keys that machines show over the network, as lines of `ssh-keyscan`; one
    /// reply for each machine, in order. By the inventory's address, port and jump host.
    ///
    /// # Errors
    /// When the program cannot be started, or the user breaks off.
    fn scan(&mut self, machines: &[&Host]) -> Result<Vec<Reply>, Stop>;

    /// The first lines of files on machines, over the user's own ssh: as `head -v` prints
    /// them. One reply for each machine, in order.
    ///
    /// # Errors
    /// When ssh cannot be started, or the user breaks off.
    fn fetch(&mut self, wanted: &[(&Host, Vec<String>)], lines: usize) -> Result<Vec<Reply>, Stop>;

    /// The output of a command for `sh` on each machine, over the user's own ssh; one that
    /// fails is no answer.
    ///
    /// # Errors
    /// As [`Ask::fetch`].
    fn run(&mut self, wanted: &[(&Host, String)]) -> Result<Vec<Reply>, Stop>;

    /// The text at a URL, as everybody gets it: without a login.
    ///
    /// # Errors
    /// When curl cannot be started, or the user breaks off.
    fn web(&mut self, url: &str) -> Result<Reply, Stop>;

    /// Where a new file named on the command line would lie, and whether git
    /// would see it there.
    ///
    /// # Errors
    /// When its folder does not exist, or the file is there already.
    fn place(&mut self, file: &str) -> Result<KeyPlace, Stop>;

    /// The private keys in the work tree that git does not track.
    ///
    /// # Errors
    /// When the work tree cannot be read.
    fn local_keys(&mut self) -> Result<Vec<LocalKey>, Stop> {
        Ok(Vec::new())
    }

    /// The text that a file has in the newest commit; `None` if it has none.
    ///
    /// # Errors
    /// When the commit cannot be read.
    fn committed(&mut self, path: &RepoPath) -> Result<Option<String>, Stop>;
}

/// What a machine answered; else why it did not, as a phrase.
pub type Reply = Result<String, String>;

/// The machine that larder runs on.
#[derive(Debug, Clone)]
pub struct ThisMachine {
    /// Its host name.
    pub name: String,
    /// The text of `/etc/ssh/ssh_host_ed25519_key.pub`.
    pub host_key: String,
}

/// A private key in the work tree that git does not track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalKey {
    /// Its file.
    pub path: RepoPath,
    /// Its public half.
    pub public: PastedKey,
}
