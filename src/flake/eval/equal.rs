//! Equality, where it can be known.

use std::rc::Rc;

use super::Eval;
use super::operator::float;
use super::thunk::Thunk;
use super::value::{Attrs, List, Value};

/// Whether two values are equal, as `==` says; `None` if that is not known.
pub(super) fn equal(eval: &mut Eval, left: &Value, right: &Value) -> Option<bool> {
    match (left, right) {
        // Nix compares no two functions, even if they are one.
        (Value::Lambda(_) | Value::Builtin(_), Value::Lambda(_) | Value::Builtin(_)) => Some(false),
        _ => same(eval, left, right),
    }
}

/// Whether two elements of a list are equal. As in Nix, a function is equal to itself
/// there.
pub(super) fn same(eval: &mut Eval, left: &Value, right: &Value) -> Option<bool> {
    if !eval.spend(1) {
        return None;
    }
    match (left, right) {
        (Value::Unknown(_), _) | (_, Value::Unknown(_)) => None,
        (Value::External(_) | Value::System(_), other)
        | (other, Value::External(_) | Value::System(_)) => of_unlike(left, right, other),
        (Value::Null, Value::Null) => Some(true),
        (Value::Bool(a), Value::Bool(b)) => Some(a == b),
        (Value::Int(a), Value::Int(b)) => Some(a == b),
        (Value::Str(a), Value::Str(b)) => Some(a.text == b.text),
        (Value::Path(a), Value::Path(b)) => Some(a == b),
        (Value::Lambda(a), Value::Lambda(b)) => Some(Rc::ptr_eq(a, b)),
        // Two names of one builtin cannot be told from one name twice.
        (Value::Builtin(a), Value::Builtin(b)) => (a.name != b.name).then_some(false),
        (Value::List(a), Value::List(b)) => lists(eval, a, b),
        (Value::Attrs(a), Value::Attrs(b)) => sets(eval, a, b),
        _ => Some(numbers(left, right)),
    }
}

/// An input and a system are sets, so unequal to anything else.
fn of_unlike(left: &Value, right: &Value, other: &Value) -> Option<bool> {
    let is_set = |value: &Value| match value {
        Value::External(external) => external.is_input(),
        Value::System(_) | Value::Attrs(_) => true,
        _ => false,
    };
    let is_no_set = !matches!(
        other,
        Value::External(_) | Value::System(_) | Value::Attrs(_)
    );
    (is_no_set && (is_set(left) || is_set(right))).then_some(false)
}

#[expect(clippy::float_cmp, reason = "Nix compares in the same way")]
fn numbers(left: &Value, right: &Value) -> bool {
    match (float(left), float(right)) {
        (Some(a), Some(b)) => a == b,
        _ => false,
    }
}

fn lists(eval: &mut Eval, left: &List, right: &List) -> Option<bool> {
    if left.open.is_some() || right.open.is_some() {
        return None;
    }
    if left.items.len() != right.items.len() {
        return Some(false);
    }
    all_same(eval, left.items.iter().zip(&right.items))
}

fn sets(eval: &mut Eval, left: &Attrs, right: &Attrs) -> Option<bool> {
    if left.rest.is_some() || right.rest.is_some() {
        return None;
    }
    if !left.slots.keys().eq(right.slots.keys()) {
        return Some(false);
    }
    let values = left.slots.values().zip(right.slots.values());
    all_same(eval, values.map(|(a, b)| (&a.value, &b.value)))
}

/// False at the first pair that differs, whatever is not known of others.
fn all_same<'t>(
    eval: &mut Eval,
    pairs: impl Iterator<Item = (&'t Thunk, &'t Thunk)>,
) -> Option<bool> {
    let mut answer = Some(true);
    for (a, b) in pairs {
        let (a, b) = (eval.force(a), eval.force(b));
        match deeper(eval, &a, &b) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => answer = None,
        }
    }
    answer
}

fn deeper(eval: &mut Eval, a: &Value, b: &Value) -> Option<bool> {
    match eval.step(|eval| same(eval, a, b).map_or_else(|| Value::unknown(""), Value::Bool)) {
        Value::Bool(answer) => Some(answer),
        _ => None,
    }
}

/// Why two values could not be compared.
pub(super) fn undecided(left: &Value, right: &Value) -> Value {
    let is_open = |value: &&&Value| match value {
        Value::Unknown(_) | Value::External(_) => true,
        Value::Attrs(attrs) => attrs.rest.is_some(),
        Value::List(list) => list.open.is_some(),
        _ => false,
    };
    match [left, right].iter().find(is_open) {
        Some(open) => Value::Unknown(open.doubt()),
        None => Value::unknown("it compares what is not known"),
    }
}

type Test = fn(&mut Eval, &Value, &Value) -> Option<bool>;

impl Eval<'_> {
    /// The answer of a test as a value, negated if asked for.
    pub(super) fn truth(&mut self, test: Test, left: &Value, right: &Value, negate: bool) -> Value {
        match test(self, left, right) {
            Some(answer) => Value::Bool(answer != negate),
            None => undecided(left, right),
        }
    }
}
