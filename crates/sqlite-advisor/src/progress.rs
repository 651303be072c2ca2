//! How far a long stage is, told to whoever listens. The library never prints.

use std::sync::atomic::{AtomicBool, Ordering};

static STOPPED: AtomicBool = AtomicBool::new(false);

/// Asks every stage and every running statement of this process to stop, as Ctrl-C does. A signal handler may call it.
pub fn stop() {
    STOPPED.store(true, Ordering::Relaxed);
}

/// True once [`stop`] was called.
pub fn is_stopped() -> bool {
    STOPPED.load(Ordering::Relaxed)
}

/// Hears of each stage. Every method has an empty default, so a listener takes only what it needs.
pub trait Progress: Sync {
    /// A stage begins; `total` is the count of steps, where it is known.
    fn start(&self, _stage: &str, _total: Option<u64>) {}
    /// `done` steps of the current stage are finished.
    fn advance(&self, _done: u64) {}
    /// The current stage is over.
    fn finish(&self) {}
    /// True once the user wants to stop; a stage then returns [`crate::Error::Interrupted`].
    fn interrupted(&self) -> bool {
        is_stopped()
    }
    /// [`Progress::interrupted`] as a result, for `?` at the head of a loop.
    ///
    /// # Errors
    /// [`crate::Error::Interrupted`] once the user wants to stop.
    fn check(&self) -> crate::Result<()> {
        if self.interrupted() { Err(crate::Error::Interrupted) } else { Ok(()) }
    }
}

/// Hears nothing of a piece of work beside another, which only stops as that does.
pub struct OnlyStops<'p>(pub &'p dyn Progress);

impl Progress for OnlyStops<'_> {
    fn interrupted(&self) -> bool {
        self.0.interrupted()
    }
}

/// Hears nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {}
