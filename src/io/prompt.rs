//! A prompt that ends well however it ends.
//!
//! dialoguer hides the cursor in menus and, without a handler of ours, dies of
//! Ctrl-C with the cursor hidden. With a handler the read is interrupted and the
//! prompt comes back as an error; then the cursor is shown again.
//!
//! dialoguer makes the terminal raw for each key and cooked again between two.
//! A Ctrl-C that meets the cooked terminal is a signal that interrupts no read,
//! and the prompt would wait on. So Ctrl-C is a key like any other for as long as
//! the prompt lasts: it waits in the queue until it is read.

use std::io::stdin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use dialoguer::console::Term;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use signal_hook::SigId;
use signal_hook::consts::SIGINT;

use crate::diagnostic::{Diagnostic, Stop};

/// Runs a prompt; breaking off with Esc or Ctrl-C is a stop without any change.
pub(super) fn answered<T>(
    prompt: impl FnOnce() -> dialoguer::Result<Option<T>>,
) -> Result<T, Stop> {
    let guard = Guard::set();
    let answer = prompt();
    let interrupted = guard.interrupted();
    drop(guard);
    match answer {
        _ if interrupted => Err(broken_off()),
        Ok(Some(answer)) => Ok(answer),
        Ok(None) => Err(broken_off()),
        Err(dialoguer::Error::IO(error)) if error.kind() == std::io::ErrorKind::Interrupted => {
            Err(broken_off())
        }
        Err(error) => Err(super::fault("cannot ask")(error)),
    }
}

fn broken_off() -> Stop {
    Diagnostic::note("broken-off", "broken off; nothing was written").into()
}

/// While it lives Ctrl-C interrupts the prompt instead of killing larder.
struct Guard {
    handler: Option<SigId>,
    flag: Arc<AtomicBool>,
    before: Option<Termios>,
}

impl Guard {
    fn set() -> Self {
        let flag = Arc::new(AtomicBool::new(false));
        Self {
            // Without a handler Ctrl-C still ends larder, only less kindly.
            handler: signal_hook::flag::register(SIGINT, flag.clone()).ok(),
            flag,
            before: read_keys(),
        }
    }

    fn interrupted(&self) -> bool {
        self.flag.load(Ordering::SeqCst)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(before) = self.before.take() {
            // A terminal that is gone needs no mending.
            let _ = tcsetattr(stdin(), OptionalActions::Drain, &before);
        }
        if let Some(id) = self.handler.take() {
            signal_hook::low_level::unregister(id);
        }
        // A terminal that is gone has no cursor to show.
        drop(Term::stderr().show_cursor());
    }
}

/// The terminal hands over keys, Ctrl-C among them; its modes so far come back.
fn read_keys() -> Option<Termios> {
    let before = tcgetattr(stdin()).ok()?;
    let mut keys = before.clone();
    keys.local_modes -= LocalModes::ISIG | LocalModes::ICANON | LocalModes::ECHO;
    tcsetattr(stdin(), OptionalActions::Drain, &keys).ok()?;
    Some(before)
}
