//! The modules that may be a host's own, and what makes one likelier than another.

use std::cmp::Reverse;

use crate::flake::host_module::by_import::ReachedModule;
use crate::flake::host_module::listed::ListedHost;
use crate::flake::host_module::module_ref::ModuleRef;
use crate::flake::host_module::name_match::{
    NameMatch, is_aspect, is_entry, is_shared_part, matches_name,
};
use crate::repo::RepoPath;

/// How many candidates are named to a person.
const NAMED: usize = 9;

/// The modules of one host that may be its own, likeliest first.
pub(super) struct Candidates<'a> {
    pub(super) host: &'a ListedHost,
    pub(super) all_hosts: &'a [ListedHost],
    pub(super) ranked: Vec<Candidate<'a>>,
}

/// One module of a host, with the evidence for it.
#[derive(Clone, Copy)]
pub(super) struct Candidate<'a> {
    pub(super) module: &'a ModuleRef,
    pub(super) name: NameMatch,
    /// How many imports lead to it; 0: the flake lists it.
    pub(super) level: usize,
    /// How many hosts have it, directly or through imports.
    pub(super) hosts: usize,
    /// The flake lists it for this host alone.
    pub(super) is_listed_once: bool,
}

/// What a step of the cascade has chosen.
pub(super) struct Pick {
    pub(super) module: ModuleRef,
    pub(super) how: String,
    /// There is evidence against it: a person has to confirm it.
    pub(super) confirm: bool,
}

impl<'a> Candidates<'a> {
    pub(super) fn of(
        host: &'a ListedHost,
        all_hosts: &'a [ListedHost],
        reached: &'a [ReachedModule],
    ) -> Self {
        let all = reached.iter().map(|reached| Candidate::of(host, reached));
        let mut ranked: Vec<Candidate> = all.filter(Candidate::may_be_own).collect();
        ranked.sort_by_key(|candidate| Reverse(candidate.rank()));
        Self {
            host,
            all_hosts,
            ranked,
        }
    }

    /// The files of the likeliest.
    pub(super) fn files(&self) -> Vec<RepoPath> {
        let likeliest = self.ranked.iter().take(NAMED);
        likeliest.map(|one| one.module.file.clone()).collect()
    }
}

impl<'a> Candidate<'a> {
    fn of(host: &ListedHost, reached: &'a ReachedModule) -> Self {
        Self {
            module: &reached.module,
            name: matches_name(&reached.module, &host.name),
            level: reached.level,
            hosts: reached.hosts,
            is_listed_once: reached.level == 0 && reached.listed_by == 1,
        }
    }

    /// What makes one module likelier than another, strongest first.
    pub(super) fn rank(&self) -> impl Ord + use<> {
        let form = (!self.module.in_list, self.is_entry());
        (
            self.name,
            Reverse(self.level),
            self.hosts == 1,
            !self.is_shared_part(),
            form,
        )
    }

    /// True if the file is called as the entry of a folder is.
    pub(super) fn is_entry(&self) -> bool {
        is_entry(&self.module.file)
    }

    /// True if it is in a folder of parts that many hosts use.
    pub(super) fn is_shared_part(&self) -> bool {
        is_shared_part(&self.module.file, self.module.within.is_some())
    }

    /// It is chosen.
    pub(super) fn pick(&self, how: impl Into<String>) -> Pick {
        Pick {
            module: self.module.clone(),
            how: how.into(),
            confirm: false,
        }
    }

    /// It is chosen, for a person to confirm.
    pub(super) fn pick_to_confirm(&self, how: impl Into<String>) -> Pick {
        Pick {
            confirm: true,
            ..self.pick(how)
        }
    }

    fn may_be_own(&self) -> bool {
        let is_meant = !self.module.in_list || self.name == NameMatch::Whole;
        !is_aspect(&self.module.file) && is_meant
    }
}
