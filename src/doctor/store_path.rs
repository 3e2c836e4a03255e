//! What a store knows of a path.

use serde_json::Value;

use super::transcript::Answer;

/// One path of `nix path-info --json`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PathInfo {
    /// The derivation that built it.
    pub(super) deriver: Option<String>,
    /// It is known by its content: no signature is asked for.
    pub(super) is_content_addressed: bool,
    /// `NAME:base64`, one for each key that signed it.
    pub(super) signatures: Vec<String>,
}

impl PathInfo {
    /// Reads the answer for one path; `None` if the store does not have it. Nix 2.8 prints
    /// a list, later versions an object whose keys are the paths.
    pub(super) fn read(answer: &Answer) -> Option<Self> {
        let value: Value = serde_json::from_str(&answer.output.concat()).ok()?;
        let entry = match &value {
            Value::Array(list) => list.first()?,
            Value::Object(map) => map.values().next()?,
            _ => return None,
        };
        let entry = entry.as_object()?;
        entry.get("narHash")?;
        let text = |name: &str| entry.get(name).and_then(Value::as_str).map(str::to_owned);
        let signatures = entry.get("signatures").and_then(Value::as_array);
        let signatures = signatures.into_iter().flatten().filter_map(Value::as_str);
        Some(Self {
            deriver: text("deriver"),
            is_content_addressed: entry.get("ca").is_some_and(|ca| !ca.is_null()),
            signatures: signatures.map(str::to_owned).collect(),
        })
    }

    /// The names of the keys that signed it.
    pub(super) fn signers(&self) -> Vec<&str> {
        let names = self.signatures.iter().filter_map(|one| one.split_once(':'));
        names.map(|(name, _)| name).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::transcript::Transcript;

    fn read(json: &str) -> Option<PathInfo> {
        let transcript = Transcript::parse(&format!("=info\n {json}\n?0\n"));
        PathInfo::read(transcript.get("info").unwrap())
    }

    #[test]
    fn both_shapes_are_read() {
        let entry = r#"{"narHash":"sha256-x","ca":null,"signatures":["kalaw-1:abc"]}"#;
        let new = read(&format!(r#"{{"/nix/store/x":{entry}}}"#)).unwrap();
        assert_eq!(new.signers(), ["kalaw-1"]);
        assert_eq!(read(&format!("[{entry}]")).unwrap(), new);
    }

    #[test]
    fn a_path_that_is_not_there_is_none() {
        assert_eq!(read(r#"{"/nix/store/x":null}"#), None);
        assert_eq!(read(r#"[{"path":"/nix/store/x","valid":false}]"#), None);
    }
}
