//! Reads files of the work tree as text, carefully: a repository may be hostile.
//!
//! Nothing outside the work tree is read, nothing waits (a pipe named
//! `flake.nix`), nothing is without bound.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustix::buffer::spare_capacity;
use rustix::fs::{Mode, OFlags, ResolveFlags};
use rustix::io::Errno;

use crate::io::{disk, trace};
use crate::repo::{Loader, RepoPath, Unreadable};

/// The largest file that is read: a literal flake of 10,000 machines is 1 MB.
pub(in crate::io) const LIMIT: u64 = 16 << 20;

/// The files below a folder.
pub(in crate::io) struct Disk {
    root: PathBuf,
    opened: OnceLock<Option<OwnedFd>>,
    /// Where the folders really are, so that links are resolved once a folder.
    folders: Mutex<HashMap<RepoPath, Option<Arc<Path>>>>,
}

impl Disk {
    /// The files below `root`, which must be absolute and without links.
    pub(in crate::io) fn new(root: PathBuf) -> Self {
        Self {
            root,
            opened: OnceLock::new(),
            folders: Mutex::default(),
        }
    }

    /// A file to which no link leads, as the system itself makes sure; `None` for
    /// everything else, for what is git's, and where the system cannot (Linux before
    /// 5.6).
    fn open_plain(&self, path: &RepoPath) -> Option<File> {
        if path.as_str().starts_with(".git") {
            return None;
        }
        let open = || rustix::fs::open(&self.root, OFlags::PATH | OFlags::CLOEXEC, NO_MODE).ok();
        let root = self.opened.get_or_init(open).as_ref()?;
        let inside = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
        let file = rustix::fs::openat2(root, path.as_str(), TO_READ, NO_MODE, inside);
        file.ok().map(File::from)
    }

    /// The folder in which a file is.
    fn folder_of(&self, path: &RepoPath) -> Result<Option<Arc<Path>>, Unreadable> {
        if let Some(known) = self.folders().get(path.parent_text()) {
            return Ok(known.clone());
        }
        let dir = path.parent();
        let folder = self.look_at(&dir)?;
        self.folders().insert(dir, folder.clone());
        Ok(folder)
    }

    /// A plain folder in a folder that is known costs one look; only links are
    /// followed.
    fn look_at(&self, dir: &RepoPath) -> Result<Option<Arc<Path>>, Unreadable> {
        let lexical = self.root.join(dir.as_str());
        if !dir.as_str().is_empty() {
            let Some(parent) = self.folder_of(dir)? else {
                return Ok(None);
            };
            let there = parent.join(dir.file_name());
            let is_folder = matches!(disk::look(&there), Ok(Some(about)) if about.is_dir());
            let is_gits = dir.as_str().starts_with(".git");
            if is_folder && !is_gits {
                return Ok(Some(there.into()));
            }
        }
        Ok(real(&self.root, &lexical)?.map(Into::into))
    }

    fn folders(&self) -> std::sync::MutexGuard<'_, HashMap<RepoPath, Option<Arc<Path>>>> {
        // A panic elsewhere leaves the map whole: entries are only ever added.
        self.folders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Loader for Disk {
    fn load(&self, path: &RepoPath) -> Result<Option<Arc<str>>, Unreadable> {
        trace::read(path);
        if let Some(file) = self.open_plain(path) {
            return text(&file).map(Some);
        }
        let Some(folder) = self.folder_of(path)? else {
            return Ok(None);
        };
        let there = folder.join(path.file_name());
        match open(&there) {
            Ok(file) => text(&file).map(Some),
            Err(Errno::NOENT | Errno::NOTDIR) => Ok(None),
            Err(Errno::LOOP) => self.load_link(&there),
            Err(Errno::NXIO) => Err(not_a_file("is not a regular file")),
            Err(e) => Err(system(&e.into())),
        }
    }

    fn parsing(&self, path: &RepoPath) {
        trace::parsed(path);
    }

    /// A plain file is not read for that.
    fn is_there(&self, path: &RepoPath) -> bool {
        let plain_file = || {
            let folder = self.folder_of(path).ok()??;
            let about = disk::look(&folder.join(path.file_name())).ok()??;
            about.is_file().then_some(())
        };
        plain_file().is_some() || !matches!(self.load(path), Ok(None))
    }
}

impl Disk {
    fn load_link(&self, link: &Path) -> Result<Option<Arc<str>>, Unreadable> {
        let Some(target) = real(&self.root, link)? else {
            return Ok(None);
        };
        open(&target)
            .map_err(|e| system(&e.into()))
            .and_then(|file| text(&file))
            .map(Some)
    }
}

/// The path with all links resolved, `None` if nothing is there; never outside.
fn real(root: &Path, path: &Path) -> Result<Option<PathBuf>, Unreadable> {
    let real = match disk::unless_missing(path.canonicalize()) {
        Ok(Some(real)) => real,
        Ok(None) => return Ok(None),
        Err(e) if e.raw_os_error() == Some(Errno::LOOP.raw_os_error()) => {
            return Err(not_a_file("is a symbolic link in a loop"));
        }
        Err(e) => return Err(system(&e)),
    };
    match real.strip_prefix(root) {
        Ok(inside) if inside.starts_with(".git") => Err(not_a_file("is git's own")),
        Ok(_) => Ok(Some(real)),
        Err(_) => Err(not_a_file("is a symbolic link that leaves the work tree")),
    }
}

const NO_MODE: Mode = Mode::empty();
const TO_READ: OFlags = OFlags::RDONLY
    .union(OFlags::NOFOLLOW)
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOCTTY)
    .union(OFlags::CLOEXEC);

fn open(path: &Path) -> Result<File, Errno> {
    rustix::fs::open(path, TO_READ, NO_MODE).map(File::from)
}

thread_local! {
    /// What a file is read into before it is known to be text.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

fn text(file: &File) -> Result<Arc<str>, Unreadable> {
    let about = file.metadata().map_err(|e| system(&e))?;
    if !about.is_file() {
        return Err(not_a_file("is not a regular file"));
    }
    if about.len() > LIMIT {
        return Err(too_large());
    }
    BUFFER.with_borrow_mut(|bytes| {
        read_whole(file, about.len(), bytes)?;
        let text = str::from_utf8(bytes).map_err(|_| Unreadable::NotText)?;
        Ok(text.into())
    })
}

/// Reads to the end, which is there at once where the file is as large as it said.
fn read_whole(file: &File, size: u64, bytes: &mut Vec<u8>) -> Result<(), Unreadable> {
    bytes.clear();
    loop {
        bytes.reserve(usize::try_from(size).unwrap_or_default() + 1);
        let is_end = match rustix::io::read(file, spare_capacity(bytes)) {
            Ok(read) => read == 0 || bytes.len() as u64 == size,
            Err(Errno::INTR) => false,
            Err(e) => return Err(system(&e.into())),
        };
        if bytes.len() as u64 > LIMIT {
            return Err(too_large());
        }
        if is_end {
            return Ok(());
        }
    }
}

fn too_large() -> Unreadable {
    not_a_file("is larger than 16 MiB")
}

fn not_a_file(why: &str) -> Unreadable {
    Unreadable::NotAFile(why.to_owned())
}

fn system(error: &io::Error) -> Unreadable {
    Unreadable::System(disk::words(error))
}
