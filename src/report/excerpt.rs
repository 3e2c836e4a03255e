//! The part of a source that a finding shows.
//!
//! A generated file has thousands of hosts in one line, each with its finding. What is
//! cut out for one finding is bounded, whatever the size of the file or of the line:
//! lines far from every mark are left out, and long lines are cut around the marks.

use std::ops::Range;

use super::line_col::clamped;
use super::visible::visible_in_place;
use crate::diagnostic::Label;
use crate::key::{concealed_in_place, looks_private};
use crate::text::{LineIndex, Position};

/// Marks so many lines apart are shown apart, and a mark of more lines is shown by its
/// first one.
const FAR: usize = 100;

/// What is left out between two marks of one line.
const GAP: &str = " … ";

/// Lines of one source, and the marks in them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt<'a> {
    /// The lines, cut where they are long, and made visible.
    pub(super) text: String,
    /// Where the first mark is in the whole source.
    pub(super) place: Position,
    /// The number of the first line.
    pub(super) first_line: usize,
    /// The marks, in the order of the labels.
    pub(super) marks: Vec<Mark<'a>>,
}

/// A label, and its place in the text of the excerpt.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mark<'a> {
    pub(super) label: &'a Label,
    pub(super) range: Range<usize>,
}

/// The excerpts that show these labels, all of them of one source; the first has the
/// first label. A terminal has `width` columns.
pub(super) fn excerpts<'a>(
    labels: &[&'a Label],
    index: &LineIndex,
    width: usize,
) -> Vec<Excerpt<'a>> {
    let marked = |label: &&'a Label| Marked::new(label, index);
    let groups = near(labels.iter().map(marked).collect());
    let excerpt = |group: &Vec<Marked<'a>>| excerpt(group, index, width);
    groups.iter().map(excerpt).collect()
}

/// A label, where it begins and ends in the whole source.
#[derive(Clone)]
struct Marked<'a> {
    label: &'a Label,
    range: Range<usize>,
    start: Position,
    last_line: usize,
}

impl<'a> Marked<'a> {
    fn new(label: &'a Label, index: &LineIndex) -> Self {
        let text = &label.source.text;
        let mut range = clamped(text, &label.range);
        let start = index.position(text, range.start);
        let mut last_line = index.position(text, range.end).line;
        if last_line - start.line > FAR {
            range.end = index.line(text, start.line).end;
            last_line = start.line;
        }
        Self {
            label,
            range,
            start,
            last_line,
        }
    }

    fn is_far_from(&self, other: &Self) -> bool {
        let (first, second) = if self.start.line < other.start.line {
            (self, other)
        } else {
            (other, self)
        };
        second.start.line.saturating_sub(first.last_line) > FAR
    }
}

/// Those that are near each other together, in the order of the first of each.
fn near(marks: Vec<Marked<'_>>) -> Vec<Vec<Marked<'_>>> {
    let mut groups: Vec<Vec<Marked<'_>>> = Vec::new();
    for mark in marks {
        let is_near = |group: &&mut Vec<Marked<'_>>| !group[0].is_far_from(&mark);
        match groups.iter_mut().find(is_near) {
            Some(group) => group.push(mark),
            None => groups.push(vec![mark]),
        }
    }
    groups
}

fn excerpt<'a>(marks: &[Marked<'a>], index: &LineIndex, width: usize) -> Excerpt<'a> {
    let text = &marks[0].label.source.text;
    let first_line = marks.iter().map(|mark| mark.start.line).min().unwrap_or(1);
    let last_line = marks.iter().map(|mark| mark.last_line).max().unwrap_or(1);
    let lines = index.line(text, first_line).start..index.line(text, last_line).end;
    let is_long = lines.len() > SEARCHED;
    let mut pieces = Pieces {
        holds_secret: first_line < last_line && !is_long && is_secret_near(text, &lines),
        ..Pieces::default()
    };
    for number in first_line..=last_line {
        if number > first_line {
            pieces.text.push('\n');
        }
        pieces.add_line(text, index.line(text, number), marks, width);
    }
    let marks_in_pieces = marks.iter().map(|mark| Mark {
        label: mark.label,
        range: pieces.offset(mark.range.start)..pieces.offset(mark.range.end),
    });
    Excerpt {
        place: marks[0].start,
        first_line,
        marks: marks_in_pieces.collect(),
        text: pieces.text,
    }
}

/// Parts of a source, one behind the other.
#[derive(Default)]
struct Pieces {
    text: String,
    /// The bytes of the source, and where they begin in the text.
    kept: Vec<(Range<usize>, usize)>,
    /// There is a private key in the lines together.
    holds_secret: bool,
}

impl Pieces {
    fn add_line(&mut self, source: &str, line: Range<usize>, marks: &[Marked<'_>], width: usize) {
        let points = marks.iter().flat_map(|m| [m.range.start, m.range.end]);
        let in_line = points.filter(|point| line.start <= *point && *point <= line.end);
        for (at, piece) in cut(source, &line, in_line.collect(), width)
            .into_iter()
            .enumerate()
        {
            if at > 0 {
                self.text.push_str(GAP);
            }
            self.kept.push((piece.clone(), self.text.len()));
            let shown = visible_in_place(&source[piece.clone()]);
            if self.holds_secret || is_secret_near(source, &piece) {
                self.text.push_str(&concealed_in_place(&shown));
            } else {
                self.text.push_str(&shown);
            }
        }
    }

    /// Where a byte of the source is in the text.
    fn offset(&self, source: usize) -> usize {
        let holds =
            |(piece, _): &&(Range<usize>, usize)| piece.start <= source && source <= piece.end;
        let found = self.kept.iter().find(holds);
        found.map_or(self.text.len(), |(piece, start)| {
            start + source - piece.start
        })
    }
}

/// How much more than a piece is looked at: a key of one line may be cut.
const MARGIN: usize = 120;

/// The most bytes of several lines that are looked at together.
const SEARCHED: usize = 20_000;

/// True if there is a private key at this place, or a part of one.
fn is_secret_near(source: &str, place: &Range<usize>) -> bool {
    let start = source.floor_char_boundary(place.start.saturating_sub(MARGIN));
    let end = source.ceil_char_boundary(place.end.saturating_add(MARGIN).min(source.len()));
    looks_private(&source[start..end]).is_some()
}

/// The parts of a line that are shown: what is around these points. So much is kept to
/// the left and right of them that the renderer, which fits a line into the terminal,
/// does with the rest what it would do with the line.
fn cut(
    source: &str,
    line: &Range<usize>,
    mut points: Vec<usize>,
    width: usize,
) -> Vec<Range<usize>> {
    let (around, between) = (width.saturating_mul(4), width / 4);
    points.sort_unstable();
    let first = points.first().copied().unwrap_or(line.start);
    let last = points.last().copied().unwrap_or(line.start);
    let mut start = source.floor_char_boundary(first.saturating_sub(around).max(line.start));
    let mut pieces = Vec::new();
    for pair in points.windows(2) {
        if pair[1] - pair[0] > around {
            pieces.push(start..source.ceil_char_boundary(pair[0] + between));
            start = source.floor_char_boundary(pair[1] - between);
        }
    }
    let end = last.saturating_add(around).min(line.end);
    pieces.push(start..source.ceil_char_boundary(end));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Source;
    use crate::key::{PrivateKey, SigningSecret};

    const WIDTH: usize = 100;

    /// Labels on words of a text, each the first of its kind.
    fn labels(text: &str, words: &[&str]) -> Vec<Label> {
        let source = Source::new("larder.toml", text);
        let range = |word: &&str| text.find(word).map(|at| at..at + word.len());
        let ranges = words.iter().map(|word| range(word).unwrap());
        let label = |range| Label {
            source: source.clone(),
            range,
            note: String::new(),
        };
        ranges.map(label).collect()
    }

    /// For each excerpt its text, and what is marked there.
    fn shown(text: &str, words: &[&str]) -> Vec<(String, Vec<String>)> {
        let labels = labels(text, words);
        let labels: Vec<&Label> = labels.iter().collect();
        let excerpts = excerpts(&labels, &LineIndex::new(text), WIDTH);
        let marked = |excerpt: Excerpt<'_>| {
            let marks = excerpt.marks.iter();
            let marks = marks.map(|mark| excerpt.text[mark.range.clone()].to_owned());
            (excerpt.text.clone(), marks.collect())
        };
        excerpts.into_iter().map(marked).collect()
    }

    /// What a finding costs is what is cut out for it.
    fn size(text: &str, words: &[&str]) -> usize {
        shown(text, words).iter().map(|(text, _)| text.len()).sum()
    }

    #[test]
    fn a_private_key_is_not_shown() {
        let signing = SigningSecret::from_seed("kalaw-1", &[7; 32]).unwrap();
        let signing = signing.to_text();
        let word = &signing[40..60];
        for text in [
            format!("keys = [ \"{}\" ]; # here", *signing),
            format!("{} keys = [ \"{}\" ]", "x".repeat(500), *signing),
        ] {
            for mark in ["keys", word] {
                let shown = shown(&text, &[mark]);
                assert!(!shown[0].0.contains(word), "{shown:?}");
                assert!(shown[0].0.contains("keys"), "{shown:?}");
            }
        }
        let ssh = PrivateKey::from_seed(&[7; 32], "").to_openssh();
        let text = format!("key = ''\n{}''; # end", *ssh);
        let word = ssh.lines().nth(2).unwrap();
        assert!(!shown(&text, &["key", "end"])[0].0.contains(word));
    }

    #[test]
    fn a_short_line_is_shown_whole() {
        let both = [(
            "a = [ 1 2 ]".to_owned(),
            vec!["a".to_owned(), "2".to_owned()],
        )];
        assert_eq!(shown("x\na = [ 1 2 ]\ny\n", &["a", "2"]), both);
    }

    #[test]
    fn twice_the_line_costs_no_more() {
        let line = |hosts: usize| {
            let many = "h = { }, ".repeat(hosts);
            format!("hosts = {{ {many}first, {many}second, {many} }}\n")
        };
        let words = ["first", "second"];
        assert_eq!(size(&line(1000), &words), size(&line(2000), &words));
        let (text, marks) = shown(&line(1000), &words).remove(0);
        assert_eq!(marks, words);
        assert!(
            text.contains("}, first, h = { }, h = { }, h = { … = { }, h = { }, h = { }, second, h"),
            "{text}"
        );
    }

    #[test]
    fn twice_the_lines_cost_no_more() {
        let file = |lines: usize| format!("first\n{}second\n", "a\n".repeat(lines));
        let words = ["second", "first"];
        assert_eq!(size(&file(1000), &words), size(&file(2000), &words));
        let apart = ["second", "first"].map(|it| (it.to_owned(), vec![it.to_owned()]));
        assert_eq!(shown(&file(1000), &words), apart);
    }

    #[test]
    fn twice_the_mark_costs_no_more() {
        let lines = |count: usize| format!("first {}", "a\n".repeat(count));
        assert_eq!(shown(&lines(1000), &[&lines(1000)])[0].1, ["first a"]);
        let line = |count: usize| format!("<{}>", "a".repeat(count));
        let sizes = [1000, 2000].map(|count| size(&line(count), &[&line(count)]));
        assert_eq!(sizes[0], sizes[1]);
        let marks = shown(&line(1000), &[&line(1000)]).remove(0).1;
        assert!(
            marks[0].starts_with("<a") && marks[0].ends_with("a>"),
            "{marks:?}"
        );
    }

    #[test]
    fn lines_that_are_near_stay_together() {
        let text = format!("first\n{}second\n", "a\n".repeat(FAR - 1));
        assert_eq!(shown(&text, &["first", "second"]).len(), 1);
    }

    #[test]
    fn a_character_is_never_cut() {
        let line = format!("{0}first{0}second{0}", "ß€🦀".repeat(1001));
        let marks = shown(&line, &["first", "second"]).remove(0).1;
        assert_eq!(marks, ["first", "second"]);
    }
}
