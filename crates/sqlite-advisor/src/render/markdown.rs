//! The report as Markdown, for a pull request or a ticket.

use crate::model::report::{Group, Recommendation, Report};
use crate::model::units::{bytes, count, ratio};
use crate::render::escape::{visible, visible_lines};
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
        out.push_str(&format!("\n{}", fenced(&visible_lines(&sql::applied(d)))));
    }
    out.push_str(&findings(&d.recommendations));
    out.push_str(&existing(d));
    out.push_str(&writes(d));
    out.push_str(&statements(d));
    out.push_str(&curve(d));
    out.push_str(&list(
        "Rejected",
        d.rejected.iter().map(|r| format!("{}: {}", code(&r.sql), prose(&phrases::why(&r.why)))),
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
            let change = phrases::change(&help.before, &help.after).unwrap_or_default();
            out.push_str(&format!("  * {}: {}\n", code(&help.statement), prose(&change)));
        }
        let price = phrases::price(a).map(|price| format!("takes {price}"));
        let remarks = [phrases::remedy(a), phrases::evidence(a), price];
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
            phrases::less_time(&o.before, &o.after),
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

fn list(heading: &str, items: impl ExactSizeIterator<Item = String>) -> String {
    let total = items.len();
    if total == 0 {
        return String::new();
    }
    let lines = items.take(SHOWN).chain(more(total)).map(|item| format!("* {item}\n"));
    format!("\n### {heading}\n\n{}", lines.collect::<String>())
}

/// A code span, in which names can mean nothing; `|` would end a cell of a table even there.
pub(super) fn code(text: &str) -> String {
    let text = visible(text).replace('|', "\\|");
    let ticks = "`".repeat(longest_ticks(&text) + 1);
    let space = if text.starts_with('`') || text.ends_with('`') || text.is_empty() { " " } else { "" };
    format!("{ticks}{space}{text}{space}{ticks}")
}

/// A block of code whose fence is longer than any within.
pub(super) fn fenced(sql: &str) -> String {
    let fence = "`".repeat(longest_ticks(sql).max(2) + 1);
    format!("{fence}sql\n{sql}{fence}\n")
}

fn longest_ticks(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Text in which no character has a meaning to Markdown or HTML.
pub(super) fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        if r"\`*[]<>|&#~".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_stay_in_their_cell() {
        assert_eq!(code("a`|b\n"), "``a`\\|b\\n``");
        assert_eq!(prose("<img src=x> | [a](b)"), r"\<img src=x\> \| \[a\](b)");
        assert!(fenced("a\n```\nb").starts_with("````sql\n"));
    }
}
