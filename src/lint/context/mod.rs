//! What the static half of a rule sees.

mod allowance;
mod cache;
mod elsewhere;
mod file;
mod fleet;
mod host;
mod importer;
mod link;
mod not_read;
mod owned;
mod owned_state;
mod reach;
mod repeated;

pub(super) use allowance::AllowanceContext;
pub(super) use cache::CacheContext;
pub(super) use elsewhere::{ExternalCacheContext, ExternalLinkContext};
pub(super) use file::{FileContext, Imported, TextContext};
pub(super) use fleet::Context;
pub(super) use host::HostContext;
pub(super) use importer::Importer;
pub(super) use link::LinkContext;
pub(super) use not_read::{NotRead, UnreadPlace};
pub(super) use owned_state::{OwnedState, UnlikeInventory};
pub(super) use reach::Reach;
