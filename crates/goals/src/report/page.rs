//! The page: `templates/speedup.html`, checked when the crate is compiled, every text escaped.

use crate::report::pictures::Pictures;
use crate::speedup::claims::{BIGGEST, JOIN, ROOT_ID};
use crate::speedup::stages::{B0, M2_INDEXES, M2_ROOTS, M5, M5_ADVISED};
use crate::speedup::value::{Claim, Growth, Query, Ratio, Run, Speedup, Verdict};
use askama::Template;
use sqlite_advisor::error::{Error, Result};
use sqlite_advisor::model::counters::Counters;
use sqlite_advisor::model::units;
use sqlite_advisor::render::escape::visible;

#[derive(Template)]
#[template(path = "speedup.html")]
struct Page<'r> {
    r: &'r Speedup,
    pictures: &'r Pictures,
}

/// A claim on the logarithmic scale of the first picture; places are percents of its width.
struct Told {
    says: String,
    claimed: String,
    measured: String,
    from: String,
    width: String,
    at: String,
    class: &'static str,
}

/// The whole page in one text.
///
/// # Errors
/// [`Error::Invalid`] if it cannot be rendered.
pub(super) fn page(report: &Speedup, pictures: &Pictures) -> Result<String> {
    let page = Page { r: report, pictures };
    page.render().map_err(|e| Error::Invalid(format!("the page cannot be rendered: {e}")))
}

/// The columns of the table of statements.
const COLUMNS: [&str; 5] = [B0, M2_ROOTS, M2_INDEXES, M5, M5_ADVISED];

// The words of the template; it only knows methods of the page.
#[allow(clippy::unused_self, clippy::trivially_copy_pass_by_ref)]
impl Page<'_> {
    fn v(&self, text: &str) -> String {
        visible(text)
    }
    fn x(&self, ratio: &f64) -> String {
        units::ratio(*ratio)
    }
    fn r(&self, ratio: &Ratio) -> String {
        format!("{}{}", ratio.bound.sign(), units::ratio(ratio.time))
    }
    fn rs(&self, ratio: &Ratio) -> String {
        format!("{}{}", ratio.bound.sign(), units::ratio(ratio.vm_steps))
    }
    /// A ratio of a statement at B0 and M5.
    fn qx(&self, query: &Query, ratio: &Option<f64>) -> String {
        ratio.map_or("-".to_owned(), |r| format!("{}{}", query.bound(B0, M5).sign(), units::ratio(r)))
    }
    fn ct(&self, cost: &Counters) -> String {
        format!("{}{}", if cost.timed_out { ">= " } else { "" }, units::duration(cost.time_ns))
    }
    /// The time of a form at a scale.
    fn at(&self, growth: &Growth, scale: &u64) -> String {
        let of =
            |times: &[(u64, u64)]| times.iter().find(|(s, _)| s == scale).map(|(_, ns)| units::duration(*ns));
        let stopped = of(&growth.stopped).map(|time| format!(">= {time}"));
        of(&growth.times).or(stopped).unwrap_or_else(|| "-".to_owned())
    }
    fn pays(&self, growth: &Growth) -> String {
        let is_base = growth.form == JOIN;
        growth.pays_from.map_or(if is_base { "-" } else { "at none" }.to_owned(), units::count)
    }
    /// The lines of a plan with the branches of its tree.
    fn tree(&self, plan: &str) -> Vec<String> {
        tree(plan)
    }
    fn n(&self, count: &u64) -> String {
        units::count(*count)
    }
    fn b(&self, bytes: &u64) -> String {
        units::bytes(*bytes)
    }
    fn added(&self, bytes: &i64) -> String {
        let sign = if *bytes < 0 { "-" } else { "" };
        format!("{sign}{}", units::bytes(bytes.unsigned_abs()))
    }
    fn t(&self, ns: &u64) -> String {
        units::duration(*ns)
    }
    fn ins(&self, ns: &f64) -> String {
        if *ns > 0.0 { units::duration(*ns as u64) } else { "lost in noise".to_owned() }
    }
    fn f1(&self, number: &f64) -> String {
        format!("{number:.1}")
    }
    fn f2(&self, number: &f64) -> String {
        format!("{number:.2}")
    }
    fn columns(&self) -> [&'static str; 5] {
        COLUMNS
    }
    fn cost(&self, query: &Query, point: &str) -> Option<Counters> {
        query.runs.iter().find(|r| r.point == point).map(|r| r.cost)
    }
    /// What was claimed and what is true at the largest scale for the biggest fractal, from 0.1x to 1,000x.
    fn story(&self) -> Vec<Told> {
        let place = |ratio: f64| (25.0 * (ratio.max(0.1).log10() + 1.0)).clamp(0.0, 100.0);
        let told = |v: &Verdict| {
            let held = v.at.iter().find(|h| h.scale == self.r.summary.scale && h.fractal == BIGGEST)?;
            let (low, high) = (units::ratio(v.low), units::ratio(v.high));
            // A claim of one number is as wide as the eye needs.
            let (from, to) = (place(v.low), place(v.high).max(place(v.low) + 2.0));
            Some(Told {
                says: visible(&v.says),
                claimed: if low == high { low } else { format!("{low} to {high}") },
                measured: format!("{}{}", held.bound.sign(), units::ratio(held.measured)),
                from: format!("{from:.1}"),
                width: format!("{:.1}", to - from),
                at: format!("{:.1}", place(held.measured)),
                class: if held.holds { "good" } else { "bad" },
            })
        };
        self.r.verdicts.iter().filter_map(told).collect()
    }
    /// The share of the largest index, in percent.
    fn share(&self, bytes: &u64) -> String {
        let most = self.r.indexes.iter().map(|j| j.bytes).max().unwrap_or(1).max(1);
        format!("{:.1}", 100.0 * *bytes as f64 / most as f64)
    }
    /// The claims of the largest scale for the biggest fractal.
    fn biggest(&self) -> Vec<&Claim> {
        let largest = self.r.largest().into_iter();
        largest.flat_map(|s| &s.claims).filter(|c| c.fractal == BIGGEST).collect()
    }
    /// The runs whose plans tell the story.
    fn told<'c>(&self, claim: &'c Claim) -> Vec<&'c Run> {
        let told = [(B0, JOIN), (M2_INDEXES, JOIN), (M2_INDEXES, ROOT_ID), (M5_ADVISED, ROOT_ID)];
        told.into_iter()
            .filter_map(|(point, form)| claim.runs.iter().find(|r| r.point == point && r.form == form))
            .collect()
    }
}

/// Two spaces a level become branches.
fn tree(plan: &str) -> Vec<String> {
    let lines: Vec<(usize, &str)> = plan
        .lines()
        .map(|l| ((l.len() - l.trim_start_matches(' ').len()) / 2, l.trim_start_matches(' ')))
        .collect();
    let goes_on = |after: usize, level: usize| {
        let below = lines.iter().skip(after + 1).take_while(|(depth, _)| *depth >= level);
        below.clone().any(|(depth, _)| *depth == level)
    };
    let line = |(i, (depth, text)): (usize, &(usize, &str))| {
        let stems = (0..*depth).map(|level| if goes_on(i, level) { "│  " } else { "   " });
        let branch = if goes_on(i, *depth) { "├─ " } else { "└─ " };
        format!("{}{branch}{}", stems.collect::<String>(), visible(text))
    };
    lines.iter().enumerate().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_drawn_with_its_branches() {
        let drawn = tree("CO-ROUTINE i\n  SCAN g\n  SEARCH v\nSCAN i\n  A\n    B");
        assert_eq!(
            drawn,
            ["├─ CO-ROUTINE i", "│  ├─ SCAN g", "│  └─ SEARCH v", "└─ SCAN i", "   └─ A", "      └─ B"]
        );
    }
}
