//! What `--eval` says with real Nix: no network, no daemon, a store of its own.
//!
//! A case is `tests/eval/<folder>/<case>.txt`: text in sections. `-- PATH --` is a
//! file over those of a small fleet that larder has wired (`tests/eval/fleet`, where
//! `own/HOST.nix` is for the case, and `tests/e2e/nixos` stands in for nixpkgs);
//! `-- cmd --` are shell lines; `-- expected --` is what they print.
//! `UPDATE=1 cargo test --test suite eval::` writes it anew.

use std::fs;
use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use libtest_mimic::{Failed, Trial};

use crate::cli::mask_ids;
use crate::folder::copy;

const EXPECTED: &str = "-- expected --\n";

/// The fleet before larder comes.
const COMMIT: &str = "git init -q -b main && git add -A && git commit -q -m fleet";

/// What a person does to wire it.
const WIRE: &str = "larder init --yes --quiet && larder add-cache kalaw --lan --host-key kalaw=$KEYS/kalaw.pub \
    --host-key pai=$KEYS/pai.pub --signing-key \"$(cat $KEYS/kalaw.signing)\" --yes --quiet";

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials: Vec<Trial> = cases().into_iter().map(trial).collect();
    assert!(!trials.is_empty(), "no cases were found");
    trials.push(Trial::test("eval::network::only-when-allowed", network));
    trials
}

fn cases() -> Vec<PathBuf> {
    let folders = entries(&tests().join("eval")).into_iter();
    let texts = folders.flat_map(|folder| entries(&folder));
    texts
        .filter(|path| path.extension().is_some_and(|kind| kind == "txt"))
        .collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let found = fs::read_dir(folder).expect("the folder of cases is there");
    let mut paths: Vec<PathBuf> = found.map(|entry| entry.expect("readable").path()).collect();
    paths.sort();
    paths
}

fn trial(path: PathBuf) -> Trial {
    let place = path.strip_prefix(tests().join("eval"));
    let name = place.expect("below tests/eval").with_extension("");
    let name = format!("eval/{}", name.display());
    Trial::test(name.replace('/', "::"), move || run(&path))
}

fn run(path: &Path) -> Result<(), Failed> {
    let text = fs::read_to_string(path)?;
    let (files, expected) = text.split_once(EXPECTED).ok_or("no `-- expected --`")?;
    let world = World::new()?;
    world.sh(COMMIT)?;
    // `init` begins where nothing is wired yet, and so does wiring by hand.
    let unwired = ["eval/by-hand", "eval/init", "eval/plan", "eval/take-over"]
        .map(|folder| tests().join(folder));
    if !unwired.iter().any(|folder| path.parent() == Some(folder)) {
        world.sh(WIRE)?;
    }
    let mut script = String::new();
    for section in files.split("-- ").skip(1) {
        let (head, body) = section.split_once(" --\n").ok_or("a section has no head")?;
        if head == "cmd" {
            body.trim_end().clone_into(&mut script);
            continue;
        }
        let file = world.repo().join(head);
        fs::create_dir_all(file.parent().ok_or("a file is in a folder")?)?;
        let place = world.place().display().to_string();
        fs::write(file, body.replace("[PLACE]", &place))?;
    }
    world.sh("git add -A && git commit -q --allow-empty -m case")?;
    let said = world.transcript(&script)?;
    let said: String = said.split_inclusive('\n').map(mask_ids).collect();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, format!("{files}{EXPECTED}{said}"))?;
    } else if said != expected {
        let diff = larder::internals::text::unified(
            &path.display().to_string(),
            Some(expected),
            Some(&said),
        );
        return Err(format!("not as expected (UPDATE=1 writes it anew):\n{diff}").into());
    }
    Ok(())
}

/// An input that only a server has: nobody calls there unless that is allowed.
fn network() -> Result<(), Failed> {
    let server = TcpListener::bind("127.0.0.1:0")?;
    server.set_nonblocking(true)?;
    let url = format!("http://{}/nixpkgs.tar.gz", server.local_addr()?);
    let world = World::new()?;
    world.sh(COMMIT)?;
    world.sh(WIRE)?;
    let flake = world.repo().join("flake.nix");
    let stands_in = format!("path:{}", world.place().join("nixos").display());
    let text = fs::read_to_string(&flake)?.replace(&stands_in, &url);
    fs::write(flake, text)?;
    let offline = world.sh_any("larder lint --eval --color never")?;
    let said = String::from_utf8_lossy(&offline.stderr).into_owned();
    if offline.status.code() != Some(2) || !said.contains("is not on this machine") {
        return Err(format!("not explained:\n{said}").into());
    }
    match server.accept() {
        Err(error) if error.kind() == ErrorKind::WouldBlock => {}
        other => return Err(format!("somebody called: {other:?}").into()),
    }
    // Here somebody has to call; the server answers with nothing.
    let caller = std::thread::spawn(move || {
        let mut calls = 0;
        for _ in 0..600 {
            while server.accept().is_ok() {
                calls += 1;
            }
            if calls > 0 {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        calls
    });
    let online = world.sh_any("larder lint --eval --online --color never")?;
    let said = String::from_utf8_lossy(&online.stderr).into_owned();
    if caller.join().unwrap_or(0) == 0 {
        return Err(format!("nobody called:\n{said}").into());
    }
    if online.status.code() != Some(2) || !said.contains("could not be fetched") {
        return Err(format!("not explained:\n{said}").into());
    }
    Ok(())
}

/// A repository, what stands in for nixpkgs, and a store.
struct World(tempfile::TempDir);

impl World {
    fn new() -> Result<Self, Failed> {
        let world = Self(tempfile::tempdir()?);
        copy(&tests().join("eval/fleet"), &world.repo());
        copy(&tests().join("e2e/nixos"), &world.place().join("nixos"));
        let flake = world.repo().join("flake.nix");
        let input = format!("path:{}", world.place().join("nixos").display());
        let text = fs::read_to_string(&flake)?.replace("path:../nixos", &input);
        fs::write(flake, text)?;
        Ok(world)
    }

    fn place(&self) -> &Path {
        self.0.path()
    }

    fn repo(&self) -> PathBuf {
        self.place().join("repo")
    }

    /// Each line, what it prints, and its exit code if it is not 0.
    fn transcript(&self, script: &str) -> Result<String, Failed> {
        let mut text = String::new();
        for line in script.lines() {
            let output = self.sh_any(line)?;
            text.extend(["$ ", line, "\n"]);
            text.push_str(&String::from_utf8_lossy(&output.stdout));
            text.push_str(&String::from_utf8_lossy(&output.stderr));
            if let Some(code @ 1..) = output.status.code() {
                text.extend(["[exit ", &code.to_string(), "]\n"]);
            }
        }
        Ok(self.masked(&text))
    }

    fn sh(&self, line: &str) -> Result<(), Failed> {
        let output = self.sh_any(line)?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(format!("`{line}` failed:\n{said}").into())
    }

    fn sh_any(&self, line: &str) -> Result<Output, Failed> {
        let larder = Path::new(env!("CARGO_BIN_EXE_larder"));
        let bin = larder.parent().expect("a binary lies in a folder");
        let path = std::env::var("PATH")?;
        let nix = self.place().join("nix");
        Ok(Command::new("sh")
            .args(["-c", line])
            .current_dir(self.repo())
            .env_clear()
            .env("PATH", format!("{}:{path}", bin.display()))
            .env("HOME", self.place().join("home"))
            .env("KEYS", tests().join("keys"))
            .env("LC_ALL", "C.UTF-8")
            .env("NIX_STORE_DIR", nix.join("store"))
            .env("NIX_STATE_DIR", nix.join("var"))
            .env("NIX_LOG_DIR", nix.join("log"))
            // Root's Nix speaks of a group of build users where it is not there.
            .env("NIX_CONFIG", "build-users-group =")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .env("GIT_AUTHOR_NAME", "Ada")
            .env("GIT_AUTHOR_EMAIL", "ada@example.org")
            .env("GIT_COMMITTER_NAME", "Ada")
            .env("GIT_COMMITTER_EMAIL", "ada@example.org")
            .stdin(std::process::Stdio::null())
            .output()?)
    }

    /// Places and the names of store paths differ from run to run.
    fn masked(&self, text: &str) -> String {
        let place = self.place().canonicalize();
        let place = place.unwrap_or_else(|_| self.place().to_owned());
        let text = text.replace(&place.display().to_string(), "[PLACE]");
        let mut out = String::new();
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once("/nix/store/") {
            out.push_str(before);
            out.push_str("/nix/store/[HASH]");
            rest = after.get(32..).unwrap_or_default();
        }
        out + rest
    }
}

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}
