//! Inventories with mistakes: `inventory/<mistake>.toml` is read, and what larder
//! says about it must be `inventory/<mistake>.expected`. `UPDATE=1` writes what
//! it says.

use std::fs;
use std::path::{Path, PathBuf};

use larder::internals::diagnostic::Source;
use larder::internals::fleet::read;
use larder::internals::report::{Style, human};
use libtest_mimic::{Failed, Trial};

pub(crate) fn trials() -> Vec<Trial> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inventory");
    let mut fixtures: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder of fixtures is there")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .collect();
    fixtures.sort();
    fixtures.into_iter().map(trial).collect()
}

fn trial(fixture: PathBuf) -> Trial {
    let name = fixture.file_stem().unwrap_or_default().to_string_lossy();
    Trial::test(format!("inventory::{name}"), move || check(&fixture))
}

fn check(fixture: &Path) -> Result<(), Failed> {
    let text = fs::read_to_string(fixture)?;
    let Err(problems) = read(&Source::new("larder.toml", text)) else {
        return Err("nothing is wrong with it".into());
    };
    let said = human(&problems, Style::PLAIN);
    let expected = fixture.with_extension("expected");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&expected, &said)?;
    }
    let wanted = fs::read_to_string(&expected).unwrap_or_default();
    if said == wanted {
        return Ok(());
    }
    Err(format!("--- wanted\n{wanted}\n--- said\n{said}").into())
}
