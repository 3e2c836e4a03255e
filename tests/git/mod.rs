//! Commits beside people's unfinished work, judged by real git.

mod commit;
mod hooks;
mod ignore;
mod locks;
mod no_commit;
mod program;
mod refuse;
mod sandbox;
mod secrets;
mod shapes;

use libtest_mimic::Trial;

pub(crate) fn trials() -> Vec<Trial> {
    let parts = [
        commit::trials(),
        hooks::trials(),
        ignore::trials(),
        locks::trials(),
        no_commit::trials(),
        program::trials(),
        refuse::trials(),
        secrets::trials(),
        shapes::trials(),
    ];
    parts.into_iter().flatten().collect()
}
