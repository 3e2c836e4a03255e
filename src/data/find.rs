//! Where a key or a value is written.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::tree::{Member, Node, NodeKind, Segment};
use super::{Data, DataFormat};

/// A key or a string: what may be a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StringRef {
    /// The path to the value of the key, or to the string.
    pub(crate) path: Vec<Segment>,
    /// False for a string.
    pub(crate) is_key: bool,
}

/// How an entry is written. Only entries of one form are put beside each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Between brackets.
    Bracketed,
    /// As `[a.b]`, with the lines below it.
    Headers,
    /// As `b = …` or `b.c = …`.
    Lines {
        /// How many segments the header above it has.
        header: usize,
    },
}

/// Where an entry begins, and in which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Placement {
    /// Its first byte.
    pub(crate) start: usize,
    /// How it is written.
    pub(crate) form: Form,
}

impl Data {
    /// All keys and strings, by their bytes.
    pub(crate) fn strings(&self) -> HashMap<Range<usize>, StringRef> {
        let mut strings = HashMap::new();
        collect_strings(&self.root, &mut Vec::new(), &mut strings);
        strings
    }

    /// The bytes of the key that a path ends in, where it is written first.
    pub(crate) fn key_range(&self, path: &[Segment]) -> Option<Range<usize>> {
        self.root.member(path).map(|member| member.key.clone())
    }

    /// The bytes of a value with its key, or the first line about it.
    pub(crate) fn range(&self, path: &[Segment]) -> Option<Range<usize>> {
        let first = self.statements_of(path).next().map(|one| one.range.clone());
        if let Some(member) = self.root.member(path) {
            let end = member.value.range.as_ref().map(|range| range.end);
            return match (self.is_bracketed(path), first) {
                (false, Some(first)) => Some(first),
                _ => Some(member.key.start..end?),
            };
        }
        let range = self.root.node(path).and_then(|node| node.range.clone());
        range.or(first)
    }

    /// True if it is written between brackets, and not on lines of its own.
    pub(super) fn is_bracketed(&self, path: &[Segment]) -> bool {
        let mut statements = self.statements.iter();
        self.format == DataFormat::Json
            || statements.any(|one| {
                !one.is_header && one.path.len() < path.len() && path.starts_with(&one.path)
            })
    }

    /// All that is in the table or list at a path: where each begins, in which form.
    pub(crate) fn entries(&self, above: &[Segment]) -> BTreeMap<Segment, Placement> {
        let mut entries = BTreeMap::new();
        for one in self.statements_of(above) {
            if let Some(segment) = one.path.get(above.len()) {
                let form = match (one.is_header, one.depth_of_header()) {
                    (true, _) => Form::Headers,
                    (false, header) => Form::Lines { header },
                };
                let start = one.range.start;
                let placement = Placement { start, form };
                entries.entry(segment.clone()).or_insert(placement);
            }
        }
        let node = self.root.node(above).filter(|node| node.range.is_some());
        entries.extend(node.into_iter().flat_map(Node::bracketed_entries));
        entries
    }
}

impl Node {
    fn bracketed_entries(&self) -> Vec<(Segment, Placement)> {
        let placement = |range: &Range<usize>| Placement {
            start: range.start,
            form: Form::Bracketed,
        };
        match &self.kind {
            NodeKind::List(items) => {
                let items = items.iter().enumerate();
                let ranges = items.filter_map(|(at, item)| Some((at, item.range.as_ref()?)));
                ranges
                    .map(|(at, range)| (Segment::Index(at), placement(range)))
                    .collect()
            }
            NodeKind::Table(members) => {
                let key = |member: &Member| Segment::Key(member.name.clone());
                members
                    .iter()
                    .map(|member| (key(member), placement(&member.key)))
                    .collect()
            }
            _ => Vec::new(),
        }
    }
}

fn collect_strings(
    node: &Node,
    path: &mut Vec<Segment>,
    strings: &mut HashMap<Range<usize>, StringRef>,
) {
    let string = |path: &[Segment], is_key| StringRef {
        path: path.to_vec(),
        is_key,
    };
    match &node.kind {
        NodeKind::Scalar(serde_json::Value::String(_)) => {
            strings.extend(node.range.clone().map(|range| (range, string(path, false))));
        }
        NodeKind::Scalar(_) | NodeKind::Other(_) => {}
        NodeKind::List(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(Segment::Index(index));
                collect_strings(item, path, strings);
                path.pop();
            }
        }
        NodeKind::Table(members) => {
            for member in members {
                path.push(Segment::Key(member.name.clone()));
                strings.insert(member.key.clone(), string(path, true));
                collect_strings(&member.value, path, strings);
                path.pop();
            }
        }
    }
}
