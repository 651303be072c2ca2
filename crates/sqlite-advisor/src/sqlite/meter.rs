//! Watches a run from SQLite's progress handler and stops it at its limit
//! (<https://www.sqlite.org/c3ref/progress_handler.html>).

use crate::cancel::{CancelToken, is_past};
use crate::model::counters::{PAGE_NS, VM_STEP_NS};
use rusqlite::InterruptHandle;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Virtual-machine steps between two looks at the limits.
pub(super) const TICK: i32 = 1_000;

/// How often the time is looked at.
const CLOCK: Duration = Duration::from_millis(50);

/// A statement that has taken a part of the time and not even a fiftieth of the cost is one of costly steps, on any machine
/// and at any load, and is stopped by the clock.
const COSTLY: f64 = 50.0;
/// That part.
const PART: f64 = 0.2;
/// How long one that was interrupted may go on before the last resort, the shorter the shorter its own limit.
const DEAF: std::ops::RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_secs(10);

/// Where a run is stopped.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// [`crate::model::counters::Counters::cost`], in nanoseconds; the same limit on every machine and at every load.
    pub cost: f64,
    /// Wall time, a net below the cost that is needed only where steps are costly.
    pub time: Duration,
}

impl Limit {
    /// No limit.
    pub const NONE: Limit = Limit { cost: f64::INFINITY, time: Duration::MAX };
}

/// When the clock stops the statement that runs now.
struct Deadlines {
    sql: Arc<str>,
    of_costly_steps: Option<Instant>,
    net: Option<Instant>,
    last_resort: Option<Instant>,
}

impl Deadlines {
    fn of(sql: Arc<str>, limit: Limit, now: Instant) -> Self {
        let at = |time| now.checked_add(time);
        let costly = Duration::try_from_secs_f64(limit.time.as_secs_f64() * PART).unwrap_or(limit.time);
        let patience = limit.time.clamp(*DEAF.start(), *DEAF.end());
        let last_resort = limit.time.checked_add(patience).and_then(at);
        Self { sql, of_costly_steps: at(costly), net: at(limit.time), last_resort }
    }
}

/// What the progress handler watches, shared with it.
#[derive(Default)]
pub(super) struct Meter {
    cancel: CancelToken,
    steps: AtomicU64,
    pages_before: AtomicU64,
    /// As of the last tick, in whole nanoseconds of cost.
    cost: AtomicU64,
    /// In whole nanoseconds of cost.
    limit: AtomicU64,
    deadlines: Mutex<Option<Deadlines>>,
}

impl Meter {
    /// Stops whatever runs once `cancel` says so; no limit holds yet.
    pub(super) fn new(cancel: CancelToken) -> Self {
        let meter = Self { cancel, ..Self::default() };
        meter.stop();
        meter
    }

    /// Interrupts the running statement once its time is over, until the meter is dropped.
    ///
    /// The clock has a thread of its own, since a single step, and so the time between two ticks, can take long.
    pub(super) fn watch_time(self: &Arc<Self>, handle: InterruptHandle) {
        let watched = Arc::downgrade(self);
        std::thread::spawn(move || {
            while let Some(meter) = watched.upgrade() {
                // Under the lock, so that the statement which is interrupted is the one whose time is over.
                let deadlines = meter.deadlines();
                if let Some(deadlines) = deadlines.as_ref() {
                    if is_past(deadlines.net)
                        || (is_past(deadlines.of_costly_steps) && meter.has_costly_steps())
                    {
                        handle.interrupt();
                    }
                    if is_past(deadlines.last_resort) {
                        meter.cancel.last_resort(&deadlines.sql);
                    }
                }
                drop(deadlines);
                drop(meter);
                std::thread::sleep(CLOCK);
            }
        });
    }

    fn deadlines(&self) -> MutexGuard<'_, Option<Deadlines>> {
        self.deadlines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_costly_steps(&self) -> bool {
        (self.cost.load(Ordering::Relaxed) as f64) < self.limit.load(Ordering::Relaxed) as f64 / COSTLY
    }

    /// What stops the run.
    pub(super) fn cancel_token(&self) -> &CancelToken {
        &self.cancel
    }

    /// A run of that statement begins, `pages` having been asked of the cache before.
    pub(super) fn start(&self, sql: Arc<str>, limit: Limit, now: Instant, pages: u64) {
        self.steps.store(0, Ordering::Relaxed);
        self.cost.store(0, Ordering::Relaxed);
        self.pages_before.store(pages, Ordering::Relaxed);
        self.limit.store(if limit.cost < 1e18 { limit.cost as u64 } else { u64::MAX }, Ordering::Relaxed);
        *self.deadlines() = Some(Deadlines::of(sql, limit, now));
    }

    /// No limit holds any more.
    pub(super) fn stop(&self) {
        self.limit.store(u64::MAX, Ordering::Relaxed);
        *self.deadlines() = None;
    }

    /// Called by SQLite every [`TICK`] steps; true stops the statement.
    pub(super) fn tick(&self, pages: u64) -> bool {
        let steps = self.steps.fetch_add(u64::from(TICK.unsigned_abs()), Ordering::Relaxed);
        let pages = pages.saturating_sub(self.pages_before.load(Ordering::Relaxed));
        let cost = steps as f64 * VM_STEP_NS + pages as f64 * PAGE_NS;
        self.cost.store(cost as u64, Ordering::Relaxed);
        cost >= self.limit.load(Ordering::Relaxed) as f64 || self.cancel.is_cancelled()
    }

    /// SQLite's counter has 32 bits; the ticks of the same run tell how often it wrapped.
    pub(super) fn unwrapped(&self, counter: u64) -> u64 {
        const WRAP: u64 = 1 << 32;
        let ticks = self.steps.load(Ordering::Relaxed);
        counter + ticks.saturating_sub(counter).saturating_add(WRAP / 2) / WRAP * WRAP
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::Session;

    const COSTLY_STEPS: &str =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
                                SELECT sum(length(randomblob(20000000))) FROM n";

    #[test]
    fn time_stops_a_statement_of_costly_steps_and_spares_the_next() -> crate::Result<()> {
        let session = Session::in_memory()?;
        let [net, long] = [200, 1_000 * 8].map(Duration::from_millis);
        for (limit, most) in
            [(Limit { cost: f64::INFINITY, time: net }, 2), (Limit { cost: 1e10, time: long }, 5)]
        {
            let began = Instant::now();
            assert!(session.run(COSTLY_STEPS, &[], limit)?.counters.timed_out);
            assert!(began.elapsed() < Duration::from_secs(most), "{:?}", began.elapsed());
            assert!(!session.run("SELECT 1", &[], limit)?.counters.timed_out);
        }
        Ok(())
    }

    #[test]
    fn a_wrapped_counter_is_undone() {
        let meter = Meter::default();
        meter.steps.store((2 << 32) + 500, Ordering::Relaxed);
        assert_eq!(meter.unwrapped(700), (2 << 32) + 700);
    }
}
