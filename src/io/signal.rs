//! Ctrl-C: outside of prompts and transactions it ends larder at once, as it would without
//! handlers; during a transaction, and while machines or Nix are asked, it is a request to stop.
//!
//! A second Ctrl-C kills the process at once; the next larder then recovers from the
//! journal.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

static ASKED_TO_STOP: OnceLock<Arc<AtomicBool>> = OnceLock::new();
static CTRL_C: OnceLock<CtrlC> = OnceLock::new();

/// What Ctrl-C does before [`watch`]. A handler that is registered once cannot be taken back:
/// without its actions the signal would be ignored.
struct CtrlC {
    /// It ends the process.
    ends: Arc<AtomicBool>,
    /// It was pressed.
    pressed: Arc<AtomicBool>,
}

/// From now on, a first SIGINT, SIGTERM or SIGHUP sets a flag and does not end the process.
pub(in crate::io) fn watch() {
    if let Some(ctrl_c) = CTRL_C.get() {
        ctrl_c.ends.store(false, Ordering::SeqCst);
    }
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

/// As long as this exists, Ctrl-C ends nothing and is noted.
pub(in crate::io) struct CtrlCHeld(&'static CtrlC);

impl CtrlCHeld {
    /// Holds Ctrl-C from now on.
    pub(in crate::io) fn hold() -> Self {
        let ctrl_c = CTRL_C.get_or_init(|| {
            let ctrl_c = CtrlC {
                ends: Arc::default(),
                pressed: Arc::default(),
            };
            // Both fail only for signals that cannot be caught.
            drop(flag::register_conditional_default(
                SIGINT,
                ctrl_c.ends.clone(),
            ));
            drop(flag::register(SIGINT, ctrl_c.pressed.clone()));
            ctrl_c
        });
        ctrl_c.ends.store(false, Ordering::SeqCst);
        ctrl_c.pressed.store(false, Ordering::SeqCst);
        Self(ctrl_c)
    }

    /// True if it was pressed meanwhile.
    pub(in crate::io) fn was_pressed(&self) -> bool {
        self.0.pressed.load(Ordering::SeqCst)
    }
}

impl Drop for CtrlCHeld {
    fn drop(&mut self) {
        let is_watched = ASKED_TO_STOP.get().is_some();
        self.0.ends.store(!is_watched, Ordering::SeqCst);
    }
}
