//! What is on the screen when larder asks whether to write.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::terminal::Terminal;
use super::{CTRL_C, ENTER, fleet, git, is_untouched};

trials![
    a_long_difference_is_shown_in_the_pager,
    ctrl_c_in_the_pager_ends_the_pager_alone,
    a_short_difference_needs_no_pager,
    a_pager_that_is_not_there_is_no_obstacle,
    quiet_shows_what_is_asked_about,
];

const HOSTS: usize = 30;

/// So many hosts that the new inventory is longer than the screen.
fn many_hosts() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let mut hosts = String::new();
    for at in 0..HOSTS {
        let host = format!("    h{at} = nixpkgs.lib.nixosSystem {{ modules = [ ./h{at}.nix ]; }};");
        writeln!(hosts, "{host}").unwrap();
        fs::write(dir.path().join(format!("h{at}.nix")), "{ }\n").unwrap();
    }
    let flake = format!(
        "{{\n  outputs = {{ nixpkgs, ... }}: {{\n    nixosConfigurations = {{\n{hosts}    }};\n  }};\n}}\n"
    );
    fs::write(dir.path().join("flake.nix"), flake).unwrap();
    git(dir.path(), &["init", "-q", "-b", "main"]);
    git(dir.path(), &["config", "user.name", "Ada"]);
    git(dir.path(), &["config", "user.email", "ada@example.org"]);
    git(dir.path(), &["add", "."]);
    git(dir.path(), &["commit", "-q", "-m", "fleet"]);
    dir
}

/// A pager of shell words alone: it says how much it was given, and waits for Enter.
const PAGER: &str = "n=0; while IFS= read -r line; do n=$((n + 1)); done; \
                     echo \"the pager has $n lines\"; read -r key < /dev/tty";

fn start(dir: &Path, args: &[&str], pager: &str) -> Terminal {
    let path = dir.to_string_lossy();
    Terminal::with(dir, args, &[("PATH", &path), ("PAGER", pager)])
}

fn a_long_difference_is_shown_in_the_pager() {
    let dir = many_hosts();
    let mut terminal = start(dir.path(), &["init"], PAGER);
    terminal.expect("the pager has ");
    let shown = terminal.screen.screen().contents();
    assert!(!shown.contains("apply these changes?"), "{shown}");
    terminal.send(ENTER);
    terminal.expect("apply these changes?");
    terminal.send(b"n");
    assert_eq!(terminal.end(), 1);
    assert!(is_untouched(dir.path()));
}

fn ctrl_c_in_the_pager_ends_the_pager_alone() {
    let dir = many_hosts();
    let mut terminal = start(dir.path(), &["init"], PAGER);
    terminal.expect("the pager has ");
    terminal.send(CTRL_C);
    terminal.expect("apply these changes?");
    terminal.send(b"n");
    assert_eq!(terminal.end(), 1);
}

fn a_short_difference_needs_no_pager() {
    let dir = fleet();
    let args = ["init", "--module", "kalaw=server.nix"];
    let mut terminal = start(dir.path(), &args, PAGER);
    terminal.expect("apply these changes?");
    let shown = terminal.screen.screen().contents();
    assert!(shown.contains("+[hosts.kalaw]"), "{shown}");
    terminal.send(b"n");
    assert_eq!(terminal.end(), 1);
}

fn a_pager_that_is_not_there_is_no_obstacle() {
    let dir = many_hosts();
    let mut terminal = start(dir.path(), &["init"], "no-such-pager");
    terminal.expect("apply these changes?");
    let shown = terminal.screen.screen().contents();
    assert!(shown.contains("+[hosts.h9]"), "{shown}");
    terminal.send(b"n");
    assert_eq!(terminal.end(), 1);
}

fn quiet_shows_what_is_asked_about() {
    let dir = fleet();
    let args = ["init", "--quiet", "--module", "kalaw=server.nix"];
    let mut terminal = start(dir.path(), &args, PAGER);
    terminal.expect("apply these changes?");
    let shown = terminal.screen.screen().contents();
    assert!(shown.contains("+[hosts.kalaw]"), "{shown}");
    terminal.send(b"n");
    assert_eq!(terminal.end(), 1);
}
