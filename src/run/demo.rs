//! `demo`: larder on an example fleet.
//!
//! Every step is the command that a user would type, run through the same
//! dispatch; nothing here knows how a cache is wired.

use std::path::Path;

use clap::Parser;

use super::dispatch;
use crate::cli::{Cli, Exit, Global};
use crate::diagnostic::{Diagnostic, Stop};
use crate::io::example;
use crate::io::screen::Screen;

/// The public SSH host key of the machine that joins later.
const BAGAN_KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKsIJNfnutLXo0jx2j5Ocxe83jK9K6BE/mREoLqvGGzh";

/// The example fleet: a desktop and a file server.
const FILES: &[(&str, &str)] = &[
    (
        "flake.nix",
        include_str!("../../templates/example/flake.nix"),
    ),
    (
        "common.nix",
        include_str!("../../templates/example/common.nix"),
    ),
    (
        "desktop.nix",
        include_str!("../../templates/example/desktop.nix"),
    ),
    (
        "configuration-pai.nix",
        include_str!("../../templates/example/configuration-pai.nix"),
    ),
    (
        "configuration-kalaw.nix",
        include_str!("../../templates/example/configuration-kalaw.nix"),
    ),
];

/// Makes the example repository and wires it, step by step.
pub(super) fn run(dir: Option<&Path>, global: &Global, screen: &Screen) -> Result<Exit, Stop> {
    let dir = example::create(dir, FILES)?;
    if global.json {
        show(&dir, &screen.aside())?;
        let folder = dir.display().to_string();
        screen.json("done", &serde_json::json!({ "folder": folder }))?;
        return Ok(Exit::Done);
    }
    show(&dir, screen)
}

fn show(dir: &Path, screen: &Screen) -> Result<Exit, Stop> {
    screen.note(&format!("a fleet of two machines, in {}:", dir.display()))?;
    for (path, text) in FILES {
        screen.print(&format!("\n# {path}\n{text}"))?;
    }
    let steps: [(&str, &[&str]); 5] = [
        (
            "the inventory: hosts, modules and host keys, as found in the repository",
            &["init", "--yes"],
        ),
        (
            "the file server becomes the cache of the others",
            &[
                "add-cache",
                "kalaw",
                "--lan",
                "--new-signing-key",
                "kalaw-1.secret",
                "--yes",
            ],
        ),
        (
            "a third machine joins, and uses the cache at once",
            &[
                "add-host",
                "bagan",
                "--system",
                "x86_64-linux",
                "--host-key",
                BAGAN_KEY,
                "--yes",
            ],
        ),
        ("lint finds nothing", &["lint"]),
        ("and this is how the fleet stands", &["status"]),
    ];
    for (what, args) in steps {
        step(dir, what, args, screen)?;
    }
    screen.print("\n$ git log --oneline\n")?;
    screen.print(&example::history(dir)?)?;
    farewell(dir, screen)
}

fn step(dir: &Path, what: &str, args: &[&str], screen: &Screen) -> Result<(), Stop> {
    let shown: Vec<String> = args.iter().map(|arg| shown(arg)).collect();
    screen.print(&format!("\n# {what}\n$ larder {}\n", shown.join(" ")))?;
    let line = ["larder".as_ref(), "-C".as_ref(), dir.as_os_str()];
    let line = line.into_iter().chain(args.iter().map(AsRef::as_ref));
    let cli = Cli::try_parse_from(line).map_err(|error| broken(&error.to_string()))?;
    match dispatch(cli, screen)? {
        Exit::Done => Ok(()),
        Exit::Findings | Exit::Fault => Err(broken("it had findings or failed")),
    }
}

fn shown(arg: &str) -> String {
    if arg.contains(' ') {
        format!("'{arg}'")
    } else {
        arg.to_owned()
    }
}

fn broken(why: &str) -> Stop {
    Stop::fault(Diagnostic::error(
        "demo-broken",
        format!("a step of the demo failed: {why}"),
    ))
}

fn farewell(dir: &Path, screen: &Screen) -> Result<Exit, Stop> {
    screen.print(&format!(
        "\nIt is an ordinary git repository: {dir}\n\
         Try there:  git show            what the last command changed\n\
         \x20           larder lint         checks the wiring\n\
         \x20           larder remove-cache kalaw   restores every byte\n",
        dir = dir.display()
    ))
}
