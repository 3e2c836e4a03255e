//! Prompts on a real pseudo-terminal: what the user sees, and that breaking off
//! leaves everything untouched and the cursor visible.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests touch the world, and fail where it does not answer"
)]

use std::fs;
use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

const ROWS: NonZero<u16> = NonZero::new(60).unwrap();
const COLUMNS: NonZero<u16> = NonZero::new(120).unwrap();
const ENTER: &[u8] = b"\r";
const ESCAPE: &[u8] = b"\x1b";
const CTRL_C: &[u8] = b"\x03";

/// Longer than any prompt takes; only a prompt that never comes waits for it.
const PATIENCE: Duration = Duration::from_secs(30);

/// A program on a terminal, and the screen that its user sees.
struct Terminal {
    output: Receiver<Vec<u8>>,
    input: Box<dyn Write + Send>,
    child: Box<dyn portable_pty::Child + Send + Sync>,
    screen: vt100::Parser,
}

impl Terminal {
    fn start(dir: &Path, args: &[&str]) -> Self {
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
        // Without Nix nobody is asked whether to ask it.
        command.env("PATH", dir);
        command.env("HOME", dir);
        command.env("TERM", "xterm-256color");
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
    fn expect(&mut self, text: &str) {
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

    fn send(&mut self, keys: &[u8]) {
        self.input.write_all(keys).expect("the terminal takes keys");
        self.input.flush().expect("the terminal takes keys");
    }

    /// Waits for the end; the exit code comes back.
    fn end(&mut self) -> u32 {
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

impl Drop for Terminal {
    fn drop(&mut self) {
        // It has ended already, unless the test has failed.
        drop(self.child.kill());
    }
}

fn git(dir: &Path, args: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org"])
        .args(args)
        .current_dir(dir)
        .output()
        .expect("git runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("git prints text")
}

/// Two hosts, one of which has no file that is clearly its own.
fn fleet() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let flake = r#"{
  outputs =
    { nixpkgs, shared, ... }:
    {
      nixosConfigurations = {
        pai = nixpkgs.lib.nixosSystem { modules = [ ./pai.nix ]; };
        kalaw = nixpkgs.lib.nixosSystem { modules = shared.modulesOf "kalaw"; };
      };
    };
}
"#;
    fs::write(dir.path().join("flake.nix"), flake).unwrap();
    fs::write(dir.path().join("pai.nix"), "{ }\n").unwrap();
    fs::write(dir.path().join("server.nix"), "{ }\n").unwrap();
    fs::write(
        dir.path().join("modules.nix"),
        "{ server = ./server.nix; }\n",
    )
    .unwrap();
    git(dir.path(), &["init", "-q", "-b", "main"]);
    git(dir.path(), &["config", "user.name", "Ada"]);
    git(dir.path(), &["config", "user.email", "ada@example.org"]);
    git(dir.path(), &["add", "."]);
    git(dir.path(), &["commit", "-q", "-m", "fleet"]);
    dir
}

fn is_untouched(dir: &Path) -> bool {
    git(dir, &["status", "--porcelain"]).is_empty()
        && git(dir, &["log", "--format=%s"]).trim() == "fleet"
}

#[test]
fn an_unclear_module_is_asked_for_and_the_change_confirmed() {
    let dir = fleet();
    let mut terminal = Terminal::start(dir.path(), &["init"]);
    terminal.expect("which file is the module of `kalaw`?");
    terminal.send(b"another");
    terminal.expect("❯ another file");
    terminal.send(ENTER);
    terminal.send(b"server.nix");
    terminal.send(ENTER);
    terminal.expect("apply these changes?");
    terminal.send(b"y");
    assert_eq!(terminal.end(), 0, "{}", terminal.screen.screen().contents());
    let inventory = fs::read_to_string(dir.path().join("larder.toml")).unwrap();
    assert!(inventory.contains("module = \"server.nix\""), "{inventory}");
    assert!(git(dir.path(), &["status", "--porcelain"]).is_empty());
}

#[test]
fn escape_in_a_menu_leaves_everything_untouched() {
    let dir = fleet();
    let mut terminal = Terminal::start(dir.path(), &["init"]);
    terminal.expect("which file is the module of `kalaw`?");
    terminal.send(ESCAPE);
    assert_eq!(terminal.end(), 1);
    assert!(
        terminal
            .screen
            .screen()
            .contents()
            .contains("nothing was written")
    );
    assert!(
        !terminal.screen.screen().hide_cursor(),
        "the cursor is hidden"
    );
    assert!(is_untouched(dir.path()));
}

#[test]
fn ctrl_c_in_a_menu_leaves_everything_untouched() {
    let dir = fleet();
    let mut terminal = Terminal::start(dir.path(), &["init"]);
    terminal.expect("which file is the module of `kalaw`?");
    terminal.send(CTRL_C);
    assert_eq!(terminal.end(), 1);
    assert!(
        !terminal.screen.screen().hide_cursor(),
        "the cursor is hidden"
    );
    assert!(is_untouched(dir.path()));
}

/// Between two keys dialoguer leaves the raw mode: many keys at once meet the
/// prompt there, and so does a Ctrl-C among them.
#[test]
fn ctrl_c_right_behind_other_keys_is_not_lost() {
    for keys in [
        &b"k\x03"[..],
        b"kalaw\x03",
        b"\x7f\x7f\x03",
        b"\t\t\t\t\x03",
    ] {
        let dir = fleet();
        let mut terminal = Terminal::start(dir.path(), &["init"]);
        terminal.expect("which file is the module of `kalaw`?");
        for key in keys {
            terminal.send(&[*key]);
        }
        assert_eq!(terminal.end(), 1);
        assert!(is_untouched(dir.path()));
    }
}

#[test]
fn ctrl_c_in_a_text_field_leaves_everything_untouched() {
    let dir = fleet();
    let mut terminal = Terminal::start(dir.path(), &["init"]);
    terminal.expect("which file is the module of `kalaw`?");
    terminal.send(b"another");
    terminal.expect("❯ another file");
    terminal.send(ENTER);
    terminal.expect("which file");
    terminal.send(CTRL_C);
    assert_eq!(terminal.end(), 1);
    assert!(
        !terminal.screen.screen().hide_cursor(),
        "the cursor is hidden"
    );
    assert!(is_untouched(dir.path()));
}

#[test]
fn a_no_at_the_end_leaves_everything_untouched() {
    let dir = fleet();
    let args = ["init", "--module", "kalaw=server.nix"];
    let mut terminal = Terminal::start(dir.path(), &args);
    terminal.expect("apply these changes?");
    terminal.send(b"n");
    assert_eq!(terminal.end(), 1);
    assert!(is_untouched(dir.path()));
}

/// An editor saves another file while larder waits for the answer: that is not lost,
/// and no part of the commit.
#[test]
fn a_file_that_is_saved_at_the_prompt_is_not_lost() {
    let dir = fleet();
    let args = ["init", "--module", "kalaw=server.nix"];
    let mut terminal = Terminal::start(dir.path(), &args);
    terminal.expect("apply these changes?");
    let saved = fs::read_to_string(dir.path().join("flake.nix")).unwrap() + "# mine\n";
    fs::write(dir.path().join("flake.nix"), &saved).unwrap();
    terminal.send(b"y");
    assert_eq!(terminal.end(), 0, "{}", terminal.screen.screen().contents());
    assert_eq!(
        fs::read_to_string(dir.path().join("flake.nix")).unwrap(),
        saved
    );
    assert_eq!(
        git(dir.path(), &["status", "--porcelain"]),
        " M flake.nix\n"
    );
}

/// Another larder commits while a person thinks: the plan is made again on what is
/// there now, and shown again.
#[test]
fn a_plan_that_came_out_different_is_shown_again() {
    let dir = fleet();
    let mut terminal = Terminal::start(dir.path(), &["init", "--module", "kalaw=server.nix"]);
    terminal.expect("apply these changes?");
    terminal.send(b"y");
    assert_eq!(terminal.end(), 0);
    let mut terminal = Terminal::start(
        dir.path(),
        &["add-host", "bagan", "--system", "x86_64-linux"],
    );
    terminal.expect("apply these changes?");
    let other = Command::new(env!("CARGO_BIN_EXE_larder"))
        .args(["add-host", "kea", "--system", "x86_64-linux", "--yes"])
        .current_dir(dir.path())
        .output()
        .unwrap();
    assert!(other.status.success(), "{other:?}");
    terminal.send(b"y");
    terminal.expect("the repository changed meanwhile; this is the change now");
    terminal.send(b"y");
    assert_eq!(terminal.end(), 0, "{}", terminal.screen.screen().contents());
    let inventory = git(dir.path(), &["show", "HEAD:larder.toml"]);
    assert!(
        inventory.contains("[hosts.kea]") && inventory.contains("[hosts.bagan]"),
        "{inventory}"
    );
    assert!(git(dir.path(), &["status", "--porcelain"]).is_empty());
}

/// The file that larder would change is saved meanwhile: it is left as it was saved.
#[test]
fn a_target_that_is_saved_at_the_prompt_is_left_alone() {
    let dir = fleet();
    let mut terminal = Terminal::start(dir.path(), &["init", "--module", "kalaw=server.nix"]);
    terminal.expect("apply these changes?");
    terminal.send(b"y");
    assert_eq!(terminal.end(), 0);
    let args = ["add-host", "bagan", "--system", "x86_64-linux"];
    let mut terminal = Terminal::start(dir.path(), &args);
    terminal.expect("apply these changes?");
    let mine = fs::read_to_string(dir.path().join("flake.nix")).unwrap() + "# mine\n";
    fs::write(dir.path().join("flake.nix"), &mine).unwrap();
    terminal.send(b"y");
    assert_eq!(terminal.end(), 1, "{}", terminal.screen.screen().contents());
    let screen = terminal.screen.screen().contents();
    assert!(
        screen.contains("`flake.nix` has changes that are not committed"),
        "{screen}"
    );
    assert_eq!(
        fs::read_to_string(dir.path().join("flake.nix")).unwrap(),
        mine
    );
    assert_eq!(
        git(dir.path(), &["status", "--porcelain"]),
        " M flake.nix\n"
    );
}
