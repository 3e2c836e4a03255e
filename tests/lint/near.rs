//! What makes a silent case worth having: it is nearly one that fires.
//!
//! A case is compared with the ordinary repository, wired by larder or by hand: what
//! it says are the lines that one of the two has and the other has not. A silent case
//! has to say something; it may differ by a few lines only from a case that fires; and
//! the two have to say it with a word in common.

use std::collections::BTreeSet;

use super::{Case, Failed, texts_of, top};

/// The lines in which a silent case may differ from the nearest that fires.
const MOST: usize = 10;

/// Words that say nothing about a mistake: they are names of the machines.
const NAMES: [&str; 2] = ["kalaw", "thaton"];

/// Why a silent case is no look-alike of any of those that fire.
pub(super) fn is_no_look_alike(silent: &Case, firing: &[Case]) -> Result<Option<String>, Failed> {
    let ordinary = ordinary()?;
    let says = says(silent, &ordinary);
    if says.is_empty() {
        return Ok(Some("it is the ordinary repository".to_owned()));
    }
    let words = words(&says);
    let alike = firing
        .iter()
        .filter(|case| !words.is_disjoint(&self::words(&self::says(case, &ordinary))));
    let nearest = alike.map(|case| differences(silent, case).len()).min();
    Ok(match nearest {
        None => Some(format!(
            "no case that fires has one of its words: {words:?}"
        )),
        Some(lines) if lines > MOST => Some(format!("it differs by {lines} lines from every one")),
        Some(_) => None,
    })
}

/// The repository without a mistake, wired by larder and by hand.
fn ordinary() -> Result<[Case; 2], Failed> {
    let by_hand = texts_of(&top().join("all"))?.remove("wired-well-by-hand-is-silent");
    let by_hand = by_hand.ok_or("all/wired-well-by-hand-is-silent is gone")?;
    Ok([Case::parse("")?, Case::of(&by_hand)?])
}

fn says(case: &Case, ordinary: &[Case]) -> Vec<String> {
    let all = ordinary.iter().map(|one| differences(case, one));
    all.min_by_key(Vec::len).unwrap_or_default()
}

/// The lines that one of two cases has and the other has not; a file that is not there
/// at all is one of them. Owned modules count where a case has them itself: otherwise
/// they follow from the inventory.
fn differences(one: &Case, other: &Case) -> Vec<String> {
    let paths: BTreeSet<&String> = one.files.keys().chain(other.files.keys()).collect();
    let follows = |path: &&&String| {
        path.starts_with("larder/")
            && !one.written.contains(**path)
            && !other.written.contains(**path)
    };
    let mut lines = Vec::new();
    for path in paths.into_iter().filter(|path| !follows(&path)) {
        match (one.files.get(path), other.files.get(path)) {
            (Some((one, tracked)), Some((other, known))) => {
                lines.extend((tracked != known).then(|| path.clone()));
                lines.extend(changed(one, other));
            }
            (one, other) => {
                let text = one.or(other).map_or("", |(text, _)| text);
                lines.push(format!("{path}\n{text}"));
            }
        }
    }
    lines
}

/// A line that is another one now counts once.
fn changed(one: &str, other: &str) -> Vec<String> {
    let diff = larder::internals::text::unified("", Some(one), Some(other));
    let with = |sign| {
        let lines = diff
            .lines()
            .skip(2)
            .filter_map(move |line| line.strip_prefix(sign));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let (gone, new) = (with('-'), with('+'));
    let (longer, shorter) = if gone.len() > new.len() {
        (gone, new)
    } else {
        (new, gone)
    };
    let both = |(at, line): (usize, String)| match shorter.get(at) {
        Some(other) => format!("{line} {other}"),
        None => line,
    };
    longer.into_iter().enumerate().map(both).collect()
}

fn words(lines: &[String]) -> BTreeSet<String> {
    let is_part = |c: char| c.is_alphanumeric() || "-_".contains(c);
    let words = lines
        .iter()
        .flat_map(|line| line.split(move |c| !is_part(c)));
    let words = words.filter(|word| word.len() > 3 && !NAMES.contains(word));
    words.map(str::to_lowercase).collect()
}
