//! Four times as much of the same is four times the work, not sixteen times.
//!
//! No time is a limit here: what larder computes on a file is compared with what it
//! computes on one a quarter as long, in the same run.

use super::world::{World, add_cache, strs};

trials![
    modules,
    inventories,
    findings_in_one_line,
    findings_far_from_their_cause,
];

/// Between the four of work that grows with the input and the sixteen of work that
/// grows with its square.
const MOST: f64 = 8.0;

/// The kernel may count in ticks: less seconds than these are none.
const TICK: f64 = 0.01;

/// Somebody else may have the processor: the least of so many runs counts.
const RUNS: usize = 3;

/// A text that grows: as many of something, or about as many bytes.
type Growing = fn(usize) -> String;

/// Asserts that the work on `file` grows no faster than the file.
#[track_caller]
fn grows_with(file: &str, text: Growing, size: usize, args: &[&str]) {
    let worlds = [size, size * 4].map(|size| {
        let world = World::initialised();
        world.write(file, text(size));
        if file != "larder.toml" {
            world.commit("much");
        }
        world
    });
    let mut least = [f64::INFINITY; 2];
    for _ in 0..RUNS {
        for (world, least) in worlds.iter().zip(&mut least) {
            let (said, seconds) = world.measured(args);
            assert!(matches!(said.code, Some(0..=2)), "{args:?}: {said:?}");
            assert!(!said.words.contains("panicked"), "{said:?}");
            *least = least.min(seconds);
        }
        if least[1] <= least[0].max(TICK) * MOST {
            return;
        }
    }
    let shown: String = text(2).chars().take(60).collect();
    panic!(
        "{args:?} on a {file} of {shown:?}: {least:?} seconds for {size} and {}",
        size * 4
    );
}

fn numbered(count: usize, line: &str) -> String {
    let lines: Vec<String> = (0..count)
        .map(|i| line.replace('@', &i.to_string()))
        .collect();
    lines.concat()
}

fn many(bytes: usize, line: &str) -> String {
    line.repeat(bytes / line.len())
}

fn modules() {
    let modules: [Growing; 11] = [
        |n| format!("{{\n{}}}\n", numbered(n / 20, "  a@ = 1;\n")),
        |n| {
            format!(
                "{{\n  imports = [\n{}  ];\n}}\n",
                many(n, "    ./hardware-pai.nix\n")
            )
        },
        |n| format!("{{ }}\n{}", many(n, "# a comment\n")),
        |n| format!("{{ }}\n/*{}*/\n", many(n, "/* ")),
        |n| format!("{{ a = ''{}''; }}\n", many(n, "''${x} $$ ''' ")),
        |n| format!("{{ a = \"{}\"; }}\n", many(n, "\\${x} \\\\ ")),
        |n| format!("{{ a = \"{}", many(n, "${\"")),
        |n| format!("{{ a = [ {} ]; }}\n", many(n, "\"x\" ")),
        |n| format!("{{{}}}\n", many(n, " ")),
        |n| many(n, "{ "),
        |n| many(n, "''"),
    ];
    for module in modules {
        grows_with(
            "configuration-pai.nix",
            module,
            25_000,
            &["lint", "--no-cache"],
        );
        let mut look = add_cache();
        look.push("--dry-run".to_owned());
        grows_with("configuration-pai.nix", module, 25_000, &strs(&look));
    }
}

fn inventories() {
    let inventories: [Growing; 6] = [
        |n| format!("version = 1\n{}", numbered(n, "[hosts.h@]\n")),
        |n| format!("version = 1\n{}", numbered(n, "x@ = @\n")),
        |n| format!("version = 1\na = \"{}\"\n", many(n * 100, "\\u0041")),
        |n| format!("version = 1\na = [{}]\n", many(n * 100, "1,")),
        |n| format!("version = 1\n{}", "[hosts.pai]\n".repeat(n)),
        |n| format!("version = 1\nhosts = {{ {} }}\n", numbered(n, "h@ = { }, ")),
    ];
    for inventory in inventories {
        grows_with("larder.toml", inventory, 400, &["lint", "--no-cache"]);
        let mut look = add_cache();
        look.push("--dry-run".to_owned());
        grows_with("larder.toml", inventory, 400, &strs(&look));
    }
}

fn formats(file: &str, text: Growing, size: usize) {
    for format in ["human", "short", "json", "sarif", "github"] {
        grows_with(
            file,
            text,
            size,
            &["lint", "--no-cache", "--format", format],
        );
    }
}

/// An inventory that a program has written, and a module.
fn findings_in_one_line() {
    formats(
        "larder.toml",
        |n| format!("version = 1\nhosts = {{ {} }}\n", numbered(n, "h@ = { }, ")),
        400,
    );
    formats(
        "configuration-pai.nix",
        |n| format!("{{ {} }}\n", numbered(n, "a@ = 1; a@ = 2; ")),
        400,
    );
}

fn findings_far_from_their_cause() {
    formats(
        "configuration-pai.nix",
        |n| format!("{{\n{}}}\n", "  a = 1;\n".repeat(n)),
        800,
    );
}
