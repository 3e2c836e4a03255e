//! The files of a repository, each taken in once.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use foldhash::quality::RandomState;

use crate::flake::FileValues;
use crate::repo::{Hash, LazySource, Repo, RepoPath, TrackedFile};
use crate::survey::content::Content;
use crate::survey::elsewhere::Resolver;
use crate::survey::entry_file::entry_file;
use crate::survey::evaluation::{Evaluation, Evaluator};
use crate::survey::file::File;
use crate::survey::known::Known;
use crate::survey::machine::Machine;
use crate::survey::options;
use crate::survey::unread::{Unread, UnreadReason};

/// The repository's files as facts, each made once.
#[derive(Clone)]
pub struct Survey<'a> {
    repo: &'a Repo,
    known: Arc<Known>,
    taken: Arc<Taken>,
}

/// The files of one repository that surveys have taken in so far.
#[derive(Default)]
pub struct Taken {
    files: Mutex<Files>,
    inline: Mutex<InlineModules>,
    evaluator: OnceLock<Arc<Evaluator>>,
    values: OnceLock<FileValues>,
}

type Files = HashMap<RepoPath, Option<Arc<File>>, RandomState>;

/// Modules by the file and the bytes where they are written.
type InlineModules = HashMap<(RepoPath, Range<usize>), Option<Arc<File>>, RandomState>;

impl<'a> Survey<'a> {
    /// A survey of this repository.
    pub fn new(repo: &'a Repo) -> Self {
        Self::with(repo, Arc::default())
    }

    /// A survey that makes use of what is known, and adds to it.
    pub fn with(repo: &'a Repo, known: Arc<Known>) -> Self {
        Self::sharing(repo, known, Arc::default())
    }

    /// As [`Survey::with`], and with the files that another survey of the very same
    /// repository has taken in.
    pub fn sharing(repo: &'a Repo, known: Arc<Known>, taken: Arc<Taken>) -> Self {
        Self { repo, known, taken }
    }

    /// The repository that is surveyed.
    pub fn repo(&self) -> &'a Repo {
        self.repo
    }

    /// A module, the one at `within` in its file, and what it imports.
    pub fn machine(&self, module: &RepoPath, within: &[String]) -> Machine {
        let mut machine = Machine::default();
        self.add_module(&mut machine, module, within);
        self.follow_imports(&mut machine);
        machine
    }

    /// Adds a module, the one at `within` in its file.
    pub(super) fn add_module(&self, machine: &mut Machine, module: &RepoPath, within: &[String]) {
        let module = entry_file(self.repo, module);
        if let Some(file) = self.file(&module) {
            return machine.add(file, within.to_vec());
        }
        let (name, why) = (self.repo.shown(&module), self.why_unread(&module));
        machine.add_unread(Unread::file(UnreadReason::File, &module, &name, &why));
    }

    /// Adds the module that is written at these bytes of a file.
    pub(super) fn add_inline(&self, machine: &mut Machine, path: &RepoPath, range: &Range<usize>) {
        match self.inline(path, range) {
            Some(file) => machine.add(file, Vec::new()),
            None => self.add_module(machine, path, &[]),
        }
    }

    /// Adds what the modules import, and what that imports.
    pub(super) fn follow_imports(&self, machine: &mut Machine) {
        machine.follow_imports(|path| self.file(path));
    }

    /// What tells more of a host's uncertain settings.
    pub(super) fn evaluation(&self, host: &str, own: Option<&RepoPath>) -> Evaluation {
        let evaluator = &self.taken.evaluator;
        let evaluator = evaluator.get_or_init(|| Arc::new(Evaluator::of(self.repo)));
        Evaluation::new(evaluator.clone(), host, own.cloned())
    }

    /// Why a file is not among those that are read, in words.
    fn why_unread(&self, path: &RepoPath) -> String {
        match self.repo.text(path) {
            Err(why) => why.to_string(),
            Ok(None) => "is not among the tracked files".to_owned(),
            Ok(Some(_)) => "does not parse".to_owned(),
        }
    }

    /// One file as if it were a machine, whatever it nests its settings in.
    pub fn alone(&self, path: &RepoPath) -> Option<Machine> {
        self.file(path).map(Machine::of_one)
    }

    /// What a file says by its content alone, and as [`Survey::alone`]; `None` if it is
    /// not there or not text, or if somebody found it fine.
    pub fn to_judge(&self, path: &RepoPath) -> Option<(Arc<Content>, Machine)> {
        let file = self.taken(path).filter(|file| !file.content.is_fine())?;
        let content = file.content.clone();
        let machine = match content.mistake {
            Some(_) => Machine::default(),
            None => Machine::of_one(file),
        };
        Some((content, machine))
    }

    /// Takes in a file that somebody has just read, so that nobody has to read it again.
    pub fn take_in(&self, file: TrackedFile<'_>, text: &Arc<str>, hash: Hash) {
        let (path, content) = (file.path(), self.content_of(file.path(), text, hash));
        let file = Arc::new(self.file_with(file.lazy_source(hash), content));
        lock(&self.taken.files).insert(path.clone(), Some(file));
    }

    /// Its tree is not kept, but for that of `flake.nix`, which others need too.
    fn content_of(&self, path: &RepoPath, text: &Arc<str>, hash: Hash) -> Arc<Content> {
        let kept = || match path.file_name() {
            "flake.nix" => self.repo.nix(path),
            _ => self.repo.cached_nix(path),
        };
        // Somebody may have edited the file between two who read it.
        self.known.content(hash, || match kept() {
            Some(Ok(nix)) if *nix.text() == **text => Ok(nix),
            _ => self.repo.parse_asked(path, text, |around, names| {
                options::leads_nowhere(around, names)
            }),
        })
    }

    /// A file that parses.
    fn file(&self, path: &RepoPath) -> Option<Arc<File>> {
        let taken = self.taken(path);
        taken.filter(|file| file.content.mistake.is_none())
    }

    fn taken(&self, path: &RepoPath) -> Option<Arc<File>> {
        let known = lock(&self.taken.files).get(path).cloned();
        known.unwrap_or_else(|| {
            let made = self.read(path).map(Arc::new);
            lock(&self.taken.files).insert(path.clone(), made.clone());
            made
        })
    }

    fn read(&self, path: &RepoPath) -> Option<File> {
        let hash = self.repo.known_hash(path);
        let known = hash.and_then(|hash| Some((hash, self.known.get(&hash)?)));
        // Where there is something to point at, the text is needed anyway.
        if let Some((hash, content)) = known.filter(|(_, known)| known.is_fine()) {
            return Some(self.file_with(self.repo.lazy_source(path, hash), content));
        }
        let text = self.repo.text(path).ok()??;
        let hash = Hash::of(&text);
        let content = self.content_of(path, &text, hash);
        Some(self.file_with(self.repo.lazy_source(path, hash), content))
    }

    fn file_with(&self, text: LazySource, content: Arc<Content>) -> File {
        let path = text.path();
        let values = || self.taken.values.get_or_init(|| FileValues::of(self.repo));
        let resolver = Resolver::new(self.repo, values, path);
        let imports = content.facts.imports.iter().map(|import| {
            let file = import.target.file().and_then(|file| path.beside(file));
            file.map(|file| entry_file(self.repo, &file))
        });
        File {
            resolved: content.resolved(|value, place| resolver.resolved(value, place)),
            imports: imports.collect(),
            text,
            content,
        }
    }

    /// The module that is written at these bytes of a file, as a file of its own.
    fn inline(&self, path: &RepoPath, range: &Range<usize>) -> Option<Arc<File>> {
        let key = (path.clone(), range.clone());
        let mut known = lock(&self.taken.inline);
        let made = known.entry(key).or_insert_with(|| {
            let nix = self.repo.nix(path)?.ok()?;
            let content = Arc::new(Content::of_part(&nix, range)?);
            let text = self.repo.lazy_source(path, Hash::of(nix.text()));
            Some(Arc::new(self.file_with(text, content)))
        });
        made.clone()
    }
}

fn lock<T>(map: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic elsewhere leaves the map whole: entries are only ever added.
    map.lock().unwrap_or_else(PoisonError::into_inner)
}
