//! What `check` finds, as text for a terminal.

use crate::model::check::{Checked, Finding, Kind, RowsFrom};
use crate::model::plan::Plan;
use crate::render::escape::{brief, visible};
use crate::render::phrases::counted;
use crate::render::style::Style;
use crate::render::wrap;

/// Each finding with its place, its plans and its cure; the verdict is last, where a log of CI ends.
pub fn text(checked: &Checked, style: Style) -> String {
    let mut out: String = checked.findings.iter().map(|finding| told(finding, style) + "\n").collect();
    for note in &checked.notes {
        out.extend(
            wrap::text(&format!("note: {}", visible(note)), style.width, "")
                .iter()
                .map(|l| style.dim(l) + "\n"),
        );
    }
    out.push_str(&style.heading(&verdict(checked)));
    out
}

/// `3 findings to look at in 14 statements (SQLite 3.54.1, rows counted)`
fn verdict(checked: &Checked) -> String {
    let all = counted(checked.statements.statements.len() as u64, "statement");
    let rows = match checked.rows_from {
        RowsFrom::Data => "rows counted",
        RowsFrom::Statistics => "rows as statistics tell them",
        RowsFrom::Nothing => "rows not known, so each table may be large",
    };
    let basis = format!("SQLite {}, {rows}", checked.sqlite.version);
    let failing = checked.failing().count() as u64;
    if failing == 0 {
        format!("{all} planned, nothing new ({basis})")
    } else {
        format!("{} to look at in {all} ({basis})", counted(failing, "finding"))
    }
}

fn told(finding: &Finding, style: Style) -> String {
    let place = format!("{}:{}", visible(&finding.file), finding.line);
    let head = format!("{place}: {}", message(finding));
    let mut out: String =
        wrap::text(&head, style.width, "").iter().map(|line| style.bold(line) + "\n").collect();
    out.push_str(&format!("  {}\n", style.dim(&brief(&finding.sql, style.width.saturating_sub(2)))));
    if finding.before != finding.now {
        out.push_str(&plans("before", &finding.before));
    }
    out.push_str(&plans("now", &finding.now));
    if let Some(cure) = &finding.cure {
        let lines = wrap::sql(&visible(&format!("{};", cure.sql)), style.width, "    ");
        out.push_str("  cure, as the planner takes it\n");
        out.extend(lines.iter().map(|line| style.sql(line) + "\n"));
        out.extend(cure.plan.iter().map(tree));
    }
    out
}

fn plans(head: &str, plans: &[Plan]) -> String {
    let mut out = String::new();
    for (i, plan) in plans.iter().enumerate() {
        let head = if i == 0 { head.to_owned() } else { format!("{head}, with other values") };
        out.push_str(&format!("  {head}\n{}", tree(plan)));
    }
    out
}

/// The lines of a plan; the names in it are visible already.
fn tree(plan: &Plan) -> String {
    plan.to_string().lines().map(|line| format!("    {}\n", visible(line))).collect()
}

/// A finding in one sentence.
pub fn message(finding: &Finding) -> String {
    // A statement without a name goes by its shape, which says nothing to people.
    let named = finding.statement != finding.fingerprint;
    let who = if named { format!("{:?}", finding.statement) } else { "this statement".to_owned() };
    let table = finding.table.as_deref().unwrap_or("a table");
    let detail = finding.detail.as_deref().unwrap_or_default();
    let rows = finding.rows.map_or("whose rows are not known".to_owned(), |rows| counted(rows, "row"));
    let mut told = match finding.kind {
        Kind::NotPrepared => format!("SQLite refuses {who}: {detail}"),
        Kind::FullScan => format!("{who} reads every row of {table}, {rows}"),
        Kind::LostIndex if finding.now.iter().all(|plan| plan.uses(detail)) => {
            format!("{who} gets less of the index {detail} than before, on {table}, {rows}")
        }
        Kind::LostIndex => format!("{who} no longer uses the index {detail} of {table}, {rows}"),
        Kind::AutomaticIndex => format!("{who} builds an index for each run over {table}, {rows}"),
        Kind::TemporaryBTree => format!("{who} builds a temporary b-tree for {detail}, and did not before"),
        Kind::BadAllowance => format!("the allowance of {who} {detail}"),
        Kind::NeedlessAllowance => {
            format!("{who} no longer needs the allowance {detail:?}; take the comment out")
        }
        Kind::Cured => format!("{who} no longer has the {detail} of {table} that the lock accepts"),
    };
    if !finding.sorts.is_empty() {
        told.push_str(&format!(", and builds a temporary b-tree for {}", finding.sorts.join(" and for ")));
    }
    visible(&told)
}
