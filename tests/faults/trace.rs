//! What `strace` wrote down of a command, as a [`Recording`].

use std::collections::HashMap;
use std::path::Path;

use libtest_mimic::Failed;

use crate::recording::Recording;
use crate::tree::mode_of;

/// What `strace` is asked for: paths behind numbers, and every byte.
pub(crate) const OPTIONS: [&str; 6] = ["-f", "-y", "-xx", "-s", "10000000", "-o"];

/// The folder `before` the command, and the `log` of its calls; `work` is the path
/// under which the command knew the folder. Whatever it did elsewhere is left out: the
/// terminal, most likely.
pub(crate) fn read(before: &Path, work: &Path, log: &str) -> Result<Recording, Failed> {
    let mut reader = Reader {
        recording: Recording::of(before)?,
        work,
        umask: !mode_of(before)? & 0o777,
    };
    for line in whole_lines(log) {
        let call = reader.call(&line);
        call.map_err(|why| format!("{}: {line}", why.message().unwrap_or_default()))?;
    }
    Ok(reader.recording)
}

/// A call of one thread may be written down in two lines, with others between them.
fn whole_lines(log: &str) -> Vec<String> {
    let mut open = HashMap::new();
    let mut lines = Vec::new();
    for line in log.lines() {
        let Some((thread, line)) = line.split_once(' ') else {
            continue;
        };
        let line = line.trim_start();
        if let Some(begun) = line.strip_suffix(" <unfinished ...>") {
            open.insert(thread, begun);
        } else if let Some((_, rest)) = line.split_once(" resumed>") {
            lines.push(format!("{}{rest}", open.remove(thread).unwrap_or_default()));
        } else {
            lines.push(line.to_owned());
        }
    }
    lines
}

struct Reader<'a> {
    recording: Recording,
    work: &'a Path,
    umask: u32,
}

impl Reader<'_> {
    fn call(&mut self, line: &str) -> Result<(), Failed> {
        let (Some((call, rest)), false) = (line.split_once('('), line.contains(") = -1 ")) else {
            return Ok(());
        };
        let reads = !rest.contains("O_CREAT") && !rest.contains("O_TRUNC");
        if line.starts_with("---") || call.starts_with("open") && reads {
            return Ok(());
        }
        let args = rest
            .rsplit_once(") = ")
            .map_or(rest, |(args, _)| args.trim_end());
        let paths: Option<Vec<String>> = paths(call, args)?
            .iter()
            .map(|path| below(path, self.work))
            .collect();
        let Some(paths) = paths else {
            return Ok(());
        };
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        self.change(call, &paths, args)
    }

    fn change(&mut self, call: &str, paths: &[&str], args: &str) -> Result<(), Failed> {
        let recording = &mut self.recording;
        match (call, paths) {
            ("open" | "openat", [path]) if recording.has(path) && !args.contains("O_TRUNC") => {
                Ok(())
            }
            ("open" | "openat", [path]) if recording.has(path) => recording.cut(path, 0),
            ("open" | "openat", [path]) => recording.make(path, false, mode(args)? & !self.umask),
            ("mkdir" | "mkdirat", [path]) => recording.make(path, true, mode(args)? & !self.umask),
            ("write", [path]) => recording.append(path, &bytes(args)?),
            ("ftruncate", [path]) => recording.cut(path, number(args)?.parse()?),
            ("fchmod", [path]) => recording.chmod(path, mode(args)?),
            ("fsync", [path]) => recording.sync(path),
            ("syncfs", [_]) => recording.sync_all(),
            ("link" | "linkat", [from, to]) => recording.link(from, to),
            ("rename" | "renameat" | "renameat2", [from, to]) => recording.rename(from, to),
            ("unlink" | "unlinkat" | "rmdir", [path]) => recording.remove(path),
            _ => Err("the replay does not know this call".into()),
        }
    }
}

/// The paths that a call is about: that of its open file, or of folder and name.
fn paths(call: &str, args: &str) -> Result<Vec<String>, Failed> {
    if matches!(
        call,
        "write" | "fsync" | "fdatasync" | "syncfs" | "fchmod" | "ftruncate"
    ) {
        let path = args.split(['<', '>']).nth(1);
        return Ok(vec![text(path.ok_or("a file without a path")?)?]);
    }
    let mut paths = Vec::new();
    let mut pieces = args.split('"');
    while let (Some(before), Some(path)) = (pieces.next(), pieces.next()) {
        let folder = before
            .rsplit_once('<')
            .and_then(|(_, it)| it.split_once('>'));
        let path = text(path)?;
        paths.push(match folder {
            Some((folder, _)) if !path.starts_with('/') => format!("{}/{path}", text(folder)?),
            _ => path,
        });
    }
    Ok(paths)
}

/// The path as seen from the folder; `None` if it is elsewhere. No name is a link.
fn below(path: &str, work: &Path) -> Option<String> {
    let mut parts = Vec::new();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        match part {
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let path = format!("/{}", parts.join("/"));
    let below = Path::new(&path).strip_prefix(work).ok()?;
    Some(below.to_str()?.to_owned())
}

fn mode(args: &str) -> Result<u32, Failed> {
    Ok(u32::from_str_radix(number(args)?, 8)?)
}

/// The last argument.
fn number(args: &str) -> Result<&str, Failed> {
    let last = args.rsplit(", ").next();
    Ok(last.ok_or("a call without arguments")?)
}

fn bytes(args: &str) -> Result<Vec<u8>, Failed> {
    unhex(args.split('"').nth(1).ok_or("a write without bytes")?)
}

fn text(hex: &str) -> Result<String, Failed> {
    Ok(String::from_utf8(unhex(hex)?)?)
}

fn unhex(text: &str) -> Result<Vec<u8>, Failed> {
    let bytes = text.split("\\x").skip(1);
    bytes
        .map(|byte| Ok(u8::from_str_radix(byte, 16)?))
        .collect()
}
