//! Every test but the unit tests and the faults, in one program: one link, one
//! summary, and no core that waits while another program comes to its end.
//!
//! `cargo test --test suite lint::` runs one part; each module says what it is about.
//! `UPDATE=1` writes anew what cases expect.
//!
//! A test that needs root is shown as ignored. `./tests/run root` runs those.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests touch the world, and fail where it does not answer"
)]

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use proptest::test_runner::Config as ProptestConfig;

/// Names tests once: as a trial and as the function that it runs.
macro_rules! trials {
    ($($name:ident),* $(,)?) => {
        trials![$($name),*; needs root:];
    };
    ($($name:ident),* $(,)?; needs root: $($root:ident),* $(,)?) => {
        pub(crate) fn trials() -> Vec<libtest_mimic::Trial> {
            vec![
                $(crate::trial(concat!(module_path!(), "::", stringify!($name)), $name),)*
                $(crate::needs_root(
                    crate::trial(concat!(module_path!(), "::", stringify!($root)), $root)
                ),)*
            ]
        }
    };
}

mod book;
mod ci;
mod cli;
mod command_lines;
mod demo;
mod doctor;
mod edit;
mod environment;
mod eval;
mod flake;
mod flake_hostile;
mod folder;
mod fuzz;
mod git;
mod house;
mod inventory;
mod inventory_edit;
mod inventory_properties;
mod keys;
mod lint;
mod lint_cache;
mod machines;
mod outside;
mod packaging;
mod prompts;
mod properties;
mod quoting;
mod readers;
mod thin;

fn main() -> ExitCode {
    if !environment::is_entered() {
        return environment::enter();
    }
    libtest_mimic::run(&Arguments::from_args(), trials()).exit_code()
}

/// Those that take long first: at the end, every core has something to do.
fn trials() -> Vec<Trial> {
    let parts = [
        outside::trials(),
        lint_cache::trials(),
        eval::trials(),
        properties::trials(),
        flake_hostile::trials(),
        git::trials(),
        cli::trials(),
        readers::trials(),
        quoting::trials(),
        lint::trials(),
        flake::trials(),
        prompts::trials(),
        prompts::asks_nix::trials(),
        prompts::difference::trials(),
        prompts::guided::trials(),
        prompts::keys_scan::trials(),
        prompts::proof::trials(),
        prompts::rotate::trials(),
        prompts::secrets::trials(),
        prompts::sshd::trials(),
        prompts::which::trials(),
        prompts::values::trials(),
        inventory_properties::trials(),
        thin::trials(),
        fuzz::trials(),
        edit::trials(),
        demo::trials(),
        book::trials(),
        doctor::trials(),
        ci::trials(),
        packaging::trials(),
        keys::trials(),
        machines::trials(),
        inventory_edit::trials(),
        inventory::trials(),
        command_lines::trials(),
        house::trials(),
    ];
    parts.into_iter().flatten().collect()
}

/// A test by its path in this program.
fn trial(path: &str, test: fn()) -> Trial {
    let name = path.split_once("::").map_or(path, |(_, name)| name);
    Trial::test(name, move || {
        test();
        Ok(())
    })
}

/// So many times proptest's own number of cases, which `PROPTEST_CASES` sets.
fn cases(times: u32) -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig {
        cases: usual.cases * times,
        // A case that fails becomes a test of its own: nothing is noted beside the tests.
        failure_persistence: None,
        ..usual
    }
}

/// What an ordinary user may not do is left out, and shown as left out.
fn needs_root(trial: Trial) -> Trial {
    trial.with_kind("needs root").with_ignored_flag(true)
}
