//! Nothing turns sshd on, on the host of a new cache: what each answer leads to.

use std::fs;
use std::path::{Path, PathBuf};

use super::terminal::Terminal;
use super::{fleet_without_sshd, git, is_untouched};

trials![
    yes_is_for_keys_only,
    no_is_no,
    it_is_on_elsewhere,
    no_ends_a_sync_too,
    a_cache_written_by_hand_gets_its_answer,
];

fn key(host: &str) -> PathBuf {
    let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keys");
    keys.join(format!("{host}.pub"))
}

fn add_cache(dir: &Path) -> Terminal {
    let keys = ["kalaw", "pai"].map(|host| format!("{host}={}", key(host).display()));
    let signing = fs::read_to_string(key("kalaw").with_extension("signing")).unwrap();
    let args = [
        "add-cache",
        "kalaw",
        "--no-lan",
        "--address",
        "kalaw.lan",
        "--signing-key",
        signing.trim(),
        "--client",
        "pai",
        "--host-key",
        &keys[0],
        "--host-key",
        &keys[1],
    ];
    Terminal::start(dir, &args)
}

/// `kalaw` is a cache, as someone has written it.
fn by_hand(dir: &Path) -> String {
    let path = dir.join("larder.toml");
    let text = fs::read_to_string(&path).unwrap() + "\n[caches.kalaw]\nclients = [\"pai\"]\n";
    fs::write(path, &text).unwrap();
    text
}

fn inventory(dir: &Path) -> String {
    fs::read_to_string(dir.join("larder.toml")).unwrap()
}

const TURN_IT_ON: &str = "turn it on, without password logins?";
const ON_ELSEWHERE: &str = "is sshd of `kalaw` on already";

fn yes_is_for_keys_only() {
    let dir = fleet_without_sshd();
    let mut terminal = add_cache(dir.path());
    terminal.expect(TURN_IT_ON);
    terminal.send(b"y");
    terminal.expect("apply these changes?");
    terminal.send(b"y");
    assert_eq!(terminal.end(), 0, "{}", terminal.screen.screen().contents());
    assert!(inventory(dir.path()).contains("\nenable-sshd = true\n"));
}

fn no_is_no() {
    let dir = fleet_without_sshd();
    let mut terminal = add_cache(dir.path());
    terminal.expect(TURN_IT_ON);
    terminal.send(b"n");
    terminal.expect(ON_ELSEWHERE);
    terminal.send(b"n");
    assert_eq!(terminal.end(), 1);
    let screen = terminal.screen.screen().contents();
    assert!(screen.contains("nothing was written"), "{screen}");
    assert!(screen.contains("--enable-sshd"), "{screen}");
    assert!(is_untouched(dir.path()));
}

fn it_is_on_elsewhere() {
    let dir = fleet_without_sshd();
    let mut terminal = add_cache(dir.path());
    terminal.expect(TURN_IT_ON);
    terminal.send(b"n");
    terminal.expect(ON_ELSEWHERE);
    terminal.send(b"y");
    terminal.expect("apply these changes?");
    terminal.send(b"y");
    assert_eq!(terminal.end(), 0, "{}", terminal.screen.screen().contents());
    let screen = terminal.screen.screen().contents();
    assert!(
        screen.contains("nothing is written about sshd of `kalaw`"),
        "{screen}"
    );
    assert!(inventory(dir.path()).contains("\nenable-sshd = false\n"));
}

fn no_ends_a_sync_too() {
    let dir = fleet_without_sshd();
    let text = by_hand(dir.path());
    let mut terminal = Terminal::start(dir.path(), &["sync"]);
    terminal.expect(TURN_IT_ON);
    terminal.send(b"n");
    terminal.expect(ON_ELSEWHERE);
    terminal.send(b"n");
    assert_eq!(terminal.end(), 1);
    let screen = terminal.screen.screen().contents();
    assert!(
        screen.contains("enable-sshd = true` under `[caches.kalaw]"),
        "{screen}"
    );
    assert_eq!(inventory(dir.path()), text);
    assert_eq!(
        git(dir.path(), &["status", "--porcelain"]),
        " M larder.toml\n"
    );
}

fn a_cache_written_by_hand_gets_its_answer() {
    let dir = fleet_without_sshd();
    let text = by_hand(dir.path());
    let mut terminal = Terminal::start(dir.path(), &["sync"]);
    terminal.expect(TURN_IT_ON);
    terminal.send(b"y");
    terminal.expect("apply these changes?");
    terminal.send(b"y");
    assert_eq!(terminal.end(), 0, "{}", terminal.screen.screen().contents());
    let with_answer = inventory(dir.path());
    assert!(with_answer.starts_with(&text), "{with_answer}");
    assert!(
        with_answer.contains("\nenable-sshd = true\n"),
        "{with_answer}"
    );
    assert!(git(dir.path(), &["status", "--porcelain"]).is_empty());
    // The next one has nothing to ask.
    let mut terminal = Terminal::start(dir.path(), &["sync"]);
    assert_eq!(terminal.end(), 0, "{}", terminal.screen.screen().contents());
}
