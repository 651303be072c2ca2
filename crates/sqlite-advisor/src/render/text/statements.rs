//! Each statement before and after: a table where there is room for the query beside it, else two lines a statement.

use crate::model::report::{Outcome, Report, Statement};
use crate::model::units::count;
use crate::render::escape::brief;
use crate::render::phrases;
use crate::render::style::Style;
use crate::render::table::{Head, table};
use crate::render::wrap;

/// The most statements that are told; those that cost most.
const ROWS: usize = 100;
/// The width from which there is room for a table.
const WIDE: usize = 110;
/// The most characters of a name in the table.
const NAME: usize = 24;

/// The statements.
pub(super) fn statements(d: &Report, style: Style) -> String {
    let text = |o: &Outcome| d.workload.statements.iter().find(|s| s.id == o.id);
    let cost = |o: &Outcome| text(o).map_or(1.0, |s| s.weight) * o.before.cost();
    let mut shown: Vec<(usize, &Outcome)> = d.statements.iter().enumerate().collect();
    if shown.len() > ROWS {
        shown.sort_by(|a, b| cost(b.1).total_cmp(&cost(a.1)));
        shown.truncate(ROWS);
        shown.sort_by_key(|(i, _)| *i);
    }
    if shown.is_empty() {
        return String::new();
    }
    let shown: Vec<(&Outcome, Option<&Statement>)> = shown.iter().map(|(_, o)| (*o, text(o))).collect();
    let mut out = style.heading("The statements, before and after");
    if style.width < WIDE {
        out.extend(shown.iter().map(|(o, s)| lines(o, *s, style)));
    } else {
        out.push_str(&wide(&shown, style));
    }
    if d.statements.len() > ROWS {
        let left = count((d.statements.len() - ROWS) as u64);
        out.push_str(&format!("  and {left} that cost less; --format json lists all\n"));
    }
    out
}

fn wide(shown: &[(&Outcome, Option<&Statement>)], style: Style) -> String {
    let heads = [
        Head::Left("statement"),
        Head::Right("time"),
        Head::Right("after"),
        Head::Right("ratio"),
        Head::Right("VM steps"),
        Head::Right("after"),
        Head::Right("ratio"),
        Head::Left("verdict"),
        Head::Left("rows"),
        Head::Left("query"),
    ];
    let cells = |(o, _): &(&Outcome, Option<&Statement>)| {
        [
            brief(&o.id, NAME),
            phrases::time(&o.before),
            phrases::time(&o.after),
            phrases::outcome_less_time(o),
            phrases::steps(&o.before),
            phrases::steps(&o.after),
            phrases::fewer_steps(&o.before, &o.after),
            o.verdict.phrase().to_owned(),
            phrases::rows(o.same_rows).to_owned(),
        ]
    };
    let mut rows: Vec<Vec<String>> = shown.iter().map(|row| cells(row).to_vec()).collect();
    let widest = |i: usize| {
        let head = heads.get(i).map_or(0, |head| head.name().len());
        let cells = rows.iter().filter_map(|row| row.get(i)).map(|cell| cell.chars().count());
        cells.max().unwrap_or(0).max(head)
    };
    let used: usize = (0..heads.len() - 1).map(|i| widest(i) + 2).sum();
    let room = style.width.saturating_sub(used + 4).max(12);
    for (row, (_, statement)) in rows.iter_mut().zip(shown) {
        row.push(statement.map(|s| brief(&s.sql, room)).unwrap_or_default());
    }
    table(style, &heads, &rows, 0)
}

/// `q04 (faster)  SELECT ...`, and its numbers below.
fn lines(o: &Outcome, statement: Option<&Statement>, style: Style) -> String {
    let differ = if o.same_rows == Some(false) { ", rows differ" } else { "" };
    let head = format!("  {} ({}{differ})", brief(&o.id, phrases::NAME), o.verdict);
    let room = style.width.saturating_sub(head.chars().count() + 2).max(12);
    let query = statement.map(|s| brief(&s.sql, room)).unwrap_or_default();
    let mut out = format!("{head}  {}", style.dim(&query)).trim_end().to_owned() + "\n";
    let numbers = phrases::outcome_change(o).unwrap_or_else(|| "planned, not run".to_owned());
    out.extend(wrap::text(&numbers, style.width, "    ").iter().map(|line| format!("{line}\n")));
    out
}
