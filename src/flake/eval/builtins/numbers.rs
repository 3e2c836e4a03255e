//! Builtins about numbers: as the operators, and some that have none.

use rnix::ast::BinOpKind;

use super::super::Eval;
use super::super::operator;
use super::super::thunk::Thunk;
use super::super::value::Value;
use super::{Builtin, not};

pub(super) const ALL: &[Builtin] = &[
    ("add", 2, |e, a| arithmetic(e, a, BinOpKind::Add)),
    ("bitAnd", 2, |e, a| bits(e, a, |x, y| x & y)),
    ("bitOr", 2, |e, a| bits(e, a, |x, y| x | y)),
    ("bitXor", 2, |e, a| bits(e, a, |x, y| x ^ y)),
    ("ceil", 1, |e, a| rounded(e, a, f64::ceil)),
    ("div", 2, |e, a| arithmetic(e, a, BinOpKind::Div)),
    ("floor", 1, |e, a| rounded(e, a, f64::floor)),
    ("lessThan", 2, |e, a| {
        let (left, right) = (e.force(&a[0]), e.force(&a[1]));
        operator::compare(e, BinOpKind::Less, &left, &right)
    }),
    ("mul", 2, |e, a| arithmetic(e, a, BinOpKind::Mul)),
    ("sub", 2, |e, a| arithmetic(e, a, BinOpKind::Sub)),
];

fn arithmetic(eval: &mut Eval, args: &[Thunk], op: BinOpKind) -> Value {
    let (left, right) = (eval.force(&args[0]), eval.force(&args[1]));
    operator::arithmetic(op, &left, &right)
}

fn bits(eval: &mut Eval, args: &[Thunk], run: fn(i64, i64) -> i64) -> Value {
    match (eval.force(&args[0]), eval.force(&args[1])) {
        (Value::Int(a), Value::Int(b)) => Value::Int(run(a, b)),
        (Value::Int(_), other) | (other, _) => not("an integer", &other),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "Nix refuses what is out of range"
)]
fn rounded(eval: &mut Eval, args: &[Thunk], round: fn(f64) -> f64) -> Value {
    match eval.force(&args[0]) {
        int @ Value::Int(_) => int,
        Value::Float(float) => Value::Int(round(float) as i64),
        other => not("a number", &other),
    }
}
