//! Ordinary expressions: what the parser certainly accepts, read without making a tree.
//!
//! Every method gives `None` for anything else, be it right or wrong: functions, tests with
//! `?`, what defines a name twice, and whatever is rare.

use std::ops::Range;

use super::cursor::Cursor;
use super::names::Names;

/// Expressions in expressions, more than people write.
const DEPTH: usize = 50;

/// Operators that may stand beside any of these without parentheses.
const OPERATORS: &[&[u8]] = &[b"++", b"//", b"&&", b"||", b"+"];

/// Of these there may be one.
const COMPARISONS: &[&[u8]] = &[b"==", b"!="];

pub(super) struct Expression<'t> {
    pub(super) cursor: Cursor<'t>,
    pub(super) names: Names,
    depth: usize,
}

impl<'t> Expression<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            cursor: Cursor::new(text),
            names: Names::default(),
            depth: 0,
        }
    }

    /// The comments that were passed over.
    pub(super) fn comments(&self) -> &[Range<usize>] {
        &self.cursor.comments
    }

    pub(super) fn deeper(&mut self) -> Option<()> {
        self.depth += 1;
        (self.depth <= DEPTH).then_some(())
    }

    pub(super) fn shallower(&mut self) {
        self.depth -= 1;
    }

    /// True at a set that is no argument list.
    pub(super) fn begins_set(&mut self) -> Option<bool> {
        let is_brace = self.cursor.next()? == b'{';
        let at = self.cursor.at();
        let is_set = is_brace && self.arguments().is_none();
        self.cursor.back_to(at);
        Some(is_set)
    }

    /// What may stand around the set that a file comes to: `{ lib, ... }:`, `with lib;`,
    /// `let … in`.
    pub(super) fn around_set(&mut self) -> Option<()> {
        match self.cursor.keyword() {
            Some("with") => self.with(),
            Some("let") => self.let_in(),
            _ => self.arguments(),
        }
    }

    /// An expression up to where it certainly ends.
    pub(super) fn whole(&mut self) -> Option<()> {
        self.deeper()?;
        match self.cursor.keyword() {
            Some("with") => {
                self.with()?;
                self.whole()?;
            }
            Some("let") => {
                self.let_in()?;
                self.whole()?;
            }
            Some("if") => {
                for keyword in ["if", "then", "else"] {
                    self.cursor.eat_keyword(keyword)?;
                    self.whole()?;
                }
            }
            _ => self.operation()?,
        }
        self.shallower();
        Some(())
    }

    /// The names of a binding, added to `path`; true if none is quoted.
    pub(super) fn attribute_path(&mut self, path: &mut Vec<&'t str>) -> Option<bool> {
        let (before, mut is_bare) = (path.len(), true);
        self.cursor.next()?;
        loop {
            if self.cursor.peek()? == b'"' {
                is_bare = false;
                path.push(self.cursor.quoted()?);
            } else {
                path.push(self.cursor.name()?);
            }
            if self.cursor.peek()? != b'.' {
                break;
            }
            self.cursor.skip(1);
        }
        self.cursor.ends()?;
        self.names.add(&path[before..]);
        Some(is_bare)
    }

    /// `inherit a b;`, `inherit (c) d;`.
    pub(super) fn inherit(&mut self) -> Option<()> {
        self.cursor.eat_keyword("inherit")?;
        if self.cursor.next()? == b'(' {
            self.parentheses()?;
        }
        while self.cursor.next()? != b';' {
            let name = self.cursor.name()?;
            self.cursor.ends()?;
            self.names.add(&[name]);
        }
        self.cursor.eat(b';')
    }

    fn with(&mut self) -> Option<()> {
        self.cursor.eat_keyword("with")?;
        self.whole()?;
        self.cursor.eat(b';')
    }

    fn let_in(&mut self) -> Option<()> {
        self.cursor.eat_keyword("let")?;
        let mark = self.names.begin();
        while self.cursor.keyword() != Some("in") {
            self.binding()?;
        }
        self.names.end(mark)?;
        self.cursor.eat_keyword("in")
    }

    /// `{ a, b, ... }:`
    fn arguments(&mut self) -> Option<()> {
        let mark = self.names.begin();
        self.cursor.eat(b'{')?;
        while self.cursor.next()? != b'}' {
            if self.cursor.rest().starts_with(b"...") {
                self.cursor.skip(3);
                break;
            }
            let name = self.cursor.name()?;
            self.names.add(&[name]);
            if self.cursor.next()? != b'}' {
                self.cursor.eat(b',')?;
            }
        }
        self.names.end(mark)?;
        self.cursor.eat(b'}')?;
        self.cursor.eat(b':')
    }

    fn set(&mut self) -> Option<()> {
        self.cursor.eat(b'{')?;
        let mark = self.names.begin();
        while self.cursor.next()? != b'}' {
            self.binding()?;
        }
        self.names.end(mark)?;
        self.cursor.eat(b'}')
    }

    fn binding(&mut self) -> Option<()> {
        if self.cursor.keyword() == Some("inherit") {
            return self.inherit();
        }
        self.attribute_path(&mut Vec::new())?;
        self.cursor.assign()?;
        self.whole()?;
        self.cursor.eat(b';')
    }

    fn operation(&mut self) -> Option<()> {
        let mut comparisons = 0;
        self.application()?;
        loop {
            if self.eat_operator(COMPARISONS) {
                comparisons += 1;
            } else if !self.eat_operator(OPERATORS) {
                break;
            }
            self.application()?;
        }
        (comparisons < 2).then_some(())
    }

    /// An operator with a blank behind it: without, it may be the beginning of a path.
    fn eat_operator(&mut self, operators: &[&[u8]]) -> bool {
        let rest = match self.cursor.next() {
            Some(_) => self.cursor.rest(),
            None => return false,
        };
        let is_blank = |byte: Option<&u8>| matches!(byte, Some(b' ' | b'\n' | b'\t'));
        let is_here = |one: &&&[u8]| rest.starts_with(one) && is_blank(rest.get(one.len()));
        let found = operators.iter().find(is_here);
        self.cursor.skip(found.map_or(0, |operator| operator.len()));
        found.is_some()
    }

    /// A function and what it is called with, or one thing alone.
    fn application(&mut self) -> Option<()> {
        self.simple()?;
        while self.begins_simple()? {
            self.simple()?;
        }
        Some(())
    }

    fn begins_simple(&mut self) -> Option<bool> {
        Some(match self.cursor.next()? {
            b'"' | b'\'' | b'(' | b'[' | b'{' | b'.' => true,
            byte if byte.is_ascii_alphanumeric() || byte == b'_' => {
                !matches!(self.cursor.keyword(), Some("then" | "else" | "in"))
            }
            _ => false,
        })
    }

    /// What may be an item of a list.
    fn simple(&mut self) -> Option<()> {
        self.deeper()?;
        match self.cursor.next()? {
            b'"' => self.string()?,
            b'\'' => self.indented_string()?,
            b'(' => {
                self.parentheses()?;
                self.selection()?;
            }
            b'[' => self.list()?,
            b'{' => self.set()?,
            b'.' => self.cursor.path()?,
            b'0'..=b'9' => self.cursor.number()?,
            _ if self.cursor.keyword() == Some("rec") => {
                self.cursor.eat_keyword("rec")?;
                self.set()?;
            }
            _ => {
                self.cursor.name()?;
                self.selection()?;
                self.cursor.ends()?;
            }
        }
        self.shallower();
        Some(())
    }

    /// `.a.b` right behind what it is selected from.
    fn selection(&mut self) -> Option<()> {
        while self.cursor.peek()? == b'.' {
            self.cursor.skip(1);
            self.cursor.name()?;
            self.cursor
                .ends()
                .or_else(|| (self.cursor.peek()? == b'.').then_some(()))?;
        }
        Some(())
    }

    fn parentheses(&mut self) -> Option<()> {
        self.cursor.eat(b'(')?;
        self.whole()?;
        self.cursor.eat(b')')
    }

    fn list(&mut self) -> Option<()> {
        self.cursor.eat(b'[')?;
        while self.cursor.next()? != b']' {
            self.simple()?;
        }
        self.cursor.eat(b']')
    }

    fn string(&mut self) -> Option<()> {
        self.cursor.skip(1);
        loop {
            match self.cursor.peek()? {
                b'"' => break,
                b'\\' => self.cursor.skip(2),
                b'$' => self.dollar()?,
                _ => self.cursor.skip(1),
            }
        }
        self.cursor.skip(1);
        Some(())
    }

    fn indented_string(&mut self) -> Option<()> {
        self.cursor.rest().starts_with(b"''").then_some(())?;
        self.cursor.skip(2);
        loop {
            match (self.cursor.peek()?, self.cursor.rest().get(1..3)) {
                (b'\'', Some(b"''" | b"'$")) => self.cursor.skip(3),
                (b'\'', Some([b'\'', b'\\'])) => self.cursor.skip(4),
                (b'\'', Some([b'\'', _])) => break,
                (b'$', _) => self.dollar()?,
                _ => self.cursor.skip(1),
            }
        }
        self.cursor.skip(2);
        Some(())
    }

    /// In a string: `$$` and a lone `$` are what they are, `${` is an expression.
    fn dollar(&mut self) -> Option<()> {
        match self.cursor.rest().get(1)? {
            b'$' => self.cursor.skip(2),
            b'{' => {
                self.cursor.skip(2);
                self.whole()?;
                self.cursor.eat(b'}')?;
            }
            _ => self.cursor.skip(1),
        }
        Some(())
    }
}
