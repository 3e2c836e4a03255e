//! The synopsis of a command's page, with the values that its options take.

use clap::{Arg, ArgAction, Command};

/// The page with this synopsis in place of that of `clap_mangen`, which shows no values.
pub(super) fn with_values(page: &str, command: &Command) -> String {
    const HEADING: &str = ".SH SYNOPSIS\n";
    let Some((before, rest)) = page.split_once(HEADING) else {
        return page.to_owned();
    };
    let after = rest.find(".SH ").map_or("", |at| &rest[at..]);
    format!("{before}{HEADING}{}\n{after}", line(command))
}

/// The command, its options, its arguments; the options of every command are one word.
fn line(command: &Command) -> String {
    let own = |arg: &&Arg| !arg.is_hide_set() && !arg.is_global_set() && !is_usual(arg);
    let (places, options): (Vec<&Arg>, Vec<&Arg>) = command
        .get_arguments()
        .filter(own)
        .partition(|arg| arg.is_positional());
    let mut words = vec![format!(r"\fB{}\fR", command.get_name())];
    words.extend(options.into_iter().map(option));
    words.push(r"[\fIGLOBAL OPTIONS\fR]".to_owned());
    words.extend(places.into_iter().map(place));
    if command.has_subcommands() {
        words.push(r"\fICOMMAND\fR".to_owned());
    }
    words.join(" ").replace('-', r"\-")
}

fn is_usual(arg: &Arg) -> bool {
    ["help", "version"].contains(&arg.get_id().as_str())
}

fn option(arg: &Arg) -> String {
    let long = arg.get_long().map(|long| format!("--{long}"));
    let short = arg.get_short().map(|short| format!("-{short}"));
    let name = long.or(short).unwrap_or_default();
    let value = match arg.get_action() {
        ArgAction::Set | ArgAction::Append => format!(r" \fI{}\fR", value(arg)),
        _ => String::new(),
    };
    optional(arg, &format!(r"\fB{name}\fR{value}"))
}

fn place(arg: &Arg) -> String {
    optional(arg, &format!(r"\fI{}\fR", value(arg)))
}

/// In brackets unless it is needed; with dots where it may come again.
fn optional(arg: &Arg, text: &str) -> String {
    let text = if arg.is_required_set() {
        text.to_owned()
    } else {
        format!("[{text}]")
    };
    match arg.get_action() {
        ArgAction::Append | ArgAction::Count => text + "...",
        _ => text,
    }
}

/// The placeholder of its value.
fn value(arg: &Arg) -> String {
    let names = arg.get_value_names().unwrap_or_default();
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    if names.is_empty() {
        arg.get_id().as_str().to_uppercase().replace('_', "-")
    } else {
        names.join(" ")
    }
}
