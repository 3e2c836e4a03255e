//! Reads files of the work tree as text. The repository may be hostile:
//!
//! * no file outside of the work tree is read, whatever symbolic links say;
//! * no read blocks, not even on a pipe named `flake.nix`;
//! * no file larger than [`MAX_FILE_SIZE`] is read.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::File;
use std::io;
#[cfg(target_os = "linux")]
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
#[cfg(target_os = "linux")]
use std::sync::OnceLock;
use std::sync::{Arc, Mutex, PoisonError};

use rustix::buffer::spare_capacity;
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

use crate::io::{disk, trace};
use crate::repo::{Loader, RepoPath, Unreadable};

/// The largest file that is read, in bytes: a literal flake of 10,000 machines is 1 MB.
pub(in crate::io) const MAX_FILE_SIZE: u64 = 16 << 20;

/// Loads the files below a folder.
pub(in crate::io) struct DiskLoader {
    root: PathBuf,
    #[cfg(target_os = "linux")]
    root_fd: OnceLock<Option<OwnedFd>>,
    /// The folders with their links resolved, so that each is resolved once; `None` for a
    /// folder that does not exist.
    folders: Mutex<HashMap<RepoPath, Option<Arc<Path>>>>,
}

impl DiskLoader {
    /// A loader of the files below `root`, which must be absolute and without links.
    pub(in crate::io) fn new(root: PathBuf) -> Self {
        Self {
            root,
            #[cfg(target_os = "linux")]
            root_fd: OnceLock::new(),
            folders: Mutex::default(),
        }
    }

    /// Opens a file whose path has no symbolic links, which `openat2` guarantees. `None`
    /// for every other file, for git's own, and where the system has no `openat2` (Linux
    /// before 5.6).
    #[cfg(target_os = "linux")]
    fn open_without_links(&self, path: &RepoPath) -> Option<File> {
        use rustix::fs::ResolveFlags;
        if path.as_str().starts_with(".git") {
            return None;
        }
        let open = || rustix::fs::open(&self.root, OFlags::PATH | OFlags::CLOEXEC, NO_MODE).ok();
        let root = self.root_fd.get_or_init(open).as_ref()?;
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
        let file = rustix::fs::openat2(root, path.as_str(), TO_READ, NO_MODE, resolve);
        file.ok().map(File::from)
    }

    /// Only Linux can promise that: elsewhere the folders are resolved one by one.
    #[cfg(not(target_os = "linux"))]
    fn open_without_links(&self, _: &RepoPath) -> Option<File> {
        None
    }

    /// The parent folder with links resolved; `None` if it does not exist.
    fn parent_of(&self, path: &RepoPath) -> Result<Option<Arc<Path>>, Unreadable> {
        if let Some(resolved) = self.folders().get(path.parent_text()) {
            return Ok(resolved.clone());
        }
        let dir = path.parent();
        let folder = self.resolve(&dir)?;
        self.folders().insert(dir, folder.clone());
        Ok(folder)
    }

    /// Resolves the links of a folder. A folder without links in a resolved folder costs
    /// one system call.
    fn resolve(&self, dir: &RepoPath) -> Result<Option<Arc<Path>>, Unreadable> {
        let lexical = self.root.join(dir.as_str());
        if !dir.as_str().is_empty() {
            let Some(parent) = self.parent_of(dir)? else {
                return Ok(None);
            };
            let child = parent.join(dir.file_name());
            let is_folder = matches!(disk::metadata(&child), Ok(Some(found)) if found.is_dir());
            let is_gits = dir.as_str().starts_with(".git");
            if is_folder && !is_gits {
                return Ok(Some(child.into()));
            }
        }
        Ok(resolved(&self.root, &lexical)?.map(Into::into))
    }

    fn folders(&self) -> std::sync::MutexGuard<'_, HashMap<RepoPath, Option<Arc<Path>>>> {
        // A panic in another thread leaves the map whole: entries are only ever added.
        self.folders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Loader for DiskLoader {
    fn load(&self, path: &RepoPath) -> Result<Option<Arc<str>>, Unreadable> {
        trace::read(path);
        if let Some(file) = self.open_without_links(path) {
            return text(&file).map(Some);
        }
        let Some(folder) = self.parent_of(path)? else {
            return Ok(None);
        };
        let file = folder.join(path.file_name());
        match open(&file) {
            Ok(opened) => text(&opened).map(Some),
            Err(Errno::NOENT | Errno::NOTDIR) => Ok(None),
            Err(Errno::LOOP) => self.load_link(&file),
            Err(Errno::NXIO) => Err(not_a_file("is not a regular file")),
            Err(e) => Err(system(&e.into())),
        }
    }

    fn parsing(&self, path: &RepoPath) {
        trace::parsed(path);
    }

    /// A regular file is not read.
    fn path_exists(&self, path: &RepoPath) -> bool {
        let regular_file = || {
            let folder = self.parent_of(path).ok()??;
            let metadata = disk::metadata(&folder.join(path.file_name())).ok()??;
            metadata.is_file().then_some(())
        };
        regular_file().is_some() || !matches!(self.load(path), Ok(None))
    }
}

impl DiskLoader {
    fn load_link(&self, link: &Path) -> Result<Option<Arc<str>>, Unreadable> {
        let Some(target) = resolved(&self.root, link)? else {
            return Ok(None);
        };
        open(&target)
            .map_err(|e| system(&e.into()))
            .and_then(|file| text(&file))
            .map(Some)
    }
}

/// The path with all links resolved; `None` if it does not exist.
///
/// # Errors
/// When the path leads out of the work tree or into git's folder.
fn resolved(root: &Path, path: &Path) -> Result<Option<PathBuf>, Unreadable> {
    let real = match disk::none_if_missing(path.canonicalize()) {
        Ok(Some(real)) => real,
        Ok(None) => return Ok(None),
        Err(e) if e.raw_os_error() == Some(Errno::LOOP.raw_os_error()) => {
            return Err(not_a_file("is a symbolic link in a loop"));
        }
        Err(e) => return Err(system(&e)),
    };
    match real.strip_prefix(root) {
        Ok(inside) if inside.starts_with(".git") => Err(not_a_file("belongs to git")),
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
    /// The buffer into which files are read, before their bytes are known to be UTF-8.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

fn text(file: &File) -> Result<Arc<str>, Unreadable> {
    let metadata = file.metadata().map_err(|e| system(&e))?;
    if !metadata.is_file() {
        return Err(not_a_file("is not a regular file"));
    }
    if metadata.len() > MAX_FILE_SIZE {
        return Err(too_large());
    }
    BUFFER.with_borrow_mut(|bytes| {
        read_whole(file, metadata.len(), bytes)?;
        if let Some(why) = Unreadable::stands_in(bytes) {
            return Err(why);
        }
        let text = str::from_utf8(bytes).map_err(|_| Unreadable::of_bytes(bytes))?;
        Ok(text.into())
    })
}

/// Reads to the end. One read is enough if the file has the size of its metadata.
fn read_whole(file: &File, size: u64, bytes: &mut Vec<u8>) -> Result<(), Unreadable> {
    bytes.clear();
    loop {
        bytes.reserve(usize::try_from(size).unwrap_or_default() + 1);
        let is_end = match rustix::io::read(file, spare_capacity(bytes)) {
            Ok(read) => read == 0 || bytes.len() as u64 == size,
            Err(Errno::INTR) => false,
            Err(e) => return Err(system(&e.into())),
        };
        if bytes.len() as u64 > MAX_FILE_SIZE {
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
    Unreadable::System(disk::os_message(error))
}
