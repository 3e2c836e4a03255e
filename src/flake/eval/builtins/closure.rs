//! Builtins that put many sets together: `genericClosure` and `zipAttrsWith`.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::super::equal::same;
use super::super::thunk::Thunk;
use super::super::value::{Attrs, List, Slot, Value};
use super::super::{Eval, TOO_MUCH};
use super::lists::{closed, later, list};
use super::{Builtin, not};

pub(super) const ALL: &[Builtin] = &[
    ("genericClosure", 1, generic_closure),
    ("zipAttrsWith", 2, zip_attrs_with),
];

/// Each item of another `key` that the operator leads to, in the order that it is met.
fn generic_closure(eval: &mut Eval, args: &[Thunk]) -> Value {
    let call = eval.force(&args[0]);
    let operator = eval.select(&call, "operator");
    let start = Thunk::done(eval.select(&call, "startSet"));
    let mut out = List::default();
    let mut keys: Vec<Value> = Vec::new();
    let mut next = vec![start];
    while let Some(more) = next.first().cloned() {
        next.remove(0);
        let items = list(eval, &more);
        out.open = out.open.or_else(|| items.open.clone());
        for item in &items.items {
            if !eval.spend(1 + keys.len()) {
                return Value::unknown(TOO_MUCH);
            }
            match is_new(eval, item, &mut keys) {
                Ok(true) => {}
                Ok(false) => continue,
                Err(unknown) => return unknown,
            }
            out.items.push(item.clone());
            next.push(later(&Thunk::done(operator.clone()), [item.clone()]));
        }
    }
    out.into()
}

fn is_new(eval: &mut Eval, item: &Thunk, keys: &mut Vec<Value>) -> Result<bool, Value> {
    let item = eval.force(item);
    let key = eval.select(&item, "key");
    for known in keys.iter() {
        match same(eval, known, &key) {
            Some(true) => return Ok(false),
            Some(false) => {}
            None => return Err(not("a key that can be compared", &key)),
        }
    }
    keys.push(key);
    Ok(true)
}

fn zip_attrs_with(eval: &mut Eval, args: &[Thunk]) -> Value {
    let sets = match closed(eval, &args[1]) {
        Ok(sets) => sets,
        Err(unknown) => return Attrs::open(unknown).into(),
    };
    let mut out = Attrs::default();
    let mut named: BTreeMap<Rc<str>, (Slot, Vec<Thunk>)> = BTreeMap::new();
    for set in &sets.items {
        let Value::Attrs(set) = eval.force(set) else {
            out.rest = Some(Value::unknown("a set that is zipped"));
            continue;
        };
        eval.spend(set.slots.len());
        out.rest = out.rest.or_else(|| set.rest.clone());
        for (name, slot) in &set.slots {
            let entry = named.entry(name.clone());
            let (_, values) = entry.or_insert_with(|| (slot.clone(), Vec::new()));
            values.push(slot.value.clone());
        }
    }
    for (name, (first, values)) in named {
        let called = Thunk::done(Value::string(name.clone()));
        let value = later(&args[0], [called, Thunk::done(Value::list(values))]);
        let origin = first.origin;
        out.insert(name, Slot { value, origin });
    }
    out.into()
}
