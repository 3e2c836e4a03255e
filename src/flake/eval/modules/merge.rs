//! Merges the definitions of the options, lazily, name by name.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::super::Eval;
use super::super::thunk::Thunk;
use super::super::value::{Attrs, List, Slot, Value};
use super::collect::CollectedModules;
use super::definition::{OptionDefinition, in_force, tagged};
use super::types::{Context, both, in_force_of, typed};

/// The mark of an option whose value is open where modules were not read.
const OPEN: &str = "openWithModules";

/// One place of the configuration: all definitions of it, and the options declared there.
#[derive(Default)]
pub(super) struct Site {
    definitions: Vec<OptionDefinition>,
    options: Vec<Value>,
    /// The type of what is defined here and declared nowhere.
    freeform: Option<Value>,
    context: Context,
}

impl Site {
    pub(super) fn root(collected: CollectedModules) -> Self {
        Self {
            definitions: collected.config,
            options: collected.options,
            freeform: collected.freeform,
            context: Context {
                name: None,
                unread: Rc::new(collected.unread),
            },
        }
    }
}

/// The value at a place.
pub(super) fn site(eval: &mut Eval, site: Site) -> Value {
    let mut declared = Vec::new();
    let mut beside = Vec::new();
    for option in &site.options {
        match tagged(eval, option) {
            Some((tag, option)) if &*tag == "option" => declared.push(option),
            _ => beside.push(option.clone()),
        }
    }
    if !declared.is_empty() {
        let option = declaration(eval, &declared, beside);
        return option_value(eval, &option, site.definitions, site.context);
    }
    let mut all = Vec::new();
    for definition in site.definitions {
        definition.expand(eval, &mut all);
    }
    if site.options.is_empty() && site.freeform.is_none() {
        return untyped(eval, all, &site.context);
    }
    let freeform = site.freeform.as_ref();
    set(eval, &all, &site.options, freeform, &site.context)
}

/// One option of what several modules declare of it: the types add up, and options that
/// are declared within a submodule from outside (`options.flake.mine`) join it.
fn declaration(eval: &mut Eval, declared: &[Rc<Attrs>], beside: Vec<Value>) -> Value {
    let first = Value::Attrs(declared[0].clone());
    if declared.len() == 1 && beside.is_empty() {
        return first;
    }
    let typed = declared
        .iter()
        .filter(|option| option.slots.contains_key("type"));
    let kinds = typed.map(|option| eval.select(&Value::Attrs(option.clone()), "type"));
    let kinds: Vec<Value> = kinds.collect();
    let inner = beside.into_iter().map(|options| {
        let module = Attrs::of([("options", options)]);
        Attrs::of([
            ("name", Value::string("submodule")),
            ("module", module.into()),
        ])
    });
    let all = kinds.into_iter().chain(inner.map(Value::from));
    let Some(kind) = all.reduce(|one, other| both(eval, one, &other)) else {
        return first;
    };
    let all = declared.iter().rev();
    let option = all.fold(Attrs::default(), |option, more| option.update(more));
    option.update(&Attrs::of([("type", kind)])).into()
}

/// The value of a declared option.
fn option_value(
    eval: &mut Eval,
    option: &Value,
    definitions: Vec<OptionDefinition>,
    context: Context,
) -> Value {
    let Value::Attrs(declared) = option else {
        return Value::unknown("an option that is no set");
    };
    let mut all = in_force_of(eval, definitions);
    if let (true, Some(slot)) = (all.is_empty(), declared.slots.get("default")) {
        OptionDefinition::plain(slot).expand(eval, &mut all);
    }
    let kind = declared
        .slots
        .get("type")
        .map_or(Value::Null, |slot| eval.force(&slot.value));
    let unread = context.unread.clone();
    let mut value = typed(eval, &kind, all, context);
    if declared.slots.contains_key(OPEN) {
        value = unread.opened(value);
    }
    match declared.slots.get("apply") {
        Some(slot) => {
            let function = eval.force(&slot.value);
            eval.apply(&function, Thunk::done(value))
        }
        None => value,
    }
}

/// A module that is only passed on: all its definitions together.
pub(super) fn deferred(all: Vec<(OptionDefinition, Value)>) -> Value {
    let mut parts: Vec<Value> = all.into_iter().map(|(_, value)| value).collect();
    if parts.len() == 1 {
        return parts.remove(0);
    }
    Attrs {
        parts,
        ..Attrs::default()
    }
    .into()
}

/// Merges without knowing a type: sets name by name, lists end to end, functions
/// and paths as modules; one of several equal values.
pub(super) fn untyped(
    eval: &mut Eval,
    all: Vec<(OptionDefinition, Value)>,
    context: &Context,
) -> Value {
    if all.len() > 1 && all.iter().all(|(_, value)| is_plain_set(value)) {
        return set(eval, &all, &[], None, context);
    }
    let mut all = in_force(eval, all);
    match all.len() {
        0 => Value::unknown(format!("nothing sets {}", context.shown())),
        1 => all.remove(0).1,
        _ if all.iter().all(|(_, value)| is_plain_set(value)) => {
            set(eval, &all, &[], None, context)
        }
        _ if all.iter().all(|(_, value)| matches!(value, Value::List(_))) => lists(&all),
        _ if all.iter().all(|(_, value)| is_module(value)) => deferred(all),
        _ => match all
            .iter()
            .find(|(_, value)| matches!(value, Value::Unknown(_)))
        {
            Some((_, unknown)) => unknown.clone(),
            None => Value::unknown(format!("several modules set {}", context.shown())),
        },
    }
}

/// A set that is merged name by name; what is not known of it leaves the result open.
fn is_plain_set(value: &Value) -> bool {
    matches!(value, Value::Attrs(attrs) if attrs.parts.is_empty())
}

fn is_module(value: &Value) -> bool {
    matches!(
        value,
        Value::Attrs(_) | Value::Lambda(_) | Value::Path(_) | Value::External(_)
    )
}

pub(super) fn lists(all: &[(OptionDefinition, Value)]) -> Value {
    let mut out = List::default();
    for (_, value) in all {
        if let Value::List(list) = value {
            out.items.extend(list.items.iter().cloned());
            out.open = out.open.or_else(|| list.open.clone());
        }
    }
    out.into()
}

/// The definitions by the names that they are sets of; open where one is no set.
pub(super) fn by_name(
    all: &[(OptionDefinition, Value)],
) -> (BTreeMap<Rc<str>, Vec<OptionDefinition>>, Attrs) {
    let mut named: BTreeMap<Rc<str>, Vec<OptionDefinition>> = BTreeMap::new();
    let mut out = Attrs::default();
    for (definition, value) in all {
        match value {
            Value::Attrs(attrs) => {
                for (name, slot) in &attrs.slots {
                    named
                        .entry(name.clone())
                        .or_default()
                        .push(definition.around(slot));
                }
                out.rest = out.rest.or_else(|| attrs.rest.clone());
            }
            Value::Unknown(_) | Value::External(_) => out.rest = Some(value.clone()),
            _ => {}
        }
    }
    (named, out)
}

/// A set whose values are merged when they are asked for.
fn set(
    eval: &mut Eval,
    all: &[(OptionDefinition, Value)],
    options: &[Value],
    freeform: Option<&Value>,
    context: &Context,
) -> Value {
    let (mut named, mut out) = by_name(all);
    let mut declared: BTreeMap<Rc<str>, Vec<Value>> = BTreeMap::new();
    for option in options {
        let Value::Attrs(attrs) = option else {
            continue;
        };
        for (name, slot) in &attrs.slots {
            let value = eval.force(&slot.value);
            declared.entry(name.clone()).or_default().push(value);
            named.entry(name.clone()).or_default();
        }
    }
    for (name, definitions) in named {
        let origin = definitions.first().and_then(|d| d.origin.clone());
        let options = declared.remove(&name).unwrap_or_default();
        let free = freeform.filter(|_| options.is_empty() && &*name != "_module");
        let here = Site {
            definitions,
            options: options.into_iter().chain(free.map(as_option)).collect(),
            freeform: None,
            context: context.within(&name),
        };
        let value = Thunk::call(move |eval| site(eval, here));
        out.insert(name, Slot { value, origin });
    }
    out.into()
}

/// An option of this type.
fn as_option(kind: &Value) -> Value {
    Attrs::of([("_type", Value::string("option")), ("type", kind.clone())]).into()
}
