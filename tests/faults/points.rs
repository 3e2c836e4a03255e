//! The places at which a command can be hit: its system calls that change something.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::process::Output;

use libtest_mimic::Failed;

use crate::fixture::{Fixture, LARDER, succeeded};

/// The calls that change what is on a disk, or wait until it is there.
const CALLS: &str = "openat,creat,write,pwrite64,writev,rename,renameat,renameat2,unlink,unlinkat,\
                     mkdir,mkdirat,rmdir,link,linkat,symlink,symlinkat,chmod,fchmod,fchmodat,chown,\
                     fchown,fchownat,ftruncate,truncate,utimensat,fsync,fdatasync,fallocate,\
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
    call: String,
    nth: usize,
    /// The call as strace prints it, for whoever reads of a failure.
    line: String,
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} number {}: {}", self.call, self.nth, self.line)
    }
}

/// Every point of the fixture's command that this fault can hit.
pub(crate) fn all(fixture: &Fixture, fault: Fault) -> Result<Vec<Point>, Failed> {
    fixture.reset()?;
    let log = fixture.work().with_file_name("log");
    let log = log.display().to_string();
    let output = strace(
        fixture,
        &["-f", "-o", &log, "-e", &format!("trace={CALLS}")],
    )?;
    succeeded("the command itself", output)?;
    let log = fs::read_to_string(log)?;
    let main = log.split_once(' ').map(|(pid, _)| pid).unwrap_or_default();
    let mut seen = BTreeMap::new();
    let mut points = Vec::new();
    for line in log.lines() {
        let Some((pid, line)) = line.split_once(' ') else {
            continue;
        };
        let line = line.trim_start();
        let Some((call, _)) = line.split_once('(') else {
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

/// Runs the command and lets the fault happen at this point.
pub(crate) fn hit(fixture: &Fixture, point: &Point, fault: Fault) -> Result<Output, Failed> {
    let Point { call, nth, .. } = point;
    let inject = match fault {
        Fault::Kill => format!("inject={call}:signal=KILL:when={nth}"),
        Fault::Error(error) => format!("inject={call}:error={error}:when={nth}"),
        Fault::Full => format!("inject={call}:error=ENOSPC:when={nth}+"),
    };
    strace(
        fixture,
        &[
            "-o",
            "/dev/null",
            "-e",
            &format!("trace={call}"),
            "-e",
            &inject,
        ],
    )
}

fn strace(fixture: &Fixture, options: &[&str]) -> Result<Output, Failed> {
    let mut strace = fixture.program("strace");
    strace.args(options).arg(LARDER).args(&fixture.command);
    strace
        .output()
        .map_err(|e| format!("these tests need strace: {e}").into())
}

fn changes(line: &str) -> bool {
    let opens = line.starts_with("openat(");
    let writes = line.contains("O_CREAT") || line.contains("O_TRUNC");
    let failed = line.contains(") = -1 ");
    !failed && (!opens || writes) && !line.starts_with("+++") && !line.starts_with("---")
}

/// A process that is killed before it waits for the disk has changed nothing by
/// it; and a disk that is full refuses only what needs space.
fn matters(call: &str, fault: Fault) -> bool {
    match fault {
        Fault::Kill => !matches!(call, "fsync" | "fdatasync"),
        Fault::Full => call == "write",
        Fault::Error(_) => true,
    }
}
