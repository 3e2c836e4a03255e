//! Lossless Nix: files are read through the rnix tree and changed by text
//! patches only, so that every byte outside a patch stays as it was.
//!
//! * [`NixFile`] is text that has been parsed; [`duplicates`] is what the parser
//!   accepts and Nix does not.
//! * [`Literal`] and [`attr_name`] are the only place that quotes.
//! * [`AttrPath`] compares names, not their spelling.
//! * [`Scope`] is where in a file the module is.
//! * [`edit`] puts items and bindings in and takes them out again.
//! * [`template`] renders templates that are valid Nix.
//! * [`tokens_equal`] compares texts but for their layout; [`words_of`] is what it compares.
//!
//! Nothing here knows fleets, evaluates Nix, or formats what people wrote.

pub mod edit;

mod attr;
mod describe;
mod duplicates;
mod file;
mod find;
mod green;
mod guard;
mod known_name;
mod layout;
mod listed_paths;
mod literal;
mod meaning;
mod outline;
mod path_uses;
mod place;
mod range;
mod refusal;
mod reindent;
mod repeats;
mod rows;
mod scope;
mod syntax_error;
pub mod template;
mod thin;
mod tokens;
mod unwrap;

pub use attr::{AttrPath, AttrPathError, static_name, static_string};
pub use duplicates::{Duplicate, duplicates};
pub use file::NixFile;
pub use green::plain_names;
pub use known_name::known_name;
pub use listed_paths::listed_paths;
pub use literal::{Literal, attr_name};
pub use meaning::{is_whole_path, relative_path};
pub use outline::{Outline, OutlineBinding, OutlineValue};
pub use path_uses::{PathUse, path_uses};
pub use range::range_of;
pub use refusal::Refusal;
pub use scope::Scope;
pub use syntax_error::SyntaxError;
pub use tokens::{tokens_equal, words_of};
