//! Work in threads beside one another.

use crate::error::{Error, Result};
use std::thread::ScopedJoinHandle;

/// Runs the first in a thread beside the second, and waits for both.
pub fn beside<A: Send, B>(
    there: impl FnOnce() -> Result<A> + Send,
    here: impl FnOnce() -> Result<B>,
) -> (Result<A>, Result<B>) {
    std::thread::scope(|scope| {
        let there = scope.spawn(there);
        let here = here();
        (joined(there), here)
    })
}

/// What a thread came to; one that panicked is an error like any other.
///
/// # Errors
/// That of the thread, or [`Error::Invalid`] if it ended early.
pub fn joined<T>(thread: ScopedJoinHandle<'_, Result<T>>) -> Result<T> {
    let ended_early = || "a part of the work ended early; nothing was changed".to_owned();
    thread.join().unwrap_or_else(|_| Err(Error::Invalid(ended_early())))
}
