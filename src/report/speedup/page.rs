//! The page: `templates/speedup.html`, checked when the crate is compiled, every text escaped.

use crate::counters::Counters;
use crate::error::{Error, Result};
use crate::report::escape::visible;
use crate::report::speedup::pictures::Pictures;
use crate::speedup::claims::{JOIN, ROOT_ID};
use crate::speedup::stages::{B0, M2_INDEXES, M2_ROOTS, M5, M5_ADVISED};
use crate::speedup::value::{Claim, Query, Run, Speedup};
use crate::units;
use askama::Template;

#[derive(Template)]
#[template(path = "speedup.html")]
struct Page<'r> {
    r: &'r Speedup,
    pictures: &'r Pictures,
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
    fn ox(&self, ratio: &Option<f64>) -> String {
        ratio.map_or("-".to_owned(), units::ratio)
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
        let sign = if *ns < 0.0 { "-" } else { "" };
        format!("{sign}{}", units::duration(ns.abs() as u64))
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
    /// The claims of the largest scale for the biggest fractal.
    fn biggest(&self) -> Vec<&Claim> {
        let largest = self.r.largest().into_iter();
        largest.flat_map(|s| &s.claims).filter(|c| c.fractal == "biggest").collect()
    }
    /// The runs whose plans tell the story.
    fn told<'c>(&self, claim: &'c Claim) -> Vec<&'c Run> {
        let told = [(B0, JOIN), (M2_INDEXES, JOIN), (M2_INDEXES, ROOT_ID), (M5_ADVISED, ROOT_ID)];
        told.into_iter()
            .filter_map(|(point, form)| claim.runs.iter().find(|r| r.point == point && r.form == form))
            .collect()
    }
}
