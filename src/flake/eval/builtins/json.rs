//! `toJSON`, and hashes of texts.

use sha2::{Digest, Sha256, Sha512};

use super::super::Eval;
use super::super::thunk::Thunk;
use super::super::value::{Attrs, List, Value};
use super::{Builtin, not, texts};

pub(super) const ALL: &[Builtin] = &[
    ("hashString", 2, hash_string),
    ("toJSON", 1, |eval, args| {
        let value = eval.force(&args[0]);
        match json(eval, &value) {
            Ok(json) => Value::string(json.to_string()),
            Err(unknown) => unknown,
        }
    }),
];

/// A value as JSON, or the `Unknown` in it. Names are in order, as Nix writes them.
fn json(eval: &mut Eval, value: &Value) -> Result<serde_json::Value, Value> {
    match value {
        Value::Null => Ok(serde_json::Value::Null),
        Value::Bool(b) => Ok((*b).into()),
        Value::Int(int) => Ok((*int).into()),
        Value::Float(float) => Ok((*float).into()),
        Value::List(list) => json_list(eval, list),
        Value::Attrs(attrs) if !is_text(attrs) => json_set(eval, attrs),
        Value::Lambda(_) | Value::Builtin(_) => Err(not("a value of JSON", value)),
        _ => Ok((*eval.coerce(value)?).into()),
    }
}

fn is_text(attrs: &Attrs) -> bool {
    ["__toString", "outPath"]
        .iter()
        .any(|name| attrs.slots.contains_key(*name))
}

fn json_list(eval: &mut Eval, list: &List) -> Result<serde_json::Value, Value> {
    if let Some(why) = &list.open {
        return Err(Value::Unknown(why.clone()));
    }
    let items = list.items.iter().map(|item| json_within(eval, item));
    items.collect()
}

fn json_set(eval: &mut Eval, attrs: &Attrs) -> Result<serde_json::Value, Value> {
    if let Some(why) = attrs.why_open() {
        return Err(Value::Unknown(why));
    }
    let members = attrs.slots.iter();
    let members =
        members.map(|(name, slot)| Ok((name.to_string(), json_within(eval, &slot.value)?)));
    members.collect()
}

fn json_within(eval: &mut Eval, item: &Thunk) -> Result<serde_json::Value, Value> {
    let mut out = Err(Value::Null);
    let value = eval.step(|eval| {
        let value = eval.force(item);
        out = json(eval, &value);
        Value::Null
    });
    // Too much, or nested too deeply.
    if matches!(value, Value::Unknown(_)) {
        Err(value)
    } else {
        out
    }
}

fn hash_string(eval: &mut Eval, args: &[Thunk]) -> Value {
    match texts(eval, args) {
        Ok([kind, text]) => match &*kind {
            "sha256" => Value::string(hex(&Sha256::digest(text.as_bytes()))),
            "sha512" => Value::string(hex(&Sha512::digest(text.as_bytes()))),
            _ => Value::unknown(format!("it depends on a hash by {kind}")),
        },
        Err(unknown) => unknown,
    }
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}
