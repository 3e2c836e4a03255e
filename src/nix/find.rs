//! Where an attribute path is bound.
//!
//! `a.b.c = 1`, `a = { b.c = 1; }` and `a.b = { c = 1; }` are the same place.

use std::ops::Range;

use rnix::ast::{self, HasEntry};
use rowan::ast::AstNode;

use crate::nix::attr::{AttrPath, static_name};
use crate::nix::describe::describe;
use crate::nix::known_name::{known_name, known_names};
use crate::nix::range::range_of;
use crate::nix::unwrap::{Side, sides};

/// What a path comes to in a set.
pub(in crate::nix) enum Lookup {
    /// One binding says it.
    Bound {
        binding: ast::AttrpathValue,
        value: ast::Expr,
    },
    /// Nothing says it; it would be written into `set` as `rest`.
    Absent(Gap),
    /// It cannot be told from the text, or not be said there.
    Blocked(Obstacle),
}

/// What keeps a path from being read or written.
pub(in crate::nix) struct Obstacle {
    pub(in crate::nix) range: Range<usize>,
    pub(in crate::nix) kind: ObstacleKind,
}

#[derive(PartialEq)]
pub(in crate::nix) enum ObstacleKind {
    /// `inherit`, and the expression that has the value now.
    Inherited(String),
    /// `${name} = …`: it may be this name.
    ComputedName,
    /// Longer paths are bound: it is a set.
    Set,
    /// An expression whose attributes are not in the text, in words.
    Computed(String),
}

impl Obstacle {
    fn new(range: Range<usize>, kind: ObstacleKind) -> Self {
        Self { range, kind }
    }
}

/// The place for a path that is not bound.
pub(in crate::nix) struct Gap {
    /// The innermost literal set on the way.
    pub(in crate::nix) set: ast::AttrSet,
    /// The names still to be written there.
    pub(in crate::nix) rest: Vec<String>,
    /// The last binding there that shares most of `rest`, if any shares its first name.
    pub(in crate::nix) neighbour: Option<ast::AttrpathValue>,
    /// How many names of the path are already there.
    shared: usize,
}

/// Looks the path up in a set or in a chain of `//`, where the right side wins.
pub(in crate::nix) fn lookup(expr: &ast::Expr, names: &[String]) -> Lookup {
    let mut absent = None;
    for side in sides(expr).into_iter().rev() {
        match side {
            Side::Computed(expr) => return blocked_by(&expr),
            Side::Maybe(expr, sets) if sets.iter().any(|set| may_bind(set, names)) => {
                return blocked_by(&expr);
            }
            Side::Maybe(..) => {}
            Side::Set(set) => match lookup_in_set(&set, names) {
                Lookup::Absent(gap) if gap.shared == 0 => absent = Some(gap),
                decided => return decided,
            },
        }
    }
    match absent {
        Some(gap) => Lookup::Absent(gap),
        None => blocked_by(expr),
    }
}

fn may_bind(set: &ast::AttrSet, names: &[String]) -> bool {
    let empty = |lookup| matches!(lookup, Lookup::Absent(Gap { shared: 0, .. }));
    !empty(lookup_in_set(set, names))
}

/// True if the set binds the name or a path that begins with it.
pub(in crate::nix) fn binds(set: &ast::AttrSet, name: &str) -> bool {
    set.entries().any(|entry| match entry {
        ast::Entry::Inherit(inherit) => inherits(&inherit, name),
        ast::Entry::AttrpathValue(binding) => binding
            .attrpath()
            .and_then(|path| path.attrs().next())
            .is_some_and(|first| known_name(&first).as_deref() == Some(name)),
    })
}

fn lookup_in_set(set: &ast::AttrSet, names: &[String]) -> Lookup {
    let mut best = Gap {
        set: set.clone(),
        rest: names.to_vec(),
        neighbour: None,
        shared: 0,
    };
    let mut blocked = None;
    for entry in set.entries() {
        match look_at(&entry, names) {
            None => {}
            Some(Lookup::Absent(gap)) if gap.shared < best.shared => {}
            Some(Lookup::Absent(gap)) => best = gap,
            Some(Lookup::Blocked(obstacle)) => blocked = blocked.or(Some(obstacle)),
            Some(bound) => return bound,
        }
    }
    blocked.map_or(Lookup::Absent(best), Lookup::Blocked)
}

fn look_at(entry: &ast::Entry, names: &[String]) -> Option<Lookup> {
    match entry {
        ast::Entry::Inherit(inherit) => {
            inherits(inherit, names.first()?).then(|| Lookup::Blocked(inherited(inherit, names)))
        }
        ast::Entry::AttrpathValue(binding) => look_at_binding(binding, names),
    }
}

fn look_at_binding(binding: &ast::AttrpathValue, names: &[String]) -> Option<Lookup> {
    let path = known_names(&binding.attrpath()?);
    let shared = path
        .iter()
        .zip(names)
        .take_while(|(here, wanted)| here.as_deref() == Some(wanted.as_str()))
        .count();
    if shared == path.len() && shared == names.len() {
        let value = binding.value()?;
        let binding = binding.clone();
        return Some(Lookup::Bound { binding, value });
    }
    if shared == path.len() {
        return Some(deeper(lookup(&binding.value()?, &names[shared..]), shared));
    }
    let range = range_of(binding.attrpath()?.syntax());
    if shared == names.len() {
        return Some(Lookup::Blocked(Obstacle::new(range, ObstacleKind::Set)));
    }
    if path[shared].is_none() {
        return Some(Lookup::Blocked(Obstacle::new(
            range,
            ObstacleKind::ComputedName,
        )));
    }
    let gap = Gap {
        set: parent_set(binding)?,
        rest: names.to_vec(),
        neighbour: Some(binding.clone()),
        shared,
    };
    (shared > 0).then_some(Lookup::Absent(gap))
}

fn deeper(lookup: Lookup, by: usize) -> Lookup {
    match lookup {
        Lookup::Absent(gap) => Lookup::Absent(Gap {
            shared: gap.shared + by,
            ..gap
        }),
        other => other,
    }
}

fn inherits(inherit: &ast::Inherit, name: &str) -> bool {
    inherit
        .attrs()
        .any(|attr| static_name(&attr).as_deref() == Some(name))
}

fn parent_set(binding: &ast::AttrpathValue) -> Option<ast::AttrSet> {
    binding.syntax().parent().and_then(ast::AttrSet::cast)
}

fn blocked_by(expr: &ast::Expr) -> Lookup {
    Lookup::Blocked(Obstacle::new(
        range_of(expr.syntax()),
        ObstacleKind::Computed(describe(expr)),
    ))
}

fn inherited(inherit: &ast::Inherit, names: &[String]) -> Obstacle {
    let path = AttrPath::new(names.to_vec());
    let from = inherit.from().and_then(|from| from.expr());
    let current = match from {
        Some(expr @ (ast::Expr::Ident(_) | ast::Expr::Select(_))) => format!("{expr}.{path}"),
        Some(expr) => format!("({expr}).{path}"),
        None => path.to_string(),
    };
    Obstacle::new(range_of(inherit.syntax()), ObstacleKind::Inherited(current))
}
