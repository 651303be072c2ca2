//! `advisor goals verify goals.db --against backups/goals_20260101_155103.db`

use crate::cmd::carry::Format;
use crate::cmd::database::Database;
use crate::term::Term;
use clap::Args;
use goals::claims::{Claim, examine};
use goals::migrations::{Point, Style};
use goals::verify::verify;
use sqlite_advisor::change::backup::default_folder;
use sqlite_advisor::change::ledger::receipts;
use sqlite_advisor::change::report::checks;
use sqlite_advisor::render::markdown_writer::{MarkdownWriter, prose, strong};
use sqlite_advisor::render::table::Head;
use sqlite_advisor::sqlite::Reader;
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
            let mut out = MarkdownWriter::default();
            out.heading(1, prose(&format!("Verification of {to}")));
            out.paragraph(strong(match failed {
                0 => prose("Everything holds."),
                n => prose(&format!("{n} of {} checks fail.", found.len())),
            }));
            if against.is_none() {
                out.paragraph(prose(
                    "Row counts, untouched values and foreign keys were not compared: name the backup with --against.",
                ));
            }
            checks(&mut out, "Checks", &found);
            if claims {
                let receipts = receipts(db, &default_folder(db))?;
                told(&mut out, &examine(&Reader::look_at(db, term)?.connect()?, &receipts)?);
            }
            out.into_text()
        }
    })?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn told(out: &mut MarkdownWriter, claims: &[Claim]) {
    out.heading(2, prose("Claims of the original reports"));
    let row = |c: &Claim| {
        let found = c.found.map_or_else(|| "-".to_owned(), |n| n.to_string());
        let verdict = if c.is_true() { prose("true") } else { strong(prose("false")) };
        vec![prose(c.report), prose(&c.says), prose(&c.claimed.to_string()), prose(&found), verdict]
    };
    let heads = [
        Head::Left("report"),
        Head::Left("claim"),
        Head::Right("claimed"),
        Head::Right("found"),
        Head::Left("holds"),
    ];
    out.table(&heads, claims.iter().map(row).collect());
}
