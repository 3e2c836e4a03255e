//! Real Nix is the judge: what is known is what Nix says.

use std::process::Command;

use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, prop_oneof};
use proptest::sample::select;
use proptest::strategy::{BoxedStrategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::parse::Parsed;
use super::pattern::{Part, Pattern};
use crate::nix::Literal;

#[derive(Debug, Clone, Copy, PartialEq)]
enum RegexBuiltin {
    Match,
    Split,
}
use RegexBuiltin::{Match, Split};

/// What larder knows of a call, as Nix writes it.
fn known(builtin: RegexBuiltin, expression: &str, text: &str) -> Parsed<Value> {
    let pattern = Pattern::new(expression)?;
    if builtin == Match {
        return Ok(json!(pattern.whole(text)?));
    }
    let parts = pattern.split(text, |_| true)?.into_iter();
    let parts = parts.map(|part| match part {
        Part::Between(text) => json!(text),
        Part::Groups(groups) => json!(groups),
    });
    Ok(parts.collect())
}

fn call(builtin: RegexBuiltin, expression: &str, text: &str) -> String {
    let name = if builtin == Match { "match" } else { "split" };
    let (expression, text) = (Literal::string(expression), Literal::string(text));
    format!("(builtins.{name} {expression} {text})")
}

/// The elements of a list expression as Nix sees them, or why it sees none.
#[expect(clippy::disallowed_methods, reason = "the judge is Nix itself")]
fn evaluate(source: &str) -> Result<Vec<Value>, String> {
    let store = tempfile::tempdir().unwrap();
    let file = store.path().join("calls.nix");
    std::fs::write(&file, source).unwrap();
    let nix = Command::new("nix-instantiate")
        .args(["--eval", "--strict", "--json"])
        .arg(&file)
        .env("NIX_STATE_DIR", store.path())
        .env("NIX_STORE_DIR", store.path())
        .output()
        .unwrap();
    if nix.status.success() {
        Ok(serde_json::from_slice(&nix.stdout).unwrap())
    } else {
        Err(String::from_utf8_lossy(&nix.stderr).into_owned())
    }
}

/// An expression of few letters, so that there is often more than one way to match.
fn expression() -> BoxedStrategy<String> {
    let set = select(words("a b c - . \\. [ab] [^a] [[:alpha:]] [a-c]+ .* \n ä"));
    let count = select(vec!["", "", "", "*", "+", "?", "{2}", "{1,2}", "{0,3}"]);
    let any = set.prop_map(str::to_owned);
    let any = any.prop_recursive(7, 24, 3, move |inner| {
        let counted = (inner.clone(), count.clone());
        prop_oneof![
            3 => vec(inner.clone(), 1..4).prop_map(|items| items.concat()),
            2 => counted.prop_map(|(body, count)| format!("({body}){count}")),
            1 => (inner.clone(), inner).prop_map(|(one, other)| format!("({one}|{other})")),
        ]
    });
    let start = prop_oneof![8 => Just(""), 1 => Just("^")];
    let end = prop_oneof![8 => Just(""), 1 => Just("$")];
    let whole = (start, any, end).prop_map(|(start, body, end)| format!("{start}{body}{end}"));
    whole.boxed()
}

/// Whatever means something in an expression, in any order.
fn any_expression() -> BoxedStrategy<String> {
    let piece = select(words(
        "a b ( ) ( ) | * + ? {2} {,2} {1,2} { } [ ] [^ - ^ $ . \\ \\. : [:digit:] [[:space:]] [a-c] 1 , [a b] = \\1 \\d ?: ä \n &&",
    ));
    vec(piece, 0..9).prop_map(|pieces| pieces.concat()).boxed()
}

fn words(text: &'static str) -> Vec<&'static str> {
    text.split(' ').collect()
}

fn text() -> BoxedStrategy<String> {
    let piece = select(vec!["a", "b", "c", "-", ".", "\n", "ä", "a", "b"]);
    vec(piece, 0..9).prop_map(|pieces| pieces.concat()).boxed()
}

/// Of a hundred cases, so many are known. Those are what Nix says, which evaluates all
/// of them at once: that it refuses one of them would be seen as well. They are eight
/// times proptest's own number of cases, which `PROPTEST_CASES` sets.
#[track_caller]
fn judged(builtin: RegexBuiltin, expressions: BoxedStrategy<String>) -> usize {
    let config = ProptestConfig::default();
    let count = config.cases as usize * 8;
    let mut runner = TestRunner::new(config);
    let cases = (expressions, text());
    let mut calls = Vec::new();
    let mut expected = Vec::new();
    for _ in 0..count {
        let (expression, text) = cases.new_tree(&mut runner).unwrap().current();
        if let Ok(value) = known(builtin, &expression, &text) {
            calls.push(call(builtin, &expression, &text));
            expected.push(value);
        }
    }
    let answers = evaluate(&format!("[ {} ]", calls.join("\n"))).unwrap();
    assert_eq!(answers.len(), expected.len());
    for ((call, answer), expected) in calls.iter().zip(answers).zip(&expected) {
        assert_eq!(answer, *expected, "{call}");
    }
    expected.len() * 100 / count
}

#[test]
fn what_is_known_is_what_nix_says() {
    assert!(judged(Match, expression()) > 90);
    assert!(judged(Split, expression()) > 60);
}

#[test]
fn what_may_be_no_expression_at_all_is_what_nix_says_or_unclear() {
    assert!(judged(Match, any_expression()) > 25);
    assert!(judged(Split, any_expression()) > 20);
}

/// Known to be this, and Nix says so too.
#[track_caller]
fn is(builtin: RegexBuiltin, expression: &str, text: &str, expected: &Value) {
    let call = call(builtin, expression, text);
    assert_eq!(
        known(builtin, expression, text).as_ref(),
        Ok(expected),
        "{call}"
    );
    let answer = evaluate(&format!("[ {call} ]"));
    assert_eq!(
        answer.as_deref(),
        Ok([expected.clone()].as_slice()),
        "{call}"
    );
}

#[test]
fn a_backslash_in_brackets_is_a_byte() {
    is(Match, r"[\.]+", r"\.", &json!([]));
    is(Match, r"[\]]", "]", &json!(null));
}

#[test]
fn a_bracket_may_be_in_brackets() {
    is(Match, "[]a]+", "]a", &json!([]));
    is(Match, "[^]a]", "[", &json!([]));
    is(Match, "[a[]+", "[a", &json!([]));
    is(Match, "[:alpha:]", "p", &json!([]));
}

#[test]
fn a_hyphen_is_a_byte_at_either_end() {
    is(Match, "([-a]+)([a-]+)", "-a-", &json!(["-a", "-"]));
    is(Match, "[[:digit:]-]+", "1-2", &json!([]));
}

#[test]
fn there_are_no_lazy_repetitions() {
    is(Match, "(a+?)(a*)", "aa", &json!(["aa", ""]));
}

#[test]
fn a_dot_is_any_byte() {
    is(Match, "a.b", "a\nb", &json!([]));
    is(Match, ".", "ä", &json!(null));
    is(Match, "[ä]{2}", "ä", &json!([]));
    is(Match, "(.*)ä(.*)", "öäü", &json!(["ö", "ü"]));
}

#[test]
fn only_ascii_is_of_a_class() {
    is(Match, "[[:alpha:]]*", "ä", &json!(null));
    is(Match, "[^[:alpha:]]*", "ä", &json!([]));
}

#[test]
fn lines_have_no_ends_of_their_own() {
    is(Split, "b$", "b\nb", &json!(["b\n", [], ""]));
    is(Match, "a^b|a$b", "ab", &json!(null));
}

#[test]
fn a_group_that_is_not_part_of_the_match_is_null() {
    is(Match, "(a)|(b)?c", "c", &json!([null, null]));
}

#[test]
fn what_is_empty_is_between_all_bytes() {
    is(Split, "", "ab", &json!(["", [], "a", [], "b", [], ""]));
}

#[test]
fn alternatives_of_unlike_length_are_known_where_the_first_is_the_longest() {
    is(
        Split,
        "(foobar|foo)",
        "foobar",
        &json!(["", ["foobar"], ""]),
    );
    is(
        Match,
        "(foo|foobar)(bar)?",
        "foobar",
        &json!(["foo", "bar"]),
    );
}

/// What Nix makes of these depends on its version, on its library, or it is an error.
#[test]
fn what_libraries_differ_in_is_unclear() {
    for (builtin, expression, text) in [
        // The longest alternative, not the first.
        (Split, "(foo|foobar)", "foobar"),
        // libc++ finds the longest here; libstdc++ does not.
        (Split, "a*(ab)?", "xaabx"),
        (Split, "ca*(ab)?", "caab"),
        // libc++ forgets what the repetition before had captured.
        (Match, "((a)|b)*", "ab"),
        (Match, "((a)?b)*", "abb"),
        // Whether an empty repetition comes last.
        (Match, "(.*)*", "a"),
        // Empty matches beside others.
        (Split, "x*", "axb"),
        (Split, "^a", "aa"),
        // regex-lite leaves the group out.
        (Match, "(a){0}b", "b"),
        // A piece of a character is no text.
        (Match, "(.).", "ä"),
        (Split, "", "ä"),
    ] {
        assert!(known(builtin, expression, text).is_err(), "{expression}");
    }
}

#[test]
fn what_nix_refuses_is_unclear() {
    for expression in [
        "(",
        "a)",
        "[a",
        "[z-a]",
        "[a-c-e]",
        "[[:alpha:]-z]",
        "[[:foo:]]",
        "[a-ä]",
        "*a",
        "a|*b",
        "^*",
        "a$*",
        "{2}",
        "a{",
        "a{,2}",
        "a{2,1}",
        "a{x}",
        "\\d",
        "\\n",
        "\\-",
        "\\}",
        "(a)\\1",
        "a\\",
        "(?:a)",
        "(?i)a",
    ] {
        assert!(Pattern::new(expression).is_err(), "{expression}");
        let answer = evaluate(&format!("[ {} ]", call(Match, expression, "a")));
        assert!(answer.is_err_and(|why| why.contains("invalid regular expression")));
    }
}

#[test]
fn what_is_too_much_is_unclear() {
    for expression in [
        "a".repeat(1_001),
        "(".repeat(31) + &")".repeat(31),
        "a{256}".to_owned(),
        "(a{99}){99}".to_owned(),
        format!("(a{})b", "{255}".repeat(100)),
    ] {
        assert!(Pattern::new(&expression).is_err(), "{expression}");
    }
}
