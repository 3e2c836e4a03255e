//! Which texts are thinned, and what is left of them.

use super::thinned;
use crate::nix::NixFile;

/// Of a module in which nobody asks for `x` and what is below it, also in `a`.
fn thin(text: &str) -> Option<String> {
    thinned(text, |around, names| {
        matches!(around, [] | ["a"]) && names.first() == Some(&"x")
    })
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(thin(text).as_deref(), Some(expected));
    NixFile::parse(text).unwrap();
    NixFile::parse(expected).unwrap();
}

/// `x` bound to this goes.
#[track_caller]
fn goes(value: &str) {
    let text = format!("{{ x = {value}; y = 1; }}");
    let blanks = " ".repeat(value.len() + 5);
    check(&text, &format!("{{ {blanks} y = 1; }}"));
}

/// Of a file with this everything stays.
#[track_caller]
fn stays(text: &str) {
    assert_eq!(thin(text), None, "{text}");
}

#[test]
fn what_nobody_asks_for_goes_wherever_it_is() {
    check(
        "{ a = { x.b = 1; y = 2; }; b.x = 3; }",
        "{ a = {          y = 2; }; b.x = 3; }",
    );
    check(
        "{ lib, ... }: with lib; let x = 1; in { x = 2; inherit y; } # why\n",
        "{ lib, ... }: with lib; let x = 1; in {        inherit y; }      \n",
    );
}

#[test]
fn ordinary_values_go() {
    goes("with pkgs; [ a b.c (d e) ./f ../g/h.nix 12 ]");
    goes("if a then b else c { d = 1; }");
    goes("a.b \"c \\\" ${d \"e}\" { }} $$ $ \\${\" ''f '' + [ ] ++ g // h");
    goes("''a 'b' ''' ''$ ''\\n ${c ''d''} $${e}''");
    goes("lib.mkIf (a == \"b\" && c) { d.\"e/f\".g = rec { inherit (h) i; }; }");
    goes("let a = 1; inherit b; in /* c ; */ a");
    goes("(a b).c\n # }\n");
}

#[test]
fn what_is_rare_stays() {
    for value in [
        "a: b",
        "{ a }: b",
        "a/b",
        "a+b/c",
        "a:b",
        "-1",
        "!a",
        "a ? b",
        "a.b or c",
        "1.5",
        "<nixpkgs>",
        "~/a",
        "/a",
        "./a/",
        "./${a}",
        "a == b == c",
        "a < b",
        "assert a; b",
        "\"ä",
        "ä",
    ] {
        stays(&format!("{{ x = {value}; y = 1; }}"));
    }
    stays("rec { x = 1; }");
    stays("{ x = 1; } // { }");
    stays("{ y = 1; }");
    stays("a: { x = 1; }");
    stays("{ x = 1; # a\r\n }");
}

#[test]
fn a_file_with_a_mistake_stays_whole() {
    for value in [
        "",
        "[",
        "a b =",
        "]",
        "in",
        "with a b",
        "(a;)",
        "\"${a\"",
        "{ a = 1 }",
        "//",
    ] {
        let text = format!("{{ x = {value}; }}");
        assert!(NixFile::parse(text.as_str()).is_err(), "{text}");
        stays(&text);
    }
    stays("{ x = 1; } }");
    stays("{ x = 1;");
}

#[test]
fn what_may_be_defined_twice_stays() {
    stays("{ x = 1; x = 2; }");
    stays("{ x.b = 1; x = 2; }");
    stays("{ x = { \"a\" = 1; a.b = 2; }; }");
    stays("{ x = let a = 1; a = 2; in a; }");
    stays("{ x = { inherit a; a = 1; }; }");
}

#[test]
fn depth_costs_no_stack() {
    let deep = "[ ".repeat(100_000);
    stays(&format!("{{ x = {deep}; }}"));
}
