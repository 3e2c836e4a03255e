//! What is on a disk, as a value that is quick to compare.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use libtest_mimic::Failed;

/// What is where; contents by their numbers.
pub(crate) type Tree = BTreeMap<String, usize>;

/// Permissions, and the bytes of a file.
type Content = (u32, Option<Vec<u8>>);

/// Every content that has been seen has a number.
#[derive(Default)]
pub(crate) struct Contents {
    numbers: HashMap<Content, usize>,
    all: Vec<Content>,
}

impl Contents {
    /// The number of a content.
    pub(crate) fn number(&mut self, content: Content) -> usize {
        if let Some(number) = self.numbers.get(&content) {
            return *number;
        }
        self.numbers.insert(content.clone(), self.all.len());
        self.all.push(content);
        self.all.len() - 1
    }

    /// The bytes of a file; `None` for a folder.
    pub(crate) fn bytes(&self, number: usize) -> Option<&[u8]> {
        self.all[number].1.as_deref()
    }

    /// What is in a folder of the disk.
    pub(crate) fn read(&mut self, folder: &Path) -> Result<Tree, Failed> {
        let mut tree = Tree::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(next) = folders.pop() {
            for entry in fs::read_dir(next)? {
                let entry = entry?;
                let path = entry.path();
                let is_folder = entry.file_type()?.is_dir();
                let bytes = if is_folder {
                    None
                } else {
                    Some(fs::read(&path)?)
                };
                let name = path.strip_prefix(folder)?.display().to_string();
                tree.insert(name, self.number((mode_of(&path)?, bytes)));
                if is_folder {
                    folders.push(path);
                }
            }
        }
        Ok(tree)
    }

    /// Makes the folder as `wanted` from as it is `now`. What changes is made anew: it
    /// may have a second name.
    pub(crate) fn turn(&self, folder: &Path, now: &Tree, wanted: &Tree) -> Result<(), Failed> {
        let is_folder = |tree: &Tree, path: &String| {
            let number = tree.get(path);
            number.is_some_and(|it| self.all[*it].1.is_none())
        };
        for (path, number) in now.iter().rev() {
            if is_folder(now, path) {
                if !is_folder(wanted, path) {
                    fs::remove_dir(folder.join(path))?;
                }
            } else if wanted.get(path) != Some(number) {
                fs::remove_file(folder.join(path))?;
            }
        }
        for (path, number) in wanted {
            if now.get(path) == Some(number) {
                continue;
            }
            let (mode, bytes) = &self.all[*number];
            let at = folder.join(path);
            match bytes {
                Some(bytes) => fs::write(&at, bytes)?,
                None if is_folder(now, path) => {}
                None => fs::create_dir(&at)?,
            }
            fs::set_permissions(&at, fs::Permissions::from_mode(*mode))?;
        }
        Ok(())
    }
}

/// The permissions of what is there.
pub(crate) fn mode_of(path: &Path) -> Result<u32, Failed> {
    Ok(path.symlink_metadata()?.permissions().mode() & 0o7777)
}
