//! `init` in a repository whose hosts only Nix can tell.

use std::fs;
use std::path::Path;

use super::git;
use super::terminal::Terminal;

trials![
    nix_is_asked_when_the_person_says_so,
    nix_is_not_asked_when_the_person_says_no,
];

/// What a hash by MD5 is, only Nix computes.
const FLAKE: &str = r#"{
  outputs =
    { self }:
    {
      nixosConfigurations =
        if builtins.hashString "md5" "fleet" != "" then
          { pai = import ./machine.nix [ ./pai.nix ]; }
        else
          { };
    };
}
"#;

/// Enough of a configuration to say which modules it has.
const MACHINE: &str = "modules: { options = { }; _module.args.modules = modules; }\n";

pub(super) fn fleet() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let repo = dir.path().join("repo");
    fs::create_dir(&repo).unwrap();
    fs::write(repo.join("flake.nix"), FLAKE).unwrap();
    fs::write(repo.join("machine.nix"), MACHINE).unwrap();
    fs::write(repo.join("pai.nix"), "{ }\n").unwrap();
    git(&repo, &["init", "-q", "-b", "main"]);
    git(&repo, &["config", "user.name", "Ada"]);
    git(&repo, &["config", "user.email", "ada@example.org"]);
    git(&repo, &["add", "."]);
    git(&repo, &["commit", "-q", "-m", "fleet"]);
    dir
}

/// `larder init` with real Nix on its PATH, and a store of its own.
fn init(dir: &Path) -> Terminal {
    Terminal::with_nix(dir, &["init"])
}

fn nix_is_asked_when_the_person_says_so() {
    let dir = fleet();
    let mut terminal = init(dir.path());
    terminal.expect("ask Nix");
    terminal.send(b"y");
    terminal.expect("apply these changes?");
    terminal.send(b"y");
    assert_eq!(terminal.end(), 0, "{}", terminal.screen.screen().contents());
    let inventory = fs::read_to_string(dir.path().join("repo/larder.toml")).unwrap();
    assert!(
        inventory.contains("[hosts.pai]\nmodule = \"pai.nix\""),
        "{inventory}"
    );
}

fn nix_is_not_asked_when_the_person_says_no() {
    let dir = fleet();
    let mut terminal = init(dir.path());
    terminal.expect("ask Nix");
    terminal.send(b"n");
    assert_eq!(terminal.end(), 1);
    assert!(terminal.shows("hosts-unknown"));
    assert!(!dir.path().join("repo/larder.toml").exists());
    assert!(!dir.path().join("nix/store").exists(), "Nix has run");
}
