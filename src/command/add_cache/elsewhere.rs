//! `add-cache NAME --url URL`: a cache that exists elsewhere, and the hosts that use it.

mod by_hand;
mod online;
mod question;
mod said;

use clap::Args;

use self::online::Found;
pub(super) use self::said::Said;
use self::said::add_key;
use super::selection;
use super::shared_import::{self, SharedImport};
use super::unchanged::unchanged;
use crate::command::ask_nix::MAY_GO_ONLINE;
use crate::command::plan_builder::PlanBuilder;
use crate::command::reconcile::reconcile;
use crate::command::{Ask, answers, notes, pasted_key};
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{
    CacheUrl, ClientCertificate, ExternalCache, Fleet, HostName, InventoryEditor, NameError,
    UrlScheme, may_have_login,
};
use crate::plan::Plan;
use crate::project::Project;
use crate::steps::{self, Step};

/// The flags about a cache that exists elsewhere.
#[derive(Debug, Args)]
pub(super) struct ElsewhereArgs {
    /// The cache exists elsewhere, at this URL (https, http, s3 or file); HOST is a name for it,
    /// which no host has
    #[arg(
        long,
        value_name = "URL",
        group = MAY_GO_ONLINE,
        conflicts_with_all = [
            "address", "port", "serve", "host_keys", "identity", "new_signing_key",
            "signing_key_file", "make_signing_key", "enable_sshd", "sshd_is_on",
        ]
    )]
    url: Option<String>,
    /// Whether the cache itself is asked.
    #[arg(skip)]
    pub(super) online: bool,
    /// The file on each client with the login that the cache asks for, in the form of netrc; or
    /// the secret that has it: agenix:NAME, sops:NAME, clan:GENERATOR/FILE
    #[arg(long, value_name = "/ABSOLUTE/PATH|SECRET")]
    netrc_file: Option<String>,
    /// The file on each client with the certificate that the cache wants to see
    #[arg(
        long,
        value_name = "/ABSOLUTE/PATH|SECRET",
        requires = "tls_private_key"
    )]
    tls_certificate: Option<String>,
    /// The file on each client with the private key of that certificate
    #[arg(
        long,
        value_name = "/ABSOLUTE/PATH|SECRET",
        requires = "tls_certificate"
    )]
    tls_private_key: Option<String>,
}

/// A cache elsewhere with no question left open.
pub struct ElsewhereRequest {
    cache: ExternalCache,
    import: SharedImport,
    /// Who is meant and stays excepted.
    left_out: Option<String>,
    /// What the cache said, and was not taken as it is.
    remarks: Vec<String>,
    is_new: bool,
}

impl ElsewhereArgs {
    /// True if a cache elsewhere is meant: it has a URL, or is in the inventory.
    ///
    /// # Errors
    /// When a flag is for such a cache, and none is meant.
    pub(super) fn is_meant(&self, fleet: &Fleet, name: Option<&HostName>) -> Result<bool, Stop> {
        let is_known = name.is_some_and(|name| fleet.external_caches.contains_key(name));
        if self.url.is_some() || is_known {
            return Ok(true);
        }
        let flags = [
            ("--netrc-file", self.netrc_file.is_some()),
            ("--tls-certificate", self.tls_certificate.is_some()),
        ];
        match flags.into_iter().find(|(_, is_given)| *is_given) {
            Some((flag, _)) => Err(without_url(flag)),
            None => Ok(false),
        }
    }

    /// Fills in what the flags leave out.
    ///
    /// # Errors
    /// When an answer is missing and nobody can be asked, or makes no sense.
    pub(super) fn complete(
        &self,
        mut said: Said,
        project: &Project,
        ask: &mut dyn Ask,
    ) -> Result<ElsewhereRequest, Stop> {
        let fleet = project.fleet()?;
        let mut cache = self.cache(&said, fleet, ask)?;
        let is_new = !fleet.external_caches.contains_key(&cache.name);
        refuse_adopted(fleet, &cache)?;
        let is_guided = is_new && ask.takes_offers();
        if is_guided {
            question::clients_and_distance(fleet, &cache.name, &mut said, ask)?;
        }
        said.select(fleet, &mut cache, is_new)?;
        self.credentials(&mut cache)?;
        let found = if self.online {
            online::look(&cache, ask)?
        } else {
            Found::default()
        };
        let mut remarks = found.take_into(&mut cache, &said);
        for key in &said.keys {
            add_key(&mut cache, pasted_key::signing_of_any_cache(ask, key)?);
        }
        remarks.extend(by_hand::take_into(&mut cache, is_new, fleet, project));
        if is_guided && cache.signing_keys.is_empty() {
            cache.signing_keys = question::keys(&cache.name, ask)?;
        }
        let with_it = with_cache(fleet, &cache);
        let import =
            shared_import::choose(said.import.as_deref(), project, [fleet, &with_it], ask)?;
        Ok(ElsewhereRequest {
            left_out: selection::left_out_of_external(&with_it, &cache, &said.clients),
            import,
            remarks,
            is_new,
            cache,
        })
    }

    /// The cache as it is, or a new one, at the URL that is given.
    fn cache(&self, said: &Said, fleet: &Fleet, ask: &mut dyn Ask) -> Result<ExternalCache, Stop> {
        let url = self.url.as_deref().map(url).transpose()?;
        let name = match (&said.name, &url) {
            (Some(name), _) => name.clone(),
            (None, url) => question::name(url.as_ref(), ask)?,
        };
        if fleet.hosts.contains_key(&name) {
            return Err(name_of_a_host(&name));
        }
        let known = fleet.external_caches.get(&name).cloned();
        match (known, url) {
            (Some(known), None) => Ok(known),
            (Some(known), Some(url)) => Ok(ExternalCache { url, ..known }),
            (None, Some(url)) => Ok(ExternalCache::of(name, url)),
            (None, None) => Err(without_url("a cache that exists elsewhere")),
        }
    }

    fn credentials(&self, cache: &mut ExternalCache) -> Result<(), Stop> {
        if let Some(file) = &self.netrc_file {
            cache.netrc_file = Some(answers::secret_file(file)?);
        }
        if let Some((certificate, key)) = self
            .tls_certificate
            .as_ref()
            .zip(self.tls_private_key.as_ref())
        {
            cache.tls = Some(ClientCertificate {
                certificate: answers::secret_file(certificate)?,
                private_key: answers::secret_file(key)?,
            });
        }
        Ok(())
    }
}

impl ElsewhereRequest {
    /// What is to be written.
    ///
    /// # Errors
    /// When it cannot be written, or the owned modules were edited by hand.
    pub(super) fn plan(&self, project: &Project) -> Result<Plan, Stop> {
        let fleet = project.fleet()?;
        let name = &self.cache.name;
        let mut builder = PlanBuilder::of(project);
        let mut inventory = InventoryEditor::of(fleet);
        inventory.set_external_cache(&self.cache)?;
        if let Some(module) = &self.import.module {
            inventory.set_import(Some(module))?;
        }
        let new = builder.write_inventory(inventory.text().to_owned())?;
        reconcile(&mut builder, fleet, &new)?;
        let verb = if self.is_new { "add" } else { "change" };
        let mut plan = builder.finish(format!("larder: {verb} cache {name}"));
        plan.notes = self.notes(&new);
        plan.steps = self.steps(fleet, &new);
        if plan.changes.is_empty() && self.left_out.is_none() {
            plan.notes.insert(0, unchanged(name));
        }
        Ok(plan)
    }

    fn steps(&self, before: &Fleet, after: &Fleet) -> Vec<Step> {
        let key = steps::key_of_external(after, &self.cache);
        let switches = steps::between(before, after, None);
        steps::in_order(key.into_iter().chain(switches).collect())
    }

    fn notes(&self, fleet: &Fleet) -> Vec<String> {
        let mut all: Vec<String> = self.left_out.iter().cloned().collect();
        all.extend(self.remarks.clone());
        all.extend(notes::obstacles_of_external(fleet, &self.cache));
        all.extend(self.cache.url.host().and_then(|host| self.login(host)));
        all.extend(self.import.hint.clone());
        all
    }

    /// Where the clients have the login from.
    fn login(&self, host: &str) -> Option<String> {
        let cache = &self.cache;
        if let Some(file) = &cache.netrc_file {
            let line = format!("the line `machine {host} login WORD password SECRET`");
            return Some(match file.managed() {
                Some(secret) => format!("the secret `{secret}` needs {line}"),
                None => format!(
                    "each client needs `{file}`, mode 0600, with {line}: by hand, or with \
                     agenix, sops or clan"
                ),
            });
        }
        let is_bucket = cache.url.scheme() == UrlScheme::S3;
        is_bucket.then(|| {
            "Nix's daemon reads the credentials for S3 as root: `/root/.aws/credentials` on each \
             client, unless the bucket is public"
                .to_owned()
        })
    }
}

fn with_cache(fleet: &Fleet, cache: &ExternalCache) -> Fleet {
    let mut fleet = fleet.clone();
    let name = cache.name.clone();
    fleet.external_caches.insert(name, cache.clone());
    fleet
}

/// A URL as it was typed; one that may have a password in it is not repeated.
fn url(text: &str) -> Result<CacheUrl, Stop> {
    text.parse().map_err(|error: NameError| {
        if may_have_login(text) {
            return login_in_url();
        }
        let message = format!("`{text}` is not the URL of a cache: {error}");
        Diagnostic::error("url-unusable", message).into()
    })
}

fn login_in_url() -> Stop {
    Diagnostic::error("url-login", "the URL has a login in it")
        .help("everybody on a client can read the URL: put the login into a file there, as `machine HOST login WORD password SECRET`, and give `--netrc-file /ABSOLUTE/PATH`")
        .into()
}

fn without_url(what: &str) -> Stop {
    Diagnostic::error(
        "url-missing",
        format!("`{what}` goes with a cache that exists elsewhere"),
    )
    .help("give it a name and its URL: `larder add-cache NAME --url https://…`")
    .into()
}

fn name_of_a_host(name: &HostName) -> Stop {
    let message = format!("`{name}` is a host of the fleet, and the cache exists elsewhere");
    Diagnostic::error("cache-name-taken", message)
        .about(name.to_string())
        .help(format!("call the cache otherwise, as `{name}-cache`"))
        .help(format!(
            "to let `{name}` serve its store: `larder add-cache {name}`"
        ))
        .into()
}

fn refuse_adopted(fleet: &Fleet, cache: &ExternalCache) -> Result<(), Stop> {
    if !cache.is_adopted() {
        return Ok(());
    }
    let name = &cache.name;
    let message = format!("`{name}` is a cache that is wired by hand");
    Err(Diagnostic::error("cache-adopted", message)
        .at(&fleet.source, cache.range.clone(), "adopted here")
        .about(name.to_string())
        .help("change the URL and its key where your modules name them")
        .help(format!(
            "to let larder wire it: take them out there, take `wiring` out under `[caches.{name}]`, and run `larder sync`"
        ))
        .into())
}
