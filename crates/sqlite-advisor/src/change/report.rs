//! The completion report of a run: Markdown, and nothing in it that was not measured.

use crate::change::rule::Check;
use crate::change::{Done, Outcome};
use crate::model::units;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

/// Writes the report of a run on `db`; `rehearsal` if it happened on a copy.
pub fn markdown(db: &Path, outcome: &Outcome, rehearsal: bool) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut out, db, outcome, rehearsal);
    out
}

fn write(out: &mut String, db: &Path, o: &Outcome, rehearsal: bool) -> std::fmt::Result {
    let name = db.file_name().unwrap_or_default().to_string_lossy();
    writeln!(out, "# {}: {name}\n", o.name)?;
    writeln!(out, "**{}**\n", status(o, rehearsal))?;
    writeln!(out, "* Began: {}", o.at)?;
    writeln!(out, "* Tool: sqlite-advisor {}, SQLite {}", env!("CARGO_PKG_VERSION"), rusqlite::version())?;
    if let Some(backup) = &o.backup {
        let (path, bytes) = (backup.path.display(), units::bytes(backup.bytes));
        writeln!(
            out,
            "* Backup: `{path}`, {bytes}; integrity_check ok, {} tables with the same digest",
            backup.tables
        )?;
    }
    for path in &o.removed {
        writeln!(out, "* Removed the older backup `{}`", path.display())?;
    }
    if !o.done.is_empty() {
        writeln!(
            out,
            "* Size: {} before, {} after",
            units::bytes(o.bytes_before),
            units::bytes(o.bytes_after)
        )?;
    }
    steps(out, o)?;
    rows(out, o)?;
    checks(out, "Verification", &o.checks)?;
    checks(out, "Worth knowing about the data", &o.notes)?;
    if !o.times.is_empty() {
        writeln!(out, "\n## Time\n\n| part | time |\n|--|--:|")?;
        for (part, ns) in &o.times {
            writeln!(out, "| {part} | {} |", units::duration(*ns))?;
        }
    }
    Ok(())
}

fn status(o: &Outcome, rehearsal: bool) -> String {
    let failed: BTreeSet<_> = o.checks.iter().filter(|c| !c.passes()).map(|c| c.kind.as_str()).collect();
    let failed: Vec<_> = failed.into_iter().collect();
    match (o.committed, o.done.is_empty(), failed.is_empty()) {
        (true, ..) if rehearsal => "Rehearsed on a copy, verified. The database was not touched.".to_owned(),
        (true, ..) => "Done and verified.".to_owned(),
        (_, true, true) => "Nothing to do: every step is done.".to_owned(),
        (_, true, false) => format!("Nothing to do, but the verification fails: {}.", failed.join(", ")),
        _ => format!(
            "Rolled back: the verification failed ({}). The database is as it was. \
             Repair the rows named below, or tolerate them with --accept KIND.",
            failed.join(", ")
        ),
    }
}

fn steps(out: &mut String, o: &Outcome) -> std::fmt::Result {
    writeln!(
        out,
        "\n## Steps\n\n{} {}, {} done before, {} left as they stand",
        o.done.len(),
        if o.committed || o.done.is_empty() { "carried out" } else { "carried out and taken back" },
        o.already,
        o.differs.len()
    )?;
    if !o.done.is_empty() {
        writeln!(out, "\n| stage | step | rows | time |\n|--|--|--:|--:|")?;
    }
    for Done { stage, title, rows, ns, .. } in &o.done {
        writeln!(out, "| {stage} | {title} | {} | {} |", units::count(*rows), units::duration(*ns))?;
    }
    for (step, how) in &o.differs {
        writeln!(out, "\n* {step}: {how}")?;
    }
    Ok(())
}

fn rows(out: &mut String, o: &Outcome) -> std::fmt::Result {
    if o.rows_after.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n## Rows\n\n| table | before | after |\n|--|--:|--:|")?;
    let tables: BTreeSet<_> = o.rows_before.keys().chain(o.rows_after.keys()).collect();
    for table in tables {
        let cell = |n: Option<&u64>| n.map_or_else(|| "-".to_owned(), |n| units::count(*n));
        writeln!(
            out,
            "| {table} | {} | {} |",
            cell(o.rows_before.get(table)),
            cell(o.rows_after.get(table))
        )?;
    }
    Ok(())
}

/// A table of checks under a heading; nothing for none.
///
/// # Errors
/// None if the writer is a String.
pub fn checks(out: &mut String, heading: &str, checks: &[Check]) -> std::fmt::Result {
    if checks.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n## {heading}\n\n| kind | what | failures | examples |\n|--|--|--:|--|")?;
    for c in checks {
        let accepted = if c.accepted { " (accepted)" } else { "" };
        let examples = c.examples.join("; ").replace('|', "\\|").replace('\n', " ");
        writeln!(out, "| {} | {} | {}{accepted} | {examples} |", c.kind, c.says, units::count(c.failures))?;
    }
    Ok(())
}
