//! A text without the bindings that nobody asks about, so that the parser has less to do.
//!
//! Making a tree is the largest part of what it takes to read a file, and most of a file is
//! none of larder's business. What goes becomes blanks: every byte that stays has its place.
//!
//! A text is thinned only if all of it is ordinary Nix ([`expression`]), read without a tree:
//! then the parser accepts what goes, and what stays means what it meant. About any other
//! text nothing is said, and the parser reads all of it.

mod cursor;
mod expression;
mod names;

use std::ops::Range;

use self::expression::Expression;

/// The text with blanks in the place of its comments, and of the bindings of the module for
/// which `is_unasked` is true, given the names around a binding and its own. `None`: it is
/// not known to be ordinary, or nothing goes.
pub(in crate::nix) fn thinned(
    text: &str,
    is_unasked: impl Fn(&[&str], &[&str]) -> bool,
) -> Option<String> {
    // Nix ends a comment there, and the parser does not.
    if text.contains('\r') {
        return None;
    }
    let mut module = Module {
        inner: Expression::new(text),
        path: Vec::new(),
        unasked: Vec::new(),
        is_unasked,
    };
    module.read()?;
    let (unasked, comments) = (&module.unasked, module.inner.comments());
    without(text, unasked.iter().chain(comments))
}

fn without<'r>(text: &str, ranges: impl Iterator<Item = &'r Range<usize>>) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    let mut any = false;
    for range in ranges {
        bytes[range.clone()].fill(b' ');
        any = true;
    }
    any.then(|| String::from_utf8(bytes).ok()).flatten()
}

/// A file that is a module: functions around a set.
struct Module<'t, F> {
    inner: Expression<'t>,
    /// The names around the next binding.
    path: Vec<&'t str>,
    unasked: Vec<Range<usize>>,
    is_unasked: F,
}

impl<F: Fn(&[&str], &[&str]) -> bool> Module<'_, F> {
    fn read(&mut self) -> Option<()> {
        while !self.inner.begins_set()? {
            self.inner.around_set()?;
        }
        self.inner.cursor.eat(b'{')?;
        self.set()?;
        self.inner.cursor.end()
    }

    /// The bindings of a set that is no `rec`: they bind no names for others.
    fn set(&mut self) -> Option<()> {
        self.inner.deeper()?;
        let mark = self.inner.names.begin();
        while self.inner.cursor.next()? != b'}' {
            self.binding()?;
        }
        self.inner.names.end(mark)?;
        self.inner.shallower();
        self.inner.cursor.eat(b'}')
    }

    fn binding(&mut self) -> Option<()> {
        let start = self.inner.cursor.at();
        if self.inner.cursor.keyword() == Some("inherit") {
            return self.inner.inherit();
        }
        let before = self.path.len();
        let is_bare = self.inner.attribute_path(&mut self.path)?;
        self.inner.cursor.assign()?;
        let (around, names) = self.path.split_at(before);
        let is_unasked = is_bare && (self.is_unasked)(around, names);
        if is_bare && !is_unasked && self.inner.cursor.next()? == b'{' {
            self.inner.cursor.eat(b'{')?;
            self.set()?;
        } else {
            self.inner.whole()?;
        }
        self.inner.cursor.eat(b';')?;
        if is_unasked {
            self.unasked.push(start..self.inner.cursor.at());
        }
        self.path.truncate(before);
        Some(())
    }
}

#[cfg(test)]
mod tests;
