//! Each statement before and after, in counters and in a word.

use crate::advise::verify::comparison::Comparison;
use crate::model::plan::Plan;
use crate::model::report::{Outcome, Verdict};
use crate::workload::{Statement, Workload};

fn text(plans: &[Plan]) -> String {
    let mut texts: Vec<String> = plans.iter().map(ToString::to_string).collect();
    texts.dedup();
    texts.join(OTHER_VALUES)
}

/// What stands between the plans of different values.
const OTHER_VALUES: &str = "\nor, with other values:\n";

/// The plans that were told as one text.
pub(in crate::advise) fn plans(told: &str) -> Vec<Plan> {
    told.split(OTHER_VALUES).map(Plan::from_text).collect()
}

/// A statement as it is told.
pub(super) fn outcome(statement: &Statement, p: &Comparison) -> Outcome {
    Outcome {
        id: statement.id.clone(),
        plan_before: text(&p.plans_before),
        plan_after: text(&p.plans_after),
        before: p.before,
        analyzed: None,
        without_stat4: None,
        without_statistics: None,
        after: p.after,
        speedup: p.faster,
        same_rows: p.same_rows,
        verdict: verdict(statement, p),
    }
}

/// What the advice does to a statement, in a word.
pub(super) fn verdict(statement: &Statement, p: &Comparison) -> Verdict {
    let verdict = Verdict::of(&p.before, &p.after, p.faster);
    let verdict = if statement.writes { verdict.of_a_write(&p.before, &p.after) } else { verdict };
    if p.plans_before == p.plans_after { verdict.with_the_same_plan() } else { verdict }
}

/// The most characters of values that are told.
const LONG: usize = 10_000;

/// The values of a statement, where they are short enough to be told.
pub(super) fn values(statement: &Statement) -> Vec<Vec<String>> {
    let values = statement.written_values();
    let length: usize = values.iter().flatten().map(String::len).sum();
    if length > LONG { vec![] } else { values }
}

/// The most statements that are named.
const NAMED: usize = 5;

/// The names of statements, as far as they can be read at a glance.
pub(super) fn names(ids: &[&str]) -> String {
    let named: Vec<&str> = ids.iter().take(NAMED).copied().collect();
    let more = if ids.len() > NAMED { format!(" and {} more", ids.len() - NAMED) } else { String::new() };
    format!("{}{more}", named.join(", "))
}

/// The statements that return other rows with the advice. An index changes no more than which rows come where a statement
/// leaves that open.
pub(super) fn other_rows(workload: &Workload, comparisons: &[Comparison]) -> Option<String> {
    let told = workload.statements.iter().zip(comparisons).filter(|(_, p)| p.same_rows == Some(false));
    let ids: Vec<&str> = told.map(|(statement, _)| statement.id.as_str()).collect();
    (!ids.is_empty()).then(|| {
        format!(
            "other rows come with the advice: {}; which, SQLite may choose where a statement leaves it open, such as by a \
             column that is neither grouped nor aggregated",
            names(&ids)
        )
    })
}
