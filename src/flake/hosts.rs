//! From the value of `nixosConfigurations` to what is said of each host.

use std::rc::Rc;

use rnix::ast;
use rowan::ast::AstNode;

use crate::diagnostic::Diagnostic;
use crate::flake::eval::Eval;
use crate::flake::eval::value::{Attrs, Origin, Span, System, Value};
use crate::flake::found::{Entry, EntryKind, Found, FoundHost};
use crate::flake::members::{self, Member};
use crate::flake::own::{self, Answer};
use crate::flake::reach::Listed;
use crate::flake::told::Told;
use crate::flake::{guess, shape};
use crate::nix::range_of;
use crate::repo::{Repo, RepoPath};

/// The hosts that `nixosConfigurations` has.
pub(super) fn found(eval: &mut Eval, flake: &RepoPath, configurations: &Attrs) -> Found {
    let mut listed = Vec::new();
    let mut entries = Vec::new();
    for (name, slot) in &configurations.slots {
        let value = eval.force(&slot.value);
        let entry = slot
            .origin
            .as_deref()
            .map(|origin| entry_of(eval.repo, origin));
        listed.push(list(eval, name, &value, entry.as_ref()));
        entries.push(entry);
    }
    let answers = own::choose(eval, &listed);
    let hosts = listed.iter().zip(entries).zip(answers);
    let hosts = hosts
        .map(|((host, entry), answer)| describe(eval, host, entry, answer))
        .collect();
    let notes = configurations
        .why_open()
        .map(|why| open(&why))
        .into_iter()
        .collect();
    Found {
        hosts,
        flake: flake.clone(),
        notes,
    }
}

fn open(why: &str) -> Diagnostic {
    Diagnostic::note(
        "hosts-open",
        format!("there may be more hosts than were found: {why}"),
    )
}

/// A host and its modules, or what stands in its entry if the value is not known.
fn list(eval: &mut Eval, name: &str, value: &Value, entry: Option<&Entry>) -> Listed {
    let name = name.to_owned();
    if let Some(system) = system_of(value) {
        let members = members::members(eval, &system);
        return Listed {
            name,
            members,
            system: Some(system),
            is_told: false,
        };
    }
    let why = match value {
        Value::Unknown(why) => why.to_string(),
        other => format!("it is {}", other.kind()),
    };
    let mut members = vec![(0, Member::Unknown(why))];
    let written = guess::in_entry(eval, entry).into_iter();
    members.extend(written.map(|place| (0, Member::File(place))));
    Listed {
        name,
        members,
        system: None,
        is_told: false,
    }
}

/// As [`found`]; the hosts are those that Nix names, and what it lists for one of
/// them is what that host is made of.
pub(super) fn found_told(
    eval: &mut Eval,
    flake: &RepoPath,
    configurations: Option<&Attrs>,
    told: &Told,
) -> Found {
    let mut listed = Vec::new();
    let mut entries = Vec::new();
    for name in &told.names {
        let slot = configurations.and_then(|all| all.slots.get(name.as_str()));
        let value = slot.map(|slot| eval.force(&slot.value));
        let value = value.unwrap_or_else(|| Value::unknown("only Nix knows it"));
        let origin = slot.and_then(|slot| slot.origin.as_deref());
        let entry = origin.map(|origin| entry_of(eval.repo, origin));
        let mut host = list(eval, name, &value, entry.as_ref());
        if let Some(told) = told.host(name) {
            host.members = told.members(eval);
            host.is_told = true;
        }
        listed.push(host);
        entries.push(entry);
    }
    let answers = own::choose(eval, &listed);
    let hosts = listed.iter().zip(entries).zip(answers);
    let mut hosts: Vec<FoundHost> = hosts
        .map(|((host, entry), answer)| describe(eval, host, entry, answer))
        .collect();
    for host in &mut hosts {
        let said = told.hosts.iter().find(|one| one.name == host.name);
        if let Some(why) = said.and_then(|one| one.why_not.as_ref()) {
            host.how = format!("{}; {why}", host.how);
        }
    }
    Found {
        hosts,
        flake: flake.clone(),
        notes: Vec::new(),
    }
}

fn describe(eval: &mut Eval, host: &Listed, entry: Option<Entry>, answer: Answer) -> FoundHost {
    let maker = host.system.as_ref().and_then(|system| system.maker.clone());
    let knows_list = host.system.is_some() || host.is_told;
    let answer = if answer.place.is_none() && !knows_list {
        guess::for_host(eval, host, answer)
    } else {
        answer
    };
    FoundHost {
        name: host.name.clone(),
        system: host
            .system
            .as_ref()
            .and_then(|system| platform(eval, system)),
        shape: shape::of(
            eval.repo,
            maker.as_deref(),
            answer.place.as_ref(),
            entry.as_ref(),
        ),
        within: answer.place.as_ref().and_then(|place| place.within.clone()),
        modules: whole_files(host),
        is_list: answer.place.as_ref().is_some_and(|place| place.in_list),
        // What was found without the host's own list is never certain.
        confirm: answer.place.is_some() && (answer.confirm || !knows_list),
        module: answer.place.map(|place| place.file),
        how: if host.is_told {
            format!("{}, as Nix says", answer.how)
        } else {
            answer.how
        },
        candidates: answer.candidates,
        entry,
    }
}

/// The host's modules, if the flake lists nothing but files.
fn whole_files(host: &Listed) -> Option<Vec<RepoPath>> {
    if host.system.is_none() || host.is_told {
        return None;
    }
    // Where the list itself is written is no module.
    let members = host.members.iter().map(|(_, member)| member);
    let modules = members.filter(|member| !matches!(member, Member::List(_)));
    let file = |member: &Member| match member {
        Member::File(place) if place.within.is_none() => Some(place.file.clone()),
        _ => None,
    };
    modules.map(file).collect()
}

fn platform(eval: &mut Eval, system: &System) -> Option<String> {
    match eval.select(&system.args, "system") {
        Value::Str(text) => Some(text.text.to_string()),
        _ => None,
    }
}

/// The system that a host's value is, also under `// { … }`.
fn system_of(value: &Value) -> Option<Rc<System>> {
    match value {
        Value::System(system) => Some(system.clone()),
        // A set that lists modules is what a system is called with.
        Value::Attrs(attrs) if attrs.slots.contains_key("modules") => Some(Rc::new(System {
            args: value.clone(),
            extra: Vec::new(),
            maker: None,
        })),
        Value::Attrs(attrs) => attrs.rest.as_ref().and_then(system_of),
        _ => None,
    }
}

/// The line that makes a host. A name in a row of a list stands for the row.
fn entry_of(repo: &Repo, origin: &Origin) -> Entry {
    let nowhere = |file: &RepoPath| Span {
        file: file.clone(),
        range: 0..0,
    };
    let (kind, span) = match origin {
        Origin::Binding(span) => (EntryKind::Binding, span.clone()),
        Origin::Text(span) | Origin::Set(span) | Origin::Part(span, _) => item_of(repo, span),
        Origin::Dir(path) => (EntryKind::Directory, nowhere(path)),
        Origin::File(path) => (EntryKind::Data, nowhere(path)),
        Origin::Data(span) => (EntryKind::Data, span.clone()),
    };
    Entry {
        file: span.file,
        range: span.range,
        kind,
    }
}

/// The item of a list in which a name stands.
fn item_of(repo: &Repo, span: &Span) -> (EntryKind, Span) {
    let file = repo.nix(&span.file).and_then(Result::ok);
    let name = file.and_then(|nix| nix.node_at(&span.range));
    let mut node = name.clone();
    while let Some(here) = node {
        let above = here.parent();
        if above
            .as_ref()
            .is_some_and(|above| ast::List::can_cast(above.kind()))
        {
            let kind = if Some(&here) == name.as_ref() {
                EntryKind::Name
            } else {
                EntryKind::Row
            };
            return (
                kind,
                Span {
                    file: span.file.clone(),
                    range: range_of(&here),
                },
            );
        }
        let within_row = [
            ast::AttrpathValue::can_cast,
            ast::AttrSet::can_cast,
            ast::Paren::can_cast,
            ast::Apply::can_cast,
        ];
        node = above.filter(|above| within_row.iter().any(|can_cast| can_cast(above.kind())));
    }
    (EntryKind::Name, span.clone())
}
