//! The door through which this repository's own tests, benchmarks and fuzz targets
//! reach the inside.
//!
//! No promise is made to anyone else. Each module lists what they use of the module
//! of the same name; what nobody lists and larder itself does not use is dead code,
//! and rustc says so.

/// The command line as it is parsed.
pub mod cli {
    pub use crate::cli::{Cli, Command};
}

/// Verbs, and what they may ask of the world.
pub mod command {
    pub use crate::command::{Ask, AskNix, KeyPlace, Question, Reply, ThisMachine, Verb};

    /// The findings as the verb prints them.
    pub mod lint {
        pub use crate::command::lint::{explain, findings, list};
    }

    /// The verb that the benchmark measures.
    pub mod add_host {
        pub use crate::command::add_host::{AddHost, Request};
    }
}

/// TOML and JSON as text.
pub mod data {
    pub use crate::data::damage;
}

/// What is said about a file.
pub mod diagnostic {
    pub use crate::diagnostic::{Diagnostic, Source, Stop};
}

/// Whether clients fetch from their caches.
pub mod doctor {
    pub use crate::doctor::{
        Attempt, CAUSES, CacheHalf, CacheHost, Cause, Client, Evidence, Expected, LinkReport,
        Transcript, judge, manual,
    };
}

/// Where a flake defines its hosts, and new entries.
pub mod flake {
    pub use crate::flake::{
        Added, Discoveries, Discovery, FoundHost, NewEntry, NixAnswer, RenameRequest, Renamed,
        add_entry, discover, module_path_for, nested, remove_entry, rename_entry,
    };
}

/// The inventory and its edits.
pub mod fleet {
    pub use crate::fleet::{
        Cache, Fleet, Host, HostName, INVENTORY, Identity, InventoryEditor, LinkOverride, Selector,
        SigningKey, Successor, read,
    };
}

/// The repository on a disk.
pub mod io {
    /// What was written.
    pub mod apply {
        pub use crate::io::apply::Applied;
    }

    /// Whether there will be a commit.
    pub mod preflight {
        pub use crate::io::preflight::Finish;
    }

    /// The work tree.
    pub mod workspace {
        pub use crate::io::workspace::Workspace;
    }
}

/// Keys as values.
pub mod key {
    pub use crate::key::{
        AuthorizedKey, PrivateKey, PrivateKind, PublicKey, SigningPublicKey, SigningSecret,
        leaked_key, looks_private,
    };
}

/// The rules, and what they find.
pub mod lint {
    pub use crate::lint::{Finding, LintCache, RULES, Rule, Scope, allowed, fixed, manual, run};
}

/// Lossless Nix.
pub mod nix {
    pub use crate::nix::{
        AttrPath, Literal, NixFile, Refusal, Scope, attr_name, duplicates, range_of, static_string,
        tokens_equal,
    };

    /// Edits of Nix files.
    pub mod edit {
        pub use crate::nix::edit::{
            Style, ensure_item, ensure_item_in, ensure_no_item, insert_after, remove_at, verify,
        };
    }

    /// Templates that are Nix.
    pub mod template {
        pub use crate::nix::template::{Value, render};
    }
}

/// The whole change as a value.
pub mod plan {
    pub use crate::plan::{Change, Findings, PlacedSecret, Plan, SecretKey, SecretPath, check};
}

/// One repository as one run sees it.
pub mod project {
    pub use crate::project::Project;
}

/// The files of a repository.
pub mod repo {
    pub use crate::repo::{FileState, Loader, Repo, RepoPath, Stamp, Unreadable};
}

/// Diagnostics as text.
pub mod report {
    pub use crate::report::{Style, human, short};
}

/// What people's own Nix says.
pub mod survey {
    pub use crate::survey::{StoreUrl, Survey, facts, leads_nowhere};

    /// The text of `ssh_config`.
    pub mod ssh_config {
        pub use crate::survey::ssh_config::{Directive, blocks};
    }
}

/// Edits and differences of text.
pub mod text {
    pub use crate::text::{TextEdit, unified};
}

/// From the fleet to owned modules.
pub mod wiring {
    pub use crate::wiring::{imports, render, sign};
}
