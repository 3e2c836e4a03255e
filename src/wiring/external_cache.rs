//! `caches/NAME.nix` of a cache that exists elsewhere, as its clients know it.

use super::cache::secret_file;
use super::keys;
use super::modules::{Rendering, differences_in};
use crate::fleet::{ExternalCache, Fleet, Host, SecretFile};
use crate::nix::Literal;
use crate::nix::template::Value;

const EXTERNAL_CACHE: &str = include_str!("../../templates/external-cache.nix");

/// The file of a cache, relative to the folder of owned modules.
pub(super) fn file(cache: &ExternalCache) -> String {
    format!("caches/{}.nix", cache.name)
}

/// Adds the file of a cache.
pub(super) fn add(fleet: &Fleet, cache: &ExternalCache, modules: &mut Rendering<'_>) {
    let tls = cache.tls.as_ref();
    let differences = differences_in(fleet).to_owned();
    let priority = Literal::int(cache.usual_priority().into());
    let file_or_null = |file: Option<&SecretFile>| Value::Raw(file.map_or_else(null, secret_file));
    let values = [
        ("name", Value::String(cache.name.to_string())),
        ("url", Value::String(cache.url.to_string())),
        ("differences", Value::String(differences)),
        ("priority", Value::Raw(priority)),
        ("signingKeys", Value::List(keys::of_external(cache))),
        ("netrcFile", file_or_null(cache.netrc_file.as_ref())),
        (
            "tlsCertificate",
            file_or_null(tls.map(|tls| &tls.certificate)),
        ),
        (
            "tlsPrivateKey",
            file_or_null(tls.map(|tls| &tls.private_key)),
        ),
    ];
    modules.add(&file(cache), EXTERNAL_CACHE, &values);
}

/// What is different for one client: the attributes of the cache's file that it has
/// otherwise.
pub(super) fn differences(cache: &ExternalCache, client: &Host) -> Literal {
    let own = cache.priority_for(client);
    let differs = own != cache.usual_priority();
    let priority = differs.then(|| ("priority", Literal::int(own.into())));
    Literal::set(priority)
}

fn null() -> Literal {
    Literal::reference(&["null"])
}
