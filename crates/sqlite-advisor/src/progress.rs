//! How far a long stage is, told to whoever listens. The library never prints.

use crate::cancel::CancelToken;

/// Hears of each stage. Every method has a default, so a listener takes only what it needs.
pub trait Progress: Sync {
    /// A stage begins; `total` is the count of steps, where it is known.
    fn start(&self, _stage: &str, _total: Option<u64>) {}
    /// `done` steps of the current stage are finished.
    fn advance(&self, _done: u64) {}
    /// The current stage is over.
    fn finish(&self) {}
    /// What stops the run.
    fn cancel_token(&self) -> &CancelToken {
        CancelToken::never()
    }
    /// For `?` at the head of a loop.
    ///
    /// # Errors
    /// [`crate::Error::Interrupted`] once the run is to stop.
    fn check(&self) -> crate::Result<()> {
        self.cancel_token().check()
    }
}

/// Hears nothing of a piece of work beside another, which only stops as that does.
pub struct OnlyStops<'p>(pub &'p dyn Progress);

impl Progress for OnlyStops<'_> {
    fn cancel_token(&self) -> &CancelToken {
        self.0.cancel_token()
    }
}

/// Hears nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {}
