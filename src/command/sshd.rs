//! Who turns sshd on for a cache: read, or asked for.
//!
//! `nix.sshServe` turns it on by itself, and then it takes passwords. So there are three
//! answers: larder's wiring turns it on for keys only, a module does that larder cannot
//! read, or there is no cache.

use clap::Args;

use super::{Ask, Question};
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{Fleet, Host, HostName, SshdOwner};
use crate::project::Project;
use crate::survey::{Machine, Spot, Unread};

/// Why it is asked who turns sshd on.
const WHY: &str = "The clients fetch over SSH, so sshd has to run on the cache. Turned on by the \
    wiring it takes no passwords; turned on elsewhere it is left as it is.";

/// How the flags of [`SshdArgs`] are written.
pub(super) const FLAGS: [&str; 2] = ["--enable-sshd", "--sshd-is-on"];

/// The flags that answer beforehand.
#[derive(Debug, Args)]
pub(super) struct SshdArgs {
    /// Turn sshd on, without password logins
    #[arg(long, overrides_with = "sshd_is_on")]
    enable_sshd: bool,
    /// sshd is on already, in a module that larder cannot read
    #[arg(long, alias = "no-enable-sshd")]
    sshd_is_on: bool,
}

impl SshdArgs {
    /// The answer of the flags; `None`: they have none.
    pub(super) fn given(&self) -> Option<SshdOwner> {
        match (self.enable_sshd, self.sshd_is_on) {
            (true, _) => Some(SshdOwner::Wiring),
            (false, true) => Some(SshdOwner::Elsewhere),
            (false, false) => None,
        }
    }
}

/// What the files say of a host's sshd.
pub(super) struct HostSshd {
    /// A module that larder can read turns it on.
    pub(super) is_on: bool,
    /// Where one turns it off, and nothing else is stronger.
    off: Option<Spot>,
    /// Under which condition one does, where larder cannot tell whether it holds.
    condition: Option<String>,
    /// The modules that may turn it on without larder's knowing.
    unread: Vec<String>,
}

impl HostSshd {
    /// What the host's modules say.
    pub(super) fn of(project: &Project, fleet: &Fleet, host: &Host) -> Self {
        let machine = project.host_survey().machine(host).unwrap_or_default();
        let told = machine.flag("services.openssh.enable");
        Self {
            is_on: told
                .as_ref()
                .is_some_and(|(on, hit)| *on && !hit.is_conditional()),
            off: told.as_ref().and_then(|(on, hit)| {
                let is_off = !on && !hit.is_conditional();
                is_off.then(|| hit.spot.clone())
            }),
            condition: told.filter(|(on, _)| *on).and_then(|(_, hit)| {
                let condition = hit.spot.condition()?;
                Some(condition.to_owned())
            }),
            unread: unread_modules(&machine, &owned_files(project, fleet)),
        }
    }

    /// False where all modules were read, and none of them turns it on.
    pub(super) fn may_be_on(&self) -> bool {
        self.is_on || self.condition.is_some() || !self.unread.is_empty()
    }

    /// Refuses a new cache on a host whose sshd a module turns off: no answer would help.
    pub(super) fn refuse_off(&self, host: &HostName) -> Result<(), Stop> {
        let Some(off) = &self.off else {
            return Ok(());
        };
        let message = format!("`{host}` cannot be a cache: its sshd is turned off");
        Err(Diagnostic::error("sshd-off", message)
            .at(off.source(), off.bytes(), "")
            .about(host.to_string())
            .help("delete the line, and run the command again")
            .into())
    }

    /// Asks who turns it on; `written` is how each of the two answers that make a cache is
    /// given without a question.
    pub(super) fn ask(
        &self,
        host: &HostName,
        written: [&str; 2],
        ask: &mut dyn Ask,
    ) -> Result<SshdOwner, Stop> {
        let flag = written.join("` or `");
        let mut is_so = |text: String, default: bool| {
            let (text, flag) = (text.as_str(), flag.as_str());
            ask.confirm(
                Question {
                    text,
                    flag,
                    why: WHY,
                },
                default,
            )
        };
        let nothing = self.nothing_turns_it_on(host);
        let turn_it_on = format!("{nothing}; turn it on, without password logins?");
        if is_so(turn_it_on, true)? {
            return Ok(SshdOwner::Wiring);
        }
        let elsewhere =
            format!("is sshd of `{host}` on already, in a module that larder cannot read?");
        if is_so(elsewhere, false)? {
            return Ok(SshdOwner::Elsewhere);
        }
        Err(stays_off(host, written))
    }

    /// In words, with the modules that were not read.
    pub(super) fn nothing_turns_it_on(&self, host: &HostName) -> String {
        let nothing = format!("no module of `{host}` that larder can read turns sshd on");
        if let Some(condition) = &self.condition {
            return format!("{nothing}, unless `{condition}` holds");
        }
        if self.unread.is_empty() {
            return nothing;
        }
        format!("{nothing} (not read: {})", self.unread.join(", "))
    }
}

/// What the paths of owned modules begin with.
fn owned_files(project: &Project, fleet: &Fleet) -> String {
    let dir = project.repo().path(&fleet.dir).unwrap_or_default();
    format!("{dir}/")
}

fn unread_modules(machine: &Machine, owned: &str) -> Vec<String> {
    let is_larders = |module: &Unread| {
        let path = module.path();
        path.is_some_and(|path| path.as_str().starts_with(owned))
    };
    let unread = machine.unread();
    let others = unread.iter();
    let others = others.filter(|module| !module.is_of_nixpkgs() && !is_larders(module));
    others.map(ToString::to_string).collect()
}

/// A cache without sshd serves nobody, and `nix.sshServe` alone would let passwords in.
fn stays_off(host: &HostName, [enable, elsewhere]: [&str; 2]) -> Stop {
    let message = format!("`{host}` cannot be a cache while its sshd is off; nothing was written");
    Diagnostic::error("sshd-off", message)
        .about(host.to_string())
        .help(format!("`{enable}` turns it on for keys only"))
        .help(format!(
            "or set `services.openssh.enable = true;` in a module of `{host}`, as you want it"
        ))
        .help(format!(
            "or, where a module that larder cannot read turns it on: `{elsewhere}`"
        ))
        .into()
}

/// What a plan says of an sshd that larder neither sees nor turns on.
pub(super) fn note(host: &HostName, owner: SshdOwner) -> Option<String> {
    (owner == SshdOwner::Elsewhere).then(|| {
        format!(
            "nothing is written about sshd of `{host}`: if no other module turns it on, the \
             cache does, and sshd takes passwords; `larder lint --eval --host {host}` tells"
        )
    })
}
