//! One machine's own files together: its host module and what that imports.

use std::borrow::Cow;
use std::sync::Arc;

use crate::flake::OptionQuestion;
use crate::repo::RepoPath;
use crate::survey::content::Signature;
use crate::survey::evaluation::Evaluation;
use crate::survey::facts::{ImportTarget, Setting};
use crate::survey::file::{Asked, File, Imported};
use crate::survey::hit::{Hit, Spot, Word, words};
use crate::survey::unread::{Unread, UnreadReason};
use crate::survey::value::Value;

/// Files of one machine, more than anyone has.
const FILES: usize = 1000;

/// What a machine's files say.
#[derive(Clone, Default)]
pub struct Machine {
    /// The files, each with the attribute path of the module in it; `None`:
    /// whatever they nest their settings in.
    files: Vec<(Arc<File>, Option<Vec<String>>)>,
    /// What any of them may set.
    signature: Signature,
    /// What a file imports is not among the files.
    lacks_imports: bool,
    /// Modules that the flake lists and that are not among the files.
    unread: Vec<Unread>,
    /// What tells more of uncertain settings.
    evaluation: Option<Arc<Evaluation>>,
}

/// A file that is imported by a literal path and that could not be read.
pub struct UnreadImport {
    /// The path, as written.
    pub written: String,
    /// The file; `None`: the path leads out of the repository.
    pub path: Option<RepoPath>,
    /// The place of the import.
    pub spot: Spot,
    /// It is imported under a condition, such as that it is there.
    pub is_conditional: bool,
}

impl Machine {
    /// That of a file, whatever it nests its settings in.
    pub(super) fn of_one(file: Arc<File>) -> Self {
        Self {
            signature: file.content.signature,
            files: vec![(file, None)],
            lacks_imports: true,
            unread: Vec::new(),
            evaluation: None,
        }
    }

    /// The same machine, of which only this file is looked at; `None`: it has no such file.
    pub fn only(mut self, file: &RepoPath) -> Option<Self> {
        self.files.retain(|(one, _)| one.text.path() == file);
        (!self.files.is_empty()).then_some(self)
    }

    /// Takes in the module at this attribute path of a file, if it is not there yet.
    pub(super) fn add(&mut self, file: Arc<File>, within: Vec<String>) {
        let mut known = self.files.iter();
        let is_known = known.any(|(one, path)| {
            Arc::ptr_eq(one, &file) && path.as_deref() == Some(within.as_slice())
        });
        if !is_known {
            self.signature = self.signature.or(file.content.signature);
            self.files.push((file, Some(within)));
        }
    }

    /// Takes in what its files import, and what that imports.
    pub(super) fn follow_imports(&mut self, read: impl Fn(&RepoPath) -> Option<Arc<File>>) {
        let mut next = 0;
        while let Some((file, within)) = self.files.get(next).cloned() {
            next += 1;
            let imports = file.own_imports(within.as_deref());
            for import in imports.filter(|one| one.file.is_some() || one.leads_out()) {
                let file = import.file.filter(|_| self.files.len() < FILES);
                match file.and_then(&read) {
                    Some(file) => self.add(file, Vec::new()),
                    None => self.lacks_imports = true,
                }
            }
        }
    }

    /// Notes a module that is not among its files.
    pub(super) fn add_unread(&mut self, unread: Unread) {
        self.unread.push(unread);
    }

    /// True if anything was read.
    pub(super) fn has_files(&self) -> bool {
        !self.files.is_empty()
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

    /// The files that its files import, each with the place of the import, in their order.
    pub fn imported(&self) -> impl Iterator<Item = (&RepoPath, Spot)> {
        self.files.iter().flat_map(|(file, within)| {
            let own = file.own_imports(within.as_deref());
            own.filter_map(|one| Some((one.file?, file.spot(&one.import.range))))
        })
    }

    /// True if NixOS joins what a file says before what is in the modules that `owned`
    /// imports, where both have one order: it reads modules level by level, and joins them
    /// from the last to the first.
    pub fn is_joined_before(&self, file: &RepoPath, owned: &RepoPath) -> bool {
        let place = |wanted: &RepoPath| self.files().position(|one| one == wanted);
        let import = self.imported().find(|(path, _)| *path == file);
        let above = import.and_then(|(_, spot)| place(spot.file.path()));
        above
            .zip(place(owned))
            .is_some_and(|(one, other)| one > other)
    }

    /// The places where its files import this one for something that is in them: another
    /// machine, a container, a variant.
    pub fn nested_imports_of(&self, wanted: &RepoPath) -> Vec<Spot> {
        let of_file = |(file, within): &(Arc<File>, Option<Vec<String>>)| {
            let nested = file.nested_imports(within.as_deref());
            let it = nested.filter(|one| one.file == Some(wanted));
            it.map(|one| file.spot(&one.import.range))
                .collect::<Vec<_>>()
        };
        self.files.iter().flat_map(of_file).collect()
    }

    /// The files that its files import by literal paths and that could not be read, with
    /// the places of the imports.
    pub fn unread_imports(&self) -> Vec<UnreadImport> {
        if !self.lacks_imports {
            return Vec::new();
        }
        let of_file = |(file, within): &(Arc<File>, Option<Vec<String>>)| {
            let own = file.own_imports(within.as_deref());
            let unread = own.filter(|one| {
                let is_unread = one.file.is_some_and(|path| !self.has_file(path));
                is_unread || one.leads_out()
            });
            let with_spot = unread.filter_map(|one| {
                Some(UnreadImport {
                    written: one.import.target.file()?.to_owned(),
                    path: one.file.cloned(),
                    spot: file.spot(&one.import.range),
                    is_conditional: one.import.conditional,
                })
            });
            with_spot.collect::<Vec<_>>()
        };
        self.files.iter().flat_map(of_file).collect()
    }

    fn has_file(&self, path: &RepoPath) -> bool {
        self.files().any(|file| file == path)
    }

    /// The modules that were not read: of the flake's list and of the files' imports; and
    /// the files of which a part is computed.
    pub fn unread(&self) -> Vec<Unread> {
        let mut unread = self.unread.clone();
        for (file, within) in &self.files {
            let imports = file.own_imports(within.as_deref());
            unread.extend(imports.filter_map(|one| self.unread_import(file, &one)));
            if file.content.facts.opaque {
                let (path, name) = (file.text.path(), file.text.shown());
                let why = "computes a part of what it says";
                unread.push(Unread::file(UnreadReason::Computed, path, &name, why));
            }
        }
        unread
    }

    fn unread_import(&self, file: &File, import: &Imported<'_>) -> Option<Unread> {
        let reason = match &import.import.target {
            ImportTarget::OfInput(input) => {
                return Some(Unread::of_input(input, file.spot(&import.import.range)));
            }
            ImportTarget::Computed => UnreadReason::Computed,
            // That it does not evaluate, a rule says.
            ImportTarget::File(_) if import.leads_out() => return None,
            ImportTarget::File(_) if import.file.is_some_and(|path| self.has_file(path)) => {
                return None;
            }
            ImportTarget::File(_) => UnreadReason::File,
        };
        Some(Unread::imported(reason, file.spot(&import.import.range)))
    }

    /// True if files of the repository may be part of it that are not known.
    pub fn may_have_more_files(&self) -> bool {
        self.unread().iter().any(Unread::may_have_files)
    }

    /// True if its files say all that its modules say: every one was read, none is
    /// computed, and every import was followed. `is_told` is asked about the others:
    /// the items of `imports`.
    pub fn tells_all(&self, is_told: impl Fn(&Spot) -> bool) -> bool {
        let is_followed = |file: &File, one: &Imported<'_>| {
            one.file.is_some() || is_told(&file.spot(&one.import.range))
        };
        !self.lacks_imports
            && self.unread.is_empty()
            && self.files.iter().all(|(file, within)| {
                let mut imports = file.own_imports(within.as_deref());
                !file.content.facts.opaque && imports.all(|one| is_followed(file, &one))
            })
    }

    /// Every definition of an option, as in `nix.settings.substituters`.
    pub fn all(&self, option: &str) -> Vec<Hit> {
        let hits = self.hits(Asked::Option(option));
        hits.map(|(file, setting)| file.hit(&setting)).collect()
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
            Some((below, file.hit(&setting)))
        })
        .collect()
    }

    /// The boolean that wins, if the files say one.
    pub fn flag(&self, option: &str) -> Option<(bool, Hit)> {
        let hits = self.hits(Asked::Option(option));
        let told = hits.filter_map(|(file, setting)| Some((setting.value.bool()?, file, setting)));
        let wins = told.max_by_key(|(_, _, one)| (one.strength, one.condition.is_none()));
        wins.map(|(flag, file, setting)| (flag, file.hit(&setting)))
    }

    /// The strings of every definition of a list option; a plain string counts
    /// as its words, as nix.conf has it.
    pub fn words(&self, option: &str) -> Vec<Word> {
        let hits = self.hits(Asked::Option(option));
        hits.flat_map(|(file, setting)| words(&setting, &file.text))
            .collect()
    }

    /// True if a part of the option's value may not be known from these files:
    /// the option, or a set around it, is computed.
    pub fn is_hidden(&self, option: &str) -> bool {
        let mut hits = self.hits(Asked::Option(option));
        hits.any(|(_, setting)| is_open(&setting.value)) || self.is_in_computed_set(option)
    }

    /// True if a set around the option is computed: an evaluation tells what the whole of
    /// it is, and not what it says of this option.
    fn is_in_computed_set(&self, option: &str) -> bool {
        let mut around = option.match_indices('.').map(|(at, _)| &option[..at]);
        around.any(|prefix| {
            let mut written = self.written(Asked::Option(prefix));
            written.any(|(_, _, setting)| is_open(&setting.value))
        })
    }

    /// The settings that are asked for and not certainly out of force.
    fn hits<'s>(&'s self, asked: Asked<'s>) -> impl Iterator<Item = (&'s File, Cow<'s, Setting>)> {
        let written = self.written(asked);
        written.filter_map(|(file, is_judged, setting)| {
            // Of a file by itself nobody can say what its conditions are about.
            let setting = if is_judged && setting.is_uncertain() {
                self.evaluated(file, setting)?
            } else {
                Cow::Borrowed(setting)
            };
            Some((file, setting))
        })
    }

    /// What an evaluation makes of a setting; `None`: it is not in force.
    fn evaluated<'s>(&'s self, file: &File, setting: &'s Setting) -> Option<Cow<'s, Setting>> {
        let Some(evaluation) = &self.evaluation else {
            return Some(Cow::Borrowed(setting));
        };
        let answers = evaluation.answers(|| self.uncertain());
        match answers.of(file.text.path(), setting) {
            Some(answer) => answer.applied(setting).map(Cow::Owned),
            None => Some(Cow::Borrowed(setting)),
        }
    }

    /// Its settings that only an evaluation tells more about.
    fn uncertain(&self) -> Vec<OptionQuestion> {
        let of_file = |(file, within): &(Arc<File>, Option<Vec<String>>)| {
            let within = within.as_deref();
            let own = file.settings().iter();
            let own = own.filter(|one| within.is_none_or(|path| one.is_the_machines(path)));
            let uncertain = own.filter(|one| one.is_uncertain());
            let question = |setting: &Setting| OptionQuestion {
                option: setting.option.clone(),
                file: file.text.path().clone(),
                range: setting.range.clone(),
                condition: setting.condition.clone(),
            };
            uncertain.map(question).collect::<Vec<_>>()
        };
        self.files.iter().flat_map(of_file).collect()
    }

    /// True if some of it is uncertain as it is written.
    pub(super) fn is_uncertain(&self) -> bool {
        let mut files = self.files.iter();
        files.any(|(file, _)| file.content.is_uncertain)
    }

    /// Lets this evaluation tell what is uncertain.
    pub(super) fn evaluate_by(&mut self, evaluation: Evaluation) {
        self.evaluation = Some(Arc::new(evaluation));
    }

    /// The settings that are asked for, each with whether its file is a part of a machine.
    fn written<'s>(
        &'s self,
        asked: Asked<'s>,
    ) -> impl Iterator<Item = (&'s File, bool, &'s Setting)> {
        let signature = Signature::one(asked.name());
        let may_set = move |(file, _): &&(Arc<File>, _)| file.content.signature.meets(signature);
        let any = self.signature.meets(signature);
        let files = any.then_some(&self.files).into_iter().flatten();
        files.filter(may_set).flat_map(move |(file, within)| {
            let within = within.as_deref();
            let own = file.asked(asked);
            let own = own.filter(move |one| within.is_none_or(|path| one.is_the_machines(path)));
            own.map(move |setting| (&**file, within.is_some(), setting))
        })
    }
}

/// True if a part of it is computed.
pub(super) fn is_open(value: &Value) -> bool {
    match value {
        Value::List(list) => list.open || list.items.iter().any(|item| is_open(&item.value)),
        Value::Unknown | Value::Elsewhere(_) => true,
        Value::Text(text) => text.whole().is_none(),
        _ => false,
    }
}
