//! Ctrl-C during a transaction: the change is rolled back before larder ends.
//!
//! A second Ctrl-C kills the process at once; the next larder then recovers from the
//! journal.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

static ASKED_TO_STOP: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// From now on, a first SIGINT, SIGTERM or SIGHUP sets a flag and does not end the process.
pub(in crate::io) fn watch() {
    ASKED_TO_STOP.get_or_init(|| {
        let asked = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            // Both fail only for signals that cannot be caught, and these can.
            drop(flag::register_conditional_shutdown(
                signal,
                128 + signal,
                asked.clone(),
            ));
            drop(flag::register(signal, asked.clone()));
        }
        asked
    });
}

/// True after one of the signals.
pub(in crate::io) fn asked_to_stop() -> bool {
    let asked = ASKED_TO_STOP.get();
    asked.is_some_and(|asked| asked.load(Ordering::SeqCst))
}
