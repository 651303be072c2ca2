//! Which charts the report has.

use crate::error::Result;
use crate::report::speedup::charts::{Row, alone, growth, marks};
use crate::speedup::stages::{B0, M2_INDEXES, M5, M5_ADVISED};
use crate::speedup::value::{Query, Speedup};
use crate::units::count;

/// The charts, as parts of the page.
pub(super) struct Pictures {
    /// Claimed against measured.
    pub claims: String,
    /// Every statement of the application by stage.
    pub queries: String,
    /// Time against scale, a chart for each claim with its name.
    pub growth: Vec<(String, String)>,
    /// What the indexes cost.
    pub indexes: String,
}

impl Pictures {
    pub fn draw(report: &Speedup) -> Result<Self> {
        let mut growths = vec![];
        for verdict in &report.verdicts {
            let own = report.growth.iter().filter(|g| g.claim == verdict.claim);
            let lines: Vec<_> = own.map(|g| (g.form.as_str(), g.times.as_slice())).collect();
            growths.push((verdict.claim.clone(), growth(&verdict.claim, &lines)?));
        }
        Ok(Self {
            claims: claims(report)?,
            queries: queries(report)?,
            growth: growths,
            indexes: indexes(report)?,
        })
    }

    /// As files of their own. The names of claims are ours, but a saved report may hold any.
    pub fn files(&self) -> Vec<(String, String)> {
        let growth = self.growth.iter().zip(1..).map(|((_, svg), i)| (format!("growth-{i}.svg"), alone(svg)));
        [("claims.svg", &self.claims), ("queries.svg", &self.queries), ("indexes.svg", &self.indexes)]
            .into_iter()
            .map(|(name, svg)| (name.to_owned(), alone(svg)))
            .chain(growth)
            .collect()
    }
}

fn claims(report: &Speedup) -> Result<String> {
    let series: Vec<String> = report.scales.iter().map(|s| format!("at scale {}", count(s.scale))).collect();
    let row = |v: &crate::speedup::value::Verdict| {
        let biggest = v.at.iter().filter(|h| h.fractal == "biggest");
        let at = |h: &crate::speedup::value::Held| {
            Some((report.scales.iter().position(|s| s.scale == h.scale)?, h.measured))
        };
        Row { label: v.claim.clone(), band: Some((v.low, v.high)), marks: biggest.filter_map(at).collect() }
    };
    let rows: Vec<Row> = report.verdicts.iter().map(row).collect();
    marks(&rows, &series, "times faster (log); grey: claimed", 140, 34)
}

fn queries(report: &Speedup) -> Result<String> {
    let shown = [M2_INDEXES, M5, M5_ADVISED];
    let row = |q: &Query| {
        let cost = |point: &str| q.runs.iter().find(|r| r.point == point).map(|r| r.cost.cost().max(1.0));
        let before = cost(B0)?;
        let mark = |(i, point): (usize, &&str)| Some((i, before / cost(point)?));
        Some(Row {
            label: q.id.clone(),
            band: None,
            marks: shown.iter().enumerate().filter_map(mark).collect(),
        })
    };
    let rows: Vec<Row> = report.queries.iter().filter_map(row).collect();
    marks(&rows, &shown.map(str::to_owned), "times cheaper than at B0 (log)", 215, 19)
}

fn indexes(report: &Speedup) -> Result<String> {
    let verdicts = ["keep", "replace", "drop"];
    let row = |j: &crate::speedup::value::Judged| {
        let series = verdicts.iter().position(|v| *v == j.verdict).unwrap_or(4);
        Row { label: j.name.clone(), band: None, marks: vec![(series, j.bytes as f64 / 1024.0)] }
    };
    let rows: Vec<Row> = report.indexes.iter().map(row).collect();
    marks(&rows, &verdicts.map(str::to_owned), "KiB at M5 (log)", 275, 19)
}
