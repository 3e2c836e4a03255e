//! The places at which a command can be hit: its system calls that change something.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::process::Output;

use libtest_mimic::Failed;

use crate::fixture::{Fixture, larder};
use crate::trace;

/// The calls that change what is on a disk, or wait until it is there.
const CALLS: &str = "open,openat,openat2,creat,write,pwrite64,writev,rename,renameat,renameat2,\
                     unlink,unlinkat,mkdir,mkdirat,rmdir,link,linkat,symlink,symlinkat,chmod,fchmod,fchmodat,chown,\
                     fchown,fchownat,ftruncate,truncate,utimensat,fsync,fdatasync,syncfs,fallocate,\
                     copy_file_range,sendfile";

/// What happens at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The process is killed; the call is not made.
    Kill,
    /// The call fails once with this error.
    Error(&'static str),
    /// Every write from here on finds the disk full.
    Full,
}

impl Fault {
    pub(crate) const ALL: [Self; 5] = [
        Self::Kill,
        Self::Error("ENOSPC"),
        Self::Error("EIO"),
        Self::Error("EACCES"),
        Self::Full,
    ];
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kill => f.write_str("kill"),
            Self::Error(name) => f.write_str(&name.to_lowercase()),
            Self::Full => f.write_str("full"),
        }
    }
}

/// The `nth` call of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) call: String,
    nth: usize,
    /// The call as strace prints it, for whoever reads of a failure.
    line: String,
}

impl Point {
    /// True if the call would have told the user something.
    pub(crate) fn speaks(&self) -> bool {
        self.line.starts_with("write(1,") || self.line.starts_with("write(2,")
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} number {}: {}", self.call, self.nth, self.line)
    }
}

/// Every point of the fixture's command that this fault can hit.
pub(crate) fn all(fixture: &Fixture, fault: Fault) -> Result<Vec<Point>, Failed> {
    fixture.reset()?;
    let (trace, path) = (format!("trace={CALLS}"), log(fixture).display().to_string());
    fixture.has_worked(strace(fixture, &["-f", "-o", &path, "-e", &trace])?)?;
    let log = fs::read_to_string(path)?;
    let main = log.split_once(' ').map(|(pid, _)| pid).unwrap_or_default();
    let mut seen = BTreeMap::new();
    let mut points = Vec::new();
    for line in log.lines() {
        let Some((pid, line)) = line.split_once(' ') else {
            continue;
        };
        let line = line.trim_start();
        // Only a name stands for a call. `<... open resumed>` is the second line of one
        // that another thread came between. `???` is one that was never made: its
        // thread ended with the process in front of it.
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let named = |(call, _): &(&str, &str)| call.bytes().all(is_name);
        let Some((call, _)) = line.split_once('(').filter(named) else {
            continue;
        };
        if pid != main {
            if changes(line) {
                return Err(format!("a thread changes something: {line}").into());
            }
            continue;
        }
        let nth = seen.entry(call.to_owned()).or_insert(0);
        *nth += 1;
        if changes(line) && matters(call, fault) {
            points.push(Point {
                call: call.to_owned(),
                nth: *nth,
                line: line.to_owned(),
            });
        }
    }
    Ok(points)
}

/// Runs the command, and says all that it does to the disk.
pub(crate) fn record(fixture: &Fixture) -> Result<String, Failed> {
    fixture.reset()?;
    let (calls, path) = (format!("trace={CALLS}"), log(fixture).display().to_string());
    let options = [&trace::OPTIONS[..], &[&path, "-e", &calls]].concat();
    fixture.has_worked(strace(fixture, &options)?)?;
    Ok(fs::read_to_string(path)?)
}

/// Runs the command and lets the fault happen at this point.
///
/// Keys are new in every run, and so are the names of objects; a folder of git's that
/// one run has to make is there already in another. So a run may have one call less
/// than the one that was counted: then it is tried again.
pub(crate) fn hit(fixture: &Fixture, point: &Point, fault: Fault) -> Result<Output, Failed> {
    for _ in 0..TRIES {
        fixture.reset()?;
        let output = hit_once(fixture, point, fault)?;
        let log = fs::read_to_string(log(fixture))?;
        if log.contains("(INJECTED)") || log.contains("+++ killed by SIGKILL +++") {
            return Ok(output);
        }
        fixture.has_worked(output)?;
    }
    Err("this call is never made".into())
}

const TRIES: usize = 20;

fn hit_once(fixture: &Fixture, point: &Point, fault: Fault) -> Result<Output, Failed> {
    let Point { call, nth, .. } = point;
    let inject = match fault {
        Fault::Kill => format!("inject={call}:signal=KILL:when={nth}"),
        Fault::Error(error) => format!("inject={call}:error={error}:when={nth}"),
        Fault::Full => format!("inject={call}:error=ENOSPC:when={nth}+"),
    };
    let (trace, log) = (format!("trace={call}"), log(fixture).display().to_string());
    let mut options = vec!["-o", &log, "-e", &trace, "-e", &inject];
    if fault != Fault::Kill && !only_reads_in_threads(call) {
        // The kernel itself lets all other calls pass, which is much faster. (strace
        // loses signals on this way.)
        options.extend(["-f", "--seccomp-bpf"]);
    }
    strace(fixture, &options)
}

fn log(fixture: &Fixture) -> PathBuf {
    fixture.work().with_file_name("log")
}

/// Calls are counted thread by thread. Other threads than the main one change
/// nothing ([`all`] sees to that), but they do open files to read them.
fn only_reads_in_threads(call: &str) -> bool {
    matches!(call, "open" | "openat" | "openat2")
}

fn strace(fixture: &Fixture, options: &[&str]) -> Result<Output, Failed> {
    let mut strace = fixture.program("strace");
    strace.args(options).arg(larder()).args(&fixture.command);
    strace
        .output()
        .map_err(|e| format!("these tests need strace: {e}").into())
}

fn changes(line: &str) -> bool {
    let opens = line.starts_with("open");
    let writes = line.contains("O_CREAT") || line.contains("O_TRUNC");
    let failed = line.contains(") = -1 ");
    !failed && (!opens || writes) && !line.starts_with("+++") && !line.starts_with("---")
}

/// A process that is killed before it waits for the disk has changed nothing by
/// it; and a disk that is full refuses only what needs space.
fn matters(call: &str, fault: Fault) -> bool {
    match fault {
        Fault::Kill => !matches!(call, "fsync" | "fdatasync" | "syncfs"),
        Fault::Full => call == "write",
        Fault::Error(_) => true,
    }
}
