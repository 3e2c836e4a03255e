//! Machines of the fleet, asked over the network: for the host keys that they show, and, by
//! the user's own ssh, for files. Many at a time, each within limits.

use std::thread;
use std::time::Duration;

use super::disk;
use super::fault;
use super::program::{Limits, Program, Stopped};
use super::prompt::cancelled;
use super::signal;
use crate::command::Reply;
use crate::diagnostic::Stop;
use crate::fleet::{Host, SSH_PORT};
use crate::text::shell_word;

/// How many are asked at a time.
const AT_A_TIME: usize = 16;
/// The timeout of `ssh-keyscan` for each step of a connection, in seconds.
const SCAN_TIMEOUT: &str = "5";
/// What a program may take that asks one machine: files of public keys, of a few hundred hosts
/// at most.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(30),
    memory: 4096,
    answer: 1 << 20,
};
/// Host keys that are asked for through a jump host: of the type that clients log in with, if
/// the machine has one.
const KEY_TYPES: &str = "ssh-ed25519,ecdsa-sha2-nistp256,rsa-sha2-512,rsa-sha2-256";

/// What is being done, for who waits.
pub fn asking(machines: &[&Host]) -> String {
    let names: Vec<String> = machines
        .iter()
        .map(|host| format!("`{}`", host.name))
        .collect();
    format!("asking {}", names.join(", "))
}

/// The host keys that machines show, as lines of `ssh-keyscan`.
///
/// # Errors
/// When the programs cannot be started, or the user breaks off.
pub(super) fn host_keys(machines: &[&Host]) -> Result<Vec<Reply>, Stop> {
    all(machines, |host| match host.proxy_jump {
        None => scan(host),
        Some(_) => key_behind_jump(host),
    })
}

/// The first lines of files on machines, each file below its name.
///
/// # Errors
/// As [`host_keys`].
pub fn first_lines(wanted: &[(&Host, Vec<String>)], lines: usize) -> Result<Vec<Reply>, Stop> {
    // Ctrl-C ends the waiting, and larder says so.
    signal::watch();
    all(wanted, |(host, files)| {
        let files: Vec<_> = files.iter().map(|file| shell_word(file)).collect();
        let command = format!("head -v -n {lines} -- {}", files.join(" "));
        let ended = ssh(host, &[], &command).run_within(&LIMITS)?;
        // `head` goes on after a file that is missing, and says 1; ssh itself says 255.
        Ok(match ended.exit_status.code() {
            Some(0 | 1) => Ok(ended.stdout_str()),
            _ => Err(last_words(&ended.stderr_str())),
        })
    })
}

/// What a command for `sh` prints on each machine; one that fails is no answer.
///
/// # Errors
/// As [`host_keys`].
pub(super) fn outputs(wanted: &[(&Host, String)]) -> Result<Vec<Reply>, Stop> {
    signal::watch();
    all(wanted, |(host, command)| {
        // The user's shell there may be another one.
        let command = format!("sh -c {}", shell_word(command));
        let ended = ssh(host, &[], &command).run_within(&LIMITS)?;
        Ok(if ended.success() {
            Ok(ended.stdout_str())
        } else {
            Err(last_words(&ended.stderr_str()))
        })
    })
}

/// Asks all of them, a few at a time.
fn all<T: Sync>(
    machines: &[T],
    ask: impl Fn(&T) -> Result<Reply, Stopped> + Sync,
) -> Result<Vec<Reply>, Stop> {
    let mut replies = Vec::new();
    for some in machines.chunks(AT_A_TIME) {
        let some: Vec<Result<Reply, Stopped>> = thread::scope(|scope| {
            let asked: Vec<_> = some.iter().map(|one| scope.spawn(|| ask(one))).collect();
            let reply = |asked: thread::ScopedJoinHandle<'_, _>| asked.join();
            let replies = asked.into_iter().map(reply);
            replies
                .map(|reply| reply.unwrap_or(Err(Stopped::TooSlow)))
                .collect()
        });
        for reply in some {
            replies.push(settled(reply)?);
        }
    }
    Ok(replies)
}

fn settled(reply: Result<Reply, Stopped>) -> Result<Reply, Stop> {
    match reply {
        Ok(reply) => Ok(reply),
        Err(Stopped::Interrupted) => Err(cancelled()),
        Err(Stopped::NotStarted(error)) => Err(fault("cannot ask over the network")(
            disk::os_message(&error),
        )),
        Err(Stopped::TooSlow) => Ok(Err("no answer within 30 seconds".to_owned())),
        Err(Stopped::TooLong) => Ok(Err("the answer has no end".to_owned())),
    }
}

fn scan(host: &Host) -> Result<Reply, Stopped> {
    let (address, port) = (host.address(), host.port.unwrap_or(SSH_PORT));
    let ended = Program::new("ssh-keyscan")
        .args([
            "-T",
            SCAN_TIMEOUT,
            "-p",
            &port.to_string(),
            "--",
            address.as_str(),
        ])
        .run_within(&LIMITS)?;
    let lines = ended.stdout_str();
    if lines.lines().any(|line| !line.starts_with('#')) {
        return Ok(Ok(lines));
    }
    let errors = ended.stderr_str();
    let mut errors = errors.lines().filter(|line| !line.starts_with('#'));
    let why = errors.next_back().map(str::to_owned);
    Ok(Err(why.unwrap_or_else(|| {
        format!("no answer from `{address}`, port {port}")
    })))
}

/// `ssh-keyscan` knows no jump hosts. ssh writes the key that a machine shows into a file
/// before it logs in, which it then cannot: no way to log in is left to it.
fn key_behind_jump(host: &Host) -> Result<Reply, Stopped> {
    let folder = tempfile::tempdir().map_err(Stopped::NotStarted)?;
    let file = folder.path().join("known_hosts");
    let known_hosts = format!("UserKnownHostsFile={}", file.display());
    let types = format!("HostKeyAlgorithms={KEY_TYPES}");
    let options = [
        "StrictHostKeyChecking=no",
        "GlobalKnownHostsFile=/dev/null",
        "HashKnownHosts=no",
        "PreferredAuthentications=none",
        "ControlPath=none",
        &known_hosts,
        &types,
    ];
    let ended = ssh(host, &options, "exit").run_within(&LIMITS)?;
    let lines = disk::read(&file)?.unwrap_or_default();
    Ok(if lines.is_empty() {
        Err(last_words(&ended.stderr_str()))
    } else {
        Ok(String::from_utf8_lossy(&lines).into_owned())
    })
}

/// The user's own ssh, which asks nobody anything.
fn ssh(host: &Host, options: &[&str], command: &str) -> Program {
    let jump = host.proxy_jump.as_ref();
    let jump = jump.map(|jump| format!("ProxyJump={jump}"));
    let port = host.port.map(|port| format!("Port={port}"));
    let usual = ["BatchMode=yes", "ConnectTimeout=10"].map(str::to_owned);
    let options = options.iter().map(|option| (*option).to_owned());
    let options = usual.into_iter().chain(jump).chain(port).chain(options);
    let options = options.flat_map(|option| ["-o".to_owned(), option]);
    Program::new("ssh")
        .args(["-T".to_owned()])
        .args(options)
        .args(["--", host.address().as_str(), command])
}

/// Why ssh gave up.
fn last_words(stderr: &str) -> String {
    let lines = stderr.lines().map(str::trim);
    let mut lines = lines.filter(|line| !line.is_empty() && !line.starts_with("Warning:"));
    lines.next_back().unwrap_or("ssh said nothing").to_owned()
}
