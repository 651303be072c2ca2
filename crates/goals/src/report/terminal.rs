//! What the terminal shows of the report: ten lines.

use crate::speedup::claims::BIGGEST;
use crate::speedup::value::Speedup;
use sqlite_advisor::model::units::{bytes, count, ratio};
use sqlite_advisor::render::escape::visible;

/// The ten lines, the last of which tells where the page is.
pub fn ten_lines(report: &Speedup, page: &str) -> String {
    let mut lines = lines(report);
    lines.push(format!("Report: {}", visible(page)));
    lines.join("\n") + "\n"
}

/// The lines that tell what was found.
pub fn lines(report: &Speedup) -> Vec<String> {
    let s = &report.summary;
    let rows = report.largest().map_or(0, |l| l.rows);
    let mut lines = vec![format!(
        "Reference case at scale {}: {} rows; join before all migrations against root_id after 26 indexes, biggest fractal:",
        count(s.scale),
        count(rows)
    )];
    for verdict in &report.verdicts {
        let here = verdict.at.iter().find(|h| h.scale == s.scale && h.fractal == BIGGEST);
        let measured = here.map_or("-".to_owned(), |h| format!("{}{}", h.bound.sign(), ratio(h.measured)));
        let word = if here.is_some_and(|h| h.holds) { "holds" } else { "does not hold" };
        lines.push(format!("  {:<46} measured {measured:>9}  {word}", visible(&verdict.says)));
    }
    lines.push(format!(
        "{} of {} statements of the application got faster by the migrations, {} slower",
        s.faster,
        s.compared,
        s.slower.len()
    ));
    lines.push(format!(
        "The migrations added {} to {}; {} of {} indexes are read by no statement ({})",
        bytes(s.added_bytes),
        bytes(s.bytes_before),
        s.unused.len(),
        report.indexes.len(),
        bytes(s.unused_bytes)
    ));
    lines.push(format!(
        "{} statements of advice make the application {} faster on top (geometric mean), for {} at scale {}",
        report.advised.sql.len(),
        ratio(s.advice_speedup),
        bytes(report.advised.index_bytes),
        count(report.advised.scale)
    ));
    lines
}
