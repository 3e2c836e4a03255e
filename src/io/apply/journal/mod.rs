//! The journal of a transaction: what another process needs to roll the change back, or
//! to finish it.
//!
//! The journal is the folder `larder/journal/` in the work tree's own git folder: one
//! JSON file, and one with the old and the new texts of all files. A text that a person
//! needs is copied into a file of its own ([`Journal::old_copy`]). The folder appears whole,
//! by one rename, before the first visible step, and goes by one rename after the last.
//!
//! Absent on purpose: private keys. The journal has the path of a key, and those
//! characters of its file that encode the public half.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the folder that touches the disk"
)]

mod record;
mod texts;

use std::fs;
use std::path::{Path, PathBuf};

use gix::ObjectId;

pub(super) use self::record::{
    CommitMethod, FileRecord, JournalPath, JournalRecord, KeyPattern, SecretRecord,
};

use self::record::{IndexStateRecord, KNOWN_VERSIONS};
use self::texts::{NewTexts, Place, Texts};
use crate::diagnostic::{Diagnostic, Stop};
use crate::io::apply::index_change::{IndexChange, IndexState};
use crate::io::apply::objects;
use crate::io::disk::{self, WithPath};
use crate::io::workspace::{Git, GitEntry};
use crate::repo::RepoPath;

const RECORD_FILE: &str = "journal.json";

/// A journal on the disk.
#[derive(Debug)]
pub(super) struct Journal {
    dir: PathBuf,
    pub(super) record: JournalRecord,
    texts: Option<Texts>,
}

/// The old and the new bytes of one file; `None` where the file does not exist.
pub(super) struct OldAndNew<'a> {
    pub(super) old: Option<&'a [u8]>,
    pub(super) new: Option<&'a [u8]>,
}

impl Journal {
    /// Writes the journal of a change. `contents` belong to the files of the record.
    pub(super) fn create(
        git: &Git,
        mut record: JournalRecord,
        contents: &[OldAndNew<'_>],
    ) -> Result<Self, Stop> {
        let (new, dir) = (new_dir(git), dir(git));
        let written = write_new(&new, &mut record, contents).and_then(|texts| {
            disk::rename(&new, &dir).with_path("write", &dir)?;
            Ok(texts)
        });
        match written {
            Ok(texts) => Ok(Self { dir, record, texts }),
            Err(stop) => {
                // Under its first name the journal counts for nothing; leftovers are swept later.
                drop(disk::remove_all(&new));
                Err(stop)
            }
        }
    }

    /// The journal on the disk; `None` if there is none.
    ///
    /// # Errors
    /// When it cannot be read, or has an unknown version.
    pub(super) fn open(git: &Git) -> Result<Option<Self>, Stop> {
        let dir = dir(git);
        let path = dir.join(RECORD_FILE);
        let Some(json) = disk::read(&path).with_path("read", &path)? else {
            return Ok(None);
        };
        let record: JournalRecord =
            serde_json::from_slice(&json).map_err(|e| unusable(&path, &e.to_string()))?;
        if !KNOWN_VERSIONS.contains(&record.version) {
            let why = format!("version {} is unknown", record.version);
            return Err(unusable(&path, &why));
        }
        let texts = Texts::open(&dir).with_path("read", &dir)?;
        Ok(Some(Self { dir, record, texts }))
    }

    /// Removes what a crash before or after a change has left behind.
    pub(super) fn sweep(git: &Git) -> Result<(), Stop> {
        for leftover in [new_dir(git), closed_dir(git), objects::staging(git)] {
            disk::remove_all(&leftover).with_path("remove", &leftover)?;
        }
        Ok(())
    }

    /// Removes the journal: the change is committed or rolled back.
    pub(super) fn close(self, git: &Git) -> Result<(), Stop> {
        let closed = closed_dir(git);
        fs::rename(&self.dir, &closed).with_path("remove", &self.dir)?;
        // A failure does no harm: if the journal comes back after a power cut, recovery
        // finds nothing left to do, and leftovers are swept later.
        drop(disk::sync_parent(&closed));
        drop(disk::remove_all(&closed));
        Ok(())
    }

    /// The path of a file in the journal.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// The lock token: the content of git's lock files that are ours.
    pub(super) fn lock_token(&self) -> PathBuf {
        self.file("lock")
    }

    /// The old bytes of a file; `None` if the change creates it.
    pub(super) fn old_bytes(&self, i: usize) -> Result<Option<Vec<u8>>, Stop> {
        self.bytes(self.record.files[i].old_text, "old", i)
    }

    /// The new bytes of a file; `None` if the change deletes it.
    pub(super) fn new_bytes(&self, i: usize) -> Result<Option<Vec<u8>>, Stop> {
        self.bytes(self.record.files[i].new_text, "new", i)
    }

    /// The path of a copy of the old bytes, for a person; `None` if the change creates the
    /// file.
    pub(super) fn old_copy(&self, i: usize) -> Result<Option<PathBuf>, Stop> {
        let copy = self.file(&format!("old.{i}"));
        let is_in_texts = self.record.files[i].old_text.is_some();
        if let Some(bytes) = self.old_bytes(i)?.filter(|_| is_in_texts) {
            // A crash may have left a part of it.
            let made = disk::remove(&copy).and_then(|()| disk::create(&copy, &bytes, 0o600));
            made.with_path("write", &copy)?;
        }
        Ok(copy.exists().then_some(copy))
    }

    /// The path of the hard link to the old file, if the file system has hard links.
    pub(super) fn old_file(&self, i: usize) -> PathBuf {
        self.file(&format!("kept.{i}"))
    }

    /// The index changes of the files, in the order of the record.
    pub(super) fn index_changes(&self) -> Result<Vec<IndexChange>, Stop> {
        let files = self.record.files.iter();
        files.map(|file| self.index_change(file)).collect()
    }

    /// The path of a file of the record.
    pub(super) fn path(&self, text: &str) -> Result<RepoPath, Stop> {
        let path = RepoPath::new(text).filter(|path| path.as_str() == text);
        path.ok_or_else(|| self.invalid(&format!("`{text}` is no path in the work tree")))
    }

    /// An object id of the record.
    pub(super) fn id(&self, hex: &str) -> Result<ObjectId, Stop> {
        ObjectId::from_hex(hex.as_bytes()).map_err(|e| self.invalid(&e.to_string()))
    }

    /// An optional object id of the record.
    pub(super) fn optional_id(&self, hex: Option<&str>) -> Result<Option<ObjectId>, Stop> {
        hex.map(|hex| self.id(hex)).transpose()
    }

    fn index_change(&self, file: &FileRecord) -> Result<IndexChange, Stop> {
        Ok(IndexChange {
            path: self.path(&file.path)?,
            before: self.optional_id(file.index_before.as_deref())?,
            after: match &file.index_after {
                IndexStateRecord::Recorded { id, mode } => IndexState::Recorded(GitEntry {
                    id: self.id(id)?,
                    mode: *mode,
                }),
                IndexStateRecord::IntentToAdd { mode } => IndexState::IntentToAdd(*mode),
                IndexStateRecord::Deleted => IndexState::Deleted,
                IndexStateRecord::Untracked => IndexState::Untracked,
            },
        })
    }

    /// Larder 0.1 had a file for each text, and no places.
    fn bytes(&self, place: Option<Place>, which: &str, i: usize) -> Result<Option<Vec<u8>>, Stop> {
        if let Some((texts, place)) = self.texts.as_ref().zip(place) {
            let path = self.file(texts::FILE);
            return texts.at(place).with_path("read", &path).map(Some);
        }
        let path = self.file(&format!("{which}.{i}"));
        disk::read(&path).with_path("read", &path)
    }

    fn invalid(&self, why: &str) -> Stop {
        unusable(&self.file(RECORD_FILE), why)
    }
}

/// The folder of the journal.
pub(super) fn dir(git: &Git) -> PathBuf {
    git.larder_dir().join("journal")
}

/// The folder of a journal that is not complete yet.
fn new_dir(git: &Git) -> PathBuf {
    git.larder_dir().join("journal.new")
}

/// The folder of a journal that is closed, and not removed yet.
fn closed_dir(git: &Git) -> PathBuf {
    git.larder_dir().join("journal.past")
}

fn write_new(
    dir: &Path,
    record: &mut JournalRecord,
    contents: &[OldAndNew<'_>],
) -> Result<Option<Texts>, Stop> {
    disk::remove_all(dir).with_path("remove", dir)?;
    fs::create_dir_all(dir).with_path("create", dir)?;
    let write = |name: &str, bytes: &[u8]| {
        let path = dir.join(name);
        disk::create(&path, bytes, 0o600).with_path("write", &path)
    };
    let mut texts = NewTexts::default();
    for (file, OldAndNew { old, new }) in record.files.iter_mut().zip(contents) {
        file.old_text = old.map(|text| texts.add(text));
        file.new_text = new.map(|text| texts.add(text));
    }
    write(texts::FILE, texts.bytes())?;
    write("lock", lock_content(dir).as_bytes())?;
    let json = serde_json::to_vec_pretty(record).map_err(|e| unusable(dir, &e.to_string()))?;
    write(RECORD_FILE, &json)?;
    disk::sync_dir(dir).with_path("write", dir)?;
    Texts::open(dir).with_path("read", dir)
}

/// The text that a person reads in a lock file of ours.
fn lock_content(dir: &Path) -> String {
    format!(
        "held by larder, process {}, journal {}\n\
         if that process is gone, the next larder command that writes cleans up\n",
        std::process::id(),
        dir.with_extension("").display()
    )
}

fn unusable(path: &Path, why: &str) -> Stop {
    let message = format!("the journal `{}` cannot be used: {why}", path.display());
    Stop::fault(Diagnostic::error("journal", message))
}
