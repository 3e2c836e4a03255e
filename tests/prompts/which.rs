//! A command without the name that it needs: the names are offered.

use std::fs;
use std::path::Path;

use super::terminal::Terminal;
use super::{ENTER, ESCAPE, fleet_without_sshd, git, is_untouched};

trials![
    a_cache_is_chosen_from_those_there_are,
    a_host_that_serves_is_not_offered_for_removal,
    a_host_and_its_new_name_are_asked_for,
    a_key_is_asked_for_until_it_is_one,
];

const PAI: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIC6zyod7YZ9KOIFb3VhbF7+8hiw6WBXwlpMoplskABVN";

fn inventory(dir: &Path) -> String {
    fs::read_to_string(dir.join("larder.toml")).unwrap()
}

/// `kalaw` serves; that it is wired does not matter here.
pub(super) fn with_a_cache() -> tempfile::TempDir {
    let dir = fleet_without_sshd();
    let text = inventory(dir.path()) + "\n[caches.kalaw]\nclients = []\nenable-sshd = true\n";
    fs::write(dir.path().join("larder.toml"), text).unwrap();
    git(
        dir.path(),
        &["commit", "-q", "-a", "--amend", "-m", "fleet"],
    );
    dir
}

fn a_cache_is_chosen_from_those_there_are() {
    let dir = with_a_cache();
    let mut terminal = Terminal::start(dir.path(), &["remove-cache"]);
    terminal.expect("which cache goes?");
    terminal.expect("❯ kalaw");
    terminal.send(ENTER);
    terminal.expect("apply these changes?");
    terminal.send(b"y");
    assert_eq!(terminal.end(), 0, "{}", terminal.screen.screen().contents());
    assert!(!inventory(dir.path()).contains("caches"));
}

fn a_host_that_serves_is_not_offered_for_removal() {
    let dir = with_a_cache();
    let mut terminal = Terminal::start(dir.path(), &["remove-host"]);
    terminal.expect("which host goes?");
    terminal.expect("❯ amber");
    assert!(!terminal.shows("kalaw"));
    terminal.send(ESCAPE);
    assert_eq!(terminal.end(), 1);
    assert!(is_untouched(dir.path()));
}

fn a_host_and_its_new_name_are_asked_for() {
    let dir = fleet_without_sshd();
    let mut terminal = Terminal::start(dir.path(), &["rename-host"]);
    terminal.expect("which host gets another name?");
    terminal.send(b"pai");
    terminal.expect("❯ pai");
    terminal.send(ENTER);
    terminal.expect("its new name");
    terminal.send(b"rangoon\r");
    terminal.expect("apply these changes?");
    terminal.send(b"y");
    assert_eq!(terminal.end(), 0, "{}", terminal.screen.screen().contents());
    assert!(inventory(dir.path()).contains("[hosts.rangoon]"));
}

fn a_key_is_asked_for_until_it_is_one() {
    let dir = fleet_without_sshd();
    let mut terminal = Terminal::start(dir.path(), &["keys", "set"]);
    terminal.expect("whose key?");
    terminal.send(b"pai");
    terminal.expect("❯ pai");
    terminal.send(ENTER);
    terminal.expect("host key or signing key of `pai`");
    terminal.send(b"nonsense\r");
    terminal.expect("neither");
    terminal.send(format!("{PAI}\r").as_bytes());
    terminal.expect("apply these changes?");
    terminal.send(b"y");
    assert_eq!(terminal.end(), 0, "{}", terminal.screen.screen().contents());
    assert!(inventory(dir.path()).contains(PAI));
}
