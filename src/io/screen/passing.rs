//! A line on the terminal that the next one replaces.

use dialoguer::console::{Term, truncate_str};

use super::Screen;
use crate::report;

impl Screen {
    /// Shows what larder is doing, until the next such line. Nothing where standard error is
    /// no terminal, and with `--quiet`.
    pub fn passing(&self, text: &str) {
        let terminal = Term::stderr();
        if self.quiet || self.json || !terminal.is_term() {
            return;
        }
        let width = usize::from(terminal.size().1).saturating_sub(1);
        let text = report::visible(text);
        // A failure to show progress is no reason to stop.
        drop(terminal.clear_line());
        drop(terminal.write_str(&truncate_str(&text, width, "…")));
    }

    /// Takes the line away that [`Screen::passing`] has left.
    pub fn passed(&self) {
        let terminal = Term::stderr();
        if !self.quiet && !self.json && terminal.is_term() {
            drop(terminal.clear_line());
        }
    }
}
