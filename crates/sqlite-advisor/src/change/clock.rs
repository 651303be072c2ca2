//! How long the parts of a run take.

use std::time::Instant;

/// Names each part when it is over.
#[derive(Debug)]
pub struct Clock {
    since: Instant,
    laps: Vec<(String, u64)>,
}

impl Default for Clock {
    fn default() -> Self {
        Self { since: Instant::now(), laps: vec![] }
    }
}

impl Clock {
    /// A part is over; the next one begins.
    pub fn lap(&mut self, name: &str) {
        self.laps.push((name.to_owned(), nanoseconds(self.since)));
        self.since = Instant::now();
    }

    /// The parts in their order, with their nanoseconds.
    pub fn laps(self) -> Vec<(String, u64)> {
        self.laps
    }
}

/// Nanoseconds since then.
pub fn nanoseconds(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_nanos()).unwrap_or(u64::MAX)
}
