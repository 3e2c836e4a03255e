//! What people's own Nix says about caches, keys and ssh.
//!
//! What is written out is read as it is written. What a name means, what a function makes of
//! its arguments and whether a condition holds, the evaluator of [`crate::flake`] says: of a
//! file by itself ([`crate::flake::FileReader`]), of what other files hold
//! ([`crate::flake::FileValues`]), of a whole machine ([`Machine`]).
//!
//! * [`facts`]: one file as a flat list of [`Setting`]s. They depend on its
//!   content alone, and [`Known`] keeps them by content.
//! * [`HostSurvey`], [`Machine`]: the modules that a host is made of, its own and those that
//!   the flake lists, and what they import; what other files say
//!   (`(import ../keys.nix).pai`) is filled in. What was not read is [`Unread`].
//! * [`adopted`]: wiring that was made by hand, as values for the inventory.
//! * [`host_keys`]: public host keys that the repository already holds.
//!
//! What cannot be known is [`Value::Unknown`], never a guess. Absent on purpose:
//! options that are none of larder's business, and any judgement
//! (that is `lint`'s).

mod adopted;
mod content;
mod declared_secrets;
mod elsewhere;
mod entry_file;
mod evaluation;
mod facts;
mod file;
mod files;
mod flatten;
mod function_name;
mod harvest;
mod hit;
mod host_survey;
mod import_items;
mod import_target;
mod known;
mod known_value;
mod line;
mod machine;
mod manner;
mod module_path;
mod nix_conf;
mod options;
mod read;
pub mod ssh_config;
mod sshd_host_keys;
mod sshd_ports;
mod store_url;
mod unread;
mod value;
mod wires;

pub use adopted::{AdoptedCache, AdoptedClient, adopted};
pub use content::Content;
pub use facts::Strength;
pub use files::{Survey, Taken};
pub use flatten::facts;
pub use harvest::{CollectedKey, host_keys};
pub use hit::{Hit, Spot, Word};
pub use host_survey::HostSurvey;
pub use known::Known;
pub use line::line_of;
pub use machine::{Machine, UnreadImport};
pub use nix_conf::Line;
pub use options::leads_nowhere;
pub use store_url::StoreUrl;
pub use unread::Unread;
pub use value::{HOLE, Item, List, Value};
pub use wires::{Pin, SshBlock, Substituter};

#[cfg(test)]
mod tests;
