//! The built program from outside: beside others at work, on hostile repositories,
//! and where it has to refuse.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests touch the world, and fail where it does not answer"
)]

mod hostile;
mod refusals;
mod together;
mod world;
