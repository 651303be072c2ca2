//! The report as Markdown, for a pull request or a ticket.

use crate::model::report::{Group, Recommendation, Report};
use crate::model::units::{bytes, count, ratio};
use crate::render::markdown_writer::{Escaped, code, fenced, prose};
use crate::render::phrases::{self, SHOWN, more};
use crate::render::{Renderer, sql};
use std::io;

/// The advice as a block of SQL, then the statements as a table, then what was rejected.
#[derive(Debug, Clone, Copy)]
pub struct Markdown;

impl Renderer for Markdown {
    fn render(&self, report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
        out.write_all(write(report).as_bytes())
    }
}

fn write(d: &Report) -> String {
    let mut out = format!("## Index advice for {}\n\n", code(&d.database.path));
    for line in phrases::summary(d) {
        out.push_str(&format!("* {}\n", prose(&line)));
    }
    if d.recommendations.iter().any(|a| a.group() != Group::WorthALook) {
        out.push_str(&format!("\n{}", fenced("sql", &sql::applied(d))));
    }
    out.push_str(&findings(&d.recommendations));
    out.push_str(&existing(d));
    out.push_str(&writes(d));
    out.push_str(&statements(d));
    out.push_str(&curve(d));
    out.push_str(&list(
        "Rejected",
        d.rejected.iter().map(|r| code(&r.sql) + prose(&format!(": {}", phrases::why(&r.why)))),
    ));
    out.push_str(&list("Skipped", d.workload.skipped.iter().map(|s| prose(&phrases::skipped(s)))));
    out.push_str(&list("Notes", d.notes.iter().map(|n| prose(n))));
    out
}

pub(super) fn findings(advice: &[Recommendation]) -> String {
    let mut out = String::new();
    for a in phrases::findings(advice) {
        out.push_str(&format!("* {}\n", prose(&a.common().reason)));
        for (word, sql) in phrases::steps_of(a) {
            out.push_str(&format!("  * {word}: {}\n", code(&sql)));
        }
        for help in &a.common().helps {
            let change = phrases::help_change(help).unwrap_or_default();
            out.push_str(&format!("  * {}: {}\n", code(&help.statement), prose(&change)));
        }
        let price = phrases::price(a).map(|price| format!("takes {price}"));
        let remarks = [phrases::remedy(a), phrases::verification(a), price];
        for remark in remarks.into_iter().flatten() {
            out.push_str(&format!("  * {}\n", prose(&remark)));
        }
    }
    if out.is_empty() { out } else { format!("\n### Worth a look\n\n{out}") }
}

fn existing(d: &Report) -> String {
    if d.existing.is_empty() {
        return String::new();
    }
    let mut out = format!(
        "\n### Existing indexes: {}\n\n| index | table | bytes | verdict | read by | why |\n|--|--|--:|--|--:|--|\n",
        phrases::existing(d)
    );
    for s in &d.existing {
        out.push_str(&format!(
            "| {} | {} | {} | {} | {} | {} |\n",
            code(&s.name),
            code(&s.table),
            bytes(s.bytes),
            s.verdict.word(),
            s.statements.len(),
            s.why.as_deref().map(prose).unwrap_or_default()
        ));
    }
    out
}

fn writes(d: &Report) -> String {
    if d.writes.is_empty() {
        return String::new();
    }
    let mut out =
        format!("\n### What writes cost\n\n| {} |\n|--{}|\n", phrases::WRITES.join(" | "), "|--:".repeat(9));
    for w in &d.writes {
        let [table, others @ ..] = phrases::write_row(w);
        out.push_str(&format!("| {} | {} |\n", code(&table), others.join(" | ")));
    }
    out + &format!("\n{}\n", prose(&phrases::ABOUT_WRITES.join(" ")))
}

fn statements(d: &Report) -> String {
    if d.statements.is_empty() {
        return String::new();
    }
    let mut out = "\n| statement | VM steps | after | ratio | time | after | ratio | verdict | rows |\n\
         |--|--:|--:|--:|--:|--:|--:|--|--|\n"
        .to_owned();
    for o in &d.statements {
        out.push_str(&format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
            code(&o.id),
            prose(&phrases::steps(&o.before)),
            prose(&phrases::steps(&o.after)),
            phrases::fewer_steps(&o.before, &o.after),
            prose(&phrases::time(&o.before)),
            prose(&phrases::time(&o.after)),
            phrases::outcome_less_time(o),
            o.verdict,
            phrases::rows(o.same_rows),
        ));
    }
    out
}

fn curve(d: &Report) -> String {
    let points = phrases::curve(d);
    let optimum = phrases::optimum(d).map(|line| format!("\n{line}\n")).unwrap_or_default();
    if points.len() < 2 {
        return optimum;
    }
    let mut out = "\n| indexes | bytes | geometric mean | in total | |\n|--:|--:|--:|--:|--|\n".to_owned();
    for (p, chosen) in points {
        out.push_str(&format!(
            "| {} | {} | {} | {} | {} |\n",
            count(p.indexes.len() as u64),
            bytes(p.bytes),
            ratio(p.speedup_geomean),
            ratio(p.speedup_total),
            if chosen { "advised" } else { "" }
        ));
    }
    out + &optimum
}

fn list(heading: &str, items: impl ExactSizeIterator<Item = Escaped>) -> String {
    let total = items.len();
    if total == 0 {
        return String::new();
    }
    let lines =
        items.take(SHOWN).chain(more(total).map(|line| prose(&line))).map(|item| format!("* {item}\n"));
    format!("\n### {heading}\n\n{}", lines.collect::<String>())
}
