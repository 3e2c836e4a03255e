//! The client takes whatever the cache sends, signed or not.
//!
//! ## What it looks like
//! It works. The URL says `trusted=1`: whoever controls the cache's host key controls what
//! this machine runs.
//!
//! ## What to do
//! Take `trusted` out of the URL, and trust the cache's signing key instead.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Control,
    check,
};

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let (client, url) = (evidence.client, evidence.url()?);
    let (_, parameters) = url.split_once('?')?;
    let mut values = parameters.split('&').filter_map(|it| it.strip_prefix("trusted="));
    let value = values.next_back()?;
    matches!(value, "1" | "true" | "yes").then(|| {
        let message = format!("`{}` takes paths of `{}` without a signature", client.name, evidence.cache_name());
        Symptom::new(message)
            .seen(&client.name, url)
            .cure("take `trusted` out of the URL, and trust the signing key of the cache")
    })
}
