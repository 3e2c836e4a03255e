//! Values stay data: what a literal or a template says is what was put in, read
//! back by the parser and by real Nix.

use std::process::Command;

use larder::internals::nix::template::{self, Value};
use larder::internals::nix::{AttrPath, Literal, NixFile, attr_name, static_string};
use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_oneof, proptest};
use proptest::sample::select;
use proptest::strategy::{BoxedStrategy, ValueTree};
use proptest::test_runner::TestRunner;
use rnix::ast;

trials![
    a_string_says_what_was_put_in,
    an_attribute_path_reads_back,
    a_template_says_what_was_put_in,
    a_template_never_writes_another_text_into_an_indented_string,
    real_nix_reads_the_same,
    real_nix_reads_the_same_paths,
];

/// What could matter to a lexer.
const PIECES: [&str; 24] = [
    "$", "{", "}", "${", "\"", "'", "''", "'''", "\\", "\n", "\r", "\t", " ", "  ", "a", "@",
    "@x@", "#", "/*", "*/", ";", "\n  ", "$$", "''\\",
];

fn any_text() -> impl Strategy<Value = String> {
    let no_nul = |c: &char| *c != '\0';
    let piece = prop_oneof![
        4 => select(PIECES.to_vec()).prop_map(str::to_owned),
        1 => any::<char>().prop_filter("Nix strings hold no NUL", no_nul).prop_map(String::from),
    ];
    vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn read_back(source: &str) -> String {
    match NixFile::parse(source).unwrap().expr() {
        ast::Expr::Str(string) => static_string(&string).unwrap(),
        other => panic!("{other} is no string"),
    }
}

proptest! {
    #![proptest_config(crate::cases(10))]

    fn a_string_says_what_was_put_in(text in any_text()) {
        assert_eq!(read_back(Literal::string(&text).as_str()), text);
    }

    fn an_attribute_path_reads_back(names in vec(any_text(), 1..4)) {
        let path = AttrPath::new(names);
        assert_eq!(path.to_string().parse(), Ok(path));
    }

    fn a_template_says_what_was_put_in(text in any_text()) {
        let values = [("x", Value::String(text.clone()))];
        assert_eq!(read_back(&template::render("\"@x@\"", &values).unwrap()), text);
        let inside = template::render("\"$@x@ {@@x@\"", &values).unwrap();
        assert_eq!(read_back(&inside), format!("${text} {{@{text}"));
    }

    fn a_template_never_writes_another_text_into_an_indented_string(text in any_text()) {
        let values = [("x", Value::String(text.clone()))];
        // A text whose blanks Nix would strip is refused, never changed.
        if let Ok(rendered) = template::render("''\n  a\n  b @x@ c\n''", &values) {
            assert_eq!(read_back(&rendered), format!("a\nb {text} c\n"));
        }
    }
}

/// Real Nix evaluates all of them at once.
fn real_nix_reads_the_same() {
    let texts = samples(&any_text().boxed(), 450);
    let mut source = Vec::new();
    let mut expected = Vec::new();
    for text in &texts {
        let (plain, name) = (Literal::string(text), attr_name(text));
        let names = format!("(builtins.attrNames {{ {name} = 1; }})");
        source.extend([plain.to_string(), names]);
        expected.push(serde_json::json!(text));
        expected.push(serde_json::json!([text]));
    }
    assert_eq!(evaluate(&format!("[ {} ]", source.join("\n"))), expected);
}

fn real_nix_reads_the_same_paths() {
    let part = select(vec![
        "..", ".", "a", "a b", "x[1]", "#", "@", "~", "+", "$", "${a}", "\"", "ü", "c.nix",
    ]);
    let paths = samples(
        &vec(part, 1..5).prop_map(|parts| parts.join("/")).boxed(),
        200,
    );
    let items: Vec<String> = paths
        .iter()
        .map(|path| format!("(toString {})", Literal::path(path)))
        .collect();
    let said = evaluate(&format!("[ {} ]", items.join(" ")));
    let expected: Vec<serde_json::Value> = paths.iter().map(|path| resolved(path).into()).collect();
    assert_eq!(said, expected);
}

/// A path is relative to the folder of the file; for `--expr` that is where Nix runs.
fn resolved(path: &str) -> String {
    let here = std::env::current_dir().unwrap();
    let mut parts: Vec<&str> = here
        .to_str()
        .unwrap()
        .split('/')
        .filter(|part| !part.is_empty())
        .collect();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

fn samples<T: std::fmt::Debug>(strategy: &BoxedStrategy<T>, count: usize) -> Vec<T> {
    let mut runner = TestRunner::deterministic();
    (0..count)
        .map(|_| strategy.new_tree(&mut runner).unwrap().current())
        .collect()
}

/// The elements of a list expression, as Nix sees them.
fn evaluate(source: &str) -> Vec<serde_json::Value> {
    let store = tempfile::tempdir().unwrap();
    let nix = Command::new("nix-instantiate")
        .args(["--eval", "--strict", "--json", "--expr", source])
        .env("NIX_STATE_DIR", store.path())
        .env("NIX_STORE_DIR", store.path())
        .output()
        .unwrap();
    assert!(
        nix.status.success(),
        "{}",
        String::from_utf8_lossy(&nix.stderr)
    );
    serde_json::from_slice(&nix.stdout).unwrap()
}
