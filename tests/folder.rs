//! Folders that tests begin with.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use crate::environment;

/// Copies the folder that `make` fills, once in a run: what many tests begin with.
pub(crate) fn copy_of(name: &'static str, make: fn(&Path), to: &Path) {
    let original = environment::place().join(name);
    let once = MADE
        .lock()
        .map(|mut all| all.entry(name).or_default().clone());
    once.expect("making is outside of the lock")
        .get_or_init(|| {
            fs::create_dir(&original).expect("nobody has made it");
            make(&original);
        });
    copy(&original, to);
}

/// Whether a folder is there already, by its name.
static MADE: Mutex<BTreeMap<&str, Arc<OnceLock<()>>>> = Mutex::new(BTreeMap::new());

/// Everything in a folder, with its permissions; links stay links.
pub(crate) fn copy(from: &Path, to: &Path) {
    let entries = fs::read_dir(from).expect("what is copied is a folder");
    fs::create_dir_all(to).expect("there is room for a copy");
    for entry in entries.map(|entry| entry.expect("it can be listed")) {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().expect("it can be looked at");
        let copied = if kind.is_dir() {
            copy(&path, &target);
            Ok(())
        } else if kind.is_symlink() {
            fs::read_link(&path).and_then(|leads| symlink(leads, &target))
        } else {
            fs::copy(&path, &target).map(drop)
        };
        copied.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}
