//! The thread that the evaluator runs on: Nix is recursive.

/// The size of its stack.
pub(super) const STACK: usize = 256 << 20;

/// Runs something on a thread with a large stack.
///
/// # Errors
/// Why there is no answer.
pub(super) fn on_own_stack<T: Send>(run: impl FnOnce() -> T + Send) -> Result<T, String> {
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(STACK);
        match builder.spawn_scoped(scope, run) {
            Ok(thread) => thread.join().map_err(|_| "the evaluator failed".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    })
}
