//! `add-cache` at a terminal: what it asks, what Enter means, and that no answer is lost.

use std::fs;
use std::path::Path;

use super::terminal::Terminal;
use super::{CTRL_C, ENTER, fleet_with_a_common_module, git, is_untouched};

trials![
    enter_is_an_answer_to_all_but_the_key,
    a_wrong_key_is_asked_for_again_and_a_question_mark_explains,
    a_question_mark_explains_any_question,
    each_kind_of_client_logs_in_its_own_way,
    one_key_for_all_is_made_where_git_ignores_it,
    a_key_may_come_later,
    clients_are_ticked,
    breaking_off_at_any_question_leaves_everything_untouched,
    what_cannot_be_written_is_refused_before_the_first_question,
    without_an_inventory_init_is_part_of_it,
    without_an_inventory_a_no_leaves_nothing,
    add_host_asks_for_the_key_of_a_client,
    a_cache_elsewhere_needs_a_name_and_its_key,
];

const HOST_KEY_OF_KALAW: &str = "the SSH host key of `kalaw`";
const HOST_KEY_OF_PAI: &str = "the SSH host key of `pai`";
const CONFIRM: &str = "apply these changes?";

pub(super) fn key(host: &str) -> String {
    let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keys");
    let file = keys.join(format!("{host}.pub"));
    fs::read_to_string(file).unwrap().trim().to_owned()
}

fn inventory(dir: &Path) -> String {
    fs::read_to_string(dir.join("larder.toml")).unwrap()
}

/// Two machines; sshd is on at both.
pub(super) fn two_machines(with_inventory: bool) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let flake = "{\n  outputs =\n    { nixpkgs, ... }:\n    {\n      nixosConfigurations = {\n        \
                 kalaw = nixpkgs.lib.nixosSystem { modules = [ ./kalaw.nix ]; };\n        \
                 pai = nixpkgs.lib.nixosSystem { modules = [ ./pai.nix ]; };\n      };\n    };\n}\n";
    let module = "{ services.openssh.enable = true; }\n";
    let inventory =
        "version = 1\n[hosts.kalaw]\nmodule = \"kalaw.nix\"\n[hosts.pai]\nmodule = \"pai.nix\"\n";
    let mut files = vec![
        ("flake.nix", flake),
        ("kalaw.nix", module),
        ("pai.nix", module),
    ];
    files.extend(with_inventory.then_some(("larder.toml", inventory)));
    for (name, text) in files {
        fs::write(dir.path().join(name), text).unwrap();
    }
    git(dir.path(), &["init", "-q", "-b", "main"]);
    git(dir.path(), &["config", "user.name", "Ada"]);
    git(dir.path(), &["config", "user.email", "ada@example.org"]);
    git(dir.path(), &["add", "."]);
    git(dir.path(), &["commit", "-q", "-m", "fleet"]);
    dir
}

/// Answers one question.
fn answer(terminal: &mut Terminal, question: &str, keys: &str) {
    terminal.expect(question);
    terminal.send(keys.as_bytes());
    terminal.send(ENTER);
}

/// Everything up to the keys, by Enter alone.
fn enter_to_the_keys(terminal: &mut Terminal) {
    terminal.expect("are the clients on the local network of `kalaw`?");
    terminal.send(ENTER);
    terminal.expect("under which the clients reach `kalaw`");
    terminal.send(ENTER);
    terminal.expect("signs what it builds");
    terminal.send(ENTER);
}

fn agree(terminal: &mut Terminal) {
    terminal.expect(CONFIRM);
    terminal.send(b"y");
    assert_eq!(terminal.end(), 0, "{}", terminal.screen.screen().contents());
}

fn enter_is_an_answer_to_all_but_the_key() {
    let dir = two_machines(true);
    let mut terminal = Terminal::start(dir.path(), &["add-cache", "kalaw"]);
    enter_to_the_keys(&mut terminal);
    answer(&mut terminal, HOST_KEY_OF_KALAW, &key("kalaw"));
    terminal.expect("how do the clients log in?");
    terminal.send(ENTER);
    answer(&mut terminal, HOST_KEY_OF_PAI, &key("pai"));
    agree(&mut terminal);
    let written = inventory(dir.path());
    assert!(
        written.ends_with("\n[caches.kalaw]\nclients = [\"@all\"]\nsigning-key = \"pending\"\n"),
        "{written}"
    );
    let screen = terminal.screen.screen().contents();
    assert!(
        screen.contains("1. switch `kalaw` to serve its store"),
        "{screen}"
    );
    assert!(
        screen.contains("2. bring in the signing key of `kalaw`"),
        "{screen}"
    );
}

fn a_wrong_key_is_asked_for_again_and_a_question_mark_explains() {
    let dir = two_machines(true);
    let mut terminal = Terminal::start(dir.path(), &["add-cache", "kalaw", "--lan"]);
    answer(
        &mut terminal,
        "under which the clients reach `kalaw`",
        "10.0.0.5",
    );
    terminal.expect("signs what it builds");
    terminal.send(ENTER);
    answer(&mut terminal, HOST_KEY_OF_KALAW, "nonsense");
    terminal.expect("`nonsense` is neither a public key nor a readable file");
    answer(&mut terminal, HOST_KEY_OF_KALAW, "?");
    terminal.expect("The clients pin the SSH host key of `kalaw`");
    answer(&mut terminal, HOST_KEY_OF_KALAW, &key("kalaw"));
    terminal.expect("how do the clients log in?");
    terminal.send(b"each of them makes");
    terminal.send(ENTER);
    agree(&mut terminal);
    let written = inventory(dir.path());
    assert!(written.contains("address = \"10.0.0.5\""), "{written}");
    assert!(written.contains("lan = true"), "{written}");
    assert!(written.contains("make = true"), "{written}");
}

/// A yes or no, a line, a menu and the last yes: each says why it is asked, and asks again.
fn a_question_mark_explains_any_question() {
    let dir = two_machines(true);
    let keys = ["kalaw", "pai"].map(|host| format!("{host}={}", key(host)));
    let args = [
        "add-cache",
        "kalaw",
        "--host-key",
        &keys[0],
        "--host-key",
        &keys[1],
    ];
    let mut terminal = Terminal::start(dir.path(), &args);
    let explained = |terminal: &mut Terminal, question: &str, why: &str| {
        terminal.expect(question);
        terminal.send(b"?");
        terminal.expect(why);
        terminal.expect(question);
    };
    explained(
        &mut terminal,
        "are the clients on the local network of `kalaw`?",
        "A cache that is near is worth asking first",
    );
    terminal.send(b"y");
    terminal.expect("under which the clients reach `kalaw`");
    terminal.send(b"?");
    terminal.send(ENTER);
    terminal.expect("It is in the store URL");
    terminal.expect("under which the clients reach `kalaw`");
    terminal.send(ENTER);
    terminal.expect("signs what it builds");
    terminal.send(b"?");
    terminal.send(ENTER);
    terminal.expect("Clients take only paths that are signed");
    terminal.expect("signs what it builds");
    terminal.send(ENTER);
    explained(
        &mut terminal,
        CONFIRM,
        "What is shown above is written and committed",
    );
    agree(&mut terminal);
    assert!(inventory(dir.path()).contains("lan = true"));
}

/// Three machines; `bagan`, a laptop, runs no sshd.
fn a_laptop_without_sshd() -> tempfile::TempDir {
    let dir = two_machines(true);
    let flake = fs::read_to_string(dir.path().join("flake.nix")).unwrap();
    let bagan = "bagan = nixpkgs.lib.nixosSystem { modules = [ ./bagan.nix ]; };\n        pai =";
    fs::write(dir.path().join("flake.nix"), flake.replace("pai =", bagan)).unwrap();
    fs::write(
        dir.path().join("bagan.nix"),
        "{ networking.hostName = \"bagan\"; }\n",
    )
    .unwrap();
    let text = inventory(dir.path()) + "[hosts.bagan]\nmodule = \"bagan.nix\"\n";
    fs::write(dir.path().join("larder.toml"), text).unwrap();
    git(dir.path(), &["add", "."]);
    git(dir.path(), &["commit", "-q", "-m", "three machines"]);
    dir
}

/// Up to the question, with the host keys of these given.
fn up_to_the_login(dir: &Path, known: &[&str]) -> Terminal {
    let mut args = vec!["add-cache", "kalaw", "--lan", "--client", "@all"];
    let keys: Vec<String> = known
        .iter()
        .map(|host| format!("{host}={}", key(host)))
        .collect();
    args.extend(keys.iter().flat_map(|key| ["--host-key", key]));
    let mut terminal = Terminal::start(dir, &args);
    terminal.expect("under which the clients reach `kalaw`");
    terminal.send(ENTER);
    terminal.expect("signs what it builds");
    terminal.send(ENTER);
    terminal
}

fn each_kind_of_client_logs_in_its_own_way() {
    let dir = a_laptop_without_sshd();
    let mut terminal = up_to_the_login(dir.path(), &["kalaw"]);
    terminal.expect("No module of `bagan` turns sshd on: then it has no SSH host key");
    terminal.expect("how do the clients log in?");
    terminal.send(ENTER);
    answer(&mut terminal, HOST_KEY_OF_PAI, &key("pai"));
    agree(&mut terminal);
    let written = inventory(dir.path());
    let bagan = written.split("[hosts.bagan]").nth(1).unwrap();
    let bagan = bagan.split("\n[").next().unwrap();
    assert!(bagan.contains("make = true"), "{written}");
    assert!(!written.contains("\nidentity = \"on-host\""), "{written}");
}

fn one_key_for_all_is_made_where_git_ignores_it() {
    let dir = a_laptop_without_sshd();
    let mut terminal = up_to_the_login(dir.path(), &["kalaw", "pai"]);
    terminal.expect("how do the clients log in?");
    terminal.send(b"one key for all");
    terminal.send(ENTER);
    terminal.expect("the file of the private key on the clients");
    terminal.send(ENTER);
    terminal.expect("the new file for its private half");
    terminal.send(ENTER);
    agree(&mut terminal);
    let secret = fs::read_to_string(dir.path().join("kalaw-login.secret")).unwrap();
    assert!(secret.starts_with("-----BEGIN OPENSSH PRIVATE KEY-----"));
    assert_eq!(git(dir.path(), &["status", "--porcelain"]), "");
    assert!(!git(dir.path(), &["ls-files"]).contains(".secret"));
    let screen = terminal.screen.screen().contents();
    assert!(screen.contains("kalaw-login.secret"), "{screen}");
    assert!(!screen.contains("PRIVATE KEY"), "{screen}");
}

fn a_key_may_come_later() {
    let dir = two_machines(true);
    let given = format!("kalaw={}", key("kalaw"));
    let args = ["add-cache", "kalaw", "--host-key", &given];
    let mut terminal = Terminal::start(dir.path(), &args);
    enter_to_the_keys(&mut terminal);
    terminal.expect("how do the clients log in?");
    terminal.send(ENTER);
    terminal.expect(HOST_KEY_OF_PAI);
    terminal.send(ENTER);
    agree(&mut terminal);
    let screen = terminal.screen.screen().contents();
    assert!(
        screen.contains("1. bring in the ed25519 host key of `pai`"),
        "{screen}"
    );
}

fn clients_are_ticked() {
    let dir = fleet_with_a_common_module();
    let given = format!("kalaw={}", key("kalaw"));
    let args = ["add-cache", "kalaw", "--host-key", &given, "--lan"];
    let mut terminal = Terminal::start(dir.path(), &args);
    terminal.expect("which hosts use it?");
    terminal.send(b" "); // nobody
    terminal.send(ENTER);
    terminal.expect("A cache needs a client");
    terminal.send(b" j "); // not all, but the first by name
    terminal.send(ENTER);
    terminal.expect("under which the clients reach `kalaw`");
    terminal.send(ENTER);
    terminal.expect("signs what it builds");
    terminal.send(ENTER);
    terminal.expect("how do the clients log in?");
    terminal.send(b"each of them makes");
    terminal.send(ENTER);
    agree(&mut terminal);
    let written = inventory(dir.path());
    let clients = written.lines().find(|line| line.starts_with("clients"));
    let clients = clients.unwrap();
    assert!(
        !clients.contains("@all") && clients.matches('"').count() == 2,
        "{written}"
    );
}

fn breaking_off_at_any_question_leaves_everything_untouched() {
    for questions in 0..3 {
        let dir = two_machines(true);
        let mut terminal = Terminal::start(dir.path(), &["add-cache", "kalaw"]);
        let texts = [
            "are the clients on the local network",
            "under which the clients reach",
            "signs what it builds",
        ];
        for text in &texts[..questions] {
            terminal.expect(text);
            terminal.send(ENTER);
        }
        terminal.expect(texts[questions]);
        terminal.send(CTRL_C);
        assert_eq!(terminal.end(), 1);
        assert!(is_untouched(dir.path()));
    }
}

fn what_cannot_be_written_is_refused_before_the_first_question() {
    let dir = two_machines(true);
    let module = dir.path().join("kalaw.nix");
    let mine = fs::read_to_string(&module).unwrap() + "# mine\n";
    fs::write(&module, &mine).unwrap();
    let mut terminal = Terminal::start(dir.path(), &["add-cache", "kalaw"]);
    assert_eq!(terminal.end(), 1);
    let screen = terminal.screen.screen().contents();
    assert!(
        screen.contains("`kalaw.nix` has changes that are not committed"),
        "{screen}"
    );
    assert!(!screen.contains("local network"), "{screen}");
    // Another file of yours is no obstacle.
    git(dir.path(), &["checkout", "-q", "kalaw.nix"]);
    fs::write(dir.path().join("notes.md"), "mine\n").unwrap();
    let mut terminal = Terminal::start(dir.path(), &["add-cache", "kalaw"]);
    terminal.expect("are the clients on the local network");
    terminal.send(CTRL_C);
    assert_eq!(terminal.end(), 1);
}

fn without_an_inventory_a_no_leaves_nothing() {
    let dir = two_machines(false);
    let keys = ["kalaw", "pai"].map(|host| format!("{host}={}", key(host)));
    let args = [
        "add-cache",
        "kalaw",
        "--host-key",
        &keys[0],
        "--host-key",
        &keys[1],
    ];
    let mut terminal = Terminal::start(dir.path(), &args);
    enter_to_the_keys(&mut terminal);
    terminal.expect(CONFIRM);
    terminal.send(b"n");
    assert_eq!(terminal.end(), 1);
    assert!(!dir.path().join("larder.toml").exists());
    assert_eq!(git(dir.path(), &["status", "--porcelain"]), "");
}

fn without_an_inventory_init_is_part_of_it() {
    let dir = two_machines(false);
    let keys = ["kalaw", "pai"].map(|host| format!("{host}={}", key(host)));
    let args = [
        "add-cache",
        "kalaw",
        "--host-key",
        &keys[0],
        "--host-key",
        &keys[1],
    ];
    let mut terminal = Terminal::start(dir.path(), &args);
    enter_to_the_keys(&mut terminal);
    terminal.expect("+[caches.kalaw]");
    agree(&mut terminal);
    let log = git(dir.path(), &["log", "--format=%s"]);
    assert_eq!(
        log.lines().collect::<Vec<_>>(),
        ["larder: add cache kalaw", "fleet"]
    );
}

fn add_host_asks_for_the_key_of_a_client() {
    let dir = two_machines(true);
    let text = inventory(dir.path()) + "[caches.kalaw]\nclients = [\"@all\"]\n";
    fs::write(dir.path().join("larder.toml"), text).unwrap();
    git(
        dir.path(),
        &["commit", "-q", "-a", "--amend", "-m", "fleet"],
    );
    let args = ["add-host", "bagan", "--system", "x86_64-linux"];
    let mut terminal = Terminal::start(dir.path(), &args);
    answer(&mut terminal, "the SSH host key of `bagan`", &key("bagan"));
    agree(&mut terminal);
    let written = inventory(dir.path());
    let host = written.split("[hosts.bagan]").nth(1).unwrap();
    assert!(host.contains("host-key = \"ssh-ed25519 "), "{written}");
}

fn a_cache_elsewhere_needs_a_name_and_its_key() {
    let dir = two_machines(true);
    let url = "https://attic.example.org/work";
    let mut terminal = Terminal::start(dir.path(), &["add-cache", "--url", url]);
    terminal.expect("a name for the cache");
    assert!(terminal.shows("work"));
    terminal.send(ENTER);
    terminal.expect("which hosts use it?");
    terminal.send(ENTER);
    terminal.expect("are the clients on the local network of `work`?");
    terminal.send(ENTER);
    answer(
        &mut terminal,
        "the public signing key of `work`",
        "work:short",
    );
    terminal.expect("a signing key looks like");
    let key = "work:egq7FePEFoouQp1hs/rt3axBugMGj343PprxwogwFcE=";
    answer(&mut terminal, "the public signing key of `work`", key);
    agree(&mut terminal);
    let written = inventory(dir.path());
    let table =
        format!("[caches.work]\nurl = \"{url}\"\nclients = [\"@all\"]\nsigning-key = \"{key}\"\n");
    assert!(written.ends_with(&table), "{written}");
}
