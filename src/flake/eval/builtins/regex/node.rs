//! An expression as a tree, and what can be said of it without a text.

use super::bracket::ByteSet;

/// A part of an expression.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// One byte of these.
    Byte(ByteSet),
    /// `^`: the start of the text.
    Start,
    /// `$`: the end of the text.
    End,
    /// What is captured.
    Group(Box<Node>),
    /// As often as possible, within these numbers.
    Repeat {
        body: Box<Node>,
        min: u32,
        max: Option<u32>,
    },
    /// One behind the other.
    Sequence(Vec<Node>),
    /// One of these, the first before the others.
    Choice(Vec<Node>),
}

impl Node {
    /// How many bytes and groups it speaks of, all repetitions written out.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Byte(_) | Self::Start | Self::End => 1,
            Self::Group(body) => body.size().saturating_add(1),
            Self::Repeat { body, min, max } => {
                let times = max.unwrap_or(min + 1) as usize;
                body.size().saturating_mul(times)
            }
            Self::Sequence(parts) | Self::Choice(parts) => {
                let sizes = parts.iter().map(Self::size);
                sizes.fold(0, usize::saturating_add)
            }
        }
    }

    /// The length of every match; `None` if they differ.
    pub(super) fn length(&self) -> Option<usize> {
        match self {
            Self::Byte(_) => Some(1),
            Self::Start | Self::End => Some(0),
            Self::Group(body) => body.length(),
            Self::Repeat { body, min, max } => {
                let times = max.filter(|max| max == min)?;
                Some(body.length()? * times as usize)
            }
            Self::Sequence(items) => items.iter().map(Self::length).sum(),
            Self::Choice(branches) => {
                let (first, others) = branches.split_first()?;
                let first = first.length()?;
                let is_alike = others.iter().all(|branch| branch.length() == Some(first));
                is_alike.then_some(first)
            }
        }
    }

    /// True if nothing at all matches.
    pub(super) fn can_be_empty(&self) -> bool {
        match self {
            Self::Byte(_) => false,
            Self::Start | Self::End => true,
            Self::Group(body) => body.can_be_empty(),
            Self::Repeat { body, min, .. } => *min == 0 || body.can_be_empty(),
            Self::Sequence(items) => items.iter().all(Self::can_be_empty),
            Self::Choice(branches) => branches.iter().any(Self::can_be_empty),
        }
    }

    /// True if it is a group or has one.
    pub(super) fn has_group(&self) -> bool {
        matches!(self, Self::Group(_)) || self.parts().iter().any(Self::has_group)
    }

    /// True if it is `^` or has one.
    pub(super) fn has_start(&self) -> bool {
        matches!(self, Self::Start) || self.parts().iter().any(Self::has_start)
    }

    fn parts(&self) -> &[Self] {
        match self {
            Self::Byte(_) | Self::Start | Self::End => &[],
            Self::Group(body) | Self::Repeat { body, .. } => std::slice::from_ref(body),
            Self::Sequence(parts) | Self::Choice(parts) => parts,
        }
    }
}
