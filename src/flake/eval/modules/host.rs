//! The modules of one host together: which definitions there are of an option, and which
//! of them are in force.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use super::super::Eval;
use super::super::value::{Attrs, FileSpan, Value};
use super::collect::CollectedModules;
use super::config_with;
use super::definition::OptionDefinition;
use super::unread::Unread;
use crate::repo::RepoPath;

/// What the modules of a host say, before it is merged.
pub(in crate::flake) struct HostModules {
    definitions: Vec<OptionDefinition>,
    files: BTreeSet<RepoPath>,
    is_open: bool,
}

/// The definitions of one option.
pub(in crate::flake) struct FoundDefinitions {
    all: Vec<(OptionDefinition, Value)>,
    /// There may be others: what stands around the option is not known.
    is_open: bool,
}

/// Whether a definition is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::flake) enum InForce {
    Yes,
    No,
    /// Its value depends on a condition: it is in force if that is what it comes to.
    AsValueTells,
    /// That depends on what is not known.
    Unknown,
}

impl HostModules {
    /// Evaluates the modules of a host, which are called with these arguments.
    /// `is_open`: there are others of the repository.
    pub(in crate::flake) fn new(
        eval: &mut Eval,
        modules: Vec<Value>,
        args: Attrs,
        is_open: bool,
    ) -> Self {
        let kept = Rc::new(RefCell::new(CollectedModules::default()));
        let keep = kept.clone();
        let config = config_with(
            eval,
            modules,
            args,
            Some(Unread::default()),
            move |_, collected| {
                keep.replace(collected.clone());
            },
        );
        eval.force(&config);
        let collected = kept.take();
        Self {
            definitions: collected.config,
            files: collected.files,
            is_open: is_open || collected.unread.why.is_some(),
        }
    }

    /// The definitions of an option. Conditions are not looked at.
    pub(in crate::flake) fn definitions(
        &self,
        eval: &mut Eval,
        option: &[String],
    ) -> FoundDefinitions {
        let mut is_open = false;
        let mut all = Vec::new();
        for definition in &self.definitions {
            definition.clone().expand(eval, &mut all);
        }
        for name in option {
            let mut below = Vec::new();
            for (definition, value) in &all {
                match value {
                    Value::Attrs(attrs) => match attrs.slots.get(name.as_str()) {
                        Some(slot) => definition.around(slot).expand(eval, &mut below),
                        None => is_open |= attrs.rest.is_some(),
                    },
                    _ => is_open = true,
                }
            }
            all = below;
        }
        FoundDefinitions { all, is_open }
    }

    /// Whether the definition at a place is in force, and what it says. What depends on
    /// the absence of a definition is not known where modules are not known. `condition`
    /// is the place of the condition around it.
    pub(in crate::flake) fn at(
        &self,
        eval: &mut Eval,
        found: &FoundDefinitions,
        place: &FileSpan,
        condition: Option<&FileSpan>,
    ) -> (InForce, Option<Value>) {
        let covering = found
            .all
            .iter()
            .filter_map(|(definition, value)| Some((definition.covers(place)?, definition, value)));
        let no = if self.is_open {
            InForce::Unknown
        } else {
            InForce::No
        };
        let Some((_, definition, value)) = covering.min_by_key(|(size, ..)| *size) else {
            let is_gone = !found.is_open && self.files.contains(&place.file);
            return (if is_gone { no } else { InForce::Unknown }, None);
        };
        let chooses = condition.is_some_and(|condition| definition.says_at(condition));
        let in_force = match definition.holds(eval) {
            Some(true) if chooses => InForce::AsValueTells,
            Some(true) => InForce::Yes,
            Some(false) => no,
            None => InForce::Unknown,
        };
        (in_force, Some(value.clone()))
    }
}
