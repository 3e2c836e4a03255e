//! Commits beside people's unfinished work, judged by real git.
//!
//! The process starts itself again with an environment of its own, so that
//! nobody's git configuration has a say.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests touch the world, and fail where it does not answer"
)]

mod commit;
mod ignore;
mod locks;
mod no_commit;
mod program;
mod refuse;
mod sandbox;
mod secrets;
mod shapes;

use std::env;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

use libtest_mimic::{Arguments, Trial};

/// Names tests once: as a trial and as the function that it runs.
#[macro_export]
macro_rules! trials {
    ($($name:ident),* $(,)?) => {
        pub(crate) fn trials() -> Vec<libtest_mimic::Trial> {
            vec![$(libtest_mimic::Trial::test(
                concat!(module_path!(), "::", stringify!($name)).trim_start_matches("git::"),
                || { $name(); Ok(()) },
            )),*]
        }
    };
}

fn main() -> ExitCode {
    if env::var_os("LARDER_TEST_HOME").is_none() {
        return again();
    }
    let trials: Vec<Trial> = [
        commit::trials(),
        ignore::trials(),
        locks::trials(),
        no_commit::trials(),
        program::trials(),
        refuse::trials(),
        secrets::trials(),
        shapes::trials(),
    ]
    .into_iter()
    .flatten()
    .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn again() -> ExitCode {
    let home = tempfile::tempdir().expect("a place for the tests");
    let config = home.path().join("gitconfig");
    std::fs::write(&config, "").expect("an empty configuration");
    let path = env::var_os("PATH").unwrap_or_default();
    let status = Command::new(env::current_exe().expect("this program"))
        .arg0("git")
        .args(env::args_os().skip(1))
        .env_clear()
        .env("PATH", path)
        .env("HOME", home.path())
        .env("LARDER_TEST_HOME", home.path())
        .env("GIT_CONFIG_GLOBAL", config)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_DATE", "1700000000 +0000")
        .env("GIT_COMMITTER_DATE", "1700000000 +0000")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .status();
    match status.map(|status| status.success()) {
        Ok(true) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
