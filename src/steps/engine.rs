//! A cache that serves by two engines, until its clients use the new one.

use super::{Moment, Step, StepKind};
use crate::fleet::{Cache, Fleet};

/// The end of the change, for each cache that is being changed.
#[must_use]
pub fn changes_of_engines(fleet: &Fleet) -> Vec<Step> {
    fleet.caches.values().filter_map(end).collect()
}

fn end(cache: &Cache) -> Option<Step> {
    let former = cache.former_engine?.word();
    let (name, new) = (&cache.host, cache.engine.word());
    Some(Step {
        moment: Moment::Last,
        action: StepKind::EndChange,
        hosts: vec![name.clone()],
        text: format!(
            "when all clients of `{name}` are switched, let it serve by `{former}` no more"
        ),
        commands: vec![format!("larder add-cache {name} --serve {new}")],
    })
}
