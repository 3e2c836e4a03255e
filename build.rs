//! Names this build, so that what another one remembered is not taken for its own
//! (`src/io/memory.rs`).

#![expect(
    clippy::disallowed_methods,
    reason = "a build script reads the sources"
)]

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::io;
use std::path::Path;

/// All that decides what larder says of a file.
const INPUTS: &[&str] = &["src", "templates", "Cargo.toml", "Cargo.lock"];

fn main() -> io::Result<()> {
    let mut hasher = DefaultHasher::new();
    for input in INPUTS {
        println!("cargo::rerun-if-changed={input}");
        add(Path::new(input), &mut hasher)?;
    }
    println!("cargo::rustc-env=LARDER_BUILD={:016x}", hasher.finish());
    Ok(())
}

/// Hashes a file, or every file of a folder, by name and content.
fn add(path: &Path, hasher: &mut DefaultHasher) -> io::Result<()> {
    // A crate from a registry may come without its lock file.
    if !path.exists() {
        return Ok(());
    }
    if !path.is_dir() {
        path.hash(hasher);
        std::fs::read(path)?.hash(hasher);
        return Ok(());
    }
    let mut entries = std::fs::read_dir(path)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(std::fs::DirEntry::path);
    entries
        .iter()
        .try_for_each(|entry| add(&entry.path(), hasher))
}
