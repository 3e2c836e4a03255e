//! The offer that Nix judges a change of which the files leave a doubt.

use std::fs;
use std::path::Path;

use super::terminal::Terminal;
use super::{ENTER, git};

trials![
    where_nix_cannot_say_that_is_said,
    a_no_leaves_it_at_the_files,
    who_only_looks_is_not_asked,
];

/// An input that is not on the machine: Nix can be asked, and cannot say.
const FLAKE: &str = r#"{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
  outputs =
    { nixpkgs, ... }:
    {
      nixosConfigurations = {
        kalaw = nixpkgs.lib.nixosSystem { modules = [ ./kalaw.nix ]; };
        pai = nixpkgs.lib.nixosSystem { modules = [ ./pai.nix ]; };
      };
    };
}
"#;

pub(super) fn fleet() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let repo = dir.path().join("repo");
    fs::create_dir(&repo).unwrap();
    let sshd = "{ services.openssh.enable = true; }\n";
    let inventory = "version = 1\n[hosts.kalaw]\nmodule = \"kalaw.nix\"\n\
                     [hosts.pai]\nmodule = \"pai.nix\"\n";
    for (name, text) in [
        ("flake.nix", FLAKE),
        ("kalaw.nix", sshd),
        ("pai.nix", "{ }\n"),
        ("larder.toml", inventory),
    ] {
        fs::write(repo.join(name), text).unwrap();
    }
    git(&repo, &["init", "-q", "-b", "main"]);
    git(&repo, &["config", "user.name", "Ada"]);
    git(&repo, &["config", "user.email", "ada@example.org"]);
    git(&repo, &["add", "."]);
    git(&repo, &["commit", "-q", "-m", "fleet"]);
    dir
}

/// `larder add-cache kalaw` with real Nix on its PATH, and a store of its own.
fn add_cache(dir: &Path, more: &[&str]) -> Terminal {
    let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keys");
    let key = |host: &str| format!("{host}={}", keys.join(host).with_extension("pub").display());
    let (kalaw, pai) = (key("kalaw"), key("pai"));
    let signing = fs::read_to_string(keys.join("kalaw.signing")).unwrap();
    let mut args = vec!["add-cache", "kalaw", "--signing-key", signing.trim()];
    args.extend(["--host-key", &kalaw, "--host-key", &pai]);
    args.extend(["--no-lan", "--address", "kalaw.lan"]);
    args.extend(more);
    Terminal::with_nix(dir, &args)
}

const OFFER: &str = "let Nix judge the change first?";
const CONFIRM: &str = "apply these changes?";

fn where_nix_cannot_say_that_is_said() {
    let dir = fleet();
    let mut terminal = add_cache(dir.path(), &["--quiet"]);
    terminal.expect(OFFER);
    terminal.send(ENTER);
    terminal.expect("Nix cannot say: an input of the flake is not on this machine");
    terminal.expect(CONFIRM);
    terminal.send(b"y");
    assert_eq!(terminal.end(), 0, "{}", terminal.screen.screen().contents());
}

fn a_no_leaves_it_at_the_files() {
    let dir = fleet();
    let mut terminal = add_cache(dir.path(), &["--quiet"]);
    terminal.expect(OFFER);
    terminal.send(b"n");
    terminal.expect(CONFIRM);
    terminal.send(b"y");
    assert_eq!(terminal.end(), 0, "{}", terminal.screen.screen().contents());
    assert!(!dir.path().join("nix").exists(), "Nix has been asked");
}

fn who_only_looks_is_not_asked() {
    let dir = fleet();
    let mut terminal = add_cache(dir.path(), &["--quiet", "--dry-run"]);
    assert_eq!(terminal.end(), 0, "{}", terminal.screen.screen().contents());
    assert!(!terminal.shows(OFFER));
}
