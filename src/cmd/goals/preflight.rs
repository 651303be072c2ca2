//! `advisor goals preflight goals.db`

use crate::cmd::carry::Format;
use crate::cmd::database::Database;
use crate::term::Term;
use clap::Args;
use goals::migrations::Style;
use goals::preflight::{Health, examine};
use sqlite_advisor::change::report::checks;
use sqlite_advisor::model::units;
use sqlite_advisor::render::markdown_writer::{MarkdownWriter, prose, strong};
use std::process::ExitCode;

/// The arguments of `preflight`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    database: Database,
    /// Look with the eyes of a faithful migration
    #[arg(long)]
    faithful: bool,
    /// How the result is written
    #[arg(long, value_name = "FORMAT", default_value = "markdown")]
    format: Format,
}

/// Examines the database; exit code 1 if something was found that the migration does not repair.
pub fn run(arguments: &Arguments, term: &Term) -> anyhow::Result<ExitCode> {
    let style = Style { faithful: arguments.faithful, rebuild: false };
    let db = arguments.database.path();
    super::check(db, term)?;
    let health = examine(db, style, term)?;
    term.write(&match arguments.format {
        Format::Markdown => markdown(&health),
        Format::Json => serde_json::to_string_pretty(&health)? + "\n",
    })?;
    Ok(if health.is_clean() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn markdown(h: &Health) -> String {
    let mut out = MarkdownWriter::default();
    out.heading(1, prose("Preflight"));
    out.paragraph(strong(prose(&h.verdict())));
    let integrity = if h.integrity.is_empty() { "ok".to_owned() } else { h.integrity.join("; ") };
    out.item(0, prose(&format!("integrity_check: {integrity}")));
    let broken: u64 = h.foreign_keys.values().sum();
    out.item(0, prose(&format!("foreign_key_check: {} rows", units::count(broken))));
    for (kind, rows) in &h.foreign_keys {
        out.item(1, prose(&format!("{kind}: {}", units::count(*rows))));
    }
    out.item(0, prose(&format!("goals without root_id that will be filled: {}", units::count(h.fillable))));
    out.item(0, prose(&format!("complete up to: {} ({} schema)", h.stage, h.variant)));
    for (stage, done, all) in &h.ahead {
        out.item(1, prose(&format!("{stage}: {done} of {all} steps are done already")));
    }
    for (step, how) in &h.differs {
        out.item(1, prose(&format!("{step}: {how}")));
    }
    let none = if h.drift.is_empty() { " none" } else { "" };
    out.item(0, prose(&format!("drift from that schema:{none}")));
    for difference in &h.drift {
        out.item(1, prose(&format!("{difference} (A: expected, B: this database)")));
    }
    let rows = units::count(h.rows.values().sum());
    let (bytes, growth) = (units::bytes(h.bytes), units::bytes(h.growth));
    let expected = format!("expected growth {growth}, expected time {:.1} s", h.seconds);
    out.item(0, prose(&format!("volume: {rows} rows, {bytes}; {expected}")));
    out.item(
        0,
        prose(&match h.processes.as_deref() {
            None => "other processes: cannot be told on this system".to_owned(),
            Some([]) => "other processes: none has it open".to_owned(),
            Some(some) => format!("other processes that have it open: {}", some.join(", ")),
        }),
    );
    checks(&mut out, "Faults that the migration does not repair", &h.faults);
    out.into_text()
}
