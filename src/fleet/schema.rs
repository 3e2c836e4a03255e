//! The JSON Schema of the inventory, for editors that complete and check it.

use serde_json::{Map, Value, json};

use super::format::{Key, Kind, top};

/// The schema (draft 2020-12) of `larder.toml`: the same keys that [`read`]
/// knows, from the same table.
///
/// It knows the forms of values, not what they refer to: whether a client exists
/// is for [`read`] to say.
///
/// [`read`]: crate::fleet::read
pub fn json_schema() -> Value {
    let mut schema = Map::new();
    schema.insert(
        "$schema".to_owned(),
        json!("https://json-schema.org/draft/2020-12/schema"),
    );
    schema.insert("title".to_owned(), json!("larder.toml"));
    schema.extend(table(top::KEYS));
    Value::Object(schema)
}

/// Each key as a dotted path, with its description, in the order of the schema.
pub fn described_keys() -> Vec<(String, String)> {
    let mut keys = Vec::new();
    describe(&mut keys, "", &json_schema());
    keys
}

fn describe(keys: &mut Vec<(String, String)>, path: &str, table: &Value) {
    let properties = table.get("properties").and_then(Value::as_object);
    for (name, property) in properties.into_iter().flatten() {
        let path = match path {
            "" => name.clone(),
            path => format!("{path}.{name}"),
        };
        let words = property.get("description").and_then(Value::as_str);
        // A table of one of two kinds has some in both.
        if keys.iter().all(|(known, _)| *known != path) {
            keys.push((path.clone(), words.unwrap_or_default().to_owned()));
        }
        describe(keys, &path, property);
        if let Some(each) = property.get("additionalProperties") {
            describe(keys, &format!("{path}.NAME"), each);
        }
        if let Some(items) = property.get("items") {
            describe(keys, &path, items);
        }
    }
    let kinds = table.get("oneOf").and_then(Value::as_array);
    for kind in kinds.into_iter().flatten() {
        describe(keys, path, kind);
    }
}

/// What a host's name must be; the inventory's reader says it in words.
const NAME: &str = "^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$";

/// What an address must be, more or less: an IPv6 address has colons.
const ADDRESS: &str = "^[A-Za-z0-9:_.][A-Za-z0-9:_.-]*$";

fn table(keys: &[&Key]) -> Map<String, Value> {
    let properties: Map<String, Value> = keys
        .iter()
        .map(|key| (key.name.to_owned(), property(key)))
        .collect();
    let required: Vec<&str> = keys
        .iter()
        .filter(|key| key.required)
        .map(|key| key.name)
        .collect();
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("additionalProperties".to_owned(), json!(false));
    schema.insert("properties".to_owned(), Value::Object(properties));
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema
}

fn property(key: &Key) -> Value {
    let mut schema = value(&key.kind);
    schema.insert("description".to_owned(), json!(key.doc));
    Value::Object(schema)
}

fn value(kind: &Kind) -> Map<String, Value> {
    let schema = match kind {
        Kind::Text => json!({ "type": "string", "minLength": 1 }),
        Kind::Pair => json!({ "oneOf": [
            { "type": "string", "minLength": 1 },
            {
                "type": "array", "items": { "type": "string", "minLength": 1 },
                "minItems": 2, "maxItems": 2, "uniqueItems": true
            },
        ] }),
        Kind::Word(words) => json!({ "enum": words }),
        Kind::Words(words) => json!({ "oneOf": [
            { "enum": words },
            {
                "type": "array", "items": { "enum": words },
                "minItems": 2, "maxItems": 2, "uniqueItems": true
            },
        ] }),
        Kind::Number(least, most) => {
            json!({ "type": "integer", "minimum": least, "maximum": most })
        }
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Texts => {
            json!({ "type": "array", "items": { "type": "string" }, "uniqueItems": true })
        }
        Kind::OneOrMore => json!({ "oneOf": [
            { "type": "string", "minLength": 1 },
            {
                "type": "array", "items": { "type": "string", "minLength": 1 },
                "minItems": 1, "uniqueItems": true
            },
        ] }),
        // A TOML date reaches a JSON validator as text.
        Kind::Date => json!({ "type": "string", "format": "date" }),
        Kind::Identity(keys) => json!({ "oneOf": [{ "const": "host-key" }, table(keys)] }),
        Kind::Table(keys) => Value::Object(table(keys)),
        Kind::Named(keys) => json!({
            "type": "object",
            "propertyNames": { "pattern": NAME },
            "additionalProperties": table(keys),
        }),
        Kind::NamedOfTwoKinds(one, other) => json!({
            "type": "object",
            "propertyNames": { "pattern": NAME },
            "additionalProperties": { "oneOf": [table(one), table(other)] },
        }),
        Kind::ByAddress(keys) => json!({
            "type": "object",
            "propertyNames": { "pattern": ADDRESS },
            "additionalProperties": table(keys),
        }),
        Kind::Listed(keys) => json!({ "type": "array", "items": table(keys) }),
    };
    match schema {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Source;
    use crate::fleet::{HostName, InventoryEditor, read};

    /// Every table of keys, and where it stands in an inventory.
    fn tables() -> Vec<(&'static str, &'static [&'static Key])> {
        use crate::fleet::format::{cache, external_cache, host, jump_host, lint};
        vec![
            ("hosts.pai", host::KEYS),
            ("hosts.ms.identity", host::IDENTITY_KEYS),
            ("caches.pai", cache::KEYS),
            ("caches.ms.link.pai", cache::LINK_KEYS),
            ("caches.work", external_cache::KEYS),
            ("caches.work.link.pai", external_cache::LINK_KEYS),
            ("jump-hosts.gate", jump_host::KEYS),
            ("lint", lint::KEYS),
            ("lint.allow", lint::ALLOWANCE),
        ]
    }

    /// An inventory that says everything that can be said, from the examples.
    fn everything() -> String {
        let lines = |keys: &[&Key]| -> String {
            let scalar = |key: &&&Key| {
                !matches!(
                    key.kind,
                    Kind::Table(_)
                        | Kind::Named(_)
                        | Kind::NamedOfTwoKinds(..)
                        | Kind::ByAddress(_)
                        | Kind::Listed(_)
                )
            };
            keys.iter()
                .filter(scalar)
                .map(|key| key.line() + "\n")
                .collect()
        };
        let mut text = lines(top::KEYS);
        for (path, keys) in tables() {
            let header = match path {
                "lint.allow" => "[[lint.allow]]".to_owned(),
                path => format!("[{path}]"),
            };
            text.extend([&header, "\n", &lines(keys)]);
        }
        text
    }

    #[test]
    fn the_reader_knows_every_key() {
        let text = everything();
        let problems = read(&Source::new("larder.toml", text.as_str())).err();
        assert_eq!(problems, None, "{text}");
    }

    #[test]
    fn the_reader_looks_at_every_key() {
        for (path, keys) in tables() {
            for key in keys {
                let line = format!("{}\n", key.line());
                // No key of the format holds a time.
                let wrong = format!("{} = 07:30:00\n", key.name);
                let text = everything();
                let section = text.find(&format!("[{path}]")).unwrap();
                let Some(at) = text[section..].find(&line) else {
                    continue;
                };
                let mut text = text;
                text.replace_range(section + at..section + at + line.len(), &wrong);
                let problems = read(&Source::new("larder.toml", text)).unwrap_err();
                assert_eq!(problems.len(), 1, "{path}.{}: {problems:#?}", key.name);
            }
        }
    }

    #[test]
    fn the_editor_writes_every_key() {
        let fleet = read(&Source::new("larder.toml", everything())).unwrap();
        let mut editor = InventoryEditor::new();
        for host in fleet.hosts.values() {
            editor.set_host(host).unwrap();
        }
        for cache in fleet.caches.values() {
            editor.set_cache(cache).unwrap();
        }
        for cache in fleet.external_caches.values() {
            editor.set_external_cache(cache).unwrap();
        }
        for jump_host in fleet.jump_hosts.values() {
            editor.set_jump_host(jump_host).unwrap();
        }
        let pai: HostName = "pai".parse().unwrap();
        let again = read(&Source::new("larder.toml", editor.text())).unwrap();
        assert_eq!(again.hosts[&pai].tags, fleet.hosts[&pai].tags);
        for key in tables()[..7].iter().flat_map(|(_, keys)| keys.iter()) {
            // Links are tables below the cache's; `ssh` is said by silence, and so are `false` and
            // a host of the flake.
            if matches!(key.name, "link" | "serve" | "protocol" | "nixos") || key.example == "false"
            {
                continue;
            }
            assert!(
                editor.text().contains(&key.line()),
                "{}\n{}",
                key.name,
                editor.text()
            );
        }
    }

    #[test]
    fn the_schema_has_every_key_and_says_what_it_means() {
        let schema = json_schema();
        let host = &schema["properties"]["hosts"]["additionalProperties"]["properties"];
        assert_eq!(host["port"]["maximum"], 65535);
        assert_eq!(
            host["roaming"]["description"],
            "A laptop, away from its caches at times: it asks cache.nixos.org first, also where `lan` is true, unless its own link says `lan`."
        );
        assert_eq!(schema["required"], json!(["version"]));
        let names: Vec<&String> = host.as_object().unwrap().keys().collect();
        let known: Vec<&str> = tables()[0].1.iter().map(|key| key.name).collect();
        assert_eq!(names, known);
    }
}
