//! The causes, in the order in which they are looked for: the table of contents.

use super::cause::Cause;
use crate::diagnostic::Diagnostic;
use crate::fleet::nearest;
use crate::text::kebab;

/// Declares each cause's module and adds it to the list; its name and manual page come
/// from its file.
macro_rules! causes {
    ($($cause:ident),* $(,)?) => {
        $(mod $cause;)*

        /// Every cause there is.
        pub static CAUSES: &[Cause] = &[$(Cause::new(
            {
                const SNAKE: &str = stringify!($cause);
                const KEBAB: &[u8] = &kebab::<{ SNAKE.len() }>(SNAKE);
                match std::str::from_utf8(KEBAB) {
                    Ok(name) => name,
                    Err(_) => panic!("an identifier is text"),
                }
            },
            include_str!(concat!(stringify!($cause), ".rs")),
            $cause::CAUSE,
        )),*];
    };
}

causes! {
    // The client's settings.
    trusted_key_unparsable,
    substitution_off,
    cache_not_asked,
    own_substituter_ignored,
    ssh_block_overridden,

    // The way to the cache.
    name_unknown,
    connection_refused,
    connection_lost,
    jump_host_unreachable,
    not_an_sshd,
    certificate_refused,
    not_a_binary_cache,
    cache_server_fails,
    shut_out_by_penalty,
    sshd_full,

    // Who is there, and who asks.
    host_key_unpinned,
    host_key_changed,
    identity_missing,
    identity_readable_by_others,
    identity_unusable,
    account_missing,
    key_not_authorised,
    login_not_allowed,
    cache_login_refused,
    remembered_as_down,

    // What runs after the login.
    account_without_shell,
    connections_hang,
    ssh_store_removed,
    cache_speaks_ssh_ng,
    cache_speaks_ssh,
    daemon_down,
    daemon_refuses_user,
    sessions_refused,
    root_ssh_fails,

    // The path and its signature.
    content_damaged,
    path_absent,
    narinfo_remembered,
    daemon_settings_old,
    signing_key_file_missing,
    path_unsigned,
    signing_key_untrusted,
    signing_key_differs,
    trusted_key_repeated,

    // The copy.
    store_full,
    fetched_elsewhere,

    // What proves nothing.
    path_already_here,
    content_addressed_path,
    store_trusted,
    signatures_not_required,
}

/// The cause of this name.
///
/// # Errors
/// When there is none, with the name that was probably meant.
pub fn find(name: &str) -> Result<&'static Cause, Diagnostic> {
    let cause = CAUSES.iter().find(|cause| cause.name() == name);
    cause.ok_or_else(|| {
        let message = format!("there is no cause `{}`", name.escape_debug());
        let error = Diagnostic::error("unknown-cause", message).about(name);
        match nearest(name, CAUSES.iter().map(Cause::name)) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help("`larder doctor --list` shows all"),
        }
    })
}
