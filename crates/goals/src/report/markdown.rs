//! The report as Markdown, for a pull request or a ticket.

use crate::speedup::claims::BIGGEST;
use crate::speedup::value::{Point, Query, Speedup};
use sqlite_advisor::model::units::{bytes, count, duration, ratio};
use sqlite_advisor::render::markdown_writer::{Escaped, MarkdownWriter, prose};
use sqlite_advisor::render::table::Head::{self, Left, Right};

/// The report.
pub fn markdown(report: &Speedup) -> String {
    let mut out = MarkdownWriter::default();
    out.paragraph(prose(&report.command) + prose(" made this report."));
    out.heading(1, prose("Before and after each migration"));
    out.paragraph(prose(&summary(report)));
    out.heading(2, prose("Claimed and measured, biggest fractal"));
    out.table(&CLAIMS, claims(report));
    out.heading(2, prose("Statements that became slower"));
    for query in report.queries.iter().filter(|q| q.slower) {
        out.item(0, slower(query));
    }
    out.heading(2, prose("The 26 indexes"));
    out.table(&INDEXES, indexes(report));
    out.heading(2, prose("The timeline"));
    let heads = [Left("point"), Left("what"), Right("bytes"), Right("added"), Right("time")];
    out.table(&heads, report.largest().into_iter().flat_map(|s| &s.points).map(point).collect());
    out.into_text()
}

fn summary(report: &Speedup) -> String {
    let s = &report.summary;
    format!(
        "At scale {} the migrations made {} of {} statements of the application faster and {} slower, added {} to {}, \
         and made {} indexes that no statement reads ({}).",
        count(s.scale),
        s.faster,
        s.compared,
        s.slower.len(),
        bytes(s.added_bytes),
        bytes(s.bytes_before),
        s.unused.len(),
        bytes(s.unused_bytes)
    )
}

const CLAIMS: [Head; 8] = [
    Left("claim"),
    Right("scale"),
    Right("ANALYZE alone"),
    Right("root_id alone"),
    Right("indexes alone"),
    Right("root_id on top"),
    Right("all"),
    Right("holds"),
];

fn claims(report: &Speedup) -> Vec<Vec<Escaped>> {
    let mut rows = vec![];
    for verdict in &report.verdicts {
        for scale in &report.scales {
            let claim = scale.claims.iter().find(|c| c.claim == verdict.claim && c.fractal == BIGGEST);
            let held = verdict.at.iter().find(|h| h.scale == scale.scale && h.fractal == BIGGEST);
            let (Some(claim), Some(held)) = (claim, held) else { continue };
            let e = &claim.effects;
            let times = [e.analyze, e.copy_alone, e.indexes, e.denormalised, e.total]
                .map(|r| prose(&format!("{}{}", r.bound.sign(), ratio(r.time))));
            let mut row = vec![prose(&verdict.says), prose(&count(scale.scale))];
            row.extend(times);
            row.push(prose(if held.holds { "yes" } else { "no" }));
            rows.push(row);
        }
    }
    rows
}

fn slower(query: &Query) -> Escaped {
    let times = query.speedup.map_or(String::new(), |s| format!("{} slower", ratio(1.0 / s)));
    prose(&query.id) + prose(&format!(": {times}"))
}

const INDEXES: [Head; 7] = [
    Left("index"),
    Right("bytes"),
    Right("steps per insert"),
    Right("application"),
    Right("claims"),
    Left("verdict"),
    Left("why"),
];

fn indexes(report: &Speedup) -> Vec<Vec<Escaped>> {
    let numbers = |n: usize| prose(&n.to_string());
    report
        .indexes
        .iter()
        .map(|j| {
            vec![
                prose(&j.name),
                prose(&bytes(j.bytes)),
                prose(&format!("{:.1}", j.insert_vm_steps)),
                numbers(j.application.len()),
                numbers(j.claims.len()),
                prose(&j.verdict),
                prose(&j.evidence),
            ]
        })
        .collect()
}

fn point(p: &Point) -> Vec<Escaped> {
    let sign = if p.added < 0 { "-" } else { "" };
    let added = format!("{sign}{}", bytes(p.added.unsigned_abs()));
    vec![prose(&p.name), prose(&p.about), prose(&bytes(p.bytes)), prose(&added), prose(&duration(p.time_ns))]
}
