//! Merges the definitions of an option as its type says, where the type matters here.

use std::rc::Rc;

use super::super::Eval;
use super::super::thunk::Thunk;
use super::super::value::{AppliedBuiltin, Attrs, List, Slot, Value};
use super::definition::{OptionDefinition, in_force};
use super::merge::{by_name, deferred, lists, untyped};
use super::unread::Unread;

/// Where an option is.
#[derive(Clone, Default)]
pub(super) struct Context {
    /// The last name of its path.
    pub(super) name: Option<Rc<str>>,
    /// What was not read of the modules that may set it.
    pub(super) unread: Rc<Unread>,
}

impl Context {
    /// The option in the words of a message.
    pub(super) fn shown(&self) -> String {
        let name = self.name.as_deref();
        name.map_or("it".to_owned(), |name| format!("`{name}`"))
    }

    pub(super) fn within(&self, name: &Rc<str>) -> Self {
        Self {
            name: Some(name.clone()),
            unread: self.unread.clone(),
        }
    }
}

/// The merged value of definitions that are in force.
pub(super) fn typed(
    eval: &mut Eval,
    kind: &Value,
    all: Vec<(OptionDefinition, Value)>,
    context: Context,
) -> Value {
    // A type may be within itself.
    eval.step(|eval| merged(eval, kind, all, context))
}

fn merged(
    eval: &mut Eval,
    kind: &Value,
    mut all: Vec<(OptionDefinition, Value)>,
    context: Context,
) -> Value {
    if let Some(merge) = own_merge(kind) {
        return merged_by(eval, &merge, &all, &context);
    }
    match &*word_of(eval, kind) {
        "submodule" => submodule(eval, kind, all, context),
        "deferredModule" => deferred(all),
        "attrsOf" => {
            let elem = eval.select(kind, "elem");
            attrs_of(&elem, &all, &context)
        }
        "listOf" if all.iter().all(|(_, value)| matches!(value, Value::List(_))) => {
            let elem = eval.select(kind, "elem");
            list_of(eval, &elem, &lists(&all), &context)
        }
        "nullOr" => match all.first() {
            Some((_, Value::Null)) | None => Value::Null,
            Some(_) => {
                let elem = eval.select(kind, "elem");
                typed(eval, &elem, all, context)
            }
        },
        "either" => match chosen(eval, kind, &all) {
            Some(side) => typed(eval, &side, all, context),
            None => untyped(eval, all, &context),
        },
        "coercedTo" => {
            for (_, value) in &mut all {
                coerced(eval, kind, value);
            }
            let to = eval.select(kind, "to");
            typed(eval, &to, all, context)
        }
        "functionTo" if all.len() == 1 => function_to(eval, kind, all.remove(0).1),
        _ => untyped(eval, all, &context),
    }
}

/// The function with which a type of the repository's own merges; those of nixpkgs have
/// none here.
fn own_merge(kind: &Value) -> Option<Thunk> {
    match kind {
        Value::Attrs(attrs) => attrs.slots.get("merge").map(|slot| slot.value.clone()),
        _ => None,
    }
}

/// `merge place [ { file; value; } … ]`.
fn merged_by(
    eval: &mut Eval,
    merge: &Thunk,
    all: &[(OptionDefinition, Value)],
    context: &Context,
) -> Value {
    let place = context.name.iter().cloned().map(Value::string);
    let place = Value::list(place.map(Thunk::done).collect());
    let definitions = all.iter().map(|(_, value)| {
        let file = Value::unknown("the file of a definition");
        Thunk::done(Attrs::of([("file", file), ("value", value.clone())]).into())
    });
    let definitions = Value::list(definitions.collect());
    let merge = eval.force(merge);
    eval.apply_all(&merge, [Thunk::done(place), Thunk::done(definitions)])
}

fn word_of(eval: &mut Eval, kind: &Value) -> Rc<str> {
    if let Value::Attrs(attrs) = kind
        && attrs.slots.contains_key("name")
        && let Value::Str(word) = eval.select(kind, "name")
    {
        return word.text;
    }
    "".into()
}

/// The type of an option that is declared with both: modules of submodules add up, also
/// of those that are within a list or a set.
pub(super) fn both(eval: &mut Eval, one: Value, other: &Value) -> Value {
    let word = word_of(eval, &one);
    if word != word_of(eval, other) {
        return one;
    }
    let (Value::Attrs(left), Value::Attrs(right)) = (&one, other) else {
        return one;
    };
    let has = |name: &str| left.slots.contains_key(name) && right.slots.contains_key(name);
    let merged = if has("module") {
        let modules = [&one, other].map(|kind| Thunk::done(eval.select(kind, "module")));
        ("module", Value::list(modules.to_vec()))
    } else if has("elem") {
        let elem = eval.select(&one, "elem");
        let elem_of_other = eval.select(other, "elem");
        let elem = eval.step(|eval| both(eval, elem, &elem_of_other));
        ("elem", elem)
    } else {
        return one;
    };
    (**left).clone().update(&Attrs::of([merged])).into()
}

fn submodule(
    eval: &mut Eval,
    kind: &Value,
    all: Vec<(OptionDefinition, Value)>,
    context: Context,
) -> Value {
    let mut inner = vec![eval.select(kind, "module")];
    inner.extend(all.into_iter().map(|(_, value)| value));
    let mut args = Attrs::default();
    if let Value::Attrs(special) = eval.select(kind, "specialArgs") {
        args.slots.extend(special.slots.clone());
    }
    if let Some(name) = context.name {
        args.insert("name", Slot::done(Value::string(name)));
    }
    let config = super::config_within(eval, inner, args, &context.unread);
    eval.force(&config)
}

fn attrs_of(elem: &Value, all: &[(OptionDefinition, Value)], context: &Context) -> Value {
    let (named, mut out) = by_name(all);
    for (name, definitions) in named {
        let (elem, context) = (elem.clone(), context.within(&name));
        let origin = definitions.first().and_then(|d| d.origin.clone());
        let value = Thunk::call(move |eval| {
            let all = in_force_of(eval, definitions);
            typed(eval, &elem, all, context)
        });
        out.insert(name, Slot { value, origin });
    }
    out.into()
}

/// The definitions that are in force, each with its value.
pub(super) fn in_force_of(
    eval: &mut Eval,
    definitions: Vec<OptionDefinition>,
) -> Vec<(OptionDefinition, Value)> {
    let mut all = Vec::new();
    for definition in definitions {
        definition.expand(eval, &mut all);
    }
    in_force(eval, all)
}

/// The items stay as they are written, unless their type gives them more than that.
fn list_of(eval: &mut Eval, elem: &Value, list: &Value, context: &Context) -> Value {
    let changes = ["submodule", "attrsOf", "coercedTo", "nullOr", "either"];
    let Value::List(list) = list else {
        return list.clone();
    };
    if !changes.contains(&&*word_of(eval, elem)) {
        return Value::List(list.clone());
    }
    let items = list.items.iter().map(|item| {
        let (elem, context, slot) = (elem.clone(), context.clone(), Slot::new(item.clone()));
        Thunk::call(move |eval| {
            let all = in_force_of(eval, vec![OptionDefinition::plain(&slot)]);
            typed(eval, &elem, all, context)
        })
    });
    let (items, open) = (items.collect(), list.open.clone());
    List { items, open }.into()
}

/// What the function gives has the type of its results.
fn function_to(eval: &mut Eval, kind: &Value, function: Value) -> Value {
    let elem = eval.select(kind, "elem");
    if !matches!(&*word_of(eval, &elem), "submodule" | "attrsOf") {
        return function;
    }
    Value::Builtin(Rc::new(AppliedBuiltin {
        name: "functionTo",
        arity: 3,
        run: |eval, args| {
            let (elem, function) = (eval.force(&args[0]), eval.force(&args[1]));
            let slot = Slot::done(eval.apply(&function, args[2].clone()));
            let all = in_force_of(eval, vec![OptionDefinition::plain(&slot)]);
            typed(eval, &elem, all, Context::default())
        },
        args: vec![Thunk::done(elem), Thunk::done(function)],
    }))
}

/// The side of `either` that takes all the values, if that can be told.
fn chosen(eval: &mut Eval, kind: &Value, all: &[(OptionDefinition, Value)]) -> Option<Value> {
    for side in ["left", "right"] {
        let side = eval.select(kind, side);
        let answers = all.iter().map(|(_, value)| takes(eval, &side, value));
        let answers: Vec<_> = answers.collect();
        if answers.contains(&None) {
            return None;
        }
        if !answers.contains(&Some(false)) {
            return Some(side);
        }
    }
    None
}

fn coerced(eval: &mut Eval, kind: &Value, value: &mut Value) {
    let from = eval.select(kind, "from");
    if takes(eval, &from, value) == Some(true) {
        let function = eval.select(kind, "coerce");
        *value = eval.apply(&function, Thunk::done(value.clone()));
    }
}

/// Whether a type takes a value, if its kind tells.
fn takes(eval: &mut Eval, kind: &Value, value: &Value) -> Option<bool> {
    if matches!(value, Value::Unknown(_) | Value::External(_)) {
        return None;
    }
    let is_path = |value: &Value| match value {
        Value::Path(_) => true,
        Value::Str(text) => text.text.starts_with('/'),
        _ => false,
    };
    Some(match &*word_of(eval, kind) {
        "bool" => matches!(value, Value::Bool(_)),
        "int" => matches!(value, Value::Int(_)),
        "float" => matches!(value, Value::Float(_)),
        "str" | "lines" | "commas" => matches!(value, Value::Str(_)),
        "listOf" => matches!(value, Value::List(_)),
        "attrsOf" | "attrs" => matches!(value, Value::Attrs(_)),
        "functionTo" => matches!(value, Value::Lambda(_) | Value::Builtin(_)),
        "path" => is_path(value),
        "submodule" | "deferredModule" => {
            matches!(value, Value::Attrs(_) | Value::Lambda(_)) || is_path(value)
        }
        "raw" | "anything" | "unspecified" => true,
        "nullOr" => {
            let elem = eval.select(kind, "elem");
            let is_nested = &*word_of(eval, &elem) == "nullOr";
            return match value {
                Value::Null => Some(true),
                _ if is_nested => None,
                _ => takes(eval, &elem, value),
            };
        }
        _ => return None,
    })
}
