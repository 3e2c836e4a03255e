//! What CI services run, run here: the step of the GitHub action, the script of
//! the flake check, and the recipes of `docs/ci.md`. How `ci/lint` finds what a
//! request brings in is in `tests/cases/ci/`; `./tests/run ci` holds the files
//! against the schemas of their services.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

trials![
    the_program_of_the_release_is_run_if_it_is_the_known_one,
    a_release_is_what_its_tag_and_its_hashes_say,
    the_action_says_what_is_wrong_and_fails,
    the_action_is_content_with_a_clean_repository,
    the_flake_check_lints_a_folder_without_git,
    the_recipes_are_the_documented_ones,
];

const CLEAN: &str = "{ }\n";
const WRONG: &str = "{ nix.settings.require-sigs = false; }\n";
const FLAKE: &str = "{ outputs = { nixpkgs, ... }: {
  nixosConfigurations.pai = nixpkgs.lib.nixosSystem { modules = [ ./pai.nix ]; };
}; }
";

fn the_program_of_the_release_is_run_if_it_is_the_known_one() {
    let folder = tempfile::tempdir().unwrap();
    let hash = release(folder.path());
    let output = lint_by_release(folder.path(), &hash);
    assert!(output.status.success(), "{output:?}");
    // Once it is there, it need not be had again.
    fs::remove_dir_all(folder.path().join("releases")).unwrap();
    let output = lint_by_release(folder.path(), &hash);
    assert!(output.status.success(), "{output:?}");

    let said = |output: Output| String::from_utf8(output.stderr).unwrap();
    let gone = lint_by_release(folder.path(), &"1".repeat(64));
    assert_eq!(gone.status.code(), Some(2), "{gone:?}");
    let gone = said(gone);
    assert!(
        gone.contains("cannot be had; larder is built instead"),
        "{gone}"
    );
    assert!(gone.contains("neither cargo nor nix to build it"), "{gone}");
    release(folder.path());
    let other = lint_by_release(folder.path(), &"0".repeat(64));
    assert_eq!(other.status.code(), Some(2), "{other:?}");
    let other = said(other);
    assert!(other.contains("is not what this version names"), "{other}");
}

fn a_release_is_what_its_tag_and_its_hashes_say() {
    let folder = tempfile::tempdir().unwrap();
    let check = |tag: &str| {
        let script = folder.path().join("ci/check-release");
        let mut check = Command::new(script);
        check
            .args([tag, "dist"])
            .current_dir(folder.path())
            .output()
            .unwrap()
    };
    let said = |output: Output| String::from_utf8(output.stderr).unwrap();
    let (from, hash) = (source(), "a3b0d4");
    shell(folder.path(), &format!(
        "mkdir ci dist && cp {0}/ci/check-release ci && cp {0}/Cargo.toml . && cp {0}/ci/released ci
         echo {hash} >dist/larder.tar.gz
         printf '# Changelog\n\n## [Unreleased]\n\n- soon\n\n## [{1}] - 2026-12-01\n\n- now\n\n## [0.0.1]\n\n- then\n' >CHANGELOG.md",
        from.display(), env!("CARGO_PKG_VERSION"),
    ));
    let tag = concat!("v", env!("CARGO_PKG_VERSION"));
    let wrong = said(check("v99.0.0"));
    assert!(
        wrong.contains("the tag is `v99.0.0`, and the version"),
        "{wrong}"
    );
    let unknown = said(check(tag));
    assert!(
        unknown.contains("is not what ci/released names"),
        "{unknown}"
    );
    shell(
        folder.path(),
        "cd dist && sha256sum larder.tar.gz >>../ci/released",
    );
    let output = check(tag);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "- now\n");
}

fn the_action_says_what_is_wrong_and_fails() {
    let fleet = git_repository("nix", WRONG);
    let given = [("directory", "nix"), ("sarif", "found.sarif")];
    let output = action(fleet.path(), &given);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.starts_with("::error file=nix/pai.nix,line=1,"),
        "{said}"
    );
    let sarif = fs::read_to_string(fleet.path().join("found.sarif")).unwrap();
    assert!(sarif.contains("\"ruleId\":\"signatures-not-required\""));
}

fn the_action_is_content_with_a_clean_repository() {
    let fleet = git_repository("", CLEAN);
    let output = action(fleet.path(), &[]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(output.stdout, b"");
}

fn the_flake_check_lints_a_folder_without_git() {
    let fleet = tempfile::tempdir().unwrap();
    write_fleet(fleet.path(), CLEAN);
    let (output, made) = flake_check(fleet.path());
    assert!(output.status.success() && made, "{output:?}");

    write_fleet(fleet.path(), WRONG);
    let (output, made) = flake_check(fleet.path());
    assert!(!output.status.success() && !made, "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.starts_with("error[signatures-not-required]"), "{said}");
}

fn the_recipes_are_the_documented_ones() {
    let docs = fs::read_to_string(source().join("docs/ci.md")).unwrap();
    for recipe in ["github.yml", "gitlab.yml", "forgejo.yml"] {
        let text = fs::read_to_string(source().join("ci").join(recipe)).unwrap();
        assert!(
            docs.contains(&format!("```yaml\n{text}```\n")),
            "docs/ci.md does not show ci/{recipe} as it is"
        );
    }
}

/// `ci/lint` in a copy of this repository's `ci` that names this hash of an archive with the
/// program; there is no other program to run.
fn lint_by_release(folder: &Path, hash: &str) -> Output {
    let copy = folder.join("source");
    let fleet = git_repository("", CLEAN);
    fs::create_dir_all(copy.join("ci")).unwrap();
    fs::copy(source().join("ci/lint"), copy.join("ci/lint")).unwrap();
    fs::copy(source().join("Cargo.toml"), copy.join("Cargo.toml")).unwrap();
    let line = format!("{hash}  {}.tar.gz\n", archive());
    fs::write(copy.join("ci/released"), line).unwrap();
    let tools = [
        "sh",
        "sed",
        "head",
        "uname",
        "mkdir",
        "curl",
        "sha256sum",
        "rm",
        "tar",
        "gzip",
        "git",
        "dirname",
    ];
    let links: Vec<String> = tools
        .iter()
        .map(|tool| format!("ln -s $(command -v {tool}) bin/"))
        .collect();
    shell(
        folder,
        &format!("rm -rf bin && mkdir bin && {}", links.join(" && ")),
    );
    Command::new(copy.join("ci/lint"))
        .arg("--no-inventory")
        .current_dir(fleet.path())
        .env_clear()
        .env("PATH", folder.join("bin"))
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .env(
            "LARDER_RELEASES",
            format!("file://{}/releases", folder.display()),
        )
        .output()
        .unwrap()
}

/// The name of the archive for this machine.
fn archive() -> String {
    let (version, processor) = (env!("CARGO_PKG_VERSION"), std::env::consts::ARCH);
    format!("larder-{version}-{processor}-unknown-linux-musl")
}

/// Puts an archive of the program where a release would have it; its hash.
fn release(folder: &Path) -> String {
    let (name, program) = (archive(), env!("CARGO_BIN_EXE_larder"));
    let script = format!(
        "rm -rf {name} && mkdir -p {name} releases/v{version} && cp {program} {name}/larder
         tar -czf releases/v{version}/{name}.tar.gz {name}
         sha256sum releases/v{version}/{name}.tar.gz | cut -d ' ' -f 1",
        version = env!("CARGO_PKG_VERSION"),
    );
    shell(folder, &script).trim().to_owned()
}

fn shell(folder: &Path, script: &str) -> String {
    let output = Command::new("sh")
        .args(["-ec", script])
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Runs the step of `action.yml` as GitHub does: in the repository, with the inputs
/// in the environment that the step names.
fn action(repository: &Path, given: &[(&str, &str)]) -> Output {
    let action = fs::read_to_string(source().join("action.yml")).unwrap();
    let mut inputs = defaults(&action);
    inputs.extend(
        given
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    );
    inputs.insert("larder".to_owned(), env!("CARGO_BIN_EXE_larder").to_owned());
    let (script, environment) = step(&action);
    Command::new("sh")
        // The fleet of these tests has no inventory.
        .args(["-ec", &format!("{script} --no-inventory")])
        .current_dir(repository)
        .env_clear()
        .env("PATH", std::env::var("PATH").unwrap())
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_ACTION_PATH", source())
        .envs(
            environment
                .iter()
                .map(|(name, input)| (name, &inputs[input])),
        )
        .output()
        .unwrap()
}

/// Input → its default. The file is read by its lines: it has one shape.
fn defaults(action: &str) -> BTreeMap<String, String> {
    let mut inputs = BTreeMap::new();
    let mut name = String::new();
    for line in action.lines().skip_while(|line| *line != "inputs:") {
        if let Some(value) = line.strip_prefix("    default: ") {
            inputs.insert(name.clone(), value.trim_matches('"').to_owned());
        } else if let Some(input) = line.strip_prefix("  ").and_then(|l| l.strip_suffix(':')) {
            input.clone_into(&mut name);
        }
    }
    assert!(inputs.contains_key("deny"), "the inputs were not found");
    inputs
}

/// The first step's script, and variable → the input that it is.
fn step(action: &str) -> (String, BTreeMap<String, String>) {
    let after = |start: &str| action.split_once(start).unwrap().1;
    let script = after("run: '").split_once("'\n").unwrap().0.to_owned();
    let lines = after("      env:\n").lines();
    let variables = lines.map_while(|line| line.strip_prefix("        ")?.split_once(": "));
    let input = |value: &str| {
        let value = value.strip_prefix("${{ inputs.").unwrap();
        value.split([' ', '}']).next().unwrap().to_owned()
    };
    let variables = variables.map(|(name, value)| (name.to_owned(), input(value)));
    (script, variables.collect())
}

/// Runs what `lib.check` of the flake would build, on a folder as Nix copies it to
/// the store; and whether the build made its output.
fn flake_check(fleet: &Path) -> (Output, bool) {
    let script = Command::new("nix-instantiate")
        .args(["--eval", "--json", "--strict", "--expr"])
        .arg(format!(
            "((import {}/flake.nix).outputs {{
               self = {{ }};
               nixpkgs.lib.genAttrs = names: f: {{ }};
             }}).lib.check {{
               pkgs.runCommand = name: attributes: script: script;
               src = \"{}\";
               arguments = \"--no-inventory\";
             }}",
            source().display(),
            fleet.display()
        ))
        .env("NIX_CONFIG", "build-users-group =")
        .output()
        .unwrap();
    assert!(script.status.success(), "{script:?}");
    let script: String = serde_json::from_slice(&script.stdout).unwrap();
    let build = tempfile::tempdir().unwrap();
    let out = build.path().join("out");
    let larder = Path::new(env!("CARGO_BIN_EXE_larder")).parent().unwrap();
    let path = format!("{}:{}", larder.display(), std::env::var("PATH").unwrap());
    let output = Command::new("sh")
        .args(["-ec", &script])
        .current_dir(build.path())
        .env_clear()
        .env("PATH", path)
        .env("HOME", "/homeless-shelter")
        .env("out", &out)
        .output()
        .unwrap();
    (output, out.exists())
}

/// A repository with a flake in `folder`.
fn git_repository(folder: &str, module: &str) -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    let flake = place.path().join(folder);
    fs::create_dir_all(&flake).unwrap();
    write_fleet(&flake, module);
    let git = Command::new("sh")
        .args(["-ec", "git init -q && git add -A"])
        .current_dir(place.path())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .status()
        .unwrap();
    assert!(git.success());
    place
}

fn write_fleet(folder: &Path, module: &str) {
    fs::write(folder.join("flake.nix"), FLAKE).unwrap();
    fs::write(folder.join("pai.nix"), module).unwrap();
}

fn source() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
