//! Where a flake defines its hosts, and which file is each host's own.
//!
//! [`discover`] evaluates `flake.nix` as far as that is possible without Nix and
//! without inputs, and follows each host back to the line that made it and on to
//! the module that is the host's own.
//!
//! Invariants: nothing is guessed in silence (what speaks against an answer makes
//! it a candidate to confirm, what is not known is asked); any text is answered in
//! bounded time; only tracked files exist, as for Nix.

mod cached_discovery;
mod configurations;
mod discover;
mod discoveries;
mod discovery;
mod entry;
mod eval;
mod file_reader;
mod file_values;
mod flake_module;
mod framework;
mod host_module;
mod host_options;
mod hosts;
mod hosts_in_folder;
mod known_value;
mod library_answers;
mod looked_at;
mod module_class;
mod nix_answer;
mod origin;
mod own_stack;
mod refuse;
mod shape;

pub use cached_discovery::{CachedDiscovery, discover_once};
pub use discover::{discover, discover_by_nix};
pub use discoveries::Discoveries;
pub use discovery::{Discovery, FoundHost};
pub use entry::{
    Added, NewEntry, RenameRequest, Renamed, add_entry, module_path_for, nested, remove_entry,
    rename_entry, unlist, values_needed,
};
pub use file_reader::{FileReader, Reading, ScopedExpr, fixed_names};
pub use file_values::FileValues;
pub use flake_module::FlakeModule;
pub use host_options::{OptionAnswer, OptionQuestion, answer_options};
pub use known_value::KnownValue;
pub use library_answers::answers_of_library;
pub use module_class::{is_of_the_flake, modules_within};
pub use nix_answer::{EvaluatedHost, EvaluatedModule, NixAnswer};
