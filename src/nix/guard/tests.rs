//! Hostile texts: no stack overflows, no quadratic time, and real ones pass.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use crate::nix::NixFile;
use crate::nix::guard::{MAX_BRACKETS, MAX_DEPTH};

/// Parses on the stack of a spawned thread, as rayon's workers do.
fn on_a_small_stack(text: String) -> (bool, Duration) {
    std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(move || {
            let ok = NixFile::parse(text).is_ok();
            (ok, own_time())
        })
        .unwrap()
        .join()
        .unwrap()
}

/// What this thread has cost the processor, however busy that is with others.
fn own_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap()
}

/// As many units as brackets, the parser's own limit and ours just let through, and far more.
#[track_caller]
fn survives(unit: &str, closed_by: &str) {
    let tokens = rnix::tokenize(unit).filter(|(kind, _)| !kind.is_trivia());
    let deepest = (MAX_DEPTH - 100) / tokens.count();
    for count in [MAX_BRACKETS - 10, 511, deepest, 100_000] {
        let text = format!("{}x{}", unit.repeat(count), closed_by.repeat(count));
        let (_, took) = on_a_small_stack(text);
        assert!(took < Duration::from_secs(20), "{unit} × {count}: {took:?}");
    }
}

#[test]
fn nesting_never_overflows_the_stack() {
    for (open, close) in [
        ("[", "]"),
        ("(", ")"),
        ("{a=", ";}"),
        ("\"${", "}\""),
        ("-", ""),
        ("!", ""),
        ("- ", ""),
        ("a.b or ", ""),
        ("f (", ")"),
        ("let a=1;in ", ""),
        ("if a then b else ", ""),
        ("x: ", ""),
        ("{a}: ", ""),
        ("with a; ", ""),
        ("assert a; ", ""),
        ("a ++ ", ""),
        ("a // ", ""),
        ("a -> ", ""),
        ("a <| ", ""),
        ("[ a: f ", "]"),
        ("{ inherit (", ") a; }"),
    ] {
        survives(open, close);
    }
}

#[test]
fn long_chains_take_no_quadratic_time() {
    for unit in [
        "f ", "f (x) ", "1+", "(a) + ", "a |> ", "a && ", "a.", "[] ++ ", "{} // ", "\"\" + ",
        "a ? b ? ", "a or ",
    ] {
        survives(unit, "");
    }
    survives(".", "");
    survives("[ }", "");
    survives("x.b.b.b.b.b.b.b.b ", "");
}

#[test]
fn many_long_chains_take_no_quadratic_time() {
    let text = format!(
        "{{ {} }}",
        format!("a = {}x;", "f ".repeat(4_000)).repeat(100)
    );
    let (_, took) = on_a_small_stack(text);
    assert!(took < Duration::from_secs(20), "{took:?}");
}

#[test]
fn long_lists_and_sets_are_fine() {
    let list = format!("[ {} ]", "./a \"b\" (f x) { y = 1; } a.b ".repeat(10_000));
    assert!(on_a_small_stack(list).0);
    let set = format!("{{ {} }}", "a.b = f x { c = [ 1 ]; };\n".repeat(20_000));
    assert!(on_a_small_stack(set).0);
}

#[test]
fn a_parenthesis_ends_in_one() {
    for text in [
        "(a;",
        "(\"\";",
        "(a]",
        "f (a; \")\"",
        "{ a = (b; ); }",
        "[ (a} ]",
    ] {
        assert!(NixFile::parse(text).is_err(), "{text}");
    }
    assert!(NixFile::parse("f (a) (b # )\n)").is_ok());
}

proptest::proptest! {
    /// What is taken at a glance is what a long look takes too.
    #[test]
    fn harmless_texts_pass_the_guard(
        words in proptest::collection::vec(proptest::sample::select(WORDS), 0..60),
    ) {
        let text = words.concat();
        if NixFile::parse(text.as_str()).is_ok() {
            assert!(super::check(&text).is_ok(), "{text}");
        }
    }
}

const WORDS: &[&str] = &[
    "{", "}", "[", "]", "(", ")", ";", ":", "=", " ", "\n", "let ", " in ", "rec ", "\"", "''",
    "${", "/*", "*/", "# c\n", "a", "a/", "./", "./a/", "<a>", "~/", "http:a", ".", "...", "@",
    ",", "?", "or ", "!", "-", "->", "++", "//", "|>", "\\", "$", "%", "^", "&", "1.", ".5e", "\t",
    "''$",
];
