//! The tokens of ordinary Nix, read by their bytes.
//!
//! What rnix may read as another token than it looks is not ordinary: `a/b` and `a+b/c` are
//! paths, `a:b` is an address. There is no token then: every method gives `None`.

use std::ops::Range;

/// Words that are no names; `or` is one in some places.
const KEYWORDS: &[&str] = &[
    "assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with",
];

pub(super) struct Cursor<'t> {
    text: &'t str,
    at: usize,
    pub(super) comments: Vec<Range<usize>>,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            at: 0,
            comments: Vec::new(),
        }
    }

    /// How many bytes were read.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Goes back to a place where it was.
    pub(super) fn back_to(&mut self, at: usize) {
        self.at = at;
    }

    /// The next byte, be it of a token or of what is between two.
    pub(super) fn peek(&self) -> Option<u8> {
        self.rest().first().copied()
    }

    pub(super) fn rest(&self) -> &'t [u8] {
        let all = self.text.as_bytes();
        all.get(self.at..).unwrap_or_default()
    }

    pub(super) fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// The first byte of the next token; blanks and comments are passed over.
    pub(super) fn next(&mut self) -> Option<u8> {
        loop {
            match self.peek()? {
                b' ' | b'\n' | b'\t' => self.at += 1,
                b'#' => self.comment(length_of(self.rest(), |byte| byte != b'\n')),
                b'/' if self.rest().starts_with(b"/*") => self.long_comment()?,
                byte => return Some(byte),
            }
        }
    }

    /// Nothing is left but blanks and comments.
    pub(super) fn end(&mut self) -> Option<()> {
        match self.next() {
            None if self.at == self.text.len() => Some(()),
            _ => None,
        }
    }

    pub(super) fn eat(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then(|| self.at += 1)
    }

    /// The `=` of a binding.
    pub(super) fn assign(&mut self) -> Option<()> {
        self.eat(b'=')?;
        (self.peek()? != b'=').then_some(())
    }

    /// The next word, if it is a keyword. It is not passed over.
    pub(super) fn keyword(&mut self) -> Option<&'t str> {
        self.next()?;
        let word = self.word()?;
        KEYWORDS.contains(&word).then_some(word)
    }

    pub(super) fn eat_keyword(&mut self, keyword: &str) -> Option<()> {
        (self.keyword()? == keyword).then_some(())?;
        self.at += keyword.len();
        self.ends()
    }

    /// A name that begins right here.
    pub(super) fn name(&mut self) -> Option<&'t str> {
        let word = self.word().filter(|word| !KEYWORDS.contains(word))?;
        self.at += word.len();
        Some(word)
    }

    /// What stands between two quotes, right here, if it is what it means.
    pub(super) fn quoted(&mut self) -> Option<&'t str> {
        let inner = self.rest().strip_prefix(b"\"")?;
        let length = inner.iter().position(|byte| *byte == b'"')?;
        let is_odd = |byte: &u8| matches!(byte, b'\\' | b'$');
        let text = self.text.get(self.at + 1..self.at + 1 + length)?;
        self.at += length + 2;
        (!inner[..length].iter().any(is_odd)).then_some(text)
    }

    pub(super) fn number(&mut self) -> Option<()> {
        self.at += length_of(self.rest(), |byte| byte.is_ascii_digit());
        self.ends()
    }

    /// `./a`, `../a/b.nix`.
    pub(super) fn path(&mut self) -> Option<()> {
        let is_path =
            |byte: u8| is_name(byte) && byte != b'\'' || matches!(byte, b'.' | b'/' | b'+');
        let path = &self.rest()[..length_of(self.rest(), is_path)];
        let below = path.strip_prefix(b"../").or(path.strip_prefix(b"./"))?;
        let is_whole = !below.starts_with(b"/")
            && !below.ends_with(b"/")
            && !below.is_empty()
            && !below.windows(2).any(|two| two == b"//");
        self.at += path.len();
        is_whole.then(|| self.ends()).flatten()
    }

    /// Nothing stands right behind a name, a number or a path that makes it something else.
    pub(super) fn ends(&self) -> Option<()> {
        let ends = matches!(
            self.peek()?,
            b' ' | b'\n'
                | b'\t'
                | b'#'
                | b';'
                | b','
                | b'='
                | b'"'
                | b'('
                | b')'
                | b'['
                | b']'
                | b'{'
                | b'}'
        );
        ends.then_some(())
    }

    fn word(&self) -> Option<&'t str> {
        let is_first = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'_';
        self.rest().first().filter(|byte| is_first(byte))?;
        self.text
            .get(self.at..self.at + length_of(self.rest(), is_name))
    }

    fn long_comment(&mut self) -> Option<()> {
        let inner = &self.rest()[2..];
        let end = inner.windows(2).position(|two| two == b"*/")?;
        self.comment(2 + end + 2);
        Some(())
    }

    fn comment(&mut self, length: usize) {
        self.comments.push(self.at..self.at + length);
        self.at += length;
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'\'')
}

fn length_of(bytes: &[u8], is_in: impl Fn(u8) -> bool) -> usize {
    let end = bytes.iter().position(|byte| !is_in(*byte));
    end.unwrap_or(bytes.len())
}
