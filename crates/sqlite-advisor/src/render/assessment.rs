//! What the statistics of a database are worth, as text.

use crate::model::assessment::{AssessedTable, Assessment, PlanChange, Worth};
use crate::model::plan::Plan;
use crate::model::units::count;
use crate::render::escape::{brief, visible};
use crate::render::phrases::{self, counted};
use crate::render::style::Style;
use crate::render::table::{Head, table};
use crate::render::{Renderer, Text, wrap};
use std::io;

impl Renderer<Assessment> for Text {
    fn render(&self, found: &Assessment, out: &mut dyn io::Write) -> io::Result<()> {
        out.write_all(write(found, self.0).as_bytes())
    }
}

fn write(found: &Assessment, style: Style) -> String {
    let mut out = format!("{}\n\n{}", phrases::database(&found.database), style.heading(&verdict(found)));
    let heads = [
        Head::Left("table"),
        Head::Right("rows"),
        Head::Right("told"),
        Head::Left("statistics"),
        Head::Left("why"),
    ];
    let row = |one: &AssessedTable| {
        vec![
            brief(&one.name, phrases::NAME),
            count(one.rows),
            one.told.map_or("-".to_owned(), count),
            word(one.worth).to_owned(),
            visible(&one.why),
        ]
    };
    let rows: Vec<Vec<String>> = found.tables.iter().map(row).collect();
    out.push_str(&table(style, &heads, &rows, 4));
    out.push('\n');
    let changed = found.changes.len() as u64;
    let all = counted(found.statements as u64, "statement");
    out.push_str(&style.heading(&format!("ANALYZE would change the plans of {} of {all}", count(changed))));
    out.extend(found.changes.iter().map(|change| told(change, style)));
    out.extend(found.notes.iter().map(|note| style.dim(&format!("note: {}", visible(note))) + "\n"));
    out
}

/// `Statistics: 3 full, 1 stale`
fn verdict(found: &Assessment) -> String {
    let of = |worth: Worth| found.tables.iter().filter(|table| table.worth == worth).count();
    let all = [Worth::Full, Worth::Limited, Worth::Stale, Worth::None].map(|worth| (worth, of(worth)));
    let told: Vec<_> =
        all.iter().filter(|(_, n)| *n > 0).map(|(worth, n)| format!("{n} {}", word(*worth))).collect();
    format!("Statistics of {}: {}", counted(found.tables.len() as u64, "table"), told.join(", "))
}

fn word(worth: Worth) -> &'static str {
    match worth {
        Worth::None => "none",
        Worth::Stale => "stale",
        Worth::Limited => "limited",
        Worth::Full => "full",
    }
}

fn told(change: &PlanChange, style: Style) -> String {
    let head = format!("{}  {}", visible(&change.statement), brief(&change.sql, style.width));
    let mut out = format!("  {}\n", brief(&head, style.width.saturating_sub(2)));
    for (word, plans) in [("found", &change.found), ("after ANALYZE", &change.analyzed)] {
        out.push_str(&format!("    {word}\n"));
        let different =
            plans.iter().enumerate().filter(|(i, plan)| !plans.iter().take(*i).any(|p| p == *plan));
        out.extend(different.flat_map(|(_, plan)| tree(plan)));
    }
    let cost = phrases::change(&change.before, &change.after);
    let lines = cost.map(|cost| wrap::text(&cost, style.width, "    ")).unwrap_or_default();
    out.extend(lines.iter().map(|line| format!("{line}\n")));
    out
}

fn tree(plan: &Plan) -> Vec<String> {
    plan.to_string().lines().map(|line| format!("      {}\n", visible(line))).collect()
}
