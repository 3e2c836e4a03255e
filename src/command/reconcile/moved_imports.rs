//! Imports that people have put somewhere else than larder would.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use crate::command::plan_builder::PlanBuilder;
use crate::fleet::{Fleet, Host};
use crate::nix::listed_paths;
use crate::project::Project;
use crate::repo::RepoPath;
use crate::survey::HostSurvey;
use crate::wiring;

/// Tells whether what larder wrote for a host is imported already.
pub(super) struct MovedImports<'a> {
    /// What the files list that this change has edited so far: an import may be among
    /// them that was renamed.
    edited: BTreeSet<RepoPath>,
    modules: Option<HostModules<'a>>,
}

/// The modules of hosts as they are before the change.
struct HostModules<'a> {
    project: &'a Project,
    /// Made when it is first needed.
    survey: OnceLock<HostSurvey<'a>>,
    /// The hosts by their owned modules.
    hosts: BTreeMap<String, &'a Host>,
}

impl<'a> MovedImports<'a> {
    /// Looks at the files that are edited only.
    pub(super) fn in_edited(builder: &PlanBuilder) -> Self {
        let listed = |path: &RepoPath| {
            let file = builder.repo().nix_uncached(path).and_then(Result::ok);
            let paths = file.map(|file| listed_paths(&file)).into_iter().flatten();
            let beside = paths.filter_map(|(target, _)| path.beside(&target));
            beside.collect::<Vec<_>>()
        };
        Self {
            edited: builder.edited_modules().flat_map(listed).collect(),
            modules: None,
        }
    }

    /// Looks at all modules of the hosts, which have an import each.
    pub(super) fn in_all(builder: &PlanBuilder<'a>, fleet: &'a Fleet) -> Self {
        let imports = wiring::imports(fleet).into_iter();
        let host = |(name, owned)| Some((owned, fleet.hosts.get(&name)?));
        let modules = HostModules {
            project: builder.project(),
            survey: OnceLock::new(),
            hosts: imports.filter_map(host).collect(),
        };
        Self {
            edited: BTreeSet::new(),
            modules: fleet.import.is_none().then_some(modules),
        }
    }

    /// True if the owned module is imported by a file that larder would not have chosen.
    pub(super) fn has(&self, owned: &str, path: &RepoPath) -> bool {
        let modules = self.modules.as_ref();
        self.edited.contains(path) || modules.is_some_and(|modules| modules.have(owned, path))
    }
}

impl HostModules<'_> {
    fn have(&self, owned: &str, path: &RepoPath) -> bool {
        let host = self.hosts.get(owned);
        let survey = self.survey.get_or_init(|| self.project.host_survey());
        let machine = host.and_then(|host| survey.machine(host));
        machine.is_some_and(|machine| machine.files().any(|file| file == path))
    }
}
