//! Disks, made of a recording of which parts are left out.
//!
//! The cut comes before, between and after all that the command did to the disk. Of the
//! changes that were not waited for by then, every combination is tried where there are
//! few. Where there are more: all and none; and before each wait, when most of them are
//! open, all but one, and each one alone.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::recording::{Effect, Inode, Name, ROOT, Recording};
use crate::tree::{Contents, Tree};

/// Which disks are tried.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Thoroughness {
    /// So many open changes are tried in every combination.
    pub(crate) few: usize,
    /// All but one, and each one alone, also where nothing is waited for.
    pub(crate) always: bool,
}

/// Every disk that is tried; true if it may be left after the command has ended.
pub(crate) fn disks(
    recording: &Recording,
    contents: &mut Contents,
    how: Thoroughness,
) -> BTreeMap<Tree, bool> {
    let changes = (0..recording.len()).filter(|i| recording.change_at(*i).is_some());
    let changes: Vec<(usize, Option<usize>)> =
        changes.map(|i| (i, recording.safe_from(i))).collect();
    let mut replay = Replay::new(recording, contents);
    let mut disks = BTreeMap::new();
    for end in 0..=recording.len() {
        let so_far = changes.iter().filter(|(i, _)| *i < end);
        let is_safe = |(_, from): &&(usize, Option<usize>)| from.is_some_and(|it| it < end);
        let (safe, open): (Vec<_>, Vec<_>) = so_far.partition(is_safe);
        let open: Vec<usize> = open.iter().map(|(i, _)| *i).collect();
        let is_last = end == recording.len();
        for part in parts(recording, &open, end, how) {
            let made = safe.iter().map(|(i, _)| *i).chain(part).collect();
            if let Some(disk) = replay.disk(&made, is_last) {
                *disks.entry(disk).or_default() |= is_last;
            }
        }
    }
    disks
}

/// The disk with all changes made.
pub(crate) fn whole(recording: &Recording, contents: &mut Contents) -> Tree {
    Replay::new(recording, contents).tree(&(0..recording.len()).collect())
}

/// Which of the open changes are made.
fn parts(
    recording: &Recording,
    open: &[usize],
    end: usize,
    how: Thoroughness,
) -> BTreeSet<BTreeSet<usize>> {
    let all = || open.iter().copied();
    let needs = |i: usize| recording.change_at(i).and_then(|it| it.needs);
    let is_wait = recording.change_at(end).is_none();
    let mut parts: Vec<BTreeSet<usize>> = vec![all().collect(), BTreeSet::new()];
    if open.len() <= how.few {
        let chosen = |bits: usize| (0..open.len()).filter(move |at| (bits >> at) & 1 == 1);
        parts.extend((0..1 << open.len()).map(|bits| chosen(bits).map(|at| open[at]).collect()));
    } else if is_wait || how.always {
        let alone = |i| [Some(i), needs(i)].into_iter().flatten().collect();
        parts.extend(all().map(|i| all().filter(|it| *it != i).collect()));
        parts.extend(all().map(alone));
    }
    let legal = |part: BTreeSet<usize>| {
        let has = |it: usize| part.contains(&it) || !open.contains(&it);
        let may_be = |i: &usize| needs(*i).is_none_or(has);
        part.iter().copied().filter(may_be).collect()
    };
    parts.into_iter().map(legal).collect()
}

/// Makes disks, and remembers what it has made.
struct Replay<'a> {
    recording: &'a Recording,
    contents: &'a mut Contents,
    /// What a file or folder is with some changes made.
    known: HashMap<(Inode, Vec<usize>), usize>,
    made: HashSet<u64>,
}

impl<'a> Replay<'a> {
    fn new(recording: &'a Recording, contents: &'a mut Contents) -> Self {
        Self {
            recording,
            contents,
            known: HashMap::new(),
            made: HashSet::new(),
        }
    }

    /// The disk with these changes made; `None` if it was made before, and the
    /// command has gone on since.
    fn disk(&mut self, made: &BTreeSet<usize>, is_last: bool) -> Option<Tree> {
        let mut hash = DefaultHasher::new();
        made.hash(&mut hash);
        (self.made.insert(hash.finish()) || is_last).then(|| self.tree(made))
    }

    /// The disk with these changes made, in their order.
    fn tree(&mut self, made: &BTreeSet<usize>) -> Tree {
        let mut names = self.recording.names().clone();
        let mut changes: BTreeMap<Inode, Vec<usize>> = BTreeMap::new();
        for &i in made {
            let Some(change) = self.recording.change_at(i) else {
                continue;
            };
            let Effect::Names(renamed) = &change.effect else {
                changes.entry(change.of).or_default().push(i);
                continue;
            };
            for (name, inode) in renamed {
                let name = (change.of, name.clone());
                match inode {
                    Some(inode) => names.insert(name, *inode),
                    None => names.remove(&name),
                };
            }
        }
        let mut tree = Tree::new();
        self.grow(&names, &changes, ROOT, "", &mut tree);
        tree
    }

    fn grow(
        &mut self,
        names: &BTreeMap<Name, Inode>,
        changes: &BTreeMap<Inode, Vec<usize>>,
        at: Inode,
        above: &str,
        tree: &mut Tree,
    ) {
        for ((_, name), &inode) in names.range((at, String::new())..(at + 1, String::new())) {
            let path = format!("{above}{name}");
            if self.recording.node(inode).is_folder {
                self.grow(names, changes, inode, &format!("{path}/"), tree);
            }
            let changes = changes.get(&inode).cloned().unwrap_or_default();
            tree.insert(path, self.real(inode, changes));
        }
    }

    /// What a file or folder is, with these changes made.
    fn real(&mut self, inode: Inode, changes: Vec<usize>) -> usize {
        let key = (inode, changes);
        if let Some(number) = self.known.get(&key) {
            return *number;
        }
        let mut node = self.recording.node(inode).clone();
        let changes = key.1.iter().filter_map(|i| self.recording.change_at(*i));
        changes.for_each(|it| node.take(&it.effect));
        let content = (node.mode, (!node.is_folder).then_some(node.bytes));
        let number = self.contents.number(content);
        self.known.insert(key, number);
        number
    }
}
