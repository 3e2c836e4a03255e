//! From the value of `nixosConfigurations` to what is known of each host.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::diagnostic::Diagnostic;
use crate::flake::discovery::{Discovery, FlakeEntry, FoundHost, HOSTS_OPEN};
use crate::flake::eval::Eval;
use crate::flake::eval::modules::CALL;
use crate::flake::eval::value::{Attrs, FileSpan, NixosSystem, Slot, Value};
use crate::flake::flake_module::FlakeModule;
use crate::flake::host_module::{
    Choice, ListedHost, ListedModule, ModuleRef, choose, modules_in_answer, modules_in_entry,
    modules_of,
};
use crate::flake::nix_answer::NixAnswer;
use crate::flake::origin::entry_of;
use crate::flake::shape;
use crate::repo::RepoPath;

/// The hosts that `nixosConfigurations` has.
pub(super) fn found(eval: &mut Eval, flake: &RepoPath, configurations: &Attrs) -> Discovery {
    let slots = configurations.slots.iter();
    let hosts = slots.map(|(name, slot)| listed(eval, name, Some(slot)));
    let (hosts, entries): (Vec<_>, _) = hosts.unzip();
    let why_open = configurations.why_open();
    Discovery {
        hosts: described(eval, &hosts, entries),
        flake: flake.clone(),
        parts: BTreeSet::new(),
        notes: why_open.iter().map(|why| open(why)).collect(),
    }
}

/// As [`found`]; the hosts are those that Nix names, and the modules that it lists for
/// one of them are what that host is made of.
pub(super) fn found_by_nix(
    eval: &mut Eval,
    flake: &RepoPath,
    configurations: Option<&Attrs>,
    answer: &NixAnswer,
) -> Discovery {
    let hosts = answer.names.iter().map(|name| {
        let slot = configurations.and_then(|all| all.slots.get(name.as_str()));
        let (mut host, entry) = listed(eval, name, slot);
        let evaluated = answer.host(name).filter(|host| host.why_not.is_none());
        if let Some(evaluated) = evaluated {
            host.modules = modules_in_answer(eval, evaluated);
            host.is_from_nix = true;
        }
        (host, entry)
    });
    let (hosts, entries): (Vec<_>, _) = hosts.unzip();
    let mut hosts = described(eval, &hosts, entries);
    for host in &mut hosts {
        let evaluated = answer.host(&host.name);
        if let Some(why) = evaluated.and_then(|one| one.why_not.as_ref()) {
            host.how = format!("{}; {why}", host.how);
        }
    }
    Discovery {
        hosts,
        flake: flake.clone(),
        parts: BTreeSet::new(),
        notes: Vec::new(),
    }
}

fn open(why: &str) -> Diagnostic {
    let message = format!("there may be more hosts than were found: {why}");
    Diagnostic::note(HOSTS_OPEN, message)
        .help("name one that is missing: `larder init --module HOST=PATH`")
        .help("or let Nix itself say which hosts there are: `larder init --eval`")
}

/// A host with its modules, or those in its entry if its value is not known, and the
/// entry.
fn listed(eval: &mut Eval, name: &str, slot: Option<&Slot>) -> (ListedHost, Option<FlakeEntry>) {
    let value = match slot {
        Some(slot) => eval.force(&slot.value),
        None => Value::unknown("only Nix knows it"),
    };
    let origin = slot.and_then(|slot| slot.origin.as_deref());
    let entry = origin.map(|origin| entry_of(eval.repo, origin));
    let system = system_of(eval, &value);
    let host = ListedHost {
        name: name.to_owned(),
        modules: match &system {
            Some(system) => modules_of(eval, system),
            None => unlisted(eval, &value, entry.as_ref()),
        },
        system,
        is_from_nix: false,
    };
    (host, entry)
}

/// The modules of a host in the order of the flake, without the places where a list of
/// them is written.
pub(super) fn listed_modules(
    eval: &mut Eval,
    name: &str,
    slot: Option<&Slot>,
) -> Vec<ListedModule> {
    let (host, _) = listed(eval, name, slot);
    let modules = host.modules.into_iter().map(|(_, module)| module);
    let is_list = |module: &ListedModule| matches!(module, ListedModule::List(_));
    modules.filter(|module| !is_list(module)).collect()
}

fn unlisted(eval: &Eval, value: &Value, entry: Option<&FlakeEntry>) -> Vec<(usize, ListedModule)> {
    let why = match value {
        Value::Unknown(why) => why.to_string(),
        other => format!("it is {}", other.kind()),
    };
    let written = modules_in_entry(eval, entry).into_iter();
    let written = written.map(|(level, module)| (level, ListedModule::File(module)));
    let unknown = std::iter::once((0, ListedModule::Unknown(why)));
    unknown.chain(written).collect()
}

fn described(
    eval: &mut Eval,
    hosts: &[ListedHost],
    entries: Vec<Option<FlakeEntry>>,
) -> Vec<FoundHost> {
    let choices = choose(eval, hosts);
    let all = hosts.iter().zip(entries).zip(choices);
    let mut found: Vec<FoundHost> = all
        .map(|((host, entry), choice)| describe(eval, host, entry, choice))
        .collect();
    without_variants(&mut found);
    found
}

/// An entry of which the flake makes several hosts (`"${name}-rescue"`) is that of the one
/// with the shortest name.
fn without_variants(hosts: &mut [FoundHost]) {
    let mut owners: BTreeMap<(RepoPath, usize), String> = BTreeMap::new();
    let place = |host: &FoundHost| {
        let entry = host
            .entry
            .as_ref()
            .filter(|entry| !entry.range.is_empty())?;
        Some((entry.file.clone(), entry.range.start))
    };
    for host in hosts.iter() {
        let Some(place) = place(host) else { continue };
        let owner = owners.entry(place).or_insert_with(|| host.name.clone());
        if host.name.len() < owner.len() {
            owner.clone_from(&host.name);
        }
    }
    for host in hosts.iter_mut() {
        let owner = place(host).and_then(|place| owners.get(&place));
        if owner.is_some_and(|owner| *owner != host.name) {
            host.entry = None;
        }
    }
}

fn describe(
    eval: &mut Eval,
    host: &ListedHost,
    entry: Option<FlakeEntry>,
    choice: Choice,
) -> FoundHost {
    let system = host.system.as_ref();
    let module = choice.module.as_ref();
    FoundHost {
        name: host.name.clone(),
        system: system.and_then(|system| platform(eval, system)),
        shape: shape::of(
            eval.repo,
            system.and_then(|system| system.maker.as_deref()),
            module,
            entry.as_ref(),
        ),
        within: module.and_then(|module| module.within.clone()),
        modules: flake_modules(host),
        is_list: module.is_some_and(|module| module.in_list),
        confirm: module.is_some() && choice.confirm,
        module: choice.module.map(|module| module.file),
        how: if host.is_from_nix {
            format!("{}, as Nix says", choice.how)
        } else {
            choice.how
        },
        candidates: choice.candidates,
        entry,
    }
}

/// The modules as the flake lists them. What is only written in the entry of a host that
/// could not be followed is a guess, and left out.
fn flake_modules(host: &ListedHost) -> Vec<FlakeModule> {
    let is_known = host.is_known();
    let modules = host.modules.iter();
    let listed = modules.filter_map(|(_, module)| match module {
        ListedModule::Unknown(why) => Some(FlakeModule::Unknown(why.clone())),
        ListedModule::File(module) if is_known => Some(module_at(module)),
        ListedModule::Inline(span) => {
            let FileSpan { file, range } = span.clone();
            Some(FlakeModule::Inline(file, range))
        }
        ListedModule::Foreign(name) => Some(FlakeModule::OfInput(name.clone())),
        // The place where the list itself is written is no module.
        ListedModule::File(_) | ListedModule::List(_) => None,
    });
    listed.collect()
}

fn module_at(module: &ModuleRef) -> FlakeModule {
    let file = module.file.clone();
    match &module.within {
        Some(within) => FlakeModule::Attribute(file, within.clone()),
        None => FlakeModule::File(file),
    }
}

fn platform(eval: &mut Eval, system: &NixosSystem) -> Option<String> {
    match eval.select(&system.args, "system") {
        Value::Str(text) => Some(text.text.to_string()),
        _ => None,
    }
}

/// The system that a host's value is, also under `// { … }`.
pub(super) fn system_of(eval: &mut Eval, value: &Value) -> Option<Rc<NixosSystem>> {
    let called_with = |args| {
        Some(Rc::new(NixosSystem {
            args,
            extra: Vec::new(),
            maker: None,
        }))
    };
    match value {
        Value::System(system) => Some(system.clone()),
        // `lib.evalModules`, which `nixosSystem` is when all is said.
        Value::Attrs(attrs) if attrs.slots.contains_key(CALL) => {
            called_with(eval.select(value, CALL))
        }
        // A set that lists modules is what a system is called with.
        Value::Attrs(attrs) if attrs.slots.contains_key("modules") => called_with(value.clone()),
        Value::Attrs(attrs) => system_of(eval, &attrs.rest.clone()?),
        _ => None,
    }
}
