//! What is generated, read by those that read it on a machine: Nix, ssh, ssh-keygen,
//! bash. Whatever the inventory may say arrives as the value that it is.

mod values;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use larder::internals::diagnostic::Source;
use larder::internals::key::PrivateKey;
use larder::internals::{fleet, wiring};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use values::{Values, values};

trials![every_value_arrives_as_it_is,];

/// How many fleets are read.
const FLEETS: usize = 16;

/// The generated modules on a disk, and what real Nix makes of them.
struct Read {
    dir: tempfile::TempDir,
    said: serde_json::Value,
}

fn read(values: &Values) -> Read {
    let dir = tempfile::tempdir().unwrap();
    let inventory = values.inventory();
    let fleet = fleet::read(&Source::new("larder.toml", inventory.as_str()))
        .unwrap_or_else(|why| panic!("{inventory}\n{why:?}"));
    for (path, text) in wiring::render(&fleet).unwrap() {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let said = evaluate(dir.path(), values);
    Read { dir, said }
}

fn evaluate(dir: &Path, values: &Values) -> serde_json::Value {
    let machine = |name: &str| {
        let dir = dir.display();
        format!("(machine \"{name}\" (/. + \"{dir}/larder/hosts/{name}.nix\"))")
    };
    let system = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e/nixos/system.nix");
    let expression = format!(
        "let
           machine = name: module: (import {system} {{
             system = \"x86_64-linux\";
             modules = [ module {{ networking.hostName = name; }} ];
           }}).config;
           client = {client};
           server = {server};
           text = script: script.text or script;
         in {{
           ssh = client.environment.etc.\"ssh/ssh_config\".text;
           known = client.environment.etc.\"ssh/ssh_known_hosts\".text;
           settings = {{ inherit (client.nix.settings) substituters trusted-public-keys; }};
           nix = client.environment.etc.\"nix/nix.conf\".text;
           scripts = map text (builtins.attrValues client.system.activationScripts
             ++ builtins.attrValues server.system.activationScripts);
         }}",
        system = system.display(),
        client = machine(&values.client),
        server = machine(&values.server),
    );
    let store = dir.join("store");
    let nix = Command::new("nix-instantiate")
        .args([
            "--eval",
            "--strict",
            "--json",
            "--read-write-mode",
            "--expr",
            &expression,
        ])
        .env("NIX_STORE_DIR", &store)
        .env("NIX_STATE_DIR", dir.join("state"))
        .env("NIX_LOG_DIR", dir.join("log"))
        .env("NIX_CONFIG", "build-users-group =")
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&nix.stderr);
    assert!(nix.status.success(), "{values:?}\n{stderr}");
    serde_json::from_slice(&nix.stdout).unwrap()
}

impl Read {
    fn text(&self, name: &str) -> &str {
        self.said[name].as_str().unwrap()
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.dir.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    /// The text of a file in the store, out of the derivation that writes it.
    fn written(&self, name: &str) -> String {
        let end = format!("-{name}.drv");
        let store = fs::read_dir(self.dir.path().join("store")).unwrap();
        let paths = store.map(|entry| entry.unwrap().path());
        let is_it = |path: &PathBuf| path.to_string_lossy().ends_with(&end);
        let derivation = fs::read_to_string(paths.into_iter().find(is_it).unwrap()).unwrap();
        let (_, text) = derivation.split_once("(\"text\",\"").unwrap();
        unescaped(text)
    }
}

/// A string of a derivation, up to its closing quote.
fn unescaped(text: &str) -> String {
    let (mut out, mut chars) = (String::new(), text.chars());
    while let Some(c) = chars.next().filter(|c| *c != '"') {
        out.push(match c {
            '\\' => match chars.next().unwrap() {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                other => other,
            },
            other => other,
        });
    }
    out
}

fn run(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).output();
    let output = output.unwrap_or_else(|e| panic!("this test needs {program}: {e}"));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {args:?}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

fn every_value_arrives_as_it_is() {
    let mut runner = TestRunner::deterministic();
    for _ in 0..FLEETS {
        let values = values().new_tree(&mut runner).unwrap().current();
        let read = read(&values);
        by_ssh(&values, &read);
        by_ssh_keygen(&values, &read);
        by_nix(&values, &read);
        by_bash(&values, &read);
    }
}

fn by_ssh(values: &Values, read: &Read) {
    // Names of machines have no case, and ssh says them in lower case.
    let config = read.file("ssh_config", read.text("ssh"));
    let said = run(
        "ssh",
        &["-G", "-F", &config, &format!("nix-ssh@{}", values.address)],
    );
    let lines: Vec<&str> = said.lines().collect();
    let (port, alias) = (
        format!("port {}", values.port),
        format!("hostkeyalias larder-{}", values.server.to_lowercase()),
    );
    let identity = format!("identityfile {}", values.identity);
    let fdpass = if values.jump.is_empty() { "yes" } else { "no" };
    for line in [
        port.as_str(),
        &alias,
        &identity,
        "user nix-ssh",
        "stricthostkeychecking true",
        "batchmode yes",
        "identitiesonly yes",
        "controlmaster false",
        &format!("proxyusefdpass {fdpass}"),
    ] {
        assert!(lines.contains(&line), "{values:?}: no `{line}` in\n{said}");
    }
    let of = |key: &str| lines.iter().filter(|line| line.starts_with(key)).count();
    assert_eq!((of("identityfile "), of("proxycommand ")), (1, 1), "{said}");
    assert!(said.contains("-larder-connect %h %p\n"), "{said}");
    // Another user, another machine: nothing of it.
    for other in [
        format!("root@{}", values.address),
        "nix-ssh@elsewhere.example".to_owned(),
    ] {
        let said = run("ssh", &["-G", "-F", &config, &other]);
        assert!(!said.contains("larder"), "{other}: {said}");
    }
}

fn by_ssh_keygen(values: &Values, read: &Read) {
    let file = read.file("known_hosts", read.text("known"));
    let found = run(
        "ssh-keygen",
        &["-F", &format!("larder-{}", values.server), "-f", &file],
    );
    let key = PrivateKey::from_seed(&[1; 32], "").public().to_string();
    assert!(found.lines().last().unwrap().ends_with(&key), "{found}");
}

/// Lists of nix.conf are split at blanks, and `#` begins a comment there.
fn by_nix(values: &Values, read: &Read) {
    let conf = read.dir.path().join("conf");
    fs::create_dir(&conf).unwrap();
    fs::write(conf.join("nix.conf"), read.text("nix")).unwrap();
    let output = Command::new("nix")
        .args([
            "--extra-experimental-features",
            "nix-command",
            "show-config",
            "--json",
        ])
        .env("NIX_CONF_DIR", &conf)
        .env("NIX_USER_CONF_FILES", "/dev/null")
        .output()
        .unwrap();
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    for setting in ["substituters", "trusted-public-keys"] {
        let ours = read.said["settings"][setting].as_array().unwrap();
        let theirs = said[setting]["value"].as_array().unwrap();
        for value in ours {
            assert!(
                theirs.contains(value),
                "{values:?}: {value} is not in {theirs:?}"
            );
        }
    }
}

fn by_bash(values: &Values, read: &Read) {
    for (i, script) in read.said["scripts"].as_array().unwrap().iter().enumerate() {
        run(
            "bash",
            &[
                "-n",
                &read.file(&format!("script{i}"), script.as_str().unwrap()),
            ],
        );
    }
    let connector = read.written("larder-connect");
    run("bash", &["-n", &read.file("connector", &connector)]);
    let called = calls(values, read, &connector);
    let expected: Vec<String> = match values.jump.split_last() {
        None => [
            "nc",
            "-vF",
            "-w",
            "3",
            &values.address,
            &values.port.to_string(),
        ]
        .map(str::to_owned)
        .to_vec(),
        Some(((_, last), before)) => {
            let config = called.get(2).cloned().unwrap_or_default();
            let text = read.written(&format!("larder-jump-{}", values.server));
            let of_way = read.file("jump_config", &text);
            let said = run("ssh", &["-G", "-F", &of_way, "gate.example"]);
            let identity = format!("identityfile {}", values.identity);
            assert!(said.lines().any(|line| line == identity), "{said}");
            let mut words = vec!["ssh".to_owned(), "-F".to_owned(), config];
            if !before.is_empty() {
                let before: Vec<&str> = before.iter().map(|(_, hop)| hop.as_str()).collect();
                words.extend(["-J".to_owned(), before.join(",")]);
            }
            words.extend([
                "-W".to_owned(),
                format!("[{}]:{}", values.address, values.port),
                last.clone(),
            ]);
            words
        }
    };
    assert_eq!(called, expected, "{values:?}\n{connector}");
}

/// How the connector calls netcat or ssh: word by word, from programs of that name.
fn calls(values: &Values, read: &Read, connector: &str) -> Vec<String> {
    let bin = read.dir.path().join("bin");
    fs::create_dir(&bin).unwrap();
    let log = read.dir.path().join("called");
    for program in ["nc", "ssh"] {
        let script = format!(
            "#!/bin/sh\nprintf '%s\\n' {program} \"$@\" >{}\nexit 1\n",
            log.display()
        );
        fs::write(bin.join(program), script).unwrap();
        fs::set_permissions(bin.join(program), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let path = connector
        .lines()
        .find(|line| line.trim_start().starts_with("PATH="))
        .unwrap();
    let here = format!("PATH={}:/usr/bin:/bin", bin.display());
    let memory = read.dir.path().display().to_string();
    let script = connector
        .replace(path, &here)
        .replace("memory=/run;", &format!("memory={memory};"));
    let script = script.replace("memory=/run/user/$EUID", &format!("memory={memory}"));
    let file = read.file("connector-here", &script);
    let port = values.port.to_string();
    let ended = Command::new("bash")
        .args([&file, &values.address, &port])
        // The login that it makes itself goes through it again, with this.
        .env("LARDER_PROVES", "1")
        .current_dir(read.dir.path())
        .output()
        .unwrap();
    assert!(!ended.status.success(), "{ended:?}");
    let called = fs::read_to_string(&log).unwrap();
    called.lines().map(str::to_owned).collect()
}
