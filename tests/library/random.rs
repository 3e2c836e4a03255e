//! Random values of Nix, by letters that say of what kind.

/// A generator that gives the same values for the same seed (Marsaglia's xorshift).
pub(crate) struct Random(u64);

const WORDS: &[&str] = &[
    "a",
    "b",
    "c",
    "kalaw",
    "pai",
    "x86_64-linux",
    "b1",
    "b10",
    "b2",
    "A",
    "",
];
const TEXTS: &[&str] = &[
    "",
    "a",
    "kalaw",
    "a.b.c",
    "a-b_c",
    " a b ",
    "a/b//c",
    "./x",
    "/etc/nix",
    "hosts/a.nix",
    "1.2.3",
    "0012",
    "-7",
    "2a",
    "$x",
    "\\\"q\\\"",
    "it's",
    "a\\nb\\n",
    "ÄÖ",
    "nix.nix",
    "aaa",
    ".",
    "..",
    "[x]",
    "*",
    "true",
    "<&>",
    "foo bar-baz",
    "a=b",
    "nix-2.34.8",
    "kalaw:kalaw-1",
];
const VERSIONS: &[&str] = &[
    "1",
    "1.2",
    "1.2.3",
    "24.05",
    "24.05pre-git",
    "2.34.8-rc1",
    "",
    "1.10",
    "0.9a",
];

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap_or_default() % limit
    }

    fn one_of(&mut self, all: &[&str]) -> String {
        all[self.below(all.len())].to_owned()
    }

    fn several(&mut self, mut one: impl FnMut(&mut Self) -> String) -> Vec<String> {
        (0..self.below(5)).map(|_| one(self)).collect()
    }

    fn list(&mut self, one: impl FnMut(&mut Self) -> String) -> String {
        format!("[ {} ]", self.several(one).join(" "))
    }

    fn set(&mut self, mut one: impl FnMut(&mut Self) -> String) -> String {
        let mut names: Vec<&str> = Vec::new();
        let mut text = "{ ".to_owned();
        for _ in 0..self.below(5) {
            let name = WORDS[self.below(6)];
            if !names.contains(&name) {
                names.push(name);
                text += &format!("\"{name}\" = {}; ", one(self));
            }
        }
        text + "}"
    }

    fn scalar(&mut self) -> String {
        let kind = ["n", "s", "w", "b", "null"][self.below(5)];
        self.value(kind)
    }

    fn nested(&mut self, depth: usize) -> String {
        if depth == 0 || self.below(3) == 0 {
            return self.scalar();
        }
        self.set(|random| random.nested(depth - 1))
    }

    fn any(&mut self, depth: usize) -> String {
        match self.below(4) {
            0 if depth > 0 => self.set(|random| random.any(depth - 1)),
            1 if depth > 0 => self.list(|random| random.any(depth - 1)),
            _ => self.scalar(),
        }
    }

    /// A value of a kind; the text itself where that is none.
    pub(crate) fn value(&mut self, kind: &str) -> String {
        match kind {
            "n" => format!(
                "({})",
                i64::try_from(self.below(16)).unwrap_or_default() - 3
            ),
            "p" => self.below(7).to_string(),
            "b" => self.one_of(&["true", "false"]),
            "s" => format!("\"{}\"", self.one_of(TEXTS).replace('$', "\\$")),
            "w" => format!("\"{}\"", self.one_of(WORDS)),
            "ver" => format!("\"{}\"", self.one_of(VERSIONS)),
            "v" => self.any(2),
            "ln" => self.list(|random| random.value("n")),
            "lw" => self.list(|random| random.value("w")),
            "ls" => self.list(|random| random.value("s")),
            "l" => self.list(Self::scalar),
            "ll" => self.list(|random| random.value("ln")),
            "lv" => self.list(|random| random.any(1)),
            "an" => self.set(|random| random.value("n")),
            "as" => self.set(|random| random.value("s")),
            "al" => self.set(|random| random.value("ln")),
            "a" => self.set(|random| random.nested(2)),
            "lan" => self.list(|random| random.value("an")),
            "la" => self.list(|random| random.value("a")),
            other => other.to_owned(),
        }
    }

    /// A template with a value for each `$KIND`.
    pub(crate) fn fill(&mut self, template: &str) -> String {
        let mut parts = template.split('$');
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let end = part
                .find(|c: char| !c.is_ascii_lowercase())
                .unwrap_or(part.len());
            let (kind, rest) = part.split_at(end);
            text += &self.value(kind);
            text += rest;
        }
        text
    }
}
