//! A sparse index with its folders expanded, in memory.

use gix::ObjectId;
use gix::bstr::BString;
use gix::index::File as Index;
use gix::index::entry::{Flags, Mode, Stat};

/// Gives an index an entry for every file. In a sparse index, a folder that is not checked
/// out has one entry; afterwards its files have one each, marked as not checked out.
pub(super) fn expand(repo: &gix::Repository, index: &mut Index) {
    if !index.is_sparse() {
        return;
    }
    let mut folders: Vec<(BString, ObjectId)> = Vec::new();
    index.remove_entries(|_, path, entry| {
        let is_folder = entry.mode == Mode::DIR;
        if is_folder {
            folders.push((path.to_owned(), entry.id));
        }
        is_folder
    });
    for (folder, tree) in &folders {
        for (path, id, mode) in files_in(repo, *tree) {
            let path: BString = [folder.as_slice(), path.as_slice()].concat().into();
            let stat = Stat::default();
            index.dangerously_push_entry(stat, id, Flags::SKIP_WORKTREE, mode, path.as_ref());
        }
    }
    index.sort_entries();
}

/// The files of a tree, by path from the tree. None where the tree is missing, as it may
/// be in a partial clone.
fn files_in(repo: &gix::Repository, tree: ObjectId) -> Vec<(BString, ObjectId, Mode)> {
    let files = repo.find_tree(tree).ok().and_then(|tree| {
        let files = tree.traverse().breadthfirst.files();
        files.ok()
    });
    let files = files.into_iter().flatten();
    let with_mode = files.filter_map(|file| {
        let mode = Mode::from_bits(file.mode.value().into())?;
        Some((file.filepath, file.oid, mode))
    });
    with_mode.collect()
}
