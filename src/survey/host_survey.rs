//! The machine that a host of the inventory is: its own module and those that the flake
//! lists for it.

use std::collections::HashMap;

use foldhash::quality::RandomState;

use crate::flake::{Discovery, FlakeModule, FoundHost};
use crate::fleet::{Host, HostName};
use crate::nix::AttrPath;
use crate::repo::RepoPath;
use crate::survey::files::Survey;
use crate::survey::machine::Machine;
use crate::survey::unread::{Unread, UnreadReason};

/// What the files say of each host of the flake.
pub struct HostSurvey<'a> {
    survey: Survey<'a>,
    flake: HashMap<&'a str, &'a FoundHost, RandomState>,
}

impl<'a> HostSurvey<'a> {
    /// Of the survey's repository, whose flake is this; `None`: the flake's hosts are not
    /// known.
    pub fn new(survey: Survey<'a>, flake: Option<&'a Discovery>) -> Self {
        let hosts = flake.into_iter().flat_map(|flake| &flake.hosts);
        Self {
            survey,
            flake: hosts.map(|host| (host.name.as_str(), host)).collect(),
        }
    }

    /// What the files say.
    pub fn survey(&self) -> &Survey<'a> {
        &self.survey
    }

    /// The host's entry in the flake.
    pub fn in_flake(&self, host: &HostName) -> Option<&'a FoundHost> {
        self.flake.get(host.as_str()).copied()
    }

    /// The host's own module, wherever in its file it is, the modules that the flake
    /// lists, and what these import; `None` if none of them is a file that is known.
    pub fn machine(&self, host: &Host) -> Option<Machine> {
        let own = host.module.as_deref();
        self.machine_at(
            host,
            own.and_then(|own| self.survey.repo().module_path(own))
                .as_ref(),
        )
    }

    /// As [`HostSurvey::machine`], with this as the host's own module.
    pub fn machine_at(&self, host: &Host, own: Option<&RepoPath>) -> Option<Machine> {
        let mut machine = Machine::default();
        if let Some(own) = own {
            let within = host.within.as_ref().map(AttrPath::names);
            self.survey
                .add_module(&mut machine, own, within.unwrap_or_default());
        }
        match self.in_flake(&host.name) {
            Some(found) => self.add_listed(&mut machine, found),
            None => machine.add_unread(unlisted(host)),
        }
        self.survey.follow_imports(&mut machine);
        if machine.is_uncertain() {
            machine.evaluate_by(self.survey.evaluation(&host.name, own));
        }
        machine.has_files().then_some(machine)
    }

    /// What a host is made of that the inventory need not have; `None` as for
    /// [`HostSurvey::machine`].
    pub fn machine_of(&self, host: &FoundHost) -> Option<Machine> {
        let mut machine = Machine::default();
        if let Some(own) = &host.module {
            let within = host.within.as_ref().and_then(|path| path.parse().ok());
            let within = within.map(|path: AttrPath| path.names().to_vec());
            self.survey
                .add_module(&mut machine, own, &within.unwrap_or_default());
        }
        self.add_listed(&mut machine, host);
        self.survey.follow_imports(&mut machine);
        if machine.is_uncertain() {
            let own = host.module.as_ref();
            machine.evaluate_by(self.survey.evaluation(&host.name, own));
        }
        machine.has_files().then_some(machine)
    }

    fn add_listed(&self, machine: &mut Machine, host: &FoundHost) {
        for module in &host.modules {
            match module {
                FlakeModule::File(file) => self.survey.add_module(machine, file, &[]),
                FlakeModule::Attribute(file, within) => match within.parse::<AttrPath>() {
                    Ok(within) => self.survey.add_module(machine, file, within.names()),
                    Err(_) => machine.add_unread(not_followed(within)),
                },
                FlakeModule::Inline(file, range) => self.survey.add_inline(machine, file, range),
                FlakeModule::OfInput(name) => {
                    machine.add_unread(Unread::listed_of_input(name));
                }
                FlakeModule::Unknown(why) => machine.add_unread(not_followed(why)),
            }
        }
    }
}

fn not_followed(why: &str) -> Unread {
    let name = "a module that the flake lists";
    Unread::listed(UnreadReason::Computed, name, Some(why.to_owned()))
}

fn unlisted(host: &Host) -> Unread {
    let name = format!("what the flake lists for `{}`", host.name);
    Unread::listed(UnreadReason::Computed, &name, None)
}

#[cfg(test)]
mod tests;
