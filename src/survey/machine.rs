//! One machine's own files together: its host module and what that imports.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use crate::nix::NixFile;
use crate::repo::{Hash, Late, Repo, RepoPath};
use crate::survey::content::{Content, Signature};
use crate::survey::elsewhere::Resolver;
use crate::survey::facts::{Import, Setting};
use crate::survey::hit::{Hit, Spot, Word, words};
use crate::survey::known::Known;
use crate::survey::value::Value;

/// Files of one machine, more than anyone has.
const FILES: usize = 1000;

/// The repository's files as facts, each made once.
pub struct Survey<'a> {
    repo: &'a Repo,
    known: Arc<Known>,
    files: Mutex<HashMap<RepoPath, Option<Arc<File>>>>,
}

/// What a machine's files say.
#[derive(Clone, Default)]
pub struct Machine {
    /// The files, each with the attribute path of the module in it; `None`:
    /// whatever they nest their settings in.
    files: Vec<(Arc<File>, Option<Vec<String>>)>,
    /// What any of them may set.
    signature: Signature,
    /// Modules of it are not among the files.
    unread: bool,
}

/// One file, with what other files say filled in.
struct File {
    text: Late,
    content: Arc<Content>,
    /// Its settings, where other files say something of them.
    resolved: Option<Vec<Setting>>,
    /// The files that its imports mean, in their order.
    imports: Vec<Option<RepoPath>>,
}

/// One item of an `imports` list, and the file that it means.
struct Imported<'f> {
    import: &'f Import,
    file: Option<&'f RepoPath>,
}

/// What is asked of a file: the options by this name, or all below it.
#[derive(Clone, Copy)]
enum Asked<'o> {
    Option(&'o str),
    Below(&'o str),
}

impl<'o> Asked<'o> {
    fn name(self) -> &'o str {
        match self {
            Self::Option(name) | Self::Below(name) => name,
        }
    }
}

impl<'a> Survey<'a> {
    /// A survey of this repository.
    pub fn new(repo: &'a Repo) -> Self {
        Self::with(repo, Arc::default())
    }

    /// A survey that makes use of what is known, and adds to it.
    pub fn with(repo: &'a Repo, known: Arc<Known>) -> Self {
        Self {
            repo,
            known,
            files: Mutex::default(),
        }
    }

    /// The repository that is surveyed.
    pub fn repo(&self) -> &'a Repo {
        self.repo
    }

    /// The host module, the module at `within` in it, and what they import.
    pub fn machine(&self, module: &RepoPath, within: &[String]) -> Machine {
        let mut machine = Machine::default();
        let module = entry_file(self.repo, module.clone());
        machine.add(self.file(&module), within.to_vec());
        let mut next = 0;
        while let Some((file, within)) = machine.files.get(next).cloned() {
            next += 1;
            for path in file
                .own_imports(within.as_deref())
                .filter_map(|one| one.file)
            {
                if machine.files.len() < FILES {
                    machine.add(self.file(path), Vec::new());
                }
            }
        }
        machine
    }

    /// One file as if it were a machine, whatever it nests its settings in.
    pub fn alone(&self, path: &RepoPath) -> Option<Machine> {
        let file = self.file(path)?;
        Some(Machine {
            signature: file.content.signature,
            files: vec![(file, None)],
            unread: true,
        })
    }

    /// What a file says by its content alone; `None` if it is not there or not text.
    ///
    /// Its tree is not kept, but for that of `flake.nix`, which others need too.
    pub fn content(&self, path: &RepoPath) -> Option<Arc<Content>> {
        if let Some(Some(file)) = self.lock().get(path) {
            return Some(file.content.clone());
        }
        self.content_of(path, self.repo.told(path))
    }

    fn content_of(&self, path: &RepoPath, told: Option<Hash>) -> Option<Arc<Content>> {
        // Where there is something to point at, the text is needed anyway.
        let known = told.and_then(|hash| self.known.get(&hash));
        if let Some(fine) = known.filter(|known| known.is_fine()) {
            return Some(fine);
        }
        let text = self.repo.text(path).ok()??;
        let parse = || match path.file_name() {
            "flake.nix" => self.repo.nix(path),
            _ => self.repo.nix_once(path),
        };
        let parse = || parse().unwrap_or_else(|| NixFile::parse(text.clone()));
        Some(self.known.content(&text, parse))
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
        let text = self.repo.late(path);
        let content = self.content_of(path, text.told())?;
        if content.mistake.is_some() {
            return None;
        }
        let resolver = Resolver::new(self.repo);
        let imports = content.facts.imports.iter().map(|import| {
            let file = import.file.as_ref();
            let file = file.and_then(|file| path.beside(file));
            file.map(|file| entry_file(self.repo, file))
        });
        Some(File {
            text,
            resolved: content.resolved(|value| resolver.resolved(path, value)),
            imports: imports.collect(),
            content: content.clone(),
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
    let name = path.as_str().as_bytes();
    let ends = name.last_chunk::<4>();
    if ends.is_some_and(|end| end.eq_ignore_ascii_case(b".nix")) {
        return path;
    }
    match path.join("default.nix") {
        Some(inner) if repo.is_there(&inner) => inner,
        _ => path,
    }
}

impl Machine {
    /// Takes a file in, if it is not among the others.
    fn add(&mut self, file: Option<Arc<File>>, within: Vec<String>) {
        let Some(file) = file else {
            self.unread = true;
            return;
        };
        if !self
            .files
            .iter()
            .any(|(known, _)| Arc::ptr_eq(known, &file))
        {
            self.signature = self.signature.or(file.content.signature);
            self.files.push((file, Some(within)));
        }
    }

    /// The files, host module first.
    pub fn files(&self) -> impl Iterator<Item = &RepoPath> {
        self.files.iter().map(|(file, _)| file.text.path())
    }

    /// The places where its files import this one.
    pub fn imports_of(&self, wanted: &RepoPath) -> Vec<Spot> {
        let of_file = |(file, within): &(Arc<File>, Option<Vec<String>>)| {
            let own = file.own_imports(within.as_deref());
            let it = own.filter(|one| one.file == Some(wanted));
            it.map(|one| file.spot(&one.import.range))
                .collect::<Vec<_>>()
        };
        self.files.iter().flat_map(of_file).collect()
    }

    /// True if the machine has modules that were not read: computed imports,
    /// modules of other repositories.
    pub fn is_open(&self) -> bool {
        let mut files = self.files.iter();
        self.unread
            || files.any(|(file, within)| {
                let mut imports = file.own_imports(within.as_deref());
                imports.any(|one| one.file.is_none())
            })
    }

    /// True if its files say all that its modules say: every one was read, none is
    /// computed, and every import was followed. `is_told` is asked about the others:
    /// the items of `imports`.
    pub fn tells_all(&self, is_told: impl Fn(&Spot) -> bool) -> bool {
        let is_followed = |file: &File, one: &Imported<'_>| {
            one.file.is_some() || is_told(&file.spot(&one.import.range))
        };
        !self.unread
            && self.files.iter().all(|(file, within)| {
                let mut imports = file.own_imports(within.as_deref());
                !file.content.facts.opaque && imports.all(|one| is_followed(file, &one))
            })
    }

    /// Every definition of an option, as in `nix.settings.substituters`.
    pub fn all(&self, option: &str) -> Vec<Hit> {
        let hits = self.hits(Asked::Option(option));
        hits.map(|(file, setting)| file.hit(setting)).collect()
    }

    /// True if the option has a definition.
    pub fn says(&self, option: &str) -> bool {
        self.hits(Asked::Option(option)).next().is_some()
    }

    /// Every definition below an option, with the names that follow.
    pub fn below(&self, option: &str) -> Vec<(Vec<String>, Hit)> {
        let hits = self.hits(Asked::Below(option));
        hits.filter_map(|(file, setting)| {
            let below = setting.below(option)?.to_vec();
            Some((below, file.hit(setting)))
        })
        .collect()
    }

    /// The boolean that wins, if the files say one.
    pub fn flag(&self, option: &str) -> Option<(bool, Hit)> {
        let hits = self.hits(Asked::Option(option));
        let told = hits.filter_map(|(file, setting)| Some((setting.value.bool()?, file, setting)));
        let wins = told.max_by_key(|(_, _, setting)| (setting.strength, !setting.conditional));
        wins.map(|(flag, file, setting)| (flag, file.hit(setting)))
    }

    /// The strings of every definition of a list option; a plain string counts
    /// as its words, as nix.conf has it.
    pub fn words(&self, option: &str) -> Vec<Word> {
        let hits = self.hits(Asked::Option(option));
        hits.flat_map(|(file, setting)| words(setting, &file.text))
            .collect()
    }

    /// True if a part of the option's value may not be known from these files:
    /// the option, or a set around it, is computed.
    pub fn is_hidden(&self, option: &str) -> bool {
        let ends = option.match_indices('.').map(|(at, _)| at);
        let mut around = ends.chain([option.len()]).map(|end| &option[..end]);
        around.any(|prefix| {
            let mut hits = self.hits(Asked::Option(prefix));
            hits.any(|(_, setting)| is_open(&setting.value))
        })
    }

    fn hits<'s>(&'s self, asked: Asked<'s>) -> impl Iterator<Item = (&'s File, &'s Setting)> {
        let signature = Signature::one(asked.name());
        let may_set = move |(file, _): &&(Arc<File>, _)| file.content.signature.meets(signature);
        let any = self.signature.meets(signature);
        let files = any.then_some(&self.files).into_iter().flatten();
        files.filter(may_set).flat_map(move |(file, within)| {
            let within = within.as_deref();
            let own = file.asked(asked);
            let own = own.filter(move |one| within.is_none_or(|path| one.is_the_machines(path)));
            own.map(|setting| (&**file, setting))
        })
    }
}

impl File {
    fn own_imports<'s>(
        &'s self,
        within: Option<&'s [String]>,
    ) -> impl Iterator<Item = Imported<'s>> {
        let all = self.content.facts.imports.iter().zip(&self.imports);
        let own = move |(import, _): &(&'s Import, _)| {
            within.is_some_and(|within| import.is_the_machines(within))
        };
        all.filter(own).map(|(import, file)| Imported {
            import,
            file: file.as_ref(),
        })
    }

    /// The settings that are asked for. Texts are compared before names are: most
    /// differ in their length.
    fn asked<'s>(&'s self, asked: Asked<'s>) -> impl Iterator<Item = &'s Setting> {
        let settings = self.resolved.as_deref();
        let settings = settings.unwrap_or(&self.content.facts.settings);
        let with_text = self.content.options.iter().zip(settings);
        let is_it = move |(text, setting): &(&String, &Setting)| match asked {
            Asked::Option(option) => *text == option && setting.is(option),
            Asked::Below(option) => text.starts_with(option) && setting.below(option).is_some(),
        };
        with_text.filter(is_it).map(|(_, setting)| setting)
    }

    fn hit(&self, setting: &Setting) -> Hit {
        Hit {
            value: setting.value.clone(),
            strength: setting.strength,
            conditional: setting.conditional,
            spot: self.spot(&setting.range),
        }
    }

    fn spot(&self, range: &Range<usize>) -> Spot {
        Spot {
            file: self.text.clone(),
            range: range.clone(),
        }
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
