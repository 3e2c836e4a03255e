//! What happens when a store does not answer.

use crate::fleet::Link;

/// With larder's wiring.
pub(super) fn wired(link: &Link<'_>, falls_back: bool) -> String {
    if link.is_tunnelled() {
        return format!(
            "the tunnel is tried again every 45 seconds, and until then Nix gives up after a \
             few tries; {}",
            then(falls_back)
        );
    }
    let seconds = if link.proxy_jump.is_some() { 10 } else { 3 };
    format!(
        "given up after {seconds} seconds and not tried again for a minute; {}",
        then(falls_back)
    )
}

/// With larder's wiring for a cache elsewhere.
pub(super) fn elsewhere(is_http: bool, falls_back: bool) -> String {
    let first = if is_http {
        "given up after five tries of 5 seconds at most, and not tried again for a minute"
    } else {
        "given up after a few tries"
    };
    format!("{first}; {}", then(falls_back))
}

/// With what people have wired, or NixOS has.
pub(super) fn another(is_ssh: bool, falls_back: bool) -> String {
    let first = if is_ssh {
        "asked again for every path, for as long as ssh waits"
    } else {
        "given up after a few tries (`connect-timeout`, `download-attempts`)"
    };
    format!("{first}; {}", then(falls_back))
}

fn then(falls_back: bool) -> &'static str {
    if falls_back {
        "the next one is asked, and what nobody has is built here"
    } else {
        "the next one is asked, and a build may fail, as `fallback` is off"
    }
}
