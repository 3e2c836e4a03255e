//! What `benches/fleet` needs beside larder:
//!
//! * `tool make DIR HOSTS SHAPE [mistake]` writes a fleet into a new folder;
//! * `tool limit < LIST` reads the files of a list and parses them with rnix, on
//!   all cores, and does nothing else: nothing that reads Nix files with rnix can
//!   be faster.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a tool of the benchmarks: it touches the world, and fails where it does not answer"
)]

mod generate;

use std::fs;
use std::io;
use std::path::Path;

use generate::{Plan, Shape};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["make", dir, hosts, shape, rest @ ..] => {
            let plan = Plan {
                hosts: hosts.parse().unwrap(),
                shape: Shape::named(shape).unwrap(),
                mistake: rest.contains(&"mistake"),
            };
            make(Path::new(dir), plan);
        }
        ["limit"] => println!("{} files", limit(io::stdin().lines().map(Result::unwrap))),
        // `cargo bench` without a filter comes here.
        _ => println!("tool make DIR HOSTS SHAPE [mistake] | tool limit < LIST"),
    }
}

fn make(dir: &Path, plan: Plan) {
    for (path, text) in generate::files(plan) {
        let path = dir.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

fn limit(paths: impl Iterator<Item = String>) -> usize {
    let paths: Vec<String> = paths.collect();
    let parsed = paths.into_par_iter().map(|path| {
        let text = fs::read_to_string(path).unwrap();
        let parse = rnix::Root::parse(&text);
        assert!(parse.errors().is_empty());
    });
    parsed.count()
}
