//! What a change needs to be taken back, or finished, by another process.
//!
//! It lies in the work tree's own git folder, `larder/journal/`: one file of
//! JSON, and the old and the new bytes of every file as files of their own, so
//! that a person can use them too. It appears whole, by one rename, before the
//! first visible step, and goes by one rename after the last.
//!
//! Absent on purpose: private keys. Of a key only its place and those characters
//! of its file are kept that say the public half.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the folder that touches the disk"
)]

use std::fs;
use std::path::{Path, PathBuf};

use gix::ObjectId;

use crate::diagnostic::{Diagnostic, Stop};
use crate::io::apply::draft::{Fate, Known};
use crate::io::apply::objects;
use crate::io::apply::story::{Entry, Outcome, Story, VERSION};
use crate::io::disk::{self, WithPath};
use crate::io::workspace::{Git, GitEntry};
use crate::repo::RepoPath;

const STORY: &str = "journal.json";

/// A journal on the disk.
#[derive(Debug)]
pub(super) struct Journal {
    dir: PathBuf,
    pub(super) story: Story,
}

impl Journal {
    /// Writes the journal of a change: `texts` are the old and the new bytes of
    /// each file of the story.
    pub(super) fn write(git: &Git, story: Story, texts: &[Texts<'_>]) -> Result<Self, Stop> {
        let (draft, dir) = (draft_dir(git), dir(git));
        let written = write_draft(&draft, &story, texts);
        if let Err(stop) =
            written.and_then(|()| disk::rename(&draft, &dir).with_path("write", &dir))
        {
            // Half a journal says nothing; what is left of it is swept next time.
            drop(disk::remove_all(&draft));
            return Err(stop);
        }
        Ok(Self { dir, story })
    }

    /// The journal that is there, if any.
    pub(super) fn open(git: &Git) -> Result<Option<Self>, Stop> {
        let dir = dir(git);
        let path = dir.join(STORY);
        let Some(json) = disk::read(&path).with_path("read", &path)? else {
            return Ok(None);
        };
        let story: Story =
            serde_json::from_slice(&json).map_err(|e| unreadable(&path, &e.to_string()))?;
        match story.version {
            VERSION => Ok(Some(Self { dir, story })),
            other => Err(unreadable(
                &path,
                &format!("version {other} of it is unknown"),
            )),
        }
    }

    /// Sweeps what a crash before or after the change itself has left.
    pub(super) fn sweep(git: &Git) -> Result<(), Stop> {
        for rubbish in [draft_dir(git), past_dir(git), objects::staging(git)] {
            disk::remove_all(&rubbish).with_path("remove", &rubbish)?;
        }
        Ok(())
    }

    /// The change is over, one way or the other.
    pub(super) fn close(self, git: &Git) -> Result<(), Stop> {
        let past = past_dir(git);
        fs::rename(&self.dir, &past).with_path("remove", &self.dir)?;
        // It is over already: should the journal come back after a power cut, it
        // tells of a change that is where it should be, and rubbish is swept later.
        drop(disk::sync_parent(&past));
        drop(disk::remove_all(&past));
        Ok(())
    }

    /// A file of the journal.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// The words in lock files of ours.
    pub(super) fn note(&self) -> PathBuf {
        self.file("lock")
    }

    /// The bytes of a file before; `None`: there was none.
    pub(super) fn before(&self, i: usize) -> Result<Option<Vec<u8>>, Stop> {
        self.text("old", i)
    }

    /// The bytes of a file after; `None`: there shall be none.
    pub(super) fn after(&self, i: usize) -> Result<Option<Vec<u8>>, Stop> {
        self.text("new", i)
    }

    /// Where the old file itself is kept, if the disk allows.
    pub(super) fn kept(&self, i: usize) -> PathBuf {
        self.file(&format!("kept.{i}"))
    }

    /// What git shall know of the files, in their order.
    pub(super) fn fates(&self) -> Result<Vec<Fate>, Stop> {
        self.story
            .files
            .iter()
            .map(|entry| self.fate(entry))
            .collect()
    }

    /// The path of a file of the story.
    pub(super) fn path(&self, text: &str) -> Result<RepoPath, Stop> {
        let path = RepoPath::new(text).filter(|path| path.as_str() == text);
        path.ok_or_else(|| self.broken(&format!("`{text}` is no path in the work tree")))
    }

    /// An object's name in the story.
    pub(super) fn id(&self, hex: &str) -> Result<ObjectId, Stop> {
        ObjectId::from_hex(hex.as_bytes()).map_err(|e| self.broken(&e.to_string()))
    }

    fn fate(&self, entry: &Entry) -> Result<Fate, Stop> {
        Ok(Fate {
            path: self.path(&entry.path)?,
            from: entry.from.as_deref().map(|hex| self.id(hex)).transpose()?,
            to: match &entry.to {
                Outcome::Recorded { id, mode } => Known::Recorded(GitEntry {
                    id: self.id(id)?,
                    mode: *mode,
                }),
                Outcome::Noted { mode } => Known::Noted(*mode),
                Outcome::Gone => Known::Gone,
                Outcome::Forgotten => Known::Forgotten,
            },
        })
    }

    fn text(&self, which: &str, i: usize) -> Result<Option<Vec<u8>>, Stop> {
        let path = self.file(&format!("{which}.{i}"));
        disk::read(&path).with_path("read", &path)
    }

    fn broken(&self, why: &str) -> Stop {
        unreadable(&self.file(STORY), why)
    }
}

/// The old and the new bytes of one file.
pub(super) type Texts<'a> = (Option<&'a [u8]>, Option<&'a [u8]>);

/// Where the journal is.
pub(super) fn dir(git: &Git) -> PathBuf {
    git.larder_dir().join("journal")
}

fn draft_dir(git: &Git) -> PathBuf {
    git.larder_dir().join("journal.new")
}

fn past_dir(git: &Git) -> PathBuf {
    git.larder_dir().join("journal.past")
}

fn write_draft(dir: &Path, story: &Story, texts: &[Texts<'_>]) -> Result<(), Stop> {
    disk::remove_all(dir).with_path("remove", dir)?;
    fs::create_dir_all(dir).with_path("create", dir)?;
    let put = |name: String, bytes: &[u8]| {
        let path = dir.join(name);
        disk::create(&path, bytes, 0o600).with_path("write", &path)
    };
    for (i, (old, new)) in texts.iter().enumerate() {
        old.map_or(Ok(()), |bytes| put(format!("old.{i}"), bytes))?;
        new.map_or(Ok(()), |bytes| put(format!("new.{i}"), bytes))?;
    }
    put("lock".to_owned(), note(dir).as_bytes())?;
    let json = serde_json::to_vec_pretty(story).map_err(|e| unreadable(dir, &e.to_string()))?;
    put(STORY.to_owned(), &json)?;
    disk::sync_dir(dir).with_path("write", dir)
}

/// What somebody reads who looks into a lock file of ours.
fn note(dir: &Path) -> String {
    format!(
        "held by larder, process {}, journal {}\n\
         if that process is gone, the next larder command that writes cleans up\n",
        std::process::id(),
        dir.with_extension("").display()
    )
}

fn unreadable(path: &Path, why: &str) -> Stop {
    let message = format!("the journal `{}` cannot be used: {why}", path.display());
    Stop::fault(Diagnostic::error("journal", message))
}
