//! Each statement before and after, in counters and in a word.

use crate::advise::prove::slower_without;
use crate::advise::trial::Proof;
use crate::advise::weigh::is_slower;
use crate::counters::Counters;
use crate::document::{Interval, Outcome};
use crate::plan::Plan;
use crate::workload::Workload;

fn text(plans: &[Plan]) -> String {
    let mut texts: Vec<String> = plans.iter().map(ToString::to_string).collect();
    texts.dedup();
    texts.join("\nor, with other values:\n")
}

/// A statement as it is told.
pub(super) fn outcome(id: &str, p: &Proof, analyzed: Counters, unanalyzed: Option<Counters>) -> Outcome {
    Outcome {
        id: id.to_owned(),
        plan_before: text(&p.plans_before),
        plan_after: text(&p.plans_after),
        before: p.before,
        analyzed: Some(analyzed),
        unanalyzed,
        after: p.after,
        faster: p.faster,
        same_rows: p.same_rows,
        verdict: verdict(p).to_owned(),
    }
}

/// By steps, which repeat exactly; by time only where the interval of the runs in turns leaves no doubt.
fn verdict(p: &Proof) -> &'static str {
    let steps = p.before.vm_steps.max(1) as f64 / p.after.vm_steps.max(1) as f64;
    let stopped = p.before.timed_out && !p.after.timed_out;
    let sure = |i: Interval| i.low > SURELY && i.values >= 6;
    match () {
        () if p.before.vm_steps == 0 => "not proved",
        () if stopped => "faster",
        () if is_slower(&p.before, &p.after) => "slower",
        () if steps > 1.05 || p.faster.is_some_and(sure) => "faster",
        () if p.plans_before == p.plans_after => "no difference",
        () => "within noise",
    }
}

/// A gain in time that is told as one where the steps are the same.
const SURELY: f64 = 1.2;

/// What becomes of the statements where ANALYZE is never run.
pub(super) fn note_without_statistics(
    workload: &Workload,
    proofs: &[Proof],
    unanalyzed: &[Option<Counters>],
) -> Option<String> {
    let other = unanalyzed.iter().flatten().count();
    let slower = slower_without(proofs, unanalyzed);
    let names: Vec<&str> =
        slower.iter().filter_map(|i| workload.statements.get(*i)).take(5).map(|s| s.id.as_str()).collect();
    match (other, slower.len()) {
        (0, _) => None,
        (n, 0) => {
            Some(format!("without ANALYZE {n} of the statements get another plan; none is slower than now"))
        }
        (n, m) => Some(format!(
            "without ANALYZE {n} of the statements get another plan, and {m} are slower than now: {}",
            names.join(", ")
        )),
    }
}
