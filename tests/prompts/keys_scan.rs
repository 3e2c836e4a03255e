//! `keys scan` at a terminal: one table, one question, for many machines at once.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use super::terminal::Terminal;
use super::{CTRL_C, ENTER, git};
use crate::machines::{self, Machine};

trials![
    twelve_machines_are_one_table_one_question_and_one_commit,
    a_new_cache_asks_once_for_the_keys_of_many,
    ctrl_c_during_a_scan_ends_it,
];

fn start(place: &std::path::Path, args: &[&str]) -> Terminal {
    let path = machines::path(place);
    let repo = place.join("repo");
    Terminal::with(&repo, args, &[("PATH", path.as_str())])
}

fn twelve_machines_are_one_table_one_question_and_one_commit() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let names: Vec<String> = (1..=12).map(|number| format!("host{number:02}")).collect();
    let all: Vec<Machine> = names
        .iter()
        .map(|name| Machine::start(place, name))
        .collect();
    let tables = names.iter().zip(&all);
    let tables: Vec<(&str, String)> = tables
        .map(|(name, machine)| (name.as_str(), machines::at(machine)))
        .collect();
    let repo = machines::fleet(place, &tables, "\n[caches.host01]\nclients = [\"@all\"]\n");

    let mut terminal = start(place, &["keys", "scan"]);
    terminal.expect("have you compared the fingerprints, and apply these changes?");
    let screen = terminal.screen.screen().contents();
    for machine in &all {
        assert!(screen.contains(&machine.fingerprint()), "{screen}");
    }
    // Enter is a no where keys came over the network.
    terminal.send(ENTER);
    assert_eq!(terminal.end(), 1);
    assert!(!machines::inventory(&repo).contains("host-key"));

    let mut terminal = start(place, &["keys", "scan"]);
    terminal.expect("have you compared the fingerprints");
    terminal.send(b"y");
    assert_eq!(terminal.end(), 0, "{}", terminal.screen.screen().contents());
    let written = machines::inventory(&repo);
    assert!(
        all.iter().all(|machine| written.contains(&machine.key)),
        "{written}"
    );
    let log = git(&repo, &["log", "--format=%s"]);
    assert_eq!(log, "larder: set the host keys of 12 hosts\nfleet\n");
}

/// One of three is off: the others are taken, and it comes later.
fn a_new_cache_asks_once_for_the_keys_of_many() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let (kalaw, pai) = (Machine::start(place, "kalaw"), Machine::start(place, "pai"));
    let off = machines::free_port();
    let hosts = [
        ("bagan", format!("address = \"127.0.0.1\"\nport = {off}\n")),
        ("kalaw", machines::at(&kalaw)),
        ("pai", machines::at(&pai)),
    ];
    let repo = machines::fleet(place, &hosts, "");
    let args = ["add-cache", "kalaw", "--client", "@all", "--lan"];
    let mut terminal = start(place, &args);
    terminal.expect("signs what it builds");
    terminal.send(ENTER);
    terminal.expect("3 machines have no SSH host key in the inventory yet");
    terminal.send(ENTER);
    terminal.expect("`bagan` not found: no answer from `127.0.0.1`");
    terminal.expect("are these the fingerprints of your machines?");
    let screen = terminal.screen.screen().contents();
    assert!(screen.contains(&kalaw.fingerprint()), "{screen}");
    assert!(screen.contains(&pai.fingerprint()), "{screen}");
    terminal.send(b"y");
    terminal.expect("how do the clients log in?");
    terminal.send(ENTER);
    terminal.expect("the SSH host key of `bagan`");
    terminal.send(ENTER); // later
    terminal.expect("apply these changes?");
    terminal.send(b"y");
    assert_eq!(terminal.end(), 0, "{}", terminal.screen.screen().contents());
    let written = machines::inventory(&repo);
    assert!(
        written.contains(&kalaw.key) && written.contains(&pai.key),
        "{written}"
    );
    let screen = terminal.screen.screen().contents();
    assert!(screen.contains("larder keys pull bagan"), "{screen}");
}

/// A machine that takes the connection and says nothing.
fn ctrl_c_during_a_scan_ends_it() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let table = format!("address = \"127.0.0.1\"\nport = {port}\n");
    let cache = "\n[caches.kalaw]\nclients = [\"@all\"]\n";
    let repo = machines::fleet(place, &[("kalaw", table), ("pai", String::new())], cache);
    for args in [
        &["keys", "scan", "kalaw"][..],
        &["add-host", "bagan", "--scan"],
    ] {
        let address = format!("127.0.0.1:{port}");
        let (address, port) = address.split_once(':').unwrap();
        let more = [
            "--address",
            address,
            "--port",
            port,
            "--system",
            "x86_64-linux",
        ];
        let args = match args[0] {
            "keys" => args.to_vec(),
            _ => [args, &more[..]].concat(),
        };
        let mut terminal = start(place, &args);
        terminal.expect("asking `");
        let began = Instant::now();
        terminal.send(CTRL_C);
        assert_eq!(terminal.end(), 1);
        assert!(
            began.elapsed() < Duration::from_secs(3),
            "it was waited for"
        );
        let screen = terminal.screen.screen().contents();
        assert!(
            screen.contains("cancelled; nothing was written"),
            "{screen}"
        );
    }
    assert_eq!(git(&repo, &["status", "--porcelain"]), "");
}
