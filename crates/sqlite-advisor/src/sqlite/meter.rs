//! Watches a run from SQLite's progress handler and stops it at its limit
//! (<https://www.sqlite.org/c3ref/progress_handler.html>).

use crate::cancel::CancelToken;
use crate::model::counters::{PAGE_NS, VM_STEP_NS};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Virtual-machine steps between two looks at the limits.
pub(super) const TICK: i32 = 1_000;

/// Where a run is stopped.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// [`crate::model::counters::Counters::cost`], in nanoseconds; the same limit on every machine and at every load.
    pub cost: f64,
    /// Wall time, a net below the cost that should never be needed.
    pub time: Duration,
}

impl Limit {
    /// No limit.
    pub const NONE: Limit = Limit { cost: f64::INFINITY, time: Duration::MAX };
}

/// What the progress handler watches, shared with it.
#[derive(Default)]
pub(super) struct Meter {
    cancel: CancelToken,
    steps: AtomicU64,
    pages_before: AtomicU64,
    /// In whole nanoseconds of cost.
    limit: AtomicU64,
    deadline_ns: AtomicU64,
}

impl Meter {
    /// Stops whatever runs once `cancel` says so; no limit holds yet.
    pub(super) fn new(cancel: CancelToken) -> Self {
        let meter = Self { cancel, ..Self::default() };
        meter.stop();
        meter
    }

    /// What stops the run.
    pub(super) fn cancel_token(&self) -> &CancelToken {
        &self.cancel
    }

    /// A run begins, `pages` having been asked of the cache before.
    pub(super) fn start(&self, limit: Limit, now: Instant, pages: u64) {
        let deadline = now.duration_since(*EPOCH).checked_add(limit.time).map_or(u64::MAX, nanos);
        self.steps.store(0, Ordering::Relaxed);
        self.pages_before.store(pages, Ordering::Relaxed);
        self.limit.store(if limit.cost < 1e18 { limit.cost as u64 } else { u64::MAX }, Ordering::Relaxed);
        self.deadline_ns.store(deadline, Ordering::Relaxed);
    }

    /// No limit holds any more.
    pub(super) fn stop(&self) {
        self.limit.store(u64::MAX, Ordering::Relaxed);
        self.deadline_ns.store(u64::MAX, Ordering::Relaxed);
    }

    /// Called by SQLite every [`TICK`] steps; true stops the statement.
    pub(super) fn tick(&self, pages: u64) -> bool {
        let steps = self.steps.fetch_add(u64::from(TICK.unsigned_abs()), Ordering::Relaxed);
        let pages = pages.saturating_sub(self.pages_before.load(Ordering::Relaxed));
        let cost = steps as f64 * VM_STEP_NS + pages as f64 * PAGE_NS;
        cost >= self.limit.load(Ordering::Relaxed) as f64
            || self.cancel.is_cancelled()
            || nanos(EPOCH.elapsed()) >= self.deadline_ns.load(Ordering::Relaxed)
    }

    /// SQLite's counter has 32 bits; the ticks of the same run tell how often it wrapped.
    pub(super) fn unwrapped(&self, counter: u64) -> u64 {
        const WRAP: u64 = 1 << 32;
        let ticks = self.steps.load(Ordering::Relaxed);
        counter + ticks.saturating_sub(counter).saturating_add(WRAP / 2) / WRAP * WRAP
    }
}

static EPOCH: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);

fn nanos(d: Duration) -> u64 {
    u64::try_from(d.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrapped_counter_is_undone() {
        let meter = Meter::default();
        meter.steps.store((2 << 32) + 500, Ordering::Relaxed);
        assert_eq!(meter.unwrapped(700), (2 << 32) + 700);
    }
}
