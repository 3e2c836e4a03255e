//! Flakes that want to be evaluated for ever, and texts that are hardly flakes: each
//! is answered in bounded time, and the evaluator never fails.

use std::time::{Duration, Instant};

use larder::internals::flake::{self, Discoveries, NewEntry};
use larder::internals::repo::Repo;
use proptest::prelude::*;

trials![
    what_never_ends_is_given_up,
    what_grows_without_end_is_given_up,
    what_is_nested_too_deeply_is_given_up,
    an_answer_that_needs_little_is_given_beside_one_that_never_ends,
    any_text_is_answered,
    any_words_are_answered,
    a_flake_with_a_piece_missing_or_moved_is_answered,
];

/// Far more than any answer takes, even without optimisation on a busy machine.
const LONG: Duration = Duration::from_mins(1);

fn answered(files: &[(&str, &str)]) -> Result<(), String> {
    let start = Instant::now();
    let repo = Repo::from_pairs(files.iter().copied());
    let failed = match flake::discover(&repo) {
        Ok(found) => {
            let new = NewEntry {
                name: "newbox".to_owned(),
                system: None,
                module: "hosts/newbox.nix".to_owned(),
                like: None,
                ..NewEntry::default()
            };
            let added = flake::add_entry(&repo, &Discoveries::default(), &found, &new);
            added.is_err_and(|problem| problem.message.contains("the evaluator failed"))
        }
        Err(problem) => problem.message.contains("the evaluator failed"),
    };
    match (failed, start.elapsed() < LONG) {
        (true, _) => Err("the evaluator failed".to_owned()),
        (_, false) => Err(format!("it took {:?}", start.elapsed())),
        _ => Ok(()),
    }
}

/// A flake whose only host is this expression.
fn check(expression: &str) {
    let flake = format!(
        "{{ outputs = {{ nixpkgs, ... }}: {{ nixosConfigurations.pai = {expression}; }}; }}"
    );
    answered(&[
        ("flake.nix", &flake),
        ("a.nix", "import ./b.nix"),
        ("b.nix", "import ./a.nix"),
    ])
    .expect("a flake with a loop is still answered");
}

fn what_never_ends_is_given_up() {
    check("let x = x; in x");
    check("let f = x: f x; in f 1");
    check("let f = x: f (x + 1); in f 1");
    check("let f = x: [ (f x) ] ++ f x; in f 1");
    check("(x: x x) (x: x x)");
    check("nixpkgs.lib.fix (self: self // { a = self; })");
    check("import ./a.nix");
    check("builtins.foldl' (a: b: a // a) { } (builtins.genList (x: x) 99999)");
    check("let s = { a = s; b = s; }; in builtins.deepSeq s s.a.b.a");
}

fn what_grows_without_end_is_given_up() {
    let double = |start: &str, step: &str| {
        format!("let f = n: x: if n == 0 then x else f (n - 1) ({step}); in f 90 {start}")
    };
    check(&double("\"ab\"", "x + x"));
    check(&double("\"ab\"", "\"${x}${x}\""));
    check(&double("[ 1 2 ]", "x ++ x"));
    check(&double("[ 1 2 ]", "builtins.concatLists [ x x ]"));
    check(&double(
        "{ a = 1; }",
        "builtins.mapAttrs (_: _: x) (x // { b = x; })",
    ));
    check("builtins.genList (x: x) 9999999999");
    check(
        "builtins.replaceStrings [ \"a\" ] [ \"aaaaaaaaaaaaaaaa\" ] (builtins.concatStringsSep \"a\" (builtins.genList toString 9999))",
    );
    check(
        "nixpkgs.lib.cartesianProduct (nixpkgs.lib.genAttrs (map toString (nixpkgs.lib.range 1 60)) (_: [ 1 2 3 4 ]))",
    );
}

fn what_is_nested_too_deeply_is_given_up() {
    let nest = |open: &str, middle: &str, close: &str| {
        format!("{}{middle}{}", open.repeat(3000), close.repeat(3000))
    };
    check(&nest("(", "1", ")"));
    check(&nest("[ ", "1", " ]"));
    check(&nest("{ a = ", "1", "; }"));
    check("builtins.head (builtins.foldl' (a: _: [ a ]) 1 (builtins.genList (x: x) 90000))");
    check("let f = n: if n == 0 then 0 else 1 + f (n - 1); in f 100000");
    check("(builtins.foldl' (f: _: x: f (x + 1)) (x: x) (builtins.genList (x: x) 90000)) 1");
}

fn an_answer_that_needs_little_is_given_beside_one_that_never_ends() {
    let flake = "{ outputs = { nixpkgs, ... }: { nixosConfigurations = {
      kea = let f = x: f (x + 1); in f 1;
      pai = nixpkgs.lib.nixosSystem { modules = [ ./pai.nix ]; };
    }; }; }";
    let found = flake::discover(&Repo::from_pairs([
        ("flake.nix", flake),
        ("pai.nix", "{ }"),
    ]))
    .expect("a flake with a loop is still answered");
    let modules: Vec<_> = found
        .hosts
        .iter()
        .map(|host| {
            host.module
                .as_ref()
                .map(larder::internals::repo::RepoPath::as_str)
        })
        .collect();
    assert_eq!(modules, [None, Some("pai.nix")]);
}

/// The words that flakes are made of.
const WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "=",
    ";",
    ":",
    ".",
    ",",
    "...",
    "@",
    "?",
    "++",
    "//",
    "+",
    "-",
    "==",
    "!",
    "->",
    "|>",
    "let",
    "in",
    "with",
    "rec",
    "inherit",
    "if",
    "then",
    "else",
    "assert",
    "or",
    "''",
    "\"",
    "${",
    "#\n",
    "/*",
    "*/",
    "./pai.nix",
    "./.",
    "<nixpkgs>",
    "\"pai\"",
    "1",
    "outputs",
    "inputs",
    "self",
    "nixpkgs",
    "nixosConfigurations",
    "pai",
    "modules",
    "lib",
    "nixosSystem",
    "genAttrs",
    "builtins",
    "readDir",
    "map",
    "import",
    "mkFlake",
    "imports",
    "config",
    "options",
];

const CASES: &[&str] = &[
    include_str!("flake/two_literal_hosts.txt"),
    include_str!("flake/rows_in_a_list.txt"),
    include_str!("flake/files_without_their_ending.txt"),
    include_str!("flake/dendritic.txt"),
    include_str!("flake/framework_haumea.txt"),
    include_str!("flake/framework_colmena.txt"),
];

proptest! {
    #![proptest_config(crate::cases(1))]

    fn any_text_is_answered(text in ".{0,300}") {
        prop_assert_eq!(answered(&[("flake.nix", &text)]), Ok(()));
    }

    fn any_words_are_answered(words in prop::collection::vec(prop::sample::select(WORDS), 0..60)) {
        let body = words.join(" ");
        let flake = format!("{{ outputs = {{ self, nixpkgs, flake-parts, ... }}@inputs: {{ nixosConfigurations = {body}; }}; }}");
        prop_assert_eq!(answered(&[("flake.nix", &flake), ("pai.nix", &body)]), Ok(()));
    }

    fn a_flake_with_a_piece_missing_or_moved_is_answered(
        case in prop::sample::select(CASES), from in any::<prop::sample::Index>(),
        len in 1..40_usize, to in any::<prop::sample::Index>(),
    ) {
        let mut files = files(case);
        let text: Vec<char> = files[0].1.chars().collect();
        let from = from.index(text.len());
        let piece: String = text[from..(from + len).min(text.len())].iter().collect();
        let rest: Vec<char> = text[..from].iter().chain(&text[(from + len).min(text.len())..]).copied().collect();
        let to = to.index(rest.len() + 1);
        let moved: String = rest[..to].iter().copied().chain(piece.chars()).chain(rest[to..].iter().copied()).collect();
        for text in [rest.iter().collect(), moved] {
            files[0].1 = text;
            let pairs: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
            prop_assert_eq!(answered(&pairs), Ok(()));
        }
    }
}

/// The files of a case, `flake.nix` first.
fn files(case: &str) -> Vec<(String, String)> {
    let sections = case
        .split("\n-- ")
        .skip(1)
        .take_while(|section| !section.starts_with("hosts --"));
    let files = sections.filter_map(|section| section.split_once(" --\n"));
    files
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .collect()
}
