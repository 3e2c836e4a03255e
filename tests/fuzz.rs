//! The fuzzing harnesses (`fuzz/harness.rs`) on what proptest thinks of, and on
//! every text that once broke one of them: `tests/fuzz/<harness>/`.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

#[path = "../fuzz/harness.rs"]
mod harness;

trials![
    inventory,
    nix_edit,
    evaluator,
    data,
    key_lines,
    what_once_broke_a_harness,
];

/// Texts of Nix, whole and in pieces.
const NIX: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    ";",
    ":",
    "=",
    " ",
    "\n",
    "let ",
    " in ",
    "rec ",
    "with ",
    "inherit ",
    "imports",
    "nix",
    "settings",
    "fallback",
    ".",
    "a",
    "b",
    "config",
    "lib.mkIf a ",
    "./a.nix",
    "\"",
    "''",
    "${",
    "++",
    "//",
    "# c\n",
    "/* c */",
    ",",
    "...",
    "@",
    "outputs",
    "nixosConfigurations",
    "nixpkgs.lib.nixosSystem ",
    "modules",
    "import ",
    "builtins.readDir ./.",
    "map ",
    "true",
    "1",
    "\u{1d}",
];

const KEYS: &[&str] = &[
    "ssh-ed25519",
    "ssh-rsa",
    " ",
    "\t",
    "AAAAC3NzaC1lZDI1NTE5AAAAIJuSAW9/wFCBjJTxsx+UyV6qWHmhfeZgY4tOlB5IBXjE",
    "=",
    "kalaw-1",
    ":",
    "6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=",
    "[kalaw]:22",
    "@cert-authority ",
    "|1|",
    "command=\"x\"",
    ",",
    "\n",
    "Match ",
    "Host ",
    "originalhost ",
    "user nix-ssh",
    "IdentityFile ",
    "ssh://nix-ssh@",
    "?priority=",
    "&",
    "%",
    "\"",
    "é",
    "\0",
    "-----BEGIN OPENSSH PRIVATE KEY-----",
];

const TOML: &[&str] = &[
    "version = 1\n",
    "[hosts.pai]\n",
    "[hosts]\n",
    "[caches.pai]\n",
    "[caches.pai.link.pai]\n",
    "[[lint.allow]]\n",
    "module",
    "port",
    "identity",
    "clients",
    "tags",
    "host-key",
    "signing-key",
    "hosts",
    ".",
    " = ",
    "\"pai\"",
    "\"@all\"",
    "22",
    "true",
    "[",
    "]",
    "{",
    "}",
    ",",
    "\n",
    "\"",
    "#",
    "'''",
    "\r\n",
    "\\u0000",
    "\u{feff}",
];

/// Files that list hosts, as TOML and as JSON.
const DATA: &[&str] = &[
    "[host.pai]\n",
    "[host.kalaw.net]\n",
    "[[host]]\n",
    "[[host.pai.disk]]\n",
    "[host]\n",
    "pai",
    "\"kalaw\"",
    "'pai'",
    "host",
    "name",
    "name = \"pai\"\n",
    "name = \"kalaw\" # me\n",
    "host.pai.a = 1\n",
    "host = [",
    "pai = { a = 1 }\n",
    "kalaw = {}\n",
    ".",
    " = ",
    "1",
    "\"x86_64-linux\"",
    "true",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\n",
    "\r\n",
    "# c\n",
    "\"",
    "\"\"\"",
    "{\"pai\":",
    "{\"name\":\"pai\"}",
    "{ \"name\": \"kalaw\" }",
    "[\n",
    "  \"pai\",\n",
    "  \"kalaw\"\n",
];

fn mixture(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    let word = prop_oneof![9 => select(words).prop_map(str::to_owned), 1 => any::<String>()];
    vec(word, 0..40).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(crate::cases(1))]

    fn inventory(text in mixture(TOML)) {
        harness::run(harness::inventory, text.as_bytes());
    }

    fn nix_edit(text in mixture(NIX)) {
        harness::run(harness::nix_edit, text.as_bytes());
        harness::run(harness::nix_edit, format!("{{ {text} }}").as_bytes());
    }

    fn evaluator(text in mixture(NIX)) {
        harness::run(harness::evaluator, text.as_bytes());
        let flake = format!("{{ outputs = {{ nixpkgs, ... }}: {{ nixosConfigurations = {text}; }}; }}");
        harness::run(harness::evaluator, flake.as_bytes());
    }

    fn data(text in mixture(DATA)) {
        harness::run(harness::data, text.as_bytes());
        harness::run(harness::data, format!("{{{text}}}").as_bytes());
        harness::run(harness::data, format!("host = [\n{text}]").as_bytes());
    }

    fn key_lines(text in mixture(KEYS)) {
        harness::run(harness::key_lines, text.as_bytes());
    }
}

type Harness = fn(&str);

fn what_once_broke_a_harness() {
    let harnesses: [(&str, Harness); 5] = [
        ("inventory", harness::inventory),
        ("nix_edit", harness::nix_edit),
        ("evaluator", harness::evaluator),
        ("key_lines", harness::key_lines),
        ("data", harness::data),
    ];
    for (name, harness) in harnesses {
        let folder = format!("{}/tests/fuzz/{name}", env!("CARGO_MANIFEST_DIR"));
        for entry in std::fs::read_dir(folder).unwrap() {
            harness::run(harness, &std::fs::read(entry.unwrap().path()).unwrap());
        }
    }
}
