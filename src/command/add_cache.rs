//! `add-cache`: a host serves its store, the others use it.

mod adopted;
mod elsewhere;
mod engine;
mod guided;
mod host_key_arg;
mod identity;
mod login;
mod many_keys;
mod not_nixos;
mod pin;
mod secrets;
mod selection;
mod shared_import;
mod signing;
mod unchanged;
mod unreachable_clients;
mod with_cache;
mod written_port;

use clap::Args;

use self::elsewhere::{ElsewhereArgs, ElsewhereRequest, Said};
use self::host_key_arg::HostKeyArg;
use self::identity::{IdentityArgs, NewIdentity};
use self::pin::require_pin;
use self::shared_import::SharedImport;
use self::signing::{NewSigningKey, SigningArgs};
use self::unchanged::unchanged;
use self::unreachable_clients::refuse_unreachable_clients;
use self::with_cache::with_cache;
use self::written_port::written_port;
use super::host_keys::HostKeys;
use super::plan_builder::PlanBuilder;
use super::reconcile::reconcile;
use super::secret::{self, NewSecret};
use super::sshd::{self, HostSshd, SshdArgs};
use super::{Ask, Question, Verb, notes, pasted_key, which};
use crate::diagnostic::Stop;
use crate::fleet::{
    Address, Cache, Engine, Fleet, Host, HostName, InventoryEditor, Selector, SshdOwner,
};
use crate::plan::Plan;
use crate::project::Project;
use crate::repo::RepoPath;
use crate::steps::{self, Step};
use crate::wiring;

/// Make a host's store the private binary cache of others
///
/// The host serves its store over SSH with `nix.sshServe` and signs what it
/// builds; the clients ask it for store paths, trust its signing key and pin its
/// SSH host key. What the clients need is asked for, or the command is refused; the
/// signing key, which is only known after the host's next switch, may stay pending, and
/// `larder lint` reminds you.
///
/// With `--url` the cache exists elsewhere (attic, cachix, S3, a company's), and its clients'
/// half is all there is: they ask it by its URL and trust its signing key.
///
/// For an existing cache, the flags change what they name, and new clients are added.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  larder add-cache kalaw                 asks for what it needs
  larder add-cache kalaw --lan --client @desktop --except pai
  larder add-cache kalaw --new-signing-key kalaw-1.secret
  larder add-cache kalaw --client bagan  one more client of a cache that is there
  larder add-cache work --url https://attic.example.org/work --online")]
pub struct AddCache {
    /// The host that serves, or a name for a cache that exists elsewhere
    host: Option<HostName>,
    /// The hosts that use it: names, @tag or @all; repeatable [default: @all]
    #[arg(long = "client", value_name = "HOST|@TAG|@all")]
    clients: Vec<Selector>,
    /// Those of them that do not use it; repeatable
    #[arg(long, value_name = "HOST|@TAG")]
    except: Vec<Selector>,
    /// The clients are on its local network: it is asked before cache.nixos.org
    #[arg(long, overrides_with = "no_lan")]
    lan: bool,
    /// They are not: it is asked after cache.nixos.org, unless --priority says otherwise
    #[arg(long, overrides_with = "lan")]
    no_lan: bool,
    /// Its priority; lower is asked first, cache.nixos.org has 40
    /// [default: 30 with --lan, else 41]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    priority: Option<u16>,
    /// How it serves: ssh, ssh-ng, or harmonia, which is HTTP inside one ssh connection
    /// [default: ssh, which is read-only, as harmonia is]
    #[arg(long, alias = "protocol", value_name = "ENGINE")]
    serve: Option<Engine>,
    /// The name or IP address under which the clients reach it [default: its name]
    #[arg(long)]
    address: Option<Address>,
    /// The port of its sshd [default: what its modules say, else 22]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    port: Option<u16>,
    /// A host's public SSH host key: the key or a file; repeatable
    #[arg(long = "host-key", value_name = "HOST=KEY|FILE")]
    host_keys: Vec<HostKeyArg>,
    #[command(flatten)]
    identity: IdentityArgs,
    #[command(flatten)]
    signing: SigningArgs,
    /// A module that all of these hosts import; larder adds one import there
    #[arg(long, value_name = "PATH")]
    import: Option<String>,
    #[command(flatten)]
    sshd: SshdArgs,
    #[command(flatten)]
    elsewhere: ElsewhereArgs,
}

/// `add-cache` with no question left open.
pub enum Request {
    /// A host serves its store.
    Served(Box<ServedRequest>),
    /// Others run it.
    Elsewhere(Box<ElsewhereRequest>),
}

/// A cache that a host serves.
pub struct ServedRequest {
    cache: Cache,
    address: Option<Address>,
    port: Option<u16>,
    host_keys: HostKeys,
    new_identity: Option<NewIdentity>,
    new_signing_key: Option<NewSigningKey>,
    import: SharedImport,
    /// Who is meant and stays excepted.
    left_out: Option<String>,
    is_new: bool,
}

impl Verb for AddCache {
    type Request = Request;

    const NAME: &'static str = "add-cache";

    fn targets(&self, project: &Project) -> Vec<RepoPath> {
        let target = project.fleet().ok().and_then(|fleet| {
            let host = fleet.hosts.get(self.host.as_ref()?)?;
            let has_import = wiring::imports(fleet)
                .iter()
                .any(|(name, _)| *name == host.name);
            let may_be_shared = self.import.is_some() || shared_import::may_be_offered(fleet);
            let module = host
                .module
                .as_deref()
                .filter(|_| !has_import && !may_be_shared)?;
            project.repo().path(module)
        });
        target.into_iter().collect()
    }

    fn complete(mut self, project: &Project, ask: &mut dyn Ask) -> Result<Request, Stop> {
        let fleet = project.fleet()?;
        if self.elsewhere.is_meant(fleet, self.host.as_ref())? {
            let request = self.elsewhere.complete(self.said(), project, ask)?;
            return Ok(Request::Elsewhere(Box::new(request)));
        }
        let host = self.serving_host(fleet, ask)?;
        not_nixos::refuse(host)?;
        let is_guided = ask.takes_offers() && !fleet.caches.contains_key(&host.name);
        if is_guided {
            self.ask_about_cache(project, fleet, host, ask)?;
        }
        let mut host_keys = HostKeys::default();
        for given in &self.host_keys {
            let host = fleet.require_host(&given.host)?;
            let key = pasted_key::ssh_of(ask, &given.key, host)?;
            host_keys.add(fleet, &given.host, key)?;
        }
        let known = host_keys.applied(fleet);
        let mut cache = self.cache(project, &known, host)?;
        let reached = self.reached(project, known.require_host(&host.name)?);
        let looks = is_guided && self.identity.may_be_host_key();
        let has_looked =
            looks && many_keys::find(project, &known, &cache, &reached, &mut host_keys, ask)?;
        require_pin(&host_keys.applied(fleet), &reached, ask, &mut host_keys)?;
        if is_guided && !self.identity.is_said() {
            let known = host_keys.applied(fleet);
            login::ask(
                project,
                &known,
                &cache,
                &mut self.identity,
                &mut host_keys,
                ask,
            )?;
        }
        let new_identity = self.identity.complete(&mut cache, ask)?;
        if is_guided && (!has_looked || guided::are_few(&host_keys.applied(fleet), &cache)) {
            guided::host_keys(&host_keys.applied(fleet), &cache, &mut host_keys, ask)?;
        }
        let known = host_keys.applied(fleet);
        let new_signing_key = self.signing.complete(&mut cache, ask)?;
        cache.sshd = self.sshd(&known, project, &cache, ask)?;
        if !is_guided {
            refuse_unreachable_clients(&known, &cache)?;
        }
        let with_it = with_cache(&known, &cache);
        let import =
            shared_import::choose(self.import.as_deref(), project, [fleet, &with_it], ask)?;
        Ok(Request::Served(Box::new(ServedRequest {
            left_out: selection::left_out(&known, &cache, &self.clients),
            is_new: !fleet.caches.contains_key(&host.name),
            cache,
            address: self.address,
            port: self.port.or_else(|| written_port(project, host)),
            host_keys,
            new_identity,
            new_signing_key,
            import,
        })))
    }

    fn plan(project: &Project, request: &Request) -> Result<Plan, Stop> {
        let request = match request {
            Request::Served(request) => request,
            Request::Elsewhere(request) => return request.plan(project),
        };
        let fleet = project.fleet()?;
        let name = &request.cache.host;
        let mut builder = PlanBuilder::of(project);
        let mut inventory = InventoryEditor::of(fleet);
        for host in request.changed_hosts(fleet) {
            inventory.set_host(&host)?;
        }
        inventory.set_cache(&request.cache)?;
        if let Some(module) = &request.import.module {
            inventory.set_import(Some(module))?;
        }
        let new = builder.write_inventory(inventory.text().to_owned())?;
        let secrets = request.secrets();
        secret::ignore(&mut builder, &secrets)?;
        reconcile(&mut builder, fleet, &new)?;
        let verb = if request.is_new { "add" } else { "change" };
        let mut plan = builder.finish(format!("larder: {verb} cache {name}"));
        plan.secrets = secrets.into_iter().map(NewSecret::into_plan).collect();
        plan.notes = request.notes(&new);
        plan.steps = request.steps(project, &new)?;
        if plan.changes.is_empty() && request.left_out.is_none() {
            plan.notes.insert(0, unchanged(name));
        }
        Ok(plan)
    }
}

impl AddCache {
    /// The same, where a cache elsewhere may be asked over the network.
    #[must_use]
    pub fn with_network(mut self, may_go_online: bool) -> Self {
        self.elsewhere.online = may_go_online;
        self
    }

    fn said(&self) -> Said {
        Said {
            name: self.host.clone(),
            clients: self.clients.clone(),
            except: self.except.clone(),
            lan: self.lan,
            no_lan: self.no_lan,
            priority: self.priority,
            keys: self.signing.given().to_vec(),
            import: self.import.clone(),
        }
    }

    /// Asks who uses the cache, from where, and how it signs, unless the flags say it.
    fn ask_about_cache(
        &mut self,
        project: &Project,
        fleet: &Fleet,
        server: &Host,
        ask: &mut dyn Ask,
    ) -> Result<(), Stop> {
        if self.clients.is_empty() {
            self.clients = guided::clients(fleet, server, ask)?;
        }
        if !self.lan && !self.no_lan {
            self.lan = guided::is_near(&server.name, ask)?;
        }
        if self.address.is_none() && server.address.is_none() {
            self.address = guided::address(&server.name, ask)?;
        }
        let secrets = secrets::signing(project, server);
        self.signing.ask(&server.name, &secrets, ask)
    }

    fn serving_host<'a>(&self, fleet: &'a Fleet, ask: &mut dyn Ask) -> Result<&'a Host, Stop> {
        let question = Question {
            text: "which host serves its store?",
            flag: "larder add-cache HOST",
            why: "The machine that builds most, and is on when the others build. Its store is offered as it is, read-only.",
        };
        let any = |_: &HostName| true;
        let name = which::host(fleet, self.host.clone(), question, any, any, ask)?;
        Ok(fleet.require_host(&name)?)
    }

    /// The cache as it is, or a new one, with what the flags say.
    fn cache(&self, project: &Project, fleet: &Fleet, host: &Host) -> Result<Cache, Stop> {
        let known = fleet.caches.get(&host.name).cloned();
        adopted::refuse(project, known.as_ref())?;
        let is_new = known.is_none();
        let mut cache = known.unwrap_or_else(|| Cache::of(host.name.clone()));
        let all = [Selector::All];
        let clients: &[Selector] = match &self.clients[..] {
            [] if is_new => &all,
            said => said,
        };
        selection::select(fleet, &mut cache, clients, &self.except)?;
        cache.lan = self.lan || cache.lan && !self.no_lan;
        cache.priority = self.priority.or(cache.priority);
        engine::change(&mut cache, self.serve, is_new);
        Ok(cache)
    }

    /// The host under the address and port that the cache will have.
    fn reached(&self, project: &Project, host: &Host) -> Host {
        Host {
            address: self.address.clone().or_else(|| host.address.clone()),
            port: self
                .port
                .or(host.port)
                .or_else(|| written_port(project, host)),
            ..host.clone()
        }
    }

    /// Who turns sshd on: as the flags or the cache have it, else asked for where a new
    /// cache's host says nothing.
    fn sshd(
        &self,
        fleet: &Fleet,
        project: &Project,
        cache: &Cache,
        ask: &mut dyn Ask,
    ) -> Result<SshdOwner, Stop> {
        let is_known = fleet.caches.contains_key(&cache.host);
        let host = fleet.require_host(&cache.host)?;
        if let Some(owner) = self.sshd.given() {
            return Ok(owner);
        }
        let sshd = HostSshd::of(project, fleet, host);
        if is_known || sshd.is_on {
            return Ok(cache.sshd);
        }
        if !fleet.allowances.iter().any(|one| one.rule == "serving-off") {
            sshd.refuse_off(&cache.host)?;
        }
        sshd.ask(&cache.host, sshd::FLAGS, ask)
    }
}

impl ServedRequest {
    fn changed_hosts(&self, fleet: &Fleet) -> Vec<Host> {
        let mut hosts = self.host_keys.applied(fleet).hosts;
        if let Some(server) = hosts.get_mut(&self.cache.host) {
            server.address = self.address.clone().or(server.address.take());
            server.port = self.port.or(server.port);
        }
        let is_named =
            |host: &Host| host.name == self.cache.host || self.host_keys.concern(&host.name);
        hosts.into_values().filter(is_named).collect()
    }

    fn secrets(&self) -> Vec<NewSecret> {
        let identity = self.new_identity.iter().map(NewIdentity::placed);
        identity
            .chain(self.new_signing_key.iter().map(NewSigningKey::placed))
            .collect()
    }

    fn steps(&self, project: &Project, after: &Fleet) -> Result<Vec<Step>, Stop> {
        let (before, repo) = (project.fleet()?, project.repo());
        let identity = self.new_identity.iter();
        let identity = identity.filter_map(|new| new.step(repo, after, &self.cache));
        let signing = self.new_signing_key.iter();
        let signing = signing.map(|new| new.step(repo, after, &self.cache));
        let keys = steps::keys_of_cache(after, &self.cache.host);
        let switches = steps::between(before, after, None);
        let keys = identity.chain(signing).chain(keys);
        let ends = steps::changes_of_engines(after);
        Ok(steps::in_order(keys.chain(switches).chain(ends).collect()))
    }

    fn notes(&self, fleet: &Fleet) -> Vec<String> {
        let mut notes: Vec<String> = self.left_out.iter().cloned().collect();
        notes.extend(notes::obstacles_of_clients(fleet, &self.cache.host));
        let sshd = sshd::note(&self.cache.host, self.cache.sshd);
        notes.extend(sshd.filter(|_| self.is_new));
        notes.extend(self.import.hint.clone());
        notes
    }
}
