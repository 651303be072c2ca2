//! Each statement before and after, in counters and in a word.

use crate::advise::scenarios::{Scenario, slower};
use crate::advise::select::problem::is_slower;
use crate::advise::verify::comparison::Comparison;
use crate::model::counters::Counters;
use crate::model::plan::Plan;
use crate::model::report::{Interval, Outcome};
use crate::workload::Workload;

fn text(plans: &[Plan]) -> String {
    let mut texts: Vec<String> = plans.iter().map(ToString::to_string).collect();
    texts.dedup();
    texts.join("\nor, with other values:\n")
}

/// A statement as it is told.
pub(super) fn outcome(id: &str, p: &Comparison) -> Outcome {
    Outcome {
        id: id.to_owned(),
        plan_before: text(&p.plans_before),
        plan_after: text(&p.plans_after),
        before: p.before,
        analyzed: None,
        without_stat4: None,
        unanalyzed: None,
        after: p.after,
        faster: p.faster,
        same_rows: p.same_rows,
        verdict: verdict(p).to_owned(),
    }
}

/// By steps, which repeat exactly; by time only where the interval of the runs in turns leaves no doubt.
fn verdict(p: &Comparison) -> &'static str {
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

/// What becomes of the statements where statistics lack.
pub(super) fn note(
    lacking: Scenario,
    workload: &Workload,
    comparisons: &[Comparison],
    costs: &[Option<Counters>],
) -> Option<String> {
    let (other, slower) = (costs.iter().flatten().count(), slower(comparisons, costs));
    let ids: Vec<&str> =
        slower.iter().filter_map(|i| workload.statements.get(*i)).map(|s| s.id.as_str()).collect();
    let told = match ids.is_empty() {
        true => "none is slower than now".to_owned(),
        false => format!("slower than now: {}", names(&ids)),
    };
    (other > 0)
        .then(|| format!("{} SQLite plans {other} of the statements otherwise; {told}", lacking.words()))
}

/// The most statements that are named.
const NAMED: usize = 5;

/// The names of statements, as far as they can be read at a glance.
pub(super) fn names(ids: &[&str]) -> String {
    let named: Vec<&str> = ids.iter().take(NAMED).copied().collect();
    let more = if ids.len() > NAMED { format!(" and {} more", ids.len() - NAMED) } else { String::new() };
    format!("{}{more}", named.join(", "))
}
