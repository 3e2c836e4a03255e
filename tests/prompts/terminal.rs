//! larder on a pseudo-terminal.

use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

const ROWS: NonZero<u16> = NonZero::new(60).unwrap();
const COLUMNS: NonZero<u16> = NonZero::new(120).unwrap();

/// Longer than any prompt takes; only a prompt that never comes waits for it.
const PATIENCE: Duration = Duration::from_mins(2);

/// A program on a terminal, and the screen that its user sees.
pub(crate) struct Terminal {
    output: Receiver<Vec<u8>>,
    input: Box<dyn Write + Send>,
    child: Box<dyn portable_pty::Child + Send + Sync>,
    pub(crate) screen: vt100::Parser,
}

impl Terminal {
    /// larder with these arguments in this folder, and nothing on its PATH: without
    /// Nix nobody is asked whether to ask it.
    pub(crate) fn start(dir: &Path, args: &[&str]) -> Self {
        Self::with(dir, args, &[("PATH", &dir.to_string_lossy())])
    }

    /// As [`Terminal::start`] in `dir/repo`, with real Nix on the PATH and a store of its own
    /// in `dir/nix`.
    pub(crate) fn with_nix(dir: &Path, args: &[&str]) -> Self {
        let environment = nix_environment(dir);
        let environment: Vec<(&str, &str)> = environment
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        Self::with(&dir.join("repo"), args, &environment)
    }

    /// As [`Terminal::start`], in this environment and no other.
    pub(crate) fn with(dir: &Path, args: &[&str], environment: &[(&str, &str)]) -> Self {
        let size = PtySize {
            rows: ROWS.get(),
            cols: COLUMNS.get(),
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system()
            .openpty(size)
            .expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_larder"));
        command.args(args);
        command.cwd(dir);
        command.env_clear();
        command.env("HOME", dir);
        command.env("TERM", "xterm-256color");
        for (name, value) in environment {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).expect("larder starts");
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let input = pair.master.take_writer().expect("a writer");
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let _keeps_the_terminal_open = pair.master;
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let screen = vt100::Parser::new(ROWS, COLUMNS, 500);
        Self {
            output,
            input,
            child,
            screen,
        }
    }

    /// Waits until the screen shows a text.
    pub(crate) fn expect(&mut self, text: &str) {
        let end = Instant::now() + PATIENCE;
        while !self.screen.screen().contents().contains(text) {
            let left = end.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.screen.process(&bytes),
                Err(why) => panic!(
                    "{why}: no `{text}` on:\n{}",
                    self.screen.screen().contents()
                ),
            }
        }
    }

    pub(crate) fn send(&mut self, keys: &[u8]) {
        self.input.write_all(keys).expect("the terminal takes keys");
        self.input.flush().expect("the terminal takes keys");
    }

    /// True if the text is on the screen now.
    pub(crate) fn shows(&self, text: &str) -> bool {
        self.screen.screen().contents().contains(text)
    }

    /// Waits for the end; the exit code comes back.
    pub(crate) fn end(&mut self) -> u32 {
        let status = self.wait();
        while let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(200)) {
            self.screen.process(&bytes);
        }
        status.exit_code()
    }

    /// A prompt that does not end is a failure, not a wait without end.
    fn wait(&mut self) -> portable_pty::ExitStatus {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if let Some(status) = self.child.try_wait().expect("larder can be waited for") {
                return status;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        self.child.kill().expect("larder can be killed");
        panic!("larder goes on, with:\n{}", self.screen.screen().contents());
    }
}

/// Real Nix, with a store of its own in `dir/nix`.
pub(crate) fn nix_environment(dir: &Path) -> Vec<(&'static str, String)> {
    let store = |folder: &str| dir.join("nix").join(folder).display().to_string();
    vec![
        ("PATH", std::env::var("PATH").expect("a PATH")),
        ("HOME", dir.display().to_string()),
        ("NIX_STORE_DIR", store("store")),
        ("NIX_STATE_DIR", store("var")),
        ("NIX_LOG_DIR", store("log")),
        ("NIX_CONFIG", "build-users-group =".to_owned()),
    ]
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It has ended already, unless the test has failed.
        drop(self.child.kill());
    }
}
