//! A statement before and after, with a verdict.

use crate::model::counters::Counters;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A statement before and after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Outcome {
    /// Its name.
    pub id: String,
    /// The plan as the database is.
    pub plan_before: String,
    /// The plan with all advice followed.
    pub plan_after: String,
    /// The cost as the database is.
    pub before: Counters,
    /// The cost after ANALYZE alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub analyzed: Option<Counters>,
    /// The cost with the advised indexes where SQLite has no STAT4; none if the plan is then the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without_stat4: Option<Counters>,
    /// The cost with the advised indexes where ANALYZE is never run; none if the plan is then the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without_statistics: Option<Counters>,
    /// The cost with all advice followed.
    pub after: Counters,
    /// How many times faster, by runs in turns; none where they were not repeated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speedup: Option<Interval>,
    /// The rows are the same; none where they could not be compared.
    pub same_rows: Option<bool>,
    /// The verdict.
    pub verdict: Verdict,
}

/// What the advice does to a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It takes less.
    Faster,
    /// It has another plan, but nothing that can be told apart.
    WithinNoise,
    /// It has the same plan and takes the same.
    NoDifference,
    /// A read that takes more.
    Slower,
    /// A write that takes more.
    CostsMore,
    /// It was planned but not run, or both runs were stopped.
    NotVerified,
}

/// How many times fewer steps are told as faster.
const FEWER: f64 = 1.1;
/// How many times more steps are told as slower; steps repeat exactly, so that is no noise.
const MORE: f64 = 1.05;
/// Virtual-machine steps below which a difference is not told, whatever the factor: about half a microsecond.
const FEW_STEPS: u64 = 50;
/// The factor beyond which the whole interval of the times has to lie for time alone to tell.
const SURELY: f64 = 1.05;
/// The fewest pairs of runs in turns from which time alone may tell: eight that all point one way are met once in 128
/// times by chance, so that their range is an interval of at least 99 %.
pub const PAIRS: usize = 8;

impl Verdict {
    /// By steps and pages, which repeat exactly, and by the times of the runs in turns. Where the interval of the times leaves
    /// no doubt they decide, and of fewer than [`PAIRS`] where the counters agree; where they only point the other way than
    /// the steps, nothing is claimed.
    pub fn of(before: &Counters, after: &Counters, speedup: Option<Interval>) -> Self {
        match (before.timed_out, after.timed_out) {
            (true, true) => return Self::NotVerified,
            (true, false) => return Self::Faster,
            (false, true) => return Self::Slower,
            (false, false) if before.vm_steps == 0 => return Self::NotVerified,
            (false, false) => {}
        }
        let differs =
            |less: u64, more: u64, by: f64| more as f64 >= less as f64 * by && more >= less + FEW_STEPS;
        let fewer = differs(after.vm_steps, before.vm_steps, FEWER);
        let more = differs(before.vm_steps, after.vm_steps, MORE);
        let tells = |agree: bool| speedup.filter(|interval| agree || interval.values >= PAIRS);
        if tells(does_less(after, before)).is_some_and(|interval| interval.low > SURELY) {
            Self::Faster
        } else if tells(does_less(before, after)).is_some_and(|interval| interval.high < 1.0 / SURELY) {
            Self::Slower
        } else if fewer && speedup.is_none_or(|interval| interval.high >= 1.0) {
            Self::Faster
        } else if more && speedup.is_none_or(|interval| interval.low <= 1.0) {
            Self::Slower
        } else {
            Self::WithinNoise
        }
    }

    /// True while neither steps nor times tell, though every pair of runs so far points the same way: more of them would
    /// decide. Who then runs [`PAIRS`] claims nothing more often than who always does, as all that ends early is claimed to be
    /// noise.
    pub fn is_open(before: &Counters, after: &Counters, speedup: Interval) -> bool {
        let one_way = speedup.low > SURELY || speedup.high < 1.0 / SURELY;
        speedup.values < PAIRS && one_way && Self::of(before, after, Some(speedup)) == Self::WithinNoise
    }

    /// Of a statement that keeps its plan, where nothing else differs.
    pub fn with_the_same_plan(self) -> Self {
        if self == Self::WithinNoise { Self::NoDifference } else { self }
    }

    /// Of a statement that writes: it costs more where a read is slower, and where it takes more steps, however few.
    pub fn of_a_write(self, before: &Counters, after: &Counters) -> Self {
        let more = after.vm_steps as f64 >= before.vm_steps as f64 * MORE;
        match self {
            Self::Slower => Self::CostsMore,
            Self::WithinNoise if more => Self::CostsMore,
            other => other,
        }
    }

    /// True if it leaves open which of both times is the longer: then no factor between them is told.
    pub fn leaves_time_open(self) -> bool {
        matches!(self, Self::WithinNoise | Self::NoDifference)
    }

    /// Its words.
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Faster => "faster",
            Self::WithinNoise => "within noise",
            Self::NoDifference => "no difference",
            Self::Slower => "slower",
            Self::CostsMore => "costs more",
            Self::NotVerified => "not verified",
        }
    }
}

/// True if one run took fewer steps or pages than another, and no more of either.
fn does_less(one: &Counters, other: &Counters) -> bool {
    let (one, other) = ((one.vm_steps, one.pages), (other.vm_steps, other.pages));
    one.0 <= other.0 && one.1 <= other.1 && one != other
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.phrase())
    }
}

/// A median with its confidence interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Below this the true median is not, with a confidence of at least 99 % from eight values on.
    pub low: f64,
    /// The median of the values.
    pub median: f64,
    /// The other end.
    pub high: f64,
    /// How many values there were.
    pub values: usize,
}

impl Interval {
    /// By order statistics, whatever the distribution: with n values the k-th lowest and k-th highest enclose the median
    /// unless fewer than k of n fair coins fall on one side (Conover, Practical Nonparametric Statistics, 3.2). None
    /// without values.
    pub fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let n = values.len();
        let (mut outside, mut coins, mut k) = (0.0, 0.5f64.powi(i32::try_from(n).ok()?), 0);
        while k < n / 2 && outside + 2.0 * coins <= 0.01 {
            outside += 2.0 * coins;
            coins *= (n - k) as f64 / (k + 1) as f64;
            k += 1;
        }
        let at = k.saturating_sub(1);
        let (low, high) = (*values.get(at)?, *values.get(n.checked_sub(1 + at)?)?);
        Some(Self { low, median: *values.get(n / 2)?, high, values: n })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(before: u64, after: u64, ratio: Option<f64>) -> Verdict {
        let run = |vm_steps| Counters { vm_steps, ..Counters::default() };
        let interval = ratio.map(|r| Interval { low: r * 0.99, median: r, high: r * 1.01, values: 11 });
        Verdict::of(&run(before), &run(after), interval)
    }

    #[test]
    fn steps_decide_and_trivial_differences_are_none() {
        assert_eq!(verdict(6_742, 29, None), Verdict::Faster);
        assert_eq!(verdict(17, 15, None), Verdict::WithinNoise);
        assert_eq!(verdict(40, 20, None), Verdict::WithinNoise);
        assert_eq!(verdict(1_000, 960, Some(1.04)), Verdict::WithinNoise);
        assert_eq!(verdict(200, 900, None), Verdict::Slower);
        let write = |before, after| {
            let run = |vm_steps| Counters { vm_steps, ..Counters::default() };
            verdict(before, after, None).of_a_write(&run(before), &run(after))
        };
        assert_eq!(
            [write(200, 900), write(33, 40), write(33, 33)],
            [Verdict::CostsMore, Verdict::CostsMore, Verdict::WithinNoise]
        );
        assert_eq!(verdict(0, 0, None), Verdict::NotVerified);
        assert_eq!(verdict(20, 20, None).with_the_same_plan(), Verdict::NoDifference);
    }

    #[test]
    fn no_verdict_contradicts_the_time_beside_it() {
        assert_eq!(verdict(1_000, 1_000, Some(1.5)), Verdict::Faster);
        assert_eq!(verdict(1_000, 800, Some(0.5)), Verdict::Slower);
        assert_eq!(verdict(1_000, 1_000, Some(0.9)), Verdict::Slower);
        assert_eq!(verdict(1_000, 800, Some(0.98)), Verdict::WithinNoise);
        assert_eq!(verdict(10_000, 10_800, Some(1.03)), Verdict::WithinNoise);
        assert_eq!(verdict(10_000, 10_800, Some(0.97)), Verdict::Slower);
        assert_eq!(verdict(1_000, 1_300, Some(2.0)), Verdict::Faster);
    }

    #[test]
    fn few_pairs_tell_only_what_the_counters_say_as_well() {
        let run = |pages| Counters { vm_steps: 1_000, pages, ..Counters::default() };
        let pairs = |low, high| Interval { low, median: (low + high) / 2.0, high, values: 3 };
        let verdict = |after, interval| Verdict::of(&run(500), &run(after), Some(interval));
        assert_eq!(verdict(400, pairs(4.0, 5.3)), Verdict::Faster);
        assert_eq!(verdict(600, pairs(0.5, 0.7)), Verdict::Slower);
        // Without the counters they are only a reason to run more of them.
        assert_eq!(verdict(500, pairs(4.0, 5.3)), Verdict::WithinNoise);
        assert!(Verdict::is_open(&run(500), &run(500), pairs(4.0, 5.3)));
        assert!(!Verdict::is_open(&run(500), &run(500), pairs(0.9, 1.4)));
        assert!(!Verdict::is_open(&run(500), &run(400), pairs(4.0, 5.3)));
    }

    #[test]
    fn a_run_that_was_stopped_is_a_lower_bound() {
        let run = |timed_out| Counters { vm_steps: 9_000, timed_out, ..Counters::default() };
        assert_eq!(Verdict::of(&run(true), &run(false), None), Verdict::Faster);
        assert_eq!(Verdict::of(&run(false), &run(true), None), Verdict::Slower);
        assert_eq!(Verdict::of(&run(true), &run(true), None), Verdict::NotVerified);
    }
}
