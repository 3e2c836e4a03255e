//! `rotate` at a terminal: machines that do not answer, and a person who knows.

use std::fs;
use std::path::Path;

use super::terminal::Terminal;
use super::{ENTER, ESCAPE, git};
use crate::machines;

trials![
    a_person_answers_for_machines_that_do_not,
    a_no_is_the_refusal,
    breaking_off_leaves_everything_untouched,
];

const QUESTION: &str = "is the step before in force on `kalaw` and `pai` all the same?";

/// A cache and its client, both off, in the middle of a change of the signing key.
pub(super) fn begun(place: &Path) -> std::path::PathBuf {
    let new = "kalaw-2:6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=";
    wired(place, &format!("[\"{OLD_KEY}\", \"{new}\"]"))
}

const OLD_KEY: &str = "kalaw-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=";

/// The same, at the step whose new key is not known yet.
pub(super) fn without_the_new_key(place: &Path) -> std::path::PathBuf {
    let repo = wired(place, &format!("\"{OLD_KEY}\""));
    let path = machines::path(place);
    let args = ["rotate", "signing-key", "kalaw", "--yes"];
    assert_eq!(Terminal::with(&repo, &args, &[("PATH", &path)]).end(), 0);
    repo
}

fn wired(place: &Path, signing_key: &str) -> std::path::PathBuf {
    let with_key = |name: &str| {
        let off = machines::free_port();
        let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keys");
        let key = fs::read_to_string(keys.join(format!("{name}.pub"))).unwrap();
        let words: Vec<&str> = key.split_whitespace().take(2).collect();
        let key = words.join(" ");
        format!("address = \"127.0.0.1\"\nport = {off}\nhost-key = \"{key}\"\n")
    };
    let hosts = [("kalaw", with_key("kalaw")), ("pai", with_key("pai"))];
    let cache = format!("\n[caches.kalaw]\nclients = [\"pai\"]\nsigning-key = {signing_key}\n");
    let repo = machines::fleet(place, &hosts, &cache);
    let sync = Terminal::with(
        &repo,
        &["sync", "--yes"],
        &[("PATH", &machines::path(place))],
    )
    .end();
    assert_eq!(sync, 0, "the fleet is wired");
    repo
}

fn rotate(place: &Path, repo: &Path) -> Terminal {
    let path = machines::path(place);
    let args = ["rotate", "signing-key", "kalaw"];
    Terminal::with(repo, &args, &[("PATH", path.as_str())])
}

fn a_person_answers_for_machines_that_do_not() {
    let place = tempfile::tempdir().unwrap();
    let repo = begun(place.path());
    let mut terminal = rotate(place.path(), &repo);
    terminal.expect("`pai` could not be asked:");
    terminal.expect(QUESTION);
    terminal.send(b"?");
    terminal.expect("is shut out by it, or drops what it fetches; these did not answer.");
    terminal.send(b"y");
    terminal.expect("apply these changes?");
    terminal.send(b"y");
    assert_eq!(terminal.end(), 0, "{}", terminal.screen.screen().contents());
    assert!(machines::inventory(&repo).contains("use-new-signing-key = true"));
}

/// Enter is a no.
fn a_no_is_the_refusal() {
    let place = tempfile::tempdir().unwrap();
    let repo = begun(place.path());
    let head = git(&repo, &["rev-parse", "HEAD"]);
    let mut terminal = rotate(place.path(), &repo);
    terminal.expect(QUESTION);
    terminal.send(ENTER);
    assert_eq!(terminal.end(), 1);
    let screen = terminal.screen.screen().contents();
    assert!(screen.contains("rotation-not-proven"), "{screen}");
    assert!(
        screen.contains("`larder rotate signing-key kalaw --sure`"),
        "{screen}"
    );
    assert_eq!(git(&repo, &["rev-parse", "HEAD"]), head);
}

fn breaking_off_leaves_everything_untouched() {
    let place = tempfile::tempdir().unwrap();
    let repo = begun(place.path());
    let head = git(&repo, &["rev-parse", "HEAD"]);
    let mut terminal = rotate(place.path(), &repo);
    terminal.expect(QUESTION);
    terminal.send(ESCAPE);
    assert_eq!(terminal.end(), 1);
    assert!(terminal.shows("nothing was written"));
    assert_eq!(git(&repo, &["rev-parse", "HEAD"]), head);
    assert!(git(&repo, &["status", "--porcelain"]).is_empty());
}
