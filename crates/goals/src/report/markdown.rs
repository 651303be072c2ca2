//! The report as Markdown, for a pull request or a ticket.

use crate::speedup::claims::BIGGEST;
use crate::speedup::value::Speedup;
use sqlite_advisor::model::units::{bytes, count, duration, ratio};
use sqlite_advisor::render::escape::visible;

/// The report.
pub fn markdown(report: &Speedup) -> String {
    let s = &report.summary;
    let mut out =
        format!("`{}` made this report.\n\n# Before and after each migration\n\n", cell(&report.command));
    let mut line = |text: String| {
        out.push_str(&text);
        out.push('\n');
    };
    line(format!(
        "At scale {} the migrations made {} of {} statements of the application faster and {} slower, added {} to {}, \
         and made {} indexes that no statement reads ({}).\n",
        count(s.scale),
        s.faster,
        s.compared,
        s.slower.len(),
        bytes(s.added_bytes),
        bytes(s.bytes_before),
        s.unused.len(),
        bytes(s.unused_bytes)
    ));
    line("## Claimed and measured, biggest fractal\n".to_owned());
    line(
        "| claim | scale | ANALYZE alone | root_id alone | indexes alone | root_id on top | all | holds |"
            .to_owned(),
    );
    line("|--|--:|--:|--:|--:|--:|--:|--|".to_owned());
    for verdict in &report.verdicts {
        for scale in &report.scales {
            let claim = scale.claims.iter().find(|c| c.claim == verdict.claim && c.fractal == BIGGEST);
            let held = verdict.at.iter().find(|h| h.scale == scale.scale && h.fractal == BIGGEST);
            let (Some(claim), Some(held)) = (claim, held) else { continue };
            let e = &claim.effects;
            let times = [e.analyze, e.copy_alone, e.indexes, e.denormalised, e.total]
                .map(|r| format!("{}{}", r.bound.sign(), ratio(r.time)))
                .join(" | ");
            let word = if held.holds { "yes" } else { "no" };
            line(format!("| {} | {} | {times} | {word} |", cell(&verdict.says), count(scale.scale)));
        }
    }
    line("\n## Statements that became slower\n".to_owned());
    for query in report.queries.iter().filter(|q| q.slower) {
        let times = query.speedup.map_or(String::new(), |s| format!("{} dearer", ratio(1.0 / s)));
        line(format!("* `{}`: {times}", cell(&query.id)));
    }
    line("\n## The 26 indexes\n".to_owned());
    line("| index | bytes | steps per insert | application | claims | verdict | why |".to_owned());
    line("|--|--:|--:|--:|--:|--|--|".to_owned());
    for j in &report.indexes {
        line(format!(
            "| `{}` | {} | {:.1} | {} | {} | {} | {} |",
            cell(&j.name),
            bytes(j.bytes),
            j.insert_vm_steps,
            j.application.len(),
            j.claims.len(),
            cell(&j.verdict),
            cell(&j.evidence)
        ));
    }
    line("\n## The timeline\n".to_owned());
    line("| point | what | bytes | added | time |".to_owned());
    line("|--|--|--:|--:|--:|".to_owned());
    for p in report.largest().into_iter().flat_map(|s| &s.points) {
        let (sign, added) = (if p.added < 0 { "-" } else { "" }, bytes(p.added.unsigned_abs()));
        line(format!(
            "| {} | {} | {} | {sign}{added} | {} |",
            cell(&p.name),
            cell(&p.about),
            bytes(p.bytes),
            duration(p.time_ns)
        ));
    }
    out
}

fn cell(text: &str) -> String {
    visible(text).replace('\\', "\\\\").replace('|', "\\|").replace('`', "'").replace('<', "&lt;")
}
