//! `add-cache` at a terminal, where modules declare secrets that may be its keys.

use std::fs;
use std::path::Path;

use super::terminal::Terminal;
use super::{ENTER, git};

trials![
    secrets_that_are_called_like_a_key_are_offered,
    others_are_not,
];

const FLAKE: &str = r"{
  outputs =
    { nixpkgs, ... }:
    {
      nixosConfigurations = {
        kalaw = nixpkgs.lib.nixosSystem { modules = [ ./kalaw.nix ]; };
        pai = nixpkgs.lib.nixosSystem { modules = [ ./pai.nix ]; };
      };
    };
}
";
const INVENTORY: &str =
    "version = 1\n[hosts.kalaw]\nmodule = \"kalaw.nix\"\n[hosts.pai]\nmodule = \"pai.nix\"\n";

/// `larder add-cache kalaw` where the two say this.
fn add_cache(dir: &Path, kalaw: &str, pai: &str) -> Terminal {
    let module = |more: &str| format!("{{\n  services.openssh.enable = true;\n  {more}\n}}\n");
    for (name, text) in [
        ("flake.nix", FLAKE.to_owned()),
        ("larder.toml", INVENTORY.to_owned()),
        ("kalaw.nix", module(kalaw)),
        ("pai.nix", module(pai)),
    ] {
        fs::write(dir.join(name), text).unwrap();
    }
    git(dir, &["init", "-q", "-b", "main"]);
    git(dir, &["config", "user.name", "Ada"]);
    git(dir, &["config", "user.email", "ada@example.org"]);
    git(dir, &["add", "."]);
    git(dir, &["commit", "-q", "-m", "fleet"]);
    let kalaw = format!("kalaw={}", key("kalaw.pub"));
    let args = ["add-cache", "kalaw", "--host-key", &kalaw, "--lan"];
    Terminal::start(dir, &[&args[..], &["--address", "kalaw.lan"]].concat())
}

fn key(file: &str) -> String {
    let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keys");
    fs::read_to_string(keys.join(file))
        .unwrap()
        .trim()
        .to_owned()
}

fn choose(terminal: &mut Terminal, words: &str) {
    terminal.send(words.as_bytes());
    terminal.expect(&format!("❯ {words}"));
    terminal.send(ENTER);
}

fn answer(terminal: &mut Terminal, question: &str, line: &str) {
    terminal.expect(question);
    terminal.send(line.as_bytes());
    terminal.send(ENTER);
}

fn secrets_that_are_called_like_a_key_are_offered() {
    let dir = tempfile::tempdir().unwrap();
    let kalaw = "age.secrets.kalaw-1.file = ./kalaw-1.age;";
    let mut terminal = add_cache(dir.path(), kalaw, "sops.secrets.nix-ssh = { };");
    terminal.expect("signs what it builds");
    choose(&mut terminal, "it has one: the secret `agenix:kalaw-1`");
    answer(&mut terminal, "its public half", &key("kalaw.signing"));
    terminal.expect("how do the clients log in?");
    choose(&mut terminal, "with the secret `sops:nix-ssh`");
    answer(&mut terminal, "its public half", &key("identity.pub"));
    terminal.expect("apply these changes?");
    terminal.send(b"y");
    assert_eq!(terminal.end(), 0, "{}", terminal.screen.screen().contents());
    let written = fs::read_to_string(dir.path().join("larder.toml")).unwrap();
    assert!(
        written.contains("signing-key-file = \"agenix:kalaw-1\""),
        "{written}"
    );
    assert!(
        written.contains("identity = { file = \"sops:nix-ssh\""),
        "{written}"
    );
}

fn others_are_not() {
    let dir = tempfile::tempdir().unwrap();
    let kalaw = "age.secrets.wifi.file = ./wifi.age;";
    let mut terminal = add_cache(dir.path(), kalaw, "sops.secrets.cache-public-key = { };");
    terminal.expect("signs what it builds");
    terminal.send(ENTER);
    terminal.expect("how do the clients log in?");
    let screen = terminal.screen.screen().contents();
    assert!(!screen.contains("secret `"), "{screen}");
}
