//! Objects on their way into git's store: whole and synced before git can see them.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the folder that touches the disk"
)]

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use gix::ObjectId;
use gix::objs::Write;
use gix::odb::memory::Storage;

use crate::diagnostic::Stop;
use crate::io::disk::{self, WithPath};
use crate::io::workspace::{Git, git_error};

/// Puts `objects` into git's store as loose objects. They are made in larder's
/// own folder first, so that no half-written file is ever left among git's.
pub(super) fn store(git: &Git, objects: &Storage) -> Result<(), Stop> {
    let staging = staging(git);
    disk::remove_all(&staging).with_path("remove", &staging)?;
    fs::create_dir(&staging).with_path("create", &staging)?;
    let loose = gix::odb::loose::Store::at(staging.clone(), git.repo().object_hash());
    for (id, (kind, bytes)) in objects.iter() {
        loose
            .write_buf(*kind, bytes)
            .map_err(|e| git_error("an object cannot be written", &e))?;
        publish(git, &loose.object_path(id), id)?;
    }
    sync(git, objects)?;
    disk::remove_all(&staging).with_path("remove", &staging)
}

/// Where objects are made; anything there after a crash is rubbish.
pub(super) fn staging(git: &Git) -> PathBuf {
    git.larder_dir().join("objects")
}

fn publish(git: &Git, made: &Path, id: &ObjectId) -> Result<(), Stop> {
    let to = place(git, id);
    if to.exists() {
        return disk::remove(made).with_path("remove", made);
    }
    let folder = to.parent().unwrap_or(&to);
    fs::create_dir_all(folder).with_path("create", folder)?;
    let synced = File::open(made).and_then(|file| file.sync_all());
    synced.with_path("write", made)?;
    fs::rename(made, &to).with_path("write", &to)
}

fn sync(git: &Git, objects: &Storage) -> Result<(), Stop> {
    let mut folders: Vec<PathBuf> = objects
        .keys()
        .filter_map(|id| Some(place(git, id).parent()?.to_owned()))
        .collect();
    folders.sort();
    folders.dedup();
    folders.push(store_dir(git));
    folders
        .iter()
        .try_for_each(|dir| disk::sync_dir(dir).with_path("write", dir))
}

fn store_dir(git: &Git) -> PathBuf {
    git.repo().common_dir().join("objects")
}

fn place(git: &Git, id: &ObjectId) -> PathBuf {
    gix::odb::loose::Store::at(store_dir(git), git.repo().object_hash()).object_path(id)
}
