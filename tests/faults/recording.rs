//! A disk and what a command did to it, so that any part of that can be left out.
//!
//! What a power cut may leave is told by these rules, which are stricter than any
//! journalling file system, ext4 with `data=ordered` among them:
//!
//! * What was waited for (`fsync`) is there: of a file its bytes, its length and its
//!   permissions, but not its name; of a folder the names in it, but not its own. After
//!   `syncfs`, all of it is there.
//! * All else is there or not, in any order. Of a write, the new length, the first and
//!   the second half of the bytes each may be there alone; what is missing reads as
//!   zeros. A folder whose name is lost takes with it what is in it.
//! * A rename is one step: no moment has neither name. From one folder into another,
//!   the new name is there when its folder was waited for; the old one may come back
//!   until its folder was, too.
//!
//! ext4 keeps names in the order in which they were made, and a length behind its
//! bytes. That is the model by which ALICE (Pillai et al., OSDI 2014) finds the faults
//! of programs on every file system at once, but for bytes that nobody wrote.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use libtest_mimic::Failed;

use crate::tree::mode_of;

/// A file or folder, whatever its names are.
pub(crate) type Inode = usize;
/// A name in a folder.
pub(crate) type Name = (Inode, String);

/// The folder in which all is.
pub(crate) const ROOT: Inode = 0;

/// One change, and what it needs.
#[derive(Debug)]
pub(crate) struct Change {
    /// The file or folder that is to be waited for.
    pub(crate) of: Inode,
    pub(crate) effect: Effect,
    /// An earlier event without which this one is not on the disk.
    pub(crate) needs: Option<usize>,
}

#[derive(Debug)]
pub(crate) enum Effect {
    /// These names lead there from now on, or nowhere: all at once.
    Names(Vec<(String, Option<Inode>)>),
    Longer(usize),
    Bytes(usize, Vec<u8>),
    Cut(usize),
    Mode(u32),
}

#[derive(Debug)]
enum Event {
    Change(Change),
    Sync(Inode),
    SyncAll,
}

/// A file or folder, names aside.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) is_folder: bool,
    pub(crate) mode: u32,
    pub(crate) bytes: Vec<u8>,
}

/// The disk before a command, and all that the command did to it, in order.
pub(crate) struct Recording {
    nodes: Vec<Node>,
    names: BTreeMap<Name, Inode>,
    events: Vec<Event>,
    /// The names and lengths as they are by now.
    now: BTreeMap<Name, Inode>,
    lengths: BTreeMap<Inode, usize>,
}

/// Taking down.
impl Recording {
    /// The disk before.
    pub(crate) fn of(folder: &Path) -> Result<Self, Failed> {
        let mut recording = Self {
            nodes: Vec::new(),
            names: BTreeMap::new(),
            events: Vec::new(),
            now: BTreeMap::new(),
            lengths: BTreeMap::new(),
        };
        recording.take_in(folder)?;
        recording.now.clone_from(&recording.names);
        Ok(recording)
    }

    /// A new, empty file or folder.
    pub(crate) fn make(&mut self, path: &str, is_folder: bool, mode: u32) -> Result<(), Failed> {
        let inode = self.new_node(is_folder, mode, Vec::new());
        self.put(path, Some(inode), None)
    }

    /// A second name.
    pub(crate) fn link(&mut self, from: &str, to: &str) -> Result<(), Failed> {
        let inode = self.find(from)?;
        self.put(to, Some(inode), None)
    }

    /// Another name, maybe that of something else until now.
    pub(crate) fn rename(&mut self, from: &str, to: &str) -> Result<(), Failed> {
        let inode = self.find(from)?;
        let ((old, name), (new, _)) = (self.place(from)?, self.place(to)?);
        self.put(to, Some(inode), None)?;
        let made = self.events.len() - 1;
        if old != new {
            return self.put(from, None, Some(made));
        }
        self.now.remove(&(old, name.clone()));
        if let Event::Change(Change {
            effect: Effect::Names(names),
            ..
        }) = &mut self.events[made]
        {
            names.push((name, None));
        }
        Ok(())
    }

    /// A name that is gone.
    pub(crate) fn remove(&mut self, path: &str) -> Result<(), Failed> {
        self.put(path, None, None)
    }

    /// Bytes at the end of a file.
    pub(crate) fn append(&mut self, path: &str, bytes: &[u8]) -> Result<(), Failed> {
        let inode = self.find(path)?;
        let start = self.lengths[&inode];
        let end = start + bytes.len();
        let half = bytes.len() / 2;
        self.lengths.insert(inode, end);
        self.change(inode, Effect::Longer(end));
        self.change(inode, Effect::Bytes(start, bytes[..half].to_vec()));
        self.change(inode, Effect::Bytes(start + half, bytes[half..].to_vec()));
        Ok(())
    }

    /// The end of a file is cut off.
    pub(crate) fn cut(&mut self, path: &str, length: usize) -> Result<(), Failed> {
        let inode = self.find(path)?;
        self.lengths.insert(inode, length);
        self.change(inode, Effect::Cut(length));
        Ok(())
    }

    /// New permissions.
    pub(crate) fn chmod(&mut self, path: &str, mode: u32) -> Result<(), Failed> {
        let inode = self.find(path)?;
        self.change(inode, Effect::Mode(mode & 0o7777));
        Ok(())
    }

    /// Whatever changed in this file, or among the names in this folder, is there.
    pub(crate) fn sync(&mut self, path: &str) -> Result<(), Failed> {
        let inode = self.find(path)?;
        self.events.push(Event::Sync(inode));
        Ok(())
    }

    /// Whatever changed in any file or folder is there.
    pub(crate) fn sync_all(&mut self) -> Result<(), Failed> {
        self.events.push(Event::SyncAll);
        Ok(())
    }

    /// True if something has this name now.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.find(path).is_ok()
    }

    fn take_in(&mut self, folder: &Path) -> Result<Inode, Failed> {
        let inode = self.new_node(true, mode_of(folder)?, Vec::new());
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let (path, kind) = (entry.path(), entry.file_type()?);
            let below = if kind.is_dir() {
                self.take_in(&path)?
            } else if kind.is_file() {
                self.new_node(false, mode_of(&path)?, fs::read(&path)?)
            } else {
                return Err(format!("`{}`: the replay knows files only", path.display()).into());
            };
            let name = entry.file_name().to_string_lossy().into_owned();
            self.names.insert((inode, name), below);
        }
        Ok(inode)
    }

    fn new_node(&mut self, is_folder: bool, mode: u32, bytes: Vec<u8>) -> Inode {
        self.lengths.insert(self.nodes.len(), bytes.len());
        self.nodes.push(Node {
            is_folder,
            mode,
            bytes,
        });
        self.nodes.len() - 1
    }

    fn put(&mut self, path: &str, to: Option<Inode>, needs: Option<usize>) -> Result<(), Failed> {
        let place = self.place(path)?;
        let (of, name) = place.clone();
        match to {
            Some(inode) => self.now.insert(place, inode),
            None => self.now.remove(&place),
        };
        let effect = Effect::Names(vec![(name, to)]);
        self.events
            .push(Event::Change(Change { of, effect, needs }));
        Ok(())
    }

    fn change(&mut self, of: Inode, effect: Effect) {
        let needs = None;
        self.events
            .push(Event::Change(Change { of, effect, needs }));
    }

    fn place(&self, path: &str) -> Result<Name, Failed> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        Ok((self.find(folder)?, name.to_owned()))
    }

    fn find(&self, path: &str) -> Result<Inode, Failed> {
        let mut at = ROOT;
        for part in path.split('/').filter(|part| !part.is_empty()) {
            let next = self.now.get(&(at, part.to_owned()));
            at = *next.ok_or_else(|| format!("the recording has no `{path}`"))?;
        }
        Ok(at)
    }
}

/// What there is to play back.
impl Recording {
    /// The number of events: a cut may come before, between and after them.
    pub(crate) fn len(&self) -> usize {
        self.events.len()
    }

    /// The change that an event is, unless it is a wait.
    pub(crate) fn change_at(&self, i: usize) -> Option<&Change> {
        match self.events.get(i) {
            Some(Event::Change(change)) => Some(change),
            _ => None,
        }
    }

    /// The event from which on an earlier change is there for sure, if there is one.
    pub(crate) fn safe_from(&self, i: usize) -> Option<usize> {
        let of = self.change_at(i)?.of;
        let waited = |event: &Event| match event {
            Event::Sync(it) => *it == of,
            Event::SyncAll => true,
            Event::Change(_) => false,
        };
        Some(i + self.events[i..].iter().position(waited)?)
    }

    /// The names before.
    pub(crate) fn names(&self) -> &BTreeMap<Name, Inode> {
        &self.names
    }

    /// A file or folder as it was before, or as it was made.
    pub(crate) fn node(&self, inode: Inode) -> &Node {
        &self.nodes[inode]
    }
}

impl Node {
    /// Makes a change.
    pub(crate) fn take(&mut self, effect: &Effect) {
        let grow = |bytes: &mut Vec<u8>, end| bytes.resize(bytes.len().max(end), 0);
        match effect {
            Effect::Names(_) => {}
            Effect::Longer(end) => grow(&mut self.bytes, *end),
            Effect::Bytes(at, new) => {
                grow(&mut self.bytes, at + new.len());
                self.bytes[*at..at + new.len()].copy_from_slice(new);
            }
            Effect::Cut(length) => self.bytes.resize(*length, 0),
            Effect::Mode(mode) => self.mode = *mode,
        }
    }
}
