//! The statements: the picture of those that gain most, and the table of all.

use crate::model::report::{Outcome, Report, Statement, Verdict};
use crate::model::units::duration;
use crate::render::escape::{brief, visible_lines};
use crate::render::phrases;

/// How many statements the picture shows.
const SHOWN: usize = 15;
/// The most characters of a query beside its numbers.
const QUERY: usize = 60;

/// A statement of the picture; positions are percents of the width.
pub(super) struct Bar {
    pub anchor: usize,
    pub name: String,
    pub before: String,
    pub after: String,
    pub ratio: String,
    pub class: &'static str,
    pub at_before: String,
    pub at_after: String,
    pub low: String,
    pub span: String,
}

/// A statement of the table. A pair is the text and what the column is sorted by.
pub(super) struct Row {
    pub anchor: usize,
    pub name: String,
    pub time_before: (String, String),
    pub time_after: (String, String),
    pub time_ratio: (String, String),
    pub steps_before: (String, String),
    pub steps_after: (String, String),
    pub steps_ratio: (String, String),
    pub verdict: Verdict,
    pub class: &'static str,
    pub rows: &'static str,
    pub brief: String,
    pub sql: String,
    pub plan_before: String,
    pub plan_after: String,
}

/// The statements of which most time is saved, on a logarithmic scale from one power of ten to another.
pub(super) fn bars(d: &Report) -> (Vec<Bar>, (String, String)) {
    let weight = |o: &Outcome| text(d, o).map_or(1.0, |s| s.weight);
    let saved = |o: &Outcome| (o.before.time_ns as f64 - o.after.time_ns as f64) * weight(o);
    let mut shown: Vec<(usize, &Outcome)> = d.statements.iter().enumerate().collect();
    shown.retain(|(_, o)| o.verdict != Verdict::NotVerified && o.verdict != Verdict::NoDifference);
    shown.sort_by(|a, b| saved(b.1).total_cmp(&saved(a.1)));
    shown.truncate(SHOWN);
    let times =
        || shown.iter().flat_map(|(_, o)| [o.before.time_ns, o.after.time_ns]).map(|ns| ns.max(1) as f64);
    let low = times().fold(f64::INFINITY, f64::min).log10().floor();
    let high = times().fold(1.0, f64::max).log10().ceil().max(low + 1.0);
    let place = |ns: u64| 2.0 + 96.0 * ((ns.max(1) as f64).log10() - low) / (high - low);
    let bar = |(anchor, o): &(usize, &Outcome)| {
        let (before, after) = (place(o.before.time_ns), place(o.after.time_ns));
        Bar {
            anchor: *anchor,
            name: brief(&o.id, phrases::NAME),
            before: phrases::time(&o.before),
            after: phrases::time(&o.after),
            ratio: phrases::less_time(&o.before, &o.after),
            class: if o.after.time_ns > o.before.time_ns { "worse" } else { "better" },
            at_before: percent(before),
            at_after: percent(after),
            low: percent(before.min(after)),
            span: percent((before - after).abs()),
        }
    };
    let power = |exponent: f64| duration(10f64.powf(exponent) as u64);
    let scale = if shown.is_empty() { Default::default() } else { (power(low), power(high)) };
    (shown.iter().map(bar).collect(), scale)
}

fn percent(share: f64) -> String {
    format!("{share:.2}")
}

fn text<'d>(d: &'d Report, o: &Outcome) -> Option<&'d Statement> {
    d.workload.statements.iter().find(|s| s.id == o.id)
}

/// All statements.
pub(super) fn rows(d: &Report) -> Vec<Row> {
    let ratio = |one: u64, two: u64| format!("{:.6}", one.max(1) as f64 / two.max(1) as f64);
    let row = |(anchor, o): (usize, &Outcome)| {
        let sql = text(d, o).map(|s| s.sql.as_str()).unwrap_or_default();
        let (before, after) = (&o.before, &o.after);
        Row {
            anchor,
            name: brief(&o.id, phrases::NAME),
            time_before: (phrases::time(before), before.time_ns.to_string()),
            time_after: (phrases::time(after), after.time_ns.to_string()),
            time_ratio: (phrases::outcome_less_time(o), ratio(before.time_ns, after.time_ns)),
            steps_before: (phrases::steps(before), before.vm_steps.to_string()),
            steps_after: (phrases::steps(after), after.vm_steps.to_string()),
            steps_ratio: (phrases::fewer_steps(before, after), ratio(before.vm_steps, after.vm_steps)),
            verdict: o.verdict,
            class: class(o),
            rows: phrases::rows(o.same_rows),
            brief: brief(sql, QUERY),
            sql: visible_lines(sql),
            plan_before: visible_lines(&o.plan_before),
            plan_after: visible_lines(&o.plan_after),
        }
    };
    d.statements.iter().enumerate().map(row).collect()
}

fn class(o: &Outcome) -> &'static str {
    match o.verdict {
        Verdict::Faster => "good",
        Verdict::Slower | Verdict::CostsMore => "bad",
        Verdict::WithinNoise | Verdict::NoDifference | Verdict::NotVerified => "soft",
    }
}
