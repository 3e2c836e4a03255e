//! What `-v` says on standard error: what was read, which programs ran, and how long
//! each phase took. Without it nothing is said, and nothing but a look at a number done.

use std::io::Write as _;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering::Relaxed};
use std::time::Instant;

use crate::repo::RepoPath;
use crate::report;

/// How often `-v` was given.
static LEVEL: AtomicU8 = AtomicU8::new(0);
static READ: AtomicUsize = AtomicUsize::new(0);
static PARSED: AtomicUsize = AtomicUsize::new(0);

/// Says so much from here on: nothing (0), what was done (1), each file too (2).
pub fn start(level: u8) {
    LEVEL.store(level, Relaxed);
}

/// True with `-v`.
pub fn is_on() -> bool {
    LEVEL.load(Relaxed) > 0
}

/// True with `-vv`.
pub fn is_detailed() -> bool {
    LEVEL.load(Relaxed) > 1
}

/// Says a line with `-v`.
pub fn say(line: impl FnOnce() -> String) {
    if is_on() {
        write(&line());
    }
}

/// Does a part of the work, and says with `-v` how long it took.
pub fn phase<T>(name: &str, work: impl FnOnce() -> T) -> T {
    if !is_on() {
        return work();
    }
    let start = Instant::now();
    let done = work();
    let seconds = start.elapsed().as_secs_f64();
    write(&format!("{name} took {seconds:.3} s"));
    done
}

/// Says with `-v` how many files were read and parsed.
pub fn summary() {
    let (read, parsed) = (READ.load(Relaxed), PARSED.load(Relaxed));
    if read > 0 {
        say(|| format!("files read: {read}, parsed as Nix: {parsed}"));
    }
}

/// Notes that a file of the repository was read.
pub(in crate::io) fn read(path: &RepoPath) {
    note(&READ, "read", path);
}

/// Notes that a file of the repository is parsed as Nix.
pub(in crate::io) fn parsed(path: &RepoPath) {
    note(&PARSED, "parsed", path);
}

fn note(count: &AtomicUsize, what: &str, path: &RepoPath) {
    if !is_on() {
        return;
    }
    count.fetch_add(1, Relaxed);
    if is_detailed() {
        write(&format!("{what} {path}"));
    }
}

fn write(line: &str) {
    let line = format!("trace: {}\n", report::visible(line));
    // Not to be seen is no reason to stop.
    drop(std::io::stderr().lock().write_all(line.as_bytes()));
}
