//! Strings and paths, with what is interpolated into them.

use std::rc::Rc;

use rnix::ast::{self, AstToken, InterpolPart, PathContent};

use super::Eval;
use super::expr::origin;
use super::files;
use super::scope::Env;
use super::thunk::Thunk;
use super::value::{Origin, Text, Value};

/// Bytes of text that cost as much as one step.
pub(super) const BYTES: usize = 16;

/// The value of `"…"` or `''…''`; its origin is kept if it is one literal, or has one hole.
pub(super) fn string(eval: &mut Eval, e: &ast::Str, env: &Env) -> Value {
    let mut out = String::new();
    let mut literal = true;
    let parts = e.normalized_parts();
    match parts.as_slice() {
        [InterpolPart::Interpolation(_), InterpolPart::Literal(rest)] => {
            if let Some(known) = files::only_nixpkgs(rest) {
                return Value::string(known);
            }
        }
        // `"${name}"` is the name, where it was written.
        [InterpolPart::Interpolation(hole)] => {
            if let Some(expr) = hole.expr()
                && let text @ Value::Str(_) = eval.expr(&expr, env)
            {
                return text;
            }
        }
        _ => {}
    }
    let mut holes: Vec<Option<Rc<Origin>>> = Vec::new();
    for part in parts {
        match part {
            InterpolPart::Literal(text) => out.push_str(&text),
            InterpolPart::Interpolation(hole) => {
                literal = false;
                let value = hole.expr().map(|expr| eval.expr(&expr, env));
                let value = value.unwrap_or_else(|| Value::unknown("the string is incomplete"));
                holes.push(match &value {
                    Value::Str(text) => text.origin.clone(),
                    _ => None,
                });
                match eval.coerce(&value) {
                    Ok(text) if eval.spend(text.len() / BYTES) => out.push_str(&text),
                    Ok(_) => return Value::unknown(super::TOO_MUCH),
                    Err(unknown) => return unknown,
                }
            }
        }
    }
    // `"box-${name}"` was written where the name was.
    let origin = match holes.as_mut_slice() {
        [only] => only.take(),
        _ => origin(e, env, Origin::Text).filter(|_| literal),
    };
    Value::Str(Text {
        text: out.into(),
        origin,
    })
}

/// The value of a path literal: absolute, as in Nix.
pub(super) fn path(eval: &mut Eval, parts: &[InterpolPart<PathContent>], env: &Env) -> Value {
    let mut out = String::new();
    for part in parts {
        match part {
            InterpolPart::Literal(content) => out.push_str(content.syntax().text()),
            InterpolPart::Interpolation(hole) => match interpolate(eval, hole, env) {
                Ok(text) => out.push_str(&text),
                Err(unknown) => return unknown,
            },
        }
    }
    if out.starts_with('/') {
        return Value::Path(files::normal(&out).into());
    }
    let here = files::absolute(&env.file.parent());
    Value::Path(files::normal(&format!("{here}/{out}")).into())
}

/// `<nixpkgs>` is what the input of that name is.
pub(super) fn search_path(e: &ast::PathSearch) -> Value {
    let text = e
        .content()
        .map(|content| content.text().to_owned())
        .unwrap_or_default();
    let name = text.trim_matches(['<', '>']);
    let (input, rest) = name.split_once('/').unwrap_or((name, ""));
    Value::Path(files::normal(&format!("{}{input}/{rest}", files::INPUT)).into())
}

fn interpolate(eval: &mut Eval, hole: &ast::Interpol, env: &Env) -> Result<Rc<str>, Value> {
    let Some(expr) = hole.expr() else {
        return Err(Value::unknown("the string is incomplete"));
    };
    let value = eval.expr(&expr, env);
    eval.coerce(&value)
}

impl Eval<'_> {
    /// The text that a value becomes within a string; else why it does not.
    pub(in crate::flake) fn coerce(&mut self, value: &Value) -> Result<Rc<str>, Value> {
        match value {
            Value::Str(text) => Ok(text.text.clone()),
            Value::Path(path) => Ok(path.clone()),
            Value::Int(int) => Ok(int.to_string().into()),
            Value::Attrs(attrs) if attrs.slots.contains_key("__toString") => {
                let function = self.select(value, "__toString");
                let text = self.apply(&function, Thunk::done(value.clone()));
                self.coerce(&text)
            }
            Value::Attrs(attrs) if attrs.slots.contains_key("outPath") => {
                let path = self.select(value, "outPath");
                self.coerce(&path)
            }
            Value::External(external) => external
                .store_path()
                .map(Into::into)
                .ok_or_else(|| Value::unknown(format!("the text of `{external}`"))),
            Value::Unknown(_) => Err(value.clone()),
            other => Err(Value::unknown(format!("{} as text", other.kind()))),
        }
    }

    /// The text of a thunk that should be a string or a path.
    pub(in crate::flake) fn text(&mut self, thunk: &Thunk) -> Result<Rc<str>, Value> {
        let value = self.force(thunk);
        self.coerce(&value)
    }
}
