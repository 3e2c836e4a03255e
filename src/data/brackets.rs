//! Lists and tables between brackets, with commas between their items.

use super::Data;
use super::tree::{Node, NodeKind, Segment};
use crate::text::sequence::Sequence;

/// What is written between two brackets.
pub(super) struct Brackets<'d> {
    pub(super) sequence: Sequence<'d>,
    /// The path of each item from here, in order of place; several segments for `a.b = 1`.
    items: Vec<Vec<Segment>>,
}

impl Brackets<'_> {
    /// The first item that is at the path or below it.
    pub(super) fn first_of(&self, path: &[Segment]) -> Option<usize> {
        self.items.iter().position(|item| item.starts_with(path))
    }

    /// The last item that is at the path or below it.
    pub(super) fn last_of(&self, path: &[Segment]) -> Option<usize> {
        self.items.iter().rposition(|item| item.starts_with(path))
    }
}

impl Data {
    /// The brackets at a path.
    pub(super) fn brackets(&self, path: &[Segment]) -> Option<Brackets<'_>> {
        let node = self.root.node(path)?;
        let range = node.range.as_ref()?;
        let mut items = Vec::new();
        match &node.kind {
            NodeKind::List(_) | NodeKind::Table(_) => node.items(&mut Vec::new(), &mut items)?,
            NodeKind::Scalar(_) | NodeKind::Other(_) => return None,
        }
        items.sort_by_key(|(_, end)| *end);
        let (items, ends): (_, Vec<usize>) = items.into_iter().unzip();
        let sequence = Sequence::new(&self.text, range, ends);
        Some(Brackets { sequence, items })
    }

    /// The nearest brackets around what is at a path, and how many of its segments lead
    /// to them.
    pub(super) fn brackets_around(&self, path: &[Segment]) -> Option<(usize, Brackets<'_>)> {
        let mut depths = (0..path.len()).rev();
        depths.find_map(|depth| Some((depth, self.brackets(&path[..depth])?)))
    }
}

impl Node {
    /// The items between its brackets, each with where its value ends.
    fn items(&self, path: &mut Vec<Segment>, out: &mut Vec<(Vec<Segment>, usize)>) -> Option<()> {
        let inner: Vec<(Segment, &Self)> = match &self.kind {
            NodeKind::List(items) => items
                .iter()
                .enumerate()
                .map(|(at, item)| (Segment::Index(at), item))
                .collect(),
            NodeKind::Table(members) => members
                .iter()
                .map(|member| (Segment::Key(member.name.clone()), &member.value))
                .collect(),
            NodeKind::Scalar(_) | NodeKind::Other(_) => return None,
        };
        for (segment, node) in inner {
            path.push(segment);
            match &node.range {
                Some(range) => out.push((path.clone(), range.end)),
                // Dots make a table that has no brackets of its own.
                None => node.items(path, out)?,
            }
            path.pop();
        }
        Some(())
    }
}
