//! One machine's own files together: its host module and what that imports.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use crate::diagnostic::Source;
use crate::repo::{Repo, RepoPath};
use crate::survey::elsewhere::Resolver;
use crate::survey::facts::{Facts, Import, Setting, Strength};
use crate::survey::flatten::facts;
use crate::survey::value::{List, Value};

/// Files of one machine, more than anyone has.
const FILES: usize = 1000;

/// The repository's files as facts, each made once.
pub struct Survey<'a> {
    repo: &'a Repo,
    files: Mutex<HashMap<RepoPath, Option<Arc<File>>>>,
}

/// What a machine's files say.
#[derive(Clone, Default)]
pub struct Machine {
    /// The files, each with the attribute path of the module in it.
    files: Vec<(Arc<File>, Vec<String>)>,
    open: bool,
}

/// One file, with what other files say filled in.
struct File {
    path: RepoPath,
    source: Source,
    settings: Vec<Setting>,
    imports: Vec<Imported>,
}

/// One item of an `imports` list, and the file that it means.
struct Imported {
    import: Import,
    file: Option<RepoPath>,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// The file.
    pub source: Source,
    /// The bytes.
    pub range: Range<usize>,
}

/// One definition of an option, with what other files say filled in.
#[derive(Debug, Clone)]
pub struct Hit {
    /// What it says.
    pub value: Value,
    /// How it competes with other definitions.
    pub strength: Strength,
    /// It stands under a condition.
    pub conditional: bool,
    /// Where it stands.
    pub spot: Spot,
    /// The file where it stands.
    pub path: RepoPath,
}

/// One string of a list, and where it stands.
#[derive(Debug, Clone)]
pub struct Word {
    /// The string; a [`HOLE`](crate::survey::HOLE) for a part that is not known.
    pub text: String,
    /// How its list competes with other definitions.
    pub strength: Strength,
    /// Where it stands.
    pub spot: Spot,
}

impl Word {
    /// The words that it holds, each where the whole stands.
    pub(super) fn split(&self) -> impl Iterator<Item = Self> + '_ {
        let each = self.text.split_whitespace();
        each.map(|text| Self {
            text: text.to_owned(),
            ..self.clone()
        })
    }
}

impl<'a> Survey<'a> {
    /// A survey of this repository.
    pub fn new(repo: &'a Repo) -> Self {
        Self {
            repo,
            files: Mutex::default(),
        }
    }

    /// The host module, the module at `within` in it, and what they import.
    pub fn machine(&self, module: &RepoPath, within: &[String]) -> Machine {
        let mut machine = Machine {
            files: Vec::new(),
            open: false,
        };
        let mut seen = BTreeSet::new();
        let module = entry_file(self.repo, module.clone());
        let mut todo = VecDeque::from([(module, within.to_vec())]);
        while let Some((path, within)) = todo.pop_front() {
            if seen.len() >= FILES || !seen.insert(path.clone()) {
                continue;
            }
            match self.file(&path) {
                Some(file) => todo.extend(machine.add(file, within)),
                None => machine.open = true,
            }
        }
        machine
    }

    /// One file as if it were a machine, whatever it nests its settings in.
    pub fn alone(&self, path: &RepoPath) -> Option<Machine> {
        let file = self.file(path)?;
        let flat = |setting: &Setting| Setting {
            scope: Vec::new(),
            ..setting.clone()
        };
        let alone = File {
            path: file.path.clone(),
            source: file.source.clone(),
            settings: file.settings.iter().map(flat).collect(),
            imports: Vec::new(),
        };
        Some(Machine {
            files: vec![(Arc::new(alone), Vec::new())],
            open: true,
        })
    }

    fn file(&self, path: &RepoPath) -> Option<Arc<File>> {
        let known = self.lock().get(path).cloned();
        known.unwrap_or_else(|| {
            let made = self.read(path).map(Arc::new);
            self.lock().insert(path.clone(), made.clone());
            made
        })
    }

    fn read(&self, path: &RepoPath) -> Option<File> {
        let Facts { settings, imports } = facts(&self.repo.nix(path)?.ok()?).without_homes();
        let resolver = Resolver::new(self.repo);
        let settings = settings.into_iter().map(|setting| Setting {
            value: resolver.resolved(path, setting.value),
            ..setting
        });
        let imports = imports.into_iter().map(|import| {
            let file = import
                .file
                .as_ref()
                .and_then(|file| path.parent().join(file));
            Imported {
                file: file.map(|file| entry_file(self.repo, file)),
                import,
            }
        });
        Some(File {
            path: path.clone(),
            source: self.repo.source(path).ok()??,
            settings: settings.collect(),
            imports: imports.collect(),
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<RepoPath, Option<Arc<File>>>> {
        // A panic elsewhere leaves the map whole: entries are only ever added.
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The host module and the files that it imports by literal paths, directly or
/// not, in the order in which they are found.
pub fn files_of(repo: &Repo, module: &RepoPath) -> Vec<RepoPath> {
    let machine = Survey::new(repo).machine(module, &[]);
    machine.files().cloned().collect()
}

/// A folder is imported through its `default.nix`.
pub(super) fn entry_file(repo: &Repo, path: RepoPath) -> RepoPath {
    let is_nix = path.as_str().to_ascii_lowercase().ends_with(".nix");
    match path.join("default.nix") {
        Some(inner) if !is_nix && repo.exists(&inner) => inner,
        _ => path,
    }
}

impl Machine {
    /// Takes a file in; gives what it imports.
    fn add(&mut self, file: Arc<File>, within: Vec<String>) -> Vec<(RepoPath, Vec<String>)> {
        let own: Vec<_> = file
            .own_imports(&within)
            .map(|one| one.file.clone())
            .collect();
        self.open |= own.contains(&None);
        self.files.push((file, within));
        own.into_iter()
            .flatten()
            .map(|path| (path, Vec::new()))
            .collect()
    }

    /// The files, host module first.
    pub fn files(&self) -> impl Iterator<Item = &RepoPath> {
        self.files.iter().map(|(file, _)| &file.path)
    }

    /// The places where its files import this one.
    pub fn imports_of(&self, wanted: &RepoPath) -> Vec<Spot> {
        let of_file = |(file, within): &(Arc<File>, Vec<String>)| {
            let own = file.own_imports(within);
            let it = own.filter(|one| one.file.as_ref() == Some(wanted));
            it.map(|one| file.spot(&one.import.range))
                .collect::<Vec<_>>()
        };
        self.files.iter().flat_map(of_file).collect()
    }

    /// True if the machine has modules that were not read: computed imports,
    /// modules of other repositories.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Every definition of an option, as in `nix.settings.substituters`.
    pub fn all(&self, option: &str) -> Vec<Hit> {
        self.hits(|setting| setting.is(option).then_some(()))
            .map(|((), hit)| hit)
            .collect()
    }

    /// Every definition below an option, with the names that follow.
    pub fn below(&self, option: &str) -> Vec<(Vec<String>, Hit)> {
        self.hits(|setting| setting.below(option).map(<[String]>::to_vec))
            .collect()
    }

    /// The boolean that wins, if the files say one.
    pub fn flag(&self, option: &str) -> Option<(bool, Hit)> {
        let all = self.all(option).into_iter();
        let told = all.filter_map(|hit| Some((hit.value.bool()?, hit)));
        told.max_by_key(|(_, hit)| (hit.strength, !hit.conditional))
    }

    /// The strings of every definition of a list option; a plain string counts
    /// as its words, as nix.conf has it.
    pub fn words(&self, option: &str) -> Vec<Word> {
        self.all(option).iter().flat_map(words).collect()
    }

    /// True if a part of the option's value may not be known from these files:
    /// the option, or a set around it, is computed.
    pub fn is_hidden(&self, option: &str) -> bool {
        let names: Vec<&str> = option.split('.').collect();
        let around = (1..=names.len()).map(|count| names[..count].join("."));
        around
            .into_iter()
            .any(|prefix| self.all(&prefix).iter().any(|hit| is_open(&hit.value)))
    }

    fn hits<'s, T: 's>(
        &'s self,
        pick: impl Fn(&Setting) -> Option<T> + 's,
    ) -> impl Iterator<Item = (T, Hit)> + 's {
        self.files.iter().flat_map(move |(file, within)| {
            let own = file.settings.iter().filter(|s| s.is_the_machines(within));
            let picked = own.filter_map(|setting| Some((pick(setting)?, file.hit(setting))));
            picked.collect::<Vec<_>>()
        })
    }
}

impl File {
    fn own_imports<'s>(&'s self, within: &'s [String]) -> impl Iterator<Item = &'s Imported> {
        self.imports
            .iter()
            .filter(|one| one.import.is_the_machines(within))
    }

    fn hit(&self, setting: &Setting) -> Hit {
        Hit {
            value: setting.value.clone(),
            strength: setting.strength,
            conditional: setting.conditional,
            spot: self.spot(&setting.range),
            path: self.path.clone(),
        }
    }

    fn spot(&self, range: &Range<usize>) -> Spot {
        Spot {
            source: self.source.clone(),
            range: range.clone(),
        }
    }
}

fn words(hit: &Hit) -> Vec<Word> {
    let word = |text: &str, range: Range<usize>| Word {
        text: text.to_owned(),
        strength: hit.strength,
        spot: Spot {
            source: hit.spot.source.clone(),
            range,
        },
    };
    match &hit.value {
        Value::Text(text) => {
            let each = text.text.split_whitespace();
            each.map(|one| word(one, hit.spot.range.clone())).collect()
        }
        Value::List(List { items, .. }) => {
            let each = items.iter().filter_map(|item| match &item.value {
                Value::Text(text) => Some(word(&text.text, item.range.clone())),
                _ => None,
            });
            each.collect()
        }
        _ => Vec::new(),
    }
}

fn is_open(value: &Value) -> bool {
    match value {
        Value::List(list) => list.open || list.items.iter().any(|item| is_open(&item.value)),
        Value::Unknown | Value::Elsewhere(_) => true,
        Value::Text(text) => text.whole().is_none(),
        _ => false,
    }
}
