//! The completion report of a run: Markdown, and nothing in it that was not measured.

use crate::change::rule::Check;
use crate::change::{Done, Outcome};
use crate::model::units;
use crate::render::markdown_writer::{Escaped, MarkdownWriter, code, prose, strong};
use crate::render::table::Head;
use std::collections::BTreeSet;
use std::path::Path;

/// Writes the report of a run on `db`; `rehearsal` if it happened on a copy.
pub fn markdown(db: &Path, o: &Outcome, rehearsal: bool) -> String {
    let mut out = MarkdownWriter::default();
    let name = db.file_name().unwrap_or_default().to_string_lossy();
    out.heading(1, prose(&format!("{}: {name}", o.name)));
    out.paragraph(strong(prose(&status(o, rehearsal))));
    out.item(0, prose(&format!("Began: {}", o.at)));
    let (tool, sqlite) = (env!("CARGO_PKG_VERSION"), rusqlite::version());
    out.item(0, prose(&format!("Tool: sqlite-advisor {tool}, SQLite {sqlite}")));
    if let Some(backup) = &o.backup {
        let bytes = units::bytes(backup.bytes);
        let checked = format!(", {bytes}; integrity_check ok, {} tables with the same digest", backup.tables);
        out.item(0, prose("Backup: ") + path(&backup.path) + prose(&checked));
    }
    for removed in &o.removed {
        out.item(0, prose("Removed the older backup ") + path(removed));
    }
    if !o.done.is_empty() {
        let (before, after) = (units::bytes(o.bytes_before), units::bytes(o.bytes_after));
        out.item(0, prose(&format!("Size: {before} before, {after} after")));
    }
    steps(&mut out, o);
    rows(&mut out, o);
    checks(&mut out, "Verification", &o.checks);
    checks(&mut out, "Worth knowing about the data", &o.notes);
    if !o.times.is_empty() {
        out.heading(2, prose("Time"));
        let row = |(part, ns): &(String, u64)| vec![prose(part), prose(&units::duration(*ns))];
        out.table(&[Head::Left("part"), Head::Right("time")], o.times.iter().map(row).collect());
    }
    out.into_text()
}

fn path(path: &Path) -> Escaped {
    code(&path.display().to_string())
}

/// What became of it, in a sentence.
pub fn status(o: &Outcome, rehearsal: bool) -> String {
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

fn steps(out: &mut MarkdownWriter, o: &Outcome) {
    let how = if o.committed || o.done.is_empty() { "carried out" } else { "carried out and taken back" };
    let (done, differs) = (o.done.len(), o.differs.len());
    out.heading(2, prose("Steps"));
    out.paragraph(prose(&format!("{done} {how}, {} done before, {differs} left as they are", o.already)));
    let heads = [Head::Left("stage"), Head::Left("step"), Head::Right("rows"), Head::Right("time")];
    let row = |d: &Done| {
        vec![prose(&d.stage), prose(&d.title), prose(&units::count(d.rows)), prose(&units::duration(d.ns))]
    };
    out.table(&heads, o.done.iter().map(row).collect());
    for (step, how) in &o.differs {
        out.item(0, prose(&format!("{step}: {how}")));
    }
}

fn rows(out: &mut MarkdownWriter, o: &Outcome) {
    if o.rows_after.is_empty() {
        return;
    }
    out.heading(2, prose("Rows"));
    let tables: BTreeSet<_> = o.rows_before.keys().chain(o.rows_after.keys()).collect();
    let cell = |n: Option<&u64>| n.map_or_else(|| prose("-"), |n| prose(&units::count(*n)));
    let row =
        |table: &String| vec![prose(table), cell(o.rows_before.get(table)), cell(o.rows_after.get(table))];
    let heads = [Head::Left("table"), Head::Right("before"), Head::Right("after")];
    out.table(&heads, tables.into_iter().map(row).collect());
}

/// A table of checks under a heading; nothing for none.
pub fn checks(out: &mut MarkdownWriter, heading: &str, checks: &[Check]) {
    if checks.is_empty() {
        return;
    }
    out.heading(2, prose(heading));
    let row = |c: &Check| {
        let accepted = if c.accepted { " (accepted)" } else { "" };
        let failures = format!("{}{accepted}", units::count(c.failures));
        vec![prose(&c.kind), prose(&c.says), prose(&failures), prose(&c.examples.join("; "))]
    };
    let heads = [Head::Left("kind"), Head::Left("what"), Head::Right("failures"), Head::Left("examples")];
    out.table(&heads, checks.iter().map(row).collect());
}
