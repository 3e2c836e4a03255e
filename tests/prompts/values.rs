//! Values that each host has for itself: `add-host` asks for them.

use std::fs;

use super::terminal::Terminal;
use super::{ENTER, fleet, git};

trials![a_value_of_its_own_is_asked_for_until_it_is_one];

const FLAKE: &str = r#"{
  outputs =
    { nixpkgs, ... }:
    let
      box = name: id: nixpkgs.lib.nixosSystem {
        specialArgs = { inherit id; };
        modules = [ ./${name}.nix ];
      };
    in
    {
      nixosConfigurations.kalaw = box "kalaw" 2;
      nixosConfigurations.pai = box "pai" 3;
    };
}
"#;

/// Two machines, each with a number of its own.
pub(super) fn numbered(more: &str) -> tempfile::TempDir {
    let dir = fleet();
    let inventory = "version = 1\n\n[hosts.kalaw]\nmodule = \"kalaw.nix\"\n\n[hosts.pai]\nmodule = \"pai.nix\"\n";
    for (file, text) in [
        ("flake.nix", FLAKE),
        ("kalaw.nix", "{ }\n"),
        ("larder.toml", &format!("{inventory}{more}")),
    ] {
        fs::write(dir.path().join(file), text).unwrap();
    }
    git(dir.path(), &["add", "."]);
    git(dir.path(), &["commit", "-q", "-m", "fleet"]);
    dir
}

fn a_value_of_its_own_is_asked_for_until_it_is_one() {
    let dir = numbered("");
    let args = ["add-host", "bagan", "--system", "x86_64-linux"];
    let mut terminal = Terminal::start(dir.path(), &args);
    terminal.expect("argument 2 of `bagan`");
    terminal.send(b"2");
    terminal.send(ENTER);
    terminal.expect("that is a sibling's");
    terminal.send(b"\x7f4");
    terminal.send(ENTER);
    terminal.expect("apply these changes?");
    terminal.send(b"y");
    assert_eq!(terminal.end(), 0, "{}", terminal.screen.screen().contents());
    let flake = fs::read_to_string(dir.path().join("flake.nix")).unwrap();
    assert!(flake.contains(r#"box "bagan" 4;"#), "{flake}");
    assert!(git(dir.path(), &["status", "--porcelain"]).is_empty());
}
