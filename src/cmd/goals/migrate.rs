//! `advisor goals migrate goals.db --to M5`

use crate::cmd::carry::{Carry, Format, exit_code};
use crate::term::Term;
use clap::Args;
use goals::migrations::{Point, Style, change};
use sqlite_advisor::change::{ledger, plan};
use sqlite_advisor::render::escape::visible_lines;
use sqlite_advisor::sqlite::Reader;
use std::fmt::Write;
use std::process::ExitCode;

/// The arguments of `migrate`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    carry: Carry,
    /// How the report is written
    #[arg(long, value_name = "FORMAT", default_value = "markdown")]
    format: Format,
    /// The last stage to carry out: M1, M2.1 to M2.4 (M2 for all four), M3, M4 or M5
    #[arg(long, value_name = "STAGE", default_value = "M5")]
    to: Point,
    /// Keep the original declared types, column order and losses
    #[arg(long)]
    faithful: bool,
    /// Change columns that stand with a wrong type by a table rebuild
    #[arg(long, conflicts_with = "faithful")]
    rebuild: bool,
    /// Only show which steps are done and what the receipts say of them
    #[arg(long)]
    status: bool,
}

/// Migrates, all or nothing, and writes the report.
pub fn run(arguments: &Arguments, term: &Term) -> anyhow::Result<ExitCode> {
    let &Arguments { ref carry, format, to, faithful, rebuild, status } = arguments;
    super::check(carry.database.path(), term)?;
    let change = change(to, Style { faithful, rebuild });
    if !status {
        if !carry.agree(&change, term)? {
            return Ok(ExitCode::SUCCESS);
        }
        let outcome = carry.run(&change, term)?;
        carry.tell(&outcome, format, term)?;
        return Ok(exit_code(&outcome));
    }
    let db = carry.database.path();
    let receipts = ledger::receipts(db, &carry.agreed.folder(db))?;
    let conn = Reader::look_at(db, term)?.connect()?;
    let lines = ledger::status(&change, &plan(&conn, &change)?, &receipts);
    if format == Format::Json {
        term.write(&(serde_json::to_string_pretty(&lines)? + "\n"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut out = String::new();
    for line in &lines {
        let by = match (line.rows, &line.at, &line.tool) {
            (Some(rows), Some(at), Some(tool)) => format!(", {rows} rows, {at} by {tool}"),
            _ => String::new(),
        };
        let edited = if line.edited { ", with another SQL than today's" } else { "" };
        writeln!(out, "{:5} {}: {}{by}{edited}", line.stage, line.step, line.state)?;
    }
    term.write(&visible_lines(&out))?;
    Ok(ExitCode::SUCCESS)
}
