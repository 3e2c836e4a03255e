//! The old and the new texts of a journal's files, one after another in one file: a change of
//! a large fleet has thousands, and a file for each would take longer to make, and to remove,
//! than the change itself.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the folder that touches the disk"
)]

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::io::disk;

/// The file's name in the journal.
pub(super) const FILE: &str = "texts";

/// The bytes of the file that a text has: where they begin, and how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::io::apply) struct Place(u64, u64);

/// The file in the making. A text that many files have is in it once.
#[derive(Default)]
pub(super) struct NewTexts<'a> {
    bytes: Vec<u8>,
    known: HashMap<&'a [u8], Place>,
}

impl<'a> NewTexts<'a> {
    /// Takes a text in, and says where it is.
    pub(super) fn add(&mut self, text: &'a [u8]) -> Place {
        *self.known.entry(text).or_insert_with(|| {
            let start = self.bytes.len();
            self.bytes.extend_from_slice(text);
            Place(start as u64, text.len() as u64)
        })
    }

    /// The bytes of the file.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// The file on the disk.
#[derive(Debug)]
pub(super) struct Texts(File);

impl Texts {
    /// That of the journal in this folder; `None`: an earlier larder wrote the journal.
    pub(super) fn open(journal: &Path) -> io::Result<Option<Self>> {
        let file = disk::none_if_missing(File::open(journal.join(FILE)))?;
        Ok(file.map(Self))
    }

    /// The text at this place.
    pub(super) fn at(&self, Place(start, length): Place) -> io::Result<Vec<u8>> {
        let length = usize::try_from(length).map_err(io::Error::other)?;
        let mut bytes = vec![0; length];
        self.0.read_exact_at(&mut bytes, start)?;
        Ok(bytes)
    }
}
