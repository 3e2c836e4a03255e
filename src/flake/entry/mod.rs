//! New hosts in a flake, and their removal.
//!
//! A new entry is the entry of a sibling with another name: the same helper, the
//! same arguments in the same order. What only the sibling has (its hardware, its
//! disks, its address) is left out. The result is evaluated before it is offered:
//! the new host must be there with its module, and every other host as it was.

mod add;
mod answer;
mod arguments;
mod by_hand;
mod choose_sibling;
mod clone;
mod columns;
mod data;
mod entry_text;
mod frame;
mod hole;
mod imported;
mod module_path;
mod naming;
mod nested;
mod nix_file;
mod order;
mod own_file;
mod remove;
mod rename;
mod request;
mod sibling_files;
mod siblings;
mod specific;
mod verify;

pub use add::{add_entry, values_needed};
pub use module_path::module_path_for;
pub use nested::nested;
pub use remove::{remove_entry, unlist};
pub use rename::{RenameRequest, Renamed, rename_entry};
pub use request::{Added, NewEntry};
