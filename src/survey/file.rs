//! One file of a repository: what it says, where it stands.

use std::ops::Range;
use std::sync::Arc;

use crate::repo::{LazySource, RepoPath};
use crate::survey::content::Content;
use crate::survey::facts::{Import, Setting};
use crate::survey::hit::{Hit, Spot};

/// One file, with what other files say filled in.
pub(super) struct File {
    pub(super) text: LazySource,
    pub(super) content: Arc<Content>,
    /// Its settings, where other files say something of them.
    pub(super) resolved: Option<Vec<Setting>>,
    /// The files that its imports mean, in their order.
    pub(super) imports: Vec<Option<RepoPath>>,
}

/// One item of an `imports` list, and the file that it means.
pub(super) struct Imported<'f> {
    pub(super) import: &'f Import,
    pub(super) file: Option<&'f RepoPath>,
}

impl Imported<'_> {
    /// True for a relative path that leads out of the repository.
    pub(super) fn leads_out(&self) -> bool {
        let path = self.import.target.file();
        self.file.is_none() && path.is_some_and(|path| path.starts_with('.'))
    }
}

/// What is asked of a file: the options by this name, or all below it.
#[derive(Clone, Copy)]
pub(super) enum Asked<'o> {
    Option(&'o str),
    Below(&'o str),
}

impl<'o> Asked<'o> {
    pub(super) fn name(self) -> &'o str {
        match self {
            Self::Option(name) | Self::Below(name) => name,
        }
    }
}

impl File {
    pub(super) fn own_imports<'s>(
        &'s self,
        within: Option<&'s [String]>,
    ) -> impl Iterator<Item = Imported<'s>> {
        let own = move |one: &Imported<'s>| {
            within.is_some_and(|within| one.import.is_the_machines(within))
        };
        self.all_imports().filter(own)
    }

    /// The imports of something that is in the module, and not of the module itself.
    pub(super) fn nested_imports<'s>(
        &'s self,
        within: Option<&'s [String]>,
    ) -> impl Iterator<Item = Imported<'s>> {
        let nested = move |one: &Imported<'s>| {
            within.is_some_and(|within| !one.import.is_the_machines(within))
        };
        self.all_imports().filter(nested)
    }

    fn all_imports(&self) -> impl Iterator<Item = Imported<'_>> {
        let all = self.content.facts.imports.iter().zip(&self.imports);
        all.map(|(import, file)| Imported {
            import,
            file: file.as_ref(),
        })
    }

    /// All settings, in their order.
    pub(super) fn settings(&self) -> &[Setting] {
        let settings = self.resolved.as_deref();
        settings.unwrap_or(&self.content.facts.settings)
    }

    /// The settings that are asked for. Texts are compared before names are: most
    /// differ in their length.
    pub(super) fn asked<'s>(&'s self, asked: Asked<'s>) -> impl Iterator<Item = &'s Setting> {
        let with_text = self.content.options.iter().zip(self.settings());
        let is_it = move |(text, setting): &(&String, &Setting)| match asked {
            Asked::Option(option) => *text == option && setting.is(option),
            Asked::Below(option) => text.starts_with(option) && setting.below(option).is_some(),
        };
        with_text.filter(is_it).map(|(_, setting)| setting)
    }

    pub(super) fn hit(&self, setting: &Setting) -> Hit {
        Hit {
            value: setting.value.clone(),
            strength: setting.strength,
            order: setting.order,
            spot: Spot {
                condition: setting.condition.clone(),
                ..self.spot(&setting.range)
            },
        }
    }

    pub(super) fn spot(&self, range: &Range<usize>) -> Spot {
        Spot {
            file: self.text.clone(),
            range: range.clone(),
            condition: None,
        }
    }
}
