//! `larder demo`: the example fleet, from `init` to a wired cache.

use std::path::Path;
use std::process::{Command, Output};

trials![
    the_demo_wires_a_fleet_that_holds,
    a_folder_that_is_not_empty_is_left_alone,
];

/// Runs a program with no configuration of the machine's user.
fn run(program: &str, args: &[&str], dir: &Path) -> Output {
    Command::new(program)
        .args(args)
        .current_dir(dir)
        .env("HOME", dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .unwrap_or_else(|error| panic!("{program}: {error}"))
}

fn text(output: &Output) -> String {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn the_demo_wires_a_fleet_that_holds() {
    let place = tempfile::tempdir().unwrap();
    let larder = env!("CARGO_BIN_EXE_larder");
    text(&run(larder, &["demo", "fleet"], place.path()));
    let fleet = place.path().join("fleet");

    let log = text(&run("git", &["log", "--format=%s"], &fleet));
    let commits: Vec<&str> = log.lines().collect();
    let expected = [
        "larder: add host bagan",
        "larder: add cache kalaw",
        "larder: write the inventory",
        "two machines",
    ];
    assert_eq!(commits, expected);
    assert_eq!(text(&run("git", &["status", "--porcelain"], &fleet)), "");
    assert_eq!(text(&run(larder, &["lint"], &fleet)), "");
    assert!(text(&run("git", &["fsck", "--strict"], &fleet)).is_empty());

    let files = text(&run("git", &["ls-files", "*.nix"], &fleet));
    assert!(files.lines().count() > 10, "{files}");
    for file in files.lines() {
        text(&run("nix-instantiate", &["--parse", file], &fleet));
    }
}

fn a_folder_that_is_not_empty_is_left_alone() {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("mine"), "mine").unwrap();
    let output = run(env!("CARGO_BIN_EXE_larder"), &["demo", "."], place.path());
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        said.lines().next(),
        Some("error[demo-folder]: `.` is not empty")
    );
    assert!(!place.path().join(".git").exists());
}
