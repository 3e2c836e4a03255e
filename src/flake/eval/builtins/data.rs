//! `fromJSON` and `fromTOML`. Names remember where in the file they are written.

use std::rc::Rc;

use super::super::Eval;
use super::super::thunk::Thunk;
use super::super::value::{Attrs, FileSpan, Origin, Slot, Text, Value};
use super::{Builtin, not};
use crate::data::{Data, DataFormat, Node, NodeKind, syntax_error};
use crate::repo::RepoPath;

pub(super) const ALL: &[Builtin] = &[("fromJSON", 1, from_json), ("fromTOML", 1, from_toml)];

fn from_json(eval: &mut Eval, args: &[Thunk]) -> Value {
    data(eval, args, DataFormat::Json)
}

fn from_toml(eval: &mut Eval, args: &[Thunk]) -> Value {
    data(eval, args, DataFormat::Toml)
}

fn data(eval: &mut Eval, args: &[Thunk], format: DataFormat) -> Value {
    let text = match eval.force(&args[0]) {
        Value::Str(text) => text,
        other => return not("a string", &other),
    };
    if !eval.spend(text.text.len() / 16) {
        return Value::unknown("it takes too much work to find out");
    }
    let file = match text.origin.as_deref() {
        Some(Origin::File(file)) => Some(file),
        _ => None,
    };
    match Data::parse(&text.text, format) {
        Some(data) => value(data.root(), file),
        None => Value::unknown(unparsed(file, &text.text, format)),
    }
}

fn unparsed(file: Option<&RepoPath>, text: &str, format: DataFormat) -> String {
    match (file, syntax_error(text, format)) {
        (Some(file), Some((line, why))) => format!("line {line} of `{file}`: {why}"),
        _ => "data that does not parse".to_owned(),
    }
}

/// A JSON or TOML value as Nix has it.
fn value(node: &Node, file: Option<&RepoPath>) -> Value {
    match &node.kind {
        NodeKind::Scalar(plain) => self::plain(plain, node, file),
        NodeKind::Other(_) => Value::Null,
        NodeKind::List(items) => {
            let items = items.iter().map(|item| Thunk::done(value(item, file)));
            Value::list(items.collect())
        }
        NodeKind::Table(members) => {
            let mut attrs = Attrs::default();
            for member in members {
                let slot = Slot {
                    value: Thunk::done(value(&member.value, file)),
                    origin: origin(file, &member.key),
                };
                attrs.insert(&*member.name, slot);
            }
            attrs.into()
        }
    }
}

fn plain(plain: &serde_json::Value, node: &Node, file: Option<&RepoPath>) -> Value {
    match plain {
        serde_json::Value::Bool(b) => Value::Bool(*b),
        serde_json::Value::Number(n) => match (n.as_i64(), n.as_f64()) {
            (Some(int), _) => Value::Int(int),
            (None, Some(float)) => Value::Float(float),
            (None, None) => Value::unknown("a number that is too large"),
        },
        serde_json::Value::String(text) => Value::Str(Text {
            text: text.as_str().into(),
            origin: node.range.as_ref().and_then(|range| origin(file, range)),
        }),
        _ => Value::Null,
    }
}

fn origin(file: Option<&RepoPath>, range: &std::ops::Range<usize>) -> Option<Rc<Origin>> {
    let (file, range) = (file?.clone(), range.clone());
    Some(Rc::new(Origin::Data(FileSpan { file, range })))
}
