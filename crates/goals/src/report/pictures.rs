//! Which charts the report has.

use crate::report::charts::{Line, Row, alone, growth, marks};
use crate::speedup::claims::BIGGEST;
use crate::speedup::stages::{B0, M2_INDEXES, M5, M5_ADVISED};
use crate::speedup::value::{Claim, Growth, Judged, Query, Speedup};
use sqlite_advisor::error::Result;
use sqlite_advisor::model::units::count;

/// The charts, as parts of the page.
pub(super) struct Pictures {
    /// Claimed against measured at every scale.
    pub claims: String,
    /// At the largest scale, which step brought what.
    pub effects: String,
    /// Every statement of the application by stage.
    pub queries: String,
    /// Time against scale, a chart for each claim with its name.
    pub growth: Vec<(String, String)>,
    /// What the indexes cost.
    pub indexes: String,
    /// What happens without each of them.
    pub judged: String,
}

impl Pictures {
    pub fn draw(report: &Speedup) -> Result<Self> {
        let mut growths = vec![];
        for verdict in &report.verdicts {
            let own = report.growth.iter().filter(|g| g.claim == verdict.claim);
            let lines: Vec<Line<'_>> = own.map(line).collect();
            growths.push((verdict.claim.clone(), growth(&lines)?));
        }
        Ok(Self {
            claims: claims(report)?,
            effects: effects(report)?,
            queries: queries(report)?,
            growth: growths,
            indexes: indexes(report)?,
            judged: judged(report)?,
        })
    }

    /// As files of their own. The names of claims are ours, but a saved report may hold any.
    pub fn files(&self) -> Vec<(String, String)> {
        let growth = self.growth.iter().zip(1..).map(|((_, svg), i)| (format!("growth-{i}.svg"), alone(svg)));
        let named = [
            ("claims.svg", &self.claims),
            ("effects.svg", &self.effects),
            ("queries.svg", &self.queries),
            ("indexes.svg", &self.indexes),
            ("judged.svg", &self.judged),
        ];
        named.into_iter().map(|(name, svg)| (name.to_owned(), alone(svg))).chain(growth).collect()
    }
}

fn line(g: &Growth) -> Line<'_> {
    Line { name: &g.form, times: &g.times, stopped: &g.stopped, exponent: g.exponent }
}

fn claims(report: &Speedup) -> Result<String> {
    let series: Vec<String> = report.scales.iter().map(|s| format!("at scale {}", count(s.scale))).collect();
    let row = |v: &crate::speedup::value::Verdict| {
        let biggest = v.at.iter().filter(|h| h.fractal == BIGGEST);
        let at = |h: &crate::speedup::value::Held| {
            Some((report.scales.iter().position(|s| s.scale == h.scale)?, h.measured))
        };
        Row { label: v.claim.clone(), band: Some((v.low, v.high)), marks: biggest.filter_map(at).collect() }
    };
    let rows: Vec<Row> = report.verdicts.iter().map(row).collect();
    marks(&rows, &series, "times faster (log); grey: claimed", 140, 34)
}

fn effects(report: &Speedup) -> Result<String> {
    let series = ["ANALYZE alone", "indexes alone", "root_id on top", "all of it"];
    let biggest = report.largest().into_iter().flat_map(|s| &s.claims).filter(|c| c.fractal == BIGGEST);
    let row = |c: &Claim| {
        let e = &c.effects;
        let marks = [e.analyze, e.indexes, e.denormalised, e.total].map(|ratio| ratio.time);
        Row { label: c.claim.clone(), band: None, marks: marks.into_iter().enumerate().collect() }
    };
    let rows: Vec<Row> = biggest.map(row).collect();
    marks(&rows, &series.map(str::to_owned), "times faster (log)", 140, 44)
}

fn queries(report: &Speedup) -> Result<String> {
    let shown = [M2_INDEXES, M5, M5_ADVISED];
    let row = |q: &Query| {
        let cost = |point: &str| q.runs.iter().find(|r| r.point == point).map(|r| r.cost.cost().max(1.0));
        let before = cost(B0)?;
        let mark = |(i, point): (usize, &&str)| Some((i, before / cost(point)?));
        let marks: Vec<(usize, f64)> = shown.iter().enumerate().filter_map(mark).collect();
        Some((q.speedup.unwrap_or(1.0), Row { label: q.id.clone(), band: None, marks }))
    };
    let mut rows: Vec<(f64, Row)> = report.queries.iter().filter_map(row).collect();
    rows.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
    marks(&rows, &shown.map(str::to_owned), "times less costly than at B0 (log)", 232, 22)
}

fn indexes(report: &Speedup) -> Result<String> {
    let readers = ["application", "claims only", "nobody reads it"];
    let row = |j: &Judged| {
        let series = if !j.application.is_empty() { 0 } else { 1 + usize::from(j.claims.is_empty()) };
        Row { label: j.name.clone(), band: None, marks: vec![(series, j.bytes as f64 / 1024.0)] }
    };
    let rows: Vec<Row> = report.indexes.iter().map(row).collect();
    marks(&rows, &readers.map(str::to_owned), "KiB at M5 (log)", 288, 20)
}

fn judged(report: &Speedup) -> Result<String> {
    let verdicts = ["keep", "replace", "drop"];
    let row = |j: &Judged| {
        let series = verdicts.iter().position(|v| *v == j.verdict).unwrap_or(4);
        Row { label: j.name.clone(), band: None, marks: vec![(series, j.without.unwrap_or(1.0))] }
    };
    let rows: Vec<Row> = report.indexes.iter().map(row).collect();
    marks(&rows, &verdicts.map(str::to_owned), "worst reader: times costlier (log)", 288, 20)
}
