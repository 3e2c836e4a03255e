//! Builtins about sets. Names keep the place where they were written, so that a
//! host can be followed back to the line that made it.

use std::rc::Rc;

use super::super::Eval;
use super::super::apply::function_args;
use super::super::attrset::presence;
use super::super::thunk::Thunk;
use super::super::value::{Attrs, List, Slot, Text, Value};
use super::lists::{later, list};
use super::{Builtin, not, texts};

pub(super) const ALL: &[Builtin] = &[
    ("attrNames", 1, attr_names),
    ("attrValues", 1, attr_values),
    ("catAttrs", 2, cat_attrs),
    ("functionArgs", 1, |e, a| function_args(&e.force(&a[0]))),
    ("getAttr", 2, get_attr),
    ("hasAttr", 2, has_attr),
    ("intersectAttrs", 2, intersect),
    ("listToAttrs", 1, list_to_attrs),
    ("mapAttrs", 2, map_attrs),
    ("removeAttrs", 2, remove),
];

/// Functions of `lib` that `builtins` does not have.
pub(super) const LIB: &[Builtin] = &[("filterAttrs", 2, filter_attrs), ("genAttrs", 2, gen_attrs)];

/// The set; for a value that is not known, an open set without names.
fn set(eval: &mut Eval, thunk: &Thunk) -> Rc<Attrs> {
    match eval.force(thunk) {
        Value::Attrs(attrs) => attrs,
        other @ (Value::External(_) | Value::System(_)) => Rc::new(Attrs::open(other)),
        other => Rc::new(Attrs::open(not("a set", &other))),
    }
}

/// The name of a slot as a string that remembers where the name was written.
fn name_of(name: &Rc<str>, slot: &Slot) -> Thunk {
    let (text, origin) = (name.clone(), slot.origin.clone());
    Thunk::done(Value::Str(Text { text, origin }))
}

fn attr_names(eval: &mut Eval, args: &[Thunk]) -> Value {
    let attrs = set(eval, &args[0]);
    eval.spend(attrs.slots.len());
    let items = attrs
        .slots
        .iter()
        .map(|(name, slot)| name_of(name, slot))
        .collect();
    List {
        items,
        open: attrs.why_open(),
    }
    .into()
}

fn attr_values(eval: &mut Eval, args: &[Thunk]) -> Value {
    let attrs = set(eval, &args[0]);
    eval.spend(attrs.slots.len());
    let items = attrs
        .slots
        .values()
        .map(|slot| slot.value.clone())
        .collect();
    List {
        items,
        open: attrs.why_open(),
    }
    .into()
}

fn cat_attrs(eval: &mut Eval, args: &[Thunk]) -> Value {
    let [name] = match texts(eval, args) {
        Ok(texts) => texts,
        Err(unknown) => return unknown,
    };
    let all = list(eval, &args[1]);
    let mut out = List {
        items: Vec::new(),
        open: all.open.clone(),
    };
    for item in &all.items {
        let attrs = set(eval, item);
        match attrs.slots.get(&name) {
            Some(slot) => out.items.push(slot.value.clone()),
            None => out.open = out.open.or_else(|| attrs.why_open()),
        }
    }
    out.into()
}

fn get_attr(eval: &mut Eval, args: &[Thunk]) -> Value {
    match texts(eval, args) {
        Ok([name]) => {
            let value = eval.force(&args[1]);
            eval.select(&value, &name)
        }
        Err(unknown) => unknown,
    }
}

fn has_attr(eval: &mut Eval, args: &[Thunk]) -> Value {
    match texts(eval, args) {
        Ok([name]) => {
            let value = eval.force(&args[1]);
            let answer = presence(eval, &value, &name).map(Value::Bool);
            answer.unwrap_or_else(|| Value::unknown(format!("whether there is a `{name}`")))
        }
        Err(unknown) => unknown,
    }
}

fn intersect(eval: &mut Eval, args: &[Thunk]) -> Value {
    let (wanted, all) = (set(eval, &args[0]), set(eval, &args[1]));
    let mut out = Attrs {
        rest: wanted.rest.clone().or_else(|| all.rest.clone()),
        ..Attrs::default()
    };
    for (name, slot) in &all.slots {
        if wanted.slots.contains_key(name) {
            out.slots.insert(name.clone(), slot.clone());
        }
    }
    out.into()
}

fn list_to_attrs(eval: &mut Eval, args: &[Thunk]) -> Value {
    let all = list(eval, &args[0]);
    let mut out = Attrs {
        rest: all.open.clone().map(Value::Unknown),
        ..Attrs::default()
    };
    for item in &all.items {
        let row = eval.force(item);
        match eval.select(&row, "name") {
            // The first of two equal names wins, as in Nix.
            Value::Str(name) if !out.slots.contains_key(&name.text) => {
                let value = Thunk::call({
                    let row = row.clone();
                    move |eval| eval.select(&row, "value")
                });
                let origin = name.origin;
                out.insert(name.text, Slot { value, origin });
            }
            Value::Str(_) => {}
            other => out.rest = Some(not("a name", &other)),
        }
    }
    out.into()
}

fn map_attrs(eval: &mut Eval, args: &[Thunk]) -> Value {
    let attrs = set(eval, &args[1]);
    eval.spend(attrs.slots.len());
    let mut out = Attrs {
        rest: attrs.why_open().map(Value::Unknown),
        ..Attrs::default()
    };
    for (name, slot) in &attrs.slots {
        let value = later(&args[0], [name_of(name, slot), slot.value.clone()]);
        let origin = slot.origin.clone();
        out.insert(name.clone(), Slot { value, origin });
    }
    out.into()
}

fn filter_attrs(eval: &mut Eval, args: &[Thunk]) -> Value {
    let attrs = set(eval, &args[1]);
    let predicate = eval.force(&args[0]);
    let mut out = Attrs {
        rest: attrs.rest.clone(),
        ..Attrs::default()
    };
    for (name, slot) in &attrs.slots {
        match eval.apply_all(&predicate, [name_of(name, slot), slot.value.clone()]) {
            Value::Bool(true) => {
                out.slots.insert(name.clone(), slot.clone());
            }
            Value::Bool(false) => {}
            other => out.rest = Some(not("a boolean", &other)),
        }
    }
    out.into()
}

fn gen_attrs(eval: &mut Eval, args: &[Thunk]) -> Value {
    let all = list(eval, &args[0]);
    let mut out = Attrs {
        rest: all.open.clone().map(Value::Unknown),
        ..Attrs::default()
    };
    for item in &all.items {
        match eval.force(item) {
            Value::Str(name) => {
                let value = later(&args[1], [item.clone()]);
                let origin = name.origin;
                out.insert(name.text, Slot { value, origin });
            }
            other => out.rest = Some(not("a name", &other)),
        }
    }
    out.into()
}

fn remove(eval: &mut Eval, args: &[Thunk]) -> Value {
    let mut out = (*set(eval, &args[0])).clone();
    let names = list(eval, &args[1]);
    for name in &names.items {
        match eval.text(name) {
            Ok(name) => drop(out.slots.remove(&name)),
            // Any of them may be gone.
            Err(unknown) => return unknown,
        }
    }
    match &names.open {
        Some(why) => Value::Unknown(why.clone()),
        None => out.into(),
    }
}
