//! A statement explained, as text for a terminal, Markdown or JSON.

use crate::error::{Error, Result};
use crate::model::counters::Counters;
use crate::model::explanation::{Explanation, Side, Tried};
use crate::model::report::Group;
use crate::model::units::{bytes, count};
use crate::render::escape::{visible, visible_lines};
use crate::render::markdown;
use crate::render::markdown_writer::{code, fenced, prose};
use crate::render::phrases::{self, counted};
use crate::render::style::Style;
use crate::render::table::{Head, table};
use crate::render::text::recommendations;

/// Pretty-printed JSON that ends in a line break. The form is described in README.md.
///
/// # Errors
/// [`Error::Invalid`] if a value cannot be written, which no explanation of this library has.
pub fn json(e: &Explanation) -> Result<String> {
    serde_json::to_string_pretty(e)
        .map(|json| json + "\n")
        .map_err(|e| Error::Invalid(format!("the explanation cannot be written as JSON: {e}")))
}

/// For a terminal.
pub fn text(e: &Explanation, style: Style) -> String {
    let mut out = format!("{}\n\n{}\n", phrases::database(&e.database), visible_lines(e.sql.trim_end()));
    if let Some(values) = values(e) {
        out.push_str(&format!("{}\n", style.dim(&values)));
    }
    for (head, side) in sides(e) {
        out.push_str(&format!("\n{}", style.heading(&head)));
        out.push_str(&tree(side, style));
    }
    out.push_str(&format!("\n{}\n", verdict(e)));
    for section in [recommendations(&e.recommendations, None, style), rejected(e, style)] {
        if !section.is_empty() {
            out.push_str(&format!("\n{section}"));
        }
    }
    if !e.notes.is_empty() {
        let lines: String = e.notes.iter().map(|note| format!("  {}\n", visible(note))).collect();
        out.push_str(&format!("\n{}{lines}", style.heading("Notes")));
    }
    out
}

/// For a pull request or a ticket.
pub fn markdown(e: &Explanation) -> String {
    let mut out =
        format!("## A statement of {}\n\n{}", code(&e.database.path), fenced("sql", &format!("{}\n", e.sql)));
    if let Some(values) = values(e) {
        out.push_str(&format!("\n{}\n", prose(&values)));
    }
    for (head, side) in sides(e) {
        out.push_str(&format!("\n### {}\n\n", prose(&head)));
        for (i, plan) in side.plans.iter().enumerate() {
            out.push_str(if i == 0 { "" } else { "\nor, with other values:\n\n" });
            for line in plan {
                let own = line.words.as_ref().map(|words| format!(": {}", prose(words))).unwrap_or_default();
                out.push_str(&format!("{}* {}{own}\n", "  ".repeat(line.depth), code(&line.detail)));
            }
        }
    }
    out.push_str(&format!("\n{}\n", prose(&verdict(e))));
    let applied: String = e
        .recommendations
        .iter()
        .filter(|a| a.group() != Group::WorthALook)
        .map(|a| format!("{};\n", a.sql().unwrap_or_default()))
        .collect();
    if !applied.is_empty() {
        out.push_str(&format!("\n### What to do\n\n{}", fenced("sql", &applied)));
    }
    out.push_str(&markdown::findings(&e.recommendations));
    if !e.rejected.is_empty() {
        out.push_str(
            "\n### Each rejected index, alone\n\n| index | VM steps | ratio | pages | bytes | why not |\n",
        );
        out.push_str("|--|--:|--:|--:|--:|--|\n");
        for tried in &e.rejected {
            let [steps, ratio, pages, size] = figures(e, tried);
            let cells = [steps, ratio, pages, size].map(|c| prose(&c).to_string()).join(" | ");
            out.push_str(&format!("| {} | {cells} | {} |\n", code(&tried.sql), prose(&why(tried))));
        }
    }
    out
}

fn sides(e: &Explanation) -> [(String, &Side); 2] {
    let changed = phrases::judged(&e.found.counters, &e.advised.counters, Some(e.verdict));
    let changed = changed.map(|change| format!("; {change}")).unwrap_or_default();
    let is_advised = e.recommendations.iter().any(|a| a.group() != Group::WorthALook);
    let with = if is_advised { "With the advice" } else { "As it is, and nothing is advised" };
    [
        (format!("As the database is: {}", cost(&e.found.counters)), &e.found),
        (format!("{with}: {}{changed}", cost(&e.advised.counters)), &e.advised),
    ]
}

/// `6,742 VM steps, 12 pages, 52.1 µs`
fn cost(c: &Counters) -> String {
    let (sorts, rows) = (c.sorts, c.automatic_index_rows);
    let mut parts = vec![
        format!("{} VM steps", phrases::steps(c)),
        counted(c.pages, "page"),
        counted(c.rows, "row"),
        phrases::time(c),
    ];
    if sorts > 0 {
        parts.push(counted(sorts, "sort"));
    }
    if rows > 0 {
        parts.push(format!("{} put into an automatic index", counted(rows, "row")));
    }
    parts.join(", ")
}

fn verdict(e: &Explanation) -> String {
    let rows = match e.same_rows {
        Some(true) => "the rows are the same",
        Some(false) => "the rows differ",
        None => "the rows could not be compared",
    };
    format!("{}; {rows}", e.verdict)
}

/// `values bound: ('a', 7), ('b', 7)`, one list for each set
fn values(e: &Explanation) -> Option<String> {
    let sets: Vec<String> = e.values.iter().map(|set| format!("({})", visible(&set.join(", ")))).collect();
    (!sets.is_empty()).then(|| format!("values bound: {}", sets.join(", ")))
}

/// SQLite's line, and ours below or beside it.
fn tree(side: &Side, style: Style) -> String {
    let mut out = String::new();
    for (i, plan) in side.plans.iter().enumerate() {
        if i > 0 {
            out.push_str("  or, with other values:\n");
        }
        for line in plan {
            let indent = "  ".repeat(line.depth + 1);
            let detail = visible(&line.detail);
            match line.words.as_deref() {
                Some(words) => {
                    out.push_str(&format!("{indent}{}\n{indent}  {}\n", visible(words), style.dim(&detail)));
                }
                None => out.push_str(&format!("{indent}{detail}\n")),
            }
        }
    }
    out
}

fn rejected(e: &Explanation, style: Style) -> String {
    if e.rejected.is_empty() {
        return String::new();
    }
    let heads = ["VM steps", "ratio", "pages", "bytes"].map(Head::Right);
    let heads: Vec<Head> = std::iter::once(Head::Left("index")).chain(heads).collect();
    let row = |tried: &&Tried| {
        let sql = tried.sql.split_once(" ON ").map_or(tried.sql.as_str(), |(_, index)| index);
        let mut cells = vec![visible(sql)];
        cells.extend(figures(e, tried));
        cells
    };
    let mut reasons: Vec<String> = e.rejected.iter().map(why).collect();
    reasons.sort();
    reasons.dedup();
    let mut out = style.heading("Each rejected index, alone");
    for reason in reasons {
        let rows: Vec<_> = e.rejected.iter().filter(|t| why(t) == reason).map(|t| row(&t)).collect();
        out.push_str(&format!("  {reason}\n{}", table(style, &heads, &rows, 0)));
    }
    out
}

fn figures(e: &Explanation, tried: &Tried) -> [String; 4] {
    let c = &tried.counters;
    [phrases::steps(c), phrases::fewer_steps(&e.found.counters, c), count(c.pages), bytes(tried.bytes)]
}

fn why(tried: &Tried) -> String {
    if tried.used { phrases::why(&tried.why) } else { "no plan reads it".to_owned() }
}
