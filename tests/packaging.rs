//! The flake of this repository and what it offers to others' flakes, evaluated by Nix with
//! as much of nixpkgs as it asks for (`tests/packaging/nixpkgs`). Nothing is built; the
//! scripts of the package and the hook are run with the program of these tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

trials![
    the_flake_has_what_nix_expects_of_one,
    every_system_has_a_package_an_app_and_a_shell,
    the_lock_is_of_the_input_that_the_flake_names,
    the_package_installs_completions_and_manual_pages,
    what_cannot_be_run_here_is_not_run,
    the_package_leaves_out_tests_that_exist,
    both_systems_get_the_program_from_one_module,
    flake_parts_gets_a_check_and_a_hook,
    the_hook_lints_the_repository,
];

const SYSTEMS: [&str; 4] = [
    "x86_64-linux",
    "aarch64-linux",
    "x86_64-darwin",
    "aarch64-darwin",
];

fn the_flake_has_what_nix_expects_of_one() {
    let copy = flake_alone();
    let stub = format!(
        "path:{}",
        source().join("tests/packaging/nixpkgs").display()
    );
    let output = Command::new("nix")
        .args(["--extra-experimental-features", "nix-command flakes"])
        .args(["flake", "check", "--no-build", "--no-write-lock-file"])
        .args(["--override-input", "nixpkgs", &stub])
        .current_dir(copy.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

fn every_system_has_a_package_an_app_and_a_shell() {
    let version = env!("CARGO_PKG_VERSION");
    for system in SYSTEMS {
        let seen = eval(&format!(
            "{{
              package = larder.packages.{system}.default.name;
              named = larder.packages.{system}.larder.name;
              checked = larder.packages.{system}.default.doCheck;
              overlay = (larder.overlays.default nixpkgs.legacyPackages.{system} {{ }}).larder.name;
              app = larder.apps.{system}.default.type;
              shell = larder.devShells.{system}.default.name;
              checks = builtins.attrNames larder.checks.{system};
            }}"
        ));
        let name = format!("larder-{version}");
        let expected = json!({
            "package": name, "named": name, "checked": true, "overlay": name,
            "app": "app", "shell": "shell", "checks": ["formatting", "package"],
        });
        assert_eq!(seen, expected, "{system}");
    }
}

fn the_lock_is_of_the_input_that_the_flake_names() {
    let flake = fs::read_to_string(source().join("flake.nix")).unwrap();
    let lock = fs::read(source().join("flake.lock")).unwrap();
    let lock: Value = serde_json::from_slice(&lock).unwrap();
    let nixpkgs = &lock["nodes"]["nixpkgs"];
    let part = |name: &str| nixpkgs["original"][name].as_str().unwrap();
    let url = format!("github:{}/{}/{}", part("owner"), part("repo"), part("ref"));
    assert!(flake.contains(&format!("inputs.nixpkgs.url = \"{url}\";")));
    let rev = nixpkgs["locked"]["rev"].as_str().unwrap();
    assert_eq!(rev.len(), 40);
    let hash = nixpkgs["locked"]["narHash"].as_str().unwrap();
    assert!(hash.starts_with("sha256-"));
}

/// The script is run as the builder runs it, with functions in the place of
/// `installShellFiles` that note what they are given.
fn the_package_installs_completions_and_manual_pages() {
    let script = eval("larder.packages.x86_64-linux.default.postInstall");
    let build = tempfile::tempdir().unwrap();
    let out = build.path().join("out");
    fs::create_dir_all(out.join("bin")).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_larder"), out.join("bin/larder")).unwrap();
    let helpers = "
        installShellCompletion() { shift 2; while [ $# -gt 0 ]; do cat $2 >${1#--}; shift 2; done; }
        installManPage() { echo $1 >>pages; }
    ";
    let output = Command::new("bash")
        .args(["-euc", &format!("{helpers}\n{}", script.as_str().unwrap())])
        .current_dir(build.path())
        .env("out", &out)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let read = |name: &str| fs::read_to_string(build.path().join(name)).unwrap();
    for shell in ["bash", "zsh", "fish", "nushell"] {
        assert!(read(shell).contains("larder"), "{shell}");
    }
    let pages = read("pages");
    for page in [
        "larder.1",
        "larder-add-cache.1",
        "larder.toml.5",
        "larder-rules.7",
    ] {
        assert!(pages.lines().any(|line| line == page), "{pages}");
        assert!(read(page).contains(".TH larder"), "{page}");
    }
}

fn what_cannot_be_run_here_is_not_run() {
    let script = eval(
        "let
           here = nixpkgs.legacyPackages.x86_64-linux;
           there = here.stdenv // { buildPlatform.canExecute = platform: false; };
         in
           (here.callPackage (root + \"/package.nix\") { stdenv = there; }).postInstall",
    );
    assert_eq!(script, "");
}

fn the_package_leaves_out_tests_that_exist() {
    let flags = eval("larder.packages.aarch64-darwin.default.checkFlags");
    let flags = flags.as_array().unwrap();
    assert!(!flags.is_empty());
    for flag in flags {
        let name = flag.as_str().unwrap().strip_prefix("--skip=").unwrap();
        let (module, test) = name.split_once("::").unwrap();
        let tests = fs::read_to_string(source().join(format!("tests/{module}.rs"))).unwrap();
        assert!(tests.contains(&format!("fn {test}()")), "{name}");
    }
    assert_eq!(
        eval("larder.packages.x86_64-linux.default.checkFlags"),
        json!([])
    );
}

fn both_systems_get_the_program_from_one_module() {
    for (module, system) in [
        ("nixosModules", "x86_64-linux"),
        ("darwinModules", "aarch64-darwin"),
    ] {
        let seen = eval(&format!(
            "let
               of = programs: (larder.{module}.default {{
                 inherit (nixpkgs) lib;
                 pkgs = nixpkgs.legacyPackages.{system};
                 config = {{ inherit programs; }};
               }});
               default = (of {{ }}).options.programs.larder.package.default;
             in {{
               default = default.name;
               on = map (package: package.name)
                 (of {{ larder = {{ enable = true; package = default; }}; }})
                 .config.environment.systemPackages;
               off = (of {{ larder.enable = false; }}).config;
             }}"
        ));
        let name = concat!("larder-", env!("CARGO_PKG_VERSION"));
        assert_eq!(seen, json!({ "default": name, "on": [name], "off": {} }));
    }
}

fn flake_parts_gets_a_check_and_a_hook() {
    let seen = eval(
        "let
           module = larder.flakeModules.default {
             self = \"/their/flake\";
             flake-parts-lib.mkPerSystemOption = f: f;
           };
           of = larder: options: (module.options.perSystem {
             inherit options;
             inherit (nixpkgs) lib;
             pkgs = nixpkgs.legacyPackages.x86_64-linux;
             config.larder = { check = true; hook = true; src = \"/their/flake\"; arguments = \"\"; } // larder;
           }).config;
         in {
           alone = builtins.attrNames (of { } { });
           script = (of { arguments = \"--deny warning\"; } { }).checks.larder.script;
           unchecked = of { check = false; } { };
           hooked = builtins.attrNames (of { } { pre-commit = { }; }).pre-commit.settings.hooks;
           unhooked = (of { hook = false; } { pre-commit = { }; }).pre-commit.settings.hooks;
         }",
    );
    let expected = json!({
        "alone": ["checks"],
        "script": "larder lint -C /their/flake --deny warning\ntouch $out\n",
        "unchecked": {},
        "hooked": ["larder"],
        "unhooked": {},
    });
    assert_eq!(seen, expected);
}

fn the_hook_lints_the_repository() {
    let hook = eval(
        "let pkgs = nixpkgs.legacyPackages.x86_64-linux; in
         removeAttrs (larder.lib.hook { inherit pkgs; arguments = \"--no-inventory\"; }) [ \"package\" ]
         // { program = larder.apps.x86_64-linux.default.program; }",
    );
    assert_eq!(hook["pass_filenames"], false);
    let entry = hook["entry"].as_str().unwrap();
    let program = hook["program"].as_str().unwrap();
    assert!(entry.starts_with(program));
    let entry = entry.replace(program, env!("CARGO_BIN_EXE_larder"));
    let fleet = tempfile::tempdir().unwrap();
    fs::write(fleet.path().join("flake.nix"), FLAKE).unwrap();
    for (module, code) in [
        ("{ }\n", 0),
        ("{ nix.settings.require-sigs = false; }\n", 1),
    ] {
        fs::write(fleet.path().join("pai.nix"), module).unwrap();
        let output = run_in(fleet.path(), &entry);
        assert_eq!(output.status.code(), Some(code), "{output:?}");
    }
}

const FLAKE: &str = "{ outputs = { nixpkgs, ... }: {
  nixosConfigurations.pai = nixpkgs.lib.nixosSystem { modules = [ ./pai.nix ]; };
}; }
";

fn run_in(folder: &Path, line: &str) -> Output {
    let mut sh = Command::new("sh");
    sh.args(["-ec", line]).current_dir(folder).output().unwrap()
}

/// What an expression comes to that may name `larder`, the outputs of this repository's
/// flake, `nixpkgs`, and `root`, the folder.
fn eval(expression: &str) -> Value {
    let output = Command::new("nix-instantiate")
        .args(["--eval", "--json", "--strict", "--expr"])
        .arg(format!(
            "let
               root = {root};
               nixpkgs = (import (root + \"/tests/packaging/nixpkgs/flake.nix\")).outputs {{ self = nixpkgs; }};
               larder = (import (root + \"/flake.nix\")).outputs {{ self = larder; inherit nixpkgs; }};
             in {expression}",
            root = source().display()
        ))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The files that the flake reads while it is evaluated, in a folder of their own: whatever
/// else is here, a build among it, would be copied to the store.
fn flake_alone() -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for name in ["flake.nix", "flake.lock", "package.nix", "Cargo.toml"] {
        fs::copy(source().join(name), copy.path().join(name)).unwrap();
    }
    for folder in ["nix", "templates"] {
        let copied = run_in(
            &source(),
            &format!("cp -r {folder} '{}'", copy.path().display()),
        );
        assert!(copied.status.success(), "{copied:?}");
    }
    fs::write(copy.path().join("Cargo.lock"), "").unwrap();
    copy
}

fn source() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
