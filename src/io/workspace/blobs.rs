//! Blobs of git, read from any thread.

use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::Arc;

use gix::ObjectId;
use gix::hash::Kind;
use gix::objs::FindExt;
use gix::odb::HeaderExt;

use super::disk_loader::MAX_FILE_SIZE;
use crate::repo::Unreadable;

/// The object store of a repository. gix confines an open store to one thread, so each
/// thread that reads opens its own.
pub(super) struct Blobs {
    objects: PathBuf,
    hash: Kind,
}

thread_local! {
    /// The store that this thread opened last, and its folder.
    static OPEN: RefCell<Option<(PathBuf, gix::odb::Handle)>> = const { RefCell::new(None) };
}

impl Blobs {
    pub(super) fn of(repo: &gix::Repository) -> Self {
        Self {
            objects: repo.objects.store_ref().path().to_owned(),
            hash: repo.object_hash(),
        }
    }

    /// The text of a blob.
    ///
    /// # Errors
    /// When the blob is missing, as in a partial clone, too large, or not text.
    pub(super) fn text(&self, id: ObjectId) -> Result<Arc<str>, Unreadable> {
        let bytes = OPEN.with_borrow_mut(|open| {
            let store = self.open(open).ok_or(Unreadable::NotFetched)?;
            let header = store.header(id).map_err(|_| Unreadable::NotFetched)?;
            if header.size() > MAX_FILE_SIZE {
                return Err(Unreadable::NotAFile("is larger than 16 MiB".to_owned()));
            }
            let mut bytes = Vec::new();
            let found = store.find_blob(&id, &mut bytes);
            found.map_err(|_| Unreadable::NotFetched)?;
            Ok(bytes)
        })?;
        let text = String::from_utf8(bytes).map_err(|e| Unreadable::of_bytes(e.as_bytes()))?;
        Ok(text.into())
    }

    fn open<'s>(
        &self,
        open: &'s mut Option<(PathBuf, gix::odb::Handle)>,
    ) -> Option<&'s gix::odb::Handle> {
        if open.as_ref().is_none_or(|(path, _)| *path != self.objects) {
            let store = gix::odb::at(self.objects.clone(), self.hash).ok()?;
            *open = Some((self.objects.clone(), store));
        }
        open.as_ref().map(|(_, store)| store)
    }
}
