//! Two pieces of work at once.

use crate::error::{Error, Result};

/// Runs the first in a thread beside the second, and waits for both.
pub fn beside<A: Send, B>(
    there: impl FnOnce() -> Result<A> + Send,
    here: impl FnOnce() -> Result<B>,
) -> (Result<A>, Result<B>) {
    std::thread::scope(|scope| {
        let there = scope.spawn(there);
        let here = here();
        let ended_early = |_| Err(Error::Invalid("a part of the work ended early".to_owned()));
        (there.join().unwrap_or_else(ended_early), here)
    })
}
