//! What `check` finds, in every form that it has: each form one file, and here what all of them say alike.

mod github;
mod gitlab;
mod junit;
mod markdown;
mod sarif;
mod text;

pub use github::Github;
pub use gitlab::Gitlab;
pub use junit::Junit;
pub use sarif::Sarif;

use crate::model::check::{Checked, Cure, Finding, Kind, RowsFrom};
use crate::model::plan::Plan;
use crate::render::escape::visible;
use crate::render::phrases::counted;
use std::collections::BTreeMap;

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

/// A finding in one sentence.
fn message(finding: &Finding) -> String {
    // A statement without a name goes by its shape, which says nothing to people.
    let named = finding.statement != finding.fingerprint;
    let who = if named { format!("\"{}\"", finding.statement) } else { "this statement".to_owned() };
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
            format!("{who} no longer needs the allowance \"{detail}\"; take the comment out")
        }
        Kind::Cured => format!("{who} no longer has the {detail} of {table} that the lock accepts"),
    };
    if !finding.sorts.is_empty() {
        told.push_str(&format!(", and builds a temporary b-tree for {}", finding.sorts.join(" and for ")));
    }
    visible(&told)
}

/// What a kind of finding is, in one sentence.
fn about(kind: Kind) -> &'static str {
    match kind {
        Kind::NotPrepared => "SQLite refuses a statement.",
        Kind::FullScan => "A statement reads every row of a large table.",
        Kind::LostIndex => "A statement gets less of an index than before.",
        Kind::AutomaticIndex => "SQLite builds an index for each run of a statement.",
        Kind::TemporaryBTree => "A statement sorts or gathers rows that it did not before.",
        Kind::BadAllowance => "An allowance gives no reason, or allows what is not known.",
        Kind::NeedlessAllowance => "An allowance allows what is not there.",
        Kind::Cured => "What the lock accepts is gone.",
    }
}

/// Lines behind the message for forms without colours: the plans and the cure.
fn details(finding: &Finding) -> Vec<String> {
    let mut lines = plans(finding);
    if let Some(cure) = &finding.cure {
        lines.push(CURE.to_owned());
        lines.push(format!("  {}", cure_sql(cure)));
        lines.extend(cure.plan.iter().flat_map(tree));
    }
    lines
}

/// What stands above a cure.
const CURE: &str = "cure, as the planner takes it";

/// The statement that cures, ready to be run.
fn cure_sql(cure: &Cure) -> String {
    visible(&format!("{};", cure.sql))
}

/// The plans before and now as trees, each below its head; the plan now alone where nothing changed.
fn plans(finding: &Finding) -> Vec<String> {
    let before = if finding.before == finding.now { &[][..] } else { &finding.before };
    let mut lines = vec![];
    for (head, plans) in [("before", before), ("now", &finding.now)] {
        for (i, plan) in plans.iter().enumerate() {
            lines.push(if i == 0 { head.to_owned() } else { format!("{head}, with other values") });
            lines.extend(tree(plan));
        }
    }
    lines
}

/// The lines of a plan.
fn tree(plan: &Plan) -> Vec<String> {
    plan.to_string().lines().map(|line| format!("  {}", visible(line))).collect()
}

/// A name for each finding that stays the same while lines move, and that no two of them share.
fn identities(findings: &[Finding]) -> Vec<String> {
    let mut times: BTreeMap<String, u64> = BTreeMap::new();
    let mut identity = |finding: &Finding| {
        let [table, detail] = [&finding.table, &finding.detail].map(|part| part.as_deref().unwrap_or(""));
        let parts = [&finding.kind.to_string(), finding.statement.as_str(), table, detail].join("\0");
        let count = times.entry(parts.clone()).or_default();
        *count += 1;
        blake3::hash(format!("{parts}\0{count}").as_bytes()).to_hex().chars().take(32).collect()
    };
    findings.iter().map(&mut identity).collect()
}
