//! Phrases that every report says alike: [`verdict`](verdict()) for the whole, [`change()`] for a statement.

mod change;
mod verdict;

pub use change::{
    access, change, faster, help_change, judged, outcome_change, outcome_less_time, steps_change, time_change,
};
pub use verdict::{details, next, summary, verdict, way_back, without_unused};

use crate::model::counters::Counters;
use crate::model::report::{
    Change, Database, Group, IndexVerdict, Point, Recommendation, Report, Skipped, Why, WriteCost,
};
use crate::model::units::{bytes, count, duration, ratio};
use crate::render::escape::visible;

/// The most characters of a statement's name in a table.
pub const NAME: usize = 40;

/// How many items a list shows before it says how many more there are.
pub const SHOWN: usize = 10;

/// How many times fewer virtual-machine steps: `12.3x`, with `≥` where the slow run was stopped, `-` where nothing is known.
pub fn fewer_steps(before: &Counters, after: &Counters) -> String {
    times(before, after, before.vm_steps, after.vm_steps)
}

/// How many times less time; see [`fewer_steps`].
pub fn less_time(before: &Counters, after: &Counters) -> String {
    times(before, after, before.time_ns, after.time_ns)
}

fn times(before: &Counters, after: &Counters, one: u64, two: u64) -> String {
    if !is_known(before) || !is_known(after) || two == 0 || after.timed_out {
        return "-".to_owned();
    }
    let least = if before.timed_out { "≥" } else { "" };
    format!("{least}{}", ratio(one as f64 / two as f64))
}

/// Virtual-machine steps; a lower bound where the run was stopped.
pub fn steps(c: &Counters) -> String {
    known(c, &count(c.vm_steps))
}

/// Time; a lower bound where the run was stopped.
pub fn time(c: &Counters) -> String {
    known(c, &duration(c.time_ns))
}

fn known(c: &Counters, text: &str) -> String {
    match (is_known(c), c.timed_out) {
        (false, _) => "-".to_owned(),
        (true, true) => format!(">{text}"),
        (true, false) => text.to_owned(),
    }
}

/// A statement that was only planned has no counters.
fn is_known(c: &Counters) -> bool {
    c.vm_steps > 0
}

/// Whether the rows are the same, in a word.
pub fn rows(same: Option<bool>) -> &'static str {
    match same {
        Some(true) => "same",
        Some(false) => "differ",
        None => "-",
    }
}

/// `Album.db: 1.02 MiB in 11 tables with 15,617 rows`; `12.0 GiB, of which 1.02 MiB in 11 tables` where others were left out.
pub fn database(d: &Database) -> String {
    let whole = d.whole_bytes.map_or(String::new(), |whole| format!("{}, of which ", bytes(whole)));
    format!(
        "{}: {whole}{} in {} with {}",
        visible(&d.path),
        bytes(d.bytes),
        counted(d.tables as u64, "table"),
        counted(d.rows, "row")
    )
}

/// `1 table`, `2 tables`
pub fn counted(n: u64, noun: &str) -> String {
    format!("{} {noun}{}", count(n), if n == 1 { "" } else { "s" })
}

/// `1 index`, `2 indexes`
pub fn counted_as(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

/// How far the search was from the best set, where that is known.
pub fn optimum(d: &Report) -> Option<String> {
    let found = d.optimum?;
    let sets = count(found.configurations);
    Some(if found.gap > 0.0 {
        format!(
            "All {sets} configurations were tried; the search alone had ended {:.1} % below the best, which is advised.",
            found.gap * 100.0
        )
    } else {
        format!("All {sets} configurations were tried: none is worth more than the advised one.")
    })
}

/// What a group of recommendations is called.
pub fn group(group: Group) -> &'static str {
    match group {
        Group::DoNow => "Do now: verified on a copy of the data",
        Group::IfComplete => "If your workload is complete: no statement of it reads these",
        Group::WorthALook => "Worth a look: for you to weigh, apply leaves it alone",
    }
}

/// What a rule found and a person has to weigh: `apply` leaves it alone.
pub fn findings(advice: &[Recommendation]) -> impl Iterator<Item = &Recommendation> {
    advice.iter().filter(|a| a.group() == Group::WorthALook)
}

/// What to do about a finding, line by line: each with a word for what it is, and its text.
pub fn steps_of(a: &Recommendation) -> Vec<(&'static str, String)> {
    let needs = a.proposal().map(|p| p.needs.as_slice()).unwrap_or_default();
    let mut lines: Vec<(&str, String)> = needs.iter().map(|sql| ("first", sql.clone())).collect();
    let word = if matches!(a, Recommendation::Rewrite(_)) { "write" } else { "run" };
    lines.extend(a.sql().map(|sql| (word, sql.to_owned())));
    lines
}

/// How a finding was verified, or why it is not.
pub fn verification(a: &Recommendation) -> Option<String> {
    let found = a.common().verification.as_ref()?;
    Some(format!("{}: {}", if found.verified { "verified" } else { "not verified" }, found.note))
}

/// Where the rule that found it is described; none for what comes of the search for indexes.
pub fn rule(a: &Recommendation) -> Option<(&str, String)> {
    let name = a.common().rule.as_deref()?;
    let page = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/rules");
    Some((name, format!("{page}/{name}.md")))
}

/// What to do, where the SQL alone does not say it.
pub fn remedy(a: &Recommendation) -> Option<String> {
    a.common().remedy.clone()
}

/// What an index costs, in bytes, in time to build it, and in writes; none for advice that costs nothing.
pub fn price(a: &Recommendation) -> Option<String> {
    let taken = a.index().map(|i| i.bytes).or(a.proposal().map(|p| p.bytes)).unwrap_or(0);
    let size = (taken > 0).then(|| bytes(taken));
    let built = match a {
        Recommendation::CreateIndex(create) if create.build_ns > 0 => {
            Some(format!("built in {}", duration(create.build_ns)))
        }
        _ => None,
    };
    let writes = a.index().and_then(|i| i.write_cost.as_ref()).map(write_cost);
    let parts: Vec<String> = [size, built, writes].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn write_cost(w: &WriteCost) -> String {
    format!(
        "an insert into {} takes {} VM steps ({} without)",
        visible(&w.table),
        per_row(w.rows, &w.after),
        per_row(w.rows, &w.before)
    )
}

/// Virtual-machine steps of writing one row.
fn per_row(rows: u64, c: &Counters) -> String {
    count(c.vm_steps / rows.max(1))
}

/// The heads of the table of writes.
pub const WRITES: [&str; 10] = [
    "table",
    "insert",
    "after",
    "break-even",
    "without unused",
    "update",
    "after",
    "delete",
    "after",
    "pages of inserts",
];

/// A row of the table of writes: VM steps per row, pages per 1,000 inserts, and the inserts that the new indexes are worth.
pub fn write_row(w: &WriteCost) -> [String; 10] {
    let none = || "-".to_owned();
    let change = |c: &Option<Change>| {
        c.map_or([none(), none()], |c| [per_row(c.rows, &c.before), per_row(c.rows, &c.after)])
    };
    let ([update, updated], [delete, deleted]) = (change(&w.update), change(&w.delete));
    let pages = |c: &Counters| count(c.pages_written * 1_000 / w.rows.max(1));
    [
        visible(&w.table),
        per_row(w.rows, &w.before),
        per_row(w.rows, &w.after),
        w.break_even.map_or_else(none, |n| count(n as u64)),
        w.without_unused.map_or_else(none, |c| per_row(w.rows, &c)),
        update,
        updated,
        delete,
        deleted,
        format!("{} → {}", pages(&w.before), pages(&w.after)),
    ]
}

/// What the table of writes means, line by line.
pub const ABOUT_WRITES: [&str; 3] = [
    "VM steps for a row; an update sets all columns of the keys that come or go.",
    "Pages: written by 1,000 inserts in one transaction.",
    "Break-even: inserts for each run of the workload at which new indexes no longer pay.",
];

/// How many of the existing indexes are kept, dropped, replaced and unused.
pub fn existing(d: &Report) -> String {
    let of = |verdict: IndexVerdict| d.existing.iter().filter(|s| s.verdict == verdict).count();
    let all = [IndexVerdict::Keep, IndexVerdict::Replace, IndexVerdict::Drop, IndexVerdict::Unused];
    let told = all.into_iter().map(|v| (v, of(v))).filter(|(_, n)| *n > 0);
    told.map(|(verdict, n)| format!("{n} {}", verdict.word())).collect::<Vec<_>>().join(", ")
}

/// Why an index is rejected.
pub fn why(why: &Why) -> String {
    match why {
        Why::Covered { by } => format!("{} begins with the same key and serves its statements", visible(by)),
        Why::NotConfirmed => {
            "it made a statement slower, or no plan read it, when the configuration was built afresh"
                .to_owned()
        }
        Why::NotWorthItsPrice { indexes, bytes: size } => format!(
            "what it gains does not pay for its bytes and upkeep; the configuration of {} ({}) has it",
            counted_as(*indexes, "index", "indexes"),
            bytes(*size)
        ),
        Why::Slower => "with it a read would be slower than today".to_owned(),
        Why::OthersServe => {
            "the planner would read it, but other indexes serve the same statements as well or for less"
                .to_owned()
        }
    }
}

/// The points of the curve that differ, and whether each is the one advised.
pub fn curve(d: &Report) -> Vec<(&Point, bool)> {
    let mut points: Vec<(&Point, bool)> = vec![];
    for point in &d.curve {
        match points.last_mut() {
            Some((last, chosen)) if last.indexes == point.indexes => *chosen |= point.chosen,
            _ => points.push((point, point.chosen)),
        }
    }
    points
}

/// `queries.sql:7: near "selct": syntax error`
pub fn skipped(s: &Skipped) -> String {
    format!("{}:{}: {}", visible(&s.source), s.line, visible(&s.error))
}

/// The remark below a list that was cut.
pub fn more(total: usize) -> Option<String> {
    (total > SHOWN).then(|| format!("and {} more; --format json lists all", count((total - SHOWN) as u64)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_counts_only_what_is_to_be_done_now() -> crate::Result<()> {
        let mut saved = crate::render::json::read(include_str!("../../../tests/formats/library.json"))?;
        assert!(verdict(&saved).starts_with(
            "Create 5 indexes and run ANALYZE: 140x faster (9.60 ms → 68.4 µs) over 8 statements."
        ));
        saved.recommendations.retain(|r| !matches!(r, Recommendation::CreateIndex(_)));
        assert!(verdict(&saved).starts_with("Run ANALYZE: "), "{}", verdict(&saved));
        saved.recommendations.retain(|r| r.group() != Group::DoNow);
        let left = "Nothing to do now: no index is worth its price. Below: 2 findings worth a look.";
        assert_eq!(summary(&saved), [left]);
        saved.recommendations.clear();
        assert_eq!(summary(&saved), ["Nothing to do: no change was found that is worth its price."]);
        Ok(())
    }

    #[test]
    fn what_was_stopped_or_never_run_is_not_told_as_a_number() {
        let run = |vm_steps, timed_out| Counters { vm_steps, timed_out, ..Counters::default() };
        assert_eq!(fewer_steps(&run(100, true), &run(10, false)), "≥10.0x");
        assert_eq!(fewer_steps(&run(100, true), &run(100, true)), "-");
        assert_eq!(fewer_steps(&run(0, false), &run(0, false)), "-");
        assert_eq!([steps(&run(1000, true)), steps(&run(0, false))], [">1,000", "-"]);
    }
}
