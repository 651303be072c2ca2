//! `advisor goals preflight goals.db`

use crate::cmd::carry::Format;
use crate::cmd::database::Database;
use crate::term::Term;
use clap::Args;
use goals::migrations::Style;
use goals::preflight::{Health, examine};
use sqlite_advisor::change::report::checks;
use sqlite_advisor::model::units;
use std::fmt::Write;
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
        Format::Markdown => markdown(&health)?,
        Format::Json => serde_json::to_string_pretty(&health)? + "\n",
    })?;
    Ok(if health.is_clean() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn markdown(h: &Health) -> Result<String, std::fmt::Error> {
    let mut out = String::from("# Preflight\n\n");
    writeln!(out, "**{}**\n", h.verdict())?;
    let integrity = if h.integrity.is_empty() { "ok".to_owned() } else { h.integrity.join("; ") };
    writeln!(out, "* integrity_check: {integrity}")?;
    let broken: u64 = h.foreign_keys.values().sum();
    writeln!(out, "* foreign_key_check: {} rows", units::count(broken))?;
    for (kind, rows) in &h.foreign_keys {
        writeln!(out, "  * {kind}: {}", units::count(*rows))?;
    }
    writeln!(out, "* goals without root_id that will be filled: {}", units::count(h.fillable))?;
    writeln!(out, "* complete up to: {} ({} schema)", h.stage, h.variant)?;
    for (stage, done, all) in &h.ahead {
        writeln!(out, "  * {stage}: {done} of {all} steps are done already")?;
    }
    for (step, how) in &h.differs {
        writeln!(out, "  * {step}: {how}")?;
    }
    writeln!(out, "* drift from that schema: {}", if h.drift.is_empty() { "none" } else { "" })?;
    for difference in &h.drift {
        writeln!(out, "  * {difference} (A: expected, B: this database)")?;
    }
    let rows = units::count(h.rows.values().sum());
    let (bytes, growth) = (units::bytes(h.bytes), units::bytes(h.growth));
    writeln!(
        out,
        "* volume: {rows} rows, {bytes}; expected growth {growth}, expected time {:.1} s",
        h.seconds
    )?;
    match h.processes.as_deref() {
        None => writeln!(out, "* other processes: cannot be told on this system")?,
        Some([]) => writeln!(out, "* other processes: none has it open")?,
        Some(some) => writeln!(out, "* other processes that have it open: {}", some.join(", "))?,
    }
    checks(&mut out, "Faults that the migration does not repair", &h.faults)?;
    Ok(out)
}
