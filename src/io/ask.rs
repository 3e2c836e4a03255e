//! The answers to the questions of a verb: from a user at a terminal, the system's random
//! source, and the files and hosts that the command line names.

#![expect(
    clippy::disallowed_methods,
    reason = "io reads files and looks at the environment"
)]

use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use dialoguer::console::Term;
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{FuzzySelect, Input, MultiSelect};
use ssh_key::rand_core::{OsRng, RngCore};

use super::machines;
use super::nix_cli::{self, NixCli};
use super::pager::Pager;
use super::program::Program;
use super::prompt::{self, confirm};
use super::screen::Screen;
use super::signal;
use super::web;
use super::workspace::Workspace;
use crate::cli::Global;
use crate::command::{Ask, AskNix, KeyPlace, LocalKey, Question, Reply, ThisMachine};
use crate::diagnostic::{Diagnostic, Stop};
use crate::flake::NixAnswer;
use crate::fleet::{HOST_KEY_PUB, Host, known_host_name};
use crate::repo::RepoPath;

/// The real world behind [`Ask`].
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says something of its own about this run"
)]
pub struct Terminal<'a> {
    workspace: &'a Workspace,
    screen: Screen,
    start: PathBuf,
    /// A user can be asked.
    is_interactive: bool,
    /// Where standard input is no terminal, there may be one to ask at.
    has_screen: bool,
    /// `--yes`: what need not be answered is not asked.
    yes: bool,
    dry_run: bool,
    theme: Box<dyn Theme>,
}

impl<'a> Terminal<'a> {
    /// A user can be asked if standard input and standard error, where prompts go, are
    /// terminals, and `--json` is not given.
    pub fn new(global: &Global, workspace: &'a Workspace) -> Self {
        let is_interactive =
            !global.json && std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        let screen = Screen::new(global, "");
        let theme: Box<dyn Theme> = if screen.prompts_in_colour() {
            Box::new(ColorfulTheme::default())
        } else {
            Box::new(SimpleTheme)
        };
        Self {
            workspace,
            screen,
            start: global.start(),
            is_interactive,
            has_screen: !global.json && std::io::stderr().is_terminal(),
            yes: global.yes,
            dry_run: global.dry_run,
            theme,
        }
    }

    /// The pager for what the user is to judge.
    pub fn pager(&self) -> Option<Pager> {
        Pager::of(self.workspace)
    }

    /// Standard input was a pipe and is used up: the user who is there all the same is
    /// asked at the terminal itself.
    fn take_terminal(&mut self) {
        let terminal = || {
            std::fs::File::options()
                .read(true)
                .write(true)
                .open("/dev/tty")
        };
        if self.is_interactive || !self.has_screen {
            return;
        }
        self.is_interactive = terminal().is_ok_and(|tty| rustix::stdio::dup2_stdin(&tty).is_ok());
    }

    fn require_user(&self, question: Question<'_>) -> Result<(), Stop> {
        if self.is_interactive {
            Ok(())
        } else {
            Err(question.unanswered())
        }
    }
}

impl Ask for Terminal<'_> {
    fn has_person(&self) -> bool {
        self.is_interactive
    }

    fn takes_offers(&self) -> bool {
        self.is_interactive && !self.yes
    }

    fn is_unattended(&self) -> bool {
        self.yes && !self.dry_run
    }

    fn choose(
        &mut self,
        question: Question<'_>,
        options: &[String],
        first: usize,
    ) -> Result<usize, Stop> {
        self.require_user(question)?;
        loop {
            let select = FuzzySelect::with_theme(&*self.theme)
                .with_prompt(format!("{} (typing filters)", question.text))
                .items(options)
                .item(WHY_ITEM)
                .default(first);
            let chosen = prompt::run(|| select.interact_on_opt(&Term::stderr()))?;
            if chosen < options.len() {
                return Ok(chosen);
            }
            self.say(&question.explanation())?;
        }
    }

    fn choose_many(
        &mut self,
        question: Question<'_>,
        options: &[String],
        ticked: &[usize],
    ) -> Result<Vec<usize>, Stop> {
        self.require_user(question)?;
        let is_ticked: Vec<bool> = (0..options.len()).map(|at| ticked.contains(&at)).collect();
        loop {
            let select = MultiSelect::with_theme(&*self.theme)
                .with_prompt(question.text)
                .items(options)
                .item(WHY_ITEM)
                .defaults(&is_ticked);
            let chosen = prompt::run(|| select.interact_on_opt(&Term::stderr()))?;
            if !chosen.contains(&options.len()) {
                return Ok(chosen);
            }
            self.say(&question.explanation())?;
        }
    }

    fn line(
        &mut self,
        question: Question<'_>,
        default: Option<&str>,
        valid: &dyn Fn(&str) -> Result<(), String>,
    ) -> Result<String, Stop> {
        self.require_user(question)?;
        loop {
            let input = Input::<String>::with_theme(&*self.theme)
                .with_prompt(question.text)
                .validate_with(|line: &String| match line.trim() {
                    WHY => Ok(()),
                    line => valid(line),
                });
            let input = match default {
                Some(default) => input.default(default.to_owned()),
                None => input,
            };
            let line = prompt::run(|| input.interact_text_on(&Term::stderr()).map(Some))?;
            if line.trim() != WHY {
                return Ok(line.trim().to_owned());
            }
            self.say(&question.explanation())?;
        }
    }

    fn reject(&mut self, why: &[Diagnostic]) -> Result<(), Stop> {
        self.screen.stop(&Stop::Refused(why.to_vec()));
        Ok(())
    }

    fn say(&mut self, sentence: &str) -> Result<(), Stop> {
        self.screen.status(sentence)
    }

    fn confirm(&mut self, question: Question<'_>, default: bool) -> Result<bool, Stop> {
        self.require_user(question)?;
        loop {
            let key = prompt::run(|| confirm::ask(&*self.theme, question.text, default))?;
            match key {
                confirm::Answer::Said(yes) => return Ok(yes),
                confirm::Answer::Why => self.say(&question.explanation())?,
            }
        }
    }

    fn has_nix(&self) -> bool {
        nix_cli::is_installed()
    }

    fn nix(
        &mut self,
        limits: AskNix,
        open: &dyn Fn(&[String]) -> Vec<String>,
    ) -> Result<NixAnswer, Stop> {
        let has_git = self.workspace.repo()?.has_git();
        let nix = NixCli::new(self.workspace, has_git, limits.into())?;
        self.screen.progress("asking Nix for the hosts");
        let names = nix.names()?;
        let wanted = open(&names);
        let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
        let hosts = nix.modules(&wanted, &|line| self.screen.progress(line))?;
        Ok(NixAnswer { names, hosts })
    }

    fn seed(&mut self) -> Result<[u8; 32], Stop> {
        let mut seed = [0; 32];
        OsRng
            .try_fill_bytes(&mut seed)
            .map_err(super::fault("the system has no random numbers"))?;
        Ok(seed)
    }

    fn read(&mut self, file: &str) -> Result<String, Stop> {
        let mut text = String::new();
        let read = match file {
            "-" => std::io::stdin()
                .take(MAX_KEY_FILE)
                .read_to_string(&mut text),
            _ => std::fs::File::open(self.start.join(home_expanded(file)))
                .and_then(|open| open.take(MAX_KEY_FILE).read_to_string(&mut text)),
        };
        read.map_err(|error| unreadable(file, &error))?;
        if file == "-" {
            self.take_terminal();
        }
        Ok(text)
    }

    fn this_machine(&mut self) -> Option<ThisMachine> {
        let name = rustix::system::uname().nodename().to_str().ok()?.to_owned();
        let host_key = std::fs::read_to_string(HOST_KEY_PUB).ok()?;
        Some(ThisMachine { name, host_key })
    }

    fn known_host(&mut self, address: &str, port: u16) -> Option<String> {
        let name = known_host_name(address, port);
        let own = home_expanded("~/.ssh/known_hosts");
        let files = [own, PathBuf::from("/etc/ssh/ssh_known_hosts")];
        files.iter().find_map(|file| known_line(&name, file))
    }

    fn known_host_in(&mut self, text: &str, address: &str, port: u16) -> Option<String> {
        let name = known_host_name(address, port);
        let found = lines_for(&name, Path::new("/dev/stdin"), text)?;
        let key = best_line(&found)?;
        let revoked = found.lines().filter(|line| line.starts_with("@revoked"));
        let lines: Vec<&str> = [key].into_iter().chain(revoked).collect();
        Some(lines.join("\n"))
    }

    fn scan(&mut self, machines: &[&Host]) -> Result<Vec<Reply>, Stop> {
        signal::watch();
        self.screen.progress(&machines::asking(machines));
        machines::host_keys(machines)
    }

    fn fetch(&mut self, wanted: &[(&Host, Vec<String>)], lines: usize) -> Result<Vec<Reply>, Stop> {
        let machines: Vec<&Host> = wanted.iter().map(|(host, _)| *host).collect();
        self.screen.progress(&machines::asking(&machines));
        machines::first_lines(wanted, lines)
    }

    fn run(&mut self, wanted: &[(&Host, String)]) -> Result<Vec<Reply>, Stop> {
        let machines: Vec<&Host> = wanted.iter().map(|(host, _)| *host).collect();
        self.screen.progress(&machines::asking(&machines));
        machines::outputs(wanted)
    }

    fn web(&mut self, url: &str) -> Result<Reply, Stop> {
        self.screen.progress(&format!("asking `{url}`"));
        web::text(url)
    }

    fn place(&mut self, file: &str) -> Result<KeyPlace, Stop> {
        self.workspace.new_key_path(&self.start, Path::new(file))
    }

    fn local_keys(&mut self) -> Result<Vec<LocalKey>, Stop> {
        self.workspace.local_keys()
    }

    fn committed(&mut self, path: &RepoPath) -> Result<Option<String>, Stop> {
        self.workspace.committed(path)
    }
}

/// A line for this name, hashed or not; `ssh-keygen` reads the file as ssh does.
fn known_line(name: &str, file: &Path) -> Option<String> {
    let found = lines_for(name, file, "")?;
    best_line(&found).map(str::to_owned)
}

/// What ssh-keygen finds for a name in a file, which may be the standard input.
fn lines_for(name: &str, file: &Path, input: &str) -> Option<String> {
    let program = Program::new("ssh-keygen").args([
        "-F".as_ref(),
        name.as_ref(),
        "-f".as_ref(),
        file.as_os_str(),
    ]);
    let capture = program.input(input.as_bytes().to_vec()).run().ok()?;
    Some(capture.stdout_str())
}

fn best_line(found: &str) -> Option<&str> {
    let lines = || found.lines().filter(|line| !line.starts_with(['#', '@']));
    let ed25519 = lines().find(|line| line.contains(" ssh-ed25519 "));
    ed25519.or_else(|| lines().next())
}

/// The answer that asks why it is asked.
const WHY: &str = "?";

/// The entry of a menu that says why it is asked; `?` finds it.
const WHY_ITEM: &str = "? why this is asked";

/// The most bytes that are read of a file with a public key, which is one line.
const MAX_KEY_FILE: u64 = 64 * 1024;

/// The path with `~/` replaced by the home folder: no shell does that at a prompt.
fn home_expanded(file: &str) -> PathBuf {
    let home = std::env::var_os("HOME");
    match (file.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => PathBuf::from(file),
    }
}

fn unreadable(file: &str, error: &std::io::Error) -> Stop {
    Diagnostic::error(
        "file-unreadable",
        format!("`{file}` cannot be read: {error}"),
    )
    .about(file)
    .into()
}
