//! `advisor goals verify goals.db --against backups/goals_20260101_155103.db`

use crate::cmd::carry::Format;
use crate::cmd::database::Database;
use crate::term::Term;
use clap::Args;
use goals::claims::{Claim, examine};
use goals::migrations::{Point, Style};
use goals::verify::verify;
use sqlite_advisor::change::report::checks;
use sqlite_advisor::sqlite::Reader;
use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// The arguments of `verify`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    database: Database,
    /// The stage that it should have reached
    #[arg(long, value_name = "STAGE", default_value = "M5")]
    to: Point,
    /// The backup from before the migration: row counts, untouched values and foreign keys are held against it
    #[arg(long, value_name = "BACKUP")]
    against: Option<PathBuf>,
    /// It was migrated with --faithful
    #[arg(long)]
    faithful: bool,
    /// Tolerate failed checks of this kind (null-root, foreign-keys, ...), or all; may be given several times
    #[arg(long, value_name = "KIND")]
    accept: Vec<String>,
    /// Also hold the claims of the original migration reports against the database; they do not change the verdict
    #[arg(long)]
    claims: bool,
    /// How the result is written
    #[arg(long, value_name = "FORMAT", default_value = "markdown")]
    format: Format,
}

/// Verifies; exit code 1 if something does not hold.
pub fn run(arguments: &Arguments, term: &Term) -> anyhow::Result<ExitCode> {
    let &Arguments { ref database, to, ref against, faithful, ref accept, claims, format } = arguments;
    let db = database.path();
    super::check(db, term)?;
    let style = Style { faithful, rebuild: false };
    let accept = accept.iter().cloned().collect();
    let found = verify(db, to, style, against.as_deref(), &accept, term)?;
    let failed = found.iter().filter(|c| !c.passes()).count();
    term.write(&match format {
        Format::Json => serde_json::to_string_pretty(&found)? + "\n",
        Format::Markdown => {
            let mut out = match failed {
                0 => format!("# Verification of {to}\n\n**Everything holds.**\n"),
                n => format!("# Verification of {to}\n\n**{n} of {} checks fail.**\n", found.len()),
            };
            if against.is_none() {
                out += "\nRow counts, untouched values and foreign keys were not compared: name the backup with --against.\n";
            }
            checks(&mut out, "Checks", &found)?;
            if claims {
                told(&mut out, &examine(&Reader::look_at(db, term)?.connect()?)?)?;
            }
            out
        }
    })?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn told(out: &mut String, claims: &[Claim]) -> std::fmt::Result {
    writeln!(
        out,
        "\n## Claims of the original reports\n\n| report | claim | claimed | found | |\n|--|--|--:|--:|--|"
    )?;
    for c in claims {
        let found = c.found.map_or_else(|| "-".to_owned(), |n| n.to_string());
        let verdict = if c.is_true() { "true" } else { "**false**" };
        writeln!(out, "| {} | {} | {} | {found} | {verdict} |", c.report, c.says, c.claimed)?;
    }
    Ok(())
}
