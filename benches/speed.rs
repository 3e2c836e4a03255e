//! How long the parts take: parse, edit, plan, lint. `cargo bench --bench speed`.
//!
//! Without disk, git and terminal; whole programs are compared by `benches/fleet`.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark: it fails where a part does not answer"
)]

mod generate;

use clap::Parser;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use generate::{Plan, Shape};
use larder::internals::cli::{Cli, Command};
use larder::internals::command::add_host::{self, AddHost};
use larder::internals::command::{Ask, AskNix, KeyPlace, Question, Reply, ThisMachine, Verb};
use larder::internals::diagnostic::Stop;
use larder::internals::flake;
use larder::internals::fleet::{Fleet, Host, INVENTORY};
use larder::internals::lint;
use larder::internals::nix::{AttrPath, Literal, NixFile, Scope, edit};
use larder::internals::plan::{Findings, check};
use larder::internals::project::Project;
use larder::internals::repo::{Repo, RepoPath};
use std::hint::black_box;

const SHAPES: [&str; 3] = ["literal", "helper", "readDir"];

/// A fleet in memory.
struct Made {
    files: std::collections::BTreeMap<String, String>,
    fleet: Fleet,
}

impl Made {
    fn new(hosts: usize, shape: &str) -> Self {
        let files = generate::files(Plan {
            hosts,
            shape: Shape::named(shape).unwrap(),
            mistake: false,
        });
        let fleet = generate::read(&files[INVENTORY]);
        Self { files, fleet }
    }

    /// Nothing of it has been parsed yet.
    fn repo(&self) -> Repo {
        let pairs = self.files.iter();
        Repo::from_pairs(pairs.map(|(path, text)| (path.as_str(), text.as_str())))
    }

    fn module(&self) -> &str {
        let name = self.fleet.hosts.keys().next().unwrap();
        &self.files[&generate::module(name)]
    }
}

fn parse(criterion: &mut Criterion) {
    let made = Made::new(10, "literal");
    let text = made.module();
    let mut group = criterion.benchmark_group("parse");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("rnix alone", |b| {
        b.iter(|| rnix::Root::parse(black_box(text)));
    });
    group.bench_function("a host module", |b| {
        b.iter(|| NixFile::parse(black_box(text)).unwrap());
    });
    group.finish();
}

fn edits(criterion: &mut Criterion) {
    let made = Made::new(10, "literal");
    let file = NixFile::parse(made.module()).unwrap();
    let scope = Scope::module(&file).unwrap();
    let imports = AttrPath::new(["imports"]);
    let item = Literal::path("../../larder/hosts/new.nix");
    criterion.bench_function("edit/one import", |b| {
        b.iter(|| edit::ensure_item(&file, &scope, &imports, &item).unwrap());
    });
}

fn discover(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("discover");
    for shape in SHAPES {
        let made = Made::new(1000, shape);
        group.bench_function(BenchmarkId::new(shape, 1000), |b| {
            b.iter_batched_ref(
                || made.repo(),
                |repo| flake::discover(repo).unwrap(),
                criterion::BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

fn plans(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("add-host");
    group.sample_size(10);
    for hosts in [10, 1000] {
        let made = Made::new(hosts, "literal");
        let request = new_host(&made);
        group.bench_function(BenchmarkId::new("planned and checked", hosts), |b| {
            b.iter_batched_ref(
                || Project::new(made.repo()),
                |project| {
                    let plan = AddHost::plan(project, &request).unwrap();
                    check(plan, project, Findings::NoneNew, None).unwrap()
                },
                criterion::BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

fn lints(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("lint");
    group.sample_size(10);
    for hosts in [10, 1000] {
        for shape in SHAPES {
            let made = Made::new(hosts, shape);
            group.bench_function(BenchmarkId::new(shape, hosts), |b| {
                b.iter_batched_ref(
                    || made.repo(),
                    |repo| {
                        let found = flake::discover(repo).unwrap();
                        lint::run(&made.fleet, repo, &found)
                    },
                    criterion::BatchSize::PerIteration,
                );
            });
        }
    }
    group.finish();
}

fn new_host(made: &Made) -> add_host::Request {
    let args = ["larder", "add-host", "new", "--system", "x86_64-linux"];
    let Command::AddHost(verb) = Cli::parse_from(args).verb else {
        unreachable!("`add-host` is what was written");
    };
    let project = Project::new(made.repo());
    verb.verb.complete(&project, &mut Nobody).unwrap()
}

/// A world in which nobody answers.
struct Nobody;

fn nothing<T>() -> Result<T, Stop> {
    Err(Question {
        text: "a benchmark asks nobody",
        flag: "",
        why: "",
    }
    .unanswered())
}

impl Ask for Nobody {
    fn is_unattended(&self) -> bool {
        false
    }
    fn takes_offers(&self) -> bool {
        false
    }

    fn has_person(&self) -> bool {
        false
    }
    fn choose(&mut self, _: Question<'_>, _: &[String], _: usize) -> Result<usize, Stop> {
        nothing()
    }
    fn line(
        &mut self,
        _: Question<'_>,
        _: Option<&str>,
        _: &dyn Fn(&str) -> Result<(), String>,
    ) -> Result<String, Stop> {
        nothing()
    }
    fn reject(&mut self, _: &[larder::internals::diagnostic::Diagnostic]) -> Result<(), Stop> {
        unreachable!("nobody is asked")
    }

    fn choose_many(
        &mut self,
        _: Question<'_>,
        _: &[String],
        _: &[usize],
    ) -> Result<Vec<usize>, Stop> {
        nothing()
    }

    fn say(&mut self, _: &str) -> Result<(), Stop> {
        Ok(())
    }

    fn known_host_in(&mut self, _: &str, _: &str, _: u16) -> Option<String> {
        None
    }

    fn known_host(&mut self, _: &str, _: u16) -> Option<String> {
        None
    }

    fn confirm(&mut self, _: Question<'_>, _: bool) -> Result<bool, Stop> {
        nothing()
    }
    fn has_nix(&self) -> bool {
        false
    }
    fn nix(
        &mut self,
        _: AskNix,
        _: &dyn Fn(&[String]) -> Vec<String>,
    ) -> Result<flake::NixAnswer, Stop> {
        nothing()
    }
    fn seed(&mut self) -> Result<[u8; 32], Stop> {
        nothing()
    }
    fn read(&mut self, _: &str) -> Result<String, Stop> {
        nothing()
    }
    fn this_machine(&mut self) -> Option<ThisMachine> {
        None
    }
    fn scan(&mut self, _: &[&Host]) -> Result<Vec<Reply>, Stop> {
        nothing()
    }
    fn fetch(&mut self, _: &[(&Host, Vec<String>)], _: usize) -> Result<Vec<Reply>, Stop> {
        nothing()
    }
    fn run(&mut self, _: &[(&Host, String)]) -> Result<Vec<Reply>, Stop> {
        nothing()
    }
    fn web(&mut self, _: &str) -> Result<Reply, Stop> {
        nothing()
    }
    fn place(&mut self, _: &str) -> Result<KeyPlace, Stop> {
        nothing()
    }
    fn committed(&mut self, _: &RepoPath) -> Result<Option<String>, Stop> {
        nothing()
    }
}

criterion_group!(benches, parse, edits, discover, plans, lints);
criterion_main!(benches);
