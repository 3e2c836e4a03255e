//! The thin edge: arguments in, exit code out.

use std::process::ExitCode;

/// Trees of Nix files are many small allocations; what this one saves stands in
/// docs/performance.md.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    larder::main(std::env::args_os())
}
