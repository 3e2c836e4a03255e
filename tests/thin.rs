//! What a file says is the same whether all of it is parsed or only what is asked for:
//! of every Nix file of these tests, and of what mistakes make of them.

use std::fs;
use std::path::Path;

use larder::internals::nix::{NixFile, duplicates};
use larder::internals::survey::{facts, leads_nowhere};
use proptest::prelude::proptest;
use proptest::sample::{Index, select};

trials![
    files_say_the_same_with_less_of_them,
    files_with_mistakes_say_the_same_with_less_of_them,
];

/// What a slip of the hand puts in, or what ends something.
const SLIPS: [&str; 26] = [
    "", " ", "{", "}", "[", "]", "(", ")", ";", ":", "=", ".", ",", "\"", "''", "'", "\\", "${",
    "$", "/", "//", "#", "/*", "*/", "x", " in ",
];

fn texts() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut texts = Vec::new();
    add_texts(&folder, &mut texts);
    assert!(texts.len() > 100);
    texts
}

fn add_texts(folder: &Path, texts: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            add_texts(&path, texts);
        } else if path.extension().is_some_and(|it| it == "nix") {
            texts.extend(fs::read_to_string(path));
        }
    }
}

/// Whether the text was thinned.
fn says_the_same(text: &str) -> bool {
    let whole = NixFile::parse(text);
    let asked = NixFile::parse_asked(&text.into(), |around, names| leads_nowhere(around, names));
    if let (Ok(whole), Ok(asked)) = (&whole, &asked) {
        assert_eq!(facts(whole), facts(asked), "{text}");
        assert_eq!(duplicates(whole), duplicates(asked), "{text}");
        return whole.text() != asked.text();
    }
    assert_eq!(whole.err(), asked.err(), "{text}");
    false
}

fn files_say_the_same_with_less_of_them() {
    let thinned = texts().iter().filter(|text| says_the_same(text)).count();
    assert!(thinned > 20, "only {thinned}");
}

fn files_with_mistakes_say_the_same_with_less_of_them() {
    let slip = (
        proptest::prelude::any::<Index>(),
        select(SLIPS.to_vec()),
        0..3_usize,
    );
    let slips = proptest::collection::vec(slip, 1..3);
    proptest!(crate::cases(8), |(text in select(texts()), slips in slips)| {
        let mut text = text;
        for (index, slip, gone) in slips {
            let at = text.char_indices().map(|(at, _)| at).nth(index.index(text.chars().count().max(1)));
            let at = at.unwrap_or_default();
            let end = text[at..].char_indices().map(|(end, _)| at + end).nth(gone).unwrap_or(text.len());
            text.replace_range(at..end, slip);
        }
        says_the_same(&text);
    });
}
