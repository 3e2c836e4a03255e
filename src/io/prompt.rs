//! A prompt that restores the terminal however it ends.
//!
//! dialoguer hides the cursor in menus. Without a handler of ours, Ctrl-C kills larder with
//! the cursor hidden. With a handler, the read is interrupted and the prompt returns an
//! error; then the cursor is shown again.
//!
//! dialoguer puts the terminal into raw mode for each key, and into cooked mode between two
//! keys. In cooked mode, Ctrl-C is a signal, which interrupts no read, and the prompt would
//! go on. So signals by keys are off while a prompt runs, and Ctrl-C is a key in the input
//! queue until dialoguer reads it.

pub(super) mod confirm;

use std::io::stdin;

use dialoguer::console::Term;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use super::signal::CtrlCHeld;
use crate::diagnostic::{Diagnostic, Stop};

/// Runs a prompt. Esc and Ctrl-C cancel the command.
pub(super) fn run<T>(prompt: impl FnOnce() -> dialoguer::Result<Option<T>>) -> Result<T, Stop> {
    let guard = TerminalGuard::set();
    let answer = prompt();
    let interrupted = guard.interrupted();
    drop(guard);
    match answer {
        _ if interrupted => Err(cancelled()),
        Ok(Some(answer)) => Ok(answer),
        Ok(None) => Err(cancelled()),
        Err(dialoguer::Error::IO(error)) if error.kind() == std::io::ErrorKind::Interrupted => {
            Err(cancelled())
        }
        Err(error) => Err(super::fault("cannot show the prompt")(error)),
    }
}

/// The user has broken off.
pub(super) fn cancelled() -> Stop {
    Diagnostic::note("cancelled", "cancelled; nothing was written").into()
}

/// As long as this exists, Ctrl-C interrupts the prompt and does not kill larder.
struct TerminalGuard {
    ctrl_c: CtrlCHeld,
    /// The modes of the terminal before the prompt.
    modes: Option<Termios>,
}

impl TerminalGuard {
    fn set() -> Self {
        Self {
            ctrl_c: CtrlCHeld::hold(),
            modes: disable_signal_keys(),
        }
    }

    fn interrupted(&self) -> bool {
        self.ctrl_c.was_pressed()
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        if let Some(modes) = self.modes.take() {
            // Fails only if the terminal is gone.
            let _ = tcsetattr(stdin(), OptionalActions::Drain, &modes);
        }
        // Fails only if the terminal is gone.
        drop(Term::stderr().show_cursor());
    }
}

/// Makes the terminal deliver Ctrl-C as a key. Returns the modes so far.
fn disable_signal_keys() -> Option<Termios> {
    let before = tcgetattr(stdin()).ok()?;
    let mut keys = before.clone();
    keys.local_modes -= LocalModes::ISIG | LocalModes::ICANON | LocalModes::ECHO;
    tcsetattr(stdin(), OptionalActions::Drain, &keys).ok()?;
    Some(before)
}
