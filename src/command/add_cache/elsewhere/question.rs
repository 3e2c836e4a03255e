//! What a person is asked about a new cache that exists elsewhere.

use super::said::Said;
use crate::command::add_cache::guided;
use crate::command::{Ask, Question, answers, pasted_key};
use crate::diagnostic::Stop;
use crate::fleet::{CacheUrl, Fleet, Host, HostName};
use crate::key::SigningPublicKey;

/// What stands for a key that is not known yet.
const PENDING: &str = "pending";

/// Its name in the inventory. A word of its URL is offered.
pub(super) fn name(url: Option<&CacheUrl>, ask: &mut dyn Ask) -> Result<HostName, Stop> {
    let question = Question {
        text: "a name for the cache",
        flag: "larder add-cache NAME --url URL",
        why: "It names the cache in larder.toml, in the files that larder writes and in messages. No host may have it.",
    };
    let mut words = url.into_iter().flat_map(CacheUrl::words);
    let offered = words.find(|word| word.parse::<HostName>().is_ok());
    answers::parsed_line_or(ask, question, offered)
}

/// Who uses it, and from where, unless the flags say it.
pub(super) fn clients_and_distance(
    fleet: &Fleet,
    name: &HostName,
    said: &mut Said,
    ask: &mut dyn Ask,
) -> Result<(), Stop> {
    if said.clients.is_empty() {
        said.clients = guided::clients(fleet, &Host::named(name.clone()), ask)?;
    }
    if !said.lan && !said.no_lan && said.priority.is_none() {
        said.lan = guided::is_near(name, ask)?;
    }
    Ok(())
}

/// The key that signs what it has; none: later.
pub(super) fn keys(name: &HostName, ask: &mut dyn Ask) -> Result<Vec<SigningPublicKey>, Stop> {
    let text = format!("the public signing key of `{name}`, or `{PENDING}`");
    let question = Question {
        text: &text,
        flag: "--signing-key NAME:BASE64",
        why: "Clients take only paths that are signed by a key they trust. Who runs the cache tells its public half: it looks like `work:` and 44 characters of base64.",
    };
    answers::asked_or(ask, question, Some(PENDING), |ask, line| match line {
        PENDING => Ok(Vec::new()),
        line => Ok(vec![pasted_key::signing_of_any_cache(ask, line)?]),
    })
}
