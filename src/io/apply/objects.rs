//! Loose objects, complete and synced before they appear in git's object store.
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
use crate::io::disk_wait::DiskWait;
use crate::io::workspace::{Git, git_error};

/// Writes `objects` into git's store as loose objects. Each is created in a folder of
/// larder's and renamed, so that a crash leaves no half-written file in the store.
pub(super) fn store(git: &Git, objects: &Storage) -> Result<(), Stop> {
    let staging = staging(git);
    disk::remove_all(&staging).with_path("remove", &staging)?;
    fs::create_dir(&staging).with_path("create", &staging)?;
    let loose = gix::odb::loose::Store::at(staging.clone(), git.repo().object_hash());
    let wait = DiskWait::for_about(objects.len(), &staging).with_path("write", &staging)?;
    for (id, (kind, bytes)) in objects.iter() {
        loose
            .write_buf(*kind, bytes)
            .map_err(|e| git_error("an object cannot be written", &e))?;
        let staged = loose.object_path(id);
        let waited = File::open(&staged).and_then(|file| wait.file(&file));
        waited.with_path("write", &staged)?;
    }
    wait.finish().with_path("write", &staging)?;
    for id in objects.keys() {
        publish(git, &loose.object_path(id), id)?;
    }
    sync(git, objects)?;
    disk::remove_all(&staging).with_path("remove", &staging)
}

/// The folder in which objects are created. Whatever a crash leaves there can be removed.
pub(super) fn staging(git: &Git) -> PathBuf {
    git.larder_dir().join("objects")
}

fn publish(git: &Git, staged: &Path, id: &ObjectId) -> Result<(), Stop> {
    let to = path_in_store(git, id);
    if to.exists() {
        return disk::remove(staged).with_path("remove", staged);
    }
    let folder = to.parent().unwrap_or(&to);
    fs::create_dir_all(folder).with_path("create", folder)?;
    fs::rename(staged, &to).with_path("write", &to)
}

fn sync(git: &Git, objects: &Storage) -> Result<(), Stop> {
    let mut folders: Vec<PathBuf> = objects
        .keys()
        .filter_map(|id| Some(path_in_store(git, id).parent()?.to_owned()))
        .collect();
    folders.sort();
    folders.dedup();
    folders.push(store_dir(git));
    let store = store_dir(git);
    let wait = DiskWait::for_about(folders.len(), &store).with_path("write", &store)?;
    for folder in &folders {
        wait.folder(folder).with_path("write", folder)?;
    }
    wait.finish().with_path("write", &store)
}

fn store_dir(git: &Git) -> PathBuf {
    git.repo().common_dir().join("objects")
}

fn path_in_store(git: &Git, id: &ObjectId) -> PathBuf {
    gix::odb::loose::Store::at(store_dir(git), git.repo().object_hash()).object_path(id)
}
