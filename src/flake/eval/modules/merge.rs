//! Merges the definitions of one option, lazily, name by name.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::super::thunk::Thunk;
use super::super::value::{Attrs, List, Slot, Value};
use super::super::{Eval, modules};
use super::collect::CollectedModules;
use super::definition::{OptionDefinition, in_force, tagged};

/// One place of the configuration: all definitions of it, and the options declared there.
#[derive(Default)]
pub(super) struct Site {
    definitions: Vec<OptionDefinition>,
    options: Vec<Value>,
    name: Option<Rc<str>>,
}

impl Site {
    pub(super) fn root(collected: CollectedModules) -> Self {
        Self {
            definitions: collected.config,
            options: collected.options,
            name: None,
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
        return option_value(eval, &option, site.definitions, site.name);
    }
    let mut all = Vec::new();
    for definition in site.definitions {
        definition.expand(eval, &mut all);
    }
    if site.options.is_empty() {
        return untyped(eval, all);
    }
    set(eval, &all, &site.options)
}

/// One option of what several modules declare of it: submodules add up, and options
/// that are declared within a submodule from outside (`options.flake.mine`) join it.
fn declaration(eval: &mut Eval, declared: &[Rc<Attrs>], beside: Vec<Value>) -> Value {
    let first = Value::Attrs(declared[0].clone());
    let kinds: Vec<Value> = declared
        .iter()
        .map(|option| eval.select(&Value::Attrs(option.clone()), "type"))
        .collect();
    let mut modules: Vec<Thunk> = Vec::new();
    for kind in kinds {
        if let Value::Attrs(attrs) = &kind {
            modules.extend(attrs.slots.get("module").map(|slot| slot.value.clone()));
        }
    }
    if modules.is_empty() || (modules.len() == 1 && beside.is_empty()) {
        return first;
    }
    modules.extend(
        beside
            .into_iter()
            .map(|options| Thunk::done(Attrs::of([("options", options)]).into())),
    );
    let kind = Attrs::of([
        ("name", Value::string("submodule")),
        ("module", Value::list(modules)),
    ]);
    let kind = Attrs::of([("type", kind.into())]);
    super::super::operator::update(&first, &kind.into())
}

/// The value of a declared option.
fn option_value(
    eval: &mut Eval,
    option: &Value,
    definitions: Vec<OptionDefinition>,
    name: Option<Rc<str>>,
) -> Value {
    let mut all = Vec::new();
    for definition in definitions {
        definition.expand(eval, &mut all);
    }
    let Value::Attrs(declared) = option else {
        return Value::unknown("an option that is no set");
    };
    let all = in_force(eval, all);
    let kind = declared
        .slots
        .get("type")
        .map_or(Value::Null, |slot| eval.force(&slot.value));
    let value = if all.is_empty() {
        match declared.slots.get("default") {
            Some(slot) => {
                let mut default = Vec::new();
                OptionDefinition::plain(slot).expand(eval, &mut default);
                typed(eval, &kind, default, name)
            }
            None => typed(eval, &kind, all, name),
        }
    } else {
        typed(eval, &kind, all, name)
    };
    match declared.slots.get("apply") {
        Some(slot) => {
            let function = eval.force(&slot.value);
            eval.apply(&function, Thunk::done(value))
        }
        None => value,
    }
}

/// Merges by the option's type where the type matters here.
fn typed(
    eval: &mut Eval,
    kind: &Value,
    all: Vec<(OptionDefinition, Value)>,
    name: Option<Rc<str>>,
) -> Value {
    let word = match eval.select(kind, "name") {
        Value::Str(word) => word.text,
        _ => "".into(),
    };
    match &*word {
        "submodule" => submodule(eval, kind, all, name),
        "deferredModule" => deferred(all),
        "attrsOf" => {
            let elem = eval.select(kind, "elem");
            attrs_of(&elem, &all)
        }
        "nullOr" => match all.first() {
            Some((_, Value::Null)) | None => Value::Null,
            Some(_) => {
                let elem = eval.select(kind, "elem");
                typed(eval, &elem, all, name)
            }
        },
        _ => untyped(eval, all),
    }
}

fn submodule(
    eval: &mut Eval,
    kind: &Value,
    all: Vec<(OptionDefinition, Value)>,
    name: Option<Rc<str>>,
) -> Value {
    let mut inner = vec![eval.select(kind, "module")];
    inner.extend(all.into_iter().map(|(_, value)| value));
    let mut args = Attrs::default();
    if let Value::Attrs(special) = eval.select(kind, "specialArgs") {
        args.slots.extend(special.slots.clone());
    }
    if let Some(name) = name {
        args.insert("name", Slot::done(Value::string(name)));
    }
    let config = modules::config(eval, inner, args);
    eval.force(&config)
}

/// A module that is only passed on: all its definitions together.
fn deferred(all: Vec<(OptionDefinition, Value)>) -> Value {
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

fn attrs_of(elem: &Value, all: &[(OptionDefinition, Value)]) -> Value {
    let (named, mut out) = by_name(all);
    for (name, definitions) in named {
        let (elem, called) = (elem.clone(), name.clone());
        let origin = definitions.first().and_then(|d| d.origin.clone());
        let value = Thunk::call(move |eval| {
            let mut all = Vec::new();
            for definition in definitions {
                definition.expand(eval, &mut all);
            }
            let all = in_force(eval, all);
            typed(eval, &elem, all, Some(called))
        });
        out.insert(name, Slot { value, origin });
    }
    out.into()
}

/// Merges without knowing a type: sets name by name, lists end to end, functions
/// and paths as modules; one of several equal values.
fn untyped(eval: &mut Eval, all: Vec<(OptionDefinition, Value)>) -> Value {
    if all.len() > 1 && all.iter().all(|(_, value)| is_plain_set(value)) {
        return set(eval, &all, &[]);
    }
    let mut all = in_force(eval, all);
    match all.len() {
        0 => Value::unknown("nothing sets it"),
        1 => all.remove(0).1,
        _ if all.iter().all(|(_, value)| is_plain_set(value)) => set(eval, &all, &[]),
        _ if all.iter().all(|(_, value)| matches!(value, Value::List(_))) => lists(&all),
        _ if all.iter().all(|(_, value)| is_module(value)) => deferred(all),
        _ => match all
            .iter()
            .find(|(_, value)| matches!(value, Value::Unknown(_)))
        {
            Some((_, unknown)) => unknown.clone(),
            None => Value::unknown("several modules set it"),
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

fn lists(all: &[(OptionDefinition, Value)]) -> Value {
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
fn by_name(all: &[(OptionDefinition, Value)]) -> (BTreeMap<Rc<str>, Vec<OptionDefinition>>, Attrs) {
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
fn set(eval: &mut Eval, all: &[(OptionDefinition, Value)], options: &[Value]) -> Value {
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
        let here = Site {
            definitions,
            options,
            name: Some(name.clone()),
        };
        let value = Thunk::call(move |eval| site(eval, here));
        out.insert(name, Slot { value, origin });
    }
    out.into()
}
