//! What to do, numbered through in the order in which to do it, in three groups: how sure it is.

use crate::model::report::{Group, Help, Recommendation, Report};
use crate::model::units::bytes;
use crate::render::escape::{brief, visible};
use crate::render::phrases;
use crate::render::style::Style;
use crate::render::wrap;

/// How many statements below an item are told with their query and plan, and how many by name and numbers.
const IN_FULL: usize = 1;
const IN_SHORT: usize = 4;

/// Where the text of an item stands.
const INDENT: &str = "    ";
/// Where what is told of a statement stands.
const DEEPER: &str = "      ";

/// All recommendations. `report` has the statements' texts and plans; without it they are told by name.
pub(in crate::render) fn recommendations(
    all: &[Recommendation],
    report: Option<&Report>,
    style: Style,
) -> String {
    let mut groups = vec![];
    let mut numbered = (1..).zip(all).peekable();
    while let Some((_, first)) = numbered.peek() {
        let group = first.group();
        let mut text = style.heading(phrases::group(group));
        while let Some((n, r)) = numbered.next_if(|(_, r)| r.group() == group) {
            text.push_str(&match group {
                Group::DoNow => change(n, r, report, style),
                Group::IfComplete => unused(n, r, style),
                Group::WorthALook => finding(n, r, style),
            });
        }
        if let (Group::IfComplete, Some(together)) = (group, report.and_then(phrases::without_unused)) {
            text.push_str(&paragraph(&together, INDENT, style));
        }
        groups.push(text);
    }
    groups.join("\n")
}

/// An index that comes or goes, or ANALYZE.
fn change(n: usize, r: &Recommendation, report: Option<&Report>, style: Style) -> String {
    let mut out = sql(&number(n), r.sql().unwrap_or_default(), style);
    let mut helps: Vec<&Help> = r.common().helps.iter().filter(|h| is_told(r, h)).collect();
    helps.sort_by_key(|h| std::cmp::Reverse(h.before.vm_steps.saturating_sub(h.after.vm_steps)));
    if helps.is_empty() {
        out.push_str(&paragraph(&visible(&r.common().reason), INDENT, style));
    }
    for (i, help) in helps.iter().enumerate().take(IN_FULL + IN_SHORT) {
        let full = report.filter(|_| i < IN_FULL);
        out.push_str(&helped(r, help, full, style));
    }
    if let Some(more) = helps.len().checked_sub(IN_FULL + IN_SHORT).filter(|more| *more > 0) {
        out.push_str(&format!("{INDENT}and {} more\n", phrases::counted(more as u64, "statement")));
    }
    let price = phrases::price(r).map(|price| format!("Price: {price}"));
    for remark in [phrases::remedy(r), phrases::verification(r), price].into_iter().flatten() {
        out.push_str(&dimmed(&visible(&remark), style));
    }
    out
}

/// That nothing changes is what is wanted of an index that goes, and needs no line.
fn is_told(r: &Recommendation, help: &Help) -> bool {
    !matches!(r, Recommendation::DropIndex(_)) || help.before.vm_steps != help.after.vm_steps
}

/// A statement with its query, what becomes of its plan, and what it costs then.
fn helped(r: &Recommendation, help: &Help, report: Option<&Report>, style: Style) -> String {
    let name = brief(&help.statement, phrases::NAME);
    let numbers = phrases::help_change(help).unwrap_or_default();
    let Some(report) = report else {
        let lines = paragraph(&format!("{name}  {numbers}"), DEEPER, style);
        return format!("{INDENT}{}", lines.trim_start());
    };
    let query = report.workload.statements.iter().find(|s| s.id == help.statement);
    let room = style.width.saturating_sub(INDENT.len() + name.chars().count() + 2).max(20);
    let query = query.map(|s| style.dim(&brief(&s.sql, room))).unwrap_or_default();
    let mut out = format!("{INDENT}{name}  {query}").trim_end().to_owned() + "\n";
    let plans = report.statements.iter().find(|o| o.id == help.statement);
    let index = r.index().map(|index| index.name.as_str()).unwrap_or_default();
    if let Some(access) = plans.and_then(|o| phrases::access(&o.plan_before, &o.plan_after, index)) {
        out.push_str(&paragraph(&visible(&access), DEEPER, style));
    }
    out + &paragraph(&numbers, DEEPER, style)
}

/// An index that no statement uses.
fn unused(n: usize, r: &Recommendation, style: Style) -> String {
    let size = r.index().map(|index| format!("  -- {}", bytes(index.bytes))).unwrap_or_default();
    sql(&number(n), r.sql().unwrap_or_default(), style).trim_end().to_owned() + &style.dim(&size) + "\n"
}

/// What a rule found.
fn finding(n: usize, r: &Recommendation, style: Style) -> String {
    let reason = wrap::text(&visible(&r.common().reason), style.width, &number(n));
    let mut out: String = reason.iter().map(|line| style.bold(line) + "\n").collect();
    for (word, text) in phrases::steps_of(r) {
        out.push_str(&sql(&format!("{INDENT}{word:<6} "), &text, style));
    }
    for help in &r.common().helps {
        out.push_str(&helped(r, help, None, style));
    }
    let price = phrases::price(r).map(|price| format!("Price: {price}"));
    let rule = phrases::rule(r).map(|(name, _)| format!("Rule: {name}, docs/rules/{name}.md"));
    for remark in [phrases::remedy(r), phrases::verification(r), price, rule].into_iter().flatten() {
        out.push_str(&dimmed(&visible(&remark), style));
    }
    out
}

fn number(n: usize) -> String {
    format!("{n:>2}. ")
}

/// A statement ready to be run.
fn sql(first: &str, sql: &str, style: Style) -> String {
    let lines = wrap::sql(&(visible(sql) + ";"), style.width, first);
    lines.iter().map(|line| style.sql(line) + "\n").collect()
}

fn paragraph(text: &str, indent: &str, style: Style) -> String {
    wrap::text(text, style.width, indent).iter().map(|line| format!("{line}\n")).collect()
}

fn dimmed(text: &str, style: Style) -> String {
    wrap::text(text, style.width, INDENT).iter().map(|line| style.dim(line) + "\n").collect()
}
