//! What is found of hand-made wiring: what goes, what cannot go, what stays.

use std::collections::BTreeMap;
use std::ops::Range;

use super::machines::Machines;
use crate::diagnostic::{Diagnostic, Source};
use crate::fleet::HostName;
use crate::nix::AttrPath;
use crate::nix::edit::Piece;
use crate::repo::RepoPath;
use crate::survey::{Hit, Line, List, Value};

/// The parts of every file that go, each once; the reasons why some cannot; notes for the user.
#[derive(Default)]
pub(super) struct HandWiring {
    pub(super) pieces: BTreeMap<RepoPath, Vec<Piece>>,
    refused: Vec<Diagnostic>,
    pub(super) notes: Vec<String>,
}

/// The host whose wiring is looked for.
pub(super) struct Owner<'a> {
    pub(super) machines: &'a Machines<'a>,
    /// Who has the same wiring, and so may have it from the same file.
    pub(super) partners: Vec<&'a HostName>,
}

impl HandWiring {
    /// The whole definition goes.
    pub(super) fn value(&mut self, owner: &Owner<'_>, hit: &Hit, option: &str) {
        if self.is_free(owner, hit) {
            let option = AttrPath::new(option.split('.'));
            let range = hit.spot.range.clone();
            self.push(hit.path(), Piece::Value { range, option });
        }
    }

    /// Of a list of words, those go that are ours; true if some are.
    pub(super) fn words(
        &mut self,
        owner: &Owner<'_>,
        hit: &Hit,
        option: &str,
        is_ours: &dyn Fn(&str) -> bool,
    ) -> bool {
        match &hit.value {
            Value::Text(text) => {
                let words = text.text.split_whitespace();
                let (ours, others): (Vec<&str>, Vec<&str>) = words.partition(|word| is_ours(word));
                match (ours.is_empty(), others.is_empty()) {
                    (true, _) => return false,
                    (false, true) => self.value(owner, hit, option),
                    (false, false) => self.refuse(hit, "this text names others as well"),
                }
                true
            }
            Value::List(list) => self.items(owner, hit, option, list, is_ours),
            _ => false,
        }
    }

    fn items(
        &mut self,
        owner: &Owner<'_>,
        hit: &Hit,
        option: &str,
        list: &List,
        is_ours: &dyn Fn(&str) -> bool,
    ) -> bool {
        let is_ours = |value: &Value| matches!(value, Value::Text(text) if is_ours(&text.text));
        let ours = list.items.iter().filter(|item| is_ours(&item.value));
        let ours: Vec<Range<usize>> = ours.map(|item| item.range.clone()).collect();
        if ours.is_empty() {
            return false;
        }
        if !list.open && ours.len() == list.items.len() {
            self.value(owner, hit, option);
            return true;
        }
        let all = &hit.spot.range;
        let stands_here = |range: &Range<usize>| {
            let is_inside = all.start <= range.start && range.end <= all.end;
            is_inside
                && list
                    .items
                    .iter()
                    .filter(|item| item.range == *range)
                    .count()
                    == 1
        };
        if !ours.iter().all(stands_here) {
            self.refuse(
                hit,
                "this list comes from elsewhere, and holds others as well",
            );
            return true;
        }
        if self.is_free(owner, hit) {
            for range in ours {
                let option = AttrPath::new(option.split('.'));
                self.push(hit.path(), Piece::Item { range, option });
            }
        }
        true
    }

    /// Of `nix.extraOptions`, the lines of these settings go whose words are all ours.
    pub(super) fn conf_lines(
        &mut self,
        owner: &Owner<'_>,
        (hit, lines): &(Hit, Vec<Line>),
        names: &[&str],
        is_ours: &dyn Fn(&str) -> bool,
    ) -> bool {
        let mut some = false;
        for line in lines
            .iter()
            .filter(|line| names.contains(&line.name.as_str()))
        {
            let words = line.words();
            if !words.iter().any(|word| is_ours(&word.text)) {
                continue;
            }
            some = true;
            if !words.iter().all(|word| is_ours(&word.text)) {
                let spot = &line.spot;
                let why = "this line names others as well";
                self.add(refused(spot.source(), spot.bytes(), why));
            } else if lines.len() == 1 {
                self.value(owner, hit, "nix.extraOptions");
            } else {
                self.lines(owner, hit, &line.spot.range, &line.spot.range, &line.name);
            }
        }
        some
    }

    /// Whole lines of a text go, from the first to the last; `begins` is what the
    /// first must begin with, to be sure that it is the line that was meant.
    pub(super) fn lines(
        &mut self,
        owner: &Owner<'_>,
        hit: &Hit,
        first: &Range<usize>,
        last: &Range<usize>,
        begins: &str,
    ) {
        let text = &hit.spot.source().text;
        let line = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default();
        let is_it = line(first)
            .get(..begins.len())
            .is_some_and(|word| word.eq_ignore_ascii_case(begins));
        let start = text[..first.start].rfind('\n').map(|newline| newline + 1);
        let end = text[last.end..]
            .find('\n')
            .map(|newline| last.end + newline + 1);
        let Some((start, end)) = start.zip(end).filter(|_| is_it && *last != hit.spot.range) else {
            return self.refuse(hit, "these lines do not stand by themselves");
        };
        if self.is_free(owner, hit) {
            self.push(hit.path(), Piece::Lines(start..end));
        }
    }

    /// Nobody else has the definition, so that it may go.
    fn is_free(&mut self, owner: &Owner<'_>, hit: &Hit) -> bool {
        let users: Vec<&HostName> = owner.machines.users_of(hit.path()).collect();
        let other = users.iter().find(|user| !owner.partners.contains(user));
        if let Some(other) = other {
            self.refuse(
                hit,
                &format!(
                    "`{other}` has this file among its modules as well, and is not wired like this"
                ),
            );
            return false;
        }
        if hit.is_conditional() && users.len() > 1 {
            self.refuse(
                hit,
                "whom of several hosts this is for depends on a condition",
            );
            return false;
        }
        true
    }

    /// The definition is wiring, and cannot be taken out.
    pub(super) fn refuse(&mut self, hit: &Hit, why: &str) {
        self.add(refused(hit.spot.source(), hit.spot.bytes(), why));
    }

    /// A reason why the wiring cannot be taken out.
    pub(super) fn add(&mut self, refused: Diagnostic) {
        if !self.refused.contains(&refused) {
            self.refused.push(refused);
        }
    }

    /// Every reason why the wiring cannot be taken out.
    pub(super) fn refused(&self) -> &[Diagnostic] {
        &self.refused
    }

    /// Something that the user should know.
    pub(super) fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    fn push(&mut self, path: &RepoPath, piece: Piece) {
        let pieces = self.pieces.entry(path.clone()).or_default();
        if !pieces.contains(&piece) {
            pieces.push(piece);
        }
    }
}

/// A place that larder does not take out, and what to do about it.
pub(super) fn refused(source: &Source, range: Range<usize>, why: &str) -> Diagnostic {
    Diagnostic::error("take-over-refused", why)
        .at(source, range, "part of the wiring")
        .about(format!("{}: {why}", source.path))
        .help("take this out yourself and commit it; then run the command again")
        .help("until a host is switched, nothing changes on it")
}
