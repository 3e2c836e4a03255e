//! Prompts on a real pseudo-terminal: what the user sees, and that breaking off
//! leaves everything untouched and the cursor visible.

pub(crate) mod asks_nix;
mod dialogue;
pub(crate) mod difference;
pub(crate) mod every_question;
pub(crate) mod guided;
pub(crate) mod keys_scan;
pub(crate) mod proof;
pub(crate) mod rotate;
pub(crate) mod secrets;
pub(crate) mod sshd;
mod terminal;
pub(crate) mod values;
pub(crate) mod which;

use std::fs;
use std::path::Path;
use std::process::Command;

use terminal::Terminal;

trials![
    an_unclear_module_is_asked_for_and_the_change_confirmed,
    escape_in_a_menu_leaves_everything_untouched,
    ctrl_c_in_a_menu_leaves_everything_untouched,
    ctrl_c_right_behind_other_keys_is_not_lost,
    ctrl_c_in_a_text_field_leaves_everything_untouched,
    a_single_import_is_offered_where_it_would_be_many,
    a_no_at_the_end_leaves_everything_untouched,
    a_file_that_is_saved_at_the_prompt_is_not_lost,
    a_plan_that_came_out_different_is_shown_again,
    a_target_that_is_saved_at_the_prompt_is_left_alone,
];

const ENTER: &[u8] = b"\r";
const ESCAPE: &[u8] = b"\x1b";
const CTRL_C: &[u8] = b"\x03";

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

fn escape_in_a_menu_leaves_everything_untouched() {
    let dir = fleet();
    let mut terminal = Terminal::start(dir.path(), &["init"]);
    terminal.expect("which file is the module of `kalaw`?");
    terminal.send(ESCAPE);
    assert_eq!(terminal.end(), 1);
    assert!(terminal.shows("nothing was written"));
    assert!(
        !terminal.screen.screen().hide_cursor(),
        "the cursor is hidden"
    );
    assert!(is_untouched(dir.path()));
}

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

/// Five machines that import one module.
fn fleet_with_a_common_module() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let names = ["amber", "bagan", "kalaw", "mrauk", "pai"];
    let entry = |name: &&str| {
        format!("    {name} = nixpkgs.lib.nixosSystem {{ modules = [ ./{name}.nix ]; }};\n")
    };
    let entries: String = names.iter().map(entry).collect();
    let flake = format!(
        "{{\n  outputs = {{ nixpkgs, ... }}: {{\n    nixosConfigurations = {{\n{entries}    }};\n  }};\n}}\n"
    );
    fs::write(dir.path().join("flake.nix"), flake).unwrap();
    fs::write(
        dir.path().join("common.nix"),
        "{ services.openssh.enable = true; }\n",
    )
    .unwrap();
    for name in names {
        let module =
            format!("{{ imports = [ ./common.nix ]; networking.hostName = \"{name}\"; }}\n");
        fs::write(dir.path().join(format!("{name}.nix")), module).unwrap();
    }
    git(dir.path(), &["init", "-q", "-b", "main"]);
    git(dir.path(), &["config", "user.name", "Ada"]);
    git(dir.path(), &["config", "user.email", "ada@example.org"]);
    git(dir.path(), &["add", "-A"]);
    git(dir.path(), &["commit", "-q", "-m", "fleet"]);
    let done = Command::new(env!("CARGO_BIN_EXE_larder"))
        .args(["init", "--yes", "--quiet"])
        .current_dir(dir.path())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .status();
    assert!(done.unwrap().success());
    dir
}

/// Two machines in the inventory, whose files say nothing of sshd.
fn fleet_without_sshd() -> tempfile::TempDir {
    let dir = fleet_with_a_common_module();
    fs::write(dir.path().join("common.nix"), "{ }\n").unwrap();
    git(dir.path(), &["reset", "-q", "--soft", "HEAD~1"]);
    git(dir.path(), &["commit", "-qam", "fleet", "--amend"]);
    dir
}

fn a_single_import_is_offered_where_it_would_be_many() {
    let dir = fleet_with_a_common_module();
    let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keys");
    let host_key = format!("kalaw={}", keys.join("kalaw.pub").display());
    let signing = fs::read_to_string(keys.join("kalaw.signing")).unwrap();
    let args = [
        "add-cache",
        "kalaw",
        "--client",
        "@all",
        "--address",
        "kalaw.lan",
        "--lan",
        "--identity",
        "on-host",
        "--host-key",
        &host_key,
        "--signing-key",
        signing.trim(),
    ];
    let mut terminal = Terminal::start(dir.path(), &args);
    terminal.expect("5 host modules would get an import each; where shall it go?");
    terminal.expect("once, into `common.nix`, which all of them import");
    terminal.send(b"once");
    terminal.send(ENTER);
    terminal.expect("apply these changes?");
    terminal.send(b"y");
    terminal.send(ENTER);
    assert_eq!(terminal.end(), 0);
    let inventory = fs::read_to_string(dir.path().join("larder.toml")).unwrap();
    assert!(inventory.contains("import = \"common.nix\""), "{inventory}");
    let changed = git(
        dir.path(),
        &["diff", "--name-only", "HEAD~1", "--", "*.nix"],
    );
    let people: Vec<&str> = changed.lines().filter(|path| !path.contains('/')).collect();
    assert_eq!(people, ["common.nix"]);
}

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
    terminal.expect("the repository has changed meanwhile; this is the new change");
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
