//! The thin edge: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    larder::run::main(std::env::args_os())
}
