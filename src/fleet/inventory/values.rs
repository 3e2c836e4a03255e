//! The values of a table: each as what it stands for, or `None` and a problem.

use std::fmt::Display;
use std::ops::Range;
use std::str::FromStr;

use toml_edit::Item;

use super::problems::list;
use super::section::Section;
use crate::fleet::format::Key;
use crate::fleet::nearest;

impl<'d> Section<'d, '_> {
    /// The text of a key.
    pub(super) fn text(&mut self, key: &Key) -> Option<&'d str> {
        let item = self.get(key)?;
        let text = item.as_str();
        if text.is_none() {
            self.wrong_type(key, item);
        }
        text
    }

    /// True if the key holds this word; nothing is wrong if it does not.
    pub(super) fn is_word(&self, key: &Key, word: &str) -> bool {
        self.get(key).and_then(Item::as_str) == Some(word)
    }

    /// The text of a key if `check` has nothing against it.
    pub(super) fn checked<E: Display>(
        &mut self,
        key: &Key,
        check: impl Fn(&str) -> Result<(), E>,
    ) -> Option<&'d str> {
        let text = self.text(key)?;
        match check(text) {
            Ok(()) => Some(text),
            Err(error) => {
                self.unusable(key, &error, None);
                None
            }
        }
    }

    /// The text of a key as what it stands for.
    pub(super) fn parsed<T: FromStr<Err: Display>>(&mut self, key: &Key) -> Option<T> {
        self.parsed_near(key, [])
    }

    /// As [`Section::parsed`], where the right words are known.
    pub(super) fn parsed_near<'a, T: FromStr<Err: Display>>(
        &mut self,
        key: &Key,
        words: impl IntoIterator<Item = &'a str>,
    ) -> Option<T> {
        let text = self.text(key)?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.unusable(key, &error, nearest(text, words));
                None
            }
        }
    }

    /// The text of a key, one of these words.
    pub(super) fn word(&mut self, key: &Key, words: &[&'static str]) -> Option<&'static str> {
        let text = self.text(key)?;
        let found = words.iter().copied().find(|word| *word == text);
        if found.is_none() {
            let why = format!("the words here are {}", list(words.iter().copied()));
            self.unusable(key, &why, nearest(text, words.iter().copied()));
        }
        found
    }

    /// The whole number of a key, whatever its size.
    pub(super) fn integer(&mut self, key: &Key) -> Option<i64> {
        let item = self.get(key)?;
        let number = item.as_integer();
        if number.is_none() {
            self.wrong_type(key, item);
        }
        number
    }

    /// The number of a key, from 1 to 65535.
    pub(super) fn number(&mut self, key: &Key) -> Option<u16> {
        let number = self.integer(key)?;
        let small = u16::try_from(number).ok().filter(|&number| number > 0);
        if small.is_none() {
            self.unusable(key, &"out of bounds", None);
        }
        small
    }

    /// The flag of a key.
    pub(super) fn flag(&mut self, key: &Key) -> Option<bool> {
        let item = self.get(key)?;
        let flag = item.as_bool();
        if flag.is_none() {
            self.wrong_type(key, item);
        }
        flag
    }

    /// The entries of a list of text, each with its place, and each once.
    pub(super) fn texts<T>(&mut self, key: &Key) -> Vec<(T, Range<usize>)>
    where
        T: FromStr<Err: Display> + PartialEq,
    {
        let mut entries: Vec<(T, Range<usize>)> = Vec::new();
        let Some(item) = self.get(key) else {
            return entries;
        };
        let Some(array) = item.as_array() else {
            self.wrong_type(key, item);
            return entries;
        };
        for value in array {
            let Some((text, at)) = value.as_str().zip(value.span()) else {
                self.wrong_entry(key, value);
                continue;
            };
            match text.parse() {
                Ok(entry) if entries.iter().any(|(other, _)| *other == entry) => {
                    self.refuse_duplicate(key, at, text);
                }
                Ok(entry) => entries.push((entry, at)),
                Err(error) => self.unusable_entry(key, at, &error),
            }
        }
        entries
    }

    /// The text of a key, or the entries of a list of text.
    pub(super) fn one_or_more<T>(&mut self, key: &Key) -> Vec<(T, Range<usize>)>
    where
        T: FromStr<Err: Display> + PartialEq,
    {
        match self.get(key).and_then(Item::as_array) {
            Some(_) => self.texts(key),
            None => self
                .parsed(key)
                .map(|one| (one, self.at(key)))
                .into_iter()
                .collect(),
        }
    }

    /// The day of a key, written as a TOML date or as text.
    pub(super) fn day<T: FromStr<Err: Display>>(&mut self, key: &Key) -> Option<T> {
        let item = self.get(key)?;
        let Some(stamp) = item.as_datetime() else {
            return self.parsed(key);
        };
        match stamp.to_string().parse() {
            Ok(day) => Some(day),
            Err(error) => {
                self.unusable(key, &error, None);
                None
            }
        }
    }
}
