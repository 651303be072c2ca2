//! The report in a few sentences: what to do, what it brings, what it costs.

use super::{change, counted, counted_as, is_known};
use crate::model::report::{Group, Recommendation, Report};
use crate::model::units::{bytes, count, ratio};
use crate::render::escape::visible;

/// What to do, what it brings in time, and what it costs: of what is verified and to be done now.
pub fn verdict(d: &Report) -> String {
    let Some(what) = what(&d.recommendations) else { return nothing(d) };
    let t = &d.totals;
    let over = counted(d.statements.len() as u64, "statement");
    let brings = change::time_change(&t.before, &t.after).map(|change| format!(": {change} over {over}"));
    format!("{what}{}.{}", brings.unwrap_or_default(), price(d))
}

/// `Create 5 indexes, drop 1 and run ANALYZE`; none where nothing is to be done now.
fn what(all: &[Recommendation]) -> Option<String> {
    let now = || all.iter().filter(|r| r.group() == Group::DoNow);
    let created = now().filter(|r| matches!(r, Recommendation::CreateIndex(_))).count() as u64;
    let dropped = now().filter(|r| matches!(r, Recommendation::DropIndex(_))).count() as u64;
    let indexes = |n: u64| counted_as(n, "index", "indexes");
    let mut parts = vec![];
    if created > 0 {
        parts.push(format!("create {}", indexes(created)));
    }
    if dropped > 0 {
        parts.push(format!("drop {}", indexes(dropped)));
    }
    if now().any(|r| matches!(r, Recommendation::Analyze(_))) {
        parts.push("run ANALYZE".to_owned());
    }
    let last = parts.pop()?;
    let text = if parts.is_empty() { last } else { format!("{} and {last}", parts.join(", ")) };
    let mut letters = text.chars();
    let first = letters.next()?.to_uppercase();
    Some(first.chain(letters).collect())
}

fn price(d: &Report) -> String {
    let t = &d.totals;
    let mut parts = vec![];
    if t.index_bytes > 0 {
        let share = 100.0 * t.index_bytes as f64 / d.database.bytes.max(1) as f64;
        parts.push(format!("{} ({share:.0} % of the database)", bytes(t.index_bytes)));
    }
    if t.write_vm_steps > 1.005 {
        parts.push(format!("{} the VM steps of an insert", ratio(t.write_vm_steps)));
    }
    let costs = if parts.is_empty() { String::new() } else { format!(" It costs {}.", parts.join(" and ")) };
    let freed = match t.dropped_bytes {
        0 => String::new(),
        freed => format!(" The dropped indexes free {}.", bytes(freed)),
    };
    costs + &freed
}

/// What is left where nothing is to be done now.
fn nothing(d: &Report) -> String {
    let of = |group| d.recommendations.iter().filter(|r| r.group() == group).count() as u64;
    let mut left = vec![];
    if of(Group::IfComplete) > 0 {
        left.push(format!(
            "{} that no statement uses",
            counted_as(of(Group::IfComplete), "index", "indexes")
        ));
    }
    if of(Group::WorthALook) > 0 {
        left.push(format!("{} worth a look", counted(of(Group::WorthALook), "finding")));
    }
    if left.is_empty() {
        "Nothing to do: no change was found that is worth its price.".to_owned()
    } else {
        format!("Nothing to do now: no index is worth its price. Below: {}.", left.join(", and "))
    }
}

/// The sentences behind the verdict: what ANALYZE alone does, and what a statement gains on average.
pub fn details(d: &Report) -> Vec<String> {
    let t = &d.totals;
    let now = |r: &&Recommendation| r.group() == Group::DoNow;
    if d.recommendations.iter().filter(now).count() == 0 || !is_known(&t.before) || !is_known(&t.after) {
        return vec![];
    }
    let mut lines = vec![];
    if d.recommendations.iter().filter(now).any(Recommendation::is_index) && is_known(&t.analyzed) {
        let alone = change::steps_change(&t.before, &t.analyzed).unwrap_or_default();
        lines.push(format!("ANALYZE alone: {alone}; the rest is the indexes' doing."));
    }
    if t.before.pages_read > 0 && t.after.pages_read > 0 {
        let (before, after) = (count(t.before.pages_read), count(t.after.pages_read));
        lines.push(format!("With an empty cache {after} pages are read from the file, as found {before}."));
    }
    if t.speedup_geomean >= 1.05 {
        let mean = ratio(t.speedup_geomean);
        lines.push(format!("A statement gets {mean} faster on average (geometric mean of the times)."));
    }
    lines
}

/// How to follow the advice, and how to take it back.
pub fn way_back(d: &Report) -> String {
    let db = visible(&d.database.path);
    format!(
        "advisor apply {db} --from {ADVICE} carries out Do now after a backup; advisor undo {db} takes it back."
    )
}

/// The file in which advice is kept for `apply`.
const ADVICE: &str = "advice.json";

/// The commands that come next, each with what it does.
pub fn next(d: &Report) -> Vec<(String, &'static str)> {
    let db = visible(&d.database.path);
    let mut commands = vec![];
    if d.recommendations.iter().any(|r| r.group() == Group::DoNow) {
        let apply = format!("advisor apply {db} --from {ADVICE}");
        commands
            .push((apply, "carries out Do now; --out advice.json in this command saves the advice for it"));
        commands.push((format!("advisor undo {db}"), "takes it back, exactly"));
    }
    if d.workload.statements.iter().all(|s| s.source.starts_with('(')) {
        let advise = format!("advisor {db} --workload queries.sql");
        commands.push((advise, "advises on what the application sends: its queries, or its log"));
    }
    commands.push((format!("advisor explain {db} \"SELECT ...\""), "tells what one statement does, and why"));
    commands.push((format!("advisor {db} ... --out report.html"), "draws all of this as a page"));
    commands
}

/// What dropping all unused indexes would bring.
pub fn without_unused(d: &Report) -> Option<String> {
    let writes = d.totals.write_vm_steps_without_unused?;
    Some(format!(
        "Together they take {}; without them an insert takes {} the VM steps of now.",
        bytes(d.totals.unused_bytes),
        ratio(writes)
    ))
}

/// The verdict and what stands behind it.
pub fn summary(d: &Report) -> Vec<String> {
    std::iter::once(verdict(d)).chain(details(d)).collect()
}
