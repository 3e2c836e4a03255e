//! What must hold before a text may reach the parser.
//!
//! The parser (rnix 0.15) recurses and re-hashes subtrees: `[[[[…`, `----…` and
//! `a.b or a.b or …` overflow its stack, which no one can catch; `!!!…`,
//! `f x x x…` and `a.b.b.b…` cost it quadratic time. One pass over the tokens
//! bounds the depth of the tree that would come out and the work of making it.
//! The limits are ten times and more what real files hold.

mod lexical;

use rnix::{NodeOrToken, SyntaxKind};
use rowan::{GreenNodeData, GreenTokenData};

use crate::nix::green::kind_of;
use crate::nix::syntax_error::SyntaxError;

/// Larger files are data, not configuration (a flake of 10,000 hosts is 1 MiB).
const MAX_BYTES: usize = 16 << 20;
/// Brackets inside brackets.
const MAX_BRACKETS: usize = 200;
/// Estimated depth of the tree: operators, applications and brackets together.
const MAX_DEPTH: usize = 5_000;
/// Work that any file may cost, in visits of tree nodes.
const FREE_WORK: usize = 30_000_000;
/// Work that each token may cost on average above that.
const WORK_PER_TOKEN: usize = 300;

/// A text of so many bytes reaches no limit but that of brackets: its depth is at
/// most its length, its work three times the square.
const SMALL: usize = 2_500;

/// True for a text that [`check`] would refuse only for what the parser does not
/// accept either (or for what [`closes`] sees in the parser's tree):
/// nearly every file there is, told at a glance.
pub(in crate::nix) fn is_harmless(text: &str) -> bool {
    let is_opener = |byte: u8| matches!(byte, b'{' | b'[' | b'(');
    // Blanks that only one of the two lexers knows, and a comment's end.
    let is_odd = |byte: u8| !matches!(byte, b'\n' | b'\t' | b' '..=b'~');
    text.len() <= SMALL && count(text, is_odd) == 0 && count(text, is_opener) <= MAX_BRACKETS
}

/// How many bytes are of a kind. Counted to the end, and in bytes as far as one can
/// count: that is done for many of them at once.
fn count(text: &str, of: impl Fn(u8) -> bool) -> usize {
    let chunks = text.as_bytes().chunks(usize::from(u8::MAX));
    let in_chunk = |chunk: &[u8]| chunk.iter().map(|byte| u8::from(of(*byte))).sum::<u8>();
    chunks.map(|chunk| usize::from(in_chunk(chunk))).sum()
}

/// False for a `(` that does not end in a `)`: the parser (rnix 0.15) takes any token
/// for the end of one, as in `(a;`.
pub(in crate::nix) fn closes(node: &GreenNodeData) -> bool {
    let is_parenthesis = kind_of(node) == SyntaxKind::NODE_PAREN;
    !is_parenthesis || node.children().next_back().is_some_and(is_closing)
}

fn is_closing(last: NodeOrToken<&GreenNodeData, &GreenTokenData>) -> bool {
    last.into_token().is_some_and(|token| token.text() == ")")
}

/// Refuses a text that the parser could not take, with the place and the reason.
pub(in crate::nix) fn check(text: &str) -> Result<(), SyntaxError> {
    if text.len() > MAX_BYTES {
        return Err(SyntaxError::new("larger than 16 MiB", 0..0));
    }
    if text.starts_with('\u{feff}') {
        let error = SyntaxError::new("begins with a byte-order mark", 0..3);
        return Err(error.with_help("save the file as UTF-8 without a byte-order mark"));
    }
    let mut guard = Guard::new(text);
    for (kind, token) in rnix::tokenize(text) {
        guard.token(kind, token)?;
    }
    guard.end()
}

struct Guard<'a> {
    text: &'a str,
    at: usize,
    tokens: usize,
    work: usize,
    /// End of the last run of path characters that was measured.
    run_end: usize,
    /// Tokens in operand position on all open levels.
    depth: usize,
    brackets: usize,
    levels: Vec<Level>,
}

/// One open bracket (or string), and what its content would nest to.
#[derive(Default)]
struct Level {
    opener: Option<(SyntaxKind, usize)>,
    /// Tokens since the last separator: each may be one level of an operator chain.
    chain: usize,
    /// Tokens since the last separator with those of closed brackets among them.
    mass: usize,
    /// Tokens before the last separator.
    before_mass: usize,
    /// Depth of the deepest closed bracket since the last separator.
    closed: usize,
    /// Depth of the deepest part before the last separator.
    before: usize,
    /// A list in which a `:` has been seen: what follows may be a whole expression.
    lambda: bool,
}

impl Level {
    fn deepest(&self) -> usize {
        self.before.max(self.chain + self.closed)
    }
}

impl<'a> Guard<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            tokens: 0,
            work: 0,
            run_end: 0,
            depth: 0,
            brackets: 0,
            levels: vec![Level::default()],
        }
    }

    fn token(&mut self, kind: SyntaxKind, token: &str) -> Result<(), SyntaxError> {
        let start = self.at;
        self.at += token.len();
        self.tokens += 1;
        let string = self.open_string();
        lexical::check(kind, token, start, string)?;
        if kind.is_trivia() || kind == SyntaxKind::TOKEN_STRING_CONTENT {
            return Ok(());
        }
        self.measure_lookahead(start);
        match kind {
            _ if closer_of(kind).is_some() => self.open(kind, start)?,
            _ if is_closer(kind) => self.close(kind, start)?,
            SyntaxKind::TOKEN_SEMICOLON | SyntaxKind::TOKEN_COMMA => self.separate(),
            _ => self.operand(kind),
        }
        self.check_limits(start)
    }

    fn end(&self) -> Result<(), SyntaxError> {
        let Some((kind, start)) = self.levels.last().and_then(|level| level.opener) else {
            return Ok(());
        };
        let width = if kind == SyntaxKind::TOKEN_INTERPOL_START {
            2
        } else {
            1
        };
        let opener = &self.text[start..start + width];
        Err(SyntaxError::new(
            format!("this `{opener}` is never closed"),
            start..start + width,
        ))
    }

    /// Where the string begins that the next token is in.
    fn open_string(&self) -> Option<usize> {
        let (kind, at) = self.levels.last()?.opener?;
        (kind == SyntaxKind::TOKEN_STRING_START).then_some(at)
    }

    /// The tokenizer looks ahead over the path characters behind each token's start.
    fn measure_lookahead(&mut self, start: usize) {
        if start >= self.run_end {
            let run = self.text.as_bytes()[start..].iter();
            self.run_end = start + run.take_while(|byte| is_path_byte(**byte)).count();
        }
        self.work += self.run_end - start;
    }

    fn open(&mut self, kind: SyntaxKind, start: usize) -> Result<(), SyntaxError> {
        self.operand(kind);
        if kind != SyntaxKind::TOKEN_STRING_START {
            self.brackets += 1;
        }
        if self.brackets > MAX_BRACKETS {
            let message = format!("more than {MAX_BRACKETS} brackets inside each other");
            return Err(SyntaxError::new(message, start..start + 1));
        }
        self.levels.push(Level {
            opener: Some((kind, start)),
            ..Level::default()
        });
        Ok(())
    }

    fn close(&mut self, kind: SyntaxKind, start: usize) -> Result<(), SyntaxError> {
        let range = start..self.at;
        let opener = self.levels.last().and_then(|level| level.opener);
        let Some((open_kind, open_at)) = opener else {
            let token = &self.text[range.clone()];
            return Err(SyntaxError::new(format!("`{token}` closes nothing"), range));
        };
        if closer_of(open_kind) != Some(kind) {
            let (token, open) = (&self.text[range.clone()], &self.text[open_at..=open_at]);
            let line = self.text[..open_at].matches('\n').count() + 1;
            let message = format!("`{token}` does not close the `{open}` of line {line}");
            return Err(SyntaxError::new(message, range));
        }
        let inner = self.levels.pop().expect("the level was just looked at");
        self.depth -= inner.chain;
        if open_kind != SyntaxKind::TOKEN_STRING_START {
            self.brackets -= 1;
        }
        if let Some(outer) = self.levels.last_mut() {
            outer.closed = outer.closed.max(inner.deepest());
            outer.mass += inner.before_mass + inner.mass;
        }
        Ok(())
    }

    fn separate(&mut self) {
        if let Some(level) = self.levels.last_mut() {
            self.depth -= level.chain;
            level.before = level.deepest();
            level.chain = 0;
            level.before_mass += level.mass;
            level.mass = 0;
            level.closed = 0;
            level.lambda = false;
        }
    }

    fn operand(&mut self, kind: SyntaxKind) {
        let Some(level) = self.levels.last_mut() else {
            return;
        };
        level.mass += 1;
        level.lambda |= kind == SyntaxKind::TOKEN_COLON;
        let in_list = matches!(level.opener, Some((SyntaxKind::TOKEN_L_BRACK, _)));
        // Items of a list lie side by side; only `or` nests them.
        if in_list && !level.lambda && kind != SyntaxKind::TOKEN_OR {
            return;
        }
        level.chain += 1;
        self.depth += 1;
        self.work += self.depth + level.mass;
    }

    fn check_limits(&self, start: usize) -> Result<(), SyntaxError> {
        let closed = self.levels.last().map_or(0, |level| level.closed);
        if self.depth + closed > MAX_DEPTH {
            let message = "this expression is nested too deeply to be read";
            return Err(SyntaxError::new(message, start..self.at));
        }
        if self.work > FREE_WORK + WORK_PER_TOKEN * self.tokens {
            let message = "this expression is too long to be read";
            return Err(SyntaxError::new(message, start..self.at));
        }
        Ok(())
    }
}

fn closer_of(opener: SyntaxKind) -> Option<SyntaxKind> {
    match opener {
        SyntaxKind::TOKEN_L_BRACE => Some(SyntaxKind::TOKEN_R_BRACE),
        SyntaxKind::TOKEN_L_BRACK => Some(SyntaxKind::TOKEN_R_BRACK),
        SyntaxKind::TOKEN_L_PAREN => Some(SyntaxKind::TOKEN_R_PAREN),
        SyntaxKind::TOKEN_INTERPOL_START => Some(SyntaxKind::TOKEN_INTERPOL_END),
        SyntaxKind::TOKEN_STRING_START => Some(SyntaxKind::TOKEN_STRING_END),
        _ => None,
    }
}

fn is_closer(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::TOKEN_R_BRACE
            | SyntaxKind::TOKEN_R_BRACK
            | SyntaxKind::TOKEN_R_PAREN
            | SyntaxKind::TOKEN_INTERPOL_END
            | SyntaxKind::TOKEN_STRING_END
    )
}

fn is_path_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'.' | b'+' | b'-')
}

#[cfg(test)]
mod tests;
