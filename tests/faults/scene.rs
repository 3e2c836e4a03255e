//! What is hit: a command, or the one that cleans up what the first left half made.

use std::collections::BTreeMap;

use libtest_mimic::Failed;

use crate::fixture::Fixture;
use crate::judge::Judge;
use crate::points::{self, Fault};

/// A command in a repository, and how that may end.
pub(crate) struct Scene {
    pub(crate) fixture: Fixture,
    /// The end to which it was cleaned up when nothing was in the way; `None` for a
    /// command that may end either way.
    is_after: Option<bool>,
}

impl Scene {
    /// The fixture's command itself.
    pub(crate) fn of(fixture: &Fixture) -> Self {
        Self {
            fixture: fixture.clone(),
            is_after: None,
        }
    }

    /// That an end is the right one.
    pub(crate) fn may_end(&self, is_after: bool, said_done: bool) -> Result<(), Failed> {
        match self.is_after {
            None if said_done && !is_after => {
                Err("larder had said that it was done, and nothing is".into())
            }
            Some(once) if once != is_after => {
                Err("what was cleaned up to one end came to the other".into())
            }
            _ => Ok(()),
        }
    }
}

/// What is left half made by a command, as scenes for the one that cleans up.
pub(crate) struct HalfMade<'a> {
    fixture: &'a Fixture,
    /// By the end to which it is cleaned up, and the calls which that takes.
    scenes: BTreeMap<(bool, Vec<String>), Scene>,
}

impl<'a> HalfMade<'a> {
    pub(crate) fn of(fixture: &'a Fixture) -> Self {
        Self {
            fixture,
            scenes: BTreeMap::new(),
        }
    }

    /// Whatever a kill leaves. Some of it is taken back, some is finished.
    pub(crate) fn by_kills(&mut self, judge: &Judge<'_>) -> Result<(), Failed> {
        for point in points::all(self.fixture, Fault::Kill)? {
            points::hit(self.fixture, &point, Fault::Kill)?;
            self.take_in(judge)?;
        }
        let mut ends = self.scenes.keys().map(|(is_after, _)| *is_after);
        match (ends.next(), ends.next_back()) {
            (Some(false), Some(true)) => Ok(()),
            ends => Err(format!("this is not cleaned up to both ends: {ends:?}").into()),
        }
    }

    /// What is there now, if it is half made and takes other calls to clean up than
    /// all before.
    pub(crate) fn take_in(&mut self, judge: &Judge<'_>) -> Result<(), Failed> {
        if !self.fixture.is_half_made() {
            return Ok(());
        }
        let half_made = self.fixture.cleaning_up(self.scenes.len())?;
        let is_after = judge.is_an_end(&judge.next_command(true)?)?;
        let calls = points::all(&half_made, Fault::Kill)?;
        let calls = calls.into_iter().map(|it| it.call).collect();
        self.scenes.entry((is_after, calls)).or_insert(Scene {
            fixture: half_made,
            is_after: Some(is_after),
        });
        Ok(())
    }

    /// All of it; or, of what is taken back and of what is finished, the one that takes
    /// most calls.
    pub(crate) fn scenes(&self, all: bool) -> Vec<&Scene> {
        if all {
            return self.scenes.values().collect();
        }
        let longest = |end: bool| {
            let of_end = self.scenes.iter().filter(move |((it, _), _)| *it == end);
            of_end.max_by_key(|((_, calls), _)| calls.len())
        };
        let both = [false, true].into_iter().filter_map(longest);
        both.map(|(_, scene)| scene).collect()
    }
}
