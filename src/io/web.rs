//! What a server of http(s) says to everybody, asked with curl.

use std::time::Duration;

use super::disk;
use super::fault;
use super::program::{Limits, Program, Stopped};
use super::prompt::cancelled;
use super::signal;
use crate::command::Reply;
use crate::diagnostic::Stop;

/// What curl may take: a page of a few lines.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(20),
    memory: 4096,
    answer: 1 << 20,
};

/// The text at a URL. No login is sent, and no file of the user's configures curl.
///
/// # Errors
/// When curl cannot be started, or the user breaks off.
pub(super) fn text(url: &str) -> Result<Reply, Stop> {
    signal::watch();
    let options = [
        "--disable",
        "--silent",
        "--show-error",
        "--fail",
        "--location",
        "--proto-redir",
        "=https",
        "--connect-timeout",
        "5",
        "--max-time",
        "15",
        "--",
    ];
    let curl = Program::new("curl").args(options).args([url]);
    match curl.run_within(&LIMITS) {
        Ok(ended) if ended.success() => Ok(Ok(ended.stdout_str())),
        Ok(ended) => Ok(Err(last_line(&ended.stderr_str()))),
        Err(Stopped::Interrupted) => Err(cancelled()),
        Err(Stopped::NotStarted(error)) => Err(fault("cannot ask over the network: curl")(
            disk::os_message(&error),
        )),
        Err(Stopped::TooSlow) => Ok(Err("no answer within 20 seconds".to_owned())),
        Err(Stopped::TooLong) => Ok(Err("the answer has no end".to_owned())),
    }
}

/// `curl: (22) The requested URL returned error: 404` without its beginning.
fn last_line(stderr: &str) -> String {
    let line = stderr.lines().last().unwrap_or("no answer");
    let words = line.split_once(") ").map_or(line, |(_, words)| words);
    words.to_owned()
}
