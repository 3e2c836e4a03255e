//! Equality, where it can be known.

use super::Eval;
use super::value::Value;

/// Whether two values are equal; `None` if that is not known.
pub(super) fn equal(eval: &mut Eval, left: &Value, right: &Value) -> Option<bool> {
    if !eval.spend(1) {
        return None;
    }
    if !is_known(left) || !is_known(right) {
        return None;
    }
    match (left, right) {
        (Value::Null, Value::Null) => Some(true),
        (Value::Bool(a), Value::Bool(b)) => Some(a == b),
        (Value::Int(a), Value::Int(b)) => Some(a == b),
        (Value::Str(a), Value::Str(b)) => Some(a.text == b.text),
        (Value::Path(a), Value::Path(b)) => Some(a == b),
        (Value::List(a), Value::List(b)) => {
            if a.open.is_some() || b.open.is_some() {
                return None;
            }
            if a.items.len() != b.items.len() {
                return Some(false);
            }
            for (a, b) in a.items.iter().zip(&b.items) {
                let (a, b) = (eval.force(a), eval.force(b));
                match equal_deeper(eval, &a, &b) {
                    Some(true) => {}
                    other => return other,
                }
            }
            Some(true)
        }
        (Value::Attrs(a), Value::Attrs(b)) => {
            if a.rest.is_some() || b.rest.is_some() {
                return None;
            }
            if !a.slots.keys().eq(b.slots.keys()) {
                return Some(false);
            }
            for (a, b) in a.slots.values().zip(b.slots.values()) {
                let (a, b) = (eval.force(&a.value), eval.force(&b.value));
                match equal_deeper(eval, &a, &b) {
                    Some(true) => {}
                    other => return other,
                }
            }
            Some(true)
        }
        _ => Some(false),
    }
}

/// True for values that Nix can compare and of which all is known here.
fn is_known(value: &Value) -> bool {
    !matches!(
        value,
        Value::Unknown(_)
            | Value::External(_)
            | Value::System(_)
            | Value::Float(_)
            | Value::Lambda(_)
            | Value::Builtin(_)
    )
}

fn equal_deeper(eval: &mut Eval, a: &Value, b: &Value) -> Option<bool> {
    match eval.step(|eval| equal(eval, a, b).map_or_else(|| Value::unknown(""), Value::Bool)) {
        Value::Bool(answer) => Some(answer),
        _ => None,
    }
}

type Test = fn(&mut Eval, &Value, &Value) -> Option<bool>;

impl Eval<'_> {
    /// The answer of a test as a value, negated if asked for.
    pub(super) fn truth(&mut self, test: Test, left: &Value, right: &Value, negate: bool) -> Value {
        match test(self, left, right) {
            Some(answer) => Value::Bool(answer != negate),
            None => match (left, right) {
                (Value::Unknown(_), _) => left.clone(),
                (_, Value::Unknown(_)) => right.clone(),
                _ => Value::unknown("a comparison with something unknown"),
            },
        }
    }
}
