//! Makes the repository say what the inventory says.
//!
//! Every verb edits the inventory and then calls [`reconcile`]; `sync` only
//! calls [`reconcile_all`]. So what a verb writes and what `sync` would write are the same by
//! construction, and a second run changes nothing.

mod flake_parts;
mod leftovers;
mod missing_module;
mod moved_imports;
mod style;

use std::collections::{BTreeMap, BTreeSet};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use self::moved_imports::MovedImports;
use super::plan_builder::{OwnedTexts, PlanBuilder};
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::Fleet;
use crate::nix::{AttrPath, Literal, NixFile, Refusal, Scope, edit, tokens_equal};
use crate::repo::{Repo, RepoPath};
use crate::text::{TextEdit, unresolved_conflict};
use crate::wiring;

/// What may be done to an owned module that somebody has edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HandEdits {
    /// Stop and point at it.
    Refuse,
    /// Write over it; the diff has shown what is lost.
    Overwrite,
}

/// How far the repository is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// What differs between the old fleet and the new one. The rest was right, or
    /// is for `lint` and `sync` to find: a fleet may have 10,000 hosts.
    Differences,
    /// Everything, whether it changes or not.
    Everything,
}

/// Brings owned modules and imports from what `old` meant to what `new` means.
///
/// `old` is the fleet that the repository's present files were made from.
pub(super) fn reconcile(builder: &mut PlanBuilder, old: &Fleet, new: &Fleet) -> Result<(), Stop> {
    sync_wiring(builder, old, new, HandEdits::Refuse, Extent::Differences)
}

/// As [`reconcile`], and puts right what is not as `new` means it for whatever
/// reason.
pub(super) fn reconcile_all(
    builder: &mut PlanBuilder,
    old: &Fleet,
    new: &Fleet,
    hand_edits: HandEdits,
) -> Result<(), Stop> {
    sync_wiring(builder, old, new, hand_edits, Extent::Everything)
}

fn sync_wiring(
    builder: &mut PlanBuilder,
    old: &Fleet,
    new: &Fleet,
    hand_edits: HandEdits,
    extent: Extent,
) -> Result<(), Stop> {
    let wants = wiring::render(new).map_err(Stop::Refused)?;
    // Before they are gone: an import may name a folder that they were in.
    let dirs = match extent {
        Extent::Differences => Vec::new(),
        Extent::Everything => leftovers::dirs(builder.repo(), new),
    };
    let paths = match extent {
        Extent::Differences => differing(&builder.expected(old), &wants),
        Extent::Everything => {
            let stale = leftovers::stale(builder.repo(), &dirs, &wants);
            let deleted = leftovers::deleted(builder.repo(), &builder.expected(old));
            let gone = stale.into_iter().chain(deleted);
            wants.keys().cloned().chain(gone).collect()
        }
    };
    write_modules(builder, &wants, &paths, hand_edits)?;
    sync_imports(builder, old, new, extent, &dirs)
}

/// The paths at which two renderings differ.
fn differing(old: &OwnedTexts, new: &OwnedTexts) -> BTreeSet<String> {
    let paths = old.keys().chain(new.keys());
    let differing = paths.filter(|path| old.get(*path) != new.get(*path));
    differing.cloned().collect()
}

/// Makes the modules at these paths what they should be.
fn write_modules(
    builder: &mut PlanBuilder,
    wants: &OwnedTexts,
    paths: &BTreeSet<String>,
    hand_edits: HandEdits,
) -> Result<(), Stop> {
    read_ahead(builder, paths);
    let edited: Vec<Diagnostic> = paths
        .iter()
        .filter_map(|path| write_module(builder, path, wants.get(path), hand_edits))
        .collect();
    if edited.is_empty() {
        Ok(())
    } else {
        Err(Stop::Refused(edited))
    }
}

/// What stands in the way, if something does.
fn write_module(
    builder: &mut PlanBuilder,
    path: &str,
    want: Option<&String>,
    hand_edits: HandEdits,
) -> Option<Diagnostic> {
    let place = owned_path(builder, path)?;
    let is = builder.repo().text(&place).ok().flatten();
    if let (Some(is), Some(want)) = (&is, want)
        && tokens_equal(is, want)
    {
        return None;
    }
    let want = want.map(String::as_str);
    let may_go = is.is_none_or(|is| wiring::may_be_rewritten(path, &is, want));
    if !may_go {
        if hand_edits == HandEdits::Refuse {
            return Some(edited_by_hand(builder, &place));
        }
        builder.note_overwritten(&place);
    }
    builder.set_owned(&place, want);
    None
}

/// Brings the texts of owned modules in on all cores.
fn read_ahead(builder: &PlanBuilder, paths: &BTreeSet<String>) {
    let read = |path: &String| owned_path(builder, path).map(|path| builder.repo().text(&path));
    paths.par_iter().for_each(|path| drop(read(path)));
}

fn owned_path(builder: &PlanBuilder, path: &str) -> Option<RepoPath> {
    builder.repo().path(path)
}

fn edited_by_hand(builder: &PlanBuilder, path: &RepoPath) -> Diagnostic {
    let shown = builder.repo().shown(path);
    let text = builder.repo().text(path).ok().flatten();
    let what = match text.and_then(|text| unresolved_conflict(&text)) {
        Some(_) => "was edited by hand, and is in conflict",
        None => "is not what larder wrote",
    };
    Diagnostic::error(
        "owned-file-edited",
        format!("`{shown}` is larder's, and {what}"),
    )
    .about(&shown)
    .help("move your own settings into a module of yours")
    .help("then `larder sync --overwrite` writes it anew and shows the difference first")
}

/// Gives each host module the import that it needs, and takes away those that
/// it had and needs no longer.
fn sync_imports(
    builder: &mut PlanBuilder,
    old: &Fleet,
    new: &Fleet,
    extent: Extent,
    dirs: &[RepoPath],
) -> Result<(), Stop> {
    let had = imports(builder.repo(), old);
    let wants = imports(builder.repo(), new);
    let gone: Vec<&ImportLine> = had.difference(&wants).collect();
    let has_swapped = match extent {
        Extent::Differences => {
            let moved = take_out_each(builder, gone)?;
            leftovers::take_out_moved(builder, &unwanted(&moved, &wants))?;
            false
        }
        Extent::Everything => {
            let unwanted = unwanted(&gone, &wants);
            let (name, modules) = (&new.dir, modules(&wants));
            let has_swapped = leftovers::take_out_all(builder, name, dirs, &unwanted, &modules)?;
            take_out_each(builder, gone)?;
            has_swapped
        }
    };
    let wanted: Vec<&ImportLine> = match extent {
        Extent::Differences => wants.difference(&had).collect(),
        Extent::Everything => wants.iter().collect(),
    };
    let moved = match extent {
        Extent::Everything if !has_swapped => MovedImports::in_all(builder, new),
        _ => MovedImports::in_edited(builder),
    };
    let style = style::of(builder.repo());
    missing_module::refuse(builder, new, wanted.iter().map(|import| &*import.module))?;
    edit_each(builder, wanted, |builder, import| {
        import_edit(builder, import, |file, scope, list, item| {
            let edit = edit::ensure_item_in(style, file, scope, list, item)?;
            let owned = builder.repo().path(&import.stub);
            let is_elsewhere = || owned.is_some_and(|path| moved.has(&import.stub, &path));
            if edit.is_empty() || is_elsewhere() {
                return Ok(TextEdit::empty());
            }
            if import.within.is_none() {
                flake_parts::refuse(builder, new, &import.module, file)?;
            }
            Ok(edit)
        })
    })?;
    Ok(())
}

/// Which owned modules each host module is to import.
fn modules(wants: &BTreeSet<ImportLine>) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut modules: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for import in wants {
        let stubs = modules.entry(&import.module).or_default();
        stubs.insert(&import.stub);
    }
    modules
}

/// The owned modules of these imports that nothing is to import any more.
fn unwanted<'i>(gone: &[&'i ImportLine], wants: &BTreeSet<ImportLine>) -> Vec<&'i str> {
    let wanted: BTreeSet<&str> = wants.iter().map(|import| import.stub.as_str()).collect();
    let gone = gone.iter().map(|import| import.stub.as_str());
    gone.filter(|stub| !wanted.contains(stub)).collect()
}

/// Takes these imports out, each where the inventory has it, and gives those back that people
/// have moved.
fn take_out_each<'i>(
    builder: &mut PlanBuilder,
    gone: Vec<&'i ImportLine>,
) -> Result<Vec<&'i ImportLine>, Stop> {
    // A host module that is no longer there imports nothing.
    let (there, not_there): (Vec<_>, Vec<_>) = gone.into_iter().partition(|import| {
        let module = builder.repo().path(&import.module);
        module.is_some_and(|module| builder.repo().exists(&module))
    });
    let mut moved = edit_each(builder, there, |builder, import| {
        import_edit(builder, import, edit::ensure_no_item)
    })?;
    // What this change takes away has taken its import along.
    for import in not_there {
        if builder.has_taken_away(&import.module) {
            continue;
        }
        if let Some(module) = builder.repo().path(&import.module) {
            builder.suppose_gone(&module);
        }
        moved.push(import);
    }
    Ok(moved)
}

/// Makes the edits, and gives those back that have nothing to change. On all cores, where
/// no two of them are in one module.
fn edit_each<'i>(
    builder: &mut PlanBuilder,
    mut imports: Vec<&'i ImportLine>,
    edit_of: impl Fn(&PlanBuilder, &ImportLine) -> Result<(RepoPath, TextEdit), Stop> + Sync,
) -> Result<Vec<&'i ImportLine>, Stop> {
    let mut unchanged = Vec::new();
    while !imports.is_empty() {
        let mut seen = BTreeSet::new();
        let (now, later): (Vec<_>, Vec<_>) = imports
            .into_iter()
            .partition(|import| seen.insert(&import.module));
        let edits: Vec<_> = now
            .par_iter()
            .map(|import| edit_of(builder, import))
            .collect();
        for (import, edit) in now.into_iter().zip(edits) {
            let (module, edit) = edit?;
            if edit.is_empty() {
                unchanged.push(import);
            }
            builder.edit(&module, &edit)?;
        }
        imports = later;
    }
    Ok(unchanged)
}

/// One `imports` line: of which module, where in it, of what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct ImportLine {
    module: String,
    within: Option<AttrPath>,
    stub: String,
}

fn imports(repo: &Repo, fleet: &Fleet) -> BTreeSet<ImportLine> {
    let import = |(name, stub): (crate::fleet::HostName, String)| {
        let host = fleet.hosts.get(&name)?;
        Some(ImportLine {
            module: followed(repo, fleet.import.as_ref().or(host.module.as_ref())?),
            within: host.within.clone().filter(|_| fleet.import.is_none()),
            stub,
        })
    };
    wiring::imports(fleet)
        .into_iter()
        .filter_map(import)
        .collect()
}

/// The module, from the flake's folder, where links lead that are named for it.
fn followed(repo: &Repo, module: &str) -> String {
    let path = repo.module_path(module);
    path.map_or_else(|| module.to_owned(), |path| repo.shown(&path))
}

fn import_edit(
    builder: &PlanBuilder,
    import: &ImportLine,
    ensure: impl Fn(&NixFile, &Scope, &AttrPath, &Literal) -> Result<TextEdit, Refusal>,
) -> Result<(RepoPath, TextEdit), Stop> {
    let Some((module, stub)) = builder
        .repo()
        .path(&import.module)
        .zip(builder.repo().path(&import.stub))
    else {
        return Err(outside(&import.module));
    };
    let item = Literal::path(&stub.relative_to(&module.parent()));
    let edit = builder.nix_edit(&module, |file| {
        let (scope, list) = place(file, import.within.as_ref())?;
        ensure(file, &scope, &list, &item)
    })?;
    Ok((module, edit))
}

/// The list that an import is an item of: a module's `imports`, or a list of modules.
fn place(file: &NixFile, within: Option<&AttrPath>) -> Result<(Scope, AttrPath), Refusal> {
    let imports = AttrPath::new(["imports"]);
    let Some(path) = within else {
        return Ok((Scope::module(file)?, imports));
    };
    match Scope::of_modules(file, path) {
        Some(list) => Ok(list),
        None => Ok((Scope::nested(file, path)?, imports)),
    }
}

fn outside(module: &str) -> Stop {
    Diagnostic::error(
        "module-outside",
        format!("the module `{module}` is outside of the repository"),
    )
    .about(module)
    .into()
}
