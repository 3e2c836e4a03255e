//! The built program from outside: beside others at work, on hostile repositories,
//! and where it has to refuse.

mod growth;
mod hostile;
mod refusals;
mod together;
mod world;

use libtest_mimic::Trial;

pub(crate) fn trials() -> Vec<Trial> {
    let parts = [
        growth::trials(),
        hostile::trials(),
        together::trials(),
        refusals::trials(),
    ];
    parts.into_iter().flatten().collect()
}
