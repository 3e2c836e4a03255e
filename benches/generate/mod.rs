//! Fleets as people have them, of any size: the same arguments give the same
//! bytes.
//!
//! Every host has a module of about 2 KB, as an installer and some years leave it;
//! all share a folder of common modules. One host serves, all others read from it,
//! and everything is wired as larder wires it.

mod host;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use larder::internals::diagnostic::Source;
use larder::internals::fleet::{self, Fleet};
use larder::internals::wiring;

pub(crate) use host::Dice;

/// How the flake comes by its hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `web-1 = nixpkgs.lib.nixosSystem { … };`, host by host.
    Literal,
    /// `web-1 = mkHost "web-1" "x86_64-linux";`, host by host.
    Helper,
    /// `genAttrs (attrNames (readDir ./hosts)) mkHost`.
    ReadDir,
}

impl Shape {
    /// The shape of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "literal" => Some(Self::Literal),
            "helper" => Some(Self::Helper),
            "readDir" => Some(Self::ReadDir),
            _ => None,
        }
    }
}

/// A fleet to be made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    /// How many hosts it has.
    pub(crate) hosts: usize,
    /// How its flake names them.
    pub(crate) shape: Shape,
    /// One host loses the cache by a `mkForce`: `substituters-overridden`.
    pub(crate) mistake: bool,
}

/// The files of a fleet by their paths.
pub(crate) fn files(plan: Plan) -> BTreeMap<String, String> {
    let names: Vec<String> = (0..plan.hosts).map(host::name).collect();
    let mut files = BTreeMap::new();
    let inventory = inventory(&names);
    let fleet = read(&inventory);
    files.insert("larder.toml".to_owned(), inventory);
    files.insert("flake.nix".to_owned(), flake(plan.shape, &names));
    files.extend(common());
    let imports: BTreeMap<_, _> = wiring::imports(&fleet)
        .into_iter()
        .map(|(name, file)| (name.to_string(), file))
        .collect();
    for (number, name) in names.iter().enumerate() {
        // In the last quarter, where a search that stops early does not come.
        let mistaken = plan.mistake && number == plan.hosts * 7 / 8;
        let import = imports.get(name).map(|file| format!("../../{file}"));
        let text = host::module(number, name, import.as_deref(), mistaken);
        files.insert(module(name), text);
    }
    files.extend(wiring::render(&fleet).expect("keys and names can be written as Nix"));
    files
}

/// The inventory of such a fleet.
pub(crate) fn read(inventory: &str) -> Fleet {
    fleet::read(&Source::new(fleet::INVENTORY, inventory)).expect("the inventory has no mistakes")
}

/// The host module of a host.
pub(crate) fn module(name: &str) -> String {
    format!("hosts/{name}/default.nix")
}

fn inventory(names: &[String]) -> String {
    let mut text = String::from("version = 1\n");
    for (number, name) in names.iter().enumerate() {
        let mut dice = Dice::new(number);
        let module = module(name);
        let system = host::system(number);
        let key = dice.ssh_key();
        write!(
            text,
            "\n[hosts.{name}]\nmodule = \"{module}\"\nsystem = \"{system}\"\nhost-key = \"{key}\"\n"
        )
        .expect("a string takes everything");
    }
    let cache = &names[0];
    let key = Dice::new(names.len()).base64(32);
    write!(
        text,
        "\n[caches.{cache}]\nclients = [\"@all\"]\nlan = true\nsigning-key = \"{cache}-1:{key}\"\n"
    )
    .expect("a string takes everything");
    text
}

fn flake(shape: Shape, names: &[String]) -> String {
    let mut entries = String::new();
    for (number, name) in names.iter().enumerate() {
        let system = host::system(number);
        let entry = match shape {
            Shape::Literal => format!(
                "        {name} = nixpkgs.lib.nixosSystem {{\n          system = \"{system}\";\n          \
                 modules = [ ./hosts/{name} ];\n        }};\n"
            ),
            Shape::Helper => format!("        {name} = mkHost \"{name}\" \"{system}\";\n"),
            Shape::ReadDir => String::new(),
        };
        entries.push_str(&entry);
    }
    let frame = match shape {
        Shape::Literal => include_str!("literal.nix"),
        Shape::Helper => include_str!("helper.nix"),
        Shape::ReadDir => include_str!("read-dir.nix"),
    };
    frame.replace("        # The hosts.\n", &entries)
}

fn common() -> [(String, String); 3] {
    [
        ("modules/base.nix", include_str!("base.nix")),
        ("modules/users.nix", include_str!("users.nix")),
        ("modules/monitoring.nix", include_str!("monitoring.nix")),
    ]
    .map(|(path, text)| (path.to_owned(), text.to_owned()))
}
