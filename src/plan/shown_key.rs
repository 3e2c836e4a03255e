//! Public keys that a plan brings in, as a person judges them.

use serde::Serialize;

/// One public key: whose it is, and where it is from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShownKey {
    /// The host that it is of.
    pub host: String,
    /// `host key`, `identity key` or `signing key`.
    pub kind: &'static str,
    /// The fingerprint of an SSH key; a signing key itself.
    pub key: String,
    /// Where it is from, in words that follow "from".
    pub from: String,
    /// False: it came over the network, and nobody has compared it yet. Whoever answers at
    /// an address shows some key.
    pub is_confirmed: bool,
}

impl ShownKey {
    /// True if it is the key of this kind of a host.
    pub fn is_of(&self, host: &str, kind: &str) -> bool {
        self.host == host && self.kind == kind
    }

    /// Keys in columns, a line each, with a heading.
    pub fn table(keys: &[Self]) -> String {
        let rows = keys.iter().map(Self::columns);
        let rows: Vec<[&str; 4]> = std::iter::once(["host", "what", "key", "from"])
            .chain(rows)
            .collect();
        let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max();
        let [host, kind, key] = [0, 1, 2].map(|at| width(at).unwrap_or(0));
        let line = |row: &[&str; 4]| {
            let [name, what, value, from] = row;
            format!("{name:host$}  {what:kind$}  {value:key$}  {from}\n")
        };
        rows.iter().map(line).collect()
    }

    fn columns(&self) -> [&str; 4] {
        [&self.host, self.kind, &self.key, &self.from]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_shown_in_columns() {
        let key = |host: &str, key: &str| ShownKey {
            host: host.to_owned(),
            kind: "host key",
            key: key.to_owned(),
            from: "known hosts".to_owned(),
            is_confirmed: true,
        };
        let table = ShownKey::table(&[key("kalaw", "SHA256:abc"), key("pai", "SHA256:abcdef")]);
        assert_eq!(
            table,
            "host   what      key            from\n\
             kalaw  host key  SHA256:abc     known hosts\n\
             pai    host key  SHA256:abcdef  known hosts\n"
        );
    }
}
