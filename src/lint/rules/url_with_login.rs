//! The URL of a substituter has a login in it.
//!
//! ## Why is this bad
//! The URL is in this repository and in nix.conf, which is in the world-readable store: every
//! user of the machine, and whoever reads the repository, has the password.
//!
//! ## Example
//! ```nix
//! nix.settings.substituters = [ "https://thomas:PASSWORD@cache.example.org" ];
//! ```
//!
//! ## What to do
//! Take it out of the URL, put `machine cache.example.org login thomas password …` into a file
//! that only root can read, and name that in `nix.settings.netrc-file`. Then change the password.

use crate::diagnostic::Severity;
use crate::fleet::host_behind_login;
use crate::lint::check::StaticCheck;
use crate::lint::context::FileContext;
use crate::lint::rule::Definition;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::File(with_login)],
    evaluated_half: &[],
};

fn with_login(file: &FileContext<'_>) -> Vec<Violation> {
    let all = file.machine.substituters().into_iter();
    let with_login = all.filter_map(|one| {
        let host = host_behind_login(&one.word.text)?.to_owned();
        Some((host, one.word.spot))
    });
    with_login
        .map(|(host, spot)| {
            let message = format!("everybody can read the login for `{host}`");
            Violation::new(file.subject().part(&host), message)
                .at_spot(&spot, "the URL is in the world-readable store")
                .help(format!(
                    "put `machine {host} login WORD password SECRET` into a file of root's, and \
                     write `nix.settings.netrc-file = \"/ABSOLUTE/PATH\";`"
                ))
                .help("then change the password")
        })
        .collect()
}
