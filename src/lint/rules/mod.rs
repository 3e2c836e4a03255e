//! The rules, in the order of the manual: the table of contents.

use crate::fleet::nearest;
use crate::lint::rule::Rule;
use crate::lint::unknown_rule::UnknownRule;
use crate::text::kebab;

/// Declares each rule's module and adds it to the list; its name and manual page
/// come from its file.
macro_rules! rules {
    ($($rule:ident),* $(,)?) => {
        $(mod $rule;)*

        /// Every rule there is.
        pub static RULES: &[Rule] = &Rule::numbered([$(Rule::new(
            {
                const SNAKE: &str = stringify!($rule);
                const KEBAB: &[u8] = &kebab::<{ SNAKE.len() }>(SNAKE);
                match std::str::from_utf8(KEBAB) {
                    Ok(name) => name,
                    Err(_) => panic!("an identifier is text"),
                }
            },
            include_str!(concat!(stringify!($rule), ".rs")),
            $rule::RULE,
        )),*]);
    };
}

rules! {
    // The inventory and the flake.
    host_not_in_flake,
    host_not_seen,
    host_not_in_inventory,
    host_module_missing,
    module_not_read,
    host_module_differs,
    host_module_shared,
    host_name_differs,
    host_system_differs,
    host_system_unknown,
    host_address_repeated,
    cache_address_repeated,
    host_key_repeated,
    identity_repeated,
    cache_without_clients,
    cache_url_repeated,
    cache_client_of_itself,
    signing_key_repeated,
    signing_key_name_repeated,

    // What larder does not know yet.
    host_key_missing,
    signing_key_pending,
    identity_key_missing,
    jump_host_unpinned,
    rotation_unfinished,

    // Owned modules.
    inventory_unsynced,
    owned_file_edited,
    owned_file_line_ends,
    owned_file_stale,
    file_untracked,
    import_missing,
    import_repeated,
    import_dangling,
    role_leaks,

    // The serving half.
    serving_off,
    login_not_allowed,
    key_login_off,
    key_type_refused,
    nix_not_started,
    sshd_unreachable,
    sshd_takes_passwords,
    identity_unauthorised,
    jump_login_unauthorised,
    cache_unsigned,
    secret_key_files_text,

    // The reading half.
    pinned_key_absent,
    cache_unpinned,
    cache_key_untrusted,
    cache_named_twice,
    protocol_mismatch,
    substituters_overridden,
    public_cache_missing,
    nix_disabled,
    substitution_off,
    lix_too_old,
    client_sshd_off,
    host_key_identity_absent,
    key_unreadable_by_daemon,
    identity_is_public,
    public_key_as_identity,
    url_with_port,
    bucket_region_missing,
    netrc_files_differ,
    known_host_port_form,
    trusted_key_wrong,
    public_key_unusable,
    list_lost_by_default,
    list_replaced_by_text,
    match_block_open,
    ssh_block_interferes,
    root_ssh_config,

    // When the cache is off.
    fallback_off,
    fallback_missing,
    connect_timeout_missing,
    batch_mode_missing,
    keep_alive_missing,
    priority_before_public,
    tailscale_ssh,
    connections_hang,
    connection_refused_by_client,
    connections_exceeded,
    mass_query_wanted,
    certificates_exceeded,
    client_platform_differs,

    // Trust.
    cache_trusted_unsigned,
    cache_writable,
    host_key_check_off,
    http_cache_open,
    cache_unencrypted,
    nix_ssh_trusted,
    signatures_not_required,

    // Secrets.
    private_key_tracked,
    private_key_in_example,
    key_path_in_store,
    url_with_login,
    key_not_persistent,
    secret_readable,
    secret_undeclared,

    // What only Nix can say.
    host_not_evaluated,
    pin_differs,
    port_differs,
    wiring_overridden,
    wiring_warns,

    // The allowances of `larder.toml`.
    allowance_unknown,
    allowance_unused,
    allowance_expired,

    // Files.
    duplicate_attribute,
    file_unparsable,
    stray_file_unparsable,
}

/// The rule of this name.
///
/// # Errors
/// When there is none, with the name that was probably meant.
pub fn find(name: &str) -> Result<&'static Rule, UnknownRule> {
    let rule = RULES.iter().find(|rule| rule.name() == name);
    rule.ok_or_else(|| UnknownRule {
        name: name.to_owned(),
        nearest: nearest(name, RULES.iter().map(Rule::name)),
    })
}
