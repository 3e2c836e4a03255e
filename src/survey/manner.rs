//! How definitions count: under a condition, with a priority.

use rnix::ast::Expr;
use rowan::ast::AstNode;

use crate::nix::range_of;
use crate::survey::facts::Strength;

/// Where `mkBefore` puts a definition among others, where one without it is, and `mkAfter`
/// (`lib/modules.nix`).
pub const BEFORE: i64 = 500;
const PLAIN_ORDER: i64 = 1000;
const AFTER: i64 = 1500;

/// The priority of a definition without `mkOverride` (`lib/modules.nix`).
const PLAIN_PRIORITY: u32 = 100;

/// How the definitions inside an expression count.
#[derive(Clone, Copy)]
pub(super) struct Manner {
    pub(super) strength: Strength,
    pub(super) order: i64,
    /// Where the innermost condition begins and ends.
    pub(super) condition: Option<(usize, usize)>,
}

impl Manner {
    pub(super) const PLAIN: Self = Self {
        strength: Strength::Plain,
        order: PLAIN_ORDER,
        condition: None,
    };

    pub(super) fn only_if(self, condition: Option<&Expr>) -> Self {
        let range = condition.map(|condition| range_of(condition.syntax()));
        Self {
            condition: range.map_or(Some((0, 0)), |range| Some((range.start, range.end))),
            ..self
        }
    }

    pub(super) fn at(self, order: i64) -> Self {
        Self { order, ..self }
    }

    pub(super) fn with(self, strength: Strength) -> Self {
        Self { strength, ..self }
    }
}

/// A condition that is written out as what it is.
pub(super) fn written_flag(condition: &Expr) -> Option<bool> {
    match condition {
        Expr::Ident(ident) => ident.to_string().parse().ok(),
        Expr::Paren(paren) => written_flag(&paren.expr()?),
        _ => None,
    }
}

/// `mkOverride N`: lower wins, and `mkDefault` is 1000.
pub(super) fn overriding(function: &Expr) -> Strength {
    let Expr::Apply(inner) = function else {
        return Strength::Plain;
    };
    match inner.argument().map(|n| n.to_string().parse::<u32>()) {
        Some(Ok(n)) if n < PLAIN_PRIORITY => Strength::Force,
        Some(Ok(n)) if n > PLAIN_PRIORITY => Strength::Default,
        _ => Strength::Plain,
    }
}

/// `mkBefore`, `mkAfter` and `mkOrder N`: lower is first.
pub(super) fn ordering(name: &str, function: &Expr) -> i64 {
    match (name, function) {
        ("mkBefore", _) => BEFORE,
        ("mkAfter", _) => AFTER,
        (_, Expr::Apply(inner)) => {
            let number = inner.argument().map(|n| n.to_string().parse());
            number.and_then(Result::ok).unwrap_or(PLAIN_ORDER)
        }
        _ => PLAIN_ORDER,
    }
}
