//! What one question to Nix may cost.

use std::time::Duration;

use crate::command::AskNix;

/// The limits of one question.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// The time after which Nix is killed.
    pub time: Duration,
    /// The memory of one process, in MiB.
    pub memory: u64,
    /// Inputs that are not in the store may be fetched over the network.
    pub online: bool,
}

impl From<AskNix> for Bounds {
    fn from(flags: AskNix) -> Self {
        Self {
            time: Duration::from_secs(flags.eval_timeout),
            memory: flags.eval_memory,
            online: flags.online,
        }
    }
}
