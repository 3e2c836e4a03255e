//! What holds for the edits of every text: they are lossless, done once, and
//! have an inverse, also after people have edited beside them.

use std::ops::Range;

use larder::internals::nix::{AttrPath, Literal, NixFile, Scope, edit, range_of, tokens_equal};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use proptest::sample::select;
use rnix::ast::{AttrSet, HasEntry};
use rowan::ast::AstNode;

trials![
    several_imports_of_ours_go_in_any_order,
    removing_an_entry_that_was_inserted_gives_every_byte_back,
    parse_then_print_is_the_identity,
    twice_is_once,
    removing_what_was_added_gives_every_byte_back,
    removing_what_is_not_there_changes_nothing,
    removing_ours_leaves_what_people_did_beside_it,
];

const OURS: &str = "./larder/hosts/pai.nix";

fn imports() -> AttrPath {
    AttrPath::new(["imports"])
}

fn ours() -> Literal {
    Literal::path("larder/hosts/pai.nix")
}

/// The text with our import, or `None` where it is refused.
fn add(text: &str) -> Option<String> {
    add_item(text, &ours())
}

fn add_item(text: &str, item: &Literal) -> Option<String> {
    let file = NixFile::parse(text).unwrap();
    let scope = Scope::module(&file).ok()?;
    let edit = edit::ensure_item(&file, &scope, &imports(), item).ok()?;
    let after = edit.apply(text);
    edit::verify(&file, &after).unwrap();
    Some(after)
}

/// The bytes of the module's own bindings.
fn bindings_of(file: &NixFile) -> Vec<Range<usize>> {
    let Some(set) = file.syntax().descendants().find_map(AttrSet::cast) else {
        return Vec::new();
    };
    set.attrpath_values()
        .map(|binding| range_of(binding.syntax()))
        .collect()
}

fn remove(text: &str) -> String {
    remove_item(text, &ours())
}

fn remove_item(text: &str, item: &Literal) -> String {
    let file = NixFile::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let scope = Scope::module(&file).unwrap();
    let edit = edit::ensure_no_item(&file, &scope, &imports(), item)
        .unwrap_or_else(|refusal| panic!("{refusal:?}\n{text}"));
    let after = edit.apply(text);
    edit::verify(&file, &after).unwrap();
    after
}

/// Every fixture of the shape corpus, in every line ending and indentation.
fn fixtures() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/edit/import");
    let mut texts: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(".nix"))
        .filter(|path| !path.to_string_lossy().ends_with(".out.nix"))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .filter(|text| !text.contains(OURS) && !text.contains("/larder/hosts"))
        .collect();
    texts.sort();
    texts
}

fn any_module() -> impl Strategy<Value = String> {
    let ends = prop_oneof![4 => Just("\n"), 1 => Just("\r\n")];
    let steps = prop_oneof![4 => Just("  "), 1 => Just("\t"), 1 => Just("    ")];
    let text = prop_oneof![3 => generated(), 1 => select(fixtures())];
    (text, ends, steps, any::<bool>()).prop_map(|(text, end, step, final_newline)| {
        let text = text
            .replace("\r\n", "\n")
            .replace("  ", step)
            .replace('\n', end);
        if final_newline {
            text
        } else {
            text.trim_end().to_owned()
        }
    })
}

/// A module from parts: what stands before the set, how the set is laid out,
/// how `imports` is given, what else there is.
fn generated() -> impl Strategy<Value = String> {
    let head = select(vec![
        "",
        "{ pkgs, ... }:\n",
        "{ pkgs, ... }: ",
        "args: ",
        "a: { b, ... }:\n\n",
        "# head\n",
        "/* head */ { lib }: with lib;\n",
        "{ lib }: let imports = [ ]; in\n",
        "{ lib }: assert true; ",
        "rec ",
    ]);
    (head, bindings(), layout_of_set(), any_value()).prop_map(|(head, bindings, layout, value)| {
        format!("{head}{}\n", layout.set(&bindings, value.as_deref()))
    })
}

fn bindings() -> impl Strategy<Value = Vec<String>> {
    let binding = select(vec![
        "a = 1;",
        "b.c = \"imports = [\";",
        "inherit d;",
        "e = { imports = [ ./no.nix ]; };",
        "f = [ ./f.nix ];",
        "g = ''\n    imports = [\n  '';",
        "# imports = [ ];\n",
        "/* ] */ h = 1;",
        "i = 1; # here\n",
        "\n",
        "j = {\n  };",
    ]);
    vec(binding.prop_map(str::to_owned), 0..4)
}

#[derive(Debug, Clone)]
struct SetLayout {
    open: &'static str,
    between: &'static str,
    close: &'static str,
}

impl SetLayout {
    fn set(&self, bindings: &[String], value: Option<&str>) -> String {
        let mut all: Vec<String> = Vec::new();
        for binding in bindings {
            // One of a kind: a name twice would be no Nix.
            if !all.contains(binding) {
                all.push(binding.clone());
            }
        }
        if let Some(value) = value {
            all.insert(all.len() / 2, format!("imports = {value};"));
        }
        format!("{}{}{}", self.open, all.join(self.between), self.close)
    }
}

fn layout_of_set() -> impl Strategy<Value = SetLayout> {
    let layouts = [
        ("{\n  ", "\n  ", "\n}"),
        ("{ ", " ", " }"),
        ("{", "", "}"),
        ("{ ", "\n  ", "\n}"),
        ("{ ", "\n  ", " }"),
        ("{ # set\n\n  ", "\n\n  ", "\n\n  # end\n}"),
        ("{\n  ", "\n  ", " }"),
        ("{ /* set */ ", " /* next */ ", " /* end */ }"),
    ];
    select(layouts.to_vec()).prop_map(|(open, between, close)| SetLayout {
        open,
        between,
        close,
    })
}

fn any_value() -> impl Strategy<Value = Option<String>> {
    let computed = select(vec![
        "lib.a",
        "map f xs",
        "(map f xs)",
        "if a then [ ./x.nix ] else [ ]",
        "(if a then [ ] else [ ])",
        "with lib; a b",
        "let x = 1; in [ x ]",
        "import ./a.nix",
        "xs |> f",
        "((a))",
        "lib.mkBefore [ ./a.nix ]",
    ])
    .prop_map(str::to_owned);
    let operand = prop_oneof![2 => a_list(), 1 => computed.clone()];
    let glue = select(vec![" ++ ", "++", "\n    ++ ", " ++\n    "]);
    let chain = (a_list(), operand, glue, any::<bool>()).prop_map(|(list, other, glue, swap)| {
        let other = if other.contains("if")
            || other.contains("with")
            || other.contains("let")
            || other.contains("|>")
        {
            format!("({other})")
        } else {
            other
        };
        if swap {
            format!("{other}{glue}{list}")
        } else {
            format!("{list}{glue}{other}")
        }
    });
    prop_oneof![2 => Just(None), 5 => a_list().prop_map(Some), 2 => computed.prop_map(Some), 3 => chain.prop_map(Some)]
}

fn a_list() -> impl Strategy<Value = String> {
    let item = select(vec![
        "./a.nix",
        "./b.nix",
        "./z.nix",
        "(import ./c.nix { })",
        "inputs.d",
        "\"e\"",
        "{ f = 1; }",
        "./g.nix # why\n   ",
        "/* h */ ./h.nix",
        "# i\n    ",
        "[ ./larder/hosts/other.nix ]",
        "(\n      ./j.nix)",
    ]);
    let layouts = vec![
        ("[ ", " ", " ]"),
        ("[", " ", "]"),
        ("[\n    ", "\n    ", "\n  ]"),
        ("[ ", "\n    ", "\n  ]"),
        ("[\n    ", "\n    ", " ]"),
        ("[ ", "\n              ", " ]"),
        ("[\n    # first\n    ", "\n\n    ", "\n    # last\n  ]"),
        ("[ /* x */ ", " /* y */ ", " /* z */ ]"),
        ("[\n", "\n", "\n]"),
        ("[  ", "  ", "  ]"),
    ];
    let filled = (vec(item, 1..5), select(layouts)).prop_map(|(items, (open, between, close))| {
        format!("{open}{}{close}", items.join(between))
    });
    let empty = select(vec![
        "[]",
        "[ ]",
        "[  ]",
        "[\n  ]",
        "[\n\n  ]",
        "[ # none\n  ]",
        "[/* none */]",
        "[\n    # none\n  ]",
    ]);
    prop_oneof![4 => filled, 1 => empty.prop_map(str::to_owned)]
}

proptest! {
    #![proptest_config(crate::cases(4))]

    fn several_imports_of_ours_go_in_any_order(text in any_module(), first_goes_first in any::<bool>()) {
        let other = Literal::path("larder/common.nix");
        let Some(both) = add(&text).and_then(|one| add_item(&one, &other)) else { return Ok(()) };
        let gone = if first_goes_first {
            remove_item(&remove(&both), &other)
        } else {
            remove(&remove_item(&both, &other))
        };
        assert_eq!(gone, text, "\n{both}");
    }

    fn removing_an_entry_that_was_inserted_gives_every_byte_back(text in any_module(), lines in any::<bool>()) {
        let entry = if lines { "new = f {\n  x = 1;\n};" } else { "new = 1;" };
        let file = NixFile::parse(text.as_str()).unwrap();
        for sibling in bindings_of(&file) {
            let added = edit::insert_after(&file, sibling, entry).unwrap().apply(&text);
            let after = NixFile::parse(added.as_str()).unwrap();
            let new = bindings_of(&after).into_iter().find(|range| added[range.clone()].starts_with("new =")).unwrap();
            assert_eq!(edit::remove_at(&after, new).unwrap().apply(&added), text, "\n{added}");
        }
    }

    fn parse_then_print_is_the_identity(text in any_module()) {
        assert_eq!(NixFile::parse(text.as_str()).unwrap().syntax().to_string(), text);
    }

    fn twice_is_once(text in any_module()) {
        if let Some(once) = add(&text) {
            assert_eq!(add(&once), Some(once));
        }
    }

    fn removing_what_was_added_gives_every_byte_back(text in any_module()) {
        if let Some(added) = add(&text) {
            assert_ne!(added, text);
            assert_eq!(remove(&added), text, "\n{added}");
        }
    }

    fn removing_what_is_not_there_changes_nothing(text in any_module()) {
        if Scope::module(&NixFile::parse(text.as_str()).unwrap()).is_ok() {
            assert_eq!(remove(&text), text);
        }
    }
}

/// An edit that a person makes beside ours, and what must be there after ours is gone.
#[derive(Debug, Clone, Copy)]
enum Nearby {
    /// A new item right behind ours, or before it.
    ItemBehind,
    ItemBefore,
    /// A new item on the line below ours.
    ItemBelow,
    /// A comment behind ours on its line, or on lines of its own before it.
    CommentBehind,
    CommentBefore,
    /// The whole file two blanks to the right.
    Reindented,
    /// A binding at the top of the set.
    BindingFirst,
    /// Comments at both ends of the file.
    CommentsAround,
}

fn any_nearby() -> impl Strategy<Value = Nearby> {
    select(vec![
        Nearby::ItemBehind,
        Nearby::ItemBefore,
        Nearby::ItemBelow,
        Nearby::CommentBehind,
        Nearby::CommentBefore,
        Nearby::Reindented,
        Nearby::BindingFirst,
        Nearby::CommentsAround,
    ])
}

/// The set's opening brace, which is where a binding comes first.
fn brace(text: &str) -> usize {
    let file = NixFile::parse(text).unwrap();
    let range = Scope::module(&file).unwrap().range();
    range.start + text[range].find('{').unwrap() + 1
}

fn reindented(text: &str) -> String {
    text.split_inclusive('\n')
        .map(|line| {
            if line.trim().is_empty() {
                line.to_owned()
            } else {
                format!("  {line}")
            }
        })
        .collect()
}

/// The text with a person's edit, and what removal must make of it.
///
/// `None` where the edit touches only what was ours anyway.
fn beside(text: &str, added: &str, nearby: Nearby) -> (String, Expected) {
    let at = added.find(OURS).unwrap();
    let end = at + OURS.len();
    let insert = |at: usize, what: &str| format!("{}{what}{}", &added[..at], &added[at..]);
    match nearby {
        Nearby::ItemBehind => (
            insert(end, " ./new.nix"),
            Expected::Tokens(replaced(text, added, "./new.nix")),
        ),
        Nearby::ItemBefore => (
            insert(at, "./new.nix "),
            Expected::Tokens(replaced(text, added, "./new.nix")),
        ),
        Nearby::ItemBelow => {
            let line = &added[added[..at].rfind('\n').map_or(0, |newline| newline + 1)..];
            let is_alone = line
                .trim_start()
                .strip_prefix(OURS)
                .is_some_and(|rest| rest.trim_start_matches([' ', '\t', '\r']).starts_with('\n'));
            let indent = &line[..line.len() - line.trim_start().len()];
            let end_of_line = if added.contains('\r') { "\r\n" } else { "\n" };
            let expected = replaced(text, added, "./new.nix");
            let expected = if is_alone {
                Expected::Text(expected)
            } else {
                Expected::Tokens(expected)
            };
            let indent = if is_alone { indent } else { "" };
            (
                insert(end, &format!("{end_of_line}{indent}./new.nix")),
                expected,
            )
        }
        Nearby::CommentBehind => (
            insert(end, " /* new */"),
            Expected::Tokens(replaced(text, added, "/* new */")),
        ),
        Nearby::CommentBefore => (
            insert(at, "# new\n"),
            Expected::Tokens(replaced(text, added, "# new\n")),
        ),
        Nearby::Reindented => (reindented(added), Expected::Text(reindented(text))),
        Nearby::BindingFirst => {
            let new = " new = 1;";
            let expected = format!("{}{new}{}", &text[..brace(text)], &text[brace(text)..]);
            // Right behind a brace the blank that parts ours from the rest could be anyone's.
            let is_tight = !text[brace(text)..].starts_with(char::is_whitespace);
            let expected = if is_tight {
                Expected::Tokens(expected)
            } else {
                Expected::Text(expected)
            };
            (insert(brace(added), new), expected)
        }
        Nearby::CommentsAround => (
            format!("# new\n{added}\n# new"),
            Expected::Text(format!("# new\n{text}\n# new")),
        ),
    }
}

/// Ours, which stands once in the text, gives way; so does the marker, since the
/// list is no longer ours alone.
fn replaced(text: &str, added: &str, by: &str) -> String {
    let (before, mut behind) = added
        .split_once(OURS)
        .map(|(before, behind)| (before, behind.to_owned()))
        .unwrap();
    for marker in [" # larder", " /* larder */"] {
        if added.matches(marker).count() > text.matches(marker).count() {
            behind = behind.replacen(marker, "", 1);
        }
    }
    format!("{before}{by}{behind}")
}

#[derive(Debug)]
enum Expected {
    Text(String),
    Tokens(String),
}

proptest! {
    #![proptest_config(crate::cases(4))]

    fn removing_ours_leaves_what_people_did_beside_it(text in any_module(), nearby in any_nearby()) {
        let Some(added) = add(&text) else { return Ok(()) };
        let (edited, expected) = beside(&text, &added, nearby);
        let removed = remove(&edited);
        match expected {
            Expected::Text(expected) => assert_eq!(removed, expected, "\n{edited}"),
            Expected::Tokens(expected) => {
                assert!(tokens_equal(&removed, &expected), "{nearby:?}\n{edited}\n--\n{removed}\n--\n{expected}");
            }
        }
        assert!(!removed.contains(OURS));
    }
}
