//! A yes-or-no question to which `?` is an answer as well. Looks and works like dialoguer's
//! own, which passes over any other key.

use std::io;

use dialoguer::console::{Key, Term, measure_text_width};
use dialoguer::theme::Theme;

/// What was pressed.
pub(in crate::io) enum Answer {
    /// `y` or `n`, or Enter for the default.
    Said(bool),
    /// `?`: the question needs more words.
    Why,
}

/// Asks until one of the keys is pressed; `None`: the user breaks off.
pub(in crate::io) fn ask(
    theme: &dyn Theme,
    text: &str,
    default: bool,
) -> dialoguer::Result<Option<Answer>> {
    let term = Term::stderr();
    let mut shown = String::new();
    theme
        .format_confirm_prompt(&mut shown, text, Some(default))
        .map_err(io::Error::other)?;
    term.write_str(&shown)?;
    term.hide_cursor()?;
    let answer = answer(&term, default)?;
    clear(&term, &shown)?;
    if let Some(Answer::Said(yes)) = answer {
        shown.clear();
        theme
            .format_confirm_prompt_selection(&mut shown, text, Some(yes))
            .map_err(io::Error::other)?;
        term.write_line(&shown)?;
    }
    term.show_cursor()?;
    Ok(answer)
}

fn answer(term: &Term, default: bool) -> io::Result<Option<Answer>> {
    loop {
        return Ok(Some(match term.read_key()? {
            Key::Char('y' | 'Y') => Answer::Said(true),
            Key::Char('n' | 'N') => Answer::Said(false),
            Key::Enter => Answer::Said(default),
            Key::Char('?') => Answer::Why,
            Key::Escape | Key::Char('q') => return Ok(None),
            _ => continue,
        }));
    }
}

/// The question may take several rows.
fn clear(term: &Term, shown: &str) -> io::Result<()> {
    let (_, columns) = term.size();
    let columns = usize::from(columns).max(1);
    let rows_above = measure_text_width(shown).saturating_sub(1) / columns;
    term.clear_line()?;
    term.clear_last_lines(rows_above)
}
