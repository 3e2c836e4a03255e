//! Operators.

use std::cmp::Ordering;

use rnix::ast::{self, BinOpKind, UnaryOpKind};

use super::Eval;
use super::equal::{equal, undecided};
use super::expr::thunk;
use super::files;
use super::scope::Env;
use super::string::BYTES;
use super::value::{Attrs, List, Text, Value};

/// `-x` and `!x`.
pub(super) fn unary(eval: &mut Eval, e: &ast::UnaryOp, env: &Env) -> Value {
    let Some(expr) = e.expr() else {
        return Value::unknown("the expression is incomplete");
    };
    match (e.operator(), eval.expr(&expr, env)) {
        (Some(UnaryOpKind::Invert), Value::Bool(b)) => Value::Bool(!b),
        (Some(UnaryOpKind::Negate), Value::Int(i)) => Value::Int(i.wrapping_neg()),
        (Some(UnaryOpKind::Negate), Value::Float(f)) => Value::Float(-f),
        (_, other) => doubt("an operator", &other),
    }
}

/// `a op b`.
pub(super) fn binary(eval: &mut Eval, e: &ast::BinOp, env: &Env) -> Value {
    let (Some(op), Some(lhs), Some(rhs)) = (e.operator(), e.lhs(), e.rhs()) else {
        return Value::unknown("the expression is incomplete");
    };
    match op {
        BinOpKind::PipeRight => {
            let function = eval.expr(&rhs, env);
            return eval.apply(&function, thunk(lhs, env));
        }
        BinOpKind::PipeLeft => {
            let function = eval.expr(&lhs, env);
            return eval.apply(&function, thunk(rhs, env));
        }
        _ => {}
    }
    let left = eval.expr(&lhs, env);
    match (op, &left) {
        (BinOpKind::And, Value::Bool(false)) => return Value::Bool(false),
        (BinOpKind::Or, Value::Bool(true)) | (BinOpKind::Implication, Value::Bool(false)) => {
            return Value::Bool(true);
        }
        _ => {}
    }
    let right = eval.expr(&rhs, env);
    match op {
        BinOpKind::And | BinOpKind::Or | BinOpKind::Implication => logic(op, &left, &right),
        BinOpKind::Concat => concat(eval, &left, &right),
        BinOpKind::Update => merge(eval, &left, &right),
        BinOpKind::Equal => eval.truth(equal, &left, &right, false),
        BinOpKind::NotEqual => eval.truth(equal, &left, &right, true),
        BinOpKind::Add => {
            let sum = add(eval, &left, &right);
            with_origin(sum, [(&lhs, &left), (&rhs, &right)])
        }
        BinOpKind::Sub | BinOpKind::Mul | BinOpKind::Div => arithmetic(op, &left, &right),
        _ => compare(eval, op, &left, &right),
    }
}

/// `"box-" + name` was written where the name was.
fn with_origin(sum: Value, operands: [(&ast::Expr, &Value); 2]) -> Value {
    let computed = operands
        .into_iter()
        .filter(|(expr, _)| !matches!(expr, ast::Expr::Str(_)));
    let mut computed = computed.map(|(_, value)| value);
    match (sum, computed.next(), computed.next()) {
        (Value::Str(sum), Some(Value::Str(only)), None) => Value::Str(Text {
            origin: only.origin.clone(),
            ..sum
        }),
        (sum, ..) => sum,
    }
}

/// `a && b` and its kin, also where one side alone decides.
fn logic(op: BinOpKind, left: &Value, right: &Value) -> Value {
    match (op, left, right) {
        (BinOpKind::And, _, Value::Bool(false)) => Value::Bool(false),
        (BinOpKind::Or | BinOpKind::Implication, _, Value::Bool(true)) => Value::Bool(true),
        (_, Value::Bool(_), Value::Bool(b)) => Value::Bool(*b),
        (_, Value::Bool(_), other) | (_, other, _) => doubt("a condition", other),
    }
}

/// `a ++ b`: what is not known of either side leaves the list open.
pub(super) fn concat(eval: &mut Eval, left: &Value, right: &Value) -> Value {
    join(eval, &[left, right])
}

/// All these lists, one after another.
pub(super) fn join(eval: &mut Eval, all: &[&Value]) -> Value {
    let size = |value: &&Value| match value {
        Value::List(list) => list.items.len(),
        _ => 0,
    };
    eval.sized(all.iter().map(size).sum(), || {
        let mut out = List::default();
        for side in all {
            match side {
                Value::List(list) => {
                    out.items.extend(list.items.iter().cloned());
                    out.open = out.open.or_else(|| list.open.clone());
                }
                other => out.open = Some(other.doubt()),
            }
        }
        out.into()
    })
}

/// `a // b`, as an expression asks for it.
fn merge(eval: &mut Eval, left: &Value, right: &Value) -> Value {
    let size = |value: &Value| match value {
        Value::Attrs(attrs) => attrs.slots.len(),
        _ => 0,
    };
    eval.sized(size(left) + size(right), || update(left, right))
}

/// `a // b`: what is not known of either side leaves the set open.
pub(in crate::flake) fn update(left: &Value, right: &Value) -> Value {
    match (left, right) {
        (Value::Attrs(a), Value::Attrs(b)) => (**a).clone().update(b).into(),
        (Value::Attrs(a), other) => {
            let open = Attrs::open(other.clone());
            (**a).clone().update(&open).into()
        }
        (Value::External(_) | Value::Unknown(_) | Value::System(_), Value::Attrs(b)) => {
            Attrs::open(left.clone()).update(b).into()
        }
        (Value::System(_), _) => left.clone(),
        (_, other) => doubt("`//`", other),
    }
}

fn add(eval: &mut Eval, left: &Value, right: &Value) -> Value {
    if let Value::Str(text) = right
        && let Some(known) = files::only_nixpkgs(&text.text)
    {
        return Value::Path(known.into());
    }
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => Value::Int(a.wrapping_add(*b)),
        (Value::Path(path), _) => match eval.coerce(right) {
            Ok(text) => Value::Path(files::normal(&format!("{path}{text}")).into()),
            Err(unknown) => unknown,
        },
        (Value::Float(_), _) | (_, Value::Float(_)) => arithmetic(BinOpKind::Add, left, right),
        _ => match (eval.coerce(left), eval.coerce(right)) {
            (Ok(a), Ok(b)) => {
                let size = (a.len() + b.len()) / BYTES;
                eval.sized(size, || Value::string(format!("{a}{b}")))
            }
            (Err(unknown), _) | (_, Err(unknown)) => unknown,
        },
    }
}

/// `+`, `-`, `*` and `/` of two numbers.
pub(super) fn arithmetic(op: BinOpKind, left: &Value, right: &Value) -> Value {
    if let (Value::Int(a), Value::Int(b)) = (left, right) {
        return integers(op, *a, *b);
    }
    match (float(left), float(right)) {
        (Some(a), Some(b)) => floats(op, a, b),
        (None, _) => doubt("arithmetic", left),
        (_, None) => doubt("arithmetic", right),
    }
}

fn integers(op: BinOpKind, a: i64, b: i64) -> Value {
    match op {
        BinOpKind::Add => Value::Int(a.wrapping_add(b)),
        BinOpKind::Sub => Value::Int(a.wrapping_sub(b)),
        BinOpKind::Mul => Value::Int(a.wrapping_mul(b)),
        _ => match a.checked_div(b) {
            Some(quotient) => Value::Int(quotient),
            None => Value::unknown("a division by zero"),
        },
    }
}

fn floats(op: BinOpKind, a: f64, b: f64) -> Value {
    match op {
        BinOpKind::Add => Value::Float(a + b),
        BinOpKind::Sub => Value::Float(a - b),
        BinOpKind::Mul => Value::Float(a * b),
        _ => Value::Float(a / b),
    }
}

/// `<`, `<=`, `>` and `>=` of numbers, texts, paths and lists.
pub(super) fn compare(eval: &mut Eval, op: BinOpKind, left: &Value, right: &Value) -> Value {
    let order = match order(eval, left, right) {
        Ok(order) => order,
        Err(unknown) => return unknown,
    };
    Value::Bool(match op {
        BinOpKind::Less => order.is_lt(),
        BinOpKind::LessOrEq => order.is_le(),
        BinOpKind::More => order.is_gt(),
        _ => order.is_ge(),
    })
}

fn order(eval: &mut Eval, left: &Value, right: &Value) -> Result<Ordering, Value> {
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => Ok(a.cmp(b)),
        (Value::Str(a), Value::Str(b)) => Ok(a.text.cmp(&b.text)),
        (Value::Path(a), Value::Path(b)) => Ok(a.cmp(b)),
        (Value::List(a), Value::List(b)) => order_of_lists(eval, a, b),
        _ => match (float(left), float(right)) {
            (Some(a), Some(b)) => a
                .partial_cmp(&b)
                .ok_or_else(|| Value::unknown("a comparison with no answer")),
            (None, _) => Err(doubt("a comparison", left)),
            (_, None) => Err(doubt("a comparison", right)),
        },
    }
}

/// As the first items that differ; a list that ends earlier is less.
fn order_of_lists(eval: &mut Eval, left: &List, right: &List) -> Result<Ordering, Value> {
    for (a, b) in left.items.iter().zip(&right.items) {
        let (a, b) = (eval.force(a), eval.force(b));
        match equal(eval, &a, &b) {
            Some(true) => {}
            Some(false) => return order(eval, &a, &b),
            None => return Err(undecided(&a, &b)),
        }
    }
    match left.open.as_ref().or(right.open.as_ref()) {
        Some(why) => Err(Value::Unknown(why.clone())),
        None => Ok(left.items.len().cmp(&right.items.len())),
    }
}

#[expect(clippy::cast_precision_loss, reason = "Nix converts in the same way")]
pub(super) fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Int(i) => Some(*i as f64),
        Value::Float(f) => Some(*f),
        _ => None,
    }
}

fn doubt(what: &str, value: &Value) -> Value {
    match value {
        Value::Unknown(_) | Value::External(_) => Value::Unknown(value.doubt()),
        other => Value::unknown(format!("{what} on {}", other.kind())),
    }
}
