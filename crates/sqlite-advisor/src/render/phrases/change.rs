//! What changes between two runs, in words that no number beside them contradicts.

use super::{is_known, steps, time};
use crate::model::counters::Counters;
use crate::model::report::{Help, Outcome, Verdict};
use crate::model::units::ratio;

/// What is said of times that are.
const SAME_TIME: &str = "about the same time";
/// Factors nearer to 1 are about the same.
const SAME: f64 = 1.05;

/// `26.3x faster (52.6 µs → 2.00 µs)`, or slower, or about the same time; none where it was not run.
pub fn time_change(before: &Counters, after: &Counters) -> Option<String> {
    let (one, two) = (time(before), time(after));
    let words = worded(before, after, |c| c.time_ns, ["faster", "slower", SAME_TIME])?;
    Some(format!("{words} ({one} → {two})"))
}

/// `26.3x faster (52.6 µs → 2.00 µs)` of two spans in nanoseconds.
pub fn faster(before_ns: u64, after_ns: u64) -> String {
    let run = |time_ns| Counters { time_ns, vm_steps: 1, ..Counters::default() };
    time_change(&run(before_ns), &run(after_ns)).unwrap_or_default()
}

/// `467x fewer VM steps (1,343,998 → 2,880)`, or more, or about as many; none where it was not run.
pub fn steps_change(before: &Counters, after: &Counters) -> Option<String> {
    let (one, two) = (steps(before), steps(after));
    let words = ["fewer VM steps", "more VM steps", "about as many VM steps"];
    Some(format!("{} ({one} → {two})", worded(before, after, |c| c.vm_steps, words)?))
}

/// Both, time first.
pub fn change(before: &Counters, after: &Counters) -> Option<String> {
    Some(format!("{}; {}", time_change(before, after)?, steps_change(before, after)?))
}

/// What becomes of a statement; see [`judged`].
pub fn outcome_change(o: &Outcome) -> Option<String> {
    judged(&o.before, &o.after, Some(o.verdict))
}

/// What a piece of advice does for a statement; see [`judged`].
pub fn help_change(h: &Help) -> Option<String> {
    judged(&h.before, &h.after, h.verdict)
}

/// Both, no factor between times that the verdict leaves open.
pub fn judged(before: &Counters, after: &Counters, verdict: Option<Verdict>) -> Option<String> {
    let told = match verdict {
        Some(verdict) if leaves_open(before, after, verdict) => {
            format!("time within noise ({} → {})", time(before), time(after))
        }
        _ => time_change(before, after)?,
    };
    Some(format!("{told}; {}", steps_change(before, after)?))
}

/// How many times less time, `-` where the verdict leaves that open; see [`super::less_time`].
pub fn outcome_less_time(o: &Outcome) -> String {
    let is_open = leaves_open(&o.before, &o.after, o.verdict);
    if is_open { "-".to_owned() } else { super::less_time(&o.before, &o.after) }
}

/// True of times that are not about the same, and that the verdict does not tell apart; also where one run of each, in a busy
/// moment, points the other way than the counters that it was made by.
fn leaves_open(before: &Counters, after: &Counters, verdict: Verdict) -> bool {
    let differ = time_change(before, after).is_some_and(|told| !told.starts_with(SAME_TIME));
    let contradicts = match verdict {
        Verdict::Faster => after.time_ns > before.time_ns,
        Verdict::Slower | Verdict::CostsMore => after.time_ns < before.time_ns,
        _ => false,
    };
    differ && (contradicts || verdict.leaves_time_open())
}

/// The factor, never below 1, with the word for its direction.
fn worded(
    before: &Counters,
    after: &Counters,
    of: impl Fn(&Counters) -> u64,
    [less, more, same]: [&str; 3],
) -> Option<String> {
    if !is_known(before) || !is_known(after) {
        return None;
    }
    let factor = of(before).max(1) as f64 / of(after).max(1) as f64;
    Some(match (before.timed_out, after.timed_out) {
        (true, true) => same.to_owned(),
        (true, false) => format!("≥{} {less}", ratio(factor.max(1.0))),
        (false, true) => format!("≥{} {more}", ratio((1.0 / factor).max(1.0))),
        (false, false) if factor >= SAME => format!("{} {less}", ratio(factor)),
        (false, false) if factor <= 1.0 / SAME => format!("{} {more}", ratio(1.0 / factor)),
        (false, false) => same.to_owned(),
    })
}

/// What the access to a table becomes by an index: `SCAN t → SEARCH t USING INDEX i (a=?)`, and whether a sort is saved. Of
/// plans as text, before and after; none where no line reads the index.
pub fn access(before: &str, after: &str, index: &str) -> Option<String> {
    let reads = |line: &&str| {
        line.match_indices(" INDEX ").any(|(at, word)| {
            let rest = line.get(at + word.len()..).and_then(|rest| rest.strip_prefix(index));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(" ("))
        })
    };
    let after_line = after.lines().map(str::trim).find(reads)?;
    let source = source(after_line)?;
    let is_access = |line: &&str| self::source(line) == Some(source);
    let before_line = before.lines().map(str::trim).find(is_access);
    let sorts = |plan: &str| plan.contains("USE TEMP B-TREE FOR");
    let saved = if sorts(before) && !sorts(after) { ", and no sort" } else { "" };
    match before_line {
        Some(before) if before == after_line => None,
        Some(before) => Some(format!("{before} → {after_line}{saved}")),
        None => Some(format!("{after_line}{saved}")),
    }
}

/// The table, or its alias, that a line of a plan reads.
fn source(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("SCAN ").or_else(|| line.strip_prefix("SEARCH "))?;
    Some(rest.split_once(" USING ").map_or(rest, |(source, _)| source))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(vm_steps: u64, time_ns: u64) -> Counters {
        Counters { vm_steps, time_ns, ..Counters::default() }
    }

    #[test]
    fn a_factor_is_never_below_one() {
        let change = |a, b| change(&a, &b).unwrap_or_default();
        assert_eq!(
            change(run(100, 1_000), run(10, 2_000)),
            "2.00x slower (1.00 µs → 2.00 µs); 10.0x fewer VM steps (100 → 10)"
        );
        assert_eq!(
            change(run(10, 1_000), run(11, 1_010)),
            "about the same time (1.00 µs → 1.01 µs); 1.10x more VM steps (10 → 11)"
        );
        assert_eq!(change(run(0, 0), run(0, 0)), "");
    }

    #[test]
    fn no_factor_is_told_where_the_verdict_leaves_the_time_open() {
        let told = |verdict| judged(&run(100, 12_900), &run(100, 16_200), Some(verdict)).unwrap_or_default();
        let open = "time within noise (12.9 µs → 16.2 µs); about as many VM steps (100 → 100)";
        assert_eq!(told(Verdict::NoDifference), open);
        assert!(told(Verdict::Slower).starts_with("1.26x slower"), "{}", told(Verdict::Slower));
        assert_eq!(told(Verdict::Faster), open);
    }

    #[test]
    fn the_access_to_a_table_is_told_before_and_after() {
        let told = access("SCAN b\nUSE TEMP B-TREE FOR ORDER BY", "SEARCH b USING INDEX i (a=?)", "i");
        assert_eq!(told.as_deref(), Some("SCAN b → SEARCH b USING INDEX i (a=?), and no sort"));
        assert_eq!(access("SCAN b", "SEARCH b USING INDEX ix (a=?)", "i"), None);
        let other = access("SCAN a", "SCAN a\n  SEARCH b USING COVERING INDEX i (a=?)", "i");
        assert_eq!(other.as_deref(), Some("SEARCH b USING COVERING INDEX i (a=?)"));
    }
}
