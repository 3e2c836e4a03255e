//! The environment of the tests: nothing that the machine's user has set has a say.
//!
//! The program starts itself again in it. Git and Nix find no configuration, Nix finds
//! a store of its own, and files are made for everyone to read.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Says that the program has been started again.
const ENTERED: &str = "LARDER_TEST_ENVIRONMENT";

/// What a person says to the tests.
const KEPT: [&str; 4] = ["PATH", "TMPDIR", "UPDATE", "RUST_BACKTRACE"];

/// True where this is the environment of the tests.
pub(crate) fn is_entered() -> bool {
    env::var_os(ENTERED).is_some()
}

/// Runs this program again, in the environment of the tests.
pub(crate) fn enter() -> ExitCode {
    let place = tempfile::tempdir().expect("a place for the tests");
    std::fs::write(place.path().join("gitconfig"), "").expect("an empty configuration");
    let status = again(place.path()).status();
    match status.map(|status| status.success()) {
        Ok(true) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn again(place: &Path) -> Command {
    let is_kept = |name: &str| KEPT.contains(&name) || name.starts_with("PROPTEST_");
    let kept = env::vars_os().filter(|(name, _)| name.to_str().is_some_and(is_kept));
    let mut command = Command::new("sh");
    command
        .args(["-c", "umask 022 && exec \"$@\"", "sh"])
        .arg(env::current_exe().expect("this program"))
        .args(env::args_os().skip(1))
        .env_clear()
        .envs(kept)
        .env(ENTERED, place)
        .env("HOME", place)
        .env("GIT_CONFIG_GLOBAL", place.join("gitconfig"))
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_DATE", "1700000000 +0000")
        .env("GIT_COMMITTER_DATE", "1700000000 +0000")
        .env("GIT_OPTIONAL_LOCKS", "0");
    command.envs(nix(&place.join("nix")));
    command
}

/// The folder of this run: it is gone when all tests have ended.
pub(crate) fn place() -> PathBuf {
    env::var_os(ENTERED)
        .expect("the environment is entered")
        .into()
}

/// What Nix has to know in an environment that a test makes.
pub(crate) fn of_nix() -> impl Iterator<Item = (OsString, OsString)> {
    let is_nix = |name: &OsString| name.to_string_lossy().starts_with("NIX_");
    env::vars_os().filter(move |(name, _)| is_nix(name))
}

/// A store in this folder, without a daemon, and no configuration but ours.
fn nix(folder: &Path) -> [(&'static str, OsString); 6] {
    [
        ("NIX_STORE_DIR", folder.join("store").into()),
        ("NIX_STATE_DIR", folder.join("var").into()),
        ("NIX_LOG_DIR", folder.join("log").into()),
        ("NIX_CONF_DIR", folder.join("etc").into()),
        ("NIX_USER_CONF_FILES", "".into()),
        // Root's Nix speaks of a group of build users where it is not there.
        ("NIX_CONFIG", "build-users-group =".into()),
    ]
}
