//! Sets: literals with nested paths, `inherit`, `rec`, selection.

use std::collections::BTreeMap;
use std::rc::Rc;

use rnix::ast::{self, HasEntry};
use rowan::ast::AstChildren;

use super::Eval;
use super::expr::{origin, thunk};
use super::scope::{Env, Frame};
use super::thunk::Thunk;
use super::value::{Attrs, Origin, Slot, Text, Value};

/// One name of a set: the rest of its attribute path, its value, where it is written.
struct PathBinding {
    path: Vec<ast::Attr>,
    value: BoundValue,
    origin: Option<Rc<Origin>>,
}

/// What a name is bound to: an expression, or the value that it inherits.
enum BoundValue {
    Expr(ast::Expr),
    Inherited(Thunk),
}

/// The value of `{ … }` or `rec { … }`.
pub(super) fn literal(eval: &mut Eval, set: &ast::AttrSet, env: &Env) -> Value {
    let origin = origin(set, env, Origin::Set);
    let mut attrs = if set.rec_token().is_some() {
        bind(eval, set.entries(), &Frame::within(env), env)
    } else {
        entries(eval, set.entries(), env, env)
    };
    attrs.origin = origin;
    attrs.into()
}

/// Binds the entries of a `let` or `rec` in `inner` and returns them as a set.
pub(super) fn bind(
    eval: &mut Eval,
    all: AstChildren<ast::Entry>,
    inner: &Env,
    outer: &Env,
) -> Attrs {
    let attrs = entries(eval, all, inner, outer);
    bind_all(&attrs, inner);
    attrs
}

fn bind_all(attrs: &Attrs, inner: &Env) {
    for (name, slot) in &attrs.slots {
        inner.bind(name.clone(), slot.value.clone());
    }
}

/// Values see `env`; a plain `inherit` takes from `outer`.
fn entries(eval: &mut Eval, all: AstChildren<ast::Entry>, env: &Env, outer: &Env) -> Attrs {
    let definitions = definitions(eval, all, env, outer);
    group(eval, definitions, env)
}

fn definitions(
    eval: &mut Eval,
    all: AstChildren<ast::Entry>,
    env: &Env,
    outer: &Env,
) -> Vec<PathBinding> {
    let mut out = Vec::new();
    for entry in all {
        match entry {
            ast::Entry::Inherit(e) => inherit(eval, &e, env, outer, &mut out),
            ast::Entry::AttrpathValue(e) => out.extend(definition(&e, env)),
        }
    }
    out
}

fn definition(e: &ast::AttrpathValue, env: &Env) -> Option<PathBinding> {
    Some(PathBinding {
        path: e.attrpath()?.attrs().collect(),
        value: BoundValue::Expr(e.value()?),
        origin: origin(e, env, Origin::Binding),
    })
}

fn inherit(eval: &mut Eval, e: &ast::Inherit, env: &Env, outer: &Env, into: &mut Vec<PathBinding>) {
    let from = e
        .from()
        .and_then(|from| from.expr())
        .map(|expr| thunk(expr, env));
    for attr in e.attrs() {
        let Ok(name) = attr_name(eval, &attr, env) else {
            continue;
        };
        let value = match &from {
            Some(from) => select_later(from.clone(), name),
            // The very same value: where it is written stays known.
            None => outer
                .lexical(&name)
                .unwrap_or_else(|| lookup_later(outer.clone(), name)),
        };
        into.push(PathBinding {
            origin: origin(&attr, env, Origin::Binding),
            value: BoundValue::Inherited(value),
            path: vec![attr],
        });
    }
}

fn select_later(from: Thunk, name: Rc<str>) -> Thunk {
    Thunk::call(move |eval| {
        let value = eval.force(&from);
        eval.select(&value, &name)
    })
}

fn lookup_later(env: Env, name: Rc<str>) -> Thunk {
    Thunk::call(move |eval| super::scope::lookup(eval, &env, &name))
}

/// Groups the entries by their first name: `a.b = 1; a = { c = 2; };` is one `a`.
fn group(eval: &mut Eval, definitions: Vec<PathBinding>, env: &Env) -> Attrs {
    let mut attrs = Attrs::default();
    let mut named: BTreeMap<Rc<str>, Vec<PathBinding>> = BTreeMap::new();
    for mut definition in definitions {
        if definition.path.is_empty() {
            continue;
        }
        let head = definition.path.remove(0);
        match named_by(eval, &head, env) {
            Ok(name) => {
                // `${name} = …` was written where the name was.
                definition.origin = name.origin.or(definition.origin);
                named.entry(name.text).or_default().push(definition);
            }
            Err(Some(why)) => attrs.rest = Some(Value::Unknown(why)),
            Err(None) => {}
        }
    }
    for (name, definitions) in named {
        let slot = slot(definitions, env);
        attrs.insert(name, slot);
    }
    attrs
}

fn slot(mut definitions: Vec<PathBinding>, env: &Env) -> Slot {
    let origin = definitions.first().and_then(|d| d.origin.clone());
    if definitions.len() == 1 && definitions[0].path.is_empty() {
        let value = match definitions.remove(0).value {
            BoundValue::Expr(expr) => thunk(expr, env),
            BoundValue::Inherited(value) => value,
        };
        return Slot { value, origin };
    }
    let env = env.clone();
    let value = Thunk::call(move |eval| merged(eval, definitions, &env).into());
    Slot { value, origin }
}

/// The set that several bindings of one name make together. As in Nix, the first of
/// them says whether it is recursive.
fn merged(eval: &mut Eval, definitions: Vec<PathBinding>, env: &Env) -> Attrs {
    let origin = part_of(&definitions);
    let first = definitions.first().and_then(PathBinding::whole_set);
    let is_recursive = first.is_some_and(|set| set.rec_token().is_some());
    let inner = if is_recursive {
        Frame::within(env)
    } else {
        env.clone()
    };
    let mut flat = Vec::new();
    for definition in definitions {
        match definition.whole_set() {
            Some(set) => flat.extend(self::definitions(eval, set.entries(), &inner, env)),
            None => flat.push(definition),
        }
    }
    let mut attrs = group(eval, flat, &inner);
    if is_recursive {
        bind_all(&attrs, &inner);
    }
    attrs.origin = origin;
    attrs
}

impl PathBinding {
    /// The set literal that is bound; beside other bindings of its name it counts as its
    /// entries.
    fn whole_set(&self) -> Option<ast::AttrSet> {
        match &self.value {
            BoundValue::Expr(ast::Expr::AttrSet(set)) if self.path.is_empty() => Some(set.clone()),
            _ => None,
        }
    }
}

/// The origin of a set that dotted bindings make.
fn part_of(definitions: &[PathBinding]) -> Option<Rc<Origin>> {
    let first = definitions.first()?;
    match first.origin.as_deref()? {
        Origin::Binding(span) => Some(Rc::new(Origin::Part(span.clone(), first.path.len()))),
        _ => None,
    }
}

/// The name that an attribute spells; `Err(None)` for a dynamic `null`.
fn attr_name(eval: &mut Eval, attr: &ast::Attr, env: &Env) -> Result<Rc<str>, Option<Rc<str>>> {
    named_by(eval, attr, env).map(|name| name.text)
}

/// The same, with the place where a dynamic name was written.
fn named_by(eval: &mut Eval, attr: &ast::Attr, env: &Env) -> Result<Text, Option<Rc<str>>> {
    let plain = |text: Rc<str>| Text { text, origin: None };
    let value = match attr {
        ast::Attr::Ident(ident) => return Ok(plain(ident.to_string().into())),
        // A quoted name is written in the binding itself; an interpolated one has the
        // origin of what is interpolated, if that is one name.
        ast::Attr::Str(text) => match super::string::string(eval, text, env) {
            Value::Str(name) if name.origin.is_some() => return Ok(plain(name.text)),
            other => other,
        },
        ast::Attr::Dynamic(dynamic) => match dynamic.expr() {
            Some(expr) => eval.expr(&expr, env),
            None => Value::Null,
        },
    };
    match value {
        Value::Str(text) => Ok(text),
        Value::Null => Err(None),
        Value::Unknown(why) => Err(Some(why)),
        other => Err(Some(
            format!("an attribute is named by {}", other.kind()).into(),
        )),
    }
}

/// `expr.a.b or default`.
pub(super) fn selection(eval: &mut Eval, e: &ast::Select, env: &Env) -> Value {
    let (Some(expr), Some(path)) = (e.expr(), e.attrpath()) else {
        return Value::unknown("the expression is incomplete");
    };
    let mut value = eval.expr(&expr, env);
    for attr in path.attrs() {
        let name = match attr_name(eval, &attr, env) {
            Ok(name) => name,
            Err(why) => return Value::Unknown(why.unwrap_or_else(|| "null".into())),
        };
        if let (Some(default), Some(false)) = (e.default_expr(), presence(eval, &value, &name)) {
            return eval.expr(&default, env);
        }
        value = eval.select(&value, &name);
    }
    value
}

/// `expr ? a.b`.
pub(super) fn has(eval: &mut Eval, e: &ast::HasAttr, env: &Env) -> Value {
    let (Some(expr), Some(path)) = (e.expr(), e.attrpath()) else {
        return Value::unknown("the expression is incomplete");
    };
    let mut value = eval.expr(&expr, env);
    for attr in path.attrs() {
        let Ok(name) = attr_name(eval, &attr, env) else {
            return Value::unknown("a dynamic attribute");
        };
        match presence(eval, &value, &name) {
            Some(true) => value = eval.select(&value, &name),
            Some(false) => return Value::Bool(false),
            None => return Value::unknown(format!("whether there is a `{name}`")),
        }
    }
    Value::Bool(true)
}

/// Whether a value has an attribute, if that can be known.
pub(super) fn presence(eval: &mut Eval, value: &Value, name: &str) -> Option<bool> {
    match value {
        Value::Attrs(attrs) if attrs.slots.contains_key(name) => Some(true),
        Value::Attrs(attrs) => match &attrs.rest {
            Some(rest) => presence(eval, &rest.clone(), name),
            None => Some(false),
        },
        Value::External(external) if external.is_self() => {
            let outputs = eval.output(&[])?;
            presence(eval, &outputs, name)
        }
        Value::External(_) | Value::Unknown(_) | Value::System(_) => None,
        _ => Some(false),
    }
}
