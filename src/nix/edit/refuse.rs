//! The words of a refusal: what stands there, and what to write instead.

use rnix::ast;
use rowan::ast::AstNode;

use crate::nix::attr::AttrPath;
use crate::nix::describe::describe;
use crate::nix::find::{Obstacle, ObstacleKind};
use crate::nix::literal::Literal;
use crate::nix::range::range_of;
use crate::nix::refusal::Refusal;

/// A list that a path leads to is given in a way that no item can be put into.
pub(super) fn list(obstacle: &Obstacle, at: &AttrPath, item: &Literal) -> Refusal {
    let help = match &obstacle.kind {
        ObstacleKind::Inherited(current) => {
            format!("write `{at} = [ {item} ] ++ {current};` instead")
        }
        _ => format!("write `{at} = [ {item} ];` by hand"),
    };
    blocked(obstacle, at).with_help(help)
}

/// The value is there and is no list.
pub(super) fn not_a_list(value: &ast::Expr, at: &AttrPath, item: &Literal) -> Refusal {
    let message = format!("`{at}` is {} here, not a list", describe(value));
    Refusal::new(message, range_of(value.syntax()))
        .with_help(format!("add `{item}` to `{at}` by hand"))
}

/// The value is wrapped in a call that sets its priority or condition.
pub(super) fn wrapped(value: &ast::Expr, at: &AttrPath, item: &Literal) -> Refusal {
    let message = format!("`{at}` is {} here, and that is meant", describe(value));
    Refusal::new(message, range_of(value.syntax()))
        .with_help(format!("write `{item}` into that list by hand"))
}

fn blocked(obstacle: &Obstacle, at: &AttrPath) -> Refusal {
    let message = match &obstacle.kind {
        ObstacleKind::Inherited(_) => format!("`{at}` is inherited here"),
        ObstacleKind::ComputedName => format!("`{at}` may be the attribute that is named here"),
        ObstacleKind::Set => format!("`{at}` is an attribute set here"),
        ObstacleKind::Computed(what) => {
            format!("the text does not tell whether {what} sets `{at}`")
        }
    };
    Refusal::new(message, obstacle.range.clone())
}
