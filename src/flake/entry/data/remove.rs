//! Takes the entry of a host out of a file of data.

use crate::diagnostic::Diagnostic;
use crate::flake::discovery::{FlakeEntry, FoundHost};
use crate::flake::entry::data::by_hand;
use crate::flake::entry::data::listing::Listing;
use crate::repo::Repo;
use crate::text::TextEdit;

/// The edit that takes a host's entry out.
pub(in crate::flake::entry) fn remove(
    repo: &Repo,
    host: &FoundHost,
    entry: &FlakeEntry,
) -> Result<TextEdit, Diagnostic> {
    let listing = Listing::read(repo, entry)?;
    let own = listing.entry_of(host, entry)?;
    let stays = || by_hand::stays(&listing.source, listing.range(&own), own.host);
    listing.data.remove(&own.path).ok_or_else(stays)
}
