//! What an inventory may say, made up.

use larder::internals::key::{PrivateKey, SigningSecret};
use proptest::prelude::{Strategy, any};
use proptest::string::string_regex;

/// What an inventory may say of a cache and its client, made up.
#[derive(Debug, Clone)]
pub(crate) struct Values {
    pub(crate) server: String,
    pub(crate) client: String,
    pub(crate) address: String,
    pub(crate) port: u16,
    pub(crate) jump: Vec<Hop>,
    pub(crate) identity: String,
    pub(crate) signing: String,
}

/// A jump host: as the inventory has it, and as ssh takes it.
pub(crate) type Hop = (String, String);

/// Any of them.
pub(crate) fn values() -> impl Strategy<Value = Values> {
    let name = || string_regex("[A-Za-z0-9]([A-Za-z0-9_-]{0,8}[A-Za-z0-9])?").unwrap();
    let dns =
        || string_regex("[a-z0-9_]{1,6}(-[a-z0-9]{1,3})?(\\.[a-z][a-z0-9_]{0,5}){0,3}").unwrap();
    let ipv6 = any::<u128>().prop_map(|bits| std::net::Ipv6Addr::from(bits).to_string());
    let address = proptest::prop_oneof![3 => dns().boxed(), 1 => ipv6.boxed()];
    let hop = (
        string_regex("([a-z][a-z0-9._-]{0,5}@)?").unwrap(),
        dns(),
        0..3000_u16,
    );
    let hop = hop.prop_map(|(user, host, port)| {
        let port = if port == 0 {
            String::new()
        } else {
            format!(":{port}")
        };
        let hop = format!("{user}{host}{port}");
        (hop.clone(), format!("ssh://{hop}"))
    });
    // Everything that such a path may hold, what shells and ssh find special first.
    let path = string_regex("(/[;&|<>()*?\\[\\]{}!~=,:@^+a-zé._-]{1,8}[a-z]){1,3}").unwrap();
    let signing = string_regex("[$\\\\`;&|<>()*?\\[\\]{}!~=,@^+/a-zé._-]{1,10}").unwrap();
    (
        name(),
        name(),
        address,
        1..=u16::MAX,
        proptest::collection::vec(hop, 0..3),
        path,
        signing,
    )
        .prop_map(
            |(server, client, address, port, jump, identity, signing)| Values {
                server: format!("s{server}"),
                client: format!("c{client}"),
                address,
                port,
                jump,
                identity,
                signing,
            },
        )
}

impl Values {
    /// All of it, as people write it.
    pub(crate) fn inventory(&self) -> String {
        let jump: Vec<&str> = self.jump.iter().map(|(hop, _)| hop.as_str()).collect();
        let jump = if jump.is_empty() {
            String::new()
        } else {
            format!("proxy-jump = '{}'\n", jump.join(","))
        };
        let key = |seed| PrivateKey::from_seed(&[seed; 32], "").public();
        let signing = SigningSecret::from_seed(&self.signing, &[3; 32]).unwrap();
        let Self {
            server,
            client,
            address,
            port,
            identity,
            ..
        } = self;
        format!(
            "version = 1\n\n[hosts.'{server}']\nmodule = 's.nix'\naddress = '{address}'\nport = {port}\n{jump}\
             host-key = '{}'\n\n[hosts.'{client}']\nmodule = 'c.nix'\nhost-key = '{}'\n\n\
             [caches.'{server}']\nclients = ['{client}']\nsigning-key = '{}'\n\
             identity = {{ file = '{identity}', key = '{}' }}\n",
            key(1),
            key(2),
            signing.public(),
            key(4),
        )
    }
}
