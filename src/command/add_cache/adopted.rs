//! A cache that is wired by hand is not changed by flags.

use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{Cache, Host, Wiring};
use crate::project::Project;

/// Points at the file in which people have wired it.
pub(super) fn refuse(project: &Project, cache: Option<&Cache>) -> Result<(), Stop> {
    let Some(cache) = cache.filter(|cache| cache.wiring == Wiring::Adopted) else {
        return Ok(());
    };
    let fleet = project.fleet()?;
    let said = format!(
        "`{}` is a cache that is wired by hand{}",
        cache.host,
        serving_file(project, fleet.server(cache))
    );
    Err(Diagnostic::error("cache-adopted", said)
        .at(&fleet.source, cache.range.clone(), "adopted here")
        .about(cache.host.to_string())
        .help("`larder lint` says what the hand-made wiring lacks")
        .help(format!(
            "to let larder wire it: `larder sync --take-over {}`",
            cache.host
        ))
        .into())
}

/// ` in FILE`, where a file says that the host serves.
fn serving_file(project: &Project, server: &Host) -> String {
    let machine = project.host_survey().machine(server);
    let enabled = machine.and_then(|machine| machine.flag("nix.sshServe.enable"));
    let file = enabled.map(|(_, hit)| format!(" in `{}`", hit.spot.file.shown()));
    file.unwrap_or_default()
}
