//! The claims held against the numbers, and what they add up to.

use crate::speedup::claims::{BIGGEST, JOIN, ROOT_ID};
use crate::speedup::queries::SLOWER;
use crate::speedup::stages::{B0, M2_INDEXES, M5};
use crate::speedup::value::{Growth, Held, Judged, Query, Scale, Summary, Verdict};
use sqlite_advisor::model::counters::Counters;
use sqlite_advisor::model::units::{count, geometric_mean, ratio};

/// Pair, words, least and most that was claimed.
const CLAIMS: [(&str, &str, f64, f64); 5] = [
    ("activities", "activities of a fractal, 100x (500 ms to 5 ms)", 100.0, 100.0),
    ("newest_activities", "the newest 50 of them, 100x", 100.0, 100.0),
    ("metric_aggregation", "metric aggregations, 50-100x", 50.0, 100.0),
    ("session_report", "session reports, 20-50x", 20.0, 50.0),
    ("progress", "progress tracking, 10-30x", 10.0, 30.0),
];

/// Every claim at every scale.
pub fn verdicts(scales: &[Scale]) -> Vec<Verdict> {
    let verdict = |(claim, says, low, high): (&str, &str, f64, f64)| {
        let of = |s: &Scale| {
            let here = s.claims.iter().filter(|c| c.claim == claim);
            here.map(|c| {
                let (measured, bound) = (c.effects.total.time, c.effects.total.bound);
                Held { scale: s.scale, fractal: c.fractal.clone(), measured, bound, holds: measured >= low }
            })
            .collect::<Vec<_>>()
        };
        let at: Vec<Held> = scales.iter().flat_map(of).collect();
        let phrase = phrase(&at);
        Verdict { claim: claim.to_owned(), says: says.to_owned(), low, high, at, words: phrase }
    };
    CLAIMS.into_iter().map(verdict).collect()
}

fn phrase(at: &[Held]) -> String {
    let holding: Vec<String> =
        at.iter().filter(|h| h.holds).map(|h| format!("{} ({})", count(h.scale), h.fractal)).collect();
    let best = at.iter().map(|h| h.measured).fold(0.0, f64::max);
    match holding.len() {
        0 => format!("holds at no scale; the most that was measured is {}", ratio(best)),
        n if n == at.len() => "holds at every scale".to_owned(),
        _ => format!("holds only at scale {}", holding.join(", ")),
    }
}

/// How each form grows, for the biggest fractal.
pub fn growth(scales: &[Scale]) -> Vec<Growth> {
    let mut all = vec![];
    for (claim, ..) in CLAIMS {
        for (name, point, form) in
            [("join", B0, JOIN), ("indexed join", M2_INDEXES, JOIN), ("root_id", M2_INDEXES, ROOT_ID)]
        {
            let cost = |s: &Scale, point: &str, form: &str| {
                let claim = s.claims.iter().find(|c| c.claim == claim && c.fractal == BIGGEST)?;
                claim.runs.iter().find(|r| r.point == point && r.form == form).map(|r| r.cost)
            };
            let of = |stopped: bool| -> Vec<(u64, u64)> {
                let told = |s: &Scale, c: Counters| (c.timed_out == stopped).then_some((s.scale, c.time_ns));
                scales.iter().filter_map(|s| told(s, cost(s, point, form)?)).collect()
            };
            let (times, stopped) = (of(false), of(true));
            let pays = |s: &&Scale| {
                cost(s, point, form)
                    .zip(cost(s, B0, JOIN))
                    .is_some_and(|(a, b)| a.time_ns < b.time_ns && a.vm_steps < b.vm_steps)
            };
            all.push(Growth {
                claim: claim.to_owned(),
                form: name.to_owned(),
                exponent: exponent(&times),
                // From there on it pays at every larger scale too.
                pays_from: scales.iter().rev().take_while(pays).last().map(|s| s.scale),
                times,
                stopped,
            });
        }
    }
    all
}

/// The slope of a line through the logarithms, by least squares; 0 for fewer than two scales.
fn exponent(times: &[(u64, u64)]) -> f64 {
    let points: Vec<(f64, f64)> = times
        .iter()
        .map(|(x, y)| ((*x).max(1) as f64, (*y).max(1) as f64))
        .map(|(x, y)| (x.ln(), y.ln()))
        .collect();
    let n = points.len().max(1) as f64;
    let (mx, my) = points.iter().fold((0.0, 0.0), |(a, b), (x, y)| (a + x / n, b + y / n));
    let (up, down) =
        points.iter().fold((0.0, 0.0), |(u, d), (x, y)| (u + (x - mx) * (y - my), d + (x - mx).powi(2)));
    if down > 0.0 { up / down } else { 0.0 }
}

/// The numbers that say most.
pub fn summary(scales: &[Scale], queries: &[Query], indexes: &[Judged]) -> Summary {
    let all = verdicts(scales);
    let largest = scales.iter().max_by_key(|s| s.scale);
    let scale = largest.map_or(0, |s| s.scale);
    let holds = |v: &&Verdict| v.at.iter().any(|h| h.scale == scale && h.fractal == BIGGEST && h.holds);
    let bytes =
        |name: &str| largest.and_then(|s| s.points.iter().find(|p| p.name == name)).map_or(0, |p| p.bytes);
    let unused = || indexes.iter().filter(|i| i.application.is_empty() && i.claims.is_empty());
    Summary {
        scale,
        claims_hold: all.iter().filter(holds).count(),
        claims: all.len(),
        slower: queries.iter().filter(|q| q.slower).map(|q| q.id.clone()).collect(),
        faster: queries.iter().filter(|q| q.speedup.is_some_and(|s| s > SLOWER)).count(),
        compared: queries.iter().filter(|q| q.speedup.is_some()).count(),
        application_speedup: geometric_mean(queries.iter().filter_map(|q| q.speedup_time)),
        advice_speedup: geometric_mean(queries.iter().filter_map(|q| q.advised_time)),
        unused: unused().map(|i| i.name.clone()).collect(),
        unused_bytes: unused().map(|i| i.bytes).sum(),
        added_bytes: bytes(M5).saturating_sub(bytes(B0)),
        bytes_before: bytes(B0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slope_is_found_and_one_scale_has_none() {
        assert!((exponent(&[(1, 7), (10, 700), (100, 70_000)]) - 2.0).abs() < 1e-9);
        assert_eq!(exponent(&[(1, 7)]), 0.0);
    }
}
